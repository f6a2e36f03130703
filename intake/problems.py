"""What is wrong with a delivery, worded for the person who has to mend it; never with an identity number in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from intake.rules import Rule

LENGTH = 60  # characters of a value shown

# The length of an identity card's number: values so long may be one that slipped into a neighbouring column.
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}[Xx]?")


CONCEALED = '"…"'  # instead of a value that no message may show
NOTHING = "nothing"  # instead of an empty value


def shown(value: str) -> str:
    """A value as a message shows it: quoted, shortened, nothing unprintable, nothing that looks like an identity."""
    return quoted(LONG_NUMBER.sub("…", value))


def quoted(value: str) -> str:
    """A value that is no person's, however long a number it has: quoted, shortened, nothing unprintable."""
    short = value if len(value) <= LENGTH else value[:LENGTH] + "…"
    return f'"{"".join(map(_printable, short))}"'


def _printable(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character if character.isprintable() else character.encode("unicode_escape", "surrogatepass").decode()


def located(file: str, line: int | None) -> str:
    """Where something is: the file, and the line or, in a format without lines, the row."""
    if not line:
        return file
    return f"{file} row {line}" if file.lower().endswith(".parquet") else f"{file}:{line}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, by which rule, what was got and what is allowed.

    ``line`` is the physical line, from 1, on which the record starts, in a Parquet file the row's number from 1, and
    None where the whole file is meant.
    ``column`` is None where the row or the file is meant. ``got`` is ready to show.
    """

    file: str
    line: int | None
    column: str | None
    rule: Rule
    got: str
    allowed: str

    def __str__(self) -> str:
        """One line: ``loans.csv:17: principal: got "-3", allowed: … [AMOUNT_NEGATIVE]``."""
        column = "" if self.column is None else f"{self.column}: "
        return f"{located(self.file, self.line)}: {column}got {self.got}, allowed: {self.allowed} [{self.rule.name}]"


class LoadError(Exception):
    """A load cannot go on for a reason that is none of the delivery's; nothing of the delivery is loaded."""


class DeliveryError(Exception):
    """A delivery is refused, and nothing of it was loaded.

    ``problems`` are the first ones, at most 20, in the order of files and lines; ``count`` is how many were found.
    ``share`` says how many rows are rejected and how many may be, and is empty where a file cannot be read. ``number``
    is the delivery's, under which all its rejected rows are kept, and None where there is none.
    """

    number: int | None = None

    def __init__(self, delivery: str, problems: Sequence[Problem], count: int, share: str = "") -> None:
        self.delivery = delivery
        self.problems = tuple(problems)
        self.count = count
        self.share = share
        super().__init__(delivery, self.problems, count)

    def __str__(self) -> str:
        """A line that says what is refused, a line for each problem, and how many more there are."""
        found = ("1 problem" if self.count == 1 else f"{self.count:,} problems") + self.share
        lines = [f"{self.delivery} is refused, nothing of it was loaded: {found}", *map(str, self.problems)]
        if self.count > len(self.problems):
            lines.append(f"… and {self.count - len(self.problems):,} more")
        return "\n".join(lines)
