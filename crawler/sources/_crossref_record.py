"""The fields of a Crossref work, read one by one.

Titles and containers are lists, dates are parts that may be missing, abstracts are JATS, and publishers put
into any of them what they like; all of that is taken.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from config import load_table
from crawler.records.answers import Fields, fields, items, text
from crawler.records.dates import earliest
from crawler.records.names import orcid, parts_of_name, ror, web_address
from crawler.records.sections import is_label, plain_apart, sections
from crawler.records.spoken import is_english
from crawler.records.tex import plain
from crawler.records.text import language_tag, partial_date, plain_text, title_text, with_subtitle
from crawler.sources._crossref_kind import check_title, check_type, meeting, version_kind
from crawler.sources._crossref_licence import licence
from crawler.sources._crossref_notices import is_notice, links, stated
from crawler.telling.notices import marked, speaks_of_fall
from crawler.telling.repositories import places_in
from crawler.telling.trials import to_trial
from domain.errors import RecordRejected
from domain.identifiers import Identifiers, normalise_doi
from domain.paper import (
    Abstract,
    AbstractKind,
    Affiliation,
    Author,
    DataLink,
    FullText,
    Grant,
    Journal,
    Section,
    Trial,
    TrialRole,
    VersionKind,
    unique,
)

_SCRIPTS = re.compile(r"<(/?)jats:(su[bp])\b", re.IGNORECASE)
"""Without its prefix, a power is told from a mark of reference."""
_NUMBERED_PREFIX = re.compile(r"<(/?)ns\d{1,2}:(?=[a-z])")
"""F1000 and its sisters deposit JATS under whatever prefix their software gave it."""
_SET_APART = re.compile(
    r"(?:(?<=<jats:p>)|(?<=[.?!)]) ?)<jats:(italic|bold)>([A-Z][A-Za-z ,/&-]{2,60})"
    r"(?:[.:] ?</jats:\1>|</jats:\1>[.:]) ?"
)
_FEWEST_LABELS = 3
_HEADING = re.compile(r"^\s*<(jats:title|title)>\s*(?:abstract|summary)\s*[:.]?\s*</\1>", re.IGNORECASE)
_DATES = ("published-online", "published-print", "published-other", "posted", "issued", "published")
_INTERESTS = re.compile(r"\b(?:conflicts?|competing|declarations?) (?:of )?interests?\b", re.IGNORECASE)
_REGISTRIES = {"clinical-trials-gov": "clinicaltrials.gov"}
_ONE_PAGE = re.compile(r"([^-–]+)[-–]\1")
"""A page that is given as the first and as the last."""
_PAGE = re.compile(r"(?=.*[^\D0]).+|[ivxlc]+(?:[-–][ivxlc]+)?", re.IGNORECASE)
_RESULTS = frozenset({"results", "postresults"})
_FORMATS = {"application/pdf": "pdf", "text/html": "html", "text/xml": "xml", "application/xml": "xml"}
_FOR_MACHINES = re.compile(r"https?://(?:api|xplorestaging)\.", re.IGNORECASE)
"""Addresses that answer only who has a key."""


def to_fields(work: Fields, today: date) -> dict[str, Any]:
    """The arguments of a `Version`.

    Raises:
        RecordRejected: `not-a-paper`.
    """
    native_id = text(work.get("DOI"))
    check_type(work, native_id)
    title, abstracts = _title(work), _abstracts(work)
    check_title(work, native_id, title)
    main = next((a.text for a in abstracts if a.kind is AbstractKind.MAIN), "")
    found = stated(work)
    if is_notice(work, title, main, fallen=speaks_of_fall(found)):
        raise RecordRejected("crossref", native_id, "not-a-paper", "a notice about another paper")
    kind = version_kind(work, title, main)
    given = licence(work, today)
    open_access = True if given and given.code.startswith(("cc-", "cc0", "public-domain")) else None
    return {
        "kind": kind,
        "identifiers": Identifiers(doi=normalise_doi(native_id)),
        "title": title,
        "original_title": _original_title(work, title),
        "language": language_tag(text(work.get("language"))),
        "abstracts": abstracts,
        "authors": tuple(_authors(work)),
        "journal": _journal(work),
        "published": earliest(filter(None, (_date(work.get(name)) for name in _DATES))),
        "publication_types": tuple(filter(None, (text(work.get("subtype")) or text(work.get("type")),))),
        "grants": unique(_grants(work)),
        "trials": unique(_trials(work)),
        "data": unique(_data(work)),
        "licence": given,
        "open_access": open_access,
        "links": links(work, kind is VersionKind.PREPRINT),
        "notices": unique((*found, *marked(title, found))),
        "full_texts": unique(_full_texts(work, bool(open_access))),
        "competing_interests": _interests(work),
        "meeting": meeting(work, title),
        "cites": unique(_cites(work)),
    }


def _title(work: Fields) -> str:
    """The first title, with its subtitle where that is not in it already."""
    found = [title_text(_words(plain_text(text(one)))) for one in items(work, "title")]
    title = next(filter(None, found), "")
    subtitle = next(filter(None, (plain_text(text(one)) for one in items(work, "subtitle"))), "")
    return with_subtitle(title, subtitle)


def _words(shown: str) -> str:
    """Text without the TeX that some publishers leave between two dollar signs on each side."""
    return plain(shown.replace("$$", "$")) if "$$" in shown else shown


def _without_tex(part: Section) -> Section:
    return Section(_words(part.text), part.label) if "$$" in part.text else part


def _original_title(work: Fields, title: str) -> str:
    """The title in the language of the work; many publishers repeat the title there."""
    given = _first(items(work, "original-title"))
    is_language = language_tag(given) != "und"
    return "" if is_language or given.casefold() in title.casefold() else title_text(given)


def _abstracts(work: Fields) -> tuple[Abstract, ...]:
    """The abstract, and apart from it a plain-language summary that stands among its sections."""
    page = text(work.get("page")).partition("-")[0]
    kinds = plain_apart(map(_without_tex, sections(_markup(text(work.get("abstract"))))))
    language = language_tag(text(work.get("language")))
    found = []
    for kind, parts in kinds.items():
        words = " ".join(part.text for part in parts)
        if words and words != page:
            spoken = language if language != "und" else "en" if is_english(words) else "und"
            found.append(Abstract(parts, kind, spoken))
    return tuple(found)


def _markup(given: str) -> str:
    """The abstract with its labels as headings; some publishers only set them in italics or bold."""
    given = _SCRIPTS.sub(r"<\1\2", _NUMBERED_PREFIX.sub(r"<\1jats:", given))
    labels = [match for match in _SET_APART.finditer(given) if is_label(match[2])]
    if len(labels) >= _FEWEST_LABELS and "<jats:title" not in given:
        given = _SET_APART.sub(
            lambda match: f"<jats:title>{match[2]}</jats:title>" if is_label(match[2]) else match[0], given
        )
    return _HEADING.sub("", given)


def _authors(work: Fields) -> Iterator[Author]:
    """In the order of the byline; the one that is marked as first may have been deposited later."""
    given = [fields(one) for one in items(work, "author")]
    given.sort(key=lambda one: text(one.get("sequence")) != "first")
    for one in given:
        group, family = plain_text(text(one.get("name"))), plain_text(text(one.get("family")))
        first, suffix = plain_text(text(one.get("given"))), plain_text(text(one.get("suffix")))
        family, first, suffix = parts_of_name(family, first, suffix)
        name = " ".join(filter(None, (first, family, suffix))) or group
        affiliations = unique(found for a in items(one, "affiliation") if (found := _affiliation(a)))
        if name and not family and not first:
            yield Author(name, affiliations=affiliations)
        elif name:
            yield Author(
                name, family or first, first if family else "", orcid(text(one.get("ORCID"))), affiliations
            )


def _affiliation(value: object) -> Affiliation | None:
    given = fields(value)
    parts = [text(value), *(text(d) for d in items(given, "department")), text(given.get("name"))]
    parts += [text(place) for place in items(given, "place")]
    ids = [text(fields(one).get("id")) for one in items(given, "id") if "ror" in str(one).lower()]
    printed = ", ".join(unique(plain_text(part) for part in parts if part)).rstrip(" ;,")
    known = next(filter(None, map(ror, ids)), None)
    return Affiliation(printed, ror=known) if printed or known else None


def _journal(work: Fields) -> Journal | None:
    institutions = [text(fields(one).get("name")) for one in items(work, "institution")]
    title = _first(items(work, "container-title")) or _first(institutions)
    publisher = plain_text(text(work.get("publisher")))
    if not title and not publisher:
        return None
    issn = [text(fields(one).get("value")) for one in items(work, "issn-type")]
    issn += [text(one) for one in items(work, "ISSN")]
    short = _first(items(work, "short-container-title"))
    return Journal(
        title=title or publisher,
        abbreviation=short if short != title else "",
        issn=unique(filter(None, issn)),
        publisher=publisher if title else "",
        volume=text(work.get("volume")),
        issue=text(work.get("issue")),
        pages=_pages(text(work.get("page"))) or text(work.get("article-number")),
    )


def _pages(given: str) -> str:
    """Pages as they are printed: `993-993` is one; `n/a-n/a` and `ahead-of-print` are none."""
    one = match[1] if (match := _ONE_PAGE.fullmatch(given)) else given
    return one if _PAGE.fullmatch(one) else ""


def _first(values: list[Any]) -> str:
    return next(filter(None, (plain_text(text(value)) for value in values)), "")


def _date(value: object) -> str | None:
    parts = items(value, "date-parts")
    if not parts or not isinstance(parts[0], list) or not parts[0]:
        return None
    return partial_date(*(text(part) or None for part in parts[0][:3]))


def _grants(work: Fields) -> Iterator[Grant]:
    for funder in map(fields, items(work, "funder")):
        if name := plain_text(text(funder.get("name"))):
            awards = [plain_text(text(award)) for award in items(funder, "award")]
            yield from (Grant(name, award) for award in filter(None, awards))
            if not any(awards):
                yield Grant(name)


def _trials(work: Fields) -> Iterator[Trial]:
    """Trials that the publisher deposited, each with what the paper has to do with it."""
    for one in map(fields, items(work, "clinical-trial-number")):
        registry = text(one.get("registry")).rpartition("/")[2].lower()
        number, kind = text(one.get("clinical-trial-number")), text(one.get("type"))
        role = TrialRole.REPORTS if kind.lower().replace("-", "") in _RESULTS else TrialRole.MENTIONS
        trial = to_trial(_REGISTRIES.get(registry, registry), number, role)
        if trial:
            said = f"clinical-trial-number: {trial.id}" + (f", type: {kind}" if kind else "")
            yield Trial(trial.registry, trial.id, role, said)


def _data(work: Fields) -> Iterator[DataLink]:
    """Supplements in repositories of data; others may be files of the publisher's."""
    for one in map(fields, items(work, "relation", "is-supplemented-by")):
        doi = normalise_doi(text(one.get("id")))
        for place in places_in(f"https://doi.org/{doi}") if doi else ():
            if place.repository:
                yield DataLink(
                    load_table("repositories")[place.repository.code]["title"],
                    doi or "",
                    f"https://doi.org/{doi}",
                )


def _full_texts(work: Fields, free: bool) -> Iterator[FullText]:
    """Where people can read it; checks for plagiarism and keys for machines lead nowhere."""
    for link in map(fields, items(work, "link")):
        url = web_address(text(link.get("URL")))
        if (
            url
            and text(link.get("intended-application")) != "similarity-checking"
            and not _FOR_MACHINES.match(url)
        ):
            kind = text(link.get("content-type")).partition(";")[0].lower()
            form = _FORMATS.get(kind) or ("pdf" if url.lower().endswith(".pdf") else "html")
            yield FullText(url, form, free)


def _interests(work: Fields) -> str:
    """What the authors declare, where the publisher deposited it."""
    for one in map(fields, items(work, "assertion")):
        labels = (text(one.get("label")), text(fields(one.get("group")).get("label")), text(one.get("name")))
        said = plain_text(text(one.get("value")))
        if said and any(_INTERESTS.search(label.replace("_", " ")) for label in labels):
            return said
    return ""


def _cites(work: Fields) -> Iterator[str]:
    for reference in map(fields, items(work, "reference")):
        if doi := normalise_doi(text(reference.get("DOI"))):
            yield f"doi:{doi}"
