"""Brings a database's schema forward: applies the migrations that it lacks, each once, in order.

Migrations only go forward, and a released one never changes: the database keeps the digest of each file that it was
given, and a file that differs from its digest is refused.
"""

from collections.abc import Callable

import psycopg

from sql.migration import unapplied

# Serialises migrations of one database, whoever starts them; the number means nothing else.
LOCK = 4_721_063_390_512

LEDGER = """
create table if not exists migration (
    number integer primary key,
    name text not null,
    digest text not null,
    applied_at timestamptz not null default now()
)
"""


def migrate(url: str, say: Callable[[str], None] = print) -> int:
    """Apply what the database lacks, each migration in a transaction of its own; returns how many were applied."""
    with psycopg.connect(url, autocommit=True, application_name="borrowgraph migrate") as connection:
        connection.execute("select pg_advisory_lock(%s)", [LOCK])
        connection.execute(LEDGER)
        done = connection.execute("select number, name, digest from migration order by number").fetchall()
        pending = unapplied(done)
        for migration in pending:
            say(f"migration {migration.name}")
            with connection.transaction():
                connection.execute(migration.text.encode())
                connection.execute(
                    "insert into migration (number, name, digest) values (%s, %s, %s)",
                    [migration.number, migration.name, migration.digest],
                )
        return len(pending)
