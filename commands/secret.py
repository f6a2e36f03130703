"""`borrowgraph secret …`: the platform's secret exchanged for another, while loads and readers go on."""

import secrets

import click

from commands.wiring import BAD_DATA, explained, fail, owner_url, secrets_given, settings
from graph.settings import Settings
from intake import rekeying
from intake.load import LOCK
from intake.progress import Progress
from intake.session import connected
from sql.secret import Secrets, in_force


@click.group()
def secret() -> None:
    """Exchange the secret from which subject keys, ids and cursors are made, without a pause.

    \b
    1. `secret make` prints a new one. Give every process the new one as BORROWGRAPH_SECRET and the old one as
       BORROWGRAPH_SECRET_PREVIOUS, and start one after the other again: nothing changes yet.
    2. `secret begin`: new keys, ids and cursors are made with the new one; those of the old one count as well.
    3. `secret rekey` brings every person to a key of the new one. Now whoever makes keys outside may change over.
    4. `secret end`: keys, ids and cursors of the old one do not count any more.

    `secret status` says where it stands. The old secret stays in BORROWGRAPH_SECRET_PREVIOUS for good: a document's key
    is made through all of them. Without the new one it is of no use to anybody; docs/security.md says why.
    """  # noqa: D301 - click's mark for lines that stay as they are


@secret.command()
def make() -> None:
    """Print a new secret, with 384 bits of chance in it, and keep it nowhere."""
    click.echo(secrets.token_urlsafe(48))


@secret.command()
def status() -> None:
    """Say which versions there are, how many persons are stored under keys of each, and what comes next."""
    chosen = settings()
    with explained(), connected(_url(chosen), snapshot=True) as session, session.transaction():
        found = rekeying.status(session)
        in_use = in_force(secrets_given(chosen), found.begun)
    for row in found.begun:
        ended = f", alone since {row.sole_since:%Y-%m-%d %H:%M} UTC" if row.sole_since and row.version > 1 else ""
        begun = f", begun {row.begun_at:%Y-%m-%d %H:%M} UTC" if row.version > 1 else ""
        click.echo(f"version {row.version}{begun}{ended}: {found.persons.get(row.version, 0):,} persons")
    if not found.begun:
        click.echo(f"version 1, never rotated: {found.persons.get(1, 0):,} persons")
    click.echo(_next(in_use, found.persons))


def _next(in_use: Secrets, persons: dict[int, int]) -> str:
    if not in_use.overlap:
        given = "the next one is given: `secret begin` begins it" if in_use.prepared else "nothing is being rotated"
        return f"{given}; once every process has it" if in_use.prepared else given
    left = sum(many for version, many in persons.items() if version < in_use.version)
    if left:
        return f"{left:,} persons are to be brought to version {in_use.version}: `secret rekey`"
    return "everybody is under the newest; `secret end` ends it, once nobody outside makes or keeps keys of the old one"


@secret.command()
def begin() -> None:
    """Begin the secret that BORROWGRAPH_SECRET holds; the one in force is the last line of _PREVIOUS.

    Every process must have both by now: one that knows the old one alone answers 503 from then on, and one that has
    another is refused at its start. Processes notice within two seconds. It waits for a load that is under way.
    """
    chosen = settings()
    with explained(), connected(_url(chosen)) as session:
        version = rekeying.begin(session, secrets_given(chosen), LOCK)
    click.echo(f"version {version} is begun; `borrowgraph secret rekey` brings every person to it")


@secret.command()
def rekey() -> None:
    """Bring every person to a key of the newest secret, 5,000 at a time.

    Readers go on, and loads wait for one batch at the most; it waits for a load. Ended in the middle, it goes on from
    there when it is run again.
    """
    chosen, progress, done = settings(), Progress(), 0
    with explained(), connected(_url(chosen)) as session:
        in_use = in_force(secrets_given(chosen), rekeying.begun(session))
        persons = rekeying.status(session).persons
        left = sum(many for version, many in persons.items() if version < in_use.version)
        with progress.task("persons", left) as task:
            for many in rekeying.rekey(session, in_use, LOCK):
                done += many
                task.at(done, done)
    click.echo(f"{done:,} persons brought to version {in_use.version}")


@secret.command()
def end() -> None:
    """End the overlap: keys, ids and cursors of the secret before do not count any more.

    Refused while persons are left under keys of it.
    """
    chosen = settings()
    with explained(), connected(_url(chosen)) as session:
        in_use = in_force(secrets_given(chosen), rekeying.begun(session))
        if not in_use.overlap:
            fail(f"nothing is being rotated: version {in_use.version} alone counts", BAD_DATA)
        left = rekeying.end(session, in_use, LOCK)
        if left:
            fail(
                f"{left:,} persons are under keys of an earlier version; `secret rekey` comes first",
                BAD_DATA,
            )
    click.echo(f"version {in_use.version} alone counts; the secrets before it stay in BORROWGRAPH_SECRET_PREVIOUS")


def _url(chosen: Settings) -> str:
    return owner_url(chosen, Progress().say)
