"""A paper: a work with its versions, and what each version says about itself.

All values are frozen; sequences are tuples. Dates are ISO 8601 at the precision the source gives
(`2024`, `2024-03`, `2024-03-06`). Languages are BCP 47 tags (`en`, `pt`, `zh`), `und` when not stated.
Countries are ISO 3166-1 alpha-2 codes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from domain.identifiers import Identifiers
from domain.licence import Licence
from domain.statements import Industry, Meeting, SampleSize, Sharing
from domain.values import quickly_made

_T = TypeVar("_T")


class VersionKind(StrEnum):
    """What kind of appearance of the work a version is."""

    ARTICLE = "article"
    PREPRINT = "preprint"
    ABSTRACT = "abstract"
    """A conference abstract."""


class AbstractKind(StrEnum):
    """Which summary of the version an abstract is."""

    MAIN = "main"
    PLAIN = "plain"
    """The authors' or editors' own plain-language summary."""
    TRANSLATED = "translated"


class NoticeKind(StrEnum):
    """Four different things that are never confused; an erratum is a correction, not a retraction."""

    RETRACTED = "retracted"
    CONCERN = "concern"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class TrialRole(StrEnum):
    """What a paper has to do with a registered trial."""

    REPORTS = "reports"
    """Reports results of the trial."""
    MENTIONS = "mentions"


class LinkKind(StrEnum):
    """How another version of the same work relates to this one."""

    PREPRINT = "preprint"
    """The other is a preprint of this."""
    ARTICLE = "article"
    """The other is the published article of this."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Affiliation:
    """An affiliation as printed; what is not certain stays None."""

    text: str
    country: str | None = None
    ror: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a group (`family` empty, `name` the group's)."""

    name: str
    family: str = ""
    given: str = ""
    orcid: str | None = None
    affiliations: tuple[Affiliation, ...] = ()
    corresponding: bool = False
    initials: str = ""
    """Of the given names, as the source abbreviates them (`JP`)."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Journal:
    """Where a version appeared: a journal, preprint server or proceedings."""

    title: str
    abbreviation: str = ""
    issn: tuple[str, ...] = ()
    publisher: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    country: str = ""
    """Where it is published, in the words of the source."""
    nlm_id: str = ""
    """Its number in the catalogue of the National Library of Medicine."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Section:
    """A labelled part of an abstract; `label` is empty for unlabelled text."""

    text: str
    label: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Abstract:
    """One summary of a version."""

    sections: tuple[Section, ...]
    kind: AbstractKind = AbstractKind.MAIN
    language: str = "en"

    @property
    def text(self) -> str:
        """The text of the sections, one line each, without labels: what offsets count in."""
        return "\n".join([section.text for section in self.sections])


@quickly_made
@dataclass(frozen=True, slots=True)
class MeshHeading:
    """A MeSH descriptor with its unique id (`D001943`), where the source gives it."""

    name: str
    ui: str = ""
    major: bool = False
    qualifiers: tuple[str, ...] = ()
    qualifier_uis: tuple[str, ...] = ()
    """One for each qualifier (`Q000188`), or none."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Grant:
    """Funding that a version acknowledges."""

    funder: str
    award: str = ""
    country: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Trial:
    """A registered trial that a version names, with the words that show its role."""

    registry: str
    id: str
    role: TrialRole = TrialRole.MENTIONS
    evidence: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class DataLink:
    """Data or code that goes with a version: a repository or database and the accession or DOI in it."""

    repository: str
    accession: str
    url: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Notice:
    """A retraction, expression of concern, correction or withdrawal, with the notice that says so."""

    kind: NoticeKind
    identifier: str | None = None
    """Key of the notice itself (`pmid:…`, `doi:…`), where known."""
    text: str = ""
    date: str | None = None


@quickly_made
@dataclass(frozen=True, slots=True)
class Link:
    """A link to another version of the same work, by its key."""

    kind: LinkKind
    key: str


@quickly_made
@dataclass(frozen=True, slots=True)
class FullText:
    """Where the full text can be read."""

    url: str
    format: str = "html"
    free: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a field came from."""

    source: str
    native_id: str
    fetched_at: str
    """ISO 8601, UTC."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Version:
    """One appearance of a work, as one source tells it or as several do, merged."""

    kind: VersionKind
    identifiers: Identifiers
    title: str
    original_title: str = ""
    """The title in the language of the version, where `title` is a translation."""
    language: str = "und"
    other_languages: tuple[str, ...] = ()
    """Further languages in which the same version was published."""
    abstracts: tuple[Abstract, ...] = ()
    authors: tuple[Author, ...] = ()
    journal: Journal | None = None
    published: str | None = None
    publication_types: tuple[str, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    substances: tuple[str, ...] = ()
    """Names of drugs, proteins and other substances that indexers gave it."""
    grants: tuple[Grant, ...] = ()
    trials: tuple[Trial, ...] = ()
    data: tuple[DataLink, ...] = ()
    licence: Licence | None = None
    open_access: bool | None = None
    links: tuple[Link, ...] = ()
    notices: tuple[Notice, ...] = ()
    full_texts: tuple[FullText, ...] = ()
    competing_interests: str = ""
    sharing: tuple[Sharing, ...] = ()
    industry: tuple[Industry, ...] = ()
    sample_size: SampleSize | None = None
    meeting: Meeting | None = None
    cites: tuple[str, ...] = ()
    """Keys (`doi:…`, `pmid:…`) of what it cites."""
    companion: bool = False
    """Only adds to a version that other records tell of: a retraction row, a licence, a dataset. Its
    identifiers are those of that version; companions alone are no paper."""
    cancer_types: tuple[str, ...] = ()
    """Codes of `config/cancer_types.toml`, told from MeSH, title, keywords and abstract."""
    study_type: str | None = None
    """A code of `config/study_types.toml`."""
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    """Field name → where its value came from; `notices/0` is the first notice, `notices/0/crossref` who else
    told of it."""

    @property
    def year(self) -> int | None:
        """The year of publication."""
        return int(self.published[:4]) if self.published else None

    @property
    def corresponding_countries(self) -> tuple[str, ...]:
        """Countries of the corresponding authors, each once; none where nobody is said to be one."""
        return unique(
            affiliation.country
            for author in self.authors
            if author.corresponding
            for affiliation in author.affiliations
            if affiliation.country
        )

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries of all authors' affiliations, each once, in order of first mention."""
        return unique(
            affiliation.country
            for author in self.authors
            for affiliation in author.affiliations
            if affiliation.country
        )

    def abstract(self, kind: AbstractKind = AbstractKind.MAIN) -> Abstract | None:
        """The first abstract of that kind."""
        for abstract in self.abstracts:  # asked for so often that a generator is felt
            if abstract.kind is kind:
                return abstract
        return None

    @property
    def source_hash(self) -> str:
        """SHA-256 (hex) of the text a digest is written from and of what decides whether it may be."""
        main = self.abstract()
        parts = (
            self.title,
            main.text if main else "",
            self.licence.code if self.licence else "",
            *sorted(notice.kind for notice in self.notices),
        )
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@quickly_made
@dataclass(frozen=True, slots=True)
class Paper:
    """A work: its versions, the one to read first in front."""

    id: str
    versions: tuple[Version, ...]
    added_at: str
    changed_at: str
    aliases: tuple[str, ...] = ()
    """Ids of works that turned out to be this one; their addresses lead here."""

    @property
    def primary(self) -> Version:
        """The version to read and cite: the newest article, else abstract, else preprint."""
        return self.versions[0]

    @property
    def title(self) -> str:
        """The title of the primary version."""
        return self.primary.title

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Notices about any version, each once."""
        return unique(notice for version in self.versions for notice in version.notices)

    def has_notice(self, *kinds: NoticeKind) -> bool:
        """Whether any version carries a notice of one of `kinds`."""
        return any(notice.kind in kinds for notice in self.notices)

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries of the authors of any version."""
        return unique(c for version in self.versions for c in version.countries)

    @property
    def cancer_types(self) -> tuple[str, ...]:
        """Cancer types of any version."""
        return unique(c for version in self.versions for c in version.cancer_types)

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Trials named by any version, each once."""
        return unique(trial for version in self.versions for trial in version.trials)

    @property
    def study_type(self) -> str | None:
        """The kind of study, as the first version says that says any."""
        return next((version.study_type for version in self.versions if version.study_type), None)

    @property
    def open_access(self) -> bool:
        """Whether any version is stated to be open access."""
        return any(version.open_access for version in self.versions)

    @property
    def source_hash(self) -> str:
        """Changes when anything changes that a digest is bound to: its text, licence or notices."""
        hashes = "".join(version.source_hash for version in self.versions)
        return hashlib.sha256(hashes.encode()).hexdigest()


def unique(values: Iterable[_T]) -> tuple[_T, ...]:
    """`values`, each once, in order."""
    return tuple(dict.fromkeys(values))
