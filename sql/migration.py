"""Migrations of this version: the files ``migrations/NNNN_<verb>_<what>.sql``, and what a database lacks of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"


class MigrationError(Exception):
    """The database's schema and this version's migrations cannot be reconciled; the message says why."""


@dataclass(frozen=True)
class Migration:
    """One file: its number, its name, its text and the SHA-256 of that text in hexadecimal digits."""

    number: int
    name: str
    text: str
    digest: str


def migrations() -> list[Migration]:
    """All migrations of this version, in order; MigrationError where numbers repeat or leave a gap."""
    found = [_read(path) for path in sorted(FOLDER.glob("*.sql"))]
    if [migration.number for migration in found] != list(range(1, len(found) + 1)):
        raise MigrationError(f"migrations are not numbered 1, 2, 3 …: {[migration.name for migration in found]}")
    return found


def unapplied(done: Sequence[tuple[int, str, str]]) -> list[Migration]:
    """What is left to apply, given the (number, name, digest) of what was; MigrationError where they contradict."""
    known = migrations()
    for number, name, digest in done:
        if number > len(known):
            raise MigrationError(f"the database has migration {name}, this version ends at {known[-1].name}: upgrade")
        if known[number - 1].digest != digest:
            raise MigrationError(f"migration {name} was changed after it was applied: restore the released file")
    return known[len(done) :]


def _read(path: Path) -> Migration:
    text = path.read_text(encoding="utf-8")
    return Migration(int(path.stem[:4]), path.stem, text, sha256(text.encode()).hexdigest())
