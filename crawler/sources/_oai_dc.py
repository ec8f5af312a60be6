"""The fields of an `oai_dc` record: fifteen names, each of which everyone fills in their own way.

After the OAI-PMH guidelines of OpenAIRE (types, access rights, `altIdentifier`), and the habits of OJS (the
journal in `source`), DSpace (three dates, citation in `identifier`) and EPrints. What could be another
paper's is never taken for this one's: a DOI in `relation` counts only where it is called an alternative id,
or where EPrints gives it as the official address of an article.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from lxml import etree

from crawler.records.dates import earliest, is_past, written_date
from crawler.records.kinds import kind_of, type_name
from crawler.records.names import is_latin
from crawler.records.sections import sections
from crawler.records.spoken import is_english
from crawler.records.text import language_tag, partial_date, plain_text, title_text
from crawler.records.xml import element_text
from crawler.sources._oai_answer import local_name
from crawler.sources._oai_dc_ids import full_texts, identifiers, is_deposit, related_article
from crawler.sources._oai_dc_journal import journal
from crawler.sources._oai_dc_people import authors
from crawler.telling.manuscripts import is_manuscript
from crawler.telling.notices import marked, unmarked
from domain.identifiers import Identifiers
from domain.licence import Licence, to_licence
from domain.paper import (
    Abstract,
    AbstractKind,
    Grant,
    Journal,
    Link,
    LinkKind,
    VersionKind,
    unique,
)

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ACCESS = re.compile(
    r"info:eu-repo/semantics/(\w+)access\b|purl\.org/coar/access_right/(c_\w+)|^(open)[ -]?access$"
    r"|^(closed|restricted|embargoed)access$"
    # In so many words only open access is told, and in these languages by two.
    r"|^(acceso abierto|acesso aberto|acc[eè]s libre|acc[eè]s ouvert|libre acc[eè]s)$",
    re.IGNORECASE,
)
_OPEN = frozenset({"open", "c_abf2"})
_EMBARGOED = re.compile(r"(?:^|/)(?:embargoedaccess|c_f1cf)\b", re.IGNORECASE)
_OF_A_PART = re.compile(r"\b(?:meta)?data\b|\bdata ?sets?\b|\bsupplement", re.IGNORECASE)
"""What access is told of beside the article's own."""
_CLASSIFICATION = re.compile(r"^(?:info:eu-repo/classification/|https?://|ddc:|dewey|\d+(?:\.\d+)?$)", re.I)
_PROVENANCE = re.compile(
    r"^(?:made available in|submitted by|approved for entry|item (?:was )?|rejected by|peer[- ]?review|"
    r"published version|accepted version|includes (?:bibliograph|references|index)|"
    r"\d+ (?:p\b|pages|páginas|pp\b)|pp?\.? ?\d|fil:|info:eu-repo)",
    re.IGNORECASE,
)
_GRANT = re.compile(
    r"info:eu-repo/grantAgreement/(?P<funder>[^/\s]{1,80})/[^/]{0,80}/(?P<award>[^/\s]{1,80})",
    re.IGNORECASE,
)
_FUNDERS = {"EC": "European Commission"}
_BETWEEN_LANGUAGES = re.compile(r"\s*[;|,/]\s*")
_EPRINTS = frozenset({"PeerReviewed", "NonPeerReviewed"})
_SHORTEST_ABSTRACT = 60
_LABELLED = ("description", "abstract")
_EMBARGO = "embargoend"
_TIME = re.compile(r"\dT\d")
_VERSION_ELEMENTS = ("type", "version", "rights", "format", "status", "hasversion")


@dataclass(frozen=True, slots=True)
class Dublin:
    """A record's values by element, each with its language (`und` where it states none)."""

    values: dict[str, list[tuple[str, str]]]

    @classmethod
    def read(cls, body: etree._Element) -> "Dublin":
        """Read the elements, in whatever name space, empty ones left out."""
        values: dict[str, list[tuple[str, str]]] = {}
        for one in body.iter(etree.Element):
            text = element_text(one) if one is not body and not len(one) else ""
            if text:
                name = local_name(one).lower()
                language = language_tag(one.get(_LANG) or one.get("lang") or "")
                # Lines and markup may set the labels of an abstract apart.
                values.setdefault(name, []).append(
                    ((one.text or "") if name in _LABELLED else text, language)
                )
        return cls(values)

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of an element, each once."""
        return unique(text for text, _ in self.values.get(name, ()))


def to_fields(body: etree._Element, own_key: str) -> dict[str, Any]:
    """The arguments of a `Version`; the title is "" where there is none."""
    dublin = Dublin.read(body)
    language, *others = _languages(dublin)
    title, original = _titles(dublin, language)
    kind = kind_of(dublin.texts("type")) or VersionKind.ARTICLE
    ids = identifiers(dublin.texts("identifier"), dublin.texts("relation"), dublin.texts("source"), own_key)
    if at_arxiv := ids.arxiv is not None and "arxiv.org:" in own_key.lower():
        kind, ids, article = VersionKind.PREPRINT, *_of_arxiv(ids)
    else:
        article = related_article(dublin.texts("relation"), ids)
    official = article if _is_eprints(dublin) and kind is VersionKind.ARTICLE and not ids.doi else None
    if official and is_deposit(official.removeprefix("doi:")):
        official = None
    if official:
        ids = replace(ids, doi=official.removeprefix("doi:"))
    rights = dublin.texts("rights") + dublin.texts("accessrights")
    access = open_access(rights)
    if access is False and _is_embargo_over(dublin):  # only what is said besides still holds
        access = open_access(tuple(text for text in rights if not _EMBARGOED.search(text))) or None
    # Beside what cannot be read a licence is that of the record, or begins when the embargo ends.
    not_its = official or access is False or _is_manuscript(dublin, kind, ids)
    licence = None if not_its else _licence(dublin)
    free = access if access is not None else bool(licence and licence.code.startswith(("cc", "public")))
    return {
        "kind": kind,
        "identifiers": ids,
        "title": unmarked(title),
        "original_title": unmarked(original),
        "language": language,
        "other_languages": tuple(others),
        "abstracts": _abstracts(dublin, language),
        "authors": authors(_creators(dublin)),
        "journal": Journal("arXiv", publisher="Cornell University")
        if at_arxiv
        else journal(
            dublin.texts("source"),
            dublin.texts("identifier"),
            dublin.texts("publisher"),
            dublin.texts("relation"),
            filter(None, (title, original)),
        ),
        "published": _published(dublin),
        "publication_types": unique(type_name(text) for text in dublin.texts("type")),
        "keywords": tuple(_keywords(dublin)),
        "grants": unique(_grants(dublin)),
        "licence": licence,
        "open_access": True if free else access,
        "links": (Link(LinkKind.ARTICLE, article),) if article and kind is VersionKind.PREPRINT else (),
        "notices": marked(title) or marked(original),
        "full_texts": full_texts(dublin.texts("identifier"), dublin.texts("relation"), ids, free=free),
    }


def _is_eprints(dublin: Dublin) -> bool:
    """Whether EPrints wrote the record: its one relation elsewhere is where the paper was published.

    What lies in the repository may be the authors' manuscript, and its licence not the article's.
    """
    return any(text in _EPRINTS for text in dublin.texts("type"))


def _of_arxiv(ids: Identifiers) -> tuple[Identifiers, str | None]:
    """arXiv says "text" of its preprints, and gives the DOI and the journal of the article that followed."""
    own = f"10.48550/arxiv.{ids.arxiv}"
    article = f"doi:{ids.doi}" if ids.doi and ids.doi != own else None
    return replace(ids, doi=own), article


def _languages(dublin: Dublin) -> tuple[str, ...]:
    """The languages that the record names, of which the first is taken for the paper's own; or `und`."""
    given = (language_tag(one) for text in dublin.texts("language") for one in _BETWEEN_LANGUAGES.split(text))
    if named := unique(tag for tag in given if tag != "und"):
        return named
    tags = {tag for _, tag in dublin.values.get("title", ()) if tag != "und"}
    return (tags.pop() if len(tags) == 1 else "und",)


def _titles(dublin: Dublin, language: str) -> tuple[str, str]:
    """The title, in English where it is given in English too, and then the paper's own one behind it."""
    given = dublin.values.get("title", [])
    own = [text for text, tag in given if tag == language and tag != "und"]
    title = title_text(plain_text((own or [text for text, _ in given] or [""])[0]))
    english = [text for text, tag in given if tag == "en"]
    if not own or not english or language == "en":
        return title, ""
    return title_text(plain_text(english[0])), title


def _creators(dublin: Dublin) -> tuple[str, ...]:
    """The creators; where each is named in Latin letters and in another script too, in the former."""
    spoken: dict[str, list[str]] = {}
    for text, tag in dublin.values.get("creator", ()):
        spoken.setdefault(tag, []).append(text)
    latin = [names for names in spoken.values() if all(map(is_latin, names))]
    others = [names for names in spoken.values() if not any(map(is_latin, names))]
    is_told_again = len(latin) == 1 and others and all(len(names) == len(latin[0]) for names in others)
    if not is_told_again or len(latin) + len(others) < len(spoken) or "und" in spoken:
        return dublin.texts("creator")
    return unique(latin[0])


def _grants(dublin: Dublin) -> Iterator[Grant]:
    """Projects as the guidelines of OpenAIRE name them: funder, programme, number, and at times more."""
    for text in dublin.texts("relation"):
        if match := _GRANT.match(text):
            funder = unquote(match["funder"])
            yield Grant(_FUNDERS.get(funder.upper(), funder), unquote(match["award"]))


def _abstracts(dublin: Dublin, language: str) -> tuple[Abstract, ...]:
    """The longest description of each language; that of the paper's own language in front."""
    longest: dict[str, tuple[str, str]] = {}
    for text, tag in (pair for name in _LABELLED for pair in dublin.values.get(name, [])):
        plain = plain_text(text)
        if len(plain) < _SHORTEST_ABSTRACT or _PROVENANCE.match(plain):
            continue
        if tag == "und" and language != "en" and is_english(plain):
            tag = "en"  # few say so of a translation
        if len(plain) > len(longest.get(tag, ("", ""))[0]):
            longest[tag] = plain, text
    ordered = sorted(longest, key=lambda tag: (tag != language, tag != "und", tag))
    found = []
    for number, tag in enumerate(ordered):
        kind = AbstractKind.TRANSLATED if number else AbstractKind.MAIN
        if parts := sections(longest[tag][1]):
            found.append(Abstract(parts, kind, language if tag == "und" else tag))
    return tuple(found)


def _published(dublin: Dublin) -> str | None:
    """The date of publication: times of day are a repository's bookkeeping, an embargo's end is none."""
    given = [text for text in dublin.texts("date") + dublin.texts("issued") if _EMBARGO not in text.lower()]
    days = [day for text in given if not _TIME.search(text) and (day := written_date(text))]
    return earliest(days or [day for text in given if (day := partial_date(text))])


def _is_embargo_over(dublin: Dublin) -> bool:
    """Whether the record names the end of its embargo, and that is past."""
    ends = (text.rpartition("/")[2] for text in dublin.texts("date") if _EMBARGO in text.lower())
    return any(is_past(day) for end in ends if (day := partial_date(end)))


def _is_manuscript(dublin: Dublin, kind: VersionKind, ids: Identifiers) -> bool:
    """Whether the copy is what the authors sent in or had accepted: the article's terms may be others.

    Without a DOI, a preprint is no copy of an article.
    """
    if kind is VersionKind.PREPRINT and (ids.doi is None or ids.arxiv is not None):
        return False
    return any(is_manuscript(*dublin.texts(name)) for name in _VERSION_ELEMENTS)


def _licence(dublin: Dublin) -> Licence | None:
    """All that the rights say, read together: they may stand in several elements and languages."""
    given = [text for text in dublin.texts("license") + dublin.texts("rights") if not _ACCESS.search(text)]
    read = [(text, licence) for text in given if (licence := to_licence(text, "dc:rights"))]
    read.sort(key=lambda pair: pair[1].code == "other")
    if read and read[0][1].code != "other":
        return to_licence("; ".join(text for text, _ in read), "dc:rights")
    return read[0][1] if read else None


def open_access(rights: tuple[str, ...]) -> bool | None:
    """What the access rights say of the article, open only where all say so; None where they say nothing."""
    found = [
        next(group for group in m.groups() if group).lower()
        for text in rights
        if (m := _ACCESS.search(text)) and not _OF_A_PART.search(text)
    ]
    return all(word in _OPEN or " " in word for word in found) if found else None


def _keywords(dublin: Dublin) -> Iterator[str]:
    seen = set()
    subjects = dublin.texts("subject")
    between = r"\s*[;|]\s*"
    if len(subjects) == 1 and subjects[0].count(",") > 2 and ";" not in subjects[0]:
        between = r"\s*,\s*"  # all of them in one element
    for subject in subjects:
        for word in re.split(between, subject):
            known = word.casefold()
            if word and known not in seen and not _CLASSIFICATION.match(word):
                seen.add(known)
                yield word.rstrip(".")
