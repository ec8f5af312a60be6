"""What a sentence or fact rests on: words of a version, and the place where they stand.

A place is `title`, `abstract`, `body` (with the part of it: `body/discussion`), or a field of the version's
record (`grants/0`). Offsets count in the text that `words_at` gives for it, so that anyone can check an
anchor against the catalog; those of a part of the body count in the whole of it.
"""

from dataclasses import dataclass

from domain.body import Body
from domain.paper import Version
from domain.values import quickly_made

TITLE = "title"
ABSTRACT = "abstract"
BODY = "body"


@quickly_made
@dataclass(frozen=True, slots=True)
class Evidence:
    """The words something rests on: `text == words_at(version, place, body)[start:end]`."""

    version: str
    """`Version.source_hash`."""
    start: int
    end: int
    text: str
    place: str = ABSTRACT

    @property
    def text_of(self) -> str:
        """The place without its part: `body` of `body/discussion`."""
        return self.place.partition("/")[0]


def whole(version: Version, place: str) -> Evidence | None:
    """All that stands in a field of the record, as evidence; None where nothing does."""
    text = words_at(version, place)
    return Evidence(version.source_hash, 0, len(text), text, place) if text else None


def words_at(version: Version, place: str, body: Body | None = None) -> str:
    """The text that offsets count in; empty where the version has no such place.

    Fields of a record: `kind`, `competing_interests`, `study_type`, `grants/N` (funder and award),
    `trials/N` (registry and number), `notices/N`, `authors/N/affiliations/M`, `sharing/N`, `industry/N`.
    """
    if place == TITLE:
        return version.title
    if place == ABSTRACT:
        main = version.abstract()
        return main.text if main else ""
    if place.partition("/")[0] == BODY:
        return body.text if body and body.version == version.source_hash else ""
    return _field(version, place)


def is_anchored(evidence: Evidence, version: Version, body: Body | None = None) -> bool:
    """Whether the words still stand where the evidence says they do."""
    return (
        evidence.version == version.source_hash
        and 0 <= evidence.start < evidence.end
        and words_at(version, evidence.place, body)[evidence.start : evidence.end] == evidence.text
    )


def _field(version: Version, place: str) -> str:
    name, *numbers = (part for part in place.split("/") if part)
    index = [int(number) for number in numbers if number.isdecimal()]
    try:
        match name:
            case "kind":
                return str(version.kind)
            case "competing_interests":
                return version.competing_interests
            case "study_type":
                return version.study_type or ""
            case "grants":
                grant = version.grants[index[0]]
                return f"{grant.funder} {grant.award}".strip()
            case "trials":
                trial = version.trials[index[0]]
                return f"{trial.registry} {trial.id}"
            case "notices":
                return str(version.notices[index[0]].kind)
            case "authors":
                return version.authors[index[0]].affiliations[index[1]].text
            case "sharing":
                return version.sharing[index[0]].evidence
            case "industry":
                return version.industry[index[0]].evidence
    except IndexError:
        pass
    return ""
