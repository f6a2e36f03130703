"""What lies on disk: which deliveries and files the paths name, and the lines of each file."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from intake.problems import DeliveryError, Problem, shown
from intake.rules import Rule
from intake.verdicts import FileRefused

KINDS = ("institutions", "loans", "repayments", "inquiries")  # in the order in which they are checked and merged
ENDINGS = (".csv", ".csv.gz")
DATA_ENDINGS = (*ENDINGS, ".parquet")  # what else lies in a folder, such as a note to the reader, is none of ours
LINE_LENGTH = 1_048_576  # characters; what a hostile file can make us hold

ALLOWED_FILES = f"{', '.join(KINDS)}, each with .csv or .csv.gz"


@dataclass(frozen=True)
class DeliveryFile:
    """A file of a delivery, by the name that messages give it."""

    path: Path
    name: str
    kind: str


@dataclass(frozen=True)
class Delivery:
    """Files that are loaded together or not at all, in the order in which they are checked."""

    name: str
    files: tuple[DeliveryFile, ...]


def deliveries(paths: Sequence[Path]) -> list[Delivery]:
    """Each folder is a delivery, and the single files together are one; DeliveryError where a path is neither."""
    found = [_folder(path) for path in paths if path.is_dir()]
    single = [path for path in paths if not path.is_dir()]
    if single:
        name = str(single[0]) if len(single) == 1 else f"the delivery of {len(single)} files"
        files = [_file(path, str(path), name) for path in single]
        found.append(Delivery(name, _in_order(files)))
    return found


def _folder(folder: Path) -> Delivery:
    name = str(folder)
    paths = sorted(path for path in folder.iterdir() if path.name.lower().endswith(DATA_ENDINGS))
    if not paths:
        raise _refused(name, Rule.FILES_MISSING, name, "a folder without any", ALLOWED_FILES)
    outside = [path for path in paths if not path.resolve().is_relative_to(folder.resolve())]
    if outside:
        got = "a symbolic link out of the folder"
        raise _refused(name, Rule.FILE_UNREADABLE, outside[0].name, got, "files in the folder itself")
    return Delivery(name, _in_order([_file(path, path.name, name) for path in paths]))


def _file(path: Path, name: str, delivery: str) -> DeliveryFile:
    if not path.is_file():
        raise _refused(delivery, Rule.PATH_MISSING, name, "nothing there", "a delivery's folder or file")
    plain = path.name.lower()
    for kind in KINDS:
        if plain in {kind + ending for ending in ENDINGS}:
            return DeliveryFile(path, name, kind)
    raise _refused(delivery, Rule.FILE_UNKNOWN, name, shown(path.name), ALLOWED_FILES)


def _in_order(files: list[DeliveryFile]) -> tuple[DeliveryFile, ...]:
    return tuple(sorted(files, key=lambda file: KINDS.index(file.kind)))


def _refused(delivery: str, rule: Rule, name: str, got: str, allowed: str) -> DeliveryError:
    return DeliveryError(delivery, [Problem(name, None, None, rule, got, allowed)], 1)


@contextmanager
def opened(path: Path) -> Iterator[tuple[Iterator[str], Callable[[], int]]]:
    """The file's lines with their line ends, and a function that tells how many bytes of the file were read.

    Bytes that are not UTF-8 come as lone surrogates, so that the value which has them is refused, with its line.
    FileRefused, here and from the lines, where the file is not what its name says, is damaged, or a line is too long.
    """
    with path.open("rb") as raw:
        plain = gzip.GzipFile(fileobj=raw) if path.name.lower().endswith(".gz") else raw
        try:
            _look(plain)
            text = io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")
            yield _lines(text), raw.tell
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            allowed = "gzip, as the name says, complete and undamaged"
            raise FileRefused(Rule.FILE_UNREADABLE, None, shown(str(error)), allowed) from error


def _look(plain: io.BufferedReader | gzip.GzipFile) -> None:
    start = plain.peek(4)[:4]
    if start.startswith(b"\x1f\x8b"):
        raise FileRefused(Rule.FILE_UNREADABLE, None, "gzip data", "CSV text, packed once if the name ends in .gz")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(Rule.FILE_UNREADABLE, None, "UTF-16 text", "UTF-8 text")
    if b"\0" in start or start.startswith((b"PK\x03\x04", b"PAR1")):
        raise FileRefused(Rule.FILE_UNREADABLE, None, "data that is no text", "UTF-8 text")


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    number = 0
    while line := text.readline(LINE_LENGTH):
        number += 1
        if len(line) == LINE_LENGTH and line[-1] not in "\r\n":
            got = f"a line of more than {LINE_LENGTH:,} characters"
            raise FileRefused(Rule.FILE_UNREADABLE, number, got, "CSV text in lines")
        yield line
