"""The fields of an article from its page: Highwire's `citation_` tags, Dublin Core and PRISM, JSON-LD.

What these rest on: Google Scholar's guidelines for webmasters (the `citation_` tags), DCMI's recommendation
on Dublin Core in HTML, PRISM 3.0, schema.org. Journals mix all four; a field is taken from the first that has
it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from crawler.records.answers import text
from crawler.records.dates import earliest, written_date
from crawler.records.kinds import is_on_preprint_server
from crawler.records.names import natural_people, natural_person, orcid, web_address
from crawler.records.sections import sections
from crawler.records.text import language_tag, plain_text, title_text
from crawler.sources._pages_excerpt import Excerpt, Meta
from crawler.sources._pages_linked import Linked
from crawler.telling.notices import marked, unmarked
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.licence import Licence, to_licence
from domain.likeness import Likeness, compare_titles
from domain.paper import (
    Abstract,
    AbstractKind,
    Affiliation,
    Author,
    FullText,
    Grant,
    Journal,
    VersionKind,
    unique,
)
from domain.profile import to_title
from domain.statements import Meeting

_TITLES = ("citation_title", "bepress_citation_title", "eprints.title")
_DUBLIN_TITLES = ("dc.title", "dcterms.title", "prism.title")
_CREATORS = (
    "dc.creator.personalname",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor.author",
    "eprints.creators_name",
)
_JOURNALS = ("citation_journal_title", "bepress_citation_journal_title", "prism.publicationname")
_NAMES = frozenset({"citation_author", "bepress_citation_author"})
_INSTITUTIONS = frozenset(
    {"citation_author_institution", "citation_author_affiliation", "bepress_citation_author_institution"}
)
_DATES = (
    (
        "citation_publication_date",
        "citation_date",
        "citation_online_date",
        "citation_cover_date",
        "citation_year",
        "bepress_citation_date",
        "bepress_citation_online_date",
    ),
    (
        "prism.publicationdate",
        "dc.date.issued",
        "dcterms.issued",
        "dc.date",
        "dcterms.date",
        "dc.date.created",
    ),
)
_ABSTRACTS = (
    "citation_abstract",
    "bepress_citation_abstract",
    "dc.description.abstract",
    "dcterms.abstract",
    "eprints.abstract",
    "dc.description",
)
_RIGHTS = ("dcterms.license", "dc.rights.license", "dc.rights", "dcterms.rights", "dc.rights.uri")
_OTHER_WORKS = (
    "citation_dissertation_institution",
    "citation_dissertation_name",
    "citation_technical_report_institution",
    "citation_patent_number",
    "citation_isbn",
)
_SHORTEST = 60
_CUT = re.compile(r"(?:\.\.\.|…|\[\u2026\])\W*$")
_PART = re.compile(r"citation_(\w+)=([^;]*)")


def is_scholarly(page: Excerpt) -> bool:
    """Whether a page says that it is an article's; Dublin Core alone, which any page may have, does not."""
    if page.first(*_TITLES):
        return True
    if page.first(*_DUBLIN_TITLES) and page.first(*_CREATORS):
        return bool(_doi(page) or page.first(*_JOURNALS, "prism.issn", "dc.source.issn", "citation_issn"))
    return bool(Linked(page.data).article)


def _is_of_another(title: str, headline: str) -> bool:
    """Whether the two name different articles; a headline may be cut short, for search engines want it so."""
    whole, given = to_title(title), to_title(headline)
    is_cut = given.telling and whole.whole.startswith(given.whole)
    return not is_cut and compare_titles(whole, given) is Likeness.OTHER


def to_fields(page: Excerpt, own_key: str) -> dict[str, Any]:
    """The arguments of a `Version`; the title is "" where there is none."""
    linked, tagged = Linked(page.data), plain_text(page.first(*_TITLES, *_DUBLIN_TITLES))
    headline = linked.get("headline", "name")
    if tagged and headline and _is_of_another(tagged, headline):
        linked = Linked([])  # of another article, to which the page leads
    title = title_text(tagged or headline)
    language, journal = _language(page, linked), _journal(page, linked)
    ids = _identifiers(page, linked, own_key)
    free = linked.is_free
    # Beside what must be paid for a licence is that of something else.
    licence = None if free is False else _licence(page, linked)
    if free is None and (
        page.first("citation_fulltext_world_readable") or "fulltext_world_readable" in page.base
    ):
        free = True
    if licence and licence.code.startswith(("cc", "public")):
        free = True
    return {
        "kind": VersionKind.PREPRINT if is_on_preprint_server(journal) else VersionKind.ARTICLE,
        "identifiers": ids,
        "title": unmarked(title),
        "language": language,
        "abstracts": _abstracts(page, linked, language),
        "authors": _authors(page, linked),
        "journal": journal,
        "published": _published(page, linked),
        "publication_types": unique(_types(page)),
        "keywords": tuple(_keywords(page, linked)),
        "grants": unique(_grants(page)),
        "licence": licence,
        "open_access": free,
        "notices": marked(title),
        "full_texts": unique(_full_texts(page, bool(free))),
        "meeting": _meeting(page),
        "cites": unique(_cites(page)),
    }


def other_work(page: Excerpt) -> str:
    """The tag that shows a page to be of a thesis, report, patent or book; "" for a paper."""
    in_journal = page.first(*_JOURNALS, "citation_conference_title")
    found = next((name for name in _OTHER_WORKS if page.first(name)), "")
    return "" if in_journal else found.removeprefix("citation_")


def _doi(page: Excerpt) -> str | None:
    own = page.all("citation_doi", "bepress_citation_doi", "prism.doi", "dc.identifier.doi")
    named = page.all("dc.identifier", "dcterms.identifier")
    return next(filter(None, map(normalise_doi, (*own, *named))), None)


def _identifiers(page: Excerpt, linked: Linked, own_key: str) -> Identifiers:
    pmcids = (normalise_pmcid(one) for one in page.all("citation_pmcid"))
    pmids = (normalise_pmid(one) for one in page.all("citation_pmid"))
    arxiv = (normalise_arxiv(one) for one in page.all("citation_arxiv_id"))
    return Identifiers(
        doi=_doi(page) or linked.doi,
        pmid=next(filter(None, pmids), None),
        pmcid=next(filter(None, pmcids), None),
        arxiv=next(filter(None, arxiv), None),
        other=(own_key,),
    )


def _language(page: Excerpt, linked: Linked) -> str:
    """The article's; the language of the page around it is that of the menus."""
    given = page.all("citation_language", "dc.language", "dcterms.language", "prism.language")
    tags = (language_tag(one) for one in (*given, linked.get("inLanguage")))
    return next((tag for tag in tags if tag != "und"), "und")


def _authors(page: Excerpt, linked: Linked) -> tuple[Author, ...]:
    """The fullest list: as many authors as any of the forms names, with the most said about them."""
    lists = (
        _tagged(page.metas),
        natural_people(plain_text(page.first("citation_authors"))),
        tuple(filter(None, map(natural_person, unique(page.all(_dublin(page)))))),
        linked.authors,
    )
    return max(lists, key=lambda authors: (len(authors), sum(_said(author) for author in authors)))


def _dublin(page: Excerpt) -> str:
    return next((name for name in _CREATORS if page.first(name)), "")


def _said(author: Author) -> int:
    return len(author.affiliations) + bool(author.orcid)


def _tagged(metas: Iterable[Meta]) -> tuple[Author, ...]:
    """What follows a name belongs to it, until the next name."""
    authors: list[Author] = []
    for meta in metas:
        if meta.name in _NAMES:
            authors += natural_people(plain_text(meta.content))
        elif authors and meta.name in _INSTITUTIONS:
            place = Affiliation(plain_text(meta.content))
            if place not in authors[-1].affiliations:
                authors[-1] = replace(authors[-1], affiliations=(*authors[-1].affiliations, place))
        elif authors and meta.name == "citation_author_orcid":
            authors[-1] = replace(authors[-1], orcid=orcid(meta.content))
    return tuple(authors)


def _journal(page: Excerpt, linked: Linked) -> Journal | None:
    series = linked.series
    title = plain_text(page.first(*_JOURNALS, "citation_conference_title", "dc.source"))
    title = title or plain_text(text(series.get("journal")) or text(series.get("part")))
    publisher = plain_text(page.first("citation_publisher", "dc.publisher", "dcterms.publisher"))
    publisher = publisher or linked.get("publisher")
    issn = page.all("citation_issn", "prism.issn", "prism.eissn", "dc.source.issn", "bepress_citation_issn")
    given = series.get("issn")
    issn_linked = map(text, given if isinstance(given, list) else [given])
    if not title and not publisher:
        return None
    return Journal(
        title=title or publisher,
        abbreviation=plain_text(page.first("citation_journal_abbrev")),
        issn=unique(found for one in (*issn, *issn_linked) if (found := _issn(one))),
        publisher=publisher if title else "",
        volume=page.first("citation_volume", "prism.volume", "dc.source.volume")
        or text(series.get("volumeNumber")),
        issue=page.first("citation_issue", "prism.number", "dc.source.issue")
        or text(series.get("issueNumber")),
        pages=_pages(page, linked),
    )


def _issn(given: str) -> str | None:
    found = re.search(r"\b(\d{4})-?(\d{3}[\dXx])\b", given)
    return f"{found[1]}-{found[2].upper()}" if found else None


def _pages(page: Excerpt, linked: Linked) -> str:
    first = page.first("citation_firstpage", "prism.startingpage", "bepress_citation_firstpage")
    last = page.first("citation_lastpage", "prism.endingpage", "bepress_citation_lastpage")
    if not first:
        first, last = linked.get("pageStart"), linked.get("pageEnd")
        first = first or page.first("dc.identifier.pagenumber")
    if first and last and last != first and "-" not in first:
        return f"{first}-{last}"
    number = page.first("citation_article_number", "citation_elocation_id", "citation_id_from_sass_path")
    return first or linked.get("pagination") or (number if len(number) < 20 else "")


def _published(page: Excerpt, linked: Linked) -> str | None:
    for names in _DATES:
        if found := earliest(filter(None, map(written_date, page.all(*names)))):
            return found
    return written_date(linked.get("datePublished"))


def _abstracts(page: Excerpt, linked: Linked, language: str) -> tuple[Abstract, ...]:
    """The longest text of each language; that of the article's own language in front."""
    longest: dict[str, str] = {}
    for name in _ABSTRACTS:
        for meta in page.metas:
            said = re.sub(r"^\s*(?:abstract|summary)\b\s*[:.]?\s*(?=[A-Z])", "", meta.content, flags=re.I)
            if meta.name == name and len(said) >= _SHORTEST and not _CUT.search(said):
                tag = language_tag(meta.language) if meta.language else "und"
                longest[tag] = max(longest.get(tag, ""), said, key=len)
        if longest:
            break
    for name in ("abstract", "description"):
        said = linked.get(name)
        if not longest and len(said) >= _SHORTEST and not _CUT.search(said):
            longest["und"] = said
    found: list[Abstract] = []
    for tag in sorted(longest, key=lambda tag: (tag != language, tag != "und", tag)):
        kind = AbstractKind.TRANSLATED if found else AbstractKind.MAIN
        if parts := sections(longest[tag]):
            found.append(Abstract(parts, kind, language if tag == "und" else tag))
    return tuple(found)


def _keywords(page: Excerpt, linked: Linked) -> Iterator[str]:
    given = list(page.all("citation_keywords", "citation_keyword", "bepress_citation_keywords"))
    given = given or list(page.all("dc.subject", "prism.keyword")) or list(linked.texts("keywords"))
    seen = set()
    for one in given:
        parts = re.split(r"\s*[;|]\s*", one)
        if len(parts) == 1 and one.count(",") > 1:
            parts = one.split(",")
        for word in map(plain_text, parts):
            if word and word.casefold() not in seen:
                seen.add(word.casefold())
                yield word.rstrip(".")


def _types(page: Excerpt) -> Iterator[str]:
    for one in page.all("citation_article_type", "prism.aggregationtype", "dc.type.articletype", "dc.type"):
        if not one.lower().startswith(("text", "http", "info:", "journal")):
            yield one


def _licence(page: Excerpt, linked: Linked) -> Licence | None:
    """All that is stated, read together in its narrowest sense; never what the text of the page says."""
    given = [("link[rel=license]", address) for address in page.linked("license")]
    given += [
        ("json-ld license", one)
        for one in (linked.get("license"), text(linked.node(linked.article.get("license")).get("url")))
        if one
    ]
    given += [("dc.rights", one) for one in page.all(*_RIGHTS)]
    read = [(name, one, licence) for name, one in given if (licence := to_licence(one, name))]
    read.sort(key=lambda one: one[2].code == "other")
    if read and read[0][2].code != "other":
        return to_licence("; ".join(unique(one for _, one, _ in read)), read[0][0])
    return read[0][2] if read else None


def _full_texts(page: Excerpt, free: bool) -> Iterator[FullText]:
    for names, form in (
        (("citation_pdf_url", "bepress_citation_pdf_url"), "pdf"),
        (("citation_fulltext_html_url", "citation_full_html_url"), "html"),
        (("citation_xml_url",), "xml"),
        (("citation_abstract_html_url", "citation_public_url", "og:url"), "html"),
    ):
        for address in page.all(*names):
            if url := web_address(address):
                yield FullText(url, form, free)
    if url := web_address(page.base):
        yield FullText(url, "html", free)


def _grants(page: Excerpt) -> Iterator[Grant]:
    for one in page.all("citation_funding_source"):
        parts = dict(_PART.findall(one))
        if funder := plain_text(parts.get("funder", "")):
            yield Grant(funder, plain_text(parts.get("grant_number", "")))


def _meeting(page: Excerpt) -> Meeting | None:
    name = plain_text(page.first("citation_conference_title", "citation_conference"))
    year = re.search(r"\b(?:19|20)\d\d\b", name)
    return Meeting(name, year=int(year[0]) if year else None) if name else None


def _cites(page: Excerpt) -> Iterator[str]:
    for one in page.all("citation_reference"):
        found = re.search(r"(?:citation_doi=|doi\.org/|\bdoi:\s*)(10\.\d{4,9}/[^\s;]+)", one, re.IGNORECASE)
        if found and (doi := normalise_doi(found[1])):
            yield f"doi:{doi}"
