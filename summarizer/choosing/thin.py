"""Sentences that tell that something was found, done or shown, and not what."""

import re
from functools import lru_cache

from summarizer.text.sieve import sieved
from summarizer.text.trimming import unbracketed

_THIN = sieved(
    r"\b(?:provid(?:es?|ing)|offers?|yields?|gives?|gain(?:ed)?|reveals?) (?:[\w-]+,? ){0,3}"
    r"(?:insights?|paradigms?|perspectives?|framework|resource|view|understanding|knowledge|basis|avenues?)\b|"
    r"\b(?:supports?|advances?|extends?|improves?|deepens?) (?:[\w-]+ ){0,4}understanding\b|"
    r"\b(?:findings?|results?|study|data|work) (?:\w+ )?(?:will|may|might|could|should|can) (?:\w+ )?"
    r"(?:impact|guide|inform|help|stimulate|pave|serve|be (?:a tool|useful|helpful))\b|"
    r"\b(?:have|has) (?:[\w-]+ ){0,4}implications\b|"
    r"\b(?:sheds?|throws?) (?:[\w-]+ ){0,2}(?:light|insights?)\b|"
    r"\b(?:may|might|could|will) be (?:\w+ )?(?:important|useful|valuable|relevant|helpful) (?:for|in|to) "
    r"(?:the )?(?:develop|design|understand|elucidat|future)|"
    r"\bopens? (?:up )?(?:[\w-]+ )?(?:avenues|perspectives|ways)\b|"
    r"^(?:these|our|the|this|together,? (?:these|our)) (?:\w+ )?(?:findings?|results?|data|study|work) "
    r"(?:highlights?|underscores?|emphasi[sz]es?|stress(?:es)?) the "
    r"(?:importance|need|value|potential|complexity)\b|"
    r"^(?:\w+ ){1,4}themes (?:emerged|were identified)\b(?!.*:)|"
    r"\bpreviously (?:unappreciated|unrecogni[sz]ed|unknown|uncharacteri[sz]ed) (?:[\w-]+ )?"
    r"(?:phenotypes|aspects|functions|roles|mechanisms)\b|"
    r"\btested (?:the|our) (?:hypothesis|idea)\b(?!.{0,300}\b(?:found|show\w*|confirm\w*)\b)|"
    r"^(?:[\w,()-]+ ){1,9}(?:is|are) (?:proposed|outlined|highlighted)\.$|"
    r"\bassumes? (?:\w+ )?significance\b|^(?:previously,? we|we (?:have )?previously) \w+ed\b|"
    r"^(?:here,? |in this (?:study|work|paper|review|article),? )?we will (?:also )?"
    r"(?:show|highlight|discuss|cover|describe|review|consider)\b|"
    r"^(?:here,? |in (?:this|the (?:present|current)) (?:study|work|paper|review),? |"
    r"(?:by )?(?:using|with) [^,]{3,150}, )?we (?:[\w-]+ ){0,2}"
    r"(?:discuss|summari[sz]e|review|assess|evaluate|examine|investigate|explore|dissect|characteri[sz]e|"
    r"compare|use|combine|study|studied|test|develop|built|build|"
    r"present(?!\w* (?:[\w-]+ ){0,4}(?:cases?|patients?)\b)|employ|ask|quantif(?:y|ied)|simulate|"
    r"model(?:l?ed)?|construct|collect|conduct|perform|undertook|recruit|search|interview|"
    r"report the (?:discovery|development|design|synthesis))(?:d|ed|s)?\b"
    r"(?!.{0,200}\b(?:(?<!hypothesis )(?<!idea )that|show|reveal|find|found|"
    r"and (?:find|show|found|reveal|demonstrate))\b)|"
    r"^(?:this|the (?:present|current)) (?:study|survey|review|paper|article|work) (?:will )?"
    r"(?:conducts?|gives?|provides?|presents?|describes?|discusses|reviews?|explores?|outlines?|summari[sz]es?|"
    r"examines?|introduces?|(?:revealed|showed|determined) the (?:magnitude|prevalence|extent|frequency|"
    r"factors))\b(?!.{0,200}\bthat\b| (?:[\w-]+ ){0,2}evidence (?:of|for|against)\b)|"
    r"^(?:[\w,()-]+ ){1,9}(?:was|were|is|are) (?:(?:pro|retro)spectively |then |also |further |\w+ed and )?"
    r"(?:developed (?:with|by|through)|compared|assessed|"
    r"combined|cut|divided|formed|invited|allocated|assigned|"
    r"measured|evaluated|calculated|analy[sz]ed|recorded|collected|obtained|performed|studied|examined|investigated|tested|"
    r"(?:converted|changed) (?:in)?to (?:\w+ ){0,2}(?:\w*grams|dollars|euros|\w*-?scores|units|percentages)|"
    r"chosen as (?:\w+ ){0,2}(?:model|reference|comparator|standard|example)|"
    r"applied|carried out|discussed|reviewed|used(?! (?:generally|mainly))|"
    r"searched|compiled|appraised|followed(?! by))\b(?! (?:more|less|most))",
    re.I,
)
# Two shares are a comparison, even in brackets, where an interval has one.
_SHARE = re.compile(r"\d\s?%(?! ?(?:CI|confidence|credible))", re.I)
_COMPARED = re.compile(r"\d\s?%|\bthan\b")
# "They reveal a need for FIX1 in bone, and give insight into …": praise comes after what was found.
_SAID_BEFORE = re.compile(
    r"\b(?:reveals?|shows?|identif(?:y|ies)|demonstrates?|suggests?|indicates?|establish(?:es)?)\b.{20,},",
    re.I,
)
_REMEMBERED = 1_000


@lru_cache(_REMEMBERED)
def is_thin(text: str) -> bool:
    """Whether a sentence tells that something was found, done or shown, and not what."""
    bare = unbracketed(text)
    found = _THIN.search(bare)
    if found is None or _SAID_BEFORE.search(bare[: found.start()]):
        return False
    return not _COMPARED.search(bare) and len(_SHARE.findall(text)) < 2
