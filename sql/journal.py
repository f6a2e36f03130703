"""The shapes of the inquiry log's rows."""

from datetime import datetime
from typing import NamedTuple


class AppendedRow(NamedTuple):
    """How many entries were added."""

    entries: int


class LogRow(NamedTuple):
    """An entry: ``document`` is the SHA-256 of what was asked, ``found`` whether there was such a person."""

    slot: int
    id: int
    lane: int
    place: int
    hash: bytes
    logged_at: datetime
    request: str
    credential: int | None
    caller: str
    institution: str | None
    purpose: str
    consent: str | None
    document: bytes
    subject_key: bytes | None
    found: bool
