"""The floor: what a good engineer would write by hand for each workload, with Starlette, asyncpg and orjson alone.

With ``KEY`` in the environment it does what else the platform must: knows who asks, and logs whom they read.
One statement a request, so it needs no snapshot; arrays for months, since they cost the driver less than rows; plans
that are made once (planning a hypertable's chunks takes longer than reading a borrower's months).
"""

import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.requests import floor_sql
from bench.requests.source import Source
from bench.requests.workloads import MONTHS, WORKLOADS, before
from graph.tokens import Tokens

NEVER = date.max


@cache
def months_before(horizon: date, count: int) -> list[date]:
    """Return the months of a trailing window."""
    return [before(horizon, ago) for ago in range(count, 0, -1)]


@cache
def written(month: date) -> str:
    """Return a month as answers have it."""
    return month.isoformat()[:7]


def figures(loans: Sequence[Any], inquiries: Iterable[date], start: date, end: date) -> dict[str, int]:
    """Return the multi-loan figures of a window that ends at the horizon."""
    opened = active = principal = balance = 0
    lenders = set()
    for loan in loans:
        closed = loan["closed_on"] or NEVER
        if loan["opened_on"] >= end or closed < start:
            continue
        active += 1
        lenders.add(loan["institution_id"])
        if loan["opened_on"] >= start:
            opened += 1
            principal += loan["principal"]
        if (closed - end).days >= -1:
            balance += loan["principal"] if loan["balance"] is None else loan["balance"]
    return {
        "loansOpened": opened,
        "loansActive": active,
        "lendersActive": len(lenders),
        "inquiries": sum(start <= day < end for day in inquiries),
        "principalOpened": principal,
        "balanceAtEnd": balance,
    }


def windows(loans: Sequence[Any], inquiries: Sequence[date], horizon: date, lengths: Iterable[int]) -> dict[str, Any]:
    """Return the figures over each trailing window."""
    return {f"last{length}": figures(loans, inquiries, before(horizon, length), horizon) for length in lengths}


def in_order(tokens: Tokens, loans: Sequence[Any]) -> Sequence[Any]:
    """Return loans newest first, those of one day by their ids as clients see them."""
    if len({loan["opened_on"] for loan in loans}) == len(loans):
        return loans
    return sorted(loans, key=lambda loan: (-loan["opened_on"].toordinal(), tokens.make("loan", loan["id"].to_bytes(8))))


def overdue(loan: Any, months: Sequence[date]) -> dict[str, Any]:
    """Return a loan's pattern and months."""
    opened, closed = loan["opened_on"].replace(day=1), loan["closed_on"] and loan["closed_on"].replace(day=1)
    last = closed or NEVER
    reported = {
        month: (due, amount, days)
        for month, due, amount, days in zip(
            loan["months"] or (), loan["dues"] or (), loan["amounts"] or (), loan["days"] or (), strict=True
        )
    }
    found: list[dict[str, Any]] = []
    codes: list[str] = []
    ended = "C" if loan["state"] == "SETTLED" else "G"
    for month in months:
        due, amount, days = reported.get(month) or (0, None, None)
        if month < opened or month > last:
            code = "/"
        elif month == closed:
            code = ended
        elif days is None:
            code = "#"
        else:
            code = str(min((days + 29) // 30, 7)) if days else "N" if due else "*"
        codes.append(code)
        found.append({"month": written(month), "code": code, "overdueAmount": amount})
    return {"pattern": "".join(codes), "months": found}


def application() -> Starlette:
    """Return the application."""
    tokens = Tokens(os.environ["BORROWGRAPH_SECRET"])
    source = Source(os.environ.get("KEY", ""))
    rows = source.rows

    def one(name: str, statement: str) -> Callable[[Request], Any]:
        lengths = WORKLOADS[name].windows

        async def respond(request: Request) -> Response:
            asked = orjson.loads(await request.body())
            subject, as_of = asked["keys"][0], asked.get("asOf")
            instant = [datetime.fromisoformat(as_of)] if as_of else []
            key = bytes.fromhex(subject)
            found = await rows(request, [key], statement, key, *instant)
            if not found:
                return _answer({"borrower": None})
            first = found[0]
            horizon, loans = first["horizon"], in_order(tokens, found) if first["id"] is not None else ()
            months = months_before(horizon, MONTHS)
            nodes = [
                {
                    "id": tokens.make("loan", loan["id"].to_bytes(8)),
                    "product": loan["product"],
                    "openedOn": loan["opened_on"],
                    "state": loan["state"],
                    "overdue": overdue(loan, months),
                }
                for loan in loans
            ]
            borrower = {
                "id": tokens.make("borrower", bytes.fromhex(subject)),
                "subjectKey": subject,
                **windows(loans, first["inquiries"], horizon, lengths),
                "loans": {"nodes": nodes},
            }
            return _answer({"borrower": borrower})

        return respond

    async def months(request: Request) -> Response:
        keys = orjson.loads(await request.body())["keys"]
        named = [bytes.fromhex(key) for key in keys]
        held: dict[bytes, list[Any]] = {}
        for loan in await rows(request, named, floor_sql.MONTHS, named):
            held.setdefault(loan["subject_key"], []).append(loan)
        return _answer({"borrowers": [_months(tokens, key, held.get(bytes.fromhex(key))) for key in keys]})

    async def batch(request: Request) -> Response:
        keys = orjson.loads(await request.body())["keys"]
        named = [bytes.fromhex(key) for key in keys]
        found: dict[bytes, list[Any]] = {}
        for loan in await rows(request, named, floor_sql.BATCH, named):
            found.setdefault(loan["subject_key"], []).append(loan)
        return _answer({"borrowers": [_batch(key, found.get(bytes.fromhex(key))) for key in keys]})

    routes = {"A": one("A", floor_sql.ONE), "B": months, "C": batch, "E": one("E", floor_sql.ONE_AS_OF)}
    return Starlette(
        routes=[Route(f"/{name}", handler, methods=["POST"]) for name, handler in routes.items()],
        lifespan=source.opened,
    )


def _months(tokens: Tokens, key: str, loans: Sequence[Any] | None) -> dict[str, Any] | None:
    if loans is None:
        return None
    loans = in_order(tokens, loans) if loans[0]["id"] is not None else ()
    nodes = [
        {
            "product": loan["product"],
            "openedOn": loan["opened_on"],
            "state": loan["state"],
            "repayments": [
                {
                    "month": written(month), "due": due, "paid": paid, "balance": balance, "overdueAmount": amount,
                    "daysPastDue": days,
                }
                for month, due, paid, balance, amount, days in zip(
                    loan["months"] or (), loan["dues"] or (), loan["paids"] or (), loan["balances"] or (),
                    loan["amounts"] or (), loan["days"] or (), strict=True,
                )
            ],
        }
        for loan in loans
    ]  # fmt: skip
    return {"subjectKey": key, "loans": {"nodes": nodes}}


def _batch(key: str, loans: Sequence[Any] | None) -> dict[str, Any] | None:
    if loans is None:
        return None
    first = loans[0]
    held = loans if first["id"] is not None else ()
    return {"subjectKey": key, **windows(held, first["inquiries"], first["horizon"], WORKLOADS["C"].windows)}


def _answer(data: dict[str, Any]) -> Response:
    return Response(orjson.dumps({"data": data}), headers={"content-type": "application/json; charset=utf-8"})
