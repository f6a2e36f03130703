"""Amounts that JSON cannot carry exactly are refused with a code, never rounded."""

from pathlib import Path

from intake.load import load
from tests.conftest import SECRET, quiet, serving

KEY = "ab" * 32
ALMOST = "90000000000000.00"  # 9 x 10^15 fen: one fits into 2^53 - 1, two do not

LOAN = "institution,loan,subject_key,product,principal,opened_on,closed_on,state,reported_at"
QUESTION = """
query ($by: BorrowerKey!) {
  borrower(by: $by) {
    loans { nodes { principal } }
    multiLoan(window: { from: "2025-01-01", to: "2026-01-01" }) { loansOpened principalOpened }
  }
}
"""


async def test_sum_past_the_largest_exact_integer_is_refused_with_a_code(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "institutions.csv").write_text("code,name,kind\nA,A lender,BANK\n")
    loans = [f"A,{number},{KEY},CASH,{ALMOST},2025-03-01,,ACTIVE,2025-03-02T00:00:00Z" for number in (1, 2)]
    (tmp_path / "loans.csv").write_text("\n".join([LOAN, *loans, ""]))
    load(database_url, [tmp_path], secret=SECRET.encode(), progress=quiet())

    async with serving(database_url) as client:
        response = await client.post("/graphql", json={"query": QUESTION, "variables": {"by": {"subjectKey": KEY}}})
    (error,) = response.json()["errors"]

    assert error["extensions"]["code"] == "AMOUNT_TOO_LARGE"
    assert error["path"] == ["borrower", "multiLoan", "principalOpened"]
