"""A file's bytes, from the very file that was listed: never a pipe that hangs, never one that changes meanwhile."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO

from intake.files import DeliveryFile, Stamp, reason, special
from intake.rules import Rule
from intake.verdicts import FileRefused

ALLOWED_STILL = "a file that nobody writes to while it is loaded"


@contextmanager
def content(file: DeliveryFile) -> Iterator[FileIO]:
    """The file, open for reading and unbuffered.

    FileRefused where it cannot be read or is no file, or, at the latest at the end, where it is another than the one
    that was listed.
    """
    try:
        # A pipe put there meanwhile would wait for its writer.
        handle = os.open(file.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise FileRefused(Rule.FILE_CHANGED, None, "nothing there any more", ALLOWED_STILL) from None
    except OSError as error:
        raise unreadable(error) from error
    with FileIO(handle) as raw:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise FileRefused(Rule.FILE_UNREADABLE, None, special(found), "a file")
        _same(file, found)
        try:
            yield raw
        except OSError as error:
            raise unreadable(error) from error
        _same(file, os.fstat(handle))


def unreadable(error: OSError) -> FileRefused:
    """The file as the system refuses to read it."""
    return FileRefused(Rule.FILE_UNREADABLE, None, f"an error while it was read: {reason(error)}", "a file to read")


def _same(file: DeliveryFile, found: os.stat_result) -> None:
    if Stamp.of(found) != file.stamp:
        raise FileRefused(Rule.FILE_CHANGED, None, _change(file.stamp, Stamp.of(found)), ALLOWED_STILL)


def _change(before: Stamp, now: Stamp) -> str:
    if (before.device, before.inode) != (now.device, now.inode):
        return "another file in its place since the load began"
    if before.size != now.size:
        return f"{now.size:,} bytes where there were {before.size:,} when the load began"
    return "a file that was written to since the load began"
