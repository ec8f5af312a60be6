"""Meetings as JSON: the same lists, the same entries."""

from typing import Any

import msgspec

from web.listings.conferences import Item, ListView
from web.site import Site


def list_to_json(view: ListView, site: Site, following: str | None) -> dict[str, Any]:
    """One page of a list; `following` is the address of the next."""
    return {
        "title": view.title,
        "filters": [list(pair) for pair in view.asked.pairs],
        "total": view.total,
        "page": view.page,
        "pages": view.pages,
        "next": following,
        "results": [item_to_json(item, site) for item in view.items],
    }


def item_to_json(item: Item, site: Site) -> dict[str, Any]:
    """An edition with its page and what it is just now."""
    told: dict[str, Any] = msgspec.to_builtins(item.edition)
    return {
        "page": site.absolute(item.path),
        "status": str(item.status),
        "when": item.when,
        "where": item.where,
        **told,
        "changed_at": item.changed_at,
    }
