"""Our own short sentences (`config/realised.toml`): filled in with what the facts and their evidence hold."""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from domain.facts import FactKind, FactTable
from summarizer.gate.prose import WORD

_LONGEST = 1_500
_FIELD = re.compile(r"\\\{(\w+)\\\}")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_FILLING = frozenset(["a", "an", "and", "other", "others", "countries", "funders", "country", "income"])
_GROUPS = frozenset(["high", "low", "upper", "lower", "middle"])
"""Of income."""


def realised_faults(text: str, evidence: str, facts: FactTable) -> list[str] | None:
    """What our sentence says that neither the facts nor their evidence do; None where it is none of ours.

    Where it could be more than one of ours, it is read as the one that fits best.
    """
    matches = list(_matches(text))
    if not matches:
        return None
    known = set(WORD.findall(_plain(evidence))) | set(WORD.findall(" ".join(_values(facts)).lower()))
    return min((_faults(path, fields, known, facts) for path, fields in matches), key=len)


def _faults(path: tuple[str, ...], fields: dict[str, str], known: set[str], facts: FactTable) -> list[str]:
    problems = [
        f"fact not in the evidence: {word}"
        for value in fields.values()
        for word in WORD.findall(_plain(value))
        if word not in known | _FILLING | _GROUPS
    ]
    if path[0] == "kind" and path[1] != facts.study_kind.value:
        problems.append(f"study kind: {path[1]} told of {facts.study_kind.value}")
    return problems


def _values(facts: FactTable) -> Iterator[str]:
    short = load_table("realised").get("species", {})
    for fact in facts.of(FactKind.SPECIES, FactKind.DESIGN, FactKind.COUNTRY, FactKind.SIZE):
        yield fact.value
        yield from (quantity.unit for quantity in fact.quantities)
        if fact.kind is FactKind.COUNTRY:
            yield load_table("countries").get(fact.value, {}).get("name", "")
        if fact.kind is FactKind.SPECIES:
            yield short.get(fact.value, "animals")


def _plain(text: str) -> str:
    return _GROUPED.sub("", text.lower())


def _matches(text: str) -> Iterator[tuple[tuple[str, ...], dict[str, str]]]:
    if len(text) > _LONGEST:
        return
    lower = text.lower()
    for path, opening, pattern in _templates():
        if lower.startswith(opening) and (match := pattern.fullmatch(text)):
            yield path, match.groupdict()


@cache
def _templates() -> list[tuple[tuple[str, ...], str, re.Pattern[str]]]:
    found = []
    for path, template in _strings(load_table("realised"), ()):
        if path[0] not in ("species", "income", "others"):
            pattern = _FIELD.sub(r"(?P<\1>.{1,600}?)", re.escape(template))
            found.append((path, template.split("{")[0].lower(), re.compile(pattern, re.I)))
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
