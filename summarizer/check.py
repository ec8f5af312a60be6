"""The gate before publishing: does a digest sentence say what its evidence says, no more and no less?"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from config import load_table
from summarizer.wording import drop_opener, plain_signs

_NUMBER = re.compile(
    r"(?<![\w.·,])(?<![^\W\d_][-–])(?:(?<=\s)[-−+])?\d+(?:[,\u2009\u202f]\d{3})*(?:[.·]\d+)?"
)
_UNIT = re.compile(
    r"\s?(?:-)?(%|‰|per ?cent|[munpµμ]?[gMLlm]\b(?:/\w+)?|[cknmµμ]m\b|mg(?:/\w+)*|kg(?:/\w+)*|mmol\w*|"
    r"Gy\b|kDa|"
    r"fold|times|days?|weeks?|months?|mo\b|years?|hours?|h\b|min(?:utes?)?\b|seconds?|"
    r"patients?|people|individuals|participants?|women|men|children|adults|mice|rats|cells?|cases|deaths|"
    r"samples?|"
    r"tumou?rs?|countries|studies|trials|million|billion|thousand)",
)
_SAME_UNIT = {"individuals": "people", "percent": "%", "per cent": "%", "mo": "month"}
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAME = re.compile(r"(?<![\w-])(?=[\w-]*[^\W\d_])(?=[\w-]*\d)[\w-]*\w")
_NEGATION = re.compile(
    r"\b(?:no|not|never|nor|neither|none|without|cannot|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|absence|"
    r"absent|unable|"
    r"unlikely|\w+n['’]t|nothing|hardly|rarely|independent(?:ly)?|non)\b",
    re.I,
)
_HEDGE = re.compile(
    r"\b(?:may|might|can|could|would|should|suggest\w*|appear(?:s|ed)?|seem(?:s|ed|ingly)?|likely|"
    r"possibl[ey]|potential(?:ly)?|"
    r"probabl[ey]|perhaps|presumabl[ey]|indicat\w+|hypothesi\w+|propos\w+|speculat\w*|putative\w*|"
    r"apparent(?:ly)?|"
    r"associat\w+|correlat\w+|link(?:s|ed)?|partial(?:ly)?|preliminary|unclear|uncertain\w*|trend\w*|"
    r"assum\w+|believ\w+|"
    r"thought|estimat\w+|predict\w*|plausibl[ey])\b",
    re.I,
)
_UP = re.compile(
    r"\b(?:increas\w+|rais\w+|ris(?:e|es|ing|en)|rose|higher|high|greater|more|most|longer|larger|faster|"
    r"improv\w+|better|enhanc\w+|"
    r"promot\w+|activat\w+|up-?regulat\w+|elevat\w+|gain\w*|accelerat\w+|stimulat\w+|superior|grew|"
    r"strengthen\w*|"
    r"positive\w*|above|benefi\w+|stronger|earlier|amplif\w+|stabili[sz]\w+)\b",
    re.I,
)
_DOWN = re.compile(
    r"\b(?:decreas\w+|reduc\w+|lower\w*|low|less|least|fewer|fell|fall\w*|declin\w+|shorter|smaller|"
    r"slower|slow\w*|worse\w*|"
    r"inhibit\w+|suppress\w+|down-?regulat\w+|loss|lost|los(?:e|es|ing)|diminish\w+|lessen\w*|attenuat\w+|"
    r"weak\w+|inferior|drop\w*|"
    r"negative\w*|below|harm\w*|block\w*|repress\w+|impair\w+|prevent\w*|later|depriv\w+|deplet\w+|"
    r"destabili[sz]\w+)\b",
    re.I,
)
_DENIED = re.compile(r"\b(not|no|without|non|never)[\s-]+(\w+)")
_KINDS = {"negation": _NEGATION, "hedge": _HEDGE, "direction (up)": _UP, "direction (down)": _DOWN}
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def faults(text: str, evidence: str, permitted: Iterable[str] = ()) -> list[str]:
    """What is wrong with `text` as a telling of `evidence`, one line each; nothing when it may be published.

    Args:
        permitted: other texts whose words may be used: long forms of abbreviations, glossary wording.
    """
    permitted = " ".join(permitted)
    text, source = plain_signs(text), plain_signs(evidence)
    outside = drop_opener(_outside_brackets(source), follows=False)
    return [
        *_number_faults(text, source, outside, permitted),
        *_kind_faults(text, source, outside, permitted),
        *_word_faults(text, source, permitted),
    ]


def numbers(text: str) -> list[tuple[str, str]]:
    """The numbers of `text` with their units, in order, digits and words alike."""
    found: list[tuple[int, str, str]] = []
    for match in _NUMBER.finditer(text):
        value = re.sub(r"[,\u2009\u202f](?=\d{3})", "", match[0]).replace("·", ".").replace("−", "-")
        found.append((match.start(), value, _unit(text, match.end())))
    for match in _WORD.finditer(text):
        if named := load_table("wording")["numbers"].get(match[0].lower()):
            found.append((match.start(), named, _unit(text, match.end())))
    return [(value, unit) for _, value, unit in sorted(found)]


def _unit(text: str, end: int) -> str:
    match = _UNIT.match(text, end)
    if match is None:
        return ""
    unit = match[1]
    unit = _SAME_UNIT.get(unit, unit)
    return unit.removesuffix("s") if len(unit) > 3 else unit


def _number_faults(text: str, source: str, outside: str, permitted: str) -> list[str]:
    told, known = numbers(text), numbers(source)
    extra = {value for value, _ in numbers(permitted)}
    mine = [pair for pair in told if pair[0] not in extra]
    problems = [f"number not in the evidence: {' '.join(pair).strip()}" for pair in mine if pair not in known]
    if not problems and not _is_subsequence(mine, known):
        problems.append("numbers in another order than in the evidence")
    left_out = Counter(value for value, _ in numbers(outside)) - Counter(value for value, _ in told)
    return problems + [f"number left out: {value}" for value in left_out]


def _kind_faults(text: str, source: str, outside: str, permitted: str) -> list[str]:
    problems = []
    for kind, pattern in _KINDS.items():
        told = len(pattern.findall(text))
        if told < len(pattern.findall(outside)):
            problems.append(f"{kind} left out")
        if told > len(pattern.findall(source)) + len(pattern.findall(permitted)):
            problems.append(f"{kind} added")
    inside = " ".join(_BRACKETED.findall(text)).lower()
    for bracket in _BRACKETED.findall(source):
        # A bracket may go as a whole, but what stays of it must stay denied.
        for match in _DENIED.finditer(bracket.lower()):
            if _has(inside, match[2]) and match[0] not in inside:
                problems.append("negation left out")
    return problems


def _word_faults(text: str, source: str, permitted: str) -> list[str]:
    known = [word.lower() for word in _WORD.findall(source)]
    allowed = {word.lower() for word in _WORD.findall(permitted)} | _own_words() | _phrase_words(source)
    told = [word.lower() for word in _WORD.findall(text)]
    problems = [
        f"word not in the evidence: {word}" for word in told if word not in allowed and word not in known
    ]
    rest = [word for word in told if word not in allowed and word in known]
    if not _is_subsequence(rest, known):
        problems.append("words in another order than in the evidence")
    everything = f"{source} {permitted}".lower()
    names = (match[0] for match in _NAME.finditer(text))
    problems += [f"name not in the evidence: {name}" for name in names if name.lower() not in everything]
    banned = [
        phrase
        for phrase in load_table("wording")["banned"]
        if _has(text, phrase) and not _has(source, phrase)
    ]
    return problems + [f"promises too much: {phrase}" for phrase in banned]


def _has(text: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(phrase)}\b", text, re.I) is not None


def _is_subsequence(part: Sequence[object], whole: Sequence[object]) -> bool:
    rest = iter(whole)
    return all(item in rest for item in part)


def _outside_brackets(text: str) -> str:
    previous = None
    while text != previous:
        previous, text = text, _BRACKETED.sub("_", text)
    return text


@cache
def _own_words() -> frozenset[str]:
    return frozenset(
        part.lower() for word in load_table("wording")["own_words"] for part in _WORD.findall(word)
    )


def _phrase_words(source: str) -> set[str]:
    """The words that the phrase table may bring in for what stands in the evidence."""
    rows = load_table("wording")["phrase"]
    return {
        word.lower()
        for row in rows
        if re.search(row["pattern"], source, re.I)
        for word in _WORD.findall(re.sub(r"\\\d", " ", row["plain"]))
    }
