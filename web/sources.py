"""How each source is doing, in sentences that anyone understands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.health import SourceHealth
from domain.ports import Run
from domain.record import Counts
from web.labels import date_words, listed, number, time_words
from web.search.page import Tag

_STATES = {
    "running": Tag("Being asked now"),
    "complete": Tag("Working", "good"),
    "limited": Tag("To be continued", "care"),
    "partial": Tag("To be continued", "care"),
    "failed": Tag("Failed", "stop"),
    "stuck": Tag("Stuck", "stop"),
    "paused": Tag("Paused", "care"),
}
_GRAVEST = ("failed", "stuck", "paused", "partial", "limited", "running", "complete")
_ENDED = {
    "complete": "It gave us all that we asked for.",
    "limited": "It has more than we asked for.",
    "partial": "We did not come to the end, and go on next time.",
}
_NO_PAPERS = frozenset({"not-a-paper", "paratext"})
"""Why a record is left out although it was read well."""
_FOLDERS = re.compile(r"""(?<![\w:/.])/(?:(?!\s)(?:(?!['"]\s)[^:;,\n/])+(?<!\s)/)+""")
"""A path of this machine, up to the name of the file; not that of an address, nor of a file in an archive.
Names of folders have spaces within."""


@dataclass(frozen=True, slots=True)
class SourceView:
    """A source as the status page tells of it."""

    title: str
    state: Tag
    sentences: tuple[str, ...]
    alarms: tuple[str, ...]
    """What someone should look at."""


def to_views(healths: Sequence[SourceHealth], runs: Sequence[Run]) -> tuple[SourceView, ...]:
    """The sources, those that need looking after first.

    Args:
        healths: one for each source.
        runs: the latest first.
    """
    latest: Mapping[str, Run] = {run.source: run for run in reversed(runs)}
    ordered = sorted(healths, key=lambda one: (_rank(one), one.title.casefold()))
    return tuple(
        SourceView(
            title=one.title,
            state=_STATES.get(one.state, Tag(one.state)),
            sentences=tuple(_sentences(one, latest.get(one.source))),
            alarms=tuple(_sentence(without_source(alarm, one.source)) for alarm in one.alarms),
        )
        for one in ordered
    )


def without_source(text: str, source: str) -> str:
    """What befell a source, as it is told under its title: without its name.

    >>> without_source("began again: doaj: 502; doaj: gave up", "doaj")
    'began again: 502; gave up'
    """
    return re.sub(rf"(?<!\S){re.escape(source)}: ", "", text)


def without_folders(text: str) -> str:
    """Names files as anyone may see them: where they lie on this machine is nobody's business.

    >>> without_folders("/srv/node/in/a.tar.gz/b.xml: no record in '/tmp/c'; https://a.example/oai/x: 404")
    "b.xml: no record in 'c'; https://a.example/oai/x: 404"
    """
    return _FOLDERS.sub("", text)


def _rank(one: SourceHealth) -> int:
    state = _GRAVEST.index(one.state) if one.state in _GRAVEST else 0
    return state - len(_GRAVEST) if one.alarms else state


def _sentences(one: SourceHealth, last: Run | None) -> Iterator[str]:
    asked = time_words(one.since)
    yield (
        f"We have been asking it since {asked}."
        if one.state == "running"
        else f"We last asked it on {asked}."
    )
    if words := _ENDED.get(one.state):
        yield words
    if last:
        yield from _of_counts(last.counts)
    newest = f", the newest of {date_words(one.newest)}" if one.newest and one.held else ""
    yield f"{_records(one.held)} from it {'is' if one.held == 1 else 'are'} here{newest}."
    if one.announced is not None and one.seen is not None and one.seen < one.announced:
        yield f"Of the {number(one.announced)} in its last full list, {number(one.seen)} came."
    if one.state not in {"complete", "running"}:
        came = f"We last came to the end on {time_words(one.complete)}." if one.complete else ""
        yield came or "We have not come to the end of it yet."
    if one.budget:
        yield f"Of what it lets us ask for in a day, {_share(one.budget)} is used."


def _of_counts(counts: Counts) -> Iterator[str]:
    """What became of the records of the last run."""
    spared = sum(count for reason, count in counts.rejected.items() if reason in _NO_PAPERS)
    if unread := counts.rejected_total - spared:
        yield f"{number(unread)} of {_records(counts.total)} could not be read."
    if spared:
        yield f"{_records(spared)} {'was' if spared == 1 else 'were'} of something other than a paper."
    changes = [
        f"{number(count)} {'was' if count == 1 else 'were'} {words}"
        for count, words in ((counts.new, "new"), (counts.updated, "changed"))
        if count
    ]
    if changes or counts.total:
        yield f"{listed(changes) or 'Nothing was new'}."


def _share(budget: str) -> str:
    """`1 of 4` in per cent, which no line parts; any other text itself.

    >>> _share("0.5 of 2")
    '25\\xa0%'
    """
    spent, _, limit = budget.partition(" of ")
    try:
        return f"{100 * float(spent) / float(limit):.0f}\u00a0%"
    except (ValueError, ZeroDivisionError):
        return budget


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{number(count) if count else 'No'} records"


def _sentence(text: str) -> str:
    text = without_folders(text)[:240].rstrip(" .")
    return f"{text[:1].upper()}{text[1:]}."
