"""Chance: every draw of the demo, made so that one seed gives one portfolio on every machine.

Only `Random.random` is promised to keep its sequence from one Python to the next, and only `+ - * /` are rounded alike
everywhere. So nothing here, or in what calls it, takes another method of `Random`, a logarithm, a power or `sum` of
floats.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


class Dice:
    """The draws of one subject. `roll()` is a float from 0 up to, and never, 1."""

    __slots__ = ("roll",)

    def __init__(self, seed: str) -> None:
        """Start the sequence that belongs to this text."""
        self.roll = Random(seed).random  # noqa: S311 - a demo is reproducible or it is nothing

    def between(self, low: int, high: int) -> int:
        """Draw a whole number from low to high, both included."""
        return low + int(self.roll() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """Draw one of the options, all equally likely."""
        return options[int(self.roll() * len(options))]

    def hits(self, chance: float, most: int) -> int:
        """Count the successes before the first failure, and no more than `most`."""
        count = 0
        while count < most and self.roll() < chance:
            count += 1
        return count

    def along(self, points: Sequence[int]) -> int:
        """Draw from the distribution whose quantiles, evenly spaced, are these points."""
        place = self.roll() * (len(points) - 1)
        step = int(place)
        return points[step] + int((points[step + 1] - points[step]) * (place - step))


class Wheel(NamedTuple, Generic[T]):
    """Options of unequal weight, ready to be drawn from."""

    options: tuple[T, ...]
    edges: tuple[float, ...]

    def spin(self, dice: Dice) -> T:
        """Draw an option as often as its weight says."""
        return self.options[bisect(self.edges, dice.roll() * self.edges[-1])]


def wheel(weighted: Iterable[tuple[T, float]]) -> Wheel[T]:
    """Make a wheel of options and their weights; the weights need not add up to anything."""
    kept = [(option, weight) for option, weight in weighted if weight > 0]
    return Wheel(tuple(option for option, _ in kept), tuple(accumulate(weight for _, weight in kept)))
