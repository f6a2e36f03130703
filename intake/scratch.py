"""A folder for what does not fit into the loader's memory; what a killed loader left there, the next one removes."""

import os
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir

PREFIX = "borrowgraph-"
HELD = "held"  # a file in it that is locked as long as its loader lives


class Scratch:
    """A folder of its own within the temporary folder, until it is closed or its process ends; OSError without room."""

    def __init__(self) -> None:
        _tidy()
        self._folder = TemporaryDirectory(prefix=PREFIX)
        held = Path(self.name, HELD)
        self._lock = held.with_suffix(".new").open("w")
        flock(self._lock, LOCK_EX)
        # Only now: whoever finds it without a lock removes the folder.
        Path(self._lock.name).rename(held)

    @property
    def name(self) -> str:
        """Where it is."""
        return self._folder.name

    def close(self) -> None:
        """Remove it with all that is in it."""
        self._folder.cleanup()
        self._lock.close()


def _tidy() -> None:
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        # What has no such file, or is locked, or another user's, is left alone.
        with suppress(OSError):
            if folder.lstat().st_uid == os.geteuid():
                _remove_left(folder)


def _remove_left(folder: Path) -> None:
    lock = os.open(folder / HELD, os.O_RDWR | os.O_NOFOLLOW)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
        rmtree(folder)
    finally:
        os.close(lock)
