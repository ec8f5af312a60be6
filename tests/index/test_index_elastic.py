"""Elasticsearch under strain: busy, half refused, cut off, rebuilt while written to, down, or another."""

import logging
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest

from domain.errors import ConfigError, SearchError, SearchUnavailable
from domain.query import Query, Sort
from index import ElasticOptions, open_index
from index.elastic import bulk as elastic_bulk
from index.language.parsing import parse_query
from tests.elasticsearch.cluster import ask
from tests.index.proxy import Drop, proxied, refuse, refuse_items


@pytest.fixture
def proxy(elasticsearch_url):
    with proxied(elasticsearch_url) as opened:
        yield opened


@pytest.fixture
def options(elasticsearch_prefix):
    return ElasticOptions(name=elasticsearch_prefix, replicas=0, search_timeout=30, patience=30)


@pytest.fixture
def opened(elasticsearch_url, options, tmp_path):
    return open_index(elasticsearch_url, tmp_path, elastic=options)


@pytest.fixture
def strained(proxy, options, tmp_path):
    """The index as it is reached through the proxy."""
    return open_index(proxy.url, tmp_path, elastic=options)


@pytest.fixture
def small_requests(monkeypatch):
    monkeypatch.setattr(elastic_bulk, "MAX_COUNT", 7)


def names(url, prefix):
    return sorted(ask(f"{url}/{prefix}*/_settings"))


def papers(make, numbers, title="Paper"):
    return [make(number, f"{title} {number}") for number in numbers]


def ids(items):
    return {item.paper.id for item in items}


# Back-pressure.


def test_a_busy_cluster_is_asked_again_with_growing_waits(proxy, strained, make, small_requests):
    waits, started = [], time.monotonic()

    def rule(request):
        if request.is_bulk and len(waits) < 4:
            waits.append(time.monotonic() - started)
            return refuse(429)
        return None

    proxy.rule = rule
    strained.write(papers(make, range(7)), [], 5)
    assert set(strained.ids()) == ids(papers(make, range(7)))
    assert strained.position() == 5
    gaps = [after - before for before, after in pairwise(waits)]
    assert gaps[-1] > 1.5 * gaps[0]


def test_only_what_was_refused_is_sent_again(proxy, strained, make, small_requests):
    items = papers(make, range(30))
    refused = {item.paper.id for item in items[::3]}

    def rule(request):
        if request.is_bulk and refused & {name for name, _ in request.actions()}:
            mine = refused & {name for name, _ in request.actions()}
            answer = refuse_items(request, 429, mine.__contains__)
            refused.difference_update(mine)
            return answer
        return None

    proxy.rule = rule
    strained.write(items, [], 1)
    assert set(strained.ids()) == ids(items)
    sent = [name for request in proxy.bulks for name, _ in request.actions()]
    assert {name: sent.count(name) for name in ids(items)} == {
        item.paper.id: 2 if number % 3 == 0 else 1 for number, item in enumerate(items)
    }


@pytest.mark.parametrize("reached", [True, False])
def test_a_lost_connection_loses_nothing(reached, proxy, strained, make, small_requests):
    """Whether the cluster got the request before or not."""
    lost = []

    def rule(request):
        if request.is_bulk and len(lost) < 3:
            lost.append(request)
            if reached:
                request.forward(request.body)
            raise Drop

    proxy.rule = rule
    strained.write(papers(make, range(20)), [], 3)
    assert strained.count() == 20
    assert strained.position() == 3


def test_a_cluster_that_stays_busy_ends_the_write_and_the_position_stays(proxy, options, make, tmp_path):
    index = open_index(proxy.url, tmp_path, elastic=replace(options, patience=0.5))
    index.write(papers(make, [1]), [], 1)
    proxy.rule = lambda request: refuse(429) if request.is_bulk else None
    with pytest.raises(SearchUnavailable, match="too busy; try later"):
        index.write(papers(make, [2]), [], 2)
    proxy.rule = lambda _: None
    assert index.position() == 1
    index.write(papers(make, [2]), [], 2)
    assert index.count() == 2


@pytest.mark.parametrize("whole", [True, False])
def test_a_paper_that_cannot_be_taken_is_named_and_the_rest_is_in(
    whole, proxy, strained, make, small_requests
):
    bad = make(13, "Far too long " * 4000)
    items = [*papers(make, range(13)), bad, *papers(make, range(14, 30))]

    def rule(request):
        if not request.is_bulk:
            return None
        if whole:
            return refuse(413, "too_large") if len(request.body) > 40_000 else None
        if bad.paper.id in {name for name, _ in request.actions()}:
            return refuse_items(request, 400, bad.paper.id.__eq__, "document_parsing_exception")
        return None

    proxy.rule = rule
    strained.write(papers(make, [50]), [], 1)
    with pytest.raises(SearchError, match=bad.paper.id) as raised:
        strained.write(items, [], 2)
    assert not isinstance(raised.value, SearchUnavailable)
    assert "\n" not in str(raised.value)
    assert strained.count() == 30
    assert bad.paper.id not in set(strained.ids())
    assert strained.position() == 1


# Versions.


def test_an_older_write_never_beats_a_newer_one(elasticsearch_url, options, make, tmp_path):
    slow, quick = (open_index(elasticsearch_url, tmp_path, elastic=options) for _ in range(2))
    slow.write(papers(make, [1, 2, 3]), [], 10)
    slow.position()
    quick.position()
    quick.write([make(1, "Newer words")], [make(2, "").paper.id], 30)
    slow.write(
        [make(1, "Older words"), make(2, "Older words"), make(4, "Older words")], [make(3, "").paper.id], 20
    )
    assert quick.position() == 30
    assert set(quick.ids()) == ids(papers(make, [1, 4]))
    assert quick.search(Query("newer")).total == 1
    assert quick.search(Query("older")).total == 1


def test_writing_the_same_again_changes_nothing(opened, make):
    for _ in range(2):
        opened.write(papers(make, range(5)), [make(9, "").paper.id], 7)
        assert (opened.count(), opened.position()) == (5, 7)


# Rebuilding.


def test_readers_and_another_writer_during_rebuilds(elasticsearch_url, options, make, tmp_path):
    """No answer is empty or fails, and what was written meanwhile is there once the log is drained."""
    opened, other, reader = (open_index(elasticsearch_url, tmp_path, elastic=options) for _ in range(3))
    old = papers(make, range(60), "Common")
    opened.write(old, [], 1)
    done = threading.Event()
    wrong: list[object] = []

    def read():
        while not done.is_set():
            page = reader.search(Query("common", size=3))
            if page.total < 60 or len(page.hits) != 3 or page.hits[0].title is None:
                wrong.append(page)

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _ in range(3)]
        for number in range(6):
            position = 10 + number
            with opened.replacement() as fresh:
                fresh.write(papers(make, range(60 + number), "Common"), [], position)
                other.position()
                other.write([make(60 + number, f"Common {60 + number}")], [], position + 1)
            assert opened.position() == position
            with pytest.raises(SearchUnavailable, match="rebuilt meanwhile"):
                other.write([make(60 + number, f"Common {60 + number}")], [], position + 2)
            assert other.position() == position
            other.write([make(60 + number, f"Common {60 + number}")], [], position + 1)
        done.set()
        for future in readers:
            future.result()
    assert not wrong
    assert reader.count() == 66


def test_what_a_crash_left_behind_is_removed(elasticsearch_url, elasticsearch_prefix, opened, make):
    opened.write(papers(make, [1]), [], 1)
    opened._engine._generations.fresh(filling=True)
    assert set(opened.ids()) == ids(papers(make, [1]))
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 2
    opened.clear()
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 1
    assert (opened.count(), opened.position()) == (0, 0)


@pytest.mark.parametrize("end", [SearchUnavailable, KeyboardInterrupt, GeneratorExit])
def test_what_a_failure_left_behind_is_removed_at_once(
    elasticsearch_url, elasticsearch_prefix, opened, make, end
):
    """As each try would leave as much again, every minute; the last is what a failure beside it comes as."""
    opened.write(papers(make, [1]), [], 1)

    def rebuild():
        with opened.replacement() as fresh:
            fresh.write(papers(make, [2]), [], 2)
            raise end("invented")

    with pytest.raises(end, match="invented"):
        rebuild()
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 1
    assert opened.count() == 1


def test_an_index_with_the_name_of_our_alias_leaves_nothing_behind(
    elasticsearch_url, elasticsearch_prefix, opened, make
):
    ask(f"{elasticsearch_url}/{elasticsearch_prefix}", method="PUT")
    for attempt in (lambda: opened.write(papers(make, [1]), [], 1), opened.clear):
        with pytest.raises(SearchError, match="exists with the same name as the alias"):
            attempt()
    assert names(elasticsearch_url, elasticsearch_prefix) == [elasticsearch_prefix]


def test_a_generation_that_is_gone_is_not_made_again_by_writing(
    elasticsearch_url, elasticsearch_prefix, opened, make
):
    """As when two rebuild at once: the later one removes what the earlier one fills."""

    def rebuild():
        with opened.replacement() as fresh:
            opened.clear()
            fresh.write(papers(make, [1]), [], 1)

    with pytest.raises(SearchUnavailable, match="rebuilt meanwhile"):
        rebuild()
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 1
    assert opened.count() == 0


def test_a_generation_that_has_lost_an_alias_is_written_to_and_removed_like_any_other(
    elasticsearch_url, elasticsearch_prefix, opened, make
):
    """Somebody took it away, or restored a snapshot without it."""
    opened.write(papers(make, [1]), [], 1)
    alias = f"{elasticsearch_url}/{elasticsearch_prefix}-000001/_alias/{elasticsearch_prefix}-000001-write"
    ask(alias, method="DELETE")
    opened.write(papers(make, [2]), [], 2)
    assert (opened.count(), opened.position()) == (2, 2)
    ask(alias, method="DELETE")
    opened.clear()
    assert names(elasticsearch_url, elasticsearch_prefix) == [f"{elasticsearch_prefix}-000002"]


def test_a_rebuild_whose_index_vanishes_last_of_all_is_told(
    proxy, strained, opened, make, elasticsearch_url, elasticsearch_prefix
):
    opened.write(papers(make, [1]), [], 1)

    def vanish(request):
        if request.path.startswith("/_aliases"):
            ask(f"{elasticsearch_url}/{elasticsearch_prefix}-000002", method="DELETE")

    proxy.rule = vanish
    with (
        pytest.raises(SearchUnavailable, match="rebuilt by another process"),
        strained.replacement() as fresh,
    ):
        fresh.write(papers(make, [1, 2]), [], 2)
    assert opened.count() == 1


@pytest.mark.parametrize("between", [0, 1, 2, 3])
def test_of_two_rebuilds_that_end_together_none_removes_what_is_read(
    proxy, strained, opened, make, between, elasticsearch_url, elasticsearch_prefix
):
    """The older is adopted before the newer, or when that looks for those before it or removes them."""
    opened.write(papers(make, [1]), [], 1)
    older, newer = opened.replacement(), strained.replacement()
    older.__enter__().write(papers(make, [1, 2]), [], 2)
    newer.__enter__().write(papers(make, [1, 2, 3]), [], 3)
    requests, adopted = [], []

    def adopt_older(request):
        if request.method == "DELETE" or "_alias" in request.path:
            requests.append(request.path)
            if len(requests) == between + 1:
                adopted.append(older.__exit__(None, None, None))

    proxy.rule = adopt_older
    newer.__exit__(None, None, None)
    assert adopted
    read = 2 if between else 3
    assert (opened.count(), opened.position()) == (read, read)
    opened.clear()
    assert names(elasticsearch_url, elasticsearch_prefix) == [f"{elasticsearch_prefix}-000004"]


def test_of_two_rebuilds_adopted_before_either_is_seen_the_newest_is_read(
    proxy, strained, opened, make, elasticsearch_url, elasticsearch_prefix
):
    opened.write(papers(make, [1]), [], 1)
    older, newer = opened.replacement(), strained.replacement()
    older.__enter__().write(papers(make, [1, 2]), [], 2)
    newer.__enter__().write(papers(make, [1, 2, 3]), [], 3)
    aliases = []

    def adopt_older_unseen(request):
        if request.path.startswith("/_alias/") and not aliases:
            held = ask(f"{elasticsearch_url}/{elasticsearch_prefix}-000003/_alias")
            aliases.extend(held[f"{elasticsearch_prefix}-000003"]["aliases"])
            added = [{"index": f"{elasticsearch_prefix}-000002", "alias": alias} for alias in aliases]
            actions = {"actions": [{"add": one} for one in added if not one["alias"].endswith("-write")]}
            ask(f"{elasticsearch_url}/_aliases", actions, method="POST")

    proxy.rule = adopt_older_unseen
    newer.__exit__(None, None, None)
    assert len(aliases) == 3
    assert (opened.count(), opened.position()) == (3, 3)
    assert names(elasticsearch_url, elasticsearch_prefix) == [f"{elasticsearch_prefix}-000003"]


def test_rebuilds_started_at_once_leave_one_index(
    elasticsearch_url, elasticsearch_prefix, options, make, tmp_path
):
    """Within milliseconds: each ends or is told of the others, and one is read, whole."""
    together = threading.Barrier(6, timeout=60)

    def rebuild(number):
        opened = open_index(elasticsearch_url, tmp_path, elastic=options)
        together.wait()
        try:
            with opened.replacement() as fresh:
                fresh.write(papers(make, range(5)), [], number + 1)
                together.wait()
        except SearchUnavailable as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(rebuild, range(6)))
    reader = open_index(elasticsearch_url, tmp_path, elastic=options)
    assert "" in told
    assert all("rebuilt" in line for line in told if line)
    assert reader.count() == 5
    reader.clear()
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 1


def test_the_same_copies_are_asked_to_find_and_to_score(proxy, strained, make):
    items = papers(make, [1, 2])
    strained.write(items, [], 1)
    node, query = parse_query("paper").node, Query(year_from=1900)
    found = strained._engine.find(node, query, Sort.RELEVANCE, 10)[1]
    scores = strained._engine.scores(node, query, list(ids(items)))
    assert {match.paper_id: match for match in found} == scores
    asked = [re.search(r"preference=(\w+)", request.path) for request in proxy.seen]
    assert len([told[1] for told in asked if told]) == 2
    assert len({told[1] for told in asked if told}) == 1


def test_an_index_of_another_schema_counts_as_absent(
    elasticsearch_url, elasticsearch_prefix, opened, options, make, tmp_path, monkeypatch
):
    opened.write(papers(make, [1]), [], 1)
    monkeypatch.setattr("index.elastic.schema._VERSION", 99)
    later = open_index(elasticsearch_url, tmp_path, elastic=options)
    assert (later.position(), later.count(), list(later.ids())) == (0, 0, [])
    assert later.search(Query("paper")).total == 0
    assert {facet.buckets for facet in later.facets(Query())} == {()}
    later.write(papers(make, [1, 2]), [], 1)
    assert later.count() == 2
    assert len(names(elasticsearch_url, elasticsearch_prefix)) == 1


def test_shards_and_replicas_are_as_set_and_refreshing_is_restored(
    elasticsearch_url, elasticsearch_prefix, options, make, tmp_path
):
    chosen = replace(options, shards=3, replicas=1)
    index = open_index(elasticsearch_url, tmp_path, elastic=chosen)
    with index.replacement() as fresh:
        fresh.write(papers(make, range(9)), [], 1)
        (filling,) = ask(f"{elasticsearch_url}/{elasticsearch_prefix}*/_settings?flat_settings=true").values()
    assert filling["settings"]["index.number_of_replicas"] == "0"
    (settled,) = ask(f"{elasticsearch_url}/{elasticsearch_prefix}*/_settings?flat_settings=true").values()
    kept = settled["settings"]
    assert (kept["index.number_of_shards"], kept["index.number_of_replicas"]) == ("3", "1")
    assert "index.refresh_interval" not in kept
    assert kept["index.translog.durability"] == "request"


# Deep pages.


def test_pages_deeper_than_the_engine_gives_at_once(opened, make, monkeypatch):
    monkeypatch.setattr("index.elastic.engine.PAGE", 10)
    opened.write(papers(make, range(47), "Deep"), [], 1)
    whole = [hit.paper_id for hit in opened.search(Query("deep", size=100, highlight=False)).hits]
    assert len(set(whole)) == 47
    for offset in (0, 5, 9, 10, 25, 46, 47, 1000):
        page = opened.search(Query("deep", offset=offset, size=4, highlight=False))
        assert [hit.paper_id for hit in page.hits] == whole[offset : offset + 4]
        assert page.total == 47


# What goes wrong.


def free_address():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def questions(index):
    return [index.position, index.count, lambda: index.search(Query("x")), lambda: index.facets(Query())]


def test_a_cluster_that_is_down_is_one_clear_line_at_once(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    options = ElasticOptions(api_key="s3cretkey")
    url = free_address().replace("//", "//elastic:s3cretword@")
    for question in questions(open_index(url, tmp_path, elastic=options)):
        started = time.monotonic()
        with pytest.raises(SearchUnavailable, match="nobody answers; is it running") as raised:
            question()
        assert time.monotonic() - started < 3
        assert "\n" not in str(raised.value)
        assert "s3cret" not in repr(raised.value) + repr(raised.value.__cause__) + caplog.text
    assert "s3cret" not in repr(options)


def test_another_server_answers_when_one_is_down(elasticsearch_url, options, make, tmp_path):
    index = open_index(f"{free_address()},{elasticsearch_url}", tmp_path, elastic=options)
    index.write(papers(make, range(5)), [], 1)
    for _ in range(10):
        assert index.search(Query("paper")).total == 5


@pytest.mark.parametrize(
    ("status", "kind", "reason", "words"),
    [
        (401, "security_exception", "missing credentials", "check search_api_key"),
        (403, "security_exception", "unauthorized", "check the rights of search_api_key"),
        (
            403,
            "cluster_block_exception",
            "index [x] blocked by: [FORBIDDEN/8/index write (api)]",
            "is blocked",
        ),
        (429, "cluster_block_exception", "disk usage exceeded flood-stage watermark", "disk is too full"),
        (413, "", "", "larger than it takes"),
        (503, "no_shard_available_action_exception", "", "cannot answer at the moment"),
        (500, "null_pointer_exception", "a fault", "null_pointer_exception"),
    ],
)
def test_refusals_are_one_clear_line(status, kind, reason, words, proxy, options, tmp_path, make):
    index = open_index(proxy.url, tmp_path, elastic=replace(options, search_timeout=1, patience=0.3))
    index.write(papers(make, [1]), [], 1)
    proxy.rule = lambda _: refuse(status, kind, reason)
    for question in [*questions(index), lambda: index.write(papers(make, [2]), [], 2)]:
        with pytest.raises(SearchError, match=words) as raised:
            question()
        assert "\n" not in str(raised.value)
    proxy.rule = lambda _: None
    assert index.search(Query("paper")).total == 1


def test_a_server_that_is_slow_is_given_up(proxy, options, tmp_path):
    index = open_index(proxy.url, tmp_path, elastic=replace(options, search_timeout=0.3))
    proxy.rule = lambda _: time.sleep(1)
    with pytest.raises(SearchUnavailable, match="did not answer in time"):
        index.search(Query("x"))


def test_a_moment_without_an_answer_is_not_noticed(proxy, strained, make):
    strained.write(papers(make, range(3)), [], 1)
    left = iter([refuse(503, "search_phase_execution_exception")] * 2)
    proxy.rule = lambda request: next(left, None) if "_search" in request.path else None
    assert strained.search(Query("paper")).total == 3


def test_what_is_not_elasticsearch_is_told_so(proxy, options, tmp_path):
    proxy.headers.pop("X-Elastic-Product")
    proxy.rule = lambda _: (200, b"{}")
    with pytest.raises(SearchUnavailable, match="is not Elasticsearch"):
        open_index(proxy.url, tmp_path, elastic=options).count()


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_server_of_pages_is_no_empty_elasticsearch(status, proxy, options, tmp_path):
    proxy.headers = {"Content-Type": "text/html"}
    proxy.rule = lambda _: (status, b"<h1>We cannot find that page</h1>")
    with pytest.raises(SearchUnavailable, match="is not Elasticsearch; check search_url"):
        open_index(proxy.url, tmp_path, elastic=options).position()


def test_a_server_without_the_right_certificate_is_told_so(proxy, options, tmp_path):
    url = proxy.url.replace("http:", "https:")
    with pytest.raises(SearchUnavailable, match="search_ca_file"):
        open_index(url, tmp_path, elastic=options).count()


@pytest.mark.parametrize(
    ("url", "options", "where"),
    [
        ("http://", {}, "search_url"),
        ("http://a,ftp://b", {}, "search_url"),
        ("http://u:p@a,http://v:p@b", {}, "search_url"),
        ("http://a:port", {}, "search_url"),
        ("http://[::1", {}, "search_url"),
        ("http://a", {"name": "No Such Name"}, "search_name"),
        ("https://a", {"ca_file": "/nowhere/ca.pem"}, "search_ca_file"),
    ],
)
def test_what_is_wrong_with_the_settings_is_one_clear_line(url, options, where, tmp_path):
    with pytest.raises(ConfigError, match=where) as raised:
        open_index(url, tmp_path, elastic=ElasticOptions(**options)).count()
    assert "\n" not in str(raised.value)
    assert "u:p" not in str(raised.value)


def test_credentials_and_key_reach_the_server(proxy, options, tmp_path):
    open_index(proxy.url.replace("//", "//me:w%20rd@"), tmp_path, elastic=options).count()
    open_index(proxy.url, tmp_path, elastic=replace(options, api_key="abc")).count()
    told = [request.headers.get("authorization") for request in proxy.seen]
    assert told[0] == "Basic bWU6dyByZA=="
    assert told[-1] == "ApiKey abc"
