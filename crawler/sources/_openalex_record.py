"""The fields of a work of OpenAlex, read one by one.

OpenAlex gathers what others say and adds what its machines tell: its keywords with little score are left out,
and a date on the first of January is only a year to it.
"""

import re
from collections.abc import Iterator
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.kinds import is_thesis
from crawler.records.names import web_address
from crawler.records.sections import sections
from crawler.records.supplements import is_supplement
from crawler.records.text import language_tag, partial_date, plain_text, title_text
from crawler.sources._openalex_people import authors
from crawler.telling.manuscripts import is_manuscript
from crawler.telling.notices import is_notice, marked
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.licence import Licence, to_licence
from domain.paper import (
    Abstract,
    FullText,
    Grant,
    Journal,
    MeshHeading,
    Notice,
    NoticeKind,
    VersionKind,
    unique,
)

_ARXIV_DOI = "10.48550/arxiv."
_NO_PAPER = frozenset(
    {"correction", "database", "dataset", "erratum", "expression-of-concern", "grant", "libguides", "other"}
    | {"paratext", "peer-review", "reference-entry", "retraction", "retraction-notice", "software"}
    | {"standard", "supplementary-materials"}
)
_OF_A_MEETING = frozenset({"conference-abstract", "meeting-abstract", "proceedings-abstract"})
_DELETED = "https://openalex.org/W4285719527"
"""The one work that stands for all that OpenAlex has taken out."""
_LONGEST = 20_000
"""Words of an abstract; positions are not to be trusted with more memory than that."""
_SURE = 0.5


def to_fields(work: Fields) -> dict[str, Any]:
    """The arguments of a `Version`."""
    types = _types(work)
    if work.get("is_paratext") is True or _NO_PAPER & set(types) or any(map(is_thesis, types)):
        raise RecordRejected("openalex", text(work.get("id")), "not-a-paper", ", ".join(types) or "paratext")
    if work.get("id") == _DELETED:
        raise RecordRejected("openalex", _DELETED, "not-a-paper", "what stands for deleted works")
    title = title_text(plain_text(text(work.get("title")) or text(work.get("display_name"))))
    if is_supplement(title):
        raise RecordRejected("openalex", text(work.get("id")), "not-a-paper", "a supplement")
    words = abstract_text(work.get("abstract_inverted_index"))
    if is_notice(types, title, words, fallen=work.get("is_retracted") is True):
        raise RecordRejected("openalex", text(work.get("id")), "not-a-paper", "a notice about another paper")
    language = language_tag(text(work.get("language")))
    abstract = sections(words)
    return {
        "kind": _kind(types),
        "identifiers": _identifiers(work),
        "title": title,
        "language": language,
        "abstracts": (Abstract(abstract, language="en" if language == "und" else language),)
        if abstract
        else (),
        "authors": authors(items(work, "authorships")),
        "journal": _journal(work),
        "published": _published(work),
        "publication_types": types,
        "mesh": tuple(_mesh(work)),
        "keywords": unique(_keywords(work)),
        "grants": unique(_grants(work)),
        "licence": _licence(work, is_preprint=_kind(types) is VersionKind.PREPRINT),
        "open_access": is_open if isinstance(is_open := _open_access(work), bool) else None,
        "notices": _notices(work, title),
        "full_texts": unique(_full_texts(work)),
    }


def abstract_text(index: object) -> str:
    """The text that an inverted index (`{"word": [position, …]}`) was made of.

    >>> abstract_text({"growth": [2], "Tumour": [0], "slowed.": [3], "the": [1]})
    'Tumour the growth slowed.'
    """
    placed: dict[int, str] = {}
    for word, positions in fields(index).items():
        for position in positions if isinstance(positions, list) else ():
            if isinstance(position, int) and not isinstance(position, bool) and position >= 0:
                placed.setdefault(position, word)
                if len(placed) > _LONGEST:
                    return ""
    return " ".join(placed[position] for position in sorted(placed))


def _types(work: Fields) -> tuple[str, ...]:
    given = (work.get("type"), fields(work.get("primary_location")).get("raw_type"))
    return unique(kind for one in given if (kind := text(one).casefold()))


def _kind(types: tuple[str, ...]) -> VersionKind:
    if _OF_A_MEETING & set(types):
        return VersionKind.ABSTRACT
    return VersionKind.PREPRINT if "preprint" in types[:1] else VersionKind.ARTICLE


def _identifiers(work: Fields) -> Identifiers:
    ids = fields(work.get("ids"))
    doi = normalise_doi(text(work.get("doi")) or text(ids.get("doi")))
    pmcid = text(ids.get("pmcid")).rstrip("/").rpartition("/")[2]
    native = text(work.get("id")).rpartition("/")[2].upper()
    return Identifiers(
        doi=doi,
        pmid=normalise_pmid(text(ids.get("pmid")).rstrip("/").rpartition("/")[2]),
        pmcid=normalise_pmcid(f"PMC{pmcid}" if pmcid.isdecimal() else pmcid),
        arxiv=normalise_arxiv(doi.removeprefix(_ARXIV_DOI)) if doi and doi.startswith(_ARXIV_DOI) else None,
        other=(f"openalex:{native}",) if re.fullmatch(r"W\d{1,15}", native) else (),
    )


def _journal(work: Fields) -> Journal | None:
    place, biblio = fields(work.get("primary_location")), fields(work.get("biblio"))
    source = fields(place.get("source"))
    title = plain_text(text(source.get("display_name")) or text(place.get("raw_source_name")))
    first, last = text(biblio.get("first_page")), text(biblio.get("last_page"))
    if not title:
        return None
    return Journal(
        title=title,
        issn=unique(issn for one in items(source, "issn") if (issn := text(one).upper())),
        publisher=plain_text(text(source.get("host_organization_name"))),
        volume=text(biblio.get("volume")),
        issue=text(biblio.get("issue")),
        pages=f"{first}-{last}" if first and last and first != last else first,
    )


def _published(work: Fields) -> str | None:
    given = text(work.get("publication_date"))
    return partial_date(given[:4] if given.endswith("-01-01") else given) or partial_date(
        text(work.get("publication_year"))
    )


def _mesh(work: Fields) -> Iterator[MeshHeading]:
    """One heading for each descriptor; OpenAlex gives a row for each of its qualifiers."""
    rows: dict[str, list[Fields]] = {}
    for row in map(fields, items(work, "mesh")):
        if name := text(row.get("descriptor_name")):
            rows.setdefault(name, []).append(row)
    for name, held in rows.items():
        qualifiers = unique(q for row in held if (q := text(row.get("qualifier_name"))))
        major = any(row.get("is_major_topic") is True for row in held)
        yield MeshHeading(name, text(held[0].get("descriptor_ui")), major, qualifiers)


def _keywords(work: Fields) -> Iterator[str]:
    for one in map(fields, items(work, "keywords")):
        name, score = plain_text(text(one.get("display_name"))), one.get("score")
        if name and (not isinstance(score, int | float) or score >= _SURE):
            yield name


def _grants(work: Fields) -> Iterator[Grant]:
    """Awards and funders; `grants` stands in answers saved before 2026."""
    named = set()
    for one in map(fields, (*items(work, "awards"), *items(work, "grants"))):
        if funder := plain_text(text(one.get("funder_display_name"))):
            named.add(funder)
            yield Grant(funder, plain_text(text(one.get("funder_award_id")) or text(one.get("award_id"))))
    for one in map(fields, items(work, "funders")):
        if (funder := plain_text(text(one.get("display_name")))) and funder not in named:
            yield Grant(funder)


def _licence(work: Fields, *, is_preprint: bool) -> Licence | None:
    """That of the version of record; a repository's copy may be under another one, as a manuscript is."""
    primary, best = fields(work.get("primary_location")), fields(work.get("best_oa_location"))
    if is_manuscript(text(primary.get("version"))) and not is_preprint:
        return None
    if stated := to_licence(text(primary.get("license")), "primary_location/license"):
        return stated
    if text(best.get("version")) and best.get("version") == primary.get("version"):
        return to_licence(text(best.get("license")), "best_oa_location/license")
    return None


def _open_access(work: Fields) -> object:
    return fields(work.get("open_access")).get("is_oa")


def _notices(work: Fields, title: str) -> tuple[Notice, ...]:
    """OpenAlex marks papers as retracted without naming the notice."""
    if work.get("is_retracted") is not True:
        return marked(title)
    told = Notice(NoticeKind.RETRACTED, text="OpenAlex marks it as retracted and does not name the notice")
    return (told, *marked(title, (told,)))


def _full_texts(work: Fields) -> Iterator[FullText]:
    places = (work.get("best_oa_location"), work.get("primary_location"), *items(work, "locations"))
    for place in map(fields, places):
        free = place.get("is_oa") is True
        if free and (pdf := web_address(text(place.get("pdf_url")))):
            yield FullText(pdf, "pdf", free=True)
        page = web_address(text(place.get("landing_page_url")))
        if page and (free or place == work.get("primary_location")):
            yield FullText(page, "html", free)
