"""`log_inquiries`, called with anything: its entries, their order, whom it makes known and what others count.

What it is held against is worked out here in plain Python. The function of the versions before is held against the
same, and the log that it began goes on after the migration.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sql.migrate import LEDGER, migrate
from sql.migration import migrations
from tests.conftest import CHECKOUT

Connection = psycopg.Connection[tuple[Any, ...]]

ROW_BY_ROW = 13  # the last version whose function wrote one entry at a time
DOCUMENT = sha256(b"{ a document }").digest()
KEYS = [sha256(f"person {number}".encode()).digest() for number in range(60)]
KNOWN, MISSING = 4, 99  # persons at the start; a loan that there is not
COUNTED = ("LOAN_APPLICATION", "CARD_APPLICATION")
SEED = """
insert into institution (code, name, kind) values ('B1', 'a bank', 'BANK');
insert into borrower (subject_key, known_since)
select key, now() from unnest(%(keys)s::bytea[]) with ordinality as known (key, slot) order by slot;
insert into loan (borrower_id, institution_id, number, product, principal, opened_on, state, reported_at)
select b.id, i.id, b.id::text, 'CARD', 100, '2026-01-01', 'ACTIVE', now() from borrower b, institution i order by b.id;
update coverage set borrowers = %(known)s;
"""
APPEND = """
select log_inquiries(
    'a request', 7, 'an analyst', %s, %s, %s::bytea[], %s::bytea[], %s::bigint[], %s::text[], %s::text[],
    %s::boolean[], 2
)
"""
ENTRIES = """
select purpose, consent, subject_key, loan_id, borrower_id from inquiry_log
where request = 'a request' and credential_id = 7 and caller = 'an analyst' and institution is not distinct from %s
    and document = %s and id > %s
order by id
"""


class Asked(NamedTuple):
    """One read, as the function gets it."""

    key: bytes | None
    other: bytes | None
    loan: int | None
    purpose: str
    consent: str | None


# Those known at the start and two more often, for the same person twice in a list.
KEY = st.sampled_from(KEYS[: KNOWN + 2]) | st.sampled_from(KEYS)
UNDONE = st.sampled_from(["kept", "undone"])
REASON = st.sampled_from(
    [("MODELLING", None), ("DISPUTE", None), (COUNTED[0], "c-1"), (COUNTED[1], "c-1"), (COUNTED[0], "c-2")]
)
READ = st.one_of(
    st.builds(lambda key, other, why: Asked(key, other, None, *why), KEY, st.none() | KEY, REASON),
    st.builds(
        lambda loan, why: Asked(None, None, loan, *why), st.sampled_from([*range(1, KNOWN + 1), MISSING]), REASON
    ),
)


def expected(reads: list[Asked], known: dict[bytes, int]) -> list[tuple[Any, ...]]:
    """Return the entries that the reads leave; a person is there with the key under which it is known."""
    entries: dict[tuple[Any, ...], None] = {}
    for read in reads:
        keys = [key for key in (read.key, read.other) if key in known]
        if read.loan is not None and read.loan != MISSING:
            keys = [KEYS[read.loan - 1]]
        key = keys[0] if keys else read.key
        entries[read.purpose, read.consent, key, read.loan if key is None else None, bool(keys)] = None
    return list(entries)


def makes_known(reads: list[Asked], known: dict[bytes, int]) -> list[bytes]:
    """Return the keys of the persons that the applications among the reads make known."""
    return sorted({
        read.key for read in reads
        if read.purpose in COUNTED and read.key and read.key not in known and read.other not in known
    })  # fmt: skip


def persons_known(connection: Connection) -> dict[bytes, int]:
    """Return the persons by the keys under which they are stored."""
    return dict(connection.execute("select subject_key, id from borrower").fetchall())


def logged(connection: Connection, reads: list[Asked]) -> None:
    """Have the reads logged, and hold what is there then against what should be."""
    asking = "B1" if any(read.purpose in COUNTED for read in reads) else None
    known = persons_known(connection)
    [(last, count)] = connection.execute("select coalesce(max(id), 0), count(*) from inquiry_log").fetchall()
    before = connection.execute("select clock_timestamp()").fetchall()[0][0]
    new = makes_known(reads, known)

    columns = [list(column) for column in zip(*reads, strict=True)] or [[]] * 5
    counting = [read.purpose in COUNTED for read in reads]
    [(added,)] = connection.execute(APPEND, [asking, DOCUMENT, *columns, counting]).fetchall()

    now_known = persons_known(connection)
    assert sorted(now_known.keys() - known.keys()) == new
    [(held,)] = connection.execute("select borrowers from coverage").fetchall()
    assert held == len(now_known)
    wanted = expected(reads, now_known)
    persons = {id_: key for key, id_ in now_known.items()}
    entries = connection.execute(ENTRIES, [asking, DOCUMENT, last]).fetchall()
    assert [(*entry[:4], entry[4] is not None) for entry in entries] == wanted
    assert all(entry[4] is None or persons[entry[4]] == entry[2] for entry in entries)
    assert added == len(entries)
    assert connection.execute("select count(*) from inquiry_log").fetchall() == [(count + added,)]
    counted = connection.execute(
        "select borrower_id, purpose from inquiry where inquired_at >= %s", [before]
    ).fetchall()
    assert sorted(counted) == sorted({(e[4], e[0]) for e in entries if e[0] in COUNTED and e[4] is not None})


@pytest.fixture
def former_url(create: Callable[[str], str]) -> str:
    """Give the address of a database of the last version that wrote the log row by row, with a few persons in it."""
    url = create("template0")
    with psycopg.connect(url) as connection:
        connection.execute(LEDGER)
        for one in migrations()[:ROW_BY_ROW]:
            connection.execute(one.text.encode())
            connection.execute(
                "insert into migration (number, name, digest) values (%s, %s, %s)", [one.number, one.name, one.digest]
            )
    with psycopg.connect(url) as connection, psycopg.ClientCursor(connection) as cursor:
        cursor.execute(SEED, {"keys": KEYS[:KNOWN], "known": KNOWN})
    return url


def log_anything(url: str, examples: int) -> None:
    """Have many lists of reads logged, each over a state that those before it left."""
    with psycopg.connect(url, autocommit=True) as connection:

        @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
        @given(st.lists(READ, max_size=12), UNDONE)
        def log(reads: list[Asked], undone: str) -> None:
            # Some are taken back, so that there are unknown persons to the end.
            with connection.transaction(force_rollback=undone == "undone"):
                logged(connection, reads)

        log()


def test_log_of_any_reads_is_the_same_before_and_after_it_is_written_at_once(former_url: str) -> None:
    log_anything(former_url, 40)

    assert migrate(former_url, lambda _: None) == len(migrations()) - ROW_BY_ROW
    log_anything(former_url, 80)

    verified = subprocess.run(
        [sys.executable, "-m", "cli", "audit", "verify"],
        cwd=CHECKOUT, env={**os.environ, "DATABASE_URL": former_url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    with psycopg.connect(former_url) as connection:
        [(count,)] = connection.execute("select count(*) from inquiry_log").fetchall()
    assert count > 100
    assert (verified.returncode, f"the inquiry log holds: {count:,} entries" in verified.stderr) == (0, True)


def test_log_of_an_application_that_nobody_makes_is_refused_and_leaves_nothing(former_url: str) -> None:
    migrate(former_url, lambda _: None)
    with psycopg.connect(former_url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.DatabaseError, match="none asks") as refused:
            connection.execute(
                APPEND, [None, DOCUMENT, [KEYS[7]], [None], [None], [COUNTED[0]], ["c-1"], [True]]
            )  # fmt: skip

        assert refused.value.sqlstate == "BG001"
        assert connection.execute("select count(*) from inquiry_log").fetchall() == [(0,)]
        assert connection.execute("select count(*) from borrower").fetchall() == [(KNOWN,)]
