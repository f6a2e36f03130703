"""The chain of the inquiry log: pure, from its entries and heads to the first thing that does not hold."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

BEGINNING = bytes(32)


class Entry(NamedTuple):
    """One read of a person, as ``inquiry_log`` holds it."""

    lane: int
    place: int
    logged_at: datetime
    request: str
    credential: int | None
    caller: str
    institution: str | None
    purpose: str
    consent: str | None
    document: bytes
    subject_key: bytes | None
    loan: int | None
    borrower: int | None
    previous: bytes
    hash: bytes

    def sealed(self) -> bytes:
        """Return the hash that the entry must have: of the one before, and of a JSON list of all that it says."""
        at = self.logged_at.astimezone(UTC)
        says = [
            self.lane, self.place, f"{at:%Y-%m-%dT%H:%M:%S.%fZ}", self.request, self.credential, self.caller,
            self.institution, self.purpose, self.consent, self.document.hex(),
            None if self.subject_key is None else self.subject_key.hex(), self.loan, self.borrower,
        ]  # fmt: skip
        return sha256(self.previous + json.dumps(says, ensure_ascii=False).encode()).digest()


class Head(NamedTuple):
    """Where a lane ends: how many entries it has, and the hash of the last one."""

    lane: int
    entries: int
    hash: bytes


class BrokenError(Exception):
    """The log was tampered with; the message names the first place that does not hold."""


def holding(entries: Iterable[Entry], heads: Sequence[Head], kept: Mapping[int, Head]) -> Iterator[Entry]:
    """Give back every entry that holds; BrokenError at the first that does not, and at the end for what is missing.

    ``entries`` come by lane and place. ``heads`` are the database's own; ``kept`` are heads that were kept elsewhere
    earlier, by lane: the chain must run through each.
    """
    ends: dict[int, Head] = {}
    for entry in entries:
        end = ends.get(entry.lane, Head(entry.lane, 0, BEGINNING))
        if fault := _fault(entry, end, kept.get(entry.lane)):
            raise BrokenError(f"lane {entry.lane}, entry {entry.place}: {fault}")
        ends[entry.lane] = Head(entry.lane, entry.place, entry.hash)
        yield entry
    for head in [*heads, *kept.values()]:
        end = ends.get(head.lane, Head(head.lane, 0, BEGINNING))
        if end.entries < head.entries:
            raise BrokenError(f"lane {head.lane}, entry {end.entries + 1}: is missing; there were {head.entries:,}")
    for head in heads:
        if ends.pop(head.lane, Head(head.lane, 0, BEGINNING)) != head:
            raise BrokenError(f"lane {head.lane}: its head is not its last entry")
    for lane in ends:
        raise BrokenError(f"lane {lane}: has no head")


def _fault(entry: Entry, end: Head, kept: Head | None) -> str:
    """Return what is wrong with an entry behind where its lane ended, empty where nothing is."""
    if entry.place != end.entries + 1:
        return f"stands where entry {end.entries + 1} should"
    if entry.previous != end.hash:
        return "does not follow from the entry before it"
    if entry.sealed() != entry.hash:
        return "is not what was sealed"
    if kept and kept.entries == entry.place and kept.hash != entry.hash:
        return "is not the one whose hash was kept"
    return ""


def read_heads(text: str) -> dict[int, Head]:
    """Return kept heads by lane, as ``str`` of each line writes them; ValueError for anything else."""
    heads = {}
    for line in filter(str.strip, text.splitlines()):
        lane, entries, hashed = line.split()
        head = Head(int(lane), int(entries), bytes.fromhex(hashed))
        if len(head.hash) != len(BEGINNING) or head.entries < 0:
            raise ValueError(line)
        heads[head.lane] = head
    return heads


def written(head: Head) -> str:
    """Return a head as a line to keep."""
    return f"{head.lane} {head.entries} {head.hash.hex()}"
