"""A digest in an editor: its sentences as numbered lines, and the lines read back through the gate."""

import re
from dataclasses import dataclass, replace

from domain.digest import Digest, DigestSentence
from domain.facts import FactTable
from domain.paper import Paper
from summarizer.gate import Fault, digest_faults
from summarizer.gate.digests import WHOLE, evidence_text

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


def correct(digest: Digest, paper: Paper, text: str, by: str, facts: FactTable | None = None) -> Correction:
    """The digest with the sentences of `text`, which `by` changed; a number that is left out is dropped.

    A number may stand twice: then two sentences rest on the same words. Hard words stay explained where they
    still stand. Only what was not to be said of the digest before is objected to.
    """
    if (head := _HEAD.match(text)) and head[0].strip() != _head(digest):
        return Correction(digest, ("the digest has changed since this text was made from it",))
    numbered = dict(enumerate(digest.sentences, 1))
    told, unread = [], []
    for place, line in enumerate(text.splitlines(), 1):
        line = _CONTROL.sub(" ", line).strip()
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        sentence = numbered.get(int(found[1])) if found else None
        if found is None or sentence is None or len(found[2]) > LONGEST:
            unread.append(f"line {place}: {_why(found, sentence)}")
            continue
        reworded = _reworded(sentence, _one_line(found[2]), by)
        if reworded in told:
            unread.append(f"line {place}: the same sentence stands there twice")
        told.append(reworded)
    if not told and not unread:
        unread.append("no sentence is left")
    corrected = replace(digest, sentences=tuple(told))
    return Correction(
        corrected, tuple(unread), () if unread else _objections(digest, corrected, paper, facts)
    )


def _objections(before: Digest, after: Digest, paper: Paper, facts: FactTable | None) -> tuple[str, ...]:
    source = before.sentences[0].evidence.version
    version = next((v for v in paper.versions if v.source_hash == source), paper.primary)
    table = facts or FactTable(source, ())
    known = {(fault.kind, fault.detail) for fault in digest_faults(before, table, version)}
    new = [
        fault
        for fault in digest_faults(after, table, version)
        # Where evidence stands, nobody changed; and a full text is not at hand here.
        if fault.kind != "anchor" and (fault.kind, fault.detail) not in known
    ]
    told = (f"{_place(before, after, fault)}: {fault.kind}: {fault.detail}" for fault in new)
    return tuple(dict.fromkeys(told))


def _place(before: Digest, after: Digest, fault: Fault) -> str:
    """What is at fault: of the sentences that the gate reads together, the first that was changed."""
    if fault.sentence == WHOLE:
        return "the digest"
    first = after.sentences[fault.sentence]
    together = (s for s in after.sentences if evidence_text(s) == evidence_text(first))
    changed = next((s for s in together if s not in before.sentences), first)
    return f"“{changed.text[:60]}”"


def _reworded(sentence: DigestSentence, text: str, by: str) -> DigestSentence:
    if text == sentence.text:
        return sentence
    terms = tuple(term for term in sentence.terms if term.word in text)
    return replace(sentence, text=text, terms=terms, writer=by)


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
