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


class IndexEmpty(SearchError):
    """The index has none of the catalogue's papers yet."""


_TABLE: tuple[tuple[type[Exception], Problem], ...] = (
    (
        Gone,
        Problem(
            410,
            "This paper was withdrawn",
            "Its source has withdrawn the record, so we no longer show it.",
        ),
    ),
    (
        NotFound,
        Problem(
            404,
            "We cannot find that page",
            "The address may be mistyped, or the paper may not be in our catalogue yet.",
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
_BY_STATUS = {
    404: _TABLE[1][1],
    405: Problem(405, "That is not possible here", "This address can be read, and nothing else."),
    413: Problem(413, "We could not take this form", "It is longer than we can take. Please shorten it."),
}
_SENT_BACK = "We could not take this form"
_UNEXPECTED = Problem(
    500,
    "Something went wrong on our side",
    "The error has been noted. Nothing you did caused it; please try again.",
)


def to_problem(error: Exception) -> Problem:
    """The problem to show for an error; anything unknown is an unexpected one, without its details."""
    if isinstance(error, FormRefused):
        return Problem(error.status, _SENT_BACK, str(error))
    for kind, problem in _TABLE:
        if isinstance(error, kind):
            return problem
    if isinstance(error, HTTPException) and error.code:
        default = Problem(error.code, error.name, "This address cannot be read as it was asked for.")
        return _BY_STATUS.get(error.code, default)
    return _UNEXPECTED
