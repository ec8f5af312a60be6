"""Whether a record is itself a notice about another paper, and of which kind; and marks of a paper's fall.

The source's own evidence comes first: its type of publication, and the relations that it names. A title tells
only in forms that no paper's title has: many papers are on the correction of an anaemia, the withdrawal of a
hormone, or on what becomes of retracted articles. "RETRACTED:" in capitals marks the paper itself.
"""

import re
from collections.abc import Iterable
from functools import cache

from crawler.records.remembering import remembered
from crawler.telling.hints import Hints
from domain.identifiers import Identifiers
from domain.paper import Notice, NoticeKind, Version, VersionKind

ITSELF = r"(?:paper|article|manuscript|submission|preprint|work)"
"""What a notice may call the paper that it stands on."""
LONG = 500
"""Letters of an abstract that hardly a notice has."""

_TYPES = {
    "retraction": NoticeKind.RETRACTED,
    "retractionnotice": NoticeKind.RETRACTED,
    "retractionofpublication": NoticeKind.RETRACTED,
    "withdrawal": NoticeKind.WITHDRAWN,
    "withdrawalnotice": NoticeKind.WITHDRAWN,
    "removal": NoticeKind.WITHDRAWN,
    "removalnotice": NoticeKind.WITHDRAWN,
    "concern": NoticeKind.CONCERN,
    "expressionofconcern": NoticeKind.CONCERN,
    "correction": NoticeKind.CORRECTED,
    "corrigendum": NoticeKind.CORRECTED,
    "erratum": NoticeKind.CORRECTED,
    "publishederratum": NoticeKind.CORRECTED,
    # What its notice does not name still stands: to call the article retracted would say too much.
    "partialretraction": NoticeKind.CORRECTED,
}
_FELL = frozenset({"retractedpublication", "retractedarticle"})
_OF_A_PAPER = _FELL | {"correctedandrepublishedarticle"}
"""Types of papers that carry a notice or were printed anew after one."""

_GRAVE = (
    r"(?:partial |temporary |article )?(?:retraction|withdrawal|removal)"
    r"(?: of (?:publication|article|paper))?(?: (?:and|&) (?:replacement|republication))?"
)
_ERRATUM = (
    r"(?:(?:second|further) )?(?:errat(?:um|a)|corrigend(?:um|a))"
    r"(?: (?:and|&) (?:addendum|errat(?:um|a)))?"
)
_CORRECTION = r"(?:(?:second|further) )?corrections?(?: (?:and|&) addendum)?"
_CONCERN = r"(?:editorial )?expressions? of (?:editorial )?concern"
_END = r"(?=\s*(?:$|[\]:.,;(\[–—\"“‘«]|- )|\s+(?:to|for|on|regarding|concerning|about|zu[mr]?|à|al?|ao|do)\b)"
_NAMED = (
    r"(?=\s*(?:$|[:：\"“‘«]|\.(?:\s|$)|[–—]|- )|\s+(?:to|of|for|on|regarding|about|zu[mr]?|à)\s*[:\"'“‘«])"
)
_IBERIAN = (
    r"(?:(?:aviso|nota) de )?(?:retrac(?:ta)?ci[oó]n|retrata[cç][aã]o|correcci[oó]n|corre[cç][aã]o)"
    r"(?: de art[ií](?:culo|go))?"
)
_OF_THE_ARTICLE = r" (?:del|do|al|ao) art[ií](?:culo|go)\b(?! \d)"
_TRANSLATED = (
    rf"{_IBERIAN}|r[eé]tractation|rectificatif(?: (?:à|de) l['’]article)?"
    r"|errata corrige|rettifica|correzione|berichtigung|korrektur|korrigendum"
    r"|sprostowanie|d[uü]zeltme|исправлени[ея]|поправк[аи]|(?:更正|勘[误誤]|撤稿|撤回|訂正)(?:声明|聲明|启事)?"
)
"""A notice in other languages; many of the words name operations, too."""
_SURE = re.compile(
    rf"\W{{0,3}}(?:(?:statement|notice|note) of (?:(?:{_GRAVE}|{_CONCERN}|correction){_END}|concern{_NAMED})"
    rf"|corrections? and clarifications?{_END}"
    rf"|(?:{_GRAVE}|correction|{_ERRATUM}) (?:note|notice|statement|letter){_END}"
    rf"|\[(?:{_GRAVE}|{_CONCERN}|correction)\]"
    rf"|(?:the )?(?:publisher|author|editor)(?:ial|s)?['’]?s?['’]? (?:{_GRAVE}|correction|{_ERRATUM}){_END}"
    rf"|publisher['’]?s['’]? note: |(?:published )?{_ERRATUM}{_END}"
    r"|department of error\b|fe de err(?:atas?|ores)\b"
    rf"|(?:retraction|correction|{_CONCERN}) for\b.{{1,120}}?\bet al\.)",
    re.IGNORECASE,
)
"""How only notices begin."""
_LIKELY = re.compile(
    r"\W{0,3}(?!(?:withdrawal|removal): (?-i:an?|the|when|how|why|what|is|to) )"
    rf"(?:{_GRAVE}|{_CORRECTION}|addendum|{_CONCERN}|{_TRANSLATED}){_NAMED}"
    rf"|\W{{0,3}}{_IBERIAN}{_OF_THE_ARTICLE}"
    # "Correction to Invented Paper", as the American Chemical Society has it; "… to normal" is a paper's.
    r"|\W{0,3}(?-i:C)orrection to (?-i:[A-Z](?!ormal|aseline))",
    re.IGNORECASE,
)
"""How notices begin, and now and then a paper, which then has an abstract."""
_AFTER = re.compile(
    rf"(?i:[\[(]\s*(?:{_GRAVE}|correction|{_ERRATUM}|{_CONCERN})(?: notice)?\s*[\])])\W*$"
    rf"|(?i:[:–—.-]\s+{_ERRATUM})\W*$"
    r"|[:–—]\s*(?:Retraction|Correction|Expression of Concern)\W*$"
    r"|[:–—.-]\s*(?:RETRACTION|CORRECTION|CORRIGENDUM|ERRATUM|EXPRESSION OF CONCERN)\W*$"
)
_HINTS = (
    *("retrac", "retrata", "withdraw", "remov", "correc", "rectif", "rettif", "berichtig"),
    *("correz", "korrektur", "korrigend"),
    *("errat", "corrigend", "concern", "error", "addend", "publisher", "sprostow", "duzeltme"),
)
_MARK = re.compile(
    r"[\[(\s]*(?:(?:ARTICLE|PAPER|ARTIGO|ART[IÍ]CULO) )?"
    r"(RETRACTED|RETRATADO|RETRACTADO|WITHDRAWN|REMOVED|TEMPORARY REMOVAL|Retracted(?= Article: ))"
    r"(?: (?:ARTICLE|Article|CHAPTER|PAPER|PREPRINT|ARTIGO|ART[IÍ]CULO))?"
    r"\s*(?:[\])]\s*[:–—-]?|[:–—]|--? )\s*(?=\S)"
)
_MARK_AFTER = re.compile(
    r"[(\[](Retracted(?: article)?)(?:\. See (?:vol|the retraction)\b[^()]{0,120})?[)\]]$", re.IGNORECASE
)
"""What publishers and indexes of citations add to the title of a paper that fell."""
_RETRACTED = frozenset({"RETRACTED", "RETRATADO", "RETRACTADO"})
_FALLEN = re.compile(r"\[(Retracted)\]\s+(?=\S)|(Retracted):\s+(?=\W{0,2}[A-Z0-9])(?!.*(?:\?$|\[Retraction))")
"""What some journals put before the title of a paper that fell, and others before that of its notice."""
_AFTERWARDS = re.compile(
    r"\W*(?:following|after|subsequent(?:ly)? to) the publication of (?:this|the above)", re.I
)
"""How the text of a notice begins that is as long as an abstract."""


def told_by_types(types: Iterable[str]) -> NoticeKind | None:
    """What a record of these types says of another paper; None for a paper."""
    folded = {_folded(one) for one in types}
    if folded & _OF_A_PAPER:
        return None
    found = {kind for one in folded if (kind := _TYPES.get(one))}
    return next((kind for kind in NoticeKind if kind in found), None)


@remembered(1 << 12)
def _folded(kind: str) -> str:
    return re.sub(r"[^a-z]", "", kind.casefold())


def is_notice(types: Iterable[str], title: str, abstract: str = "", *, fallen: bool = False) -> bool:
    """Whether types, or else title and abstract, show a record to be a notice about another paper.

    `fallen` where the source itself says of the record that it was retracted.
    """
    given = tuple(types)
    if told_by_types(given) is not None:
        return True
    return is_notice_title(title, abstract, fallen=fallen) and not fell(given)


def fell(types: Iterable[str]) -> bool:
    """Whether a type says that the record is that of a retracted paper, whatever its title says now."""
    return any(_folded(one) in _FELL for one in types)


def speaks_of_fall(notices: Iterable[Notice]) -> bool:
    """Whether a paper with these notices fell."""
    return any(notice.kind in (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN) for notice in notices)


def is_notice_title(title: str, abstract: str = "", *, fallen: bool = False) -> bool:
    """Whether a title alone shows a record to be a notice about another paper.

    "Retracted: …" is a notice's title, but that of the paper where the source says that the paper fell.

    >>> is_notice_title("Statement of retraction: Invented"), is_notice_title("Retraction of the nipple")
    (True, False)
    """
    if title.isascii() and not _hints().within(title.lower()):
        return False
    if _SURE.match(title):
        return True
    if _FALLEN.match(title):
        if fallen:
            return False
        return len(abstract) < LONG or _AFTERWARDS.match(abstract) is not None
    if len(abstract) >= LONG or _MARK.match(title):
        return False
    return bool(_LIKELY.match(title) or _AFTER.search(title))


@cache
def _hints() -> Hints[bool]:
    """Pieces without one of which no title is a notice's."""
    return Hints({True: _HINTS})


def own_mark(title: str) -> tuple[NoticeKind, str] | None:
    """What capitals in front of a title say of the paper itself, and the words that do.

    >>> own_mark("RETRACTED ARTICLE: Invented mice")
    (<NoticeKind.RETRACTED: 'retracted'>, 'RETRACTED')
    """
    mark = _MARK.match(title)
    if mark is None:
        if fallen := _FALLEN.match(title):
            return NoticeKind.RETRACTED, fallen[1] or fallen[2]
        added = _MARK_AFTER.search(title) if title.endswith((")", "]")) else None
        return (NoticeKind.RETRACTED, added[1]) if added else None
    if mark[1].upper() in _RETRACTED:
        return NoticeKind.RETRACTED, mark[1]
    # A title all in capitals may begin with any word.
    return None if title[mark.end() :].isupper() else (NoticeKind.WITHDRAWN, mark[1])


def marked(title: str, known: Iterable[Notice] = ()) -> tuple[Notice, ...]:
    """The notice that a title is marked with, unless one of its kind is known."""
    mark = own_mark(title)
    if mark is None or mark[0] in {notice.kind for notice in known}:
        return ()
    return (Notice(mark[0], text=f"Title: {mark[1]}"),)


def unmarked(title: str) -> str:
    """The title without such a mark."""
    if not own_mark(title):
        return title
    found = _MARK.match(title) or _FALLEN.match(title)
    return title[found.end() :] if found else _MARK_AFTER.sub("", title).rstrip()


def companion(key: str, notices: tuple[Notice, ...]) -> Version:
    """What notices add to the version that `key` (`doi:…`, `pmid:…`, `pmcid:…`, another's own) names."""
    scheme, _, value = key.partition(":")
    identifiers = Identifiers(
        doi=value if scheme == "doi" else None,
        pmid=value if scheme == "pmid" else None,
        pmcid=value if scheme == "pmcid" else None,
        other=() if scheme in {"doi", "pmid", "pmcid"} else (key,),
    )
    # The weakest kind, so that a notice never decides what the work is.
    return Version(VersionKind.PREPRINT, identifiers, "", notices=notices, companion=True)
