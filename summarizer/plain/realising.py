"""Facts as short sentences of ours (`config/realised.toml`): what is not known is left out, never guessed."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from config import load_table
from domain.digest import DigestSentence, Role
from domain.evidence import TITLE, whole
from domain.facts import Fact, FactKind, FactTable, StudyKind
from domain.paper import TrialRole, Version
from summarizer.choosing.plans import Plan
from summarizer.gate.realised import funder_name

_MOST_NAMES = 3
_REMEMBERED = 1_000
"""Funders; a few pay for most research."""
_FEW = 3
GRANTS = "grants/"
"""The places of funders in a record; other facts of funding are sentences of the paper."""
_ENGLISH_BODY = re.compile(
    r"(?<=\w )(?:Institutes?|Councils?|Foundation|Commission|Society|Fund|Agency|Ministry|Department|"
    r"Association|"
    r"Administration|Trust|Academy|Programme|Program|Union|Center|Centre|Institution)\b"
)
_FOREIGN = re.compile(r"\b(?:de|du|des|della|di|für|et|la|le|y|e|voor|van)\b|^University of|[^\x00-\x7F]|\d")
_VOWEL = re.compile(r"[aeio]|u(?!n[ai]|se|sa|ti)", re.I)


class Realiser:
    """Tells the facts of one table to one audience."""

    def __init__(self, table: FactTable, plan: Plan, version: Version) -> None:
        self._table = table
        self._plan = plan
        self._version = version
        self._words = load_table("realised")

    def sentences(self, told: Sequence[DigestSentence] = ()) -> list[DigestSentence]:
        """The sentences; a fact that `told` already holds is not said again, nor a limit where it has one."""
        said = self._facts(" ".join(sentence.text for sentence in told))
        limited = any(sentence.role is Role.LIMIT for sentence in told)
        return said if limited else [*said, *self._limit()]

    def brief(self, told: Sequence[DigestSentence]) -> list[DigestSentence]:
        """That little of the paper is told, where that is so."""
        if not self._plan.plain or len({one.evidence for one in told}) >= _FEW:
            return []
        title = whole(self._version, TITLE)
        return [DigestSentence(text, Role.LIMIT, title) for text in self._words["brief"]] if title else []

    def _facts(self, told: str) -> list[DigestSentence]:
        makers = {
            FactKind.KIND: self._kind,
            FactKind.PREPRINT: self._preprint,
            FactKind.NOTICE: self._notices,
            FactKind.SIZE: lambda: self._size(told),
            FactKind.COUNTRY: lambda: self._places(told),
            FactKind.REGISTRATION: lambda: self._registrations(told),
            FactKind.FUNDING: self._funding,
            FactKind.INTEREST: self._interests,
        }
        return [
            sentence
            for kind, maker in makers.items()
            if kind in self._plan.facts and self._table.first(kind) is not None
            for sentence in maker()
        ]

    def _each(self, kind: FactKind) -> list[Fact]:
        """The facts of a kind, the first of each value: what the text says comes before the record."""
        found: dict[str, Fact] = {}
        for fact in self._table.of(kind):
            found.setdefault(fact.value, fact)
        return list(found.values())

    def _row(self, row: Any) -> Sequence[str]:  # noqa: ANN401 - a list, or one for each audience
        chosen: Sequence[str] = row[self._plan.audience.value] if isinstance(row, dict) else row
        return chosen

    def _said(self, row: Sequence[str], facts: Sequence[Fact], **words: str) -> Iterator[DigestSentence]:
        first, *rest = (fact.evidence for fact in facts)
        also = tuple(evidence for evidence in dict.fromkeys(rest) if evidence != first)
        for template in row:
            text = template.format(**words)
            yield DigestSentence(_capital(text), self._plan.facts[facts[0].kind], first, also=also)

    def _kind(self) -> Iterator[DigestSentence]:
        fact = self._table.first(FactKind.KIND)
        kind = self._table.study_kind
        if fact is None or kind is StudyKind.UNKNOWN:
            return
        row = self._words["kind"][kind.value]
        species, names = self._species()
        design = self._table.first(FactKind.DESIGN)
        if design is not None:
            yield from self._design(design, species, names)
        elif species and "what_in" in row:
            yield from self._said(self._row(row["what_in"]), [fact, *species], species=names)
        else:
            yield from self._said(self._row(row["what"]), [fact])
        caution = self._words["other_caution"].get(design.value if design else "", row["caution"])
        yield from self._said(
            self._row(caution), [fact, *species], species=self._animals(species) or "animals"
        )

    def _limit(self) -> Iterator[DigestSentence]:
        """What such a study cannot show, where the paper itself names no limit."""
        if FactKind.LIMIT not in self._plan.facts:
            return
        fact, design = self._table.first(FactKind.KIND), self._table.first(FactKind.DESIGN)
        evidence = fact.evidence if fact else whole(self._version, TITLE)
        limit = self._words["kind"][self._table.study_kind.value]["limit"]
        limit = self._words["other_limit"].get(design.value if design else "", limit)
        if evidence is not None:
            yield from (DigestSentence(text, Role.LIMIT, evidence) for text in self._row(limit))

    def _species(self) -> tuple[list[Fact], str]:
        found = self._each(FactKind.SPECIES)
        short = self._words["species"]
        names = list(dict.fromkeys(short.get(f.value, f.value) for f in found))
        return found, _joined(names) or "animals"

    def _animals(self, species: Sequence[Fact]) -> str:
        """Whole living things: "What happens in human cells may not happen in people" is odd."""
        return _joined([fact.value for fact in species if fact.value not in self._words["no_animals"]])

    def _design(self, design: Fact, species: Sequence[Fact], names: str) -> Iterator[DigestSentence]:
        plain = self._words["designs"].get(design.value)
        if plain:
            yield from self._said(self._row(plain), [design])
            return
        within = bool(species) and names not in design.value
        row = self._words["design_in" if within else "design"]
        facts = [design, *species] if within else [design]
        yield from self._said(row, facts, a=_article(design.value), design=design.value, species=names)

    def _preprint(self) -> Iterator[DigestSentence]:
        yield from self._said(self._row(self._words["preprint"]), list(self._table.of(FactKind.PREPRINT)))

    def _notices(self) -> Iterator[DigestSentence]:
        for fact in self._each(FactKind.NOTICE):
            if fact.value in ("corrected", "concern"):
                yield from self._said(self._words[fact.value], [fact])

    def _size(self, told: str) -> Iterator[DigestSentence]:
        facts = [fact for fact in self._table.of(FactKind.SIZE) if all(q.unit for q in fact.quantities)]
        # Groups of one name that are the whole together are left to their sentence.
        fact = next((f for f in facts if len(f.quantities) == 1 or _is_beside(f)), None)
        # One in words ("Sixty-nine papers") is left to its sentence: numbers are told as printed.
        if fact is None or not re.search(r"\d", fact.value):
            return
        said = told.replace(",", "")
        if any(re.search(rf"(?<![\d.,]){re.escape(q.value)}(?![\d]|[.,]\d)", said) for q in fact.quantities):
            return
        rows = self._words["size"]
        numbers = [f"{int(q.value):,}" if q.value.isdecimal() else q.value for q in fact.quantities]
        units = [quantity.unit for quantity in fact.quantities]
        if len(numbers) > 1:
            (number, others), (unit, controls) = numbers, units
            words = {"number": number, "unit": unit, "others": others, "controls": controls}
            yield from self._said(rows["beside"], [fact], **words)
            return
        row = rows.get(self._table.study_kind.value, rows["other"])
        yield from self._said(
            row["one" if numbers == ["1"] else "many"], [fact], number=numbers[0], unit=units[0]
        )

    def _places(self, told: str) -> Iterator[DigestSentence]:
        facts = self._each(FactKind.COUNTRY)
        within = [f for f in facts if not f.evidence.place.startswith("authors/")]
        shown = within or facts
        names = [self._country(fact.value) for fact in shown]
        plain = [load_table("countries").get(fact.value, {}).get("name", "") for fact in shown]
        grouped = names != plain
        if not all(plain) or (not grouped and all(name in told for name in plain)):
            return
        row = self._words["done_in" if within else "authors_in"]
        yield from self._said(row, shown, places=_joined(names, most=6))

    def _country(self, code: str) -> str:
        """Its name; for policymakers with the income group in the year of publication, where known."""
        row = load_table("countries").get(code, {})
        name = str(row.get("name", ""))
        if code in self._words["the"]:
            name = f"the {name}"
        group = row.get("income", {}).get(str(self._version.year))
        if group is None or Role.COST not in self._plan.order or self._plan.audience.value != "policymaker":
            return name
        return str(self._words["income"]).format(country=name, a=_article(group), group=group)

    def _registrations(self, told: str) -> Iterator[DigestSentence]:
        for fact in self._table.of(FactKind.REGISTRATION):
            number = fact.quantities[0]
            # A trial that a paper only mentions is not its own.
            if number.measure == TrialRole.REPORTS and number.value not in told:
                yield from self._said(self._words["registration"], [fact], value=number.value)

    def _funding(self) -> Iterator[DigestSentence]:
        facts = [f for f in self._table.of(FactKind.FUNDING) if f.evidence.place.startswith(GRANTS)]
        if not facts:
            return
        known = self._words["funders"]
        named = list(dict.fromkeys(_funder(known.get(fact.value, fact.value)) for fact in facts))
        names = named[:_MOST_NAMES]
        if len(named) > len(names):
            names.append(self._words["others"])
        yield from self._said(self._row(self._words["funding"]), facts, names=_joined(names))

    def _interests(self) -> Iterator[DigestSentence]:
        fact = next(self._table.of(FactKind.INTEREST))
        key = "no_interests" if fact.negated else "interests"
        yield from self._said(self._row(self._words[key]), [fact])


def _is_beside(fact: Fact) -> bool:
    """Whether it counts two groups, of which one stands beside the other, and no third of the name of one."""
    units = {quantity.unit for quantity in fact.quantities}
    if len(fact.quantities) != 2 or len(units) != 2:
        return False
    others = fact.evidence.text.replace(fact.value, "")
    return not re.search(rf"\d (?:[\w-]+ ){{0,3}}(?:{'|'.join(map(re.escape, units))})\b", others, re.I)


def _joined(names: Sequence[str], most: int = 99) -> str:
    """ "Kenya, Uganda and Malawi"."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) > most:
        names = [*names[: most - 1], "other countries"]
    return f"{', '.join(names[:-1])} and {names[-1]}"


@lru_cache(_REMEMBERED)
def _funder(name: str) -> str:
    """A funder as it stands in a sentence: "the National Cancer Institute", but "Cancer Research UK"."""
    name = funder_name(name)
    first, *_ = name.split() or [""]
    english = _ENGLISH_BODY.search(name) and not _FOREIGN.search(name)
    return f"the {name}" if english and first.lower() != "the" else name


def _article(words: str) -> str:
    return "an" if _VOWEL.match(words) else "a"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
