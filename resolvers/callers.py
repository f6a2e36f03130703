"""Who asks: the role that says what is seen, the purposes for which persons may be read, and whose credential it is."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import NamedTuple, Self


class Role(StrEnum):
    """What a credential may see, from the least personal rights to the most."""

    DASHBOARD = "DASHBOARD"
    ANALYST = "ANALYST"
    INSTITUTION = "INSTITUTION"
    ASSOCIATION = "ASSOCIATION"


class Purpose(Enum):
    """Why a person is read, by the names that institutions report inquiries with.

    ``counts`` tells whether others count it as an inquiry from the next request on; such a one needs the reference of
    the person's consent. What does not count is logged all the same.
    """

    LOAN_APPLICATION = "LOAN_APPLICATION", True
    CARD_APPLICATION = "CARD_APPLICATION", True
    GUARANTEE_REVIEW = "GUARANTEE_REVIEW", True
    INSURANCE_UNDERWRITING = "INSURANCE_UNDERWRITING", True
    POST_LOAN_MANAGEMENT = "POST_LOAN_MANAGEMENT", False
    SUPERVISION = "SUPERVISION", False
    MODELLING = "MODELLING", False
    DISPUTE = "DISPUTE", False
    OWN_REQUEST = "OWN_REQUEST", False

    def __new__(cls, name: str, counts: bool) -> Self:  # noqa: FBT001 - an enumeration's members are written so
        """Make a member whose value is its name alone."""
        purpose = object.__new__(cls)
        purpose._value_ = name
        purpose.counts = counts
        return purpose

    # Members are equal where they are the same; Enum's own hash is Python, and a list of keys notes a read a key.
    __hash__ = object.__hash__

    counts: bool


# What a credential of a role may at most be issued for: an application is made to an institution, and models and
# supervision are not the daily business of one.
PURPOSES = {
    Role.DASHBOARD: frozenset[Purpose](),
    Role.ANALYST: frozenset({Purpose.SUPERVISION, Purpose.MODELLING}),
    Role.INSTITUTION: frozenset(Purpose) - {Purpose.SUPERVISION, Purpose.MODELLING},
    Role.ASSOCIATION: frozenset({Purpose.SUPERVISION, Purpose.MODELLING, Purpose.DISPUTE, Purpose.OWN_REQUEST}),
}


class Quota(NamedTuple):
    """How much a caller may ask: the cost of one request, the cost in a minute, and requests at once.

    0 is no limit; None, in a caller's own, what the settings say.
    """

    cost: int | None = None
    minute: int | None = None
    concurrent: int | None = None


UNSET = Quota()


@dataclass(frozen=True)
class Caller:
    """Who asks: a credential's number (None where none was given), its name, and what it may.

    ``institution`` is the code of the member that the credential belongs to, None for the association's own.
    ``default_purpose`` is the one of a request that names none; None where it must. ``quota`` is how
    much the caller may ask.
    """

    credential: int | None
    name: str
    role: Role
    institution: str | None = None
    purposes: frozenset[Purpose] = frozenset()
    default_purpose: Purpose | None = None
    quota: Quota = UNSET

    @property
    def sees_all(self) -> bool:
        """Whether nothing is hidden from the caller: no lender, no figure."""
        return self.role is Role.ASSOCIATION

    @property
    def own(self) -> str | None:
        """The code of the institution whose own loans and figures the caller sees as such; None for none."""
        return self.institution if self.role is Role.INSTITUTION else None

    @property
    def asking(self) -> str | None:
        """The code of the institution whose own inquiries do not count; None for none.

        To an analyst or a dashboard every lender is hidden, their own too: what is theirs would tell it apart.
        """
        return self.institution if self.role in (Role.INSTITUTION, Role.ASSOCIATION) else None

    def knows(self, institution: str) -> bool:
        """Whether the caller may learn which institution this is: the one question that every name and code passes."""
        return self.sees_all or institution == self.own


class GrantError(ValueError):
    """Rights that do not go together; the message says which, and what would."""


def granted(caller: Caller) -> Caller:
    """Return the caller; GrantError where a role may not have such rights."""
    role, allowed = caller.role, PURPOSES[caller.role]
    if role is Role.INSTITUTION and not caller.institution:
        raise GrantError("a credential of the role INSTITUTION belongs to an institution; none is given")
    if role is Role.ASSOCIATION and caller.institution:
        raise GrantError("a credential of the role ASSOCIATION belongs to the association; allowed: no institution")
    if excess := sorted(purpose.value for purpose in caller.purposes - allowed):
        names = ", ".join(purpose.value for purpose in Purpose if purpose in allowed) or "none"
        raise GrantError(f"not for the role {role}: {', '.join(excess)}; allowed: {names}")
    if caller.default_purpose and caller.default_purpose not in caller.purposes:
        raise GrantError(f"the default purpose {caller.default_purpose.value} is none of those allowed")
    return caller


# What is taken of a caller on this machine that names no purpose: never one that others count.
LOCAL_DEFAULTS = {
    Role.ANALYST: Purpose.MODELLING,
    Role.INSTITUTION: Purpose.POST_LOAN_MANAGEMENT,
    Role.ASSOCIATION: Purpose.SUPERVISION,
}


def local(role: Role, institution: str | None) -> Caller:
    """Return the caller without a credential, whom only this machine can be, with every purpose of the role."""
    return Caller(None, f"local {role.lower()}", role, institution, PURPOSES[role], LOCAL_DEFAULTS.get(role))
