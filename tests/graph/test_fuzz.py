"""Whatever a client writes into any argument, it gets an answer or an error with a code: never a fault of ours."""

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.conftest import serving

KEY = sha256(b"demo borrower 1").hexdigest()
DOCUMENT = """
query Fuzz(
  $by: BorrowerKey!, $asOf: DateTime, $window: Window!, $filter: LoanFilter, $first: Int, $after: String,
  $days: Int!, $months: Int!, $bucket: Bucket!, $id: ID!, $code: String!
) {
  node(id: $id) { id }
  institution(code: $code) { code }
  institutions(first: $first, after: $after) { totalCount }
  borrower(by: $by, asOf: $asOf) {
    loans(filter: $filter, first: $first, after: $after) {
      totalCount
      nodes { repayments(window: $window) { month } series(window: $window) { pattern } }
    }
    multiLoan(window: $window, filter: $filter) { loansActive inquiries balanceAtEnd daysSinceLastInquiry }
    overdue(window: $window, filter: $filter) {
      longestRun(overDays: $days) entries(overDays: $days) hasRun(months: $months, bucket: $bucket)
    }
  }
}
"""

# What looks right, what nearly does, and what does not at all.
text = st.one_of(st.text(max_size=40), st.sampled_from(["", "\0", "'", "%", "\u202e", "9" * 400, "null", "1e309"]))
day = st.one_of(
    st.dates().map(str),
    st.sampled_from(["0001-01-01", "9999-12-31", "2024-02-30", "2024-2-3", "20240203", "2024-W05", "+2024-01-01"]),
    text,
)
length = st.one_of(
    st.from_regex(r"P(\d{1,7}Y)?(\d{1,7}M)?(\d{1,7}D)?", fullmatch=True), st.sampled_from(["P1W", "-P1M", "PT1H"]), text
)
instant = st.one_of(
    st.datetimes().map(lambda moment: f"{moment.isoformat()}+08:00"),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-01-01T24:00:00Z"]),
    text,
)
number = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), text)
window = st.fixed_dictionaries({}, optional={"last": length, "from": day, "to": day})
answerable = st.sampled_from([{"last": "P12M"}, {"from": "2025-01-15"}, {"last": "P40D", "to": "2026-03-31"}])
names = st.lists(st.one_of(text, st.sampled_from(["MICROLOAN", "ACTIVE", "CREDIT_CARD"])), max_size=3)
loan_filter = st.fixed_dictionaries(
    {},
    optional={
        "institutionKinds": names, "products": names, "states": names, "opened": window, "active": window,
    },
)  # fmt: skip
by = st.one_of(
    st.just({"subjectKey": KEY}),
    st.fixed_dictionaries(
        {},
        optional={
            "id": text,
            "subjectKey": text,
            "document": st.fixed_dictionaries({}, optional={"kind": text, "number": text}),
        },
    ),
)
SOUND = {
    "by": {"subjectKey": KEY}, "asOf": None, "window": {"last": "P3M"}, "filter": None, "first": None, "after": None,
    "days": 0, "months": 1, "bucket": "M1", "id": "x", "code": "IP01",
}  # fmt: skip
# Most of what is drawn is sound, so that the rest of the document is reached.
variables = st.fixed_dictionaries(
    {},
    optional={
        "by": by, "asOf": instant, "window": st.one_of(window, answerable), "filter": loan_filter, "first": number,
        "after": text, "days": number, "months": number, "bucket": text, "id": text, "code": text,
    },
)  # fmt: skip


class Client:
    """An HTTP client to the service that can be asked from tests that are no coroutines."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: httpx.AsyncClient) -> None:
        self._loop, self._client = loop, client

    def post(self, body: dict[str, Any]) -> httpx.Response:
        return self._loop.run_until_complete(self._client.post("/graphql", json=body))


@pytest.fixture(scope="module")
def client(demo_url: str) -> Iterator[Client]:
    with asyncio.Runner() as runner:
        service = serving(demo_url)
        yield Client(runner.get_loop(), runner.run(service.__aenter__()))
        runner.run(service.__aexit__(None, None, None))


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@example({"filter": {"products": ["\0"]}})
@example({"code": "\0"})
@example({"window": {"last": "P1M", "to": "0001-01-15"}})
@example({"window": {"from": "9999-12-15", "to": "9999-12-31"}})
@given(drawn=variables)
def test_anything_in_variables_is_answered_or_refused_with_a_code(client: Client, drawn: dict[str, Any]) -> None:
    response = client.post({"query": DOCUMENT, "variables": SOUND | drawn})

    codes = [error["extensions"]["code"] for error in response.json().get("errors", [])]

    assert response.status_code in {200, 400}
    assert "INTERNAL" not in codes


@settings(max_examples=300, deadline=None, derandomize=True)
@given(value=st.one_of(text, day, length, instant).filter(lambda value: value.isprintable()))
def test_anything_in_literals_is_answered_or_refused_with_a_code(client: Client, value: str) -> None:
    written = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    places = [
        f"borrower(by: {{subjectKey: {written}}}) {{ id }}",
        f'borrower(by: {{document: {{kind: "ID_CARD", number: {written}}}}}) {{ id }}',
        f'borrower(by: {{subjectKey: "{KEY}"}}, asOf: {written}) {{ id }}',
        f'borrower(by: {{subjectKey: "{KEY}"}}) {{ multiLoan(window: {{last: {written}}}) {{ loansActive }} }}',
        f'borrower(by: {{subjectKey: "{KEY}"}}) {{ loans(filter: {{products: [{written}]}}) {{ totalCount }} }}',
    ]

    answers = [client.post({"query": f"{{ {place} }}"}).json() for place in places]

    codes = [error["extensions"]["code"] for answer in answers for error in answer.get("errors", [])]
    assert "INTERNAL" not in codes
