"""What a version states about sharing, industry, its sample and its meeting, with the words that show it."""

import re
from dataclasses import dataclass
from enum import StrEnum

_AROUND_NUMBER = re.compile(r"^(?:abstract)?(?:no|nr|number)?(?=[a-z]{0,4}\d)([a-z]*?)0*(?=\d)")
"""What may be printed before an abstract's number, and the noughts that it begins with."""


class Shared(StrEnum):
    """What an availability statement speaks of."""

    DATA = "data"
    CODE = "code"


class Availability(StrEnum):
    """What a version says of its data or code; one that says nothing has no statement at all."""

    OPEN = "open"
    ON_REQUEST = "on-request"
    NONE = "none"
    """Said not to be available."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a version says about getting at its data or code, with the sentence."""

    what: Shared
    state: Availability
    evidence: str
    links: tuple[str, ...] = ()
    """DOIs (`doi:…`), accessions (`geo:GSE12345`) and web addresses that the statement gives."""


class IndustryRole(StrEnum):
    """What a company has to do with a version."""

    FUNDED = "funded"
    EMPLOYED = "employed"
    """Employs an author."""
    INTEREST = "interest"
    """Is named in the authors' competing interests."""


@dataclass(frozen=True, slots=True)
class Industry:
    """A company's part in a version, with the words that show it."""

    organisation: str
    role: IndustryRole
    evidence: str


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How many were studied, as the version says: `number` of `unit` (`patients`, `mice`, `cell lines` …)."""

    number: int
    unit: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting at which an abstract was presented."""

    name: str
    """As printed."""
    series: str | None = None
    """A code of `config/meetings.toml`: the annual meeting that this was one edition of."""
    year: int | None = None
    place: str = ""
    date: str | None = None
    """The first day, at the precision given."""
    number: str = ""
    """The abstract's own number."""

    def is_apart_from(self, other: "Meeting") -> bool:
        """Whether it is another presentation: in another year or series, or under another number."""
        if (self.year or 0) != (other.year or 0):
            return True
        if self.series and other.series and self.series != other.series:
            return True
        return len({_bare_number(one.number) for one in (self, other)} - {""}) > 1


def _bare_number(printed: str) -> str:
    """A number as it is compared: `P3-10-02` is `P3 10 02`, and `Abstract No. 012` is `12`."""
    return _AROUND_NUMBER.sub(r"\1", "".join(filter(str.isalnum, printed.casefold())))
