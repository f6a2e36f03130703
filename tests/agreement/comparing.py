"""Compares whole answers and says where they first part."""

import math
import re
from collections.abc import Sequence
from typing import Any

from tests.agreement.answers import answer, canonical
from tests.agreement.questions import Enquiry
from tests.oracle.oracle import Oracle

PLACE = re.compile(r"enquiry(\d+)(?:\[(\d+)\])?(?:\.[a-zA-Z]+(\d+))?")


def assert_agrees(oracle: Oracle, enquiries: Sequence[Enquiry], data: Any, *, alone: str | None = None) -> int:
    """Compare an answer with the oracle's; returns how many (borrower, window, filter, instant) had figures.

    Who asks knows all lenders, or that with the code ``alone``.
    """
    expected = answer(oracle, enquiries)
    expected = canonical(expected if alone is None else hidden(expected, alone))
    if difference := first_difference(canonical(data), expected):
        raise AssertionError(f"{difference}\n{asked_at(difference, enquiries)}")
    return sum(
        len(enquiry.questions)
        for n, enquiry in enumerate(enquiries)
        for borrower in expected[f"enquiry{n}"]
        if borrower is not None
    )


def hidden(value: Any, alone: str) -> Any:
    """The same answer without the lenders, but for one."""
    if isinstance(value, list):
        return [hidden(one, alone) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: None if name == "institution" and inner["code"] != alone else hidden(inner, alone)
        for name, inner in value.items()
    }


def first_difference(got: Any, expected: Any, path: str = "") -> str | None:
    """Where two JSON values first differ, as `path: got …, expected …`; None where they are the same."""
    if isinstance(got, dict) and isinstance(expected, dict):
        names = [*expected, *(name for name in got if name not in expected)]
        pairs = ((name, f"{path}.{name}".lstrip(".")) for name in names)
        steps = ((got.get(name, "(absent)"), expected.get(name, "(absent)"), where) for name, where in pairs)
    elif isinstance(got, list) and isinstance(expected, list):
        if len(got) != len(expected):
            return f"{path}: got {len(got)}: {got}, expected {len(expected)}: {expected}"
        steps = ((one, other, f"{path}[{place}]") for place, (one, other) in enumerate(zip(got, expected, strict=True)))
    else:
        return None if same(got, expected) else f"{path}: got {got!r}, expected {expected!r}"
    return next((found for step in steps if (found := first_difference(*step))), None)


def same(got: Any, expected: Any) -> bool:
    """Whether two leaves are the same: exactly, but a rate to 1e-12."""
    if type(got) is not type(expected):
        return False
    return math.isclose(got, expected, rel_tol=1e-12, abs_tol=1e-12) if isinstance(got, float) else got == expected


def asked_at(path: str, enquiries: Sequence[Enquiry]) -> str:
    """What was asked at a place of the answer."""
    match = PLACE.match(path)
    if match is None:
        return ""
    enquiry = enquiries[int(match[1])]
    named = enquiry.named[int(match[2])].by if match[2] else ""
    question = enquiry.questions[int(match[3])] if match[3] else ""
    return f"asked: {named} as of {enquiry.as_of and enquiry.as_of.isoformat()}: {question}"
