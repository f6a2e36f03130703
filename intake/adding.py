"""The engine that adds up what loads touch, in the loader's process: loans go in as text, lines of sums come out."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import islice
from tempfile import SpooledTemporaryFile
from threading import Semaphore
from typing import IO, Self, TypeVar

from intake.beside import break_off
from intake.problems import LoadError
from intake.scratch import Scratch
from intake.session import Buffer
from intake.spool import folder
from sql.statements import statement

# Of what is read of the touched borrowers, what is noted.
NOTED = ("month", "move", "borrower", "cohort", "opener", "turn", "state", "age", "rise")
MEMORY = "256MB"  # what does not fit into it is put into the temporary folder
THREADS = 4  # at most: each has buffers of its own
LINES = 20_000  # that are taken in and given at once
AHEAD = 8  # pieces of so many lines that may wait for the engine
PART = 50_000  # borrowers whose loans are noted at once
SPOOLED = 1 << 22  # bytes of a rollup's sums that wait in memory
BLOCK = 1 << 18  # bytes of them that are given at once
Pairs = Sequence[tuple[int, int]]
Result = TypeVar("Result")
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
        if not adder.has_grown():
            adder.forget()
            stack.pop_all()
            SPARE.append(adder)


class Adder:
    """What touched loans add up to, taken in with a sign as often as one likes; LoadError where there is no room.

    It works in a thread of its own, one thing after the other as it was asked, its own start first: who asks goes on
    meanwhile, and waits for sums, or where many lines lie before the engine. What fails there is raised the next time
    that anything is asked; nothing is done after it.
    """

    def __init__(self) -> None:
        self._lines = 0  # that were taken in, all in all
        self._taken = False
        self._sums: dict[str, Future[IO[bytes]]] = {}
        self._failed: BaseException | None = None
        self._room = Semaphore(AHEAD)
        self._thread = ThreadPoolExecutor(1, "adding")
        self._interrupt: Callable[[], None] = lambda: None
        try:
            self._folder = Scratch()
        except OSError as error:
            raise _without_room() from error
        # What is done at the end, the last first.
        self._ended = ExitStack()
        self._ended.callback(self._folder.close)
        self._ask(self._open)

    def __enter__(self) -> Self:
        """Give it, to be closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it, whatever it was still asked, and leave nothing behind."""
        self._failed = self._failed or CancelledError()
        break_off(self._thread.submit(object), self._stop)
        self._thread.shutdown()
        self._ended.close()

    def has_grown(self) -> bool:
        """Whether more was taken in than a small delivery's lines, once all that was asked is done."""
        return self._ask(lambda: self._lines).result() > LINES

    def forget(self) -> None:
        """Forget all that it was given."""
        self._ask(partial(self._run, "forget_all")).result()
        self._lines = 0

    def take(self, rows: Iterable[Buffer], sign: int) -> None:
        """Take in loans, as lines of COPY's text, to be added (1) or taken away (-1); several threads may at once.

        All of a borrower's that count before they are noted, but for those that were taken in to be taken away and do
        not change, as their lines say: these are added again.
        """
        coming = iter(rows)
        while lines := b"".join(islice(coming, LINES)):
            self._room.acquire()
            taking = self._ask(partial(self._take, lines, sign))
            taking.add_done_callback(lambda _: self._room.release())

    def note(self, borrowers: int = PART) -> None:
        """Note by how much the loans that were taken in change what there is; they are of some so many borrowers."""
        self._ask(partial(self._note, borrowers))

    def add_up(self, cells: Pairs, members: Pairs, names: Iterable[str]) -> None:
        """Add up what was noted for the rollups of these names, by the cells' institutions and blocks."""
        self._ask(partial(self._find_sets, cells, members))
        for name in names:
            self._sums[name] = self._ask(partial(self._add_up, name))

    def sums(self, name: str) -> Iterator[bytes]:
        """What changes of a rollup, as COPY's text, in the order of its key; once."""
        with self._sums.pop(name).result() as lines:
            while some := lines.read(BLOCK):
                yield some

    def _open(self) -> None:
        import duckdb  # noqa: PLC0415 - no other command has to wait for it, nor keep it in memory

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
        self._ended.callback(self._engine.close)
        self._interrupt = self._engine.interrupt
        # It sees nothing but what it is given. Only after the folder was named: that is access, too.
        for name in ("shut_off", "create"):
            self._run(name)

    def _stop(self) -> None:
        # Looked up each time that it is asked: the engine may start between two.
        self._interrupt()

    def _ask(self, work: Callable[[], Result]) -> "Future[Result]":
        """Let the engine's thread do some work, after all that it was asked before."""
        if self._failed:
            raise self._failed
        return self._thread.submit(self._done, work)

    def _done(self, work: Callable[[], Result]) -> Result:
        if self._failed:
            raise self._failed
        try:
            return work()
        except BaseException as error:
            self._failed = error
            raise

    def _take(self, lines: bytes, sign: int) -> None:
        self._run("take_lines", lines.translate(LISTS).decode(), sign)
        self._taken = True
        self._lines += lines.count(b"\n")

    def _note(self, borrowers: int) -> None:
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

    def _find_sets(self, cells: Pairs, members: Pairs) -> None:
        for name, pairs in (("cells", cells), ("members", members)):
            self._run(f"know_{name}", [first for first, _ in pairs], [second for _, second in pairs])
        self._run("number_sets")
        self._run("spread_sets")

    def _add_up(self, name: str) -> IO[bytes]:
        with _said():
            # Whoever takes the sums closes it.
            spool = SpooledTemporaryFile(SPOOLED, dir=self._folder.name)  # noqa: SIM115
            found = self._engine.execute(statement(f"adding/sum_{name}s").text)
            while lines := found.fetchmany(LINES):
                spool.write("".join([f"{line}\n" for (line,) in lines]).encode().translate(ARRAYS))
            spool.seek(0)
        return spool

    def _run(self, name: str, *values: object) -> None:
        with _said():
            self._engine.execute(statement(f"adding/{name}").text, values or None)


@contextmanager
def _said() -> Iterator[None]:
    import duckdb  # noqa: PLC0415 - as above

    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise _without_room() from error


def _without_room() -> LoadError:
    return LoadError(
        f"what the portfolio's figures add up does not fit into {MEMORY} of memory and {folder()}; nothing was "
        "changed. TMPDIR names another folder"
    )
