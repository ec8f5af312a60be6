"""Companies' part in a paper. People and sentences are invented; the companies are real or plainly not."""

import time

import pytest

from crawler.telling.industry import companies, industry
from domain.body import Passage, Place
from domain.identifiers import Identifiers
from domain.paper import Affiliation, Author, Grant, Version, VersionKind
from domain.statements import IndustryRole


def version(*affiliations, grants=(), interests=""):
    author = Author("A B", affiliations=tuple(map(Affiliation, affiliations)))
    return Version(
        VersionKind.ARTICLE,
        Identifiers(),
        "A",
        authors=(author,),
        grants=grants,
        competing_interests=interests,
    )


def told(text, place):
    return [(one.organisation, one.role.value) for one in industry(version(), (Passage(text, place),))]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Genentech, Inc., South San Francisco, CA, USA", ("Genentech, Inc.",)),
        ("Oncology R&D, Example Therapeutics Ltd, Cambridge, UK", ("Example Therapeutics Ltd",)),
        ("Bayer AG, Leverkusen, Germany", ("Bayer AG",)),
        ("AstraZeneca, Gothenburg, Sweden", ("AstraZeneca",)),
        ("Merck Research Laboratories, Rahway, NJ", ("Merck",)),
        ("Exemplar, d.d., Novo mesto", ("Exemplar, d.d.",)),
        ("Exemplar Polska Sp. z o.o., Warszawa", ("Exemplar Polska Sp. z o.o.",)),
        ("PT Exemplar Farma Tbk, Jakarta", ("PT Exemplar Farma Tbk",)),
        ("Laboratory of a.s. measurements, University of X", ()),
        ("Department of Surgery, University of X", ()),
        ("Center for Diagnostics, University Hospital X", ()),
        ("Division of Experimental Therapeutics, Army Institute", ()),
        ("AG Beispiel, Institut für Biologie, Universität X", ()),
        ("IQVIA Ltd, London", ()),
        ("Novartis Foundation, Basel", ()),
        ("Bristol Royal Infirmary, Bristol", ()),
        ("MERCK", ()),
        ("Department of Food, Wine and Molecular Biosciences, Invented University", ()),
        ("Invented Research Institute, Example Pharma Corporation, Lyon", ("Example Pharma Corporation",)),
        ("Merck Research Laboratories, Merck and Co., Inc., Rahway", ("Merck and Co., Inc.",)),
        ("Consultant for Amgen (money to institution)", ("Amgen",)),
        ("The institution of A B was paid by Unlisted, Invented Biopharma", ("Invented Biopharma",)),
        ("Institute of Invention, Example Biopharma Unit", ("Example Biopharma",)),
    ],
)
def test_companies_in_affiliations(text, names):
    assert companies(text) == names


def test_affiliations_and_grants_with_their_words():
    found = industry(
        version("Pfizer Inc, New York, NY", grants=(Grant("Roche", "R-1"), Grant("Wellcome Trust"))), ()
    )
    assert [(one.organisation, one.role.value, one.evidence) for one in found] == [
        ("Pfizer Inc", "employed", "Pfizer Inc, New York, NY"),
        ("Roche", "funded", "Roche R-1"),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The authors declare no competing interests.", []),
        ("None of the authors is employed by Pfizer.", []),
        ("AB worked for Pfizer.", [("Pfizer", "employed")]),
        ("AB, working at an Oslo hospital, received fees from Pfizer.", [("Pfizer", "interest")]),
        (
            "AB is employed by Roche, and this study was funded by Pfizer.",
            [("Roche", "employed"), ("Pfizer", "funded")],
        ),
        ("AB was supported by a Pfizer Award.", [("Pfizer", "interest")]),
        ("This trial was funded by Pfizer, who employed a writer.", [("Pfizer", "funded")]),
        ("AB is employed by Pfizer, which funded this trial.", [("Pfizer", "employed")]),
        ("Fees: GSK and Example Inc.", [("GSK", "interest"), ("Example Inc.", "interest")]),
        ("AB holds the Bayer Chair.", []),
        ("AB is a consultant to Foundation Medicine.", [("Foundation Medicine", "interest")]),
        ("AB is a consultant to the Novartis Foundation.", []),
        ("No competing interests other than fees from Pfizer.", [("Pfizer", "interest")]),
        ("No interests except that AB is employed by Pfizer.", [("Pfizer", "employed")]),
        ("Grants from Pfizer to the institution.", [("Pfizer", "interest")]),
        ("Apart from a university post, AB has no ties to Pfizer.", []),
        ("AB is an employee of Example Pharmaceuticals.", [("Example Pharmaceuticals", "employed")]),
        ("Fees from Roche and GSK: AB.", [("Roche", "interest"), ("GSK", "interest")]),
        ("AB owns part of Example Inc. The others have no interests.", [("Example Inc.", "interest")]),
        ("This study was funded by AstraZeneca.", [("AstraZeneca", "funded")]),
        ("AB reports grants from Roche, outside the submitted work.", [("Roche", "interest")]),
        ("AB reports grants from Roche unrelated to this study.", [("Roche", "interest")]),
        ("AB had funding from Roche, unrelated to the present study.", [("Roche", "interest")]),
        ("AB had grants from Roche outside the scope of this work.", [("Roche", "interest")]),
        ("AB had grants from Roche not related to this study.", [("Roche", "interest")]),
        ("An independent grant from Roche paid for this study.", [("Roche", "funded")]),
        ("AB had grants from Roche related to this study.", [("Roche", "funded")]),
        ("AB reports grants from Roche for the submitted work.", [("Roche", "funded")]),
        ("AB reports grants from Roche during the conduct of the study.", [("Roche", "funded")]),
        ("AB reports grants from Cancer Research UK Ltd and the Merck Foundation.", []),
        ("AB consults for Pfizer; no other interests.", [("Pfizer", "interest")]),
    ],
)  # fmt: skip
def test_statements_of_interests(text, found):
    assert told(text, Place.INTERESTS) == found


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("Roche.", Place.FUNDING, [("Roche", "funded")]),
        ("The funders had no role.", Place.FUNDING, []),
        ("Pfizer funded the study but had no role in its design.", Place.FUNDING, [("Pfizer", "funded")]),
        ("We thank Novartis for a talk.", Place.ACKNOWLEDGEMENTS, []),
        ("Supported by a grant from Novartis.", Place.ACKNOWLEDGEMENTS, [("Novartis", "funded")]),
        (
            "A was better. (Funded by Example Pharma; NCT01234567.)",
            Place.ABSTRACT,
            [("Example Pharma", "funded")],
        ),
        ("Cells were bought from Sigma-Aldrich.", Place.METHODS, []),
    ],
)
def test_funding(text, place, found):
    assert told(text, place) == found


def test_a_company_stands_once_for_each_role():
    found = industry(version("Pfizer, London", "Pfizer, Paris", interests="AB is employed by Pfizer."), ())
    assert [(one.organisation, one.role.value) for one in found] == [("Pfizer", "employed")]


def test_a_company_beside_what_is_none():
    text = "A B reports grants from the National Institutes of Health and fees from AstraZeneca."
    assert told(text, Place.INTERESTS) == [("AstraZeneca", "interest")]
    assert told("Dr Merck and Prof. Bayer declare no conflicts.", Place.INTERESTS) == []


@pytest.mark.parametrize("letters", ["A", "A-", "1Aa", "ACGT", "Aa.", "a", "A, ", "A   ", "Inc ", "no "])
def test_a_long_string_of_letters_is_read_in_a_moment(letters: str) -> None:
    text = "Paid by Example Inc. and " + letters * (100_000 // len(letters)) + "x"
    began = time.process_time()
    told(text, Place.FUNDING)
    industry(version(interests=text), ())
    assert time.process_time() - began < 2


def test_funders_without_a_role_are_funders_and_no_interest():
    found = industry(version(interests="The funders, including Pfizer, had no role in the study."), ())
    assert [(one.organisation, one.role) for one in found] == [("Pfizer", IndustryRole.FUNDED)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The funder, Pfizer, had no role in the study.", ["funded"]),
        ("The sponsor of the study (Pfizer) had no role in its design.", ["funded"]),
        ("The funders, Pfizer and Roche, played no role.", ["funded", "funded"]),
        ("Pfizer, the study sponsor, had no role in its design.", ["funded"]),
        (
            "Dr Doe has received personal fees from Pfizer, and the funders had no role in the study.",
            ["interest"],
        ),
        (
            "J.D. reports consulting for Roche and AstraZeneca and states that the funder of this work, the"
            " Invented Cancer Charity, had no role in its design.",
            ["interest", "interest"],
        ),
        ("Dr Doe has consulted for Pfizer, the sponsor, which had no role.", ["interest"]),
    ],
)
def test_only_a_company_beside_the_word_for_a_funder_is_one(text, roles):
    assert [one.role.value for one in industry(version(interests=text), ())] == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("A B is an employee of Pfizer and holds stock in Roche.", ["employed", "interest"]),
        ("A B holds stock in Roche and is an employee of Pfizer.", ["interest", "employed"]),
        ("A B is an employee and shareholder of Pfizer.", ["employed"]),
        ("A B and C D are employees of Pfizer and Roche.", ["employed", "employed"]),
        ("A B is an employee of Pfizer and owns Roche stock.", ["employed", "interest"]),
        ("A B is an employee of Pfizer, which owns Roche.", ["employed", "employed"]),
        ("A B received fees from Pfizer and Roche.", ["interest", "interest"]),
    ],
)
def test_what_is_said_of_one_company_holds_of_the_next_until_another_thing_is_said(text, roles):
    assert [role for _, role in told(text, Place.INTERESTS)] == roles


def test_a_company_that_had_no_role_gave_the_means():
    assert told("Pfizer had no role in the analysis.", Place.INTERESTS) == [("Pfizer", "funded")]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("Financed by Exemplar Plc.", Place.FUNDING, [("Exemplar Plc.", "funded")]),
        ("Supported by Exemplar JSC (Russia).", Place.FUNDING, [("Exemplar JSC", "funded")]),
        # who helped to write has not paid
        ("Medical writing support was provided by Example Words Ltd.", Place.FUNDING, []),
        (
            "Editorial support was provided by Example Words Ltd, funded by Astellas.",
            Place.FUNDING,
            [("Astellas", "funded")],
        ),
        ("Drugs and support were provided by Astellas.", Place.FUNDING, [("Astellas", "funded")]),
        # relatives, and initials that look like a denial
        ("LM's spouse works for GlaxoSmithKline.", Place.INTERESTS, [("GlaxoSmithKline", "interest")]),
        ("The wife of L.M. is employed by Pfizer.", Place.INTERESTS, [("Pfizer", "interest")]),
        ("LM is a partner and employee of Pfizer.", Place.INTERESTS, [("Pfizer", "employed")]),
        (
            "LM and a family friend own Pfizer shares; NN works for Pfizer.",
            Place.INTERESTS,
            [("Pfizer", "interest"), ("Pfizer", "employed")],
        ),
        # whom one paid has not paid
        ("Kits were bought from Astellas; Eisai funded the study.", Place.FUNDING, [("Eisai", "funded")]),
        ("Funded by Dr. Reddy's.", Place.FUNDING, [("Dr. Reddy's", "funded")]),
        ("NO received honoraria from Eisai.", Place.INTERESTS, [("Eisai", "interest")]),
        ("No author received honoraria from Eisai.", Place.INTERESTS, []),
        ("NO FINANCIAL TIES TO Eisai.", Place.INTERESTS, []),
    ],
)
def test_who_paid_and_whose_interest_it_is(text, place, found):
    assert told(text, place) == found
