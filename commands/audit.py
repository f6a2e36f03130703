"""`borrowgraph audit …`: whether the inquiry log is what was written."""

from contextlib import closing
from pathlib import Path

import click

from commands.wiring import BAD_DATA, explained, fail, owner_url, settings
from intake.progress import Progress
from intake.session import connected
from resolvers.chain import BrokenError, Entry, Head, holding, read_heads, written

STEP = 1_000  # entries between two looks at the progress bar


@click.group()
def audit() -> None:
    """Look after the log of who read whom, when and why.

    Every entry holds a hash over what it says and over the entry before it, so that nothing can be changed, taken out
    or put in without all that follows being made anew. Against somebody who does that, keep `heads` elsewhere, every
    day, and give them to `verify`.
    """


@audit.command()
def heads() -> None:
    """Print where the log ends, a line for each lane: number, entries, hash. Keep it where nobody can change it."""
    with explained(), connected(owner_url(settings(), Progress().say)) as session:
        for row in session.rows("audit/heads"):
            click.echo(written(Head._make(row)))


@audit.command()
@click.option(
    "--heads",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `heads` printed earlier.",
)
def verify(file: Path | None) -> None:
    """Work out every entry's hash anew, and name the first entry that does not hold. Exit status 1 where one does not.

    With --heads it also finds a log that was made anew from some entry on, or whose end was cut off.
    """
    progress = Progress()
    try:
        kept = read_heads(file.read_text(encoding="utf-8")) if file else {}
    except ValueError:
        fail(f"{file}: allowed: lines of lane, entries and hash, as `borrowgraph audit heads` prints them", BAD_DATA)
    done = 0
    with explained(), connected(owner_url(settings(), progress.say), snapshot=True) as session, session.transaction():
        ends = [Head._make(row) for row in session.rows("audit/heads")]
        try:
            # The stream is closed before the transaction ends: a connection does one thing at a time.
            with (
                closing(session.stream("audit/entries")) as rows,
                progress.task("entries", sum(head.entries for head in ends)) as task,
            ):
                for _ in holding(map(Entry._make, rows), ends, kept):
                    done += 1
                    if done % STEP == 0:
                        task.at(done, done)
                task.at(done, done)
        except BrokenError as broken:
            click.echo(f"the inquiry log does not hold: {broken}")
            raise SystemExit(1) from None
    progress.say(f"the inquiry log holds: {done:,} entries")
