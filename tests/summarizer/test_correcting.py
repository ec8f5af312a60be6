"""A digest in an editor, and read back through the gate. The paper is invented."""

from dataclasses import replace

import pytest

from domain.digest import Digest, Term
from domain.paper import Paper
from summarizer.correcting import LONGEST, correct, to_text
from tests.web.invented import versions, write_digests

BY = "Ada Invented"


@pytest.fixture(scope="module")
def paper() -> Paper:
    return Paper("f0000000001", (versions()[0],), "2026-01-01", "2026-01-01")


@pytest.fixture(scope="module")
def digest(paper: Paper) -> Digest:
    return write_digests(paper)[0]


def test_a_text_that_was_not_edited_is_the_digest(digest: Digest, paper: Paper) -> None:
    text = to_text(digest)
    assert "# result: Biopsy was needed in 88 women.\n4. 88 women needed a biopsy.\n" in text
    read = correct(digest, paper, text.replace("\n", "\r\n"), BY)
    assert (read.digest, read.unread, read.objections) == (digest, (), ())
    assert read.stands("")


def test_sentences_are_reworded_dropped_and_told_twice(digest: Digest, paper: Paper) -> None:
    text = "2) Nurses examined 1,204 women.\n2: They worked in 14 clinics.\n\n# a remark\n"
    text += "4 In 88 women, a biopsy was needed.\n"
    read = correct(digest, paper, text, BY)
    assert read.unread == ()
    one, other, third = read.digest.sentences
    assert (one.text, other.text) == ("Nurses examined 1,204 women.", "They worked in 14 clinics.")
    assert one.evidence == other.evidence == digest.sentences[1].evidence
    assert {s.writer for s in read.digest.sentences} == {BY}
    assert third.terms == digest.sentences[3].terms


def test_a_word_that_went_is_no_longer_explained(digest: Digest, paper: Paper) -> None:
    read = correct(digest, paper, "4. 88 women needed a small sample of tissue.", BY)
    assert read.digest.sentences[0].terms == ()


@pytest.mark.parametrize(
    "words", ["98 women needed a biopsy.", "88 women did not need a biopsy.", "88 men needed a biopsy."]
)
def test_the_gate_objects_to_what_is_new(digest: Digest, paper: Paper, words: str) -> None:
    read = correct(digest, paper, to_text(digest).replace(digest.sentences[3].text, words), BY)
    assert read.objections
    assert all(words[:20] in objection for objection in read.objections)
    assert not read.stands("A note.")
    assert not read.stands(" ", despite=True)
    assert read.stands("Table 2 says so.", despite=True)


def test_of_sentences_that_rest_on_the_same_the_changed_one_is_named(digest: Digest, paper: Paper) -> None:
    before = digest.sentences[3]
    whole = replace(digest, sentences=(before, replace(before, text="A biopsy was needed in 88 women.")))
    read = correct(whole, paper, f"1. {before.text}\n2. A biopsy was needed in 77 women in 77 towns.\n", BY)
    assert read.objections
    assert all(objection.startswith("“A biopsy was needed in 77") for objection in read.objections)
    assert len(set(read.objections)) == len(read.objections)


def test_what_was_wrong_before_is_not_held_against_a_reviewer(digest: Digest, paper: Paper) -> None:
    wrong = replace(digest.sentences[3], text="98 women needed a biopsy.", terms=(Term("biopsy", "Tissue."),))
    standing = replace(digest, sentences=(*digest.sentences[:3], wrong, *digest.sentences[4:]))
    text = to_text(standing).replace("Nurses examined", "Trained nurses examined")
    assert correct(standing, paper, text, BY).objections == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no sentence is left"),
        ("# only a remark", "no sentence is left"),
        ("Nurses examined women.", "line 1: must be the number"),
        ("7. There is no seventh.", "there is no sentence 7"),
        ("1. " + "x" * (LONGEST + 1), f"longer than {LONGEST}"),
        ("# digest f0000000001 public 2020-01-01T00:00:00Z\n1. Words.", "has changed since"),
    ],
)
def test_what_cannot_be_read_is_never_published(digest: Digest, paper: Paper, text: str, says: str) -> None:
    read = correct(digest, paper, text, BY)
    assert says in read.unread[0]
    assert not read.stands("A note.", despite=True)


def test_no_sentence_stands_twice(digest: Digest, paper: Paper) -> None:
    read = correct(digest, paper, to_text(digest) + f"4. {digest.sentences[3].text}\n", BY)
    assert [line.partition(": ")[2] for line in read.unread] == ["the same sentence stands there twice"]


def test_signs_that_command_a_terminal_are_dropped(digest: Digest, paper: Paper) -> None:
    read = correct(digest, paper, "4. 88 women\x1b[31m needed a biopsy.\x00", BY)
    assert read.digest.sentences[0].text == "88 women [31m needed a biopsy."
