"""What the front matter of a JATS article says about it: ids, title, abstracts, dates, terms of use."""

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime

from lxml import etree

from crawler.records.dates import earliest, written_date
from crawler.records.kinds import kind_of
from crawler.records.remembering import remembered
from crawler.records.sections import labelled
from crawler.records.text import language_tag, partial_date, unreviewed, with_subtitle
from crawler.records.xml import element_text, take_out
from domain.identifiers import Identifiers, normalise_arxiv, normalise_doi, normalise_pmcid, normalise_pmid
from domain.licence import Licence, to_licence
from domain.paper import Abstract, AbstractKind, Journal, Section, unique

Element = etree._Element

XLINK = "{http://www.w3.org/1999/xlink}href"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LICENCE_REF = "{http://www.niso.org/schemas/ali/1.0/}license_ref"
_FREE_TO_READ = "{http://www.niso.org/schemas/ali/1.0/}free_to_read"
_PLAIN = frozenset(
    {"executive-summary", "plain-language-summary", "author-summary", "lay-summary", "plain-language"}
    | {"summary-plain", "editor-summary", "synopsis", "digest"}
)
_MAIN = frozenset(
    {"", "abstract", "main", "section", "sections", "short", "standard", "structured", "summary"}
    | {"web-summary"}
)
_ASIDE = re.compile(r"graphic|visual|video|toc|teaser|key|highlight|precis|podcast|image", re.IGNORECASE)
"""Types of what stands beside an abstract."""
_PLAIN_TITLE = re.compile(
    r"\b(?:plain[- ]language|lay|simple|author|editors?['’]?) summary\b|digest$", re.IGNORECASE
)
_OWN_DOI = re.compile(r"(?:DOI:?\s*)?https?://(?:dx\.)?doi\.org/\S+", re.IGNORECASE)
_TEXT = ("p", "list", "disp-quote", "def-list", "disp-formula", "boxed-text")
_APART = frozenset(
    {"title", "label", "sec", "sec-meta", "object-id", "kwd-group", "related-article", "related-object"}
    | {"fig", "fig-group", "table-wrap", "graphic", "media", "supplementary-material", *_TEXT}
)
"""What in an abstract is none of the words that stand bare in it."""
_NARROWER = re.compile(
    r"creativecommons\.org/licenses/by-n|\bcc[\s_-]?by[\s_-]n[cd]\b"
    r"|\battribution[\s,–-]+(?:non[\s-]?commercial|no[\s-]?deriv)",
    re.IGNORECASE,
)
"""A licence named beside another one, which allows less than attribution alone."""
_KEYWORDS = ("kwd", "compound-kwd")
_NOTE_MARKS = re.compile(r"\s*[*†‡§¶#]+\s*")
_WORD = re.compile(r"[^\W\d_]{2}")
_SUBJECT_HEADINGS = frozenset({"display-channel", "article-type"})
_MOST_TERMS = 4_000
_WIDE = frozenset({"cc-by", "cc-by-sa", "cc0", "public-domain"})
_GENERAL = frozenset({"correction", "retraction"})


def identifiers(meta: Element, journal_meta: Element | None) -> Identifiers:
    """The article's ids; the publisher's own only when there is no other."""
    given: dict[str, str] = {}
    for one in meta.iterchildren("article-id"):
        given.setdefault(one.get("pub-id-type", "").lower(), (one.text or "").strip())
    pmcid = given.get("pmcid") or given.get("pmc") or given.get("pmcaid", "")
    known = Identifiers(
        doi=normalise_doi(given.get("doi", "")),
        pmid=normalise_pmid(given.get("pmid", "")),
        pmcid=normalise_pmcid(pmcid) or normalise_pmcid(f"PMC{pmcid}"),
        arxiv=normalise_arxiv(given.get("arxiv", "")),
    )
    own = given.get("publisher-id") or given.get("manuscript", "")
    if any(known.keys()) or not own:
        return known
    journal = "" if journal_meta is None else journal_meta.findtext("journal-id") or ""
    return Identifiers(other=("publisher:" + "/".join(part for part in (journal.strip(), own) if part),))


def titles(meta: Element, own: str, language: str) -> tuple[str, str]:
    """The title to show, and where that is an English translation also `own`, in the article's language."""
    translated = "" if language == "en" else _english_title(meta)
    return (translated, own) if translated and translated != own else (own, "")


def _english_title(meta: Element) -> str:
    for one in meta.iterfind("title-group//trans-title"):
        group = one.getparent()
        given = one.get(_LANG) or ("" if group is None else group.get(_LANG, ""))
        if given and language_tag(given) == "en":
            subtitle = None if group is None else group.find("trans-subtitle")
            return with_subtitle(_title_text(one), _title_text(subtitle))
    return ""


def title(meta: Element) -> str:
    """The title with its subtitle; else a translated one."""
    group = meta.find("title-group")
    if group is None:
        return ""
    main, subtitle = (_title_text(group.find(name)) for name in ("article-title", "subtitle"))
    return (
        with_subtitle(main, subtitle)
        or subtitle
        or _title_text(group.find("trans-title-group/trans-title"))
        or _title_text(group.find("trans-title"))
    )


def _title_text(element: Element | None) -> str:
    """The text of a title without the marks of its notes."""
    if element is None:
        return ""
    for note in list(element.iter("xref", "fn", "sup")):
        if note.tag != "sup" or (
            _NOTE_MARKS.fullmatch("".join(note.itertext())) and not (note.tail or "")[:1].isalnum()
        ):  # an allele such as HLA-A*02 has its star within the word
            take_out(note)
    return unreviewed(element_text(element))


def abstracts(meta: Element, language: str) -> tuple[Abstract, ...]:
    """The abstract, summaries in plain language and translations; pictures and teasers are left out."""
    found = []
    kinds = {one: _abstract_kind(one) for one in meta.iterchildren("abstract", "trans-abstract")}
    if (only := _only_abstract(kinds)) is not None:
        kinds[only] = AbstractKind.MAIN
    for element, kind in kinds.items():
        if kind is None or not (parts := tuple(sections(element))):
            continue
        if len(parts) == 1 and not parts[0].label and kind is not AbstractKind.PLAIN:
            parts = labelled(parts[0].text)  # set in bold at most
        given = element.get(_LANG)
        fallback = "und" if kind is AbstractKind.TRANSLATED else "en" if language == "und" else language
        found.append(Abstract(parts, kind, language_tag(given) if given else fallback))
    return tuple(found)


def _only_abstract(kinds: dict[Element, AbstractKind | None]) -> Element | None:
    """The abstract where none is called so, as with publishers who have names of their own for it."""
    given = [one for one in kinds if one.tag == "abstract"]
    if any(kinds[one] for one in given):
        return None
    others = [one for one in given if not _ASIDE.search(one.get("abstract-type", ""))]
    return others[0] if len(others) == 1 else None


def _abstract_kind(element: Element) -> AbstractKind | None:
    form = element.get("abstract-type", "").lower().replace("_", "-")
    if form in _PLAIN or _PLAIN_TITLE.search(element_text(element.find("title"))):
        return AbstractKind.PLAIN
    if element.tag == "trans-abstract":
        return AbstractKind.TRANSLATED if form in _MAIN else None
    return AbstractKind.MAIN if form in _MAIN else None


def sections(abstract: Element, label: str = "") -> Iterator[Section]:
    """Its parts: one for each `sec`, and one for the paragraphs and bare words that stand in none."""
    loose: list[str] = []
    for child in _paragraphs(abstract):
        if child.tag == "sec":
            if loose:
                yield Section(" ".join(loose), label)
                loose = []
            yield from sections(child, element_text(child.find("title")).rstrip(" :.") or label)
        elif (child.tag in _TEXT or child.tag not in _APART) and (text := _without_own_doi(child)):
            loose.append(text)  # what a later format may bring is text, too
    if loose:
        yield Section(" ".join(loose), label)


def _paragraphs(holder: Element) -> Iterator[Element]:
    """What stands in a part of an abstract; words with no paragraph around them, as SPIE has them, in one."""
    if not any(_WORD.search(text or "") for text in (holder.text, *(child.tail for child in holder))):
        yield from holder
        return
    bare = _bare(holder.text)
    for child in holder:
        if child.tag in _APART:
            yield bare
            yield child
            bare = _bare(child.tail)
        else:
            bare.append(deepcopy(child))
    yield bare


def _bare(text: str | None) -> Element:
    paragraph = etree.Element("p")
    paragraph.text = text
    return paragraph


def _without_own_doi(paragraph: Element) -> str:
    """The text of a paragraph; nothing for one that only repeats the abstract's own DOI."""
    text = element_text(paragraph)
    return "" if _OWN_DOI.fullmatch(text) else text


def journal(element: Element | None, meta: Element) -> Journal | None:
    """Where the article appeared."""
    if element is None:
        return None
    ids = {one.get("journal-id-type"): (one.text or "").strip() for one in element.iterchildren("journal-id")}
    group = element.find("journal-title-group")
    holder = element if group is None else group
    name = element_text(holder.find("journal-title")) or next(
        filter(None, map(ids.get, ("nlm-ta", "iso-abbrev", "publisher-id"))), ""
    )
    if not name:
        return None
    return Journal(
        title=name,
        abbreviation=element_text(holder.find("abbrev-journal-title"))
        or ids.get("iso-abbrev")
        or ids.get("nlm-ta", ""),
        issn=unique(text for one in element.iterchildren("issn") if (text := (one.text or "").strip())),
        publisher=element_text(element.find("publisher/publisher-name")),
        volume=element_text(meta.find("volume")),
        issue=element_text(meta.find("issue")),
        pages=_pages(meta),
    )


def _pages(meta: Element) -> str:
    first, last = element_text(meta.find("fpage")), element_text(meta.find("lpage"))
    return "-".join(unique(page for page in (first, last) if page)) or element_text(meta.find("elocation-id"))


def published(meta: Element) -> str | None:
    """The earliest date of publication, in print or on line; that of a collection only when alone.

    Dates of receipt, acceptance, release in an archive or retraction are not publication. A print date on
    the first of a month in which the article came out on line names the issue's month, not a day.
    """
    dates: dict[bool, list[str]] = {True: [], False: []}
    printed: list[str] = []
    for one in meta.iterchildren("pub-date"):
        kind = one.get("pub-type") or one.get("date-type") or "pub"
        if kind in {"pmc-release", "nihms-submitted", "retracted", "corrected", "preprint", "update"}:
            continue
        if date := _date(one):
            if _is_issue_day(one, date):
                printed.append(date)
            else:
                dates[kind in {"collection", "ecorrected", "issue"}].append(date)
    online = {date[:7] for date in dates[False] if len(date) == 10}
    dates[False] += [date for date in printed if date[:7] not in online]
    return earliest(dates[False] or dates[True])


def _is_issue_day(element: Element, date: str) -> bool:
    """Whether it is a print date on the first of a month, which may be all that the issue's cover says."""
    printed = element.get("pub-type") == "ppub" or element.get("publication-format") == "print"
    return printed and len(date) == len("2025-02-01") and date.endswith("-01")


def _date(element: Element) -> str | None:
    parts = {str(child.tag): child.text or "" for child in element}
    whole = partial_date(parts.get("year"), parts.get("month"), parts.get("day"))
    iso = element.get("iso-8601-date", "")
    return whole or (partial_date(iso) if iso else None) or written_date(parts.get("string-date", ""))


def dates(meta: Element) -> tuple[tuple[str, str], ...]:
    """Every date of publication with its kind, as given."""
    return tuple(
        (one.get("pub-type") or one.get("date-type") or "pub", date)
        for one in meta.iterchildren("pub-date")
        if (date := _date(one))
    )


def publisher_id(meta: Element) -> str:
    """The publisher's own id; "" where none is given."""
    return element_text(meta.find("article-id[@pub-id-type='publisher-id']"))


def subjects(meta: Element) -> tuple[str, ...]:
    """All headings under which the journal files the article."""
    return unique(filter(None, map(element_text, meta.iterfind("article-categories//subject"))))


def licence(meta: Element) -> Licence | None:
    """The terms of use, from an address before words, with where they stood.

    Where the words name a licence that allows less than the address does, theirs is the one. Those of an
    author's manuscript, to which PubMed Central gives a number, are not the article's.
    """
    if meta.find("article-id[@pub-id-type='manuscript']") is not None:
        return None
    holder = meta.find("permissions")
    if holder is None:
        holder = meta  # before NLM 2.3 they stood there
    stated = list(_statements(holder))
    known = [found for text, field in stated if (found := _terms(text, field))]
    first = next((one for one in known if one.code != "other"), None)
    if first is None or first.code not in _WIDE:
        return first or next(iter(known), None)
    narrower = (_terms(text, field) for text, field in stated if _NARROWER.search(text))
    return next((one for one in narrower if one and one.code not in _WIDE), first)


_terms = remembered(1024, _MOST_TERMS, lambda text, field: len(text))(to_licence)
"""What a statement says, which a journal repeats in all its articles."""


def _statements(permissions: Element) -> Iterator[tuple[str, str]]:
    for reference in permissions.iter(_LICENCE_REF):
        start = reference.get("start_date", "")
        if not start or start <= datetime.now(UTC).date().isoformat():
            yield reference.text or "", "permissions//ali:license_ref"
    for element in permissions.iterchildren("license"):
        yield element.get(XLINK, ""), "permissions/license/@xlink:href"
        for link in element.iter("ext-link", "uri"):
            if "creativecommons.org" in link.get(XLINK, ""):
                yield link.get(XLINK, ""), "permissions/license//ext-link/@xlink:href"
        for words in element.iterchildren("license-p", "p"):
            yield element_text(words), f"permissions/license/{words.tag!s}"
        yield element.get("license-type", ""), "permissions/license/@license-type"
    for statement in permissions.iterchildren("copyright-statement"):
        # A "©" line is no licence, but some publishers put the whole licence there.
        if (found := _terms(text := element_text(statement), "")) and found.code != "other":
            yield text, "permissions/copyright-statement"


def open_access(meta: Element, terms: Licence | None) -> bool | None:
    """True where the article says so, by licence or mark; None where it says nothing."""
    if terms is not None and (terms.code.startswith("cc") or terms.code == "public-domain"):
        return True
    permissions = meta.find("permissions")
    if permissions is None:
        return None
    marked = any(one.get("license-type") == "open-access" for one in permissions.iterchildren("license"))
    return True if marked or next(permissions.iter(_FREE_TO_READ), None) is not None else None


def _keyword(element: Element) -> str:
    """A keyword; of one in parts those that are words rather than codes."""
    if element.tag == "kwd":
        return element_text(element).rstrip(" ;,.")
    parts = (one for one in element if "code" not in one.get("content-type", ""))
    return " ".join(filter(None, map(element_text, parts)))


def _words(group: Element) -> list[str]:
    """The keywords of a group; some publishers have all of them in one."""
    words = [_keyword(kwd) for kwd in group.iter(*_KEYWORDS)]
    if len(words) != 1 or not (";" in words[0] or words[0].count(", ") > 1):
        return words
    return [word.strip() for word in words[0].split(";" if ";" in words[0] else ",")]


def _is_glossary(group: Element) -> bool:
    """Whether a group of keywords explains the article's abbreviations."""
    return "abbrev" in f"{group.get('kwd-group-type', '')} {group.findtext('title') or ''}".lower()


def keywords(meta: Element) -> tuple[str, ...]:
    """Keywords, then subjects; words for the kind of article are neither."""
    groups = (one for one in meta.iterchildren("kwd-group") if not _is_glossary(one))
    words = [word for group in groups for word in _words(group)]
    for group in meta.iterfind("article-categories/subj-group"):
        if group.get("subj-group-type") not in _SUBJECT_HEADINGS:
            subjects = (element_text(subject) for subject in group.iter("subject"))
            words += [subject for subject in subjects if not kind_of((subject,))]
    return unique(word for word in words if word and word.lower() not in _GENERAL)
