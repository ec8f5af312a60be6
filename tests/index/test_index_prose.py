"""References pasted whole, with the number of the paper in them."""

import pytest

from domain.query import Not, Or, Phrase, Preferring, Query, Word
from index.language.parsing import parse_query
from tests.index.test_index_pasted import PROSE
from web.search.wording import are_numbers, describe

DOI = Word("10.5555/invented.1", "doi")
PMID = Word("9000001", "pmid")
TITLE = "Souza AM. Breast cancer screening at home. J Inv. 2020;7(1):7-30."


@pytest.mark.parametrize(
    ("text", "node"),
    [
        (f"{TITLE} https://doi.org/10.5555/invented.1.", DOI),
        (f"{TITLE} doi: 10.5555/invented.1. PMID: 9000001.", Or((DOI, PMID))),
        (f"[12] {TITLE} Available from: https://pubmed.ncbi.nlm.nih.gov/9000001/", PMID),
        (
            "Souza, A. M., Li, B., & Kim, C. (2020). At home. J Inv, 7(1), 7–30. 10.5555/invented.1",
            DOI,
        ),
        ("@article{souza, title={Screening at home}, author={Souza, A}, doi={10.5555/invented.1}}", DOI),
        ("TY  - JOUR\nAU  - Souza, A\nTI  - Screening at home\nDO  - 10.5555/invented.1\nER  -", DOI),
        ("PMID- 9000001\nOWN - NLM\nTI  - Screening at home.\nPG  - 7-30", PMID),
        (f"{TITLE}https://doi.org/10.5555/invented.1", DOI),
        (f"{TITLE}doi:https://doi.org/10.5555/invented.1", DOI),
        (f"{TITLE} <https://doi.org/10.5555/invented.1>", DOI),
        (f"{TITLE} (doi:10.5555/invented.1)", DOI),
        ("Look at this page: https://pubmed.ncbi.nlm.nih.gov/9000001/?utm=x", PMID),
        ("PMID: 9000001 [PubMed - indexed for MEDLINE]", PMID),
        ("Souza A. Screening at home. J Inv 2020. 10.5555/\u200binvented.1 [doi]", DOI),
    ],
)
def test_a_reference_is_the_paper_of_its_number(text, node):
    reading = parse_query(text)
    assert isinstance(reading.node, Preferring)
    assert reading.node.node == node
    assert reading.strict
    assert any("number" in note for note in reading.notes)
    assert not any("bracket" in note for note in reading.notes)
    assert are_numbers(reading.node)
    assert "home" not in describe(reading.node)


@pytest.mark.parametrize(
    "text",
    [
        "nodule screening 10.5555/invented.1",
        "nodule AND growth AND screening AND home AND doi:10.5555/invented.1",
        "nodule growth screening home 10.5555/invented.1[doi] NOT women",
        "title:nodule growth screening home doi:10.5555/invented.1",
        "cites:10.5555/invented.1 nodule growth screening home",
        PROSE,
        TITLE,
    ],
)
def test_what_asks_for_more_than_a_number_is_no_reference(text):
    assert not are_numbers(parse_query(text).node)


def test_without_that_paper_those_with_its_words_are_listed(index, name_of):
    found = index.search(Query(f"{TITLE} doi: 10.5555/invented.1"))
    assert [name_of[hit.paper_id] for hit in found.hits] == [1]
    assert not found.suggestion
    unknown = index.search(Query(f"{TITLE} doi: 10.5555/unknown.1"))
    assert name_of[unknown.hits[0].paper_id] == 1
    assert unknown.total > 1


def test_the_sign_before_the_last_author_joins_nothing():
    assert not parse_query("Souza, A. M., & Kim, C. (2020). Screening at home. J Inv, 7(1), 7–30.").strict
    assert parse_query('nodule & "growth"').strict


def test_an_operator_stands_still_beside_a_number():
    assert Not(Word("knots")) in parse_query("nodule 10.5555/invented.1 NOT knots").node.parts
    assert Phrase("at home") in parse_query('"at home" 10.5555/invented.1').node.parts
