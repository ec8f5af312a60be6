"""A text as a QR code, drawn in the page: no picture is fetched, and nobody else sees what it says."""

import segno
from markupsafe import Markup

_SCALE = 4
"""Pixels of each dot: what a telephone reads from a screen at arm's length."""


def to_svg(text: str, title: str) -> Markup:
    """`text` as an SVG element; dark on light under any theme, as every camera reads it."""
    code = segno.make(text, error="m", micro=False)
    drawn: str = code.svg_inline(
        scale=_SCALE, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, title=title
    )
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704 - segno escapes the title
