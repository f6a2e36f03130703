"""What tests of the HTTP side share: the lines of the log, read back, and a browser."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from playwright.sync_api import Browser

from tests.graph.browsing import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a Chromium to the tests of one module: while it runs, no other event loop can."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def lines() -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Give a function that returns the log's lines during a test, oldest first: all, or those of one event."""
    logger, handler, texts = logging.getLogger("borrowgraph"), logging.Handler(), []
    handler.emit = lambda record: texts.append(record.getMessage())  # type: ignore[method-assign]

    def read(event: str = "") -> list[dict[str, Any]]:
        found = [orjson.loads(text) for text in texts]
        return [line for line in found if event in ("", line["event"])]

    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield read
    logger.setLevel(level)
    logger.removeHandler(handler)
