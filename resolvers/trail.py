"""What a request leaves behind: every person it reads is in the inquiry log before its answer leaves."""

import asyncio
from dataclasses import dataclass, field
from typing import NamedTuple

from resolvers.callers import Caller, Purpose
from resolvers.database import Database
from resolvers.errors import ConsentInvalid, ConsentRequired, Forbidden, NotLogged, Problem, PurposeRequired
from sql.journal import AppendedRow

# The longest reference of a consent, in characters.
LONGEST = 200
NUL = "\0"


class Reason(NamedTuple):
    """Why a person is read, and the reference of the consent, None where none is needed."""

    purpose: Purpose
    consent: str | None


class Read(NamedTuple):
    """One person that is read: by subject key, or by a loan; ``other`` is a key that names the person as well."""

    subject_key: bytes | None
    loan: int | None
    reason: Reason
    other: bytes | None = None


def reason(caller: Caller, purpose: Purpose | None, consent: str | None) -> Reason:
    """Return why a person is read: the purpose asked, else the credential's default.

    Raises PurposeRequired where there is neither, Forbidden for one that the caller may not have, ConsentRequired where
    others count it and no consent is named, ConsentInvalid for a reference that cannot be one.
    """
    chosen = purpose or caller.default_purpose
    allowed = ", ".join(one.value for one in Purpose if one in caller.purposes) or "none"
    if chosen is None:
        raise PurposeRequired("A person is read for a purpose; none is given.", argument="purpose", allowed=allowed)
    if chosen not in caller.purposes:
        message = f"The purpose {chosen.value} is not for this caller; allowed: {allowed}."
        raise Forbidden(message, argument="purpose", got=chosen.value, allowed=allowed)
    if consent is not None and (not consent.strip() or len(consent) > LONGEST or NUL in consent):
        most = f"1 to {LONGEST} characters, not all of them white space"
        raise ConsentInvalid(f"Not the reference of a consent; allowed: {most}.", argument="consent", allowed=most)
    if chosen.counts:
        if consent is None:
            message = f"The purpose {chosen.value} needs the reference of the person's consent."
            raise ConsentRequired(message, argument="consent", allowed="the reference of the person's consent")
        if caller.institution is None:
            message = f"The purpose {chosen.value} is for an institution; this caller belongs to none."
            raise Forbidden(message, argument="purpose", got=chosen.value)
    return Reason(chosen, consent)


def implied(caller: Caller) -> Reason:
    """Return why a person is read by `node`, which names no purpose: the default, unless it needs a consent.

    Raises PurposeRequired, Forbidden.
    """
    default = caller.default_purpose
    if default is not None and default.counts:
        message = "By node a person is read for the default purpose, which needs a consent; ask borrower by id instead."
        raise PurposeRequired(message, argument="id", allowed="borrower(by: {id: ...}, purpose, consent)")
    return reason(caller, None, None)


@dataclass
class Trail:
    """The reads of one request; ``document`` is the SHA-256 of what was asked, ``database`` a pool of the log's own.

    ``version`` is that of the secret with which the subject keys are made.

    What is noted in one turn of the event loop is written by one statement in the next, beside the reads.
    """

    database: Database
    request: str
    caller: Caller
    document: bytes
    version: int = 1
    _noted: dict[Read, None] = field(default_factory=dict)
    _writings: list[asyncio.Task[None]] = field(default_factory=list)

    def note(self, read: Read) -> None:
        """Have a read written; before the answer leaves, `written` must be awaited."""
        if not self._noted:
            asyncio.get_running_loop().call_soon(self._begin)
        self._noted[read] = None

    def _begin(self) -> None:
        if self._noted:
            reads, self._noted = list(self._noted), {}
            self._writings.append(asyncio.create_task(self._write(reads)))

    async def written(self) -> None:
        """Wait until all is in the log; NotLogged where it is not. A request that is given up does not stop it."""
        self._begin()
        await asyncio.gather(*map(asyncio.shield, self._writings))

    async def settled(self) -> None:
        """Wait until what this turn of the event loop notes is in the log, by one statement; NotLogged as above."""
        await asyncio.sleep(0)
        await self.written()

    async def _write(self, reads: list[Read]) -> None:
        caller = self.caller
        try:
            await self.database.run(
                AppendedRow._make, "trail/append", self.request, caller.credential, caller.name, caller.institution,
                self.document,
                [read.subject_key for read in reads],
                [read.other for read in reads],
                [read.loan for read in reads],
                [read.reason.purpose.value for read in reads],
                [read.reason.consent for read in reads],
                [int(read.reason.purpose.counts) for read in reads],
                self.version,
            )  # fmt: skip
        except Problem as problem:
            raise NotLogged("What was read could not be logged, so there is no answer; try again later.") from problem
