import pytest

from summarizer.gate import faults, numbers

EVIDENCE = (
    "Moreover, we found that drug A-12 may not reduce deaths from lung cancer in 1,250 women "
    "compared with drug B (12.5% vs 13.1% at 3 years; P=0.41), although two trials reported "
    "an increase in nausea of 5 mg per day."
)
GOOD = (
    "The researchers found that drug A-12 may not reduce deaths from lung cancer in 1,250 women "
    "compared with drug B (12.5% compared with 13.1% at 3 years), although two trials reported an increase "
    "in nausea of 5 mg per day."
)


def test_faithful_wording_passes():
    assert faults(GOOD, EVIDENCE) == []
    assert faults(EVIDENCE, EVIDENCE) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("1,250", "1,520", "number not in the evidence: 1520"),
        ("12.5%", "12.5", "number not in the evidence: 12.5"),
        ("3 years", "3 months", "number not in the evidence: 3 month"),
        ("5 mg", "5 g", "number not in the evidence: 5 g"),
        ("two trials", "three trials", "number not in the evidence: 3 trial"),
        ("(12.5% compared with 13.1%", "(13.1% compared with 12.5%", "another order"),
        ("in 1,250 women ", "in women ", "number left out: 1250"),
        ("may not reduce", "may reduce", "negation left out"),
        ("may not reduce", "does not reduce", "hedge left out"),
        ("an increase", "a decrease", "direction (up) left out"),
        ("reported an", "reported no", "negation added"),
        ("women", "men", "word not in the evidence: men"),
        ("A-12", "A-13", "name not in the evidence: A-13"),
        ("lung", "breast", "word not in the evidence: breast"),
        ("drug A-12 may", "drug B may", "another order"),
        ("may not reduce deaths", "may not cure or reduce deaths", "promises too much: cure"),
    ],
)
def test_planted_faults_are_caught(old, new, fault):
    changed = GOOD.replace(old, new)
    assert changed != GOOD
    assert any(fault in found for found in faults(changed, EVIDENCE)), faults(changed, EVIDENCE)


def test_a_denial_in_brackets_stays_or_goes_with_them():
    evidence = "Exposure (highest level vs no exposure; P=0.01) did harm."
    assert faults("Exposure (highest level vs exposure) did harm.", evidence) == ["negation left out"]
    assert faults("Exposure (highest level vs no exposure) did harm.", evidence) == []
    assert faults("Exposure did harm.", evidence) == []


def test_long_forms_may_be_used_where_they_are_permitted():
    assert faults("Overall survival was 5 years.", "OS was 5 years.")
    assert not faults("Overall survival was 5 years.", "OS was 5 years.", ["overall survival"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1,250 women and 3·5 mg", [("1250", "women"), ("3.5", "mg")]),
        ("twelve months, IL-2 and p53", [("12", "month")]),
        ("from −5 to 5%", [("-5", ""), ("5", "%")]),
        ("95% CI 0.6-0.8", [("95", "%"), ("0.6", ""), ("0.8", "")]),
    ],
)
def test_numbers_are_read_with_their_units(text, found):
    assert numbers(text) == found
