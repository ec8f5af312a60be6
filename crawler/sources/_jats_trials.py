"""Registered trials that a JATS article names: in its metadata, its statements and its text.

Only metadata that say "results", or a sentence in a place where an article tells of itself (methods, a
statement of registration) that gives the registration, make the trial its own; all else are mentions.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lxml import etree

from crawler.passages import Passage, Place
from crawler.sources._jats_front import XLINK
from crawler.trials import find_trials, to_trial
from crawler.xml import element_text
from domain.paper import Trial, TrialRole

Element = etree._Element

_OWN = frozenset({Place.METHODS, Place.REGISTRATION})
_ROLES = {"results": TrialRole.REPORTS, "post-results": TrialRole.REPORTS, "postresults": TrialRole.REPORTS}
"""What JATS4R (clinical trials) says of the stage: `pre-results` is a protocol or what came of its start."""
_LONG_NUMBER = re.compile(r"\d{7}")
_MOST_NUMBERS = 2_000
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
    """Trials that the text names."""
    found: list[Trial] = []
    for places in (_OWN, _ELSEWHERE):
        texts = [one.text for one in passages if one.place in places]
        if sum(len(_LONG_NUMBER.findall(text)) for text in texts) > _MOST_NUMBERS:
            continue  # a list of ids is no text, and would cost a second for every thousand
        if not find_trials("\n".join(texts)):  # the most frequent case, and one search is quicker than many
            continue
        for trial in (trial for text in texts for trial in find_trials(text)):
            found.append(trial if places is _OWN else replace(trial, role=TrialRole.MENTIONS))
    return tuple(found)
