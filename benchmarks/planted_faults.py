"""Faults as they happen in retellings, planted in sentences that were good.

The words here were chosen without looking at the tables of the gate (`config/gate.toml`): some stand in both,
as the commonest do, many here alone.
"""

import random
import re
from collections.abc import Callable

Planter = Callable[[str, random.Random], str | None]
"""A sentence with a fault planted in it; None where there is no room for one."""

NUMERIC = ("number", "unit", "change")


def _swapper(*pairs: tuple[str, str], both: bool = True) -> Planter:
    """Puts one word of a pair in the place of the other, once, at random."""
    table = {a.lower(): b for a, b in pairs} | ({b: a for a, b in pairs} if both else {})
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(table, key=len, reverse=True)))})\b", re.I)

    def plant(text: str, chance: random.Random) -> str | None:
        found = list(pattern.finditer(text))
        if not found:
            return None
        match = chance.choice(found)
        new = table[match[0].lower()]
        new = new[:1].upper() + new[1:] if match[0][0].isupper() else new
        return text[: match.start()] + new + text[match.end() :]

    return plant


def _first_of(*planters: Planter) -> Planter:
    """Tries the planters in random order."""

    def plant(text: str, chance: random.Random) -> str | None:
        for planter in chance.sample(planters, len(planters)):
            if (planted := planter(text, chance)) is not None:
                return planted
        return None

    return plant


def _rewriter(pattern: str, new: str) -> Planter:
    """Rewrites the first place that fits."""
    compiled = re.compile(pattern, re.I)

    def plant(text: str, _: random.Random) -> str | None:
        planted = compiled.sub(new, text, count=1)
        return planted[:1].upper() + planted[1:] if planted != text else None

    return plant


_FIGURE = re.compile(r"(?<![\w.,-])\d[\d,]*(?:\.\d+)?(?![\w-]|[.,]\d)")


def _number(text: str, chance: random.Random) -> str | None:
    found = list(_FIGURE.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    digits = [i for i, c in enumerate(match[0]) if c.isdigit()]
    place = chance.choice(digits)
    others = [d for d in "123456789" if d != match[0][place]]
    told = match[0][:place] + chance.choice(others) + match[0][place + 1 :]
    if "." in match[0] and chance.random() < 0.3:
        told = match[0].replace(".", "")
    return text[: match.start()] + told + text[match.end() :]


_GENE = re.compile(r"\b(?=[A-Za-z]*[A-Z])[A-Za-z]{1,6}-?\d{1,3}[A-Z]?\b")


def _name(text: str, chance: random.Random) -> str | None:
    found = list(_GENE.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    digits = re.sub(r"\D", "", match[0])
    told = match[0].replace(digits, str(int(digits) + chance.randint(1, 4)), 1)
    return text[: match.start()] + told + text[match.end() :]


_DRUG = re.compile(r"\b[a-zA-Z]{4,14}(?:mab|nib|platin|taxel|rubicin|mycin|statin|amide|vir|ine|one)\b")
_DRUGS = [
    "pembrolizumab",
    "imatinib",
    "cisplatin",
    "docetaxel",
    "atorvastatin",
    "letrozole",
    "metformin",
    "aspirin",
]
_NOT_DRUGS = frozenset(
    [
        "combine",
        "define",
        "determine",
        "examine",
        "machine",
        "medicine",
        "routine",
        "histidine",
        "serine",
        "tyrosine",
        "hormone",
        "bone",
        "alone",
        "everyone",
        "someone",
        "cytokine",
        "chemokine",
        "decline",
        "line",
        "online",
        "fine",
    ]
)


def _drug(text: str, chance: random.Random) -> str | None:
    found = [match for match in _DRUG.finditer(text) if match[0].lower() not in _NOT_DRUGS]
    if not found:
        return None
    match = chance.choice(found)
    told = chance.choice([drug for drug in _DRUGS if drug not in text.lower()])
    return text[: match.start()] + told + text[match.end() :]


_THAN = re.compile(
    r"\b(?P<a>(?:in|with|for|among) [\w -]{3,40}?),? (?P<by>than|compared with|versus) "
    r"(?P<b>(?:in |with |for |among )?[\w-]+(?: [\w-]+)?)"
)


_STANDS_IN = ("that", "those", "did", "does", "was", "were", "in those", "expected")


def _comparison(text: str, _: random.Random) -> str | None:
    match = _THAN.search(text)
    if (
        match is None
        or match["b"].split()[0] in _STANDS_IN
        or match["a"].split()[1:] == match["b"].split()[-1:]
    ):
        return None
    lead = match["a"].split()[0]
    other = match["b"] if match["b"].split()[0] == lead else f"{lead} {match['b']}"
    second = match["a"] if match["b"].split()[0] == lead else match["a"].split(maxsplit=1)[1]
    return f"{text[: match.start()]}{other} {match['by']} {second}{text[match.end() :]}"


def _bare(verb: str) -> str:
    """The third person of a verb."""
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


_MODAL = re.compile(
    r"\b(?:may|might|could|can) (?:also |thus |therefore |directly )?(?!be\b|have\b|not\b)([a-z]{3,14})\b"
)


def _certain(text: str, _: random.Random) -> str | None:
    match = _MODAL.search(text)
    return f"{text[: match.start()]}{_bare(match[1])}{text[match.end() :]}" if match else None


_CLAIMS = (
    ", and experts recommend it", ", and it is safe", " in every patient", ", with no side effects",
    ", as large trials have shown", ", so it should be offered to everyone", " and in other cancers too",
    ", and the effect lasts for life", ", and costs little", " regardless of age", ", which saves lives",
)  # fmt: skip


def _added(text: str, chance: random.Random) -> str | None:
    return f"{text[:-1]}{chance.choice(_CLAIMS)}." if text.endswith(".") and len(text) > 40 else None


PLANTERS: dict[str, Planter] = {
    "number": _number,
    "unit": _first_of(
        _swapper(
            ("months", "years"),
            ("weeks", "days"),
            ("hours", "minutes"),
            ("month", "week"),
            ("year", "month"),
        ),
        _rewriter(r"(?<=\d)\s?%", " percentage points"),
        _rewriter(r"(?<=\d) ?mg\b", " g"),
        _rewriter(r"(?<=\d) ?[nμµm]m\b", " cm"),
        _rewriter(r"(?<=\d)-fold\b", "%"),
    ),
    "direction": _swapper(
        ("increased", "decreased"),
        ("increases", "decreases"),
        ("increase", "decrease"),
        ("increasing", "reducing"),
        ("higher", "lower"),
        ("longer", "shorter"),
        ("more", "less"),
        ("improved", "worsened"),
        ("improve", "worsen"),
        ("promotes", "blocks"),
        ("promote", "block"),
        ("reduced", "raised"),
        ("reduces", "raises"),
        ("reduce", "raise"),
        ("better", "worse"),
        ("activates", "silences"),
        ("inhibits", "stimulates"),
        ("inhibited", "stimulated"),
        ("suppresses", "boosts"),
        ("gain", "loss"),
        ("upregulated", "downregulated"),
        ("faster", "slower"),
        ("greater", "smaller"),
        ("rose", "fell"),
        ("enhanced", "dampened"),
        ("elevated", "lowered"),
        ("inhibition", "activation"),
        ("early", "late"),
        ("positive", "negative"),
        ("fewer", "more"),
    ),
    "negation": _first_of(
        _rewriter(r"\b(is|was|are|were|can|could|may|might|does|did|has|have) not\b", r"\1"),
        _rewriter(r"\bcannot\b", "can"),
        _rewriter(r"\bno (?=[a-z])", "a "),
        _rewriter(r"\bwithout\b", "with"),
        _rewriter(r"\b(is|was|are|were|can|could|may) (?!not\b)(?=[a-z])", r"\1 not "),
        _rewriter(r"\bfound that\b", "found no evidence that"),
    ),
    "population": _swapper(
        ("women", "men"),
        ("woman", "man"),
        ("children", "grown-ups"),
        ("adults", "teenagers"),
        ("patients", "athletes"),
        ("female", "male"),
        ("infants", "toddlers"),
        ("boys", "girls"),
        ("mothers", "fathers"),
        ("smokers", "drinkers"),
        ("adolescents", "pensioners"),
        ("older", "younger"),
        ("survivors", "relatives"),
        ("nurses", "surgeons"),
        ("participants", "prisoners"),
        ("individuals", "twins"),
        ("people", "soldiers"),
        ("premenopausal", "postmenopausal"),
    ),
    "name": _first_of(_name, _drug),
    "disease": _swapper(
        ("breast", "bowel"),
        ("lung", "kidney"),
        ("prostate", "bladder"),
        ("leukemia", "lymphoma"),
        ("melanoma", "glioma"),
        ("liver", "spleen"),
        ("brain", "heart"),
        ("cancer", "diabetes"),
        ("tumour", "cyst"),
        ("tumor", "cyst"),
        ("ovarian", "cervical"),
        ("skin", "bone"),
        ("blood", "urine"),
        ("stomach", "throat"),
        ("colorectal", "gastric"),
    ),
    "hedge": _first_of(
        _certain,
        _rewriter(r"\b(?:may|might|could) be\b", "is"),
        _rewriter(r"\bsuggest(s?)\b", r"prove\1"),
        _rewriter(r"\bindicate(s?)\b", r"establish\1"),
        _rewriter(r"\bsuggested\b", "confirmed"),
        _rewriter(r"\b(?:appears?|seems?) to be\b", "is"),
        _rewriter(r"\b(?:probably|possibly|likely|potentially|perhaps) ", ""),
        _rewriter(r"\bpotential\b", "new"),
        _rewriter(r"\b(?:could|may|might)\b", "will"),
    ),
    "cause": _first_of(
        _rewriter(r"\b(?:is|was|are|were|been) (?:\w+ly )?(?:associated|correlated) with\b", "caused"),
        _rewriter(r"\b(?:is|was|are|were|been) (?:\w+ly )?(?:linked|related) (?:to|with)\b", "brought about"),
        _rewriter(r"\bassociations? (?:of|between|with)\b", "effect of"),
        _rewriter(r"\bcorrelates with\b", "gives rise to"),
        _rewriter(r"\bassociated with\b", "due to"),
        _rewriter(r"\blinked (?:to|with)\b", "caused by"),
    ),
    "species": _first_of(
        _swapper(
            ("mice", "patients"),
            ("mouse", "human"),
            ("rats", "women"),
            ("zebrafish", "children"),
            both=False,
        ),
        _swapper(
            ("mice", "people"), ("yeast", "human cells"), ("flies", "people"), ("worms", "people"), both=False
        ),
        _rewriter(r" in (?:\w+ )?(?:mice|rats|zebrafish|flies|yeast|mouse models?)\b", ""),
        _swapper(("mice", "men"), ("animals", "people"), ("Drosophila", "people"), both=False),
    ),
    "comparison": _comparison,
    "quantity": _swapper(
        ("some", "all"),
        ("most", "all"),
        ("many", "all"),
        ("several", "all"),
        ("often", "always"),
        ("few", "most"),
        ("partly", "fully"),
        ("partially", "completely"),
        ("usually", "always"),
        ("a subset of", "all"),
        ("sometimes", "always"),
        ("rarely", "often"),
        ("almost all", "all"),
        ("mainly", "only"),
        ("nearly", "more than"),
        ("generally", "always"),
        ("certain", "all"),
        ("half", "most"),
        ("a number of", "all"),
        both=False,
    ),
    "condition": _first_of(
        _rewriter(r"\b(?:only|exclusively|solely) ", ""),
        _rewriter(
            r" (?:after|following|during|before|without) (?:\w+ ){0,2}(?:surgery|treatment|chemotherapy|"
            r"therapy|birth|infection|exposure|diagnosis|development|pregnancy|transplantation|stress|damage|injury)\b",
            "",
        ),
        _rewriter(r" in vitro\b", ""),
        _rewriter(
            r" in (?:women|men|children|adults|patients|older people)(?: with [\w -]{3,30})?(?=[,.])", ""
        ),
        _rewriter(r",? (?:if|unless) [^,.]{5,60}(?=[,.])", ""),
    ),
    "change": _first_of(
        _rewriter(r"\bby (?=\d+(?:\.\d+)? ?%)", "to "),
        _rewriter(r"\b(p ?)<( ?0?\.\d)", r"\1>\2"),
        _rewriter(r"\b(p ?[=<] ?0?\.)0(\d)", r"\1\2"),
        _rewriter(r"\bat (?=\d+ (?:days|weeks|months|years))", "within "),
        _rewriter(r"(\d+(?:\.\d+)?)( to | ?[-–] ?)(\d+\.\d+)", r"\3\2\1"),
    ),
    "other side": _rewriter(
        r",? (?:compared (?:with|to)|than|relative to) (?!\d|that\b)[^,.;()]{3,50}(?=[,.;])", ""
    ),
    "endpoint": _swapper(
        ("overall survival", "disease-free survival"),
        ("mortality", "incidence"),
        ("deaths", "relapses"),
        ("recurrence", "death"),
        ("sensitivity", "specificity"),
        ("symptoms", "side effects"),
        ("prevention", "treatment"),
        ("growth", "spread"),
        ("invasion", "proliferation"),
        ("quality of life", "survival"),
        ("pain", "fatigue"),
        ("diagnosis", "treatment"),
    ),
    "narrowed": _rewriter(
        r"\b(?:early-stage|advanced|metastatic|severe|mild|acute|chronic|recurrent|obese|newborn|young|"
        r"hospitali[sz]ed|untreated|postmenopausal|inherited|high-risk|low-risk|one of) (?=\w)",
        "",
    ),
    "design": _first_of(
        _rewriter(r"\bThis was an? (?:observational|laboratory) study\b", "This was a randomised trial"),
        _rewriter(r"\bhas not been peer reviewed\b", "has been peer reviewed"),
        _rewriter(r"\b(?:pilot|small) (study|trial|sample)\b", r"large \1"),
        _rewriter(r"\bretrospective", "prospective"),
        _rewriter(r"\b(?:case-control|cohort|cross-sectional) study\b", "clinical trial"),
    ),
    "known": _first_of(
        _rewriter(r"\b(is|are|was|were) (?:known|thought|believed) to\b", r"\1 found to"),
        _rewriter(r"\bwhether\b", "that"),
        _rewriter(r"\b(?:aimed|sought|wanted) to\b", "managed to"),
    ),
    "added": _added,
}
"""Kind of fault → what plants it."""
