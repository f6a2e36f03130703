"""The environment variables that are read: README has this table too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One line of the table in README: a variable's name, its default as written, and what it means."""

    name: str
    default: str
    meaning: str


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("DATABASE_URL", "", "address of the database that migrate and load own; empty: the embedded server"),
        Setting(
            "DATABASE_READER_URL",
            "",
            "address that serve logs in with, as a member of the role borrowgraph_reader; empty: DATABASE_URL",
        ),
        Setting(
            "BORROWGRAPH_HOME",
            "",
            "folder of the embedded server, its logs and the demo; empty: .borrowgraph in the checkout",
        ),
        Setting(
            "BORROWGRAPH_SECRET",
            "",
            "at least 32 characters, from which subject keys, ids and cursors are derived; empty: made once, for the "
            "embedded server alone",
        ),
        Setting(
            "BORROWGRAPH_SECRET_PREVIOUS",
            "",
            "the secrets before it, one a line, the oldest first; subject keys are made through all of them",
        ),
        Setting("BORROWGRAPH_TIME_ZONE", "Asia/Shanghai", "time zone in which an inquiry falls on a day"),
        Setting(
            "BORROWGRAPH_ASKING_INSTITUTION",
            "",
            "code of the institution that asks without a credential, whose own inquiries do not count; empty: none",
        ),
        Setting(
            "BORROWGRAPH_ROLE",
            "DASHBOARD",
            "what somebody on this machine may see who gives no credential, while none was ever issued: DASHBOARD, "
            "ANALYST, INSTITUTION (that of BORROWGRAPH_ASKING_INSTITUTION), ASSOCIATION or NONE; docs/security.md says "
            "what each sees",
        ),
        Setting("BORROWGRAPH_JWT_ISSUER", "", "issuer whose JSON Web Tokens are taken as credentials; empty: none"),
        Setting("BORROWGRAPH_JWT_AUDIENCE", "", "audience that its tokens must name"),
        Setting("BORROWGRAPH_JWT_KEYS", "", "where its keys (JWKS) lie: an https address, or a file"),
        Setting("BORROWGRAPH_JWT_ALGORITHMS", "RS256,ES256", "how its tokens may be signed, with commas"),
        Setting("BORROWGRAPH_SUPPRESS_BORROWERS", "10", "least borrowers of a group that is published, 1 to 1000000"),
        Setting("BORROWGRAPH_SUPPRESS_INSTITUTIONS", "3", "least institutions of a group that is published, 1 to 1000"),
        Setting(
            "BORROWGRAPH_REJECT_SHARE",
            "0.05",
            "share of a delivery's rows, 0 to 1, that may be rejected; a delivery with more is refused whole",
        ),
        Setting(
            "BORROWGRAPH_CONNECTIONS",
            "10",
            "database connections with which one worker reads, 1 to 1000; up to as many more write the inquiry log. "
            "Large requests run a third as many at once (`docs/limits.md`)",
        ),
        Setting("BORROWGRAPH_STATEMENT_SECONDS", "30", "time limit of one SQL statement, 1 to 3600"),
        Setting("BORROWGRAPH_BODY_BYTES", "1048576", "largest request body, 1024 to 104857600"),
        Setting("BORROWGRAPH_DOCUMENT_CHARACTERS", "20000", "longest document, in characters, 1000 to 1000000"),
        Setting("BORROWGRAPH_DOCUMENT_TOKENS", "2000", "most tokens of a document, comments among them, 100 to 100000"),
        Setting("BORROWGRAPH_DOCUMENT_DEPTH", "10", "most levels of its fields, introspection apart, 5 to 50"),
        Setting(
            "BORROWGRAPH_DOCUMENT_FIELDS",
            "2000",
            "most fields and fragments of it, 100 to 100000",
        ),
        Setting("BORROWGRAPH_DOCUMENT_BREADTH", "100", "most fields of one selection, 30 to 10000"),
        Setting("BORROWGRAPH_DOCUMENT_ROOT_FIELDS", "50", "most fields at the root of an operation, 1 to 1000"),
        Setting("BORROWGRAPH_DOCUMENT_ALIASES", "100", "most aliases of a document, 1 to 10000"),
        Setting(
            "BORROWGRAPH_DOCUMENT_REPEATS",
            "100",
            "most fields of it that stand where the same one does, 10 to 1000",
        ),
        Setting("BORROWGRAPH_DOCUMENT_DIRECTIVES", "50", "most directives of a document, 4 to 1000"),
        Setting("BORROWGRAPH_VARIABLE_VALUES", "10000", "most values in the variables, 1000 to 1000000"),
        Setting("BORROWGRAPH_WINDOW_MONTHS", "600", "longest window, 1 to 6000"),
        Setting(
            "BORROWGRAPH_COST",
            "10000000",
            "most values that one request could return, 0 to 1000000000000; 0: no limit; docs/limits.md says how they "
            "are counted",
        ),
        Setting(
            "BORROWGRAPH_COST_PER_MINUTE",
            "200000000",
            "the same for all of a credential's requests in a minute, 0 to 1000000000000; 0: no limit",
        ),
        Setting(
            "BORROWGRAPH_CONCURRENT_REQUESTS",
            "100",
            "most requests of a credential at once, in each worker, 0 to 100000; 0: no limit",
        ),
        Setting("BORROWGRAPH_REQUEST_SECONDS", "60", "time limit of one request, 1 to 3600"),
        Setting(
            "BORROWGRAPH_TRUSTED_DOCUMENTS",
            "OFF",
            "what becomes of documents that are not registered: OFF nothing, LOG a line in the log, REFUSE; for all "
            "roles, or by role, as DASHBOARD=REFUSE,INSTITUTION=LOG, the others OFF",
        ),
        Setting(
            "BORROWGRAPH_INTROSPECTION",
            "DASHBOARD,ANALYST,INSTITUTION,ASSOCIATION",
            "roles that may ask for the schema, with commas, or NONE",
        ),
        Setting(
            "BORROWGRAPH_SUGGESTIONS",
            "DASHBOARD,ANALYST,INSTITUTION,ASSOCIATION",
            "roles whose errors say what could have been meant, with commas, or NONE",
        ),
        Setting(
            "BORROWGRAPH_EXECUTOR",
            "levels",
            "what executes queries: levels, which asks all objects of a level at once, or stock, graphql-core's own; "
            "both give the same answers",
        ),
        Setting("BORROWGRAPH_BORROWER_KEYS", "1000", "most keys in one list of borrowers, 1 to 100000"),
    )
}
