"""Sizes, numbers as soon as they can be: sums, products, and the greatest of what is known and what is asked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sql.rows import MarketRow


class Asked(NamedTuple):
    """What a document is asked with: its variables as they were sent, and the market of the moment."""

    variables: Mapping[str, Any]
    market: MarketRow


# A size, or what gives it once the variables are there.
Size = int | Callable[[Asked], int]


def total(sizes: Iterable[Size]) -> Size:
    """Return the sum."""
    known, asked = _parted(sizes)
    number = sum(known)
    if not asked:
        return number
    if len(asked) == 1:
        one = asked[0]
        return lambda now: number + one(now)
    return lambda now: number + sum([one(now) for one in asked])


def times(one: Size, other: Size) -> Size:
    """Return the product."""
    if isinstance(one, int):
        if one == 0 or isinstance(other, int):
            return one * other if isinstance(other, int) else 0
        return other if one == 1 else lambda now: one * other(now)
    if isinstance(other, int):
        return times(other, one)
    return lambda now: one(now) * other(now)


def greatest(sizes: Iterable[Size]) -> Size:
    """Return the greatest; 0 of none."""
    known, asked = _parted(sizes)
    number = max(known, default=0)
    return (lambda now: max(number, *[one(now) for one in asked])) if asked else number


def at(size: Size, asked: Asked) -> int:
    """Return the number that a size is now."""
    return size if isinstance(size, int) else size(asked)


def _parted(sizes: Iterable[Size]) -> tuple[list[int], list[Callable[[Asked], int]]]:
    known, asked = list[int](), list[Callable[[Asked], int]]()
    for one in sizes:
        if isinstance(one, int):
            known.append(one)
        else:
            asked.append(one)
    return known, asked
