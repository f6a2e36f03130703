"""The settings: read once, every bad one named at once, no secret in any message, all of them in README."""

import re
from pathlib import Path

import pytest

from graph.limits import Bounds, Mode
from graph.settings import Settings, SettingsError, read
from graph.trust import ALGORITHMS, Trust
from graph.variables import SETTINGS
from resolvers.callers import Quota, Role

README = Path(__file__).parent.parent.parent / "README.md"
HOME = Path("/where/state/lies")
SECRET = "a secret that no message may repeat"
ROW = re.compile(r"^\| `(?P<name>[A-Z_]+)` \| (?:`(?P<default>[^`]*)`)? *\| (?P<meaning>.+) \|$", re.MULTILINE)


def refused(**environment: str) -> list[str]:
    """Read settings that cannot be used, and return the lines that say why."""
    with pytest.raises(SettingsError) as caught:
        read(environment, HOME)
    return str(caught.value).splitlines()


def test_settings_of_an_empty_environment_are_the_defaults() -> None:
    assert read({}, HOME) == Settings(
        database_url=None,
        reader_url=None,
        home=HOME,
        secret=None,
        secret_previous=(),
        time_zone="Asia/Shanghai",
        asking=None,
        role=Role.DASHBOARD,
        suppress_borrowers=10,
        suppress_institutions=3,
        reject_share=0.05,
        connections=10,
        statement_seconds=30,
        body_bytes=1_048_576,
        bounds=Bounds(),
        window_months=600,
        borrower_keys=1_000,
        quota=Quota(10_000_000, 200_000_000, 100),
        request_seconds=60,
        trusted=dict.fromkeys(Role, Mode.OFF),
        introspecting=frozenset(Role),
        suggested=frozenset(Role),
        executor="levels",
        trust=None,
    )


def test_settings_that_are_empty_are_the_defaults() -> None:
    assert read(dict.fromkeys(SETTINGS, ""), HOME) == read({}, HOME)


def test_settings_of_a_full_environment_are_what_it_says() -> None:
    environment = {
        "DATABASE_URL": "postgresql://owner@localhost/portfolio",
        "DATABASE_READER_URL": "postgres://reader@localhost/portfolio",
        "BORROWGRAPH_HOME": "/elsewhere",
        "BORROWGRAPH_SECRET": SECRET,
        "BORROWGRAPH_SECRET_PREVIOUS": f"{'first' * 8}\n{'second' * 8}\n",
        "BORROWGRAPH_TIME_ZONE": "Europe/Berlin",
        "BORROWGRAPH_ASKING_INSTITUTION": "CF01",
        "BORROWGRAPH_ROLE": "INSTITUTION",
        "BORROWGRAPH_SUPPRESS_BORROWERS": "1000000",
        "BORROWGRAPH_SUPPRESS_INSTITUTIONS": "1",
        "BORROWGRAPH_REJECT_SHARE": "0",
        "BORROWGRAPH_CONNECTIONS": "1000",
        "BORROWGRAPH_STATEMENT_SECONDS": "1",
        "BORROWGRAPH_BODY_BYTES": "1024",
        "BORROWGRAPH_DOCUMENT_CHARACTERS": "1000",
        "BORROWGRAPH_DOCUMENT_TOKENS": "100",
        "BORROWGRAPH_DOCUMENT_DEPTH": "5",
        "BORROWGRAPH_DOCUMENT_FIELDS": "200",
        "BORROWGRAPH_DOCUMENT_BREADTH": "30",
        "BORROWGRAPH_DOCUMENT_ROOT_FIELDS": "1",
        "BORROWGRAPH_DOCUMENT_ALIASES": "2",
        "BORROWGRAPH_DOCUMENT_REPEATS": "10",
        "BORROWGRAPH_DOCUMENT_DIRECTIVES": "4",
        "BORROWGRAPH_VARIABLE_VALUES": "1000",
        "BORROWGRAPH_WINDOW_MONTHS": "6000",
        "BORROWGRAPH_BORROWER_KEYS": "100000",
        "BORROWGRAPH_COST": "0",
        "BORROWGRAPH_COST_PER_MINUTE": "1000000000000",
        "BORROWGRAPH_CONCURRENT_REQUESTS": "1",
        "BORROWGRAPH_REQUEST_SECONDS": "3600",
        "BORROWGRAPH_TRUSTED_DOCUMENTS": "DASHBOARD=REFUSE, ANALYST=LOG",
        "BORROWGRAPH_INTROSPECTION": "ASSOCIATION, ANALYST",
        "BORROWGRAPH_SUGGESTIONS": "NONE",
        "BORROWGRAPH_EXECUTOR": "stock",
        "BORROWGRAPH_JWT_ISSUER": "https://login.example",
        "BORROWGRAPH_JWT_AUDIENCE": "borrowgraph",
        "BORROWGRAPH_JWT_KEYS": "https://login.example/jwks",
        "BORROWGRAPH_JWT_ALGORITHMS": "ES256, PS256",
    }

    found = read(environment | {"PATH": "/usr/bin"}, HOME)

    assert set(environment) == set(SETTINGS)
    assert (found.database_url, found.reader_url) == (environment["DATABASE_URL"], environment["DATABASE_READER_URL"])
    assert (found.home, found.secret) == (Path("/elsewhere"), SECRET)
    assert found.secrets == ("first" * 8, "second" * 8, SECRET)
    assert (found.time_zone, found.asking) == ("Europe/Berlin", "CF01")
    assert (found.role, found.suppress_borrowers, found.suppress_institutions) == ("INSTITUTION", 1_000_000, 1)
    assert found.reject_share == 0
    assert (found.connections, found.statement_seconds, found.body_bytes) == (1_000, 1, 1_024)
    assert (found.window_months, found.borrower_keys) == (6_000, 100_000)
    assert found.bounds == Bounds(1_000, 100, 5, 200, 30, 1, 2, 10, 4, 1_000)
    assert (found.quota, found.request_seconds) == (Quota(0, 10**12, 1), 3_600)
    assert found.trusted == {"DASHBOARD": "REFUSE", "ANALYST": "LOG", "INSTITUTION": "OFF", "ASSOCIATION": "OFF"}
    assert found.introspecting == {Role.ASSOCIATION, Role.ANALYST}
    assert not found.suggested
    assert found.executor == "stock"
    assert found.trust == Trust(
        "https://login.example", "borrowgraph", "https://login.example/jwks", ("ES256", "PS256")
    )


def test_settings_of_the_role_nobody_leave_none_to_whoever_gives_no_credential() -> None:
    assert read({"BORROWGRAPH_ROLE": "NONE"}, HOME).role is None


def test_settings_of_half_an_issuer_are_refused() -> None:
    assert refused(BORROWGRAPH_JWT_ISSUER="https://login.example") == [
        "BORROWGRAPH_JWT_ISSUER, _AUDIENCE and _KEYS: allowed: all three, or none"
    ]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("BORROWGRAPH_TIME_ZONE", "Shanghai", "allowed: a name of the time zone database, such as Asia/Shanghai"),
        (
            "BORROWGRAPH_TIME_ZONE",
            "../../etc/passwd",
            "allowed: a name of the time zone database, such as Asia/Shanghai",
        ),
        ("BORROWGRAPH_ROLE", "association", "allowed: DASHBOARD, ANALYST, INSTITUTION, ASSOCIATION, NONE"),
        ("BORROWGRAPH_SUPPRESS_BORROWERS", "0", "allowed: a whole number from 1 to 1000000"),
        ("BORROWGRAPH_SUPPRESS_INSTITUTIONS", "1001", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_REJECT_SHARE", "5", "allowed: a number from 0 to 1"),
        ("BORROWGRAPH_REJECT_SHARE", "nan", "allowed: a number from 0 to 1"),
        ("BORROWGRAPH_REJECT_SHARE", "5 %", "allowed: a number from 0 to 1"),
        ("BORROWGRAPH_CONNECTIONS", "0", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "1001", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "ten", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "-1", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "1.0", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", " 5", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "1_0", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_CONNECTIONS", "\u0665", "allowed: a whole number from 1 to 1000"),
        ("BORROWGRAPH_STATEMENT_SECONDS", "3601", "allowed: a whole number from 1 to 3600"),
        ("BORROWGRAPH_BODY_BYTES", "1023", "allowed: a whole number from 1024 to 104857600"),
        ("BORROWGRAPH_BODY_BYTES", "104857601", "allowed: a whole number from 1024 to 104857600"),
        ("BORROWGRAPH_WINDOW_MONTHS", "6001", "allowed: a whole number from 1 to 6000"),
        ("BORROWGRAPH_BORROWER_KEYS", "100001", "allowed: a whole number from 1 to 100000"),
        ("BORROWGRAPH_COST", "-1", "allowed: a whole number from 0 to 1000000000000"),
        ("BORROWGRAPH_DOCUMENT_DEPTH", "4", "allowed: a whole number from 5 to 50"),
        (
            "BORROWGRAPH_TRUSTED_DOCUMENTS",
            "DASHBOARD=NEVER",
            "allowed: OFF, LOG, REFUSE, or ROLE=MODE with commas; roles: DASHBOARD, ANALYST, INSTITUTION, ASSOCIATION",
        ),
        (
            "BORROWGRAPH_TRUSTED_DOCUMENTS",
            "REFUSE,DASHBOARD=LOG",
            "allowed: OFF, LOG, REFUSE, or ROLE=MODE with commas; roles: DASHBOARD, ANALYST, INSTITUTION, ASSOCIATION",
        ),
        (
            "BORROWGRAPH_INTROSPECTION",
            "EVERYBODY",
            "allowed: DASHBOARD, ANALYST, INSTITUTION, ASSOCIATION, with commas, or NONE",
        ),
        ("BORROWGRAPH_EXECUTOR", "fast", "allowed: levels or stock"),
        ("BORROWGRAPH_JWT_ALGORITHMS", "HS256", f"allowed: {', '.join(ALGORITHMS)}"),
        ("BORROWGRAPH_JWT_ALGORITHMS", "none", f"allowed: {', '.join(ALGORITHMS)}"),
    ],
)
def test_setting_that_is_bad_is_refused_with_name_value_and_reason(name: str, value: str, reason: str) -> None:
    assert refused(**{name: value}) == [f"{name}={value!r}: {reason}"]


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_READER_URL"])
@pytest.mark.parametrize("value", ["mysql://owner:hunter2@localhost", "localhost", "host=localhost password=hunter2"])
def test_address_that_is_bad_is_refused_without_being_shown(name: str, value: str) -> None:
    [line] = refused(**{name: value})

    assert line == f"{name}=(not shown): allowed: an address such as postgresql://user@host:5432/database"


def test_secret_that_is_short_is_refused_without_being_shown() -> None:
    [line] = refused(BORROWGRAPH_SECRET="hunter2")  # noqa: S106 - it is refused

    assert line == "BORROWGRAPH_SECRET=(not shown): allowed: at least 32 characters, got 7"


@pytest.mark.parametrize(
    ("newest", "previous", "refusal"),
    [
        ("", "p" * 32, "BORROWGRAPH_SECRET_PREVIOUS: allowed: together with BORROWGRAPH_SECRET, the newest"),
        (
            "s" * 32,
            f"{'p' * 32}\nhunter2",
            "BORROWGRAPH_SECRET_PREVIOUS=(not shown): allowed: at least 32 characters, got 7",
        ),
        (
            "s" * 32,
            f"{'p' * 32}\n{'s' * 32}",
            "BORROWGRAPH_SECRET and BORROWGRAPH_SECRET_PREVIOUS: allowed: each secret once",
        ),
    ],
)
def test_secrets_of_before_that_are_bad_are_refused(newest: str, previous: str, refusal: str) -> None:
    assert refused(BORROWGRAPH_SECRET=newest, BORROWGRAPH_SECRET_PREVIOUS=previous) == [refusal]


@pytest.mark.parametrize("name", ["BORROWGRAPH_TIMEZONE", "BORROWGRAPH_", "BORROWGRAPH_secret"])
def test_setting_that_is_unknown_is_refused_without_its_value(name: str) -> None:
    assert refused(**{name: SECRET}) == [f"{name}: not a setting of Borrowgraph"]


def test_settings_that_are_bad_are_refused_all_at_once() -> None:
    bad = {
        "DATABASE_URL": "localhost",
        "BORROWGRAPH_SECRET": "short",
        "BORROWGRAPH_TIME_ZONE": "Mars",
        "BORROWGRAPH_CONNECTIONS": "none",
        "BORROWGRAPH_BODY_BYTES": "0",
        "BORROWGRAPH_ZONE": "UTC",
    }

    lines = refused(**bad)

    assert [re.split(r"[=:]", line)[0] for line in lines] == list(bad)


def test_settings_that_are_read_are_those_that_are_listed() -> None:
    found = read({}, HOME)

    for name, setting in SETTINGS.items():
        assert name == setting.name
        assert setting.meaning
        assert read({name: setting.default}, HOME) == found


def test_settings_in_readme_are_those_that_are_read() -> None:
    rows = ROW.finditer(README.read_text(encoding="utf-8"))

    listed = [(row["name"], row["default"] or "", row["meaning"].strip()) for row in rows]

    assert listed == [(setting.name, setting.default, setting.meaning) for setting in SETTINGS.values()]
