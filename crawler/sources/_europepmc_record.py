"""The fields of a Europe PMC core record, read one by one.

The format puts lists in an object of their own (`keywordList.keyword`), flags as `Y` and `N`, and now and
then a single value where a list is usual, or a number where text is; all of that is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.names import cited_person
from crawler.records.sections import plain_apart, sections
from crawler.records.text import language_tag, partial_date, plain_text, title_text
from crawler.sources._europepmc_notices import links, stated
from crawler.telling.notices import is_notice, marked, speaks_of_fall
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.licence import Licence, to_licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    FullText,
    Grant,
    Journal,
    MeshHeading,
    VersionKind,
    unique,
)

_ORCID = re.compile(r"(\d{4}-\d{4}-\d{4}-\d{3}[\dX])$", re.IGNORECASE)
_ROR = re.compile(r"ror\.org/(0[a-z0-9]{6}\d{2})", re.IGNORECASE)
_ARXIV_DOI = "10.48550/arxiv."
_MANUSCRIPTS = ("authMan", "epmcAuthMan", "nihAuthMan")
_FREE = frozenset({"F", "OA", "U"})
_OF_A_MEETING = frozenset({"meeting abstract", "meeting abstracts", "conference abstract", "abstract"})


def to_fields(record: Fields) -> dict[str, Any]:
    """The arguments of a `Version`."""
    types = publication_types(record)
    title = title_text(plain_text(text(record.get("title"))))
    found = stated(record, types)
    if is_notice(types, title, text(record.get("abstractText")), fallen=speaks_of_fall(found)):
        raise RecordRejected("europepmc", native_id(record), "not-a-paper", "a notice about another paper")
    language = language_tag(text(record.get("language")))
    return {
        "kind": _kind(record, types),
        "identifiers": _identifiers(record),
        "title": title,
        "language": language,
        "abstracts": _abstracts(record, language),
        "authors": tuple(_authors(record)),
        "journal": _journal(record),
        "published": _published(record),
        "publication_types": types,
        "mesh": tuple(_mesh(record)),
        "keywords": unique(plain_text(text(k)) for k in items(record, "keywordList", "keyword") if text(k)),
        "substances": unique(
            name
            for chemical in items(record, "chemicalList", "chemical")
            if (name := plain_text(text(fields(chemical).get("name"))))
        ),
        "grants": unique(_grants(record)),
        "licence": _licence(record),
        "open_access": {"Y": True, "N": False}.get(text(record.get("isOpenAccess")).upper()),
        "links": links(items(record, "commentCorrectionList", "commentCorrection")),
        "notices": unique((*found, *marked(title, found))),
        "full_texts": unique(_full_texts(record)),
    }


def native_id(record: Fields) -> str:
    """The id that Europe PMC gives a record: its source and its number there."""
    return f"{text(record.get('source'))}:{text(record.get('id'))}"


def own_key(record: Fields) -> str:
    """The first key of a record; "" for none."""
    return next(_identifiers(record).keys(), "")


def publication_types(record: Fields) -> tuple[str, ...]:
    """Each type once, whatever its case; a lite record lists them in one string."""
    given = [text(kind) for kind in items(record, "pubTypeList", "pubType")]
    given = given or text(record.get("pubType")).split(";")
    kept: dict[str, str] = {}
    for kind in map(plain_text, given):
        if kind:
            kept.setdefault(kind.casefold(), kind)
    return tuple(kept.values())


def _kind(record: Fields, types: tuple[str, ...]) -> VersionKind:
    if text(record.get("source")).upper() == "PPR":
        return VersionKind.PREPRINT
    lowered = {kind.casefold() for kind in types}
    # "Congress" is also said of reports about a meeting, so it counts only where nothing else is said.
    if lowered & _OF_A_MEETING or lowered == {"congress"}:
        return VersionKind.ABSTRACT
    return VersionKind.PREPRINT if lowered == {"preprint"} else VersionKind.ARTICLE


def _identifiers(record: Fields) -> Identifiers:
    source, native = text(record.get("source")).upper(), text(record.get("id"))
    doi = normalise_doi(text(record.get("doi")))
    pmid = text(record.get("pmid")) or (native if source == "MED" else "")
    pmcid = text(record.get("pmcid")) or (native if source == "PMC" else "")
    other = [f"{source.lower()}:{native}"] if native and source not in {"", "MED", "PMC"} else []
    for version in items(record, "versionList", "version"):
        if text(fields(version).get("source")).upper() == "PPR" and (one := text(version.get("id"))):
            other.append(f"ppr:{one}")
    return Identifiers(
        doi=doi,
        pmid=normalise_pmid(pmid),
        pmcid=normalise_pmcid(pmcid),
        arxiv=normalise_arxiv(doi.removeprefix(_ARXIV_DOI)) if doi and doi.startswith(_ARXIV_DOI) else None,
        other=unique(other),
    )


def _licence(record: Fields) -> Licence | None:
    """That of the text that Europe PMC holds, unless it is the manuscript that was accepted."""
    if any(text(record.get(name)).upper() == "Y" for name in _MANUSCRIPTS):
        return None
    return to_licence(plain_text(text(record.get("license"))), "license")


def _abstracts(record: Fields, language: str) -> tuple[Abstract, ...]:
    """The abstract, and apart from it a plain-language summary that stands among its sections.

    MEDLINE gives English abstracts whatever the language of the article; elsewhere they share it.
    """
    if text(record.get("source")).upper() == "MED" or language == "und":
        language = "en"
    kinds = plain_apart(sections(text(record.get("abstractText"))))
    return tuple(Abstract(parts, kind, language) for kind, parts in kinds.items() if parts)


def _authors(record: Fields) -> Iterator[Author]:
    authors = [a for a in map(_author, items(record, "authorList", "author")) if a]
    if not authors:
        names = text(record.get("authorString")).rstrip(".").split(", ")
        authors = [author for name in names if (author := cited_person(plain_text(name)))]
    if authors and not any(author.affiliations for author in authors):
        # Before 2014 MEDLINE kept the first author's affiliation only, and here it stands apart.
        whole = plain_text(text(record.get("affiliation")))
        known = (Affiliation(whole),) if whole else ()
        authors[0] = replace(authors[0], affiliations=known)
    yield from authors


def _author(value: object) -> Author | None:
    author = fields(value)
    group = _plain(author, "collectiveName")
    family = _plain(author, "lastName")
    initials = _plain(author, "initials")
    given = _plain(author, "firstName") if text(author.get("firstName")) else initials
    name = group or (f"{given} {family}".strip() if family else _plain(author, "fullName"))
    if not name:
        return None
    affiliations = unique(
        found
        for detail in items(author, "authorAffiliationDetailsList", "authorAffiliation") or [author]
        if (found := _affiliation(detail))  # of the author's own before 2020
    )
    if group:
        return Author(group, affiliations=affiliations)
    return Author(name, family, given, _orcid(author), affiliations, initials=initials)


def _plain(record: Fields, name: str) -> str:
    """A field as a reader sees it; most records lack most fields."""
    value = record.get(name)
    return "" if value is None else plain_text(text(value))


def _orcid(author: Fields) -> str | None:
    if "authorId" not in author:
        return None
    known = fields(author.get("authorId"))
    found = _ORCID.search(text(known.get("value"))) if text(known.get("type")).upper() == "ORCID" else None
    return found[1].upper() if found else None


def _affiliation(value: object) -> Affiliation | None:
    detail = fields(value)
    printed = _plain(detail, "affiliation")
    named = detail.get("affiliationOrgId")
    ror = _ROR.search(str(named)) if named else None
    return Affiliation(printed, ror=f"https://ror.org/{ror[1].lower()}" if ror else None) if printed else None


def _journal(record: Fields) -> Journal | None:
    info = fields(record.get("journalInfo"))
    journal = fields(info.get("journal"))
    book = fields(record.get("bookOrReportDetails"))
    given = (
        text(journal.get("title")) or text(record.get("journalTitle")) or text(book.get("comprisingTitle"))
    )
    title, publisher = plain_text(given), plain_text(text(book.get("publisher")))
    if not title and not publisher:
        return None
    issns = [
        text(journal.get("issn")),
        text(journal.get("essn")),
        *text(record.get("journalIssn")).split(";"),
    ]
    return Journal(
        title=title or publisher,
        abbreviation=text(journal.get("isoabbreviation")) or text(journal.get("medlineAbbreviation")),
        issn=unique(issn.strip() for issn in issns if issn.strip()),
        publisher=publisher if title else "",
        volume=text(info.get("volume")) or text(record.get("journalVolume")),
        issue=text(info.get("issue")) or text(record.get("issue")),
        pages=text(record.get("pageInfo")),
        nlm_id=text(journal.get("nlmid")),
    )


def _published(record: Fields) -> str | None:
    """The date of first publication, no more precise than what it was made from.

    Europe PMC fills up a printed month or year to a full day, so a date that is the printed one and not the
    electronic one is read again as it was printed.
    """
    info = fields(record.get("journalInfo"))
    first, printed = text(record.get("firstPublicationDate")), text(info.get("printPublicationDate"))
    if first and first == printed and first != text(record.get("electronicPublicationDate")):
        parts = text(info.get("dateOfPublication")).split()
        if parts and (date := partial_date(*parts[:3])) and first.startswith(date[:4]):
            return date
    return partial_date(first) or partial_date(text(record.get("pubYear")))


def _mesh(record: Fields) -> Iterator[MeshHeading]:
    for heading in map(fields, items(record, "meshHeadingList", "meshHeading")):
        qualifiers = [fields(q) for q in items(heading, "meshQualifierList", "meshQualifier")]
        major = any(text(part.get("majorTopic_YN")).upper() == "Y" for part in (heading, *qualifiers))
        names = unique(name for q in qualifiers if (name := text(q.get("qualifierName"))))
        if name := text(heading.get("descriptorName")):
            yield MeshHeading(name, major=major, qualifiers=names)


def _grants(record: Fields) -> Iterator[Grant]:
    for grant in map(fields, items(record, "grantsList", "grant")):
        funder, award = plain_text(text(grant.get("agency"))), plain_text(text(grant.get("grantId")))
        if funder:
            yield Grant(funder, award)


def _full_texts(record: Fields) -> Iterator[FullText]:
    for link in map(fields, items(record, "fullTextUrlList", "fullTextUrl")):
        url, style = text(link.get("url")), text(link.get("documentStyle")).lower()
        if re.match(r"https?://[^\s<>\"]+$", url) and style != "abs":
            free = text(link.get("availabilityCode")).upper() in _FREE
            yield FullText(url, "html" if style in {"", "doi"} else style, free)
