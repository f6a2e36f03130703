"""What tests of agreement share: databases that are filled again and again, each with its services."""

from collections.abc import Callable, Iterator

import pytest

from tests.agreement.bench import Bench
from tests.conftest import serving


@pytest.fixture(scope="session")
def benches(create: Callable[[str], str], template: str) -> Iterator[tuple[Bench, Bench]]:
    """Give two benches, so that two portfolios can be held at once."""
    pair = Bench(create(template), serving), Bench(create(template), serving)
    yield pair
    for bench in pair:
        bench.close()


@pytest.fixture
def bench(benches: tuple[Bench, Bench]) -> Bench:
    """Give one of the benches."""
    return benches[0]
