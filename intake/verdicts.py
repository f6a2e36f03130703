"""How a value, a row or a file is refused, before anybody knows which line of which delivery it was."""

from dataclasses import dataclass

from intake.rules import Rule


class ValueRefused(Exception):
    """A value breaks a rule; ``allowed`` says what would not."""

    def __init__(self, rule: Rule, allowed: str) -> None:
        self.rule = rule
        self.allowed = allowed
        super().__init__(rule, allowed)


@dataclass(frozen=True)
class Finding:
    """A rule that a row breaks; ``got`` is ready to show."""

    rule: Rule
    column: str | None
    got: str
    allowed: str


class RowRefused(Exception):
    """A row whose values are well formed breaks rules."""

    def __init__(self, *findings: Finding) -> None:
        self.findings = findings
        super().__init__(findings)


class FileRefused(Exception):
    """A file cannot be read further; ``line`` is None where the whole of it is meant."""

    def __init__(self, rule: Rule, line: int | None, got: str, allowed: str) -> None:
        self.rule = rule
        self.line = line
        self.got = got
        self.allowed = allowed
        super().__init__(rule, line, got, allowed)
