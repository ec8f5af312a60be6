"""What the reviewers' desk shows: what waits, and one digest beside the words that it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from domain.digest import Audience, Digest, DigestSentence, DigestStatus
from domain.errors import DigestRefused, NotFound
from domain.paper import Paper
from domain.review import Act, Clarity, LogEntry, QueueItem, Verdict
from summarizer.correcting import Correction, correct, to_text
from summarizer.text.readability import Readability, measure
from web.digests.changelog import Step, to_steps
from web.digests.claims import Proof, to_proofs
from web.forms import FormRefused
from web.labels import table
from web.params import clean
from web.site import Site

PAGE_SIZE = 25
REASONS = {
    "failed": "Did not pass the check",
    "suggested": "A reader suggests a correction",
    "unclear": "Readers did not find it clear",
    "recalled": "Its paper has changed",
}
LONGEST_NOTE = 2_000
LONGEST_TEXT = 20_000
_LAST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something in the queue, with its paper."""

    item: QueueItem
    title: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class QueueView:
    """One page of the queue."""

    total: int
    waiting: tuple[Waiting, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence, and what it rests on."""

    number: int
    sentence: DigestSentence
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class DeskView:
    """One digest on the desk."""

    paper: Paper
    audience: Audience
    digest: Digest
    sides: tuple[Side, ...]
    grades: Readability
    clarity: Clarity
    proposals: tuple[LogEntry, ...]
    steps: tuple[Step, ...]
    text: str
    """What is in the editor."""
    why: str
    """Why it is not published; empty where it is."""
    correction: Correction | None = None
    """What was sent and cannot be taken as it is."""
    note: str = ""

    @property
    def can_be_approved(self) -> bool:
        """Whether there is a text, of the paper as it is."""
        return bool(self.digest.sentences) and self.digest.source_hash == self.paper.source_hash


def queue(site: Site, page: int) -> QueueView:
    """A page of what waits for a reviewer, the oldest first."""
    total, items = site.catalog.review_queue((page - 1) * PAGE_SIZE, PAGE_SIZE)
    titles = {paper.id: paper.title for paper in site.catalog.papers([item.paper_id for item in items])}
    waiting = tuple(
        Waiting(item, titles[item.paper_id], REASONS.get(item.reason, item.reason), _detail(item))
        for item in items
        if item.paper_id in titles
    )
    return QueueView(total, waiting, page, -(-total // PAGE_SIZE))


def show(site: Site, paper_id: str, audience_name: str) -> DeskView:
    """One digest beside its evidence. Raises `NotFound`."""
    if audience_name not in set(Audience):
        raise NotFound("audience", audience_name)
    audience = Audience(audience_name)
    paper = site.catalog.paper(paper_id)
    digest = site.catalog.digest(paper.id, audience)
    if digest is None:
        raise NotFound("digest", f"{paper_id}/{audience}")
    log = site.catalog.digest_log(paper.id, audience)
    return DeskView(
        paper=paper,
        audience=audience,
        digest=digest,
        sides=tuple(_side(number, s, paper) for number, s in enumerate(digest.sentences, 1)),
        grades=measure(digest.prose),
        clarity=site.catalog.clarity(paper.id, audience),
        proposals=tuple(e for e in log if e.act is Act.SUGGESTED and e.answer is None),
        steps=tuple(reversed(to_steps(log)[-_LAST_STEPS:])),
        text=to_text(digest),
        why=_why(digest, paper),
    )


def decide(site: Site, view: DeskView, form: Mapping[str, str], by: str) -> Correction | None:
    """Carry out what a reviewer decided; a correction that cannot be taken comes back.

    Raises:
        FormRefused: the form says nothing that can be done.
        NotFound: the proposal is not open.
    """
    name, note = form.get("verdict", ""), _note(form)
    if name not in set(Verdict):
        raise FormRefused(400, "Choose what to do with the digest.")
    verdict, corrected = Verdict(name), None
    proposal = form.get("suggestion", "")
    suggestion = int(proposal) if proposal.isdecimal() and len(proposal) < 16 else None
    if verdict in (Verdict.WITHDRAW, Verdict.DECLINE) and not note:
        raise FormRefused(400, "Say why, in a note.")
    if verdict is Verdict.CORRECT:
        correction = correct(
            view.digest, view.paper, form.get("text", ""), by, site.catalog.facts(view.paper.id)
        )
        if not correction.stands(note, despite=bool(form.get("despite"))):
            return correction
        corrected = correction.digest
    elif form.get("seen") != seen(view.digest):
        raise FormRefused(409, "The digest has changed since you opened it. Load the page again.")
    try:
        site.catalog.review(view.paper.id, view.audience, verdict, by, note, corrected, suggestion)
    except DigestRefused as error:
        raise FormRefused(409, _refusal(error)) from error
    return None


def with_refused(view: DeskView, refused: Correction, form: Mapping[str, str]) -> DeskView:
    """The same page with what was sent, and why it cannot be taken."""
    return replace(view, correction=refused, text=form.get("text", "")[:LONGEST_TEXT], note=_note(form))


def seen(digest: Digest) -> str:
    """Which state of the digest a form is about."""
    return f"{digest.created_at} {digest.reviewed_at} {digest.status}"


def _note(form: Mapping[str, str]) -> str:
    return "\n".join(clean(line) for line in form.get("note", "").splitlines())[:LONGEST_NOTE].strip()


def _side(number: int, sentence: DigestSentence, paper: Paper) -> Side:
    every = dict.fromkeys((sentence.evidence, *sentence.also))
    return Side(number, sentence, to_proofs(every, paper))


def _why(digest: Digest, paper: Paper) -> str:
    if digest.status is DigestStatus.PUBLISHED and digest.source_hash == paper.source_hash:
        return ""
    return _refused(digest.reason or "source-changed", digest.detail)


def _detail(item: QueueItem) -> str:
    key, _, more = item.detail.partition(": ")
    if item.reason == "failed" or item.reason == "recalled":
        return _refused(key, more)
    if item.reason == "unclear":
        return f"{item.detail} answers were yes"
    return item.detail[:300]


def _refused(key: str, detail: str) -> str:
    """Why there is no digest, with what a reviewer needs to know of it."""
    words = str(table("refusals").get(key, key))
    told = f"reading grade {detail}" if detail and key == "too-hard" else detail
    return f"{words} ({told})" if told else words


def _refusal(error: DigestRefused) -> str:
    words = str(table("refusals").get(error.reason, error.reason))
    return f"{words} {error.detail}".strip()
