"""Words for codes, dates and languages, as the pages show them. A code without a word is shown itself."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from config import load_table
from domain.digest import Audience, Role
from domain.errors import ConfigError
from domain.licence import Licence
from domain.paper import Abstract, Author, Journal, NoticeKind, Paper, Section, Version, VersionKind
from domain.query import UNKNOWN
from domain.statements import Availability, IndustryRole, Shared

NOT_STATED = "Not stated"

READERS = {
    Audience.PUBLIC: "Everyone",
    Audience.POLICYMAKER: "Policymakers",
    Audience.PROFESSIONAL: "Health professionals",
}
AUDIENCES = {audience: f"For {readers.lower()}" for audience, readers in READERS.items()}
ROLES = {
    Role.KEY: "Key messages",
    Role.KIND: "What kind of study",
    Role.POPULATION: "Who was studied",
    Role.HARM: "Harms",
    Role.PLACE: "Where",
    Role.COST: "Costs and access",
    Role.REGISTRATION: "Registration",
    Role.FUNDING: "Who paid for it",
    Role.BACKGROUND: "Why it was done",
    Role.QUESTION: "What was studied",
    Role.METHOD: "How it was done",
    Role.RESULT: "What was found",
    Role.MEANING: "What it means",
    Role.LIMIT: "What to keep in mind",
}
RECORD_PLACES = {
    "kind": "kind of publication",
    "competing_interests": "competing interests",
    "study_type": "kind of study",
    "grants": "funding",
    "trials": "trial registration",
    "notices": "notices about the paper",
    "authors": "the authors’ addresses",
    "sharing": "data and code",
    "industry": "companies",
}
"""Field of a version → what to call it to a reader (`domain.evidence`)."""
VERSION_KINDS = {
    VersionKind.ARTICLE: "Published article",
    VersionKind.PREPRINT: "Preprint",
    VersionKind.ABSTRACT: "Conference abstract",
}
NOTICES = {
    NoticeKind.RETRACTED: (
        "Retracted",
        "This paper has been retracted: the journal has taken it back. Its findings should not be relied on.",
    ),
    NoticeKind.WITHDRAWN: (
        "Withdrawn",
        "This paper has been withdrawn: its authors or publisher have removed it. Its findings should not be "
        "relied on.",
    ),
    NoticeKind.CONCERN: (
        "Expression of concern",
        "The publisher warns that something may be wrong with this paper. Read its findings with caution.",
    ),
    NoticeKind.CORRECTED: (
        "Corrected",
        "A correction to this paper has been published: part of what it says has changed. "
        "Read the two together.",
    ),
}
"""Kind → its name, and what it means for a reader."""
AVAILABILITY = {
    Availability.OPEN: "Open",
    Availability.ON_REQUEST: "On request",
    Availability.NONE: "Not available",
}
SHARED = {Shared.DATA: "Data", Shared.CODE: "Code"}
SHARING = {
    Availability.OPEN: ("open", "free for anyone to get"),
    Availability.ON_REQUEST: ("on request", "to be had by asking first"),
    Availability.NONE: ("not available", "so the authors say"),
}
"""State → what to call it, and what it means for a reader."""
OUTCOMES = {
    "running": "under way",
    "complete": "complete",
    "limited": "stopped after as many as were wanted",
    "partial": "stopped before the end",
    "failed": "failed",
}
INDUSTRY = {
    IndustryRole.FUNDED: "paid for the study, or for part of it",
    IndustryRole.EMPLOYED: "employs an author",
    IndustryRole.INTEREST: "named in the authors’ competing interests",
}
FIELDS = {
    "*": "everything shown here",
    "cancer_types": "cancer types",
    "cites": "references",
    "competing_interests": "interests",
    "data": "links to data",
    "full_texts": "full-text links",
    "industry": "companies",
    "mesh": "MeSH headings",
    "open_access": "open access",
    "publication_types": "kinds of publication",
    "sample_size": "how many were studied",
    "sharing": "statements on data and code",
    "study_type": "kind of study",
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_LONGEST_WORD = 40
"""Where no space stands within so many characters, as in Chinese, a text is cut between any two of them."""
_OTHER_SCRIPT = frozenset(
    {
        *("am", "ar", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kn", "ko", "mk"),
        *("ml", "mr", "my", "ne", "pa", "ps", "ru", "si", "sr", "ta", "te", "th", "uk", "ur", "yi", "zh"),
    }
)
"""Languages not written in Latin letters, or not only."""


def table(name: str) -> dict[str, Any]:
    """A table of `config/`; empty where it does not exist, so that the site shows codes instead."""
    try:
        return load_table(name)
    except ConfigError:
        return {}


def label(name: str, code: str) -> str:
    """The words for `code` in table `name`.

    >>> label("licences", "cc-by"), label("licences", "unheard-of")
    ('CC BY', 'unheard-of')
    """
    if code == UNKNOWN:
        return NOT_STATED
    entry = table(name).get(code, code)
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("label", "title", "name") if key in entry), code)
    return str(entry)


def language_name(code: str) -> str:
    """A language in English.

    >>> language_name("sw"), language_name("xx")
    ('Swahili', 'xx')
    """
    names = [name for name in table("languages").get(code, ()) if len(name) > 3]
    return str(names[0]).capitalize() if names else code


def in_language(code: str) -> str:
    """Says what language a text is in; empty where that has no name here.

    >>> in_language("sw"), in_language("mul"), in_language("und")
    ('in Swahili', 'in several languages', '')
    """
    if code == "mul":
        return "in several languages"
    name = language_name(code)
    return f"in {name}" if name != code else ""


def source_title(name: str) -> str:
    """The name of a source; what an operator imported from files has none of its own.

    >>> source_title("import")
    'Imported files'
    """
    known = table("sources").get(name, {"title": "Imported files" if name == "import" else name})
    return str(known.get("title", name))


def date_words(iso: str | None) -> str:
    """A date in words, at the precision it has.

    >>> date_words("2024-03-06"), date_words("2024-03"), date_words("2024"), date_words(None)
    ('6 March 2024', 'March 2024', '2024', '')
    """
    match = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", iso or "")
    if not match:
        return iso or ""
    year, month, day = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    words = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {words}" if day else words


def time_words(iso: str | None) -> str:
    """A moment in words, to the minute, in UTC.

    >>> time_words("2026-11-20T08:15:30Z")
    '20 November 2026, 08:15 UTC'
    """
    match = re.match(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)", iso or "")
    return f"{date_words(match[1])}, {match[2]} UTC" if match else date_words(iso)


def number(value: int) -> str:
    """A count with thin spaces between thousands, as SI writes it.

    >>> number(1234567)
    '1\\u202f234\\u202f567'
    """
    return f"{value:,}".replace(",", "\u202f") if value >= 10_000 else str(value)


def language_attributes(language: str, text: str) -> Markup:
    """The `lang` and `dir` attributes for `text`, where they differ from the page's own English.

    The direction is the text's own: a source may file an English title under the article's language.

    >>> language_attributes("fr", "Le dépistage")
    Markup(' lang="fr"')
    >>> language_attributes("ar", "Breast screening")
    Markup('')
    """
    classes = map(unicodedata.bidirectional, text[:400])
    first = next((each for each in classes if each in {"L", "R", "AL"}), "L")
    if language in _OTHER_SCRIPT and all(ord(c) < 0x250 for c in text if c.isalpha()):
        language = "en"
    attributes = Markup("")
    if language not in {"en", "und", ""}:
        attributes += Markup(' lang="{}"').format(language)
    elif first != "L":
        attributes += Markup(' lang=""')
    return attributes + Markup(' dir="rtl"') if first != "L" else attributes


def author_line(authors: tuple[Author, ...], most: int = 3) -> str:
    """The first authors, and how many others there are."""
    names = [author.name for author in authors[:most]]
    if (others := len(authors) - most) > 0:
        return f"{', '.join(names)} and {others} other{'s' if others > 1 else ''}"
    return ", ".join(names)


def cut(text: str, most: int) -> str:
    """The beginning of a text in whole words, of at most `most` characters with the sign that more follows.

    >>> cut("a lump in the breast", 12), cut("a lump", 12)
    ('a lump in…', 'a lump')
    """
    if len(text) <= most:
        return text
    end = text.rfind(" ", max(most - _LONGEST_WORD, 0), most)
    return text[: end if end > 0 else most - 1].rstrip(" ,;:") + "…"


def says(text: str, words: str) -> bool:
    """Whether a text has the words, and not as a part of longer ones.

    >>> says("Tata Hospital, India", "India"), says("Indian Institute", "India")
    (True, False)
    """
    return re.search(rf"\b{re.escape(words)}\b", text) is not None


def opening(abstract: Abstract, most: int = 6_000) -> Iterator[Section]:
    """The sections of an abstract up to `most` characters, so that one record cannot swell a page."""
    for section in abstract.sections:
        if most <= 0:
            return
        yield Section(cut(section.text, most), section.label[:100])
        most -= len(section.text)


def listed(words: Sequence[str]) -> str:
    """Words as a list in a sentence.

    >>> listed(["PubMed", "Crossref", "DOAJ"])
    'PubMed, Crossref and DOAJ'
    """
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def journal_line(journal: Journal | None) -> str:
    """Title, volume, issue and pages.

    >>> journal_line(Journal("Example Journal", volume="12", issue="3", pages="45-52"))
    'Example Journal 12(3), 45-52'
    """
    if journal is None:
        return ""
    issue = f"({journal.issue})" if journal.issue else ""
    numbers = " ".join(part for part in (journal.title, journal.volume + issue) if part)
    return ", ".join(part for part in (numbers, journal.pages) if part)


def licence_title(licence: Licence) -> str:
    """The licence's name with the version it was stated in."""
    title = label("licences", licence.code)
    return f"{title} {licence.version}" if licence.version and title.startswith("CC") else title


def licence_url(licence: Licence) -> str:
    """The address of the licence's own text, in the version stated."""
    url = str(table("licences").get(licence.code, {}).get("url", ""))
    return url.replace("/4.0/", f"/{licence.version}/") if licence.version else url


def is_preprint(paper: Paper) -> bool:
    """Whether the paper is known only as a preprint."""
    return all(version.kind is VersionKind.PREPRINT for version in paper.versions)


def citation(version: Version) -> str:
    """How to cite a version, in one plain line that says what is no article, or not to be relied on."""
    doi = version.identifiers.doi
    kinds = {notice.kind for notice in version.notices}
    marks = [NOTICES[kind][0] for kind in (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN) if kind in kinds]
    if version.kind is not VersionKind.ARTICLE:
        marks.append(VERSION_KINDS[version.kind])
    title = version.title.rstrip(".")
    parts = (
        author_line(version.authors, 6),
        title + "".join(f" [{mark}]" for mark in marks if mark.casefold() not in title.casefold()),
        journal_line(version.journal),
        str(version.year or ""),
        f"https://doi.org/{doi}" if doi else "",
    )
    return ". ".join(part for part in parts if part)
