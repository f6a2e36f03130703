"""The plot: each workload's rates as bars, as parts of the highest."""

from collections.abc import Mapping

COLOURS = {
    "by hand": "#9aa5b1", "by hand, with key and log": "#6d7885", "PostGraphile": "#5b8db8",
    "Strawberry, stock executor": "#c9b27c", "Borrowgraph": "#b5402a",
}  # fmt: skip
WIDTH, BAR, GAP, LEFT, ROOM = 760, 16, 22, 200, 440


def plot(rates: Mapping[str, Mapping[str, float]]) -> str:
    """Return an SVG of requests a second by workload and contender."""
    parts, y = [], 34
    for workload, contenders in rates.items():
        parts.append(_text(LEFT - 190, y + BAR - 4, f"{workload}", bold=True))
        highest = max(contenders.values()) or 1.0
        for name, rate in contenders.items():
            length = ROOM * rate / highest
            parts.append(_text(LEFT - 8, y + BAR - 4, name, end=True))
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{max(length, 1):.1f}" height="{BAR - 3}" fill="{COLOURS[name]}"/>'
            )
            parts.append(_text(LEFT + length + 6, y + BAR - 4, f"{rate:,.0f}" if rate >= 100 else f"{rate:.1f}"))  # noqa: PLR2004
            y += BAR
        y += GAP
    title = _text(10, 18, "Requests a second, one process, 8 connections; each workload by its fastest", bold=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>{title}{"".join(parts)}</svg>\n'
    )


def _text(x: float, y: float, text: str, *, bold: bool = False, end: bool = False) -> str:
    weight, anchor = ' font-weight="bold"' if bold else "", ' text-anchor="end"' if end else ""
    return f'<text x="{x:.1f}" y="{y}"{weight}{anchor}>{text}</text>'
