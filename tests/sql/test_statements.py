"""Every statement: its head says what PostgreSQL finds in its text, and its row type what columns come."""

import re
import types
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import asyncpg
import pytest

from sql import credentials, journal, person, portraits, rows
from sql.statements import FOLDER, StatementError, names, statement

LOADED = ("deliveries/", "rollups/", "access/", "audit/", "rotation/", "documents/")
DELIVERIES = [name for name in names() if name.startswith(LOADED)]
SHAPES = vars(rows) | vars(credentials) | vars(journal) | vars(person) | vars(portraits)
# Each makes a temporary table that the others need.
MAKERS = [name for name in DELIVERIES if name.partition("/")[2].startswith("create_")]
QUESTIONS = [name for name in names() if name not in DELIVERIES]

# All columns of something, where each should be named.
EVERYTHING = re.compile(r"select\s+\*|\.\*|,\s*\*")

# The types in which the driver hands over what PostgreSQL's types hold.
HELD = {
    "int4": int,
    "int8": int,
    "text": str,
    "bool": bool,
    "bool[]": list[bool],
    "float8": float,
    "bytea": bytes,
    "date": date,
    "timestamptz": datetime,
    "int4[]": list[int],
    "int8[]": list[int],
    "text[]": list[str],
    "date[]": list[date],
    "timestamp[]": list[datetime],
}


@pytest.fixture
async def reader(demo_url: str) -> AsyncIterator[Any]:
    """Give a connection that may do what the server may."""
    connection = await asyncpg.connect(demo_url, server_settings={"role": "borrowgraph_reader"})
    yield connection
    await connection.close()


@pytest.fixture
async def loader(demo_url: str) -> AsyncIterator[Any]:
    """Give a connection of the owner's, with the temporary tables of a load."""
    connection = await asyncpg.connect(demo_url)
    async with connection.transaction():
        for name in MAKERS:
            await connection.execute(statement(name).text)
        yield connection
    await connection.close()


async def declared(connection: Any, name: str) -> list[str]:
    """Return the types of a statement's head as PostgreSQL calls them; it refuses what is none."""
    query = "select format_type(declared::regtype, null) from unnest($1::text[]) declared"
    return [row[0] for row in await connection.fetch(query, list(statement(name).parameters))]


async def found(connection: Any, prepared: Any) -> list[str]:
    """Return the types of the parameters that PostgreSQL finds in a statement."""
    query = "select format_type(number, null) from unnest($1::oid[]) number"
    return [row[0] for row in await connection.fetch(query, [kind.oid for kind in prepared.get_parameters()])]


def bare(hint: object) -> object:
    """Take the None out of a type, and out of what its lists hold: every column may be null, and some are."""
    found = get_args(hint)[0] if isinstance(hint, types.UnionType) else hint
    return list[bare(get_args(found)[0])] if get_origin(found) is list else found  # type: ignore[misc]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_question_has_the_parameters_that_its_head_declares(reader: Any, name: str) -> None:
    prepared = await reader.prepare(statement(name).text)

    assert await found(reader, prepared) == await declared(reader, name)


@pytest.mark.parametrize("name", sorted(set(DELIVERIES) - set(MAKERS)))
async def test_statement_of_a_load_has_the_parameters_that_its_head_declares(loader: Any, name: str) -> None:
    prepared = await loader.prepare(statement(name).text)

    assert await found(loader, prepared) == await declared(loader, name)


@pytest.mark.parametrize("name", QUESTIONS)
async def test_question_gives_the_columns_of_its_row_type(reader: Any, name: str) -> None:
    row = SHAPES[statement(name).row or "no row declared"]

    columns = (await reader.prepare(statement(name).text)).get_attributes()

    assert [column.name for column in columns] == list(row._fields)
    hints = get_type_hints(row)
    assert [HELD[column.type.name] for column in columns] == [bare(hints[field]) for field in row._fields]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_question_about_nothing_may_be_asked_by_the_role_that_reads(reader: Any, name: str) -> None:
    asked = [None] * len(statement(name).parameters)

    answer = await reader.fetch(statement(name).text, *asked)

    assert len(answer) <= 1 or name in {"readiness/migrations", "portfolio/cells"}


def test_row_types_are_all_given_by_a_statement() -> None:
    given = {statement(name).row for name in QUESTIONS}

    assert given == {name for name, value in SHAPES.items() if isinstance(value, type) and hasattr(value, "_fields")}


@pytest.mark.parametrize("name", names())
def test_statement_opens_with_a_line_that_says_what_it_gives(name: str) -> None:
    first = statement(name).text.partition("\n")[0]

    assert first.startswith("-- ")
    assert not first.startswith(("-- $", "-- ->"))


@pytest.mark.parametrize("name", names())
def test_statement_is_one_and_lists_its_columns(name: str) -> None:
    text = "\n".join(line for line in statement(name).text.splitlines() if not line.strip().startswith("--"))

    assert ";" not in text
    assert not EVERYTHING.search(text)


def test_names_are_of_every_file_but_migrations_and_what_another_engine_runs() -> None:
    files = {path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.sql")}

    assert names() == sorted(name for name in files if not name.startswith(("migrations/", "adding/")))
    assert not {"migrations", "adding"} & {name.partition("/")[0] for name in names()}


def write(folder: Path, text: str) -> str:
    """Write a statement into a file outside the product, and return the name by which the loader finds it."""
    (folder / "statement.sql").write_text(text, encoding="utf-8")
    return str(folder / "statement")


def test_statement_is_read_with_its_parameters_and_row_type(tmp_path: Path) -> None:
    text = "-- Rows.\n-- $1 bigint[] ids\n-- $2 date a day\n-- -> LoanRow\nselect $2, $1, $2\n"

    found = statement(write(tmp_path, text))

    assert found.text == text
    assert found.parameters == ("bigint[]", "date")
    assert found.row == "LoanRow"


def test_statement_without_parameters_or_rows_is_read(tmp_path: Path) -> None:
    found = statement(write(tmp_path, "-- Does something.\ndelete from nowhere\n"))

    assert found.parameters == ()
    assert found.row is None


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "select $1"),
        ("-- $1 bigint\n", "select 1"),
        ("-- $1 bigint\n", "select $1, $2"),
        ("-- $1 bigint\n-- $2 bigint\n", "select $1"),
        ("-- $2 bigint\n", "select $2"),
        ("-- $2 bigint\n-- $1 bigint\n", "select $1, $2"),
        ("-- $1 bigint\n-- $1 bigint\n", "select $1"),
        ("-- $1 bigint\n-- $3 bigint\n", "select $1, $3"),
        ("-- $1\n", "select $1"),
    ],
)
def test_statement_whose_head_and_text_disagree_is_refused(tmp_path: Path, head: str, body: str) -> None:
    name = write(tmp_path, f"-- Rows.\n{head}{body}\n")

    with pytest.raises(StatementError, match="the head declares parameters"):
        statement(name)


def test_statement_that_does_not_exist_is_an_error_that_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"statement\.sql"):
        statement(str(tmp_path / "statement"))
