"""The table of rules in the docs says what the code says."""

import re
from pathlib import Path

from intake.rules import RowWarning, Rule

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_table_of_rules_is_what_the_code_has() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert rows == [(rule.name, rule.value) for rule in (*Rule, *RowWarning)]
