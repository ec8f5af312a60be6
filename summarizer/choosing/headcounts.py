"""Sentences that only say who took part or what was gathered: how a study was done, not what it found."""

import re
from functools import lru_cache

from summarizer.text.sieve import sieved
from summarizer.text.trimming import unbracketed

_REMEMBERED = 1_000
_NUMBER = (
    r"(?:\d[\d,]*|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?:-\w+)?)"
)
_PEOPLE = (
    r"(?:patients|participants|people|women|men|adults|children|girls|boys|individuals|subjects|cases|tumou?rs|"
    r"samples|studies|trials|records|households|survivors|articles|students|nurses|hospitals|interviews|families)"
)
_HEAD_COUNT = sieved(
    rf"\b(?:included|enrolled|recruited|assigned|randomi[sz]ed|analy[sz]ed|screened|identified|interviewed|"
    rf"reviewed|invited|registered|allocated) (?:a total of )?{_NUMBER} (?:[\w-]+ ){{0,4}}?{_PEOPLE}\b|"
    rf"\b{_NUMBER} (?:[\w-]+ ){{0,4}}?{_PEOPLE}(?: [\w-]+){{0,6}}? (?:were|was) (?:\w+ly )?(?:included|"
    rf"enrolled|recruited|assigned|randomi[sz]ed|analy[sz]ed|screened|identified|invited|allocated|eligible|diagnosed)\b"
    rf"(?! with)|"
    rf"^(?:the )?(?:study )?(?:participants|patients|subjects|sample|cohort|population) "
    rf"(?:were|consisted of|comprised) (?:\(\w\) )?(?:a total of )?{_NUMBER} (?!\()|"
    rf"^there were {_NUMBER} (?:[\w-]+ ){{0,3}}?{_PEOPLE}\b|"
    rf"^of (?:the )?{_NUMBER} {_PEOPLE}, {_NUMBER} (?:lived|came|took part|received)\b|"
    rf"^{_NUMBER} (?:[\w-]+ ){{0,2}}?(?:{_PEOPLE}|centres|centers|clinics|countries|departments|units) "
    r"(?:\([^()]*\) )?(?:replied|responded|answered)\.?$|"
    rf"\b{_NUMBER} {_PEOPLE} underwent randomi[sz]ation\b|"
    rf"\b{_NUMBER} were (?:allocated|assigned|randomi[sz]ed|enrolled)\b|"
    rf"^(?:[\w-]+ ){{0,4}}{_PEOPLE} \(n ?= ?\d[^()]*\) (?:were|was) (?:enrolled|invited|recruited)\b|"
    rf"^(?:a total of )?{_NUMBER} {_PEOPLE} (?:came from|took part|completed|participated)\b|"
    r"^(?:this|the (?:present|current)) (?:[\w-]+ )?(?:study|survey|review|trial) (?:is|was) "
    r"(?:based on|conducted|carried out|undertaken|designed|performed)\b|"
    rf"^(?:\S+ ){{0,12}}{_NUMBER} .{{0,120}} (?:was|were) (?:studied|assessed|evaluated|examined|collected|"
    r"caught|sampled)\.$|"
    r"^(?!.*\d\s?%).* (?:was|were) (?:included|enrolled|recruited|eligible|excluded)(?: in (?:the|this) "
    r"(?:study|analysis|review|trial))?\.$|"
    rf"\bdata from {_NUMBER} (?:[\w-]+ )?were included\b|"
    rf"\btotal numbers? of (?:[\w-]+ ){{1,6}}(?:was|were) {_NUMBER}\b|"
    rf"^(?:of|among) (?:the |all )?{_NUMBER} (?:[\w-]+,? ){{1,5}}?{_NUMBER} (?:\([^()]*\) )?(?:were|was) "
    r"(?:\w+ly )?(?:evaluable|ass?essable|eligible|analy[sz]able)\b(?!.*[:\d])",
    re.I,
)
_WORKS = (
    r"(?:stud(?:y|ies)|trials?|rcts?|articles|papers|publications|records|reports|reviews|citations|cohorts|titles|"
    r"abstracts|full[- ]texts)"
)
# What a review gathered, and who answered.
_GATHERED = sieved(
    rf"\b{_NUMBER} (?:[\w-]+ ){{0,4}}?{_WORKS}\b[^.;]{{0,80}}? (?:were|was) (?:\w+ly )?(?:pooled|retained|"
    r"retrieved|selected|meta-analy[sz]ed|synthesi[sz]ed|conducted|done|carried out|published)\b|"
    rf"\b{_NUMBER} (?:[\w-]+ ){{0,4}}?{_WORKS}\b[^.;]{{0,80}}? (?:fulfilled|met|satisfied) "
    r"(?:[\w-]+ ){0,3}criteria\b|"
    rf"\bsearch(?:es)? (?:\w+ )?(?:yielded|identified|returned|retrieved|found) {_NUMBER} "
    rf"(?:[\w-]+ ){{0,4}}?{_WORKS}\b|"
    rf"^(?:we|the (?:final )?(?:analysis|review)) (?:found|identified|comprised|covered|took in) {_NUMBER} "
    rf"(?:[\w-]+ ){{0,4}}?{_WORKS}(?: (?:with|involving|comprising|published|from|and {_NUMBER})\b|\.$)|"
    rf"^data from {_NUMBER} (?:[\w-]+ ){{0,3}}?{_WORKS}\b[^.;]{{0,80}}? (?:were|was) (?:\w+ly )?(?:available|"
    r"analy[sz]ed|combined|extracted|included|pooled|used)\b|"
    rf"^(?:most|the majority of) (?:of the )?{_WORKS} (?:\([^()]*\) )?(?:were|was|came) (?:from|conducted|"
    r"done|set|published|carried out)\b|"
    r"^(?:the )?sample sizes? (?:\w+ )?(?:ranged|varied)\b|"
    r"^(?:the |their )?(?:mean|median|average) age (?:was|of (?:the )?(?:patients|participants|sample)|"
    r"at (?:diagnosis|enrol\w+|inclusion|baseline|presentation|surgery))\b|"
    r"^(?:the )?(?:median|mean|average) (?:(?:duration|length|time) of )?follow-?up\b(?! score)(?!.*\d\s?%)|"
    rf"^we (?:sent|mailed|posted|e-?mailed) .{{0,120}}\b{_NUMBER}\b|"
    rf"\b{_NUMBER} (?:[\w-]+ ){{0,3}}?{_PEOPLE} (?:\w+ly )?(?:completed|returned|answered) (?:the|an?|our) "
    r"(?:[\w-]+ ){0,2}(?:questionnaires?|surveys?|interviews?)\b",
    re.I,
)
_OUTCOME = sieved(
    r"\b(?:(?<!other )(?<!rather )than|"
    r"hazard|odds|ratios?|surviv(?:al|ed)|died|deaths?|associated|differ(?!ent\b)\w*|different (?:from|in)|"
    r"(?:year|month|week|day)s? (?:earlier|younger|older)|higher|lower(?:ed|s)?|raise[ds]|longer|shorter|"
    r"rose|fell|increas\w+|decreas\w+|reduc\w+|improv\w+|significan(?:tly|ce)|shows?|showed|"
    r"(?:well|poorly)[- ]tolerated|"
    r"found that|expected)\b",
    re.I,
)


@lru_cache(_REMEMBERED)
def is_head_count(text: str) -> bool:
    """Whether a sentence only says who took part or where: how a study was done, not what it found."""
    return not tells_outcome(text) and any(
        pattern.search(one) is not None
        for one in (text, unbracketed(text).replace("  ", " "))
        for pattern in (_HEAD_COUNT, _GATHERED)
    )


def tells_outcome(text: str) -> bool:
    """Whether a sentence compares, or says that something changed or happened to people."""
    return _OUTCOME.search(text) is not None
