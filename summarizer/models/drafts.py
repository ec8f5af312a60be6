"""What a language model answered, read with patience: sentences that name a section and their evidence."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from domain.digest import Role
from summarizer.models.prompting import Prompt
from summarizer.text.sentences import split_sentences

_LONGEST_ANSWER = 32_000
_MOST_OBJECTS = 400
_MOST_SENTENCES = 60
_DEEPEST = 6
_SECTIONS = {role.value: role for role in Role} | {"methods": Role.METHOD, "results": Role.RESULT}
_LINE = re.compile(
    r"^[\s>*#-]{0,8}(?P<section>[A-Za-z]{3,12})\*{0,2}\s{0,3}(?P<numbers>[\[(][\d,;\s]{1,40}[\])])?\*{0,2}"
    r"\s{0,3}[:–-]\*{0,2}\s{0,3}(?P<text>\S.*)$"
)
_CITED = re.compile(r"\s?\[(\d[\d,;\s]{0,40})\]\.?(?=\s*$)|\s?\[(\d[\d,;\s]{0,40})\](?=[.?!]\s*$)")
NOWHERE = -1
"""The number of evidence that does not exist: stands where an answer's numbers cannot be read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it."""

    role: Role
    text: str
    numbers: tuple[int, ...]
    """Of the evidence that it says it rests on."""


def read_answer(answer: str, prompt: Prompt) -> list[Draft]:
    """The sentences in `answer`; none where it makes no sense."""
    text = _without_thoughts(answer)[:_LONGEST_ANSWER]
    if prompt.role is not None:
        return _as_sentences(prompt.role, text, prompt.numbers)[:_MOST_SENTENCES]
    drafts = [draft for value in _objects(text) for draft in _drafts(value, None, 0)]
    return (drafts or list(_lines(text)))[:_MOST_SENTENCES]


def _without_thoughts(answer: str) -> str:
    """What comes after a model has thought aloud."""
    _, ended, rest = answer.rpartition("</think>")
    return rest if ended else answer


def _objects(text: str) -> Iterator[Any]:
    """Every JSON value in `text`, the whole ones inside one that was cut short, too."""
    decoder = json.JSONDecoder()
    place = 0
    for _ in range(_MOST_OBJECTS):
        starts = [at for mark in "{[" if (at := text.find(mark, place)) >= 0]
        if not starts:
            return
        place = min(starts)
        try:
            value, place = decoder.raw_decode(text, place)
            yield value
        except (ValueError, RecursionError):
            place += 1


def _drafts(value: Any, role: Role | None, depth: int) -> Iterator[Draft]:  # noqa: ANN401 - any JSON
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for part in value:
            yield from _drafts(part, role, depth + 1)
    if not isinstance(value, dict):
        return
    role = _section(value.get("section", value.get("role"))) or role
    text = value.get("text", value.get("sentence"))
    if isinstance(text, str):
        if role is not None:
            yield from _as_sentences(role, text, tuple(_numbers(value.get("evidence"))))
        return
    for key, part in value.items():
        yield from _drafts(part, _section(key) or role, depth + 1)


def _lines(text: str) -> Iterator[Draft]:
    for line in text.splitlines():
        match = _LINE.match(line)
        role = _section(match["section"]) if match else None
        if match and role:
            yield from _as_sentences(role, match["text"], tuple(_numbers(match["numbers"])))


def _as_sentences(role: Role, text: str, numbers: tuple[int, ...]) -> list[Draft]:
    """One draft for each sentence of `text`, all resting on the same evidence."""
    if match := _CITED.search(text):
        numbers = numbers or tuple(_numbers(match[1] or match[2]))
        text = text[: match.start()] + ("." if match[0].endswith(".") else "") + text[match.end() :]
    return [Draft(role, text[start:end], numbers) for start, end in split_sentences(text)]


def _section(name: object) -> Role | None:
    return _SECTIONS.get(name.strip().lower()) if isinstance(name, str) else None


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, str) and re.fullmatch(r"[\s\d,;\[\]()]{1,60}", value):
        yield from (int(digits[:6]) for digits in re.findall(r"\d+", value))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield value
    elif value is not None:
        yield NOWHERE
