"""What was measured, kept until it is measured again, and the table made of it: medians, ratios and their spread."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

import orjson

from bench.requests.contenders import NAMES
from bench.requests.load import Sample
from bench.requests.plot import plot
from bench.requests.portfolio import STATE
from bench.requests.workloads import WORKLOADS

KEPT = STATE / "bench" / "requests-samples.json"
RESULTS = Path(__file__).parents[1] / "RESULTS.md"
REMARKS = Path(__file__).with_name("REMARKS.md")
PLOT = Path(__file__).parents[1] / "RESULTS.svg"
# What Borrowgraph aims at: its rate, divided by the other's.
AIMS = {
    "A": {"floor": 0.8, "postgraphile": 1.4},
    "B": {"floor": 1.0, "postgraphile": 3.0},
    "C": {"floor": 0.9, "postgraphile": 2.0},
}


class Setting(NamedTuple):
    """How it was measured."""

    repayments: int
    workload: str
    workers: int
    connections: int


class Measured(NamedTuple):
    """One contender's samples, one a round, and its memory in MB afterwards."""

    samples: list[Sample]
    memory: float


@dataclass
class Results:
    """All measurements, and what one answer is: its bytes and its statements."""

    measured: dict[Setting, dict[str, Measured]] = field(default_factory=dict)
    answers: dict[tuple[int, str, str], tuple[int, float]] = field(default_factory=dict)

    def add(self, setting: Setting, contender: str, samples: Sequence[Sample], memory: float) -> None:
        """Keep one contender's samples in place of older ones."""
        self.measured.setdefault(setting, {})[contender] = Measured(list(samples), memory)

    def note(self, repayments: int, workload: str, contender: str, size: int, statements: float) -> None:
        """Keep what an answer is."""
        self.answers[repayments, workload, contender] = size, statements


def read() -> Results:
    """Return what was kept."""
    if not KEPT.exists():
        return Results()
    told = orjson.loads(KEPT.read_bytes())
    measured = {
        Setting(*setting): {
            name: Measured([Sample(*sample) for sample in samples], memory)
            for name, (samples, memory) in contenders.items()
        }
        for setting, contenders in told["measured"]
    }
    return Results(measured, {tuple(key): tuple(value) for key, value in told["answers"]})


def write(results: Results) -> None:
    """Keep the measurements, and write table and plot."""
    told = {"measured": list(results.measured.items()), "answers": list(results.answers.items())}
    KEPT.write_bytes(orjson.dumps(told, default=tuple))
    PLOT.write_text(plot(_summary(results)), encoding="utf-8")
    RESULTS.write_text(table(results), encoding="utf-8")


def table(results: Results) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Requests, side by side",
        "",
        f"`make bench T=requests`: {os.cpu_count()} cores shared by client (wrk), server and database, Python "
        f"{platform.python_version()}. Medians of the rounds in which the contenders took turns; ratios are made "
        "within a round, their least and most in brackets. README.md says what is compared.",
        "",
        "![Rates](RESULTS.svg)",
        "",
    ]
    sizes = sorted({setting.repayments for setting in results.measured})
    for size in sizes:
        lines += [f"## {size:,} repayments", ""]
        for workers in sorted({setting.workers for setting in results.measured if setting.repayments == size}):
            lines += _rates(results, size, workers)
        lines += _answers(results, size)
    if REMARKS.exists():
        lines += [REMARKS.read_text(encoding="utf-8")]
    return "\n".join(lines)


def _rates(results: Results, size: int, workers: int) -> list[str]:
    plural = "process" if workers == 1 else "processes"
    lines = [
        f"### {workers} {plural}",
        "",
        "| workload | connections | contender | requests/s | p50, ms | p99, ms | Borrowgraph's rate, divided by this "
        "| processor time, ms: its own + the database's | divided by Borrowgraph's |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for setting in sorted(results.measured):
        if (setting.repayments, setting.workers) != (size, workers):
            continue
        found = results.measured[setting]
        lines += [_rate(setting, name, found) for name in NAMES if name in found]
    return [*lines, ""]


def _rate(setting: Setting, name: str, found: dict[str, Measured]) -> str:
    samples = found[name].samples
    rate, p50, p99 = (median(each) for each in zip(*(sample[:3] for sample in samples), strict=True))
    failed = sum(sample.failed for sample in samples)
    cells = [setting.workload, str(setting.connections), NAMES[name], f"{rate:,.1f}", f"{p50:,.1f}", f"{p99:,.1f}"]
    cells.append(_ratio(setting, name, found) + (f"; {failed} failed" if failed else ""))
    cells += _processor(name, found)
    return f"| {' | '.join(cells)} |"


def _ratio(setting: Setting, name: str, found: dict[str, Measured]) -> str:
    if name == "borrowgraph" or "borrowgraph" not in found:
        return ""
    pairs = zip(found["borrowgraph"].samples, found[name].samples, strict=False)
    ratios = [mine.rate / theirs.rate for mine, theirs in pairs if theirs.rate]
    if not ratios:
        return ""
    told = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
    aim = AIMS.get(setting.workload, {}).get(name)
    return told if aim is None else f"{told}, aim {aim}"


def _processor(name: str, found: dict[str, Measured]) -> list[str]:
    """Return the processor time a request, and how much it is beside Borrowgraph's, round by round."""
    service, database = (median(getattr(one, part) for one in found[name].samples) for part in ("service", "database"))
    if not service:
        return ["", ""]
    told = f"{service:.2f} + {database:.2f}"
    if name == "borrowgraph" or "borrowgraph" not in found:
        return [told, ""]
    pairs = zip(found["borrowgraph"].samples, found[name].samples, strict=False)
    ratios = [
        (theirs.service + theirs.database) / (mine.service + mine.database) for mine, theirs in pairs if mine.service
    ]
    return [told, f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})" if ratios else ""]


def _answers(results: Results, size: int) -> list[str]:
    lines = [
        "### An answer, and what it takes",
        "",
        "| workload | contender | bytes of the answer | SQL statements | MB in memory, the largest process, at most |",
        "| --- | --- | --- | --- | --- |",
    ]
    for workload in WORKLOADS:
        for name in NAMES:
            if (size, workload, name) not in results.answers:
                continue
            length, statements = results.answers[size, workload, name]
            memory = max(
                found[name].memory
                for setting, found in results.measured.items()
                if (setting.repayments, setting.workload) == (size, workload) and name in found
            )
            lines.append(f"| {workload} | {NAMES[name]} | {length:,} | {statements:g} | {memory:.0f} |")
    return [*lines, ""]


def _summary(results: Results) -> dict[str, dict[str, float]]:
    """Return each workload's rates at the smallest size, one process, 8 connections where that was measured."""
    found: dict[str, dict[str, float]] = {}
    for setting in sorted(results.measured, reverse=True):
        if setting.workers == 1 and (setting.connections == 8 or setting.workload not in found):  # noqa: PLR2004
            contenders = results.measured[setting]
            found[setting.workload] = {
                NAMES[name]: median(sample.rate for sample in contenders[name].samples)
                for name in NAMES
                if name in contenders
            }
    return dict(sorted(found.items()))
