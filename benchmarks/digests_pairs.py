"""Papers with the plain summary that people wrote of them, from files laid out in any of the usual ways."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from benchmarks.digests_files import Loader, read_articles, read_files
from crawler.sources.jats import parse_article
from domain.body import Passage, Place
from domain.errors import FindingsError
from domain.paper import Abstract, Section
from summarizer.choosing.roles import section_labels
from summarizer.text.sentences import Sentence, read_sentences, split_sentences

_SOURCES = (
    "abstract", "abstract_and_excerpt", "source", "technical", "complex", "article", "document", "input",
    "input_text", "original", "expert", "text",
)  # fmt: skip
_REFERENCES = (
    "digest", "lay_summary", "plain_language_summary", "plain_summary", "pls", "author_summary", "lay",
    "plain", "simple", "simplified", "layman", "target", "target_text", "reference", "adaptation",
    "adaptations", "summary", "output",
)  # fmt: skip
_TOLD = (Place.ABSTRACT, Place.INTRODUCTION, Place.METHODS, Place.RESULTS, Place.DISCUSSION, Place.OTHER)
_HEADINGS = {
    "introduction": Place.INTRODUCTION,
    "background": Place.INTRODUCTION,
    "method": Place.METHODS,
    "materials": Place.METHODS,
    "results": Place.RESULTS,
    "findings": Place.RESULTS,
    "discussion": Place.DISCUSSION,
    "conclusion": Place.DISCUSSION,
}
_MARKS = re.compile(r"<\w+>\s*|\[TITLE\](?P<title>[^\[\n]*)|\[ABSTRACT\]")
_LEAST_WORDS = 20
_RUN = 6

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper as far as it is read, and what people wrote of it for everyone."""

    key: str
    title: str
    abstract: Abstract
    reference: str
    passages: tuple[Passage, ...] = ()
    """Of the full text, the abstract first; empty where only the abstract is read."""

    @property
    def sentences(self) -> list[Sentence]:
        """All sentences of what is read, in its order."""
        if not self.passages:
            return read_sentences(self.abstract, section_labels())
        return [sentence for sentence, _ in self.placed]

    @property
    def placed(self) -> list[tuple[Sentence, Place]]:
        """The sentences, each with the place it stood in."""
        if not self.passages:
            return [(sentence, Place.ABSTRACT) for sentence in self.sentences]
        found = []
        start = 0
        for passage in self.passages:
            for a, b in split_sentences(passage.text):
                found.append((Sentence(start + a, start + b, passage.text[a:b]), passage.place))
            start += len(passage.text) + 1
        return found


def load_cases(data: Path, size: int = 0) -> dict[str, list[Pair]]:
    """`<file stem>/abstract` and, where JATS lies beside, `<file stem>/fulltext`, with the pairs of each.

    Args:
        size: how many pairs of a file at most, evenly spread; 0 takes all.
    """
    folder = data / "jats-plain-language" if (data / "jats-plain-language").is_dir() else data
    articles = read_articles(folder)
    cases: dict[str, list[Pair]] = {}
    for stem, rows in read_files(folder):
        found = [(named, pair) for row in rows if (pair := to_pair(named := _named(row))) is not None]
        whole = [(row, pair) for row, pair in found if _may_have_body(row, articles)]
        cases[f"{stem}/abstract"] = [pair for _, pair in _spread(found, size)]
        read = (_with_body(pair, row, articles) for row, pair in _spread(whole, size))
        cases[f"{stem}/fulltext"] = [pair for pair in read if pair.passages]
    return {case: pairs for case, pairs in cases.items() if pairs}


def to_pair(row: Mapping[str, Any]) -> Pair | None:
    """The pair in a row; None where it has none."""
    row = _named(row)
    title = str(row.get("title") or "")
    reference = next((text for key in _REFERENCES if (text := _text(row.get(key)))), "")
    name, given = next(((key, row[key]) for key in _SOURCES if _text(row.get(key))), ("", None))
    if not name or len(reference.split()) < _LEAST_WORDS:
        return None
    if name == "article" and row.get("section_headings"):
        given = str(given).split("\n")[0]  # what follows is the body
    sections = tuple(Section(text, label) for label, text in _parts(given) if text)
    if not title and (match := re.search(r"\[TITLE\]([^\[\n]*)", sections[0].text)):
        title = match[1].strip()
    sections = tuple(replace(s, text=" ".join(_MARKS.sub(" ", s.text).split())) for s in sections)
    abstract = Abstract(tuple(section for section in sections if section.text))
    if len(abstract.text.split()) < _LEAST_WORDS:
        return None
    key = next((str(row[k]) for k in ("doi", "id", "publisher_id", "pmid") if row.get(k)), "") or title
    return Pair(key or abstract.text[:80], title, abstract, reference)


def _named(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The row, its columns named alike: `layTitle`, `Lay Title` and `lay-title` are one."""
    plain = (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(key)) for key in row)
    return {re.sub(r"\W+", "_", key).lower(): value for key, value in zip(plain, row.values(), strict=True)}


def _text(value: object) -> str:
    return "\n".join(text for _, text in _parts(value) if text)


def _parts(value: object) -> list[tuple[str, str]]:
    """Label and text of each part, of a text, a list of texts, or a list of `{text, label}`."""
    if isinstance(value, str):
        return [("", value.strip())]
    if isinstance(value, Mapping) and "text" not in value:
        parts = [(str(key), part) for key, item in value.items() for _, part in _parts(item)]
        return [("" if label.isdigit() else label, part) for label, part in parts]
    if isinstance(value, Mapping):
        label = str(value.get("label") or value.get("title") or value.get("heading") or "")
        return [(label, str(value["text"] or "").strip())]
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    return []


def _spread(items: list[Item], size: int) -> list[Item]:
    if not 0 < size < len(items):
        return items
    return [items[round(i * (len(items) - 1) / max(1, size - 1))] for i in range(size)]


def _may_have_body(row: Mapping[str, Any], articles: Mapping[str, Loader]) -> bool:
    return _article_of(row, articles) is not None or bool(_written_body(row))


def _article_of(row: Mapping[str, Any], articles: Mapping[str, Loader]) -> Loader | None:
    keys = [PurePosixPath(str(row["source_file"])).stem] if row.get("source_file") else []
    keys += [str(row[key]).lower() for key in ("doi", "publisher_id") if row.get(key)]
    return next((articles[key] for key in keys if key in articles), None)


def _with_body(pair: Pair, row: Mapping[str, Any], articles: Mapping[str, Loader]) -> Pair:
    load = _article_of(row, articles)
    try:
        passages = parse_article(load(), pair.key).passages if load else _written_body(row)
    except FindingsError:
        return pair
    body = [p for p in passages if p.place in _TOLD[1:] and not _repeats(p.text, pair.reference)]
    if sum(len(passage.text.split()) for passage in body) < 10 * _LEAST_WORDS:
        return pair
    first = tuple(Passage(section.text, Place.ABSTRACT, section.label) for section in pair.abstract.sections)
    return replace(pair, passages=(*first, *body))


def _written_body(row: Mapping[str, Any]) -> list[Passage]:
    """The sections that a row itself has beside its abstract, each under its heading."""
    headings = row.get("section_headings") or row.get("headings")
    texts = row.get("sections")
    if texts is None and headings and isinstance(row.get("article"), str):
        texts = row["article"].split("\n")[1:]
        headings = list(headings)[1:]
    if not isinstance(texts, list) or not isinstance(headings, list):
        return []
    parts = [" ".join(_text(text).split()) for text in texts]
    return [Passage(text, _place(str(h)), str(h)) for text, h in zip(parts, headings, strict=False) if text]


def _place(heading: str) -> Place:
    return next((place for word, place in _HEADINGS.items() if word in heading.lower()), Place.OTHER)


def _repeats(text: str, reference: str) -> bool:
    """Whether a passage is the summary itself, which stands in some papers' bodies."""
    own, given = _runs(text), _runs(reference)
    return bool(own) and len(own & given) > 0.3 * len(own)


def _runs(text: str) -> set[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text.lower())
    return {tuple(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)}
