"""What a version's record says: countries, funders, registrations, interests, and how it appeared."""

import re
from collections.abc import Iterator

from domain.body import Place
from domain.digest import Role
from domain.evidence import whole
from domain.facts import Fact, FactKind, Quantity, StudyKind
from domain.paper import NoticeKind, VersionKind
from summarizer.facts.countries import named_countries
from summarizer.facts.told import Page

_NONE_DECLARED = re.compile(
    r"\b(?:no (?:[\w-]+ )?(?:competing|conflicts?|financial|commercial|potential|declared|relevant)|none\b|"
    r"nothing to (?:declare|disclose)|"
    r"(?:do|does|have|has) not (?:have |any )|no (?:conflicts?|disclosures?|interests?)|"
    r"without (?:any )?conflicts?)",
    re.I,
)
_SOME = re.compile(
    r"\b(?:except|other authors?|others?|remaining authors|all other|receiv\w+|reports|employ\w+|"
    r"consult\w+|fees|"
    r"grants? from|honorari\w+|stocks?|shares|shareholder|advis\w+|paid|patents?|founder|royalt\w+|speaker|"
    r"editor|"
    r"board|inventors?|equity|holds?|owns?)\b",
    re.I,
)
_WITH_PEOPLE = (StudyKind.TRIAL, StudyKind.OBSERVATIONAL, StudyKind.QUALITATIVE, StudyKind.UNKNOWN)
# A country that a sentence names beside the study's own: in comparison, of an earlier study, of a product.
_ELSEWHERE = re.compile(
    r"\b(?:previous(?:ly)?|earlier|prior|reported|compared (?:with|to)|than|guidelines?|approved|"
    r"licen[sc]ed|developed|"
    r"manufactur\w+|purchased|supplied|recommended|born in|worldwide|outbreak)\b",
    re.I,
)
_FUNDED = re.compile(r"\b(?:fund(?:ed|ing|s)|support(?:ed)?|grants?|sponsor\w*|financed)\b", re.I)
_FUNDING_LABEL = re.compile(r"fund|support|sponsor", re.I)
_NOTICES = {NoticeKind.CONCERN, NoticeKind.CORRECTED}


def record(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """The facts of the record, and of the sentences and passages that say the same."""
    yield from _countries(page, kind)
    yield from _registrations(page)
    yield from _funding(page)
    yield from _interests(page)
    if page.version.kind is VersionKind.PREPRINT and (evidence := whole(page.version, "kind")):
        yield Fact(FactKind.PREPRINT, evidence.text, evidence)
    for index, notice in enumerate(page.version.notices):
        evidence = whole(page.version, f"notices/{index}")
        if notice.kind in _NOTICES and evidence:
            yield Fact(FactKind.NOTICE, notice.kind.value, evidence)


def _countries(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """Where people were studied, as the text says, then where authors work: evidence tells them apart."""
    seen: set[str] = set()
    told_of = (*([page.title] if page.title else []), *page.own(Role.METHOD, Role.QUESTION))
    for told in told_of if kind in _WITH_PEOPLE else ():
        if _ELSEWHERE.search(told.plain):
            continue
        for code in named_countries(told.plain):
            if code not in seen:
                seen.add(code)
                yield Fact(FactKind.COUNTRY, code, told.evidence(page.hash))
    authors: set[str] = set()
    for n, author in enumerate(page.version.authors):
        for m, affiliation in enumerate(author.affiliations):
            if affiliation.country and affiliation.country not in authors:
                authors.add(affiliation.country)
                if evidence := whole(page.version, f"authors/{n}/affiliations/{m}"):
                    yield Fact(FactKind.COUNTRY, affiliation.country, evidence)


def _registrations(page: Page) -> Iterator[Fact]:
    """Registered trials; the quantity's `measure` tells whether the paper reports or only mentions each."""
    for index, trial in enumerate(page.version.trials):
        if evidence := whole(page.version, f"trials/{index}"):
            role = (Quantity(trial.id, trial.registry, trial.role.value),)
            yield Fact(FactKind.REGISTRATION, evidence.text, evidence, role)


def _funding(page: Page) -> Iterator[Fact]:
    seen: set[str] = set()
    for index, grant in enumerate(page.version.grants):
        if grant.funder and grant.funder.lower() not in seen:
            seen.add(grant.funder.lower())
            if evidence := whole(page.version, f"grants/{index}"):
                yield Fact(FactKind.FUNDING, grant.funder, evidence)
    for told in (*page.sentences, *page.body):
        stated = told.section is Place.FUNDING or (told.role is None and _FUNDING_LABEL.search(told.label))
        if stated and (_FUNDED.search(told.plain) or told.label):
            yield Fact(FactKind.FUNDING, told.text, told.evidence(page.hash), negated=_no_funding(told.plain))


def _no_funding(text: str) -> bool:
    return (
        re.search(
            r"\bno (?:specific |external |dedicated )?(?:fund|grant|support|financial)|^none\b", text, re.I
        )
        is not None
    )


def _interests(page: Page) -> Iterator[Fact]:
    """Competing interests; `negated` where none are declared."""
    if evidence := whole(page.version, "competing_interests"):
        yield Fact(FactKind.INTEREST, evidence.text, evidence, negated=_none_declared(evidence.text))
        return
    stated = [told for told in page.body if told.section is Place.INTERESTS]
    none = bool(stated) and all(_none_declared(told.text) for told in stated)
    for told in stated:
        yield Fact(FactKind.INTEREST, told.text, told.evidence(page.hash), negated=none)


def _none_declared(text: str) -> bool:
    return _NONE_DECLARED.search(text) is not None and _SOME.search(text) is None
