"""A list's own colour, made to be read on light and on dark ground."""

import re
from dataclasses import dataclass
from functools import lru_cache

from subscriptions.letters.rendering import SITE_COLOURS, Colours

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3."""
_WASH, _DARK_WASH = (241, 245, 244), (23, 33, 32)
"""The ground of editors' notes, nearer to any colour than that of the page."""
_COLOUR = re.compile("#[0-9a-fA-F]{6}")
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Look:
    """Whose name and colour a letter bears."""

    brand: str
    home: str
    """The address that the name leads to."""
    accent: str = SITE_COLOURS[0]
    own: bool = False
    """Whether they are a list's own."""

    @property
    def colours(self) -> Colours:
        """The colours that templates take."""
        return accents(self.accent)


@lru_cache(1_024)
def accents(colour: str) -> Colours:
    """The colour on light and on dark ground, as near to `colour` as can be read; else the site's own.

    >>> accents("#0b5750")[0], accents("url(x)")[0], accents("#ffff00")[0] != "#ffff00"
    ('#0b5750', '#0b5750', True)
    """
    if not _COLOUR.fullmatch(colour) or colour.lower() == SITE_COLOURS[0]:
        return SITE_COLOURS
    rgb = (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:], 16))
    return _readable(rgb, _WASH, (0, 0, 0)), _readable(rgb, _DARK_WASH, (255, 255, 255))


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """How far two colours stand apart, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _readable(
    colour: tuple[int, int, int], ground: tuple[int, int, int], towards: tuple[int, int, int]
) -> str:
    for step in range(_STEPS + 1):
        mixed = tuple(round(c + (t - c) * step / _STEPS) for c, t in zip(colour, towards, strict=True))
        red, green, blue = mixed
        if contrast((red, green, blue), ground) >= LEAST_CONTRAST:
            return f"#{red:02x}{green:02x}{blue:02x}"
    raise AssertionError("black and white are always read")


def _luminance(colour: tuple[int, int, int]) -> float:
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
