"""The words of titles and abstracts that a word may be a slip for, asked of Elasticsearch's suggester."""

from collections.abc import Mapping, Sequence
from typing import Any

from index.elastic.compile import PAPERS
from index.elastic.schema import exact_name
from index.engine import Spelling
from index.fields import WEIGHTED
from index.language.slips import allowed, slips_between

Json = dict[str, Any]
_FIELDS = tuple(exact_name(row) for row in WEIGHTED)
_FREQUENT = 50
"""A word in so many papers is none that anybody asks about."""
_MOST, _PER_SHARD = 50, 200


def spelling_question(words: Sequence[str]) -> Json:
    """How often each word occurs, and what is like it."""
    places = [(number, word, field) for number, word in enumerate(words) for field in _FIELDS]
    return {
        "size": 0,
        "track_total_hits": False,
        "query": PAPERS,
        "aggs": {
            _name(n, field): {"filter": {"term": {field: {"value": word}}}} for n, word, field in places
        },
        "suggest": {_name(n, field): {"text": word, "term": _alike(field)} for n, word, field in places},
    }


def _alike(field: str) -> Json:
    return {
        "field": field,
        "suggest_mode": "always",
        "max_edits": 2,
        "prefix_length": 0,
        "sort": "frequency",
        "size": _MOST,
        "shard_size": _PER_SHARD,
    }


def to_spellings(words: Sequence[str], found: Json | None) -> Mapping[str, Sequence[Spelling]]:
    """The answer: the words a slip or two away, the most frequent first; of a frequent word only itself."""
    return {word: _spellings(number, word, found) for number, word in enumerate(words)} if found else {}


def _spellings(number: int, word: str, found: Json) -> list[Spelling]:
    own = max(int(found["aggregations"][_name(number, field)]["doc_count"]) for field in _FIELDS)
    papers = {word: own} if own else {}
    if own < _FREQUENT:
        for field in _FIELDS:
            for entry in found["suggest"][_name(number, field)]:
                for option in entry["options"]:
                    other, count = str(option["text"]), int(option["freq"])
                    if other != word and slips_between(word, other) <= allowed(word):
                        papers[other] = max(count, papers.get(other, 0))
    ordered = sorted(papers.items(), key=lambda item: (-item[1], item[0]))
    return [Spelling(other, count) for other, count in ordered]


def _name(number: int, field: str) -> str:
    return f"{number} {field}"
