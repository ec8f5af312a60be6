"""A form filled in from a page, calendar or file that its organizer has."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import url_for

from conferences.fetching import Fetched, Fetcher
from conferences.reading import Draft, Found, Reading, read_all
from conferences.watching import to_note
from domain.errors import FetchRefused, UnreadableListing
from domain.listing import Edition, Kind, Opportunity
from domain.listing_ports import Watch
from web.organize.fields import FORMS
from web.organize.forms import Form, Problems, read_form, to_form
from web.organize.left_out import left_out, why_nothing
from web.organize.organizing import blank
from web.organize.pages import FormView, Other

LARGEST_FILE = 3_000_000
"""Bytes of a file that is handed in."""
Seal = Callable[[Watch], str]
_REFUSED = {
    "malformed": "That is not a web address. Write one such as https://society.org/meeting.",
    "scheme": "Only addresses with http or https can be read.",
    "unanswered": "There was no answer from that address. Try again later, or fill in the form below.",
    "status": "There is no such page at that address. Check it, or fill in the form below.",
    "too-large": "That is too large for us to read. Fill in the form below.",
}
_OTHERWISE = "We may not, or cannot, read that address. Fill in the form below."
_NOTHING = "We found no meeting there that we can read. Fill in the form below; it takes two minutes."
_NOTHING_IN_FILE = (
    "We found no meeting in that file that we can read. Take a calendar (.ics), a table (.csv), an export of"
    " Indico (.json) or a saved page (.html), or fill in the form below."
)
TOO_LARGE = (
    f"That file is larger than {LARGEST_FILE // 1_000_000} MB. Take a smaller one, or fill in the form."
)
NO_FILE = "Choose a file first."
_TYPES = {
    "ics": "text/calendar",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "html": "text/html",
    "htm": "text/html",
}
_OTHERS = 20
_ROOM = 24_000
"""Characters that forms for others of the same source may take: pages stay below 50 kB."""


def fetched(fetcher: Fetcher, address: str, seal: Seal) -> FormView:
    """The form with what stands at that address, or with why there is nothing."""
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        answer = fetcher.get(address)
        reading = read_all(answer)
    except FetchRefused as error:
        return _typed(empty({"address": _REFUSED.get(error.rule, _OTHERWISE)}), address)
    except UnreadableListing as error:
        return _typed(empty({"address": _because(_NOTHING, error.rule)}), address)
    if not reading.found:
        return _typed(replace(empty({"address": _NOTHING}), left_out=left_out(reading.refused)), address)

    def watched(one: Found) -> str:
        told = to_note(as_listed(one.draft))
        return seal(Watch("", address, one.key, told, answer.etag, answer.modified))

    return _filled(reading, "at that address", watched)


def from_file(name: str, body: bytes) -> FormView:
    """The form with what a file holds, or with why there is nothing."""
    media_type = _TYPES.get(name.rpartition(".")[2].lower(), "")
    try:
        reading = read_all(Fetched("", 200, media_type, body))
    except UnreadableListing as error:
        told = TOO_LARGE if error.rule == "too-large" else _because(_NOTHING_IN_FILE, error.rule)
        return empty({"file": told})
    if not reading.found:
        return replace(empty({"file": _NOTHING_IN_FILE}), left_out=left_out(reading.refused))
    return _filled(reading, "in that file", lambda one: "")


def empty(problems: Problems) -> FormView:
    """The form with nothing in it but what is wrong."""
    asked = FORMS[Kind.EDITION]
    values = to_form(asked, blank(Kind.EDITION))
    return FormView(Kind.EDITION, asked, values, problems, action=_action(Kind.EDITION))


def as_listed(draft: Draft) -> Draft:
    """A draft as it is listed when nobody changes a word of the form, where nothing says that it is off."""
    kind = _kind(draft)
    listing, _ = read_form(FORMS[kind], to_form(FORMS[kind], draft), blank(kind))
    if isinstance(listing, Edition) and isinstance(draft, Edition):
        return replace(listing, cancelled=draft.cancelled)
    return listing if isinstance(listing, Opportunity) else draft


def _typed(view: FormView, address: str) -> FormView:
    """The same with the address that was typed, so that it can be put right."""
    return replace(view, values={**view.values, "address": [address]})


def _because(told: str, rule: str) -> str:
    return f"{told} {why_nothing(rule)}".strip()


def _filled(reading: Reading, where: str, watched: Callable[[Found], str]) -> FormView:
    found = reading.found
    draft = found[0].draft
    kind = _kind(draft)
    values = _values(found[0], watched)
    _, problems = read_form(FORMS[kind], values, blank(kind))
    others = _others(found[1:], watched)
    more = f" There are {len(found)} there; this is the first." if len(found) > 1 else ""
    return FormView(
        kind,
        FORMS[kind],
        values,
        problems,
        fetched=f"This is what we found {where}. Look it over, and hand it in.{more}",
        action=_action(kind),
        others=others,
        unshown=len(found) - 1 - len(others),
        left_out=left_out(reading.refused),
    )


def _values(one: Found, watched: Callable[[Found], str]) -> dict[str, list[str]]:
    values = to_form(FORMS[_kind(one.draft)], one.draft)
    if sealed := watched(one):
        values |= {"watch-token": [sealed], "watch": ["yes"]}
    return values


def _others(found: Sequence[Found], watched: Callable[[Found], str]) -> list[Other]:
    """Those that the form can be filled in from instead, as many as there is room for on a page."""
    others: list[Other] = []
    room = _ROOM
    for one in found[:_OTHERS]:
        values = _values(one, watched)
        room -= _size(values)
        if room < 0:
            break
        draft = one.draft
        day = (draft.closes.at if draft.closes else "") if isinstance(draft, Opportunity) else draft.starts.at
        others.append(Other(draft.title[:200], day[:10], _action(_kind(draft)), values))
    return others


def _size(values: Form) -> int:
    """About how much of a page hidden fields take."""
    return sum(len(name) + 2 * len(value.encode()) + 50 for name, given in values.items() for value in given)


def _kind(draft: Draft) -> Kind:
    return Kind.OPPORTUNITY if isinstance(draft, Opportunity) else Kind.EDITION


def _action(kind: Kind) -> str:
    return url_for("new_listing_form", kinds="opportunities" if kind is Kind.OPPORTUNITY else "meetings")
