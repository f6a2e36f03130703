"""Reads what is held of a person, for the person: the read is in the inquiry log before anything is told."""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

from graph.settings import Settings
from resolvers.borrowers import keys_of_document, read_subject_key
from resolvers.callers import Caller, Purpose, Role
from resolvers.database import Database
from resolvers.logbook import Logbook, Read, Reason
from resolvers.person import Held, held
from resolvers.rotation import Rotation
from resolvers.trail import Trail

# The association gives it to the person; nobody counts it.
READER = Caller(None, "subject-report", Role.ASSOCIATION, None, frozenset({Purpose.OWN_REQUEST}), Purpose.OWN_REQUEST)
# What the log keeps as the document that was asked.
ASKED = sha256(b"subject-report").digest()


class Person(NamedTuple):
    """How the person is named: by a document's kind and number, or by a subject key of 64 hexadecimal digits."""

    kind: str = ""
    number: str = ""
    subject_key: str = ""


class Answer(NamedTuple):
    """What is held, when it was asked, under which number the log has it, and the key that stands for the person."""

    held: Held
    instant: datetime
    request: str
    subject_key: bytes


async def ask(settings: Settings, url: str, given: Sequence[str], person: Person) -> Answer:
    """Log the read, then make it; ``given`` are the platform's secrets, oldest first.

    Raises Problem where the person is not named rightly, or the database cannot.
    """
    request = uuid4().hex
    opened = Database.connect(url, connections=1, statement_seconds=settings.statement_seconds)
    async with opened as database:
        rotation = Rotation(given)
        rotation.database = database
        secrets = await rotation.secrets()
        if person.subject_key:
            keys = secrets.of_key(read_subject_key(person.subject_key, "subject-key"))
            ever = [keys.key]
        else:
            keys = keys_of_document(secrets, person.kind, person.number, "document")
            ever = secrets.ever(person.kind, person.number)
        trail = Trail(Logbook(database), request, READER, ASKED, secrets.version)
        trail.note(Read(keys.key, None, Reason(Purpose.OWN_REQUEST, None), keys.other))
        await trail.written()
        instant = datetime.now(UTC)
        async with database.reading() as reading:
            found = await held(reading, keys, ever, instant, but=request, time_zone=settings.time_zone)
        return Answer(found, instant, request, found.borrower.subject_key if found.borrower else keys.key)
