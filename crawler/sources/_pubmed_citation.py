"""What a citation says, however it was read, and how it is read from its elements.

Nearly all are read by `_pubmed_plain` from their text; what it leaves is read here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from lxml import etree

from crawler.records.text import title_text
from crawler.records.xml import element_text
from crawler.sources import _pubmed_fields as fields
from crawler.sources._pubmed_lists import Lists
from crawler.telling.notices import is_notice_title
from domain.paper import Abstract, Author, Grant, Journal, MeshHeading

_T = TypeVar("_T")


@dataclass(slots=True)
class Citation:
    """The fields of a citation; lists of other databases and articles are still elements, few have any."""

    title: str
    is_entitled_notice: bool
    """Its title alone shows it to be a notice about another paper."""
    vernacular: str
    doi: str | None
    pmcid: str | None
    types: tuple[str, ...]
    languages: tuple[str, ...]
    abstracts: tuple[Abstract, ...]
    copyright: str
    authors: tuple[Author, ...]
    journal: Journal | None
    published: str | None
    mesh: tuple[MeshHeading, ...]
    keywords: tuple[str, ...]
    substances: tuple[str, ...]
    grants: tuple[Grant, ...]
    competing_interests: str
    databanks: etree._Element | None = None
    corrections: etree._Element | None = None


def from_elements(root: etree._Element, lists: Lists) -> Citation | None:
    """The citation of a tree from which `lists` were taken; None where there is no article."""
    parts = {"MedlineCitation": root} if root.tag == "MedlineCitation" else _parts(root)
    head = _parts(parts.get("MedlineCitation"))
    if "Article" not in head:
        return None
    body = _parts(head["Article"])
    vernacular = element_text(body.get("VernacularTitle"))
    title = fields.title(element_text(body.get("ArticleTitle")), vernacular)
    abstract = body.get("Abstract")
    doi, pmcid = _identifiers(body, parts.get("PubmedData"), fields.siblings(head, "OtherID"))
    journal = _parts(body.get("Journal"))
    issue = _parts(journal.get("JournalIssue"))
    return Citation(
        title=title,
        is_entitled_notice=is_notice_title(title) and is_notice_title(title, element_text(abstract)),
        vernacular=title_text(vernacular),
        doi=doi,
        pmcid=pmcid,
        types=_either(body.get("PublicationTypeList"), lists.types, fields.texts),
        languages=fields.languages(one.text or "" for one in fields.siblings(body, "Language")),
        abstracts=fields.abstracts(abstract, fields.siblings(head, "OtherAbstract")),
        copyright=element_text(_parts(abstract).get("CopyrightInformation")),
        authors=_either(body.get("AuthorList"), lists.authors, fields.authors),
        journal=fields.journal(
            _either(head.get("MedlineJournalInfo"), lists.catalogue, fields.leaves),
            fields.leaves(body.get("Pagination")),
            {"ELocationID": next(_locations(body, "pii"), "")},
            fields.flat(issue),
            fields.flat(journal),
        ),
        published=fields.published((*fields.siblings(body, "ArticleDate"), issue.get("PubDate"))),
        mesh=_either(head.get("MeshHeadingList"), lists.mesh, fields.mesh),
        keywords=fields.keywords(fields.siblings(head, "KeywordList")),
        substances=fields.substances(head.get("ChemicalList")),
        grants=fields.grants(body.get("GrantList")),
        competing_interests=element_text(head.get("CoiStatement")),
        databanks=body.get("DataBankList"),
        corrections=head.get("CommentsCorrectionsList"),
    )


def _either(
    element: etree._Element | None,
    taken: _T,
    read: Callable[[etree._Element | None], _T],
) -> _T:
    """What a list holds: what was taken out of it if that left it empty, else what there is to read."""
    return taken if element is not None and len(element) == 0 else read(element)


def _parts(element: etree._Element | None) -> dict[str, etree._Element]:
    """The children of an element by name; of several of one name the first."""
    if element is None:
        return {}
    return cast("dict[str, etree._Element]", {child.tag: child for child in reversed(element)})


def _identifiers(
    article: Mapping[str, etree._Element], data: etree._Element | None, others: Iterable[etree._Element]
) -> tuple[str | None, str | None]:
    """DOI and id in PMC."""
    ids = ((one.get("IdType", ""), one.text or "") for one in _parts(data).get("ArticleIdList", ()))
    return fields.identifiers(
        _locations(article, "doi"), ids, ((one.get("Source", ""), one.text or "") for one in others)
    )


def _locations(article: Mapping[str, etree._Element], kind: str) -> Iterator[str]:
    """Where it is found online, by ids of that kind (`doi`, `pii`)."""
    for one in fields.siblings(article, "ELocationID"):
        if one.get("EIdType") == kind and one.get("ValidYN") != "N":
            yield one.text or ""
