"""`borrowgraph access …`: who may call, and with which key."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar

import click
import psycopg

from commands.wiring import BAD_SETTINGS, explained, fail, owner_url, settings
from intake.progress import Progress
from resolvers.callers import PURPOSES, Caller, GrantError, Purpose, Quota, Role, granted
from resolvers.keys import NewKey, new_key
from sql.statements import statement

Result = TypeVar("Result")

ONCE = "This key is shown once. Keep it where secrets are kept; only a digest of it stays here."
EXAMPLE = """\b
For the scoring of CF01, for three months:
  borrowgraph access issue --name "CF01 scoring" --role INSTITUTION --institution CF01 \\
      --purpose LOAN_APPLICATION --default-purpose LOAN_APPLICATION --days 90
For a nightly watch of many borrowers, with more in a minute than others:
  borrowgraph access issue --name "CF01 watch" --role INSTITUTION --institution CF01 \\
      --purpose POST_LOAN_MANAGEMENT --cost 50000000 --cost-per-minute 1000000000
"""
DAYS = click.IntRange(1, 3650)
COST = click.IntRange(0, 10**12)


class Listed(NamedTuple):
    """A credential as it is listed."""

    id: int
    prefix: str
    name: str
    role: str
    institution: str | None
    purposes: list[str]
    default_purpose: str | None
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    cost: int | None
    cost_per_minute: int | None
    concurrent_requests: int | None

    @property
    def quota(self) -> Quota:
        """How much it may ask, where that is not what the settings say."""
        return Quota(self.cost, self.cost_per_minute, self.concurrent_requests)

    @property
    def state(self) -> str:
        """Whether it counts, and if not, why."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires_at <= datetime.now(UTC) else "counts"


@click.group()
def access() -> None:
    """Issue, list, revoke and rotate the keys with which callers call.

    Every key has a role, which says what it sees: INSTITUTION reads persons and knows its own institution alone;
    ANALYST reads persons by subject key or id, lenders hidden; DASHBOARD reads published figures; ASSOCIATION reads
    all. It is sent as `Authorization: Bearer KEY`, or given once at /sign-in by a browser.

    As soon as one key was issued, nobody calls without one. A new key counts, and a revoked one stops, within two
    seconds.
    """


@access.command(epilog=EXAMPLE)
@click.option("--name", required=True, help="Who holds the key, 1 to 100 characters; the inquiry log repeats it.")
@click.option("--role", required=True, type=click.Choice([one.value for one in Role]), help="What it sees.")
@click.option("--institution", help="Code of the member that it belongs to; left out, the association's.")
@click.option(
    "--purpose", "purposes", multiple=True, type=click.Choice([one.value for one in Purpose]),
    help="A purpose for which it may read persons; give several. All that the role may have, if left out.",
)  # fmt: skip
@click.option(
    "--default-purpose", "default", type=click.Choice([one.value for one in Purpose]),
    help="The purpose of requests that name none; if left out, such requests are refused.",
)  # fmt: skip
@click.option("--days", default=365, show_default=True, type=DAYS, help="Days until it expires.")
@click.option(
    "--cost", type=COST,
    help="The most that one request may cost, in values that it could return (docs/limits.md); 0: no limit. "
    "BORROWGRAPH_COST if left out.",
)  # fmt: skip
@click.option(
    "--cost-per-minute", type=COST,
    help="The most that its requests may cost in a minute, whatever the workers; 0: no limit. "
    "BORROWGRAPH_COST_PER_MINUTE if left out.",
)  # fmt: skip
@click.option(
    "--concurrent", type=click.IntRange(0, 100_000),
    help="The most requests at once, in each worker; 0: no limit. BORROWGRAPH_CONCURRENT_REQUESTS if left out.",
)  # fmt: skip
def issue(  # noqa: PLR0913, PLR0917 - an option each
    name: str, role: str, institution: str | None, purposes: tuple[str, ...], default: str | None, days: int,
    cost: int | None, cost_per_minute: int | None, concurrent: int | None,
) -> None:  # fmt: skip
    """Make a key and print it, once."""
    try:
        chosen = frozenset(map(Purpose.__getitem__, purposes)) or PURPOSES[Role(role)]
        caller = granted(
            Caller(
                None,
                named(name),
                Role(role),
                institution,
                chosen,
                Purpose[default] if default else None,
                Quota(cost, cost_per_minute, concurrent),
            )
        )
    except GrantError as error:
        raise click.UsageError(str(error)) from None
    _show(with_database(lambda connection: keep(connection, caller, timedelta(days=days))))


@access.command("list")
@click.option("--all", "every", is_flag=True, help="Those that were revoked or have expired, too.")
def list_keys(*, every: bool) -> None:
    """List the keys, newest first: each by the prefix that names it, with its rights, expiry and last use."""
    found = with_database(listed)
    shown = [one for one in found if every or one.state == "counts"]
    for one in shown:
        click.echo(_line(one))
    if not shown:
        click.echo("no key counts; `borrowgraph access issue` makes one", err=True)


@access.command()
@click.argument("prefix", metavar="PREFIX")
def revoke(prefix: str) -> None:
    """Revoke the key with this PREFIX (or the whole key): it stops within two seconds, and so do its browsers."""
    with_database(lambda connection: end(connection, _prefix(prefix), None))
    click.echo(f"revoked {_prefix(prefix)}", err=True)


@access.command()
@click.argument("prefix", metavar="PREFIX")
@click.option("--days", default=365, show_default=True, type=DAYS, help="Days until the new key expires.")
@click.option(
    "--overlap", default=24, show_default=True, type=click.IntRange(0, 720),
    help="Hours for which the old key goes on, so that it can be exchanged without a gap.",
)  # fmt: skip
def rotate(prefix: str, days: int, overlap: int) -> None:
    """Make a key with the rights of the one with this PREFIX, print it once, and let the old one run out."""

    def exchange(connection: psycopg.Connection) -> NewKey:
        old = next((one for one in listed(connection) if one.prefix == _prefix(prefix)), None)
        until = datetime.now(UTC) + timedelta(hours=overlap) if overlap else None
        end(connection, _prefix(prefix), until)
        if old is None:
            raise AssertionError("a key that was ended is listed")
        default = Purpose[old.default_purpose] if old.default_purpose else None
        purposes = frozenset(Purpose[name] for name in old.purposes)
        caller = Caller(old.id, old.name, Role(old.role), old.institution, purposes, default, old.quota)
        return keep(connection, caller, timedelta(days=days))

    key = with_database(exchange)
    _show(key)
    click.echo(
        f"{_prefix(prefix)} goes on for {overlap} hours" if overlap else f"{_prefix(prefix)} is revoked", err=True
    )


def named(name: str) -> str:
    """Return a credential's name; a usage error where it is none."""
    if not (1 <= len(name) <= 100 and name.isprintable()):  # noqa: PLR2004 - as the table has it
        raise click.UsageError("--name: allowed: 1 to 100 characters that can be printed")
    return name


def keep(connection: psycopg.Connection, caller: Caller, lasting: timedelta) -> NewKey:
    """Keep a new credential with the caller's rights, which replaces the caller's own if it has one; return its key."""
    key, default = new_key(), caller.default_purpose
    purposes = [purpose.value for purpose in Purpose if purpose in caller.purposes]
    expiry = datetime.now(UTC) + lasting
    kept = run(
        connection, "access/issue", key.prefix, key.digest, caller.name, caller.role.value, caller.institution,
        purposes, default.value if default else None, expiry, caller.credential, *caller.quota,
    )  # fmt: skip
    if not kept:
        fail(f"no institution has the code {caller.institution!r}; deliveries make institutions known", BAD_SETTINGS)
    return key


def end(connection: psycopg.Connection, prefix: str, until: datetime | None) -> None:
    """Revoke a credential, or let it run out; with it end its sessions, unless it goes on."""
    ended = run(connection, "access/revoke", prefix, until)
    if not ended:
        fail(f"no key that counts has the prefix {prefix!r}; `borrowgraph access list` lists them", BAD_SETTINGS)
    if until is None:
        run(connection, "access/end_sessions", ended[0][0])


def listed(connection: psycopg.Connection) -> list[Listed]:
    """Return every credential, newest first."""
    return [Listed(*row) for row in run(connection, "access/list")]


def run(connection: psycopg.Connection, name: str, *arguments: object) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows, if it gives any."""
    cursor = connection.execute(statement(name).text.encode(), arguments)
    return cursor.fetchall() if cursor.description else []


def with_database(work: Callable[[psycopg.Connection], Result]) -> Result:
    """Return what ``work`` makes of a connection as the owner, in one transaction."""
    url = owner_url(settings(), Progress().say)
    with explained(), psycopg.connect(url, cursor_factory=psycopg.RawCursor) as connection:
        return work(connection)


def _show(key: NewKey) -> None:
    """Print the key alone where a program reads it, and what to know beside it."""
    click.echo(key.text)
    click.echo(ONCE, err=True)


def _prefix(text: str) -> str:
    """Return the prefix in what was given: it, or the key that begins with it."""
    return text.split("_")[1] if text.startswith("bgk_") and "_" in text[4:] else text.removeprefix("bgk_")


def _line(one: Listed) -> str:
    used = f"{one.last_used_at:%Y-%m-%d %H:%M} UTC" if one.last_used_at else "never"
    purposes = (
        ", ".join(f"{name} (default)" if name == one.default_purpose else name for name in one.purposes) or "none"
    )
    return (
        f"{one.prefix}  {one.role}{f' of {one.institution}' if one.institution else ''}  {one.name}\n"
        f"    {one.state}; expires {one.expires_at:%Y-%m-%d %H:%M} UTC; last used {used}; purposes: {purposes}\n"
        f"    limits: {_limits(one.quota)}"
    )


def _limits(quota: Quota) -> str:
    """Say how much a credential may ask; what the settings say is of the service's, not of this command's."""
    words = {"cost a request": quota.cost, "cost a minute": quota.minute, "requests at once": quota.concurrent}
    own = [f"{f'{most:,}' if most else 'any'} {what}" for what, most in words.items() if most is not None]
    if len(own) < len(words):
        own.append("else as the settings say" if own else "as the settings say")
    return ", ".join(own)
