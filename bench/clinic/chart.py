"""The bar chart of docs/burden.md, drawn as SVG by hand: alerts per 100 courses by rule."""

from collections.abc import Sequence
from html import escape

ROW, LABEL, SCALE_WIDTH, RIGHT, TOP = 22, 150, 470, 70, 44
"""Pixels: a bar's row, the room for rule names, for bars, for figures, and above the bars."""

ALONE, TOGETHER, INK = "#b3541e", "#e5b99a", "#1f2933"


def bars(rows: Sequence[tuple[str, float, float]]) -> str:
    """Return the chart. A row is a rule, its alerts per 100 courses, and those it raised alone."""
    height = TOP + ROW * len(rows) + 12
    width = LABEL + SCALE_WIDTH + RIGHT
    most = max((total for _, total, _ in rows), default=1.0)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="sans-serif" font-size="13" role="img">'
        ),
        "<title>Alerts per 100 courses, by rule</title>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        legend(LABEL, ALONE, "raised by this rule alone"),
        legend(LABEL + 210, TOGETHER, "together with other rules"),
    ]
    for place, (rule, total, alone) in enumerate(rows):
        lines += bar(TOP + ROW * place, rule, (total, alone), SCALE_WIDTH / most)
    return "\n".join([*lines, "</svg>"]) + "\n"


def legend(x: int, colour: str, words: str) -> str:
    """Return one entry of the legend."""
    return (
        f'<rect x="{x}" y="14" width="12" height="12" fill="{colour}"/>'
        f'<text x="{x + 18}" y="25" fill="{INK}">{words}</text>'
    )


def bar(y: int, rule: str, counts: tuple[float, float], scale: float) -> list[str]:
    """Return one rule's bar: what it raised alone, then what it shared."""
    total, alone = counts
    first, rest = alone * scale, (total - alone) * scale
    return [
        f'<text x="{LABEL - 8}" y="{y + 15}" text-anchor="end" fill="{INK}">{escape(rule)}</text>',
        f'<rect x="{LABEL}" y="{y + 3}" width="{first:.1f}" height="16" fill="{ALONE}"/>',
        (
            f'<rect x="{LABEL + first:.1f}" y="{y + 3}" width="{rest:.1f}" height="16" '
            f'fill="{TOGETHER}"/>'
        ),
        f'<text x="{LABEL + first + rest + 6:.1f}" y="{y + 15}" fill="{INK}">{total:.1f}</text>',
    ]
