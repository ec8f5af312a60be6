"""Makes any run of tokens readable: bounded in length and depth, brackets paired, fields and tags known."""

from collections.abc import Iterable

from index.language.grammar import Mark, Token
from index.language.habits import find_habit

MAX_WORDS = 1_500
"""As many as the longest strategies of systematic reviews have."""
MAX_STARS = 150
"""So many beginnings of words are looked for; each may be that of thousands."""
_SHORT_STARS = {2: 4, 3: 2}
"""Letters of a beginning → as how many it counts: the shorter, the more words begin so."""
MAX_TOKENS = 3_200
"""Words, operators, fields and brackets together."""
MAX_DEPTH = 20
MAX_LETTERS = 100
TOO_LONG = "The text is too long to be read whole"
MIN_PREFIX = 2
"""A star needs at least so many letters before it."""


def tidy(found: Iterable[Token], notes: list[str]) -> list[Token]:
    """`found` in a form that a reader can take as it stands; what was changed is added to `notes`."""
    return _paired(_bounded(_known(found, notes), notes), notes)


def _known(found: Iterable[Token], notes: list[str]) -> Iterable[Token]:
    """Fields and tags that we do not have become words, and so does an interval of nothing."""
    before: Mark | None = None
    unclosed = False
    for token in found:
        if unclosed and token.mark is not Mark.WORD:
            unclosed = False
            yield Token(Mark.CLOSE, ")")
        match token.mark:
            case Mark.FIELD | Mark.TAG if find_habit(token.text) is None:
                if token.text.replace("_", "").isalpha():  # else `[18F]`, which nobody meant as a field
                    notes.append(f"There is no field “{token.text}”; it was searched as words.")
                yield from (Token(Mark.WORD, word) for word in token.text.split())
            case Mark.INTERVAL if before is not Mark.FIELD:
                notes.append(f"No field is named before the range {token.text.replace(':', ' to ')}.")
                yield from (Token(Mark.WORD, word) for word in token.text.split(":"))
            case Mark.STRAY:
                notes.append("A quotation mark has no partner, so the words after it are not a phrase.")
                if unclosed := before is Mark.FIELD:  # `title:"lung cancer`: the field is asked for them all
                    yield Token(Mark.OPEN, "(")
            case _:
                yield token
        before = token.mark
    if unclosed:
        yield Token(Mark.CLOSE, ")")


def _bounded(found: Iterable[Token], notes: list[str]) -> Iterable[Token]:
    """At most so many words, none longer than any word is, and not much else."""
    left, stars, last = MAX_WORDS, MAX_STARS, ""
    before: Mark | None = None
    for number, token in enumerate(found):
        if number == MAX_TOKENS or (left <= 0 and token.mark is not Mark.CLOSE):
            notes.append(too_long(last))
            return
        if token.mark in (Mark.WORD, Mark.PHRASE, Mark.DOI, Mark.INTERVAL):
            words = token.text.split()
            text = " ".join(word[:MAX_LETTERS] for word in words[:left])
            left -= len(words)
            last = text or last
            if token.mark is Mark.WORD and "*" in text:
                stars -= _SHORT_STARS.get(sum(map(str.isalnum, text.partition("*")[0])), 1)
                text = _star(text, notes) if stars >= 0 else _starless(text, notes)
            if token.mark is not Mark.DOI:
                token = Token(token.mark, text)
        elif token.mark is before is Mark.FIELD:  # the one before has no value, so it is a word
            left -= 1
        before = token.mark
        yield token
    if left < 0:
        notes.append(too_long(last))


def too_long(last: str) -> str:
    """What to say where the end of a text was left out, and which words were the last to be read."""
    return f"{TOO_LONG}: all behind “{last[-60:]}” was left out."


def _star(text: str, notes: list[str]) -> str:
    start, _, rest = text.partition("*")
    if sum(map(str.isalnum, start)) < MIN_PREFIX:
        notes.append(f"A star needs at least {MIN_PREFIX} letters before it; “{text}” is read as a word.")
    elif rest.strip("*"):
        notes.append(f"A star works only at the end of a word: “{text}” was read as “{start}*”.")
    return text


def _starless(text: str, notes: list[str]) -> str:
    notes.append("There are too many stars: words behind the first of them were read without theirs.")
    return text.replace("*", "")


def _paired(found: Iterable[Token], notes: list[str]) -> list[Token]:
    """Every bracket with its partner, and none deeper than we read."""
    kept: list[Token] = []
    depth = 0
    for token in found:
        depth += _step(token.mark)
        if depth < 0:
            notes.append("A closing bracket has no partner, so it was left out.")
            depth = 0
        elif token.mark is Mark.OPEN and depth > MAX_DEPTH:
            notes.append(f"Brackets deeper than {MAX_DEPTH} were left out.")
        elif not (token.mark is Mark.CLOSE and depth >= MAX_DEPTH):
            kept.append(token)
    if depth:
        notes.append("A bracket was not closed, so it was taken to end with the text.")
    return kept + [Token(Mark.CLOSE, ")")] * min(depth, MAX_DEPTH)


def _step(mark: Mark) -> int:
    return (mark is Mark.OPEN) - (mark is Mark.CLOSE)
