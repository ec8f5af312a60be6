"""Who does what to whom, in other words than the evidence's. All sentences are invented."""

import pytest

from summarizer.gate import faults_of_group
from summarizer.plain.paraphrase import paraphrase_faults

WALKING = (
    "After 5 years, survival was higher with walking than with ordinary care (78.5% vs 71.2%; "
    "hazard ratio, 0.73; 95% CI, 0.60 to 0.89; P=0.002)."
)
PROTEIN = "The protein ABC1 activates XYZ2 in breast tumours."
TWO_DRUGS = "Velorin helped women, and placorin helped men."
TWO_KINDS = "Velorin may slow the growth of bowel tumours in mice but did not do so in rats."
ASTHMA = "Velorin (VL) eased pain after surgery in 40 women with asthma (and colds) at home."
LINK = "Smoking was associated with lung cancer among 1,200 men."


def problems(texts, evidence):
    return [*faults_of_group(texts, evidence, (), free=True), *paraphrase_faults(texts, evidence)]


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("After 5 years, survival was higher with ordinary care than with walking.", WALKING),
        (
            "After 5 years, survival was higher with ordinary care than with walking (78.5% vs 71.2%).",
            WALKING,
        ),
        ("XYZ2 activates the protein ABC1 in breast tumours.", PROTEIN),
        ("The protein ABC1 is activated by XYZ2 in breast tumours.", PROTEIN),
        ("The protein ABC1 makes XYZ2 in breast tumours.", PROTEIN),
        ("Velorin helped men.", TWO_DRUGS),
        ("Placorin helped women.", TWO_DRUGS),
        ("Velorin helped men, and placorin helped women.", TWO_DRUGS),
        ("Velorin may slow the growth of bowel tumours in rats but did not do so in mice.", TWO_KINDS),
        ("Velorin may not slow the growth of bowel tumours in mice but did so in rats.", TWO_KINDS),
        ("Velorin did slow the growth of bowel tumours in mice but may not do so in rats.", TWO_KINDS),
        ("Velorin didn't slow the growth of bowel tumours in mice but may do so in rats.", TWO_KINDS),
        ("Velorin may slow the growth of bowel tumours in mice.", TWO_KINDS),
        ("Lung cancer was associated with smoking among 1,200 men.", LINK),
        ("Smoking was associated with lung cancer among all 1,200 men.", LINK),
        ("Smoking was associated with lung cancer among 1,200 men because men need to smoke.", LINK),
        ("Men were studied.", LINK),
        ("Velorin (VL) eased pain after surgery in 40 women at home.", ASTHMA),
        ("Velorin (VL) first eased pain after surgery in 40 women with asthma at home.", ASTHMA),
        ("Velorin helped women or placorin helped men.", TWO_DRUGS),
        ("", LINK),
    ],
)
def test_what_turns_the_evidence_round_is_seen(text, evidence):
    assert problems([text], evidence)


@pytest.mark.parametrize(
    ("texts", "evidence"),
    [
        (
            ["After 5 years, survival was higher with walking than with ordinary care: 78.5% vs 71.2%."],
            WALKING,
        ),
        (
            ["ABC1, a protein, activates XYZ2 in breast tumours."],
            "ABC1, a protein, activates XYZ2 in breast tumours.",
        ),
        (["Velorin helped women.", "Placorin helped men."], TWO_DRUGS),
        (
            [
                "The team found that velorin may slow the growth of bowel tumours in mice.",
                "But it did not do so in rats.",
            ],
            TWO_KINDS,
        ),
        (["Velorin (VL) eased pain after surgery in 40 women with asthma at home."], ASTHMA),
        (["VL eased pain after surgery.", "It did this in 40 women with asthma, at home."], ASTHMA),
        (
            ["Velorin helped 40 women.", "This was seen in both groups."],
            "Velorin helped 40 women in both groups.",
        ),
        (["In this study, smoking was associated with lung cancer among 1,200 men."], LINK),
    ],
)
def test_a_faithful_telling_passes(texts, evidence):
    assert not problems(texts, evidence)


def test_it_takes_time_in_proportion_to_its_length():
    import time

    evidence = "Velorin may not slow 31 tumours by the half. " * 200
    began = time.process_time()
    paraphrase_faults([evidence * 2] * 5, evidence)
    assert time.process_time() - began < 3
