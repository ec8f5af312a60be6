import json

import pytest

from config import load_table
from domain.digest import Audience, DigestStatus, Role
from domain.errors import ConfigError, DigestRefused
from domain.paper import NoticeKind, VersionKind
from summarizer import open_digester
from summarizer.choosing.plans import load_plan
from summarizer.gate import faults, faults_of_group, numbers
from summarizer.text.abbreviations import find_abbreviations
from summarizer.text.readability import flesch_kincaid_grade

# Invented, and written in Spanish.
SPANISH = (
    (
        "",
        "El cáncer de colon es una de las causas de muerte más frecuentes. "
        "Estudiamos a 420 pacientes en cuatro países. La supervivencia fue mayor con el paseo supervisado. "
        "Los resultados sugieren que caminar puede ayudar.",
    ),
)
# Invented: a plan of a study, which has found nothing yet.
PROTOCOL = (
    (
        "METHODS",
        "We will enrol 400 patients in six hospitals. Patients will be followed for two years. "
        "The primary outcome will be survival.",
    ),
)


def test_every_sentence_rests_on_the_source(digester, make_paper):
    paper = make_paper()
    for audience in Audience:
        digest = digester.digest(paper, audience)
        assert digest.status is DigestStatus.PUBLISHED
        assert (digest.paper_id, digest.audience, digest.engine) == ("p1", audience, digester.name)
        assert digest.source_hash == paper.source_hash
        assert digest.licence == "cc-by"
        text = paper.primary.abstract().text
        for sentence in digest.sentences:
            evidence = sentence.evidence
            assert evidence.version == paper.primary.source_hash
            assert evidence.text == text[evidence.start : evidence.end]
            known = numbers(evidence.text)
            assert all(pair in known for pair in numbers(sentence.text))


def test_the_public_is_told_the_whole_story_in_plain_words(digester, make_paper):
    digest = digester.digest(make_paper(), Audience.PUBLIC)
    told = " ".join(sentence.text for sentence in digest.sentences)
    roles = [sentence.role for sentence in digest.sentences]
    assert {Role.KEY, Role.KIND, Role.QUESTION, Role.METHOD, Role.RESULT, Role.LIMIT} <= set(roles)
    assert roles == sorted(roles, key=load_plan(Audience.PUBLIC).order.index)
    assert "After 5 years" in told
    assert "78.5% compared with 71.2%" in told
    assert "overall survival" in told.lower()
    assert "The researchers randomly assigned 420 patients" in told
    assert "may improve" in told
    for gone in ("hazard", "P=0.002", "We ", "Our "):
        assert gone not in told


def test_professionals_read_the_authors_own_words(digester, make_paper):
    digest = digester.digest(make_paper(), Audience.PROFESSIONAL)
    told = [sentence.text for sentence in digest.sentences]
    assert told.count("This was a randomised trial.") == 1
    assert [text for text in told if text != "This was a randomised trial."] == [
        sentence.evidence.text for sentence in digest.sentences if sentence.role is not Role.KIND
    ]


def test_the_same_paper_gives_the_same_digest(digester, make_paper):
    first, second = (digester.digest(make_paper(), Audience.PUBLIC) for _ in range(2))
    assert first.sentences == second.sentences


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"licence": None}, "licence-unknown"),
        ({"licence": "CC BY-NC-ND"}, "licence-forbids"),
        ({"licence": "All rights reserved"}, "licence-other"),
        ({"notice": NoticeKind.RETRACTED}, "retracted"),
        ({"notice": NoticeKind.WITHDRAWN}, "withdrawn"),
        ({"sections": ()}, "no-abstract"),
        ({"sections": SPANISH, "language": "es"}, "language"),
        ({"sections": SPANISH, "language": "und"}, "language"),
        ({"sections": (("", "We found that it works in the clinic."),)}, "too-short"),
        ({"sections": PROTOCOL}, "no-findings"),
    ],
)
def test_what_may_not_or_cannot_be_told_is_refused(digester, make_paper, change, reason):
    with pytest.raises(DigestRefused) as refusal:
        digester.digest(make_paper(**change), Audience.PUBLIC)
    assert refusal.value.reason == reason
    assert reason in load_table("refusals")


def test_a_correction_is_no_retraction(digester, make_paper):
    digest = digester.digest(make_paper(notice=NoticeKind.CORRECTED), Audience.PUBLIC)
    assert digest.status is DigestStatus.PUBLISHED


def test_another_version_speaks_where_the_first_may_not(digester, make_paper, make_version):
    preprint = make_version(kind=VersionKind.PREPRINT)
    digest = digester.digest(make_paper(make_version(licence=None), preprint), Audience.PUBLIC)
    assert {sentence.evidence.version for sentence in digest.sentences} == {preprint.source_hash}


def test_a_retracted_version_silences_all(digester, make_paper, make_version):
    retracted = make_version(kind=VersionKind.PREPRINT, notice=NoticeKind.RETRACTED)
    with pytest.raises(DigestRefused, match="retracted"):
        digester.digest(make_paper(make_version(), retracted), Audience.PUBLIC)


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(ConfigError, match="extractive"):
        open_digester("oracle")


def test_real_abstracts_are_told_faithfully(digester, make_paper, shared_data):
    lines = (
        (shared_data / "jats-plain-language" / "elife_cancer_with_digest.jsonl")
        .read_text("utf-8")
        .splitlines()
    )
    for line in lines[:20]:
        record = json.loads(line)
        paper = make_paper(sections=[("", part["text"]) for part in record["abstract"]])
        source = paper.primary.abstract().text
        spelt = [pair.long for pair in find_abbreviations(source).values()]
        digest = digester.digest(paper, Audience.PUBLIC)
        assert len(digest.sentences) >= 2
        for sentence in digest.sentences:
            evidence = sentence.evidence.text
            assert evidence in source or evidence == paper.title
            assert not [f for f in faults(sentence.text, evidence, spelt) if f.startswith("number not")]
            assert sentence.text[-1] in ".?!"


def test_statistics_do_not_read_as_easy_prose():
    hard = "The relative risk of progression was 0.73 (95% CI 0.65 to 0.81) in intermediate-risk patients."
    assert flesch_kincaid_grade("The cat sat on the mat. It was fat.") < 2
    assert flesch_kincaid_grade(hard) > 9
    assert flesch_kincaid_grade("") == 0


def test_professionals_are_not_told_what_a_trial_is(digester, make_paper):
    told = {audience: digester.digest(make_paper(), audience) for audience in Audience}
    assert any(sentence.terms for sentence in told[Audience.PUBLIC].sentences)
    assert not any(sentence.terms for sentence in told[Audience.PROFESSIONAL].sentences)


def test_a_public_digest_is_short_and_keeps_the_limit(digester, make_paper):
    # Invented; long enough that not everything has room.
    results = " ".join(
        f"Among women in group {name} the risk of dying was {n}% lower with walking than with usual care "
        "during the first years after surgery in all hospitals that took part."
        for n, name in enumerate("ABCDEF", 11)
    )
    sections = (
        ("BACKGROUND", "Bowel cancer is common. Whether walking helps is unclear."),
        ("METHODS", "We assigned 420 patients to walking or to usual care."),
        ("RESULTS", results),
        ("CONCLUSIONS", "Walking lowered the risk of dying. Men were not included."),
    )
    digest = digester.digest(make_paper(sections=sections), Audience.PUBLIC)
    assert sum(len(sentence.text.split()) for sentence in digest.sentences) <= 140
    assert [s.text for s in digest.sentences if s.role is Role.LIMIT] == ["Men were not included."]


# Invented: the second result leans on the first.
LEANING = (
    ("BACKGROUND", "Bowel cancer is common. Whether the drug helps is unclear."),
    ("METHODS", "We gave the drug to 40 rats and 40 mice with tumours."),
    (
        "RESULTS",
        "The drug reduced tumours in 31 of 40 rats. This effect was lost in mice.",
    ),
    ("CONCLUSIONS", "The drug may work in rats only."),
)


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.PROFESSIONAL])
def test_a_sentence_goes_with_the_one_it_leans_on(digester, make_paper, monkeypatch, audience):
    paper = make_paper(sections=LEANING)
    leaning = "This effect was lost in mice."
    whole = [sentence.evidence.text for sentence in digester.digest(paper, audience).sentences]
    assert whole[whole.index(leaning) - 1].startswith("The drug reduced")

    def strict(texts: list[str], source: str, permitted: list[str]) -> bool:
        return "31 of 40" in source or bool(faults_of_group(texts, source, permitted))

    monkeypatch.setattr("summarizer.plain.telling._objects", strict)
    told = [sentence.evidence.text for sentence in digester.digest(paper, audience).sentences]
    assert not {leaning, "The drug reduced tumours in 31 of 40 rats."} & set(told)
    assert "The drug may work in rats only." in told
