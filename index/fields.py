"""The one table of searchable fields: names, labels, aliases, weights, facets, and where values come from."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from domain.digest import Audience
from domain.identifiers import normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import AbstractKind
from domain.ports import Indexable
from domain.query import UNKNOWN
from domain.statements import Availability, IndustryRole, Shared
from index import contents as of
from index.analysis import clean
from index.contents import Values
from index.repositories import repositories


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
    values: Callable[[Indexable], Values]
    aliases: tuple[str, ...] = ()
    """Names that queries may also use, in lower case; `name` is always one."""
    weight: float = 0.0
    """What a match here counts when a word was asked of no field in particular."""
    everywhere: bool = False
    """Whether words asked of no field are looked for here too; without a weight, together in `SUBJECT`."""
    facet: bool = False
    normalise: Callable[[str], str] = str.strip
    """For keywords: the form in which they are kept and asked for."""
    normal: re.Pattern[str] | None = None
    """For keywords that few papers share: how most of those look that have this form already."""
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """For keywords: other words that a query may use, and the values they stand for."""

    def code(self, text: str) -> str:
        """For keywords: the value that `text` means."""
        return UNKNOWN if text.strip().lower() == UNKNOWN else self.normalise(text)

    def kept(self, text: str) -> str:
        """For keywords: `text` as it is indexed."""
        if self.normal and self.normal.fullmatch(text):
            return text
        return clean(self.code(text))


FACET_LIMIT = 50
"""A facet shows at most so many values."""
SUBJECT = "subject"
"""The field that has the values of all small fields in which words asked of no field are looked for."""
SUBJECT_WEIGHT = 0.5
"""The weight of a match there."""

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
    Field("title", "Title", Kind.TEXT, of.one("title"), ("ti",), weight=1.25, everywhere=True),
    Field(
        "abstract",
        "Abstract",
        Kind.TEXT,
        of.stated("abstracts", "text"),
        ("ab",),
        weight=1.0,
        everywhere=True,
    ),
    Field(
        "plain",
        "Plain-language summary",
        Kind.TEXT,
        of.each(lambda v: [a.text for a in v.abstracts if a.kind is AbstractKind.PLAIN], "abstracts"),
        ("plain_language",),
    ),
    Field(
        "authors",
        "Authors",
        Kind.NAME,
        of.each(of.authors, "authors"),
        ("author", "auth", "au", "1au", "first author"),
        everywhere=True,
    ),
    Field(
        "affiliation", "Affiliation", Kind.NAME, of.each(of.affiliations, "authors"),
        ("aff", "ad", "institution", "ror"),
    ),
    Field(
        "mesh",
        "MeSH heading",
        Kind.TEXT,
        of.each(of.mesh_terms, "mesh"),
        ("mh", "majr", "mesh terms", "kwd_mesh", "disease"),
        everywhere=True,
    ),
    Field(
        "substance",
        "Substance",
        Kind.TEXT,
        of.stated("substances"),
        ("nm", "chem", "substance name", "supplementary concept", "chemical"),
        everywhere=True,
    ),
    Field(
        "keywords",
        "Keywords",
        Kind.TEXT,
        of.stated("keywords"),
        ("kw", "keyword", "ot"),
        everywhere=True,
    ),
    Field("funder", "Funder", Kind.NAME, of.stated("grants", "funder"), ("grant_agency",)),
    Field(
        "grant", "Grant number", Kind.KEYWORD, of.stated("grants", "award"),
        ("grant_id", "gr"), normalise=of.lower, normal=of.SMALL,
    ),
    Field(
        "doi", "DOI", Kind.KEYWORD, of.one("identifiers.doi"), ("lid", "aid"),
        normalise=lambda text: normalise_doi(text) or of.lower(text), normal=of.DOI,
    ),
    Field(
        "pmid", "PubMed id", Kind.KEYWORD, of.one("identifiers.pmid"), ("ext_id", "uid"),
        normalise=lambda text: normalise_pmid(text) or of.lower(text), normal=of.PMID,
    ),
    Field(
        "pmcid", "PubMed Central id", Kind.KEYWORD, of.one("identifiers.pmcid"), ("pmc",),
        normalise=lambda text: normalise_pmcid(text) or of.upper(text), normal=of.PMCID,
    ),
    Field("id", "Identifier", Kind.KEYWORD, of.identity, ("arxiv",), normalise=of.lower, normal=of.SMALL),
    Field(
        "orcid", "ORCID iD", Kind.KEYWORD,
        of.stated("authors", "orcid"), ("authorid", "auid"), normalise=of.upper, normal=of.CAPITAL,
    ),
    Field(
        "trial", "Trial registration", Kind.KEYWORD,
        of.stated("trials", "id"),
        ("trials", "nct", "si", "accession_id"), everywhere=True, normalise=of.upper, normal=of.CAPITAL,
    ),
    Field(
        "year", "Year", Kind.NUMBER, of.first(of.year), ("pub_year", "py"), facet=True,
    ),
    Field(
        "date", "Date", Kind.DATE, of.first(of.date),
        ("dp", "pdat", "first_pdate", "e_pdate", "p_pdate", "date - publication", "publication date"),
    ),
    Field(
        "cancer_type", "Cancer type", Kind.KEYWORD,
        of.stated("cancer_types"), ("cancer",), facet=True, normalise=of.code,
    ),
    Field(
        "country", "Country", Kind.KEYWORD,
        of.each(of.countries, "authors"), ("cn", "countries"), facet=True, normalise=of.upper,
    ),
    Field(
        "licence", "Licence", Kind.KEYWORD,
        of.each(lambda v: [v.licence.code if v.licence else ""], "licence"),
        ("license",), facet=True, normalise=of.code,
    ),
    Field(
        "study_type", "Kind of study", Kind.KEYWORD,
        of.one("study_type"), ("study",), facet=True, normalise=of.code,
    ),
    Field(
        "journal",
        "Journal",
        Kind.NAME,
        of.each(of.journals, "journal"),
        ("jour", "ta", "jt"),
        everywhere=True,
        facet=True,
    ),
    Field(
        "has_digest", "Plain-language digest", Kind.KEYWORD,
        lambda item: tuple(map(str, item.digests)) or ("none",),
        ("digest",), facet=True, normalise=of.lower, meanings=_DIGESTS,
    ),
    Field(
        "issn", "ISSN", Kind.KEYWORD, of.each(lambda v: v.journal.issn if v.journal else (), "journal"),
        ("is", "essn", "eissn"), normalise=of.upper,
    ),
    Field(
        "has_abstract", "With an abstract", Kind.KEYWORD,
        of.either(lambda v: v.abstracts),
        ("hasabstract",), normalise=of.lower, meanings=_YES_NO,
    ),
    Field("language", "Language", Kind.KEYWORD, of.first(of.language), ("lang", "la"), normalise=of.lower),
    Field(
        "kind", "Kind of publication", Kind.KEYWORD, of.one("kind"), ("pub_kind",),
        normalise=of.lower,
    ),
    Field(
        "publication_type", "Publication type", Kind.NAME, of.stated("publication_types"),
        ("pub_type", "pt"),
    ),
    Field(
        "open_access", "Open access", Kind.KEYWORD, of.either(lambda v: v.open_access), ("oa",),
        normalise=of.lower, meanings=_YES_NO,
    ),
    Field(
        "notice", "Notice", Kind.KEYWORD,
        of.stated("notices", "kind"),
        ("status",), normalise=of.lower,
    ),
    Field(
        "data", "Data availability", Kind.KEYWORD,
        of.each(of.availability(Shared.DATA), "sharing"), ("data_availability", "data sharing"),
        facet=True, normalise=of.code, meanings=_STATEMENTS,
    ),
    Field(
        "code_availability", "Code availability", Kind.KEYWORD,
        of.each(of.availability(Shared.CODE), "sharing"), ("code",), normalise=of.code,
        meanings=MappingProxyType(dict.fromkeys(("y", "yes", "true", "1"), _STATED)),
    ),
    Field(
        "has_data", "Links to data", Kind.KEYWORD, of.either(of.has_data), ("hasassocdata",),
        normalise=of.lower, meanings=_YES_NO,
    ),
    Field(
        "dataset", "Dataset", Kind.KEYWORD, of.each(of.datasets, "data", "sharing"), ("accession",),
        normalise=of.dataset, normal=of.DOI,
    ),
    Field(
        "repository", "Repository", Kind.KEYWORD, of.each(repositories, "data", "sharing"), normalise=of.code,
    ),
    Field(
        "industry", "Companies’ part", Kind.KEYWORD, of.stated("industry", "role"),
        normalise=of.code, meanings=_INDUSTRY,
    ),
    Field("company", "Company", Kind.NAME, of.stated("industry", "organisation")),
    Field("meeting", "Meeting", Kind.NAME, of.each(of.meetings, "meeting"), ("conference", "conf")),
    Field(
        "corresponding_country", "Corresponding author’s country", Kind.KEYWORD,
        of.each(of.corresponding, "authors"), ("corresponding",), normalise=of.upper,
    ),
    Field("cites", "Paper cited", Kind.KEYWORD, of.stated("cites"), normalise=of.cited_key, normal=of.CITED),
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
