"""Arguments as Strawberry's input types: the way there is found once for a field, not for each of a thousand keys."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from strawberry.relay import GlobalID
from strawberry.scalars import is_scalar
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import convert_argument
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, has_object_definition
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.field import StrawberryField
from strawberry.types.info import Info
from strawberry.types.scalar import ScalarDefinition, ScalarWrapper
from strawberry.types.unset import UNSET

Registry = Mapping[object, ScalarWrapper | ScalarDefinition]
Convert = Callable[[Any], Any]
# Each argument's name in the schema and in Python, and what converts it.
Arguments = list[tuple[str, str, Convert]]

# By the field's id, since fields have no hash; each is kept here, so that no other gets its id.
KNOWN: dict[int, tuple[StrawberryField, Arguments]] = {}


def converted(ours: StrawberryField, arguments: Mapping[str, Any], info: Info[Any, Any]) -> dict[str, Any]:
    """Return coerced arguments as Strawberry's input types, by the names that Python knows them by."""
    known = KNOWN.get(id(ours))
    if known is None:
        registry, config = info.schema.schema_converter.scalar_registry, info.schema.config
        known = KNOWN[id(ours)] = ours, _arguments(ours, registry, config)
    return {python: convert(arguments[name]) for name, python, convert in known[1] if name in arguments}


def _arguments(ours: StrawberryField, registry: Registry, config: StrawberryConfig) -> Arguments:
    return [
        (config.name_converter.from_argument(one), one.python_name, _converter(one.type, registry, config))
        for one in ours.arguments
    ]


def _converter(kind: Any, registry: Registry, config: StrawberryConfig) -> Convert:
    """Return what does as ``convert_argument``; that itself for what is in none of our inputs."""
    if isinstance(kind, StrawberryOptional) and not isinstance(kind, StrawberryMaybe):
        return _converter(kind.of_type, registry, config)
    if isinstance(kind, StrawberryList):
        return _list(_converter(kind.of_type, registry, config))
    scalar = kind is not GlobalID and is_scalar(kind, registry)
    if scalar or isinstance(kind, StrawberryEnumDefinition) or has_enum_definition(kind):
        return _same
    if has_object_definition(kind):
        definition = kind.__strawberry_definition__
        if definition.is_input and definition.from_input is None:
            return _object(kind, registry, config)
    return lambda value: convert_argument(value, kind, registry, config)


def _same(value: Any) -> Any:
    return value


def _list(convert: Convert) -> Convert:
    def every(value: Any) -> Any:
        return value if value is None or value is UNSET else [convert(one) for one in value]

    return every


def _object(kind: Any, registry: Registry, config: StrawberryConfig) -> Convert:
    definition = kind.__strawberry_definition__
    fields: list[tuple[str, str, Convert]] = []
    implicit = {field.python_name: None for field in definition.fields if _required(field)}

    def one(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        if not fields:  # not before the first value: an input may have itself inside
            fields.extend(
                (
                    config.name_converter.from_field(field),
                    field.python_name,
                    _converter(field.resolve_type(type_definition=definition), registry, config),
                )
                for field in definition.fields
            )
        given = {python: convert(value[name]) for name, python, convert in fields if name in value}
        return kind(**(implicit | given))

    return one


def _required(field: StrawberryField) -> bool:
    """Tell whether the input has no default of its own where the field is left out."""
    return bool(field.default_value is MISSING and field.default_factory is MISSING)
