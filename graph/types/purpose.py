"""Why a person is read, as a document says it."""

from enum import Enum
from typing import Annotated

import strawberry

from resolvers.trail import LONGEST

COUNTS = "Needs the reference of the person's consent; others count it as an inquiry from the next request on."
LOGGED = "Logged, and never counted."


@strawberry.enum(description="Why a person is read.")
class Purpose(Enum):
    """By the names that ``resolvers.callers.Purpose`` has."""

    LOAN_APPLICATION = strawberry.enum_value("LOAN_APPLICATION", description=f"Somebody applies for a loan. {COUNTS}")
    CARD_APPLICATION = strawberry.enum_value("CARD_APPLICATION", description=f"Somebody applies for a card. {COUNTS}")
    GUARANTEE_REVIEW = strawberry.enum_value(
        "GUARANTEE_REVIEW", description=f"Somebody is to be guaranteed for, or to guarantee. {COUNTS}"
    )
    INSURANCE_UNDERWRITING = strawberry.enum_value(
        "INSURANCE_UNDERWRITING", description=f"Somebody's debt is to be insured. {COUNTS}"
    )
    POST_LOAN_MANAGEMENT = strawberry.enum_value(
        "POST_LOAN_MANAGEMENT", description=f"A member watches its own borrowers. {LOGGED}"
    )
    SUPERVISION = strawberry.enum_value("SUPERVISION", description=f"The industry is supervised. {LOGGED}")
    MODELLING = strawberry.enum_value("MODELLING", description=f"A model is made or tested. {LOGGED}")
    DISPUTE = strawberry.enum_value("DISPUTE", description=f"What is reported is disputed, and looked into. {LOGGED}")
    OWN_REQUEST = strawberry.enum_value("OWN_REQUEST", description=f"The person asks what is known. {LOGGED}")


PurposeArgument = Annotated[
    Purpose | None,
    strawberry.argument(
        description=(
            "Why the person is read; it is logged. Left out, the credential's default, and PURPOSE_REQUIRED where it "
            "has none; one that the credential may not have is FORBIDDEN."
        )
    ),
]
ConsentArgument = Annotated[
    str | None,
    strawberry.argument(
        description=(
            f"The reference of the person's consent, 1 to {LONGEST} characters, never an identity number; it is "
            "logged. CONSENT_REQUIRED where a purpose that others count comes without."
        )
    ),
]
