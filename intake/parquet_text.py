"""A program of its own that writes a Parquet file as CSV: what a file does to its reader ends with this process.

Standard input is the file. Standard output gets a line of JSON with how many rows there are and each column's name and
type, and then, unless a column has a type that no delivery has, the rows as CSV without a header, an empty field for
null. Exit status 3: the file cannot be read, and standard error says why; 4: there is not enough memory for it.
"""

import json
import resource
import sys
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

MEMORY = 350 << 20  # bytes that this process may hold, its programs not counted
BATCH = 2_048  # rows
BUFFER = 1 << 20  # bytes of a column that are read at once, so that a huge row group is not held
PLACES = 2  # of a decimal
DAMAGED, TOO_LARGE = 3, 4  # exit statuses


def main() -> int:
    """Write the file; returns the exit status."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        _write()
    except (MemoryError, pa.ArrowMemoryError):
        return TOO_LARGE
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        sys.stderr.write(str(error).partition("\n")[0])
        return DAMAGED
    return 0


def _write() -> None:
    with pa.OSFile("/dev/stdin") as source, pa.PythonFile(sys.stdout.buffer, "w") as sink:
        file = pa.parquet.ParquetFile(source, buffer_size=BUFFER, pre_buffer=False)
        types = [_value_type(field.type) for field in file.schema_arrow]
        columns = [[name, str(kind)] for name, kind in zip(file.schema_arrow.names, types, strict=True)]
        sink.write(json.dumps({"rows": file.metadata.num_rows, "columns": columns}).encode() + b"\n")
        if not all(map(_has_text, types)):
            return
        options = pa.csv.WriteOptions(include_header=False, batch_size=BATCH)
        for batch in _batches(file):
            pa.csv.write_csv(batch, sink, options)


def _batches(file: "pa.parquet.ParquetFile") -> Iterator["pa.RecordBatch"]:
    for batch in file.iter_batches(batch_size=BATCH, use_threads=False):
        columns = [_text(column) for column in batch.columns]
        yield pa.RecordBatch.from_arrays(columns, names=[str(place) for place in range(len(columns))])


def _value_type(kind: "pa.DataType") -> "pa.DataType":
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _has_text(kind: "pa.DataType") -> bool:
    types = pa.types
    return (
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_integer(kind)
        or types.is_decimal(kind)
        or types.is_date(kind)
        or types.is_null(kind)
        or (types.is_timestamp(kind) and kind.tz is not None)
    )


def _text(column: "pa.Array") -> "pa.Array":
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_decimal(column.type) and column.type.scale > PLACES:
        return _decimal(column)
    if pa.types.is_timestamp(column.type):
        return _instant(column)
    return column.cast(pa.string())


def _decimal(column: "pa.Array") -> "pa.Array":
    """Decimals without the zeros that only their type has; one that needs more places keeps them all."""
    wide = column.cast(pa.decimal256(76, column.type.scale))
    short = wide.cast(pa.decimal256(76, PLACES), safe=False)
    exact = pc.equal(short.cast(wide.type), wide)
    return pc.if_else(exact, short.cast(pa.string()), column.cast(pa.string()))


def _instant(column: "pa.Array") -> "pa.Array":
    """Instants in UTC, of whose nanoseconds only those stay that no microsecond is."""
    plain = column.cast(pa.timestamp(column.type.unit)).cast(pa.string())
    if column.type.unit == "ns":
        plain = pc.replace_substring_regex(plain, r"000$", "")
    return pc.binary_join_element_wise(plain, "Z", "")


if __name__ == "__main__":
    sys.exit(main())
