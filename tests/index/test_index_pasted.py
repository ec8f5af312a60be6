"""What readers paste: addresses, lists of numbers, numbered strategies, names of fields in other forms."""

import re
import time
import tracemalloc

import pytest

from domain.query import And, Not, Or, Phrase, Range, Word
from index.language.links import linked
from index.language.parsing import parse_query
from index.language.strategies import put_together


@pytest.mark.parametrize(
    ("text", "value", "field"),
    [
        ("https://pubmed.ncbi.nlm.nih.gov/9000003/?from=x", "9000003", "pmid"),
        ("pubmed.ncbi.nlm.nih.gov/9000003", "9000003", "pmid"),
        ("https://www.ncbi.nlm.nih.gov/pubmed/9000003", "9000003", "pmid"),
        ("(https://europepmc.org/article/MED/9000003).", "9000003", "pmid"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC9000006/#s2", "PMC9000006", "pmcid"),
        ("https://europepmc.org/abstract/PPR/PPR900001", "ppr:ppr900001", "id"),
        ("https://arxiv.org/abs/2001.12345v2", "arxiv:2001.12345", "id"),
        ("arXiv:2001.12345", "arxiv:2001.12345", "id"),
        ("https://journal.example/doi/full/10.5555/ABC.def.7?cookie=1", "10.5555/abc.def.7", "doi"),
        (
            "https://journal.example/content/10.5555/2020.01.02.345v2.full.pdf",
            "10.5555/2020.01.02.345",
            "doi",
        ),
        ("https://journal.example/article?id=10.5555/j.one.0012&type=pdf", "10.5555/j.one.0012", "doi"),
        ("https://journal.example/articles/10.5555/onc.2020.1/full", "10.5555/onc.2020.1", "doi"),
        ("https://www.nature.com/articles/s41586-020-0000-0", "10.1038/s41586-020-0000-0", "doi"),
        (
            "https://www.thelancet.com/journals/x/article/PIIS1470-2045(20)30001-1/fulltext",
            "10.1016/s1470-2045(20)30001-1",
            "doi",
        ),
        ("https://academic.oup.com/j/article/doi/10.1093/j/abc155/5554036", "10.1093/j/abc155", "doi"),
        ("PubMed 9000003", "9000003", "pmid"),
        ("https://elifesciences.org/articles/00000#abstract", "10.7554/elife.00000", "doi"),
        ("https://clinicaltrials.gov/study/NCT09999991?term=x", "NCT09999991", "trial"),
        ("https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097", "orcid"),
        ("0000-0002-1825-0097", "0000-0002-1825-0097", "orcid"),
        ("EudraCT 2015-001234-56", "2015-001234-56", "trial"),
    ],
)
def test_an_address_is_what_it_leads_to(text, value, field):
    assert parse_query(text).node == Word(value, field)


@pytest.mark.parametrize(
    "ending",
    [
        *(".full.pdf+html", ".full.pdf", ".supplementary-material", ".article-info", ".article-metrics"),
        *(".full-text", ".full+html", "/suppl", ".abstract", ""),
    ],
)
@pytest.mark.parametrize("version", ["v1", "v12", ""])
def test_pages_of_a_preprint_are_the_preprint(version, ending):
    address = f"https://www.biorxiv.example/content/10.5555/2020.01.02.345{version}{ending}"
    assert parse_query(address).node == Word("10.5555/2020.01.02.345", "doi")


@pytest.mark.parametrize(
    "text",
    ["nodule AND https://pubmed.ncbi.nlm.nih.gov/9000003/", "nodule PMID: 9000003", "nodule pmid:9000003"],
)
def test_an_address_among_words_is_read_too(text):
    assert parse_query(text).node == And((Word("nodule"), Word("9000003", "pmid")))


@pytest.mark.parametrize(
    "text", ["and/or", "x/y.z/w", "HER2/neu", "www.example.org/a-page", "https://example.org/10.5555", "1/2"]
)
def test_other_texts_with_strokes_stay(text):
    assert linked(text, []) == text


@pytest.mark.parametrize(
    "text", ["9000003 9000004", "9000003,9000004", "9000003, 9000004", "PMID: 9000003; PMID: 9000004"]
)
def test_of_a_list_of_numbers_any_will_do(text):
    assert parse_query(text).node == Or((Word("9000003", "pmid"), Word("9000004", "pmid")))


def test_a_list_may_be_of_several_kinds():
    node = parse_query("PMC9000006, https://doi.org/10.5555/a.1 10.5555/b.2").node
    assert node == Or((Word("PMC9000006", "pmcid"), Word("10.5555/a.1", "doi"), Word("10.5555/b.2", "doi")))
    assert isinstance(parse_query("90000 people").node, And)


NODULE = Or((Word("nodule", "title"), Word("nodule", "abstract")))
LINES = ["exp Growths/", "nodule.ti,ab.", "1 or 2", "limit 3 to humans"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{n}. {line}" for n, line in enumerate(LINES[:3], 1)),
        " ".join(f"{n}. {line}" for n, line in enumerate(LINES[:3], 1)),
        "".join(f"{n}. {line}" for n, line in enumerate(LINES[:3], 1)),
        "\n".join(f"{n} {line} {n}2,345" for n, line in enumerate(LINES[:2], 1)) + "\n3 or/1-2",
        " ".join(f"{n} {line}" for n, line in enumerate(LINES[:3], 1)),
        "\n".join(f"#{n} {line}" for n, line in enumerate(LINES[:2], 1)) + "\n#3 {or #1-#2}",
        "\n".join(f"{n}. {line}" for n, line in enumerate(LINES, 1)),
    ],
)
def test_numbered_lines_are_put_together(text):
    reading = parse_query(text)
    assert reading.node == Or((Word("Growths", "mesh"), NODULE))
    assert "last of them" in reading.notes[0]
    assert any("Limits" in note for note in reading.notes) == ("limit" in text)


def test_numbered_lines_keep_their_operators():
    text = "1. nodule and x.ti.\n2. growth\n3. y\n4. 1 and (2 or 3) not 2"
    assert parse_query(text).strict
    assert put_together(text, []) == "(nodule AND x.ti.) AND ((growth) OR (y)) NOT (growth)"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "1. Introduction 2. Methods 3. Results",
            "1. a\n2. b",
            "1. a\n2. 1 or 7",
            "1. 2 or 3\n2. 1 or 2",
        ),
        "1. a\n" + "\n".join(f"{n}. {n - 1} or {n - 1}" for n in range(2, 100)),
    ],
)
def test_what_is_no_strategy_stays(text):
    started = time.process_time()
    assert put_together(text, []) == text
    assert time.process_time() - started < 1


DOUBLES = ["a" * 30, *(f"{n} or {n}" for n in range(1, 10)), *["10 or 1"] * 89]


@pytest.mark.parametrize(
    "last", ["or/9-98" + ",9-98" * 99, "and/9-98", " or ".join(["10"] * 900), "or/" + "9" * 5000]
)
def test_lines_named_again_and_again_are_not_written_out_before_they_are_too_long(last):
    text = "\n".join(f"{n}. {line}" for n, line in enumerate([*DOUBLES, last], 1))
    tracemalloc.start()
    try:
        assert put_together(text, []) == text
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_a_line_named_twice_in_a_run_is_put_once():
    assert put_together("1. a\n2. b\n3. or/1-2,2,1", []) == "(a) OR (b)"


@pytest.mark.parametrize(
    "text",
    [
        *("exp Growths/ and nodule/", "Growths/ AND (nodule/)", "exp *Growths/ and exp nodule/"),
        *('[mh "Growths"] and [mh nodule]', "MeSH descriptor: [Growths] explode all trees and nodule[mh]"),
        *('(MH "Growths+") AND (MH "nodule")',),
    ],
)
def test_headings_of_ovid_cochrane_and_ebsco(text):
    reading = parse_query(text)
    assert reading.node == And((Word("Growths", "mesh"), Word("nodule", "mesh")))
    assert any("narrower" in note for note in reading.notes)


@pytest.mark.parametrize(
    "text", ["exp Growths/dt", "Growths/dt", "Growths/dt[mh]", '"Growths/drug therapy"[mh]']
)
def test_subheadings_by_their_letters(text):
    assert parse_query(text).node == And((Phrase("Growths", "mesh"), Phrase("drug therapy", "mesh")))


def test_several_subheadings():
    node = parse_query("exp Growths/dt, su").node
    assert node == Or(
        tuple(And((Phrase("Growths", "mesh"), Phrase(q, "mesh"))) for q in ("drug therapy", "surgery"))
    )


@pytest.mark.parametrize(
    "text",
    [
        *(
            "nodulib 2 mg/kg",
            "PSA 4 ng/ml and nodules",
            "cost of drugs in us/uk",
            "yes/no",
            "and/or",
            "ab/cd",
        ),
        *("growths in adults/ and children", "what is exp in exp nodule/"),
    ],
)
def test_a_stroke_before_what_is_no_subheading_makes_no_heading(text):
    reading = parse_query(text)
    assert "mesh" not in repr(reading.node)
    assert not reading.strict


def test_small_words_in_headings():
    for text in ("Dignity of Nodules/", "1. dignity of nodules/\n2. growth.ti.\n3. 1 or 2"):
        assert "mesh" in repr(parse_query(text).node)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        *(("growths/ and nodules", 0), ("growths/", 0), ("Growths/ and nodules", 1)),
        *(("growths/ and nodules/", 2), ("growths/ and nodules.ti,ab.", 1), ("growths/dt and nodules", 1)),
    ],
)
def test_a_word_with_a_stroke_is_a_heading_where_more_is_written_so(text, headings):
    assert (
        len(set(re.findall(r"'(growths|nodules)', field='mesh'", repr(parse_query(text).node), re.I)))
        == headings
    )


@pytest.mark.parametrize("text", ["smokers/ carers", "he/ she said so", "patients/ carers and nodules"])
def test_a_stroke_in_prose_makes_no_heading(text):
    assert "mesh" not in repr(parse_query(text).node)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("intitle:nodule", Word("nodule", "title")),
        ("allintitle: nodule growth", And((Word("nodule", "title"), Word("growth", "title")))),
        ("title: nodule growth", And((Word("nodule", "title"), Word("growth", "title")))),
        ("TITLE : nodule", Word("nodule", "title")),
        ('AUTH: "Smith J" nodule', And((Phrase("Smith J", "authors"), Word("nodule")))),
        ("cancer-type:melanoma", Word("melanoma", "cancer_type")),
        ("cancer type:melanoma", Word("melanoma", "cancer_type")),
        ("review[ptyp]", Word("review", "publication_type")),
        ("nodule site:example.org", Word("nodule")),
        (
            "nodule after:2019 before:2022-01-01",
            And((Word("nodule"), Range("year", 2019, None), Range("year", None, 2021))),
        ),
        ("[mh nodule] and growth.ti.", And((Word("nodule", "mesh"), Word("growth", "title")))),
        (
            "nodule AND [english]/lim AND [2015-2020]/py",
            And((Word("nodule"), Word("en", "language"), Range("year", 2015, 2020))),
        ),
        (
            'TITLE-ABS-KEY ( nodule ) AND PUBYEAR > 2014 AND ( LIMIT-TO ( LANGUAGE , "English" ) )',
            And((Word("nodule"), Range("year", 2015, None), Word("en", "language"))),
        ),
        (
            "nodule[ti] Filters: Clinical Trial, from 2015 - 2020",
            And(
                (
                    Word("nodule", "title"),
                    Phrase("clinical trial", "publication_type"),
                    Range("year", 2015, 2020),
                )
            ),
        ),
        ("nodule.ti. and limit 3 to humans", Word("nodule", "title")),
        ("nodul* NEXT/2 growth", And((Word("nodul", prefix=True), Word("growth")))),
        ("nodule AND AFFILCOUNTRY(brazil)", And((Word("nodule"), Word("BR", "country")))),
        ("PMC 9000006", Word("PMC9000006", "pmcid")),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=nodule+growth", And((Word("nodule"), Word("growth")))),
        ("nodule SAME growth", And((Word("nodule"), Word("growth")))),
        ("ALL=(nodule) AND PY=2020", And((Word("nodule"), Range("year", 2020, 2020)))),
        ("nodule>5", And((Word("nodule"), Word("5")))),
        ("year:>2020", Range("year", 2021, None)),
        ("doi.org/10.5555/a.1", Word("10.5555/a.1", "doi")),
        ("DOI 10.5555/a.1", Word("10.5555/a.1", "doi")),
        (
            "exp Growths/su, mo and (nodul$ or knot$).mp.",
            And(
                (
                    Or(
                        tuple(
                            And((Phrase("Growths", "mesh"), Phrase(q, "mesh")))
                            for q in ("surgery", "mortality")
                        )
                    ),
                    Or((Word("nodul", prefix=True), Word("knot", prefix=True))),
                )
            ),
        ),
        ("nodule%20growth", And((Word("nodule"), Word("growth")))),
        ("nodule&nbsp;growth", And((Word("nodule"), Word("growth")))),
    ],
)
def test_other_forms_of_fields_and_texts(text, node):
    assert parse_query(text).node == node


def test_headings_of_abstracts_are_no_fields():
    text = "Background: nodules grow. Methods: we counted nodules. Results: there were some."
    assert not parse_query(text).strict


@pytest.mark.parametrize(
    "piece", ["http://a.b/", "10.1/", "1.", "exp a", "[mh ", 'MH "', "allintitle:", "a:", "%20"]
)
def test_long_texts_of_such_pieces_are_read_soon(piece):
    started = time.process_time()
    for text in (piece * (60_000 // len(piece)), f"{piece} " * (60_000 // len(piece))):
        parse_query(text)
    assert time.process_time() - started < 4


PROSE = (
    "Background: nodules are the most common growths in the skin. Methods: We studied (n = 34) patients who "
    'had a [median] age of 61 and "responses" to 5-FU. Results: there was a ratio of 1:2, and it did not '
    "differ from that of the others (p<0.001). Conclusion: see https://doi.org/10.5555/invented.1 for more."
)


@pytest.mark.parametrize("text", [PROSE, PROSE * 20, f"MATERIALS AND METHODS. {PROSE}"])
def test_a_pasted_abstract_is_read_as_words(text):
    reading = parse_query(text)
    assert not reading.strict
    assert "sentences" in reading.notes[0]
    assert any("left out" in note for note in reading.notes) == (len(text) > 1000)


@pytest.mark.parametrize(
    "text",
    [
        " OR ".join(f'"nodule of the {n}"' for n in range(20)),
        "nodule " * 60 + '"growth"',
        f"{PROSE} nodule[ti] AND growth[tiab]",
    ],
)
def test_a_long_query_is_no_prose(text):
    assert parse_query(text).strict


def test_an_entry_of_embase_is_no_heading_of_ovid():
    entries = parse_query("'lung nodule'/exp OR 'lung cyst'/de").node
    assert entries == parse_query("'lung nodule' OR 'lung cyst'").node


def test_signs_within_an_old_doi_compare_nothing():
    doi = "10.5555/(sici)1097-0142(19960801)78:3<567::aid-cncr29>3.0.co;2-u"
    assert parse_query(doi.upper()).node == Word(doi, "doi")
    assert parse_query("Ki-67>20 PD-L1≥50 nodules").node == parse_query("Ki-67 20 PD-L1 50 nodules").node


def test_what_the_web_of_science_prints_behind_a_search_is_none_of_its_words():
    asked = And((Word("nodules"), Word("screening")))
    reading = parse_query("TS=(nodules AND screening) Indexes=SCI-EXPANDED, SSCI, A&HCI Timespan=2010-2020")
    assert reading.node == And((asked, Range("year", 2010, 2020)))
    assert "limit" in reading.notes[0]
    assert parse_query("TS=(nodules AND screening) Timespan=All years").node == asked
    assert "timespan" in parse_query("timespan and indexes of nodules").meaning


@pytest.mark.parametrize("text", ["1. nod\u00adules.ti.\n2. 1 or 1", "\ufeff1. nodules.ti.\n2. 1 or 1"])
def test_signs_that_nobody_sees_part_no_words(text):
    assert parse_query(text).node == parse_query("1. nodules.ti.\n2. 1 or 1").node


@pytest.mark.parametrize(
    "text",
    [
        f"TI{' ' * 7_900}OR AB nodules",
        f"1. nodules\n2. cysts\n3. and/1,{' ' * 7_900}2x",
        f"1. nodules 2. limit 1 to{' ' * 7_900}cysts 3. 1 or 2",
        f"#1 nodules\n#2 #1{' ' * 7_900}in Trialsx",
        f"1. nodules\n2. cysts.mp.{' ' * 7_900}[mp=x\n3. 1 or 2",
        "\n" * 8_000,
        f"nodules{chr(0x2003) * 7_900}1. cysts",
    ],
)
def test_thousands_of_spaces_are_read_soon(text):
    started = time.process_time()
    parse_query(text)
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "title",
    [
        *(
            "Womb transplantation trial: psychological evaluation",
            "Unusual foreign body: the price of safety",
        ),
        *("Abstracts of the (KNOT) Conference: Hybrid Posters", "Omega-3 and -6 fatty acids in knots"),
        *("Knots of the meeting: nodules", "Open access: what nodules cost", "Licence: nodules of a market"),
        *("A repository: knots and nodules", "Has abstract: the nodule"),
        *("MMP-2 or -9 in nodules", "Ways to agree -marc- in schools"),
        *("Knotting proteins -7, -8 and -9 in nodules", "Knots (KNOT1, -2, and -3) in nodules"),
    ],
)
def test_signs_of_titles_are_none_of_queries(title):
    reading = parse_query(title)
    assert not reading.strict
    assert not reading.notes


@pytest.mark.parametrize(
    ("text", "part"),
    [
        *(("nodule trial: NCT09999991", Word("NCT09999991", "trial")), ("nodule -6", Not(Word("6")))),
        *(
            ("nodule licence: CC BY", Word("cc-by", "licence")),
            ("nodule notice: retracted", Word("retracted", "notice")),
        ),
        *(
            ("nodule open access: yes", Word("yes", "open_access")),
            ("nodule AND funder: Knots", Word("Knots", "funder")),
        ),
        *(
            ("nodule repository: GEO", Word("geo", "repository")),
            ("nodule kind: preprint", Word("preprint", "kind")),
        ),
        *(("nodule -6knot", Not(Word("6knot"))), ("nodule, -knot", Not(Word("knot")))),
        *(
            ('nodule meeting: "Knots"', Phrase("Knots", "meeting")),
            ("nodule journal: Knots", Word("Knots", "journal")),
        ),
        *(("nodule -knot-like", Not(Word("knot-like"))), ("nodule AND -6", Not(Word("6")))),
    ],
)
def test_the_same_signs_are_read_where_a_query_has_them(text, part):
    assert parse_query(text).node == And((Word("nodule"), part))
