"""Borrowers by their subject keys."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from resolvers.database import Reading
from resolvers.errors import BorrowerKeyMalformed
from resolvers.slots import one_a_slot
from sql.rows import BorrowerRow
from sql.secret import Keys, Secrets

SUBJECT_KEY = re.compile(r"[0-9A-Fa-f]{64}")


class BorrowerKey(NamedTuple):
    """A subject key of 32 bytes, and the instant at which the borrower must have been known (None for now).

    ``other`` is the key under which the person may be stored as well, while the platform's secret is being rotated.
    """

    subject_key: bytes
    as_of: datetime | None
    other: bytes | None = None


async def borrowers(reading: Reading, keys: Sequence[BorrowerKey]) -> list[BorrowerRow | None]:
    """Return each key's borrower, None where the platform knew no such person at that instant."""
    named, instants = [key.subject_key for key in keys], [key.as_of for key in keys]
    others = [key.other for key in keys]
    if any(others):
        rows = await reading.fetch(BorrowerRow._make, "borrowers/by_either_key", named, others, instants)
    else:
        rows = await reading.fetch(BorrowerRow._make, "borrowers/by_subject_key", named, instants)
    return one_a_slot(rows, len(keys))


def read_subject_key(text: str, argument: str) -> bytes:
    """Read 64 hexadecimal digits; BorrowerKeyMalformed for anything else."""
    if not SUBJECT_KEY.fullmatch(text):
        got, allowed = text[:100], "64 hexadecimal digits"
        message = f"Not a subject key: {got!r}, of {len(text)} characters; allowed are {allowed}."
        raise BorrowerKeyMalformed(message, argument=argument, got=got, allowed=allowed)
    return bytes.fromhex(text)


def keys_of_document(secrets: Secrets, kind: str, number: str, argument: str) -> Keys:
    """Derive the keys from an identity document; BorrowerKeyMalformed, without the number, where that is impossible."""
    try:
        return secrets.of_document(kind, number)
    except ValueError as reason:
        allowed = "a kind and a number, neither empty"
        raise BorrowerKeyMalformed(f"Not a document: {reason}.", argument=argument, allowed=allowed) from None
