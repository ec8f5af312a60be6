"""What the text of an article states, added to what its metadata say: trials, sharing, companies, sample."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from crawler.sources import _jats_trials as trials
from crawler.telling.availability import sharing
from crawler.telling.industry import industry
from crawler.telling.samples import sample_size
from crawler.telling.study_types import UNFINISHED_OR_SECOND_HAND, study_type
from domain.body import Passage, Place
from domain.identity import merge_trials
from domain.paper import Trial, TrialRole, Version
from domain.statements import SampleSize

_LONGEST = 20_000
_MOST_LETTERS = 1_000_000
_TOLD = frozenset({Place.METHODS, Place.RESULTS})


def with_statements(version: Version, passages: Sequence[Passage]) -> Version:
    """`version` with what `passages` state; what is longer than any paper is not searched."""
    passages = tuple(_of_a_paper(passages))
    return replace(
        version,
        trials=_trials(version, passages),
        sharing=sharing(passages),
        industry=industry(version, passages),
        sample_size=_sample_size(passages),
    )


def _of_a_paper(passages: Sequence[Passage]) -> Iterator[Passage]:
    letters = 0
    for passage in passages:
        letters += len(passage.text)
        if letters > _MOST_LETTERS:
            return
        if len(passage.text) <= _LONGEST:
            yield passage


def _sample_size(passages: Sequence[Passage]) -> SampleSize | None:
    """The number that the abstract gives; the rest of the text is full of others, and long."""
    abstract = [one for one in passages if one.place is Place.ABSTRACT]
    return sample_size(abstract) or sample_size([one for one in passages if one.place in _TOLD])


def _trials(version: Version, passages: Sequence[Passage]) -> tuple[Trial, ...]:
    """A protocol, a review or an editorial reports no trial, whatever its sentences say."""
    found = (*version.trials, *trials.told(passages))
    if found and study_type(version) in UNFINISHED_OR_SECOND_HAND:
        found = tuple(replace(one, role=TrialRole.MENTIONS) for one in found)
    return merge_trials(found)
