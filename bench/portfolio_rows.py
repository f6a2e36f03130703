"""What the dashboard asks, each beside straightforward SQL over the rows: as an analyst would who had no more."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

DELINQUENCY = """
    select {key} as key, r.month, least((r.days_past_due + 29) / 30, 7) as bucket, count(*) as loans,
        sum(r.balance) as balance, sum(r.overdue_amount) as overdue_amount, count(distinct l.borrower_id) as borrowers
    from repayment r join loan l on l.id = r.loan_id join institution i on i.id = l.institution_id
    where r.month >= %(first)s and r.month < %(past)s and (r.balance > 0 or r.overdue_amount > 0)
    group by grouping sets ((1, 2, 3), (1, 2)) order by 1, 2, 3"""
MOVES = """
    select least((r.days_past_due + 29) / 30, 7), least((n.days_past_due + 29) / 30, 7), count(*)
    from repayment r
    left join repayment n on n.loan_id = r.loan_id and n.month = (r.month + interval '1 month')::date
        and n.month >= %(first)s and n.month < %(past)s
    where r.month >= %(first)s and r.month < %(past)s::date - 1 group by 1, 2 order by 1, 2"""
AGES = """
    with cohort as (
        select l.id, date_trunc('quarter', l.opened_on) as opened,
            extract(year from l.opened_on) * 12 + extract(month from l.opened_on) as slot
        from loan l where l.opened_on >= %(first)s and l.opened_on < %(past)s {products}
    )
    select opened, age, count(*) filter (where reported), count(*) filter (where first)
    from (
        select
            c.opened, extract(year from r.month) * 12 + extract(month from r.month) - c.slot as age, true as reported,
            r.days_past_due > 30 and row_number() over (partition by c.id, r.days_past_due > 30 order by r.month) = 1
                as first
        from cohort c join repayment r on r.loan_id = c.id
        where r.month >= %(first)s
    ) a
    group by opened, age order by 1, 2"""
LENDERS = """
    select d.day, n.lenders, count(*), count(*) filter (where n.late)
    from unnest(%(days)s::date[]) d (day)
    cross join lateral (
        select l.borrower_id, count(distinct l.institution_id) as lenders, bool_or(r.loan_id is not null) as late
        from loan l
        join institution i on i.id = l.institution_id
        left join repayment r
            on r.loan_id = l.id and r.month = date_trunc('month', d.day)::date and r.days_past_due > 30
        where l.opened_on <= d.day and (l.closed_on is null or l.closed_on >= d.day) {part}
        group by 1
    ) n
    group by 1, 2 order by 1, 2"""
FACTS = """
    select r.month, i.kind, l.product, count(distinct l.borrower_id), count(distinct i.id)
    from repayment r join loan l on l.id = r.loan_id join institution i on i.id = l.institution_id
    where r.month >= %(first)s and r.month < %(past)s and (r.balance > 0 or r.overdue_amount > 0)
    group by grouping sets ((1), (1, 2), (1, 3), (1, 2, 3))"""


class Question(NamedTuple):
    """What is asked: statements of ours with their values, and one over the rows that says the same."""

    name: str
    ours: list[tuple[str, list[Any]]]
    rows: str


def questions(first: date, past: date, groups: dict[str, list[tuple[int, ...]]], part: Sequence[int]) -> list[Question]:
    """Return what is asked of a window of whole months.

    ``groups`` are, of each grouping, the blocks of each of its groups; ``part`` the cells of two institutions.
    """
    days = month_ends(first, past)

    def window(grouping: str, *values: Any) -> list[Any]:
        found = groups[grouping]
        numbered = [(slot, block) for slot, blocks in enumerate(found, 1) for block in blocks]
        return [
            [first] * len(found), [past] * len(found), *([value] * len(found) for value in values),
            [slot for slot, _ in numbered], [block for _, block in numbered],
        ]  # fmt: skip

    def delinquency(grouping: str) -> list[tuple[str, list[Any]]]:
        return [("delinquency", [*window(grouping, "month"), [], []])]

    def lenders(grouping: str) -> list[tuple[str, list[Any]]]:
        asked = [(slot, day, blocks[0]) for slot, blocks in enumerate(groups[grouping], 1) for day in days]
        return [("holders", [*map(list, zip(*asked, strict=True)), None])]

    by = {"all": "null::text", "kind": "i.kind", "product": "l.product", "institution": "i.code"}
    return [
        *(Question(f"delinquency, {name}", delinquency(name), DELINQUENCY.format(key=key)) for name, key in by.items()),
        Question("what may be published", [("facts", [["REPORTED"] * len(days), starts(days), None])], FACTS),
        Question("roll rates, all", [("moves", window("all"))], MOVES),
        Question(
            "vintages, all",
            [("cohorts", window("all")), ("ages", window("all", "quarter", 30))],
            AGES.format(products=""),
        ),
        Question(
            "vintages over 31 days, all",
            [("cohorts", window("all")), ("ages", window("all", "quarter", 31))],
            AGES.format(products="").replace("> 30", "> 31"),
        ),
        Question("lenders, all", lenders("all"), LENDERS.format(part="")),
        Question("lenders, one kind", lenders("bank"), LENDERS.format(part="and i.kind = 'BANK'")),
        Question(
            "lenders, two institutions",
            [("lenders", [[1] * len(days), days, [1] * len(part), list(part)])],
            LENDERS.format(part="and i.id = any (%(institutions)s)"),
        ),
    ]


def month_ends(first: date, past: date) -> list[date]:
    """Return the last days of the months from one first of a month to before another."""
    found = []
    month = first
    while month < past:
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
        found.append(month - timedelta(days=1))
    return found


def starts(days: Sequence[date]) -> list[date]:
    """Return the first days of the days' months."""
    return [day.replace(day=1) for day in days]
