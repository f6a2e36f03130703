"""`borrowgraph documents …`: registered documents, which callers name by an id and to which some are held."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, NoReturn

import click
import orjson
import psycopg

from commands.access import run, with_database
from commands.wiring import BAD_DATA, BAD_SETTINGS, fail
from resolvers.documents import PREFIX

SUFFIXES = (".graphql", ".gql")
EXAMPLE = """\b
An application's documents, one a file, named by their digests:
  borrowgraph documents add queries/
The same as its build wrote them down, by the ids that it sends:
  borrowgraph documents add persisted-documents.json
One under a name:
  borrowgraph documents add screen.graphql --id screen-v3
\b
It is asked as {"documentId": "screen-v3", "variables": {…}} instead of with a query.
"""


class Found(NamedTuple):
    """A document that is to be registered: where it was found, by which id, its text."""

    place: str
    id: str
    text: str


@click.group()
def documents() -> None:
    """Register the documents that callers may ask by an id alone.

    A request names one by `documentId` instead of sending `query`, as the draft of GraphQL over HTTP has it: by
    sha256: and the digest of its text, or by an id of its own. Where BORROWGRAPH_TRUSTED_DOCUMENTS says REFUSE, a role
    may ask nothing but registered documents, by id or text; with LOG, a line of the log tells of every other, so that
    it shows what would be refused. Every worker knows of a change within two seconds.
    """


@documents.command(epilog=EXAMPLE)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH…")
@click.option("--id", "name", help="The id of the one document given; sha256: and its digest if left out.")
def add(paths: tuple[Path, ...], name: str | None) -> None:
    """Register documents: .graphql files, folders of them, and JSON manifests of persisted documents.

    A manifest is an object of ids and texts, as most builds of clients write it, or Apollo's with a list of operations.
    The text counts to the byte, also its last line feed. All are checked against the schema and the limits first: where
    one is not valid, or its id is another document's, none is registered. Prints each document's id.
    """
    found = [one for path in paths for one in _read(path)]
    if name is not None:
        if len(found) != 1:
            raise click.UsageError(f"--id: allowed: with one document; {len(found)} are given")
        found = [found[0]._replace(id=name)]
    faults = [fault for one in found for fault in _faults(one)]
    if faults:
        _refuse(faults)

    added = with_database(lambda connection: _register(connection, found))
    for one in found:
        click.echo(one.id)
    click.echo(f"{added:,} registered, {len(found) - added:,} were there already", err=True)


@documents.command("list")
def list_documents() -> None:
    """List the registered documents by id: their operations, length, and since when."""
    from graph.registering import operations  # noqa: PLC0415 - the other commands start faster without the schema

    rows = with_database(lambda connection: run(connection, "documents/list"))
    for name, text, since in rows:
        click.echo(f"{name}\n    {operations(text)}; {len(text):,} characters; since {since:%Y-%m-%d %H:%M %Z}")
    if not rows:
        click.echo("no document is registered; `borrowgraph documents add` registers them", err=True)


@documents.command()
@click.argument("names", nargs=-1, required=True, metavar="ID…")
def remove(names: tuple[str, ...]) -> None:
    """Take documents out of the registry, by their IDs: within two seconds nobody can ask them by these any more."""

    def end(connection: psycopg.Connection) -> None:
        unknown = [name for name in names if not run(connection, "documents/remove", name)]
        if unknown:
            missing = ", ".join(unknown)
            fail(f"no document has the id {missing}; `borrowgraph documents list` lists them", BAD_SETTINGS)

    with_database(end)
    click.echo(f"{len(names):,} removed", err=True)


def _register(connection: psycopg.Connection, found: list[Found]) -> int:
    """Register all or none; return how many were not yet."""
    added, taken = 0, []
    for one in found:
        for text, new in run(connection, "documents/add", one.id, one.text, sha256(one.text.encode()).digest()):
            added += new
            if text != one.text:
                taken.append(f"{one.place}: the id {one.id} is another document's; `documents remove` frees it")
    if taken:
        _refuse(taken)
    return added


def _read(path: Path) -> Iterator[Found]:
    if path.is_dir():
        inner = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES and one.is_file())
        if not inner:
            _refuse([f"{path}: holds no file that ends in {' or '.join(SUFFIXES)}"])
        for one in inner:
            yield from _read(one)
    elif path.suffix == ".json":
        yield from _manifest(path)
    elif path.suffix in SUFFIXES:
        text = _text(path)
        yield Found(str(path), f"{PREFIX}{sha256(text.encode()).hexdigest()}", text)
    else:
        _refuse([f"{path}: allowed: files that end in {', '.join(SUFFIXES)} or .json, and folders"])


def _manifest(path: Path) -> Iterator[Found]:
    form = "an object of ids and texts, or Apollo's manifest with a list of operations, each with id and body"
    try:
        held = orjson.loads(_text(path))
    except orjson.JSONDecodeError as error:
        _refuse([f"{path}: not JSON: {error}"])
    if isinstance(held, dict) and isinstance(held.get("operations"), list):
        held = {one.get("id"): one.get("body") for one in held["operations"] if isinstance(one, dict)}
    if not isinstance(held, dict) or not all(isinstance(one, str) for pair in held.items() for one in pair):
        _refuse([f"{path}: allowed: {form}"])
    for name, text in held.items():
        yield Found(f"{path}, {name}", name, text)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError:
        _refuse([f"{path}: not UTF-8"])
    except OSError as error:
        _refuse([f"{path}: {error.strerror}"])


def _faults(one: Found) -> Iterator[str]:
    from graph.registering import faults  # noqa: PLC0415 - the other commands start faster without the schema

    return (f"{one.place}: {fault}" for fault in faults(one.id, one.text))


def _refuse(faults: list[str]) -> NoReturn:
    fail("\n".join(["nothing is registered:", *faults]), BAD_DATA)
