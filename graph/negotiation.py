"""Which media type answers a request: the Accept header against the two that GraphQL over HTTP names."""

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple


class MediaType(StrEnum):
    """What a response can be."""

    JSON = "application/json"
    GRAPHQL = "application/graphql-response+json"


class Range(NamedTuple):
    """One entry of an Accept header: a type or a pattern of types, and its weight from 0 to 1."""

    pattern: str
    quality: float
    charset: str


@lru_cache(maxsize=128)
def media_type(accept: str | None) -> MediaType | None:
    """Return the best media type for an Accept header, None where it allows neither.

    The heavier wins; at equal weight one that is named beats one that a wildcard allows, and the GraphQL type beats
    JSON if both are named. Wildcards alone, and no header, mean JSON, as the specification's transition asks.
    """
    if accept is None or not accept.strip():
        return MediaType.JSON
    ranges = [_range(entry) for entry in accept.split(",") if entry.strip()]
    json, graphql = _weight(MediaType.JSON, ranges), _weight(MediaType.GRAPHQL, ranges)
    if max(json, graphql)[0] <= 0:
        return None
    named = graphql[1]
    return MediaType.GRAPHQL if graphql > json or (named and graphql == json) else MediaType.JSON


def wants_page(accept: str | None) -> bool:
    """Whether an Accept header comes from a browser that opens an address: it names HTML."""
    ranges = [_range(entry) for entry in (accept or "").split(",")]
    return any(entry.pattern == "text/html" and entry.quality > 0 for entry in ranges)


def _weight(offer: MediaType, ranges: list[Range]) -> tuple[float, bool]:
    """Return an offer's weight and whether it is named; the most exact range that matches decides, as RFC 9110 says."""
    for pattern in (offer, "application/*", "*/*"):
        weights = [entry.quality for entry in ranges if entry.pattern == pattern and entry.charset in ("", "utf-8")]
        if weights:
            return max(weights), pattern == offer
    return 0.0, False


def _range(entry: str) -> Range:
    pattern, *parameters = (part.strip() for part in entry.split(";"))
    settings = dict(_parameter(parameter) for parameter in parameters)
    try:
        quality = float(settings.get("q", "1"))
    except ValueError:
        quality = 0.0
    return Range(pattern.lower(), quality, settings.get("charset", ""))


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"').lower()
