"""What a language model is asked: numbered evidence and the sections to write, by the files in `prompts/`."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from domain.digest import Audience, Role
from domain.evidence import Evidence

PROMPTS = 1
"""Version of the prompts, part of the engine's name: another one makes all its digests pending."""
READERS = {
    Audience.PUBLIC: "patients and their families",
    Audience.POLICYMAKER: "people who decide about health services",
    Audience.PROFESSIONAL: "health professionals and researchers",
}
_MARKERS = re.compile(r"<[|/]?\s?[A-Za-z_▁|][\w▁| ]{0,40}>|\[/?INST\]", re.I)
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence that a model may name, and the sections it may be told in."""

    number: int
    evidence: Evidence
    roles: frozenset[Role]

    @property
    def line(self) -> str:
        """What the model is shown."""
        return f"[{self.number}] {as_data(self.evidence.text)}"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a model."""

    user: str
    system: str = ""
    role: Role | None = None
    """The one section that it asks for, where the answer is nothing but its text."""
    numbers: tuple[int, ...] = ()
    """The evidence that was shown."""


def as_data(text: str) -> str:
    """`text` on one line, without control characters and what a model might take for marks of its own."""
    return " ".join(_MARKERS.sub(" ", UNSEEN.sub(" ", text)).split())


def section_prompts(
    items: Sequence[Item],
    roles: Sequence[Role],
    audience: Audience,
    answer: str,
    room: int,
    size: Callable[[str], int],
) -> list[Prompt]:
    """As many questions as it takes to show all the evidence, each of no more than `room`.

    Args:
        answer: the form of the answer, `json` or `lines`.
        size: how much of the room a text takes.
    """
    system = Template(read_prompt("system")).substitute(reader=READERS[audience])

    def prompt(some: Sequence[Item]) -> Prompt:
        wanted = [role for role in roles if any(role in item.roles for item in some)]
        user = Template(read_prompt("request")).substitute(
            audience=read_prompt(audience.value).strip(),
            evidence="\n".join(item.line for item in some),
            sections=", ".join(wanted),
            format=read_prompt(answer).strip(),
        )
        return Prompt(user, system, None, tuple(item.number for item in some))

    left = room - size(system) - size(prompt(()).user) - size(", ".join(roles))
    return [prompt(some) for some in _packed(items, left, lambda item: size(item.line) + 1)]


def rewriting_prompts(
    items: Sequence[Item],
    roles: Sequence[Role],
    audience: Audience,
    room: int,
    size: Callable[[str], int],
) -> list[Prompt]:
    """One question for each piece of evidence, for models that turn a text into another and know no more."""
    template = Template(read_prompt(f"rewrite-{audience.value}").strip())
    prompts = [
        Prompt(template.substitute(text=as_data(item.evidence.text)), "", role, (item.number,))
        for item in items
        for role in roles
        if role in item.roles
    ]
    return [prompt for prompt in prompts if size(prompt.user) <= room]


def _packed(items: Iterable[Item], room: int, size: Callable[[Item], int]) -> list[list[Item]]:
    """`items` in order, in as few packs of `room` as that allows; one that fits nowhere is left out."""
    packs: list[list[Item]] = []
    used = 0
    for item in items:
        needed = size(item)
        if needed > room:
            continue
        if not packs or used + needed > room:
            packs.append([])
            used = 0
        packs[-1].append(item)
        used += needed
    return packs


@cache
def read_prompt(name: str) -> str:
    """The prompt file of that name."""
    return files("summarizer").joinpath("prompts", f"{name}.txt").read_text("utf-8")
