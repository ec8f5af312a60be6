"""Those who took part of more who were asked or screened: they are the whole of a study."""

import re
from collections.abc import Iterable, Iterator

from summarizer.facts.counts import NUM, WORDED, Count, to_number
from summarizer.facts.parts import ONE_ARM, SIFTED
from summarizer.facts.people import PEOPLE
from summarizer.facts.told import Told

_BRACKETS = re.compile(r" ?\([^()]*\)")
_JOINED = rf"(?:\w+ly )?(?:assigned|allocated|randomi[sz]ed|enrol+ed|recruited|included)\b(?!{ONE_ARM})"
# Such verbs say who is in a study, but for "were included in a further analysis".
_WERE = re.compile(
    rf" (?:were {_JOINED}(?! as\b| in (?!(?:the|this|our) (?:study|trial|cohort|survey)\b))|"
    r"underwent randomi[sz]ation\b|"
    r"returned (?:it|the (?:\w+ )?(?:questionnaires?|surveys?|forms?|kits?|samples?|tests?))\b|"
    r"(?:replied|(?P<responded>responded)|answered|took part|participated)(?=[.,;]|$))",
    re.I,
)
# "We treated 120 patients, of whom 45 responded": not to a letter.
_TREATED = re.compile(r"\b(?:treated|treatment|therapy|received|receiving|given|doses?)\b", re.I)
# One group of several: "310 were recruited from clinics and 590 from hospitals".
_AND_OTHERS = re.compile(
    rf"[^.;:\d]{{0,160}}\b(?:and|while|whereas) (?:the other )?(?:\d[\d,]*|{WORDED})\b"
    r"(?! (?:[\w-]+ ){0,3}?were (?:excluded|not))",
    re.I,
)
_CONSENTED = re.compile(
    rf"(?:Of these, |In all, )?{NUM} of (?:the )?\d[\d,]* (?:eligible|invited|approached|screened) "
    rf"(?:[\w-]+ ){{0,2}}?(?P<unit>{PEOPLE})\b(?: \([^()]{{1,20}}\))? "
    rf"(?:agreed|consented|took part|participated|(?:were|was) {_JOINED})",
    re.I,
)


def sifted(counts: Iterable[Count]) -> Iterator[Count]:
    """Those left of each: "1,846 patients were screened and 1,402 were enrolled"."""
    for count in counts:
        left = SIFTED.match(count.after)
        if left is None:
            continue
        then = _BRACKETS.sub("", count.after[left.end("n") :])
        were = _WERE.match(then)
        if were is None or (were["responded"] and _TREATED.search(count.told.plain)):
            continue
        if not _AND_OTHERS.match(then):
            start, end = (count.end + at for at in left.span("n"))
            yield Count(count.told, start, end, to_number(left["n"]), count.unit)


def consented(sentences: Iterable[Told]) -> Iterator[Count]:
    """Those who agreed of all who could: "Thirty of 71 eligible men agreed to take part"."""
    for told in sentences:
        if match := _CONSENTED.match(told.plain):
            yield Count(told, *match.span("n"), to_number(match["n"]), match["unit"].lower())
