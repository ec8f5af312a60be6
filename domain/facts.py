"""What a paper says, fact by fact, each with the words that say it: the one table behind every digest."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.evidence import Evidence
from domain.values import quickly_made


class StudyKind(StrEnum):
    """What kind of evidence a paper gives; what cannot be told is UNKNOWN."""

    LABORATORY = "laboratory"
    """Cells, molecules, tissue in a dish."""
    ANIMAL = "animal"
    OBSERVATIONAL = "observational"
    TRIAL = "trial"
    """People were given something in order to learn what it does, at random or not."""
    REVIEW = "review"
    MODEL = "model"
    """Computed: a simulation, a projection, an analysis of costs."""
    QUALITATIVE = "qualitative"
    UNKNOWN = "unknown"


class FactKind(StrEnum):
    """What a fact is about."""

    KIND = "kind"
    """What kind of evidence it is; `value` is a `StudyKind`."""
    QUESTION = "question"
    DESIGN = "design"
    """`value` names the design in plain words ("randomised trial", "cohort study")."""
    SPECIES = "species"
    """`value` is what was studied where it was not people: "mice", "human cells", "yeast"."""
    POPULATION = "population"
    """Who was studied, in the paper's words."""
    SIZE = "size"
    """How many; `quantities` holds the number and its unit."""
    COUNTRY = "country"
    """`value` is an ISO 3166-1 alpha-2 code."""
    INTERVENTION = "intervention"
    """The treatment, test or exposure."""
    COMPARATOR = "comparator"
    OUTCOME = "outcome"
    """What was measured (the primary outcome where the paper names one)."""
    RESULT = "result"
    """An outcome with its numbers and direction."""
    HARM = "harm"
    TIME = "time"
    """How long people were followed, or when."""
    LIMIT = "limit"
    CONCLUSION = "conclusion"
    COST = "cost"
    """Money or access, only where stated."""
    REGISTRATION = "registration"
    FUNDING = "funding"
    INTEREST = "interest"
    PREPRINT = "preprint"
    """It has not been peer reviewed."""
    NOTICE = "notice"
    """A correction or concern; retracted papers get no digest."""


class Direction(StrEnum):
    """Which way an outcome went with the intervention or exposure."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    """No difference was shown."""
    UNKNOWN = "unknown"


@quickly_made
@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the paper prints it, with its unit and how sure it is."""

    value: str
    """Digits as printed, without thousands separators (`0.73`, `1250`)."""
    unit: str = ""
    """`%`, `months`, `patients` …; empty for a bare ratio."""
    measure: str = ""
    """`hazard ratio`, `odds ratio`, `median` …, where named."""
    low: str = ""
    high: str = ""
    """Ends of the interval, as printed."""
    level: str = ""
    """Of the interval: `95`."""
    p: str = ""
    """The p-value with its sign, as printed without spaces: `<0.001`, `=0.04`."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its evidence."""

    kind: FactKind
    value: str
    """The paper's words, or a code where the kind says so."""
    evidence: Evidence
    quantities: tuple[Quantity, ...] = ()
    direction: Direction = Direction.UNKNOWN
    hedged: bool = False
    """The paper says it with care ("may", "suggests")."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class FactTable:
    """All facts told by one version of a paper, in the order in which it tells them."""

    version: str
    """`Version.source_hash`."""
    facts: tuple[Fact, ...]
    full_text: bool = False
    """Whether the full text was read, or only what the record holds."""

    def of(self, *kinds: FactKind) -> Iterator[Fact]:
        """The facts of `kinds`, in order."""
        return (fact for fact in self.facts if fact.kind in kinds)

    def first(self, kind: FactKind) -> Fact | None:
        """The first fact of that kind."""
        for fact in self.facts:  # asked for so often that a generator is felt
            if fact.kind == kind:
                return fact
        return None

    @property
    def study_kind(self) -> StudyKind:
        """What kind of evidence the paper gives."""
        fact = self.first(FactKind.KIND)
        return StudyKind(fact.value) if fact else StudyKind.UNKNOWN
