"""What every field of one request shares: the loaders over its snapshot, the tokens, the limits."""

from dataclasses import dataclass, field
from datetime import date, datetime

from strawberry.types.info import Info as StrawberryInfo

from graph.accounts import Allowance
from graph.limits import Limits
from graph.tokens import Tokens
from graph.types.window import Window
from resolvers import window
from resolvers.callers import Caller
from resolvers.coverage import HorizonKey
from resolvers.loaders import Loaders
from resolvers.portraits import Shelf
from resolvers.quality import Sender
from resolvers.rotation import Secrets
from resolvers.trail import Trail


@dataclass(frozen=True)
class Context:
    """One request's context.

    ``secrets`` derive subject keys from identity documents; ``caller`` is who asks, ``trail`` what is noted of
    every person that is read, ``allowance`` how much the caller may still ask, ``shelf`` has what windows share.
    """

    loaders: Loaders
    tokens: Tokens
    limits: Limits
    secrets: Secrets
    caller: Caller
    trail: Trail
    allowance: Allowance = field(default_factory=Allowance)
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def sender(self) -> Sender:
        """Whose deliveries and months the caller sees: everybody's, its own institution's, or nobody's."""
        return Sender(None if self.caller.sees_all else self.caller.own or "")

    async def span(self, asked: Window, as_of: datetime | None, argument: str = "window") -> window.Span:
        """Resolve a window with the horizon known at ``as_of``."""
        window.check(asked.asked(), argument, self.limits.window_months)
        return self.resolved(asked, await self.horizon(as_of), argument)

    def resolved(self, asked: Window, horizon: date | None, argument: str = "window") -> window.Span:
        """Resolve a window with a horizon that is known."""
        return window.resolved(asked.asked(), horizon, argument, self.limits.window_months)

    async def horizon(self, as_of: datetime | None) -> date | None:
        """Return the horizon known at ``as_of``.

        Every field that may have a window waits for it, also where its window names an end: so all windows of a level
        reach the loaders in the same tick, and one statement answers them.
        """
        return await self.loaders.horizon_by_instant.load(HorizonKey(as_of))


Info = StrawberryInfo[Context, None]
