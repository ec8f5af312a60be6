"""A paper as a reference: what every format of references is made from, told once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from domain.paper import Author, Journal, Paper, Section, Version, VersionKind
from web.labels import NOTICES, VERSION_KINDS, date_words, licence_title, licence_url
from web.papers.links import identifier_links
from web.papers.notices import standings
from web.params import clean

_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_DASH = "\u2010-\u2015\u2212-"
"""All that is set between two numbers of pages, as a class of signs has it."""
_PAGES = re.compile(rf"([^\s,;{_DASH}]+) ?[{_DASH}] ?([^\s,;{_DASH}]+)")
_CHAPTERS = {"bookchapter", "booksection", "bookpart"}
_PROCEEDINGS = {"proceedingsarticle", "proceedingspaper", "conferencepaper"}
"""The letters of kinds of publication, which each source parts in its own way: `ConferencePaper`."""
_NOTICES_TOLD = 5
"""The JSON of the paper has all of them."""


class Kind(Enum):
    """What a paper is to those who cite it: each format has its own names for these."""

    ARTICLE = auto()
    """In a journal; so is an abstract in a journal's supplement."""
    PREPRINT = auto()
    PROCEEDINGS = auto()
    """In the proceedings of a meeting, or known from the meeting alone."""
    CHAPTER = auto()


@dataclass(frozen=True, slots=True)
class Name:
    """A person by the parts of the name; `whole` alone of a group, and where the parts are not known."""

    whole: str
    family: str = ""
    given: str = ""
    suffix: str = ""
    """What tells a son from his father: `Jr.`, `III`."""

    @property
    def in_commas(self) -> str:
        """Family name, given names and suffix. Commas part these, so that a group's own have to go.

        >>> Name("Jan de Vries Jr.", "de Vries", "Jan", "Jr.").in_commas, Name("A Group, Nairobi").in_commas
        ('de Vries, Jan, Jr.', 'A Group Nairobi')
        """
        parts = (self.family, self.given, self.suffix) if self.family else (self.whole,)
        return ", ".join(" ".join(part.replace(",", " ").split()) for part in parts if part)


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper as it is cited: by its primary version. All texts are of one line."""

    id: str
    kind: Kind
    title: str
    original_title: str
    names: tuple[Name, ...]
    date: tuple[int, ...]
    """Year, month and day, as far as they are known."""
    container: str
    """The journal, preprint server, book or proceedings; else the meeting."""
    abbreviation: str
    volume: str
    issue: str
    pages: tuple[str, str]
    """First and last; of what has no range the first alone, such as the number of an article."""
    issn: tuple[str, ...]
    publisher: str
    language: str
    doi: str
    pmid: str
    pmcid: str
    arxiv: str
    url: str
    abstract: str
    keywords: tuple[str, ...]
    meeting: str
    genre: str
    """A word for what is no article by itself: `Preprint`, `Conference abstract`; else empty."""
    notes: tuple[str, ...]
    """What a reader must know beside it, gravest first: a retraction, that it is a preprint, the meeting."""
    licence: str
    source: str
    """The name of the site that it is from."""


def to_reference(paper: Paper, address: str, source: str) -> Reference:
    """`paper` as it is cited; `address` is its page on the site named `source`."""
    version, ids = paper.primary, paper.primary.identifiers
    journal, licence = version.journal or Journal(""), version.licence
    meeting = version.meeting.name if version.meeting else ""
    main = version.abstract()
    links = [url for _, _, url in identifier_links(ids) if url]
    return Reference(
        id=paper.id,
        kind=to_kind(version),
        title=_line(version.title),
        original_title=_line(version.original_title),
        names=tuple(to_name(author) for author in version.authors),
        date=to_date(version.published),
        container=_line(journal.title or meeting),
        abbreviation=_line(journal.abbreviation),
        volume=_line(journal.volume),
        issue=_line(journal.issue),
        pages=page_range(_line(journal.pages)),
        issn=tuple(map(_line, journal.issn)),
        publisher=_line(journal.publisher),
        language="" if version.language in {"und", "mul"} else version.language,
        doi=ids.doi or "",
        pmid=ids.pmid or "",
        pmcid=ids.pmcid or "",
        arxiv=ids.arxiv or "",
        url=links[0] if links else address,
        abstract=" ".join(_section(section) for section in main.sections) if main else "",
        keywords=_keywords(version),
        meeting=_line(meeting),
        genre="" if version.kind is VersionKind.ARTICLE else VERSION_KINDS[version.kind],
        notes=tuple(_notes(paper)),
        licence=_listed(licence_title(licence), licence_url(licence)) if licence else "",
        source=source,
    )


def to_kind(version: Version) -> Kind:
    """What a version is to those who cite it."""
    types = {"".join(filter(str.isalpha, kind.casefold())) for kind in version.publication_types}
    in_journal = bool(version.journal and version.journal.title)
    if version.kind is VersionKind.PREPRINT:
        return Kind.PREPRINT
    if types & _CHAPTERS:
        return Kind.CHAPTER
    presented = version.meeting is not None or version.kind is VersionKind.ABSTRACT
    return Kind.PROCEEDINGS if types & _PROCEEDINGS or (presented and not in_journal) else Kind.ARTICLE


def to_name(author: Author) -> Name:
    """The parts of a name. The suffix is what stands in the whole name behind the given and family names.

    >>> to_name(Author("John Smith Jr.", "Smith", "John"))
    Name(whole='John Smith Jr.', family='Smith', given='John', suffix='Jr.')
    >>> to_name(Author("Invented Trials Group"))
    Name(whole='Invented Trials Group', family='', given='', suffix='')
    """
    whole, family, given = map(_line, (author.name, author.family, author.given))
    if not (family and given):
        return Name(whole)
    start = f"{given} {family} "
    return Name(whole, family, given, whole.removeprefix(start) if whole.startswith(start) else "")


def to_date(published: str | None) -> tuple[int, ...]:
    """Year, month and day, as far as they are known.

    >>> to_date("2024-03"), to_date(None)
    ((2024, 3), ())
    """
    match = _DATE.match(published or "")
    return tuple(int(part) for part in match.groups() if part) if match else ()


def page_range(pages: str) -> tuple[str, str]:
    """First and last page, the last in full; what is not one range stays whole.

    >>> page_range("1123-9"), page_range("e12059"), page_range("45–52")
    (('1123', '1129'), ('e12059', ''), ('45', '52'))
    >>> page_range("1787-8; discussion 1791"), page_range("2019-7")
    (('1787-8; discussion 1791', ''), ('2019-7', ''))
    """
    match = _PAGES.fullmatch(pages)
    if not match:
        return pages, ""
    first, last = match.groups()
    if first.isdecimal() and last.isdecimal():
        last = first[: -len(last)] + last
        return (first, last) if int(first) <= int(last) else (pages, "")
    return first, last


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _section(section: Section) -> str:
    return _line(f"{section.label}: {section.text}" if section.label else section.text)


def _keywords(version: Version) -> tuple[str, ...]:
    """MeSH headings and keywords, each once, whatever its case."""
    found: dict[str, str] = {}
    for word in map(_line, (*(heading.name for heading in version.mesh), *version.keywords)):
        found.setdefault(word.casefold(), word)
    return tuple(filter(None, found.values()))


def _notes(paper: Paper) -> Iterator[str]:
    version = paper.primary
    for one in standings(paper)[:_NOTICES_TOLD]:
        about = f" (the {one.version})" if one.version else ""
        urls = [url for _, _, url in one.links if url]
        yield _listed(f"{NOTICES[one.kind][0]}{about}", date_words(one.date), *urls[:1])
    if version.kind is not VersionKind.ARTICLE:
        yield _listed(VERSION_KINDS[version.kind], version.meeting.number if version.meeting else "")
    if meeting := version.meeting:
        when = date_words(meeting.date) or str(meeting.year or "")
        yield _listed(f"Presented at {meeting.name}", meeting.place, when)


def _listed(*parts: str) -> str:
    return ", ".join(filter(None, map(_line, parts)))
