"""The engine that adds up what loads touch, in the loader's process: loans go in as text, lines of sums come out."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Self

from intake.problems import LoadError
from intake.session import Buffer
from intake.spool import folder
from sql.statements import statement

# Of what is read of the touched borrowers, what is noted.
NOTED = ("month", "move", "borrower", "cohort", "opener", "turn", "state", "age", "rise")
MEMORY = "256MB"  # what does not fit into it is put into the temporary folder
THREADS = 4  # at most: each has buffers of its own
LINES = 20_000  # that are taken in and given at once
PART = 50_000  # borrowers whose loans are noted at once
LISTS, ARRAYS = bytes.maketrans(b"{}", b"[]"), bytes.maketrans(b"[]", b"{}")
# Engines that have forgotten everything: starting one takes a fifth of a small delivery's time.
SPARE: list["Adder"] = []


@contextmanager
def engine() -> Iterator["Adder"]:
    """An engine that holds nothing; it is kept for the next one who asks, unless it has grown or something fails."""
    try:
        adder = SPARE.pop()
    except IndexError:
        adder = Adder()
    with ExitStack() as stack:
        stack.enter_context(adder)
        yield adder
        # One that has grown gives its memory back only when it is closed.
        if adder.lines <= LINES:
            adder.forget()
            stack.pop_all()
            SPARE.append(adder)


class Adder:
    """What touched loans add up to, taken in with a sign as often as one likes; LoadError where there is no room."""

    def __init__(self) -> None:
        import duckdb  # noqa: PLC0415 - no other command has to wait for it, nor keep it in memory

        self.lines = 0  # that were taken in, all in all
        self._taken = False
        self._taking = Lock()
        with _said():
            self._folder = TemporaryDirectory(prefix="borrowgraph-")
        self._engine = duckdb.connect(
            ":memory:",
            config={
                "temp_directory": self._folder.name,
                "memory_limit": MEMORY,
                "threads": min(THREADS, os.cpu_count() or 1),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        # It sees nothing but what it is given. Only after the folder was named: that is access, too.
        for name in ("shut_off", "create"):
            self._run(name)

    def __enter__(self) -> Self:
        """Give it, to be closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it, and leave nothing behind."""
        self._engine.close()
        self._folder.cleanup()

    def forget(self) -> None:
        """Forget all that it was given."""
        self._run("forget_all")
        self.lines = 0

    def take(self, rows: Iterable[Buffer], sign: int) -> None:
        """Take in loans, as lines of COPY's text, to be added (1) or taken away (-1); several threads may at once.

        All of a borrower's that count before they are noted, but for those that were taken in to be taken away and do
        not change, as their lines say: these are added again.
        """
        coming = iter(rows)
        while lines := b"".join(islice(coming, LINES)):
            with self._taking:
                self._run("take_lines", lines.translate(LISTS).decode(), sign)
                self._taken = True
                self.lines += lines.count(b"\n")

    def note(self, borrowers: int = PART) -> None:
        """Note by how much the loans that were taken in change what there is; they are of some so many borrowers."""
        # Planning it takes longer than adding up a small delivery.
        if not self._taken:
            return
        parts = -(-borrowers // PART)
        for part in range(parts):
            self._run("read_loans", parts, part)
            self._run("read_reports")
            self._run("read_arrears")
            for name in NOTED:
                self._run(f"note_{name}s")
            for name in ("loans", "reports", "arrears"):
                self._run(f"forget_{name}")
        self._run("forget_taken")
        self._taken = False

    def add_up(self, cells: Sequence[tuple[int, int]], members: Sequence[tuple[int, int]]) -> None:
        """Find the sets of what was noted, and their blocks, by the cells' institutions and blocks."""
        for name, pairs in (("cells", cells), ("members", members)):
            self._run(f"know_{name}", [first for first, _ in pairs], [second for _, second in pairs])
        self._run("number_sets")
        self._run("spread_sets")

    def sums(self, name: str) -> Iterator[bytes]:
        """What changes of a rollup, as COPY's text, in the order of its key."""
        with _said():
            found = self._engine.execute(statement(f"adding/sum_{name}s").text)
            while lines := found.fetchmany(LINES):
                text = "".join([f"{line}\n" for (line,) in lines])
                yield text.encode().translate(ARRAYS)

    def _run(self, name: str, *values: object) -> None:
        with _said():
            self._engine.execute(statement(f"adding/{name}").text, values or None)


@contextmanager
def _said() -> Iterator[None]:
    import duckdb  # noqa: PLC0415 - as above

    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise LoadError(
            f"what the portfolio's figures add up does not fit into {MEMORY} of memory and {folder()}; nothing was "
            "changed. TMPDIR names another folder"
        ) from error
