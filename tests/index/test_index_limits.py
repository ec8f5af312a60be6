"""Limits and forms in which other services print a search: what we have is asked for, the rest is told."""

import pytest

from domain.query import And, Node, Not, Or, Word
from index.language.limits import conditions, served
from index.language.parsing import parse_query
from index.language.strategies import LIMITS


def flat(node: Node | None) -> Node | None:
    """Without brackets inside brackets of the same kind, in any order."""
    if not isinstance(node, And | Or):
        return Not(flat(node.part)) if isinstance(node, Not) else node
    kind = type(node)
    parts = [
        part for each in map(flat, node.parts) for part in (each.parts if isinstance(each, kind) else [each])
    ]
    unique = sorted(dict.fromkeys(parts), key=repr)
    return unique[0] if len(unique) == 1 else kind(tuple(unique))


def same(text, other):
    assert flat(parse_query(text).node) == flat(parse_query(other).node)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        *(
            ("nodule AND english[filter]", "nodule AND language:en"),
            ("nodule AND (fft[Filter])", "nodule AND open_access:y"),
        ),
        (
            "nodule[ti] AND ((y_5[Filter]) AND (fha[Filter]))",
            'nodule[ti] AND year:"last 5 years" AND hasabstract',
        ),
        ("nodule AND (randomizedcontrolledtrial[Filter])", "nodule AND study_type:rct"),
        ("nodule AND (spanish[Filter] OR portuguese[Filter])", "nodule AND (language:es OR language:pt)"),
        ("nodule NOT (preprint[Filter])", "nodule NOT kind:preprint"),
        (
            "nodule AND [english]/lim NOT [conference abstract]/lim",
            "nodule AND language:en NOT kind:abstract",
        ),
        ("nodule AND 'conference abstract'/it", "nodule AND kind:abstract"),
        ("nodule:ti AND [1-1-2015]/sd", "nodule[ti]"),
        ("nodule:ti AND (2015:py OR 2016:py)", "nodule[ti] AND (year:2015 OR year:2016)"),
        ("nodule.ti. and 2015:2020.(sa_year).", "nodule[ti] AND date:2015:2020"),
        ("nodule.m_titl. and 202001*.dt.", "nodule[ti]"),
        (
            "nodule[ti] OR knot[ti] Filters: English, French, Humans",
            "(nodule[ti] OR knot[ti]) AND (language:en OR language:fr)",
        ),
        (
            "Search: nodule[ti] Filters: in the last 5 years Sort by: Most Recent",
            'nodule[ti] AND year:"last 5 years"',
        ),
        (
            "1 nodule.ti.\n2 knot.ti.\n3 1 and 2\n4 limit 3 to (english language and last 5 years)",
            'nodule[ti] AND knot[ti] AND language:en AND year:"last 5 years"',
        ),
        (
            "1 nodule.ti.\n2 knot.ti.\n3 1 and 2\n4 limit 3 to (systematic reviews or review)",
            'nodule[ti] AND knot[ti] AND (study_type:systematic-review OR "review"[pt])',
        ),
        ("1 nodule.ti. [Lumps]\n2 knot.ti.\n3 1 and 2\n4 3 use ppez", "nodule[ti] AND knot[ti]"),
        (
            "1 nodule.ti.\n2 knot.ti.\n3 1 or 2\n4 3 not case reports.pt. (18)",
            '(nodule[ti] OR knot[ti]) NOT "case reports"[pt]',
        ),
        (
            "S1 TI nodule\nS2 AB knot\nS3 S1 AND S2 "
            "Limiters - Published Date: 20100101-20201231; English Language; Human",
            "title:nodule AND abstract:knot AND date:2010/01/01:2020/12/31 AND language:en",
        ),
        (
            "S1 TI nodule\nS2 AB knot\nS3 S1 OR S2 "
            "Expanders - Apply equivalent subjects Search modes - Boolean/Phrase",
            "title:nodule OR abstract:knot",
        ),
        (
            "#1 nodule:ti\n#2 knot:ti\n#3 #1 OR #2\n#4 #3 with Publication Year from 2010 to 2020, in Trials",
            "(nodule[ti] OR knot[ti]) AND year:2010-2020",
        ),
        (
            "#1 nodule:ti\n#2 knot:ti\n#3 #1 OR #2 with Publication Year from 2010 to 2020, in Trials",
            "(nodule[ti] OR knot[ti]) AND year:2010-2020",
        ),
        (
            "#1 nodule:ti\n#2 knot:ti\n#3 #1 OR #2 with Cochrane Library publication date "
            "Between Jan 2015 and Dec 2020, in Trials",
            "(nodule[ti] OR knot[ti]) AND date:2015/01:2020/12",
        ),
        ('limit 5 to (english language and yr="2010 -Current")', "language:en AND year:>=2010"),
        (
            "TITLE(nodule) AND (LIMIT-TO(PUBYEAR,2021) OR LIMIT-TO(PUBYEAR,2020))",
            "title:nodule AND (year:2021 OR year:2020)",
        ),
        ('TITLE(nodule) AND ( LIMIT-TO ( AFFILCOUNTRY , "Brazil" ) )', "title:nodule AND country:BR"),
        (
            "TITLE(nodule) AND ( EXCLUDE ( PUBYEAR , 2024 ) OR EXCLUDE ( PUBYEAR , 2023 ) )",
            "title:nodule NOT year:2024 NOT year:2023",
        ),
        (
            'TITLE(nodule) AND (LIMIT-TO(DOCTYPE,"ar") OR LIMIT-TO(DOCTYPE,"re")) '
            'AND (EXCLUDE(DOCTYPE,"cp"))',
            "title:nodule AND (kind:article OR review[pt])",
        ),
    ],
)
def test_limits_that_we_have_are_asked_for(text, ours):
    same(text, ours)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("TITLE-ABS-KEY({knot care})", '"knot care"'),
        ('TOPIC: ("knot care") AND TITLE: (nodule)', '"knot care" AND title:nodule'),
        (
            "TOPIC: (nodule) Refined by: LANGUAGES: ( ENGLISH ) AND [excluding] DOCUMENT TYPES: ( REVIEW ) "
            "Timespan: 2010-2020. Indexes: SCI-EXPANDED, SSCI, A&HCI.",
            "nodule AND language:en NOT REVIEW[pt] AND year:2010-2020",
        ),
        ("nodule (Topic) and knot (Title)", "nodule AND title:knot"),
        ("nodule (Topic) and knot (Web of Science Categories)", "nodule"),
        (
            "nodule or knot (Topic) not lump (Title) and 2021 or 2020 (Publication Years) "
            "and Article (Document Types)",
            "(nodule OR knot) AND (year:2021 OR year:2020) NOT title:lump",
        ),
        ('(TI=(nodule)) AND (LA==("ENGLISH"))', "title:nodule AND language:en"),
        ("(TS=(nodule)) AND DOP=(2020-01-01/2020-12-31)", "nodule AND date:2020-01-01:2020-12-31"),
        ("#1 Search nodule[ti]\n#2 Search knot[ti]\n#3 Search #1 AND #2", "nodule[ti] AND knot[ti]"),
        ("ti(nodule) AND ab(knot)", "title:nodule AND abstract:knot"),
        ('TI("nodule") AND AB(knot)', 'title:"nodule" AND abstract:knot'),
        (
            "ti,ab(nodule N/3 knot) AND pd(20150101-20201231)",
            "(nodule AND knot)[tiab] AND date:2015/01/01:2020/12/31",
        ),
        (
            'MESH.EXACT.EXPLODE("Nodules") AND noft(knot) AND la(english)',
            '"Nodules"[mh] AND knot AND language:en',
        ),
        ("XB nodule AND XB knot", "nodule[tiab] AND knot[tiab]"),
        ("nodule in Title Abstract Keyword AND knot in Record Title", "nodule[ti_ab_kw] AND knot[ti]"),
        (
            "MeSH descriptor: [Nodules] explode all trees "
            "and with qualifier(s): [drug therapy - DT, surgery - SU]",
            '"Nodules/drug therapy"[mh] OR "Nodules/surgery"[mh]',
        ),
        ('exp "Nodules, Glandular and Epithelial"/', '"Nodules, Glandular and Epithelial"[mh]'),
        ("('knot care' NEAR/3 nodul*):ti,ab", '("knot care" AND nodul*)[tiab]'),
        ("(knot* NEXT nodul*):ti,ab,kw", "(knot* AND nodul*)[ti_ab_kw]"),
        ('bibjson.title:"knot care" AND title.search:nodule', 'title:"knot care" AND title:nodule'),
        ("nodule[Body - All Words]", "nodule"),
    ],
)
def test_what_services_print_is_read(text, ours):
    same(text, ours)


@pytest.mark.parametrize(
    "text",
    [
        "Optical Filters: a guide",
        "Optical Filters: English, French and German practice",
        "recruitment of older people in Trials",
        "Au(I) and Ti(IV) knots",
        "AU(III) and TI(IV) knots",
        "AB(1-42) and AT(8) knots",
        "nodule (Lobe) and knot (Title of honour)",
        "genes {A} and {B}",
        "1. nodule care 2. knots and 3 lumps",
        "nodules with publication of results",
        "Clean air (HEPA) Filters: a guide for children",
        "Optics: Filters: a guide for children",
        "Tissue Expanders - a review of care",
        "Brain and Computer Interface - a review of care",
        "Narrative care: The (Author) and the (Reader)",
        "Nodules and knots (Author)",
        "Nodules and knots (Open Access)",
        "Care of nodules: stories and answers (Abstract)",
        "Care of knots (Author) and what children said (Letter)",
        "THE NEXT GENERATION OF CARE",
        "results of the NEXT trial",
    ],
)
def test_words_are_no_limits(text):
    reading = parse_query(text)
    assert not reading.strict
    assert not reading.notes
    assert {"title", "year", "language", "abstract", "kind"}.isdisjoint(
        node.field for node in leaves(reading.node) if isinstance(node, Word)
    )


def leaves(node):
    below = getattr(node, "parts", None) or [*filter(None, [getattr(node, "node", None)])]
    return [leaf for part in below for leaf in leaves(part)] if below else [node]


def test_limits_that_we_do_not_have_are_told():
    reading = parse_query("nodule[ti] Filters: Humans, Female")
    assert reading.node == Word("nodule", "title")
    assert LIMITS in reading.notes
    assert LIMITS not in parse_query("nodule[ti] Filters: English").notes


@pytest.mark.parametrize(
    "name", ["humans", "female", "adult: 19+ years", "medline", "cat", "may", "printed", ""]
)
def test_what_is_no_condition_of_ours_is_not_served(name):
    assert served(name) is None


def test_conditions_of_one_field_are_alternatives():
    assert conditions("English, French, Humans and from 2015 - 2020") == (
        '(language:"en" OR language:"fr") AND (year:"2015:2020")',
        True,
    )
