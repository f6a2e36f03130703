"""What a load did, counted."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Counts:
    """Rows of one kind of file: ``read == added + corrected + older + unchanged + rejected + withheld``.

    ``added``: keys that were not known. ``corrected``: known keys with a newer version. ``older``: older versions that
    arrived late and took their place in history. ``unchanged``: everything that was known already, the same row again
    within the delivery included. ``rejected``: rows that break a rule; they are kept, and not loaded. ``withheld``:
    rows with nothing wrong in a delivery that was refused. ``warned``: loaded rows that a warning names.
    """

    read: int = 0
    added: int = 0
    corrected: int = 0
    older: int = 0
    unchanged: int = 0
    rejected: int = 0
    withheld: int = 0
    warned: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """The counts of both together."""
        return Counts(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))


@dataclass(frozen=True)
class Report:
    """What became of the rows of all deliveries of a load, by kind of file, and how many seconds it took.

    ``deliveries`` are the numbers under which they are noted.
    """

    institutions: Counts = Counts()
    loans: Counts = Counts()
    repayments: Counts = Counts()
    inquiries: Counts = Counts()
    seconds: float = 0.0
    deliveries: tuple[int, ...] = ()

    def __add__(self, other: "Report") -> "Report":
        """Both loads together."""
        return Report(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    def marking(self, rejected: Mapping[str, int], warned: Mapping[str, int]) -> "Report":
        """The same with these rejected and warned rows, by the name of the kind."""
        counts = {
            name: replace(counts, rejected=rejected.get(name, 0), warned=warned.get(name, 0))
            for name, counts in self.kinds().items()
        }
        return replace(
            self,
            institutions=counts["institutions"],
            loans=counts["loans"],
            repayments=counts["repayments"],
            inquiries=counts["inquiries"],
        )

    def kinds(self) -> dict[str, Counts]:
        """The counts by the name of the kind."""
        return {name: getattr(self, name) for name in ("institutions", "loans", "repayments", "inquiries")}

    def __str__(self) -> str:
        """A line for each kind of file that had rows, and one for the time."""
        kinds = self.kinds().items()
        lines = [
            f"{name:<12} {counts.read:>11,} read: {counts.added:,} added, {counts.corrected:,} corrected, "
            f"{counts.older:,} older, {counts.unchanged:,} unchanged"
            + (f", {counts.rejected:,} REJECTED" if counts.rejected else "")
            + (f"; {counts.warned:,} WARNED" if counts.warned else "")
            for name, counts in kinds
            if counts.read
        ]
        return "\n".join([*lines, f"{self.seconds:.1f} seconds"])
