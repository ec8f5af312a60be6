"""What the text of an article states, added to what its metadata say: trials, sharing, companies, sample."""

from collections.abc import Sequence
from dataclasses import replace

from crawler.availability import sharing
from crawler.industry import industry
from crawler.passages import Passage, Place
from crawler.samples import sample_size
from crawler.sources import _jats_trials as trials
from crawler.study_types import UNFINISHED_OR_SECOND_HAND, study_type
from domain.identity import merge_trials
from domain.paper import Trial, TrialRole, Version
from domain.statements import SampleSize

_TOLD = frozenset({Place.METHODS, Place.RESULTS})


def with_statements(version: Version, passages: Sequence[Passage]) -> Version:
    """`version` with what `passages` state."""
    return replace(
        version,
        trials=_trials(version, passages),
        sharing=sharing(passages),
        industry=industry(version, passages),
        sample_size=_sample_size(passages),
    )


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
