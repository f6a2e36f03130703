"""Windows of time, as asked and as resolved."""

from datetime import date
from typing import Annotated, Self

import strawberry

from resolvers import window
from resolvers.window import Duration


@strawberry.input(
    description=(
        "Half-open span of days: from <= day < to. A month belongs to it if its first day does.\n\nGive `last` alone "
        "(the window ends at the horizon: the first day after the last month for which anything is reported), `last` "
        "with `to`, or `from` with or without `to` (without, it ends at the horizon). Anything else - all three, "
        "none, only `to`, an empty or reversed span - is the error WINDOW_MALFORMED or WINDOW_EMPTY. The longest "
        "window is 600 months unless the operator set another limit; a longer one is WINDOW_TOO_LONG."
    )
)
class Window:
    """The input."""

    last: Duration | None = strawberry.field(
        default=None, description="Length of the window, counted back from `to`, or from the horizon."
    )
    from_: date | None = strawberry.field(default=None, name="from", description="First day.")
    to: date | None = strawberry.field(default=None, description="The day after the last.")

    def asked(self) -> window.Window:
        """Return the window as the resolvers take it."""
        return window.Window(self.last, self.from_, self.to)


WindowArgument = Annotated[Window, strawberry.argument(description="The window: half-open, from <= day < to.")]


@strawberry.type(description="A window once resolved: from <= day < to.")
class Span:
    """The output."""

    from_: date = strawberry.field(name="from", description="First day.")
    to: date = strawberry.field(description="The day after the last.")

    @classmethod
    def of(cls, span: window.Span) -> Self:
        """Return the span as clients see it."""
        return cls(from_=span.start, to=span.end)
