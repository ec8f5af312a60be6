"""Fields of Scopus, Web of Science, EBSCO, Embase, Ovid and the Virtual Health Library."""

import time

import pytest

from domain.query import And, Not, Or, Phrase, Range, Word
from index.language.parsing import parse_query


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("AUTHOR-NAME(Silva) AND SRCTITLE(Nodules)", "authors:Silva AND journal:Nodules"),
        ('AUTHKEY("knot care") AND AFFIL(Lagos)', 'keywords:"knot care" AND affiliation:Lagos'),
        ("ALL ( nodule ) AND LANGUAGE(english)", "nodule AND language:english"),
        ("CHEM(nodulib) AND DOI(10.5555/a.1)", "substance:nodulib AND doi:10.5555/a.1"),
        ("TITLE(nodule) AND AFFILCOUNTRY(South Africa)", 'title:nodule AND country:"South Africa"'),
        ("TS=(nodule) AND CU=(United States)", 'nodule AND country:"United States"'),
        ("TS=nodule AND OG=(Lagos) AND FO=(Knots)", "nodule AND affiliation:Lagos AND funder:Knots"),
        ("SU nodules AND LA English", "nodules AND language:english"),
        ("AU Silva AND SO knots", "authors:Silva AND journal:knots"),
        ('MM "Nodules" AND LA English', "exp Nodules/ AND language:english"),
        ('(MH "Nodules+/DT/TH")', "exp Nodules/dt,th"),
        ('MH "Nodules" AND TX knot*', "exp Nodules/ AND knot*"),
        ("AB ( knot OR lump ) AND PT editorial", "abstract:(knot OR lump) AND editorial[pt]"),
        ("TI nodul* W3 growth AND AB knot", "title:(nodul* AND growth) AND abstract:knot"),
        ("nodule:ti AND 'knot':ab", "title:nodule AND abstract:knot"),
        ("HER-2:ti", "HER-2[ti]"),
        ("drug therapy.fs. or ae.fs.", 'drug therapy[sh] or "adverse effects"[sh]'),
        (
            "(ae or to or co).fs. and nodule.mp.",
            '("adverse effects" OR "toxicity" OR "complications")[sh] AND nodule',
        ),
        ("(nodule w/3 growth) or knot", "(nodule AND growth) OR knot"),
        ("nodule AND (growth^2 OR knots^1.5)", "nodule AND (growth OR knots)"),
        ("knot growth.ti,ab", "knot growth[tiab]"),
        ("knot growth .ti,ab.", "knot growth[tiab]"),
        ("'knot'/exp NOT 'growth of skin'/exp", "knot NOT (growth of skin)"),
        ("melanoma AND **breast cancer**", "melanoma AND breast cancer"),
        ("ORCID 0000-0002-1825-0097", "orcid:0000-0002-1825-0097"),
        ("ISSN: 1234-5678 AND nodule", "issn:1234-5678 AND nodule"),
        ("exp Nodules/ use oemezd", "exp Nodules/"),
        ("(exp Nodules/ or lump.ti,ab.) use ppez", "exp Nodules/ or lump.ti,ab."),
        ("Medicine (CAM) use patterns", "Medicine CAM use patterns"),
        ("country:brazil,ZA nodule", "(country:brazil OR country:ZA) nodule"),
        ("AUTH:Silva JA AND nodule", '"Silva JA"[au] AND nodule'),
        ("author:van der Berg JA AND nodule", '"van der Berg JA"[au] AND nodule'),
        ("AUTH:van ’t Veer LJ nodule", '"van ’t Veer LJ"[au] nodule'),
        ("author:García López M nodule", '"García López M"[au] nodule'),
        ("author:Van der Berg JA nodule", '"Van der Berg JA"[au] nodule'),
        ("AUTH:De la Cruz MR nodule", '"De la Cruz MR"[au] nodule'),
        ("author:Ivanov IV nodule", '"Ivanov IV"[au] nodule'),
        ("author:Smith Phase II nodule", "Smith[au] Phase II nodule"),
        ("author:Smith vitamin A", "Smith[au] vitamin A"),
        ("author:Smith KRAS G12C", "Smith[au] KRAS G12C"),
        ("author:Silva DNA nodule", "author:Silva AND DNA AND nodule"),
        ("author:Silva OR nodule", "authors:Silva OR nodule"),
        ("ae[sh] AND nodule", '"adverse effects"[sh] AND nodule'),
        ("(knot or (knot adj care)).ti,ab.", "(knot OR (knot AND care))[tiab]"),
        ("nodul#.tw. or knots?.ti.", "nodul* OR knots[ti]"),
        ('"Knots and Nodules"/', 'exp "Knots and Nodules"/'),
        ('"Nodule"/dt OR lump.mp.', "exp Nodule/dt OR lump"),
        ("year >= 2019 nodule", "year:>=2019 nodule"),
        ("nodule mass=2019", "nodule mass=2019"),
        ("dp<2019/06/01 AND nodule", "date:<2019/06/01 AND nodule"),
        ("intitle:nodule intext:knot", "title:nodule knot"),
        ("'knot care':ti,ab,kw AND 'lump care'", '"knot care"[ti_ab_kw] AND "lump care"'),
        ("'nodule'/exp/dm_dt,dm_th OR 'knot'/mm", "nodule OR knot"),
        ("silva j.au. and 2019.yr. and lagos.in.", "silva j[au] AND 2019[dp] AND lagos[ad]"),
        ("exp Nodules/dt, th [Drug Therapy, Therapy]", "exp Nodules/dt, th"),
        ('[mh ^"Nodules"[mj]]', '[mh "Nodules"]'),
        ("(nodule):ti,ab,kw (Word variations have been searched)", "nodule[ti_ab_kw]"),
        ("tw:(nodule) AND year_cluster:[2015 TO 2020]", "nodule AND year:2015-2020"),
        ("mj:(nodules)", "nodules[majr]"),
        ("Search: nodule[tiab] Sort by: Most Recent", "nodule[tiab]"),
        ("AU=(Silva J OR Souza A)", '"Silva J"[au] OR "Souza A"[au]'),
        ("country:(south africa or brazil)", 'country:"south africa" OR country:brazil'),
        ("study_type:(randomized controlled trial)", "study_type:rct"),
        ('MH "Nodules" AND DT 20150101-20201231', "exp Nodules/ AND date:2015/01/01:2020/12/31"),
        ("TI nodule AND AB knot AND DT 20150101-", "title:nodule AND abstract:knot AND date:>=2015/01/01"),
        ("TI nodule AND AB knot AND DT -20201231", "title:nodule AND abstract:knot AND date:<=2020/12/31"),
        ("TI nodule AND AB knot AND PY 2015", "title:nodule AND abstract:knot AND year:2015"),
        ("TS=(nodule) AND DO=(10.5555/a.1)", "nodule AND doi:10.5555/a.1"),
        ("silva j:au AND nodule:ti", '"silva j"[au] AND nodule[ti]'),
        ("author.display_name:Silva AND year_published:[2018 TO 2020]", "authors:Silva AND year:2018-2020"),
        ('source.title:"Knots" AND nodule', 'journal:"Knots" AND nodule'),
        ('nodule source:"Knots Today"', 'nodule journal:"Knots Today"'),
        ('nodule source:"Medical Knots"', 'nodule journal:"Medical Knots"'),
        ('nodule source:"PubMed"', "nodule source:pubmed"),
        ("nodule [mp=10]", "nodule mp=10"),
        ("（nodule　ＯＲ　knot） AND ｔｉｔｌｅ：lump", "(nodule OR knot) AND title:lump"),
        ("“nodule growth” and knot", '"nodule growth" AND knot'),
        ("exp Poly(knot-nodule) Lumps/ and cyst.ti.", '"Poly(knot-nodule) Lumps"[mh] AND cyst[ti]'),
        ("nodule.ti. and knot.mp. [mp=title, abstract, original title]", "nodule[ti] AND knot"),
    ],
)
def test_a_field_of_another_service_is_ours(text, same):
    assert parse_query(text).node == parse_query(same).node


@pytest.mark.parametrize(
    "text",
    [
        "nodule AND SUBJAREA(MEDI)",
        "TITLE-ABS-KEY(nodule) AND DOCTYPE(re OR ar) AND REF(silva)",
        "TS=(nodule) AND WC=(Oncology)",
        "TS=(nodule) NOT SU=Oncology",
        "nodule AND 'drug therapy'/lnk",
        'nodule AND db:("LILACS") AND instance:"regional"',
        'nodule AND pais_afiliacao:("^iBrazil")',
        "TX nodule* AND EM 202001",
        "TS=(nodule) AND AI=(A-1234-2008)",
        "nodule AND field_of_study:Knots AND source.type:Journal",
    ],
)
def test_a_field_that_we_do_not_have_is_left_out_and_told(text):
    reading = parse_query(text)
    assert reading.node in (Word("nodule"), Word("nodule", prefix=True))
    assert any("left out" in note for note in reading.notes)


@pytest.mark.parametrize(
    "text",
    [
        *("ALL (acute leukaemia) nodules", "CF (cystic fibrosis)", "OR=(1.2)", "HR=(0.5) nodules", "SU2C"),
        *("TX nodules", "what is TX (treatment)", "AU Silva", "PT nodules and knots", "smoking AND DE novo"),
        *("stage N2 disease of W3", "patients' needs and Silva's nodules", "it is a 'very big' nodule"),
        *("collection: nodules of a study", "instance:nodule", "db:x", "ratio a:ab", "Search: a new nodule"),
        *("papers on Sort by: Nodule", "nodule:de"),
        *("DOI(depth of invasion) nodule", "nodule VOLUME(cm3)", "OA(knee) nodule", "PMID(none) nodule"),
        *(
            "nodule failure AND AF after surgery OR RV failure",
            "DE genes AND SU proteins",
            "LA nodule AND RV strain",
        ),
        *("nodule[tw] OR AF ablation", "CF = cystic nodule", "SU = sunitinib dose", "WC = white cells"),
        "time nodule:ti=5",
        *(
            "AI=(0.5) nodules",
            "nodule source:Knots",
            "PS=1 nodules",
            "DO=(dissolved oxygen) nodules",
            "AB nodules AND DT growth",
            "nodule DT growth",
            "e.g. author.name:x",
        ),
    ],
)
def test_words_that_look_so_stay_words(text):
    said = str(parse_query(text).node)
    assert "Phrase" not in said
    assert not any(
        f"field='{name}'" in said
        for name in ("title", "abstract", "authors", "journal", "language", "doi", "date")
    )
    for word in text.split():
        bare = word.strip("'():.")
        if len(bare) > 4 and bare.isalpha():
            assert bare in said or "=" in word


def test_a_stage_in_a_search_of_ebsco_keeps_its_nodes():
    found = str(parse_query('TI "nodule" AND stage N2 disease AND T3 N1 spread').node)
    assert "n2" in found
    assert "n1" in found
    assert "and" in str(parse_query('TI "nodule" AND knot N3 spread').notes)


def test_a_tag_of_pubmed_makes_no_search_of_ebsco():
    said = str(parse_query("nodule[tiab] AND DE genes").node)
    assert "DE" in said


def test_a_unit_is_no_heading_of_embase():
    assert parse_query("nodules/mm").node == Word("nodules/mm")
    assert parse_query("'nodules'/mm").node == parse_query("nodules").node


def test_values_of_several_words_without_a_name_stay_apart():
    assert parse_query("affiliation:(Lagos Hospital)").node == And(
        (Word("Lagos", "affiliation"), Word("Hospital", "affiliation"))
    )
    assert parse_query("language:(english spanish)").node == And(
        (Word("en", "language"), Word("es", "language"))
    )
    assert parse_query("authors:(Silva Souza)").node == And(
        (Word("Silva", "authors"), Word("Souza", "authors"))
    )
    assert parse_query("country:au").node == Word("AU", "country")


def test_a_star_among_words_of_a_tag_works():
    found = parse_query("nodul* care.jn.").node
    assert found == And((Word("nodul", "journal", prefix=True), Word("care", "journal")))
    assert parse_query("Silva J*[au]").node == Phrase("Silva J", "authors")


def test_a_strategy_of_cinahl_is_read_whole():
    text = 'S1 (MH "Knots+") OR TI knot N3 pain OR AB knot N3 pain\nS2 PT editorial\nS3 S1 NOT S2'
    found = parse_query(text).node
    assert isinstance(found, And)
    assert found.parts[1] == Not(Word("editorial", "publication_type"))
    assert isinstance(found.parts[0], Or)


def test_a_year_of_web_of_science():
    assert parse_query("PY=(2018-2020)").node == Range("year", 2018, 2020)


@pytest.mark.parametrize(
    "piece",
    [
        "SO=",
        "TI a AND ",
        "'a b':ti ",
        "a:ti ",
        "TX (",
        "ALL(",
        "REF( ",
        "'a'/lnk ",
        "a/freq=2 ",
        'MH "a',
        "country:(a b ",
    ],
)
def test_long_texts_of_such_pieces_are_read_soon(piece):
    started = time.process_time()
    for text in (piece * (60_000 // len(piece)), f"({piece}" * (60_000 // len(piece))):
        parse_query(text)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("tumo?r AND nodule", "tumor AND nodule"),
        ("p?ediatric* AND nodule", "(paediatric* OR pediatric*) AND nodule"),
        ("wom#n.ti.", "women[ti]"),
        ("randomi?ed controlled trial.pt.", '"randomized controlled trial"[pt]'),
        ("an?emia", "anemia"),
    ],
)
def test_a_sign_for_a_letter_stands_for_spellings_that_we_know(text, same):
    assert parse_query(text).node == parse_query(same).node


@pytest.mark.parametrize(
    ("text", "same"),
    [
        *(("tumour?", "tumour"), ("what is a tumour? a nodule?", "what is a tumour a nodule")),
        *(("nodul?s AND knot", "nodul* AND knot"), ('"knot?s nodule"', '"knot* nodule"')),
    ],
)
def test_other_signs_stand_for_no_spellings(text, same):
    assert parse_query(text).node == parse_query(same).node


@pytest.mark.parametrize("name", ["tiab", "Title/Abstract"])
def test_words_near_each_other_in_quotes_may_stand_anywhere_as_the_note_says(name):
    reading = parse_query(f'"knot nodule"[{name}:~3]')
    assert reading.node == parse_query("knot nodule[tiab]").node
    assert any("anywhere" in note for note in reading.notes)
