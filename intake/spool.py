"""A file without a name, for what would fill the memory; a full disk is said as such."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile, gettempdir

from intake.files import reason
from intake.problems import LoadError


class Spool(io.TextIOWrapper):
    """Text that is written once and then read from its start; LoadError where the temporary folder cannot take it."""

    def __init__(self) -> None:
        with _said():
            # It is closed with this.
            super().__init__(TemporaryFile(), encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115

    def write(self, text: str, /) -> int:
        """Append a text."""
        with _said():
            return super().write(text)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Write out what is held in memory, and go to an offset."""
        with _said():
            return super().seek(offset, whence)

    def close(self) -> None:
        """Forget it all."""
        with suppress(OSError):
            super().close()


@contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LoadError(
            f"the list of what is wrong with the delivery does not fit into {folder()}: {reason(error)}; nothing of "
            "it was loaded. TMPDIR names another folder"
        ) from error


def folder() -> str:
    """Where temporary files lie, as a message says it."""
    try:
        return gettempdir()
    except OSError:
        return "the temporary folder"
