"""The fields of a MEDLINE citation, read one by one from its elements."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from crawler.dates import earliest
from crawler.text import language_tag, partial_date, title_text
from crawler.trials import to_trial
from crawler.xml import element_text
from domain.paper import (
    Abstract,
    AbstractKind,
    Affiliation,
    Author,
    DataLink,
    Grant,
    Journal,
    MeshHeading,
    Section,
    Trial,
    TrialRole,
    unique,
)

Element = etree._Element

_UNTITLED = re.compile(r"\[?\s*not available\s*\]?\.?", re.IGNORECASE)
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])\s*$", re.IGNORECASE)
_MEDLINE_DATE = re.compile(r"(\d{4})(?:\s+([A-Za-z]{3,9}))?(?:\s+(\d{1,2})(?!\d))?")


def texts(group: Element | None) -> tuple[str, ...]:
    """The text of each child, each once, empty ones left out."""
    return () if group is None else unique(text for child in group if (text := element_text(child)))


def title(article: Mapping[str, Element]) -> str:
    """The title, without the brackets that mark a translation; else the title in its own language."""
    given = element_text(article.get("ArticleTitle"))
    if not given or _UNTITLED.fullmatch(given):
        return title_text(element_text(article.get("VernacularTitle")))
    return title_text(given)


def abstracts(main: Element | None, citation: Element) -> tuple[Abstract, ...]:
    """The abstract, which MEDLINE gives in English, and the other abstracts with their languages."""
    found = [] if main is None else [Abstract(_sections(main))]
    for other in citation.iterchildren("OtherAbstract"):
        plain = other.get("Type", "").lower() == "plain-language-summary"
        found.append(
            Abstract(
                _sections(other),
                AbstractKind.PLAIN if plain else AbstractKind.TRANSLATED,
                language_tag(other.get("Language", "eng" if plain else "und")),
            )
        )
    return tuple(abstract for abstract in found if abstract.sections)


def _sections(abstract: Element) -> tuple[Section, ...]:
    return tuple(
        Section(text, _label(part))
        for part in abstract.iterchildren("AbstractText")
        if (text := element_text(part))
    )


def _label(part: Element) -> str:
    label = " ".join(part.get("Label", "").split()).rstrip(" :.")
    return "" if label.upper() in {"UNLABELLED", "ABSTRACT", "SUMMARY"} else label


def authors(group: Element | None) -> tuple[Author, ...]:
    """People and groups in order, each with all affiliations."""
    if group is None:
        return ()
    known: dict[str, Affiliation] = {}
    found = (_author(one, known) for one in group.iterchildren("Author") if one.get("ValidYN") != "N")
    return tuple(author for author in found if author)


def _author(author: Element, known: dict[str, Affiliation]) -> Author | None:
    values: dict[str, str] = {}
    affiliations: list[Affiliation] = []
    orcid = None
    for child in author:
        if child.tag == "AffiliationInfo":
            affiliations += _affiliations(child.iterchildren("Affiliation"), known)
        elif child.tag == "Affiliation":  # before the DTD of 2015
            affiliations += _affiliations((child,), known)
        elif child.tag == "Identifier":
            orcid = orcid or _orcid(child)
        else:
            values[str(child.tag)] = element_text(child)
    group, family = values.get("CollectiveName", ""), values.get("LastName", "")
    if group:
        return Author(group, affiliations=unique(affiliations))
    given = values.get("ForeName") or values.get("FirstName") or values.get("Initials", "")
    name = " ".join(part for part in (given, family, values.get("Suffix")) if part)
    several = unique(affiliations) if len(affiliations) > 1 else tuple(affiliations)
    return Author(name, family, given, orcid, several) if name else None


def _affiliations(elements: Iterable[Element], known: dict[str, Affiliation]) -> Iterator[Affiliation]:
    """Affiliations, one value for each text: long lists of authors repeat them."""
    for element in elements:
        raw = element.text or ""
        if raw not in known or len(element):
            known[raw] = Affiliation(element_text(element))
        if known[raw].text:
            yield known[raw]


def _orcid(identifier: Element) -> str | None:
    match = _ORCID.search(identifier.text or "") if identifier.get("Source") == "ORCID" else None
    return "-".join(match.groups()).upper() if match else None


def journal(element: Element | None, pagination: Element | None, info: Element | None) -> Journal | None:
    """Where the article appeared, with all its ISSNs."""
    values: dict[str, str] = {}
    for group in (info, element, None if element is None else element.find("JournalIssue"), pagination):
        for child in () if group is None else group:
            if not len(child):
                values.setdefault(str(child.tag), element_text(child))
    name = values.get("Title") or values.get("MedlineTA", "")
    if not name:
        return None
    pages = "-".join(page for page in (values.get("StartPage"), values.get("EndPage")) if page)
    return Journal(
        title=name,
        abbreviation=values.get("ISOAbbreviation") or values.get("MedlineTA", ""),
        issn=unique(issn for key in ("ISSN", "ISSNLinking") if (issn := values.get(key, ""))),
        volume=values.get("Volume", ""),
        issue=values.get("Issue", ""),
        pages=values.get("MedlinePgn") or pages,
    )


def published(article: Element) -> str | None:
    """The earlier of the electronic and the printed date; of two that agree, the more precise."""
    dates = [_date(one) for one in article.iterchildren("ArticleDate")]
    dates.append(_date(article.find("Journal/JournalIssue/PubDate")))
    return earliest(date for date in dates if date)


def _date(element: Element | None) -> str | None:
    if element is None:
        return None
    parts = {str(child.tag): child.text or "" for child in element}
    if year := parts.get("Year"):
        return partial_date(year, parts.get("Month"), parts.get("Day"))
    match = _MEDLINE_DATE.search(parts.get("MedlineDate", ""))
    return partial_date(*match.groups()) if match else None


def mesh(group: Element | None) -> tuple[MeshHeading, ...]:
    """MeSH headings; one is major when it or one of its qualifiers is marked so."""
    return () if group is None else tuple(h for h in map(_heading, group) if h)


def _heading(element: Element) -> MeshHeading | None:
    name = ui = ""
    major = False
    qualifiers = []
    for child in element:
        major = major or child.get("MajorTopicYN") == "Y"
        if child.tag == "DescriptorName":
            name, ui = child.text or "", child.get("UI", "")
        elif child.tag == "QualifierName" and child.text:
            qualifiers.append(child.text)
    return MeshHeading(name, ui, major, tuple(qualifiers)) if name else None


def keywords(citation: Element) -> tuple[str, ...]:
    """Keywords of all lists, each once."""
    return unique(text for group in citation.iterchildren("KeywordList") for text in texts(group))


def grants(group: Element | None) -> tuple[Grant, ...]:
    """Grants with a funder."""
    found = []
    for element in () if group is None else group:
        values = {str(child.tag): element_text(child) for child in element}
        if funder := values.get("Agency") or values.get("Acronym"):
            found.append(Grant(funder, values.get("GrantID", ""), values.get("Country", "")))
    return unique(found)


def databanks(group: Element | None, types: Iterable[str]) -> tuple[tuple[Trial, ...], tuple[DataLink, ...]]:
    """Registered trials and data sets that indexers linked to the article.

    An indexer's link says that the article is about the trial; that it reports results is taken only from
    a publication type that says the article is a clinical trial.
    """
    trial_type = next((kind for kind in types if _is_trial(kind)), None)
    trials, datasets = [], []
    for bank in () if group is None else group:
        name = element_text(bank.find("DataBankName"))
        for accession in texts(bank.find("AccessionNumberList")):
            if trial := to_trial(name, accession):
                trials.append(_with_role(trial, f"{name} {accession}", trial_type))
            elif name:
                datasets.append(DataLink(name, accession))
    return unique(trials), unique(datasets)


def _is_trial(kind: str) -> bool:
    return (
        (kind.startswith("Clinical Trial") and kind != "Clinical Trial Protocol")
        or kind.endswith("Controlled Trial")
        or kind in {"Pragmatic Clinical Trial", "Adaptive Clinical Trial"}
    )


def _with_role(trial: Trial, entry: str, trial_type: str | None) -> Trial:
    where = f"DataBankList: {entry}"
    if trial_type is None:
        return replace(trial, role=TrialRole.MENTIONS, evidence=where)
    return replace(trial, role=TrialRole.REPORTS, evidence=f"{where}; PublicationType: {trial_type}")
