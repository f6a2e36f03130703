"""The attacker on paper: what follows from sums, and what does not."""

import pytest

from tests.oracle.inference import Sums


@pytest.mark.parametrize(
    ("known", "wanted", "told"),
    [
        (["abc", "ab"], "c", True),
        (["abc", "bc", "ab"], "ac", True),
        (["abc"], "a", False),
        (["abc", "ab"], "b", False),
        (["ab", "bc", "ca"], "a", True),
        (["ab", "cd", "abcd"], "abcd", True),
        (["ab", "cd"], "ac", False),
        (["abcd", "ab", "ac"], "d", False),
        (["abcd", "ab", "ac", "ad"], "a", True),
        (["ab"], "x", False),
        ([], "", True),
    ],
)
def test_sum_is_told_where_known_ones_add_up_to_it(known: list[str], wanted: str, told: bool) -> None:  # noqa: FBT001 - the expected answer
    assert Sums(known).tell(wanted) is told
