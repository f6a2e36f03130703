"""What every command starts from: the settings, the database's address, the secret, and errors that say what to do."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import click
import psycopg

from graph.settings import Settings, SettingsError, read
from intake.problems import DeliveryError, LoadError
from intake.progress import Progress
from sql import embedded
from sql.migration import MigrationError
from sql.secret import SecretError

# What the exit status says, as sysexits.h has it; click itself exits with 2 for a wrong command line.
BAD_DATA, UNAVAILABLE, CANNOT_WRITE, BAD_SETTINGS = 65, 69, 73, 78

CHECKOUT = Path(__file__).parent.parent


@contextmanager
def explained() -> Iterator[None]:
    """Turn what a person can mend into one message and an exit status that means something."""
    try:
        yield
    except SettingsError as error:
        fail(f"these settings cannot be used:\n{error}", BAD_SETTINGS)
    except DeliveryError as error:
        kept = f"\nto list all of them, to mend and send back: `borrowgraph rejects {error.number}`"
        fail(f"{error}{kept if error.number else ''}", BAD_DATA)
    except SecretError as error:
        fail(f"these secrets cannot be used: {error}", BAD_SETTINGS)
    except LoadError as error:
        fail(str(error), CANNOT_WRITE)
    except psycopg.errors.DiskFull as error:
        fail(f"the database's disk is full, nothing was changed: {error.diag.message_primary}", UNAVAILABLE)
    except psycopg.errors.UndefinedTable:
        fail("the database has no schema of ours; `borrowgraph migrate` makes it", UNAVAILABLE)
    except psycopg.Error as error:
        # The primary message alone: details of an error quote rows.
        fail(error.diag.message_primary or str(error).strip(), UNAVAILABLE)
    except (embedded.EmbeddedError, MigrationError) as error:
        fail(str(error), UNAVAILABLE)


def fail(message: str, status: int) -> NoReturn:
    """End with a message and an exit status."""
    click.echo(f"borrowgraph: {message}", err=True)
    raise SystemExit(status)


def settings() -> Settings:
    """Read the settings; the state folder is the checkout's, or the user's where Borrowgraph is installed."""
    with explained():
        checkout = (CHECKOUT / "pyproject.toml").exists()
        home = CHECKOUT / ".borrowgraph" if checkout else Path.home() / ".local" / "state" / "borrowgraph"
        return read(os.environ, home)


def owner_url(chosen: Settings, say: Callable[[str], None]) -> str:
    """Return the address of the database's owner, starting the embedded server where the settings name none."""
    return chosen.database_url or embedded.start(chosen.home, say=say).url()


def reader_url(chosen: Settings) -> str:
    """Return the address of a login that only reads, starting the embedded server where the settings name none."""
    return chosen.reader_url or chosen.database_url or embedded.start(chosen.home, say=Progress().say).reader_url()


def secrets_given(chosen: Settings) -> tuple[bytes, ...]:
    """Return the platform's secrets, oldest first, as `secret` finds the newest; empty where there is none."""
    newest = secret(chosen)
    return tuple(one.encode() for one in (*chosen.secret_previous, newest)) if newest else ()


def secret(chosen: Settings) -> str | None:
    """Return the platform's secret: the environment's, or one made once and kept beside the embedded server."""
    if chosen.secret or chosen.database_url:
        return chosen.secret
    kept = chosen.home / "secret"
    chosen.home.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(handle, secrets.token_urlsafe(48).encode())
        os.close(handle)
    return kept.read_text().strip()
