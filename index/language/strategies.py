"""Numbered lines of a search strategy, as reviews print them, put together as the last line says.

1. exp Lung Neoplasms/   2. lung cancer.ti,ab.   3. 1 or 2
"""

import re
from collections.abc import Iterable

from index.language.habits import find_habit
from index.language.limits import LIMITS, conditions, limited, split

_JOINED = "The numbered lines were put together as the last of them says."
LINES = "Numbers of earlier searches mean nothing here, so they were left out."
_HEAD = "What stands before the first numbered line was left out."
_TOO_LONG = (
    "The numbered lines are too long once they are put together, so they were read one after the other."
)
_LONGEST = 40_000
_MOST = 150
_MARKED = re.compile(r"(?<![\w&])[#S]\s?(\d{1,3})(?!\w)")
"""A line's number that cannot be anything else."""
_NUMBER = re.compile(r"(?:[#S]\s?)?(\d{1,3})", re.IGNORECASE)
_FIRST = re.compile(r"^\s*([#S])?\s?(\d{1,3})(?=[.):,\s])", re.MULTILINE)
_RUN = re.compile(r"(?i)(and|or)\s?/\s?([\d\s,#-]+)|\{?(and|or)\s([\d\s,#-]+)\}?")
"""`or/1-5`, `{or #1-#5}`."""
_FROM_TO = re.compile(r"(\d{1,3})(?:-(\d{1,3})?)?")
_REFERRING = re.compile(
    r"(?i)[({]*(?:(?:and|or)\s?/\s?[\d\s,#-]+|(?:and|or)\s[\d\s,#-]+|[#S]?\d{1,3}"
    r"(?:[)\s]*\s(?:and|or|not)\s[(\s]*[#S]?\d{1,3})+)[)}]*\.?"
)
"""A line of nothing but numbers of earlier ones."""
_LIMIT = re.compile(r"(?i)(?:limit|remove duplicates from)\s+([#S]?\d{1,3})(?:\s+to\b(.*))?")
_SEARCH = re.compile(r"^Search:?\s(?=.*[\[\"(#])")
"""Before each line of PubMed's history."""
_USE = re.compile(r"(?i)([#S]?\d{1,3})\s+use\s+[a-z]\w{2,8}")
"""In which of several databases that are searched together."""
_BEGUN = re.compile(r"(\d{1,3})(?=\s(?:and|not)\s(?!\d))", re.IGNORECASE)
"""An earlier line, with words of this one: `3 and random*.tw`; `2 or more` is none."""
_BEHIND = re.compile(
    r"(?<=[/.)\]\"])[\s\t]+[(\[]?\d[\d,]*[)\]]?$|\s+\(\d[\d,]*\)$|\s*\[mp=[^\]]*\]|\s*[*_=-]{5,}\s*$"
)
"""What is printed behind a line: how many papers it found, where `.mp.` looked, a rule under the last one."""
_COUNT = re.compile(r"\s+\d[\d,]*$")
_TRIALS = re.compile(r"\sin (?:Trials|Cochrane Reviews)(?:,.*)?$")
"""In which part of the Cochrane Library."""
_COMMENT = re.compile(r"\s+\[([A-Z][^\[\]]{2,60})\]$")
_WITHIN = re.compile(r"(?<=[\w*)\"]\s)([NW])(\d{1,2})(?=\s[\w(\"])")
"""How near words stand in EBSCO's strategies; elsewhere N1 is a stage."""
_GLUED = r"(?:(?<!\S)[#S]?\s?|#\s?|(?<=[)/.\]]))"
"""What is before a number without a point, where lines have lost their ends."""
_OPERATOR = re.compile(r"(?<=[\s)/.])(and|or|not)(?=[\s(])", re.IGNORECASE)


def put_together(text: str, notes: list[str]) -> str:
    """The whole search that numbered lines make; any other text as it is."""
    text = _rising(text)
    readings = (_lines(text, dotted=dotted) for dotted in (True, False))
    first = _FIRST.search(text)
    marked = bool(first and first[1])
    lines = next((lines for lines in readings if len(lines) > 1 and _refers(lines[-1], marked=marked)), None)
    if lines is None:
        return _alone(text, notes)
    found = _Strategy(lines, marked=marked)
    whole = found.line(len(lines))
    if whole is None:
        notes += [_TOO_LONG] if found.too_long else []
        return text
    notes.append(_JOINED)
    notes += [LIMITS] if found.limited else []
    notes += [_HEAD] if not _FIRST.match(text) else []
    return whole


def _alone(text: str, notes: list[str]) -> str:
    """One line of a strategy that only limits or joins others, as its limits; any other text as it is."""
    if _REFERRING.fullmatch(text.strip()):
        notes.append(LINES)
        return ""
    match = _LIMIT.fullmatch(text.strip())
    asked, left = conditions(match[2] or "") if match else ("", False)
    if not asked:
        return text
    notes += [LINES, *([LIMITS] if left else [])]
    return asked


def _rising(text: str) -> str:
    """Numbered lines from the first on, where a page lists the newest first; what is above stays there."""
    head, *lines = [line for line in text.splitlines() if line.strip()] or [""]
    above = [] if _FIRST.match(head) else [head]
    lines = lines if above else [head, *lines]
    numbers = [int(match[2]) for line in lines if (match := _FIRST.match(line))]
    fall = len(numbers) > 1 and numbers == list(range(len(lines), 0, -1))
    return "\n".join([*above, *reversed(lines)]) if fall else text


def _refers(line: str, *, marked: bool) -> bool:
    """Whether a line asks for what earlier ones found."""
    forms = (_REFERRING.fullmatch(line), _LIMIT.fullmatch(line), _USE.fullmatch(line), _BEGUN.match(line))
    return any(forms) or bool(marked and _MARKED.search(line))


def _lines(text: str, *, dotted: bool) -> list[str]:
    """The lines without their numbers, which rise by one."""
    starts, place = [], 0
    for number in range(1, _MOST):
        # A search field of a page has taken the ends of the lines away, and not put spaces there.
        if "\n" in text:
            numbered = rf"^[#S]?\s?{number}(?:[.):]\s*|\s+)"
        else:
            numbered = rf"[#S]?{number}[.):]\s" if dotted else rf"{_GLUED}{number}\s+(?=\S)"
        match = re.compile(numbered, re.IGNORECASE | re.MULTILINE).search(text, place)
        if match is None or (number == 1 and "\n" not in text and text[: match.start()].strip()):
            break
        starts.append(match.span())
        place = match.end()
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return _uncounted([_bare(text[begin:end].strip()) for (_, begin), end in zip(starts, ends, strict=False)])


def _uncounted(lines: list[str]) -> list[str]:
    """Lines without how many papers each found, where such a number stands behind the numbers of the last."""
    bare = _COUNT.sub("", lines[-1]) if lines else ""
    counted = bool(lines) and bare != lines[-1] and bool(_REFERRING.fullmatch(bare))
    return [_COUNT.sub("", line) for line in lines] if counted else lines


def _bare(line: str) -> str:
    """A line without what is printed behind it."""
    line = _SEARCH.sub("", line)
    for _ in range(3):
        line = _BEHIND.sub("", line).strip()
    comment = _COMMENT.search(line)
    return line[: comment.start()] if comment and not find_habit(comment[1]) else line


class _Strategy:
    """Its lines, each with those that it refers to in place of their numbers."""

    def __init__(self, lines: list[str], *, marked: bool) -> None:
        self._lines, self._marked = lines, marked
        self._kept: dict[int, str | None] = {}
        self.too_long = False
        """Whether a line grew so long that it was given up."""
        self.limited = False
        """Whether limits were left out."""

    def line(self, number: int) -> str | None:
        """The text of a line; None where it refers to what is not there, or grows too long."""
        if number not in self._kept:
            text = self._put(self._lines[number - 1], number)
            self._kept[number] = text if text is not None and self._fits(len(text)) else None
        return self._kept[number]

    def _fits(self, length: int) -> bool:
        self.too_long = self.too_long or length > _LONGEST
        return length <= _LONGEST

    def _put(self, text: str, number: int) -> str | None:
        if match := _LIMIT.fullmatch(text):
            return self._limited(self._line(match[1], number), match[2] or "")
        if match := _USE.fullmatch(text):
            self.limited = True
            return self._line(match[1], number)
        text, limits = split(text)
        if limits is not None:
            return self._limited(self._put(text, number), limits)
        if _TRIALS.search(text):
            self.limited = True
            text = _TRIALS.sub("", text)
        if not _REFERRING.fullmatch(text):
            if not self._marked:
                return self._begun(_capitals(text), number)
            return self._referred(_WITHIN.sub(r"\1/\2", text), number, _MARKED)
        if run := _RUN.fullmatch(text.strip("({}). ")):
            return self._run(run[1] or run[3], run[2] or run[4], number)
        return self._referred(text, number, _NUMBER)

    def _limited(self, line: str | None, limits: str) -> str | None:
        """A line within the limits that we have; others are left out."""
        if line is None:
            return None
        line, left = limited(line, limits)
        self.limited = self.limited or left
        return line

    def _begun(self, text: str, below: int) -> str:
        match = _BEGUN.match(text)
        line = self._line(match[1], below) if match else None
        return f"({line}){text[match.end() :]}" if match and line is not None else text

    def _line(self, written: str, below: int) -> str | None:
        number = int(written.lstrip("#sS"))
        return self.line(number) if 0 < number < below else None

    def _run(self, operator: str, numbers: str, below: int) -> str | None:
        wanted: dict[int, None] = {}
        for piece in numbers.replace("#", "").replace(" ", "").split(","):
            match = _FROM_TO.fullmatch(piece)
            if match is None:
                return None
            low, high = int(match[1]), int(match[2] or match[1])
            wanted |= dict.fromkeys(range(low, min(high, _MOST) + 1))
        parts = self._parts(map(str, wanted), below)
        return None if parts is None else f" {operator.upper()} ".join(f"({part})" for part in parts)

    def _referred(self, text: str, below: int, numbers: re.Pattern[str]) -> str | None:
        parts = self._parts(numbers.findall(text), below)
        if parts is None:
            return None
        following = iter(parts)
        return numbers.sub(lambda _: f"({next(following)})", _capitals(text))

    def _parts(self, numbers: Iterable[str], below: int) -> list[str] | None:
        """The texts of lines; None before they are joined where that is too long."""
        parts: list[str] = []
        length = 0
        for number in numbers:
            part = self._line(number, below)
            length += len(part or "")
            if part is None or not self._fits(length):
                return None
            parts.append(part)
        return parts


def _capitals(text: str) -> str:
    return _OPERATOR.sub(lambda found: found[1].upper(), text)
