"""`borrowgraph audit`: a log that nobody touched holds, and whatever is done to it is found, by name."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import CHECKOUT

ENTRIES = 12
APPEND = """
select log_inquiries(
    %s, null, 'an analyst', null, decode(repeat('ab', 32), 'hex'), %s::bytea[], array_fill(null::bigint, array[%s]),
    array_fill('MODELLING'::text, array[%s]), %s::text[], array_fill(false, array[%s])
)
"""


def append(url: str, request: str, consents: list[str | None]) -> None:
    """Log reads of unknown persons, one for each consent, as the service does."""
    keys, size = [sha256(f"{request} {number}".encode()).digest() for number in range(len(consents))], len(consents)
    with psycopg.connect(url) as connection:
        connection.execute(APPEND, [request, keys, size, size, consents, size])


def run(url: str, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cli", "audit", *map(str, words)],
        cwd=CHECKOUT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def tamper(url: str, *statements: str) -> None:
    """Change the log as somebody can who owns the database."""
    with psycopg.connect(url) as connection:
        for table in ("inquiry_log", "inquiry_chain"):
            connection.execute(f"alter table {table} disable trigger all".encode())
        for statement in statements:
            connection.execute(statement.encode())


@pytest.fixture
def logged_url(database_url: str) -> str:
    """Give the address of a database with a log in one lane: the reads of one connection."""
    append(database_url, "request 1", [None, "consent", 'a "consent"\\ of\n以後\x7f\x01'] * (ENTRIES // 3))
    return database_url


def test_log_that_nobody_touched_holds(logged_url: str) -> None:
    append(logged_url, "request 2", [None])

    done = run(logged_url, "verify")

    assert (done.returncode, f"the inquiry log holds: {ENTRIES + 1} entries" in done.stderr) == (0, True)


def test_log_that_is_empty_holds(database_url: str) -> None:
    assert run(database_url, "verify").returncode == 0


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
COPIED = """
insert into inquiry_log (
    lane, place, logged_at, request, credential_id, caller, institution, purpose, consent, document, subject_key,
    loan_id, borrower_id, previous, hash
)
select
    lane, place + 1, logged_at, request, credential_id, caller, institution, purpose, consent, document, subject_key,
    loan_id, borrower_id, hash, hash
from inquiry_log
where place = 12
"""
HEAD_OF_TEN = """
update inquiry_chain c set entries = l.place, hash = l.hash from inquiry_log l where l.lane = c.lane and l.place = 10
"""
TAMPERED: dict[str, tuple[list[str], str]] = {
    "changed": (["update inquiry_log set caller = 'nobody' where place = 5"], "entry 5: is not what was sealed"),
    "an instant moved": (
        ["update inquiry_log set logged_at = logged_at - interval '1 microsecond' where place = 2"],
        "entry 2: is not what was sealed",
    ),
    "taken out": (["delete from inquiry_log where place = 5"], "entry 6: stands where entry 5 should"),
    "put in": ([COPIED], "entry 13: is not what was sealed"),
    "two exchanged": (
        [
            "update inquiry_log set place = 100 where place = 3",
            "update inquiry_log set place = 3 where place = 4",
            "update inquiry_log set place = 4 where place = 100",
        ],
        "entry 3: does not follow from the entry before it",
    ),
    "the end cut off": (["delete from inquiry_log where place > 10"], "entry 11: is missing"),
    "the head changed": (
        ["update inquiry_chain set hash = decode(repeat('00', 32), 'hex')"],
        "its head is not its last entry",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_log_that_was_tampered_with_does_not_hold_and_says_where(logged_url: str, what: str) -> None:
    statements, found = TAMPERED[what]
    tamper(logged_url, *statements)

    done = run(logged_url, "verify")

    assert done.returncode == 1
    assert found in done.stdout


def test_log_of_which_end_and_head_were_cut_off_is_found_by_the_heads_that_were_kept(
    logged_url: str, tmp_path: Path
) -> None:
    kept = tmp_path / "heads"
    kept.write_text(run(logged_url, "heads").stdout)
    untouched = run(logged_url, "verify", "--heads", kept)
    tamper(logged_url, "delete from inquiry_log where place > 10", HEAD_OF_TEN)

    without, with_heads = run(logged_url, "verify"), run(logged_url, "verify", "--heads", kept)

    assert untouched.returncode == 0
    assert without.returncode == 0
    assert (with_heads.returncode, "entry 11: is missing" in with_heads.stdout) == (1, True)


def test_log_made_anew_from_an_entry_on_is_found_by_the_heads_that_were_kept(
    logged_url: str, create: Callable[[str], str], template: str, tmp_path: Path
) -> None:
    # What another log had at the same place: the chain holds, and does not run through it.
    other = create(template)
    append(other, "request 1", [None] * ENTRIES)
    [hashed] = [line.split()[2] for line in run(other, "heads").stdout.splitlines() if line.split()[1] == str(ENTRIES)]
    [lane] = [line.split()[0] for line in run(logged_url, "heads").stdout.splitlines() if line.split()[1] != "0"]
    (tmp_path / "heads").write_text(f"{lane} {ENTRIES} {hashed}\n")

    done = run(logged_url, "verify", "--heads", tmp_path / "heads")

    assert (done.returncode, "is not the one whose hash was kept" in done.stdout) == (1, True)


@pytest.mark.parametrize("text", ["0 1", "a b c", "0 1 zz", "0 -1 " + "00" * 32, "0 1 00"])
def test_heads_that_are_none_are_refused_with_what_is_allowed(database_url: str, tmp_path: Path, text: str) -> None:
    (tmp_path / "heads").write_text(text)

    done = run(database_url, "verify", "--heads", tmp_path / "heads")

    assert (done.returncode, "allowed: lines of lane, entries and hash" in done.stderr) == (65, True)


def test_log_with_any_texts_in_it_holds(database_url: str) -> None:
    seen = []

    @settings(max_examples=20, deadline=None, derandomize=True, database=None)
    @given(st.lists(TEXTS, min_size=1, max_size=20))
    def log(consents: list[str]) -> None:
        append(database_url, "any", list(consents))
        seen.append(len(consents))

    log()

    assert f"the inquiry log holds: {sum(seen):,} entries" in run(database_url, "verify").stderr
