"""Licences as codes with the evidence for them; nothing is ever guessed."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

_URL = re.compile(r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)\b|publicdomain/(zero|mark))")
_WORDS = re.compile(r"\bcc[\s_-]*(by(?:[\s_-]*nc)?(?:[\s_-]*(?:nd|sa))?|0|zero|pdm)\b")
_VERSION = re.compile(r"(?:/|\s|-)(\d\.\d)\b")
_ATTRIBUTION = re.compile(
    r"\bcreative[\s-]+commons\b.{0,300}\battribution\b|"
    r"\battribution[\s-]+(?:non[\s-]*commercial|no[\s-]*deriv|share[\s-]*alike)"
)
_CREATIVE_COMMONS = re.compile(r"\bcreative[\s-]+commons\b", re.I)
_TRANSLATED = re.compile(
    r"\b(?:attribution|atribuci[oó]n|reconocimiento|atribui[cç][aã]o|namensnennung|paternit[eé]|attribuzione"
    r"|naamsvermelding|uznanie autorstwa)\b",
    re.I,
)
_RELEASE = re.compile(r"\b[1-4]\.[05]\b")
"""The licences' own numbers, which stand in their whole names."""
_BESIDE = re.compile(
    r"\b(?:creative[\s-]+commons|cc|by|v(?:ersi[oó]n|ers[aã]o|ersione?|ersie|\.)?(?=[\s-]*\d)"
    r"|interna[ct]ional|internazionale|internationaa?le?|mi[eę]dzynarodowe|unported|g[eé]n[eé]rique|gen[eé]rica"
    r"|licen[cs]e|licen[cs]ia|licen[cç]a|lizenz|licentie|licenza|licencja|licenciad[oa]|lizenziert|licenziat[oa]"
    r"|nutzung|u[zż]ycie|uso|est[ae]|obra|trabalho|trabajo|art[ií]culo|artigo|est[aá]|bajo|una?|uma|sob|de|la|los|t[eé]rminos"
    r"|dieses|werk|ist|unter|einer|der|cet|œuvre|article|sous|une|mise? [aà] disposition|selon|les|termes"
    r"|espa[nñ]a|m[eé]xico|argentina|chile|colombia|per[uú]|ecuador|costa rica|brasil|portugal|deutschland"
    r"|[oö]sterreich|schweiz|nederland|belgi[eë]|belgique|france|canada|qu[eé]bec|italia|polska"
    r"|united states|united kingdom|australia|brazil|germany|spain)\b",
    re.I,
)
"""What may stand beside the translated name of the plain licence: its version, a country, and mere form."""
_PUBLIC_DOMAIN = re.compile(r"\bpublic[\s-]+domain\b")
_DENIED = re.compile(
    r"\ball rights reserved\b|\btod[oa]s (?:los|os) (?:derechos|direitos) reservados\b"
    r"|\balle rechte vorbehalten\b|\btous (?:les )?droits r[eé]serv[eé]s\b|\btutti i diritti riservati\b"
    r"|\b(?:no(?! rights reserved)|not|never|neither|nor|isn.t)\s+(?:[a-z]{1,20}\s+){0,6}"
    r"(?:cc\b|creative[\s-]+commons|public[\s-]+domain)"
)
"""Words that say of a licence that it does not hold, or beside one that the rest is reserved."""
_PART = (
    r"(?:meta[\s-]*data|data(?:[\s-]*sets?)?|figures?|images?|tables?|abstracts?|references|software|source[\s-]*code"
    r"|supplement(?:s|(?:ary|al)[\s-]+(?:files?|information|materials?))?)"
)
_PART_NAMED = re.compile(rf"\b{_PART}\b")
_PART_ONLY = re.compile(
    rf"\b{_PART}\b[\s:(-]*(?:(?:is|are)\s+)?(?:(?:licensed|available|released|published)\s+)?(?:under\s+)?"
    r"(?:an?\s+|the\s+)?(?:cc\b|creative[\s-]+commons|https?://creativecommons)"
)
"""That the licence named is that of the data or figures, and not of the text."""
_MANUSCRIPT = re.compile(
    r"\baccepted[\s-]+(?:author[\s-]+)?manuscript|\bauthor[\s-]+manuscript|\baccepted[\s-]+version\b"
)
"""What a licence is given to ahead of publication: funders ask for it, and the article's may be another."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.;])\s+")
_FORBIDDEN = r"\b(?:dilarang|interdi(?!sc)|proh[ií]b|pro[ií]b|verbot|yasak)"
_NON_PROFIT = r"\bno[nt]?[\s-]*(?:for[\s-]*)?profit"
_PUBLISHER = (
    r"-?\s+(?:[a-z0-9()-]{1,20}\s+){0,2}"
    r"(?:society|association|organi[sz]ation|publisher|foundation|institution|charity|company|corporation)\b"
)
"""Follows "non-profit" where that is what the publisher is, not what others may do."""
# Terms that narrow what a licence allows, wherever in the statement they stand: who reads a licence for
# wider than it is breaks it, who reads it for narrower only stays silent.
_NARROWER = {
    "nc": re.compile(
        r"\bnc\b|\bnon?[\s-]*(?:comm?er(?:[cs]ial|ical)|komm?er[sz])|\bn[aã]o[\s-]*comercial|\bnicht[\s-]*kommerziell"
        r"|\bpas d.utilisation commerciale|\u975e\u5546\u4e1a"
        r"|\bniet[\s-]*commerci|niekomercyjn|\bkeine[\s-]*kommerzi|\bn(?:o|ão|ao)\b[^.;]{0,60}\bcomercia"
        rf"|{_FORBIDDEN}[^.;]{{0,60}}\b(?:com+erc|kom+er[sz]|ticari)"
        rf"|{_NON_PROFIT}(?!{_PUBLISHER})|\b(?:us(?:e[ds]?|ing)|reuse|for|to|only)\b[^.;]{{0,40}}{_NON_PROFIT}"
        r"|\b(?:non?|sans|sem|senza|sin)\b[^.;]{0,20}\blucr"
        r"|\b(?:academic|educational|personal|private|research)\b[^.;]{0,40}\b(?:purposes?|use) only"
        r"|\b(?:not|no|never|except|excluding|without|prohibit\w*|forbid\w*)\b[^.;]{0,60}\bcommercial"
        r"|\bcommercial\b[^.;]{0,60}\b(?:not|prohibited|forbidden|excluded|permission)\b"
    ),
    "nd": re.compile(
        r"\bnd\b|\bno[\s-]*deriv|\b(?:sin|sem)[\s-]*(?:obras?)?[\s-]*deriva|\bkeine[\s-]*bearbeitung"
        r"|\bpas de modification|\bnon[\s-]*opere[\s-]*derivate"
        r"|\bgeen[\s-]*afgeleide[\s-]*werken|\bbez[\s-]+utwor[oó]w[\s-]+zale[zż]nych"
        r"|\bno[\s-]+(?:modif|adapt|alter|chang)\w+|\bunmodified|\bunaltered"
        r"|\b(?:not|without)\b[^.;]{0,40}\b(?:modif|adapt(?:ed|ation)|alter|transform|chang)\w*"
        rf"|{_FORBIDDEN}[^.;]{{0,40}}\b(?:modif|alter|deriv|adapt)"
        r"|\b(?:derivatives?(?: works?)?|modifications?|adaptations?) (?:are|is|may) not\b"
    ),
    "sa": re.compile(
        r"\bsa\b|\bshare[\s-]*alike|\bcompart(?:ir|ilha)[\s-]*igual|\bgelijk[\s-]*delen"
        r"|\bna tych samych warunkach|\bweitergabe unter gleichen bedingungen"
        r"|\bpartage (?:[aà] l.identique|(?:dans les|selon les|aux) m[eê]mes conditions)"
        r"|\bcondividi allo stesso modo"
    ),
}
_UNDERSTOOD = tuple(
    re.compile(rf"(?:{one.pattern})(?-i:[a-zà-ÿ]{{0,6}})", re.I)
    for one in (*_NARROWER.values(), _TRANSLATED, _BESIDE)
)
"""All that may stand in a translated name, with the endings that terms have."""
_TERM = re.compile(r"\battribution(?:-| - )(?!https?:)(?=[^\W\d_])")
"""What stands before the terms that follow the name of the licence."""
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212,_]")


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as its source states it.

    `code` is a key of `config/licences.toml` (`cc-by`, `cc0`, `cc-by-nc-nd` …) or `other` where a statement
    is present that we do not recognise. A version without any statement has no `Licence` at all.
    """

    code: str
    evidence: str
    """The words or address it was read from, at most 300 characters."""
    field: str
    """Where in the record it stood (`license`, `permissions/license/@xlink:href` …)."""
    version: str | None = None


def to_licence(statement: str, field: str) -> Licence | None:
    """Read a licence from a URL, a short code or a sentence; None for an empty statement.

    >>> to_licence("cc by-nc-nd", "license").code
    'cc-by-nc-nd'
    >>> to_licence("http://creativecommons.org/licenses/by/3.0/", "href").version
    '3.0'
    >>> to_licence("All rights reserved", "license").code
    'other'
    """
    statement = " ".join(statement.split())
    if not statement:
        return None
    version = _VERSION.search(statement)
    return Licence(
        code=_code(statement),
        evidence=statement[:300],
        field=field,
        version=version[1] if version else None,
    )


def _code(statement: str) -> str:
    """The narrowest reading of all that is named: data may be under another licence than the text."""
    printed = _HYPHENS.sub("-", unquote(statement))
    words = printed.lower()  # patterns that take any case look at each letter
    if _DENIED.search(words) or _has_unknown_term(words):
        return "other"
    if _MANUSCRIPT.search(words):
        others = (one for one in _BETWEEN_SENTENCES.split(printed) if not _MANUSCRIPT.search(one.lower()))
        printed = " ".join(others)
        words = printed.lower()
    named = [
        next(group for group in match.groups() if group)
        for pattern in (_URL, _WORDS)
        for match in pattern.finditer(words)
    ]
    if len(named) == 1 and _PART_ONLY.search(words):
        return "other"
    if any(name.startswith("by") for name in named) or _is_attribution(printed):
        narrower = [
            term
            for term, pattern in _NARROWER.items()
            if pattern.search(words) or any(term in name for name in named)
        ]
        if "nd" in narrower and "sa" in narrower:
            narrower.remove("sa")  # nothing is shared alike where nothing may be derived
        return "-".join(["cc", "by", *narrower])
    if _PART_NAMED.search(words):
        return "other"  # data are often given away, and the text beside them is not
    if named:
        return "cc0" if named[0] in ("0", "zero") else "public-domain"
    return "public-domain" if _PUBLIC_DOMAIN.search(words) else "other"


def _has_unknown_term(words: str) -> bool:
    """Whether a word is tied to the name of the licence that nobody listed: it may be a term that narrows."""
    ends = (found.end() for found in _TERM.finditer(words))
    return any(not any(known.match(words, end) for known in _UNDERSTOOD) for end in ends)


def _is_attribution(words: str) -> bool:
    """Whether the licence is named in full; in translation, or by its bare name and number as repositories
    have it ("Attribution 4.0 International"), only where each word beside is understood.

    A translated term that nobody listed may be one that narrows, or that denies.
    """
    if _ATTRIBUTION.search(words.lower()):
        return True
    if not (_TRANSLATED.search(words) and (_CREATIVE_COMMONS.search(words) or _RELEASE.search(words))):
        return False
    for known in _UNDERSTOOD:
        words = known.sub(" ", words)
    return not any(letter.isalpha() for letter in words)
