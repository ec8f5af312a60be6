"""The status page tells of each source in sentences that anyone understands."""

from dataclasses import replace

import pytest
from flask import render_template

from crawler.health import SourceHealth
from domain.ports import Run
from domain.record import Counts
from web import Site, create_app, home
from web.figures import Figures
from web.sources import to_views, without_folders, without_source

SINCE = "2026-11-20T08:15:30Z"
DOAJ = SourceHealth("doaj", "DOAJ", "complete", SINCE, SINCE, 1200, 1200, 1197, "2026-11-19", "", ())


def run(source: str = "doaj", **counts: object) -> Run:
    return Run(1, source, "cancer", SINCE, SINCE, "complete", Counts(**counts))  # type: ignore[arg-type]


def test_a_source_that_works() -> None:
    counts = {"new": 2, "updated": 1, "unchanged": 1192, "rejected": {"malformed": 3, "not-a-paper": 2}}
    (one,) = to_views([DOAJ], [run(**counts), run(new=999)])
    assert (one.state.text, one.alarms) == ("Working", ())
    assert one.sentences == (
        "We last asked it on 20 November 2026, 08:15 UTC.",
        "It gave us all that we asked for.",
        "3 of 1200 records could not be read.",
        "2 records were of something other than a paper.",
        "2 were new and 1 was changed.",
        "1197 records from it are here, the newest of 19 November 2026.",
    )


@pytest.mark.parametrize(
    ("state", "words", "sentence"),
    [
        ("partial", "To be continued", "We did not come to the end, and go on next time."),
        ("limited", "To be continued", "It has more than we asked for."),
        ("failed", "Failed", "We last came to the end on 20 November 2026, 08:15 UTC."),
        ("stuck", "Stuck", "We last came to the end on 20 November 2026, 08:15 UTC."),
        ("running", "Being asked now", "We have been asking it since 20 November 2026, 08:15 UTC."),
        ("unheard-of", "unheard-of", "We last asked it on 20 November 2026, 08:15 UTC."),
    ],
)
def test_each_state_has_its_words(state: str, words: str, sentence: str) -> None:
    (one,) = to_views([replace(DOAJ, state=state)], [])
    assert one.state.text == words
    assert sentence in one.sentences
    assert ("It gave us all that we asked for." in one.sentences) is False


def test_what_needs_looking_after_comes_first_and_is_a_sentence() -> None:
    stale = replace(DOAJ, source="x", title="X", alarms=("it answers, but its newest record is 90 days old",))
    views = to_views([DOAJ, replace(DOAJ, title="Y", state="partial"), stale], [])
    assert [one.title for one in views] == ["X", "Y", "DOAJ"]
    assert views[0].alarms == ("It answers, but its newest record is 90 days old.",)


@pytest.mark.parametrize(
    ("alarms", "well", "lead", "words"),
    [
        (1, 0, "its one source needs looking after.", "The one source needs looking after."),
        (1, 2, "one of its sources needs looking after.", "1 of 3 sources needs looking after."),
        (2, 1, "some of its sources need looking after.", "2 of 3 sources need looking after."),
        (2, 0, "all its sources need looking after.", "Both sources need looking after."),
        (3, 0, "all its sources need looking after.", "All 3 sources need looking after."),
        (0, 1, "Everything is working.", "The one source is well."),
    ],
)
def test_the_page_says_how_many_need_looking_after(
    site: Site, alarms: int, well: int, lead: str, words: str
) -> None:
    health = home.health(site, Figures(site))
    sources = to_views([replace(DOAJ, alarms=("it is old",))] * alarms + [DOAJ] * well, [])
    with create_app(site).test_request_context("/status"):
        page = render_template("status.html", view=home.StatusView(health, {}, (), sources))
    assert lead in page
    assert words in page


def test_a_source_is_not_named_again_in_what_befell_it() -> None:
    note = "doaj: began again: doaj: answered 502; doaj: gave up after 6 tries"
    failed = replace(DOAJ, alarms=(f"its last harvest failed: {note}",))
    told = "began again: answered 502; gave up after 6 tries"
    assert to_views([failed], [])[0].alarms == (f"Its last harvest failed: {told}.",)
    assert without_source(note, "doaj") == told
    assert without_source("not-doaj: 502", "doaj") == "not-doaj: 502"


def test_a_list_that_fell_short_and_a_budget_are_told() -> None:
    (one,) = to_views([replace(DOAJ, seen=1150, held=1, budget="0.5 of 2")], [run(unchanged=4)])
    assert "Of the 1200 in its last full list, 1150 came." in one.sentences
    assert "Of what it lets us ask for in a day, 25\u00a0% is used." in one.sentences
    assert "1 record from it is here, the newest of 19 November 2026." in one.sentences
    assert "Nothing was new." in one.sentences


def test_nobody_learns_where_files_lie_on_this_machine(site: Site) -> None:
    note = f"/srv/secret/in/pubmed24n0001.xml.gz: record 1 rejected; {'/srv/secret/b.xml: no record; ' * 20}"
    noted = replace(run("import"), note=note)
    failed = replace(DOAJ, alarms=("its last harvest failed: [Errno 28] No space left: '/srv/secret/x.db'",))
    view = home.StatusView(home.health(site, Figures(site)), {}, (noted,), to_views([failed], []))
    with create_app(site).test_request_context("/status"):
        page = render_template("status.html", view=view)
    assert "secret" not in page
    assert "pubmed24n0001.xml.gz: record 1 rejected; b.xml: no record" in page
    assert " …</span>" in page


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/media/ana/My Disk/in 2024/a.xml: no record", "a.xml: no record"),
        ("/Users/ana/ana's papers/a.xml: no record", "a.xml: no record"),
        ("'/srv/a b/c.db' and '/srv/d.db' are locked", "'c.db' and 'd.db' are locked"),
        ("no record in /srv/c.xml or /srv/d.xml", "no record in c.xml or d.xml"),
    ],
)
def test_folders_have_names_of_several_words(text: str, told: str) -> None:
    assert without_folders(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "record 5 / 3 of 8/9",
        "https://oai.example/a/b/c.xml: 404",
        "articles.tar.gz/in/a.xml: no record",
        "and/or",
        "no //article/front/meta",
    ],
)
def test_what_is_no_folder_of_ours_is_told_as_it_is(text: str) -> None:
    assert without_folders(text) == text
