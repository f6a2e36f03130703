"""What every field of one request shares: the loaders over its snapshot, the tokens, the limits."""

from dataclasses import dataclass
from datetime import datetime

from strawberry.types.info import Info as StrawberryInfo

from graph.limits import Limits
from graph.tokens import Tokens
from graph.types.window import Window
from resolvers import window
from resolvers.coverage import HorizonKey
from resolvers.loaders import Loaders


@dataclass(frozen=True)
class Context:
    """One request's context.

    ``secret`` derives subject keys from identity documents; ``asking`` is the code of the institution that asks.
    """

    loaders: Loaders
    tokens: Tokens
    limits: Limits
    secret: str
    asking: str | None

    async def span(self, asked: Window, as_of: datetime | None, argument: str = "window") -> window.Span:
        """Resolve a window, asking for the horizon known at ``as_of`` only where the window ends there."""
        asked_window, most_months = asked.asked(), self.limits.window_months
        window.check(asked_window, argument, most_months)
        horizon = None
        if window.needs_horizon(asked_window):
            horizon = await self.loaders.horizon_by_instant.load(HorizonKey(as_of))
        return window.resolve(asked_window, horizon, argument, most_months)


Info = StrawberryInfo[Context, None]
