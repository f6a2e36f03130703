"""A file's text before it is split into records: unpacked if its name says so, and bounded whatever comes out."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from intake.content import content, unreadable
from intake.files import DeliveryFile
from intake.rules import Rule
from intake.verdicts import FileRefused

RECORD_BYTES = 1_048_576  # what a hostile file can make us hold
# Deliveries of real portfolios shrink to a tenth; a file that grows by more is made to fill a disk.
RATIO = 100
UNSUSPECTED = 67_108_864  # bytes that may come out of any file, however small

ALLOWED_TEXT = "CSV, which is text in UTF-8"
ALLOWED_GZIP = "a whole gzip file, as the name says"

# How files begin that are no text, and what they are then.
FORMATS = (
    (b"\x1f\x8b", "gzip data"),
    (b"PK\x03\x04", "a ZIP archive, as .xlsx workbooks are too"),
    (b"PK\x05\x06", "a ZIP archive without files"),
    (b"PAR1", "a Parquet file"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\xff\xfe", "UTF-16 text"),
    (b"\xfe\xff", "UTF-16 text"),
    (b"<", "HTML or XML"),
    (b"{", "JSON"),
    (b"[", "JSON"),
)
LONGEST = 8  # bytes that tell a format


class Meter(io.BufferedIOBase):
    """The bytes of a text as they are read, counted.

    ``since`` counts from the last record's end, which whoever reads the records says by setting it to 0. FileRefused
    where a record does not end, where the text outgrows its file, and where the file is damaged.
    """

    def __init__(self, source: "io.BufferedReader[io.FileIO] | gzip.GzipFile", tell: Callable[[], int]) -> None:
        self.name = "text"  # a stream that is wrapped has one
        self._source = source
        self._tell = tell
        self.since = 0
        self.total = 0

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Some bytes, at most ``size``; none at the end."""
        with explained(self.total):
            data = self._source.read1(size)
        self.since += len(data)
        self.total += len(data)
        if self.since > RECORD_BYTES:
            got = f"a row of more than {RECORD_BYTES:,} bytes"
            raise FileRefused(Rule.FILE_TOO_LARGE, None, got, "rows in lines, each quote closed where its value ends")
        if self.total > UNSUSPECTED and self.total > RATIO * self._tell():
            got = f"{self._tell():,} bytes that unpack to {self.total:,} and more"
            allowed = f"{UNSUSPECTED:,} bytes, or {RATIO} times as many as are packed"
            raise FileRefused(Rule.FILE_TOO_LARGE, None, got, allowed)
        return data


@contextmanager
def unpacked(file: DeliveryFile) -> Iterator[tuple[io.TextIOWrapper, Meter, Callable[[], int]]]:
    """The file's text, the meter that it goes through, and a function that tells how many of its bytes were read.

    Bytes that are not UTF-8 come as lone surrogates, so that the value which has them is refused, with its line.
    """
    with content(file) as raw:
        buffered = io.BufferedReader(raw)
        packed = file.path.name.lower().endswith(".gz")
        plain = gzip.GzipFile(fileobj=buffered) if packed else buffered
        with explained(0):
            if packed:
                _look_packed(buffered.peek(LONGEST))
            _look(plain.peek(LONGEST))
        meter = Meter(plain, buffered.tell)
        yield io.TextIOWrapper(meter, encoding="utf-8-sig", errors="surrogateescape", newline=""), meter, buffered.tell


def _look_packed(start: bytes) -> None:
    if start and not start.startswith(b"\x1f\x8b"):
        got = next((name for magic, name in FORMATS if start.startswith(magic)), "data that is not packed")
        raise FileRefused(Rule.FILE_UNREADABLE, None, got, f"{ALLOWED_GZIP}; or a name without .gz")


def _look(start: bytes) -> None:
    for magic, name in FORMATS:
        if start.startswith(magic):
            raise FileRefused(Rule.FILE_UNREADABLE, None, name, ALLOWED_TEXT)
    if b"\0" in start[:LONGEST]:
        raise FileRefused(Rule.FILE_UNREADABLE, None, "UTF-16 text or data that is no text", ALLOWED_TEXT)


@contextmanager
def explained(read: int) -> Iterator[None]:
    """Turn what goes wrong while bytes are read, after ``read`` of them, into what the person has to mend."""
    after = f" after {read:,} bytes of text" if read else ""
    try:
        yield
    except EOFError as error:
        got = f"gzip data that breaks off{after}"
        raise FileRefused(Rule.FILE_UNREADABLE, None, got, ALLOWED_GZIP) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        ended = str(error).startswith("Not a gzipped file")
        got = f"other data behind the end of the gzip data{after}" if ended else f"damaged gzip data{after}"
        raise FileRefused(Rule.FILE_UNREADABLE, None, got, ALLOWED_GZIP) from error
    except OSError as error:
        raise unreadable(error) from error
