"""Files that are damaged, disguised, endless, gone, or no files: whoever has to mend them is told what they are."""

import gzip
import io
import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake import unpacked
from intake.load import DeliveryError, load
from intake.progress import Progress, Task
from intake.rules import Rule
from tests.intake.delivering import BANK, LOAN, deliver, held, loaded, table
from tests.intake.test_refusals import lines, refusal

LOANS = table([LOAN]).encode()
TEXT = "CSV, which is text in UTF-8"
GZIP = "a whole gzip file, as the name says"
QUOTES = "RFC 4180: fields with quotes or line feeds are quoted, quotes within them doubled"
FILES = "institutions, loans, repayments, inquiries, each with .csv, .csv.gz or .parquet"

# The name and content of the only file of a delivery, and the line that the person gets.
CONTENTS: list[tuple[str, bytes, str]] = [
    (
        "institutions.csv",
        b"",
        "institutions.csv: got an empty file, allowed: a header line: code, name, kind [HEADER_MISSING]",
    ),
    (
        "institutions.csv.gz",
        b"",
        "institutions.csv.gz: got an empty file, allowed: a header line: code, name, kind [HEADER_MISSING]",
    ),
    (
        "loans.csv.gz",
        LOANS,
        f"loans.csv.gz: got data that is not packed, allowed: {GZIP}; or a name without .gz [FILE_UNREADABLE]",
    ),
    (
        "loans.csv.gz",
        gzip.compress(LOANS)[:-20],
        "loans.csv.gz:2: got gzip data that breaks off after ",
    ),
    (
        "loans.csv.gz",
        gzip.compress(LOANS)[:-8] + b"oopsoops",
        f"loans.csv.gz:3: got damaged gzip data after {len(LOANS)} bytes of text, allowed: {GZIP} [FILE_UNREADABLE]",
    ),
    (
        "loans.csv.gz",
        gzip.compress(LOANS) + b"-- \nsent from my machine",
        f"loans.csv.gz:3: got other data behind the end of the gzip data after {len(LOANS)} bytes of text, allowed: "
        f"{GZIP} [FILE_UNREADABLE]",
    ),
    (
        "loans.csv.gz",
        gzip.compress(gzip.compress(LOANS)),
        f"loans.csv.gz: got gzip data, allowed: {TEXT} [FILE_UNREADABLE]",
    ),
    ("loans.csv.gz", b"PK\x03\x04", f"got a ZIP archive, as .xlsx workbooks are too, allowed: {GZIP}; or a name"),
    ("loans.csv", gzip.compress(LOANS), f"loans.csv: got gzip data, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", LOANS.decode().encode("utf-16"), f"got UTF-16 text, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", LOANS.decode().encode("utf-16-le"), f"got UTF-16 text or data that is no text, allowed: {TEXT}"),
    ("loans.csv", b"PK\x03\x04", f"got a ZIP archive, as .xlsx workbooks are too, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", b"%PDF-1.7\n", f"got a PDF document, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", b"PAR1\x15\x04", f"got a Parquet file, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", b"<html>", f"got HTML or XML, allowed: {TEXT} [FILE_UNREADABLE]"),
    ("loans.csv", b"institution,\xff\xfe\n", "loans.csv:1: got a header that is not UTF-8 text, allowed: UTF-8 text"),
    ("loans.csv", b"institution,l\0an\n", "loans.csv:1: got a header that is not UTF-8 text, allowed: UTF-8 text"),
    (
        "institutions.csv",
        b"code;name;kind\n",
        "institutions.csv:1: got semicolons between the columns, allowed: commas: code, name, kind [RECORD_MALFORMED]",
    ),
    (
        "institutions.csv",
        b"B1,Bank one,BANK\n",
        "institutions.csv:1: got no name of a column, allowed: a header line: code, name, kind [HEADER_MISSING]",
    ),
    (
        "institutions.csv",
        b"x," * 5_000 + b"\n",
        "institutions.csv:1: got 5,001 columns, allowed: the columns code, name, kind, in any order [COLUMN_UNKNOWN]",
    ),
    ("loans.csv", LOANS + b'"BNK', f"loans.csv:3: got a quote that is never closed, allowed: {QUOTES} [RECORD_MALF"),
    (
        "loans.csv",
        LOANS + b'"BN"K"',
        f"loans.csv:3: got something between a closing quote and the next comma, allowed: {QUOTES} [RECORD_MALFORMED]",
    ),
    (
        "loans.csv",
        LOANS + b'"' + b"x\n" * 99_999,
        "loans.csv:3: got a value of more than 131,072 characters, allowed: 131,072 characters, each quote closed "
        "[FILE_TOO_LARGE]",
    ),
    (
        "loans.csv",
        LOANS + b"x," * 999_999,
        "loans.csv:3: got a row of more than 1,048,576 bytes, allowed: rows in lines, each quote closed where its "
        "value ends [FILE_TOO_LARGE]",
    ),
    (
        "loans.csv.gz",
        gzip.compress(LOANS + b'"' + b'a","\n' * 999_999),
        "loans.csv.gz:3: got a row of more than 1,048,576 bytes, allowed: rows in lines, each quote closed where its "
        "value ends [FILE_TOO_LARGE]",
    ),
    ("loan.csv", LOANS, f'loan.csv: got "loan.csv", allowed: {FILES} [FILE_UNKNOWN]'),
    ("README.md", b"# Loans", f"got a folder without any, allowed: {FILES} [FILES_MISSING]"),
]


@pytest.mark.parametrize(("name", "content", "line"), CONTENTS)
def test_file_that_cannot_be_read_is_refused_as_what_it_is(
    database_url: str, tmp_path: Path, name: str, content: bytes, line: str
) -> None:
    (tmp_path / name).write_bytes(content)

    error = refusal(database_url, tmp_path)

    assert len(error.problems) == 1
    assert line in str(error.problems[0])


@pytest.mark.parametrize(("broken", "said"), [(b"\xff", r"\xff"), (b"\0", r"\x00"), (b"\xed\xa0\x80", r"\xed\xa0\x80")])
def test_text_that_is_not_utf8_is_refused_with_its_line_and_bytes(
    database_url: str, tmp_path: Path, broken: bytes, said: str
) -> None:
    (tmp_path / "institutions.csv").write_bytes(b"code,name,kind\nA,a,BANK\nB," + broken + b",BANK\n")

    error = refusal(database_url, tmp_path)

    assert lines(error) == [
        f'institutions.csv:3: name: got "{said}", allowed: 1 to 200 characters of UTF-8, not only white space, no NUL '
        "[VALUE_MALFORMED]"
    ]


def test_small_file_that_unpacks_to_endless_rows_is_refused_early(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "UNSUSPECTED", 100_000)
    head, _, row = LOANS.partition(b"\n")
    (tmp_path / "loans.csv.gz").write_bytes(gzip.compress(head + b"\n" + row * 9_999))

    error = refusal(database_url, tmp_path)

    [problem] = error.problems
    assert problem.rule is Rule.FILE_TOO_LARGE
    assert "bytes that unpack to 58" in problem.got  # the first rows beyond 100 times as many as are packed
    assert problem.allowed == "100,000 bytes, or 100 times as many as are packed"


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def listener(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


def circle(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "got", "rule"),
    [
        (folder, "a folder", Rule.FILE_UNREADABLE),
        (pipe, "a named pipe", Rule.FILE_UNREADABLE),
        (listener, "a socket", Rule.FILE_UNREADABLE),
        (device, "a symbolic link out of the folder", Rule.FILE_UNREADABLE),
        (dangling, "a symbolic link to nothing", Rule.PATH_MISSING),
        (circle, "a symbolic link that leads back to itself", Rule.FILE_UNREADABLE),
    ],
)
def test_what_is_no_file_is_refused_as_what_it_is(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[Path], None],
    got: str,
    rule: Rule,
) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path may not be long
    make(Path("loans.csv"))

    error = refusal(database_url, tmp_path)

    assert [(problem.file, problem.got, problem.rule) for problem in error.problems] == [("loans.csv", got, rule)]


def test_device_that_is_named_is_refused(database_url: str) -> None:
    assert lines(refusal(database_url, Path("/dev/zero"))) == [
        "/dev/zero: got a device, allowed: a file [FILE_UNREADABLE]"
    ]


@pytest.mark.parametrize("linked", ["institutions.csv", "."])
def test_link_out_of_the_folder_is_refused(database_url: str, tmp_path: Path, linked: str) -> None:
    deliver(tmp_path / "secret", institutions=[BANK])
    (tmp_path / "delivery").mkdir()
    (tmp_path / "delivery" / "institutions.csv").symlink_to(tmp_path / "secret" / linked)

    error = refusal(database_url, tmp_path / "delivery")

    assert lines(error) == [
        "institutions.csv: got a symbolic link out of the folder, allowed: files that lie in the folder itself "
        "[FILE_UNREADABLE]"
    ]


def test_link_within_the_folder_is_followed(database_url: str, tmp_path: Path) -> None:
    deliver(tmp_path, institutions=[BANK])
    (tmp_path / "institutions.csv").rename(tmp_path / "data")
    (tmp_path / "institutions.csv").symlink_to("data")

    assert loaded(database_url, tmp_path).institutions.added == 1


@pytest.mark.skipif(sys.platform != "linux", reason="/proc has a file that cannot be read from its start")
def test_file_whose_disk_fails_is_refused_with_the_reason(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "loans.csv").symlink_to("/proc/self/mem")

    assert lines(refusal(database_url, tmp_path / "loans.csv")) == [
        f"{tmp_path}/loans.csv: got an error while it was read: input/output error, allowed: a file to read "
        "[FILE_UNREADABLE]"
    ]


def test_all_that_is_wrong_with_a_folder_is_said_at_once(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "debts.csv").write_bytes(LOANS)
    (tmp_path / "loans.csv").mkdir()

    error = refusal(database_url, tmp_path)

    assert [(problem.file, problem.rule) for problem in error.problems] == [
        ("debts.csv", Rule.FILE_UNKNOWN),
        ("loans.csv", Rule.FILE_UNREADABLE),
    ]


def vanish(path: Path) -> str:
    path.unlink()
    return "nothing there any more"


def grow(path: Path) -> str:
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(b"C,c,BANK\n")
    return f"{size + 9:,} bytes where there were {size:,} when the load began"


def replace(path: Path) -> str:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.rename(path)
    return "another file in its place since the load began"


def rewrite(path: Path) -> str:
    before = path.stat()
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    return "a file that was written to since the load began"


def pipe_instead(path: Path) -> str:
    path.unlink()
    os.mkfifo(path)
    return "a named pipe"


class Meddling(Progress):
    """Changes a file when loading it begins, has read some of it, or has read it."""

    def __init__(self, when: str, change: Callable[[], None]) -> None:
        super().__init__(io.StringIO())
        self.when = when
        self.change = change

    def _now_is(self, when: str) -> None:
        if when == self.when:
            self.when = ""
            self.change()

    @contextmanager
    def task(self, label: str, size: int | None = None) -> Iterator[Task]:
        with super().task(label, size) as task:
            self._now_is("before")
            yield task

    def _show(self, _: Task) -> None:
        self._now_is("amid")

    def say(self, _: str) -> None:
        self._now_is("after")


@pytest.mark.parametrize("change", [vanish, grow, replace, rewrite, pipe_instead])
@pytest.mark.parametrize("when", ["before", "amid", "after"])
def test_file_that_changes_while_it_is_loaded_is_refused(
    database_url: str, tmp_path: Path, change: Callable[[Path], str], when: str
) -> None:
    codes = [{**BANK, "code": f"B{number}"} for number in range(3_000)]
    path = deliver(tmp_path, institutions=codes) / "institutions.csv"
    before, got = held(database_url), []

    with pytest.raises(DeliveryError) as caught:
        load(database_url, [tmp_path], secret=None, progress=Meddling(when, lambda: got.append(change(path))))

    assert held(database_url) == before
    assert [problem.got for problem in caught.value.problems] == got
    expected = Rule.FILE_UNREADABLE if change is pipe_instead else Rule.FILE_CHANGED
    assert caught.value.problems[0].rule is expected
    assert len(got) == 1
