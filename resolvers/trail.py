"""What a request leaves behind: every person it reads is in the inquiry log before its answer leaves."""

import asyncio
from dataclasses import dataclass, field
from itertools import islice

from resolvers.callers import Caller, Purpose
from resolvers.errors import ConsentInvalid, ConsentRequired, Forbidden, PurposeRequired
from resolvers.logbook import Logbook, Page, Read, Reason

# The longest reference of a consent, in characters.
LONGEST = 200
NUL = "\0"


def reason(caller: Caller, purpose: Purpose | None, consent: str | None) -> Reason:
    """Return why a person is read: the purpose asked, else the credential's default.

    Raises PurposeRequired where there is neither, Forbidden for one that the caller may not have, ConsentRequired where
    others count it and no consent is named, ConsentInvalid for a reference that cannot be one.
    """
    chosen = purpose or caller.default_purpose
    if chosen is None or chosen not in caller.purposes:
        allowed = ", ".join(one.value for one in Purpose if one in caller.purposes) or "none"
        if chosen is None:
            raise PurposeRequired("A person is read for a purpose; none is given.", argument="purpose", allowed=allowed)
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
    """The reads of one request; ``document`` is the SHA-256 of what was asked.

    ``version`` is that of the secret with which the subject keys are made. What is noted in one turn of the event loop
    is handed to the logbook in the next, and written beside the reads; the same read is written once. A read that
    others count waits until the request has read: its own answer does not count it, nor find whom it makes known.
    """

    logbook: Logbook
    request: str
    caller: Caller
    document: bytes
    version: int = 1
    _noted: dict[Read, None] = field(default_factory=dict)
    _handed: int = 0
    _writings: list["asyncio.Future[None]"] = field(default_factory=list)

    def note(self, read: Read) -> None:
        """Have a read written; before the answer leaves, `written` must be awaited."""
        if len(self._noted) == self._handed:
            asyncio.get_running_loop().call_soon(self._hand_what_nobody_counts)
        self._noted[read] = None

    def begin(self) -> None:
        """Have written what is noted: the request has read, or has begun the snapshot that all its reads will see."""
        self._hand()

    def _hand_what_nobody_counts(self) -> None:
        if not any(read.reason.purpose.counts for read in self._noted):
            self._hand()

    def _hand(self) -> None:
        reads = list(islice(self._noted, self._handed, None))
        if reads:
            self._handed += len(reads)
            page = Page(self.request, self.caller, self.document, self.version, reads)
            self._writings.append(self.logbook.append(page))

    async def written(self) -> None:
        """Wait until all is in the log; NotLogged where it is not. A request that is given up does not stop it."""
        self._hand()
        for writing in self._writings:
            await asyncio.shield(writing)

    async def settled(self) -> None:
        """Wait until what this turn of the event loop notes is in the log, by one statement; NotLogged as above."""
        await asyncio.sleep(0)
        await self.written()
