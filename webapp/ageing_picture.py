"""The ageing picture: one bar per bucket, as an SVG that stands in an <img>.

It follows the reader's light or dark setting by itself. The figures are in the table beneath it; the picture adds
shape only. pygal draws; its default link to a script on another host is switched off.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

import pygal
from pygal.style import Style

from engine.money import Money

BUCKETS = ("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days")
COLOURS = ("#3f8f7d", "#b59a3c", "#cb8436", "#c2613a", "#a63d3d")
"""From calm to urgent, each at least 3:1 against white and against the dark page."""

LOOK = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#59645f",
    foreground_strong="#59645f",
    foreground_subtle="#8d908933",
    opacity="1",
    opacity_hover="1",
    colors=COLOURS,
    font_family="system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
    label_font_size=15,
    major_label_font_size=15,
    value_font_size=15,
    value_label_font_size=15,
    value_colors=("#59645f",) * len(COLOURS),
)
PLAIN = "inline:.axis path { stroke: none !important }"
DARK = "inline:@media (prefers-color-scheme: dark) { text { fill: #a2aea8 !important } }"
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
SIZES = {"wide": (960, 280), "narrow": (420, 250)}


def draw(buckets: Sequence[Money], size: str, names: Sequence[str] = BUCKETS) -> str:
    """SVG of the five ageing buckets, all in one currency, oldest last; `size` is wide or narrow.

    `names` are what the buckets are called in the reader's language.

    A narrow one is drawn, not scaled: scaled down to a phone, its words could not be read.
    """
    width, height = SIZES[size]
    chart = pygal.Bar(
        style=LOOK,
        css=["file://style.css", "file://graph.css", PLAIN, DARK],
        js=[],
        width=width,
        height=height,
        margin=4,
        margin_bottom=0,
        show_legend=False,
        show_y_labels=False,
        show_y_guides=False,
        rounded_bars=6,
        print_values=True,
        print_values_position="top",
        print_zeroes=True,
        spacing=12,
        truncate_label=-1,
        disable_xml_declaration=True,
        x_labels=[name if size == "wide" else _without_unit(name) for name in names],
        range=(0, _top(buckets)),
    )
    bars = [
        {"value": float(one.amount), "label": "", "color": colour} for one, colour in zip(buckets, COLOURS, strict=True)
    ]
    chart.add("", bars, formatter=_short)
    # Its script would only switch on tooltips, which no image shows and no policy of ours allows.
    return SCRIPT.sub("", chart.render(is_unicode=True))


def _without_unit(name: str) -> str:
    """ "1–30 days" is "1–30": a phone has no room for more."""
    return name.split(maxsplit=1)[0] if name[0].isdigit() else name


def _top(buckets: Sequence[Money]) -> float:
    # Heights of bars, not amounts: a float is all that a drawing can take.
    return float(max((one.amount for one in buckets), default=Decimal(0)) or 1) * 1.12


def _short(value: float) -> str:
    """12,300 is "12.3k": the exact figure is in the table."""
    for size, letter in ((1_000_000, "m"), (1_000, "k")):
        if abs(value) >= size:
            return f"{value / size:.1f}{letter}".replace(".0", "")
    return f"{value:.0f}"
