"""The account that the embedded server runs as: the caller's own, or an unprivileged one where the caller is root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sql.embedded_error import EmbeddedError

# Nothing of the caller's: a PGPORT, PGOPTIONS, TZ, LD_PRELOAD or LC_ALL of theirs must not change what the server is.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


class Account(NamedTuple):
    """A user and group by number; ``foreign`` where the caller is root and has to become them."""

    uid: int
    gid: int
    foreign: bool

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a command as this account and wait for it; its output and errors are in ``stdout``.

        It runs in a session of its own, so that a Ctrl-C meant for the caller does not reach a server that it starts,
        and it inherits none of the caller's streams, so that ``… | tee`` ends when the caller does.
        """
        return subprocess.run(
            [os.fspath(word) for word in command],
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.foreign else None,
            group=self.gid if self.foreign else None,
            extra_groups=[] if self.foreign else None,
        )

    def reaches(self, folder: Path) -> bool:
        """Whether the account can enter a folder; asked of the system itself, which knows of lists and mounts too."""
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0

    def own(self, path: Path, mode: int) -> None:
        """Give a path that the caller made to this account, with these permissions."""
        path.chmod(mode)
        if self.foreign:
            os.chown(path, self.uid, self.gid)


def account_for(data: Path) -> Account:
    """Return the account for a data folder, which need not exist yet.

    PostgreSQL refuses to run as root. Root therefore becomes the folder's owner, or ``nobody`` for a new folder.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), foreign=False)
    if data.exists() and (owner := data.stat()).st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, foreign=True)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        message = "PostgreSQL refuses to run as root, and there is no user 'nobody' to run it as: run this as a user"
        raise EmbeddedError(message) from None
    return Account(nobody.pw_uid, nobody.pw_gid, foreign=True)
