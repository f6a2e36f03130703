"""How long work shows that it goes on: a live line on a terminal, plain lines now and then elsewhere."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TextIO

REDRAW = 0.1  # seconds between two states of the live line
REPEAT = 10.0  # seconds between two plain lines of one task
BAR = 20  # characters
TENTHS = 10.0  # seconds; a longer time is told without them


class Task:
    """One piece of work: how many rows are done, and which share of its size."""

    def __init__(self, label: str, size: int | None, show: Callable[["Task"], None], now: Callable[[], float]) -> None:
        self.label = label
        self.size = size
        self.rows: int | None = None
        self.done: int | None = None
        self._show = show
        self._now = now
        self._start = now()

    @property
    def seconds(self) -> float:
        """Since the task began."""
        return self._now() - self._start

    def at(self, rows: int, done: int | None = None) -> None:
        """So many rows are done, and so much of the task's size, in its own unit; cheap enough for every thousand."""
        self.rows = rows
        self.done = done
        self._show(self)

    def share(self) -> float | None:
        """The part that is done, 0 to 1; None where it cannot be told."""
        if not self.size or self.done is None:
            return None
        return min(self.done / self.size, 1.0)

    def state(self) -> str:
        """What is known by now: ``310,000 rows, 95,000 rows/s, 42 %, 5 s left``."""
        seconds, share = self.seconds, self.share()
        parts = []
        if self.rows is not None:
            parts.append(counted(self.rows))
            if seconds >= 1:
                parts.append(f"{self.rows / seconds:,.0f} rows/s")
        if share is not None:
            parts.append(f"{share:.0%}")
            if share and seconds >= 1:
                parts.append(f"{duration(seconds / share - seconds)} left")
        return ", ".join(parts)

    def result(self) -> str:
        """What is known at the end: ``repayments.csv.gz: 700,000 rows, 7.3 s``."""
        rows = "" if self.rows is None else f"{counted(self.rows)}, "
        return f"{self.label}: {rows}{duration(self.seconds)}"


class Progress:
    """Tells a person, on a stream, what is being done; by default on standard error.

    On a terminal the running task has one line that is drawn again and again; elsewhere it has a line every ten
    seconds. Either way a plain line stays when it ends.
    """

    def __init__(self, stream: TextIO | None = None, now: Callable[[], float] = monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._now = now
        self._live = self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = now()

    def say(self, text: str) -> None:
        """Show a line that stays."""
        self._stream.write(f"\r\x1b[K{text}\n" if self._live else f"{text}\n")
        self._stream.flush()

    @contextmanager
    def task(self, label: str, size: int | None = None) -> Iterator[Task]:
        """Work that goes on until the end of the block; ``size`` is the whole in the unit that ``Task.at`` is told."""
        task = Task(label, size, self._show, self._now)
        self._shown = self._now()
        if self._live:
            self._draw(task)
        try:
            yield task
        except BaseException:
            if self._live:
                self._clear()
            raise
        self.say(task.result())

    def _show(self, task: Task) -> None:
        now = self._now()
        if self._live and now - self._shown >= REDRAW:
            self._shown = now
            self._draw(task)
        elif not self._live and now - self._shown >= REPEAT:
            self._shown = now
            self.say(f"{task.label}: {task.state()}")

    def _draw(self, task: Task) -> None:
        share = task.share()
        bar = "" if share is None else f"[{'#' * round(share * BAR):.<{BAR}}] "
        line = f"{task.label}: {bar}{task.state()}"
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[K{line[:width]}")
        self._stream.flush()

    def _clear(self) -> None:
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def counted(rows: int) -> str:
    """So many rows, in words."""
    return "1 row" if rows == 1 else f"{rows:,} rows"


def duration(seconds: float) -> str:
    """A length of time as a person says it: ``7.3 s``, ``42 s``, ``3 min 20 s``."""
    if seconds < TENTHS:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
