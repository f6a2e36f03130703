"""The schema: the query type on Strawberry, with our scalars; printed, committed and tested for drift."""

from copy import copy

from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, Undefined
from strawberry.schema.config import StrawberryConfig

from graph.execution.documents import Schema
from graph.execution.executor import LevelExecutor
from graph.limits import Bounds, Limits
from graph.query import Query
from graph.types.borrower import Borrower
from graph.types.delivery import Delivery
from graph.types.institution import Institution
from graph.types.loan import Loan
from graph.types.scalars import SCALARS
from resolvers.callers import Role


def without_null_defaults(graphql_schema: GraphQLSchema) -> None:
    """Drop the defaults of null that Strawberry gives to what may be left out: they tell a reader nothing."""
    for named in graphql_schema.type_map.values():
        if isinstance(named, GraphQLInputObjectType):
            values = list(named.fields.values())
        elif isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
            values = [argument for field in named.fields.values() for argument in field.args.values()]
        else:
            continue
        for value in values:
            if value.default_value is None:
                value.default_value = Undefined


schema = Schema(
    query=Query,
    types=[Borrower, Delivery, Institution, Loan],
    config=StrawberryConfig(scalar_map=SCALARS),
)
without_null_defaults(schema._schema)


def executed_by(
    executor: str,
    bounds: Bounds = Schema.bounds,
    limits: Limits = Schema.limits,
    introspecting: frozenset[Role] = Schema.introspecting,
) -> Schema:
    """Return the schema with one of the two executors, ``levels`` or graphql-core's ``stock``, and these limits."""
    configured = copy(schema)
    configured.bounds, configured.limits, configured.introspecting = bounds, limits, introspecting
    if executor != "stock":
        configured.execution_context_class = LevelExecutor
    return configured


def printed() -> str:
    """Return the schema in the GraphQL schema definition language, with a line feed at its end."""
    return schema.as_str().rstrip("\n") + "\n"
