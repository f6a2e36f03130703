"""Whose JSON Web Tokens are taken, as the settings name it."""

from dataclasses import dataclass

# Asymmetric ones alone: with a shared secret whoever checks a token could make one.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


@dataclass(frozen=True)
class Trust:
    """Whose tokens are taken: the issuer, for which audience, signed how, with the keys that lie where."""

    issuer: str
    audience: str
    keys: str
    algorithms: tuple[str, ...]
