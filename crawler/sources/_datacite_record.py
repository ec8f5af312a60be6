"""The fields of a paper's record of DataCite (schema 4), read one by one."""

import re
from collections.abc import Iterator
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.dates import is_past
from crawler.records.names import orcid, person, ror, web_address
from crawler.records.sections import sections
from crawler.records.text import language_tag, partial_date, plain_text, title_text, with_subtitle
from crawler.sources._datacite_links import (
    abstracts_of,
    attributes,
    identifiers_of,
    is_paper,
    links_of,
    own_doi,
    paper_kind,
    publisher_name,
)
from crawler.telling.manuscripts import is_manuscript
from crawler.telling.notices import is_notice, marked
from domain.errors import RecordRejected
from domain.licence import Licence, to_licence
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

_SHUT = re.compile(r"(?:closed|embargoed|metadataonly|(?<!un)restricted)access")
_DATES = ("issued", "available", "submitted")
_UNKNOWN = frozenset({"", ":unav", ":unkn", ":none", ":null", ":tba", ":unas", "(:unav)", "(:unkn)"})
_MOST_KEYWORDS = 50


def to_fields(record: Fields) -> dict[str, Any]:
    """The arguments of a `Version`."""
    found = attributes(record)
    kind = paper_kind(found)
    if kind is None or not is_paper(found):
        raise RecordRejected("datacite", own_doi(found), "not-a-paper", _what(found, kind))
    title, original = _titles(found, language := language_tag(text(found.get("language"))))
    abstract = next((text(one.get("description")) for one in abstracts_of(found)), "")
    if is_notice(_types(found), title, abstract):
        raise RecordRejected("datacite", own_doi(found), "not-a-paper", "a notice about another paper")
    shut = _is_shut(found)
    licence = None if shut or _is_manuscript(found, kind) else _licence(found)
    return {
        "kind": kind,
        "identifiers": identifiers_of(found),
        "title": title,
        "original_title": original,
        "language": language,
        "abstracts": tuple(_abstracts(found, language)),
        "authors": tuple(a for a in map(_author, items(found, "creators")) if a),
        "journal": _journal(found),
        "published": _published(found),
        "publication_types": _types(found),
        "keywords": unique(_keywords(found))[:_MOST_KEYWORDS],
        "grants": unique(_grants(found)),
        "licence": licence,
        "open_access": False if shut else _is_open(found, licence) or None,
        "links": links_of(found),
        "notices": marked(title),
        "full_texts": unique(_full_texts(found)),
    }


def _what(found: Fields, kind: VersionKind | None) -> str:
    types = ", ".join(_types(found)) or "of no stated type"
    return f"{types}, without an abstract" if kind else f"{types}, which names no paper it belongs to"


def _types(found: Fields) -> tuple[str, ...]:
    types = fields(found.get("types"))
    given = (types.get("resourceTypeGeneral"), types.get("resourceType"))
    return unique(name for one in given if (name := plain_text(text(one))) and name != "Text")


def _titles(found: Fields, language: str) -> tuple[str, str]:
    """The title, in English where it is given in English too, and then the paper's own one behind it."""
    titles = [one for one in map(fields, items(found, "titles")) if text(one.get("title"))]
    main = next((one for one in titles if not text(one.get("titleType"))), next(iter(titles), {}))
    tongue = language_tag(text(main.get("lang")))
    below = [
        _title(one)
        for one in titles
        if text(one.get("titleType")) == "Subtitle" and language_tag(text(one.get("lang"))) in (tongue, "und")
    ]
    own = with_subtitle(_title(main), next(iter(below), ""))
    if (language if tongue == "und" else tongue) in ("en", "und"):
        return own, ""
    english = (one for one in titles if text(one.get("titleType")) in ("", "TranslatedTitle"))
    shown = next((_title(one) for one in english if language_tag(text(one.get("lang"))) == "en"), "")
    return (shown, own) if shown else (own, "")


def _title(one: Fields) -> str:
    title = title_text(plain_text(text(one.get("title"))))
    return "" if title.casefold() in _UNKNOWN else title


def _abstracts(found: Fields, language: str) -> Iterator[Abstract]:
    used: set[str] = set()
    for one in abstracts_of(found):
        stated = language_tag(text(one.get("lang")))
        tag = stated if stated != "und" else language if language != "und" else "en"
        parts = sections(text(one.get("description")))
        if parts and tag not in used:
            yield Abstract(parts, AbstractKind.TRANSLATED if used else AbstractKind.MAIN, tag)
            used.add(tag)


def _author(value: object) -> Author | None:
    creator = fields(value)
    name = plain_text(text(creator.get("name")))
    if name.casefold() in _UNKNOWN:
        return None
    places = tuple(a for a in map(_affiliation, items(creator, "affiliation")) if a)
    if text(creator.get("nameType")).casefold().startswith("organi"):
        return Author(name, affiliations=places)
    ids = (_name_id(fields(one)) for one in items(creator, "nameIdentifiers"))
    return person(
        name,
        family=plain_text(text(creator.get("familyName"))),
        given=plain_text(text(creator.get("givenName"))),
        orcid=next((one for one in ids if one), None),
        affiliations=unique(places),
    )


def _name_id(one: Fields) -> str | None:
    given = text(one.get("nameIdentifier"))
    scheme = text(one.get("nameIdentifierScheme")).casefold()
    return orcid(given) if scheme == "orcid" or "orcid.org/" in given else None


def _affiliation(value: object) -> Affiliation | None:
    one = fields(value)
    printed = plain_text(text(one.get("name")) or text(value))
    known = text(one.get("affiliationIdentifier"))
    is_ror = text(one.get("affiliationIdentifierScheme")).casefold() == "ror" or "ror.org/" in known
    return Affiliation(printed, ror=ror(known) if is_ror else None) if printed else None


def _journal(found: Fields) -> Journal | None:
    container, publisher = fields(found.get("container")), publisher_name(found)
    publisher = "" if publisher.casefold() in _UNKNOWN else publisher
    title = plain_text(text(container.get("title"))) if _is_journal(container) else ""
    if not title and not publisher:
        return None
    first, last = (_page(container.get(name)) for name in ("firstPage", "lastPage"))
    is_issn = text(container.get("identifierType")).casefold() == "issn"
    return Journal(
        title=title or publisher,
        issn=(text(container.get("identifier")),) if title and is_issn else (),
        publisher=publisher if title else "",
        volume=text(container.get("volume")) if title else "",
        issue=text(container.get("issue")) if title else "",
        pages=(f"{first}-{last}" if first and last and first != last else first) if title else "",
    )


def _page(value: object) -> str:
    """A page number; some write the whole citation there."""
    given = text(value)
    return given if re.fullmatch(r"[A-Za-z]{0,3}\d[\w.-]{0,15}", given) else ""


def _is_journal(container: Fields) -> bool:
    return text(container.get("type")).casefold() in {"journal", "series", "book series", "proceedings"}


def _published(found: Fields) -> str | None:
    """The date of issue, as exact as a date within it tells: repositories often issue by the year alone.

    A preprint is out on the day it was submitted, an article is not.
    """
    dates = _dates(found)
    told = _DATES if paper_kind(found) is VersionKind.PREPRINT else _DATES[:2]
    given = [dates[name] for name in told if name in dates]
    named = [dates[name] for name in _DATES[:2] if name in dates]
    published = next(iter(named), None) or partial_date(text(found.get("publicationYear")))
    for finer in given:
        if published and finer.startswith(published):
            published = finer
    return published


def _dates(found: Fields) -> dict[str, str]:
    """The first date of each type."""
    dates: dict[str, str] = {}
    for one in map(fields, items(found, "dates")):
        if day := partial_date(text(one.get("date"))):
            dates.setdefault(text(one.get("dateType")).casefold(), day)
    return dates


def _keywords(found: Fields) -> Iterator[str]:
    for one in items(found, "subjects"):
        # Some repositories send all of them as one.
        for word in plain_text(text(fields(one).get("subject")) or text(one)).split(";"):
            if word.strip():
                yield word.strip()[:200]


def _grants(found: Fields) -> Iterator[Grant]:
    for one in map(fields, items(found, "fundingReferences")):
        if funder := plain_text(text(one.get("funderName"))):
            yield Grant(funder, plain_text(text(one.get("awardNumber"))))


def _is_manuscript(found: Fields, kind: VersionKind) -> bool:
    """Whether it is a repository's copy of an article, and not the one that was published."""
    rights = (text(fields(one).get("rightsUri")) for one in items(found, "rightsList"))
    return kind is not VersionKind.PREPRINT and is_manuscript(
        *_types(found), text(found.get("version")), *rights
    )


def _licence(found: Fields) -> Licence | None:
    """What the rights say; where they name several licences, the narrowest reading of all."""
    stated = [_statement(fields(one)) for one in items(found, "rightsList")]
    known = [one for one in stated if (lic := to_licence(one, "rightsList")) and lic.code != "other"]
    if known:
        return to_licence("; ".join(dict.fromkeys(known)), "rightsList")
    other = [one for one in stated if one and "openaccess" not in one.casefold().replace(" ", "")]
    return to_licence(other[0], "rightsList") if other else None


def _statement(one: Fields) -> str:
    for name in ("rightsUri", "rightsIdentifier", "rights"):
        given = plain_text(text(one.get(name)))
        if (lic := to_licence(given, name)) and lic.code != "other":
            return given
    return plain_text(text(one.get("rights")) or text(one.get("rightsUri")))


def _is_open(found: Fields, licence: Licence | None) -> bool:
    return "openaccess" in _access(found) or bool(licence and licence.code.startswith("cc"))


def _is_shut(found: Fields) -> bool:
    """Whether it cannot be read, or not yet: a licence beside that is none of the text's, or begins later.

    Where it is called open too, that is believed as little.
    """
    said = _access(found)
    if not _SHUT.search(said):
        return False
    begins = _dates(found).get("available", "") if "embargoedaccess" in said else ""
    return not is_past(begins)


def _access(found: Fields) -> str:
    """All that the rights say, in small letters without spaces."""
    said = (" ".join(map(text, fields(one).values())) for one in items(found, "rightsList"))
    return ";".join(said).casefold().replace(" ", "")


def _full_texts(found: Fields) -> Iterator[FullText]:
    for one in items(found, "contentUrl"):
        if address := web_address(text(one)):
            yield FullText(address, "pdf" if address.casefold().endswith(".pdf") else "html", free=True)
    if address := web_address(text(found.get("url"))):
        yield FullText(address, "html")
