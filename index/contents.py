"""What a paper holds for each searchable field, and the forms in which codes are kept and asked for."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from operator import attrgetter

from config import load_table
from domain.identifiers import normalise_doi, parse_key
from domain.paper import Version
from domain.ports import Indexable
from domain.statements import Shared

Value = str | int
Values = tuple[Value, ...]
_TOGETHER = 256
_KEPT = 65_536
_BELOW_DATE = 36
FIRST_DATED = 1 << _BELOW_DATE
"""The least `order_number` of a paper that has a date."""
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

_SMALL = r"[!-@\[-~]"
_DOI = rf"10\.[0-9]{{4,9}}(?:\.[0-9]+)*/{_SMALL}*(?![.,;]){_SMALL}"
SMALL = re.compile(f"{_SMALL}+")
"""Codes in small letters of ASCII."""
CAPITAL = re.compile("[A-Z]*[0-9][0-9A-Z-]*")
"""Codes in capitals, with a number."""
DOI = re.compile(_DOI)
PMID = re.compile("[1-9][0-9]{0,8}")
PMCID = re.compile(f"PMC{PMID.pattern}")
CITED = re.compile(rf"doi:{_DOI}(?<!_(?:med|pmc|ppr|agr|cba))|pmid:{PMID.pattern}|pmcid:{PMCID.pattern}")
"""Keys, but for those that may be an id of Europe PMC: `doi:10.5555/1_med`."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the versions of a paper state."""

    of_versions: Callable[[Sequence[Version]], list[Values]]
    """What each states. Of many in one call: what reads them stays at hand from one to the next."""
    joined: Callable[[Sequence[Values]], Values]
    """What they state together; of one version it is what that one states."""

    def __call__(self, item: Indexable) -> Values:
        """What the paper's versions state."""
        versions = item.paper.versions
        return self.of_papers(versions, [len(versions)])[0]

    def of_papers(self, versions: Sequence[Version], counts: Sequence[int]) -> list[Values]:
        """What the versions of each paper state: those of the first, of the second, and so on.

        Args:
            versions: those of all the papers, paper by paper.
            counts: how many each paper has, one at least.
        """
        found = self.of_versions(versions)
        if len(versions) == len(counts):
            return found
        rest = iter(found)
        return [next(rest) if count == 1 else self.joined([*islice(rest, count)]) for count in counts]


def in_lots(items: Iterable[Indexable]) -> Iterator[list[Indexable]]:
    """Papers, so many at a time as are made ready together: caches stay warm, and little is held."""
    rest = iter(items)
    while lot := list(islice(rest, _TOGETHER)):
        yield lot


def read_together(
    reads: Iterable[Callable[[Indexable], Values]], items: Sequence[Indexable]
) -> Iterator[list[Values]]:
    """For each row's `values` what it reads of each of the papers."""
    versions = [version for item in items for version in item.paper.versions]
    counts = [len(item.paper.versions) for item in items]
    for read in reads:
        yield read.of_papers(versions, counts) if isinstance(read, Stated) else [*map(read, items)]


def each(values: Callable[[Version], Sequence[str | None]], *names: str) -> Stated:
    """The values of every version, each once.

    Args:
        values: those of a version; empty ones among them do not count.
        names: the attributes of a version that they are of. What few papers have is looked for in few.
    """
    get = attrgetter(*names)
    holds = get if len(names) == 1 else lambda version: any(get(version))

    def of_versions(versions: Sequence[Version]) -> list[Values]:
        held = zip(versions, map(holds, versions), strict=True)
        return _each_once([values(version) if some else () for version, some in held])

    return Stated(of_versions, _together)


def _each_once(column: Iterable[Sequence[str | None]]) -> list[Values]:
    """Of all versions in one call; one value alone, often a long text, is not looked up."""
    return [
        ()
        if not found
        else (found[0],)
        if len(found) == 1 and found[0]
        else tuple(dict.fromkeys(filter(None, found)))
        for found in column
    ]


def stated(name: str, part: str = "") -> Stated:
    """What every version has in the attribute `name`, or in `part` of each thing there; each value once."""
    several, value = attrgetter(name), attrgetter(part) if part else None

    def of_versions(versions: Sequence[Version]) -> list[Values]:
        held = map(several, versions)
        return _each_once([[*map(value, things)] if things else () for things in held] if value else held)

    return Stated(of_versions, _together)


def one(name: str) -> Stated:
    """The same for an attribute that is one value, or none."""
    get = attrgetter(name)
    return Stated(lambda versions: [(found,) if found else () for found in map(get, versions)], _together)


def _together(found: Sequence[Values]) -> Values:
    return tuple(dict.fromkeys(chain.from_iterable(found)))


def either(holds: Callable[[Version], object]) -> Stated:
    """Yes where it holds of any version, no where it only does not hold; nothing where that is not known."""

    def of_versions(versions: Sequence[Version]) -> list[Values]:
        return [() if known is None else ("yes",) if known else ("no",) for known in map(holds, versions)]

    return Stated(of_versions, lambda found: (*sorted({*chain.from_iterable(found)}, reverse=True)[:1],))


def first(values: Callable[[Version], Values]) -> Stated:
    """What the version to read first states, whatever the others do."""
    return Stated(lambda versions: [*map(values, versions)], lambda found: found[0])


class _Initials(dict[str, tuple[str, ...]]):
    """Given names, and what stands between the family name in the ways in which one is cited.

    That is the given names, the first initial, the first two, and so on, and the given names again. Many
    people have the same.
    """

    def __missing__(self, given: str) -> tuple[str, ...]:
        if len(self) >= _KEPT:
            self.clear()
        initials = "".join([part[0] for part in given.replace("-", " ").replace(".", " ").split()])
        shorter = [initials[:length] for length in range(1, len(initials) + 1)] or [""]
        found = self[given] = (given, *shorter, given)
        return found


_initials = _Initials()


def authors(version: Version) -> list[str]:
    """Every author in the ways in which one is cited, run into one text so that each is a phrase of it.

    `Ana Maria Souza A Souza AM Souza Ana Maria` has `Ana Maria Souza`, `Souza A`, `AM Souza` and the rest,
    and is half as long as a list of them.
    """
    forms: list[str] = []
    for author in version.authors:
        given, family, name = author.given, author.family, author.name
        if not family or not given:
            forms.append(name)
            continue
        if name != f"{given} {family}":
            forms.append(name)
        forms.append(f" {family} ".join(_initials[given]))
    return forms


def affiliations(version: Version) -> list[str]:
    """What is printed, then the institutions' ids, each of which is a phrase: `ror.org/05dxps055`."""
    texts: list[str] = []
    ids: list[str] = []
    for author in version.authors:
        for place in author.affiliations:
            texts.append(place.text)
            if place.ror:
                ids.append(place.ror)
    return texts + ids


def countries(version: Version) -> list[str | None]:
    """Countries of all authors' affiliations."""
    return [place.country for author in version.authors for place in author.affiliations]


def corresponding(version: Version) -> list[str | None]:
    """Countries of those authors who answer letters."""
    return [
        place.country for author in version.authors if author.corresponding for place in author.affiliations
    ]


def availability(what: Shared) -> Callable[[Version], list[str]]:
    """The states that are said of data, or of code."""

    def stated(version: Version) -> list[str]:
        return [str(one.state) for one in version.sharing if one.what is what]

    return stated


def datasets(version: Version) -> list[str]:
    """Accessions, DOIs and addresses of data and code, without the repository before them."""
    links = [link for one in version.sharing for link in one.links]
    return [link.accession for link in version.data] + [
        link if "://" in link else link.partition(":")[2] for link in links
    ]


def has_data(version: Version) -> bool:
    """Whether anything leads to data or code."""
    return bool(version.data or (version.sharing and any(one.links for one in version.sharing)))


def meetings(version: Version) -> Sequence[str]:
    """The meeting as printed, and the annual meeting that it was one of, by code and name."""
    meeting = version.meeting
    if not meeting or not meeting.series:
        return (meeting.name,) if meeting else ()
    return (
        meeting.name,
        meeting.series,
        str(load_table("meetings")["series"].get(meeting.series, {}).get("name", "")),
    )


def journals(version: Version) -> Sequence[str]:
    """Titles, in full and short."""
    return (version.journal.title, version.journal.abbreviation) if version.journal else ()


def mesh_terms(version: Version) -> list[str]:
    """Descriptors and qualifiers."""
    terms: list[str] = []
    for heading in version.mesh:
        terms.append(heading.name)
        terms += heading.qualifiers
    return terms


def identity(item: Indexable) -> tuple[str, ...]:
    """The paper's own ids and the keys of its versions."""
    paper = item.paper
    keys = chain.from_iterable([version.identifiers.keys() for version in paper.versions])
    return (paper.id, *paper.aliases, *dict.fromkeys(keys))


def year(version: Version) -> tuple[int, ...]:
    """The year of publication."""
    number = date_number(version.published or "")
    return (number // 10_000,) if number else ()


def order_number(date: int, key: int) -> int:
    """Later papers have higher numbers; of one day, the id that sorts first has the highest."""
    return date << _BELOW_DATE | (FIRST_DATED - 1 - (key >> 14))


@lru_cache(_KEPT)
def date_number(date: str) -> int:
    """An ISO date of any precision as a number: `2024-03` is 20240300; 0 for anything else."""
    match = _DATE.match(date)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return year * 10_000 + month * 100 + day


def date(version: Version) -> tuple[int, ...]:
    """The day of publication, as `date_number` writes it."""
    number = date_number(version.published or "")
    return (number,) if number else ()


def language(version: Version) -> tuple[str, ...]:
    """The language, where it is stated."""
    return (version.language,) if version.language and version.language != "und" else ()


def lower(text: str) -> str:
    """In small letters."""
    return text.strip().lower()


def upper(text: str) -> str:
    """In capitals."""
    return text.strip().upper()


def code(text: str) -> str:
    """As codes are written: `on request` is `on-request`.

    >>> code("On request")
    'on-request'
    """
    return "-".join(text.lower().replace("_", " ").split())


def dataset(text: str) -> str:
    """An accession in small letters, or a DOI."""
    return normalise_doi(text) or lower(text)


_EUROPE_PMC_ID = re.compile(r"(.+)_(?:MED|PMC|PPR|AGR|CBA)", re.IGNORECASE)


def cited_key(text: str) -> str:
    """The key of a paper that is cited, by any of its identifiers, also as Europe PMC writes them.

    >>> cited_key("https://doi.org/10.5555/ABC"), cited_key("12345678_MED")
    ('doi:10.5555/abc', 'pmid:12345678')
    """
    found = _EUROPE_PMC_ID.fullmatch(text.strip())
    return parse_key(found[1] if found else text) or lower(text)
