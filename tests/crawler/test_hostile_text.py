"""What reads statements takes text made to hurt in time that grows with its length alone. All is made up."""

import time
from collections.abc import Callable

import pytest

from crawler.telling.availability import sharing
from crawler.telling.industry import industry
from crawler.telling.samples import sample_size
from crawler.telling.trials import find_trials
from domain.body import Passage, Place
from domain.identifiers import Identifiers
from domain.paper import Affiliation, Author, Version, VersionKind

LETTERS = 100_000
SECONDS = 1.5
"""Generous: the patterns that were mended took from 6 to 90 seconds each."""
REPEATED = (
    *("“", '"', ")", "(", "a-", "A.", "é", "@", "1,", "/", "; ", "code for ", "not aly ", "using a-"),
    *("Pfizer ", "University Pfizer ", "A Inc ", "Co ", "one ", "twenty one ", "100 patients ", "A and "),
    *("NCT00000001 ", "EudraCT 2010-123456-12 ", "http://a.b/c 10.5061/a ", "10.5061/", "2010-", "is; "),
)


def on_affiliation(text: str) -> object:
    authors = (Author("A B", affiliations=(Affiliation(text),)),)
    return industry(Version(VersionKind.ARTICLE, Identifiers(), "T", authors=authors), ())


def on_statements(text: str) -> object:
    version = Version(VersionKind.ARTICLE, Identifiers(), "T")
    return industry(version, [Passage(text, Place.INTERESTS), Passage(text, Place.FUNDING)])


READERS: dict[str, Callable[[str], object]] = {
    "sharing, in a statement": lambda text: sharing([Passage(text, Place.AVAILABILITY, "Data availability")]),
    "sharing, in passing": lambda text: sharing([Passage(f"data available {text}", Place.METHODS)]),
    "companies of affiliations": on_affiliation,
    "companies of statements": on_statements,
    "samples": lambda text: sample_size([Passage(f"patients were enrolled {text}", Place.ABSTRACT)]),
    "trials": lambda text: find_trials(f"ClinicalTrials.gov NCT00000009 EudraCT {text}"),
}


@pytest.mark.parametrize("name", READERS)
def test_time_grows_with_the_length_alone(name: str) -> None:
    for words in REPEATED:
        text = (words * (LETTERS // len(words) + 1))[:LETTERS]
        began = time.process_time()
        READERS[name](text)
        assert time.process_time() - began < SECONDS, words


def test_a_list_of_trials_is_read_whole_but_tells_of_none_of_its_own_after_the_first_ones() -> None:
    ids = [f"NCT{number:08}" for number in range(1, 1001)]
    found = find_trials(" ".join(ids), report=True)
    assert [trial.id for trial in found] == ids
    assert not any(trial.evidence for trial in found[200:])


def test_what_a_long_list_of_clauses_says_is_still_read() -> None:
    text = "Numbers; " * 300 + "the data are available at https://zenodo.org/record/123456."
    (told,) = sharing([Passage(text, Place.AVAILABILITY, "Data availability")])
    assert told.links == ("https://zenodo.org/record/123456",)
