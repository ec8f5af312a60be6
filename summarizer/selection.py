"""Which sentences of an abstract a digest tells, and in which order."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from domain.digest import Role
from summarizer.plans import Plan
from summarizer.sentences import Sentence, words
from summarizer.wording import drop_opener

# What is told first when there is room for little.
_URGENCY = (Role.RESULT, Role.MEANING, Role.LIMIT, Role.QUESTION, Role.METHOD, Role.BACKGROUND)
_REDUNDANCY = 0.45
_TITLE = 0.6
_ANAPHORA = re.compile(
    r"(?:th(?:is|ese|ose)|such|they|their|its?|both|each|the (?:latter|former|same|two|other|others|"
    r"resulting)|neither|another|he|she|"
    r"his|her|others?|some|most|all|one|the remaining|in this|in these|in such|for this|for these|"
    r"under these|of these|of those|"
    r"among these|among those|despite this|at this|to \w+ (?:this|these|such|that))\b",
    re.I,
)
# What a study set out to learn is told by comparing; who took part and how they kept to it comes after.
_COMPARISON = re.compile(
    r"\b(?:significant(?:ly)?|primary|(?:hazard|odds|risk|rate) ratio|HR|OR|RR|versus|vs|compared|than|"
    r"superior|inferior|noninferior\w*|differences?|associated|survival)\b"
)
_ACCOUNTING = re.compile(
    r"\b(?:a total of|were included|were enrolled|underwent randomi[sz]ation|adherence|compliance|baseline|"
    r"met (?:the|our) (?:inclusion|selection) criteria)\b",
    re.I,
)
_EFFECT = re.compile(
    r"\b(?:prevent|reduc|increas|decreas|improv|lower|higher|rose|fell|doubled|halved|fewer|shrank|lengthen|"
    r"shorten|inhibit|block|requir|caus|promot|suppress)\w*\b",
    re.I,
)
_DESIGN = re.compile(
    r"\b(?:randomi[sz]ed|randomly|trial|cohort|survey|registers?|registry|interview\w*|compared|model|followed|"
    r"databases|reviewed|\d[\d,]* (?:\w+ ){0,3}(?:patients|people|women|men|adults|children|participants|"
    r"samples|studies|tumou?rs))\b",
    re.I,
)
_CHORE = re.compile(
    r"\b(?:reviewers?|extracted|statistical|software|weighted|adjusted|discounted|stratified|primary "
    r"(?:outcome|endpoint|end point)|main outcome|regression|random-effects)\b",
    re.I,
)
_THEN = re.compile(r"(?:\S+ ){1,7}then\b")
_BARE_POINTER = re.compile(
    r"(?:\S+ ){1,4}(?:these|those|them|this)(?=,| (?:is|are|was|were|has|have|can|may|we|the)\b)", re.I
)
_POINTER = re.compile(
    r"\b(?:this|these|such) (?!study|studies|work|paper|review|trial|article|report|results?|findings?|"
    r"data|an?\b|as\b)([a-z]\w+)",
    re.I,
)
_WHOLE_STUDY = re.compile(
    r"(?:this|the present|the current) (?:\w+ )?(?:study|work|paper|review|trial|analysis|article|report|"
    r"research|survey)\b|"
    r"in this (?:study|work|paper|review|trial|article|report)\b|"
    r"it (?:is|was|has been|remains|appears|seems)\b.{0,60}\b(?:that|whether|how|why|which|to)\b|"
    r"(?:both|some|most|all|one|each) \w+ (?:and|of|in|other|patients)\b|one of\b|most \w+|some \w+|all \w+",
    re.I,
)
_ALL_RESULTS = re.compile(
    r"(?:these|this|the|such|together,? these) (?:\w+ ){0,2}(?:findings?|results?|data|observations?|"
    r"studies|insights?|analyses|"
    r"experiments|discovery|discoveries|evidence)\b",
    re.I,
)


def follows_on(text: str) -> bool:
    """Whether a sentence points back ("This protein …") and so cannot stand without the one before it."""
    text = drop_opener(text, follows=False)
    if _WHOLE_STUDY.match(text) or _ALL_RESULTS.match(text):
        return False
    pointer = _ANAPHORA.match(text) or _THEN.match(text) or _BARE_POINTER.match(text)
    return pointer is not None or _points_back(text)


def _points_back(text: str) -> bool:
    """Whether "this protein" stands in it with no protein before."""
    for match in _POINTER.finditer(text):
        if match[1].lower().removesuffix("s") not in text[: match.start()].lower():
            return True
    return False


def choose(
    sentences: Sequence[Sentence],
    roles: Sequence[Role],
    vectors: NDArray[np.float32],
    title: NDArray[np.float32],
    plan: Plan,
) -> list[int]:
    """Indices of the sentences to tell, in the order of telling."""
    chosen: set[int] = set()
    scores = _salience(sentences, roles, vectors, title, plan)
    pools = {role: [i for i, r in enumerate(roles) if r is role] for role in _URGENCY}
    # Turn by turn: one of each role before a second of any, so that no limit is lost to a third finding.
    for turn in range(1, max(plan.most.values()) + 1):
        for role, pool in pools.items():
            while pool and sum(roles[i] is role for i in chosen) < min(turn, plan.most[role]):
                best = max(pool, key=lambda i: scores[i] - _REDUNDANCY * _closest(i, chosen, vectors))
                pool.remove(best)
                chosen |= _fitting(_chain(best, sentences) - chosen, chosen, sentences, plan)
    return _telling_order(chosen, sentences, roles)


def _salience(
    sentences: Sequence[Sentence],
    roles: Sequence[Role],
    vectors: NDArray[np.float32],
    title: NDArray[np.float32],
    plan: Plan,
) -> list[float]:
    centre = vectors.mean(axis=0)
    base = vectors @ (centre / (np.linalg.norm(centre) or 1.0)) + _TITLE * (vectors @ title)
    last = len(sentences) - 1
    scores = []
    for i, sentence in enumerate(sentences):
        score = float(base[i])
        if roles[i] is Role.RESULT:
            score += 0.1 * bool(re.search(r"\d", sentence.text)) + 0.2 * bool(
                _COMPARISON.search(sentence.text)
            )
            score += 0.1 * bool(_EFFECT.search(sentence.text))
            score -= 0.2 * bool(_ACCOUNTING.search(sentence.text))
        if roles[i] is Role.METHOD:
            score += 0.15 * bool(_DESIGN.search(sentence.text)) - 0.2 * bool(_CHORE.search(sentence.text))
        if re.search(
            r"\b(?:we|study) (?:\w+ly )?(?:find|found|show|demonstrate|conclude|reveal)", sentence.text, re.I
        ):
            score += 0.15
        concludes = roles[i] is Role.MEANING and (i == last or roles[i - 1] is not Role.MEANING)
        if (roles[i] is Role.BACKGROUND and i == 0) or concludes:
            score += 0.2
        score -= 0.02 * max(0, len(words(sentence.text)) - plan.longest)
        scores.append(score - 0.1 * follows_on(sentence.text))
    return scores


def _closest(index: int, chosen: set[int], vectors: NDArray[np.float32]) -> float:
    return max((float(vectors[index] @ vectors[i]) for i in chosen), default=0.0)


def _chain(index: int, sentences: Sequence[Sentence]) -> set[int]:
    """A sentence with those before it that it needs to be understood."""
    chain = {index}
    while index > 0 and follows_on(sentences[index].text):
        index -= 1
        chain.add(index)
    return chain


def _fitting(chain: set[int], chosen: set[int], sentences: Sequence[Sentence], plan: Plan) -> set[int]:
    """The chain, or nothing where it is too long for what room is left."""
    room = plan.max_words - sum(len(words(sentences[i].text)) for i in chosen)
    fits = sum(len(words(sentences[i].text)) for i in chain) <= room
    return chain if (fits and len(chain) <= 3) or not chosen else set()


def _telling_order(chosen: set[int], sentences: Sequence[Sentence], roles: Sequence[Role]) -> list[int]:
    """By role; in the paper's own order where that would part a sentence from the one it points back to."""
    order = list(Role)
    told = sorted(chosen, key=lambda i: (order.index(roles[i]), i))
    for place, index in enumerate(told):
        if follows_on(sentences[index].text) and index > 0 and (place == 0 or told[place - 1] != index - 1):
            return sorted(chosen)
    return told
