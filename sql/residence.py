"""Where an embedded server lives: its state folder, and inside it the data, the log and the socket.

The folder has to be reachable for the account that the server runs as. Root's checkout in ``/root``, or in a fresh
temporary folder, is not reachable for ``nobody``; there the state lies in ``/var/lib/borrowgraph`` and the checkout
holds a link to it.
"""

import os
import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sql.account import Account, account_for
from sql.embedded_error import EmbeddedError
from sql.lock import locked

ELSEWHERE = Path("/var/lib/borrowgraph")
PORT = 5432

# A Unix socket's address holds 108 bytes, the closing zero among them.
LONGEST_SOCKET = 107

# What needs no quoting in a libpq URI, for asyncpg, or in a list of PostgreSQL's settings.
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


class Residence(NamedTuple):
    """A state folder, with every link in its path followed, and the account of its server."""

    home: Path
    account: Account

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """What the server has to say."""
        return self.home / "log" / "postgres.log"

    @property
    def socket(self) -> Path:
        """The folder of the Unix socket: in the state folder, or under /tmp where that would be too long a path."""
        folder = self.home / "socket"
        name = os.fspath(folder / f".s.PGSQL.{PORT}")
        if len(os.fsencode(name)) <= LONGEST_SOCKET and PLAIN.fullmatch(name):
            return folder
        return Path(f"/tmp/borrowgraph-{self.account.uid}-{digest(self.home)}")  # noqa: S108 - furnish() checks its owner

    def furnish(self) -> None:
        """Make the folders of log and socket, which nobody but the server's account may enter."""
        for folder in (self.log.parent, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            found = folder.lstat()
            # Anyone may make folders in /tmp: one that somebody else made, or may enter, would let them pose as us.
            if folder.is_symlink() or found.st_uid not in {os.geteuid(), self.account.uid}:
                raise EmbeddedError(f"{folder} belongs to user {found.st_uid}, not to us: remove it")
            self.account.own(folder, 0o700)


def residence(home: Path) -> Residence:
    """Return the residence in a state folder as it is now, which may be not at all."""
    real = Path(os.path.realpath(home))
    return Residence(real, account_for(real / "data"))


def settle(home: Path, say: Callable[[str], None]) -> Residence:
    """Make the state folder where it is missing, reachable for the server's account, and return it."""
    home = home.absolute()
    if home.is_symlink() and not home.exists():
        raise EmbeddedError(f"{home} is a link to {os.readlink(home)}, which is not there: bring it back, or remove the link")
    home.parent.mkdir(parents=True, exist_ok=True)
    found = residence(home)
    if not found.account.foreign:
        home.mkdir(mode=0o700, exist_ok=True)
        if (owner := home.stat().st_uid) != found.account.uid:
            raise EmbeddedError(f"{home} belongs to user {owner}: run this as that user, or set BORROWGRAPH_HOME")
        return found
    if not found.account.reaches(found.home.parent):
        _move(home, say)
        found = residence(home)
    found.home.mkdir(exist_ok=True)
    # Enter, but not look around: what others may not read in here has its own permissions.
    found.home.chmod(found.home.stat().st_mode | 0o111)
    return found


def digest(path: Path) -> str:
    """Return a short name for a path, the same each time."""
    return sha256(os.fsencode(path)).hexdigest()[:12]


def _move(home: Path, say: Callable[[str], None]) -> None:
    """Put the state folder, and what is in it already, where every account can reach it; leave a link."""
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    ELSEWHERE.chmod(0o755)
    with locked(ELSEWHERE / "lock", say):
        if home.is_symlink():
            return
        home.mkdir(exist_ok=True)
        # Never a name that is taken: it may be the state of a checkout that was here before and has moved since.
        names = (f"{digest(home)}-{number}" for number in range(1, 1000))
        real = next(path for path in (ELSEWHERE / name for name in names) if not path.exists())
        say(f"The database cannot be reached in {home} by an unprivileged user: it is put in {real}")
        shutil.copytree(home, real, symlinks=True)
        shutil.rmtree(home)
        home.symlink_to(real)
