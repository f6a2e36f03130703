"""The one tree of errors that a client may see, each with a stable code."""


class Problem(Exception):
    """Something that the caller can mend.

    ``code`` is stable and meant for programs; ``argument`` is the path of the argument at fault (``window.last``);
    ``got`` repeats what was sent, never an identity number; ``allowed`` says what would have been taken. ``ours`` marks
    what the operator must hear of, since no caller can mend it.
    """

    code = "BAD_INPUT"
    ours = False

    def __init__(self, message: str, *, argument: str = "", got: object = None, allowed: str = "") -> None:
        super().__init__(message)
        self.argument = argument
        self.got = got
        self.allowed = allowed

    @property
    def extensions(self) -> dict[str, object]:
        """What goes into the error's ``extensions``: the code, and what is known of argument, got and allowed."""
        details = {"argument": self.argument, "got": self.got, "allowed": self.allowed}
        return {"code": self.code} | {name: value for name, value in details.items() if value not in ("", None)}


class ValueMalformed(Problem):
    """A text that is not of its scalar's form."""

    code = "VALUE_MALFORMED"


class WindowMalformed(Problem):
    """A window that is not one of the allowed combinations of last, from and to."""

    code = "WINDOW_MALFORMED"


class WindowEmpty(Problem):
    """A window without a day."""

    code = "WINDOW_EMPTY"


class WindowTooLong(Problem):
    """A window of more months than the platform answers."""

    code = "WINDOW_TOO_LONG"


class WindowOutOfRange(Problem):
    """A window that begins before the first day of the calendar."""

    code = "WINDOW_OUT_OF_RANGE"


class HorizonUnknown(Problem):
    """A window that ends at the horizon while nothing is reported."""

    code = "HORIZON_UNKNOWN"


class BorrowerKeyMalformed(Problem):
    """A borrower named by something that is not a key."""

    code = "BORROWER_KEY_MALFORMED"


class TooManyKeys(Problem):
    """More borrowers in one list than the platform answers."""

    code = "TOO_MANY_KEYS"


class PageSizeInvalid(Problem):
    """A page size below 1 or above the cap."""

    code = "PAGE_SIZE_INVALID"


class ThresholdInvalid(Problem):
    """A number of days or months that no figure of a sequence can be asked with."""

    code = "THRESHOLD_INVALID"


class TooLarge(Problem):
    """A document, or variables, larger than the platform takes; the code says in which respect."""

    code = "TOO_LARGE"

    def __init__(self, message: str, code: str, *, got: int, allowed: str) -> None:
        super().__init__(message, got=got, allowed=allowed)
        self.code = code


class CostTooHigh(Problem):
    """A request that could return more than its caller may have in one answer."""

    code = "COST_TOO_HIGH"


class TooManyRequests(Problem):
    """One request more at once than its caller may have running."""

    code = "TOO_MANY_REQUESTS"


class RateLimited(Problem):
    """A request past what its caller may ask in a minute; ``after`` says in how many seconds it can be asked."""

    code = "RATE_LIMITED"

    def __init__(self, message: str, *, got: int, allowed: str, after: int) -> None:
        super().__init__(message, got=got, allowed=allowed)
        self.after = after

    @property
    def extensions(self) -> dict[str, object]:
        """As of every problem, and when to ask again."""
        return super().extensions | {"retryAfter": self.after}


class CursorInvalid(Problem):
    """A cursor that this platform did not make, or made for another list."""

    code = "CURSOR_INVALID"


class IdInvalid(Problem):
    """An id that this platform did not make."""

    code = "ID_INVALID"


class AmountTooLarge(Problem):
    """A sum that JSON cannot carry as an exact integer."""

    code = "AMOUNT_TOO_LARGE"


class Forbidden(Problem):
    """Something that the caller's role may not ask, whether it is there or not."""

    code = "FORBIDDEN"


class PurposeRequired(Problem):
    """A person read without a purpose, by a caller whose credential has no default."""

    code = "PURPOSE_REQUIRED"


class ConsentRequired(Problem):
    """An application without the reference of the person's consent."""

    code = "CONSENT_REQUIRED"


class ConsentInvalid(Problem):
    """A text that cannot be the reference of a consent."""

    code = "CONSENT_INVALID"


class NotLogged(Problem):
    """What was read could not be written to the inquiry log: there is no answer."""

    code = "NOT_LOGGED"
    ours = True


class Unavailable(Problem):
    """The database did not answer; the same request may succeed later."""

    code = "UNAVAILABLE"
    ours = True


class TimedOut(Problem):
    """The answer took longer than the platform allows."""

    code = "TIMED_OUT"
    ours = True
