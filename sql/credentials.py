"""The shapes of the rows about callers: credentials, browsers signed in with them, and what they may ask."""

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
    cost: int | None
    cost_per_minute: int | None
    concurrent_requests: int | None


class SpendingRow(NamedTuple):
    """What is left to a caller of the cost of a minute; below 0 where workers spent it at once."""

    caller: str
    level: float


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


class DocumentsVersionRow(NamedTuple):
    """What tells one state of the registry of documents from another."""

    version: str


class DocumentRow(NamedTuple):
    """A registered document; ``digest`` is the SHA-256 of its text."""

    id: str
    text: str
    digest: bytes
