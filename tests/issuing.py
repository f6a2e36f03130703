"""Credentials for tests: keys as the command makes them, kept in a database, and taken back."""

from dataclasses import replace
from datetime import timedelta

import psycopg

from commands.access import end, keep
from resolvers.callers import LOCAL_DEFAULTS, PURPOSES, UNSET, Caller, Quota, Role
from resolvers.keys import prefix


def caller(role: str, institution: str | None = None) -> Caller:
    """Give a caller of a role, with all its purposes."""
    chosen = Role(role)
    return Caller(None, f"test {role.lower()}", chosen, institution, PURPOSES[chosen], LOCAL_DEFAULTS.get(chosen))


def issue(
    url: str,
    role: str,
    institution: str | None = None,
    lasting: timedelta = timedelta(days=1),
    quota: Quota = UNSET,
) -> str:
    """Keep a new credential of a role, and give its key."""
    with psycopg.connect(url, cursor_factory=psycopg.RawCursor) as connection:
        return keep(connection, replace(caller(role, institution), quota=quota), lasting).text


def revoke(url: str, key: str) -> None:
    """Revoke a key."""
    with psycopg.connect(url, cursor_factory=psycopg.RawCursor) as connection:
        end(connection, prefix(key) or "", None)
