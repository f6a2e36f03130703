"""The geometry of the report's charts: values in, places on the drawing out. The template draws them."""

from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple, TypeVar

from graph.report.scale import Scale, apart, places, ticks
from graph.report.wording import percent

WIDTH, TOP = 720, 14
BELOW = 26  # room for the labels along the axis
LABEL_GAP = 14
LEAST = 0.01  # an axis of rates reaches 1% at least

Value = TypeVar("Value")


class Label(NamedTuple):
    """A text at a place."""

    at: float
    text: str


class Line(NamedTuple):
    """A curve: its path, the dots where months stand alone, its last point, and its label with the place of that."""

    name: str
    path: str
    dots: Sequence[tuple[float, float]]
    end: tuple[float, float]
    label: Label


class Band(NamedTuple):
    """One layer of a stacked area."""

    name: str
    path: str


class Lines(NamedTuple):
    """Curves or layers over months; labels along both axes."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    across: Sequence[Label]
    up: Sequence[Label]
    lines: Sequence[Line] = ()
    bands: Sequence[Band] = ()


class Bar(NamedTuple):
    """A row of a chart of rows: its name, its value's place and text, and the place of the value before."""

    at: float
    name: str
    value: float
    text: str
    before: float | None = None


class Bars(NamedTuple):
    """Rows, one below the other, with labels along the axis below."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    across: Sequence[Label]
    rows: Sequence[Bar]


def lines(  # noqa: PLR0913 - what a chart is made of, each once
    named: Sequence[tuple[str, Sequence[float | None]]],
    across: Sequence[str],
    *,
    height: int = 240,
    room: int = 120,
    left: int = 44,
    least: float = LEAST,
) -> Lines:
    """Curves over the same months; ``across`` has a text for each month, empty where none is written.

    ``room`` is kept at the right for the curves' labels. Values go up to ``least`` at least.
    """
    known = [value for _, values in named for value in values if value is not None]
    up = ticks(max([*known, least]))
    bottom, right = height - BELOW, WIDTH - room
    high = Scale(up[-1], bottom, TOP)
    along = Scale(max(len(across) - 1, 1), left, right)
    drawn = []
    for name, values in named:
        runs = [[(along.at(n), high.at(value)) for n, value in run] for run in _runs(values)]
        if runs:
            alone = [run[0] for run in runs if len(run) == 1]
            drawn.append((name, " ".join(map(_path, runs)), alone, runs[-1][-1]))
    tags = [end[1] + 4 for *_, end in drawn]
    if len({end[0] for *_, end in drawn}) == 1:
        tags = apart(tags, LABEL_GAP, bottom + 4)
    return Lines(
        WIDTH, height, left, right, bottom, _labels(across, along), _percents(up, high),
        lines=[
            Line(name, path, alone, end, Label(tag, name))
            for (name, path, alone, end), tag in zip(drawn, tags, strict=True)
        ],
    )  # fmt: skip


def stacked(layers: Sequence[tuple[str, Sequence[float | None]]], across: Sequence[str], *, height: int = 240) -> Lines:
    """Layers on top of each other, the first at the bottom; a month in which any is None is left out of all."""
    months = list(zip(*(values for _, values in layers), strict=True))
    tops = [None if None in month else list(accumulate(value or 0 for value in month)) for month in months]
    up = ticks(max([top[-1] for top in tops if top] + [LEAST]))
    bottom, left, right = height - BELOW, 44, WIDTH - 10
    high, along = Scale(up[-1], bottom, TOP), Scale(max(len(across) - 1, 1), left, right)
    bands = []
    for layer, (name, _) in enumerate(layers):
        edges = [
            [(along.at(n), high.at(top[layer]), high.at(top[layer - 1] if layer else 0)) for n, top in run]
            for run in _runs(tops)
        ]
        bands.append(Band(name, " ".join(_area(run) for run in edges if len(run) > 1)))
    return Lines(WIDTH, height, left, right, bottom, _labels(across, along), _percents(up, high), bands=bands)


def bars(
    rows: Sequence[tuple[str, float, float | None]], *, width: int = WIDTH, left: int = 170, row_height: int = 20
) -> Bars:
    """A row for each name: the value, and the value before where there is one."""
    along_ticks = ticks(max([value for _, *values in rows for value in values if value is not None] + [LEAST]), 6)
    right, bottom = width - 70, TOP + row_height * len(rows)
    along = Scale(along_ticks[-1], left, right)
    return Bars(
        width, bottom + 24, left, right, bottom, _percents(along_ticks, along),
        [
            Bar(
                TOP + row_height * (n + 0.5), name, along.at(value), percent(value),
                None if before is None else along.at(before),
            )
            for n, (name, value, before) in enumerate(rows)
        ],
    )  # fmt: skip


def _percents(values: Sequence[float], scale: Scale) -> list[Label]:
    few = places(values)
    return [Label(scale.at(value), percent(value, few)) for value in values]


def _labels(texts: Sequence[str], along: Scale) -> list[Label]:
    return [Label(along.at(number), text) for number, text in enumerate(texts) if text]


def _runs(values: Sequence[Value | None]) -> Iterator[list[tuple[int, Value]]]:
    """The values that follow each other without a gap, each with its place among all."""
    for there, run in groupby(enumerate(values), lambda each: each[1] is not None):
        if there:
            yield [(place, value) for place, value in run if value is not None]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points)


def _area(edges: Sequence[tuple[float, float, float]]) -> str:
    above = [(x, top) for x, top, _ in edges]
    below = [(x, floor) for x, _, floor in reversed(edges)]
    return f"{_path([*above, *below])}Z"
