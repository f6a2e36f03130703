"""From rows that carry their slot's number back to one answer a slot, in the order of the keys."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

Answer = TypeVar("Answer")


class Slotted(Protocol):
    """A row that says which slot it answers, counted from 1."""

    @property
    def slot(self) -> int:
        """The slot's number."""


Row = TypeVar("Row", bound=Slotted)


def one_a_slot(rows: Iterable[Row], slots: int) -> list[Row | None]:
    """Return each slot's row, None where it has none."""
    found: list[Row | None] = [None] * slots
    for row in rows:
        found[row.slot - 1] = row
    return found


def many_a_slot(rows: Iterable[Row], slots: int) -> list[list[Row]]:
    """Return each slot's rows, in the order in which they came."""
    found: list[list[Row]] = [[] for _ in range(slots)]
    for row in rows:
        found[row.slot - 1].append(row)
    return found


def raised(slots: Sequence[Answer | BaseException]) -> Sequence[Answer]:
    """Return the slots where every one holds an answer; raises the first exception that stands in one."""
    answers: list[Answer] = []
    for slot in slots:
        if isinstance(slot, BaseException):
            raise slot
        answers.append(slot)
    return answers
