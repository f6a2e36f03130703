"""Registered documents: those that callers name by an id, and some may ask alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from resolvers.database import Database
from sql.credentials import DocumentRow, DocumentsVersionRow

PREFIX = "sha256:"


@dataclass(frozen=True)
class Registered:
    """The registry at one moment: texts by id, and by digest."""

    version: str = ""
    by_id: Mapping[str, str] = field(default_factory=dict)
    by_digest: Mapping[bytes, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """Return the document of an id, or of ``sha256:`` and a digest in hexadecimal; None where there is none."""
        found = self.by_id.get(name)
        if found is None and name.startswith(PREFIX):
            return self.by_digest.get(bytes.fromhex(name.removeprefix(PREFIX)))
        return found


class Registry:
    """Reads the registry, its texts only where something changed."""

    def __init__(self) -> None:
        self._known = Registered()

    async def read(self, database: Database) -> Registered:
        """Return the registry as it is. Raises Unavailable."""
        [row] = await database.run(DocumentsVersionRow._make, "standing/documents_version")
        if row.version != self._known.version:
            rows = await database.run(DocumentRow._make, "standing/documents")
            self._known = Registered(
                row.version, {one.id: one.text for one in rows}, {one.digest: one.text for one in rows}
            )
        return self._known
