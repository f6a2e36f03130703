"""The platform's secrets: which of them are in force, and which subject keys a document or another key gives."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sql.rows import SecretRow
from sql.subject import subject_key

# No kind of document is empty, so no document gives a message that begins like this.
APART = b"\n"
NAMES = "BORROWGRAPH_SECRET_PREVIOUS and BORROWGRAPH_SECRET"


class SecretError(Exception):
    """The secrets that the environment gives are not those that the database was given keys with."""


class Keys(NamedTuple):
    """How a person may be stored: under ``key``, or during an overlap under ``other``; None where there is no other."""

    key: bytes
    other: bytes | None


def renewed(secret: bytes, key: bytes) -> bytes:
    """Return the subject key under ``secret`` of the person who has ``key`` under the secret before it."""
    return hmac.digest(secret, APART + key, "sha256")


def mark(secret: bytes) -> bytes:
    """Return what the database keeps of a secret, to tell it from another."""
    return hmac.digest(secret, APART, "sha256")


@dataclass(frozen=True)
class Secrets:
    """The secrets in force, oldest first; the last makes new keys.

    During an ``overlap`` keys and ids of the one before count as well; a document's holder is looked for under both for
    good. ``prepared`` is given already, and not begun.
    """

    chain: tuple[bytes, ...]
    overlap: bool = False
    prepared: bytes | None = None

    @property
    def version(self) -> int:
        """Return the number of the newest, from 1."""
        return len(self.chain)

    def of_document(self, kind: str, number: str) -> Keys:
        """Return the keys of a document's holder; ValueError as `subject_key` raises it."""
        *_, former, key = (None, *self.ever(kind, number))
        return Keys(key or b"", former)

    def of_key(self, key: bytes) -> Keys:
        """Return the keys of whom a key names, which during an overlap may be of either secret."""
        return Keys(key, renewed(self.chain[-1], key) if self.overlap else None)

    def ever(self, kind: str, number: str) -> list[bytes]:
        """Return the keys that a document's holder has had, oldest first: the log has all of them."""
        keys = [subject_key(self.chain[0], kind, number)]
        for secret in self.chain[1:]:
            keys.append(renewed(secret, keys[-1]))
        return keys


def in_force(given: Sequence[bytes], begun: Sequence[SecretRow]) -> Secrets:
    """Return which of the given secrets, oldest first, are in force; ``begun`` are the database's versions.

    Before the first rotation the database knows none. Raises SecretError where the given are not the database's.
    """
    most = max(len(begun), 1)
    if not most <= len(given) <= most + 1:
        raise SecretError(
            f"{NAMES} hold {_many(len(given))}; the database is at version {most}: allowed are its {_many(most)}, and "
            "the next one"
        )
    for row, secret in zip(begun, given, strict=False):
        if not hmac.compare_digest(mark(secret), bytes(row.mark)):
            raise SecretError(f"{NAMES}: the secret in place {row.version} is not the database's version {row.version}")
    overlap = len(begun) > 1 and begun[-1].sole_since is None
    return Secrets(tuple(given[:most]), overlap, given[most] if len(given) > most else None)


def _many(number: int) -> str:
    return f"{number} secret" if number == 1 else f"{number} secrets"
