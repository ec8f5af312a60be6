"""The fields of an article of DOAJ, read one by one; all of them stand in `bibjson`.

The licence is that of the journal, as the article's record repeats it. Where a journal has several, the
record does not say which is the article's, and so neither do we.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.names import orcid, person, web_address
from crawler.records.sections import sections
from crawler.records.text import language_tag, partial_date, plain_text, title_text
from crawler.telling.notices import is_notice_title, marked
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi
from domain.licence import Licence, to_licence
from domain.paper import Abstract, Affiliation, Author, FullText, Journal, VersionKind, unique

_ISSN = re.compile(r"\d{4}-\d{3}[\dXx]")
_ARXIV_DOI = "10.48550/arxiv."
_CORRESPONDING = re.compile(r"[;,.]?\s*\(?\bcorresponding authors?\b[.)*:]*", re.IGNORECASE)
_FORMATS = {"application/pdf": "pdf", "text/html": "html", "application/xml": "xml", "text/xml": "xml"}
_FORMATS |= {name: name for name in ("pdf", "html", "xml", "epub")}
_NOT_STATED = "und"
_OF_A_JOURNAL = frozenset({"eissn", "pissn", "apc", "alternative_title", "publication_time_weeks"})
_ENGLISH = frozenset(
    {"the", "of", "and", "in", "was", "were", "with", "for", "to", "is", "that", "we", "this"}
)


def to_fields(record: Fields) -> dict[str, Any]:
    """The arguments of a `Version`."""
    article = fields(record.get("bibjson"))
    if "author" not in article and "journal" not in article and not _OF_A_JOURNAL.isdisjoint(article):
        raise RecordRejected("doaj", text(record.get("id")), "not-a-paper", "a journal")
    title = title_text(plain_text(text(article.get("title"))))
    if is_notice_title(title, text(article.get("abstract"))):
        raise RecordRejected("doaj", text(record.get("id")), "not-a-paper", "a notice about another paper")
    language = _language(article)
    abstract = sections(text(article.get("abstract")))
    return {
        "kind": VersionKind.ARTICLE,
        "identifiers": _identifiers(record, article),
        "title": title,
        "language": language,
        "abstracts": (Abstract(abstract, language=_abstract_language(article, language)),)
        if abstract
        else (),
        "authors": tuple(a for a in map(_author, items(article, "author")) if a),
        "journal": _journal(article),
        "published": _published(article),
        "keywords": unique(_keywords(article)),
        "licence": _licence(article),
        "open_access": True,
        "notices": marked(title),
        "full_texts": unique(_full_texts(article)),
    }


def _language(article: Fields) -> str:
    """The language of the journal where it has one only; an article's own is not told."""
    tags = unique(language_tag(text(code)) for code in items(article, "journal", "language"))
    return tags[0] if len(tags) == 1 else _NOT_STATED


def _abstract_language(article: Fields, language: str) -> str:
    """English where the journal has more than one language, English among them, and the words are English."""
    tags = {language_tag(text(code)) for code in items(article, "journal", "language")}
    words = re.findall(r"[a-z]+", text(article.get("abstract"))[:5000].casefold())
    english = sum(word in _ENGLISH for word in words)
    return "en" if language == _NOT_STATED and "en" in tags and english * 8 > len(words) else language


def _identifiers(record: Fields, article: Fields) -> Identifiers:
    dois = [
        doi
        for one in map(fields, items(article, "identifier"))
        if text(one.get("type")).casefold() == "doi" and (doi := normalise_doi(text(one.get("id"))))
    ]
    doi, native = next(iter(dois), None), text(record.get("id"))
    return Identifiers(
        doi=doi,
        arxiv=normalise_arxiv(doi.removeprefix(_ARXIV_DOI)) if doi and doi.startswith(_ARXIV_DOI) else None,
        other=(f"doaj:{native}",) if native else (),
    )


def _author(value: object) -> Author | None:
    author = fields(value)
    affiliations = _affiliations(author)
    found = person(
        plain_text(text(author.get("name"))),
        orcid=orcid(text(author.get("orcid_id"))),
        affiliations=tuple(Affiliation(place) for place, _ in affiliations if place),
    )
    if found and any(said for _, said in affiliations):
        return Author(
            found.name, found.family, found.given, found.orcid, found.affiliations, corresponding=True
        )
    return found


def _affiliations(author: Fields) -> list[tuple[str, bool]]:
    """Affiliations, and whether each says that it is the corresponding author's, which some publishers do."""
    given = [text(author.get("affiliation")), *map(text, items(author, "affiliations"))]
    printed = unique(plain for one in given if (plain := plain_text(one)))
    return [(_CORRESPONDING.sub("", one).strip(" ;,"), bool(_CORRESPONDING.search(one))) for one in printed]


def _journal(article: Fields) -> Journal | None:
    journal = fields(article.get("journal"))
    title, publisher = plain_text(text(journal.get("title"))), plain_text(text(journal.get("publisher")))
    if not title and not publisher:
        return None
    own = [
        text(one.get("id"))
        for one in map(fields, items(article, "identifier"))
        if text(one.get("type")).casefold() in {"pissn", "eissn", "issn"}
    ]
    listed = [text(issn) for issn in items(journal, "issns")]
    first, last = text(article.get("start_page")), text(article.get("end_page"))
    return Journal(
        title=title or publisher,
        issn=unique(issn.upper() for issn in (*own, *listed) if _ISSN.fullmatch(issn)),
        publisher=publisher if title else "",
        volume=plain_text(text(journal.get("volume"))).removeprefix("Volume ").strip(),
        issue=plain_text(text(journal.get("number"))),
        pages=f"{first}-{last}" if first and last and first != last else first,
    )


def _published(article: Fields) -> str | None:
    return partial_date(text(article.get("year")), text(article.get("month")) or None)


def _keywords(article: Fields) -> Iterator[str]:
    for one in items(article, "keywords"):
        # Some publishers send all of them as one.
        parts = re.split(r"\s*[;|]\s*", text(one)) if ";" in text(one) or "|" in text(one) else [text(one)]
        yield from (found for part in parts if (found := plain_text(part)[:200]))


def _licence(article: Fields) -> Licence | None:
    """The statement of the article itself, else of its journal, unless the journal has several."""
    for place, held in (("bibjson", article), ("bibjson/journal", fields(article.get("journal")))):
        stated = [_statement(one) for one in items(held, "license")]
        found = unique(lic for one in stated if (lic := to_licence(one, f"{place}/license")))
        if len({licence.code for licence in found}) == 1:
            return found[0]
    return None


def _statement(value: object) -> str:
    one = fields(value)
    return plain_text(text(one.get("type")) or text(one.get("title")) or text(value))


def _full_texts(article: Fields) -> Iterator[FullText]:
    for link in map(fields, items(article, "link")):
        address = web_address(text(link.get("url")))
        if address and text(link.get("type")).casefold() in {"fulltext", ""}:
            kind = text(link.get("content_type")).casefold()
            yield FullText(address, _FORMATS.get(kind, "html"), free=True)
