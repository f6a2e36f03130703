"""The shapes of the rows about callers: their credentials, and the browsers signed in with them."""

from datetime import datetime
from typing import NamedTuple


class CredentialRow(NamedTuple):
    """A credential as the service knows it; ``institution`` is a code, ``digest`` the SHA-256 of the whole key."""

    id: int
    prefix: str
    digest: bytes
    name: str
    role: str
    institution: str | None
    purposes: list[str]
    default_purpose: str | None
    expires_at: datetime
    revoked_at: datetime | None


class SessionRow(NamedTuple):
    """A browser that is signed in; ``digest`` is the SHA-256 of what its cookie holds."""

    digest: bytes
    credential_id: int
    expires_at: datetime


class NotedRow(NamedTuple):
    """A credential whose last use was noted."""

    id: int


class InstantRow(NamedTuple):
    """When something was, or will be."""

    at: datetime
