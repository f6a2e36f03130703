"""JSON Web Tokens of the one issuer that the settings name: verified with its published keys, and read as a caller."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import jwt

from graph.trust import Trust
from resolvers.callers import Caller, GrantError, Purpose, Role, granted
from resolvers.errors import Unavailable

ROLE, INSTITUTION = "borrowgraph_role", "borrowgraph_institution"
PURPOSES, DEFAULT = "borrowgraph_purposes", "borrowgraph_default_purpose"

# In seconds: how long published keys are kept, how soon a token with an unknown key may cause them to be fetched again,
# how long a token may last, how far clocks may differ, and how long a fetch may take.
KEPT, AGAIN, LONGEST, LEEWAY, PATIENCE = 300.0, 30.0, 24 * 3600, 30, 5
LARGEST = 1 << 18
LONGEST_TOKEN = 8192


@dataclass
class Issuer:
    """Reads tokens. The issuer's keys are fetched when first needed, and again when a token names a new one."""

    trust: Trust
    _keys: Sequence[jwt.PyJWK] = ()
    _fetched: float | None = None
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def caller(self, text: str) -> Caller | None:
        """Return whom a token stands for; None where it is none of the issuer's that counts. Raises Unavailable."""
        if len(text) > LONGEST_TOKEN:
            return None
        try:
            key = await self._key(jwt.get_unverified_header(text).get("kid"))
            return _caller(self._claims(text, key)) if key else None
        except (jwt.PyJWTError, GrantError, ValueError, TypeError, KeyError):
            return None

    def _claims(self, text: str, key: jwt.PyJWK) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            text,
            key,
            algorithms=list(self.trust.algorithms),
            audience=self.trust.audience,
            issuer=self.trust.issuer,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub", ROLE]},
        )
        if claims["exp"] - claims["iat"] > LONGEST:
            raise ValueError("the token lasts longer than a day")
        return claims

    async def _key(self, name: str | None) -> jwt.PyJWK | None:
        async with self._turn:
            age = None if self._fetched is None else monotonic() - self._fetched
            known = self._named(name)
            if age is None or age > KEPT or (known is None and age > AGAIN):
                self._fetched = monotonic()
                try:
                    self._keys = await asyncio.to_thread(_fetched, self.trust.keys)
                except (OSError, URLError, ValueError, jwt.PyJWTError) as error:
                    if not self._keys:
                        self._fetched = None
                        raise Unavailable("The issuer's keys cannot be read; try again later.") from error
            return self._named(name)

    def _named(self, name: str | None) -> jwt.PyJWK | None:
        """Return the key of this name; where a token names none, the only key."""
        if name is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == name), None)


def _fetched(place: str) -> list[jwt.PyJWK]:
    if "://" in place:
        with urlopen(place, timeout=PATIENCE) as response:  # noqa: S310 - the settings allow https, and http here alone
            text = response.read(LARGEST)
    else:
        text = Path(place).read_bytes()[:LARGEST]
    return [key for key in jwt.PyJWKSet.from_dict(json.loads(text)).keys if key.public_key_use in (None, "sig")]


def _caller(claims: dict[str, Any]) -> Caller:
    institution, purposes = claims.get(INSTITUTION), claims.get(PURPOSES, [])
    if not isinstance(institution, str | None) or not isinstance(purposes, list):
        raise TypeError("a claim of a wrong type")
    default = claims.get(DEFAULT)
    return granted(
        Caller(
            credential=None,
            name=str(claims["sub"])[:100],
            role=Role(claims[ROLE]),
            institution=institution,
            purposes=frozenset(Purpose[name] for name in purposes),
            default_purpose=None if default is None else Purpose[default],
        )
    )
