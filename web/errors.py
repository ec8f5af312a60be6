"""The one table from errors to HTTP, for pages and JSON alike."""

from dataclasses import dataclass

from werkzeug.exceptions import HTTPException

from domain.errors import CatalogError, Gone, MailError, NotAllowed, NotFound, SearchError, Superseded
from web.forms import FormRefused


@dataclass(frozen=True, slots=True)
class Problem:
    """What a reader is told: status, heading, and what to do."""

    status: int
    title: str
    text: str
    place: tuple[str, str] = ("", "")
    """Where else to look: an address and its name."""
    papers: bool = False
    """What was asked for may be a paper, which can be searched for."""


class IndexEmpty(SearchError):
    """The index has none of the catalogue's papers yet."""


_TABLE: tuple[tuple[type[Exception], Problem], ...] = (
    (
        Gone,
        Problem(
            410,
            "This paper was withdrawn",
            "Its source has withdrawn the record, so we no longer show it.",
            papers=True,
        ),
    ),
    (
        IndexEmpty,
        Problem(
            503,
            "The search index is being built",
            "No paper can be searched for yet: 0 papers so far. Papers and digests can be read; "
            "please try your search again in a few minutes.",
        ),
    ),
    (
        SearchError,
        Problem(
            503,
            "Search is unavailable",
            "The search index does not answer at the moment. Papers and digests can still be read; "
            "please try your search again in a few minutes.",
        ),
    ),
    (
        Superseded,
        Problem(
            409,
            "Somebody else has changed this",
            "It is no longer as it was when you opened it. Load the page again.",
        ),
    ),
    (
        CatalogError,
        Problem(503, "The catalogue is unavailable", "Our database does not answer. Please try again."),
    ),
    (
        NotAllowed,
        Problem(403, "That is not yours to do", "Ask an owner of this listing to do it, or to let you."),
    ),
    (
        MailError,
        Problem(503, "We cannot send mail", "Our letters do not get out just now. Please try again later."),
    ),
)
_MISSING = {
    "papers": Problem(
        404,
        "We cannot find that paper",
        "The address may be mistyped, or the paper may not be in our catalogue yet.",
        papers=True,
    ),
    "conferences": Problem(
        404,
        "We cannot find that meeting",
        "The address may be mistyped, or its organizers may have taken it back.",
        ("/conferences", "All meetings"),
    ),
    "opportunities": Problem(
        404,
        "We cannot find that opportunity",
        "The address may be mistyped, or who offered it may have taken it back.",
        ("/opportunities", "All opportunities"),
    ),
    "resources": Problem(
        404,
        "We cannot find that resource",
        "The address may be mistyped, or the resource may have been taken from our list.",
        ("/resources", "All resources"),
    ),
    "listings": Problem(
        404,
        "We cannot find that listing",
        "The address may be mistyped, or it is not public any more.",
    ),
    "organize": Problem(
        404,
        "We cannot find that listing",
        "The address may be mistyped, or you have no part in it under the address you signed in with.",
        ("/organize", "Your listings"),
    ),
}
"""What is not there, by the first word of its address."""
_NOWHERE = Problem(
    404,
    "We cannot find that page",
    "The address may be mistyped, or the page is gone.",
    papers=True,
)
_BY_STATUS = {
    405: Problem(405, "That is not possible here", "This address can be read, and nothing else."),
    413: Problem(413, "We could not take this form", "It is longer than we can take. Please shorten it."),
}
_SENT_BACK = "We could not take this form"
_UNEXPECTED = Problem(
    500,
    "Something went wrong on our side",
    "The error has been noted. Nothing you did caused it; please try again.",
)


def to_problem(error: Exception, path: str = "") -> Problem:
    """The problem to show for an error; anything unknown is an unexpected one, without its details.

    `path` is what was asked for, which a reader is told of in its own words where it is not there.
    """
    if isinstance(error, FormRefused):
        return Problem(error.status, _SENT_BACK, str(error))
    for kind, problem in _TABLE:
        if isinstance(error, kind):
            return problem
    if isinstance(error, NotFound) or getattr(error, "code", None) == 404:
        return _MISSING.get(path.split("/")[1] if "/" in path else "", _NOWHERE)
    if isinstance(error, HTTPException) and error.code:
        default = Problem(error.code, error.name, "This address cannot be read as it was asked for.")
        return _BY_STATUS.get(error.code, default)
    return _UNEXPECTED
