"""Progress: a live line on a terminal, plain lines now and then elsewhere."""

import io

import pytest

from intake.progress import Progress, duration


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_progress_in_a_pipe_says_plain_lines_now_and_then(clock: Clock) -> None:
    stream = io.StringIO()

    with Progress(stream, clock).task("loans.csv", 1000) as task:
        for clock.time in range(1, 26):
            task.at(clock.time * 100, clock.time * 20)

    assert stream.getvalue().splitlines() == [
        "loans.csv: 1,000 rows, 100 rows/s, 20%, 40 s left",
        "loans.csv: 2,000 rows, 100 rows/s, 40%, 30 s left",
        "loans.csv: 2,500 rows, 25 s",
    ]


def test_progress_on_a_terminal_redraws_one_line(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    stream = Terminal()

    with Progress(stream, clock).task("loans.csv", 1000) as task:
        clock.time = 2.0
        task.at(500, 250)
        clock.time = 2.01
        task.at(501, 250)

    drawn = stream.getvalue().split("\r\x1b[K")
    assert drawn[1:] == [
        "loans.csv: ",
        "loans.csv: [#####...............] 500 rows, 250 rows/s, 25%",
        "loans.csv: 501 rows, 2.0 s\n",
    ]


def test_progress_of_work_that_fails_leaves_no_line(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()

    with pytest.raises(ValueError, match="no"), Progress(stream, clock).task("loans.csv"):
        raise ValueError("no")

    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.6, "1 min 0 s"), (42.4, "42 s"), (200, "3 min 20 s")]
)
def test_duration_is_said_as_a_person_would(seconds: float, said: str) -> None:
    assert duration(seconds) == said
