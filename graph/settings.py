"""The settings: read once from the environment, all that is wrong with them said at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from graph.hosts import on_this_machine
from graph.limits import Bounds, Mode
from graph.trust import ALGORITHMS, Trust
from graph.variables import SETTINGS
from resolvers.callers import Quota, Role

Value = TypeVar("Value")

SECRET_LENGTH = 32
EXECUTORS = ("levels", "stock")
# The role of whoever gives no credential, where nobody may.
NOBODY = "NONE"


class SettingsError(Exception):
    """Settings that cannot be used: one line each, with name, value and reason."""


@dataclass(frozen=True)
class Settings:
    """What the environment says, read and checked."""

    database_url: str | None
    reader_url: str | None
    home: Path
    secret: str | None
    secret_previous: tuple[str, ...]
    time_zone: str
    asking: str | None
    role: Role | None
    suppress_borrowers: int
    suppress_institutions: int
    reject_share: float
    connections: int
    statement_seconds: int
    body_bytes: int
    bounds: Bounds
    window_months: int
    borrower_keys: int
    quota: Quota
    request_seconds: int
    trusted: Mapping[Role, Mode]
    introspecting: frozenset[Role]
    suggested: frozenset[Role]
    executor: str
    trust: Trust | None

    @property
    def secrets(self) -> tuple[str, ...]:
        """The platform's secrets, oldest first; empty where there is none."""
        return (*self.secret_previous, self.secret) if self.secret else ()


def read(environment: Mapping[str, str], home: Path) -> Settings:
    """Read and check all settings; ``home`` is the default state folder. Raises SettingsError naming every bad one."""
    faults: list[str] = []

    def setting(name: str, convert: Callable[[str], Value], *, secret: bool = False) -> Value | None:
        text = environment.get(name, "") or SETTINGS[name].default
        try:
            return convert(text) if text else None
        except ValueError as reason:
            faults.append(f"{name}={'(not shown)' if secret else repr(text)}: {reason}")
            return None

    def whole(name: str, least: int, most: int) -> int:
        return setting(name, lambda text: _whole(text, least, most)) or least

    settings = Settings(
        database_url=setting("DATABASE_URL", _address, secret=True),
        reader_url=setting("DATABASE_READER_URL", _address, secret=True),
        home=setting("BORROWGRAPH_HOME", Path) or home,
        secret=setting("BORROWGRAPH_SECRET", _secret, secret=True),
        secret_previous=setting("BORROWGRAPH_SECRET_PREVIOUS", _secrets, secret=True) or (),
        time_zone=setting("BORROWGRAPH_TIME_ZONE", _time_zone) or "",
        asking=setting("BORROWGRAPH_ASKING_INSTITUTION", str),
        role=setting("BORROWGRAPH_ROLE", _role),
        suppress_borrowers=whole("BORROWGRAPH_SUPPRESS_BORROWERS", 1, 1_000_000),
        suppress_institutions=whole("BORROWGRAPH_SUPPRESS_INSTITUTIONS", 1, 1_000),
        reject_share=setting("BORROWGRAPH_REJECT_SHARE", _share) or 0.0,
        connections=whole("BORROWGRAPH_CONNECTIONS", 1, 1_000),
        statement_seconds=whole("BORROWGRAPH_STATEMENT_SECONDS", 1, 3_600),
        body_bytes=whole("BORROWGRAPH_BODY_BYTES", 1_024, 104_857_600),
        bounds=Bounds(
            characters=whole("BORROWGRAPH_DOCUMENT_CHARACTERS", 1_000, 1_000_000),
            tokens=whole("BORROWGRAPH_DOCUMENT_TOKENS", 100, 100_000),
            depth=whole("BORROWGRAPH_DOCUMENT_DEPTH", 5, 50),
            fields=whole("BORROWGRAPH_DOCUMENT_FIELDS", 100, 100_000),
            breadth=whole("BORROWGRAPH_DOCUMENT_BREADTH", 30, 10_000),
            root_fields=whole("BORROWGRAPH_DOCUMENT_ROOT_FIELDS", 1, 1_000),
            aliases=whole("BORROWGRAPH_DOCUMENT_ALIASES", 1, 10_000),
            repeats=whole("BORROWGRAPH_DOCUMENT_REPEATS", 10, 1_000),
            directives=whole("BORROWGRAPH_DOCUMENT_DIRECTIVES", 4, 1_000),
            values=whole("BORROWGRAPH_VARIABLE_VALUES", 1_000, 1_000_000),
        ),
        window_months=whole("BORROWGRAPH_WINDOW_MONTHS", 1, 6_000),
        borrower_keys=whole("BORROWGRAPH_BORROWER_KEYS", 1, 100_000),
        quota=Quota(
            whole("BORROWGRAPH_COST", 0, 10**12),
            whole("BORROWGRAPH_COST_PER_MINUTE", 0, 10**12),
            whole("BORROWGRAPH_CONCURRENT_REQUESTS", 0, 100_000),
        ),
        request_seconds=whole("BORROWGRAPH_REQUEST_SECONDS", 1, 3_600),
        trusted=setting("BORROWGRAPH_TRUSTED_DOCUMENTS", _modes) or {},
        introspecting=setting("BORROWGRAPH_INTROSPECTION", _roles) or frozenset(),
        suggested=setting("BORROWGRAPH_SUGGESTIONS", _roles) or frozenset(),
        executor=setting("BORROWGRAPH_EXECUTOR", _executor) or "",
        trust=_trust(
            setting("BORROWGRAPH_JWT_ISSUER", str),
            setting("BORROWGRAPH_JWT_AUDIENCE", str),
            setting("BORROWGRAPH_JWT_KEYS", _keys),
            setting("BORROWGRAPH_JWT_ALGORITHMS", _algorithms) or (),
            faults,
        ),
    )
    if settings.secret_previous and not settings.secret:
        faults.append("BORROWGRAPH_SECRET_PREVIOUS: allowed: together with BORROWGRAPH_SECRET, the newest")
    if len(set(settings.secrets)) < len(settings.secrets):
        faults.append("BORROWGRAPH_SECRET and BORROWGRAPH_SECRET_PREVIOUS: allowed: each secret once")
    faults += [f"{name}: not a setting of Borrowgraph" for name in _unknown(environment)]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _unknown(environment: Mapping[str, str]) -> list[str]:
    return sorted(name for name in environment if name.startswith("BORROWGRAPH_") and name not in SETTINGS)


def _whole(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(f"allowed: a whole number from {least} to {most}")
    return int(text)


def _role(text: str) -> Role | None:
    try:
        return None if text == NOBODY else Role(text)
    except ValueError:
        raise ValueError(f"allowed: {', '.join([*Role, NOBODY])}") from None


def _roles(text: str) -> frozenset[Role]:
    names = [] if text == NOBODY else [name.strip() for name in text.split(",")]
    if not set(names) <= {*Role}:
        raise ValueError(f"allowed: {', '.join(Role)}, with commas, or {NOBODY}")
    return frozenset(map(Role, names))


def _modes(text: str) -> Mapping[Role, Mode]:
    if text in {*Mode}:
        return dict.fromkeys(Role, Mode(text))
    pairs = [pair.strip().partition("=")[::2] for pair in text.split(",")]
    if not {role for role, _ in pairs} <= {*Role} or not {mode for _, mode in pairs} <= {*Mode}:
        raise ValueError(f"allowed: {', '.join(Mode)}, or ROLE=MODE with commas; roles: {', '.join(Role)}")
    return dict.fromkeys(Role, Mode.OFF) | {Role(role): Mode(mode) for role, mode in pairs}


def _trust(
    issuer: str | None, audience: str | None, keys: str | None, algorithms: tuple[str, ...], faults: list[str]
) -> Trust | None:
    if issuer and audience and keys:
        return Trust(issuer, audience, keys, algorithms)
    if issuer or audience or keys:
        faults.append("BORROWGRAPH_JWT_ISSUER, _AUDIENCE and _KEYS: allowed: all three, or none")
    return None


def _keys(text: str) -> str:
    address = urlsplit(text)
    if address.scheme == "https" or (address.scheme == "http" and on_this_machine(address.netloc)):
        return text
    if "://" not in text and Path(text).is_file():
        return text
    raise ValueError("allowed: an https address, or a file that is there")


def _algorithms(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not set(names) <= set(ALGORITHMS):
        raise ValueError(f"allowed: {', '.join(ALGORITHMS)}")
    return names


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError("allowed: a number from 0 to 1")
    return share


def _address(text: str) -> str:
    try:
        address = urlsplit(text)
        sound = address.scheme in {"postgresql", "postgres"} and address.port != 0
    except ValueError:  # its message quotes the address, password included
        sound = False
    if not sound:
        raise ValueError("allowed: an address such as postgresql://user@host:5432/database")
    return text


def _executor(text: str) -> str:
    if text not in EXECUTORS:
        raise ValueError(f"allowed: {' or '.join(EXECUTORS)}")
    return text


def _secret(text: str) -> str:
    if len(text) < SECRET_LENGTH:
        raise ValueError(f"allowed: at least {SECRET_LENGTH} characters, got {len(text)}")
    return text


def _secrets(text: str) -> tuple[str, ...]:
    return tuple(map(_secret, filter(None, text.splitlines())))


def _time_zone(text: str) -> str:
    if text not in available_timezones():
        raise ValueError("allowed: a name of the time zone database, such as Asia/Shanghai")
    return ZoneInfo(text).key
