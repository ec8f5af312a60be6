"""Our own short sentences (`config/realised.toml`): filled in with what the facts and their evidence hold."""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from domain.facts import Fact, FactKind, FactTable
from summarizer.gate.prose import has, split_words

_LONGEST = 1_500
_FIELD = re.compile(r"\\\{(\w+)\\\}")
_CODE = re.compile(r"^.*\| | \([a-z]{1,6}\)$")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_FILLING = frozenset(
    ["a", "an", "the", "and", "other", "others", "countries", "funders", "country", "income"]
)
_GROUPS = frozenset(["high", "low", "upper", "lower", "middle"])
"""Of income."""
_Template = tuple[tuple[str, ...], str, str, re.Pattern[str]]
"""Its place in the table, how it opens and closes, and itself."""
_NAMED = ("species", "design", "places", "names")
"""Fields that hold names of the fact table and no other words."""
_WHOLE = ("value",)
"""Fields that stand in the evidence as they are told: a registration number."""
_OF_DESIGN = ("designs", "other_caution", "other_limit")


def realised_faults(text: str, evidence: str, facts: FactTable) -> list[str] | None:
    """What our sentence says that neither the facts nor their evidence do; None where it is none of ours.

    Where it could be more than one of ours, it is read as the one that fits best.
    """
    readings = [_faults(path, fields, evidence, facts) for path, fields in _matches(text)]
    return min(readings, key=len) if readings else None


def is_caution(text: str) -> bool:
    """Whether it is one of our sentences that tell what such a study cannot show, not what it was."""
    return any("caution" in path or "other_caution" in path for path, _ in _matches(text))


def species_names(fact: Fact) -> tuple[str, ...]:
    """What a fact's species may be called."""
    short = load_table("realised").get("species", {})
    return fact.value.lower(), short.get(fact.value, fact.value).lower()


def funder_name(value: str) -> str:
    """A funder without what registers put to the name: "HHS | …", "Stanford University (su)"."""
    return _CODE.sub("", value)


def _faults(path: tuple[str, ...], fields: dict[str, str], evidence: str, facts: FactTable) -> list[str]:
    problems = []
    for field, told in fields.items():
        rest = _unnamed(_plain(told), _names(field, facts))
        unknown = set(split_words(rest)) - _FILLING - (_GROUPS if field == "places" else set())
        if unknown and field not in _NAMED:
            unknown -= set(split_words(_plain(evidence)))
        if field in _WHOLE and told.lower() not in evidence.lower():
            problems.append(f"fact not in the evidence: {told}")
        problems += [f"fact not in the evidence: {word}" for word in sorted(unknown)]
    if path[0] == "size":
        problems += _uncounted(fields, evidence, facts)
    if path[0] == "kind" and path[1] != facts.study_kind.value:
        problems.append(f"study kind: {path[1]} told of {facts.study_kind.value}")
    if path[0] in _OF_DESIGN and path[1] not in {fact.value for fact in facts.of(FactKind.DESIGN)}:
        problems.append(f"study kind: {path[1]} told of another design")
    return problems


def _uncounted(fields: dict[str, str], evidence: str, facts: FactTable) -> Iterator[str]:
    """Numbers told of others than those who were counted: "3,315 cases" of as many patients.

    Whoever was counted may be told as in the evidence: "90 consecutive patients".
    """
    sizes = [quantity for fact in facts.of(FactKind.SIZE) for quantity in fact.quantities]
    units = [(quantity.value, quantity.unit.lower()) for quantity in sizes]
    for number, unit in (("number", "unit"), ("others", "controls")):
        if number in fields:
            value, told = _plain(fields[number]), fields[unit].lower()
            in_full = value in dict(units) and has(_plain(evidence), f"{value} {told}")
            if not (in_full or (value, told) in units):
                yield f"fact not in the evidence: {fields[number]} {fields[unit]}"


def _names(field: str, facts: FactTable) -> Iterator[str]:
    """What may fill a field besides words of the evidence."""
    match field:
        case "species":
            yield from (name for fact in facts.of(FactKind.SPECIES) for name in species_names(fact))
            yield "animals"
        case "design":
            yield from (fact.value for fact in facts.of(FactKind.DESIGN))
        case "places":
            codes = (fact.value for fact in facts.of(FactKind.COUNTRY))
            yield from (load_table("countries").get(code, {}).get("name", "") for code in codes)
        case "names":
            known = load_table("realised").get("funders", {})
            for fact in facts.of(FactKind.FUNDING):
                yield from (fact.value, funder_name(fact.value), known.get(fact.value, ""))
        case "unit":
            yield from (q.unit for fact in facts.of(FactKind.SIZE) for q in fact.quantities)


def _unnamed(told: str, names: Iterator[str]) -> str:
    """What is left of `told` without the names, each taken out once."""
    for name in sorted({_plain(name) for name in names if name}, key=len, reverse=True):
        told = told.replace(name, " ", 1)
    return told


def _plain(text: str) -> str:
    return _GROUPED.sub("", text.lower()) if "," in text else text.lower()


def _matches(text: str) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    if len(text) > _LONGEST:
        return
    lower = text.lower()
    by_first, others = _by_first_word()
    for path, opening, closing, pattern in by_first.get(lower.partition(" ")[0], others):
        if lower.startswith(opening) and lower.endswith(closing) and (match := pattern.fullmatch(text)):
            yield path, match.groupdict()


@cache
def _by_first_word() -> tuple[dict[str, list[_Template]], list[_Template]]:
    """The templates that can begin with a word, by that word; and those that can begin with any."""
    templates = _templates()
    firsts = [opening.partition(" ")[0] if " " in opening else "" for _, opening, _, _ in templates]
    able = {
        word: [one for one, first in zip(templates, firsts, strict=True) if first in ("", word)]
        for word in firsts
    }
    return able, able.get("", [])


@cache
def _templates() -> list[_Template]:
    found = []
    for path, template in _strings(load_table("realised"), ()):
        if path[0] not in ("species", "income", "others", "the", "funders", "no_animals"):
            pattern = _FIELD.sub(r"(?P<\1>.{1,600}?)", re.escape(template))
            opening, closing = template.split("{")[0], template.rsplit("}")[-1]
            found.append((path, opening.lower(), closing.lower(), re.compile(pattern, re.I)))
    return found


def _strings(table: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(table, str):
        yield path, table
    elif isinstance(table, dict):
        for key, value in table.items():
            yield from _strings(value, (*path, key))
    elif isinstance(table, list):
        for value in table:
            yield from _strings(value, path)
