"""What something is compared with: told wherever the evidence compares."""

from collections.abc import Iterator

from summarizer.gate.prose import Prose, Source, outside_brackets, read_prose

_SIGNS = frozenset(["than", "versus", "vs", "compared", "relative", "times"])
_WITH = {"compared": ("with", "to"), "relative": ("to",), "times": ("as",)}
"""What turns the word into a comparison; "3 times as high as" tells one too."""
_NONE = frozenset(["rather", "other"])
"""Before "than": it shuts out, and other words may say so."""


def left_out_comparisons(told: Prose, source: Source) -> Iterator[str]:
    """Comparisons outside brackets of which one side has gone: what is only "larger" is larger than all."""
    if _SIGNS.isdisjoint(source.outside.words):
        return
    here = read_prose(outside_brackets(told.text)) if "(" in told.text else told
    if _comparisons(here) < min(_comparisons(source.outside), _comparisons(source.plain_outside)):
        yield "comparison left out"


def _comparisons(prose: Prose) -> int:
    """How many there are, without bounds of numbers ("more than 50")."""
    words = ("", *prose.words, "")
    return sum(
        _compares(words[i - 1], words[i], words[i + 1])
        for i in range(1, len(words) - 1)
        if words[i] in _SIGNS
    )


def _compares(before: str, word: str, after: str) -> bool:
    if word == "than":
        return before not in _NONE and not after[:1].isdigit()
    return after in _WITH.get(word, (after,))
