"""Whole digests at the gate; the paper is invented."""

from dataclasses import replace

import pytest

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import ABSTRACT, TITLE, Evidence
from domain.facts import Fact, FactKind, FactTable, Quantity
from domain.paper import NoticeKind
from summarizer.gate import digest_faults, disagreements
from summarizer.gate.realised import realised_faults

TEXT = (
    "We gave drug A-12 to 40 mice. The drug may slow tumour growth by 12.5% (95% CI 10.1 to 14.9). "
    "It did not lengthen life."
)
TOLD = (
    ("The researchers gave drug A-12 to 40 mice.", Role.METHOD, "We gave drug A-12 to 40 mice."),
    (
        "The drug may slow tumour growth by 12.5%.",
        Role.RESULT,
        "The drug may slow tumour growth by 12.5% (95% CI 10.1 to 14.9).",
    ),
    ("It did not lengthen life.", Role.RESULT, "It did not lengthen life."),
)


@pytest.fixture
def version(make_version):
    return make_version([("", TEXT)])


def _evidence(version, words, place=ABSTRACT):
    text = version.abstract().text if place == ABSTRACT else version.title
    start = text.index(words)
    return Evidence(version.source_hash, start, start + len(words), words, place)


@pytest.fixture
def facts(version):
    mice = _evidence(version, "mice")
    return FactTable(
        version.source_hash,
        (Fact(FactKind.KIND, "animal", mice), Fact(FactKind.SPECIES, "mice", mice)),
    )


@pytest.fixture
def digest(version):
    kind = DigestSentence("This was a laboratory study in mice.", Role.KIND, _evidence(version, "mice"))
    told = [DigestSentence(text, role, _evidence(version, words)) for text, role, words in TOLD]
    return Digest(
        "p1", Audience.PUBLIC, "extractive/3", "h", "2026-01-01", DigestStatus.PUBLISHED, (kind, *told)
    )


def test_background_is_not_told_as_found(digest, facts, version):
    kind = digest.sentences[0]
    words = "It did not lengthen life."
    known = DigestSentence("It did not lengthen life.", Role.BACKGROUND, _evidence(version, words))
    told = replace(digest, sentences=(kind, known))
    assert digest_faults(told, facts, version) == []
    found = _changed(told, 1, text="The results show that it did not lengthen life.")
    assert "background told as found" in {f.kind for f in digest_faults(found, facts, version)}


def test_a_design_that_the_facts_do_not_hold_is_no_design_of_ours(digest, facts, version):
    wrong = _changed(digest, 0, text="This was a randomised trial.")
    assert any("another design" in f.detail for f in digest_faults(wrong, facts, version))


def test_a_registration_is_told_as_it_stands(version):
    evidence = "eu-ctr 2007-007973-22"
    facts = FactTable(version.source_hash, ())
    assert realised_faults("It is registered as 2007-007973-22.", evidence, facts) == []
    assert realised_faults("It is registered as 007973-2007-22.", evidence, facts) != []


def test_a_number_is_told_of_those_who_were_counted(version):
    counted = (Quantity("3315", unit="patients"), Quantity("40", unit="mice"))
    fact = Fact(FactKind.SIZE, "3,315 patients and 40 mice", _evidence(version, "40 mice"), counted)
    facts = FactTable(version.source_hash, (fact,))
    evidence = "3,315 patients and 40 mice, of all cases"
    assert realised_faults("The study compared 3,315 patients with 40 mice.", evidence, facts) == []
    for wrong in (
        "3,315 patients with 40 cases",
        "3,315 mice with 40 patients",
        "40 mice with 40 mice of all",
    ):
        assert realised_faults(f"The study compared {wrong}.", evidence, facts)
    told = "The study compared 3,315 adult patients with 40 mice."
    assert realised_faults(told, "3,315 adult patients and 40 mice", facts) == []
    assert realised_faults(told, f"{evidence}, with adult owners", facts)


def _changed(digest, place, **changes):
    sentences = list(digest.sentences)
    sentences[place] = replace(sentences[place], **changes)
    return replace(digest, sentences=tuple(sentences))


def test_a_faithful_digest_has_no_faults(digest, facts, version):
    assert digest_faults(digest, facts, version) == []


@pytest.mark.parametrize(
    ("place", "text", "kind"),
    [
        (2, "The drug may slow tumour growth by 15.2%.", "number not in the evidence"),
        (2, "The drug slows tumour growth by 12.5%.", "hedge left out"),
        (3, "It did lengthen life.", "negation left out"),
        (1, "The researchers gave drug A-12 to 40 people.", "population left out"),
        (0, "This was a laboratory study in rats.", "fact not in the evidence"),
        (0, "This was a laboratory study.", "study kind"),
    ],
)
def test_a_fault_in_a_sentence_is_told_with_its_place(digest, facts, version, place, text, kind):
    found = digest_faults(_changed(digest, place, text=text), facts, version)
    assert any(fault.kind == kind for fault in found), found


def test_an_anchor_that_does_not_match_is_a_fault(digest, facts, version):
    moved = replace(digest.sentences[1].evidence, start=1, end=30)
    assert [f.kind for f in digest_faults(_changed(digest, 1, evidence=moved), facts, version)] == ["anchor"]


def test_facts_and_anchors_of_another_version_are_faults(digest, facts, make_version):
    other = make_version([("", TEXT + " And more was found.")])
    assert {fault.kind for fault in digest_faults(digest, facts, other)} == {"anchor"}


@pytest.mark.parametrize("notice", [NoticeKind.RETRACTED, NoticeKind.WITHDRAWN])
def test_nothing_is_told_from_what_was_taken_back(digest, facts, version, notice, make_version):
    taken_back = make_version([("", TEXT)], notice=notice)
    assert "retracted" in {fault.kind for fault in digest_faults(digest, facts, taken_back)}


def test_animal_work_that_is_not_said_to_be_so_is_a_fault(digest, facts, version):
    silent = replace(digest, sentences=digest.sentences[1:])
    assert "study kind" in {fault.kind for fault in digest_faults(silent, facts, version)}
    late = replace(digest, sentences=(*digest.sentences[1:], digest.sentences[0]))
    assert [f.detail for f in digest_faults(late, facts, version)] == ["not said first"]


def test_what_a_study_cannot_show_does_not_say_what_it_was(digest, facts, version):
    caution = replace(digest.sentences[0], text="What happens in mice may not happen in people.")
    both = replace(digest, sentences=(digest.sentences[0], caution, *digest.sentences[1:]))
    assert digest_faults(both, facts, version) == []
    silent = replace(digest, sentences=(caution, *digest.sentences[1:]))
    found = {fault.detail for fault in digest_faults(silent, facts, version)}
    assert found == {"not said", "species not said"}


@pytest.mark.parametrize("kind", ["animal", "laboratory"])
def test_each_species_is_named(digest, version, kind):
    place = _evidence(version, "mice")
    known = [Fact(FactKind.SPECIES, name, place) for name in ("mice", "yeast")]
    facts = FactTable(version.source_hash, (Fact(FactKind.KIND, kind, place), *known))

    def unnamed(told: str, facts: FactTable = facts) -> bool:
        found = digest_faults(_changed(digest, 0, text=told), facts, version)
        return "species not said" in {fault.detail for fault in found}

    assert unnamed("This was a laboratory study.")
    assert unnamed("This was a laboratory study in mice.")
    assert not unnamed("This was a laboratory study in mice and yeast.")
    design = replace(facts, facts=(*facts.facts, Fact(FactKind.DESIGN, "field study", place)))
    assert not unnamed("This was a field study in mice.", design)


def test_an_empty_digest_and_one_too_long_are_faults(digest, facts, version):
    assert digest_faults(replace(digest, sentences=()), facts, version)
    long = replace(digest, sentences=digest.sentences * 40)
    assert "length" in {fault.kind for fault in digest_faults(long, facts, version)}


def test_several_sentences_of_one_source_are_read_together(digest, facts, version):
    evidence = _evidence(version, TEXT)
    pieces = [
        replace(digest.sentences[1], evidence=evidence),
        DigestSentence("The drug may slow tumour growth by 12.5%.", Role.RESULT, evidence),
        DigestSentence("It did not lengthen life.", Role.RESULT, evidence),
    ]
    told = replace(digest, sentences=(digest.sentences[0], *pieces))
    assert digest_faults(told, facts, version) == []
    assert digest_faults(replace(told, sentences=told.sentences[:-1]), facts, version)


def test_what_a_title_says_is_evidence_too(digest, facts, version):
    title = DigestSentence("An invented trial.", Role.METHOD, _evidence(version, "an invented trial", TITLE))
    assert digest_faults(replace(digest, sentences=(*digest.sentences, title)), facts, version) == []


def test_texts_that_tell_different_numbers_of_one_piece_of_evidence_disagree(digest):
    other = replace(digest, audience=Audience.PROFESSIONAL)
    assert disagreements([digest, other]) == []
    fuller = _changed(other, 2, text="The drug may slow tumour growth by 12.5% (95% CI 10.1 to 14.9).")
    assert disagreements([digest, fuller]) == []
    assert disagreements([digest, _changed(other, 2, text="The drug may slow tumour growth by 14.9%.")])
