"""Whether a reader may apply, told from the facts that a provider states, each with its source and day.

What no sourced fact decides is "not stated": a guess would cost a reader weeks of writing, or the chance.
Facts about places and facts about career stages add up; several of the same sort are alternatives, and so is
one that names both. What is excluded stays so whatever else is said.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from config import load_table
from domain.listing import CareerStage, Eligibility, Opportunity

INCOME_GROUPS = {"L": "low", "LM": "lower-middle", "UM": "upper-middle", "H": "high"}
"""The World Bank's letters → the words of `config/countries.toml`."""
_OVERLAPS = (
    {CareerStage.STUDENT, CareerStage.DOCTORAL},
    {CareerStage.EARLY, CareerStage.DOCTORAL},
    {CareerStage.EARLY, CareerStage.POSTDOC},
)
_PROFESSIONS = frozenset({CareerStage.CLINICIAN, CareerStage.NURSE, CareerStage.PATIENT})


class Verdict(StrEnum):
    """Whether a reader may apply."""

    YES = "yes"
    NO = "no"
    NOT_STATED = "not-stated"


_RANKS = (Verdict.NO, Verdict.NOT_STATED, Verdict.YES)
"""From what says least for a reader to what says most."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a reader may apply, with the facts that decide it or, where nothing does, leave it open."""

    verdict: Verdict
    facts: tuple[Eligibility, ...] = ()
    silent: tuple[str, ...] = ()
    """Of `country` and `career stage`, those that no fact speaks of."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks; nothing of it is kept. What is empty was not told."""

    country: str = ""
    """ISO 3166-1 alpha-2."""
    career_stage: CareerStage | None = None
    year: int = 0
    """Whose income groups count."""


def fits(opportunity: Opportunity, country: str, career_stage: CareerStage | None, year: int) -> Fit:
    """Whether somebody from `country` at `career_stage` may apply, by the income groups of `year`."""
    stage = None if career_stage is CareerStage.ANYONE else career_stage
    reader = Reader(country.upper(), stage, year)
    facts = [fact for fact in opportunity.eligibility if _is_about_place(fact) or fact.career_stages]
    excluded = _judged([fact for fact in facts if fact.excluded], reader)
    included = _included([fact for fact in facts if not fact.excluded], reader)
    silent = _silent(facts)
    if excluded.verdict is Verdict.YES:
        return Fit(Verdict.NO, excluded.facts, silent)
    if included.verdict is Verdict.YES and excluded.verdict is Verdict.NOT_STATED and excluded.facts:
        return Fit(Verdict.NOT_STATED, excluded.facts, silent)
    return Fit(included.verdict, included.facts, silent)


def income_group(country: str, year: int) -> str:
    """The World Bank's letters for a country in a year; empty where the table does not have it."""
    words = _row(country).get("income", {}).get(str(year), "")
    return next((letters for letters, group in INCOME_GROUPS.items() if group == words), "")


def income_year(year: int) -> int:
    """The newest year up to `year` of which income groups are known; 0 where there is none."""
    rows = (row.get("income", {}) for row in load_table("countries").values() if isinstance(row, dict))
    return max((int(known) for known in chain.from_iterable(rows) if int(known) <= year), default=0)


def _row(country: str) -> dict[str, dict[str, str]]:
    row = load_table("countries").get(country, {})
    return dict(row) if isinstance(row, dict) and len(country) == 2 else {}


def _included(facts: Sequence[Eligibility], reader: Reader) -> Fit:
    places = [fact for fact in facts if not fact.career_stages]
    stages = [fact for fact in facts if not _is_about_place(fact)]
    both = [fact for fact in facts if fact.career_stages and _is_about_place(fact)]
    apart = _every([_judged(some, reader) for some in (places, stages) if some])
    together = _judged(both, reader)
    if apart is None:
        return together
    return max(apart, together, key=_rank) if both else apart


def _rank(fit: Fit) -> int:
    return _RANKS.index(fit.verdict)


def _every(fits_: Sequence[Fit]) -> Fit | None:
    """All of them have to say yes; one no is enough for no."""
    if not fits_:
        return None
    worst = min(fits_, key=_rank).verdict
    return Fit(worst, tuple(fact for fit in fits_ if fit.verdict is worst for fact in fit.facts))


def _judged(facts: Sequence[Eligibility], reader: Reader) -> Fit:
    """What alternatives say of the reader together, by the facts that say so."""
    told = [(fact, _names(fact, reader)) for fact in facts]
    for verdict in (Verdict.YES, Verdict.NOT_STATED, Verdict.NO):
        if found := tuple(fact for fact, said in told if said is verdict):
            return Fit(verdict, found)
    return Fit(Verdict.NOT_STATED)


def _names(fact: Eligibility, reader: Reader) -> Verdict:
    """Whether a fact names the reader; one without a source decides nothing."""
    parts = [_names_place(fact, reader)] if _is_about_place(fact) else []
    parts += [_names_stage(fact.career_stages, reader.career_stage)] if fact.career_stages else []
    if not fact.source:
        return Verdict.NOT_STATED
    if Verdict.NO in parts:
        return Verdict.NO
    return Verdict.NOT_STATED if Verdict.NOT_STATED in parts else Verdict.YES


def _names_place(fact: Eligibility, reader: Reader) -> Verdict:
    if not reader.country:
        return Verdict.NOT_STATED
    if reader.country in {code.upper() for code in fact.countries}:
        return Verdict.YES
    if not fact.income_groups:
        return Verdict.NO
    group = income_group(reader.country, reader.year)
    if not group:
        return Verdict.NOT_STATED
    return Verdict.YES if group in fact.income_groups else Verdict.NO


def _names_stage(stages: Iterable[CareerStage], own: CareerStage | None) -> Verdict:
    named = set(stages)
    if CareerStage.ANYONE in named or own in named:
        return Verdict.YES
    if own is None or any(_may_be_both(own, stage) for stage in named):
        return Verdict.NOT_STATED
    return Verdict.NO


def _may_be_both(one: CareerStage, other: CareerStage) -> bool:
    """Whether somebody can be both: a nurse may be a student, a doctoral student is one."""
    return {one, other} in _OVERLAPS or (one in _PROFESSIONS) != (other in _PROFESSIONS)


def _is_about_place(fact: Eligibility) -> bool:
    return bool(fact.countries or fact.income_groups)


def _silent(facts: Sequence[Eligibility]) -> tuple[str, ...]:
    told = {"country": any(map(_is_about_place, facts)), "career stage": any(f.career_stages for f in facts)}
    return tuple(name for name, stated in told.items() if not stated)


def applicants(year: int) -> Callable[[Opportunity, str, CareerStage | None], bool]:
    """Whether somebody of a country and career stage may apply, by the income groups known up to `year`."""
    known = income_year(year)

    def may_apply(opportunity: Opportunity, country: str, stage: CareerStage | None) -> bool:
        return fits(opportunity, country, stage, known).verdict is Verdict.YES

    return may_apply
