"""Tokens: what was made is read back, and nothing else is, whatever it looks like."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.tokens import TokenInvalid, Tokens

FIXED = settings(deadline=None, derandomize=True, database=None)

SECRET = "a secret for tests alone, 32 characters and more"
TOKENS = Tokens(SECRET)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

payloads = st.binary(min_size=1, max_size=100)
uses = st.sampled_from(["borrower", "loan", "institution", "loans", "institutions"])


class Made(NamedTuple):
    """A token, and what it was made of."""

    use: str
    payload: bytes
    token: str


made = st.builds(lambda use, payload: Made(use, payload, TOKENS.make(use, payload)), uses, payloads)


def unreadable(use: str, token: str, tokens: Tokens = TOKENS) -> None:
    with pytest.raises(TokenInvalid):
        tokens.read(use, token)


@FIXED
@given(made)
def test_token_is_read_back_and_is_always_the_same(one: Made) -> None:
    assert TOKENS.read(one.use, one.token) == one.payload
    assert Tokens(SECRET).make(one.use, one.payload) == one.token


@FIXED
@given(made)
def test_token_fits_into_an_address_as_it_stands(one: Made) -> None:
    assert set(one.token) <= set(ALPHABET)


@FIXED
@given(uses, st.binary(min_size=8, max_size=100))
def test_token_does_not_show_its_payload(use: str, payload: bytes) -> None:
    token = TOKENS.make(use, payload)

    assert payload not in urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert urlsafe_b64encode(payload).rstrip(b"=").decode() not in token


@FIXED
@given(made, st.data())
def test_token_with_any_character_changed_is_invalid(one: Made, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(one.token) - 1))
    character = data.draw(st.sampled_from(ALPHABET + "=+/ \n\0é"))
    assume(character != one.token[place])

    unreadable(one.use, one.token[:place] + character + one.token[place + 1 :])


@FIXED
@given(made, st.data())
def test_token_with_anything_cut_off_or_added_is_invalid(one: Made, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(one.token) - 1))
    more = data.draw(st.text(min_size=1, max_size=5))

    unreadable(one.use, one.token[:cut])
    unreadable(one.use, one.token[cut + 1 :])
    unreadable(one.use, one.token + more)
    unreadable(one.use, more + one.token)


@FIXED
@given(made, uses)
def test_token_for_another_use_is_invalid(one: Made, use: str) -> None:
    assume(use != one.use)

    unreadable(use, one.token)


@FIXED
@given(made, st.text(min_size=1))
def test_token_of_another_secret_is_invalid(one: Made, secret: str) -> None:
    unreadable(one.use, one.token, Tokens(SECRET + secret))


@FIXED
@given(uses, st.text() | st.text(ALPHABET + "=") | st.binary().map(lambda raw: urlsafe_b64encode(raw).decode()))
def test_token_that_is_any_text_at_all_is_invalid(use: str, text: str) -> None:
    unreadable(use, text)


@pytest.mark.parametrize("text", ["", "=", "A", "\ud800", "é", "\0", "A" * 100_000, "====", "AAAAAAAAAAAAAAAAAAAAAA"])
def test_token_that_is_a_strange_text_is_invalid(text: str) -> None:
    unreadable("loan", text)
