"""What a citation says of other articles' standing: a record for each, `<PMID>#<key of the other>`."""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from crawler.records.text import title_text
from crawler.records.xml import element_text, parse_element
from crawler.sources._pubmed_fields import published
from crawler.sources._pubmed_notices import told
from crawler.telling.notices import companion
from domain.errors import RecordRejected
from domain.paper import Version
from domain.record import HarvestedRecord

_LIST = b"<CommentsCorrectionsList", b"</CommentsCorrectionsList>"
_TELLING = re.compile(rb"RefType\s*=\s*[\"'](?!Update|Comment)\w+(?:Of|For|From)[\"']")


def companions(record: HarvestedRecord) -> Iterator[tuple[HarvestedRecord, Version]]:
    """A record, and what it adds, for each other article that a citation tells of; none for most."""
    end = record.payload.find(_LIST[1])
    begin = record.payload.find(_LIST[0], 0, end) if end >= 0 else -1
    if begin < 0 or not _TELLING.search(record.payload, begin, end):
        return
    own = record.native_id.partition("#")[0]
    try:
        root = parse_element(record.payload, record.source, own)
    except RecordRejected:
        return  # the citation itself will be rejected for it
    head = root if root.tag == "MedlineCitation" else root.find("MedlineCitation")
    if head is None:
        return
    title = _title(head)
    printed = head.find("Article/Journal/JournalIssue/PubDate")
    day = published((*head.iterfind("Article/ArticleDate"), printed))
    types = [one.text or "" for one in head.iterfind("Article/PublicationTypeList/PublicationType")]
    listed = head.find("CommentsCorrectionsList")
    for key, notices in told(listed, f"pmid:{own}", title, day, types).items():
        yield replace(record, native_id=f"{own}#{key}"), companion(key, notices)


def _title(head: etree._Element) -> str:
    """The title, else that in the language of the article."""
    given = (element_text(head.find(f"Article/{name}")) for name in ("ArticleTitle", "VernacularTitle"))
    return title_text(next(filter(None, given), ""))


def to_companion(record: HarvestedRecord) -> Version:
    """What a citation adds to the article that the record's id names.

    Raises:
        RecordRejected: `not-a-paper`, it names no such article.
    """
    for one, version in companions(record):
        if one.native_id == record.native_id:
            return version
    raise RecordRejected(record.source, record.native_id, "not-a-paper", "it tells of no such article")
