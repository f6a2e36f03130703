"""Relay connections: page info, and where a page begins and ends."""

from collections.abc import Callable, Sequence
from typing import Annotated, NamedTuple, TypeVar

import strawberry

from graph.limits import LARGEST_PAGE, PAGE
from graph.tokens import TokenInvalid, Tokens
from resolvers.errors import CursorInvalid

Row = TypeVar("Row")

FirstArgument = Annotated[
    int | None,
    strawberry.argument(description=f"The most rows that the page has: 1 to {LARGEST_PAGE}, {PAGE} unless given."),
]
AfterArgument = Annotated[
    str | None,
    strawberry.argument(description="The cursor behind which the page begins; left out, it is the first page."),
]


@strawberry.type(description="Where a page stands in its list, after the Relay cursor connections specification.")
class PageInfo:
    """The output."""

    has_next_page: bool = strawberry.field(description="Whether anything follows the page.")
    has_previous_page: bool = strawberry.field(description="Whether anything precedes the page.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor, null for an empty page.")
    end_cursor: str | None = strawberry.field(
        description="The last edge's cursor: give it as `after` for the next page."
    )


class Page(NamedTuple):
    """Positions in a whole list: the page is rows[start:end] of total."""

    start: int
    end: int
    total: int

    def info(self, cursor: Callable[[int], str]) -> PageInfo:
        """Return the page info; ``cursor`` gives the cursor of a position."""
        empty = self.start == self.end
        return PageInfo(
            has_next_page=self.end < self.total,
            has_previous_page=self.start > 0,
            start_cursor=None if empty else cursor(self.start),
            end_cursor=None if empty else cursor(self.end - 1),
        )


def leaf(
    rows: Sequence[Row], size: int, after: str | None, cursor: Callable[[Row], str]
) -> tuple[Sequence[Row], list[str], PageInfo]:
    """Return the rows of a page that was read on its own, their cursors, and its page info.

    ``rows`` are those behind the cursor ``after``, with one more than ``size`` where the list goes on.
    """
    shown = rows[:size]
    cursors = [cursor(row) for row in shown]
    info = PageInfo(
        has_next_page=len(rows) > size,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return shown, cursors, info


def page(rows: Sequence[Row], first: int, follows: Callable[[Row], bool] | None) -> Page:
    """Return the page of ``first`` rows that starts at the first row that ``follows`` the cursor (None: at the top).

    It goes by the rows' keys, not by counting, so that what is inserted meanwhile shifts nothing.
    """
    start = 0 if follows is None else next((place for place, row in enumerate(rows) if follows(row)), len(rows))
    return Page(start, min(start + first, len(rows)), len(rows))


def read_cursor(tokens: Tokens, use: str, cursor: str) -> bytes:
    """Return a cursor's payload; CursorInvalid where these tokens did not make it for this list."""
    try:
        return tokens.read(use, cursor)
    except TokenInvalid:
        message = "Not a cursor of this list."
        raise CursorInvalid(
            message, argument="after", got=cursor[:100], allowed="endCursor or a cursor of this list"
        ) from None
