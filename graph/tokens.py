"""Opaque ids and cursors: what a client holds names a row without telling anything about it, and cannot be forged."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class TokenInvalid(Exception):
    """A text that these tokens did not make for this use."""


class Tokens:
    """Deterministic authenticated encryption (AES-SIV, RFC 5297): the same payload always gives the same token."""

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"borrowgraph tokens").derive(secret.encode())
        self._cipher = AESSIV(key)

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
            return self._cipher.decrypt(sealed, [use.encode()])
        except (UnicodeEncodeError, Error, ValueError, InvalidTag):
            raise TokenInvalid from None
