"""Whom a row is about: the subject key as delivered, or derived from a document that goes no further than here."""

from intake.problems import CONCEALED, NOTHING
from intake.rules import Rule
from intake.values import NULL
from intake.verdicts import FileRefused, Finding, RowRefused
from sql.secret import Secrets

BOTH_OR_NEITHER = "a document's kind and its number, or neither"
EITHER = "a subject_key, or a document_kind and a document_number"


class Subjects:
    """Derives subject keys with the platform's secrets, which may be missing as long as no document is delivered."""

    def __init__(self, secrets: Secrets | None) -> None:
        self._secrets = secrets

    @property
    def overlap(self) -> bool:
        """Whether keys of two secrets count."""
        return self._secrets is not None and self._secrets.overlap

    def keys(self, key: str, kind: str, number: str) -> list[str]:
        """What COPY takes of a subject: the key alone, or during an overlap the other key too, and "t" for a document.

        Raises what `key` raises.
        """
        found = self.key(key, kind, number)
        if self._secrets is None or not self._secrets.overlap:
            return [found]
        keys = self._secrets.of_document(kind, number) if kind else self._secrets.of_key(bytes.fromhex(key))
        return [found, f"\\\\x{(keys.other or b'').hex()}", "t" if kind else "f"]

    def key(self, key: str, kind: str, number: str) -> str:
        """The subject key in COPY's text format; RowRefused or FileRefused if there is none, never with the number."""
        if not kind and not number:
            if key == NULL:
                raise RowRefused(Finding(Rule.SUBJECT_MISSING, "subject_key", NOTHING, EITHER))
            return f"\\\\x{key}"
        if not kind or not number:
            column = "document_number" if kind else "document_kind"
            raise RowRefused(Finding(Rule.DOCUMENT_INCOMPLETE, column, NOTHING, BOTH_OR_NEITHER))
        derived = self._derived(kind, number)
        if key != NULL and key not in derived:
            allowed = "the key of the row's document, or no subject_key"
            raise RowRefused(Finding(Rule.SUBJECT_AMBIGUOUS, "subject_key", CONCEALED, allowed))
        return f"\\\\x{derived[0]}"

    def _derived(self, kind: str, number: str) -> list[str]:
        if not self._secrets:
            allowed = "subject keys only, until BORROWGRAPH_SECRET is set, from which documents give theirs"
            raise FileRefused(Rule.SECRET_MISSING, None, "a row with a document", allowed)
        try:
            return [one.hex() for one in self._secrets.of_document(kind, number) if one]
        except ValueError:
            allowed = "a number with letters or digits, in UTF-8"
            finding = Finding(Rule.VALUE_MALFORMED, "document_number", CONCEALED, allowed)
            raise RowRefused(finding) from None
