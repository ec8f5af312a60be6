"""What readers report about a listing: a reason, and a few words; never who they are."""

from collections.abc import Mapping

from config import load_table
from domain.errors import NotFound
from domain.listing_ports import Listed, Listings
from web.forms import FormRefused, Forms, is_trapped
from web.params import clean

LONGEST_NOTE = 500


def purpose(listing_id: str) -> str:
    """What the form's token is good for."""
    return f"report/{listing_id}"


def reasons() -> list[dict[str, str]]:
    """Why a listing can be reported."""
    rows: list[dict[str, str]] = load_table("answers")["reports"]
    return rows


def reported(listings: Listings, listing_id: str) -> Listed:
    """The public listing that it is about. Raises `NotFound`."""
    listed = listings.listed(listing_id)
    if listed.public is None:
        raise NotFound("listing", listing_id)
    return listed


def take_report(listings: Listings, forms: Forms, listing_id: str, form: Mapping[str, str], who: str) -> None:
    """Keep a report for reviewers. Raises `FormRefused`, `NotFound`."""
    forms.check(purpose(listing_id), form)
    listed = reported(listings, listing_id)
    if is_trapped(form):
        return
    words = {row["name"]: row["text"] for row in reasons()}
    name = form.get("reason", "")
    if name not in words:
        raise FormRefused(400, "Choose what is wrong with it.")
    forms.slow_down("report", who)
    note = clean(" ".join(form.get("note", "").split()))[:LONGEST_NOTE]
    listings.report(
        listed.id, f"{words[name]}: {note}" if note else words[name], forms.pseudonym(who, listing_id)
    )
