"""The shapes of the inquiry log's rows, and what makes its entries a chain."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

BEGINNING = bytes(32)


class AppendedRow(NamedTuple):
    """How many entries there are, or were added."""

    entries: int


class LogRow(NamedTuple):
    """An entry of the log: ``document`` is the SHA-256 of what was asked, ``found`` whether there was such a person."""

    id: int
    logged_at: datetime
    request: str
    credential_id: int | None
    caller: str
    institution: str | None
    purpose: str
    consent: str | None
    document: bytes
    subject_key: bytes | None
    found: bool


class EntryRow(NamedTuple):
    """An entry as its hash covers it."""

    lane: int
    place: int
    text: str
    previous: bytes
    hash: bytes


class HeadRow(NamedTuple):
    """The end of a lane's chain."""

    lane: int
    entries: int
    hash: bytes


class BrokenError(Exception):
    """The first entry that does not hold; the message says which, and why."""


def check(entries: Iterable[EntryRow], heads: Iterable[HeadRow], anchors: Mapping[int, HeadRow]) -> Iterable[EntryRow]:
    """Give back each entry that holds, in order; BrokenError at the first that does not, or for a missing end.

    ``entries`` come by lane and place. ``anchors`` are heads kept elsewhere from an earlier time: the chain must run
    through them.
    """
    ends: dict[int, HeadRow] = {}
    for entry in entries:
        last = ends.get(entry.lane, HeadRow(entry.lane, 0, BEGINNING))
        where = f"lane {entry.lane}, entry {entry.place}"
        if entry.place != last.entries + 1:
            wrong = "stands twice" if entry.place == last.entries else f"comes after entry {last.entries}"
            raise BrokenError(f"{where}: {wrong}; expected is entry {last.entries + 1}")
        if entry.previous != last.hash:
            raise BrokenError(f"{where}: it does not follow the entry before it")
        if sha256(last.hash + entry.text.encode()).digest() != entry.hash:
            raise BrokenError(f"{where}: its hash is not of what it says")
        anchor = anchors.get(entry.lane)
        if anchor and anchor.entries == entry.place and anchor.hash != entry.hash:
            raise BrokenError(f"{where}: it is another than the anchor has")
        ends[entry.lane] = HeadRow(entry.lane, entry.place, entry.hash)
        yield entry
    for head in [*heads, *anchors.values()]:
        end = ends.get(head.lane, HeadRow(head.lane, 0, BEGINNING))
        if end.entries < head.entries:
            raise BrokenError(f"lane {head.lane}, entry {end.entries + 1}: missing; there were {head.entries}")
    _same(ends, heads)


def _same(ends: Mapping[int, HeadRow], heads: Iterable[HeadRow]) -> None:
    known = {head.lane: head for head in heads}
    for lane, end in ends.items():
        if known.get(lane) != end:
            raise BrokenError(f"lane {lane}, entry {end.entries}: the head of the lane is another")
