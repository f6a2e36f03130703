"""The data loaders of one request: each gathers the keys asked in one tick and asks its batch function once."""

from collections.abc import Callable, Coroutine, Hashable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from resolvers.borrowers import BorrowerKey, borrowers
from resolvers.coverage import HorizonKey, coverage, horizons
from resolvers.database import Reading
from resolvers.institutions import InstitutionsKey, institution_pages, institutions_by_code
from resolvers.loader import Loader
from resolvers.loans import loans_by_id, loans_of_borrowers
from resolvers.multiloan import MultiLoan, multi_loans
from resolvers.questions import LoansKey
from resolvers.repayments import RepaymentsKey, repayments_of_loans
from sql.rows import BorrowerRow, CoverageRow, InstitutionRow, LoanRow, RepaymentRow

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Batch = Callable[[Reading, Sequence[Key]], Coroutine[Any, Any, list[Value]]]


class Loaders:
    """Loaders named <what>_by_<key>, over one request's snapshot.

    ``time_zone`` is the platform's; inquiries of the institution ``asking`` (a code, or None) are not counted.
    """

    def __init__(self, reading: Reading, *, time_zone: str, asking: str | None) -> None:
        def loader(batch: Batch[Key, Value]) -> Loader[Key, Value]:
            return Loader(partial(batch, reading))

        self.coverage: Loader[str, CoverageRow] = loader(coverage)
        self.horizon_by_instant: Loader[HorizonKey, date | None] = loader(horizons)
        self.borrower_by_key: Loader[BorrowerKey, BorrowerRow | None] = loader(borrowers)
        self.institution_by_code: Loader[str, InstitutionRow | None] = loader(institutions_by_code)
        self.institutions_by_page: Loader[InstitutionsKey, list[InstitutionRow]] = loader(institution_pages)
        self.loan_by_id: Loader[int, LoanRow | None] = loader(loans_by_id)
        self.loans_by_question: Loader[LoansKey, list[LoanRow]] = loader(loans_of_borrowers)
        self.multi_loan_by_question: Loader[LoansKey, MultiLoan] = loader(
            partial(multi_loans, time_zone=time_zone, asking=asking)
        )
        self.repayments_by_loan: Loader[RepaymentsKey, list[RepaymentRow]] = loader(repayments_of_loans)
