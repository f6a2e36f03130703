"""Time: the months that the demo covers, and the text of every day and instant near them.

A day is an ordinal (`date.toordinal`), a month its index from the first month on, an instant the seconds of local time
since day 0; all are whole numbers, so that the many comparisons and sums are cheap.
"""

from datetime import date

DAY = 86_400
OFFSET = "+08:00"
BEFORE, AFTER = 2, 40  # months beyond the covered ones whose days have text: inquiries before, due days after


class Calendar:
    """The covered months: `first[i]` is the first day of month i, `last[i]` its last, `label[i]` its name."""

    def __init__(self, last_month: date, months: int) -> None:
        """Cover as many months as asked, of which `last_month` is the last."""
        self.months = months
        start = last_month.year * 12 + last_month.month - months
        bounds = [date((start + i) // 12, (start + i) % 12 + 1, 1) for i in range(-BEFORE, months + AFTER + 1)]
        self.first = [day.toordinal() for day in bounds[BEFORE:]]
        self.last = [day - 1 for day in self.first[1:]]
        self.label = [f"{day:%Y-%m}" for day in bounds[BEFORE:]]
        self.year = [day.year for day in bounds[BEFORE:]]
        self.number = [day.month for day in bounds[BEFORE:]]
        self._origin = bounds[0].toordinal()
        self._days = [date.fromordinal(day).isoformat() for day in range(self._origin, bounds[-1].toordinal())]
        # Nothing is reported after the tenth day that follows the last month.
        self.deadline = (self.last[months - 1] + 10) * DAY + DAY - 1

    def day(self, ordinal: int) -> str:
        """Write a day as YYYY-MM-DD."""
        return self._days[ordinal - self._origin]

    def instant(self, seconds: int) -> str:
        """Write an instant in ISO 8601 with the offset of China."""
        ordinal, rest = divmod(seconds, DAY)
        return f"{self.day(ordinal)}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}{OFFSET}"
