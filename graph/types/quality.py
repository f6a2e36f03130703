"""The quality of what institutions report, month by month."""

import strawberry

from graph.context import Info
from graph.types.institution import Institution
from graph.types.scalars import BigInt, Month
from resolvers.quality import MonthKey
from sql.rows import QualityRow


@strawberry.type(description="The rows that break one rule, or are named by one warning; a row may break several.")
class RuleShare:
    """The output."""

    rule: str = strawberry.field(description="The rule's or warning's code, which stays: docs/rules.md lists them.")
    rows: BigInt = strawberry.field(description="How many rows.")
    share: float | None = strawberry.field(description="Their share of the rows that brought something, 0 to 1.")


@strawberry.type(
    description=(
        "The quality of what one institution reported for one month. Its rows are the repayments of the month, the "
        "loans reported and the inquiries made in it, of all deliveries that were not refused; a rejected row counts "
        "where its institution is known and its month can be read. Shares are of the rows that brought something: "
        "added, corrected, older or rejected; null without such rows."
    )
)
class DataQuality:
    """The output."""

    row: strawberry.Private[QualityRow]

    @strawberry.field(description="The institution.")
    async def institution(self, info: Info) -> Institution:
        """Resolve the field."""
        found = await info.context.loaders.institution_by_code.load(self.row.code)
        shown = found and Institution.known(info.context.caller, found.code, found.name, found.kind)
        if not shown:
            raise LookupError("a month of an institution that is not there, or not for the caller")
        return shown

    @strawberry.field(description="The month.")
    def month(self) -> Month:
        """Resolve the field."""
        return Month(self.row.month)

    @strawberry.field(description="The institution's loans that are alive on any day of the month, newest versions.")
    def loans_alive(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.alive)

    @strawberry.field(description="Those of them that are reported for the month.")
    def loans_reported(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.alive_reported)

    @strawberry.field(description="`loansReported` over `loansAlive`, 0 to 1; null where no loan is alive.")
    def completeness(self) -> float | None:
        """Resolve the field."""
        return self.row.completeness

    @strawberry.field(
        description=(
            "Days from the month's last day to the day of the earliest report, on average over the loans reported for "
            "the month; below 0 where reported before the month's end, null where nothing is reported."
        )
    )
    def days_to_report(self) -> float | None:
        """Resolve the field."""
        return self.row.days_to_report

    @strawberry.field(description="Rows whose key was not known.")
    def added(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.added)

    @strawberry.field(description="Rows that gave a known key a newer version.")
    def corrected(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.corrected)

    @strawberry.field(description="Older versions that arrived late and took their place in history.")
    def older(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.older)

    @strawberry.field(description="Rows that said what was known already.")
    def unchanged(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.unchanged)

    @strawberry.field(description="Rows that broke a rule.")
    def rejected(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.rejected)

    @strawberry.field(description="Loaded rows that seem wrong.")
    def warned(self) -> BigInt:
        """Resolve the field."""
        return BigInt(self.row.warned)

    @strawberry.field(description="The share that was loaded: added, corrected or older.")
    def accepted_share(self) -> float | None:
        """Resolve the field."""
        return self.row.accepted_share

    @strawberry.field(description="The share that corrected what was reported before.")
    def corrected_share(self) -> float | None:
        """Resolve the field."""
        return self.row.corrected_share

    @strawberry.field(description="The share that was rejected.")
    def rejected_share(self) -> float | None:
        """Resolve the field."""
        return self.row.rejected_share

    @strawberry.field(description="The share that was loaded and seems wrong.")
    def warned_share(self) -> float | None:
        """Resolve the field."""
        return self.row.warned_share

    @strawberry.field(description="The rejected rows by the rule that they break, the most first.")
    async def rejects(self, info: Info) -> list[RuleShare]:
        """Resolve the field."""
        return await self._rules(info, warns=False)

    @strawberry.field(description="The rows that seem wrong by warning, the most first.")
    async def warnings(self, info: Info) -> list[RuleShare]:
        """Resolve the field."""
        return await self._rules(info, warns=True)

    @strawberry.field(
        description=(
            "From 0, the worst, to 100: 50 x completeness + 20 x punctuality + 20 x acceptedShare + "
            "5 x (1 - correctedShare) + 5 x (1 - warnedShare). Punctuality is 1 up to 10 days to report, falls "
            "evenly to 0 at 40 days, and is 0 where nothing is reported; without rows that brought something the "
            "accepted share counts as 1 and the others as 0. Null where no loan is alive."
        )
    )
    def score(self) -> float | None:
        """Resolve the field."""
        return self.row.score

    async def _rules(self, info: Info, *, warns: bool) -> list[RuleShare]:
        key = MonthKey(self.row.institution_id, self.row.month)
        news = self.row.added + self.row.corrected + self.row.older + self.row.rejected
        return [
            RuleShare(rule=row.rule, rows=BigInt(row.rows), share=row.rows / news if news else None)
            for row in await info.context.loaders.rules_by_month.load(key)
            if row.warns == warns
        ]
