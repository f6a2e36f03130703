"""Whether a document can be registered: its id is one, and it is valid and within the default bounds."""

from collections.abc import Iterator
from hashlib import sha256

from graphql import GraphQLError, OperationDefinitionNode, parse

from graph.request import ID, ID_FORM, LONGEST_ID
from graph.schema import schema
from resolvers.documents import PREFIX


def faults(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with a document of this id."""
    digest = sha256(text.encode()).hexdigest()
    if len(name) > LONGEST_ID or not ID.fullmatch(name):
        yield f"not an id; allowed: {ID_FORM}"
    elif name.startswith(PREFIX) and name != f"{PREFIX}{digest}":
        yield f"the id is not the digest of the text, which is {digest}"
    for error in schema.prepare(text).errors:
        at = "".join(f"line {place.line}, column {place.column}: " for place in (error.locations or ())[:1])
        yield f"{at}{error.message}"


def operations(text: str) -> str:
    """Say which operations a document has."""
    try:
        definitions = parse(text, no_location=True).definitions
    except GraphQLError:
        return "not readable by this version"
    found = [one for one in definitions if isinstance(one, OperationDefinitionNode)]
    return ", ".join(f"{one.operation.value} {one.name.value if one.name else 'without a name'}" for one in found)
