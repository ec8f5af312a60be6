"""A citation in the form that NLM writes, less its lists, read from its text in one pass.

Elements that few citations have are parsed, each by itself; a citation in another form is the parser's.
"""

import re
from collections.abc import Sequence

from lxml import etree

from crawler.records.remembering import remembered
from crawler.records.text import tidy, title_text
from crawler.records.xml import element_text, parse_element
from crawler.sources import _pubmed_fields as fields
from crawler.sources._pubmed_citation import Citation
from crawler.sources._pubmed_form import CITATION
from crawler.sources._pubmed_lists import Lists, are_tidy, is_fit, unescaped, value, values
from crawler.telling.notices import is_notice_title
from domain.errors import RecordRejected
from domain.paper import Abstract, Grant, Section, unique

_LONGEST = 1 << 20
_NO_CONTROLS = b"\t\n" + bytes(range(0x20, 0x100))
"""Looked for at once: a pattern would ask of each letter."""
_SECTION = re.compile(r'<AbstractText(?: Label="([^"]*+)")?+[^>]*+>((?:[^<]++|<(?!/AbstractText))*+)')
_KEYWORD = re.compile(r"<Keyword(?: [^>]*+)?+>((?:[^<]++|<(?!/Keyword))*+)")
_LOCATION = re.compile(r'EIdType="doi" ValidYN="Y">([^<]*+)')
_PII = re.compile(r'EIdType="pii" ValidYN="Y">([^<]*+)')
_ID = re.compile(r'IdType="(\w++)">([^<]*+)')
_OTHER = re.compile(r'Source="(\w++)">([^<]*+)')
_LANGUAGE = re.compile(r"<Language>(\w++)")
_SUBSTANCE = re.compile(r"<NameOfSubstance[^>]*+>([^<]*+)")
_GRANT = re.compile(
    r"<Grant>\s*+"
    + "".join(rf"(?:<{n}>([^<]*+)</{n}>\s*+)?+" for n in ("GrantID", "Acronym", "Agency", "Country"))
)
_CITES = re.compile(
    r'<CommentsCorrections RefType="Cites">\s*+(?:<RefSource>[^<]*+</RefSource>\s*+)?+'
    r'<PMID(?: Version="\d++")?+>\d++</PMID>\s*+</CommentsCorrections>\s*+'
)
"""What the article cites, as sets until 2018 have it among what was said about it: most of that list."""
_PLACE = (
    *("ISSN", "Title", "ISOAbbreviation", "Volume", "Issue"),
    *("StartPage", "EndPage", "MedlinePgn", "ELocationID"),
)
"""Names of the elements that say where an article was printed."""
_EACH_DAY = re.compile(r"<Year>(\d++)</Year>\s*+<Month>(\d++)</Month>\s*+<Day>(\d++)")


def read_plain(lists: Lists) -> Citation | None:
    """The citation from which `lists` were taken; None where the parser has to read it."""
    if len(lists.payload) > _LONGEST or lists.payload.translate(None, _NO_CONTROLS):
        return None
    try:
        text = lists.payload.decode()
    except UnicodeDecodeError:
        return None
    found = CITATION.fullmatch(text)
    if found is None or not is_fit(text):
        return None
    try:
        return _citation(lists, *found.groups(""))
    except RecordRejected:  # markup that is not closed
        return None


def _citation(
    lists: Lists,
    _: str,
    issn: str,
    volume: str,
    issue: str,
    year: str,
    month: str,
    day: str,
    medline_date: str,
    journal: str,
    abbreviation: str,
    title: str,
    first_page: str,
    last_page: str,
    pages: str,
    locations: str,
    sections: str,
    copyright: str,  # noqa: A002 - as the element is called
    languages: str,
    databanks: str,
    grants: str,
    vernacular: str,
    days: str,
    chemicals: str,
    diseases: str,
    corrections: str,
    genes: str,
    subjects: str,
    others: str,
    other_abstracts: str,
    keywords: str,
    interests: str,
    investigators: str,
    ids: str,
) -> Citation | None:
    """The citation of these texts, in the order of the pattern's groups."""
    native = _seen(vernacular)
    name = fields.title(_seen(title), native)
    if is_notice_title(name):
        return None  # the whole abstract would be looked at
    for aside in filter(None, (diseases, genes, subjects, investigators)):
        _parsed(aside)
    doi, pmcid = _identifiers(locations, ids, others)
    pii = "" if pages or first_page else _pii(locations)
    place = issn, journal, abbreviation, volume, issue, first_page, last_page, pages, pii
    printed = fields.day(year, month or None, day or None) if year else fields.medline_day(medline_date)
    electronic = [fields.day(*one) for one in _EACH_DAY.findall(days)] if days else ()
    return Citation(
        title=name,
        is_entitled_notice=False,
        vernacular=title_text(native),
        doi=doi,
        pmcid=pmcid,
        types=lists.types,
        languages=fields.languages(_LANGUAGE.findall(languages)),
        abstracts=(*_abstract(sections), *_other_abstracts(other_abstracts)),
        copyright=_seen(copyright),
        authors=lists.authors,
        journal=fields.journal(lists.catalogue, dict(zip(_PLACE, values(place), strict=True))),
        published=fields.first_day((*electronic, printed)),
        mesh=lists.mesh,
        keywords=unique(filter(None, map(_seen, _KEYWORD.findall(keywords)))) if keywords else (),
        substances=_substances(chemicals) if chemicals else (),
        grants=_grants(grants) if grants else (),
        competing_interests=_seen(interests),
        databanks=_parsed(databanks) if databanks else None,
        corrections=_parsed(_CITES.sub("", corrections)) if corrections else None,
    )


def _seen(raw: str) -> str:
    """What a reader sees of a field that may hold markup. Raises `RecordRejected`."""
    if "<" not in raw:
        return value(raw)
    return element_text(_parsed(f"<Text>{raw}</Text>"))


def _parsed(markup: str) -> etree._Element:
    return parse_element(markup.encode(), "pubmed", "")


def _other_abstracts(elements: str) -> tuple[Abstract, ...]:
    return fields.abstracts(None, _parsed(f"<List>{elements}</List>")) if elements else ()


def _abstract(sections: str) -> tuple[Abstract, ...]:
    found = [(_seen(raw), label) for label, raw in _SECTION.findall(sections)]
    told = tuple([Section(text, _label(label)) for text, label in found if text])
    return (Abstract(told),) if told else ()


@remembered(1 << 10)
def _label(raw: str) -> str:
    return fields.label(unescaped(raw))


def _identifiers(locations: str, ids: str, others: str) -> tuple[str | None, str | None]:
    """DOI and id in PMC."""
    return fields.identifiers(
        map(unescaped, _LOCATION.findall(locations)),
        [(kind, unescaped(text)) for kind, text in _ID.findall(ids)],
        ((source, unescaped(text)) for source, text in _OTHER.findall(others)) if others else (),
    )


def _pii(locations: str) -> str:
    return found[1] if (found := _PII.search(locations)) else ""


def _substances(chemicals: str) -> tuple[str, ...]:
    raws = _SUBSTANCE.findall(chemicals)
    return unique(filter(None, raws if are_tidy(raws) else [tidy(unescaped(raw)) for raw in raws]))


def _grants(listed: str) -> tuple[Grant, ...]:
    rows: list[Sequence[str]] = _GRANT.findall(listed)
    return unique([grant for row in rows if (grant := fields.grant(*map(value, row)))])
