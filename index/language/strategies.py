"""Numbered lines of a search strategy, as reviews print them, put together as the last line says.

1. exp Lung Neoplasms/   2. lung cancer.ti,ab.   3. 1 or 2
"""

import re
from collections.abc import Iterable

_JOINED = "The numbered lines were put together as the last of them says."
_LIMITS = "Limits of a search strategy were left out."
_LONGEST = 20_000
_MOST = 150
_NUMBER = re.compile(r"[#S]?(\d{1,3})", re.IGNORECASE)
_RUN = re.compile(r"(?i)(and|or)\s?/\s?([\d\s,#-]+)|\{?(and|or)\s([\d\s,#-]+)\}?")
"""`or/1-5`, `{or #1-#5}`."""
_FROM_TO = re.compile(r"(\d{1,3})(?:-(\d{1,3})?)?")
_REFERRING = re.compile(
    r"(?i)[({]*(?:(?:and|or)\s?/\s?[\d\s,#-]+|(?:and|or)\s[\d\s,#-]+|[#S]?\d{1,3}"
    r"(?:[)\s]*\s(?:and|or|not)\s[(\s]*[#S]?\d{1,3})+)[)}]*\.?"
)
"""A line of nothing but numbers of earlier ones."""
_LIMIT = re.compile(r"(?i)limit\s+([#S]?\d{1,3})\s+to\b.*")
_RESULTS = re.compile(r"(?<=[/.)\]\"])[\s\t]+[(\[]?\d[\d,]*[)\]]?$")
"""How many papers a line found, printed behind it."""
_OPERATOR = re.compile(r"(?<=[\s)/.])(and|or|not)(?=[\s(])", re.IGNORECASE)


def put_together(text: str, notes: list[str]) -> str:
    """The whole search that numbered lines make; any other text as it is."""
    lines = next((lines for lines in map(_lines, (text, text), (True, False)) if _is_strategy(lines)), None)
    if lines is None:
        return text
    found = _Strategy(lines)
    whole = found.line(len(lines))
    if whole is None:
        return text
    notes.append(_JOINED)
    if any(map(_LIMIT.fullmatch, lines)):
        notes.append(_LIMITS)
    return whole


def _is_strategy(lines: list[str]) -> bool:
    return len(lines) > 1 and _refers(lines[-1])


def _refers(line: str) -> bool:
    return bool(_REFERRING.fullmatch(line) or _LIMIT.fullmatch(line))


def _lines(text: str, dotted: bool) -> list[str]:
    """The lines without their numbers, which rise by one."""
    starts, place = [], 0
    for number in range(1, _MOST):
        # A search field of a page has taken the ends of the lines away, and not put spaces there.
        if "\n" in text:
            numbered = rf"^[#S]?{number}(?:[.):]\s*|\s+)"
        else:
            numbered = rf"[#S]?{number}[.)]\s" if dotted else rf"(?<!\S)[#S]?{number}\s(?=\S)"
        match = re.compile(numbered, re.IGNORECASE | re.MULTILINE).search(text, place)
        if match is None or (number == 1 and text[: match.start()].strip()):
            break
        starts.append(match.span())
        place = match.end()
    ends = [start for start, _ in starts[1:]] + [len(text)]
    pieces = [text[begin:end].strip() for (_, begin), end in zip(starts, ends, strict=False)]
    return [_RESULTS.sub("", piece).strip() for piece in pieces]


class _Strategy:
    """Its lines, each with those that it refers to in place of their numbers."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._kept: dict[int, str | None] = {}

    def line(self, number: int) -> str | None:
        """The text of a line; None where it refers to what is not there, or grows too long."""
        if number not in self._kept:
            text = self._put(self._lines[number - 1], number)
            self._kept[number] = text if text is not None and len(text) <= _LONGEST else None
        return self._kept[number]

    def _put(self, text: str, number: int) -> str | None:
        if match := _LIMIT.fullmatch(text):
            return self._line(match[1], number)
        if not _REFERRING.fullmatch(text):
            return _capitals(text)
        if run := _RUN.fullmatch(text.strip("({}). ")):
            return self._run(run[1] or run[3], run[2] or run[4], number)
        return self._referred(text, number)

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

    def _referred(self, text: str, below: int) -> str | None:
        parts = self._parts(_NUMBER.findall(text), below)
        if parts is None:
            return None
        following = iter(parts)
        return _NUMBER.sub(lambda _: f"({next(following)})", _capitals(text))

    def _parts(self, numbers: Iterable[str], below: int) -> list[str] | None:
        """The texts of lines; None before they are joined where that is too long."""
        parts: list[str] = []
        length = 0
        for number in numbers:
            part = self._line(number, below)
            length += len(part or "")
            if part is None or length > _LONGEST:
                return None
            parts.append(part)
        return parts


def _capitals(text: str) -> str:
    return _OPERATOR.sub(lambda found: found[1].upper(), text)
