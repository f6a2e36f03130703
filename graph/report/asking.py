"""Asks the schema, in this process, everything that the report shows: one document, on one snapshot."""

import secrets
from pathlib import Path
from typing import NamedTuple

from graph.context import Context
from graph.limits import Limits
from graph.report.figures import Figures, figures
from graph.report.period import Period
from graph.schema import schema
from graph.settings import Settings
from graph.tokens import sealing
from resolvers.callers import Caller, Role
from resolvers.coverage import version
from resolvers.database import Database
from resolvers.disclosure import Viewer
from resolvers.loaders import Loaders
from resolvers.logbook import Logbook
from resolvers.publication import Thresholds
from resolvers.rotation import Secrets
from resolvers.trail import Trail
from sql.rows import VersionRow

DOCUMENT = (Path(__file__).parent / "document.graphql").read_text(encoding="utf-8")

# The report is for everybody: whoever makes it, it shows what the public dashboard may show.
READER = Caller(None, "report", Role.DASHBOARD)

# The report's own windows are short, whatever the operator lets callers ask.
LIMITS = Limits(window_months=60, borrower_keys=1)


class Refused(Exception):
    """The schema answered with errors; the message says which."""


class Asked(NamedTuple):
    """What was answered, and of which data; no version where nothing was ever loaded."""

    figures: Figures
    version: VersionRow | None


async def ask(settings: Settings, url: str, period: Period) -> Asked:
    """Ask for a period as a reader of the published figures sees it, whatever role the settings give callers.

    Raises Problem where the database does not answer, and Refused where the schema answers with errors.
    """
    opened = Database.connect(url, connections=1, statement_seconds=settings.statement_seconds)
    async with opened as database, database.reading() as reading:
        # Nothing that the report asks has an id or names a person: a secret of the moment will do.
        secret = Secrets((secrets.token_bytes(),))
        least = Thresholds(settings.suppress_borrowers, settings.suppress_institutions)
        loaders = Loaders(reading, time_zone=settings.time_zone, viewer=Viewer(READER, least))
        context = Context(
            loaders, sealing(secret), LIMITS, secret, READER, Trail(Logbook(database), "report", READER, b"")
        )
        result = await schema.execute(DOCUMENT, variable_values=period.windows(), context_value=context)
        if result.errors or result.data is None:
            raise Refused("; ".join(error.message for error in result.errors or []))
        return Asked(figures(result.data), await version(reading))
