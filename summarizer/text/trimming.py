"""A sentence without what stands in brackets and without the word that links it to the one before."""

import re

_BRACKETS = re.compile(r"\s*(?:\([^()]{0,400}(?:\([^()]{0,200}\)[^()]{0,200}){0,8}\)|\[[^\[\]]{0,400}\])")
_BRACKET = re.compile(r"\([^()]*\)")
_LINK = re.compile(
    r"(?:however|moreover|furthermore|in addition|additionally|thus|therefore|hence|consequently|accordingly|"
    r"interestingly|surprisingly|importantly|notably|strikingly|remarkably|intriguingly|unexpectedly|finally|"
    r"here|together|taken together|collectively|indeed|in fact|as a result|in summary|in conclusion|"
    r"to this end|specifically|in particular|similarly|likewise|in this (?:study|work|paper|report)|"
    r"in the present (?:study|work)|first|second|third|"
    r"firstly|secondly|thirdly|for example|for instance),\s+",
    re.I,
)


def trim(text: str) -> str:
    """Words are only left out: no other stands in their place."""
    text = (_BRACKETS.sub("", text) if "(" in text or "[" in text else text).strip()
    match = _LINK.match(text)
    if match:
        text = text[match.end() :]
        text = text[:1].upper() + text[1:]
    return text


def unbracketed(text: str) -> str:
    """`text` without what stands in round brackets, for patterns that read past it; the spaces stay."""
    return _BRACKET.sub("", text)
