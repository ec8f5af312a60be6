"""The public change log of a digest: what changed, when, by whom and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.digest import Audience, Digest
from domain.errors import NotFound
from domain.paper import Paper
from domain.review import Act, LogEntry
from web.labels import table
from web.site import Site

PUBLIC = (Act.WRITTEN, Act.REVIEWED, Act.CORRECTED, Act.WITHDRAWN, Act.RECALLED)
"""Proposals are between a reader and the reviewers."""
_WORDS = {
    Act.WRITTEN: "Written",
    Act.REVIEWED: "Checked against the paper",
    Act.CORRECTED: "Corrected",
    Act.WITHDRAWN: "Taken back",
    Act.RECALLED: "Taken back because the paper changed",
}
MOST = 30
_SENTENCES = 12
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Step:
    """One entry, with the sentences that went and came."""

    at: str
    words: str
    by: str
    note: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangesView:
    """The log of one digest, newest first."""

    paper: Paper
    audience: Audience
    steps: tuple[Step, ...]
    more: int
    """Older entries that are left out for length."""


def show(site: Site, paper: Paper, audience_name: str) -> ChangesView:
    """The change log. Raises `NotFound` where nothing was ever published."""
    if audience_name not in set(Audience):
        raise NotFound("audience", audience_name)
    audience = Audience(audience_name)
    steps = to_steps(site.catalog.digest_log(paper.id, audience))
    if not steps:
        raise NotFound("digest", f"{paper.id}/{audience}")
    return ChangesView(paper, audience, tuple(reversed(steps[-MOST:])), max(len(steps) - MOST, 0))


def to_steps(entries: Sequence[LogEntry]) -> list[Step]:
    """The public entries, each beside the text before it."""
    steps, before = [], None
    for entry in entries:
        if entry.act not in PUBLIC:
            continue
        gone, come = _difference(before, entry.digest)
        by = "" if entry.act is Act.RECALLED else entry.by
        steps.append(Step(entry.at, _WORDS[entry.act], by, _note(entry), gone, come))
        before = entry.digest or before
    return steps


def _note(entry: LogEntry) -> str:
    if entry.act is Act.RECALLED:
        return str(table("refusals").get(entry.note, entry.note))
    return entry.note


def _difference(before: Digest | None, after: Digest | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if before is None or after is None:
        return (), ()
    old, new = ([sentence.text for sentence in digest.sentences] for digest in (before, after))
    gone = [text for text in old if text not in new]
    come = [text for text in new if text not in old]
    return _bounded(gone), _bounded(come)


def _bounded(texts: list[str]) -> tuple[str, ...]:
    return tuple(text[:_LONGEST] for text in texts[:_SENTENCES])
