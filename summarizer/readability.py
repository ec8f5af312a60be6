"""How hard a text is to read: the Flesch–Kincaid grade. For reports only.

Sentences come from our own splitter: one that breaks at decimal points makes statistics look like the easiest
prose there is. Syllables are pyphen's, so that figures can be set beside published ones.
"""

from functools import cache

import pyphen

from summarizer.sentences import split_sentences, words


def flesch_kincaid_grade(text: str) -> float:
    """The school year (USA) in which `text` can be read; 0 for a text without words."""
    spoken = [word for word in words(text) if any(c.isalpha() for c in word)]
    sentences = len(split_sentences(text))
    if not spoken or not sentences:
        return 0.0
    syllables = sum(count_syllables(word) for word in spoken)
    return 0.39 * len(spoken) / sentences + 11.8 * syllables / len(spoken) - 15.59


def count_syllables(word: str) -> int:
    """Syllables of an English word, at least one."""
    return len(_hyphenator().positions(word)) + 1


@cache
def _hyphenator() -> pyphen.Pyphen:
    return pyphen.Pyphen(lang="en_US")
