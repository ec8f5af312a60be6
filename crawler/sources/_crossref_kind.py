"""Which of Crossref's types are papers, and which papers are abstracts of a meeting.

Crossref has no type for a conference abstract: most are journal articles of a supplement. Only what shows
it without doubt counts as one, since an abstract is kept apart from the paper that may follow it.
"""

import re

from crawler.records.answers import Fields, fields, items, text
from crawler.records.text import partial_date, plain_text
from domain.errors import RecordRejected
from domain.paper import VersionKind
from domain.statements import Meeting

_PAPERS = frozenset(
    {"journal-article", "proceedings-article", "posted-content", "book-chapter", "book-section", "book-part"}
    | {"monograph", "book", "report", "other", ""}
    | {"article-journal", "paper-conference", "chapter"}
)
"""A type that is not stated is an article's: an answer may have been asked for with `select`. The last three
are what Crossref calls them to whoever asks for a DOI as a citation."""
_ABOUT_AN_ISSUE = re.compile(
    r"(?:issue information|editorial board|(?:front|back) ?matter|(?:table of )?contents|masthead|title page"
    r"|(?:(?:front|back|inside) )?cover(?: image)?|(?:author|subject) index)"
    r"\W*(?:$|[\[(].{0,60}|(?:vol(?:ume)?|issue|no|toc|continued|\d+)\b.{0,60})",
    re.IGNORECASE,
)
"""Titles of what nobody signs, beside the papers of an issue."""
_CONTAINER = re.compile(
    r"(?:meeting |conference |congress |oral |poster |e-?poster |scientific )*abstracts\b(?! in\b)"
    r"|.*\babstract book\b"
    r"|(?:e-?)?posters?(?: presentations?| sessions?| abstracts?)?$|oral (?:presentations?|communications?)$",
    re.IGNORECASE,
)
_NUMBERED_TITLE = re.compile(r"Abstract(?: No\.?)? ?#?((?:[A-Z]{1,6}[- ]?)?\d[\w.-]*)\s*[:.]\s*(?=\S)")
_CODED_TITLE = re.compile(
    r"((?:[A-Z]{1,6}[- ]?\d{1,5}|\d{1,5}[A-Z]{1,4})(?:[.-]\d{1,4})*[A-Z]?)(?:[:.\s]|\s[-–—]\s)\s*(?=[A-Z])"
)
_SUPPLEMENT = re.compile(r"suppl|^s\d+$|\bsup\b", re.IGNORECASE)
_PAGE = re.compile(r"([A-Za-z]{0,3}\d+)(?:\.\d+)?(?:\s*[-–]\s*([A-Za-z]{0,3}\d+)(?:\.\d+)?)?")


def check_type(work: Fields, native_id: str) -> None:
    """Make sure that a work is a paper.

    Raises:
        RecordRejected: `not-a-paper`, with its type.
    """
    given, subtype = text(work.get("type")), text(work.get("subtype"))
    if given not in _PAPERS:
        raise RecordRejected("crossref", native_id, "not-a-paper", f"of type {given}"[:80])
    if given == "posted-content" and subtype == "blog":
        raise RecordRejected("crossref", native_id, "not-a-paper", f"{given} of type {subtype}")


def check_title(work: Fields, native_id: str, title: str) -> None:
    """Make sure that a work of no author is not the cover, the contents or the board of an issue.

    Raises:
        RecordRejected: `not-a-paper`.
    """
    if not items(work, "author") and _ABOUT_AN_ISSUE.fullmatch(title):
        raise RecordRejected("crossref", native_id, "not-a-paper", "a part of an issue")


def version_kind(work: Fields, title: str, abstract: str) -> VersionKind:
    """Preprint, abstract of a meeting, or article."""
    if text(work.get("type")) == "posted-content":
        return VersionKind.PREPRINT
    return VersionKind.ABSTRACT if _is_abstract(work, title, abstract) else VersionKind.ARTICLE


def meeting(work: Fields, title: str) -> Meeting | None:
    """The meeting that a work names as its own, with the number in an abstract's title."""
    event = fields(work.get("event"))
    name = plain_text(text(event.get("name")))
    if not name:
        return None
    start = items(event, "start", "date-parts")
    day = partial_date(*(text(part) or None for part in start[0][:3])) if _holds_parts(start) else None
    said = re.search(r"\b(?:19|20)\d\d\b", name)
    numbered = _NUMBERED_TITLE.match(title)
    return Meeting(
        name,
        year=int(day[:4]) if day else int(said[0]) if said else None,
        place=plain_text(text(event.get("location"))),
        date=day,
        number=numbered[1] if numbered else "",
    )


def _holds_parts(parts: list[object]) -> bool:
    return bool(parts) and isinstance(parts[0], list) and bool(parts[0])


def _is_abstract(work: Fields, title: str, abstract: str) -> bool:
    containers = [plain_text(text(one)) for one in items(work, "container-title")]
    if _NUMBERED_TITLE.match(title) or any(_CONTAINER.match(name) for name in containers):
        return True
    page = _PAGE.fullmatch(text(work.get("page")))
    if page is None or (page[2] and _number(page[2]) - _number(page[1]) > 1):
        return False
    supplement = bool(_SUPPLEMENT.search(text(work.get("issue"))))
    if supplement and re.match(rf"{re.escape(page[1])}\b", abstract):
        return True  # an abstract that opens with its own number, by which its page is called
    return (supplement or page[1][0] in "Ss") and bool(_CODED_TITLE.match(title))


def _number(page: str) -> int:
    digits = re.sub(r"\D", "", page)
    return int(digits[:9]) if digits else 0
