"""What lies on disk: which deliveries and files the paths name."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from intake.problems import DeliveryError, Problem, shown
from intake.rules import Rule

KINDS = ("institutions", "loans", "repayments", "inquiries")  # in the order in which they are checked and merged
ENDINGS = (".csv", ".csv.gz", ".parquet")  # what else lies in a folder, such as a note to the reader, is none of ours

ALLOWED_FILES = f"{', '.join(KINDS)}, each with {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}"
ALLOWED_PATH = "a delivery's folder, or a file of one"
IN_FOLDER = "files that lie in the folder itself"

SPECIAL = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True)
class Stamp:
    """By what a file is known again: another file, or the same after it was written to, has another stamp."""

    device: int
    inode: int
    size: int
    written: int

    @classmethod
    def of(cls, found: os.stat_result) -> "Stamp":
        """The stamp of a file that was looked at."""
        return cls(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


@dataclass(frozen=True)
class DeliveryFile:
    """A file of a delivery, by the name that messages give it, as it was when the delivery was listed."""

    path: Path
    name: str
    kind: str
    stamp: Stamp

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self.stamp.size


@dataclass(frozen=True)
class Delivery:
    """Files that are loaded together or not at all, in the order in which they are checked."""

    name: str
    files: tuple[DeliveryFile, ...]


def deliveries(paths: Sequence[Path]) -> list[Delivery]:
    """Each folder is a delivery, and the single files together are one.

    DeliveryError, with everything that is wrong with one of them, where a path is neither or a file cannot be one of a
    delivery.
    """
    folders = [path for path in paths if _is_folder(path)]
    found = [_folder(path) for path in folders]
    single = [path for path in paths if path not in folders]
    if single:
        name = str(single[0]) if len(single) == 1 else f"the delivery of {len(single)} files"
        found.append(_delivery(name, [_file(path, str(path)) for path in single]))
    return found


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False  # what is wrong is said of it as of a file


def _folder(folder: Path) -> Delivery:
    name = str(folder)
    try:
        paths = sorted(path for path in folder.iterdir() if path.name.lower().endswith(ENDINGS))
    except OSError as error:
        return _delivery(name, [Problem(name, None, None, Rule.FILE_UNREADABLE, reason(error), "a folder to read")])
    if not paths:
        return _delivery(name, [Problem(name, None, None, Rule.FILES_MISSING, "a folder without any", ALLOWED_FILES)])
    return _delivery(name, [_inside(folder, path) for path in paths])


def _inside(folder: Path, path: Path) -> DeliveryFile | Problem:
    try:
        if path.resolve().is_relative_to(folder.resolve()):
            return _file(path, path.name)
    except (OSError, RuntimeError):
        got = "a symbolic link that leads back to itself"
    else:
        got = "a symbolic link out of the folder"
    return Problem(path.name, None, None, Rule.FILE_UNREADABLE, got, IN_FOLDER)


def _file(path: Path, name: str) -> DeliveryFile | Problem:
    try:
        found = path.stat()
    except FileNotFoundError:
        got = "a symbolic link to nothing" if path.is_symlink() else "nothing there"
        return Problem(name, None, None, Rule.PATH_MISSING, got, ALLOWED_PATH)
    except OSError as error:
        return Problem(name, None, None, Rule.FILE_UNREADABLE, reason(error), "a file to read")
    if not stat.S_ISREG(found.st_mode):
        return Problem(name, None, None, Rule.FILE_UNREADABLE, special(found), "a file")
    plain = path.name.lower()
    for kind in KINDS:
        if plain in {kind + ending for ending in ENDINGS}:
            return DeliveryFile(path, name, kind, Stamp.of(found))
    return Problem(name, None, None, Rule.FILE_UNKNOWN, shown(path.name), ALLOWED_FILES)


def _delivery(name: str, found: Sequence[DeliveryFile | Problem]) -> Delivery:
    problems = [each for each in found if isinstance(each, Problem)]
    if problems:
        raise DeliveryError(name, problems[:20], len(problems))
    return Delivery(name, tuple(_in_order([each for each in found if isinstance(each, DeliveryFile)])))


def _in_order(files: list[DeliveryFile]) -> Iterator[DeliveryFile]:
    yield from sorted(files, key=lambda file: KINDS.index(file.kind))


def special(found: os.stat_result) -> str:
    """What lies there, in words, where it is no file."""
    return SPECIAL.get(stat.S_IFMT(found.st_mode), "no file")


def reason(error: OSError) -> str:
    """Why the system would not, in its own words."""
    return (error.strerror or str(error)).lower()
