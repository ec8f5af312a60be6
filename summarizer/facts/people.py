"""Who was studied, in the paper's words."""

import re
from collections.abc import Iterator
from itertools import islice

from domain.digest import Role
from domain.facts import Fact, FactKind, StudyKind
from summarizer.facts.told import Page

PEOPLE = (
    r"(?:patients|inpatients|outpatients|women|men|children|adults|people|individuals|participants|"
    r"adolescents|infants|"
    r"newborns|survivors|nurses|physicians|doctors|veterans|students|smokers|residents|volunteers|"
    r"respondents|subjects|"
    r"mothers|girls|boys|carers|caregivers)"
)
_WHO = re.compile(
    r"\b(?:(?:adult|older|elderly|young|younger|premenopausal|postmenopausal|pregnant|hospitali[sz]ed|"
    r"female|male|healthy|"
    r"paediatric|pediatric|critically ill|school|medical|nursing|cancer|obese|[a-z]+-positive|"
    r"[a-z]+-negative) ){0,2}"
    rf"{PEOPLE}\b(?P<tail> (?:with|who|undergoing|receiving|aged|diagnosed with|treated for|treated with|"
    rf"having|at (?:high|low|"
    r"increased|average) risk|living with|admitted|suffering from|on)\b[^.;:()\[\]]{2,110})?",
    re.I,
)
_DID = (
    r"(?:were|was|are|is|had|has|have|received|underwent|did|do|completed|gave|took|rated|answered|reported)"
)
_STOP = re.compile(
    rf",? (?:{_DID}|to|between|from|in|at|into|compared|"
    r"versus|vs|using|"
    r"during|after|before|according|by|via|across|than|as|participated|attending|improves?|"
    r"reduces?|when|while|"
    r"and (?:their|were|to|the|in|a|an|\d\w*)|"
    r"followed|and (?:\w+ed|vary|correlat\w+|predict\w*|is|are|was|improv\w+|affect\w*|its|associat\w+|"
    r"relation\w*|impact|"
    r"effects?|role|"
    r"risks?|outcomes?)|showed|may|can|could|would|should|does|for (?:the|a|an)|on (?:the|a)|within|"
    r"and \d+)\b|, | - |"
    r" \d",
    re.I,
)
_WHO_CLAUSE = re.compile(rf" who(?: {_DID}\b)?", re.I)
_VAGUE = re.compile(
    r"(?:healthy|normal) \w+$|cancer patients$|\w+ (?:undergoing|receiving) (?:treatment|therapy|"
    r"surgery)$|"
    r"\w+ (?:who (?:were |had |have )?)?(?:admitted|treated|enrolled|included|studied|presented|met)$",
    re.I,
)
# What stands before those who are but a part of the study.
_SUBSET = re.compile(
    r"\b(?:number|numbers|proportion|percentage|rates?|exclud\w+|those|other|all other)\b", re.I
)
_TRAILING = re.compile(r"(?:\s+(?:and|or|with|of|in))*\s*$")
_GOES_ON = re.compile(r"\s?[(\[][^()\[\]]{1,80}[)\]],? (?:or|and)\b")
_BARE = frozenset(
    {"patients", "people", "individuals", "participants", "subjects", "respondents", "adults", "men", "women"}
)
_FIRST = 3
"""Sentences of a role that tell who was studied; later ones tell of parts."""
_HUMAN = (StudyKind.TRIAL, StudyKind.OBSERVATIONAL, StudyKind.QUALITATIVE)


def population(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """Who was studied, in the paper's words; nothing where it was not people."""
    if kind not in (*_HUMAN, StudyKind.REVIEW):
        return
    roles = (Role.QUESTION,) if kind is StudyKind.REVIEW else (Role.METHOD, Role.QUESTION)
    told_first = [told for role in roles for told in islice(page.own(role), _FIRST)]
    places = [*([page.title] if page.title else []), *told_first]
    for told in places:
        for match in _WHO.finditer(told.plain):
            end = _end(told.plain, match)
            words = told.text[match.start() : end]
            told_more = end > match.start("tail") > 0 or (" " in words and _stands_alone(told.plain, match))
            if _SUBSET.search(told.plain[max(0, match.start() - 60) : match.start()]):
                continue
            if _GOES_ON.match(told.plain, end):
                continue
            if told_more and words.lower() not in _BARE and not _VAGUE.match(words):
                yield Fact(FactKind.POPULATION, words, told.evidence(page.hash))
                return


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Whether the words name whom the study is in: "in older adults: a cohort study"."""
    before = text[max(0, match.start() - 8) : match.start()]
    return re.search(r"\b(?:in|among|of|for) $", before) is not None and text[match.end() :][:1] in (
        "",
        ":",
        ".",
        ";",
    )


def _end(text: str, match: re.Match[str]) -> int:
    """Where what says who they are ends."""
    if not match["tail"]:
        return match.end()
    start = match.start("tail")
    clause = _WHO_CLAUSE.match(text, start)
    first = clause.end() if clause else text.index(" ", start + 1) + 1
    stop = _STOP.search(text, first, match.end())
    end = stop.start() if stop else match.end()
    if end - first < 3:
        return start
    return start + len(_TRAILING.sub("", text[start:end]))
