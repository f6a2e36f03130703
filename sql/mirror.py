"""The Debian archives that this machine's apt sources name."""

import re
from collections.abc import Iterator
from pathlib import Path

SUITE = "trixie"
SOURCES = Path("/etc/apt")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def mirrors() -> list[tuple[str, str]]:
    """Return the Debian archives that this machine's apt sources name: addresses and keyrings, the likeliest first."""
    codename = _release().get("VERSION_CODENAME", "")
    suites = {codename, SUITE, "oldstable", "stable", "testing", "sid"} if _release().get("ID") == "debian" else {SUITE}
    found = [
        (address, keyring or (str(KEYRING) if KEYRING.exists() else ""))
        for address, suite, components, keyring in _sources()
        if suite in suites and "main" in components and not address.startswith("cdrom:")
    ]
    # Other publishers name their suites after Debian's; Debian's mirrors end in /debian, by custom.
    return sorted(dict.fromkeys(found), key=lambda one: not one[0].rstrip("/").endswith("/debian"))


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
        # A field goes on over lines that begin with a space.
        found = re.findall(r"(?m)^([\w-]+):(.*(?:\n[ \t].*)*)", "\n".join(lines))
        fields = {name.lower(): value.strip() for name, value in found}
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() in {"no", "false", "0"}:
            continue
        keyring = fields.get("signed-by", "")
        # A whole key may stand there; it cannot stand on the one line of our source, and Debian's own is at hand.
        keyring = "" if "BEGIN PGP" in keyring else ",".join(keyring.split())
        for address in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield address, suite, fields.get("components", "").split(), keyring


def _one_line(text: str) -> Iterator[tuple[str, str, list[str], str]]:
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)", line)
        if match:
            options = dict(option.partition("=")[::2] for option in (match[1] or "").split())
            yield match[2], match[3], match[4].split(), options.get("signed-by", "")
