"""The subject key: the same for every spelling of a document's number, and never from nothing."""

import hashlib
import hmac

import pytest

from sql.subject import normalised, subject_key

SECRET = b"a secret for made-up people"


@pytest.mark.parametrize(
    ("number", "plain"),
    [
        ("11010119900307888x", "11010119900307888X"),
        ("  A12 345-678\t", "A12345678"),
        ("a\u00a0b\u3000c\u2011d\u2010e\r\nf", "ABCDEF"),
        ("１２３", "１２３"),  # noqa: RUF001 - full-width digits are the point
        ("A–1", "A–1"),  # noqa: RUF001 - a dash is not a hyphen
        (" - ", ""),
    ],
)
def test_number_is_normalised_as_documented(number: str, plain: str) -> None:
    assert normalised(number) == plain


def test_subject_key_is_the_hmac_of_kind_line_feed_and_number() -> None:
    expected = hmac.new(SECRET, "身份证\nAB12".encode(), hashlib.sha256).digest()

    assert subject_key(SECRET, "身份证", " ab-1 2") == expected
    assert subject_key(SECRET, " 身份证", "AB12") != expected
    assert subject_key(b"another", "身份证", "AB12") != expected


@pytest.mark.parametrize(
    ("secret", "kind", "number"),
    [(b"", "ID", "1"), (SECRET, "", "1"), (SECRET, "ID", " - "), (SECRET, "ID", "1\udcff")],
)
def test_subject_key_of_nothing_is_refused_without_the_number(secret: bytes, kind: str, number: str) -> None:
    with pytest.raises(ValueError, match=r"document|subject key") as caught:
        subject_key(secret, kind, number)

    assert number not in str(caught.value)
    assert caught.value.__cause__ is None
