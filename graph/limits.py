"""What one request may ask, refused before any SQL."""

from dataclasses import dataclass
from enum import StrEnum

from resolvers.errors import PageSizeInvalid, ThresholdInvalid, TooManyKeys

MOST = 99_999
LARGEST_INT = 2**31 - 1
PAGE = 100
LARGEST_PAGE = 1_000


@dataclass(frozen=True)
class Limits:
    """The operator's limits: months in a window, keys in a list of borrowers."""

    window_months: int
    borrower_keys: int

    def check_keys(self, keys: int, argument: str) -> None:
        """Refuse a list of more keys than allowed."""
        if keys > self.borrower_keys:
            allowed = f"at most {self.borrower_keys} keys"
            raise TooManyKeys(
                f"Too many keys: {keys}, allowed are {allowed}.", argument=argument, got=keys, allowed=allowed
            )


@dataclass(frozen=True)
class Bounds:
    """The operator's bounds of a document and its variables; fields count where they are spread, fragments too."""

    characters: int = 20_000
    tokens: int = 2_000
    depth: int = 10
    fields: int = 2_000
    breadth: int = 100
    root_fields: int = 50
    aliases: int = 100
    repeats: int = 100
    directives: int = 50
    values: int = 10_000


class Mode(StrEnum):
    """What becomes of a document that is not registered."""

    OFF = "OFF"
    LOG = "LOG"
    REFUSE = "REFUSE"


def page_size(first: int | None) -> int:
    """Return how many rows a page has; PageSizeInvalid below 1 and above the cap."""
    size = PAGE if first is None else first
    if not 1 <= size <= LARGEST_PAGE:
        allowed = f"1 to {LARGEST_PAGE}"
        raise PageSizeInvalid(
            f"Not a page size: {size}, allowed: {allowed}.", argument="first", got=size, allowed=allowed
        )
    return size


def threshold(value: int, argument: str = "overDays", least: int = 0, most: int = MOST) -> int:
    """Return a threshold of a figure; ThresholdInvalid below ``least`` and above ``most``."""
    if not least <= value <= most:
        allowed = f"{least} to {most}"
        message = f"Not a threshold: {value}, allowed: {allowed}."
        raise ThresholdInvalid(message, argument=argument, got=value, allowed=allowed)
    return value
