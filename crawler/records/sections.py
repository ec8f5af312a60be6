"""The labelled parts of an abstract, however its source marks them."""

import re
from collections.abc import Iterable
from functools import cache

from crawler.records.text import plain_text
from domain.paper import AbstractKind, Section

_HEADING = re.compile(
    r"<((?:jats:)?(?:h[1-6]|title))(?:\s[^<>]*)?>(.{0,200}?)</\1\s*>", re.IGNORECASE | re.DOTALL
)
_LABEL_WORDS = """
    abstract aim aims analysis and assessment background basic case clinical conclusion conclusions
    context contexts data design diagnosis discussion evaluation evidence experimental extraction
    findings finding for follow-up funding hypothesis implications importance interpretation
    intervention interventions introduction key limitation limitations main material materials measure
    measures measurements method methodology methods objective objectives of or outcome outcomes
    participants patient patients perspective population presentation primary principal procedure
    procedures purpose question rationale recent registration relevance report research result results
    review sample search secondary selection setting settings significance source sources statement
    strategy study subject subjects summary synthesis the trial variables
"""
_WORDS = r"((?:[A-Z][A-Z-]+|[A-Z][a-z-]+)(?:(?: | ?/ ?| ?& ?|, )(?:[A-Z][A-Z-]+|[A-Za-z][a-z-]+)){0,5})"
_LABEL = re.compile(rf"(?:^|(?<=[.?!)\]] )){_WORDS}:\s")
_NUMBERED_LABEL = re.compile(rf"(?:^|(?<=[.?!;)\]] ))\(\d\) {_WORDS}:\s")
"""As MDPI has them: "(1) Background: …; (2) Methods: …"."""
_SET_APART = {
    "\n": re.compile(rf"^[ \t]*{_WORDS}[ \t]*[:.]?\s?$", re.MULTILINE),
    "<b>": re.compile(rf"(?:^|(?<=[>.?!)])) ?<b>\s?{_WORDS}\s?[:.]?\s?</b>\s?:?"),
    "<strong>": re.compile(rf"(?:^|(?<=[>.?!)])) ?<strong>\s?{_WORDS}\s?[:.]?\s?</strong>\s?:?"),
}
"""Labels on a line of their own or in bold, each form after what it cannot do without."""
_FEWEST_LABELS = 3
_LONGEST_EXCUSE = 40
_MISSING = re.compile(
    r"\W*(?:(?:no|an?)? ?(?:abstract|summary|description)?(?: is| was)? ?(?:not|un) ?"
    r"(?:available|provided|applicable)"
    r"|no (?:abstract|summary|description)(?: (?:is )?(?:available|provided|given))?|n/?a|none|null|nil"
    r"|abstract|sin resumen|sem resumo|pas de résumé)?\W*",
    re.IGNORECASE,
)


_LED = re.compile(
    r"(?i:abstract|summary|resumo|resumen|r[eé]sum[eé]|abstrak|[oö]zet|zusammenfassung|streszczenie|аннотация)"
    r"(?:\s?[:.–—]\s?(?=\S)"
    r"|\s(?=(?:[A-Z]{4,}|Background|Objectives?|Aims?|Introduction|Purpose|Context|We|The|This|In|Our|To)\b"
    r"|[^\W\d_a-z]\w{3,14}\s?:))"  # a label, in whatever language
)
"""What stands before an abstract to say that it is one."""
_ENDED = re.compile(
    r"(?<=[.!?)])\s*(?i:key ?words|palavras[- ]chaves?|palabras[- ]claves?|mots[- ]cl[eé]s|kata kunci"
    r"|anahtar (?:kelimeler|s[oö]zc[uü]kler)|schl[uü]sselw[oö]rter|s[lł]owa kluczowe|ключевые слова)\s?[:：]"
    r"[^.]*\.?$"
)
"""The keywords behind it."""
_MOST_KEYWORDS = 400
_PLAIN_SUMMARY = re.compile(
    r"\b(?:plain[- ]language|lay|simple) (?:summary|abstract)|\bauthor summary", re.IGNORECASE
)


def sections(html: str) -> tuple[Section, ...]:
    """The labelled parts of an abstract, by its headings or by labels such as `METHODS:` in its text.

    Text without labels is one section; no text, or only words that there is none, is none.
    """
    if ("<" in html or "\n" in html) and (parts := _by_heading(html) or _by_heading(_headed(html))):
        return () if len(parts) == 1 and _is_missing(parts[0].text) else parts
    text = _without_frame(plain_text(html))
    return labelled(text) if text and not _is_missing(text) else ()


def _without_frame(text: str) -> str:
    """An abstract without the word that says so before it, and the keywords that some set behind it."""
    end = text[-_MOST_KEYWORDS:]
    if (":" in end or "：" in end) and (ended := _ENDED.search(text, len(text) - len(end))):
        text = text[: ended.start()]
    led = _LED.match(text)
    return text[led.end() :] if led else text


def _is_missing(text: str) -> bool:
    """Whether a source says in place of an abstract that it has none."""
    return len(text) < _LONGEST_EXCUSE and _MISSING.fullmatch(text) is not None


def _headed(html: str) -> str:
    """`html` with headings where labels are only set apart from the text, each in the same way."""
    for sign, pattern in _SET_APART.items():
        if sign in html and sum(is_label(match[1]) for match in pattern.finditer(html)) >= _FEWEST_LABELS:
            return pattern.sub(lambda match: f"<h4>{match[1]}</h4>" if is_label(match[1]) else match[0], html)
    return html


def _by_heading(html: str) -> tuple[Section, ...]:
    found = []
    label, position = "", 0
    for match in _HEADING.finditer(html):
        found.append((label, html[position : match.start()]))
        label, position = _label(plain_text(match[2])), match.end()
    if not found:
        return ()
    found.append((label, html[position:]))
    read = ((label, plain_text(part)) for label, part in found)
    return tuple(Section(text, label) for label, text in read if text)


def _label(text: str) -> str:
    label = text.rstrip(" :.")
    return "" if label.lower() in {"abstract", "summary"} else label


def plain_apart(parts: Iterable[Section]) -> dict[AbstractKind, tuple[Section, ...]]:
    """The sections of an abstract, and those of a summary in plain language that stands among them."""
    kinds: dict[AbstractKind, tuple[Section, ...]] = {AbstractKind.MAIN: (), AbstractKind.PLAIN: ()}
    for part in parts:
        kinds[AbstractKind.PLAIN if is_plain_summary(part.label) else AbstractKind.MAIN] += (part,)
    return kinds


def is_plain_summary(label: str) -> bool:
    """Whether a label is that of a summary in plain language."""
    return _PLAIN_SUMMARY.search(label) is not None


def labelled(text: str) -> tuple[Section, ...]:
    """The parts of a plain text by labels such as `METHODS:`; the whole where it has none."""
    pattern = _NUMBERED_LABEL if text.startswith("(1) ") else _LABEL
    marks = [match for match in pattern.finditer(text) if is_label(match[1])]
    capitals = [match for match in marks if match[1].isupper()]
    # A word with a colon may open any sentence: capitals are a sign of a label, a row of them is another.
    marks = capitals if len(capitals) >= 2 else marks if len(marks) >= _FEWEST_LABELS else []
    if not marks or marks[0].start() != 0:
        return (Section(text),)
    ends = [match.start() for match in marks[1:]] + [len(text)]
    parts = (
        (mark[1], text[mark.end() : end].rstrip(" ;").lstrip()) for mark, end in zip(marks, ends, strict=True)
    )
    return tuple(Section(part, _label(label)) for label, part in parts if part)


@cache
def _label_words() -> frozenset[str]:
    return frozenset(_LABEL_WORDS.split())


def is_label(text: str) -> bool:
    """Whether `text` has no words but such as label the parts of abstracts."""
    return set(re.split(r"[ ,/&]+", text.lower())) <= _label_words()
