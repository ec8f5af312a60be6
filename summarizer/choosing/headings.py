"""Headings that a source glued to the words after them: "ObjectiveTo determine …", "MethodsWe studied …"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from summarizer.text.sentences import Sentence

_HEADING = re.compile(
    r"(?:O_ST_ABS|C_ST_ABS)*(?P<label>Backgrounds?|Introduction|Objectives?|Aims?|Purpose|Rationale|"
    r"(?:Materials? and |Patients and )?Methods?|Design|Setting|Participants|Interventions?|Results?|"
    r"Findings|Conclusions?|Interpretation|Discussion|Funding|Implications of all the available evidence|"
    r"Significance(?: statement)?|Author summary|"
    r"Added value of this study|Evidence before this study|Evidence in context|Key ?words)"
    r"(?:O_ST_ABS|C_ST_ABS)*(?=[A-Z0-9])"
)
_LEAST = 2
"""A word that only looks like a heading stands alone."""
_MEANT = {
    "added value of this study": "Results",
    "implications of all the available evidence": "Conclusions",
    "evidence before this study": "Background",
    "evidence in context": "Background",
    "significance": "Background",
    "significance statement": "Background",
}
"""Headings under which a box tells the study once more."""


def parted(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences without glued headings, each with the heading that it stands under."""
    if any(s.label for s in sentences):
        return list(sentences)
    found = [match["label"] for s in sentences if (match := _HEADING.match(s.text))]
    if len(found) < _LEAST and not any(" " in label for label in found):
        return list(sentences)
    return list(_parted(sentences))


def _parted(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    label = ""
    for sentence in sentences:
        start = 0
        while match := _HEADING.match(sentence.text, start):
            label, start = match["label"], match.end()
        label = _MEANT.get(label.lower(), label)
        text = sentence.text[start:]
        if text:
            yield replace(sentence, start=sentence.start + start, text=text, label=label)
