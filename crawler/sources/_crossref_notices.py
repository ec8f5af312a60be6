"""What Crossref says about the standing of works: `update-to` in a notice, `updated-by` in what it is about.

The types are those of Crossmark. An addendum or a clarification says of a paper neither that it is wrong nor
that it was mended, and a new version is a version: none of them is a notice here. `source` tells whether the
publisher or Retraction Watch says so.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from crawler.records.answers import Fields, fields, items, text
from crawler.records.text import partial_date, plain_text
from crawler.telling.notices import LONG, is_notice_title
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import Link, LinkKind, Notice, NoticeKind, VersionKind, unique

_NOTICES = {
    "retraction": NoticeKind.RETRACTED,
    "retractionandreplacement": NoticeKind.RETRACTED,
    "withdrawal": NoticeKind.WITHDRAWN,
    "removal": NoticeKind.WITHDRAWN,
    "expressionofconcern": NoticeKind.CONCERN,
    "concern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTED,
    "corrigendum": NoticeKind.CORRECTED,
    "erratum": NoticeKind.CORRECTED,
    # The paper stands, less the part that its notice names: to call it retracted would say too much.
    "partialretraction": NoticeKind.CORRECTED,
}
_REINSTATED = "reinstatement"
_REMARKS = frozenset({"addendum", "clarification", _REINSTATED})
_NEW_VERSIONS = frozenset({"newversion", "newedition"})
_SAID_BY = {"retraction-watch": "Retraction Watch", "publisher": "the publisher"}
_SENSE = {
    "has-preprint": LinkKind.PREPRINT,
    "has-manuscript": LinkKind.PREPRINT,
    "is-preprint-of": LinkKind.ARTICLE,
    "is-manuscript-of": LinkKind.ARTICLE,
}
_SAME_WORK = frozenset({"is-version-of", "has-version", "is-same-as", "is-identical-to"})
_SCHEMES = {
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
    "arxiv": normalise_arxiv,
}
_ADDRESSES = frozenset({"uri", "url"})
"""Types of ids that may be addresses of DOIs; any other address names nothing."""
_REPLACED = "retractionandreplacement"
_FEW_REFERENCES = 3


def stated(work: Fields) -> tuple[Notice, ...]:
    """The notices that name the work; its title may mark more.

    A reinstatement takes back the retraction that its own source told.
    """
    own = _own(work)
    updates = items(work, "updated-by")
    standing = (update for update in updates if not _is_taken_back(update, updates))
    found = [notice for update in standing if (notice := _notice(update, _doi(update), own))]
    found += [
        notice
        for update in items(work, "update-to")
        if _doi(update) == own and (notice := _notice(update, None, own))
    ]
    return unique(found)


def targets(work: Fields) -> tuple[str, ...]:
    """The DOIs of other works that this one gives notice of; remarks and new versions are none."""
    own = _own(work)
    found = (_doi(update) for update in items(work, "update-to") if _kind(update))
    return unique(doi for doi in found if doi and doi != own)


def notice_fields(work: Fields, target: str) -> dict[str, Any]:
    """What a notice says of the work that `target` names: the arguments of a companion `Version`."""
    own = _own(work)
    updates = (update for update in items(work, "update-to") if _doi(update) == target)
    return {
        # The weakest kind, so that a notice never decides what the work is.
        "kind": VersionKind.PREPRINT,
        "identifiers": Identifiers(doi=target),
        "title": "",
        "notices": unique(found for update in updates if (found := _notice(update, own, target))),
        "companion": True,
    }


def is_notice(work: Fields, title: str, abstract: str, *, fallen: bool) -> bool:
    """Whether the work is itself nothing but word of another one; `fallen` where it is said to be."""
    own = _own(work)
    said = {_folded(update) for update in items(work, "update-to") if _doi(update) not in (None, own)}
    if is_notice_title(title, abstract, fallen=fallen):
        return True
    if any(_NOTICES.get(name) not in (None, NoticeKind.CORRECTED) for name in said - {_REPLACED}):
        return True
    # A paper that was corrected and published again, or that stands for a retracted one, is a paper still.
    return any(name in _NOTICES or name in _REMARKS for name in said) and _is_slight(work, abstract)


def _is_slight(work: Fields, abstract: str) -> bool:
    """Whether a work that changes another is known to hold nothing of its own."""
    given = text(work.get("references-count")) or text(work.get("reference-count"))
    return len(abstract) < LONG and given.isdecimal() and int(given[:9]) < _FEW_REFERENCES


def links(work: Fields, preprint: bool) -> tuple[Link, ...]:
    """Other versions of the same work that its relations and its updates name."""
    own = _own(work)
    alike = LinkKind.PREPRINT if preprint else LinkKind.ARTICLE
    found = list(_related(work, alike))
    for name in ("update-to", "updated-by"):
        for update in items(work, name):
            if _folded(update) in _NEW_VERSIONS and (doi := _doi(update)):
                found.append(Link(alike, f"doi:{doi}"))
    return unique(link for link in found if link.key != f"doi:{own}")


def _related(work: Fields, alike: LinkKind) -> Iterator[Link]:
    for name, others in fields(work.get("relation")).items():
        kind = alike if name in _SAME_WORK else _SENSE.get(name)
        for other in map(fields, items(others) if kind else ()):
            scheme = text(other.get("id-type")).lower()
            scheme = "doi" if scheme in _ADDRESSES else scheme
            normalise = _SCHEMES.get(scheme)
            key = normalise(text(other.get("id"))) if normalise else None
            if kind and key:
                yield Link(kind, f"{scheme}:{key}")


def _notice(update: object, notice: str | None, target: str | None) -> Notice | None:
    """The notice that one update is; of a work that is changed in its own place there is no other record."""
    kind, given = _kind(update), fields(update)
    if kind is None:
        return None
    label = plain_text(text(given.get("label"))) or text(given.get("type")).replace("_", " ").capitalize()
    by = _SAID_BY.get(text(given.get("source")).lower(), "")
    return Notice(
        kind,
        identifier=f"doi:{notice}" if notice and notice != target else None,
        text=f"{label}, says {by}" if by else label,
        date=_date(given.get("updated")),
    )


def _is_taken_back(update: object, updates: Iterable[object]) -> bool:
    """Whether one of `updates` is a reinstatement, by the same source and no earlier, after a retraction."""
    given, day = fields(update), _date(fields(update).get("updated")) or ""
    return _kind(update) is NoticeKind.RETRACTED and any(
        _folded(one) == _REINSTATED
        and fields(one).get("source") == given.get("source")
        and (_date(fields(one).get("updated")) or "") >= day
        for one in updates
    )


def _date(value: object) -> str | None:
    parts = items(value, "date-parts")
    first = parts[0] if parts and isinstance(parts[0], list) else parts
    return partial_date(*(text(part) or None for part in first[:3])) if first else None


def _kind(update: object) -> NoticeKind | None:
    return _NOTICES.get(_folded(update))


def _folded(update: object) -> str:
    return re.sub(r"[^a-z]", "", text(fields(update).get("type")).lower())


def _doi(update: object) -> str | None:
    return normalise_doi(text(fields(update).get("DOI")))


def _own(work: Fields) -> str | None:
    return normalise_doi(text(work.get("DOI")))
