"""What an answer to a restricted caller shows and hides: each group asked about, as the set of things it counts."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tests.agreement.comparing import first_difference
from tests.agreement.portfolio_documents import PortfolioQuestion
from tests.oracle.inference import Sums
from tests.oracle.oracle import Oracle
from tests.oracle.portfolio import OraclePortfolio, last_days, point
from tests.oracle.windows import resolve

Answer = dict[str, Any]
Things = frozenset[Hashable]


class Thresholds(NamedTuple):
    """The fewest borrowers and institutions that are published."""

    borrowers: int
    institutions: int


class Asked(NamedTuple):
    """A group as it was asked about: where, what its figures count, whose that is, and whether it was shown."""

    where: str
    things: Things
    borrowers: int
    institutions: frozenset[str]
    shown: bool

    def small(self, thresholds: Thresholds) -> bool:
        """Whether it has too few borrowers or institutions to be published."""
        return self.borrowers < thresholds.borrowers or len(self.institutions) < thresholds.institutions


@dataclass
class Disclosed:
    """Everything asked in one document, by the measure whose figures add up: see `asked`."""

    asked: dict[str, list[Asked]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def shown(self) -> int:
        """How many groups were shown."""
        return sum(one.shown for found in self.asked.values() for one in found)

    def hidden(self) -> int:
        """How many groups were not."""
        return sum(not one.shown for found in self.asked.values() for one in found)

    def too_small(self, thresholds: Thresholds, asking: str | None) -> list[str]:
        """The groups that were shown though they are too small, but for those of the institution that asks."""
        shown = [one for found in self.asked.values() for one in found if one.shown and one.institutions != {asking}]
        return [one.where for one in shown if one.small(thresholds)]

    def leaks(self, thresholds: Thresholds, asking: str | None) -> list[str]:
        """The groups that were hidden, are too small, and follow from those that were shown.

        A large one that was hidden to protect a small one may follow; what the asking institution reported, it knows.
        """
        found = []
        for measure, asked in self.asked.items():
            sums = Sums(one.things for one in asked if one.shown)
            small = [one for one in asked if not one.shown and one.small(thresholds) and one.institutions != {asking}]
            hidden = {one.things: one.where for one in small}
            found += [f"{measure}: {where}" for things, where in hidden.items() if sums.tell(things)]
        return found


def disclosed(oracle: Oracle, questions: Sequence[PortfolioQuestion], data: Answer) -> Disclosed:
    """Read an answer: what it shows is compared with the oracle's, what it hides is noted."""
    result = Disclosed()
    for n, question in enumerate(questions):
        portfolio, answer = oracle.portfolio(question.filter), data[f"portfolio{n}"]
        for read in (_delinquency, _vintages, _rolls, _lenders):
            for measure, asked, difference in read(portfolio, question, answer):
                result.asked[measure].append(asked)
                if difference:
                    result.wrong.append(f"{asked.where}: {difference}")
    return result


Found = Iterator[tuple[str, Asked, str | None]]


def _delinquency(portfolio: OraclePortfolio, question: PortfolioQuestion, answer: Answer) -> Found:
    given = {(series["key"], one["period"]): one for series in answer["delinquency"] for one in series["points"]}
    for group, population in portfolio.populations(question.window, question.every, question.by):
        got = given.get((group.key, group.period.isoformat()))
        shown = got is not None and not got["suppressed"]
        months = {one.row.month for one in population}
        things = frozenset((one.loan.row.key, one.row.month) for one in population)
        where = f"delinquency {group.key} {group.period} ({months}) of {question}"
        difference = first_difference(got, point(group, population)) if shown else _blank(got)
        yield "loans", Asked(where, things, len(group.borrowers), frozenset(group.institutions), shown), difference


def _blank(got: Answer | None) -> str | None:
    told = {
        name for name, value in (got or {}).items() if name not in {"period", "suppressed"} and value not in (None, [])
    }
    return f"suppressed, but {told}" if told else None


def _vintages(portfolio: OraclePortfolio, question: PortfolioQuestion, answer: Answer) -> Found:
    given = {(one["key"], one["opened"]): one for one in answer["vintages"]}
    for cohort in portfolio.cohorts(question.window, question.every, question.by):
        got = given.get((cohort.key, cohort.period.isoformat()))
        things = frozenset(loan.row.key for loan in cohort.loans)
        where = f"cohort {cohort.key} {cohort.period} of {question}"
        difference = None if got is None else first_difference(got, portfolio.vintage(cohort, question.days))
        yield (
            "cohorts",
            Asked(where, things, len(cohort.borrowers), frozenset(cohort.institutions), got is not None),
            difference,
        )


def _rolls(portfolio: OraclePortfolio, question: PortfolioQuestion, answer: Answer) -> Found:
    moves = portfolio.moves(resolve(question.window, portfolio.horizon))
    leaving = [loan for loans in moves.values() for loan in loans]
    if not leaving:
        return
    span = resolve(question.window, portfolio.horizon)
    things = frozenset(
        (loan.row.key, month) for loan in leaving for month in loan.months if month in span.months()[:-1]
    )
    shown = bool(answer["rollRates"])
    difference = first_difference(answer["rollRates"], portfolio.roll_rates(question.window)) if shown else None
    borrowers, lenders = {loan.row.subject for loan in leaving}, {loan.lender.code for loan in leaving}
    yield "rolls", Asked(f"rolls of {question}", things, len(borrowers), frozenset(lenders), shown), difference


def _lenders(portfolio: OraclePortfolio, question: PortfolioQuestion, answer: Answer) -> Found:
    expected = portfolio.lenders_per_borrower(question.window, question.every)
    given = {(one["period"], one["lenders"]): one for one in answer["lendersPerBorrower"]}
    for row, (day, subjects) in zip(expected, _holders(portfolio, question), strict=True):
        got = given.get((row["period"], row["lenders"]))
        held = [loan for loan in portfolio.loans if loan.row.subject in subjects and loan.alive_on(day)]
        lenders = {loan.lender.code for loan in held}
        where = f"{row['lenders']} lenders on {day} of {question}"
        # Who has one lender among some has another among others: what is counted is a person with these lenders.
        things = frozenset(
            (subject, frozenset(loan.lender.code for loan in held if loan.row.subject == subject), day)
            for subject in subjects
        )
        difference = None if got is None else first_difference(got, row)
        yield "lenders", Asked(where, things, len(subjects), frozenset(lenders), got is not None), difference


def _holders(portfolio: OraclePortfolio, question: PortfolioQuestion) -> Iterator[tuple[date, set[str]]]:
    for day in last_days(resolve(question.window, portfolio.horizon), question.every):
        for _, subjects in sorted(portfolio.holders(day).items()):
            yield day, subjects
