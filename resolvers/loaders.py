"""The data loaders of one request: each gathers the keys asked in one tick and asks its batch function once.

What is asked of thousands of objects at once is asked as lists of keys, of a Loader.
"""

import asyncio
from collections.abc import Callable, Coroutine, Hashable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

from aiodataloader import DataLoader

from resolvers.coverage import HorizonKey, coverage, horizons
from resolvers.database import Reading
from resolvers.delinquency import Series, delinquencies
from resolvers.disclosure import FactKey, Gate, Viewer, facts
from resolvers.inquiry_log import Entries, LogKey, log_counted, log_pages
from resolvers.institutions import InstitutionsKey, institution_pages, institutions_by_code
from resolvers.lenders import LendersPerBorrower, lenders_per_borrower
from resolvers.loader import Loader
from resolvers.portraits import Portrait, PortraitKey, loans_by_id, portraits
from resolvers.publication import Fact
from resolvers.quality import (
    DeliveriesKey,
    MonthKey,
    QualityKey,
    Sender,
    counts_of_deliveries,
    deliveries_counted,
    delivery_pages,
    qualities,
    rules_of_deliveries,
    rules_of_months,
)
from resolvers.repayments import RepaymentsKey, repayments_of_loans
from resolvers.rolls import RollRate, roll_rates
from resolvers.selection import PortfolioKey, cells
from resolvers.vintages import Vintage, VintageKey, vintages
from sql.journal import LogRow
from sql.portraits import PortraitRow
from sql.rows import (
    CellRow,
    CoverageRow,
    DeliveryCountRow,
    DeliveryRow,
    InstitutionRow,
    QualityRow,
    RepaymentRow,
    RuleRow,
)

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
Batch = Callable[[Reading, Sequence[Key]], Coroutine[Any, Any, list[Value]]]


class Shared(DataLoader[Key, Value]):
    """A data loader whose keys many wait for: who is cancelled takes no answer from the others."""

    def load(self, key: Key) -> "asyncio.Future[Value]":
        """Return the key's value, once it is there."""
        return asyncio.shield(super().load(key))


class Loaders:
    """Loaders named <what>_by_<key>, over one request's snapshot.

    ``time_zone`` is the platform's; inquiries of the institution that the viewer asks for (if any) are not counted.
    """

    def __init__(self, reading: Reading, *, time_zone: str, viewer: Viewer) -> None:
        def loader(batch: Batch[Key, Value]) -> Shared[Key, Value]:
            return Shared(partial(batch, reading))

        def of_lists(batch: Batch[Key, Value]) -> Loader[Key, Value]:
            return Loader(partial(batch, reading))

        self.coverage: DataLoader[str, CoverageRow] = loader(coverage)
        self.horizon_by_instant: DataLoader[HorizonKey, date | None] = loader(horizons)
        self.portrait_by_key: Loader[PortraitKey, Portrait | None] = Loader(
            partial(portraits, reading.fetch, time_zone=time_zone, asking=viewer.caller.asking),
            partial(portraits, reading.sole, time_zone=time_zone, asking=viewer.caller.asking),
        )
        self.institution_by_code: DataLoader[str, InstitutionRow | None] = loader(institutions_by_code)
        self.institutions_by_page: DataLoader[InstitutionsKey, list[InstitutionRow]] = loader(institution_pages)
        self.loan_by_id: DataLoader[int, PortraitRow | None] = Shared(partial(loans_by_id, reading.fetch))
        self.deliveries_by_page: DataLoader[DeliveriesKey, list[DeliveryRow]] = loader(delivery_pages)
        self.deliveries_counted: DataLoader[Sender, int] = loader(deliveries_counted)
        self.counts_by_delivery: DataLoader[int, list[DeliveryCountRow]] = loader(counts_of_deliveries)
        self.rules_by_delivery: DataLoader[int, list[RuleRow]] = loader(rules_of_deliveries)
        self.time_zone = time_zone
        self.log_by_page: DataLoader[LogKey, list[LogRow]] = loader(partial(log_pages, time_zone=time_zone))
        self.log_counted: DataLoader[Entries, int] = loader(partial(log_counted, time_zone=time_zone))
        self.quality_by_window: DataLoader[QualityKey, list[QualityRow]] = loader(qualities)
        self.rules_by_month: DataLoader[MonthKey, list[RuleRow]] = loader(rules_of_months)
        self.repayments_by_loan: Loader[RepaymentsKey, list[RepaymentRow]] = of_lists(repayments_of_loans)
        self.cells: DataLoader[str, list[CellRow]] = loader(cells)
        self.facts_by_month: DataLoader[FactKey, tuple[Fact, ...]] = loader(partial(facts, viewer=viewer))
        market = partial(self.cells.load, "market")
        gate = Gate(viewer, market, self.facts_by_month.load_many)
        self.delinquency_by_question: DataLoader[PortfolioKey, list[Series]] = loader(
            partial(delinquencies, market=market, gate=gate)
        )
        self.vintages_by_question: DataLoader[VintageKey, list[Vintage]] = loader(
            partial(vintages, market=market, gate=gate, horizon=partial(self.horizon_by_instant.load, HorizonKey(None)))
        )
        self.rolls_by_question: DataLoader[PortfolioKey, list[RollRate]] = loader(
            partial(roll_rates, market=market, gate=gate)
        )
        self.lenders_by_question: DataLoader[PortfolioKey, list[LendersPerBorrower]] = loader(
            partial(lenders_per_borrower, market=market, gate=gate)
        )
