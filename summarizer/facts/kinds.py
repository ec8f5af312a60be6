"""What kind of evidence a paper gives, from what design, and in which species.

Work in animals or cells must never be told as if it were in people: where signs disagree, the weaker evidence
counts, and what no sign tells stays unknown.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from domain.digest import Role
from domain.evidence import TITLE, Evidence, whole
from domain.facts import Fact, FactKind, StudyKind
from summarizer.facts.tables import Species, designs, sign, species, study_kind
from summarizer.facts.told import Page, Told
from summarizer.text.sieve import Sieved, sieved

_NO_STUDY = frozenset({"protocol", "editorial", "notice", "guideline", "data"})
_SET = (StudyKind.REVIEW, StudyKind.QUALITATIVE, StudyKind.MODEL)
_HUMAN = (StudyKind.TRIAL, StudyKind.OBSERVATIONAL)
_TRIED = (StudyKind.TRIAL, StudyKind.UNKNOWN)
_OTHERS_WORK = sieved(
    r"\b(?:previous|earlier|prior|published|recent) (?:[\w-]+ ){0,3}(?:trials|studies|reports|work)\b|"
    r"\bsecondary (?:data )?analys[ie]s\b|\bpost[- ]hoc\b|\bdata from (?:an?|the|two|three|several)\b|"
    r"\bmendelian\b|\b(?:further|future|larger) (?:[\w-]+,? ){0,6}(?:trials?|studies|study)\b|"
    r"\brandomi[sz]ed (?:[\w-]+ ){0,3}trials (?:is|are|were) (?:needed|required|warranted)",
    re.I,
)
# Animals that people met are none that were studied: "exposure to cattle", "bites of dogs".
_MET = re.compile(
    r"\b(?:exposures? to|exposed to|contacts? with|bit(?:es?|ten) (?:of|by|from)|allerg\w+ to|"
    r"transmi\w+ (?:from|by)|owners? of|farmers? of|vicinity of)(?: (?!in\b|of\b|and\b|on\b)[\w-]+){1,4}"
)
_TO_COME = sieved(r"\bwill be\b|\b(?:we|participants|patients) will\b", re.I)
# What was done besides, such as how a guideline came about that will be updated.
_DONE = sieved(r"\b(?:was|were|did|(?:we|panel|group|authors|experts) (?:\w+ly )?\w+ed)\b", re.I)
_MANY_SIGNS = 2
_COMPARED = 3
"""So many species are compared, not kept."""
# A review that only hopes for animal models, or tells of people too, is none of animals.
_GATHERED = re.compile(
    r"^(?!.*\b(?:clinical and (?:preclinical|animal)|(?:preclinical|animal) and clinical|human)\b)"
    r".*\b(?:included|searched|identified|eligible|found|meta-analys\w+)\b",
    re.I,
)


def kinds(page: Page) -> tuple[StudyKind, list[Fact]]:
    """The kind of evidence, with the facts that say it: kind, design, species."""
    found = list(_species(page))
    kind, evidence = _kind(page, found)
    facts = []
    if kind is not StudyKind.UNKNOWN and evidence:
        facts.append(Fact(FactKind.KIND, kind.value, evidence))
    if design := _design(page, kind):
        facts.append(design)
    facts.extend(_species_facts(page, kind, found))
    return kind, facts


def _species(page: Page) -> Iterator[tuple[Species, Told]]:
    """Each species named in what tells of the study itself, with the first sentence that names it."""
    seen = set()
    text = page.study_text.lower()
    likely = [one for one in species() if any(hint in text for hint in one.hints)]
    if any(one.name in ("dogs", "cats") for one in likely) and _first(page, "pets"):
        likely = [one for one in likely if one.name not in ("dogs", "cats")]
    for told in page.study if likely else ():
        low = told.plain.lower()
        kept = _MET.sub(" ", low)
        for one in likely:
            if one.name not in seen and one.pattern.search(low if one.laboratory else kept):
                seen.add(one.name)
                yield one, told


def _kind(page: Page, found: list[tuple[Species, Told]]) -> tuple[StudyKind, Evidence | None]:
    code = page.version.study_type or ""
    if code in _NO_STUDY or _is_planned(page):
        return StudyKind.UNKNOWN, None
    base = StudyKind(study_kind(code) or StudyKind.UNKNOWN)
    if base in (StudyKind.UNKNOWN, StudyKind.OBSERVATIONAL) and _first(page, "agreed"):
        return StudyKind.UNKNOWN, None  # what experts agreed on was not observed
    animal = next((told for one, told in found if not one.laboratory), None) or _first(page, "animal")
    part = _first(page, "took_part")
    named = whole(page.version, "study_type")
    if base is StudyKind.REVIEW and page.title and sign("about_reviews").search(page.title.plain):
        return StudyKind.UNKNOWN, None
    if looked_at := _looked_at(page, base, code, animal):
        return StudyKind.OBSERVATIONAL, _evidence(page, looked_at)
    if base in _SET:
        return base, _evidence(page, _first(page, _SIGN_OF[base])) or named
    if base in _HUMAN:
        return _human(page, base, animal, part) or (StudyKind.UNKNOWN, None)
    if base is StudyKind.UNKNOWN:
        return _by_signs(page, animal, part, found)
    laboratory = _first(page, "laboratory") or next((told for _, told in found), None)
    if animal:
        return StudyKind.ANIMAL, _evidence(page, animal)
    laboratory = laboratory or _first(page, "molecular") or _first(page, "cells")
    if laboratory or base is StudyKind.LABORATORY:
        return StudyKind.LABORATORY, _evidence(page, laboratory) or named
    return base, named


def _is_planned(page: Page) -> bool:
    """Whether methods are told of what will be done and no result is told: such a study has shown nothing."""
    if next(page.own(Role.RESULT), None):
        return False
    methods = [told.plain for told in page.own(Role.METHOD)]
    to_come = sum(_TO_COME.search(text) is not None for text in methods)
    done = sum(_DONE.search(text) is not None and _TO_COME.search(text) is None for text in methods)
    return to_come >= _MANY_SIGNS and to_come > done


def _looked_at(page: Page, base: StudyKind, code: str, animal: Told | None) -> Told | None:
    """What says that people were only looked at, whatever the paper is indexed as."""
    if base is StudyKind.REVIEW and page.title and sign("single_case").search(page.title.plain):
        return page.title
    if base in _TRIED and not animal and page.title and sign("looked_back").search(page.title.plain):
        return page.title  # at those of earlier trials, too
    if code == "review":  # so indexers call "a review of our patients", too
        return _first(page, "own_records")
    if base is StudyKind.MODEL and not (_first(page, "model") or _first(page, "made_up")):
        return _first(page, "natural_trial")  # costs before and after a change are no model
    return None


_SIGN_OF = {
    StudyKind.REVIEW: "review",
    StudyKind.QUALITATIVE: "qualitative",
    StudyKind.MODEL: "model",
}


def _human(
    page: Page, base: StudyKind, animal: Told | None, part: Told | None
) -> tuple[StudyKind, Evidence | None] | None:
    """Whether a study that is indexed as one of people really is."""
    people = part or _first(page, "people")
    if animal and not people:
        return StudyKind.ANIMAL, _evidence(page, animal)
    if animal and not part and animal.place == TITLE:
        return StudyKind.ANIMAL, _evidence(page, animal)
    named = whole(page.version, "study_type")
    drawn = _first(page, "drawn")
    if drawn and not animal:
        return StudyKind.TRIAL, _evidence(page, drawn)
    if base is StudyKind.TRIAL and not people:
        for kind, name in ((StudyKind.REVIEW, "review"), (StudyKind.MODEL, "made_up")):
            if told := _first(page, name):
                return kind, _evidence(page, told)
        return None
    if base is StudyKind.TRIAL:
        return base, _evidence(page, _first(page, "given")) or named
    if not people and _first(page, "laboratory"):
        return None
    return base, _evidence(page, part) or named


def _by_signs(
    page: Page, animal: Told | None, part: Told | None, found: list[tuple[Species, Told]]
) -> tuple[StudyKind, Evidence | None]:
    """The kind told by words alone."""
    given = _first(page, "given")
    if given and not animal and (part or _first(page, "people")):
        return StudyKind.TRIAL, _evidence(page, given)
    if named := _by_name(page):
        return named
    laboratory = [] if _is_mined(page) else _all(page, "laboratory")
    if animal and not laboratory and len(found) >= _COMPARED and len(_all(page, "computed")) >= _MANY_SIGNS:
        return StudyKind.UNKNOWN, None  # what is calculated for many species is no work with them
    if animal:
        return StudyKind.ANIMAL, _evidence(page, animal)
    plain = None if laboratory else _plainly(page, part)
    if plain:
        return plain
    model = _all(page, "model")
    if model and not part and (model[0].place == TITLE or len(model) >= _MANY_SIGNS) and len(laboratory) < 3:
        return StudyKind.MODEL, _evidence(page, model[0])
    if laboratory and not part and (len(laboratory) >= _MANY_SIGNS or not _first(page, "people")):
        return StudyKind.LABORATORY, _evidence(page, laboratory[0])
    if _is_molecular(page, laboratory or model):
        return StudyKind.LABORATORY, _evidence(page, _first(page, "molecular"))
    if (grown := _grown(found)) and not part and not model and not _first(page, "people"):
        return StudyKind.LABORATORY, _evidence(page, grown)
    observed = _first(page, "observed") if _first(page, "people") else None
    # Where nothing else is told of those who took part, something may have been tried on them.
    observed = observed or (None if _first(page, "tried_out") else part)
    if observed and not laboratory and not _first(page, "chance") and _first(page, "told_of"):
        return StudyKind.OBSERVATIONAL, _evidence(page, observed)
    if not (laboratory or model) and (counted := _counted(page)):
        return StudyKind.OBSERVATIONAL, _evidence(page, counted)
    return StudyKind.UNKNOWN, None


def _counted(page: Page) -> Told | None:
    """Where people are counted or a survey is told of, and nothing says that anything was tried on them."""
    counted = _first(page, "counted") or _first(page, "surveyed")
    tried = counted and (_first(page, "tried") or _first(page, "tried_out"))
    return None if tried else counted


def _by_name(page: Page) -> tuple[StudyKind, Evidence | None] | None:
    """A kind that the paper calls itself: one patient's case, a review, interviews."""
    if page.title and _says(sign("single_case"), page.title):
        return StudyKind.OBSERVATIONAL, _evidence(page, page.title)
    # What a review reviews is others' work, so that no such words count against it.
    reviewing = sign("reviewing")
    if told := next((told for told in _found(page, reviewing) if reviewing.search(told.plain)), None):
        return StudyKind.REVIEW, _evidence(page, told)
    for kind in (StudyKind.REVIEW, StudyKind.QUALITATIVE):
        if told := _first(page, _SIGN_OF[kind]):
            return kind, _evidence(page, told)
    return None


def _plainly(page: Page, part: Told | None) -> tuple[StudyKind, Evidence | None] | None:
    """One patient, or people who are made up, by words that mean nothing else."""
    if case := _first(page, "single_case"):
        return StudyKind.OBSERVATIONAL, _evidence(page, case)
    made_up = _first(page, "made_up")
    if made_up and (part is None or part is made_up):
        return StudyKind.MODEL, _evidence(page, made_up)
    return None


def _grown(found: list[tuple[Species, Told]]) -> Told | None:
    return next((told for one, told in found if one.laboratory), None)


def _is_mined(page: Page) -> bool:
    """Whether all was calculated from others' data, and nothing done in a laboratory."""
    return _first(page, "mined") is not None and _first(page, "by_hand") is None


def _is_molecular(page: Page, otherwise: list[Told]) -> bool:
    """Whether title and most sentences are of molecules and cells, and none of people or of calculation."""
    patterns = (sign("molecular"), sign("cells"))
    if (
        otherwise
        or _is_mined(page)
        or not page.title
        or not any(pattern.search(page.title.plain) for pattern in patterns)
    ):
        return False
    if _first(page, "people") or len(_all(page, "computed")) > 1:
        return False
    told_of = [told for told in page.study if any(_says(pattern, told) for pattern in patterns)]
    return len(told_of) > _MANY_SIGNS and len(_all(page, "molecular")) >= _MANY_SIGNS


def _all(page: Page, name: str) -> list[Told]:
    pattern = sign(name)
    return [told for told in _found(page, pattern) if _says(pattern, told)]


def _first(page: Page, name: str) -> Told | None:
    pattern = sign(name)
    return next((told for told in _found(page, pattern) if _says(pattern, told)), None)


def _found(page: Page, pattern: Sieved) -> tuple[Told, ...]:
    """The sentences to look into: from the first match in the whole on, and none where that has none."""
    match = pattern.search(page.study_text)
    return page.study[bisect_right(page.starts, match.start()) - 1 :] if match else ()


def _says(pattern: Sieved, told: Told) -> bool:
    match = pattern.search(told.plain)
    if match is None:
        return False
    return _OTHERS_WORK.search(told.plain) is None or match[0].lower().startswith("mendelian")


def _evidence(page: Page, told: Told | None) -> Evidence | None:
    return told.evidence(page.hash) if told else None


def _design(page: Page, kind: StudyKind) -> Fact | None:
    code = page.version.study_type or ""
    texts = [page.title] if page.title else []
    texts += [*page.own(Role.QUESTION, Role.METHOD), *page.own(Role.RESULT)]
    for design in designs():
        if kind.value not in design.kinds or code in design.never:
            continue
        if design.pattern.search(page.study_text) is None:
            continue
        told = next((one for one in texts if _says(design.pattern, one)), None)
        if told and not (
            code and design.types and code not in design.types and _is_other(code, design.types)
        ):
            return Fact(FactKind.DESIGN, design.plain, told.evidence(page.hash))
    evidence = whole(page.version, "study_type")
    plain = next((d.plain for d in designs() if code in d.types and kind.value in d.kinds), "")
    return Fact(FactKind.DESIGN, plain, evidence) if plain and evidence else None


def _is_other(code: str, types: frozenset[str]) -> bool:
    """Whether indexers say that it is another design of those that words easily confuse."""
    return code in ("case-report", "review") and code not in types


def _species_facts(page: Page, kind: StudyKind, found: list[tuple[Species, Told]]) -> Iterator[Fact]:
    laboratory = kind in (StudyKind.ANIMAL, StudyKind.LABORATORY)
    human_cells = any(one.name == "human cells" for one, _ in found)
    for one, told in found:
        if one.laboratory and not laboratory:
            continue
        if one.name == "cells grown in the laboratory" and human_cells:
            continue
        if kind is StudyKind.REVIEW and told.place != TITLE:
            continue
        yield Fact(FactKind.SPECIES, one.name, told.evidence(page.hash))
    told_of = _first(page, "preclinical") if kind is StudyKind.REVIEW else None
    if told_of and (told_of.place == TITLE or _GATHERED.search(told_of.plain)):
        yield Fact(FactKind.SPECIES, "animals", told_of.evidence(page.hash))
