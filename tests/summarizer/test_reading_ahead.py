"""Papers are read in the background, a few ahead of the one that is told, in whatever order they are told."""

import gc
import os
import sys
import threading
from dataclasses import replace

import pytest

from domain.collecting import rare_collections
from domain.digest import Audience
from summarizer import extractive, open_digester


@pytest.fixture
def papers(make_paper, make_version):
    # Invented titles.
    titles = [f"Walking after surgery, part {number}" for number in range(12)]
    return [make_paper(replace(make_version(), title=title), paper_id=title) for title in titles]


@pytest.fixture
def read(monkeypatch):
    """The titles read so far, each with whether that was done in the background."""
    titles = []
    once = extractive.read

    def noted(version, *rest):
        titles.append((version.title, threading.current_thread() is not threading.main_thread()))
        return once(version, *rest)

    monkeypatch.setattr(extractive, "read", noted)
    return titles


def test_few_are_read_ahead_and_all_in_the_background(model_cache, papers, read):
    digester = open_digester("extractive", model_cache, threads=2)
    digester.read_ahead(papers)
    for told, paper in enumerate(papers, 1):
        digester.digest(paper, Audience.PUBLIC)
        assert len(read) <= told + 2 + extractive._READ_AHEAD
    assert sorted(read) == sorted((paper.primary.title, True) for paper in papers)


def test_papers_that_are_never_told_do_not_keep_later_ones_from_being_read(model_cache, papers, read):
    digester = open_digester("extractive", model_cache, threads=1)
    digester.read_ahead(papers)
    for paper in reversed(papers):
        digester.digest(paper, Audience.PUBLIC)
    read.clear()
    again = open_digester("extractive", model_cache, threads=1)
    again.read_ahead(papers[:5])  # and then told of others
    again.read_ahead(papers[6:])
    for paper in papers[6:]:
        again.digest(paper, Audience.PUBLIC)
    assert (papers[-1].primary.title, True) in read


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness of a thread")
def test_the_thread_that_tells_goes_before_those_that_read(model_cache):
    before = os.getpriority(os.PRIO_PROCESS, 0)
    digester = open_digester("extractive", model_cache, threads=1)
    assert digester._background.submit(os.getpriority, os.PRIO_PROCESS, 0).result() == min(19, before + 5)
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


def test_where_no_thread_may_step_back_papers_are_read_all_the_same(monkeypatch, model_cache, papers):
    def forbid(_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "nice", forbid)
    digester = open_digester("extractive", model_cache, threads=1)
    digester.read_ahead(papers[:2])
    assert digester.digest(papers[0], Audience.PUBLIC).sentences


def test_cycles_are_looked_for_seldom_and_then_as_before():
    before = gc.get_threshold()
    with rare_collections():
        assert gc.get_threshold()[0] >= 50_000
    assert gc.get_threshold() == before
