"""Readiness: a database that answers and has this version's schema lacks nothing; any other lacks something by name."""

from collections.abc import Callable

import psycopg
import pytest

from resolvers.database import Database
from resolvers.errors import Unavailable
from resolvers.readiness import missing
from sql.migration import migrations

LAST = migrations()[-1]


async def lacking(url: str) -> str:
    async with Database.connect(url, connections=1, statement_seconds=30) as database:
        return await missing(database)


async def test_database_with_every_migration_lacks_nothing(database_url: str) -> None:
    assert await lacking(database_url) == ""


async def test_database_behind_this_version_lacks_its_migrations_by_name(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("delete from migration where number = %s", [LAST.number])

    assert await lacking(database_url) == f"migrations to apply: {LAST.name}"


async def test_database_ahead_of_this_version_lacks_an_upgrade(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into migration (number, name, digest) values (%s, 'from_the_future', 'x')", [LAST.number + 1]
        )

    assert "from_the_future" in await lacking(database_url)
    assert "upgrade" in await lacking(database_url)


async def test_database_with_a_changed_migration_lacks_the_released_file(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("update migration set digest = 'x' where number = 1")

    assert "was changed after it was applied" in await lacking(database_url)


async def test_database_without_a_schema_is_unavailable_and_says_what_to_do(create: Callable[[str], str]) -> None:
    with pytest.raises(Unavailable, match="borrowgraph migrate") as caught:
        await lacking(create("template0"))

    assert caught.value.extensions == {"code": "UNAVAILABLE"}
