"""`borrowgraph subject-report`: from a person's document to the two files that the person is given."""

import asyncio
import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from commands.wiring import (
    BAD_DATA,
    BAD_SETTINGS,
    CANNOT_WRITE,
    UNAVAILABLE,
    explained,
    fail,
    reader_url,
    secrets_given,
    settings,
)
from resolvers.errors import BorrowerKeyMalformed, Problem


@click.command("subject-report")
@click.option("--document-kind", metavar="KIND", help="Kind of document, as institutions report it: ID_CARD …")
@click.option("--subject-key", metavar="KEY", help="The person's subject key, 64 hexadecimal digits, instead.")
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html",
    help="The page to write; the same for a machine is written beside it, as FILE.json.",
)  # fmt: skip
def subject_report(document_kind: str | None, subject_key: str | None, out: Path) -> None:
    """Write what a person is entitled to see: all that is held of them, and who asked, when and why.

    \b
    borrowgraph subject-report --document-kind ID_CARD --out report.html

    The document's number is asked for, or read from standard input: it never is an argument, which everybody on this
    machine could read. Make sure first that whoever asks is its holder. A page that prints on A4 is written, and the
    same as JSON, both for their owner alone to read. The request is in the inquiry log as the person's own, and nobody
    counts it. Somebody whom the platform does not know is given a report that says so. docs/subject-report.md says
    what is in it.
    """  # noqa: D301 - click's mark for lines that stay as they are
    if (document_kind is None) == (subject_key is None):
        raise click.UsageError("name the person by --document-kind or by --subject-key: got both or neither")
    if out.suffix != ".html":
        raise click.BadParameter(f"got {out.name!r}, allowed: a name that ends in .html", param_hint="--out")
    made = _made(document_kind or "", _number() if document_kind else "", subject_key or "")
    try:
        _replace(out.with_suffix(".json"), made.record)
        _replace(out, made.page)
    except OSError as error:
        fail(f"the report cannot be written: {error.strerror or error}", CANNOT_WRITE)
    click.echo(f"{out}, {out.with_suffix('.json').name}: {made.told}", err=True)


class Made(NamedTuple):
    """The two files, and a line that says how much is in them."""

    page: bytes
    record: bytes
    told: str


def _number() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Number of the document", hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _made(kind: str, number: str, subject_key: str) -> Made:
    from graph.subject_report.asking import Person, ask  # noqa: PLC0415 - the other commands start faster without it
    from graph.subject_report.contents import contents  # noqa: PLC0415 - likewise
    from graph.subject_report.page import page  # noqa: PLC0415 - likewise
    from graph.subject_report.record import record  # noqa: PLC0415 - likewise
    from graph.subject_report.wording import many  # noqa: PLC0415 - likewise

    chosen = settings()
    with explained():
        url, given = reader_url(chosen), [one.decode() for one in secrets_given(chosen)]
    if not given:
        fail("BORROWGRAPH_SECRET is needed: subject keys are made with it", BAD_SETTINGS)
    try:
        answer = asyncio.run(ask(chosen, url, given, Person(kind, number, subject_key)))
    except BorrowerKeyMalformed as error:
        fail(str(error), BAD_DATA)
    except Problem as error:
        fail(f"{error} {error.__cause__ or ''}".strip(), UNAVAILABLE)
    except Exception as error:  # noqa: BLE001 - its message may quote what was asked
        fail(f"the request could not be logged or answered, nothing was written: {type(error).__name__}", UNAVAILABLE)
    found = contents(answer)
    told = f"{many(len(found.loans), 'loan')}, {many(len(found.inquiries), 'inquiry', 'inquiries')}, "
    told += many(len(found.reads), "read")
    return Made(page(found, chosen.time_zone).encode(), record(found), told)


def _replace(out: Path, content: bytes) -> None:
    """Write a file whole or not at all, for its owner alone to read."""
    new = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        new.replace(out)
    finally:
        new.unlink(missing_ok=True)
