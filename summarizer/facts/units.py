"""The unit right after a number: a word of the table, or a rate made of them ("ml/min")."""

import re

from summarizer.facts.tables import units

# A rate or content of which each part is a unit: "l/min", "mg/m2".
_COMPOUND = re.compile(
    r"(?:\s?|-)(?P<unit>(?:[µμmnpkdcf]?(?:g|l|L|mol|Eq|U|IU|M)|beats|breaths|cells|copies|kcal|kJ)"
    r"(?:/(?:1\.73 ?)?[A-Za-zµμ]+[23²³]?)+)(?![\w^]|\s?\(\d\))"
)
_RANGED = re.compile(r"\s?\((?:range[:,]? )?\d[\d.,]*\s?(?:-|to)\s?\d[\d.,]*\)")
_POWER = re.compile(r"\s?\([23]\)|[²³^]")
_TIMES = re.compile(
    r" (?:more|higher|greater|lower|less|as|the|that|longer|larger|fewer|shorter|faster)\b| \(9[059]\s?%"
)


def unit_after(text: str, end: int) -> tuple[str, int]:
    """The unit as told, and where it ends; empty where none stands there."""
    pattern, table = units()
    match = pattern.match(text, end)
    if (match is None or text.startswith("/", match.end())) and "/" in text[end : end + 10]:
        compound = _COMPOUND.match(text, end)
        if compound:
            return table.get(compound["unit"], compound["unit"]), compound.end()
    if match and match["unit"] == "times" and not _TIMES.match(text, match.end()):
        return "", end
    if match and _POWER.match(text, match.end()):
        return "", end
    if not match or (match["unit"] in ("m", "h", "g") and text[match.end() : match.end() + 1] in "/."):
        return "", end
    return table.get(match["unit"], match["unit"]), match.end()


def range_before_unit(text: str, end: int) -> re.Match[str] | None:
    """The range in brackets between a number and its unit: "9 (5-20) mm"."""
    match = _RANGED.match(text, end)
    return match if match and unit_after(text, match.end())[0] else None
