"""`borrowgraph access` as a person runs it, judged by what it prints, how it ends and what the database holds then."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import psycopg
import pytest
from click.testing import CliRunner, Result

from cli import commands
from tests.conftest import SECRET

KEY = re.compile(r"bgk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")


@pytest.fixture
def url(create: Callable[[str], str], demo_template: str) -> str:
    """Give the address of a database of the test's own with the demo in it."""
    return create(demo_template)


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Give what runs a command of `access` on a database."""

    def run(url: str, *arguments: str) -> Result:
        environment = {"DATABASE_URL": url, "BORROWGRAPH_SECRET": SECRET, "BORROWGRAPH_HOME": str(tmp_path / "state")}
        return CliRunner().invoke(commands, ["access", *arguments], env=environment)

    return run


def kept(url: str) -> list[tuple[Any, ...]]:
    """Give what the database holds of credentials, oldest first."""
    query = """
        select c.prefix, c.name, c.role, i.code, c.purposes, c.default_purpose, c.revoked_at is null,
            round(extract(epoch from c.expires_at - now()) / 3600), c.replaces
        from credential c left join institution i on i.id = c.institution_id order by c.id
    """
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


ISSUE = ("issue", "--name", "BK01 scoring", "--role", "INSTITUTION", "--institution", "BK01", "--days", "2")


def test_issue_prints_the_key_alone_and_keeps_its_rights(run: Any, url: str) -> None:
    done = run(url, *ISSUE, "--purpose", "LOAN_APPLICATION", "--default-purpose", "LOAN_APPLICATION")

    found = KEY.fullmatch(done.stdout.strip())
    assert found
    assert "shown once" in done.stderr
    purpose = "LOAN_APPLICATION"
    assert kept(url) == [(found[1], "BK01 scoring", "INSTITUTION", "BK01", [purpose], purpose, True, 48, None)]


def test_issue_without_purposes_gives_all_that_the_role_may_have(run: Any, url: str) -> None:
    run(url, "issue", "--name", "models", "--role", "ANALYST")

    [(_, _, role, institution, purposes, default, *_)] = kept(url)
    assert (role, institution, default) == ("ANALYST", None, None)
    assert sorted(purposes) == ["MODELLING", "SUPERVISION"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--role", "INSTITUTION"], "belongs to an institution"),
        (["--role", "ASSOCIATION", "--institution", "BK01"], "belongs to the association"),
        (["--role", "DASHBOARD", "--purpose", "MODELLING"], "not for the role DASHBOARD: MODELLING; allowed: none"),
        (["--role", "ANALYST", "--purpose", "LOAN_APPLICATION"], "allowed: SUPERVISION, MODELLING"),
        (
            ["--role", "ANALYST", "--purpose", "MODELLING", "--default-purpose", "SUPERVISION"],
            "the default purpose SUPERVISION is none of those allowed",
        ),
        (["--role", "INSTITUTION", "--institution", "NOPE"], "no institution has the code 'NOPE'"),
        (["--role", "ANALYST", "--name", ""], "1 to 100 characters"),
        (["--role", "ADMIN"], "'ADMIN' is not one of"),
    ],
)
def test_issue_of_rights_that_do_not_go_together_is_refused_with_the_reason(
    run: Any, url: str, arguments: list[str], reason: str
) -> None:
    done = run(url, "issue", "--name", "somebody", *arguments)

    assert done.exit_code in {2, 78}
    assert reason in " ".join(done.stderr.split())
    assert kept(url) == []


def test_list_shows_what_counts_and_with_all_what_does_not(run: Any, url: str) -> None:
    keys = [run(url, *ISSUE).stdout.strip() for _ in range(2)]
    prefixes = [key.split("_")[1] for key in keys]
    run(url, "revoke", prefixes[0])

    counting, everything = run(url, "list").stdout, run(url, "list", "--all").stdout

    assert prefixes[1] in counting
    assert prefixes[0] not in counting
    assert all(prefix in everything for prefix in prefixes)
    assert "INSTITUTION of BK01" in counting
    assert "last used never" in counting
    assert "revoked; expires" in everything
    assert not any(key.split("_", 2)[2] in everything for key in keys)


def test_revoke_takes_the_prefix_or_the_key_and_ends_its_sessions(run: Any, url: str) -> None:
    key = run(url, *ISSUE).stdout.strip()
    with psycopg.connect(url) as connection:
        connection.execute("select open_session(sha256('a'), (select id from credential))")

    done = run(url, "revoke", key)
    again = run(url, "revoke", key)

    assert done.exit_code == 0
    assert key.split("_", 2)[2] not in done.output
    assert [row[6] for row in kept(url)] == [False]
    assert again.exit_code == 78
    assert "no key that counts" in again.stderr
    with psycopg.connect(url) as connection:
        assert connection.execute("select count(*) from session where ended_at is null").fetchall() == [(0,)]


@pytest.mark.parametrize(("overlap", "counts", "hours"), [("24", True, 24), ("0", False, 48)])
def test_rotate_gives_a_new_key_with_the_same_rights_and_lets_the_old_one_run_out(
    run: Any, url: str, overlap: str, hours: int, *, counts: bool
) -> None:
    old = run(url, *ISSUE).stdout.strip()

    new = run(url, "rotate", old.split("_")[1], "--overlap", overlap, "--days", "3").stdout.strip()

    before, after = kept(url)
    assert KEY.fullmatch(new)
    assert new != old
    assert after[0] == new.split("_")[1]
    assert after[1:6] == before[1:6]
    assert (before[6], before[7]) == (counts, hours)
    assert (after[6], after[7]) == (True, 72)
    assert after[8] == 1


def test_demo_makes_a_key_for_every_role_once_and_keeps_them_for_its_owner_alone(
    run: Any, url: str, tmp_path: Path
) -> None:
    first, second = run(url, "demo"), run(url, "demo")

    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert len(KEY.findall(first.stdout)) == 4
    assert [row[2] for row in kept(url)] == ["DASHBOARD", "ANALYST", "INSTITUTION", "ASSOCIATION"]
    assert (tmp_path / "state" / "demo-keys.json").stat().st_mode & 0o077 == 0
    run(url, "revoke", KEY.findall(first.stdout)[0])
    third = run(url, "demo")
    assert len(set(KEY.findall(first.stdout)) & set(KEY.findall(third.stdout))) == 3


def test_every_command_of_access_teaches_what_it_does() -> None:
    group = commands.get_command(click.Context(commands), "access")
    assert isinstance(group, click.Group)

    for command in group.commands.values():
        assert command.help
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert all(option.help for option in options)


def quotas(url: str) -> list[tuple[Any, ...]]:
    """Give how much each credential may ask, oldest first."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "select cost, cost_per_minute, concurrent_requests from credential order by id"
        ).fetchall()


def test_issue_keeps_the_limits_given_and_rotate_passes_them_on(run: Any, url: str) -> None:
    first = run(url, *ISSUE, "--cost", "5000", "--cost-per-minute", "0").stdout.strip()
    run(url, "issue", "--name", "models", "--role", "ANALYST")
    run(url, "rotate", first)

    assert quotas(url) == [(5_000, 0, None), (None, None, None), (5_000, 0, None)]


def test_list_shows_limits_that_are_not_the_settings(run: Any, url: str) -> None:
    run(url, *ISSUE, "--cost", "5000", "--cost-per-minute", "0")
    run(url, *ISSUE, "--cost", "1", "--cost-per-minute", "2", "--concurrent", "3")
    run(url, *ISSUE)

    lines = [line.strip() for line in run(url, "list").stdout.splitlines() if "limits:" in line]
    assert lines == [
        "limits: as the settings say",
        "limits: 1 cost a request, 2 cost a minute, 3 requests at once",
        "limits: 5,000 cost a request, any cost a minute, else as the settings say",
    ]


@pytest.mark.parametrize(("option", "value"), [("--cost", "-1"), ("--cost-per-minute", "1e6"), ("--concurrent", "x")])
def test_issue_with_a_limit_that_is_none_is_refused(run: Any, url: str, option: str, value: str) -> None:
    done = run(url, *ISSUE, option, value)

    assert done.exit_code == 2
    assert option in done.stderr
    assert quotas(url) == []
