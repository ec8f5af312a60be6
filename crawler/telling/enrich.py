"""What the source did not say outright but shows.

Cancer types, study type, countries and institutions, corresponding authors, trials, and what the abstract and
the statements that a record carries tell of sharing, companies and the sample.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.records.remembering import remembered
from crawler.telling.addresses import without_addresses, without_any_address
from crawler.telling.affiliation_lists import apart
from crawler.telling.affiliations import country
from crawler.telling.availability import sharing
from crawler.telling.cancer_words import GENERAL
from crawler.telling.industry import industry
from crawler.telling.institutions import known_institutions
from crawler.telling.meetings import place
from crawler.telling.samples import sample_size
from crawler.telling.study_types import TRIALS, UNFINISHED_OR_SECOND_HAND, study_type
from crawler.telling.trials import find_trials, trials_in
from crawler.telling.vocabulary import (
    is_on_cancer,
    types_in,
    types_of_acronyms,
    types_of_headings,
    with_parents,
)
from domain.body import Passage, Place
from domain.identity import merge_trials
from domain.paper import Affiliation, Author, Trial, TrialRole, Version, unique
from domain.values import changed

_LONGEST_AFFILIATION = 2000
_OFTEN = 2
"""How often an abstract has to name a type."""
_PLACES = (
    (Place.FUNDING, re.compile(r"fund|sponsor|support", re.IGNORECASE)),
    (Place.AVAILABILITY, re.compile(r"availab|data sharing", re.IGNORECASE)),
    (Place.INTERESTS, re.compile(r"interest|disclosure", re.IGNORECASE)),
    (Place.REGISTRATION, re.compile(r"regist", re.IGNORECASE)),
)
"""Headings of abstracts over what is no part of the summary."""
_UNCOUNTED = UNFINISHED_OR_SECOND_HAND - {"systematic-review"}
"""Kinds of writing that studied nobody."""
_TOLD = ("cancer_types", "study_type", "authors", "trials", "sharing", "industry", "sample_size")
_MOST_WITH_ADDRESS = 2
"""When more authors give an address, it does not tell the corresponding one."""


def enrich(version: Version) -> Version:
    """`version` with what it shows filled in.

    What the source stated stays as it is, e-mail addresses apart, and what the record does not show stays
    empty.
    """
    return enrich_all((version,))[0]


def enrich_all(versions: Iterable[Version]) -> list[Version]:
    """As `enrich` each, teller by teller: quicker than one after another, since its tables stay at hand."""
    given = [place(without_any_address(version)) for version in versions]
    kinds = [version.study_type or study_type(version) for version in given]
    types = [version.cancer_types or cancer_types(version) for version in given]
    authors = [_with_countries(_with_corresponding(version.authors)) for version in given]
    trials = [_with_trials(version, kind) for version, kind in zip(given, kinds, strict=True)]
    texts = [(version, _passages(version)) for version in given]
    shared = [version.sharing or sharing(passages) for version, passages in texts]
    companies = [version.industry or industry(version, passages) for version, passages in texts]
    sizes = [
        version.sample_size or (None if kind in _UNCOUNTED else sample_size(passages))
        for (version, passages), kind in zip(texts, kinds, strict=True)
    ]
    told = zip(given, types, kinds, authors, trials, shared, companies, sizes, strict=True)
    return [changed(version, **dict(zip(_TOLD, fields, strict=True))) for version, *fields in told]


def _passages(version: Version) -> tuple[Passage, ...]:
    """The sections of the main abstract as passages; what stands under a heading of its own has its place."""
    main = version.abstract()
    sections = main.sections if main else ()
    return tuple([Passage(section.text, _place(section.label), section.label) for section in sections])


@remembered(1 << 10)
def _place(label: str) -> Place:
    return next((place for place, heading in _PLACES if heading.search(label)), Place.ABSTRACT)


def _with_corresponding(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    """Authors who give an address in their affiliation correspond, unless the source says who does."""
    addressed = []
    for author in authors:
        if author.corresponding:
            return authors
        if author.affiliations and any("@" in a.text for a in author.affiliations):
            addressed.append(author)
    if not 0 < len(addressed) <= _MOST_WITH_ADDRESS:
        return authors
    return tuple(replace(author, corresponding=True) if author in addressed else author for author in authors)


def cancer_types(version: Version) -> tuple[str, ...]:
    """The cancer types of `version`, the more specific before those they belong to.

    MeSH headings, title (with acronyms that the abstract explains) and keywords decide; without a heading
    that names a site, so does an abstract that names one more than once.
    """
    headings = types_of_headings(version.mesh)
    main = version.abstract()
    named = types_in(" . ".join((version.title, *version.keywords)))
    if main and (spelled := types_of_acronyms(version.title, main.text)):
        named.update(spelled)
    if version.mesh and not headings and not named:
        return ()
    sites = unique(code for code in (*headings, *named) if code != GENERAL)
    if any(code != GENERAL for code in headings):
        return with_parents(sites)
    counts = types_in(main.text) if main else named
    often = (code for code, count in counts.items() if count >= _OFTEN and code != GENERAL)
    if sites := unique((*sites, *often)):
        return with_parents(sites)
    on_cancer = counts[GENERAL] > _OFTEN or (main and counts[GENERAL] and is_on_cancer(main.text))
    return (GENERAL,) if headings or named or on_cancer else ()


def _with_countries(authors: tuple[Author, ...]) -> tuple[Author, ...]:
    if not any(author.affiliations for author in authors):
        return authors
    return tuple([_with_country(author) if author.affiliations else author for author in authors])


def _with_country(author: Author) -> Author:
    read = _read_affiliations(author.affiliations)
    return changed(author, affiliations=read) if read != author.affiliations else author


def _read_affiliations(affiliations: Sequence[Affiliation]) -> tuple[Affiliation, ...]:
    """Affiliations with their countries; e-mail addresses, which may tell them, are not passed on."""
    read = [one for given in affiliations for one in _read_affiliation(given)]
    return tuple([a for a in read if a.text or a.country or a.ror])


@remembered(1 << 14, _LONGEST_AFFILIATION, lambda affiliation: len(affiliation.text))
def _read_affiliation(given: Affiliation) -> tuple[Affiliation, ...]:
    """What `given` tells; several where it lists several."""
    if len(given.text) > _LONGEST_AFFILIATION or len(listed := apart(given)) == 1:
        return (_told(given),)
    return tuple(map(_told, listed))


def _told(affiliation: Affiliation) -> Affiliation:
    institutions = known_institutions()
    code = affiliation.country or country(affiliation.text)
    if not code and affiliation.ror:
        code = institutions.country_of(affiliation.ror)
    text = without_addresses(affiliation.text)
    ror = affiliation.ror
    if not ror and (found := institutions.find(text, code, identified=True)):
        ror = found.ror
    if (code, text, ror) == (affiliation.country, affiliation.text, affiliation.ror):
        return affiliation
    return Affiliation(text, code, ror)


def _with_trials(version: Version, kind: str | None) -> tuple[Trial, ...]:
    report = kind in TRIALS
    found = trials_in(version, report=report)
    stated = version.trials
    if report:  # what the source found in the text, read again now that the text is known to report a trial
        own = {one.registry for one in (*stated, *found) if one.role is TrialRole.REPORTS}
        passing = (one.evidence for one in stated if one.evidence and one.registry not in own)
        found += tuple(trial for evidence in passing for trial in find_trials(evidence, report=True))
    if kind in UNFINISHED_OR_SECOND_HAND:
        found = tuple(replace(trial, role=TrialRole.MENTIONS) for trial in found)
        stated = tuple(replace(one, role=TrialRole.MENTIONS) if one.evidence else one for one in stated)
    return merge_trials((*stated, *found)) if found else stated
