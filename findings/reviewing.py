"""`findings review …`: what waits for a reviewer, and a named person's word on a digest."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from config import load_table
from domain.digest import Audience, Digest
from domain.errors import DigestRefused, FindingsError, NotFound
from domain.identifiers import is_work_id, parse_key
from domain.paper import Paper
from domain.ports import Catalog
from domain.review import Act, LogEntry, Verdict
from findings.cli import Exit, json_option, settings_of
from findings.report import plain, print_json, print_table
from findings.wiring import opened_catalog

if TYPE_CHECKING:
    from summarizer.correcting import Correction

_PAGE = 50
_LONGEST_NAME = 80


@click.group()
def review() -> None:
    """See which digests wait for a reviewer; check, correct or withdraw one.

    A PAPER is the id on its page or any of its identifiers. What is decided is public at once, with the name
    and the note.
    """


def _of_digest(command: Callable[..., None]) -> Callable[..., None]:
    audiences = click.Choice([audience.value for audience in Audience])
    return click.argument("paper")(click.argument("audience", type=audiences)(command))


def _name(_: click.Context, __: click.Parameter, value: str) -> str:
    name = " ".join(value.split())
    if not 2 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise click.BadParameter(f"give the name that readers will see, of at most {_LONGEST_NAME} letters")
    return name


_by = click.option("--by", required=True, callback=_name, help="Your name, as readers will see it.")
_note = click.option("--note", default="", help="Why; readers see it.")
_why = click.option("--note", required=True, help="Why; readers see it.")
_suggestion = click.option("--suggestion", type=int, help="The number of the suggestion that this answers.")


@review.command("queue")
@click.option("--page", type=click.IntRange(min=1), default=1, help=f"Pages hold {_PAGE}.")
@json_option
@click.pass_context
def queue_(ctx: click.Context, page: int, as_json: bool) -> None:
    """What waits for a reviewer, and why, the oldest first."""
    with opened_catalog(settings_of(ctx)) as catalog:
        total, items = catalog.review_queue((page - 1) * _PAGE, _PAGE)
    if as_json:
        print_json({"total": total, "items": items})
        return
    rows = [(i.at[:10], i.reason, i.paper_id, i.audience.value, i.detail[:200]) for i in items]
    print_table(("since", "why", "paper", "audience", ""), rows, title=f"{total} in all")


@review.command()
@_of_digest
@click.option("--text", is_flag=True, help="Print the text to be edited and given to `review correct`.")
@json_option
@click.pass_context
def show(ctx: click.Context, paper: str, audience: str, text: bool, as_json: bool) -> None:
    """A digest sentence by sentence beside its evidence, how it reads, and what was done about it."""
    from summarizer.correcting import to_text
    from summarizer.text.readability import measure

    with opened_catalog(settings_of(ctx)) as catalog:
        found, digest = _load(catalog, paper, audience)
        log = catalog.digest_log(found.id, digest.audience)
        clarity = catalog.clarity(found.id, digest.audience)
    if text:
        print(to_text(digest), end="")  # noqa: T201
        return
    grades = measure(digest.prose)
    figures = {
        "flesch_kincaid_grade": round(grades.flesch_kincaid_grade, 1),
        "coleman_liau_index": round(grades.coleman_liau_index, 1),
        "dale_chall_score": round(grades.dale_chall_score, 1),
        "words": grades.words,
    }
    if as_json:
        told = [{"text": s.text, "role": s.role, "evidence": (s.evidence, *s.also)} for s in digest.sentences]
        print_json(
            {
                "paper": found.id,
                "audience": digest.audience,
                "status": digest.status,
                "why": _why_not(digest),
                "sentences": told,
                "readability": figures,
                "clarity": clarity.score,
                "answers": clarity.answers,
                "log": log,
            }
        )
        return
    _print_digest(found, digest)
    print_table(("", ""), [(name.replace("_", " "), value) for name, value in figures.items()])
    score = "–" if clarity.score is None else f"{clarity.score:.0%}"
    print_table(("", "", ""), [("clear to readers", score, clarity.answers)])
    print_table(("no.", "when", "what", "by", "note"), [_to_row(entry) for entry in log])


@review.command()
@_of_digest
@_by
@_note
@_suggestion
@json_option
@click.pass_context
def approve(ctx: click.Context, /, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - click's
    """It says what the paper says: stand by it."""
    _decide(ctx, Verdict.APPROVE, as_json, **said)


@review.command()
@_of_digest
@_by
@_why
@_suggestion
@json_option
@click.pass_context
def withdraw(ctx: click.Context, /, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - click's
    """It should not stand: take it back. No writer writes it again while the paper is the same."""
    _decide(ctx, Verdict.WITHDRAW, as_json, **said)


@review.command()
@_of_digest
@_by
@click.option("--note", required=True, help="Why; kept with the suggestion.")
@click.option("--suggestion", type=int, required=True, help="The number of the suggestion.")
@json_option
@click.pass_context
def decline(ctx: click.Context, /, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - click's
    """Leave a reader's suggestion."""
    _decide(ctx, Verdict.DECLINE, as_json, **said)


@review.command()
@_of_digest
@click.argument("file", type=click.File("r", encoding="utf-8"))
@_by
@_note
@_suggestion
@click.option("--despite", is_flag=True, help="Publish despite what the check says; needs a note.")
@json_option
@click.pass_context
def correct(
    ctx: click.Context,
    paper: str,
    audience: str,
    file: Any,  # noqa: ANN401 - click's
    by: str,
    note: str,
    suggestion: int | None,
    despite: bool,
    as_json: bool,
) -> None:
    """Publish the digest as it stands in FILE (- is the standard input), if it passes the check.

    FILE has one sentence a line with its number, as `review show --text` prints them.
    """
    from summarizer.correcting import correct as read_correction

    if despite and not note.strip():
        raise click.UsageError("--despite needs a --note: readers see why")
    with opened_catalog(settings_of(ctx)) as catalog:
        found, digest = _load(catalog, paper, audience)
        correction = read_correction(digest, found, file.read(), by, catalog.facts(found.id))
        if not correction.stands(note, despite=despite):
            _refuse(ctx, correction, as_json)
        entry = _save(catalog, digest, Verdict.CORRECT, by, note, correction.digest, suggestion)
    _print_entry(entry, as_json)


def _decide(ctx: click.Context, verdict: Verdict, /, as_json: bool, **said: Any) -> None:  # noqa: ANN401 - click's
    with opened_catalog(settings_of(ctx)) as catalog:
        _, digest = _load(catalog, said["paper"], said["audience"])
        entry = _save(catalog, digest, verdict, said["by"], said["note"], None, said["suggestion"])
    _print_entry(entry, as_json)


def _save(
    catalog: Catalog,
    digest: Digest,
    verdict: Verdict,
    by: str,
    note: str,
    corrected: Digest | None,
    suggestion: int | None,
) -> LogEntry:
    try:
        return catalog.review(digest.paper_id, digest.audience, verdict, by, note, corrected, suggestion)
    except DigestRefused as error:
        words = load_table("refusals").get(error.reason, error.reason)
        raise FindingsError(f"it cannot be published: {words}") from error


def _refuse(ctx: click.Context, correction: "Correction", as_json: bool) -> None:
    if as_json:
        print_json({"unread": correction.unread, "objections": correction.objections})
    for line in (*correction.unread, *correction.objections):
        print(plain(line), file=sys.stderr)  # noqa: T201
    hint = "" if correction.unread else "; change the text, or say why in a --note and add --despite"
    print(f"findings: the correction was not published{hint}", file=sys.stderr)  # noqa: T201
    ctx.exit(Exit.FAILED)


def _load(catalog: Catalog, name: str, audience: str) -> tuple[Paper, Digest]:
    """The paper that a person means, and its digest. Raises `NotFound`."""
    key = None if is_work_id(name) else parse_key(name)
    paper = catalog.paper(catalog.find(key) if key else name)
    digest = catalog.digest(paper.id, Audience(audience))
    if digest is None:
        raise NotFound("digest", f"{paper.id}/{audience}")
    return paper, digest


def _print_digest(paper: Paper, digest: Digest) -> None:
    reviewed = f", decided about by {digest.reviewer} on {digest.reviewed_at[:10]}" if digest.reviewer else ""
    lines = [paper.title, f"{digest.audience}, by {digest.engine}, {digest.status}{reviewed}"]
    lines += [f"Not published: {why}"] if (why := _why_not(digest)) else []
    for number, sentence in enumerate(digest.sentences, 1):
        writer = f", worded by {sentence.writer}" if sentence.writer else ""
        lines += ["", f"{number}. {sentence.text}  [{sentence.role}{writer}]"]
        lines += [f"   {term.word}: {term.long}" for term in sentence.terms]
        lines += [
            f"   < {e.text}  [{e.place} {e.start}–{e.end}]" for e in (sentence.evidence, *sentence.also)
        ]
    print("\n".join(map(plain, lines)) + "\n")  # noqa: T201


def _why_not(digest: Digest) -> str:
    words = str(load_table("refusals").get(digest.reason, digest.reason))
    return f"{words} ({digest.detail})" if digest.detail else words


def _to_row(entry: LogEntry) -> tuple[object, ...]:
    state = " (open)" if entry.act is Act.SUGGESTED and entry.answer is None else ""
    return str(entry.id), entry.at, f"{entry.act}{state}", entry.by, entry.note


def _print_entry(entry: LogEntry, as_json: bool) -> None:
    print_json(entry) if as_json else print_table(("no.", "when", "what", "by", "note"), [_to_row(entry)])
