"""README's one query has the answer that README gives, on the demo."""

import json
import re
from hashlib import sha256
from pathlib import Path

from tests.conftest import Ask

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """Return README's first block in a language."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


async def test_query_of_the_readme_has_the_answer_of_the_readme(ask: Ask) -> None:
    key = sha256(b"demo borrower 1").hexdigest()

    answer = await ask(block("graphql"), key=key)

    assert answer == json.loads(block("json"))
