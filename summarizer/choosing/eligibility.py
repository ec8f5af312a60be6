"""Which version of a paper a digest may be written from, or why none may."""

import re
from functools import lru_cache

from config import load_table
from domain.errors import DigestRefused
from domain.paper import Abstract, NoticeKind, Paper, Version

_LEAST_ENGLISH = 0.15
_RECENT = 256
"""Abstracts; each is asked for several times by every audience."""
_WORD = re.compile(r"[^\W\d_]+")


def source_version(paper: Paper) -> tuple[Version, Abstract, str]:
    """The version to write from, its main abstract, and the code of the licence that permits it.

    The primary version where its licence permits, else the first other one that has an abstract and a licence
    that does (often the preprint); `Evidence.version` tells readers which. Refusals are those of the primary.

    Raises:
        DigestRefused: retracted, withdrawn, no-abstract, language or one of the licence reasons.
    """
    if paper.has_notice(NoticeKind.RETRACTED):
        raise DigestRefused("retracted")
    if paper.has_notice(NoticeKind.WITHDRAWN):
        raise DigestRefused("withdrawn")
    refusal: DigestRefused | None = None
    for version in paper.versions:
        try:
            abstract = _main_abstract(version)
            return version, abstract, _licence(version)
        except DigestRefused as refused:
            refusal = refusal or refused
    raise refusal or DigestRefused("no-abstract")


@lru_cache(_RECENT)
def looks_english(text: str) -> bool:
    """Whether enough of the words are among the commonest English ones."""
    common = frozenset(load_table("wording")["common_english"])
    words = _WORD.findall(text.lower())
    return bool(words) and sum(word in common for word in words) / len(words) >= _LEAST_ENGLISH


def _main_abstract(version: Version) -> Abstract:
    abstract = version.abstract()
    if abstract is None or not abstract.text.strip():
        raise DigestRefused("no-abstract")
    stated = abstract.language.lower().split("-")[0]
    if stated not in ("en", "eng", "und", "") or not looks_english(abstract.text):
        raise DigestRefused("language", abstract.language)
    return abstract


def _licence(version: Version) -> str:
    if version.licence is None:
        raise DigestRefused("licence-unknown")
    code = version.licence.code
    row = load_table("licences").get(code)
    if code == "other" or row is None:
        raise DigestRefused("licence-other", version.licence.evidence)
    if not row["digest"]:
        raise DigestRefused("licence-forbids", row["title"])
    return code
