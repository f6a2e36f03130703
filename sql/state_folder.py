"""The embedded server's state folder: where it really is, and which user it is for."""

import fcntl
import hashlib
import itertools
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM_STATE = Path("/var/lib/borrowgraph")


class EmbeddedError(Exception):
    """The embedded server cannot be had; the message says what a person can do."""


def settled(home: Path) -> Path:
    """Return the state folder's real place, made where it is missing: where the server's user can reach it.

    Root's checkout may lie where no other user gets in. The state is then kept elsewhere, and ``home`` links to it.
    """
    real = home.resolve()
    try:
        real.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"{home}: {error.strerror}; BORROWGRAPH_HOME can name another state folder") from None
    if os.getuid() == 0 and not _reachable(real):
        SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
        SYSTEM_STATE.chmod(0o755)
        with locked(SYSTEM_STATE):
            real = home.resolve() if _reachable(home.resolve()) else _moved(real)
    if os.getuid() == 0:
        real.chmod(0o711)  # the server's user may pass through; what others must not read has its own permissions
    elif real.stat().st_uid != os.getuid():
        owner = real.stat().st_uid
        raise EmbeddedError(f"{real} belongs to user {owner}: run this as that user, or set BORROWGRAPH_HOME")
    return real


def _moved(real: Path) -> Path:
    """Move a state folder to a place of its own under SYSTEM_STATE; leave a link."""
    # Never a place that is taken: it is the state of an earlier checkout, or of one that was moved with its link.
    places = (SYSTEM_STATE / f"{digest(real)}-{number}" for number in itertools.count(1))
    place = next(place for place in places if not place.exists())
    subprocess.run(["/bin/cp", "--archive", real, place], check=True)  # keeps owners, as shutil.copytree does not
    shutil.rmtree(real)
    real.symlink_to(place)
    return place


def _reachable(state: Path) -> bool:
    """Say whether the server's user can pass through all folders above a state folder."""
    uid, gid = user(state)
    found = (folder.stat() for folder in state.parents)
    return all(one.st_mode & (0o100 if one.st_uid == uid else 0o010 if one.st_gid == gid else 0o001) for one in found)


def user(state: Path) -> tuple[int, int]:
    """Return the user and group that the server runs as: ours; the data's owner, or nobody, where we are root."""
    if os.getuid() != 0:
        return os.getuid(), os.getgid()
    data = state / "data"
    if data.exists() and data.stat().st_uid != 0:
        return data.stat().st_uid, data.stat().st_gid
    try:
        return pwd.getpwnam("nobody")[2:4]
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL does not run as root, and there is no user nobody here: run this as a user"
        ) from None


def account(state: Path, data: Path) -> dict[str, object]:
    """Return how a server process is started: in a session of its own, as another user where root starts it.

    It starts in its data folder: where the time zones are, it is told from there; see debian.OWN_ZONES.
    """
    # Nothing of the caller's environment: PGOPTIONS, TZ, LD_PRELOAD or LC_ALL would make it another server.
    options: dict[str, object] = {"env": {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}, "umask": 0o077}
    options |= {"start_new_session": True, "stdin": subprocess.DEVNULL, "cwd": data}
    if os.getuid() == 0:
        uid, gid = user(state)
        options |= {"user": uid, "group": gid, "extra_groups": []}
    return options


def private(folder: Path, state: Path) -> None:
    """Make a folder that only the server's user (and root) can enter; refuse one that is somebody else's."""
    uid, gid = user(state)
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid not in {uid, os.getuid()}:
        raise EmbeddedError(
            f"{folder} belongs to somebody else (user {found.st_uid}); remove it, or set BORROWGRAPH_HOME"
        )
    os.chown(folder, uid, gid)
    folder.chmod(0o700)


def digest(path: Path) -> str:
    """Return a short name for a path, the same each time."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]


@contextmanager
def locked(state: Path, name: str = "lock") -> Iterator[None]:
    """Let one process at a time set up, start or stop the server."""
    try:
        lock = (state / name).open("w")
    except PermissionError:
        owner = state.stat().st_uid
        raise EmbeddedError(
            f"{state} belongs to user {owner}: run this as that user, or set BORROWGRAPH_HOME"
        ) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
