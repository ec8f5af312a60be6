"""Text as sources write it, made plain: markup, entities, languages and dates."""

import re
import unicodedata
from datetime import date
from functools import cache
from html import unescape
from html.entities import html5

from config import load_table
from domain.instants import MONTHS

_INLINE = """a abbr alternatives b bold big cite code del dfn em ext-link font i inf ins italic kbd label mark
    monospace named-content q roman s samp sans-serif sc scp small span strike strong styled-content sub sup
    tt u underline var xref"""
_BLOCK = """abstract abstracttext article blockquote body br break caption center dd disp-formula div dl dt
    fig figure footer graphic h1 h2 h3 h4 h5 h6 head header hr html img inline-formula inline-graphic li list
    list-item main math ol p para pre sec section subtitle table tbody td th thead title tr ul"""
_MATH = """maction menclose merror mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts
    mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"""
"""MathML that stands without its prefix."""
_NAMES = "|".join(
    (r"i|su[bp]|b|italic|p|(?:jats|mml|ce|xhtml):[a-z][\w-]*", *f"{_INLINE} {_BLOCK} {_MATH}".split())
)
"""The commonest first: `re` tries one after the other."""
_VALUE = r"""(?:"[^"<]*"|'[^'<]*'|[^\s<>"'/]+)"""
_TAG = re.compile(
    # Only names we know, so that "a<b and c>d" or "<LOD>" in a sentence stays as it is.
    rf"<(/?)({_NAMES})(?:\s+[a-z_][\w:.-]*\s*=\s*{_VALUE})*\s*/?>",
    re.IGNORECASE,
)
_ELEMENT = re.compile(r"</?([A-Za-z_][\w.:-]*)[^<>]*>")
_KEPT_TOGETHER = frozenset(f"{_INLINE} {_MATH}".split())
_FORMULAS = frozenset({"math", "mml:math", "inline-formula"})
_FORMULA_EDGE = "\x1f"
"""Stands where a formula begins or ends until it is known what is beside it; it counts as a space."""
_AFTER_OPENING = re.compile(rf"([(\[])\s{{0,200}}{_FORMULA_EDGE}\s*")
_BEFORE_CLOSING = re.compile(rf"\s{{0,200}}{_FORMULA_EDGE}\s*(?=[)\],;:.%’'–-])")
_HIDDEN = ("script", "style", "tex-math", "jats:tex-math", "annotation")
SHAPED = ("sup", "{*}msup", "{*}mfrac", *_BLOCK.split(), *(name for name in _HIDDEN if ":" not in name))
"""Elements without which text would not read as it is printed."""
_UNSEEN = {
    **{f"<{name}": f"</{name}>" for name in _HIDDEN},
    "<!--": "-->",
    "<?": "?>",
}
_POWER = re.compile(r"<(?<=\d<)sup>\s*([+\-−–]?\d{1,3})\s*</sup>(?!\s*[,;]\s*\d)", re.IGNORECASE)
_MATH_POWER = re.compile(
    r"(?<=>)\s*(?:<(?:mml:)?mrow[^<>]*>\s*)?(?:<(?:mml:)?mo[^<>]*>\s*([+\-−–])\s*</(?:mml:)?mo>\s*)?"
    r"<(?:mml:)?mn[^<>]*>\s*([+\-−–]?\d{1,3})\s*</(?:mml:)?mn>\s*(?:</(?:mml:)?mrow>\s*)?(?=</(?:mml:)?msup>)"
)
_MATH_LEAF = r"<(?:mml:)?m(?:[nio]|text)\b[^<>]*>([^<>]{1,40})</(?:mml:)?m(?:[nio]|text)>"
_FRACTION = re.compile(rf"<(?:mml:)?mfrac\b[^<>]*>\s*{_MATH_LEAF}\s*{_MATH_LEAF}\s*(?=</(?:mml:)?mfrac>)")
_SUPERSCRIPT = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
_MARKED = re.compile(rf"<[/!?A-Za-z]|\]\]>|{_FORMULA_EDGE}")
"""What a text with markup holds; another `<` is less than a number."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\ud800-\udfff]"
)
_SHORT = 40
_PLAIN = bytes(range(0x20, 0x7F))
_COMMON = re.compile(
    "[\xa1-\xac\xae-\u02ff\u0391-\u03a1\u03a3-\u03a9\u03b1-\u03c9\u2010-\u2027\u2030-\u205e\u2200-\u22ff]*"
)
"""Letters of Latin and Greek, marks and signs of mathematics."""


def plain_text(html: str) -> str:
    """The text in `html` as a reader sees it, on one line, fit for XML and for display.

    Tags and entities go (also such as were escaped twice), powers of numbers become superscripts, and
    characters that cannot be seen or that turn the reading direction are dropped.

    >>> plain_text("<p>Survival<br/>rose (<i>p</i> &amp;lt; 0.01)</p>")
    'Survival rose (p < 0.01)'
    """
    if "&" not in html and not ("<" in html and _MARKED.search(html)):
        return tidy(html)
    text = _without_tags(_without_unseen(html))
    for _ in range(2):
        if "&" not in text:
            break
        text = _ENTITY.sub(_character, text)
    if "<" in text:
        text = _without_tags(_without_unseen(text))
    return tidy(text)


def known_tags(markup: str) -> str:
    """`markup`, which is sure to be XML, without the tags that `plain_text` would take for words."""
    return _ELEMENT.sub(
        lambda match: match[0] if _TAG.fullmatch(match[0]) or match[1] in _HIDDEN else "", markup
    )


def _character(match: re.Match[str]) -> str:
    entity = match[0]
    return unescape(entity) if entity[1] == "#" or entity[1:] in html5 else entity


def tidy(text: str) -> str:
    """`text`, which has no markup, on one line and without characters that cannot be seen."""
    if text.isalnum() and text.isascii():
        return text  # a single word, as most values are
    short = len(text) < _SHORT
    if (text.isascii() and text.isprintable()) if short else has_only_common(text):
        return (" ".join(text.split()) if "  " in text else text).strip(" ")
    if "  " in text or not text.isprintable():
        text = " ".join(text.split())
        if has_only_common(text):
            return text  # what could not be seen were line ends
        text = " ".join(_INVISIBLE.sub("", text).split())
    return unicodedata.normalize("NFC", text.strip(" "))


def has_only_common(text: str, besides: bytes = b"") -> bool:
    """Whether `text` has only letters that can be seen and stay as they are when normalised, and `besides`.

    No part of such a text needs `tidy`, but for its spaces. Plain letters, which nearly all are, are struck
    out at once: Python would ask of each what it is.
    """
    others = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN + besides)
    return not others or _COMMON.fullmatch(others.decode("utf-8", "surrogatepass")) is not None


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    if "msup>" in text:
        text = _MATH_POWER.sub(lambda match: raised((match[1] or "") + match[2]), text)
    if "mfrac>" in text:
        text = _FRACTION.sub(r"\1/\2", text)
    text = _TAG.sub(_tag_gap, _POWER.sub(lambda match: raised(match[1]), text))
    if _FORMULA_EDGE in text:
        text = _BEFORE_CLOSING.sub("", _AFTER_OPENING.sub(r"\1", text))
    return text


def raised(text: str) -> str:
    """`text` with its digits and signs as superscripts."""
    return text.translate(_SUPERSCRIPT)


def _tag_gap(match: re.Match[str]) -> str:
    name = match[2].lower().removeprefix("jats:")
    if name in _FORMULAS:
        return _FORMULA_EDGE
    return "" if name in _KEPT_TOGETHER or name.startswith("mml:") else " "


def _without_unseen(text: str) -> str:
    """Leave out comments, scripts, styles and formulas in TeX, in time linear in the text."""
    text = text.replace("<![CDATA[", "").replace("]]>", "")
    lowered = text.lower()
    for start, end in _UNSEEN.items():
        if start not in lowered or len(lowered) != len(text):
            continue
        kept, position = [], 0
        while (begin := lowered.find(start, position)) >= 0:
            stop = lowered.find(end, begin)
            if stop < 0:
                break
            kept.append(text[position:begin])
            position = stop + len(end)
        text = " ".join((*kept, text[position:]))
        lowered = text.lower()
    return text


_TRANSLATED = re.compile(r"\[([^\[]+?)(?: \(author's transl\))?\]\.?")
_CLOSING_STOP = re.compile(r"(?<=[^.\s])(?<!\b[A-Z])(?<!\b(?:al|sp|vs|Jr|Sr))(?<!\b(?:etc|spp|Inc|Ltd))\.$")


_REVIEWED = re.compile(r"\[version \d+; (?:not )?(?:peer review|referees?)[^\[\]]*\]\.?$", re.IGNORECASE)
"""What F1000 and its sisters put behind their titles."""


def unreviewed(title: str) -> str:
    """A title without what its platform says behind it of versions and reviews.

    >>> unreviewed("An invented trial [version 2; peer review: 1 approved]")
    'An invented trial'
    >>> unreviewed("An invented view [version 1; not peer reviewed]")
    'An invented view'
    """
    return _REVIEWED.sub("", title).rstrip() if "[version " in title else title


def title_text(given: str) -> str:
    """A title as its journal prints it: MEDLINE puts translated ones in brackets and a stop after all.

    >>> title_text("[An invented trial in breast cancer].")
    'An invented trial in breast cancer'
    >>> title_text("Survival in the U.S.")
    'Survival in the U.S.'
    """
    match = _TRANSLATED.fullmatch(given)
    text = match[1] if match else given
    text = unreviewed(text)
    return text[:-1] if text.endswith(".") and _CLOSING_STOP.match(text, len(text) - 1) else text


def with_subtitle(title: str, subtitle: str) -> str:
    """A title with its subtitle, where that is not in it already.

    >>> with_subtitle("Does it work?", "an invented trial"), with_subtitle("A trial", "part 2")
    ('Does it work? an invented trial', 'A trial: part 2')
    """
    if not title or not subtitle or subtitle.casefold() in title.casefold():
        return title
    return f"{title}{'' if title[-1] in ':?!.-–—' else ':'} {subtitle.lstrip(':–— ')}"


def language_tag(code: str) -> str:
    """The BCP 47 tag of a language given by ISO 639 code, tag or name; `und` when it is not known.

    >>> language_tag("ger"), language_tag("pt_BR"), language_tag("Klingon?")
    ('de', 'pt', 'und')
    """
    name = code.strip().casefold()
    tags = _language_tags()
    return tags.get(name) or tags.get(re.split(r"[-_]", name)[0], "und")


@cache
def _language_tags() -> dict[str, str]:
    tags: dict[str, str] = {}
    for tag, names in load_table("languages").items():
        tags |= dict.fromkeys((tag, *names), tag)
    return tags


_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_ISO_DATE = re.compile(r"\s*(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ].*)?\s*", re.DOTALL)
_UNPARTED_DATE = re.compile(r"\s*((?:19|20)\d\d)(?!19|20)(\d\d)(\d\d)\s*")
"""The year first: that of 20082019 may be the last."""


def partial_date(
    year: str | int | None, month: str | int | None = None, day: str | int | None = None
) -> str | None:
    """The ISO 8601 date that these parts give, as precise as they are sure; None without a year.

    A season or a span of months is no month, and a day that the calendar lacks is left out.

    >>> partial_date("2014", "Mar", "3"), partial_date("2014", "Spring"), partial_date("2014-03-06")
    ('2014-03-03', '2014', '2014-03-06')
    """
    given = str(year or "")
    if month is None and (whole := _ISO_DATE.fullmatch(given)):
        return partial_date(*whole.groups())
    found = _YEAR.search(given)
    if not found:
        unparted = _UNPARTED_DATE.fullmatch(given)
        return partial_date(*unparted.groups()) if unparted else None
    number = _month_number(str(month or ""))
    if not number:
        return found[1]
    try:
        return date(int(found[1]), number, int(str(day or "").strip())).isoformat()
    except ValueError:
        return f"{found[1]}-{number:02}"


def _month_number(text: str) -> int | None:
    name = text.strip().rstrip(".").lower()
    if name.isascii() and name.isdigit():
        return int(name) if 1 <= int(name) <= 12 else None
    return MONTHS.index(name[:3]) + 1 if name.isalpha() and name[:3] in MONTHS else None
