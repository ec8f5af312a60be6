"""The fact table of a paper: what it says, fact by fact, each with the words that say it."""

from domain.body import Body, Place
from domain.evidence import ABSTRACT, BODY, TITLE
from domain.facts import Fact, FactKind, FactTable
from domain.paper import Version
from summarizer.choosing.reading import Reading
from summarizer.facts.arms import arms, outcomes, times
from summarizer.facts.kinds import kinds
from summarizer.facts.people import population
from summarizer.facts.record import record
from summarizer.facts.results import results
from summarizer.facts.sizes import sizes
from summarizer.facts.statements import conclusions, costs, limits, questions
from summarizer.facts.told import Page, abstract_of, body_of, title_of

_PLACES = (TITLE, ABSTRACT, BODY)
_READ = (Place.DISCUSSION, Place.FUNDING, Place.INTERESTS)


def extract(version: Version, reading: Reading, body: Body | None = None) -> FactTable:
    """All facts that a version tells, in the order in which it tells them; what is not sure is left out.

    Args:
        reading: what was read off its abstract; of another version, it is not used.
        body: its full text, where that may be read.
    """
    page = _page(version, reading, body)
    kind, found = kinds(page)
    facts: list[Fact] = [
        *found,
        *questions(page),
        *population(page, kind),
        *sizes(page, kind),
        *arms(page, kind),
        *outcomes(page),
        *times(page),
        *results(page, kind),
        *limits(page),
        *conclusions(page),
        *costs(page),
        *record(page, kind),
    ]
    facts.sort(key=_order)
    return FactTable(page.hash, tuple(facts), full_text=bool(page.body))


def main_result(table: FactTable) -> Fact | None:
    """The result to tell first: one with a measure and an interval, else with numbers, else the first."""
    results = list(table.of(FactKind.RESULT))
    return max(results, key=_weight, default=None)


def _weight(fact: Fact) -> int:
    """How fully a result is told; of equals, `max` keeps the first."""
    return max(
        (
            4 * bool(q.low and q.measure) or 3 * bool(q.p) or 2 * bool(q.measure) or int(q.unit == "%")
            for q in fact.quantities
        ),
        default=0,
    )


def _page(version: Version, reading: Reading, body: Body | None) -> Page:
    own = version.source_hash
    sentences = abstract_of(version.abstract(), reading) if reading.version == own else []
    read = tuple(body_of(body, _READ)) if body and body.version == own else ()
    return Page(version, own, title_of(version), sentences, read)


def _order(fact: Fact) -> tuple[int, int]:
    """Title, abstract, full text, record; within a text where it begins."""
    place = fact.evidence.text_of
    return (_PLACES.index(place), fact.evidence.start) if place in _PLACES else (len(_PLACES), 0)


__all__ = ["extract", "main_result"]
