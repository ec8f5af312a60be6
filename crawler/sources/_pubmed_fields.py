"""The fields of a MEDLINE citation, read one by one from its elements."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from html import unescape
from typing import cast

from lxml import etree

from crawler.records.dates import earliest
from crawler.records.remembering import remembered
from crawler.records.text import language_tag, partial_date, plain_text, tidy, title_text
from crawler.records.xml import element_text
from crawler.telling.trials import to_trial
from domain.identifiers import normalise_doi, normalise_pmcid, normalise_pmid
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
Term = tuple[str, str, bool]
"""A descriptor or qualifier of MeSH: name, unique id, whether it is a major topic."""

_UNTITLED = re.compile(r"\[?\s*(?:not available|in process citation)\s*\]?\.?", re.IGNORECASE)
_NAMES = frozenset({"LastName", "ForeName", "FirstName", "CollectiveName", "Suffix", "Initials"})
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])\s*$", re.IGNORECASE)
_ROR = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})\b", re.IGNORECASE)
_CITED = re.compile(rb"<ArticleId\s+IdType\s*=\s*[\"'](pubmed|doi)[\"'][^>]*>([^<]*)<")
_CITED_PMID = b'IdType="pubmed">'
_LONGEST_DATE = 99
_LONGEST_PMID = 9
_NO_COUNTRY = "Not Available"
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,5}\d{1,6}")
_MEDLINE_DATE = re.compile(r"(\d{4})(?:\s+([A-Za-z]{3,9}))?(?:\s+(\d{1,2})(?!\d))?")


def siblings(parts: Mapping[str, Element], name: str) -> Iterator[Element]:
    """All elements of that name, of which `parts` has the first."""
    if name in parts:
        yield parts[name]
        yield from parts[name].itersiblings(name)


def texts(group: Element | None) -> tuple[str, ...]:
    """The text of each child, each once, empty ones left out."""
    return () if group is None else unique([text for child in group if (text := element_text(child))])


def title(given: str, vernacular: str) -> str:
    """The title, without the brackets that mark a translation; else the title in its own language."""
    return title_text(vernacular if not given or _UNTITLED.fullmatch(given) else given)


def languages(codes: Iterable[str]) -> tuple[str, ...]:
    """The languages of the article, as tags, each once; the first is the one it is indexed under."""
    return unique([_language_tag(code) for given in codes if (code := given.strip())])


def abstracts(main: Element | None, others: Iterable[Element]) -> tuple[Abstract, ...]:
    """The abstract, which MEDLINE gives in English, and the other abstracts with their languages."""
    found = [] if main is None else [Abstract(_sections(main))]
    for other in others:
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
        Section(text, label(part.get("Label") or ""))
        for part in abstract
        if part.tag != "CopyrightInformation" and (text := element_text(part))
    )


def label(given: str) -> str:
    """The label of a section; empty where it says no more than that this is the abstract."""
    words = " ".join(given.split()).rstrip(" :.")
    return "" if words.upper() in {"UNLABELLED", "ABSTRACT", "SUMMARY"} else words


def authors(group: Element | None) -> tuple[Author, ...]:
    """People and groups in order, each with all affiliations."""
    if group is None:
        return ()
    known: dict[str, Affiliation] = {}
    found = [_author(one, known) for one in group.iterchildren("Author") if one.get("ValidYN") != "N"]
    return tuple(author for author in found if author)


def _author(author: Element, known: dict[str, Affiliation]) -> Author | None:
    parts: dict[str, str] = {}
    affiliations: list[Affiliation] = []
    orcid = None
    for child in author:
        tag = child.tag
        if tag in _NAMES:
            parts[tag] = element_text(child)
        elif tag == "AffiliationInfo" or tag == "Affiliation":  # the second before the DTD of 2015
            affiliations += _affiliations(child, known)
        elif tag == "Identifier":
            orcid = orcid or (to_orcid(child.text or "") if child.get("Source") == "ORCID" else None)
    if group := parts.get("CollectiveName"):
        return Author(group, affiliations=unique(affiliations))
    return to_author(
        parts.get("LastName", ""),
        parts.get("ForeName") or parts.get("FirstName", ""),
        parts.get("Initials", ""),
        parts.get("Suffix", ""),
        orcid,
        unique(affiliations),
    )


def to_author(
    family: str, given: str, initials: str, suffix: str, orcid: str | None, where: tuple[Affiliation, ...]
) -> Author | None:
    """The person of these names; None without one."""
    given = given or initials
    name = f"{given} {family}" if given and family else given or family
    if suffix:
        name = f"{name} {suffix}" if name else suffix
    return Author(name, family, given, orcid, where, False, initials) if name else None


def _affiliations(info: Element, known: dict[str, Affiliation]) -> list[Affiliation]:
    """Affiliations, one value for each text: long lists of authors repeat them."""
    found: list[Affiliation] = []
    for element in info if len(info) and info.tag != "Affiliation" else (info,):
        raw = element.text or ""
        if element.tag == "Identifier" and found and (ror := _ROR.search(raw)):
            found[-1] = replace(found[-1], ror=f"https://ror.org/{ror[1].lower()}")
        if element.tag != "Affiliation":
            continue
        if raw not in known or len(element):
            known[raw] = Affiliation(element_text(element))
        if known[raw].text:
            found.append(known[raw])
    return found


def to_orcid(identifier: str) -> str | None:
    """The ORCID iD that an identifier gives as an address, in groups or without hyphens."""
    match = _ORCID.search(identifier)
    return "-".join(match.groups()).upper() if match else None


def leaves(group: Element | None) -> dict[str, str]:
    """The text of each child that has no elements in it, by name; of several of one name the first."""
    if group is None:
        return {}
    return flat(cast("dict[str, Element]", {one.tag: one for one in reversed(group)}))


def flat(parts: Mapping[str, Element]) -> dict[str, str]:
    """The text of each element that has no elements in it, by name."""
    return {name: "" if len(one) else plain_text(one.text or "") for name, one in parts.items()}


def journal(*groups: Mapping[str, str]) -> Journal | None:
    """Where the article appeared, with all its ISSNs: by the catalogue, its pages, the issue, the journal."""
    given: dict[str, str] = {}
    for group in groups:
        given |= group
    name = given.get("Title") or given.get("MedlineTA", "")
    if not name:
        return None
    issn = given.get("ISSN", ""), given.get("ISSNLinking", "")
    country = given.get("Country", "")
    return Journal(
        title=name,
        abbreviation=given.get("ISOAbbreviation") or given.get("MedlineTA", ""),
        issn=unique(filter(None, issn)),
        volume=given.get("Volume", ""),
        issue=given.get("Issue", ""),
        pages=given.get("MedlinePgn")
        or _pages(given.get("StartPage"), given.get("EndPage"))
        or _article_number(given.get("ELocationID", "")),
        country="" if country == _NO_COUNTRY else country,
        nlm_id=given.get("NlmUniqueID", ""),
    )


def _pages(*pages: str | None) -> str:
    return "-".join(page for page in pages if page)


def _article_number(location: str) -> str:
    """The publisher's own id where it is printed as a page is: `e42507`, and not `S0899-7071(18)30064-0`."""
    number = location.strip()
    return number if _ARTICLE_NUMBER.fullmatch(number) else ""


def published(dates: Iterable[Element | None]) -> str | None:
    """As `first_day`, of the electronic dates and the printed one."""
    return first_day(_date(one) for one in dates if one is not None)


def first_day(dates: Iterable[str | None]) -> str | None:
    """The earliest of the dates that are known; of two that agree, the more precise."""
    found = [date for date in dates if date]
    return earliest(found) if len(found) > 1 else next(iter(found), None)


def _date(element: Element) -> str | None:
    parts = {child.tag: child.text or "" for child in element}
    if year := parts.get("Year"):
        return day(year, parts.get("Month"), parts.get("Day"))
    return medline_day(parts.get("MedlineDate", ""))


def medline_day(text: str) -> str | None:
    """The first day of a date in words, such as "1998 Dec-1999 Jan"."""
    match = _MEDLINE_DATE.search(text)
    return partial_date(*match.groups()) if match else None


day = remembered(1 << 14, _LONGEST_DATE, lambda *parts: sum(len(part or "") for part in parts))(partial_date)
"""A file holds the same days over and over."""
_language_tag = remembered(1 << 10)(language_tag)


def substances(group: Element | None) -> tuple[str, ...]:
    """Names of the substances that indexers gave the article; numbers in registers are left out."""
    if group is None:
        return ()
    return unique([text for one in group.iter("NameOfSubstance") if (text := tidy(one.text or ""))])


def mesh(group: Element | None) -> tuple[MeshHeading, ...]:
    """MeSH headings."""
    rows: list[list[Term]] = []
    for element in () if group is None else group.iter("DescriptorName", "QualifierName"):
        term = element.text or "", element.get("UI", ""), element.get("MajorTopicYN") == "Y"
        if element.tag == "DescriptorName":
            rows.append([term])
        elif rows:
            rows[-1].append(term)
    return tuple([found for row in rows if (found := heading(*row))])


def heading(descriptor: Term, *qualifiers: Term) -> MeshHeading | None:
    """The heading, major when it or one of its qualifiers is; None without a name."""
    name, ui, major = descriptor
    named = [one for one in qualifiers if one[0]]
    uis = tuple([one[1] for one in named])
    major = major or any(one[2] for one in named)
    qualifying = tuple([one[0] for one in named])
    return MeshHeading(name, ui, major, qualifying, uis if all(uis) else ()) if name else None


def identifiers(
    locations: Iterable[str], ids: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]
) -> tuple[str | None, str | None]:
    """DOI and id in PMC, by the DOIs where it stands, its ids by type, and its other ids by who gave them."""
    doi = pmcid = None
    for text in locations:
        doi = doi or normalise_doi(text)
    for kind, text in ids:
        if kind == "doi":
            doi = doi or normalise_doi(text)
        elif kind in {"pmc", "pmcid"}:
            pmcid = pmcid or normalise_pmcid(text)
    for source, text in () if pmcid else others:
        pmcid = pmcid or _pmcid_of_other(source, text)
    return doi, pmcid


def _pmcid_of_other(source: str, text: str) -> str | None:
    """The id in PMC, as sets without `PubmedData` give it: "PMC1234567 [Available on 07/01/16]"."""
    words = text.split() if source == "NLM" else ()
    return normalise_pmcid(words[0]) if words else None


def keywords(groups: Iterable[Element]) -> tuple[str, ...]:
    """Keywords of all lists, each once."""
    return unique(text for group in groups for text in texts(group))


def grants(group: Element | None) -> tuple[Grant, ...]:
    """Grants with a funder."""
    if group is None:
        return ()
    found = []
    for element in group:
        values = {str(child.tag): element_text(child) for child in element}
        found.append(grant(*(values.get(name, "") for name in ("GrantID", "Acronym", "Agency", "Country"))))
    return unique(filter(None, found))


def grant(award: str, acronym: str, agency: str, country: str) -> Grant | None:
    """The grant, if its funder is told."""
    funder = agency or acronym
    return Grant(funder, award, country) if funder else None


def databanks(group: Element | None, types: Iterable[str]) -> tuple[tuple[Trial, ...], tuple[DataLink, ...]]:
    """Registered trials and data sets that indexers linked to the article.

    An indexer's link says that the article is about the trial; that it reports results is taken only from
    a publication type that says the article is a clinical trial.
    """
    if group is None:
        return (), ()
    trial_type = next((kind for kind in types if _is_trial(kind)), None)
    trials, datasets = [], []
    for bank in group:
        name = element_text(bank.find("DataBankName"))
        for accession in texts(bank.find("AccessionNumberList")):
            if trial := to_trial(name, accession):
                trials.append(_with_role(trial, f"{name} {accession}", trial_type))
            elif name:
                datasets.append(DataLink(name, accession))
    return unique(trials), unique(datasets)


def cited(references: bytes) -> tuple[str, ...]:
    """The key of each reference of a `ReferenceList`, by PMID or else by DOI; those without one are left out.

    Read without a tree: a list may be far longer than all else in a record, and is as regular as NLM makes.
    """
    return unique([key for one in references.split(b"</Reference>") if (key := _cited(one))])


def _cited(reference: bytes) -> str | None:
    begin = reference.rfind(_CITED_PMID)
    end = reference.find(b"<", begin) if begin >= 0 else -1
    plain = reference[begin + len(_CITED_PMID) : end] if end >= 0 else b""
    if plain.isdigit() and len(plain) <= _LONGEST_PMID and not plain.startswith(b"0"):
        return f"pmid:{plain.decode()}"  # as nearly all are, and found far sooner
    ids = dict(_CITED.findall(reference))
    if b"pubmed" in ids and (pmid := normalise_pmid(_decoded(ids[b"pubmed"]))):
        return f"pmid:{pmid}"
    if b"doi" in ids and (doi := normalise_doi(_decoded(ids[b"doi"]))):
        return f"doi:{doi}"
    return None


def _decoded(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))


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
