"""Plain words that must not turn a sentence round; all texts are invented."""

import re

import pytest

from domain.digest import Role
from domain.paper import Abstract, Section
from summarizer.choosing.roles import section_labels
from summarizer.plain.terms import load_glossary
from summarizer.plain.wording import Telling, in_plain_words
from summarizer.text.abbreviations import Speller, find_abbreviations
from summarizer.text.sentences import read_sentences


@pytest.mark.parametrize(
    ("text", "wanted", "unwanted"),
    [
        ("Confounding by age cannot be excluded.", "ruled out", "left out"),
        ("Other causes of the pain had been excluded.", "excluded", "left out"),
        ("Patients with diabetes were excluded.", "left out", "excluded"),
        ("The test gave accurate answers in most cases.", "accurate", "exact"),
        ("After six months of observation, two cases were found.", "observation", "finding"),
        ("The association of RNA with the complex was lost.", "association of RNA", "link"),
        ("There was no effect modification by age.", "effect modification", "effect change"),
        ("The relationship with their partner was strained.", "relationship", "link"),
        ("The drug led to a more rapid fall in pain.", "faster", "more fast"),
        ("The cough is preceded or accompanied by fever.", "accompanied by", "along with"),
        ("The cough was accompanied by fever.", "along with", "accompanied"),
        ("Cells pick up the activating Fms-like kinase (FMK) mutation.", "the activating", "switching on"),
        ("The drug slows growth by activating a second gene.", "switching on", "activating"),
        ("The water was identified as the best source of salt.", "found to be", "found as"),
        ("Women identified as good singers were asked to sing.", "identified as", "found as"),
        ("Two genes determine the shape of the leaf.", "determine", "find out"),
        ("The gene has a key role in determining the shape of the leaf.", "determining", "finding out"),
        ("Mutated genes are known to determine the shape of the leaf.", "determine", "find out"),
        ("New therapeutic treatments of cough are needed.", "New treatments", "treatment treatments"),
        ("The first song eased the cough, whereas the second song did not.", "cough, but the", "while"),
        ("Whereas the first song eased the cough, the second song did not.", "Whereas", "But"),
        ("We use lenses to determine the shape of the leaf.", "find out", "determine"),
        ("We aimed to determine the shape of the leaf.", "find out", "determine"),
        ("Levels are high during homeostasis.", "homeostasis", "balance"),
        ("The modification site of the protein was found.", "modification site", "change site"),
        ("The newly identified gene slows growth.", "The new gene", "found"),
        ("A gene that was newly identified in mice slows growth.", "newly identified", "new in"),
        ("In all, 559 participants enrolled across six trials.", "participants enrolled", "taking part"),
        ("The participants were older than others.", "people taking part", "participants"),
        ("Chimpanzee participants were asked to press a key.", "participants", "people"),
        ("The gastrointestinal tract was involved.", "The gut was", "tract"),
        ("The complex is down regulated in these tumours.", "down regulated", "down controlled"),
        ("Immature forms of the protein fall apart.", "Immature forms", "Young"),
        ("Cells of the conducting airways divide.", "conducting airways", "carrying out"),
        ("They reported conducting tests.", "carrying out tests", "conducting"),
        ("An inhibitor of κB kinase and a tissue inhibitor fell.", "inhibitor of κB kinase", "blocker of κB"),
        ("An inhibitor of the enzyme fell.", "blocker", "inhibitor"),
        ("The fever was often accompanied by chills.", "often accompanied by", "along with"),
        ("The mechanisms of these processes are old.", "mechanisms", "processes of these processes"),
        ("The mechanism is old.", "process", "mechanism"),
        ("This enzyme is responsible for cutting the chain.", "is responsible for", "behind"),
        ("This enzyme is responsible for most of the loss.", "is behind", "responsible"),
        (
            "The illness is characterised by a marked loss of weight.",
            "characterised by",
            "marked by a marked",
        ),
        ("We read each value in terms of age.", "in age", "in terms of"),
        ("We interpreted each value in terms of the model.", "in terms of the model", "value in the model"),
        ("It lies near the outside of the cell.", "the outside of the cell", "the outside the"),
        ("The mutations were synthetic lethal.", "synthetic lethal", "deadly"),
        ("The data thus identify a network.", "identify", "find"),
        ("We identify a network.", "find", "identify"),
        ("Nerves of the nose detect odours.", "detect", "find"),
        ("The new test can detect the illness.", "find", "detect"),
        ("Late-born individuals gained weight twice as fast.", "individuals", "people"),
        ("Individuals with asthma gained weight.", "People", "Individuals"),
        ("They shared less than individuals from other households.", "people from", "individuals"),
        ("This represents an essential step.", "is a vital step", "an vital"),
        ("Each dot represents a town.", "represents", "dot is"),
        ("The law requires that each town have a doctor.", "requires that", "needs that"),
        ("The firing of these cells represents a place.", "represents", "is a place"),
        ("The illness was frequent, particularly in women.", "above all in women", "particularly"),
        ("It was not particularly in women that it grew.", "not particularly", "above all"),
        ("The genes underlying the growth are known.", "genes behind the growth", "underlying"),
        ("The underlying genes are known.", "The underlying genes", "behind"),
        ("In addition to wine, they drank water.", "Besides", "addition"),
        ("The lift was built in addition to stairs.", "in addition to stairs", "besides"),
        ("Back pain affects millions of individuals.", "millions of people", "individuals"),
        ("They caught 12 individuals of the plover.", "12 individuals", "people"),
        ("The loose tissue underlying the skin was cut.", "underlying the skin", "behind"),
        ("It was not, or not especially in winter, cold.", "especially", "above all"),
        ("In all, 137 of 738 women in the villages had been examined.", "been examined", "studied"),
        ("They examined forty worms.", "studied forty", "examined"),
        ("The plan aims to eliminate cervical cancer.", "eliminate", "remove"),
        ("This cancer can be eliminated.", "be eliminated", "removed"),
        ("The drug eliminates cancer cells.", "removes cancer cells", "eliminates"),
        ("The first step is to assess relevance.", "assess relevance", "study"),
        ("It is a tool for evaluating the risk of bias.", "evaluating the risk", "studying"),
        ("They evaluated the growth of worms.", "studied", "evaluated"),
        ("Ratios of secondary to primary acids rose.", "secondary to primary", "due to"),
        ("Anaemia secondary to blood loss was seen.", "due to blood loss", "secondary"),
        ("The participants of a trial in Oslo were asked.", "people in a trial", "taking part of"),
        ("Among test-positive participants coughs were rare.", "test-positive participants", "taking part"),
        (
            "Proteins of the outermost epidermal layers are lost.",
            "outermost layers of the skin",
            "outer skin",
        ),
    ],
)
def test_words_keep_their_sense(text: str, wanted: str, unwanted: str) -> None:
    told = load_glossary().simplify(text)
    assert wanted in told
    assert unwanted not in told


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The association of RNA with the complex was lost.", "association"),
        ("He expresses concern about the results.", "expresses"),
        ("Cells exposed to the drug died.", "exposed"),
        ("Mice of the control group were not treated.", "control group"),
        ("A tissue-based variant of the illness was seen.", "variant"),
        ("On turning into somatic cells they fall silent.", "somatic"),
        ("Genes of M. tuberculosis and yeast are alike.", "tuberculosis"),
        ("The DNA was amplified by PCR.", "amplified"),
        ("The tumour was unresectable.", "resection"),
        ("We screened such families by two methods.", "screened"),
    ],
)
def test_words_of_another_sense_are_not_explained(text: str, word: str) -> None:
    assert word not in {term.word for term in load_glossary().terms(text, set())}


@pytest.mark.parametrize(
    ("text", "word", "meaning"),
    [
        ("People of the control group rested.", "control group", "do not get"),
        ("A variant of the gene was seen.", "variant", "A version"),
        ("A somatic mutation was seen.", "somatic", "Arising"),
        ("Few had tuberculosis.", "tuberculosis", "lung"),
        ("The gene HER2 was amplified in 20% of tumours.", "amplified", "Too many|too many"),
        ("The tumour was unresectable.", "unresectable", "cannot be cut out"),
        ("A kinase was lost.", "kinase", "tags"),
        ("Screening of women aged 50 to 70 has begun.", "Screening", "feel well"),
        ("The drug slowed the progression of the cancer.", "progression", "worse"),
        ("Cells of both lineages were seen.", "lineages", "early cell"),
        ("The sensitivity of the test was low.", "sensitivity", "test"),
        ("The presynaptic cell was lost.", "presynaptic", "sends"),
    ],
)
def test_words_of_their_own_sense_are(text: str, word: str, meaning: str) -> None:
    told = {term.word: term.meaning for term in load_glossary().terms(text, set())}
    assert re.search(meaning, told[word])


def test_meanings_fit_the_form_of_the_word() -> None:
    terms = {
        t.word: t.meaning
        for t in load_glossary().terms("The rectal loci and QALYs were mapped in eukaryotes.", set())
    }
    assert terms["rectal"].startswith("To do with the rectum,")
    assert terms["loci"].startswith("A locus is")
    assert "To do with" not in terms.get("QALYs", "")


def test_a_short_form_is_explained_once() -> None:
    text = "Genes were turned down by RNA interference (RNAi). Later RNAi worked again."
    telling = Telling(Speller(find_abbreviations(text)), load_glossary())
    _, terms = in_plain_words(
        "Later RNAi worked again in cells.", Role.RESULT, telling, follows=False, later=""
    )
    words = [term.word for term in terms]
    assert len(words) == len(set(words))


def test_a_heading_in_capitals_is_no_word_of_its_sentence() -> None:
    abstract = Abstract(
        (Section("METHODS We asked 20 nurses. RESULTS A third were tired.", ""),), language="en"
    )
    found = [(s.text, s.label) for s in read_sentences(abstract, section_labels())]
    assert found == [("We asked 20 nurses.", "METHODS"), ("A third were tired.", "RESULTS")]


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        ("The groups did not differ regarding pain.", "about"),
        ("Activating KRAS mutations were frequent.", "switching on"),
        ("This study analyzes the link between wine and death.", "study studies"),
    ],
)
def test_words_keep_the_grammar(text: str, unwanted: str) -> None:
    assert unwanted not in load_glossary().simplify(text).lower()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Genetic ablation of cilia blocked growth.", "ablation"),
        ("Loss and ablation of MELK impair growth.", "ablation"),
        ("The current rose with the bias voltage.", "bias"),
        ("Each clone was expressing one RNA.", "expressing"),
        ("Signaling questions help to judge the review process (phase 2).", "Signaling"),
        ("Signaling questions help to judge the review process (phase 2).", "phase 2"),
        ("The method is a tool for screening and guiding the design of new proteins.", "screening"),
        ("The signal drives progression to the next stage of the thymus cell.", "progression"),
        ("The trait evolved in sixty plant lineages.", "lineages"),
        ("Tests showed the sensitivity to light of the strains.", "sensitivity"),
        ("The genetic differentiation of both groups was low.", "differentiation"),
        ("Mice on the diet show catecholamine resistance.", "resistance"),
    ],
)
def test_no_sense_of_another_field_is_explained(text: str, word: str) -> None:
    assert word not in {term.word for term in load_glossary().terms(text, set())}
