"""What callers may still ask: an account for each, of cost by the minute and of requests at once."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from time import monotonic

from resolvers.callers import Caller, Quota
from resolvers.errors import CostTooHigh, Problem, RateLimited, TooManyRequests
from sql.rows import MarketRow

MINUTE = 60.0
# Accounts that are kept; beyond, those are forgotten that nobody has used for a minute. Each caller of a token has one.
KEPT = 10_000
UNLIMITED = Quota(0, 0, 0)
EMPTY = MarketRow(0, 0, None)
ADVICE = "ask for fewer borrowers, loans (first), months or windows at once"

# Takes callers, what each has spent and may spend in a minute, and tells what is left to each, over all workers.
Settle = Callable[[Sequence[str], Sequence[int], Sequence[int]], Awaitable[dict[str, float]]]


@dataclass
class Account:
    """One caller's: ``level`` is the cost left at the instant ``at``; it fills by a minute's cost a minute.

    ``spent`` is what the other workers have not been told of.
    """

    minute: int
    level: float
    at: float
    spent: int = 0
    running: int = 0

    def fill(self, now: float) -> None:
        """Let in what has come since."""
        self.level = min(float(self.minute), self.level + max(0.0, now - self.at) * self.minute / MINUTE)
        self.at = now

    def take(self, cost: int) -> bool:
        """Take a cost, if there is as much."""
        if cost > self.level:
            return False
        self.level -= cost
        self.spent += cost
        return True


@dataclass
class Accounts:
    """The accounts of one worker. ``defaults`` are the limits of a caller who has none of their own; 0 is no limit."""

    defaults: Quota
    clock: Callable[[], float] = monotonic
    _accounts: dict[str, Account] = field(default_factory=dict)

    def quota(self, caller: Caller) -> Quota:
        """Return the caller's limits."""
        own = zip(caller.quota, self.defaults, strict=True)
        return Quota(*(default if most is None else most for most, default in own))

    @contextmanager
    def request(self, caller: Caller, market: MarketRow) -> Iterator["Allowance"]:
        """Give what one request may ask, and count it among those that run. Raises TooManyRequests."""
        quota = self.quota(caller)
        account, most = self._account(caller, quota), quota.concurrent or 0
        if most and account.running >= most:
            message = f"Too many requests of one caller at once: {account.running + 1}, allowed are at most {most}."
            raise TooManyRequests(message, got=account.running + 1, allowed=f"at most {most}")
        account.running += 1
        try:
            yield Allowance(quota, market, account, self.clock)
        finally:
            account.running -= 1

    async def settle(self, settle: Settle) -> None:
        """Share with the other workers what was spent since, and learn what they have."""
        told = {name: (account, account.spent) for name, account in self._accounts.items() if account.spent}
        if not told:
            return
        for account, spent in told.values():
            account.spent -= spent
        try:
            left = await settle(
                list(told), [spent for _, spent in told.values()], [one.minute for one, _ in told.values()]
            )
        except Exception:  # noqa: BLE001 - on a standby, say, each worker goes on by itself
            for account, spent in told.values():
                account.spent += spent
            return
        now = self.clock()
        for name, level in left.items():
            account, _ = told[name]
            account.level, account.at = level - account.spent, now

    def _account(self, caller: Caller, quota: Quota) -> Account:
        credential, minute = caller.credential, quota.minute or 0
        name = f"caller {caller.name}" if credential is None else f"credential {credential}"
        found = self._accounts.get(name)
        if found is None:
            if len(self._accounts) >= KEPT:
                self._forget()
            found = self._accounts[name] = Account(minute, float(minute), self.clock())
        found.minute = minute
        return found

    def _forget(self) -> None:
        now = self.clock()
        for name, account in list(self._accounts.items()):
            if not account.running and not account.spent and now - account.at > MINUTE:
                del self._accounts[name]


@dataclass
class Allowance:
    """What one request may ask; without an account, as much as it likes.

    ``shown`` is what the client is told: the cost, the most of one request, and what is left for now. ``turn`` waits
    until a request of a cost may begin.
    """

    quota: Quota = UNLIMITED
    market: MarketRow = EMPTY
    account: Account | None = None
    clock: Callable[[], float] = monotonic
    shown: dict[str, int] = field(default_factory=dict)
    turn: Callable[[int], Awaitable[None]] | None = None

    async def begin(self) -> None:
        """Wait for the request's turn, once it is charged."""
        if self.turn is not None:
            await self.turn(self.shown.get("estimate", 0))

    def charge(self, cost: int) -> Problem | None:
        """Take a request's cost from the account, once; return why that cannot be, if it cannot."""
        account, minute = self.account, self.quota.minute or 0
        most = min(filter(None, (self.quota.cost, minute)), default=0)
        self.shown["estimate"] = cost
        if most:
            self.shown["limit"] = most
            if cost > most:
                return _too_high(cost, most)
        if account is None or not minute:
            return None
        account.fill(self.clock())
        taken = account.take(cost)
        self.shown["remaining"] = max(0, int(account.level))
        return None if taken else _limited(cost, account)


def _too_high(cost: int, most: int) -> Problem:
    allowed = f"at most {most}"
    message = f"The answer could be too large: its cost is {cost}, allowed is {allowed}; {ADVICE}."
    return CostTooHigh(message, got=cost, allowed=allowed)


def _limited(cost: int, account: Account) -> Problem:
    minute, left = account.minute, max(0, int(account.level))
    after = max(1, ceil((cost - account.level) * MINUTE / minute))
    message = (
        f"Too much is asked in a minute: this request's cost is {cost}, {left} are left of {minute} a minute; ask "
        f"again in {after} seconds."
    )
    return RateLimited(message, got=cost, allowed=f"{minute} a minute", after=after)
