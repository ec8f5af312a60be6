"""`findings mail …`: letters put together and sent, and what an operator may have to decide about them."""

import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from config import load_table
from domain.addresses import address_hash, to_email
from domain.errors import FindingsError, MailError, SearchError
from domain.instants import to_timestamp
from domain.subscription import LetterState
from domain.subscription_ports import Suppression
from findings.cli import Exit, json_option, settings_of
from findings.mailing_lists import list_
from findings.previewing import preview
from findings.report import print_json, print_table, progress
from findings.settings import Settings
from findings.wiring import opened_catalog

_NAMES = {
    "sent": "sent",
    "dead": "failed: nobody at the address",
    "full": "failed: mailbox full, or tried too often",
    "policy": "failed: the domain refuses us",
    "broken": "failed: the letter cannot be taken",
    "again": "waits: to be tried again",
    "rest": "waits: the domain wants patience",
    "uncertain": "uncertain: the answer was lost",
    "dropped": "dropped: no longer wanted",
    "superseded": "taken over, or ended meanwhile",
}
_PAGE = 500


@click.group()
def mail() -> None:
    """Put letters together, send them, and settle what is in doubt."""


mail.add_command(list_)
mail.add_command(preview)


@mail.command()
@json_option
@click.pass_context
def write(ctx: click.Context, as_json: bool) -> None:
    """Tell wishes what is new, and put together the letters that are due; nothing is sent."""
    from findings.news import write_letters

    settings = settings_of(ctx)
    with opened_catalog(settings) as catalog:
        done = write_letters(catalog, datetime.now(UTC), Path(settings.data_dir))
    print_json(done) if as_json else print_table(("", ""), _round_rows(done))


@mail.command()
@click.option("--dry-run", is_flag=True, help="Say what would go to how many; change and send nothing.")
@click.option("--queued", is_flag=True, help="Put nothing together; send only what waits.")
@click.option("--limit", type=click.IntRange(min=1), help="Send at most so many letters.")
@json_option
@click.pass_context
def send(ctx: click.Context, dry_run: bool, queued: bool, limit: int | None, as_json: bool) -> None:
    """The whole round: what is new, for whom, put together and sent.

    Ctrl-C ends it with the letters at hand; the others wait for the next run.
    """
    settings = settings_of(ctx)
    if dry_run:
        _rehearse(settings, compose=not queued, as_json=as_json)
        return
    ctx.exit(_send(settings, compose=not queued, limit=limit, as_json=as_json))


def _send(settings: Settings, *, compose: bool, limit: int | None, as_json: bool) -> Exit:
    from findings.news import write_letters
    from findings.posting import send_queued
    from subscriptions.mail.tally import Tally

    tally, written, problems, finished = Tally(limit), None, list[str](), True
    with opened_catalog(settings) as catalog:
        if compose:
            try:
                written = write_letters(catalog, datetime.now(UTC), Path(settings.data_dir))
            except SearchError as error:  # what waits can go all the same
                problems.append(f"no new letters: {error}")
        before = catalog.letters.open_counts()
        waiting = before[LetterState.QUEUED]
        total = min(waiting, limit) if limit else waiting
        with progress("Sending letters", quiet=as_json) as step:
            tally.told = lambda done: step(done, total)
            try:
                finished = send_queued(settings, catalog, tally)
            except MailError as error:
                problems.append(str(error))
        counts = catalog.letters.open_counts()
    uncertain, queued = counts[LetterState.UNCERTAIN], counts[LetterState.QUEUED]
    problems += tally.alarms
    if as_json:
        told = {"counts": dict(tally.counts), "uncertain": uncertain, "waiting": queued}
        print_json(told | {"problems": problems, "finished": finished, "written": written})
    else:
        _print_sent(tally.counts, uncertain, queued, problems, _round_rows(written) if written else [])
    if not tally.counts["sent"] and any(problem not in tally.alarms for problem in problems):
        return Exit.FAILED
    in_doubt = uncertain > before[LetterState.UNCERTAIN]
    is_partial = problems or in_doubt or tally.failed or not finished
    return Exit.PARTIAL if is_partial else Exit.DONE


def _print_sent(
    counts: Counter[str], uncertain: int, waiting: int, problems: list[str], rows: list[tuple[str, int]]
) -> None:
    rows = [*rows, *((name, counts[key]) for key, name in _NAMES.items() if counts[key] or key == "sent")]
    print_table(("", "letters"), [*rows, ("still in the queue", waiting)])
    if uncertain:
        click.echo(
            f"! {uncertain} letters are in doubt: `findings mail report` lists them, `resolve` settles"
        )
    for problem in problems:
        click.echo(f"! {problem}")


def _round_rows(done: Any) -> list[tuple[str, int]]:  # noqa: ANN401 - loading its type loads the index
    told, composed = done.told, done.composed
    return [
        ("new papers", told.papers),
        ("news of meetings and opportunities", told.listings),
        ("wishes told of something", told.told),
        ("issues of lists", composed.issues),
        ("letters put together", composed.letters),
        ("letters about papers that do not stand any more", told.recalls),
    ]


def _rehearse(settings: Settings, *, compose: bool, as_json: bool) -> None:
    from findings.rehearsal import names, rehearse

    with opened_catalog(settings) as catalog:
        waiting = Counter(
            {
                kind.value: number
                for (kind, state), number in catalog.letters.letter_counts().items()
                if state is LetterState.QUEUED
            }
        )
        found = rehearse(catalog, datetime.now(UTC), Path(settings.data_dir)) if compose else None
    domains = names(found.domains.items()) if found else []
    if as_json:
        print_json({"waiting": waiting, "written": found and found.done, "domains": dict(domains)})
        return
    rows = [(f"waits already: {kind}", number) for kind, number in sorted(waiting.items())]
    print_table(("", "letters"), [*rows, *(_round_rows(found.done) if found else [])])
    if domains:
        print_table(("would go to", "letters"), domains)


@mail.command()
@json_option
@click.pass_context
def report(ctx: click.Context, as_json: bool) -> None:
    """How many letters there are of each kind, which are in doubt, and which domains are left alone."""
    from findings.posting import built_rates, built_return_path

    settings = settings_of(ctx)
    with opened_catalog(settings) as catalog:
        counts = catalog.letters.letter_counts()
        doubtful = catalog.letters.letters(LetterState.UNCERTAIN, "", _PAGE)
        people = catalog.subscribers.counts()
    rests, path = built_rates(settings).resting(), built_return_path(settings)
    domain = settings.mail_from.rpartition("@")[2] or "localhost.invalid"
    uncertain = [
        {
            "id": letter.id,
            "kind": letter.kind.value,
            "since": letter.changed_at,
            "message_id": path.message_id(letter.id, domain),
            "answer": letter.answer,
        }
        for letter in doubtful
    ]
    if as_json:
        letters = [{"kind": k.value, "state": s.value, "letters": n} for (k, s), n in sorted(counts.items())]
        print_json({"letters": letters, "uncertain": uncertain, "rests": rests, "people": people})
        return
    print_table(("people", ""), list(people.items()))
    print_table(("kind", "state", "letters"), [(k.value, s.value, n) for (k, s), n in sorted(counts.items())])
    if uncertain:
        print_table(tuple(uncertain[0]), [tuple(row.values()) for row in uncertain], title="In doubt")
        click.echo("The mail server's log tells by the Message-ID whether one went: `findings mail resolve`.")
    if rests:
        rows = [(name, r.until, "refuses us" if r.paused else "rests", r.reason) for name, r in rests.items()]
        print_table(("domain", "until", "", "it said"), rows, title="Left alone")


@mail.command()
@click.argument("letter")
@click.option("--sent", "outcome", flag_value="sent", help="It went: the server's log says so.")
@click.option("--again", "outcome", flag_value="again", help="It did not go: send it again.")
@click.pass_context
def resolve(ctx: click.Context, letter: str, outcome: str | None) -> None:
    """Settle LETTER, of which nobody knew whether it went."""
    if outcome is None:
        raise click.UsageError("say --sent or --again")
    with opened_catalog(settings_of(ctx)) as catalog:
        catalog.letters.resolve(letter, sent=outcome == "sent", now=datetime.now(UTC))
    click.echo("It counts as sent." if outcome == "sent" else "It will be sent again.")


@mail.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, allow_dash=True), required=False)
@click.option(
    "--maildir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read a mailbox in Maildir form; what was read is marked as seen.",
)
@json_option
@click.pass_context
def bounce(ctx: click.Context, file: Path | None, maildir: Path | None, as_json: bool) -> None:
    """Read what came back: a bounce, a complaint or a request to stop, one message per FILE (or - for input).

    A mail server can hand such messages to this command itself. Only those that bear our mark count.
    """
    from findings.posting import built_return_path
    from subscriptions.mail.bounces import LONGEST, read_returned, take
    from subscriptions.mail.maildir import read_new

    settings, counts = settings_of(ctx), Counter[str]()
    path = built_return_path(settings)
    with opened_catalog(settings) as catalog:

        def read(raw: bytes) -> None:
            found = read_returned(raw, path)
            done = take(found, catalog.subscribers, catalog.letters, datetime.now(UTC))
            counts[f"{found.kind}: {done}"] += 1

        if maildir:
            for raw in read_new(maildir, LONGEST):
                read(raw)
        elif file is None or str(file) == "-":
            read(sys.stdin.buffer.read(LONGEST))
        else:
            with file.open("rb") as opened:
                read(opened.read(LONGEST))
    print_json(counts) if as_json else print_table(("", "messages"), sorted(counts.items()))


@mail.command()
@click.argument("email")
@click.pass_context
def suppress(ctx: click.Context, email: str) -> None:
    """Send nothing to the address EMAIL any more, whoever asks; its subscriptions end."""
    stamp = to_timestamp(datetime.now(UTC))
    with opened_catalog(settings_of(ctx)) as catalog:
        catalog.subscribers.suppress(Suppression(address_hash(_email(email)), "asked", stamp))
    click.echo("Nothing is sent there any more.")


@mail.command()
@click.argument("email")
@click.pass_context
def lift(ctx: click.Context, email: str) -> None:
    """Let letters go to EMAIL again once somebody asks for them; or, as @DOMAIN, to a domain that rests."""
    from findings.posting import built_rates

    settings = settings_of(ctx)
    if email.startswith("@"):
        lifted = built_rates(settings).lift(email[1:].lower())
    else:
        with opened_catalog(settings) as catalog:
            lifted = catalog.subscribers.lift(address_hash(_email(email)))
    click.echo("Lifted." if lifted else "Nothing was held back there.")


@mail.command()
@click.option("--days", type=click.IntRange(min=8), help="Letters that ended so many days ago.")
@json_option
@click.pass_context
def forget(ctx: click.Context, days: int | None, as_json: bool) -> None:
    """Delete letters that ended long ago, and what was asked for and never confirmed; the counts stay."""
    now, table = datetime.now(UTC), load_table("mail")
    with opened_catalog(settings_of(ctx)) as catalog:
        letters = catalog.letters.forget(now - timedelta(days=days or table["forget"]))
        asked = catalog.subscribers.forget_unconfirmed(now - timedelta(days=table["unconfirmed"]))
    told = {"letters": letters, "unconfirmed": asked}
    print_json(told) if as_json else print_table(("forgotten", ""), list(told.items()))


def _email(text: str) -> str:
    try:
        return to_email(text)
    except ValueError as error:
        raise FindingsError(f"{text} is {error}") from error
