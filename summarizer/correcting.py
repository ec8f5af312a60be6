"""A digest in an editor: its sentences as numbered lines, and the lines read back through the gate."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.digest import Digest, DigestSentence
from domain.evidence import Evidence
from domain.paper import Paper
from summarizer.abbreviations import find_abbreviations
from summarizer.check import faults
from summarizer.terms import load_glossary

LONGEST = 600
"""Characters of a sentence."""
_LINE = re.compile(r"(\d{1,3})[ \t]*[.):]?[ \t]+(\S.*)")
_HEAD = re.compile(r"# digest .*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Correction:
    """A text as it was edited; it may be published where nothing is unread, and nothing objected."""

    digest: Digest
    unread: tuple[str, ...] = ()
    """Lines that cannot be read, and why."""
    objections: tuple[str, ...] = ()
    """What the gate says of the sentences that were changed."""

    def stands(self, note: str, *, despite: bool = False) -> bool:
        """Whether it may be published: `despite` objections only with a note, which readers see."""
        return not self.unread and (not self.objections or bool(despite and note.strip()))


def to_text(digest: Digest) -> str:
    """The sentences, one a line, each with its number; `#` begins a line that is not read."""
    lines = [_head(digest)]
    for number, sentence in enumerate(digest.sentences, 1):
        lines += [f"# {sentence.role}: {_one_line(e.text)}" for e in (sentence.evidence, *sentence.also)]
        lines.append(f"{number}. {sentence.text}")
    return "\n".join(lines) + "\n"


def correct(digest: Digest, paper: Paper, text: str, by: str) -> Correction:
    """The digest with the sentences of `text`, which `by` changed; a number that is left out is dropped.

    A number may stand twice: then two sentences rest on the same words. Sentences that were not changed have
    passed before. Hard words stay explained where they still stand.
    """
    numbered = dict(enumerate(digest.sentences, 1))
    told, unread, objections = [], [], []
    if (head := _HEAD.match(text)) and head[0].strip() != _head(digest):
        return Correction(digest, ("the digest has changed since this text was made from it",))
    permitted = _Permitted(paper)
    for place, line in enumerate(text.splitlines(), 1):
        line = _CONTROL.sub(" ", line).strip()
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        sentence = numbered.get(int(found[1])) if found else None
        if found is None or sentence is None or len(found[2]) > LONGEST:
            unread.append(f"line {place}: {_why(found, sentence)}")
            continue
        words = _one_line(found[2])
        if words == sentence.text:
            told.append(sentence)
            continue
        told.append(_reworded(sentence, words, by))
        objections += [f"sentence {found[1]}: {fault}" for fault in permitted.faults(sentence, words)]
    if not told and not unread:
        unread.append("no sentence is left")
    return Correction(replace(digest, sentences=tuple(told)), tuple(unread), tuple(objections))


class _Permitted:
    """What may be said beside the evidence: long forms of abbreviations, plain words for hard ones."""

    def __init__(self, paper: Paper) -> None:
        abstracts = (version.abstract() for version in paper.versions)
        text = "\n".join(abstract.text for abstract in abstracts if abstract)
        self._long: Mapping[str, str] = {a.short: a.long for a in find_abbreviations(text).values()}

    def faults(self, sentence: DigestSentence, text: str) -> list[str]:
        """What the gate says of `text` in place of the sentence."""
        evidence = " ".join(one.text for one in _unique(sentence))
        long = [long for short, long in self._long.items() if short in evidence]
        plain = load_glossary().plain_words(" ".join([evidence, *long]))
        meanings = [term.meaning for term in sentence.terms]
        return faults(text, evidence, [*long, *plain, *meanings])


def _reworded(sentence: DigestSentence, text: str, by: str) -> DigestSentence:
    terms = tuple(term for term in sentence.terms if term.word in text)
    return replace(sentence, text=text, terms=terms, writer=by)


def _unique(sentence: DigestSentence) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys((sentence.evidence, *sentence.also)))


def _head(digest: Digest) -> str:
    return f"# digest {digest.paper_id} {digest.audience} {digest.created_at}"


def _why(found: re.Match[str] | None, sentence: DigestSentence | None) -> str:
    if found is None:
        return "must be the number of a sentence and its text, as in “2. The words.”"
    if sentence is None:
        return f"there is no sentence {found[1]}"
    return f"longer than {LONGEST} characters"


def _one_line(text: str) -> str:
    return " ".join(text.split())
