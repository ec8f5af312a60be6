"""The ledger: who was told of what, and when."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from catalog.database import storable
from catalog.letters.news import find_news
from catalog.letters.reading import ACTIVE, SUBSCRIBER, SUBSCRIBERS, to_subscriber
from catalog.letters.store import UNREAD, read_numbered
from catalog.letters.subscribertables import subscribers, subscriptions
from catalog.letters.tables import ledger, letters, news
from catalog.statements import to_chunks
from domain.subscription import LetterKind, Subscriber

_LOOKED_THROUGH = 500
_AT_ONCE = 8


def read_sent(connection: Connection, ids: Iterable[str], told: dict[str, int]) -> dict[str, set[str]]:
    """Subscriber → those of the keys (of `told`: key → number) that were put into a letter for them."""
    names = {number: key for key, number in told.items()}
    found: dict[str, set[str]] = {}
    if not names:
        return found
    # By their range: a list of each would be looked up for each subscriber.
    between = ledger.c.news_id.between(min(names), max(names))
    for chunk in to_chunks(ids):
        query = select(ledger).where(ledger.c.subscriber_id.in_(chunk), between)
        for subscriber_id, number in connection.execute(query):
            if number in names:
                found.setdefault(subscriber_id, set()).add(names[number])
    return found


def read_sent_keys(
    connection: Connection, ids: Sequence[str], keys: Iterable[str]
) -> dict[str, frozenset[str]]:
    """The same for any keys."""
    told = find_news(connection, map(storable, keys))
    sent = read_sent(connection, map(storable, ids), told)
    return {name: frozenset(sent.get(name, ())) for name in ids}


def read_recipients(connection: Connection, key: str, after: str, limit: int) -> list[Subscriber]:
    """Who was told of that news and still gets letters, in the order of ids."""
    active = select(subscriptions.c.number).where(
        subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.state == ACTIVE
    )
    query = (
        select(*SUBSCRIBER)
        .select_from(SUBSCRIBERS.join(ledger, ledger.c.subscriber_id == subscribers.c.id))
        .join(news, news.c.id == ledger.c.news_id)
        .where(news.c.key == storable(key), ledger.c.subscriber_id > storable(after), active.exists())
        .order_by(ledger.c.subscriber_id)
        .limit(limit)
    )
    return [to_subscriber(row) for row in connection.execute(query).mappings()]


def read_told_at(connection: Connection, subscriber_id: str, keys: Iterable[str]) -> str:
    """When the letter was put together that last told somebody of one of these news; empty: none is kept."""
    name = storable(subscriber_id)
    mine = select(news.c.key, news.c.at).join(ledger, ledger.c.news_id == news.c.id)
    mine = mine.where(ledger.c.subscriber_id == name)
    found = [""]
    for chunk in to_chunks(map(storable, keys)):
        for key, at in connection.execute(mine.where(news.c.key.in_(chunk))).all():
            found.append(_read_telling(connection, name, key, at))
    return max(found)


def _read_telling(connection: Connection, subscriber_id: str, key: str, at: str) -> str:
    """When the letter was put together that told of this: soon after it had become news, as a rule."""
    later = select(letters.c.number).where(
        letters.c.subscriber_id == subscriber_id,
        letters.c.kind == LetterKind.ISSUE.value,
        letters.c.state.not_in(UNREAD),
        letters.c.created_at >= at,
    )
    numbers = connection.execute(later.order_by(letters.c.number).limit(_LOOKED_THROUGH)).scalars().all()
    for start in range(0, len(numbers), _AT_ONCE):
        for letter in read_numbered(connection, numbers[start : start + _AT_ONCE]):
            if any(storable(one.key) == key for section in letter.sections for one in section.news):
                return letter.created_at
    return ""
