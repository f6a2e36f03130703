"""The subject key: how a person is named without an identity document ever being stored."""

import hmac

# U+002D hyphen-minus, U+2010 hyphen, U+2011 non-breaking hyphen. Dashes and minus signs are other characters.
HYPHENS = "-\u2010\u2011"


def normalised(number: str) -> str:
    """A document number in upper case, without white space (Unicode's, at the ends or inside) and without hyphens.

    Nothing else is changed: full-width digits and letters stay what they are, and give another key than their plain
    counterparts.
    """
    return "".join(number.translate(dict.fromkeys(map(ord, HYPHENS))).split()).upper()


def subject_key(secret: bytes, kind: str, number: str) -> bytes:
    """The 32 bytes that stand for the holder of a document: HMAC-SHA-256 over kind, a line feed, normalised number.

    The kind is taken as it is written. Raises ValueError, without the number in it, where nothing is left of the
    number, kind or secret is empty, or either text is not valid Unicode.
    """
    plain = normalised(number)
    if not secret or not kind or not plain:
        raise ValueError("a subject key needs a secret, a kind of document and a number")
    try:
        message = f"{kind}\n{plain}".encode()
    except UnicodeEncodeError:
        # The original error quotes the text.
        raise ValueError("a document's kind and number must be valid Unicode text") from None
    return hmac.digest(secret, message, "sha256")
