"""A released migration never changes: every file is what sql/migrations/digests.txt says it was."""

import re
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "sql" / "migrations"
LEDGER = FOLDER / "digests.txt"
LINE = re.compile(r"([0-9a-f]{64})  (\S+\.sql)")


def frozen() -> dict[str, str]:
    """Return each listed file's digest by its name."""
    lines = [LINE.fullmatch(line) for line in LEDGER.read_text(encoding="utf-8").splitlines()]
    assert all(lines), f"{LEDGER.name} holds something else than what sha256sum writes: <digest>  <file name>"
    return {line[2]: line[1] for line in lines if line}


def test_migrations_that_were_released_are_what_they_were() -> None:
    changed = [
        name
        for name, digest in frozen().items()
        if not (FOLDER / name).exists() or sha256((FOLDER / name).read_bytes()).hexdigest() != digest
    ]

    assert not changed, f"released migrations never change; restore {', '.join(changed)}, and write a new migration"


def test_migrations_are_all_listed_in_their_order() -> None:
    files = sorted(path.name for path in FOLDER.glob("*.sql"))

    missing = [name for name in files if name not in frozen()]

    assert not missing, (
        f"{LEDGER.name} does not list {', '.join(missing)}; a NEW migration is frozen by its line: "
        f"(cd sql/migrations && sha256sum {' '.join(missing)} >> {LEDGER.name})"
    )
    assert list(frozen()) == files


def test_migrations_are_named_by_number_and_verb() -> None:
    names = [path.stem for path in sorted(FOLDER.glob("*.sql"))]

    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    assert all(re.fullmatch(r"\d{4}(_[a-z0-9]+){2,}", name) for name in names)
