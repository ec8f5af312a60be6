"""Which role each sentence of an abstract plays in it."""

import re
from collections.abc import Container, Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from config import load_table
from domain.digest import STORY as ROLES
from domain.digest import Role
from summarizer.choosing.headcounts import is_head_count, tells_outcome
from summarizer.encoder import DIMENSIONS, Encoder
from summarizer.text.sentences import Sentence
from summarizer.text.sieve import SievedTable, sieved

_REMEMBERED = 1_000
_LABEL_WEIGHT = 3.0
# Sections often open or close with a sentence of another role, which its words then tell.
_NEIGHBOURS = {
    Role.RESULT: (Role.LIMIT,),
    Role.BACKGROUND: (Role.QUESTION,),
    Role.QUESTION: (Role.BACKGROUND,),
    Role.MEANING: (Role.LIMIT,),
}
_NEIGHBOUR_WEIGHT = 1.8
_MIXED_WEIGHT = 2.2
_EXAMPLE_WEIGHT = 2.0
_POSITION_WEIGHT = 0.8
_CONCLUDING_WEIGHT = 2.0
_LIMITING_WEIGHT = 1.2
_MOST_CUE = 2.4
# What it costs to go back in the usual order of telling; going on costs nothing.
_BACKWARD = 0.7
_OWN_WORK = sieved(
    r"\b(?-i:[Ww]e)\b(?! (?:currently|still|now|do not|lack|know|understand)\b)|^here\b|"
    r"\b(?:this|the present|the current|our) (?:pilot )?(?:study|work|paper|review|trial|analysis|"
    r"guideline)\b|"
    r"\bin an? (?:[\w-]+,? ){0,4}(?:study|trial|cohort)\b|"
    r"\b(?:patients|participants|subjects|data|samples|mice|cases) (?:\w+ ){0,4}(?:were|was)\b|"
    r"\b(?:rats|cats|dogs|rabbits|pigs|piglets|sheep|goats|cows|animals) (?:\w+ ){0,3}were\b|"
    r"^(?:the )?(?:effects?|influence|impact|role|safety) of .{3,160}? (?:was|were) (?:\w+ly )?(?:studied|"
    r"examined|investigated|evaluated|assessed|compared)\b|"
    r"^an? \d{1,2}[- ]?(?:year|month|week|day)s?[- ]old\b|"
    r"\b(?:society|panel|committee|task force|experts) (?:[\w-]+ ){0,6}(?:convened|developed|agreed)\b",
    re.I,
)

# A sum that was done, and what for.
_DONE = sieved(
    r"\b(?:was|were) (?:obtained|calculated|computed|used|performed|applied|constructed) to (?:\w+ )?"
    r"(?:assess|evaluate|estimate|determine|examine|compare|analy[sz]e|measure|test|identify|study)\b|"
    r"\bkey ?words\b.{0,200}\bused\b|"
    r"\bcriteria (?:was|were) (?:followed|applied|used)\b|"
    r"^(?:the )?(?:main |key )?(?:in|ex)clusion criteria (?:was|were|included|consisted|comprised)\b|"
    r"\b(?:publications|studies|articles|papers|databases|literature) .{0,200}\b(?:was|were) "
    r"(?:searched|reviewed)\b|"
    r"\b(?:was|were) pooled to\b|"
    r"^(?:the )?(?:(?:main|primary|secondary|key) )*(?:outcomes?|end-?points?)"
    r"(?: (?:measures?|variables?))?(?: assessed| studied| measured| of interest)? "
    r"(?:was|were|is|are|included)\b"
    r"(?!.*(?:\d\s?%|\b(?:than|similar|better|worse|met|reached|achieved|negative)\b))|"
    r"\b(?:was|were) taken as (?:the )?(?:research|study) (?:objects?|subjects?)\b|"
    r"^(?:[\w-]+ ){1,6}(?:was|were) (?:randomly )?(?:allocated|assigned|divided) (?:at random )?(?:in)?to "
    r"(?:\w+ ){0,2}groups\b",
    re.I,
)
# What was done towards an aim, or what was asked: a finding only where it says what came of it.
_TOWARDS = sieved(
    r"^(?!.*\b(?:when|where|if)\b[^()]*$)"
    r"(?!.*\b(?:no|none|not|only|nor|fewer|more|less|most|higher|lower|larger|smaller|highest|lowest|increase[sd]?|"
    r"decrease[sd]?|reductions?|rise|fall|significant\w*|similar)\b)"
    r"(?!(?:one|two|three|four|five|six|seven|eight|nine|ten|several|many|few) .* recorded\.$)"
    r"\D[^%]{0,300} (?:was|were) (?:studied|measured|recorded|assessed|evaluated|examined|compared)\.$|"
    r"^(?:in order )?to \w+ [^,]{5,200}, .{3,160}\b(?:was|were) (?:\w+ly )?(?:amplified|detected|determined|"
    r"tested|measured|examined|evaluated|assessed|analy[sz]ed|investigated|performed|carried out|used|"
    r"studied)\b|"
    r"^(?:in order )?to (?:\w+ly )?(?:test|examine|assess|explore|investigate|study|address|evaluate) "
    r"[^,]{3,160}, we\b|"
    r"^(?:blood|serum|urine|tissues?|samples?|specimens?) .{0,60}\b(?:was|were) tested for\b|"
    r"^\D{0,160}\b(?:analys[ei]s|tests?|assays?|blots?|stud(?:y|ies)|\w{3,20}ing)\b\D{0,80} "
    r"(?:was|were) (?:performed|conducted|carried out)\.$|"
    r"^(?:[\w-]+ ){1,5}(?:was|were) collected\b",
    re.I,
)
# What we did with whom or what.
_HANDLED = sieved(
    r"^(?:(?:here|then),? |in this (?:\w+ )?(?:study|work|trial),? )?we (?:then |also |\w+ly )?(?:treated|"
    r"gave|administered|injected|exposed|fed|infected|randomi[sz]ed|assigned|divided|enrol+ed|recruited|included|"
    r"followed|measured|collected|searched|sequenced|surveyed|interviewed|trained|applied|used)\b"
    r"(?!.*(?:\b(?:show|find|found|demonstrat|identif|reveal|observ|discover|uncover|confirm)|"
    r"(?:;|, of whom\b).*\d|, (?:and|of|with)\b.*\d\s?%))",
    re.I,
)
_AIMED = sieved(
    r"^(?:here,? )?we (?:report|present|describe) (?:an?|the|our) (?:[\w-]+,? ){0,4}(?:analys[ie]s|results|"
    r"outcomes|follow-up|experience|protocol|rationale)\b"
    r"(?!.*(?:\d\s?%|:|\b(?:higher|lower|longer|shorter|better|worse|similar|improv\w+|reduc\w+|increas\w+|"
    r"decreas\w+|that)\b))|"
    r"^(?:this|the (?:present|current)|our) (?:\w+ )?(?:study|work|paper|trial|review|analysis) "
    r"(?:(?:is|was) )?(?:aim(?:s|ed)|intended|sought|seeks) (?:to|at)\b|"
    r"^the (?:\w+ )?(?:aims?|purposes?|objectives?|goals?) of (?:this|the|our)\b|"
    r"\bwe (?:have )?(?:\w+ly )?(?:investigated|studied|examined|tested|asked|assessed|evaluated|explored|"
    r"wondered)\b.{0,120}\b(?:if|whether)\b|"
    r"\bwe (?:therefore |thus )?hypothesi[sz]ed?\b",
    re.I,
)
_CAME_OF_IT = sieved(
    r"\b(?:than|found|find|showed?|shown|reveal\w*|demonstrat\w+|confirm\w*|but (?:not|no|did)|neither|"
    r"no (?:difference|effect)|\d\s?%)(?:\b|$)",
    re.I,
)
# What the authors had found in another study.
_BEFORE = re.compile(r"(?:previously,? we|we (?:have )?previously|we (?:have )?read (?:with|the))\b", re.I)
# What was found stands before what is to be studied next: that limits it, and is not all.
_FOUND_FIRST = sieved(
    r"^(?!although\b|while\b|because\b|as\b|since\b|given\b|due\b|th(?:is|e) (?:study|trial|review)\b)"
    r"[^;]{20,}(?:;|, (?:and|but)) [^;]*\b(?:studies|trials|research|investigations?|data|evidence) "
    r"(?:[\w-]+ )?(?:is|are) (?:[\w-]+ )?(?:needed|required|warranted)\b",
    re.I,
)
# What should be studied next is no finding, wherever it stands.
_WANTED = sieved(
    r"\b(?:further|future|more|additional|larger|prospective) (?:[\w-]+ ){0,3}"
    r"(?:stud(?:y|ies)|research|investigations?|work|trials?|data|evidence) (?:[\w-]+ ){0,3}"
    r"(?:needed|required|warranted|necessary|recommended)\b",
    re.I,
)

# What will be done, and how far it has come.
_WILL = r"will (?!(?:\w+ )?(?:review|discuss|describe|summari[sz]e|highlight|outline|cover|focus)\b)"
_WILL_BE_DONE = re.compile(rf"\b{_WILL}", re.I)
_PLANNED = sieved(
    rf"\b(?:we|review) {_WILL}|"
    r"\b(?:study|trial|project|analys[ei]s|registered report) will\b|"
    r"\b(?:participants|patients|carers|volunteers|data|results|findings|outcomes?|end-?points?|interviews|"
    r"articles|samples|studies|models) (?:will be|are expected) (?:to|in|by|(?!required|needed)\w+ed|\w+n)\b|"
    r"\b(?:recruitment|enrol?lment|data collection|follow-?up|the (?:study|trial|project)) (?:\w+ )?"
    r"(?:began|started|commenced|(?:is|was) (?:\w+ )?(?:ongoing|under ?way|expected|planned|funded|approved|"
    r"open))\b|"
    r"\b(?:had|have) been (?:enrol+ed|recruited|randomi[sz]ed) (?:by|as of|until|so far|to date)\b",
    re.I,
)
_FUTURE = sieved(r"\b(?:will|may|might|could|would)\b", re.I)

# "Subjects & methods", "design, setting, and participants", "methodology/principal findings".
_JOINT = re.compile(r"(?:, ?| )and | ?[,/&] ?")
# Where no labels part them, own work is method until a sentence tells what came of it.
_FOUND = sieved(
    r"\b(?:than|hazard|odds|ratios?|associated|differ\w*|higher|lower|longer|shorter|rose|fell|increas\w+|"
    r"decreas\w+|reduc(?:ed|es|tion)|improve[ds]|significan\w+|shows?|showed|found|find|reveal\w*|demonstrat\w+|"
    r"confirm\w*|identif(?:y|ied)|report|observed|led to|resulted in|expected|associations?|correlat\w+|"
    r"there (?:was|were) (?:an?|no|little)|predominant\w*|dropped|gained|predicted|attenuat\w+|inhibited|"
    r"suppressed|promoted|abolished|impaired|evidence)\b|\d\s?%|±|"
    r"\b(?:was|were) -?\d+\.\d",
    re.I,
)
# And a conclusion is what stands last without figures: the last sentence, and those before it in the present
# tense where results are told in the past. How old people are is no figure.
_FIGURES = re.compile(
    r"(?<![\w-])(?<!\baged )(?<!older than )(?<!younger than )\d+(?:\.\d+)?(?!\d|[\w-]*[A-Za-z])"
    r"(?! years (?:of age|or (?:older|younger|over)))"
)
_PRESENT = re.compile(
    r"\b(?:is|are|has|have|can|may|might|could|should|must|will|would|does|do|needs?|remains?|appears?|seems?|"
    r"provides?|offers?|suggests?|indicates?|supports?|highlights?|represents?|plays?|leads?|results? in|"
    r"increases?|reduces?|improves?)\b",
    re.I,
)
_REPORTED = re.compile(r"\b(?:was|were|had|did)\b", re.I)
_MOST_CONCLUDING = 4
# In a background section, what the authors say of themselves is what they set out to do.
_AIM = re.compile(r"(?:we|this (?:\w+ )?(?:study|trial|review|paper|work))\b", re.I)


class _Labels:
    """Every section label that has a role or is to be skipped, in lower case, and such labels joined."""

    def __contains__(self, label: object) -> bool:
        return isinstance(label, str) and (is_skipped(label) or bool(_roles_under(label)))


def section_labels() -> Container[str]:
    """What is a section label: "results", "conclusion(s)", "measurements and main results"."""
    return _Labels()


def is_skipped(label: str) -> bool:
    """Whether no digest is made from sections of that label (funding, registration …)."""
    return _plain(label) in load_table("roles")["skip"]


def is_method(label: str) -> bool:
    """Whether sections of that label tell only how a study was done."""
    return _roles_under(label) == (Role.METHOD,)


def is_conclusion(label: str) -> bool:
    """Whether sections of that label tell only what was concluded."""
    return _roles_under(label) == (Role.MEANING,)


class RoleReader:
    """Tells the roles of the sentences of an abstract."""

    def __init__(self, encoder: Encoder) -> None:
        _cues()  # once, before several threads ask for them
        examples = load_table("roles")["examples"]
        vectors = encoder.encode([text for role in ROLES for text in examples[role]])
        self._prototypes = np.zeros((len(ROLES), DIMENSIONS), dtype=np.float32)
        first = 0
        for row, role in enumerate(ROLES):
            mean = vectors[first : first + len(examples[role])].mean(axis=0)
            self._prototypes[row] = mean / np.linalg.norm(mean)
            first += len(examples[role])

    def roles(self, sentences: Sequence[Sentence], vectors: NDArray[np.float32]) -> list[Role]:
        """The role of each sentence: the likeliest way to tell them as one story."""
        if not sentences:
            return []
        scores = _EXAMPLE_WEIGHT * (vectors @ self._prototypes.T).astype(np.float64)
        starts, found, concludes = _turns(sentences)
        for row, sentence in enumerate(sentences):
            scores[row] += _cue_scores(sentence.text)
            scores[row] += _label_scores(sentence.label, sentence.text)
            if not sentence.label:
                scores[row] += _position_scores(row, starts, found, concludes, len(sentences))
        told = [ROLES[i] for i in _best_story(scores)]
        told = [_as_worded(role, sentence.text) for role, sentence in zip(told, sentences, strict=True)]
        told = _without_known(sentences, told)
        return told if Role.RESULT in told else _of_a_plan(sentences, told)


def _without_known(sentences: Sequence[Sentence], roles: list[Role]) -> list[Role]:
    """The roles, where a question is asked in so many words or by what the authors did: what stands before
    it was known."""
    question = ROLES.index(Role.QUESTION)
    asked = [(i, sentences[i].text) for i, role in enumerate(roles) if role is Role.QUESTION]
    first = next((i for i, text in asked if _cue_scores(text)[question] > 0 or _OWN_WORK.search(text)), 0)
    known = [i for i, _ in asked if i < first]
    return [Role.BACKGROUND if i in known else role for i, role in enumerate(roles)]


def _as_worded(role: Role, text: str) -> Role:
    """The role, where its words do not tell another."""
    if role is Role.LIMIT and _FOUND_FIRST.search(text) and tells_outcome(text):
        return Role.MEANING
    return _no_finding(text) if role is Role.RESULT else role


def _of_a_plan(sentences: Sequence[Sentence], roles: list[Role]) -> list[Role]:
    """The roles where nothing was found: what is hoped of a study that is only planned is no conclusion."""
    if not any(
        _PLANNED.search(sentence.text) or (role is Role.METHOD and _WILL_BE_DONE.search(sentence.text))
        for sentence, role in zip(sentences, roles, strict=True)
    ):
        return roles
    return [
        Role.METHOD if role is Role.MEANING and _FUTURE.search(sentence.text) else role
        for role, sentence in zip(roles, sentences, strict=True)
    ]


def _no_finding(text: str) -> Role:
    """What a sentence among the results is, where it tells none."""
    if not _CAME_OF_IT.search(text):
        if _PLANNED.search(text):
            return Role.METHOD
        if _AIMED.search(text):
            return Role.QUESTION
        if _TOWARDS.search(text):
            return Role.METHOD
    if is_head_count(text) or _DONE.search(text) or (_HANDLED.search(text) and not tells_outcome(text)):
        return Role.METHOD
    if _BEFORE.match(text):
        return Role.BACKGROUND
    return Role.MEANING if _WANTED.search(text) else Role.RESULT


def _turns(sentences: Sequence[Sentence]) -> tuple[int, int, int]:
    """Where the authors' own work begins, where they first tell what came of it, and where they conclude."""
    count = len(sentences)
    # What was done is told in the past; where nothing is, others' work is told, and late what it comes to.
    otherwise = 1 if any(_REPORTED.search(s.text) for s in sentences) else count // 2
    starts = next((i for i, s in enumerate(sentences) if _OWN_WORK.search(s.text)), min(otherwise, count - 1))
    found = next((i for i in range(starts, count) if _FOUND.search(sentences[i].text)), (starts + count) // 2)
    concludes = count
    while concludes - 1 > found and count - concludes < _MOST_CONCLUDING:
        text = sentences[concludes - 1].text
        told = any(
            _REPORTED.search(s.text) or _FIGURES.search(s.text) for s in sentences[found : concludes - 1]
        )
        if _FIGURES.search(text) or (concludes < count and not (told and _PRESENT.search(text))):
            break
        concludes -= 1
    return starts, found, concludes


def _position_scores(row: int, starts: int, found: int, concludes: int, count: int) -> NDArray[np.float64]:
    scores = np.zeros(len(ROLES))
    if row < starts:
        scores[ROLES.index(Role.BACKGROUND)] = _POSITION_WEIGHT
        scores[ROLES.index(Role.QUESTION)] = 0.3
        for role in (Role.RESULT, Role.MEANING):
            scores[ROLES.index(role)] = -1.0
        # "Evidence is limited": what others lack before, and one's own study after.
        scores[ROLES.index(Role.LIMIT)] = -_MOST_CUE
    else:
        scores[ROLES.index(Role.RESULT)] = _POSITION_WEIGHT if row >= found else 0.0
        scores[ROLES.index(Role.METHOD)] = _POSITION_WEIGHT if row < found else 0.0
        scores[ROLES.index(Role.BACKGROUND)] = -0.8
    if row >= count - 1 - (count > 8):
        scores[ROLES.index(Role.MEANING)] += 0.6
    if row >= concludes:
        scores[ROLES.index(Role.MEANING)] += _CONCLUDING_WEIGHT
        scores[ROLES.index(Role.LIMIT)] += _LIMITING_WEIGHT
    return scores


def _cue_scores(text: str) -> NDArray[np.float64]:
    table, cues = _cues()
    scores = dict.fromkeys(ROLES, 0.0)
    for place in table.found(text):
        role, weight = cues[place]
        scores[role] += weight
    return np.array([min(_MOST_CUE, score) for score in scores.values()])


def _label_scores(label: str, text: str) -> NDArray[np.float64]:
    scores = np.zeros(len(ROLES))
    roles = _roles_under(label)
    if len(roles) > 1:
        for mixed in roles:
            scores[ROLES.index(mixed)] = _MIXED_WEIGHT
        scores[ROLES.index(Role.LIMIT)] = _NEIGHBOUR_WEIGHT
    elif roles:
        role = Role.QUESTION if roles[0] is Role.BACKGROUND and _AIM.match(text) else roles[0]
        scores[ROLES.index(role)] = _LABEL_WEIGHT
        for neighbour in _NEIGHBOURS.get(role, ()):
            scores[ROLES.index(neighbour)] = _NEIGHBOUR_WEIGHT
    return scores


def _best_story(scores: NDArray[np.float64]) -> list[int]:
    """The best path through the roles when going back costs something (Viterbi)."""
    count = len(ROLES)
    steps = np.subtract.outer(np.arange(count), np.arange(count))
    cost = np.where(steps > 0, _BACKWARD, 0.0)
    # A limit may stand anywhere near the end; meaning after it is no step back.
    cost[ROLES.index(Role.LIMIT), ROLES.index(Role.MEANING)] = 0.0
    best = scores[0]
    back: list[NDArray[np.intp]] = []
    for row in scores[1:]:
        ways = best[:, None] - cost
        back.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for origin in reversed(back):
        path.append(int(origin[path[-1]]))
    return path[::-1]


def _plain(label: str) -> str:
    return " ".join(label.lower().replace("(s)", "s").strip(" .:;-–—").split())


@cache
def _label_roles() -> dict[str, Role]:
    labels = load_table("roles")["labels"]
    return {label: role for role in ROLES for label in labels[role]}


@lru_cache(_REMEMBERED)
def _roles_under(label: str) -> tuple[Role, ...]:
    """The role of the sentences under a label, several where it joins labels of several; none is unknown."""
    plain = _plain(label)
    if plain in _label_roles():
        return (_label_roles()[plain],)
    if mixed := load_table("roles")["mixed"].get(plain):
        return tuple(map(Role, mixed))
    if _JOINT.split(plain, 1)[0] not in _label_roles():
        return ()  # whole sentences are asked about
    joined = [_label_roles().get(part) for part in _JOINT.split(plain)]
    return tuple(dict.fromkeys(role for role in joined if role)) if all(joined) else ()


@cache
def _cues() -> tuple[SievedTable, list[tuple[Role, float]]]:
    """The patterns of all roles, and for each the role that it tells and how surely."""
    rows = [(role, *cue) for role in ROLES for cue in load_table("roles")["cues"][role]]
    table = SievedTable([sieved(pattern, re.I) for _, pattern, _ in rows])
    return table, [(role, weight) for role, _, weight in rows]
