"""Trusted documents: a request's document by its id, and what becomes of one that is not registered, by role."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from hashlib import sha256

from graph import log
from graph.limits import Mode
from graph.request import Document, Refusal
from resolvers.callers import Caller, Role
from resolvers.documents import Registered
from resolvers.errors import Problem


class TrustedDocuments:
    """Finds documents by id, and holds roles to registered ones as ``modes`` say.

    ``ours`` are documents that are trusted without being registered, the dashboard's; ``exempt`` tells of others that
    are, by their text: introspection, which is allowed or not by a setting of its own.
    """

    def __init__(
        self,
        modes: Mapping[Role, Mode],
        known: Callable[[], Awaitable[Registered]],
        ours: Iterable[str] = (),
        exempt: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._modes = modes
        self._known = known
        self._ours = frozenset(ours)
        self._exempt = exempt

    async def found(self, document: Document, caller: Caller, request_id: str) -> Document:
        """Return the document with its text; Refusal where there is none of that id, or the caller may not ask it."""
        if document.id is not None:
            text = (await self._registered()).text(document.id)
            if text is None:
                reason = f"No document has the id {document.id}; allowed: one that is registered, or a query."
                raise Refusal(400, "DOCUMENT_NOT_FOUND", reason)
            return document._replace(query=text)
        mode = self._modes[caller.role]
        if mode is not Mode.OFF and document.query not in self._ours:
            digest = sha256(document.query.encode("utf-8", "replace"))
            if digest.digest() not in (await self._registered()).by_digest and not self._exempt(document.query):
                self._unknown(mode, digest.hexdigest(), caller, request_id)
        return document

    async def _registered(self) -> Registered:
        try:
            return await self._known()
        except Problem as problem:
            raise Refusal(503, problem.code, str(problem)) from None

    @staticmethod
    def _unknown(mode: Mode, digest: str, caller: Caller, request_id: str) -> None:
        log.line(
            logging.INFO,
            "document_not_registered",
            requestId=request_id,
            credential=caller.credential,
            role=caller.role.value,
            sha256=digest,
            refused=mode is Mode.REFUSE,
        )
        if mode is Mode.REFUSE:
            reason = f"The document is not registered; allowed to the role {caller.role}: registered documents."
            raise Refusal(403, "DOCUMENT_NOT_TRUSTED", reason)
