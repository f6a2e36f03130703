"""What is wrong with one delivery while it is checked: the first problems, all of them on disk, when it is too much."""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge
from itertools import pairwise

from intake.problems import DeliveryError, Problem
from intake.spool import Spool
from intake.values import ESCAPED, NULL

SHOWN = 20  # problems shown of a refused delivery
KEPT = 1_000_000  # rejected rows that are kept; a delivery with more is refused, whatever their share
Origin = tuple[str | None, str | None]  # a row's institution and month, in COPY's text; None where it cannot be read
NOWHERE: Origin = (None, None)

LINES = 1 << 40  # lines a file may have: a row's place is its file's number times this, plus its line


@dataclass
class Findings:
    """The problems of a delivery in which at most ``share`` of the rows, from 0 to 1, may be rejected.

    A fault of a file refuses the delivery whole. ``problems`` has each problem as a line for COPY. ``read`` is how many
    rows there are, known once all files are read.
    """

    delivery: str
    share: float
    first: list[Problem] = field(default_factory=list)
    count: int = 0
    read: int = 0
    faulty: bool = False
    rejected: dict[str, int] = field(default_factory=dict)
    places: "array[int]" = field(default_factory=lambda: array("q"))
    problems: Spool = field(default_factory=Spool)

    def fault(self, place: int, problem: Problem) -> None:
        """Take a fault for which the whole delivery is refused."""
        self.faulty = True
        self._add(None, place, problem, NOWHERE)

    def reject(self, kind: str, place: int, problems: Iterable[Problem], origin: Origin = NOWHERE) -> None:
        """Take a rejected row of a kind of file, and whose it is."""
        self.rejected[kind] = self.rejected.get(kind, 0) + 1
        if len(self.places) >= KEPT:
            self.count += len(list(problems))
            return
        self.places.append(place)
        for problem in problems:
            self._add(kind, place, problem, origin)

    def reject_unseen(self, kind: str, more: int) -> None:
        """Take so many more rejected rows of a kind of file, each with one problem, of which nothing else is known."""
        self.rejected[kind] = self.rejected.get(kind, 0) + more
        self.count += more

    def ordered(self) -> Iterator[int]:
        """The places of rejected rows in their order, without a list of them all: they came in few ascending runs."""
        places = memoryview(self.places)
        turns = [at for at in range(1, len(places)) if places[at] < places[at - 1]]
        return merge(*(places[start:end] for start, end in pairwise([0, *turns, len(places)])))

    @property
    def limit(self) -> int:
        """How many rows may be rejected."""
        return min(int(self.share * self.read), KEPT)

    @property
    def room(self) -> int:
        """How many more rejected rows are of interest: those that may be, or enough to mend a refused delivery by."""
        return max(self.limit - sum(self.rejected.values()), 0) + 10_000

    def refuse(self) -> None:
        """Raise DeliveryError if a file has a fault, or more rows are rejected than may be."""
        rejected = sum(self.rejected.values())
        if self.faulty:
            raise DeliveryError(self.delivery, self.first, self.count)
        if rejected > self.limit:
            share = f" in {rejected:,} of {self.read:,} rows, allowed: {self.limit:,} ({self.share:.3%})"
            raise DeliveryError(self.delivery, self.first, self.count, share)

    def _add(self, kind: str | None, place: int, problem: Problem, origin: Origin) -> None:
        self.count += 1
        if len(self.first) < SHOWN:
            self.first.append(problem)
        values = (problem.column, problem.rule.name, problem.got, problem.allowed)
        texts = [NULL if value is None else value.translate(ESCAPED) for value in values]
        # A value that was parsed is in COPY's form already.
        line = "\t".join([*texts, *(NULL if value is None else value for value in (kind, *origin))])
        self.problems.write(f"{self.count}\t{place}\t{line}\n")
