"""Lists that organizations send, and their issues."""

from dataclasses import replace
from itertools import chain, count
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select

from catalog.codec import parse_json, to_json
from catalog.database import storable
from catalog.ids import new_id
from catalog.letters.signingup import keep_wish, save_wish
from catalog.letters.subscribertables import list_issues, mailing_lists
from catalog.statements import upsert
from domain.errors import NotFound
from domain.listing import slug
from domain.subscription import ListIssue, MailingList, News


def save_list(connection: Connection, given: MailingList) -> MailingList:
    """Save it, with an id and a slug of its own."""
    known = replace(given, id=storable(given.id) or new_id(), wish=keep_wish(given.wish))
    known = replace(known, slug=_free_slug(connection, known))
    row = {
        "id": known.id,
        "slug": known.slug,
        "name": storable(known.name),
        "wish_key": save_wish(connection, known.wish),
        "closed": int(known.closed),
        "document": to_json(_storable_list(known)).decode(),
    }
    upsert(connection, mailing_lists, [row])
    return read_list(connection, known.id)


def read_list(connection: Connection, id_or_slug: str) -> MailingList:
    """One. Raises `NotFound`."""
    name = storable(id_or_slug)
    query = select(mailing_lists.c.document, mailing_lists.c.id).where(
        or_(mailing_lists.c.id == name, mailing_lists.c.slug == name)
    )
    rows = connection.execute(query).all()
    if not rows:
        raise NotFound("list", id_or_slug)
    # Somebody may have called a list by another's id: the id goes first.
    row = min(rows, key=lambda row: row.id != name)
    return parse_json(row.document, MailingList)


def read_lists(connection: Connection) -> list[MailingList]:
    """All, by name."""
    query = select(mailing_lists.c.document).order_by(mailing_lists.c.name, mailing_lists.c.id)
    return [parse_json(document, MailingList) for document in connection.execute(query).scalars()]


def save_issue(connection: Connection, issue: ListIssue) -> bool:
    """Keep it, and clear the note that it holds. Raises `NotFound`."""
    mailing_list = read_list(connection, issue.list_id)
    there = select(func.count()).where(
        list_issues.c.list_id == mailing_list.id, list_issues.c.slot == storable(issue.slot)
    )
    if connection.execute(there).scalar_one():
        return False
    values: dict[str, Any] = {
        "list_id": mailing_list.id,
        "slot": storable(issue.slot),
        "at": storable(issue.at),
        "document": to_json([storable(issue.note), issue.news]).decode(),
    }
    connection.execute(insert(list_issues).values(values))
    if mailing_list.note and mailing_list.note == storable(issue.note):
        save_list(connection, replace(mailing_list, note=""))
    return True


def read_issues(connection: Connection, list_id: str, offset: int, limit: int) -> tuple[int, list[ListIssue]]:
    """How many, and one page, the newest first. Raises `NotFound`."""
    mine = list_issues.c.list_id == read_list(connection, list_id).id
    total = connection.execute(select(func.count()).select_from(list_issues).where(mine)).scalar_one()
    newest = select(list_issues).where(mine).order_by(list_issues.c.at.desc(), list_issues.c.slot.desc())
    return total, [_to_issue(row) for row in connection.execute(newest.offset(offset).limit(limit))]


def read_issue(connection: Connection, list_id: str, slot: str) -> ListIssue:
    """One. Raises `NotFound`."""
    mine = list_issues.c.list_id == read_list(connection, list_id).id
    row = connection.execute(select(list_issues).where(mine, list_issues.c.slot == storable(slot))).first()
    if row is None:
        raise NotFound("issue", slot)
    return _to_issue(row)


def _to_issue(row: Row[Any]) -> ListIssue:
    note, several = parse_json(row.document, tuple[str, tuple[News, ...]])
    return ListIssue(row.list_id, row.slot, row.at, note, several)


def _free_slug(connection: Connection, given: MailingList) -> str:
    wanted = slug(given.slug) or slug(given.name) or "list"
    like = mailing_lists.c.slug.startswith(wanted, autoescape=True)
    query = select(mailing_lists.c.slug, mailing_lists.c.id).where(like)
    holders = {row.slug: row.id for row in connection.execute(query)}
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(name for name in names if holders.get(name, given.id) == given.id)


def _storable_list(given: MailingList) -> MailingList:
    return replace(
        given,
        name=storable(given.name),
        about=storable(given.about),
        language=storable(given.language),
        accent=storable(given.accent),
        reply_to=storable(given.reply_to),
        note=storable(given.note),
    )
