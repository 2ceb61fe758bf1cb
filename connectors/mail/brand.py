"""Brand: a company's own colour and logo in its messages, and ours where its colour could not be read.

A colour is used for the button, with black or white on it, whichever reads better; and for the company's name where it
stands out from white paper as text must (WCAG 2.2, 1.4.3: 4.5 to 1).
"""

from __future__ import annotations

import re

from msgspec import Struct

HOUSE_TITLE, HOUSE_BUTTON = "#24453a", "#24594a"
WHITE, BLACK = "#ffffff", "#000000"
READABLE = 4.5


class Look(Struct, frozen=True):
    """Colours of one message, each as `#rrggbb`."""

    title: str = HOUSE_TITLE
    button: str = HOUSE_BUTTON
    on_button: str = WHITE
    is_own: bool = False
    """The company's colour: it stays in dark mode too."""


def look_of(colour: str) -> Look:
    """The look by a company's colour; the house's own for "" and for what is no colour."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        return Look()
    on_button = WHITE if contrast(colour, WHITE) >= contrast(colour, BLACK) else BLACK
    title = colour if contrast(colour, WHITE) >= READABLE else HOUSE_TITLE
    return Look(title=title, button=colour, on_button=on_button, is_own=True)


def contrast(one: str, other: str) -> float:
    """From 1 (the same) to 21 (black on white), by the formula of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
