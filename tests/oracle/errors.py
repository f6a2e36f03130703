"""The one error of the oracle: a question that the domain refuses to answer."""


class OracleError(Exception):
    """A question that has no answer; `reason` says why, in words that tests may compare."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
