"""Where values lie on a drawing: linear scales, round ticks, labels kept apart."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

STEPS = (1, 2, 2.5, 5, 10)


class Scale(NamedTuple):
    """Values from 0 to ``high``, laid from ``start`` to ``end``."""

    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, to a tenth of a pixel."""
        return round(self.start + (self.end - self.start) * value / self.high, 1)


def ticks(largest: float, most: int = 5) -> list[float]:
    """Round values from 0 to the first at or above the largest: at most so many steps."""
    if largest <= 0:
        return [0.0, 0.01]
    rough = largest / most
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in STEPS if factor * magnitude >= rough * (1 - 1e-9))
    return [round(step * number, 12) for number in range(math.ceil(largest / step - 1e-9) + 1)]


def places(values: Sequence[float]) -> int:
    """The decimal places that percentages of these ticks need."""
    return next((few for few in range(3) if all(math.isclose(v * 100, round(v * 100, few)) for v in values)), 3)


def apart(positions: Sequence[float], gap: float, lowest: float) -> list[float]:
    """The positions moved as little down, then up from ``lowest``, as keeps the gap between any two; order is kept."""
    order = sorted(range(len(positions)), key=positions.__getitem__)
    moved = list(positions)
    for before, here in pairwise(order):
        moved[here] = max(moved[here], moved[before] + gap)
    ceiling = lowest
    for here in reversed(order):
        moved[here] = min(moved[here], ceiling)
        ceiling = moved[here] - gap
    return [round(position, 1) for position in moved]
