"""What counts as a whole sentence about the study."""

import pytest

from summarizer.choosing.reading import is_usable, read
from summarizer.choosing.roles import RoleReader
from summarizer.text.sentences import Sentence


def sentence(text: str, label: str = "Results") -> Sentence:
    return Sentence(0, len(text), text, label)


@pytest.mark.parametrize(
    "text",
    [
        "The drug shrank tumours in 31 of 40 rats.",
        "Deaths fell by a third over ten years.",
        "Survival was longer with the drug.",
        "Screening led to earlier treatment in both regions.",
        "Smoking drives the excess of deaths.",
        "Women live with fear of recurrence mostly alone.",
        "Strong evidence links physical activity to a lower risk of bowel cancer.",
        "During follow-up 32 patients died of any cause.",
        "Such cells can be found in the associated lymph nodes.",
        "All of the volunteers underwent an eight-hour test.",
        "This analysis used 3,118 scans from one hospital.",
    ],
)
def test_a_sentence_with_a_verb_is_told(text: str) -> None:
    assert is_usable(sentence(text))


@pytest.mark.parametrize(
    "text",
    [
        "Tertiary hospital.",
        "Progression-free survival at two years:",
        "(See the appendix of the report.",
        "Overall survival, disease control and quality of life.",
        "Main outcome measures and diaries of patients.",
        "Screening costs per woman.",
        "Further discussion can be found in the associated article.",
        "Further discussion can be found in the associated Nolan et al.'s article.",
    ],
)
def test_fragments_are_not_told(text: str) -> None:
    assert not is_usable(sentence(text))


def test_a_sentence_about_what_was_known_is_told_by_its_verb() -> None:
    text = "Nerve injury causes spasms of the stomach."
    assert is_usable(Sentence(0, len(text), text, "Background"))
    assert not is_usable(sentence("Women with two or more pregnancy losses.", "Patients"))


def test_a_long_conclusion_is_told_whatever_its_verb() -> None:
    text = "Young adults with a stoma face stigma and shortages of supplies."
    assert is_usable(Sentence(0, len(text), text, "Conclusions"))
    assert not is_usable(Sentence(0, len(text), text, "Methods"))


class Counting:
    """An encoder that notes what it is asked."""

    def __init__(self, encoder):
        self._encoder = encoder
        self.asked = []

    def encode(self, sentences, batch=32):
        self.asked += sentences
        return self._encoder.encode(sentences, batch)


def test_nothing_is_encoded_that_is_not_read(encoder, make_version):
    counting, version = Counting(encoder), make_version()
    reading = read(version, version.abstract(), counting, RoleReader(encoder))
    assert counting.asked == [sentence.text for sentence in reading.sentences]
    assert reading.heading == version.title
