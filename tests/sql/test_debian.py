"""Finding an installed TimescaleDB, reading a machine's apt sources, and unpacking Debian's builds."""

import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from sql import debian, embedded, mirror, state_folder

CHECKOUT = Path(__file__).parents[2]
STATE = CHECKOUT / ".borrowgraph"
SECONDS = 300

ONE_LINE = """\
# deb http://commented.example/debian trixie main
deb-src http://sources.example/debian trixie main
deb cdrom:[Debian GNU/Linux 13]/ trixie main
deb http://plain.example/debian trixie main contrib # a remark
  deb [arch=amd64,arm64 signed-by=/keys/house.gpg] https://house.example/mirrors/debian/ trixie non-free main
deb http://third-party.example/deb stable main
deb http://plain.example/debian-security trixie-security main
"""

STANZAS = """\
# Debian's own
Types: deb deb-src
URIs: http://first.example/debian
  mirror+file:/etc/apt/mirrors.list
Suites: trixie trixie-updates
Components: main
# in the midst of it
Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp

Types: deb
Enabled: no
URIs: http://disabled.example/debian
Suites: trixie
Components: main

types: deb
uris: http://key.example/debian
suites: trixie
components: main
signed-by:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 Comment: a key that stands in the source itself
 -----END PGP PUBLIC KEY BLOCK-----
"""


@pytest.fixture(scope="module")
def programs() -> Path:
    """Give the programs of Debian's builds in the checkout's state folder, unpacked there if they were not."""
    return debian.unpacked(state_folder.settled(STATE) / "postgres", lambda _: None)


def sources(folder: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    """Have a folder of our own read as /etc/apt."""
    (folder / "sources.list.d").mkdir()
    for name, text in files.items():
        (folder / "sources.list.d" / name.replace("_", ".")).write_text(text)
    monkeypatch.setattr(mirror, "SOURCES", folder)


def test_sources_on_single_lines_give_addresses_suites_components_and_keyrings() -> None:
    found = list(mirror._one_line(ONE_LINE))

    assert ("http://plain.example/debian", "trixie", ["main", "contrib"], "") in found
    house = ("https://house.example/mirrors/debian/", "trixie", ["non-free", "main"], "/keys/house.gpg")
    assert house in found
    assert not {"http://commented.example/debian", "http://sources.example/debian"} & {one[0] for one in found}


def test_sources_in_stanzas_give_every_address_with_every_suite() -> None:
    found = list(mirror._deb822(STANZAS))

    keyring = "/usr/share/keyrings/debian-archive-keyring.pgp"
    assert found == [
        ("http://first.example/debian", "trixie", ["main"], keyring),
        ("http://first.example/debian", "trixie-updates", ["main"], keyring),
        ("mirror+file:/etc/apt/mirrors.list", "trixie", ["main"], keyring),
        ("mirror+file:/etc/apt/mirrors.list", "trixie-updates", ["main"], keyring),
        ("http://key.example/debian", "trixie", ["main"], ""),
    ]


def test_mirrors_are_debians_archives_alone_the_likeliest_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources(tmp_path, monkeypatch, a_list="deb http://odd.example/apt trixie main\n", b_list=ONE_LINE)

    found = [address for address, _ in mirror.mirrors() if "third-party" not in address]

    assert found == [
        "http://plain.example/debian",
        "https://house.example/mirrors/debian/",
        "http://odd.example/apt",
    ]


def test_unpacked_without_a_debian_archive_says_what_to_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources(tmp_path, monkeypatch, other_list="deb http://else.example/ubuntu noble main\n")

    with pytest.raises(debian.DebianError, match=r"(?s)no Debian archive.*DATABASE_URL.*timescale/timescaledb"):
        debian.unpacked(tmp_path / "postgres", lambda _: None)


def test_unpacked_mirror_that_does_not_answer_says_which_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources(tmp_path, monkeypatch, dead_list="deb http://127.0.0.1:9/debian trixie main\n")

    with pytest.raises(debian.DebianError, match=r"(?s)http://127.0.0.1:9/debian: apt-get.*DATABASE_URL"):
        debian.unpacked(tmp_path / "postgres", lambda _: None)


def test_unpacked_again_fetches_nothing(programs: Path) -> None:
    said: list[str] = []

    again = debian.unpacked(STATE.resolve() / "postgres", said.append)

    assert (again, said) == (programs, [])


@pytest.mark.parametrize("program", ["postgres", "initdb", "pg_ctl", "psql", "pg_dump"])
def test_program_loads_nothing_from_outside_the_prefix(programs: Path, program: str) -> None:
    prefix = programs.parents[4]
    [loader] = prefix.glob("usr/lib/*/ld-linux-*.so.*")

    listed = subprocess.check_output([loader, "--list", programs / program], text=True)

    files = re.findall(r"=> (/\S*)", listed)
    assert len(files) > 1 or program == "pg_ctl"
    assert [file for file in files if not file.startswith(f"{prefix}/")] == []
    assert "not found" not in listed


@pytest.mark.parametrize("module", ["timescaledb.so", "plpgsql.so"])
def test_module_needs_nothing_that_the_prefix_lacks(programs: Path, module: str) -> None:
    prefix = programs.parents[4]
    [loader] = prefix.glob("usr/lib/*/ld-linux-*.so.*")
    libraries = loader.parent

    listed = subprocess.check_output(
        [loader, "--library-path", libraries, "--list", programs.parent / "lib" / module], text=True
    )

    assert [file for file in re.findall(r"=> (/\S*)", listed) if not file.startswith(f"{prefix}/")] == []


@pytest.mark.skipif(debian.installed() is not None, reason="an installed PostgreSQL with TimescaleDB is used here")
@pytest.mark.usefixtures("programs")
def test_unpacked_interrupted_moved_or_twice_at_once_is_done_once_and_works() -> None:
    shared = STATE / f"tests-prefix-{os.getpid()}"
    homes = [shared / "one", shared / "two"]
    (shared / "postgres").mkdir(parents=True)
    (shared / "postgres" / "unpacked").write_text((STATE / "postgres" / "unpacked").read_text())
    (shared / "postgres" / "junk").touch()
    try:
        interrupt_while_unpacking(homes[0], shared)
        assert not (shared / "postgres" / "junk").exists()

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda home: subprocess.check_output(starting(home, shared), text=True), homes))

        assert "".join(said).count("unpacking into") == 1
        [program] = (shared / "postgres").glob("usr/lib/postgresql/*/bin/postgres")
        assert debian.ZONES not in program.read_bytes()  # it has the time zones of the prefix, not of the machine
        for home in homes:
            server = embedded.running(home)
            assert server is not None
            assert server.psql.is_relative_to(shared.resolve())
            with psycopg.connect(server.url()) as connection:
                connection.execute("create extension timescaledb")
    finally:
        for home in homes:
            embedded.stop(home)
        shutil.rmtree(shared)


def starting(home: Path, prefix: Path) -> list[str]:
    """Return a command that starts a server on the programs of another folder."""
    start = f"embedded.start(Path({str(home)!r}), durable=False, prefix=Path({str(prefix)!r}), say=say)"
    lines = [
        "from pathlib import Path",
        "from sql import embedded",
        "say = lambda text: print(text, flush=True)",
        start,
    ]
    return [sys.executable, "-c", "\n".join(lines)]


def interrupt_while_unpacking(home: Path, prefix: Path) -> None:
    """Kill the first start in the midst of its work."""
    with subprocess.Popen(starting(home, prefix), stdout=subprocess.PIPE, text=True, process_group=0) as process:
        assert process.stdout is not None
        assert any(line.startswith("unpacking") for line in process.stdout)
        os.killpg(process.pid, signal.SIGKILL)


def test_installed_postgresql_with_timescaledb_on_the_path_is_found(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)

    assert debian.installed() == programs
    assert debian.installed(debian.MAJOR) == programs
    assert debian.installed(9) is None


def test_installed_postgresql_without_timescaledb_is_passed_over(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(programs, tmp_path / "postgresql" / "17" / "bin", symlinks=True)
    monkeypatch.setenv("PATH", str(tmp_path / "postgresql" / "17" / "bin"), prepend=os.pathsep)

    found = debian.installed()

    assert found is None or not found.is_relative_to(tmp_path)


def test_start_with_an_installed_postgresql_unpacks_nothing(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = STATE / f"tests-installed-{os.getpid()}"
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    try:
        server = embedded.start(home, durable=False, say=lambda _: None)
        found = embedded.status(home)

        assert server.psql == programs / "psql"
        assert found.source == f"installed in {programs}"
        assert not (home / "postgres").exists()
    finally:
        embedded.stop(home)
        shutil.rmtree(home)
