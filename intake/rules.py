"""The rules that a delivery is checked against: their codes, which stay once released, and what each says."""

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
    MONTH_BEFORE_OPENING = "a month is before the one in which its loan was opened"
    MONTH_AFTER_CLOSING = "a month is after the one in which its loan was closed"
    INSTITUTION_UNKNOWN = "a row names an institution that neither the platform nor the delivery has"
    LOAN_UNKNOWN = "a repayment names a loan that neither the platform nor the delivery has"
    CONTRADICTION = "two different rows have one key, and say that they were reported at the same instant"
