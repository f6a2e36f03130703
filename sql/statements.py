"""The loader of ``sql/<nouns>/<question>.sql``: reads a statement's text and what its head promises."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
# What migrations are is no statement; what a load adds up is, but not PostgreSQL's.
ELSEWHERE = {"migrations", "adding"}
PARAMETER = re.compile(r"^-- \$(\d+) (\S+)", re.MULTILINE)
ROW = re.compile(r"^-- -> (\w+)$", re.MULTILINE)
PLACEHOLDER = re.compile(r"\$(\d+)")


class StatementError(Exception):
    """A statement's head does not say what its text does."""


@dataclass(frozen=True)
class Statement:
    """One SQL statement: its name (``loans/of_borrowers``), its text, and what its head declares."""

    name: str
    text: str
    parameters: tuple[str, ...]
    row: str | None


@cache
def statement(name: str) -> Statement:
    """Read ``sql/<name>.sql``; raises StatementError where head and text disagree about the parameters."""
    text = (FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    declared = PARAMETER.findall(text)
    numbers = [int(number) for number, _ in declared]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    used = sorted({int(number) for number in PLACEHOLDER.findall(body)})
    if numbers != list(range(1, len(numbers) + 1)) or numbers != used:
        raise StatementError(f"{name}.sql: the head declares parameters {numbers}, the statement uses {used}")
    row = ROW.search(text)
    return Statement(name, text, tuple(kind for _, kind in declared), row.group(1) if row else None)


def names() -> list[str]:
    """Every name of a statement that PostgreSQL runs, in alphabetical order."""
    files = (path.relative_to(FOLDER) for path in FOLDER.glob("*/*.sql"))
    return sorted(path.with_suffix("").as_posix() for path in files if path.parts[0] not in ELSEWHERE)
