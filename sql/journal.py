"""The shapes of the inquiry log's rows."""

from typing import NamedTuple


class AppendedRow(NamedTuple):
    """How many entries were added."""

    entries: int
