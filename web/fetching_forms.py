"""A form filled in from a page or calendar that its organizer names."""

from flask import url_for

from conferences.fetching import Fetcher
from conferences.reading import read_listing
from domain.errors import FetchRefused, UnreadableListing
from domain.listing import Kind, Opportunity
from web.listing_fields import FORMS
from web.listing_forms import Problems, read_form, to_form
from web.organize_pages import FormView
from web.organizing import blank

_REFUSED = {
    "malformed": "That is not a web address. Write one such as https://society.org/meeting.",
    "scheme": "Only addresses with http or https can be read.",
    "unanswered": "There was no answer from that address. Try again later, or fill in the form below.",
    "status": "There is no such page at that address. Check it, or fill in the form below.",
    "too-large": "That is too large for us to read. Fill in the form below.",
}
_OTHERWISE = "We may not, or cannot, read that address. Fill in the form below."
_NOTHING = "We found no meeting there that we can read. Fill in the form below; it takes two minutes."


def fetched(fetcher: Fetcher, address: str) -> FormView:
    """The form with what stands at that address, or with why there is nothing."""
    if address and "://" not in address:
        address = f"https://{address}"
    try:
        drafts = read_listing(fetcher.get(address))
    except FetchRefused as error:
        return _empty({"address": _REFUSED.get(error.rule, _OTHERWISE)})
    except UnreadableListing:
        return _empty({"address": _NOTHING})
    draft = drafts[0]
    kind = Kind.OPPORTUNITY if isinstance(draft, Opportunity) else Kind.EDITION
    values = to_form(FORMS[kind], draft)
    _, problems = read_form(FORMS[kind], values, blank(kind))
    more = f" There are {len(drafts)}; this is the first of them." if len(drafts) > 1 else ""
    kinds = "opportunities" if kind is Kind.OPPORTUNITY else "meetings"
    return FormView(
        kind,
        FORMS[kind],
        values,
        problems,
        fetched=f"This is what we found at that address. Look it over, and hand it in.{more}",
        action=url_for("new_listing_form", kinds=kinds),
    )


def _empty(problems: Problems) -> FormView:
    asked = FORMS[Kind.EDITION]
    values = to_form(asked, blank(Kind.EDITION))
    action = url_for("new_listing_form", kinds="meetings")
    return FormView(Kind.EDITION, asked, values, problems, action=action)
