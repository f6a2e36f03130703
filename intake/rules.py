"""The rules that a delivery is checked against, and the warnings: their codes, which stay once released."""

from enum import Enum, unique


@unique
class Rule(Enum):
    """What can be wrong with a delivery; the name is the code, the value says what is wrong."""

    PATH_MISSING = "a path names neither a file nor a folder"
    FILES_MISSING = "a folder holds no file that is one of a delivery"
    FILE_UNKNOWN = "a data file's name says no kind of file"
    FILE_UNREADABLE = "a file is not what its name says, or is damaged"
    FILE_TOO_LARGE = "a file unpacks to more than a delivery can be, or a row or value of it does not end"
    FILE_CHANGED = "a file changed or went away while it was loaded"
    HEADER_MISSING = "a file has no header line"
    COLUMN_MISSING = "a column that may not be empty is not in the header"
    COLUMN_REPEATED = "a column is in the header twice"
    COLUMN_UNKNOWN = "the header has a column that this kind of file has not"
    COLUMN_TYPE = "a column of a Parquet file has a type that cannot hold the column's values exactly"
    RECORD_MALFORMED = "a record is not in the form of CSV"
    FIELD_COUNT = "a row has more or fewer fields than the header"
    VALUE_MISSING = "a value that may not be empty is empty"
    VALUE_MALFORMED = "a value is not of its column's form"
    AMOUNT_NEGATIVE = "an amount is below zero"
    SUBJECT_MISSING = "a row names no subject: neither a subject key nor a document"
    SUBJECT_AMBIGUOUS = "a row's subject key is not the one of its document"
    DOCUMENT_INCOMPLETE = "a document's kind is given without its number, or the number without the kind"
    SECRET_MISSING = "a row names its subject by a document, and the platform has no secret to derive a key with"  # noqa: S105 - a rule
    CLOSED_BEFORE_OPENED = "a loan was closed before it was opened"
    STATE_CONTRADICTS_CLOSING = "a loan is ACTIVE with a day of closing, or ended without one"
    OVERDUE_WITHOUT_DAYS = "an overdue amount is reported with 0 days past due"
    MONTH_IN_FUTURE = "a month begins after the day on which it was reported"
    INSTANT_IN_FUTURE = "a row says that it was reported, or an inquiry made, more than a day after the load began"
    MONTH_BEFORE_OPENING = "a month is before the one in which its loan was opened"
    MONTH_AFTER_CLOSING = "a month is after the one in which its loan was closed"
    INSTITUTION_UNKNOWN = "a row names an institution that neither the platform nor the delivery has"
    LOAN_UNKNOWN = "a repayment names a loan that neither the platform nor the delivery has"
    CONTRADICTION = "two different rows have one key, and say that they were reported at the same instant"


@unique
class RowWarning(Enum):
    """What seems wrong with a row that is loaded all the same; the name is the code, the value says what is unusual."""

    DAYS_WITHOUT_AMOUNT = "days past due are reported without an overdue amount"
    DAYS_TOO_FAST = "days past due grew by more than the days since the loan's last reported month"
    DAYS_FELL_UNPAID = "days past due fell from one month to the next, and nothing was paid"
    MONTHS_MISSING = "months between this one and the loan's last reported month are not reported"
    BALANCE_GREW = "the balance of a loan with a due_on, which is paid off in instalments, grew"
    OLD_MONTH_RESTATED = "a month is corrected more than three months after it ended"
    SETTLED_WITH_BALANCE = "a balance is reported for the month in which the loan was settled"
    SIZE_UNUSUAL = (
        "an institution's new month has fewer than half or more than twice the reports of its last three on average, "
        "from 30 reports on"
    )
    OVERDUE_SHARE_UNUSUAL = (
        "the share of overdue reports in an institution's new month is more than twice or less than half that of its "
        "last twelve, by more than one in a hundred and three standard errors, from 30 reports on"
    )
