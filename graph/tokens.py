"""Opaque ids and cursors: what a client holds names a row without telling anything about it, and cannot be forged."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from contextlib import suppress
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from resolvers.rotation import Secrets


class TokenInvalid(Exception):
    """A text that these tokens did not make for this use."""


class Tokens:
    """Deterministic authenticated encryption (AES-SIV, RFC 5297): the same payload always gives the same token."""

    def __init__(self, secret: str | bytes, *others: bytes) -> None:
        """Make tokens of ``secret``; those that ``others`` made are read as well."""
        self._cipher = _cipher(secret.encode() if isinstance(secret, str) else secret)
        self._ciphers = (self._cipher, *map(_cipher, others))

    def make(self, use: str, payload: bytes) -> str:
        """Return the token of a payload for one use (``borrower``, ``loans cursor``), in URL-safe characters."""
        return urlsafe_b64encode(self._cipher.encrypt(payload, [use.encode()])).rstrip(b"=").decode()

    def read(self, use: str, token: str) -> bytes:
        """Return a token's payload; TokenInvalid where it was not made by ``make`` for this use."""
        try:
            sealed = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
            # Base64 ignores stray characters and spare bits; a token has one spelling only.
            if urlsafe_b64encode(sealed).rstrip(b"=").decode() != token:
                raise TokenInvalid
        except (UnicodeEncodeError, Error, ValueError):
            raise TokenInvalid from None
        for cipher in self._ciphers:
            with suppress(InvalidTag, ValueError):
                return cipher.decrypt(sealed, [use.encode()])
        raise TokenInvalid


def _cipher(secret: bytes) -> AESSIV:
    return AESSIV(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"borrowgraph tokens").derive(secret))


@lru_cache(maxsize=8)
def sealing(secrets: Secrets) -> Tokens:
    """Return the tokens of the secrets in force: the newest makes them, those of the one before are read meanwhile.

    Read are also those of a secret that is prepared: another worker may know already that it was begun.
    """
    *_, newest = secrets.chain
    former = secrets.chain[-2:-1] if secrets.overlap else ()
    return Tokens(newest, *former, *filter(None, (secrets.prepared,)))
