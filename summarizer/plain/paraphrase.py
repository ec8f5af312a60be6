"""What the gate cannot see in a free telling: who does what to whom.

Without a parser, the order of words is all that tells "A blocks B" from "B blocks A". So a model may choose
other words, and leave some out, but tells what it keeps in the order of the evidence, and turns nothing round
by a "by" of its own.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from config import load_table
from summarizer.gate.entailment import shortened
from summarizer.gate.prose import Prose, Source, is_subsequence, read_prose, read_source, words_of
from summarizer.gate.vocabulary import replaced, weightless

_DENIALS = """
    not no never without neither nor none cannot hardly rarely lack lacks lacked fail fails failed
"""
_DOUBTS = """
    may might could can suggest suggests suggested appear appears appeared seem seems seemed likely
    possibly possible potential potentially probably perhaps
"""
_MARKS = dict.fromkeys(_DENIALS.split(), "NOT") | dict.fromkeys(_DOUBTS.split(), "MAY")
"""Words that deny or doubt what stands beside them; one may stand for another, but in its place."""


def paraphrase_faults(texts: Sequence[str], evidence: str, permitted: Iterable[str] = ()) -> list[str]:
    """What is wrong with sentences that tell one piece of evidence in other words.

    Args:
        permitted: other texts whose words may be used.
    """
    source = read_source(evidence)
    told = [read_prose(text) for text in texts]
    allowed = Counter(word for text in permitted for word in read_prose(text).words)
    problems = [problem for one in told for problem in _order_faults(one, source)]
    problems += [problem for one in told for problem in _hinge_faults(one, source, allowed)]
    together = read_prose(" ".join(texts))
    problems += _widened(together, read_source(shortened(evidence, together)))
    share = _share_told(together, source)
    if share < load_table("paraphrase")["least_told"]:
        problems.append(f"too much left out: {share:.0%} told")
    return problems


def _order_faults(told: Prose, source: Source) -> Iterator[str]:
    kept = [part for part in _ordered(told) if part in source.stems or part.isupper()]
    if not any(is_subsequence(kept, _ordered(whole)) for whole in (source.whole, source.plain)):
        yield "words in another order than in the evidence"


def _hinge_faults(told: Prose, source: Source, allowed: Counter[str]) -> Iterator[str]:
    here, whole, plain = (Counter(prose.words) for prose in (told, source.whole, source.plain))
    for word in _hinges() & here.keys():
        if here[word] > max(whole[word], plain[word]) + allowed[word]:
            yield f"turned by a word that the evidence has not: {word}"


def _widened(told: Prose, source: Source) -> Iterator[str]:
    """What narrows a finding down and was left out, with nothing in its place: "in men with asthma"."""
    stems = frozenset(told.stems)
    other = sum(part not in source.stems for part in _content(told))
    ways = (source.outside, source.plain_outside)
    least = min((_narrowed(whole) - stems - replaced(whole.text, stems) for whole in ways), key=len)
    if len(least) > other:
        yield f"told of more than the evidence: without {', '.join(sorted(least))}"


def _narrowed(prose: Prose) -> frozenset[str]:
    """The stems of the content words that follow narrowing words."""
    found, narrows = set(), False
    for word, part in zip(prose.words, prose.stems, strict=True):
        if word in _narrowing():
            narrows = True
        elif word not in weightless():
            if narrows:
                found.add(part)
            narrows = False
    return frozenset(found)


def _share_told(told: Prose, source: Source) -> float:
    """How much of the evidence outside brackets is told; other words count for those that they replace."""
    here = Counter(_content(told))
    other = sum(count for part, count in here.items() if part not in source.stems)
    shares: list[float] = []
    for whole in (source.outside, source.plain_outside):
        content = Counter(_content(whole))
        missing = (content - here).total()
        if content:
            shares.append(1 - max(0, missing - other) / content.total())
    return max(shares, default=1.0)


def _ordered(prose: Prose) -> list[str]:
    """What must keep its order: content, and where it is denied or doubted."""
    marked = ((_mark(word), word, part) for word, part in zip(prose.words, prose.stems, strict=True))
    return [mark or part for mark, word, part in marked if mark or word not in _neutral()]


def _mark(word: str) -> str:
    return "NOT" if word.endswith(("n't", "n’t")) else _MARKS.get(word, "")


def _content(prose: Prose) -> list[str]:
    """The stems of its words, in order, without those that carry no claim."""
    return [part for word, part in zip(prose.words, prose.stems, strict=True) if word not in _neutral()]


@cache
def _neutral() -> frozenset[str]:
    return words_of([load_table("gate")["neutral"], *load_table("gate")["ties"]]) - {"people", "patients"}


@cache
def _narrowing() -> frozenset[str]:
    return frozenset(load_table("paraphrase")["narrowing"])


@cache
def _hinges() -> frozenset[str]:
    return frozenset(load_table("paraphrase")["hinges"])
