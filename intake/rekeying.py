"""The rotation of the platform's secret: delivered keys as they are stored, stored keys brought to the newest."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intake.problems import LoadError
from intake.session import Session
from sql.rows import SecretRow
from sql.secret import SecretError, Secrets, in_force, mark, renewed

BATCH = 5_000  # persons brought to the newest secret by one transaction


class Status(NamedTuple):
    """Which versions were begun, and how many persons are stored under keys of each version."""

    begun: list[SecretRow]
    persons: dict[int, int]


def begun(session: Session) -> list[SecretRow]:
    """Return the versions that were begun, oldest first; none before the first rotation."""
    return list(map(SecretRow._make, session.rows("secret/versions")))


def in_database(session: Session, given: Sequence[bytes]) -> Secrets | None:
    """Return which secrets are in force; None where none is given, and none is needed: keys of one version alone count.

    Raises SecretError where the given are not the database's.
    """
    versions = begun(session)
    if not given and (not versions or versions[-1].sole_since):
        return None
    return in_force(given, versions)


def name_as_stored(session: Session, secrets: Secrets | None) -> None:
    """Give the staged rows the keys under which their persons are stored, or are to be; the lock of loads is held."""
    now = begun(session)
    if secrets is None:
        changed = bool(now) and now[-1].sole_since is None
    else:
        overlap = len(now) > 1 and now[-1].sole_since is None
        changed = (max(len(now), 1), overlap) != (secrets.version, secrets.overlap)
    if changed:
        raise LoadError("the platform's secret was rotated while the delivery was read; load it again")
    if secrets is not None and secrets.overlap:
        session.run("analyze_deliveries")
        session.run("renew_documented", secrets.version)
        session.run("create_named_keys")
        session.run("name_keys", secrets.version)
        for kind in ("loans", "inquiries"):
            session.run(f"rename_{kind}")


def status(session: Session) -> Status:
    """Return where the rotation stands; reads all persons."""
    return Status(begun(session), dict(session.rows("rotation/persons")))


def begin(session: Session, given: Sequence[bytes], lock: int) -> int:
    """Begin the last of the given secrets, the oldest of which comes first; returns its version.

    From then on two versions count. Raises SecretError where it is begun already or the given are not the database's.
    """
    with session.transaction():
        session.run("deliveries/lock_deliveries", lock)
        versions = begun(session)
        secrets = in_force(given, versions)
        if secrets.overlap:
            raise SecretError(f"version {secrets.version} is begun; `borrowgraph secret end` ends it first")
        if secrets.prepared is None:
            raise SecretError(
                f"BORROWGRAPH_SECRET is version {secrets.version}, which is in force; allowed: a new one, with the one "
                "in force as the last line of BORROWGRAPH_SECRET_PREVIOUS"
            )
        if not versions:
            session.run("rotation/begin", 1, mark(secrets.chain[0]), True)
        session.run("rotation/begin", secrets.version + 1, mark(secrets.prepared), False)
    return secrets.version + 1


def rekey(session: Session, secrets: Secrets, lock: int, batch: int = BATCH) -> Iterator[int]:
    """Bring all persons to the newest secret, a batch a transaction; gives how many each batch had.

    Loads wait for a batch at the most, and a batch for them; readers for nothing. What was done stays done.
    """
    after = 0
    while True:
        with session.transaction():
            session.run("deliveries/lock_deliveries", lock)
            rows = session.rows("rotation/former_keys", after, secrets.version, batch)
            if not rows:
                return
            ids, keys = [row[0] for row in rows], [bytes(row[1]) for row in rows]
            news = [renewed(secrets.chain[-1], key) for key in keys]
            done = session.run("rotation/renew_keys", ids, keys, news, secrets.version)
        after = ids[-1]
        yield done


def end(session: Session, secrets: Secrets, lock: int) -> int:
    """End the overlap, unless persons are left under keys of an earlier version; returns how many are."""
    with session.transaction():
        session.run("deliveries/lock_deliveries", lock)
        left = sum(many for version, many in session.rows("rotation/persons") if version < secrets.version)
        if not left:
            session.run("rotation/end", secrets.version)
    return int(left)
