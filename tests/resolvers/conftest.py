"""What tests of the resolvers share: one reading of a database."""

from collections.abc import AsyncIterator

import pytest

from resolvers.database import Database, Reading


@pytest.fixture
async def reading(demo_url: str) -> AsyncIterator[Reading]:
    """Give one request's snapshot of the demo."""
    async with (
        Database.connect(demo_url, connections=1, statement_seconds=30) as database,
        database.reading() as snapshot,
    ):
        yield snapshot
