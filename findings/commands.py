"""What each command does: open what it needs, call the room, say what came of it."""

import re
import tempfile
from datetime import UTC, datetime

import click

from domain.digest import Audience
from domain.errors import FindingsError, ModelUnavailable, SearchError
from domain.scheduling import JobState
from findings.backups import backup, restore
from findings.cli import Exit, json_option, settings_of
from findings.gathering import gather
from findings.harvesting import harvest, import_
from findings.indexing import index, of_index
from findings.mailing import mail
from findings.merging import merge
from findings.people import people
from findings.report import print_counts, print_health, print_json, print_table, progress
from findings.rereading import rejections, reread
from findings.resources import resources
from findings.reviewing import review
from findings.searching import search
from findings.settings import Settings
from findings.wiring import (
    built_digester,
    know_institutions,
    opened_catalog,
    opened_encoder,
    opened_index,
)

_LEAST_ROOM = 1 << 20
"""Bytes without which no command gets anywhere."""
_IMPORTS = 2
"""How many of the last imports the status tells of."""


def register(cli: click.Group) -> None:
    """Add every command to the group."""
    harvesting, working = (
        (harvest, import_, merge, gather, rejections, reread),
        (digest, index, mail, people, resources, review, schedule, search, serve, status),
    )
    for command in (backup, check_config, demo, restore, *harvesting, *working):
        cli.add_command(command)


@click.command()
@click.option("--audience", type=click.Choice([a.value for a in Audience]), help="One audience only.")
@click.option("--limit", type=click.IntRange(min=1), help="Write at most so many for each audience.")
@click.option("--engine", help="Another writer than the one in the settings.")
@click.option(
    "--verify", is_flag=True, help="Write nothing; recall digests that no longer stand on their paper."
)
@json_option
@click.pass_context
def digest(
    ctx: click.Context,
    audience: str | None,
    limit: int | None,
    engine: str | None,
    verify: bool,
    as_json: bool,
) -> None:
    """Write the digests that are missing or out of date."""
    from dataclasses import replace

    from summarizer.digesting import write_all

    settings = settings_of(ctx)
    if engine:
        settings = replace(settings, digest_engine=engine)
    if verify:
        _verify_digests(settings, as_json)
        return
    audiences = [Audience(audience)] if audience else list(Audience)
    with opened_catalog(settings) as catalog, progress("Writing digests", quiet=as_json) as step:
        digester = built_digester(settings, catalog)
        reports = write_all(catalog, digester, audiences, limit, progress=step)
    if as_json:
        print_json(reports)
    else:
        rows = [
            (name.value, what, number)
            for name, report in reports.items()
            for what, number in [
                ("published", report.published),
                *((f"refused: {reason}", n) for reason, n in sorted(report.refused.items())),
                *([("failed", report.failed)] if report.failed else []),
            ]
        ]
        print_table(("audience", "", "digests"), rows)
    ctx.exit(Exit.PARTIAL if any(report.failed for report in reports.values()) else Exit.DONE)


def _verify_digests(settings: Settings, as_json: bool) -> None:
    """Check every published sentence against the paper; what was recalled is written anew by the next run."""
    from findings.bodies import CatalogBodies
    from summarizer.digesting import verify

    with opened_catalog(settings) as catalog:
        report = verify(catalog, CatalogBodies(catalog))
    if as_json:
        print_json(report)
    else:
        rows = [("digests", report.digests), ("sentences", report.sentences), ("loose", report.loose)]
        print_table(("", ""), [*rows, ("recalled", len(report.recalled))])


@click.command()
@click.option("--host", help="Address to listen on, instead of the setting.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on, instead of the setting.")
@click.option("--sample", is_flag=True, hidden=True, help="Say on every page that its content is invented.")
@click.pass_context
def serve(ctx: click.Context, host: str | None, port: int | None, sample: bool) -> None:
    """Serve the site."""
    from dataclasses import replace

    from findings.serving import serve as serve_site

    settings = settings_of(ctx)
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    serve_site(settings, sample=sample)


@click.command()
@click.pass_context
def schedule(ctx: click.Context) -> None:
    """Harvest, digest and index again and again; one such process per node."""
    import os

    from findings.scheduling import run_scheduler

    run_scheduler(settings_of(ctx), os.environ)


@click.command()
@json_option
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """What the node holds, how far the index lags, and how the last harvests ended."""
    from crawler.health import source_health
    from web.jobs import to_jobs

    settings = settings_of(ctx)
    with opened_catalog(settings) as catalog, opened_index(settings) as engine:
        counts: dict[str, object] = {**catalog.counts()}
        try:
            counts |= of_index(engine, catalog)
            code = Exit.DONE
        except SearchError as error:
            counts["search index"] = f"does not answer ({error})"
            code = Exit.PARTIAL
        runs, sources = catalog.runs(limit=10), source_health(catalog)
        jobs = catalog.schedule.jobs()
        stopped = to_jobs(catalog.schedule, datetime.now(UTC)).stopped
    if as_json:
        print_json({"counts": counts, "sources": sources, "runs": runs, "jobs": jobs})
        ctx.exit(code)
    print_counts(counts)
    print_health(sources)
    if imports := [run for run in runs if run.source == "import"][:_IMPORTS]:
        rows = [(_minute(run.started_at), run.outcome, run.counts.total, run.note[:60]) for run in imports]
        print_table(("import", "outcome", "records", "note"), rows)
    if jobs:
        print_table(("job", "last began", "ended", "code", "next"), [_job_row(job) for job in jobs])
    if stopped:
        click.echo("! nothing has begun when it was due: does `findings schedule` run?")
    ctx.exit(code)


def _job_row(job: JobState) -> tuple[object, ...]:
    ended = _minute(job.finished_at) if job.finished_at else "at work" if job.started_at else ""
    code = "" if job.code is None else job.code
    return job.name, _minute(job.started_at) or "not yet", ended, code, _minute(job.next_at)


def _minute(moment: str) -> str:
    return moment[:16].replace("T", " ")


def _without_password(url: str) -> str:
    """An address without what may let us in: a password, a user alone (maybe a token), keys in its query."""
    hidden = re.sub(r"(//[^/:@]*):.*@", r"\1:***@", url)
    hidden = re.sub(r"//[^/:@\s]+@", "//***@", hidden)
    return re.sub(r"([?&][^=&]*(?:pass|key|token|secret)[^=&]*=)[^&]*", r"\1***", hidden, flags=re.IGNORECASE)


@click.command("check-config")
@json_option
@click.pass_context
def check_config(ctx: click.Context, as_json: bool) -> None:
    """Read the settings and every table, ask what they name, and say what is wrong."""
    from dataclasses import asdict

    from config import load_table as load
    from config import table_names
    from findings.posting import built_letterhead

    settings = settings_of(ctx)
    for name in table_names():
        load(name)
    values = asdict(settings) | {"database_url": settings.database}
    # In any address: one where no password belongs may be given one by mistake.
    values = {name: _without_password(v) if isinstance(v, str) else v for name, v in values.items()}
    secret = [name for name in values if name.endswith("_api_key")] + [
        "secret_key",
        "former_secret_key",
        "review_key",
    ]
    values |= {name: "***" if values[name] else "" for name in secret}
    print_json(values) if as_json else print_table(("setting", "value"), list(values.items()))
    _check_room(settings)  # first: what is kept there would miss it in words of its own
    built_digester(settings)
    built_letterhead(settings)
    know_institutions(settings)
    with opened_catalog(settings) as catalog, opened_index(settings) as engine:
        catalog.counts()
        engine.position()
        engine.count()
    if missing := _missing_encoder(settings):
        click.echo(f"findings: search_meaning is on, but papers are found by words only: {missing}", err=True)
        ctx.exit(Exit.PARTIAL)
    if not as_json:
        asked = "database, index and encoder" if settings.by_meaning else "database and index"
        click.echo(f"Settings, tables, {asked} are in order ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC).")


def _check_room(settings: Settings) -> None:
    """See that the data folder can be written to: a full disk can be read. Raises `FindingsError`."""
    try:
        with tempfile.TemporaryFile(dir=settings.data_dir) as probe:
            probe.write(bytes(_LEAST_ROOM))
    except OSError as error:
        raise FindingsError(
            f"the data folder {settings.data_dir} cannot be written to: {error.strerror}"
        ) from error


def _missing_encoder(settings: Settings) -> str:
    """Why there is no search by meaning though it is wanted; empty when all is well."""
    try:
        if settings.by_meaning:
            opened_encoder(settings)
    except ModelUnavailable as error:
        return str(error)
    return ""


@click.command()
@click.option("--check", is_flag=True, help="Do all but serving, judge what was made, print a table.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
@json_option
@click.pass_context
def demo(ctx: click.Context, check: bool, port: int | None, as_json: bool) -> None:
    """The whole job on an invented sample, offline: harvest, digest, index, then the site."""
    from dataclasses import replace

    from findings.demo import check_demo, serve_demo

    settings = settings_of(ctx)
    if port:
        settings = replace(settings, port=port)
    if not check:
        serve_demo(settings)
        return
    checks = check_demo(settings)
    if as_json:
        print_json(checks)
    else:
        rows = [(c.stage, c.what, c.expected, c.found, "ok" if c.passed else "WRONG") for c in checks]
        print_table(("stage", "what", "expected", "found", ""), rows)
    ctx.exit(Exit.DONE if all(c.passed for c in checks) else Exit.FAILED)
