"""Registered trials that a JATS article names: in its metadata, its statements and its text.

Only metadata that say "results", or a sentence in a place where an article tells of itself (methods, a
statement of registration) that gives the registration, make the trial its own; all else are mentions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from crawler.records.xml import element_text
from crawler.sources._jats_front import XLINK
from crawler.telling.trials import find_trials, to_trial
from domain.body import Passage, Place
from domain.paper import Trial, TrialRole

Element = etree._Element

_OWN = frozenset({Place.METHODS, Place.REGISTRATION})
_ROLES = {"results": TrialRole.REPORTS, "post-results": TrialRole.REPORTS, "postresults": TrialRole.REPORTS}
"""What JATS4R (clinical trials) says of the stage: `pre-results` is a protocol or what came of its start."""
_MOST = 1_000
_ELSEWHERE = frozenset(Place) - _OWN - {Place.ABSTRACT}


def marked(meta: Element) -> tuple[Trial, ...]:
    """Trials that the metadata name, as registries or publishers mark them."""
    return tuple(_marked(meta))


def _marked(meta: Element) -> Iterator[Trial]:
    for one in meta.iter("ext-link", "related-object"):
        kinds = {one.get("ext-link-type"), one.get("document-type"), one.get("document-id-type")}
        if not kinds & {"clinical-trial", "clinical-trial-number", "ClinicalTrials"}:
            continue
        stage = one.get("content-type", "").lower()
        role = _ROLES.get(stage, TrialRole.MENTIONS)
        words = element_text(one)
        for given in (one.get("document-id", ""), one.get(XLINK, ""), words):
            if given and (trial := to_trial(one.get("source-id", ""), given, role)):
                yield replace(trial, evidence=words or given)
                break
    for one in meta.iterfind("custom-meta-group/custom-meta"):
        name = element_text(one.find("meta-name"))
        if "trial" in name.lower() or "registration" in name.lower():
            yield from find_trials(f"{name}: {element_text(one.find('meta-value'))}")


def told(passages: Sequence[Passage]) -> tuple[Trial, ...]:
    """Trials that the text names; a list of more ids than any paper has is no text and is not read on."""
    found: list[Trial] = []
    for places in (_OWN, _ELSEWHERE):
        for one in passages:
            if one.place in places and len(found) < _MOST:
                named = find_trials(one.text)
                found += named if places is _OWN else (replace(t, role=TrialRole.MENTIONS) for t in named)
    return tuple(found)
