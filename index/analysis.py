"""How text becomes searchable words, as far as every engine must agree on it.

The chain is Lucene's English one: split at everything that is not a letter or digit, fold case and accents,
drop stop words (the `'s` of a possessive among them), stem by Porter's second algorithm. Names are neither
stemmed nor stopped. Chinese, Japanese and Korean are written without spaces, so there each character is a
word and a run of characters is searched as a phrase.
"""

import re
import unicodedata
from collections.abc import Sequence

_STOPPED = (
    "a an and are as at be but by for if in into is it no not of on or s such t that the their then there "
    "these they this to was will with"
)
STOP_WORDS = frozenset(_STOPPED.split())
"""Words too common to search for (Lucene's English list, and what an apostrophe leaves behind)."""

_ASKING = (
    "about am can could did do does from had has have how i may me might my our should than we what when "
    "where which who whom whose why would you your"
)
QUESTION_WORDS = frozenset(_ASKING.split())
"""Words that shape a question but say nothing about its subject; dropped from plain lists of words only."""

_LINKING = "al da das de del della der des di dos du el et il la las le les los und versus von vs"
LINKING_WORDS = frozenset(_LINKING.split())
"""Words that join others in lists, citations and other languages; dropped from plain lists, too."""
PARTICLES = LINKING_WORDS - {"et", "und", "versus", "vs"} | {
    "'t",
    "’t",
    "bin",
    "den",
    "ibn",
    "ten",
    "ter",
    "van",
    "zu",
}
"""Words before a family name that belong to it."""

_GENERAL = (
    "across after against all along also although among amongst any based because before being best "
    "better between both cause caused causes current currently different due during each effect effects "
    "either every following further general given good having help helpful however including increase "
    "increased known least less like likely long main many more most much need needed neither new often "
    "only other others out over own per possible rather really related same several since so some still "
    "take taking tell through together too toward towards type types under until up upon use used useful "
    "uses using usually various versus very via vs want well while whether within without work works "
    "cancer cancers carcinoma clinical disease diseases malignancy malignant medical neoplasm neoplasms "
    "oncology patient patients people person research result results studies study therapies therapy "
    "treat treated treating treatment treatments tumor tumors tumour tumours"
)
GENERAL_WORDS = frozenset(_GENERAL.split())
"""Words of so many papers on cancer that having one says little: in a question they rank, not choose."""

MARK = "\uffa0"
"""The one word of a field that has none, so that every engine counts such papers in its averages.

An invisible letter, which no text and no query keeps.
"""
_DOTTED = "\u0130"
"""The capital of `i` in Turkish is two characters in small letters to one engine, and one to the other."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003134f"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NEAR = bytes(range(0xE3))
"""The bytes of what stands before U+3000, where neither scripts without spaces are, nor broken letters, nor
`MARK`."""


def clean(text: str) -> str:
    """`text` in the form that is indexed, shown and searched: composed, without broken letters or `MARK`."""
    if text.isascii():
        return text.replace("\0", " ")
    if _goes_far(text):
        text = _LONE_SURROGATE.sub("\ufffd", text).replace(MARK, " ")
    return unicodedata.normalize("NFC", text.replace("\0", " "))


def spaced(text: str) -> str:
    """`text`, clean, as it is cut into words: with spaces around each character of a script without."""
    if text.isascii():
        return text
    text = text.replace(_DOTTED, "I")
    return _IDEOGRAPH.sub(r" \g<0> ", text) if _goes_far(text) else text


def _goes_far(text: str) -> bool:
    """Whether there are letters from U+3000 on; told in a third of the time that a pattern takes."""
    return bool(text.encode("utf-8", "surrogatepass").translate(None, _NEAR))


def holds_ideographs(text: str) -> bool:
    """Whether there are characters of a script without spaces."""
    return not text.isascii() and _goes_far(text) and bool(_IDEOGRAPH.search(text))


def spaced_offsets(text: str) -> tuple[str, Sequence[int]]:
    """`spaced(text)`, and for each of its characters the place in `text` that it comes from."""
    if not holds_ideographs(text):
        return spaced(text), range(len(text) + 1)
    offsets: list[int] = []
    for place, character in enumerate(text):
        offsets += [place] * (3 if _IDEOGRAPH.match(character) else 1)
    return spaced(text), [*offsets, len(text)]


_CANNOT = re.compile(r"^can['’]t$")
_CONTRACTED = re.compile(r"(?:n['’]t|['’](?:s|m|re|ve|ll|d))$")
"""What is left of a small word that was drawn together with another: don't, I'm, what's."""


def is_content(word: str) -> bool:
    """Whether `word` says something about a subject; `WHO` does, `who` does not."""
    bare = word.lower() if word.isalnum() else _CONTRACTED.sub("", _CANNOT.sub("can", word.lower()))
    shaping = bare in QUESTION_WORDS or bare in LINKING_WORDS
    return bare not in STOP_WORDS and (not shaping or (word.isupper() and len(word) > 1))
