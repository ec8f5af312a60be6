"""References as CSL-JSON, which citation processors (citeproc, pandoc) and Zotero read."""

import json
from typing import Any

from web.references.reference import Kind, Name, Reference

MEDIA_TYPE = "application/vnd.citationstyles.csl+json"

_TYPES = {
    Kind.ARTICLE: "article-journal",
    Kind.PREPRINT: "article",  # in styles a paper that no journal has
    Kind.PROCEEDINGS: "paper-conference",
    Kind.CHAPTER: "chapter",
}


def to_csl(one: Reference) -> str:
    """One item, as JSON; a file is an array of these."""
    return json.dumps(to_item(one), ensure_ascii=False)


def to_item(one: Reference) -> dict[str, Any]:
    """The variables of CSL 1.0.2 that are known of a paper."""
    preprint = one.kind is Kind.PREPRINT
    first, last = one.pages
    item = {
        "id": one.id,
        "type": _TYPES[one.kind],
        "genre": one.genre,
        "title": one.title,
        "original-title": one.original_title,
        "author": [_name(name) for name in one.names],
        "issued": {"date-parts": [list(one.date)]} if one.date else None,
        "container-title": "" if preprint else one.container,
        "container-title-short": "" if preprint else one.abbreviation,
        "event-title": one.meeting,
        "publisher": one.container if preprint else one.publisher,
        "volume": one.volume,
        "issue": one.issue,
        "page": f"{first}-{last}" if last else first,
        "ISSN": ", ".join(one.issn),
        "DOI": one.doi,
        "PMID": one.pmid,
        "PMCID": one.pmcid,
        "URL": one.url,
        "language": one.language,
        "abstract": one.abstract,
        "keyword": "; ".join(one.keywords),
        "note": ". ".join(one.notes),
        "custom": {"licence": one.licence} if one.licence else None,
        "source": one.source,
    }
    return {name: value for name, value in item.items() if value}


def _name(name: Name) -> dict[str, str]:
    if not name.family:
        return {"literal": name.whole}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
