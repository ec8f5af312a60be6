"""The one table of searchable fields: names, labels, aliases, weights, facets, and where values come from."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from types import MappingProxyType

from domain.digest import Audience
from domain.identifiers import normalise_doi, normalise_pmcid, normalise_pmid, parse_key
from domain.paper import AbstractKind, Author, Version, unique
from domain.ports import Indexable
from domain.query import UNKNOWN
from domain.statements import Availability, IndustryRole, Shared

Value = str | int
_LISTED = (list, tuple)
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


class Kind(StrEnum):
    """How a field is analysed and searched."""

    TEXT = "text"
    """Prose: folded, stopped and stemmed."""
    NAME = "name"
    """Names: folded only."""
    KEYWORD = "keyword"
    """A code or identifier, matched whole."""
    NUMBER = "number"
    DATE = "date"
    """A day as the number `yyyymmdd`, zeros where the source is less precise."""


@dataclass(frozen=True, slots=True)
class Field:
    """One row: a field that can be searched, and perhaps counted."""

    name: str
    label: str
    kind: Kind
    values: Callable[[Indexable], Sequence[Value]]
    aliases: tuple[str, ...] = ()
    """Names that queries may also use, in lower case; `name` is always one."""
    weight: float = 0.0
    """What a match here counts when a word was asked of no field in particular."""
    everywhere: bool = False
    """Whether words asked of no field are looked for here too; without a weight, together in `SUBJECT`."""
    facet: bool = False
    normalise: Callable[[str], str] = str.strip
    """For keywords: the form in which they are kept and asked for."""
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """For keywords: other words that a query may use, and the values they stand for."""

    def code(self, text: str) -> str:
        """For keywords: the value that `text` means."""
        return UNKNOWN if text.strip().lower() == UNKNOWN else self.normalise(text)


FACET_LIMIT = 50
"""A facet shows at most so many values."""
SUBJECT = "subject"
"""The field that has the values of all small fields in which words asked of no field are looked for."""
SUBJECT_WEIGHT = 0.5
"""The weight of a match there."""


def _each(values: Callable[[Version], Iterable[str]]) -> Callable[[Indexable], Sequence[str]]:
    """The values of every version, each once."""

    def of_versions(item: Indexable) -> Sequence[str]:
        versions = item.paper.versions
        found = values(versions[0]) if len(versions) == 1 else chain.from_iterable(map(values, versions))
        # Mostly there is one or none; this runs for every row of every paper.
        if isinstance(found, _LISTED) and len(found) < 2:
            return found if found and found[0] else ()
        return [value for value in dict.fromkeys(found) if value]

    return of_versions


def _identifier(name: str) -> Callable[[Indexable], Sequence[str]]:
    return _each(lambda version: [getattr(version.identifiers, name) or ""])


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


def _authors(version: Version) -> list[str]:
    return [form for author in version.authors for form in author_forms(author)]


def _affiliations(version: Version) -> list[str]:
    """What is printed, then the institutions' ids, each of which is a phrase: `ror.org/05dxps055`."""
    places = [place for author in version.authors for place in author.affiliations]
    return [place.text for place in places] + [place.ror for place in places if place.ror]


def _availability(what: Shared) -> Callable[[Version], list[str]]:
    def stated(version: Version) -> list[str]:
        return [str(one.state) for one in version.sharing if one.what is what]

    return stated


def _datasets(version: Version) -> Iterator[str]:
    """Accessions, DOIs and addresses of data and code, without the repository before them."""
    yield from (link.accession for link in version.data)
    for one in version.sharing:
        yield from (link if "://" in link else link.partition(":")[2] for link in one.links)


def _has_data(item: Indexable) -> tuple[str, ...]:
    linked = any(v.data or any(one.links for one in v.sharing) for v in item.paper.versions)
    return ("yes" if linked else "no",)


def _meetings(version: Version) -> Iterator[str]:
    if version.meeting:
        yield version.meeting.name
        yield version.meeting.series or ""


def _journals(version: Version) -> Iterator[str]:
    if version.journal:
        yield version.journal.title
        yield version.journal.abbreviation


def _mesh(version: Version) -> Iterator[str]:
    for heading in version.mesh:
        yield heading.name
        yield from heading.qualifiers


def _identity(item: Indexable) -> Sequence[str]:
    keys = unique(key for version in item.paper.versions for key in version.identifiers.keys())  # noqa: SIM118 - not a dict
    return (item.paper.id, *item.paper.aliases, *keys)


def _open_access(item: Indexable) -> tuple[str, ...]:
    stated = {version.open_access for version in item.paper.versions} - {None}
    return ("yes" if True in stated else "no",) if stated else ()


def _year(item: Indexable) -> tuple[int, ...]:
    return tuple(number // 10_000 for number in _date(item))


@lru_cache(65_536)
def date_number(date: str) -> int:
    """An ISO date of any precision as a number: `2024-03` is 20240300; 0 for anything else."""
    match = _DATE.match(date)
    year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return year * 10_000 + month * 100 + day


def _date(item: Indexable) -> tuple[int, ...]:
    number = date_number(item.paper.primary.published or "")
    return (number,) if number else ()


def _language(item: Indexable) -> tuple[str, ...]:
    language = item.paper.primary.language
    return (language,) if language and language != "und" else ()


def _lower(text: str) -> str:
    return text.strip().lower()


def _upper(text: str) -> str:
    return text.strip().upper()


def _code(text: str) -> str:
    return "-".join(text.lower().replace("_", " ").split())


def _dataset(text: str) -> str:
    return normalise_doi(text) or _lower(text)


_EUROPE_PMC_ID = re.compile(r"(.+)_(?:MED|PMC|PPR|AGR|CBA)", re.IGNORECASE)


def cited_key(text: str) -> str:
    """The key of a paper that is cited, by any of its identifiers, also as Europe PMC writes them.

    >>> cited_key("https://doi.org/10.5555/ABC"), cited_key("12345678_MED")
    ('doi:10.5555/abc', 'pmid:12345678')
    """
    found = _EUROPE_PMC_ID.fullmatch(text.strip())
    return parse_key(found[1] if found else text) or _lower(text)


_YES_NO = MappingProxyType(
    dict.fromkeys(("y", "true", "1"), ("yes",)) | dict.fromkeys(("n", "false", "0"), ("no",))
)
_AUDIENCES = tuple(str(audience) for audience in Audience)
_DIGESTS = MappingProxyType(
    dict.fromkeys(("y", "yes", "true", "1"), _AUDIENCES) | dict.fromkeys(("n", "no", "false", "0"), ("none",))
)
_STATED = tuple(str(state) for state in Availability)
_STATEMENTS = MappingProxyType(
    dict.fromkeys(("y", "yes", "true", "1"), _STATED) | dict.fromkeys(("n", "no", "false", "0"), (UNKNOWN,))
)
_ROLES = tuple(str(role) for role in IndustryRole)
_INDUSTRY = MappingProxyType(dict.fromkeys(("y", "yes", "true", "1"), _ROLES))

FIELDS: tuple[Field, ...] = (
    Field("title", "Title", Kind.TEXT, _each(lambda v: [v.title]), ("ti",), weight=1.25, everywhere=True),
    Field(
        "abstract",
        "Abstract",
        Kind.TEXT,
        _each(lambda v: [abstract.text for abstract in v.abstracts]),
        ("ab",),
        weight=1.0,
        everywhere=True,
    ),
    Field(
        "plain",
        "Plain-language summary",
        Kind.TEXT,
        _each(lambda v: [a.text for a in v.abstracts if a.kind is AbstractKind.PLAIN]),
        ("plain_language",),
    ),
    Field(
        "authors",
        "Authors",
        Kind.NAME,
        _each(_authors),
        ("author", "auth", "au", "1au", "first author"),
        everywhere=True,
    ),
    Field("affiliation", "Affiliation", Kind.NAME, _each(_affiliations), ("aff", "ad", "institution", "ror")),
    Field(
        "mesh",
        "MeSH heading",
        Kind.TEXT,
        _each(_mesh),
        ("mh", "majr", "mesh terms", "kwd_mesh", "disease"),
        everywhere=True,
    ),
    Field(
        "keywords",
        "Keywords",
        Kind.TEXT,
        _each(lambda v: v.keywords),
        ("kw", "keyword", "ot"),
        everywhere=True,
    ),
    Field("funder", "Funder", Kind.NAME, _each(lambda v: [g.funder for g in v.grants]), ("grant_agency",)),
    Field(
        "grant", "Grant number", Kind.KEYWORD, _each(lambda v: [g.award for g in v.grants]),
        ("grant_id", "gr"), normalise=_lower,
    ),
    Field(
        "doi", "DOI", Kind.KEYWORD, _identifier("doi"), ("lid", "aid"),
        normalise=lambda text: normalise_doi(text) or _lower(text),
    ),
    Field(
        "pmid", "PubMed id", Kind.KEYWORD, _identifier("pmid"), ("ext_id", "uid"),
        normalise=lambda text: normalise_pmid(text) or _lower(text),
    ),
    Field(
        "pmcid", "PubMed Central id", Kind.KEYWORD, _identifier("pmcid"), ("pmc",),
        normalise=lambda text: normalise_pmcid(text) or _upper(text),
    ),
    Field("id", "Identifier", Kind.KEYWORD, _identity, ("arxiv",), normalise=_lower),
    Field(
        "orcid", "ORCID iD", Kind.KEYWORD,
        _each(lambda v: [a.orcid or "" for a in v.authors]), ("authorid", "auid"), normalise=_upper,
    ),
    Field(
        "trial", "Trial registration", Kind.KEYWORD,
        _each(lambda v: [t.id for t in v.trials]),
        ("trials", "nct", "si", "accession_id"), everywhere=True, normalise=_upper,
    ),
    Field(
        "year", "Year", Kind.NUMBER, _year, ("pub_year", "py"), facet=True,
    ),
    Field(
        "date", "Date", Kind.DATE, _date,
        ("dp", "pdat", "first_pdate", "e_pdate", "p_pdate", "date - publication", "publication date"),
    ),
    Field(
        "cancer_type", "Cancer type", Kind.KEYWORD,
        lambda item: item.paper.cancer_types, ("cancer",), facet=True, normalise=_code,
    ),
    Field(
        "country", "Country", Kind.KEYWORD,
        lambda item: item.paper.countries, ("cn", "countries"), facet=True, normalise=_upper,
    ),
    Field(
        "licence", "Licence", Kind.KEYWORD,
        _each(lambda v: [v.licence.code if v.licence else ""]), ("license",), facet=True, normalise=_code,
    ),
    Field(
        "study_type", "Kind of study", Kind.KEYWORD,
        _each(lambda v: [v.study_type or ""]), ("study",), facet=True, normalise=_code,
    ),
    Field(
        "journal",
        "Journal",
        Kind.NAME,
        lambda item: unique(name for v in item.paper.versions for name in _journals(v) if name),
        ("jour", "ta", "jt"),
        everywhere=True,
        facet=True,
    ),
    Field(
        "has_digest", "Plain-language digest", Kind.KEYWORD,
        lambda item: [str(audience) for audience in item.digests] or ["none"],
        ("digest",), facet=True, normalise=_lower, meanings=_DIGESTS,
    ),
    Field(
        "issn", "ISSN", Kind.KEYWORD, _each(lambda v: v.journal.issn if v.journal else ()),
        ("is", "essn", "eissn"), normalise=_upper,
    ),
    Field(
        "has_abstract", "With an abstract", Kind.KEYWORD,
        lambda item: ("yes" if any(v.abstracts for v in item.paper.versions) else "no",),
        ("hasabstract",), normalise=_lower, meanings=_YES_NO,
    ),
    Field("language", "Language", Kind.KEYWORD, _language, ("lang", "la"), normalise=_lower),
    Field(
        "kind", "Kind of publication", Kind.KEYWORD, _each(lambda v: [v.kind]), ("pub_kind",),
        normalise=_lower,
    ),
    Field(
        "publication_type", "Publication type", Kind.NAME, _each(lambda v: v.publication_types),
        ("pub_type", "pt"),
    ),
    Field(
        "open_access", "Open access", Kind.KEYWORD, _open_access, ("oa",), normalise=_lower,
        meanings=_YES_NO,
    ),
    Field(
        "notice", "Notice", Kind.KEYWORD,
        lambda item: unique(str(notice.kind) for notice in item.paper.notices),
        ("status",), normalise=_lower,
    ),
    Field(
        "data", "Data availability", Kind.KEYWORD, _each(_availability(Shared.DATA)),
        ("data_availability", "data sharing"), facet=True, normalise=_code, meanings=_STATEMENTS,
    ),
    Field(
        "code_availability", "Code availability", Kind.KEYWORD, _each(_availability(Shared.CODE)), ("code",),
        normalise=_code, meanings=MappingProxyType(dict.fromkeys(("y", "yes", "true", "1"), _STATED)),
    ),
    Field(
        "has_data", "Links to data", Kind.KEYWORD, _has_data, ("hasassocdata", "has_suppl_data"),
        normalise=_lower, meanings=_YES_NO,
    ),
    Field("dataset", "Dataset", Kind.KEYWORD, _each(_datasets), ("accession",), normalise=_dataset),
    Field(
        "industry", "Companies’ part", Kind.KEYWORD, _each(lambda v: [str(one.role) for one in v.industry]),
        normalise=_code, meanings=_INDUSTRY,
    ),
    Field("company", "Company", Kind.NAME, _each(lambda v: [one.organisation for one in v.industry])),
    Field("meeting", "Meeting", Kind.NAME, _each(_meetings), ("conference", "conf")),
    Field(
        "corresponding_country", "Corresponding author’s country", Kind.KEYWORD,
        _each(lambda v: v.corresponding_countries), ("corresponding",), normalise=_upper,
    ),
    Field("cites", "Paper cited", Kind.KEYWORD, _each(lambda v: v.cites), normalise=cited_key),
)  # fmt: skip

FIELD = {row.name: row for row in FIELDS}
FACETS = tuple(row for row in FIELDS if row.facet)
WEIGHTED = tuple(row for row in FIELDS if row.weight)
"""A word asked of no field scores by these and by `SUBJECT`, each with its weight."""
SMALL = tuple(row for row in FIELDS if row.everywhere and not row.weight)
"""The fields whose values are in `SUBJECT`."""
HOLD_DOIS = frozenset({"cites", "dataset"})
"""The fields besides `doi` whose values may be DOIs."""

_ALIASES: dict[str, tuple[str, ...]] = {
    alias: (row.name,) for row in FIELDS for alias in (row.name, *row.aliases)
} | {
    "tiab": ("title", "abstract"),
    "title_abs": ("title", "abstract"),
    "title/abstract": ("title", "abstract"),
    "tw": (),
    "all": (),
    "all fields": (),
    "text": (),
    "text word": (),
}


def find_fields(alias: str) -> tuple[str, ...] | None:
    """The fields that `alias` stands for: none for "anywhere", None where there is no such field."""
    return _ALIASES.get(" ".join(alias.lower().split()).removesuffix(":noexp"))
