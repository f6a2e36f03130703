"""Why a person is read, as a document says it."""

from typing import Annotated

import strawberry

from resolvers.callers import Purpose
from resolvers.trail import LONGEST

strawberry.enum(
    Purpose,
    description=(
        "Why a person is read. LOAN_APPLICATION, CARD_APPLICATION, GUARANTEE_REVIEW and INSURANCE_UNDERWRITING need "
        "the reference of the person's consent, and others count them as inquiries from the next request on. "
        "POST_LOAN_MANAGEMENT, SUPERVISION, MODELLING, DISPUTE and OWN_REQUEST are logged and never counted."
    ),
)

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
