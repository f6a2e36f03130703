"""What a request has read is gone with its answer: it does not wait for the garbage collector."""

import gc
from collections.abc import Iterator
from hashlib import sha256

import pytest

from resolvers.portraits import Portrait
from tests.conftest import Ask

DOCUMENT = """query ($by: [BorrowerKey!]!) {
    borrowers(by: $by) {
        multiLoan(window: {last: "P6M"}) { loansActive balanceAtEnd byInstitutionKind { kind loansActive } }
        loans { nodes { product overdue(window: {last: "P6M"}) { pattern months { code } } } }
    }
}"""
BY = [{"subjectKey": sha256(f"demo borrower {number}".encode()).hexdigest()} for number in range(1, 51)]


@pytest.fixture
def nothing_collected() -> Iterator[None]:
    """Let nothing be collected meanwhile that was not there before."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def portraits() -> int:
    """Return how many borrowers lie in memory."""
    return sum(type(one) is Portrait for one in gc.get_objects())


@pytest.mark.usefixtures("nothing_collected")
async def test_what_a_request_has_read_is_gone_with_its_answer(ask: Ask) -> None:
    before = portraits()

    answer = await ask(DOCUMENT, by=BY)

    assert any(answer["data"]["borrowers"])
    assert portraits() == before
