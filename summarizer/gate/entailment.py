"""Whether sentences say what their evidence says, no more and no less."""

from collections.abc import Iterable, Sequence

from summarizer.gate.causality import causal_faults
from summarizer.gate.company import company_faults
from summarizer.gate.hedging import doubt_faults, left_out_doubt
from summarizer.gate.numbers import left_out_numbers, number_faults
from summarizer.gate.polarity import left_out_polarity, polarity_faults
from summarizer.gate.populations import left_out_populations, population_faults
from summarizer.gate.promises import advice, promises
from summarizer.gate.prose import WORD, read_prose, read_source, words_of
from summarizer.gate.vocabulary import left_out_words, name_faults, word_faults


def faults(text: str, evidence: str, permitted: Iterable[str] = (), *, free: bool = False) -> list[str]:
    """What is wrong with `text` as a telling of `evidence`, one line each; nothing when it may be published.

    Args:
        permitted: other texts whose words may be used: long forms of abbreviations, plain words.
        free: it is told in other words, not the authors' made plainer.
    """
    return faults_of_group([text], evidence, permitted, free=free)


def faults_of_group(
    texts: Sequence[str], evidence: str, permitted: Iterable[str] = (), *, free: bool = False
) -> list[str]:
    """The same for one sentence told as several: each adds nothing, and together they leave nothing out."""
    permitted = list(permitted)
    source = read_source(evidence)
    others = " ".join(permitted)
    words, others_words = words_of(permitted), tuple(WORD.findall(others.lower()))
    problems: list[str] = []
    for told in map(read_prose, texts):
        problems += number_faults(told, source, others)
        problems += polarity_faults(told, source, others_words)
        problems += doubt_faults(told, source, words)
        problems += population_faults(told, source)
        problems += causal_faults(told, source)
        problems += word_faults(told, source, words, free=free)
        if free:
            problems += company_faults(told, source)
        problems += name_faults(told, source, others)
        problems += promises(told, source.whole.lower)
        problems += advice(told, source.whole.lower)
    together = read_prose(" ".join(texts))
    problems += left_out_numbers(together, source)
    if not free:
        problems += left_out_words(together, source)
    problems += left_out_polarity(together, source)
    problems += left_out_doubt(together, source)
    problems += left_out_populations(together, source)
    return problems
