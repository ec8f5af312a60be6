"""Recalls: who was told of a paper is told that it was retracted or withdrawn, or is in doubt."""

from collections.abc import Iterable
from datetime import datetime

from domain.paper import Paper
from domain.subscription import News, NewsKind
from domain.subscription_ports import Subscribers

_PAGE = 500


def recall(warnings: Iterable[tuple[Paper, News]], subscribers: Subscribers, now: datetime) -> int:
    """Queue a letter to each who was told of one of the papers, also under a former id; how many."""
    queued = 0
    for paper, news in warnings:
        for name in (paper.id, *paper.aliases):
            queued += _recall_one(News(NewsKind.PAPER, name, news.at).key, news, subscribers, now)
    return queued


def _recall_one(key: str, news: News, subscribers: Subscribers, now: datetime) -> int:
    queued, after = 0, ""
    while found := subscribers.recipients(key, after, _PAGE):
        ids = [subscriber.id for subscriber in found]
        queued += subscribers.recall(ids, news, now)
        after = ids[-1]
    return queued
