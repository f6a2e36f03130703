"""`borrowgraph access demo`: one key for each role, to try the demo with."""

import os
from datetime import timedelta
from pathlib import Path

import click
import orjson
import psycopg

from commands.access import access, keep, listed, run, with_database
from commands.wiring import CANNOT_WRITE, fail, settings
from resolvers.callers import LOCAL_DEFAULTS, PURPOSES, Caller, Role
from resolvers.keys import prefix

LASTING = timedelta(days=30)


@access.command("demo")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the service is to listen.")
def demo_keys(url: str) -> None:
    """Make one key for each role, for 30 days, and say how to use them; not for real data.

    The keys are kept in the state folder, readable by its owner alone, so that the same ones are printed again while
    they count. The INSTITUTION's is that of the member with the most loans.
    """
    file = settings().home / "demo-keys.json"
    known: dict[str, str] = orjson.loads(file.read_bytes()) if file.exists() else {}
    found = with_database(lambda connection: _renewed(connection, known))
    if found != known:
        _write(file, found)
    click.echo(f"Everybody needs a key now. These are the demo's; a browser signs in with one at {url}/sign-in.")
    for role, text in found.items():
        click.echo(f"  {role:<12} {text}")
    click.echo(
        f"""Without a browser:  curl {url}/graphql -H @- -H 'Content-Type: application/json' """
        """-d '{"query": "{ coverage { loans } }"}' <<< "Authorization: Bearer $KEY" """
    )


def _renewed(connection: psycopg.Connection, known: dict[str, str]) -> dict[str, str]:
    """Return a key for each role that can have one: the known one while it counts, else a new one."""
    counting = {one.prefix for one in listed(connection) if one.state == "counts"}
    lender = next((row[0] for row in run(connection, "access/first_lender")), None)
    found = {}
    for role in Role:
        if prefix(known.get(role, "")) in counting:
            found[role.value] = known[role]
        elif role is not Role.INSTITUTION or lender:
            own = lender if role is Role.INSTITUTION else None
            caller = Caller(None, f"demo {role.lower()}", role, own, PURPOSES[role], LOCAL_DEFAULTS.get(role))
            found[role.value] = keep(connection, caller, LASTING).text
    return found


def _write(file: Path, found: dict[str, str]) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
            kept.write(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    except OSError as error:
        fail(f"the demo's keys cannot be kept in {file}: {error.strerror}", CANNOT_WRITE)
