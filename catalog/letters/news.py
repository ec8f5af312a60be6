"""News: each is kept once, and to which wishes it belongs."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, func, select

from catalog.database import storable
from catalog.letters.tables import news, told
from catalog.statements import insert_new, to_chunks
from domain.subscription import News, NewsKind


def save_told(connection: Connection, matched: Mapping[str, Sequence[News]]) -> None:
    """Keep which news belong to which wish; what is kept already stays as it is."""
    numbers = save_news(connection, (one for several in matched.values() for one in several))
    rows = [
        {
            "wish_key": storable(wish_key),
            "news_id": numbers[storable(one.key)],
            "at": storable(one.at),
            "rank": one.rank,
        }
        for wish_key, several in matched.items()
        for one in several
    ]
    insert_new(connection, told, rows)


def save_news(connection: Connection, several: Iterable[News]) -> dict[str, int]:
    """Keep those that are not there; key → number."""
    wanted = {storable(one.key): one for one in several}
    found = find_news(connection, wanted)
    rows = [
        {
            "key": key,
            "kind": one.kind.value,
            "target": storable(one.target),
            "at": storable(one.at),
            "detail": storable(one.detail),
        }
        for key, one in wanted.items()
        if key not in found
    ]
    insert_new(connection, news, rows)
    return found | find_news(connection, [str(row["key"]) for row in rows])


def find_news(connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """Key → number, of those that are kept."""
    found: dict[str, int] = {}
    for chunk in to_chunks(keys):
        query = select(news.c.key, news.c.id).where(news.c.key.in_(chunk))
        found.update((key, number) for key, number in connection.execute(query))
    return found


def read_told(connection: Connection, wish_key: str, since: str, until: str, limit: int) -> list[News]:
    """News of a wish, by kind, the highest rank first; a limit takes from each kind alike."""
    best = (told.c.rank.desc(), told.c.at.desc(), told.c.news_id)
    place = func.row_number().over(partition_by=news.c.kind, order_by=best).label("place")
    query = (
        select(news, told.c.rank, place)
        .join(told, told.c.news_id == news.c.id)
        .where(told.c.wish_key == storable(wish_key), told.c.at > storable(since))
    )
    if until:
        query = query.where(told.c.at <= storable(until))
    rows = connection.execute(query.order_by(place, news.c.kind).limit(limit)).mappings().all()
    return [_to_news(row) for row in sorted(rows, key=lambda row: (row["kind"], row["place"]))]


def _to_news(row: RowMapping) -> News:
    return News(NewsKind(row["kind"]), row["target"], row["at"], row["detail"], row["rank"])
