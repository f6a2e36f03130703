"""Whether all contenders answer alike: the floor and the stock executor to the byte, PostGraphile in meaning."""

from base64 import b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from bench.requests.workloads import Workload

NUMBERS = {"due", "paid", "balance", "overdueAmount", "principalOpened", "balanceAtEnd"}


def differing(workload: Workload, keys: Sequence[bytes], answers: Mapping[str, bytes]) -> list[str]:
    """Return the contenders whose answer is not Borrowgraph's."""
    ours = _without_extensions(answers["borrowgraph"])
    alike = [name for name in ("floor", "duties", "stock") if name in answers]
    found = [name for name in alike if _without_extensions(answers[name]) != ours]
    if "postgraphile" in answers:
        theirs = orjson.loads(answers["postgraphile"])
        mine = orjson.loads(ours)
        if "errors" in theirs or _neutral(mine["data"]) != _told(workload, keys, theirs["data"]):
            found.append("postgraphile")
    return found


def _without_extensions(answer: bytes) -> bytes:
    """Return an answer, its members in their order, but for what the request cost: nobody else tells that."""
    return orjson.dumps({name: value for name, value in orjson.loads(answer).items() if name != "extensions"})


def _told(workload: Workload, keys: Sequence[bytes], data: dict[str, Any]) -> dict[str, Any]:
    """Return PostGraphile's answer in our names, borrowers in the order asked."""
    if workload.borrowers == 1:
        one = _borrower(data["borrowerBySubjectKey"])
        # Tables know no instant before which a person was not heard of.
        unheard = workload.as_of and one and not one["loans"]["nodes"]
        return {"borrower": None if unheard else one}
    found = [_borrower(one) for one in data["requestsKnownBorrowers"]["nodes"]]
    by_key = {one["subjectKey"]: one for one in found if one}
    return {"borrowers": [by_key.get(key.hex()) for key in keys]}


def _borrower(one: dict[str, Any] | None) -> dict[str, Any] | None:
    if one is None:
        return None
    renamed = {"loans" if name == "versions" else name: value for name, value in one.items()}
    for loan in renamed.get("loans", {"nodes": []})["nodes"]:
        if "repayments" in loan:
            loan["repayments"] = loan["repayments"]["nodes"]
    told = dict(_neutral(renamed))
    told["subjectKey"] = b64decode(told["subjectKey"]).hex()
    return told


def _neutral(value: Any) -> Any:
    """Return an answer without ids, which each makes in its own way; amounts as numbers, months without a day."""
    if isinstance(value, list):
        return [_neutral(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _one(name, held) for name, held in value.items() if name != "id"}


def _one(name: str, value: Any) -> Any:
    if name in NUMBERS and isinstance(value, str):
        return int(value)
    if name == "month" and isinstance(value, str):
        return value[:7]
    if name == "nodes":
        # Of loans opened on one day each has an order of its own: no table holds the ids that clients see.
        return sorted(_neutral(value), key=lambda loan: (loan["openedOn"], orjson.dumps(loan)), reverse=True)
    return _neutral(value)
