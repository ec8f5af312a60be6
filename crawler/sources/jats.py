"""JATS 1.0 to 1.4: articles as publishers and PubMed Central give them, alone or in a set or OAI answer.

An article is read in one pass over one tree: what it says about itself, its text and its references. Most
articles are one record. A notice of retraction, correction or concern is no paper: it is one record for each
article it is about, `<id>#<key of that article>`, that adds the notice to it. A file of conference abstracts
is one record for each abstract, whose payload is the abstract with what it has from the whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from lxml import etree

from crawler.records.kinds import is_on_preprint_server
from crawler.records.text import language_tag
from crawler.records.xml import parse_element, root_name, split_records
from crawler.sources import _jats_back as back
from crawler.sources import _jats_front as front
from crawler.sources import _jats_parts as parts
from crawler.sources import _jats_people as people
from crawler.sources import _jats_standing as standing
from crawler.sources import _jats_trials as trials
from crawler.sources._jats_body import passages
from crawler.sources._jats_meeting import meeting
from crawler.sources._jats_references import Reference, cited_keys, references
from crawler.sources._jats_statements import with_statements
from domain.body import Passage
from domain.errors import RecordRejected
from domain.identifiers import Identifiers
from domain.identity import merge_trials
from domain.paper import FullText, Journal, Notice, NoticeKind, Version, VersionKind
from domain.record import HarvestedRecord

SOURCE = "jats"
MEDIA_TYPE = "application/jats+xml"
_ROOTS = frozenset({"article", "pmc-articleset"})
_OAI_ROOTS = frozenset({"OAI-PMH", "GetRecord", "ListRecords"})

_ARTICLE = re.compile(rb"<(?:[\w.-]+:)?article[\s>]")
_RECORDS = ("article", "jats:article")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REMARKS = frozenset({"addendum"})
_MOST_TITLE = 5_000
_MOST_ABSTRACT = 400_000
_MOST_AUTHORS = 20_000
_MOST_AFFILIATIONS = 8 << 20
"""Letters of all authors' affiliations together, each repeated for every author who has it."""


@dataclass(frozen=True, slots=True)
class Article:
    """All that is read of an article."""

    version: Version
    passages: tuple[Passage, ...] = ()
    references: tuple[Reference, ...] = ()
    publisher_id: str = ""
    """The publisher's own id."""
    dates: tuple[tuple[str, str], ...] = ()
    """Kind of date (`epub`, `ppub`, `collection` …) and the day, at the precision given."""
    subjects: tuple[str, ...] = ()
    """All headings under which the journal files it, words for the kind of article among them."""


def recognises(head: bytes) -> bool:
    """Whether a file begins as an article, a set of them, or an OAI-PMH answer that carries articles."""
    root = root_name(head).rpartition(":")[2]
    return root in _ROOTS or (root in _OAI_ROOTS and _ARTICLE.search(head) is not None)


def parse_records(stream: BinaryIO, fetched_at: datetime) -> Iterator[HarvestedRecord]:
    """The articles of a document.

    Raises:
        SourceChanged: the document is cut short or cannot be decoded.
    """
    for record, _ in parse_versions(stream, fetched_at):
        yield record


def parse_versions(
    stream: BinaryIO, fetched_at: datetime
) -> Iterator[tuple[HarvestedRecord, Version | RecordRejected]]:
    """Records with what `to_version` says about each, from one tree."""
    for piece in split_records(stream, _RECORDS, SOURCE):
        record = HarvestedRecord(SOURCE, "", fetched_at, MEDIA_TYPE, piece.data)
        if piece.problem:
            record = replace(record, native_id=_unnamed(piece.data))
            yield record, RecordRejected(SOURCE, record.native_id, piece.problem, f"line {piece.line}")
        else:
            yield from _outcomes(record)


def _outcomes(record: HarvestedRecord) -> Iterator[tuple[HarvestedRecord, Version | RecordRejected]]:
    """What one article is: mostly itself, else what it says about others, or what it holds too."""
    try:
        root = _parse(record.payload, "")
    except RecordRejected as rejection:
        record = replace(record, native_id=_unnamed(record.payload))
        yield record, RecordRejected(SOURCE, record.native_id, rejection.reason, rejection.detail)
        return
    native_id = next(_identifiers(root).keys(), None) or _unnamed(record.payload)
    record = replace(record, native_id=native_id)
    if told := _told(root):
        for one in told:
            key = next(one.target.keys())
            yield replace(record, native_id=f"{native_id}#{key}"), _companion(root, one)
        return
    try:
        yield record, _version(root, native_id)
    except RecordRejected as rejection:
        yield record, rejection
    for payload in parts.abstracts(root):
        yield from _outcomes(replace(record, payload=payload))


def _unnamed(payload: bytes) -> str:
    return f"sha256:{sha256(payload).hexdigest()[:32]}"


def to_version(record: HarvestedRecord) -> Version:
    """Read an article; of a notice about several, what it says about the one that the record's id names.

    Raises:
        RecordRejected: `malformed`, `too-large`, `not-a-paper` (no article-meta, or a notice that names no
            article) or `no-title`.
    """
    root = _parse(record.payload, record.native_id)
    told = _told(root)
    if not told:
        return _version(root, record.native_id)
    target = record.native_id.rpartition("#")[2]
    return _companion(root, next((one for one in told if target in tuple(one.target.keys())), told[0]))


def targets(payload: bytes) -> tuple[str, ...]:
    """The keys of the articles that a notice is about; none where it is no notice.

    Raises:
        RecordRejected: `malformed` or `too-large`.
    """
    return tuple(next(one.target.keys()) for one in _told(_parse(payload, "")))


def parse_article(payload: bytes, native_id: str = "") -> Article:
    """An article with its text and its references, from one tree.

    Raises:
        RecordRejected: as `to_version`; `not-a-paper` also for any notice.
    """
    return _article(_parse(payload, native_id), native_id)


def _parse(payload: bytes, native_id: str) -> etree._Element:
    root = parse_element(payload, SOURCE, native_id)
    if root.nsmap.get(root.prefix):  # the OAI form puts JATS into a name space of its own
        for element in root.iter(etree.Element):
            element.tag = etree.QName(element).localname
    return root


def _identifiers(root: etree._Element) -> Identifiers:
    meta = root.find("front/article-meta")
    return front.identifiers(meta, root.find("front/journal-meta")) if meta is not None else Identifiers()


def _told(root: etree._Element) -> tuple[standing.Told, ...]:
    meta = root.find("front/article-meta")
    if meta is None or not standing.is_notice(root.get("article-type", ""), front.title(meta)):
        return ()
    return standing.told(meta, root.find("body"))


def _companion(root: etree._Element, told: standing.Told) -> Version:
    """What a notice adds to the article it is about."""
    meta = root.find("front/article-meta")
    assert meta is not None  # or nothing would have been told
    words = front.title(meta)
    if told.partial or "partial-retraction" in root.get("article-type", ""):
        words = f"Partial retraction: {words}"
    kind = NoticeKind.CORRECTED if words.startswith("Partial retraction: ") else told.kind
    own = next(_identifiers(root).keys(), None)
    notice = Notice(kind, own, words, front.published(meta))
    return Version(VersionKind.ARTICLE, told.target, "", notices=(notice,), companion=True)


def _version(root: etree._Element, native_id: str) -> Version:
    article = _article(root, native_id)
    return with_statements(article.version, article.passages)


def _article(root: etree._Element, native_id: str) -> Article:
    meta = root.find("front/article-meta")
    if meta is None:
        raise RecordRejected(SOURCE, native_id, "not-a-paper", "no front/article-meta")
    if held := parts.count(root):
        raise RecordRejected(SOURCE, native_id, "not-a-paper", f"a collection of {held} abstracts")
    title = _title(meta, native_id)
    article_type = root.get("article-type", "")
    if article_type.lower() in _REMARKS or standing.is_notice(article_type, title):
        raise RecordRejected(SOURCE, native_id, "not-a-paper", "a notice about another article")
    journal_meta = root.find("front/journal-meta")
    identifiers = front.identifiers(meta, journal_meta)
    told = (root, meta.find("title-group/article-title"), meta.find("abstract"))
    given = (one.get(_LANG) for one in told if one is not None)
    language = language_tag(next(filter(None, given), "en"))  # the default that JATS gives the attribute
    shown, original = front.titles(meta, title, language)
    journal = front.journal(journal_meta, meta)
    kind = _kind(article_type, journal)
    abstracts = front.abstracts(meta, language) + parts.translations(root)
    if kind is VersionKind.ABSTRACT and not abstracts:
        abstracts = parts.whole_text(root, language)
    cited = references(root, native_id)
    text = passages(root, abstracts)
    licence = front.licence(meta)
    open_access = front.open_access(meta, licence)
    version = Version(
        kind=kind,
        identifiers=identifiers,
        title=shown,
        original_title=original,
        language=language,
        other_languages=parts.languages(root, language),
        abstracts=abstracts,
        authors=people.authors(meta),
        journal=journal,
        published=front.published(meta),
        publication_types=(article_type,) if article_type else (),
        keywords=front.keywords(meta),
        grants=back.grants(meta),
        trials=merge_trials(trials.marked(meta)),
        data=back.data_links(text),
        licence=licence,
        open_access=open_access,
        links=standing.links(meta),
        notices=standing.notices(meta, article_type, title),
        full_texts=_full_texts(identifiers, free=bool(open_access)),
        competing_interests=back.competing_interests(text),
        meeting=meeting(meta, title, is_abstract=kind is VersionKind.ABSTRACT),
        cites=cited_keys(cited),
    )
    _check_size(version, native_id)
    return Article(version, text, cited, front.publisher_id(meta), front.dates(meta), front.subjects(meta))


def _title(meta: etree._Element, native_id: str) -> str:
    title = front.title(meta)
    if not title:
        raise RecordRejected(SOURCE, native_id, "no-title")
    if len(title) > _MOST_TITLE:
        raise RecordRejected(SOURCE, native_id, "too-large", f"a title of {len(title)} letters")
    return title


def _check_size(version: Version, native_id: str) -> None:
    """Refuse what no journal prints and what would cost every reader of the record."""
    letters = sum(len(abstract.text) for abstract in version.abstracts)
    places = sum(len(a.text) for author in version.authors for a in author.affiliations)
    for count, most, what in (
        (letters, _MOST_ABSTRACT, "letters of abstract"),
        (len(version.authors), _MOST_AUTHORS, "authors"),
        (places, _MOST_AFFILIATIONS, "letters of affiliations"),
    ):
        if count > most:
            raise RecordRejected(SOURCE, native_id, "too-large", f"{count} {what}, at most {most}")


def _kind(article_type: str, journal: Journal | None) -> VersionKind:
    # A "meeting-report" tells about a meeting; it is an article.
    if article_type in parts.ABSTRACTS:
        return VersionKind.ABSTRACT
    on_server = is_on_preprint_server(journal)
    return VersionKind.PREPRINT if article_type == "preprint" or on_server else VersionKind.ARTICLE


def _full_texts(identifiers: Identifiers, *, free: bool) -> tuple[FullText, ...]:
    found = []
    if identifiers.pmcid:
        found.append(FullText(f"https://pmc.ncbi.nlm.nih.gov/articles/{identifiers.pmcid}/", free=True))
    if identifiers.doi:
        found.append(FullText(f"https://doi.org/{identifiers.doi}", free=free))
    return tuple(found)
