"""`borrowgraph documents` as a person runs it: what it prints, how it ends and what the database holds then."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner, Result

from cli import commands
from tests.conftest import CHECKOUT, SECRET

ONE = "query One { coverage { loans } }\n"
TWO = "query Two($first: Int) { institutions(first: $first) { totalCount } }"


def digest(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Callable[..., Result]:
    """Give what runs a command of `documents` on an empty database."""

    def run(*arguments: str | Path) -> Result:
        environment = {
            "DATABASE_URL": database_url,
            "BORROWGRAPH_SECRET": SECRET,
            "BORROWGRAPH_HOME": str(tmp_path / "state"),
        }
        return CliRunner().invoke(commands, ["documents", *map(str, arguments)], env=environment)

    return run


@pytest.fixture
def kept(database_url: str) -> Callable[[], dict[str, str]]:
    """Give what returns the registered texts by id, and looks whether the digests are theirs."""

    def kept() -> dict[str, str]:
        with psycopg.connect(database_url) as connection:
            rows = connection.execute("select id, text, digest from trusted_document order by id").fetchall()
        assert all(held == sha256(text.encode()).digest() for _, text, held in rows)
        return {name: text for name, text, _ in rows}

    return kept


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_add_registers_files_by_the_digest_of_their_text(run: Any, kept: Any, tmp_path: Path) -> None:
    file = write(tmp_path / "one.graphql", ONE)

    done, again = run("add", file), run("add", file)

    assert (done.exit_code, done.stdout) == (0, f"{digest(ONE)}\n")
    assert "1 registered, 0 were there already" in done.stderr
    assert "0 registered, 1 were there already" in again.stderr
    assert kept() == {digest(ONE): ONE}


def test_add_registers_folders_with_all_that_is_in_them(run: Any, kept: Any, tmp_path: Path) -> None:
    write(tmp_path / "app" / "one.graphql", ONE)
    write(tmp_path / "app" / "inner" / "two.gql", TWO)
    write(tmp_path / "app" / "notes.txt", "no document")

    done = run("add", tmp_path / "app")

    assert done.exit_code == 0
    assert kept() == {digest(ONE): ONE, digest(TWO): TWO}


@pytest.mark.parametrize(
    "manifest",
    [
        {"one": ONE, digest(TWO): TWO},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [
                {"id": "one", "name": "One", "type": "query", "body": ONE},
                {"id": digest(TWO), "name": "Two", "type": "query", "body": TWO},
            ],
        },
    ],
)
def test_add_registers_what_a_manifest_holds_by_its_ids(run: Any, kept: Any, tmp_path: Path, manifest: Any) -> None:
    done = run("add", write(tmp_path / "persisted-documents.json", manifest))

    assert done.exit_code == 0
    assert kept() == {"one": ONE, digest(TWO): TWO}


def test_add_registers_one_document_under_an_id(run: Any, kept: Any, tmp_path: Path) -> None:
    done = run("add", write(tmp_path / "one.graphql", ONE), "--id", "one-v1")

    assert (done.exit_code, done.stdout) == (0, "one-v1\n")
    assert kept() == {"one-v1": ONE}


@pytest.mark.parametrize(
    ("name", "content", "reasons"),
    [
        ("bad.graphql", "{ coverag { loans } }", ["line 1, column 3: Cannot query field 'coverag'"]),
        ("bad.graphql", "{ coverage {", ["line 1, column 13: Syntax Error"]),
        ("bad.graphql", "{ " + "a: __typename " * 200 + "}", ["stand where the same one stands already: 199"]),
        ("bad.graphql", "", ["Syntax Error"]),
        ("bad.json", "{", ["not JSON"]),
        ("bad.json", ["query"], ["an object of ids and texts, or Apollo's manifest"]),
        ("bad.json", {"one": 7}, ["an object of ids and texts, or Apollo's manifest"]),
        ("bad.json", {"md5:0": ONE, "a b": ONE}, ["md5:0: not an id; allowed: sha256:", "a b: not an id"]),
        ("bad.json", {digest(TWO): ONE}, [f"the id is not the digest of the text, which is {digest(ONE)[7:]}"]),
        ("bad.json", {"one": ONE, "two": "{ nothing }"}, ["two: line 1, column 3: Cannot query field 'nothing'"]),
        ("bad.sql", "select", ["allowed: files that end in .graphql, .gql or .json, and folders"]),
        ("folder/notes.txt", "", ["holds no file that ends in .graphql or .gql"]),
    ],
)
def test_add_of_what_is_no_document_registers_none_and_says_why(
    run: Any, kept: Any, tmp_path: Path, name: str, content: Any, reasons: list[str]
) -> None:
    path = write(tmp_path / name, content)
    good = write(tmp_path / "good.graphql", ONE)

    done = run("add", good, path.parent if "/" in name else path)

    assert done.exit_code == 65
    assert "nothing is registered:" in done.stderr
    assert all(reason in done.stderr for reason in reasons), done.stderr
    assert kept() == {}


def test_add_under_an_id_that_is_anothers_registers_none(run: Any, kept: Any, tmp_path: Path) -> None:
    run("add", write(tmp_path / "one.graphql", ONE), "--id", "screen")

    done = run("add", write(tmp_path / "both.json", {"new": ONE, "screen": TWO}))

    assert done.exit_code == 65
    assert "the id screen is another document's; `documents remove` frees it" in done.stderr
    assert kept() == {"screen": ONE}


def test_add_of_several_under_one_id_is_refused(run: Any, kept: Any, tmp_path: Path) -> None:
    done = run("add", write(tmp_path / "both.json", {"one": ONE, "two": TWO}), "--id", "x")

    assert done.exit_code == 2
    assert "with one document; 2 are given" in done.stderr
    assert kept() == {}


def test_list_shows_operations_and_remove_takes_out(run: Any, kept: Any, tmp_path: Path) -> None:
    run("add", write(tmp_path / "both.json", {"one": ONE, "two": TWO, "plain": "{ __typename }"}))

    listed, removed, unknown = run("list"), run("remove", "one", "plain"), run("remove", "one", "nobody")

    assert "one\n    query One; 33 characters; since 20" in listed.stdout
    assert "plain\n    query without a name; 14 characters" in listed.stdout
    assert (removed.exit_code, "2 removed" in removed.stderr) == (0, True)
    assert (unknown.exit_code, "no document has the id one, nobody" in unknown.stderr) == (78, True)
    assert kept() == {"two": TWO}
    assert "no document is registered" not in run("list").stderr


def test_remove_of_one_that_is_not_there_removes_none_of_those_given(run: Any, kept: Any, tmp_path: Path) -> None:
    run("add", write(tmp_path / "one.graphql", ONE), "--id", "one")

    assert run("remove", "one", "nobody").exit_code == 78
    assert kept() == {"one": ONE}


def test_list_of_nothing_says_what_registers_documents(run: Any) -> None:
    assert "`borrowgraph documents add` registers them" in run("list").stderr


def test_documents_of_ours_can_all_be_registered(run: Any, kept: Any) -> None:
    # The ids in those documents are not read, so they are valid wherever they run.
    done = run("add", CHECKOUT / "graph" / "pages" / "graphiql" / "examples", CHECKOUT / "graph" / "report")

    assert done.exit_code == 0, done.stderr
    assert len(kept()) == 6


@pytest.mark.parametrize("command", [(), ("add",), ("list",), ("remove",)])
def test_help_says_what_it_is_for(run: Any, command: tuple[str, ...]) -> None:
    text = run(*command, "--help").stdout

    assert "document" in text
    assert len(text.splitlines()) > 5
