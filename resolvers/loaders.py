"""The data loaders of one request: each gathers the keys asked in one tick and asks its batch function once.

What is asked of thousands of objects at once is asked as lists of keys, of a Loader.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Hashable, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, TypeVar

from aiodataloader import DataLoader

from resolvers.coverage import HorizonKey, coverage, horizons
from resolvers.database import Reading
from resolvers.delinquency import Series, delinquencies
from resolvers.disclosure import FactKey, Gate, Market, Viewer, facts
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
    """Loaders named <what>_by_<key>, over one request's snapshot; each is made when it is first asked.

    ``time_zone`` is the platform's; inquiries of the institution that the viewer asks for (if any) are not counted.
    """

    def __init__(self, reading: Reading, *, time_zone: str, viewer: Viewer) -> None:
        self._reading, self._viewer = reading, viewer
        self.time_zone = time_zone

    def _loader(self, batch: Batch[Key, Value]) -> Shared[Key, Value]:
        return Shared(partial(batch, self._reading))

    @cached_property
    def portrait_by_key(self) -> Loader[PortraitKey, Portrait | None]:
        """Borrowers, with all that is asked of them."""
        told = partial(portraits, time_zone=self.time_zone, asking=self._viewer.caller.asking)
        return Loader(partial(told, self._reading.fetch), partial(told, self._reading.sole))

    @cached_property
    def loan_by_id(self) -> DataLoader[int, PortraitRow | None]:
        """Loans, with all their months."""
        return Shared(partial(loans_by_id, self._reading.fetch))

    @cached_property
    def repayments_by_loan(self) -> Loader[RepaymentsKey, list[RepaymentRow]]:
        """Months as their rows have them."""
        return Loader(partial(repayments_of_loans, self._reading))

    @cached_property
    def coverage(self) -> DataLoader[str, CoverageRow]:
        """What the platform holds."""
        return self._loader(coverage)

    @cached_property
    def horizon_by_instant(self) -> DataLoader[HorizonKey, date | None]:
        """Horizons."""
        return self._loader(horizons)

    @cached_property
    def institution_by_code(self) -> DataLoader[str, InstitutionRow | None]:
        """Members."""
        return self._loader(institutions_by_code)

    @cached_property
    def institutions_by_page(self) -> DataLoader[InstitutionsKey, list[InstitutionRow]]:
        """Pages of members."""
        return self._loader(institution_pages)

    @cached_property
    def deliveries_by_page(self) -> DataLoader[DeliveriesKey, list[DeliveryRow]]:
        """Pages of deliveries."""
        return self._loader(delivery_pages)

    @cached_property
    def deliveries_counted(self) -> DataLoader[Sender, int]:
        """How many deliveries there are."""
        return self._loader(deliveries_counted)

    @cached_property
    def counts_by_delivery(self) -> DataLoader[int, list[DeliveryCountRow]]:
        """What became of a delivery's rows."""
        return self._loader(counts_of_deliveries)

    @cached_property
    def rules_by_delivery(self) -> DataLoader[int, list[RuleRow]]:
        """Rules that a delivery's rows break."""
        return self._loader(rules_of_deliveries)

    @cached_property
    def log_by_page(self) -> DataLoader[LogKey, list[LogRow]]:
        """Pages of the inquiry log."""
        return self._loader(partial(log_pages, time_zone=self.time_zone))

    @cached_property
    def log_counted(self) -> DataLoader[Entries, int]:
        """How many entries of the inquiry log there are."""
        return self._loader(partial(log_counted, time_zone=self.time_zone))

    @cached_property
    def quality_by_window(self) -> DataLoader[QualityKey, list[QualityRow]]:
        """The quality of reports."""
        return self._loader(qualities)

    @cached_property
    def rules_by_month(self) -> DataLoader[MonthKey, list[RuleRow]]:
        """Rules that a month's rows break."""
        return self._loader(rules_of_months)

    @cached_property
    def cells(self) -> DataLoader[str, list[CellRow]]:
        """The cells of the market."""
        return self._loader(cells)

    @cached_property
    def facts_by_month(self) -> DataLoader[FactKey, tuple[Fact, ...]]:
        """What decides whether figures are published."""
        return self._loader(partial(facts, viewer=self._viewer))

    @cached_property
    def _market(self) -> Market:
        return partial(self.cells.load, "market")

    @cached_property
    def _gate(self) -> Gate:
        return Gate(self._viewer, self._market, self.facts_by_month.load_many)

    @cached_property
    def _horizon(self) -> Callable[[], Awaitable[date | None]]:
        return partial(self.horizon_by_instant.load, HorizonKey(None))

    @cached_property
    def delinquency_by_question(self) -> DataLoader[PortfolioKey, list[Series]]:
        """Delinquency."""
        return self._loader(partial(delinquencies, market=self._market, gate=self._gate))

    @cached_property
    def vintages_by_question(self) -> DataLoader[VintageKey, list[Vintage]]:
        """Vintages."""
        return self._loader(partial(vintages, market=self._market, gate=self._gate, horizon=self._horizon))

    @cached_property
    def rolls_by_question(self) -> DataLoader[PortfolioKey, list[RollRate]]:
        """Roll rates."""
        return self._loader(partial(roll_rates, market=self._market, gate=self._gate))

    @cached_property
    def lenders_by_question(self) -> DataLoader[PortfolioKey, list[LendersPerBorrower]]:
        """Lenders per borrower."""
        return self._loader(partial(lenders_per_borrower, market=self._market, gate=self._gate))
