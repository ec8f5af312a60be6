"""Whose view a conclusion is: "The researchers conclude that …", where they draw one and do not say so.

A sentence is their conclusion where they head it as one or say "thus"; what only stands last may be a result.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from config import load_table
from domain.digest import Role
from summarizer.choosing.choice import Choice
from summarizer.plain.wording import strip_citations
from summarizer.text.sieve import sieved

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_REMEMBERED = 1_000
"""Sentences; a digest is told several times."""
_CONCLUDES = re.compile(
    r"(?:in (?:conclusion|summary|sum)|to (?:conclude|sum up|summari[sz]e)|we (?:therefore |thus )?conclude|"
    r"hence|collectively|altogether|overall|(?:all )?taken together)\b|"
    r"(?:[^,;:]{0,80} )?(?:thus|therefore)\b",
    re.I,
)
_POINTING = re.compile(r"These (results|findings|data|observations|experiments)\b")
_LINK = re.compile(r"(?:so|thus|therefore|hence),? ", re.I)
# Told as someone's finding or view already.
_ATTRIBUTED = sieved(
    r"\b(?:researchers?|authors?|they|we|our|investigators|stud(?:y|ies)|trials?|reviews?|analys[ei]s|paper|"
    r"results?|findings?|data|evidence|experiments?|observations?|work|"
    r"suggest\w*|conclu\w+|described|reported|presented|discussed|appears?|seems?|it (?:is|was|remains))\b",
    re.I,
)


@lru_cache(_REMEMBERED)
def _small_in(text: str) -> frozenset[str]:
    """The words that stand in small letters in `text`: no names."""
    return frozenset(word for word in _WORD.findall(text) if word.islower() and len(word) > 1)


def is_conclusion(choice: Choice) -> bool:
    """Whether the authors say that this is what they conclude."""
    if (choice.origin or choice.role) is not Role.MEANING:
        return False
    headed = " ".join(choice.label.lower().strip(" .:").split()) in load_table("wording")["concluding"]
    return headed or _CONCLUDES.match(strip_citations(choice.text)) is not None


def standing(text: str) -> str:
    """ "These results show that …" so that it can stand first, where no results have been told."""
    return _POINTING.sub(r"The \1", text) if _POINTING.match(text) else text


def attributed(text: str, others: Sequence[str]) -> str:
    """`text` as what the researchers conclude; empty where it says itself whose view it is.

    Args:
        others: sentences of the paper; a word that is small in one is no name, and loses its capital.
    """
    text = _LINK.sub("", text, count=1) if _LINK.match(text) else text
    if _ATTRIBUTED.search(text) or text.endswith("?"):
        return ""
    match = _WORD.match(text)
    first = match[0] if match else ""
    if len(first) > 1 and not first[1:].islower():
        return f"The researchers conclude that {text}"
    if first.lower() in load_table("wording")["never_names"] or any(
        first.lower() in _small_in(other) for other in others
    ):
        return f"The researchers conclude that {first.lower()}{text[len(first) :]}"
    return f"The researchers conclude: {text}"  # it may open with a name
