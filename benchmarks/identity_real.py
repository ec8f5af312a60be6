"""Labelled pairs of real records for `benchmarks.identity`: made when it is run, nothing of them kept."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from crawler.records.archives import Member, open_members
from crawler.records.formats import read_member
from domain.errors import SourceChanged
from domain.identifiers import Identifiers
from domain.matching import match_keys
from domain.paper import Author, Journal, Version, VersionKind
from domain.profile import Profile

Name = tuple[str, str]
"""Source and native id."""
Records = dict[Name, Version]
Labelled = tuple[str, Version, Version, bool]
_FOLDERS = ("api-*", "jats-*", "oai-pmh")
_MOST = 600
_SHORT = 15
"""Letters of a title below which a record cannot be told by anything but its identifiers."""


def read_pairs(data: Path) -> Iterator[Labelled]:
    """Kind, two records without their identifiers, and whether they are one work."""
    records = _read(data)
    bare = {name: replace(told, identifiers=Identifiers(), links=()) for name, told in records.items()}
    yield from (("shared", bare[a], bare[b], True) for a, b in _shared(records))
    yield from (("linked", bare[a], bare[b], True) for a, b in _linked(records))
    told = [v for v in bare.values() if v.authors and sum(map(str.isalpha, v.title)) >= _SHORT]
    step = max(1, len(told) // _MOST)
    for number, version in enumerate(told[::step]):
        kind, retell = _RETOLD[number % len(_RETOLD)]
        yield kind, version, retell(version), True
    different = [*_blocked(bare), *_near(bare)]
    for a, b in list(dict.fromkeys(different))[: 2 * _MOST]:
        if _are_two(records[a], records[b]):
            yield "different", bare[a], bare[b], False


def _read(data: Path) -> Records:
    found: Records = {}
    for folder in sorted(path for pattern in _FOLDERS for path in data.glob(pattern)):
        try:
            for member in open_members(folder, lambda _: None):
                found.update(_versions(member))
        except SourceChanged:
            continue  # an archive that breaks off: some of them do so on purpose
    return found


def _versions(member: Member) -> Iterator[tuple[Name, Version]]:
    try:
        for record, told in read_member(member.head, member.stream, datetime.now(UTC)) or ():
            if isinstance(told, Version) and not told.companion:
                yield (record.source, record.native_id), told
    except SourceChanged:
        return


def _shared(records: Records) -> list[tuple[Name, Name]]:
    """Records of two sources that share an identifier."""
    holders: dict[str, list[Name]] = defaultdict(list)
    for name, told in records.items():
        for key in tuple(told.identifiers.keys()):
            holders[key].append(name)
    pairs = {pair for names in holders.values() for pair in combinations(names, 2)}
    return sorted((a, b) for a, b in pairs if a[0] != b[0] and records[a].kind is records[b].kind)


def _linked(records: Records) -> list[tuple[Name, Name]]:
    """Records one of which names the other as another version of the work."""
    holders = {key: name for name, told in records.items() for key in tuple(told.identifiers.keys())}
    found = set()
    for name, told in records.items():
        for link in told.links:
            other = holders.get(link.key, name)
            if other != name:
                found.add((min(name, other), max(name, other)))
    return sorted(found)


def _blocked(bare: Records) -> list[tuple[Name, Name]]:
    """Records that share a blocking key."""
    blocks: dict[str, list[Name]] = defaultdict(list)
    for name, told in bare.items():
        for key in match_keys(told):
            blocks[key].append(name)
    return sorted({pair for names in blocks.values() for pair in combinations(sorted(names), 2)})


def _near(bare: Records) -> Iterator[tuple[Name, Name]]:
    """For each record the one of its journal whose title has most words in common with its own."""
    journals: dict[str, list[tuple[Name, frozenset[str]]]] = defaultdict(list)
    for name, told in bare.items():
        if told.journal and told.journal.title:
            journals[told.journal.title].append((name, frozenset(Profile(told).title.words)))
    for listed in journals.values():
        for name, words in listed[:200]:
            likeness = {
                other: len(words & theirs) / max(len(words | theirs), 1)
                for other, theirs in listed
                if other != name
            }
            if likeness:
                other = max(likeness, key=lambda one: (likeness[one], one))
                yield min(name, other), max(name, other)


def _are_two(one: Version, other: Version) -> bool:
    """Whether both have another identifier of one scheme, and neither is a version of the other."""
    told = [(getattr(one.identifiers, s), getattr(other.identifiers, s)) for s in ("doi", "pmid")]
    both = [(mine, theirs) for mine, theirs in told if mine and theirs]
    differ = bool(both) and all(mine != theirs for mine, theirs in both)
    keys = {*one.identifiers.keys()}, {*other.identifiers.keys()}
    linked = {link.key for link in one.links} & keys[1] or {link.key for link in other.links} & keys[0]
    return differ and not linked and one.kind is other.kind


def _initials(told: Version) -> Version:
    authors = tuple(
        Author(a.name, a.family, "".join(part[0] for part in a.given.split())) if a.family else a
        for a in told.authors
    )
    journal = told.journal
    if journal:
        name, page = journal.abbreviation or journal.title, journal.pages.split("-")[0]
        journal = replace(journal, title=name, issn=(), pages=page)
    return replace(told, authors=authors, journal=journal, abstracts=(), language="und")


def _without_place(told: Version) -> Version:
    return replace(told, journal=None, published=told.published and told.published[:4])


def _without_abstract(told: Version) -> Version:
    return replace(told, abstracts=(), title=told.title.rstrip(".") + ".", language="und")


def _shouted(told: Version) -> Version:
    authors = tuple(Author(_plain(a.name), _plain(a.family), _plain(a.given)) for a in told.authors)
    return replace(told, title=told.title.upper(), authors=authors, abstracts=())


def _first_author(told: Version) -> Version:
    return replace(told, authors=told.authors[:1], abstracts=())


def _turned_round(told: Version) -> Version:
    authors = tuple(Author(a.name, a.given, a.family) if a.family and a.given else a for a in told.authors)
    return replace(told, authors=authors)


def _ahead_of_print(told: Version) -> Version:
    journal = Journal(told.journal.title, issn=told.journal.issn) if told.journal else None
    return replace(told, published=_year_before(told), journal=journal)


def _preprinted(told: Version) -> Version:
    place, year = Journal("inventRxiv"), _year_before(told)
    return replace(_initials(told), kind=VersionKind.PREPRINT, journal=place, published=year)


def _year_before(told: Version) -> str | None:
    return str(told.year - 1) if told.year else None


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).upper()


_RETOLD: tuple[tuple[str, Callable[[Version], Version]], ...] = (
    ("initials", _initials),
    ("no-place", _without_place),
    ("no-abstract", _without_abstract),
    ("shouted", _shouted),
    ("first-author", _first_author),
    ("turned-round", _turned_round),
    ("ahead-of-print", _ahead_of_print),
    ("preprinted", _preprinted),
)
