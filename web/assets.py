"""The style sheets and the icon, read once, named by their content."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that never changes under its name."""

    name: str
    media_type: str
    content: bytes


@cache
def load_asset(name: str, media_type: str) -> Asset:
    """A file of `web/static/`, its name carrying a hash of its content."""
    content = files("web").joinpath("static", name).read_bytes()
    if name.endswith(".css"):
        content = compact(content.decode()).encode()
    stem, _, suffix = name.rpartition(".")
    return Asset(f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{suffix}", media_type, content)


def compact(css: str) -> str:
    """The same style sheet without comments and the spaces that only people need.

    >>> compact("a { color: red;\\n} /* why */ b c { d: e }")
    'a{color:red}b c{d:e}'
    """
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s*([{};,])\s*", r"\1", css).replace(";}", "}")
    return re.sub(r":\s+", ":", re.sub(r"\s+", " ", css)).strip()


def style() -> Asset:
    """The style sheet of every page."""
    return load_asset("findings.css", "text/css; charset=utf-8")


def review_style() -> Asset:
    """What pages of digests and the reviewers' desk need beside it."""
    return load_asset("review.css", "text/css; charset=utf-8")


def organize_style() -> Asset:
    """What pages of people who are signed in need beside it."""
    return load_asset("organize.css", "text/css; charset=utf-8")


def subscribe_style() -> Asset:
    """What pages about letters need beside those."""
    return load_asset("subscribe.css", "text/css; charset=utf-8")


def styles() -> tuple[Asset, ...]:
    """Every style sheet."""
    return (style(), review_style(), organize_style(), subscribe_style())


def icon() -> Asset:
    """The mark as an SVG icon."""
    return load_asset("icon.svg", "image/svg+xml")
