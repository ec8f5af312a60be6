"""What a paper says about getting at its data and code: open, on request, or not to be had.

The rules, where a statement says several things. What is kept in a repository or at an address of its own
makes the data open, whatever else has to be asked for. Where only the article and its supplement hold data, a
statement that the raw, individual or underlying data are to be asked for decides; "further" or "additional"
data do not. Data that are given only to those who apply (EGA, dbGaP, registers, access committees) are on
request. In a statement of availability, public data that were analysed are open; elsewhere in a paper, data
that were used are not the paper's own and say nothing. "Not applicable" and "no data were generated" say
nothing either.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from crawler.passages import Passage
from crawler.passages import Place as Part
from crawler.repositories import Place, places_in
from crawler.sentences import LONGEST, sentences
from domain.paper import unique
from domain.statements import Availability, Shared, Sharing

_LABEL = re.compile(
    r"availability|accessibility|(?:data|code|software)[ /-]*(?:and[ /-]\w+[ /-])?(?:access|sharing"
    r"|deposition|statement)"
    r"|accession|major datasets?|deposited data",
    re.IGNORECASE,
)
_CODE_LABEL = re.compile(r"\b(?:code|software|program|implementation)\b", re.IGNORECASE)
_HINTS = ("availab", "deposit", "accession", "request", "github", "archived", "uploaded", "submitted to")
_CODE = re.compile(
    r"(?<!accession )(?<!accession-)(?<!pdb )(?<!genetic )(?<!entry )(?<!zip )(?<!postal )"
    r"\b(?:codes?|scripts?|software|packages?|pipelines?|notebooks?|programs?|implementation|algorithms?"
    r"|macros?)\b",
    re.IGNORECASE,
)
_DATA = re.compile(
    r"\bdata(?:bases?)?\b|\bdata ?sets?\b|\bsequenc(?:es?|ing)\b|\breads\b|\bmicroarrays?\b|\bcoordinates\b"
    r"|\bstructure factors?\b|\bspectra\b|\braw files\b|\brecordings\b|\baccession\b|\btranscriptomes?\b"
    r"|\bgenomes?\b|\bprofiles\b|\bstructures?\b|\bdatabank\b|\boriginal contributions\b",
    re.IGNORECASE,
)
_MATERIALS = re.compile(
    r"\b(?:plasmids?|reagents?|materials?|strains?|vectors?|antibod(?:y|ies)|mice|cell lines?"
    r"|constructs?|P elements)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\bnot applicable\b|\bnot relevant\b|^\W*n/?a\W*$|^\W*(?:no|none)\W*$"
    r"|\bno (?:\w+ )?(?:data ?sets?|data|code)(?: or \w+)? (?:were|was|have been|has been|are|is) (?:newly )?"
    r"(?:generated|created|produced|analy[sz]ed|collected|used|associated)"
    r"|\b(?:did|does|do) not (?:generate|report|create|produce|use|contain|involve) (?:any )?"
    r"(?:new |original |unique )?(?:data|code|custom|computer|software)|\bhas no (?:associated )?data\b",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:up)?on\W{1,3}(?:an? )?(?:\w+[ -]){0,3}requests?\b|\bby (?:\w+ )?request\b|\bif requested\b"
    r"|\bat request\b"
    r"|\b(?:be|are|is) requested\b|\brequests? (?:to|for|from|should|can|may|will|must)\b|\bmay request\b"
    r"|\b(?:from|by|with|to|via|through|contact(?:ing)?) (?:\w+ ){0,2}(?:(?:corresponding|first|senior"
    r"|lead|study) "
    r"(?:author|investigator|contact)s?|(?:the )?authors?\b|principal investigators?)"
    r"|\bcontact(?:ing)? (?:the|dr|prof|us)\b|\b(?:access )?(?:proposals?|applications?)\b"
    r"|\bapply(?:ing)? (?:to|for)\b"
    r"|\b(?:access|steering|ethics) (?:committee|board)s?\b|\b(?:data )?(?:use|access|transfer|sharing"
    r"|user) agreement"
    r"|\bpermission\b|\bcontrolled[- ]access|\brestricted[- ]access|\bapproval (?:of|from|by)\b"
    r"|\bapproved by\b"
    r"|\b(?:qualified|bona fide|eligible|interested) (?:\w+ )?researchers\b|\blicen[cs]ed? (?:from|by"
    r"|for use)\b",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    r"\bfurther (?:inquir|enquir|information|question|request|detail|data)|\b(?:additional|other"
    r"|any other|supporting) "
    r"(?:\w+ )?(?:data|information|details|files)|\b(?:inquir|enquir)ies\b|\bmore information\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:not|never|cannot|can ?not|can['’]t|unable to|nor) (?:\w+ly )?(?:be |been |yet )?(?:made "
    r"|able to )?(?:\w+ly )?"
    r"(?:available|shared?|sharing|deposit(?:ed)?|accessible|disclosed?|released?|open|public"
    r"|provide[d]?|sharable"
    r"|shareable|made)\b(?: (?:be )?(?:made )?(?:\w+ly )?(?:available|accessible))?"
    r"|\bunavailable\b|\bno (?:additional |further |other |unpublished )?(?:data|code)(?: (?:are|is|were))?"
    r" (?:available|shared)|\bno data sharing\b|\bno plans? to (?:share|make)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:publicly|freely|openly|fully|readily|online|open[- ]?ly) (?:and \w+ly )?(?:available"
    r"|accessible|shared|released)"
    r"|\bopen[- ](?:access|source|data)\b|\bpublic(?:ly available)? (?:repositor|database|domain)"
    r"|\bavailable\b"
    r"|\baccessible\b|\bdeposit(?:ed|ion)\b|\buploaded\b|\barchived\b|\bsubmitted to\b|\baccession\b"
    r"|\b(?:can|may) be (?:\w+ly )?(?:found|accessed|downloaded|obtained|retrieved)\b|\b(?:are"
    r"|is) (?:\w+ly )?"
    r"(?:included|provided|presented|contained|within|given|reported|shared|in the|found|stored|hosted"
    r"|disclosed)\b"
    r"|\bwere generated\b|\bwas generated\b",
    re.IGNORECASE,
)
_SUPPLEMENT = re.compile(
    r"\b(?:article|paper|manuscript|publication|supplement\w*|supporting information|additional files?"
    r"|appendix|tables?)\b",
    re.IGNORECASE,
)
_DEPOSIT = re.compile(
    r"\b(?:been|were|was|is|are) (?:\w+ly )?(?:also )?(?:deposited|submitted|uploaded|archived"
    r"|made (?:\w+ly )?available"
    r"|available|accessible|released|registered)\b|\bavailable (?:at|from|in|on|via|through|for download"
    r"|under|upon)\b"
    r"|\b(?:can|may) be (?:\w+ly )?(?:accessed|downloaded|found|obtained)\b|\bwe (?:have )?(?:deposited"
    r"|provide|release)"
    r"|\baccession (?:numbers?|codes?|no\.?)|\bthe accession\b",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:download(?:ed|ing)|retrieved|obtained|acquired|extracted|derived|gathered|collected|taken"
    r"|sourced) (?:\w+ )?from\b"
    r"|\bwe (?:used|analy[sz]ed|downloaded|obtained|searched|mined|accessed|retrieved)\b"
    r"|\bpreviously (?:published|described|"
    r"reported|deposited)\b|\bpublicly available (?:\w+[ -]){0,4}(?:data|data ?sets?|software|tools?"
    r"|packages?)\b"
    r"|\b(?:using|used|with|by|from) (?:the |a |an )?(?:\w+[ -]){0,6}(?:software|package|program"
    r"|pipeline|tool|algorithm)\b"
    r"|\bet al\b|\bwas (?:performed|carried out|done|conducted)\b|\bwere (?:performed|aligned|mapped"
    r"|analy[sz]ed)\b",
    re.IGNORECASE,
)
_OWN_LIST = re.compile(
    r"following (?:\w+ )?data ?sets? (?:was|were) (?:generated|created|produced|deposited)", re.I
)
_USED_LIST = re.compile(
    r"following (?:\w+ ){0,3}data ?sets? (?:was|were) used|previously published data ?sets?", re.I
)
_CLAUSE = re.compile(
    r";\s+|, (?=further\b)|,? (?:but|while|whereas|however|although)\b,?|,? and (?=(?:the )?(?:raw"
    r"|remaining|all other|other|individual"
    r"|additional|further|code|source|custom|analysis|scripts?|software|clinical|controlled|access|may"
    r"|can|will"
    r"|(?:is|are) available))",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|has|have|can|may|will|be|deposited|available)\b", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+")


@dataclass(frozen=True, slots=True)
class _Claim:
    what: Shared
    state: Availability
    sentence: str
    links: tuple[str, ...] = ()
    firm: bool = False
    """Names a repository or an address, or asks for the data themselves."""


def sharing(passages: Sequence[Passage]) -> tuple[Sharing, ...]:
    """What `passages` state about data and about code, at most one statement each, with the sentence."""
    claims = [claim for passage in passages for claim in _claims(passage)]
    return tuple(found for what in Shared if (found := _settled(what, claims)))


def _settled(what: Shared, claims: Iterable[_Claim]) -> Sharing | None:
    mine = [claim for claim in claims if claim.what is what]
    order = (
        (Availability.OPEN, True),
        (Availability.ON_REQUEST, True),
        (Availability.OPEN, False),
        (Availability.ON_REQUEST, False),
        (Availability.NONE, False),
    )
    for state, firm in order:
        chosen = [claim for claim in mine if claim.state is state and claim.firm is firm]
        if chosen:
            links = unique(link for claim in mine if claim.state is state for link in claim.links)
            return Sharing(what, state, chosen[0].sentence[:LONGEST], links)
    return None


def _claims(passage: Passage) -> Iterator[_Claim]:
    formal = passage.place is Part.AVAILABILITY or bool(passage.label and _LABEL.search(passage.label))
    lowered = passage.text.lower()
    if not formal and not any(hint in lowered for hint in _HINTS):
        return
    default = Shared.CODE if formal and _CODE_LABEL.search(passage.label) else Shared.DATA
    if default is Shared.CODE and "data" in passage.label.lower():
        default = Shared.DATA
    used = False
    for sentence in sentences(passage.text):
        used = (used or bool(_USED_LIST.search(sentence))) and not _OWN_LIST.search(sentence)
        if formal:
            generated = _OWN_LIST.search(sentence)
            if not used or generated:
                yield from _read(_own_part(sentence), sentence, default)
        elif _DEPOSIT.search(sentence) and not _USED.search(sentence):
            yield from (claim for claim in _read(sentence, sentence, None) if claim.firm)


def _own_part(sentence: str) -> str:
    """A list of data sets, run into one sentence, up to those that others published."""
    listed = _USED_LIST.search(sentence)
    return sentence[: listed.start()] if listed and _OWN_LIST.search(sentence) else sentence


def _read(text: str, sentence: str, default: Shared | None) -> Iterator[_Claim]:
    """The claims of one sentence; `default` is what a formal statement speaks of where it does not say."""
    if _NOTHING.search(text):
        return
    subjects: tuple[Shared, ...] = ()
    for clause in _clauses(text):
        bare = _EMAIL.sub(" ", clause)
        places = places_in(bare)
        own = _subjects(_without_links(bare, places))
        if not own and _MATERIALS.search(bare) and not places:
            subjects = ()
            continue
        if not own and not subjects:
            programs = bool(places) and all(p.repository and p.repository.programs for p in places)
            own = (Shared.CODE,) if programs else (default,) if default else ()
        subjects = own or subjects
        if found := _state(bare, places, formal=default is not None):
            state, firm = found
            links = tuple(p.link for p in places if p.link and state is not Availability.NONE)
            yield from (_Claim(what, state, sentence, links, firm) for what in subjects)


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for match in _CLAUSE.finditer(text):
        if _VERB.search(text, start, match.start()):  # "data and code are" is one clause
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def _subjects(clause: str) -> tuple[Shared, ...]:
    pairs = ((Shared.DATA, _DATA), (Shared.CODE, _CODE))
    return tuple(what for what, pattern in pairs if pattern.search(clause))


def _without_links(clause: str, places: Iterable[Place]) -> str:
    for place in places:
        if "://" in place.link:
            clause = clause.replace(place.link, " ")
    return clause


def _state(clause: str, places: Sequence[Place], *, formal: bool) -> tuple[Availability, bool] | None:
    """What a clause says, and whether firmly; None where it says nothing of the kind."""
    refused = _REFUSED.search(clause)
    positive = _REFUSED.sub(" ", clause)
    controlled = any(p.repository and p.repository.controlled for p in places)
    kept = any(p.repository and not p.repository.controlled for p in places)
    asked = _REQUEST.search(positive)
    if asked and not _stays_open(kept, controlled, positive):
        return Availability.ON_REQUEST, not _FURTHER.search(clause)
    if controlled and not kept:
        return Availability.ON_REQUEST, True
    if refused:
        return Availability.NONE, False
    if (kept or any(p.link for p in places)) and (formal or _OPEN.search(positive)):
        return Availability.OPEN, True
    if formal and _OPEN.search(positive):
        return Availability.OPEN, not _SUPPLEMENT.search(positive) and _is_public(positive)
    return None


def _stays_open(kept: bool, controlled: bool, clause: str) -> bool:
    """Whether what may also be asked for lies open as well."""
    return (
        kept
        and not controlled
        and not re.search(r"\brestrict|\bcontrolled|\bcommittee", clause, re.IGNORECASE)
    )


def _is_public(clause: str) -> bool:
    return bool(re.search(r"\b(?:publicly|freely|openly|fully) ", clause, re.IGNORECASE))
