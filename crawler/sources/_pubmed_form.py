"""The form in which NLM writes a citation, as one pattern: the document type as far as most citations go.

It is of what is left when the lists that `_pubmed_lists` reads have been taken out, and holds no controls but
tabs and line ends: then what it matches is well-formed, but for elements kept for the parser. Possessive
throughout: that a record is not in this form is found out in one pass.
"""

import re

from crawler.sources._pubmed_lists import SPACE

_S = rf"[{SPACE}]*+"
_MIXED = r"(?:[^<]++|</?(?:[biu]|su[bp]|mml:[^<>]++)>)*+"
"""Text that may have parts in italics or a formula in it: whether they are closed the parser tells."""
_TEXT = r"[^<]*+"
_TOLD = r"[^<]++"


def _one(name: str, inside: str, attributes: str = "") -> str:
    return rf"<{name}{attributes}>{inside}</{name}>{_S}"


def _of(name: str, *children: str, attributes: str = "") -> str:
    return _one(name, _S + "".join(children), attributes)


def _leaf(name: str, attributes: str = "", text: str = _TEXT) -> str:
    """An element whose text is kept."""
    return _one(name, f"({text})", attributes)


def _maybe(*patterns: str) -> str:
    return f"(?:{''.join(patterns)})?+"


def _any(*patterns: str) -> str:
    """Whatever comes again; it may keep no text of its own (see `_DATES` in `_pubmed_lists`)."""
    return f"(?:{''.join(patterns)})*+"


def _kept(pattern: str) -> str:
    return f"({pattern})"


def _whole(name: str) -> str:
    """An element with whatever is in it, for the parser."""
    return rf"<{name}[\s>](?:[^<]++|<(?!/{name}>))*+</{name}>{_S}"


_DAY = _one("Year", r"\d++") + _one("Month", r"\d++") + _one("Day", r"\d++")
_PRINTED = _of(
    "PubDate",
    "(?:",
    _leaf("Year", text=_TOLD),
    _maybe(_leaf("Month", text=_TOLD), _maybe(_leaf("Day", text=_TOLD)), "|", _one("Season", _TEXT)),
    "|",
    _leaf("MedlineDate"),
    ")",
)
_JOURNAL = _of(
    "Journal",
    _maybe(_leaf("ISSN", r' IssnType="\w++"')),
    _of(
        "JournalIssue",
        _maybe(_leaf("Volume")),
        _maybe(_leaf("Issue")),
        _PRINTED,
        attributes=r' CitedMedium="\w++"',
    ),
    _maybe(_leaf("Title")),
    _maybe(_leaf("ISOAbbreviation")),
)
_PAGES = _of("Pagination", *(_maybe(_leaf(name)) for name in ("StartPage", "EndPage", "MedlinePgn")))
_SECTION = _one("AbstractText", _MIXED, r'(?: Label="[^"<\t\n]*+")?+(?: NlmCategory="\w++")?+')
_ABSTRACT = _of("Abstract", _kept(_any(_SECTION)), _maybe(_leaf("CopyrightInformation", text=_MIXED)))
_GRANT = _of("Grant", *(_maybe(_one(name, _TEXT)) for name in ("GrantID", "Acronym", "Agency", "Country")))
_COMPLETE = r'(?: CompleteYN="[YN]")?+'
_ARTICLE = _of(
    "Article",
    _JOURNAL,
    _leaf("ArticleTitle", text=_MIXED),
    _maybe(_PAGES),
    _kept(_any(_one("ELocationID", _TEXT, r' EIdType="\w++" ValidYN="[YN]"'))),
    _maybe(_ABSTRACT),
    _maybe(_one("AuthorList", "", _COMPLETE)),
    _kept(_any(_one("Language", r"\w++"))),
    _maybe(_kept(_whole("DataBankList"))),
    _maybe(_of("GrantList", _kept(_any(_GRANT)), attributes=_COMPLETE)),
    _one("PublicationTypeList", ""),
    _maybe(_leaf("VernacularTitle", text=_MIXED)),
    _kept(_any(_of("ArticleDate", _DAY, attributes=r' DateType="\w++"'))),
    attributes=r'(?: PubModel="[\w-]++")?+',
)
_CHEMICAL = _of(
    "Chemical", _one("RegistryNumber", _TEXT), _one("NameOfSubstance", _TEXT, r'(?: UI="\w++")?+')
)
_KEYWORDS = _of(
    "KeywordList",
    _any(_one("Keyword", _MIXED, r'(?: MajorTopicYN="[YN]")?+')),
    attributes=r'(?: Owner="[\w-]++")?+',
)
_STATUS = (
    r'(?: Owner="\w++" Status="[\w-]++"'
    r'| Status="[\w-]++"(?: IndexingMethod="\w++" Owner="\w++"| Owner="\w++"(?: IndexingMethod="\w++")?+))'
)
_HEAD = _of(
    "MedlineCitation",
    _one("PMID", r"\d++", r'(?: Version="\d++")?+'),
    *(_maybe(_of(name, _DAY)) for name in ("DateCreated", "DateCompleted", "DateRevised")),
    _ARTICLE,
    _one("MedlineJournalInfo", ""),
    _maybe(_of("ChemicalList", _kept(_any(_CHEMICAL)))),
    _maybe(_kept(_whole("SupplMeshList"))),
    _any(_one("CitationSubset", _TEXT)),
    _maybe(_kept(_whole("CommentsCorrectionsList"))),
    _maybe(_kept(_whole("GeneSymbolList"))),
    _maybe(_one("MeshHeadingList", "")),
    _maybe(_one("NumberOfReferences", _TEXT)),
    _maybe(_kept(_whole("PersonalNameSubjectList"))),
    _kept(_any(_one("OtherID", _TEXT, r' Source="\w++"'))),
    _kept(_any(_whole("OtherAbstract"))),
    _kept(_any(_KEYWORDS)),
    _maybe(_leaf("CoiStatement", text=_MIXED)),
    _any(_one("SpaceFlightMission", _TEXT)),
    _maybe(_kept(_whole("InvestigatorList"))),
    _any(_one("GeneralNote", _TEXT, r' Owner="\w++"')),
    attributes=_STATUS,
)
_DATA = _of(
    "PubmedData",
    _maybe(_one("History", "")),
    _maybe(_one("PublicationStatus", _TEXT)),
    _maybe(_of("ArticleIdList", _kept(_any(_one("ArticleId", _TEXT, r' IdType="\w++"'))))),
)
CITATION = re.compile(rf"(<PubmedArticle>{_S})?+{_HEAD}(?(1){_DATA}</PubmedArticle>{_S})")
"""The names of its groups are the parameters of `_pubmed_plain`, in this order."""
