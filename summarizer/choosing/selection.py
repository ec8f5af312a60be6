"""Which sentences of a paper a digest tells, and in which order."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from heapq import heapify, heappop, heappush

from domain.body import Place
from domain.digest import Role
from summarizer.choosing.plans import Plan
from summarizer.choosing.salience import Salience, Worth
from summarizer.plain.wording import drop_opener
from summarizer.text.sentences import Sentence, words
from summarizer.text.sieve import sieved
from summarizer.text.trimming import trim, unbracketed

# What a role adds to its sentences as long as none of it is told.
_UNTOLD = {
    Role.RESULT: 0.3, Role.MEANING: 0.2, Role.LIMIT: 0.15, Role.QUESTION: 0.1, Role.METHOD: 0.05,
    Role.BACKGROUND: 0.05,
}  # fmt: skip
_NARROW = 30
"""Words; where there is more room, the roles take care of themselves. Limits are easily passed over."""
_MOST_CHAINED = 3
_SHORTLIST = 2.5
"""How many times the words of a digest are looked at closely."""
_RECENT = 4
_REMEMBERED = 1_000
"""Sentences; each audience and each step asks for the same ones."""
_CUE = 0.05
_REPEATED = 1.0
_HARD = 0.004
_ANAPHORA = re.compile(
    r"(?:th(?:is|ese|ose)|such|they|their|its?|both|each|the (?:latter|former|same|two|other|others|"
    r"resulting|resultant|consequent|ensuing)|(?:un)?like [^,]{2,60}, (?:they|it|these|those|this)|"
    r"neither|another|he|she|his|her|others?|some|most|all|one(?! hundred)|the (?:remaining|rest)|"
    r"as in (?:the )?(?:case|first|previous)|in this|in these|in such|for this|for these|"
    r"the (?:(?-i:[a-z-]+) )?(?:effect|association|increase|decrease|reduction|difference|improvement|"
    r"benefit)s? (?:was|were|is|are|remained|persisted|appeared|seemed)|"
    r"under these|of these|of those|(?:of|in|for|among|with|to|by) the (?:former|latter)|"
    r"(?:in|on|at|for|by|with|from|during|under|through|within|upon|among) [^,]{2,60}, they|"
    r"(?:in|after|before|since|during|with|without|under) (?:[\w'-]+ ){1,4}(?:it|they) "
    r"(?:\w+ed|fell|rose|grew|had|did|were)|"
    r"among these|among those|despite this|at this|to (?:\w+ly )?\w+ (?:this|these|such|that|so)|"
    r"(?:in |by )?doing so|if so|"
    r"(?:up to|until|since|before|after|at|from|by|in|for|on|with|during|under|to|beyond) (?:that|those)"
    r"(?= (?!of\b|who\b|which\b|with\b|without\b|in\b|receiving\b|aged\b)\w))\b(?!-)",
    re.I,
)
# What a study set out to learn is told by comparing; who took part and how they kept to it comes after.
_COMPARISON = sieved(
    r"\b(?:significant(?:ly)?|primary|(?:hazard|odds|risk|rate) ratio|HR|OR|RR|versus|vs|compared|than|"
    r"superior|inferior|noninferior\w*|differences?|associated|survival)\b"
)
_ACCOUNTING = sieved(
    r"\b(?:a total of|were included|were enrolled|underwent randomi[sz]ation|adherence|compliance|baseline|"
    r"demographic|"
    r"met (?:the|our) (?:inclusion|selection) criteria)\b",
    re.I,
)
_EFFECT = sieved(
    r"\b(?:prevent|reduc|increas|decreas|improv|lower|higher|rose|fell|doubled|halved|fewer|shrank|lengthen|"
    r"shorten|inhibit|block|requir|caus|promot|suppress|disappear|vanish|resolved)\w*\b",
    re.I,
)
_DESIGN = re.compile(
    r"\b(?:randomi[sz]ed|randomly|trial|cohort|survey|registers?|registry|interview\w*|compared|model|followed|"
    r"databases|reviewed|\d[\d,]* (?:\w+ ){0,3}(?:patients|people|women|men|adults|children|participants|"
    r"samples|studies|tumou?rs))\b",
    re.I,
)
_CHORE = sieved(
    r"\b(?:reviewers?|extracted|statistical|software|weighted|adjusted|discounted|stratified|primary "
    r"(?:outcome|endpoint|end point)|main outcome|regression|random-effects|significance level|"
    r"data were analy[sz]ed|(?:intention|intent)[- ]to[- ]treat|mixed models?|sensitivity analys[ie]s|"
    r"institutional review board|ethic\w+)\b|"
    r"^(?:[\w-]+,? ){1,8}(?:was|were) (?:recorded|measured|noted|assessed|studied|compared|collected)\.$",
    re.I,
)
_AIM = sieved(
    r"\b(?:aim\w*|objectives?|purpose|goal|designed to|sought|set out|hypothesi\w+|whether|"
    r"we (?:ask|test)\w*)\b|^to \w+",
    re.I,
)
_MORE_WORK = sieved(
    r"\b(?:further|future|larger|additional|more) (?:[\w-]+ ){0,3}(?:studies|research|trials|work|"
    r"investigations?)\b",
    re.I,
)
_THEN = re.compile(r"(?:\S+ ){1,7}then\b|(?!there\b)(?:\S+ ){1,2}(?:is|are|was|were) also an?\b", re.I)
# "We asked if they can be left out."
_ASKED = re.compile(
    r"(?:we|this study) (?:[\w-]+ ){1,3}(?:if|whether) (?:they|these|those|such|this(?! (?:study|trial)))\b",
    re.I,
)
# "Deaths fell by 11% and 15%, respectively", "median survival was 10.3 and 9.9 months", "fever was seen in
# 29% and 17%".
_TWO_NUMBERS = sieved(
    r"(?:\d[^\s,;]*, )*\d[^\s,;]*(?: [a-z]+)? (?:and|or|v(?:ersu)?s\.?) "
    r"[^\s,;]*\d[^\s,;]*(?:(?: of)? \w+)?,? respectively\b|"
    r"\b(?:was|were) \d[\d.]*%? and \d[\d.]*%?(?: \w+)?\.?$|"
    r"\b(?:in|by|was|were) \d[\d.]*% and \d[\d.]*%(?=[.,;]| of (?:patients|participants|people)\b)",
    re.I,
)
_PAIRED = re.compile(r"(?<!, )\b(?:and|or|versus|vs|than|both|either|two)\b|/", re.I)
_BARE_POINTER = re.compile(
    r"(?:\S+ ){1,4}of (?:these|those|them)\b(?! (?:who|which|with|without|in|receiving|aged)\b)|"
    r"(?:\S+ ){1,4}(?:these|those|them|this)(?=,| (?:in|by|with|using|further)\b|"
    r" (?:is|are|was|were|has|have|can|may|we|the)\b)|"
    r"(?:\S+ ){1,3}(?:had|has|have|did|does|do) (?:none|so|not)\.$",
    re.I,
)
_POINTER = sieved(
    r"\b(?:this|these|such) (?!study|studies|work|paper|review|trial|article|report|results?|findings?|"
    r"data|an?\b|as\b|(?:may|might|can|could|will|would|should|is|are|was|were|has|have|had|do|did)\b)([a-z]\w+)",
    re.I,
)
_WHOLE_STUDY = re.compile(
    r"(?:this|the present|the current) (?:(?!(?:in|of|from|by|was|is|and)\b)[\w-]+,? ){0,4}"
    r"(?:study|work|paper|review|trial|analysis|article|report|"
    r"research|survey|case|case report|case series)\b|"
    r"this (?:shows|suggests|indicates|demonstrates|implies|confirms) that\b|"
    r"in this (?:study|work|paper|review|trial|article|report)\b|"
    r"it (?:is|was|has been|remains|appears|seems)\b(?! an? (?:[\w-]+ ){1,4}(?:that|which)\b)"
    r".{0,60}\b(?:that|whether|how|why|which|to)\b|"
    r"one (?:[\w-]+ ){0,4}(?:patient|participant|person|wom[ae]n|man|child|death|event|reaction|"
    r"complication)\b|"
    r"(?:both|some|most|all|one|each) \w+ (?:and|of|in|other|patients)\b|one of\b|"
    r"(?:most|some|all) (?!(?:were|was|are|is|had|have|did|do|came|took|used|reported|showed|received)\b)"
    r"\w+",
    re.I,
)
# "The cure of this rare tumour": the paper's own, which its title names.
_ILLNESS = re.compile(
    r"\b(?:this|these) (?:[\w-]+ ){0,2}(?:disease|disorder|tumou?r|cancer|malignanc(?:y|ie)|condition|"
    r"illness(?:e)?|syndrome|infection|patient population)s?\b",
    re.I,
)
_ALL_RESULTS = re.compile(
    r"(?:these|this|the|such|together,? these) (?:\w+ ){0,2}(?:findings?|results?|data|observations?|"
    r"studies|insights?|analyses|"
    r"experiments|discovery|discoveries|evidence)\b",
    re.I,
)


@lru_cache(_REMEMBERED)
def follows_on(text: str) -> bool:
    """Whether a sentence points back ("This protein …") and so cannot stand without the one before it."""
    text = drop_opener(text, follows=False)
    if _WHOLE_STUDY.match(text) or _ALL_RESULTS.match(text):
        return False
    pointer = _ANAPHORA.match(text) or _THEN.match(text) or _BARE_POINTER.match(text) or _ASKED.match(text)
    return pointer is not None or _points_back(text) or _numbers_only(text)


def _numbers_only(text: str) -> bool:
    """Whether it gives two numbers for what only the sentence before names."""
    bare = unbracketed(text).replace("  ", " ").replace(" ,", ",").replace(" .", ".")
    rest = bare
    for two in _TWO_NUMBERS.finditer(bare):
        rest = rest.replace(two[0], "")
    return rest != bare and _PAIRED.search(rest) is None


def is_chore(text: str) -> bool:
    """Whether a sentence about methods tells how numbers were handled, and not what kind of study it was."""
    return _CHORE.search(text) is not None and _DESIGN.search(text) is None


def _points_back(text: str) -> bool:
    """Whether "this protein" stands in it with no protein before."""
    lower = text.lower()
    for match in _POINTER.finditer(text):
        if _ILLNESS.match(text, match.start()):
            continue
        first = lower.find(match[1].lower().removesuffix("s"))
        if first < 0 or first >= match.start():
            return True
    return False


def rank(
    sentences: Sequence[Sentence],
    places: Sequence[Place],
    roles: Sequence[Role],
    plan: Plan,
    salience: Salience,
    *,
    heading: str = "",
    spill: bool = False,
) -> list[int]:
    """The sentences to tell, the dearest first; those that others point back to stand right before them.

    Args:
        heading: the words of the title.
        spill: the last one may run over the words of the plan, so that it can be cut at their end.
    """
    worth, chains = _read(tuple(sentences), tuple(places), heading, salience)
    cues = [
        cue - _HARD * max(0, length - plan.longest)
        for s, role in zip(sentences, roles, strict=True)
        for cue, length in [_cue(s.text, role)]
    ]
    turn = _Turn(roles, plan, worth, chains, cues)
    able = [i for i in turn.shortlist() if plan.most.get(roles[i], 0)]
    while able and turn.room > 0:
        best = max(able, key=turn.value)
        able.remove(best)
        turn.take(best, spill=spill)
        able = [i for i in able if i not in turn.told and turn.wants(i)]
    return turn.order


@lru_cache(_RECENT)
def _read(
    sentences: tuple[Sentence, ...], places: tuple[Place, ...], heading: str, salience: Salience
) -> tuple[Worth, list[list[int]]]:
    """What is the same for all audiences."""
    return salience.worth([trim(s.text) for s in sentences], places, heading), _chains(sentences, places)


class _Turn:
    """A digest as it is put together."""

    def __init__(
        self,
        roles: Sequence[Role],
        plan: Plan,
        worth: Worth,
        chains: Sequence[Sequence[int]],
        cues: Sequence[float],
    ) -> None:
        self._roles = roles
        self._plan = plan
        self._worth = worth
        self._cues = cues
        self._chains = chains
        self._counts: Counter[int] = Counter()
        self._by_role: Counter[Role] = Counter()
        self.told: set[int] = set()
        self.order: list[int] = []
        self.room = plan.max_words
        need = min(1.0, _NARROW / max(1, plan.max_words))
        self._untold = {r: value * (1.0 if r is Role.LIMIT else need) for r, value in _UNTOLD.items()}

    def shortlist(self) -> list[int]:
        """What is dear enough by itself to be looked at closely: of a full text a fraction."""
        sizes = self._worth.source.sizes
        if sum(sizes) <= _SHORTLIST * self._plan.max_words:
            return list(range(len(sizes)))
        first: Counter[int] = Counter()
        heap = [(-self._worth.density(i, first), i) for i in range(len(sizes))]
        heapify(heap)
        listed: list[int] = []
        room = int(_SHORTLIST * self._plan.max_words)
        while heap and room > 0:
            _, index = heappop(heap)
            value = self._worth.density(index, first)
            if heap and -heap[0][0] > value:
                heappush(heap, (-value, index))
                continue
            listed.append(index)
            self._worth.tell(index, first)
            room -= sizes[index]
        return sorted(listed)

    def wants(self, index: int) -> bool:
        """Whether another sentence of its role may be told."""
        return self._by_role[self._roles[index]] < self._plan.most.get(self._roles[index], 0)

    def value(self, index: int) -> float:
        """What a sentence adds for each word, with what must be told before it."""
        chain = self._chain_left(index)
        size = sum(self._worth.source.sizes[i] for i in chain)
        told = self._counts
        value = self._worth.density(index, told) * self._worth.source.sizes[index]
        for before in chain[:-1]:
            value += self._worth.density(before, told) * self._worth.source.sizes[before]
        role = self._roles[index]
        untold = 0.0 if self._by_role[role] else self._untold.get(role, 0.0)
        again = _REPEATED * self._worth.is_told(index, told)
        return value / size + self._cues[index] + untold - again

    def take(self, index: int, *, spill: bool) -> None:
        """Tell a sentence with its chain, where that fits."""
        chain = self._chain_left(index)
        size = sum(self._worth.source.sizes[i] for i in chain)
        fits = size <= self.room and len(chain) <= _MOST_CHAINED
        if not (fits or spill or not self.told):
            return
        for i in chain:
            self._worth.tell(i, self._counts)
            self._by_role[self._roles[i]] += 1
            self.told.add(i)
            self.order.append(i)
        self.room -= size

    def _chain_left(self, index: int) -> list[int]:
        return [i for i in self._chains[index] if i not in self.told]


@lru_cache(_REMEMBERED)
def _cue(text: str, role: Role) -> tuple[float, int]:
    """What the words of a sentence say about it that no summary of other papers can, and their number."""
    cue = 0.0
    if role is Role.RESULT:
        cue += bool(_COMPARISON.search(text)) + 0.5 * bool(_EFFECT.search(text))
        cue -= bool(_ACCOUNTING.search(text))
    if role is Role.METHOD:
        cue += 0.75 * bool(_DESIGN.search(text)) - bool(_CHORE.search(text))
    if role is Role.QUESTION:  # what was known before is told there, too
        cue += bool(_AIM.search(text))
    if role is Role.LIMIT:  # that more should be done limits nothing by itself
        cue -= bool(_MORE_WORK.search(text))
    return _CUE * cue, len(words(text))


def _chains(sentences: Sequence[Sentence], places: Sequence[Place]) -> list[list[int]]:
    """Each sentence with those before it that it needs to be understood."""
    chains: list[list[int]] = []
    for index, sentence in enumerate(sentences):
        leans = index > 0 and places[index - 1] is places[index] and follows_on(sentence.text)
        before = chains[-1] if leans else []
        # A chain that is too long for any digest need not be longer.
        chains.append([*before[-_MOST_CHAINED:], index])
    return chains
