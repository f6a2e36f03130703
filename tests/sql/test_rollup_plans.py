"""No figure of the portfolio reads a row: the plans of its statements name the rollups, and no chunk."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from sql.statements import names, statement

FIRST, PAST = date(2023, 1, 1), date(2026, 1, 15)
PLANS = ("force_custom_plan", "force_generic_plan")
CHUNKS = "select chunk_name from timescaledb_information.chunks"
RELATIONS = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
SMALL = {"institution"}  # no larger than the market has members

# No rollup: how many lenders the borrowers of just these institutions have is counted from loans and packed series.
FROM_LOANS = {"portfolio/lenders": {"loan", "loan_series"}}

# What each statement is asked with, in place of CELLS the ids of all cells, in place of BLOCKS those of as many blocks.
CELLS, BLOCKS = "cells", "blocks"
QUESTIONS: dict[str, list[Any]] = {
    "portfolio/cells": [],
    "portfolio/facts": [["REPORTED", "MOVED", "OPENED"], [date(2025, 3, 1)] * 3, "BK01"],
    "portfolio/delinquency": [[FIRST], [PAST], ["month"], 1, BLOCKS, 1, CELLS],
    "portfolio/moves": [[FIRST], [PAST], 1, BLOCKS],
    "portfolio/cohorts": [[FIRST], [PAST], 1, BLOCKS],
    "portfolio/ages": [[FIRST, FIRST], [PAST, PAST], ["quarter"] * 2, [30, 31], 1, BLOCKS],
    "portfolio/holders": [[1, 1], [date(2025, 3, 31), PAST], [1, 1], "BK01"],
    "portfolio/lenders": [[1, 1], [date(2025, 3, 31), PAST], 1, CELLS],
}


@pytest.fixture
def connection(demo_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(demo_url, autocommit=True, prepare_threshold=None) as connection:
        connection.execute("set role borrowgraph_reader")
        yield connection


def read(connection: psycopg.Connection[Any], name: str, plan: str) -> tuple[set[str], int]:
    """Run a statement, and return the relations that its plan names and how many rows it gave."""
    asked = statement(name)
    cells = [cell for (cell,) in connection.execute("select id from portfolio_cell order by id")]
    blocks = connection.execute("select id from portfolio_block order by id limit %s", [len(cells)])
    meant = {CELLS: cells, BLOCKS: [block for (block,) in blocks], 1: [1] * len(cells)}
    values = [meant[value] if isinstance(value, str | int) and value in meant else value for value in QUESTIONS[name]]
    places = f"({', '.join(['%s'] * len(values))})" if values else ""
    types = f"({', '.join(asked.parameters)})" if values else ""
    connection.execute(f"set plan_cache_mode = {plan}".encode())
    connection.execute(f"prepare asked {types} as {asked.text}".encode())
    with psycopg.ClientCursor(connection) as cursor:
        cursor.execute(f"explain (analyze, format json) execute asked {places}".encode(), values)
        [[[explained]]] = cursor.fetchall()
    return set(named(explained["Plan"])), explained["Plan"]["Actual Rows"]


def named(plan: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in plan:
        yield plan["Relation Name"]
    for below in plan.get("Plans", []):
        yield from named(below)


def test_every_statement_of_the_portfolio_is_looked_at() -> None:
    assert set(QUESTIONS) == {name for name in names() if name.startswith("portfolio/")}


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("name", QUESTIONS)
def test_figure_of_the_portfolio_is_read_from_rollups_alone(
    connection: psycopg.Connection[Any], name: str, plan: str
) -> None:
    chunks = {chunk for (chunk,) in connection.execute(CHUNKS)}
    rollups = {table for (table,) in connection.execute(RELATIONS) if table.startswith("portfolio_")}

    relations, rows = read(connection, name, plan)

    assert chunks
    assert relations & chunks == set()
    assert relations - rollups <= SMALL | FROM_LOANS.get(name, set())
    assert relations & rollups
    assert rows > 0
