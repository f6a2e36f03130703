"""`borrowgraph secret`: the secret exchanged while loads and questions go on, and nobody is lost or seen twice."""

import hmac
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.service import ServeError, serve
from graph.settings import read
from intake import rekeying
from intake.load import LOCK, load
from intake.problems import LoadError
from intake.session import connected
from sql.secret import SecretError, Secrets, in_force
from tests.conftest import CHECKOUT, quiet, serving
from tests.intake.delivering import BANK, INQUIRY, LOAN, deliver
from tests.intake.killing import until

OLD, NEW, NEWEST = ("old " * 10).strip(), ("new " * 10).strip(), ("newest " * 10).strip()
BOTH = {"BORROWGRAPH_SECRET": NEW, "BORROWGRAPH_SECRET_PREVIOUS": OLD}
GIVEN = (OLD.encode(), NEW.encode())
FUND = {"code": "FND", "name": "A fund", "kind": "MICROLOAN"}
LOANS = "query ($by: BorrowerKey!) { borrower(by: $by) { id subjectKey loans { totalCount } } }"
LOG = """query ($by: BorrowerKey!) {
    inquiryLog(window: { last: "P1Y" }, borrower: $by) { totalCount nodes { found } } }"""


def old(number: object) -> str:
    """Work out the key of a document under the old secret, from the definition."""
    return hmac.new(OLD.encode(), f"ID_CARD\n{number}".upper().encode(), sha256).hexdigest()


def new(number: object) -> str:
    """Work out the key of a document under the new secret, from the definition."""
    return hmac.new(NEW.encode(), b"\n" + bytes.fromhex(old(number)), sha256).hexdigest()


def document(number: object) -> dict[str, object]:
    return {"document": {"kind": "ID_CARD", "number": str(number)}}


def subject(number: object, how: str) -> dict[str, str]:
    """Name a person as an institution does: by document, or by a key that it made with a secret."""
    if how == "document":
        return {"subject_key": "", "document_kind": "ID_CARD", "document_number": str(number)}
    return {"subject_key": {"old": old, "new": new}[how](number), "document_kind": "", "document_number": ""}


def run(url: str, *words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command with both secrets, unless told otherwise."""
    given = {"DATABASE_URL": url, **BOTH, **environment}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("BORROWGRAPH_")}
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(command, cwd=CHECKOUT, env=inherited | given, capture_output=True, text=True, check=False)


def rotate(url: str, *steps: str) -> None:
    """Take steps of a rotation, as the commands do."""
    with connected(url) as session:
        for step in steps:
            if step == "begin":
                rekeying.begin(session, GIVEN, LOCK)
            elif step == "rekey":
                list(rekeying.rekey(session, in_force(GIVEN, rekeying.begun(session)), LOCK, batch=3))
            else:
                assert rekeying.end(session, in_force(GIVEN, rekeying.begun(session)), LOCK) == 0


def bring(url: str, folder: Path, secret: str = NEW, previous: tuple[str, ...] = (OLD,), **kinds: Any) -> None:
    """Load a delivery."""
    before = [one.encode() for one in previous]
    load(url, [deliver(folder, **kinds)], secret=secret.encode(), previous=before, progress=quiet())


def loan(number: object, how: str, institution: str = "BNK", name: str = "") -> dict[str, str]:
    return LOAN | {"institution": institution, "loan": name or f"L{number}"} | subject(number, how)


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def crowd(url: str, many: int) -> None:
    """Make as many persons known, without anything else."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into borrower (subject_key, known_since) "
            "select sha256(i::text::bytea), now() from generate_series(1, %s) i", [many],
        )  # fmt: skip
        connection.execute("update coverage set borrowers = borrowers + %s", [many])


async def posted(client: httpx.AsyncClient, query: str, by: object) -> dict[str, Any]:
    body: dict[str, Any] = (await client.post("/graphql", json={"query": query, "variables": {"by": by}})).json()
    return body


async def borrower(client: httpx.AsyncClient, by: object) -> dict[str, Any] | None:
    body = await posted(client, LOANS, by)
    assert "errors" not in body, body
    found: dict[str, Any] | None = body["data"]["borrower"]
    return found


@pytest.fixture
def known_url(database_url: str, tmp_path: Path) -> str:
    """Give the address of a database with ten persons, known by documents before any rotation."""
    loans = [loan(number, "document") for number in range(10)]
    bring(database_url, tmp_path / "known", OLD, (), institutions=[BANK, FUND], loans=loans)
    return database_url


@asynccontextmanager
async def asked(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(url, **BOTH) as client:
        yield client


async def test_rotation_changes_what_is_made_and_keeps_everybody_found(known_url: str) -> None:
    async with serving(known_url, BORROWGRAPH_SECRET=OLD) as client:
        before = await borrower(client, document(3))
        await borrower(client, document("nobody"))
    assert before is not None
    assert before["subjectKey"] == old(3)

    async with asked(known_url) as client:
        assert await borrower(client, document(3)) == before

    rotate(known_url, "begin")
    async with asked(known_url) as client:
        for by in (document(3), {"subjectKey": old(3)}, {"id": before["id"]}):
            found = await borrower(client, by)
            assert found is not None
            assert found["loans"]["totalCount"] == 1

    rotate(known_url, "rekey")
    async with asked(known_url) as client:
        after = await borrower(client, document(3))
        assert after is not None
        assert after["subjectKey"] == new(3)
        for by in ({"subjectKey": old(3)}, {"subjectKey": new(3)}, {"id": before["id"]}, {"id": after["id"]}):
            assert await borrower(client, by) == after

    rotate(known_url, "end")
    async with asked(known_url) as client:
        assert await borrower(client, document(3)) == after
        assert await borrower(client, {"id": after["id"]}) == after
        assert await borrower(client, {"subjectKey": old(3)}) is None
        refused = await posted(client, LOANS, {"id": before["id"]})
        assert refused["errors"][0]["extensions"]["code"] == "BORROWER_KEY_MALFORMED"


async def test_rotation_leaves_the_log_of_a_person_whole(known_url: str) -> None:
    async with serving(known_url, BORROWGRAPH_SECRET=OLD) as client:
        for who in (1, "nobody"):
            await borrower(client, document(who))
    rotate(known_url, "begin", "rekey", "end")

    async with asked(known_url) as client:
        await borrower(client, document(1))
        known = (await posted(client, LOG, document(1)))["data"]["inquiryLog"]
        unknown = (await posted(client, LOG, document("nobody")))["data"]["inquiryLog"]
        by_key = (await posted(client, LOG, {"subjectKey": new(1)}))["data"]["inquiryLog"]

    assert known["totalCount"] == 3
    assert [one["found"] for one in unknown["nodes"]] == [False, False]
    assert by_key["totalCount"] == 4
    assert run(known_url, "audit", "verify").returncode == 0


async def test_cursor_of_before_goes_on_until_the_end(known_url: str, tmp_path: Path) -> None:
    bring(known_url, tmp_path / "more", OLD, (), loans=[loan(1, "document", name=f"M{n}") for n in range(3)])
    page = """query ($by: BorrowerKey!, $after: String) {
        borrower(by: $by) { loans(first: 2, after: $after) { pageInfo { endCursor hasNextPage } } } }"""

    async def next_page(client: httpx.AsyncClient, after: str | None) -> dict[str, Any]:
        body = {"query": page, "variables": {"by": document(1), "after": after}}
        answer: dict[str, Any] = (await client.post("/graphql", json=body)).json()
        return answer

    async with serving(known_url, BORROWGRAPH_SECRET=OLD) as client:
        first = (await next_page(client, None))["data"]["borrower"]["loans"]["pageInfo"]
    rotate(known_url, "begin", "rekey")
    async with asked(known_url) as client:
        second = (await next_page(client, first["endCursor"]))["data"]["borrower"]["loans"]["pageInfo"]
        assert not second["hasNextPage"]
    rotate(known_url, "end")
    async with asked(known_url) as client:
        assert (await next_page(client, first["endCursor"]))["errors"][0]["extensions"]["code"] == "CURSOR_INVALID"


async def test_service_that_runs_notices_that_a_rotation_began(known_url: str) -> None:
    async with asked(known_url) as client:
        assert (await borrower(client, document(1)) or {})["subjectKey"] == old(1)
        rotate(known_url, "begin", "rekey")

        # Whatever it knows already, it finds everybody; soon it makes new ids and answers with new keys.
        first = await borrower(client, document(1)) or {}
        while (await borrower(client, document(1)) or {}).get("subjectKey") != new(1):
            pass

    assert first == {} or first["subjectKey"] in {old(1), new(1)}


async def test_application_about_somebody_unknown_makes_one_person_known(known_url: str) -> None:
    rotate(known_url, "begin")
    document_ = """query ($by: BorrowerKey!) {
        borrower(by: $by, purpose: LOAN_APPLICATION, consent: "c") { subjectKey } }"""
    environment = {"BORROWGRAPH_ROLE": "INSTITUTION", "BORROWGRAPH_ASKING_INSTITUTION": "BNK"}

    async with serving(known_url, **BOTH, **environment) as client:
        for by in (document("x"), {"subjectKey": old("x")}, {"subjectKey": new("x")}, document(4)):
            assert "errors" not in await posted(client, document_, by)

    assert rows(known_url, "select count(*) from borrower") == [(11,)]
    assert rows(known_url, "select borrowers from coverage") == [(11,)]
    assert rows(known_url, "select count(distinct borrower_id), count(*) from inquiry") == [(2, 4)]


HOW = st.sampled_from(["document", "old", "new"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    early=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["document", "old"])), max_size=5),
    late=st.lists(st.tuples(st.integers(0, 5), HOW), min_size=1, max_size=8),
    split=st.integers(0, 8),
)
def test_deliveries_during_a_rotation_split_nobody(
    create: Callable[[str], str],
    rotating: str,
    tmp_path_factory: pytest.TempPathFactory,
    early: list[tuple[int, str]],
    late: list[tuple[int, str]],
    split: int,
) -> None:
    url, folder, persons = create(rotating), tmp_path_factory.mktemp("late"), set(range(6))
    # Before everybody is brought to the new secret nobody outside has it.
    for at, (number, how) in enumerate(early):
        persons.add(number)
        bring(url, folder / f"early {at}", loans=[loan(number, how, name=f"E{at}")])
    rotate(url, "rekey")
    parts = [part for part in (late[:split], late[split:]) if part]
    for at, part in enumerate(parts):
        loans = [loan(number, how, "FND", f"F{at} {place}") for place, (number, how) in enumerate(part)]
        asked_ = [
            INQUIRY | subject(number, how) | {"inquired_at": f"2024-01-{1 + place:02}T12:00:0{at}+08:00"}
            for place, (number, how) in enumerate(part)
        ]
        bring(url, folder / f"late {at}", loans=loans, inquiries=asked_)
    rotate(url, "rekey", "end")

    stored = dict(rows(url, "select encode(subject_key, 'hex'), id from borrower"))
    assert set(stored) == {new(number) for number in persons}
    assert rows(url, "select borrowers, loans from coverage") == [(len(persons), 6 + len(early) + len(late))]
    for number in persons:
        held = f"select count(*) from loan where borrower_id = {stored[new(number)]}"  # noqa: S608 - a number
        known = 1 if number < 6 else 0
        assert rows(url, held)[0][0] == known + sum(number == one for one, _ in [*early, *late])


@pytest.fixture(scope="module")
def rotating(create: Callable[[str], str], template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the name of a database with six persons, whose rotation has begun."""
    url, loans = create(template), [loan(number, "document") for number in range(6)]
    bring(url, tmp_path_factory.mktemp("six"), OLD, (), institutions=[BANK, FUND], loans=loans)
    rotate(url, "begin")
    return url.partition("?")[0].rpartition("/")[2]


def test_delivery_with_old_keys_of_new_persons_is_told_by_its_keys_of_known_ones(
    known_url: str, tmp_path: Path
) -> None:
    rotate(known_url, "begin", "rekey")

    bring(known_url, tmp_path / "old", loans=[loan(1, "old", name="O1"), loan("x", "old")])
    bring(known_url, tmp_path / "new", loans=[loan(1, "new", "FND"), loan("x", "new", "FND"), loan("y", "new", "FND")])

    stored = {key for (key,) in rows(known_url, "select encode(subject_key, 'hex') from borrower")}
    assert {new("x"), new("y")} <= stored
    assert len(stored) == 12


def test_document_brings_a_person_of_an_old_key_over(known_url: str, tmp_path: Path) -> None:
    rotate(known_url, "begin", "rekey")
    bring(known_url, tmp_path / "key", loans=[loan("x", "old")])
    assert (old("x"),) in rows(known_url, "select encode(subject_key, 'hex') from borrower")

    bring(known_url, tmp_path / "document", loans=[loan("x", "document", "FND")])

    query = (
        "select encode(subject_key, 'hex'), count(*) from borrower join loan on borrower_id = borrower.id group by 1"
    )
    assert (new("x"), 2) in rows(known_url, query)


async def test_questions_and_loads_go_on_while_everybody_is_brought_over(known_url: str, tmp_path: Path) -> None:
    rotate(known_url, "begin")
    crowd(known_url, 3_000)
    loads = 5

    def bring_all() -> None:
        for number in range(loads):
            loans = [loan(one, "document", "FND", f"{number}/{one}") for one in range(10)]
            bring(known_url, tmp_path / f"load {number}", loans=loans)

    threads = [Thread(target=rotate, args=(known_url, "rekey")), Thread(target=bring_all)]
    async with asked(known_url) as client:
        for thread in threads:
            thread.start()
        seen = 0
        while any(thread.is_alive() for thread in threads):
            found = await borrower(client, document(seen % 10))
            assert found is not None
            assert found["loans"]["totalCount"] >= 1
            seen += 1
        counts = {(await borrower(client, document(one)) or {})["loans"]["totalCount"] for one in range(10)}

    assert counts == {1 + loads}
    assert rows(known_url, "select key_version, count(*) from borrower group by 1") == [(2, 3_010)]
    assert run(known_url, "rollups", "check").returncode == 0


def test_command_killed_in_the_middle_goes_on(known_url: str) -> None:
    everybody = 120_000
    crowd(known_url, everybody - 10)
    rotate(known_url, "begin")
    environment = {**os.environ, "DATABASE_URL": known_url, **BOTH}
    done = "select count(*) from borrower where key_version = 2"

    with subprocess.Popen([sys.executable, "-m", "cli", "secret", "rekey"], cwd=CHECKOUT, env=environment) as process:
        until(lambda: rows(known_url, done) != [(0,)])
        process.send_signal(signal.SIGKILL)
    [(reached,)] = rows(known_url, done)
    assert 0 < reached < everybody
    assert run(known_url, "secret", "end").returncode != 0

    again = run(known_url, "secret", "rekey")

    assert again.stdout == f"{everybody - reached:,} persons brought to version 2\n"
    assert rows(known_url, "select count(*), count(distinct subject_key) from borrower where key_version = 2") == [
        (everybody, everybody)
    ]
    keys = {key for (key,) in rows(known_url, "select encode(subject_key, 'hex') from borrower where id <= 10")}
    assert keys == {new(number) for number in range(10)}


def test_commands_say_where_a_rotation_stands_and_never_the_secrets(known_url: str) -> None:
    said = []

    def told(*words: str, **environment: str) -> str:
        done = run(known_url, "secret", *words, **environment)
        said.append(done.stdout + done.stderr)
        return done.stdout + done.stderr

    assert "version 1, never rotated: 10 persons\nnothing is being rotated" in told(
        "status", BORROWGRAPH_SECRET=OLD, BORROWGRAPH_SECRET_PREVIOUS=""
    )
    assert "`secret begin` begins it" in told("status")
    assert "nothing is being rotated" in told("end")
    assert "version 2 is begun" in told("begin")
    assert "version 2 is begun; `borrowgraph secret end` ends it first" in told("begin")
    assert "10 persons are to be brought to version 2: `secret rekey`" in told("status")
    assert "10 persons are under keys of an earlier version" in told("end")
    assert told("rekey").startswith("10 persons brought to version 2\n")
    assert "everybody is under the newest; `secret end` ends it" in told("status")
    assert "version 2 alone counts" in told("end")
    assert "BORROWGRAPH_SECRET is version 2, which is in force" in told("begin")
    assert not any(secret in text for text in said for secret in (OLD, NEW))


def test_third_secret_is_made_through_all_of_them(known_url: str, tmp_path: Path) -> None:
    rotate(known_url, "begin", "rekey", "end")
    third = {"BORROWGRAPH_SECRET": NEWEST, "BORROWGRAPH_SECRET_PREVIOUS": f"{OLD}\n{NEW}"}

    for step in ("begin", "rekey", "end"):
        done = run(known_url, "secret", step, **third)
        assert done.returncode == 0, done.stderr

    expected = {hmac.new(NEWEST.encode(), b"\n" + bytes.fromhex(new(n)), sha256).hexdigest() for n in range(10)}
    assert {key for (key,) in rows(known_url, "select encode(subject_key, 'hex') from borrower")} == expected
    bring(known_url, tmp_path / "third", NEWEST, (OLD, NEW), loans=[loan(3, "document", "FND")])
    assert rows(known_url, "select count(*) from borrower") == [(10,)]


@pytest.mark.parametrize(
    "given_",
    [
        {"BORROWGRAPH_SECRET": NEW, "BORROWGRAPH_SECRET_PREVIOUS": ""},
        {"BORROWGRAPH_SECRET": OLD, "BORROWGRAPH_SECRET_PREVIOUS": ""},
        {"BORROWGRAPH_SECRET": OLD, "BORROWGRAPH_SECRET_PREVIOUS": NEW},
        {"BORROWGRAPH_SECRET": NEWEST, "BORROWGRAPH_SECRET_PREVIOUS": OLD},
        {"BORROWGRAPH_SECRET": NEWEST, "BORROWGRAPH_SECRET_PREVIOUS": f"{NEW}\n{OLD}"},
    ],
)
def test_secrets_that_are_not_the_databases_are_refused(known_url: str, tmp_path: Path, given_: dict[str, str]) -> None:
    rotate(known_url, "begin")
    folder = deliver(tmp_path / "new", loans=[loan("x", "document")])

    refused = run(known_url, "load", str(folder), **given_)
    with pytest.raises(ServeError, match="secret"):
        serve(read({"DATABASE_URL": known_url, **given_}, Path()), "127.0.0.1", 0, 1, lambda _: None)

    assert refused.returncode == 78
    assert "BORROWGRAPH_SECRET" in refused.stderr
    assert OLD not in refused.stderr
    assert rows(known_url, "select count(*) from borrower") == [(10,)]


async def test_service_that_was_not_given_the_new_secret_answers_nobody(known_url: str) -> None:
    async with serving(known_url, BORROWGRAPH_SECRET=OLD) as client:
        rotate(known_url, "begin")
        while (await client.post("/graphql", json={"query": "{ coverage { loans } }"})).status_code == 200:
            pass
        response = await client.post("/graphql", json={"query": "{ coverage { loans } }"})
        health = await client.get("/health/ready")

    assert response.status_code == health.status_code == 503
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


def test_load_is_refused_where_the_secret_was_rotated_meanwhile(known_url: str) -> None:
    with connected(known_url) as session, session.transaction():
        before = rekeying.in_database(session, GIVEN)
    rotate(known_url, "begin")

    with connected(known_url) as session, session.transaction(), pytest.raises(LoadError, match="load it again"):
        rekeying.name_as_stored(session, before)


def test_load_of_keys_alone_needs_no_secret_but_during_a_rotation(known_url: str, tmp_path: Path) -> None:
    folder = deliver(tmp_path / "keys", loans=[loan(1, "old", name="again")])
    rotate(known_url, "begin")

    with pytest.raises(SecretError):
        load(known_url, [folder], secret=None, progress=quiet())
    rotate(known_url, "rekey", "end")
    load(known_url, [folder], secret=None, progress=quiet())


@given(kind=st.text(min_size=1), number=st.text(min_size=1), key=st.binary(min_size=32, max_size=32))
def test_no_document_gives_the_key_that_another_key_gives(kind: str, number: str, key: bytes) -> None:
    secrets = Secrets((b"one secret", b"another"), overlap=True)
    try:
        document_ = secrets.of_document(kind, number)
    except ValueError:
        return

    assert secrets.of_key(document_.other or b"").other == document_.key
    assert secrets.of_key(key).key == key
    assert key == document_.other or secrets.of_key(key).other != document_.key
