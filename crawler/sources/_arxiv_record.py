"""The fields of an arXiv record, in the formats `arXiv` and `arXivRaw`."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

from crawler.records.sections import sections
from crawler.records.tex import plain
from crawler.records.text import partial_date, title_text
from crawler.sources._oai_answer import child, child_text, local_name
from crawler.sources._oai_record import oai_key
from crawler.telling.notices import ITSELF
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi
from domain.licence import to_licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    FullText,
    Journal,
    Link,
    LinkKind,
    Notice,
    NoticeKind,
    VersionKind,
    unique,
)
from domain.record import HarvestedRecord

_FORMATS = frozenset({"arXiv", "arXivRaw", "arXivOld"})
_MORE_OF_IT = (
    r"(?:,[^,.;]{1,40},|\s+(?:has|is|was|contains?)\s+(?:(?!\b(?:which|that|who)\b)[^.;]){1,40}\s+and)?"
)
_GONE = r"(?:[a-z]{3,12}ly\s+)?withdrawn\b(?!\s+from\b(?!\s+(?:the\s+)?arxiv\b))"
_WHY = r"(?:by|due|because|for|pending|as|since|in|on|until|owing|to|from|and|after|while)"
_WITHDRAWN = re.compile(
    rf"(?:^\W*|[.:;]\s+|(?<!\bof )\b(?:the|this|our)\s+){ITSELF}"
    r"(?:\s+\([^()]{1,40}\)|\s+\S{0,20}\d\S{0,20})?"  # its number may stand between, and little else
    rf"{_MORE_OF_IT}\s+(?:(?:has|have)(?:\s+now)?\s+been|was|is(?:\s+being)?)\s+{_GONE}"
    rf"|^\W*(?:(?:(?:this\s+)?{ITSELF}|v\d{{1,2}}:)\s+)?{_GONE}(?=\W*$|\s*[^\w\s]|\s+{_WHY}\b)"
    r"|[,;.]\s*withdrawn\s+by\s+(?:the\s+)?(?:authors?|submitter|arxiv)\b"
    rf"|\b(?:i|we|authors?)\s+(?:(?:have|has)\s+)?with(?:drawn?|drew)\s+(?:the|this|our|their)\s+{ITSELF}\b",
    re.IGNORECASE,
)
"""How authors say that what one is reading was withdrawn; papers tell of others that were."""
_BETWEEN = re.compile(r",\s*(?:and\s+)?|\s+and\s+|;\s*")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_GROUP = re.compile(
    r"(?:(.+?) (?:for|on behalf of) )?(?:the )?"
    r"(\S.*\b(?:Collaborations?|Consortium|Working Group|Study Group))",
    re.IGNORECASE,
)


def to_fields(body: etree._Element, record: HarvestedRecord) -> dict[str, Any]:
    """The arguments of a `Version`.

    Raises:
        RecordRejected: the metadata are in no format of arXiv's own, or name no paper.
    """
    number = normalise_arxiv(child_text(body, "id"))
    if local_name(body) not in _FORMATS or not number:
        raise RecordRejected(
            record.source, record.native_id, "malformed", f"<{local_name(body)}> names no paper"
        )
    own, published_as = f"10.48550/arxiv.{number}", _published_as(body)
    licence = to_licence(child_text(body, "license"), "license")
    abstract = sections(plain(child_text(body, "abstract")))
    return {
        "kind": VersionKind.PREPRINT,
        # arXiv registers a DOI of this form for each of its papers (blog.arxiv.org, 2022-02-17).
        "identifiers": Identifiers(doi=own, arxiv=number, other=(oai_key(record.native_id),)),
        "title": title_text(plain(child_text(body, "title"))),
        "language": "en",
        "abstracts": (Abstract(abstract),) if abstract else (),
        "authors": tuple(_authors(body)),
        "journal": Journal("arXiv", publisher="Cornell University"),
        "published": _published(body),
        "publication_types": ("Preprint",),
        "keywords": tuple(child_text(body, "categories").split()),
        "licence": licence,
        "open_access": True,
        "links": tuple(Link(LinkKind.ARTICLE, f"doi:{doi}") for doi in published_as if doi != own),
        "notices": _notices(body),
        "full_texts": (
            FullText(f"https://arxiv.org/abs/{number}", free=True),
            FullText(f"https://arxiv.org/pdf/{number}", "pdf", free=True),
        ),
    }


def _published_as(body: etree._Element) -> tuple[str, ...]:
    """DOIs of the published article; authors now and then give several in one line."""
    given = re.split(r"[\s;]+|,(?=\s*10\.)", child_text(body, "doi"))
    return unique(doi for one in given if (doi := normalise_doi(one)))


def _published(body: etree._Element) -> str | None:
    """The day of the first version."""
    if day := partial_date(child_text(body, "created")):
        return day
    days = []
    for version in body:
        if local_name(version) == "version":
            try:
                days.append(parsedate_to_datetime(child_text(version, "date")).date().isoformat())
            except (ValueError, TypeError, IndexError, OverflowError):
                continue
    return min(days, default=None)


def _authors(body: etree._Element) -> Iterator[Author]:
    listed = child(body, "authors")
    if listed is None:
        return
    if len(listed):
        for one in listed:
            yield from _author(one)
        return
    # One line of names; what stands in brackets are affiliations, or numbers that stand for them.
    for name in _BETWEEN.split(_without_brackets(plain(listed.text or ""))):
        given, _, family = name.strip().rpartition(" ")
        yield from _named(name.strip(), family if given else "", given)


def _author(one: etree._Element) -> Iterator[Author]:
    family, given = plain(child_text(one, "keyname")), plain(child_text(one, "forenames"))
    suffix = plain(child_text(one, "suffix"))
    affiliations = tuple(
        Affiliation(text)
        for part in one
        if local_name(part) == "affiliation" and (text := plain(" ".join((part.text or "").split())))
    )
    name = " ".join(filter(None, (given, family, suffix)))
    yield from _named(name, family if given else "", given, affiliations)


def _named(
    name: str, family: str, given: str, affiliations: tuple[Affiliation, ...] = ()
) -> Iterator[Author]:
    """A person, a group, or one for the other; a colon between a group and its members is nobody."""
    group = _GROUP.fullmatch(name)
    if group is None:
        if any(c.isalpha() for c in name):
            yield Author(name, family, given, affiliations=affiliations)
        return
    if group[1]:
        before, _, last = group[1].rpartition(" ")
        yield Author(group[1], last if before else "", before, affiliations=affiliations)
    yield Author(group[2], affiliations=() if group[1] else affiliations)


def _without_brackets(text: str) -> str:
    for _ in range(4):
        shorter = _IN_BRACKETS.sub(" ", text)
        if shorter == text:
            break
        text = shorter
    return " ".join(text.split())


def _notices(body: etree._Element) -> tuple[Notice, ...]:
    """arXiv says of a withdrawn paper only in its comments, or in place of its abstract, that it is one."""
    for name in ("comments", "abstract"):
        words = plain(child_text(body, name))
        if len(words) < 400 and _WITHDRAWN.search(words):
            return (Notice(NoticeKind.WITHDRAWN, text=words),)
    return ()
