"""What a document may select under a field, told before anything is read: a name too many costs a read, no more."""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLResolveInfo
from graphql.language import FieldNode, Node
from strawberry.types.info import Info


def names(info: Info[Any, Any], *fields: str) -> bool:
    """Tell whether the document has a field of one of these names anywhere under the one that ``info`` is about."""
    raw = info._raw_info  # noqa: SLF001 - Strawberry's own selected_fields reads directives and arguments too
    return any(_names(node, fields, raw, set()) for node in raw.field_nodes)


def _names(node: Node, fields: Sequence[str], info: GraphQLResolveInfo[Any], seen: set[str]) -> bool:
    selections = getattr(node, "selection_set", None)
    for one in selections.selections if selections else ():
        if isinstance(one, FieldNode):
            if one.name.value in fields or _names(one, fields, info, seen):
                return True
        elif getattr(one, "selection_set", None) is not None:
            if _names(one, fields, info, seen):
                return True
        elif one.name.value not in seen:
            seen.add(one.name.value)
            fragment = info.fragments.get(one.name.value)
            if fragment is not None and _names(getattr(fragment, "definition", fragment), fields, info, seen):
                return True
    return False
