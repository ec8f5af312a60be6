"""How much of what people wrote a digest tells, and how easily it reads, beside controls of equal length.

A paper's budget is a number of words. From the full text it is what people used, the mean length of the
file's references. An abstract is about as short as that itself, and a text as long as its source selects
nothing: there it is half of the abstract where that is less. Every system names sentences, the dearest
first; they are taken until the budget is full, the last one cut at its end, and told in the paper's order.
ROUGE is taken of the cut text; readability of the same sentences uncut, since a cut makes any text look easy.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import digests_rankers as rankers
from benchmarks.digests_pairs import Pair
from benchmarks.digests_rouge import MEASURES, interval, rouge, share_interval
from benchmarks.rows import Row, print_rows
from summarizer.text.readability import measure
from summarizer.text.sentences import split_sentences

OURS = "findings-selection"
"""Before anything is simplified."""
WRITTEN = "findings"
CONTROLS = ("random", "tail", "lead", "textrank", "lexrank", "oracle")
_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """What a system tells of a paper: its sentences as they are, and cut to the budget."""

    whole: Sequence[str]
    cut: Sequence[str]


System = Callable[[Pair, int], Told]
Figures = dict[str, dict[str, list[float]]]
"""Of every system, by what is measured, for each paper."""


def case_rows(
    case: str, pairs: Iterable[Pair], ours: Mapping[str, System], rooms: Iterable[int]
) -> list[Row]:
    """All systems over the pairs of a case.

    Args:
        rooms: how many words each paper's digest has.
    """
    systems = {**ours, **{name: control(name) for name in CONTROLS}}
    figures: Figures = {system: defaultdict(list) for system in systems}
    for pair, budget in zip(pairs, rooms, strict=True):
        for system, tell in systems.items():
            for name, value in _measured(pair, tell(pair, budget)).items():
                figures[system][name].append(value)
    rows = [row for system, each in figures.items() for row in _system_rows(case, system, each)]
    return rows + list(_against(case, figures))


def budgets(pairs: Sequence[Pair]) -> list[int]:
    """How many words each paper's digest has."""
    usual = round(fmean(len(pair.reference.split()) for pair in pairs))
    return [
        usual if pair.passages else max(1, min(usual, int(_SHARE * len(pair.abstract.text.split()))))
        for pair in pairs
    ]


def fill(order: Sequence[int], texts: Sequence[str], budget: int) -> Told:
    """The sentences in that order of dearness until the budget is full, told as the paper tells them."""
    whole: dict[int, str] = {}
    cut: dict[int, str] = {}
    for index in order:
        split = texts[index].split()
        if budget <= 0:
            break
        if split:
            whole[index], cut[index] = texts[index], " ".join(split[:budget])
        budget -= len(split)
    return Told([whole[i] for i in sorted(whole)], [cut[i] for i in sorted(cut)])


def cut_to(texts: Sequence[str], budget: int) -> Told:
    """Sentences that are already in order, cut at the end of the budget."""
    return fill(range(len(texts)), texts, budget)


def control(name: str) -> System:
    """A control by its name."""

    def tell(pair: Pair, budget: int) -> Told:
        texts = [sentence.text for sentence in pair.sentences]
        match name:
            case "random":
                order = rankers.by_chance(texts, pair.key)
            case "oracle":
                order = rankers.oracle(texts, pair.reference, budget)
            case _:
                order = getattr(rankers, name)(texts)
        return fill(order, texts, budget)

    return tell


def reads(texts: Sequence[str]) -> dict[str, float]:
    """Readability of sentences."""
    found = measure("\n".join(texts))
    return {
        "fkgl": found.flesch_kincaid_grade,
        "cli": found.coleman_liau_index,
        "dcrs": found.dale_chall_score,
        "hard_words": found.hard_share,
    }


def print_tables(rows: Sequence[Row]) -> None:
    """One table of all cases and systems, with what is asked of each; other rows as they are."""
    names = [*MEASURES, "fkgl_median", "fkgl_p90", "cli_median", "dcrs_median", "hard_words_median"]
    names.append("words_median")
    seen = {(row.case, row.system, row.metric): row.value for row in rows}
    table = Table(box=None, pad_edge=False)
    for heading in ("case", "system", *names, "R1 − LexRank (95 %)", "gap closed (95 %)"):
        table.add_column(heading.replace("_", " "), no_wrap=True)
    quality = [key for key in seen if key[2] == "rouge1"]
    for case, system, _ in quality:
        found = [seen.get((case, system, name)) for name in names]
        ours = [seen.get((case, system, f"rouge1_minus_lexrank{end}")) for end in ("", "_low", "_high")]
        closed = [seen.get((case, system, f"gap_closed{end}")) for end in ("", "_low", "_high")]
        table.add_row(
            case,
            system,
            *("" if value is None else f"{value:.4g}" for value in found),
            "" if ours[0] is None else f"{ours[0]:+.3f} ({ours[1]:+.3f} to {ours[2]:+.3f})",
            "" if closed[0] is None else f"{closed[0]:.0%} ({closed[1]:.0%} to {closed[2]:.0%})",
        )
    if quality:
        Console(width=230).print(table)
    told = {key[:2] for key in quality}
    if others := [row for row in rows if (row.case, row.system) not in told]:
        print_rows(others, as_json=False)


def _measured(pair: Pair, told: Told) -> dict[str, float]:
    return {
        **rouge("\n".join(told.cut), _lines(pair.reference)),
        **reads(told.whole),
        "words": sum(len(text.split()) for text in told.cut),
    }


def _lines(reference: str) -> str:
    return "\n".join(reference[a:b] for a, b in split_sentences(reference))


def _system_rows(case: str, system: str, each: Mapping[str, Sequence[float]]) -> list[Row]:
    rows = [Row(case, system, "pairs", len(each["rouge1"]), "papers")]
    for name in MEASURES:
        mean, low, high = interval(each[name])
        rows += [
            Row(case, system, name, mean, "F1"),
            Row(case, system, f"{name}_low", low, "F1"),
            Row(case, system, f"{name}_high", high, "F1"),
        ]
    units = {"fkgl": "grade", "cli": "grade", "dcrs": "score", "hard_words": "share", "words": "words"}
    for name, unit in units.items():
        if each.get(name):
            rows.append(Row(case, system, f"{name}_median", float(np.median(each[name])), unit))
    rows.append(Row(case, system, "fkgl_p90", float(np.percentile(each["fkgl"], 90)), "grade"))
    return rows


def _against(case: str, figures: Figures) -> Iterator[Row]:
    """Paired differences from every control, and how much of the way from LexRank to the oracle they are.

    How far the oracle itself is above LexRank says what could be gained at all.
    """
    each = {system: np.array(found["rouge1"]) for system, found in figures.items()}
    for system, own in each.items():
        for name in ("lexrank",) if system == "oracle" else () if system in CONTROLS else CONTROLS:
            mean, low, high = interval(own - each[name])
            metric = f"rouge1_minus_{name}"
            yield Row(case, system, metric, mean, "F1")
            yield Row(case, system, f"{metric}_low", low, "F1")
            yield Row(case, system, f"{metric}_high", high, "F1")
        if system not in CONTROLS and each["oracle"].mean() > each["lexrank"].mean():
            gained, possible = own - each["lexrank"], each["oracle"] - each["lexrank"]
            closed, low, high = share_interval(gained, possible)
            yield Row(case, system, "gap_closed", closed, "share")
            yield Row(case, system, "gap_closed_low", low, "share")
            yield Row(case, system, "gap_closed_high", high, "share")
