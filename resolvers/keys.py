"""Keys: how they are made, what of them is kept, and how one that is shown is compared with what is kept."""

import re
import secrets
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

# What every key begins with, so that one that is left lying about is found for what it is.
MARK = "bgk"
FORM = re.compile(rf"{MARK}_(?P<prefix>[0-9a-f]{{12}})_[A-Za-z0-9_-]{{43}}", re.ASCII)
# Compared with where there is nothing to compare with.
NOTHING = bytes(32)


class NewKey(NamedTuple):
    """A key to show once; its prefix, which is no secret and names it; and the digest, which is all that is kept."""

    text: str
    prefix: str
    digest: bytes


def new_key() -> NewKey:
    """Make a key with 256 bits of chance in it."""
    prefix = secrets.token_hex(6)
    text = f"{MARK}_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(text, prefix, digest(text))


def new_token() -> str:
    """Make what the cookie of a browser holds, with 256 bits of chance in it."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """Return what is kept of a key or a token. One hash is enough: there is nothing to guess in 256 bits of chance."""
    return sha256(text.encode("utf-8", "replace")).digest()


def prefix(text: str) -> str | None:
    """Return the prefix of a text that has the form of a key, else None."""
    found = FORM.fullmatch(text)
    return found["prefix"] if found else None


def same(text: str, kept: bytes | None) -> bool:
    """Whether a key is the one of which this digest was kept, in a time that does not depend on either."""
    alike = compare_digest(digest(text), NOTHING if kept is None else kept)
    return alike and kept is not None
