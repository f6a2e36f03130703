"""How borrowers are named: by subject keys, and by identity documents from which these are derived."""

from datetime import datetime
from typing import NamedTuple

from resolvers.errors import BorrowerKeyMalformed
from sql.secret import Keys, Secrets

DIGITS = 64


class BorrowerKey(NamedTuple):
    """A subject key of 32 bytes, and the instant at which the borrower must have been known (None for now).

    ``other`` is the key under which the person may be stored as well, while the platform's secret is being rotated.
    """

    subject_key: bytes
    as_of: datetime | None
    other: bytes | None = None


def read_subject_key(text: str, argument: str) -> bytes:
    """Read 64 hexadecimal digits; BorrowerKeyMalformed for anything else."""
    if len(text) != DIGITS or len(key := _hexadecimal(text)) * 2 != DIGITS:
        got, allowed = text[:100], "64 hexadecimal digits"
        message = f"Not a subject key: {got!r}, of {len(text)} characters; allowed are {allowed}."
        raise BorrowerKeyMalformed(message, argument=argument, got=got, allowed=allowed)
    return key


def _hexadecimal(text: str) -> bytes:
    """Return the bytes that a text names, without its white space; none where it names none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def keys_of_document(secrets: Secrets, kind: str, number: str, argument: str) -> Keys:
    """Derive the keys from an identity document; BorrowerKeyMalformed, without the number, where that is impossible."""
    try:
        return secrets.of_document(kind, number)
    except ValueError as reason:
        allowed = "a kind and a number, neither empty"
        raise BorrowerKeyMalformed(f"Not a document: {reason}.", argument=argument, allowed=allowed) from None
