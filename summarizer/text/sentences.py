"""Sentences of scientific prose, as offsets into the text they stand in."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import sentencex

from domain.paper import Abstract
from domain.values import quickly_made

_ALWAYS_JOINED = re.compile(
    r"(?:^|[\s(\[])(?:approx|incl|excl|figs?|refs?|eqs?|vs|cf|e\.g|i\.e|ca|nos?|resp|dr|prof|mr|mrs|ms|st|"
    r"viz|"
    r"sp|subsp|ssp|var|str|tab|suppl|vol|pp|max|min|avg|dept|jr|sr|[A-Z])\.$",
    re.I,
)
_JOINED_BEFORE_DIGIT = re.compile(r"(?:^|[\s(\[])(?:no|nos|fig|figs|p|n|v|ver|grade|art|ch|sec|al)\.$", re.I)
_LONGEST_CITED = 400
"""Letters of works cited in square brackets, with their stops: "[Song, A. B. (2005) Cough. Rev. 105]"."""
_LONGEST_JOINED = 12
"""Letters of such an abbreviation with its stop and what stands before it, at most."""
# Words that end a sentence although they look like an initial: "vitamin D." "stage I." "hepatitis C."
_NAMED_BY_LETTER = re.compile(
    r"\b(?:vitamins?|stages?|grades?|types?|groups?|arms?|class|classes|phases?|parts?|levels?|hepatitis|"
    r"influenza|"
    r"cohorts?|protein|proteins|kinases?|cyclin|cohesin|and|or|to|II|III|IV)\s+[A-Z]\.$"
)
# "at the base of the V. The N-terminus": no initial, as what comes next opens a sentence and is no surname.
_LETTER_AS_NAME = re.compile(r"\bthe\s+[A-Z]\.$")
# What a source puts before the whole: "Abstract Here we review …".
_NAME = re.compile(r"(?:Abstract|ABSTRACT)[.:]?\s+(?=[A-Z])")
_OPENER = re.compile(
    r"(?:The|This|These|Those|That|It|Its|They|Their|We|Our|Here|However|Thus|Therefore|Moreover|Furthermore|"
    r"Although|When|While|In|On|At|By|For|From|With|As|A|An|Both|Such)\s"
)
_GENE_LIKE = re.compile(r"^[a-zα-ω]+(?:-)?(?:[A-Z0-9])|^[α-ω]")
# "in 24 h. There was": a unit behind its number ends a sentence before a whole word with a capital.
_UNIT = re.compile(r"\d\s?(?:h|s|ms|g|min|hrs?|sec|mg|kg|ml|cm|mm|nm)\.$", re.I)
_CAPITALISED = r"(?:[A-Z][a-z]+,?|A)\s"
# Ends that sentencex does not see: no space after the stop, or a bracket, a unit or a named letter before it.
_GLUED = re.compile(
    r"(?<=[a-z)\]%]{3}\.)(?=[A-Z][a-z]*\s)|(?<=\d%\.)(?=[A-Z][a-z]+\s)|(?<=[)\]]\.)\s+(?=[A-Z][a-z]+\W)|"
    r"(?<=[A-Z]{3}\.)(?=(?:We|Our|Here|These|This|Thus|However|The|In|It|All)\s)|(?<=．)(?=[A-Z][a-z]+\s)|"
    r"(?<=[A-Z]{2}\.)\s+(?=[A-Z][a-z]+,?\s[a-z])|(?<=/[A-Za-z]\.)\s+(?=[A-Z][a-z]+,?\s)|"
    r"(?<=[Ss]tage I\.)\s+(?=[A-Z][a-z]+\s)|(?<=itamin [A-K]\.)\s+(?=[A-Z][a-z]+\s)|"
    rf"(?:(?<=[\d ][hsg]\.)|(?<=\d ms\.)|(?<=\d min\.))\s+(?={_CAPITALISED})|"
    r"(?<=[\w)\]%]\.)\s+(?=[A-Z]{5,}(?:,? [A-Z]{3,}){0,4}:? [A-Z][a-z]*\s)|"
    r"(?<=[a-z]{4}\.)\s+(?=(?:We|Our|Here|These|This|Thus|Together|However|The|In|It|Furthermore|Moreover)\s)"
)
_STOP = re.compile(r"[.．]")
# Without one of these before its last letter a line is one sentence: nearly all that is told is one.
# Stops and all that is no printed ASCII are one set of letters, as that is looked for quickly.
_MAY_END = re.compile(r"[^ \"-\-/->@-\x7f]")
_ENDS = (".", "．", "?", "!", "…", "。", "？", "！")
_CLOSING = "\"'”’»)]}"
_INLINE_LABEL = re.compile(
    r"^(?P<label>[A-Z][A-Za-z]*(?:[ /&,-]{1,3}[A-Za-z]+){0,5})\s*(?:[:.]\s*[-–—]?|\s[-–—])\s*(?=\S)"
)
_CAPITALS = re.compile(r"[A-Z]{3,}(?:\(S\))?(?: ?[/&,]? ?[A-Z]+(?:\(S\))?){0,5}(?=\s)")
_RUN_ON = re.compile(
    r"(?P<label>[A-Z][a-z]+)\s+(?=(?:We|Our|The|This|These|There|A|An|All|Both|It|In|From|Of|Among|At|During|"
    r"After|Between|To|Over|When|Although|Compared|Overall|Using|For|On|By|With|Patients|Participants)\s)"
)
"""A label that is only known by the capital after it: "Results From 2009 to 2013 …"."""

_HEADING = re.compile(
    r"(?P<label>Background|Introduction|Objectives?|Aims?|Purpose|"
    r"(?:(?:Materials?|Patients|Subjects) and )?[Mm]ethods?(?: and results)?|(?:Main )?[Rr]esults?|Findings|"
    r"Interpretation|Conclusions?(?: and relevance)?|Discussion)\s+(?=[A-Z0-9])"
)
_LEAST_HEADINGS = 3
"""Different words that open sentences before a capital: "Background Dyes are … Methods Dye was …"."""
_WORD = re.compile(r"\w+(?:[-–'’.,/·]\w+)*")
# What is told is split again to measure it, sentence by sentence and as a whole.
_REMEMBERED = 1_000


@quickly_made
@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an abstract: `text == abstract.text[start:end]`; `label` is its section's, or empty."""

    start: int
    end: int
    text: str
    label: str = ""


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, in order, without white space around it; a line break ends one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        spans.extend((start + a, start + b) for a, b in _split_line(line))
        start += len(line) + 1
    return spans


def read_sentences(abstract: Abstract, labels: Container[str]) -> list[Sentence]:
    """The sentences of `abstract` with the label of their section.

    Args:
        labels: lower-case section labels; one that opens a sentence ("METHODS: We …") labels what follows.
    """
    text = abstract.text
    named = _NAME.match(text)
    sentences: list[Sentence] = []
    start = 0
    for section in abstract.sections:
        label = section.label
        spans = split_sentences(section.text)
        headed = not section.label and _has_headings(section.text, spans)
        for a, b in spans:
            if (alone := section.text[a:b].rstrip(" .:")).lower() in labels:  # "Background. Cough is …"
                label = alone
                continue
            if headed and (heading := _HEADING.match(section.text, a, b)):
                a, label = heading.end(), heading["label"]
            else:
                a, label = _after_label(section.text, a, b, label, labels)
            if named and start + a == 0:
                a = named.end()
            if a < b:
                sentences.append(Sentence(start + a, start + b, text[start + a : start + b], label))
        start += len(section.text) + 1
    return sentences


def words(text: str) -> list[str]:
    """The words of `text`, numbers and hyphenated words whole."""
    return _WORD.findall(text)


def _has_headings(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether so many sentences open with different headings that they are no words of these sentences."""
    found = (_HEADING.match(text, a, b) for a, b in spans)
    return len({heading["label"] for heading in found if heading}) >= _LEAST_HEADINGS


def _after_label(text: str, start: int, end: int, label: str, labels: Container[str]) -> tuple[int, str]:
    match = _INLINE_LABEL.match(text[start:end])
    if match and " ".join(match["label"].lower().split()) in labels:
        return start + match.end(), match["label"]
    # "METHODS We …", "Methods We …": some sources lose the colon.
    run_on = _RUN_ON.match(text, start, end)
    if run_on and run_on["label"].lower() in labels:
        return run_on.end(), run_on["label"]
    capitals = _CAPITALS.match(text, start, end)
    words_ = capitals[0].split() if capitals else []
    for count in range(len(words_), 0, -1):
        shout = " ".join(words_[:count])
        if shout.lower() in labels:
            after = re.compile(r"\s+".join(map(re.escape, words_[:count])) + r"\s+").match(text, start, end)
            return (after.end(), shout) if after else (start, label)
    return start, label


@lru_cache(_REMEMBERED)
def _split_line(line: str) -> tuple[tuple[int, int], ...]:
    if _MAY_END.search(line, 0, len(line) - 1) is None:
        whole = _stripped(line, 0, len(line))
        return (whole,) if whole else ()
    cuts = [0]
    # Lone surrogates from broken sources are no Unicode; each is taken for one ordinary character.
    for boundary in sentencex.get_sentence_boundaries("en", line.encode("utf-8", "replace").decode()):
        cuts.append(boundary["end_index"])
    # All of them follow a full stop: to look only there costs a tenth of looking everywhere.
    stops = (stop.end() for stop in _STOP.finditer(line))
    cuts.extend(place for place in stops if _GLUED.match(line, place))
    cuts = sorted({cut for cut in cuts if cut <= len(line)} | {len(line)})
    spans: list[tuple[int, int]] = []
    for first, last in pairwise(cuts):
        piece = _stripped(line, first, last)
        if piece is None:
            continue
        if spans and not _is_boundary(line, spans[-1], piece):
            spans[-1] = (spans[-1][0], piece[1])
        else:
            spans.append(piece)
    return tuple(spans)


def _stripped(line: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _is_boundary(line: str, before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether a sentence really ends between two pieces."""
    left, right = line[before[0] : before[1]], line[after[0] : after[1]]
    if not left.rstrip(_CLOSING).endswith(_ENDS):  # "plays two roles: (1) … and (2) …" is one sentence
        return False
    if before[1] == after[0] and not _GLUED.match(line, after[0]):
        return False
    if left.count("(") > left.count(")") and ")" in right:
        return False
    if left.count("[") > left.count("]") and "]" in line[after[0] : after[0] + _LONGEST_CITED]:
        return False
    near = max(0, len(left) - _LONGEST_JOINED)
    if right[0].isdigit() and _JOINED_BEFORE_DIGIT.search(left, near):
        return False
    if _ALWAYS_JOINED.search(left, near) and not _is_named(left, right):
        return False
    ordinary = right[0].islower() and not _GENE_LIKE.match(right)
    return not (ordinary or right[0] in ",;:)]%")


def _is_named(left: str, right: str) -> bool:
    """Whether the letter before the stop is a name or a unit and no initial: "vitamin D.", "24 h."."""
    if _NAMED_BY_LETTER.search(left):
        return True
    if _UNIT.search(left):
        return re.match(_CAPITALISED, right) is not None
    return _LETTER_AS_NAME.search(left) is not None and _OPENER.match(right) is not None
