"""Migrations: forward, once each, safe on a database with data in it, and stingy with what a reader may do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from graphlib import TopologicalSorter
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import DuplicateTable, InsufficientPrivilege

from sql.migrate import LEDGER, migrate
from sql.migration import Migration, MigrationError, migrations

Connection = psycopg.Connection[tuple[Any, ...]]

# Versions between these had rollups of another form, which they make of the rows; the demo has none to give them.
FIRST_ROLLUPS, ROLLUPS_BY_BLOCK = 5, 13
NUMBERS = [migration.number for migration in migrations()]

# Without the inquiry log, which is only ever added to: nothing can be put into it, and tests on the demo add to it.
TABLES = """
    select relname::text from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'migration'
        and relname not like 'inquiry\\_%'
    order by relname
"""
REFERENCES = """
    select conrelid::regclass::text, confrelid::regclass::text from pg_constraint
    where contype = 'f' and connamespace = 'public'::regnamespace
"""
COLUMNS = """
    select attname::text from pg_attribute
    where attrelid = %s::regclass and attnum > 0 and not attisdropped and attgenerated = ''
    order by attnum
"""
CHUNKS = "select format('%I.%I', chunk_schema, chunk_name) from timescaledb_information.chunks"
SCHEMA = """
    select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and a.attnum > 0
    order by c.relname, a.attnum
"""


@pytest.fixture
def empty_url(create: Callable[[str], str]) -> str:
    """Give the address of a database without our schema."""
    return create("template0")


@pytest.fixture
def reader(demo_url: str) -> Iterator[Connection]:
    """Give a connection of the login with which the embedded server is served: a member of the role that reads."""
    with psycopg.connect(demo_url.replace("//borrowgraph@", "//borrowgraph_service@")) as connection:
        yield connection
        connection.rollback()


def silently(url: str) -> int:
    return migrate(url, lambda _: None)


def apply(url: str, prefix: list[Migration]) -> None:
    """Bring a database to an older version, in the way that version did."""
    with psycopg.connect(url) as connection:
        connection.execute(LEDGER)
        for migration in prefix:
            connection.execute(migration.text.encode())
            connection.execute(
                "insert into migration (number, name, digest) values (%s, %s, %s)",
                [migration.number, migration.name, migration.digest],
            )


def tables(connection: Connection) -> list[str]:
    """Name the tables, those that others refer to first."""
    order = TopologicalSorter({name: set[str]() for (name,) in connection.execute(TABLES)})
    for name, other in connection.execute(REFERENCES):
        order.add(name, other)
    return list(order.static_order())


def columns(connection: Connection, table: str) -> list[str]:
    return [name for (name,) in connection.execute(COLUMNS, [table])]


def fill(url: str, source_url: str) -> None:
    """Give a database of an older version what a current one holds, in the tables and columns that it has."""
    with psycopg.connect(source_url) as source, psycopg.connect(url) as target:
        names = [name for name in tables(target) if columns(source, name)]
        target.execute(sql.SQL("truncate {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))
        for name in names:
            shared = [column for column in columns(target, name) if column in columns(source, name)]
            listed = sql.SQL(", ").join(map(sql.Identifier, shared))
            take = sql.SQL("copy (select {} from {}) to stdout").format(listed, sql.Identifier(name))
            give = sql.SQL("copy {} ({}) from stdin").format(sql.Identifier(name), listed)
            with source.cursor().copy(take) as taken, target.cursor().copy(give) as given:
                for block in taken:
                    given.write(block)


def held(url: str) -> dict[str, tuple[Any, ...]]:
    """Count each table's rows and add up what they say.

    But for the notes on deliveries, which say when they came, and what callers spent: other tests ask the demo too.
    """
    query = "select count(*), sum(hashtextextended(t::text, 0)) from {} t"
    with psycopg.connect(url) as connection:
        connection.execute("set timezone to 'UTC'")
        found = {name: connection.execute(sql.SQL(query).format(sql.Identifier(name))) for name in tables(connection)}
        found = {name: cursor for name, cursor in found.items() if not name.startswith(("delivery", "spending"))}
        return {name: cursor.fetchall()[0] for name, cursor in found.items()}


def ledger(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute("select number, name, digest, applied_at from migration order by number").fetchall()


def schema(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(SCHEMA).fetchall()


def test_migrate_on_an_empty_database_applies_every_migration_and_says_so(empty_url: str) -> None:
    said: list[str] = []

    applied = migrate(empty_url, said.append)

    assert applied == len(NUMBERS)
    assert said == [f"migration {migration.name}" for migration in migrations()]
    assert [row[:3] for row in ledger(empty_url)] == [(one.number, one.name, one.digest) for one in migrations()]


def test_migrate_a_second_time_changes_nothing(demo_url: str, empty_url: str) -> None:
    silently(empty_url)
    fill(empty_url, demo_url)
    before = ledger(empty_url), schema(empty_url), held(empty_url)

    assert silently(empty_url) == 0

    assert (ledger(empty_url), schema(empty_url), held(empty_url)) == before


def test_migrate_after_an_applied_file_changed_is_refused(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("update migration set digest = repeat('0', 64) where number = 1")
    before = schema(database_url)

    with pytest.raises(MigrationError, match=r"0001_create_portfolio was changed after it was applied"):
        silently(database_url)

    assert schema(database_url) == before


def test_migrate_of_a_database_of_a_later_version_is_refused(database_url: str) -> None:
    later = len(NUMBERS) + 1
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into migration (number, name, digest) values (%s, %s, 'x')", [later, f"{later:04}_from_the_future"]
        )

    with pytest.raises(MigrationError, match=f"the database has migration {later:04}_from_the_future, .* upgrade"):
        silently(database_url)


def test_migrate_that_fails_on_the_way_leaves_nothing_of_the_migration_that_failed(empty_url: str) -> None:
    with psycopg.connect(empty_url) as connection:
        connection.execute("create table coverage ()")

    with pytest.raises(DuplicateTable, match="coverage"):
        silently(empty_url)

    assert ledger(empty_url) == []
    assert {name for name, *_ in schema(empty_url)} <= {"migration", "migration_pkey"}


def test_migrate_after_what_stood_in_its_way_is_gone_applies_every_migration(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("create table coverage ()")
        with pytest.raises(DuplicateTable):
            silently(empty_url)
        connection.execute("drop table coverage")

    assert silently(empty_url) == len(NUMBERS)


def test_migrate_by_two_at_once_applies_each_migration_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as crowd:
        applied = list(crowd.map(silently, [empty_url] * 4))

    assert sorted(applied) == [0, 0, 0, len(NUMBERS)]
    assert [row[0] for row in ledger(empty_url)] == NUMBERS


@pytest.mark.parametrize("number", NUMBERS[1:])
def test_migrate_of_a_database_with_data_in_it_ends_as_if_it_were_loaded_now(
    empty_url: str, demo_url: str, number: int
) -> None:
    before = number - 1
    filled = FIRST_ROLLUPS - 1 if FIRST_ROLLUPS <= before < ROLLUPS_BY_BLOCK else before
    apply(empty_url, migrations()[:filled])
    fill(empty_url, demo_url)
    apply(empty_url, migrations()[filled:before])

    applied = silently(empty_url)

    assert applied == len(NUMBERS) - number + 1
    assert schema(empty_url) == schema(demo_url)
    assert held(empty_url) == held(demo_url)


def test_reader_may_select_from_every_table_that_answers_queries(reader: Connection) -> None:
    # What callers have spent is read by the function that books it.
    for_others = {"loan_confirmation", "repayment_confirmation", "delivery_warning", "spending"}

    readable = {name for name in tables(reader) if may(reader, sql.SQL("select from {}").format(sql.Identifier(name)))}

    assert readable == set(tables(reader)) - for_others
    assert chunks(reader)
    assert may(reader, sql.SQL("select number, name, digest from migration"))


@pytest.mark.parametrize(
    "attempt",
    [
        "insert into {table} default values",
        "insert into {table} ({column}) overriding system value select {column} from {table} limit 0",
        "update {table} set {column} = null where false",
        "delete from {table} where false",
        "truncate {table}",
        "lock table {table} in share mode",
        "drop table {table}",
        "alter table {table} add column mine integer",
        "create index on {table} ({column})",
        "comment on table {table} is 'mine'",
    ],
)
def test_reader_may_not_write_to_any_table(reader: Connection, attempt: str) -> None:
    written = [
        name
        for name in [*tables(reader), "migration", *chunks(reader)]
        if may(
            reader, sql.SQL(attempt).format(table=identifier(name), column=sql.Identifier(columns(reader, name)[-1]))
        )
    ]

    assert written == []


@pytest.mark.parametrize(
    "attempt",
    [
        "create table mine ()",
        "create table _timescaledb_internal.mine ()",
        "create function mine() returns integer language sql return 1",
        "create schema mine",
        "create extension hstore",
        "create role mine",
        "alter role borrowgraph_reader superuser",
        "set role borrowgraph",
        "copy institution to '/tmp/stolen'",
        "select pg_read_file('/etc/passwd')",
        "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'borrowgraph' limit 1",
        "select drop_chunks('repayment', older_than => date '2100-01-01')",
    ],
)
def test_reader_may_not_create_or_escape(reader: Connection, attempt: str) -> None:
    assert not may(reader, sql.SQL(attempt))


def chunks(connection: Connection) -> list[str]:
    """Name the chunks of the hypertables: each is a table of its own."""
    found = [
        name
        for (name,) in connection.execute(
            "select format('%I.%I', chunk_schema, chunk_name) from timescaledb_information.chunks"
        )
    ]
    assert found
    return found


def identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))


def may(connection: Connection, attempt: sql.SQL | sql.Composed) -> bool:
    """Try for real, and take it back."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(attempt)
    except InsufficientPrivilege:
        return False
    return True
