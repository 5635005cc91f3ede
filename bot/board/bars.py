"""Small drawings of the clinic's page: bars with lines to compare with, as SVG."""

from collections.abc import Sequence
from html import escape

from bot.board.figures import Hour
from flows.staff_language import _, decimal

WIDTH, LONGEST = 360, 100.0
MINUTE = 60.0


def bar(percent: float) -> str:
    """Return one bar of up to 100 percent; what it says stands beside it in words."""
    width = round(min(percent, LONGEST), 1)
    return (
        '<svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="ground" width="100" height="6"/><rect class="part" width="{width}" '
        'height="6"/></svg>'
    )


def burden_bars(own: float | None, pro_tect: float, msk: float) -> str:
    """Return alerts per 100 check-ins as a bar, with what others have as lines; no bar of none."""
    longest = max(own or 0.0, pro_tect) * 1.15
    here = "–" if own is None else decimal(own, 1)
    width = 0.0 if own is None else max(1.0, round(own * (WIDTH - 20) / longest, 1))
    scale = (WIDTH - 20) / longest

    def x(value: float) -> float:
        return round(10 + value * scale, 1)

    words = _(
        "Alerts per 100 check-ins: {here} here; {pro_tect} in PRO-TECT, {msk} at Memorial Sloan "
        "Kettering",
        here=here, pro_tect=decimal(pro_tect), msk=decimal(msk),
    )  # fmt: skip
    mine = _("{number} here", number=here)
    return (
        f'<svg class="burden" viewBox="0 0 {WIDTH} 74" role="img" aria-label="{escape(words)}">'
        f'<rect class="ground" x="10" y="24" width="{WIDTH - 20}" height="22" rx="4"/>'
        f'<rect class="part" x="10" y="24" width="{width}" height="22" '
        'rx="4"/>'
        f'<text x="10" y="16">{escape(mine)}</text>'
        f'<line class="other" x1="{x(msk)}" x2="{x(msk)}" y1="20" y2="52"/>'
        f'<text x="{x(msk)}" y="66" text-anchor="middle">MSK {msk:.0f}</text>'
        f'<line class="other" x1="{x(pro_tect)}" x2="{x(pro_tect)}" y1="20" y2="52"/>'
        f'<text x="{x(pro_tect)}" y="66" text-anchor="middle">PRO-TECT {pro_tect:.0f}</text></svg>'
    )


def hour_bars(hours: Sequence[Hour]) -> str:
    """Return the minutes until somebody took an alert, by hour of the day: median, and p95 above.

    The scale is that of the longest median, so a single long wait goes beyond the top.
    """
    if not hours:
        return ""
    top = max(1.0, *(one.middle for one in hours)) * 2
    parts = []
    for one in hours:
        x = 12 + one.hour * 14
        for name, value in (("above", one.nearly_all), ("part", one.middle)):
            height = round(min(1.0, value / top) * 70, 1)
            parts.append(f'<rect class="{name}" x="{x}" y="{80 - height}" width="10" '
                         f'height="{height}"/>')  # fmt: skip
    marks = [
        f'<text x="{17 + hour * 14}" y="96" text-anchor="middle">{hour}</text>'
        for hour in range(0, 24, 3)
    ]
    words = _(
        "Minutes until somebody took an alert, by hour of the day; the table below has the figures"
    )
    line = f'<line class="floor" x1="8" x2="{WIDTH - 8}" y1="80.5" y2="80.5"/>'
    return (
        f'<svg class="hours" viewBox="0 0 {WIDTH} 102" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}{line}{"".join(marks)}</svg>'
    )
