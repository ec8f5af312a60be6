"""`findings search`: a search from the terminal, and how its words were read."""

import click

from domain.query import Period, Query, Range, SearchPage, Sort
from findings.cli import json_option, settings_of
from findings.indexing import lack_of
from findings.report import print_json, print_table
from findings.wiring import opened_catalog, opened_index
from web.search.wording import describe


@click.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many to show.")
@click.option("--sort", type=click.Choice([s.value for s in Sort]), default=Sort.RELEVANCE.value)
@click.option("--from", "year_from", type=int, help="Only papers published in this year or later.")
@click.option("--to", "year_to", type=int, help="Only papers published in this year or earlier.")
@json_option
@click.pass_context
def search(
    ctx: click.Context,
    query: tuple[str, ...],
    limit: int,
    sort: str,
    year_from: int | None,
    year_to: int | None,
    as_json: bool,
) -> None:
    """Search from the terminal."""
    settings = settings_of(ctx)
    asked = Query(" ".join(query), size=limit, sort=Sort(sort), year_from=year_from, year_to=year_to)
    with opened_catalog(settings) as catalog, opened_index(settings) as engine:
        page = engine.search(asked)
        facets = engine.facets(asked) if as_json else ()
        papers = {paper.id: paper for paper in catalog.papers([hit.paper_id for hit in page.hits])}
        lack = lack_of(catalog, engine) if engine.position() != catalog.last_change() else ""
    notes = [note for note in (*page.reading.notes, *page.notes, lack) if note]
    period = page.reading.period if year_from is None and year_to is None else None
    if as_json:
        titles = {paper_id: paper.title for paper_id, paper in papers.items()}
        found = {"total": page.total, "related": page.related, "notes": notes}
        found |= {"period": period, "suggestion": page.suggestion}
        print_json(found | {"hits": page.hits, "titles": titles, "facets": facets})
        return
    for note in (*notes, *_offers(page, period)):
        click.echo(note, err=True)
    rows = [
        (hit.paper_id, str(papers[hit.paper_id].primary.year or ""), papers[hit.paper_id].title)
        for hit in page.hits
        if hit.paper_id in papers
    ]
    related = f" and {page.related:,} close in meaning" if page.related else ""
    print_table(("paper", "year", "title"), rows, f"{page.total:,} papers{related}")


def _offers(page: SearchPage, period: Period | None) -> list[str]:
    """What else may have been meant, and how to ask for it."""
    told = [f"Did you mean: {page.suggestion}?"] if page.suggestion else []
    if period and page.total + page.related:
        years = describe(Range("year", period.low, period.high)).removeprefix("any paper, ")
        bounds = (("--from", period.low), ("--to", period.high))
        options = " ".join(f"{name} {year}" for name, year in bounds if year is not None)
        told.append(f"Papers of all years are listed. Only papers {years}: {options}")
    return told
