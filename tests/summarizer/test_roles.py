from domain.digest import Role
from domain.paper import Abstract, Section
from summarizer.roles import RoleReader, section_labels
from summarizer.selection import follows_on
from summarizer.sentences import read_sentences

# Invented.
UNLABELLED = (
    "Kidney cancer is one of the most common cancers in men. "
    "How its cells survive without oxygen is poorly understood. "
    "Here we show that the protein FIX1 keeps them alive. Loss of FIX1 reduced tumour growth by 40% in mice. "
    "These findings suggest that blocking FIX1 could slow the disease. "
    "A limitation of the study is that no human tumours were examined."
)


def roles_of(encoder, *sections):
    sentences = read_sentences(Abstract(tuple(Section(t, label) for label, t in sections)), section_labels())
    return RoleReader(encoder).roles(sentences, encoder.encode([s.text for s in sentences]))


def test_roles_without_labels_come_from_cues_and_order(encoder):
    assert roles_of(encoder, ("", UNLABELLED)) == [
        Role.BACKGROUND,
        Role.QUESTION,
        Role.RESULT,
        Role.RESULT,
        Role.MEANING,
        Role.LIMIT,
    ]


def test_labels_lead(encoder):
    sections = (
        ("AIM", "To look at A."),
        ("Methods:", "B was done."),
        ("Findings", "C it is."),
        ("Interpretation", "D."),
    )
    assert roles_of(encoder, *sections) == [Role.QUESTION, Role.METHOD, Role.RESULT, Role.MEANING]


def test_labels_within_running_text_lead_too(encoder):
    text = "OBJECTIVE: To compare two drugs. METHODS: 40 patients took one. RESULTS: Both were alike."
    assert roles_of(encoder, ("", text)) == [Role.QUESTION, Role.METHOD, Role.RESULT]


def test_a_sentence_that_points_back_is_known():
    assert follows_on("This protein was lost.")
    assert follows_on("However, they died earlier.")
    assert follows_on("Loss of FIX1 prevented this change.")
    assert follows_on("Prominent among these is a loss of iron.")
    assert follows_on("We then asked why.")
    assert not follows_on("This study shows that it works.")
    assert not follows_on("These findings suggest a new way.")
    assert not follows_on("It is unclear whether walking helps.")
    assert not follows_on("Tumours need iron, and these tumours need more.")
