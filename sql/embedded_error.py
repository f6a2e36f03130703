"""The one error of the embedded TimescaleDB: its message says what was found and what a person can do about it."""


class EmbeddedError(Exception):
    """The embedded server cannot be unpacked, started, reached or stopped; the message is meant to be shown as it is."""
