"""Who a key or a cookie stands for: every credential and session, read again every other second at most."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from resolvers import keys
from resolvers.callers import Caller, Purpose, Quota, Role
from resolvers.database import Database
from sql.credentials import CredentialRow, InstantRow, NotedRow, SessionRow

# How old, in seconds, what is known may be: so long a revoked key goes on.
FRESH = 2.0
# How soon after the last reading an unknown key may cause another: a key made a moment ago is found, and whoever tries
# one after the other waits.
AGAIN = 0.1
# How often the last uses are noted.
NOTED = 60.0


@dataclass(frozen=True)
class Known:
    """What was read: credentials by prefix and by number, sessions by digest; when, by the monotonic clock.

    ``callers`` are those who have called since, by their credentials' numbers.
    """

    at: float
    by_prefix: Mapping[str, CredentialRow]
    by_number: Mapping[int, CredentialRow]
    sessions: Mapping[bytes, SessionRow]
    callers: dict[int, Caller] = field(default_factory=dict)


@dataclass
class Keyring:
    """Looks up callers in ``database``, over a connection of its own, which no long answer holds up."""

    database: Database | None = None
    _known: Known | None = None
    _reading: asyncio.Task[Known] | None = None
    _used: dict[int, datetime] = field(default_factory=dict)
    _noted: float = field(default_factory=monotonic)

    async def empty(self) -> bool:
        """Whether no credential was ever issued; one that was revoked since still counts. Raises Unavailable."""
        return not (await self._fresh(FRESH)).by_number

    async def usable(self) -> bool:
        """Whether there is a credential with which somebody could call. Raises Unavailable."""
        return any(map(_counts, (await self._fresh(FRESH)).by_number.values()))

    async def of_key(self, text: str) -> Caller | None:
        """Return whose key this is; None where it is nobody's, or no longer. Raises Unavailable."""
        prefix = keys.prefix(text)
        if prefix is None:
            return None
        known = await self._fresh(FRESH)
        if prefix not in known.by_prefix:
            known = await self._newer()
        row = known.by_prefix.get(prefix)
        if not keys.same(text, row and row.digest) or row is None or not _counts(row):
            return None
        return self._caller(known, row)

    async def of_cookie(self, text: str) -> Caller | None:
        """Return who signed in with the browser whose cookie holds this; None for nobody. Raises Unavailable."""
        digest = keys.digest(text)
        known = await self._fresh(FRESH)
        if digest not in known.sessions:
            known = await self._newer()
        session = known.sessions.get(digest)
        if session is None or session.expires_at <= datetime.now(UTC):
            return None
        row = known.by_number.get(session.credential_id)
        return self._caller(known, row) if row and _counts(row) else None

    async def sign_in(self, caller: Caller) -> str | None:
        """Return what the cookie of a browser is to hold; None where the credential does not count any more."""
        token = keys.new_token()
        opened = await self._opened().run(
            InstantRow._make, "credentials/open_session", keys.digest(token), caller.credential
        )
        return token if opened else None

    async def sign_out(self, text: str) -> None:
        """End the session of a cookie, if there is one."""
        await self._opened().run(InstantRow._make, "credentials/end_session", keys.digest(text))
        await self._newer()

    async def close(self) -> None:
        """Note the last uses that are not noted yet."""
        await self._note()

    def _opened(self) -> Database:
        if self.database is None:
            raise RuntimeError("the keyring has no database yet")
        return self.database

    def _caller(self, known: Known, row: CredentialRow) -> Caller:
        self._used[row.id] = datetime.now(UTC)
        found = known.callers.get(row.id)
        if found is None:
            found = known.callers[row.id] = _caller(row)
        return found

    async def _fresh(self, age: float) -> Known:
        """Return what is known and no older than ``age``; whoever waits for a reading shares it."""
        known = self._known
        if known is not None and monotonic() - known.at < age:
            return known
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
            self._reading.add_done_callback(self._done)
        return await asyncio.shield(self._reading)

    async def _newer(self) -> Known:
        """Return what is known from a moment after this call on."""
        asked = monotonic()
        known = await self._fresh(FRESH)
        while known.at < asked:
            await asyncio.sleep(max(0.0, known.at + AGAIN - monotonic()))
            known = await self._fresh(max(0.0, monotonic() - asked))
        return known

    def _done(self, _: object) -> None:
        self._reading = None

    async def _read(self) -> Known:
        at = monotonic()
        if at - self._noted >= NOTED:
            await self._note()
        credentials = await self._opened().run(CredentialRow._make, "credentials/all")
        sessions = await self._opened().run(SessionRow._make, "credentials/sessions")
        self._known = Known(
            at,
            {row.prefix: row for row in credentials},
            {row.id: row for row in credentials},
            {row.digest: row for row in sessions},
        )
        return self._known

    async def _note(self) -> None:
        self._noted = monotonic()
        used, self._used = self._used, {}
        if not used:
            return
        try:
            await self._opened().run(NotedRow._make, "credentials/note_use", list(used), list(used.values()))
        except Exception:  # noqa: BLE001 - a last use that cannot be noted, on a standby say, keeps nobody out
            self._used = used | self._used


def _caller(row: CredentialRow) -> Caller:
    purposes = frozenset(Purpose[name] for name in row.purposes)
    default = Purpose[row.default_purpose] if row.default_purpose else None
    quota = Quota(row.cost, row.cost_per_minute, row.concurrent_requests)
    return Caller(row.id, row.name, Role(row.role), row.institution, purposes, default, quota)


def _counts(row: CredentialRow) -> bool:
    return row.revoked_at is None and datetime.now(UTC) < row.expires_at
