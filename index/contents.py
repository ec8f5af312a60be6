"""What a paper holds for each searchable field, and the forms in which codes are kept and asked for."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from config import load_table
from domain.identifiers import normalise_doi, parse_key
from domain.paper import Author, Version, unique
from domain.ports import Indexable
from domain.statements import Shared

_LISTED = (list, tuple)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def each(values: Callable[[Version], Iterable[str]]) -> Callable[[Indexable], Sequence[str]]:
    """The values of every version, each once."""

    def of_versions(item: Indexable) -> Sequence[str]:
        versions = item.paper.versions
        found = values(versions[0]) if len(versions) == 1 else chain.from_iterable(map(values, versions))
        # Mostly there is one or none; this runs for every row of every paper.
        if isinstance(found, _LISTED) and len(found) < 2:
            return found if found and found[0] else ()
        return [value for value in dict.fromkeys(found) if value]

    return of_versions


def identifier(name: str) -> Callable[[Indexable], Sequence[str]]:
    """The identifier of that scheme, of every version."""
    return each(lambda version: [getattr(version.identifiers, name) or ""])


def author_forms(author: Author) -> tuple[str, ...]:
    """The ways in which an author is cited, run into one text so that each is a phrase of it.

    `Ana Maria Souza A Souza AM Souza Ana Maria` has `Ana Maria Souza`, `Souza A`, `AM Souza` and the rest,
    and is half as long as a list of them.
    """
    given, family = author.given, author.family
    if not family or not given:
        return (author.name,)
    initials = "".join([part[0] for part in given.replace("-", " ").replace(".", " ").split()])
    short = f" {family} ".join([initials[:length] for length in range(1, len(initials) + 1)])
    full = f"{given} {family}"
    forms = f"{full} {short} {family} {given}"
    return (forms,) if author.name == full else (author.name, forms)


def authors(version: Version) -> list[str]:
    """Every author in every form."""
    return [form for author in version.authors for form in author_forms(author)]


def affiliations(version: Version) -> list[str]:
    """What is printed, then the institutions' ids, each of which is a phrase: `ror.org/05dxps055`."""
    places = [place for author in version.authors for place in author.affiliations]
    return [place.text for place in places] + [place.ror for place in places if place.ror]


def availability(what: Shared) -> Callable[[Version], list[str]]:
    """The states that are said of data, or of code."""

    def stated(version: Version) -> list[str]:
        return [str(one.state) for one in version.sharing if one.what is what]

    return stated


def datasets(version: Version) -> Iterator[str]:
    """Accessions, DOIs and addresses of data and code, without the repository before them."""
    yield from (link.accession for link in version.data)
    for one in version.sharing:
        yield from (link if "://" in link else link.partition(":")[2] for link in one.links)


def has_data(item: Indexable) -> tuple[str, ...]:
    """Whether anything leads to data or code."""
    linked = any(v.data or any(one.links for one in v.sharing) for v in item.paper.versions)
    return ("yes" if linked else "no",)


def meetings(version: Version) -> Iterator[str]:
    """The meeting as printed, and the annual meeting that it was one of, by code and name."""
    if version.meeting:
        yield version.meeting.name
        if code := version.meeting.series:
            yield code
            yield str(load_table("meetings")["series"].get(code, {}).get("name", ""))


def journals(version: Version) -> Iterator[str]:
    """Titles, in full and short."""
    if version.journal:
        yield version.journal.title
        yield version.journal.abbreviation


def mesh_terms(version: Version) -> Iterator[str]:
    """Descriptors and qualifiers."""
    for heading in version.mesh:
        yield heading.name
        yield from heading.qualifiers


def identity(item: Indexable) -> Sequence[str]:
    """The paper's own ids and the keys of its versions."""
    keys = unique(key for version in item.paper.versions for key in version.identifiers.keys())  # noqa: SIM118 - not a dict
    return (item.paper.id, *item.paper.aliases, *keys)


def open_access(item: Indexable) -> tuple[str, ...]:
    """Yes where any version is, no where it is only said not to be."""
    stated = {version.open_access for version in item.paper.versions} - {None}
    return ("yes" if True in stated else "no",) if stated else ()


def year(item: Indexable) -> tuple[int, ...]:
    """The year of publication."""
    return tuple(number // 10_000 for number in date(item))


@lru_cache(65_536)
def date_number(date: str) -> int:
    """An ISO date of any precision as a number: `2024-03` is 20240300; 0 for anything else."""
    match = _DATE.match(date)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return year * 10_000 + month * 100 + day


def date(item: Indexable) -> tuple[int, ...]:
    """The day of publication, as `date_number` writes it."""
    number = date_number(item.paper.primary.published or "")
    return (number,) if number else ()


def language(item: Indexable) -> tuple[str, ...]:
    """The language of the version to read first, where it is stated."""
    language = item.paper.primary.language
    return (language,) if language and language != "und" else ()


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
