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
        "Fear and the advice of relatives compel some women to give birth at home.",
        "Low doses of the drug in infancy influence cognitive abilities in later life.",
        "Such programmes require a second visit.",
        "The trained dogs differed in two ways: 1) they drank more; 2) they slept less.",
        "(1) Such pauses do not foretell death.",
        "Follow-up of those still alive (n = 8) was 35 months (range, 26 to 47).",
        "Loss of the channel (membrane protein 1) causes brittle bones.",
        "1) Nodules of stage I (n = 3) shrank, and 2) others (n = 5) did not.",
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
        "Importance of long term follow up of survivors of childhood tumours.",
        "High rates of relapse among patients with positive margins.",
        "Sponsorship: a foundation for the health of workers.",
        "Both rose together, [Formula: see text], with a slope of [Formula: see text].",
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


def test_a_conclusion_leaves_its_number_in_the_list_behind(encoder, make_version):
    listed = "(1) Such pauses were harmless. (2) Pacemakers did not change this."
    version = make_version([("Methods", "We followed 40 dogs."), ("Conclusions", listed)])
    abstract = version.abstract()
    reading = read(version, abstract, encoder, RoleReader(encoder))
    assert [one.text for one in reading.sentences[1:]] == [
        "Such pauses were harmless.",
        "Pacemakers did not change this.",
    ]
    assert all(abstract.text[one.start : one.end] == one.text for one in reading.sentences)
