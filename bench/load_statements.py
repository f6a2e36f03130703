"""Where a load's time goes: the seconds of each statement, elapsed and of the processor that served it.

`python -m bench.load_statements URL FOLDER` loads a delivery into a database of a server on this machine.
"""

import argparse
import io
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import psycopg

from bench.load_contenders import SECRET
from intake import adding, load, session
from intake.progress import Progress

SMALL = 0.01  # seconds that are not worth a line


# Seconds by statement: elapsed, and of the processor that ran it.
TAKEN: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])


@contextmanager
def noted(name: str, processor: Callable[[], float]) -> Iterator[None]:
    """Note how long a statement takes; ``processor`` tells how long that has run."""
    start = time.perf_counter(), processor()
    try:
        yield
    finally:
        for at, end in enumerate((time.perf_counter(), processor())):
            TAKEN[name][at] += end - start[at]


class Timed(session.Session):
    """A session that notes how long each statement takes."""

    def _execute(self, name: str, *values: object) -> psycopg.Cursor[session.Row]:
        with self._noted(name):
            return super()._execute(name, *values)

    @contextmanager
    def copy(self, name: str) -> Iterator[psycopg.Copy]:
        """As ever; reading and checking go on meanwhile."""
        with self._noted(f"reading, checking, {name}"), super().copy(name) as copy:
            yield copy

    @contextmanager
    def copied(self, name: str) -> Iterator[Iterable[session.Buffer]]:
        """As ever; what is given is taken in meanwhile."""
        with self._noted(name), super().copied(name) as rows:
            yield rows

    def _noted(self, name: str) -> AbstractContextManager[None]:
        return noted(name, self._processor)

    def _processor(self) -> float:
        """How long the server's process has run."""
        pid = self._connection.info.backend_pid
        return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


class TimedAdder(adding.Adder):
    """An engine that notes how long each statement takes: elapsed, and of the processor, all Python's included.

    It works beside the server, in a thread of its own: its seconds are not to be added to the server's.
    """

    def _run(self, name: str, *values: object) -> None:
        with noted(f"adding/{name}", time.process_time):
            super()._run(name, *values)

    def _add_up(self, name: str) -> IO[bytes]:
        with noted(f"adding/sum_{name}s", time.process_time):
            return super()._add_up(name)


def main() -> None:
    """Load, and print what took the longest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="libpq address of the database's owner")
    parser.add_argument("folder", type=Path, help="the delivery")
    chosen = parser.parse_args()
    session.Session, adding.Adder = Timed, TimedAdder  # type: ignore[misc]
    start = time.perf_counter(), time.process_time()
    load.load(chosen.url, [chosen.folder], secret=SECRET.encode(), progress=Progress(io.StringIO()))
    print("| | seconds | of the processor that ran it |\n| --- | --- | --- |")
    print(f"| all | {time.perf_counter() - start[0]:.2f} | |")
    print(f"| Python's processor | {time.process_time() - start[1]:.2f} | |")
    for name, (elapsed, processor) in sorted(TAKEN.items(), key=lambda each: -each[1][0]):
        if elapsed > SMALL:
            print(f"| {name} | {elapsed:.2f} | {processor:.2f} |")


if __name__ == "__main__":
    main()
