"""Text with the TeX that its authors wrote (arXiv keeps it), made plain as far as letters can show it."""

import re
import unicodedata
from collections import deque

from crawler.records.text import plain_text, raised

_ACCENT = re.compile(
    r"""\\(?:([`'"^~=.])\s*|([uvHckr])(?=\{|\s+[A-Za-z]\b)\s*)(?:\{\s*\\?([A-Za-z])\s*\}|\\?([A-Za-z]))"""
)
_COMBINING = dict(
    zip(
        "`'\"^~=.uvHckr",
        "\u0300\u0301\u0308\u0302\u0303\u0304\u0307\u0306\u030c\u030b\u0327\u0328\u030a",
        strict=True,
    )
)
_LETTER = re.compile(r"\\(aa|AA|ae|AE|oe|OE|ss|o|O|l|L)(?:\{\}|\b\s?)")
_LETTERS = {
    "aa": "å",
    "AA": "Å",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
}
_STYLE = re.compile(
    r"\\(?:emph|text(?:it|bf|rm|sc|sf|tt|up|normal)?|mbox|mathrm|mathbf|mathit|underline)(?=\s*\{)"
)
_ESCAPED = re.compile(r"\\([%&#_$])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_COMMAND = re.compile(r"\\[A-Za-z]|[\^{]")
_BRACES = str.maketrans("", "", "{}")
_GREEK = """alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon
    phi chi psi omega"""
_SIGNS = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {_name}") for name, _name in (
        (one, "LAMDA" if one == "lambda" else one.upper()) for one in _GREEK.split()
    )},
    **{name.capitalize(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper()}")
       for name in ("gamma", "delta", "theta", "xi", "pi", "sigma", "phi", "psi", "omega")},
    "times": "×", "pm": "±", "mp": "∓", "cdot": "·", "sim": "~", "approx": "≈", "simeq": "≃", "equiv": "≡",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "ll": "≪", "gg": "≫", "neq": "≠", "ne": "≠",
    "to": "→", "rightarrow": "→", "infty": "∞", "propto": "∝", "circ": "°", "ell": "ℓ", "prime": "′",
    "varepsilon": "ε", "varphi": "φ", "Lambda": "Λ",
}  # fmt: skip
_SIGN = re.compile(rf"\\({'|'.join(sorted(_SIGNS, key=len, reverse=True))})(?![A-Za-z])")
_POWER = re.compile(r"\^\s*(?:\{\s*([+−–-]?\d{1,4})\s*\}|(\d))")
_DEGREE = re.compile(r"\^\s*(?:\{\s*([°′])\s*\}|([°′]))")
_SPACE = re.compile(r"\\[,;:! ]|(?<!\\)~")
_FORMULA = re.compile(r"[\\^{}]|_[^_]")
"""What is left of a formula that is more than letters and signs."""


def plain(text: str) -> str:
    """`text` without the TeX for accents, signs and simple formulas; what is more stays as it is.

    >>> plain(r"95\\% of J\\'er\\^ome's $\\beta$-cells, $n=10^6$ and $\\frac{a}{b}$")
    "95% of Jérôme's β-cells, n=10⁶ and $\\\\frac{a}{b}$"
    """
    parts = deque(_DOLLAR.split(text))
    if len(parts) == 1 and "\\" not in text:
        return plain_text(text)
    shown = [_words(parts.popleft())]
    while parts:
        part = parts.popleft()
        if parts and _is_formula(part, parts[0]):
            shown += [_formula(part), _words(parts.popleft())]
        else:
            shown += ["$", _words(part)]
    return plain_text("".join(shown))


def _is_formula(text: str, after: str) -> bool:
    """Whether two dollar signs enclose a formula: they may be of sums of money.

    A space within or a digit behind makes it one of money, unless TeX stands between and no sum.
    """
    spaced = text != text.strip()
    if not spaced and not after[:1].isdigit():
        return True
    return _COMMAND.search(text) is not None and not (text[:1].isdigit() and spaced)


def _words(text: str) -> str:
    if "\\" not in text:
        return text
    text = _ACCENT.sub(lambda m: f"{m[3] or m[4]}{_COMBINING[m[1] or m[2]]}", text)
    text = _LETTER.sub(lambda m: _LETTERS[m[1]], text)
    return _ESCAPED.sub(r"\1", _STYLE.sub("", text)).translate(_BRACES)


def _formula(given: str) -> str:
    """A formula in letters, where it is one of letters, signs and powers; else between its marks."""
    text = _SIGN.sub(lambda m: _SIGNS[m[1]], _SPACE.sub(" ", _STYLE.sub("", given)))
    text = _POWER.sub(lambda m: raised(m[1] or m[2]), _DEGREE.sub(lambda m: m[1] or m[2], text))
    text = _ESCAPED.sub(r"\1", text)
    bare = re.sub(r"\{([^{}\\^_]*)\}", r"\1", text)
    return f"${given}$" if _FORMULA.search(bare) else bare
