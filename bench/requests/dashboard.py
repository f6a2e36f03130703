"""The dashboard's document, as the page asks it when it opens."""

from pathlib import Path
from typing import Any

# What the page shows is no one query that anybody would write by hand, nor tables and functions.
CONTENDERS = ("stock", "borrowgraph")
FIGURES = Path(__file__).parents[2] / "graph" / "pages" / "dashboard" / "figures"
ALL = ("headline", "trend", "buckets", "vintages", "rolls", "lenders")


def body() -> dict[str, Any]:
    """Return the request's body."""
    fragments = [(FIGURES / f"{name}.graphql").read_text(encoding="utf-8") for name in ALL]
    names = [text.split()[1] for text in fragments]
    text = "\n".join(fragments)
    types = {
        "window": "Window!",
        "year": "Window!",
        "every": "Period!",
        "cohorts": "Period!",
        "by": "PortfolioDimension",
        "over": "Int!",
    }
    values = {
        "window": {"last": "P24M"}, "year": {"last": "P13M"}, "every": "MONTH", "cohorts": "QUARTER", "over": 30,
    }  # fmt: skip
    declared = ", ".join(f"${name}: {kind}" for name, kind in types.items() if f"${name}" in text)
    spread = " ".join(f"...{name}" for name in names)
    query = f"query Dashboard({declared}) {{ portfolio {{ {spread} }} }}\n{text}"
    return {"query": query, "variables": {name: value for name, value in values.items() if f"${name}" in text}}
