"""What the source did not say outright but shows: cancer types, study type, countries and trials."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from crawler.affiliations import country, without_addresses
from crawler.study_types import TRIALS, UNFINISHED_OR_SECOND_HAND, study_type
from crawler.trials import find_trials, trials_in
from crawler.vocabulary import (
    GENERAL,
    is_on_cancer,
    types_in,
    types_of_acronyms,
    types_of_headings,
    with_parents,
)
from domain.identity import merge_trials
from domain.paper import Affiliation, Author, Trial, TrialRole, Version, unique

_OFTEN = 2
"""How often an abstract has to name a type."""


def enrich(version: Version) -> Version:
    """`version` with cancer types, study type, countries of affiliations and trials filled in.

    What the source stated stays as it is, and what the record does not show stays empty.
    """
    kind = version.study_type or study_type(version)
    return replace(
        version,
        cancer_types=version.cancer_types or cancer_types(version),
        study_type=kind,
        authors=_with_countries(version.authors),
        trials=_with_trials(version, kind),
    )


def cancer_types(version: Version) -> tuple[str, ...]:
    """The cancer types of `version`, the more specific before those they belong to.

    MeSH headings, title (with acronyms that the abstract explains) and keywords decide; without a heading
    that names a site, so does an abstract that names one more than once.
    """
    headings = types_of_headings(version.mesh)
    main = version.abstract()
    named = types_in(" . ".join((version.title, *version.keywords)))
    if main:
        named.update(types_of_acronyms(version.title, main.text))
    sites = unique(code for code in (*headings, *named) if code != GENERAL)
    if any(code != GENERAL for code in headings):
        return with_parents(sites)
    if version.mesh and not headings and not named:
        return ()
    counts = types_in(main.text) if main else named
    often = (code for code, count in counts.items() if count >= _OFTEN and code != GENERAL)
    if sites := unique((*sites, *often)):
        return with_parents(sites)
    on_cancer = counts[GENERAL] > _OFTEN or (main and counts[GENERAL] and is_on_cancer(main.text))
    return (GENERAL,) if headings or named or on_cancer else ()


def _with_countries(authors: Sequence[Author]) -> tuple[Author, ...]:
    return tuple(
        replace(author, affiliations=read)
        if (read := _read_affiliations(author.affiliations)) != author.affiliations
        else author
        for author in authors
    )


def _read_affiliations(affiliations: Sequence[Affiliation]) -> tuple[Affiliation, ...]:
    """Affiliations with their countries; e-mail addresses, which may tell them, are not passed on."""
    read = map(_read_affiliation, affiliations)
    return tuple(a for a in read if a.text or a.country or a.ror)


@lru_cache(maxsize=1 << 14)
def _read_affiliation(affiliation: Affiliation) -> Affiliation:
    code = affiliation.country or country(affiliation.text)
    text = without_addresses(affiliation.text)
    if code == affiliation.country and text == affiliation.text:
        return affiliation
    return replace(affiliation, country=code, text=text)


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
