"""The authors' own words need no check: no rule of the gate finds fault with them. All is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.gate import faults_of_group
from summarizer.gate.entailment import _added, _left_out

SENTENCES = (
    "This breakthrough may cure most patients with p53-null tumours; patients should take velorin (NCT01).",
    "Overall survival did not differ (hazard ratio, 0.97; 95% CI, 0.81 to 1.16; P = 0.74) in 12 of 31 women.",
    "However, velorin up-regulated PD-L1 in mice fed a high-fat diet, whereas none of the controls fell ill.",
    "Screening was linked with a 3.2-fold rise, causing at least 1,200 fewer deaths than expected (no: 3).",
    "Fewer than half of the children could not be assessed, unless their carers (n = 14) agreed.",
)
WORDS = st.sampled_from(" ".join(SENTENCES).split())


def found(text):
    return [*_added([text], text, [], free=False), *_left_out([text], text, [], free=False)]


@pytest.mark.parametrize("text", SENTENCES)
def test_no_rule_finds_fault_with_the_evidence_itself(text):
    assert found(text) == [] == faults_of_group([text], text)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=30).map(" ".join))
def test_nor_with_any_other_words_told_of_themselves(text):
    assert found(text) == []


def test_a_sentence_too_long_to_check_is_refused_all_the_same():
    text = "Velorin works. " * 1_000
    assert faults_of_group([text], text) == ["too long to check"]
