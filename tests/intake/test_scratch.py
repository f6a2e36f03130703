"""What does not fit into memory: a killed loader's folder goes with the next loader, and nobody else's does."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.scratch import Scratch
from tests.conftest import CHECKOUT

# An engine as a load has it, that says where its folder is and then waits.
LOADER = """
import sys
from intake.adding import Adder
with Adder() as adder:
    print(adder._folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def loader(temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    command = [sys.executable, "-c", LOADER]
    environment = {"TMPDIR": str(temporary)}
    with subprocess.Popen(
        command, cwd=CHECKOUT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        try:
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_folder_of_a_killed_loader_is_removed_by_the_next_one(temporary: Path) -> None:
    with loader(temporary) as (process, left):
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert left.is_dir()

    scratch = Scratch()

    assert list(temporary.iterdir()) == [Path(scratch.name)]
    scratch.close()


def test_folder_of_a_loader_that_lives_stays(temporary: Path) -> None:
    with loader(temporary) as (process, held):
        Scratch().close()

        assert held.is_dir()
        process.communicate(timeout=60)
    assert not held.exists()


def test_folder_that_is_no_loaders_stays(temporary: Path) -> None:
    notes = temporary / "borrowgraph-notes" / "held.txt"
    notes.parent.mkdir()
    notes.write_text("mine")
    (temporary / "borrowgraph-linked").symlink_to(notes.parent)

    Scratch().close()

    assert notes.read_text() == "mine"


def test_closed_folder_is_gone_with_all_that_is_in_it(temporary: Path) -> None:
    scratch = Scratch()
    Path(scratch.name, "spilled").write_text("1")

    scratch.close()

    assert not list(temporary.iterdir())
