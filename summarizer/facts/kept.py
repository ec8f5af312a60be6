"""Those who took part of more who were asked or screened: they are the whole of a study."""

import re
from collections.abc import Iterable, Iterator, Sequence

from summarizer.facts.counts import NUM, Count, to_number
from summarizer.facts.parts import SIFTED
from summarizer.facts.people import PEOPLE
from summarizer.facts.told import Told

_JOINED = r"(?:\w+ly )?(?:assigned|allocated|randomi[sz]ed|enrol+ed|recruited|included)\b"
# Such verbs say who is in a study, but for "were included in a further analysis".
_WERE = re.compile(
    rf"(?: \([^()]{{1,20}}\))? were {_JOINED}(?! in (?!(?:the|this|our) (?:study|trial|cohort|survey)\b))",
    re.I,
)
_CONSENTED = re.compile(
    rf"(?:Of these, |In all, )?{NUM} of (?:the )?\d[\d,]* (?:eligible|invited|approached|screened) "
    rf"(?:[\w-]+ ){{0,2}}?(?P<unit>{PEOPLE})\b(?: \([^()]{{1,20}}\))? "
    rf"(?:agreed|consented|took part|participated|(?:were|was) {_JOINED})",
    re.I,
)


def sifted(counts: Sequence[Count]) -> Iterator[Count]:
    """Those left of each: "1,846 patients were screened and 1,402 were enrolled"."""
    for count in counts:
        left = SIFTED.match(count.after)
        if left and _WERE.match(count.after, left.end("n")):
            start, end = (count.end + at for at in left.span("n"))
            yield Count(count.told, start, end, to_number(left["n"]), count.unit)


def consented(sentences: Iterable[Told]) -> Iterator[Count]:
    """Those who agreed of all who could: "Thirty of 71 eligible men agreed to take part"."""
    for told in sentences:
        if match := _CONSENTED.match(told.plain):
            yield Count(told, *match.span("n"), to_number(match["n"]), match["unit"].lower())
