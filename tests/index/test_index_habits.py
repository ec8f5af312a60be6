"""What readers bring along from Europe PMC and PubMed is read, or left out with a note."""

import datetime
import time

import pytest

from domain.query import And, Not, Or, Phrase, Range, Word
from index.language.habits import find_habit
from index.language.parsing import parse_query
from index.language.tree import leaves

EUROPE_PMC = (
    "TITLE ABSTRACT TITLE_ABS AUTH AUTHORID AUTHORID_TYPE AUTH_FIRST AUTH_LAST AUTH_MAN AFF JOURNAL "
    "ISSN ESSN PUB_YEAR FIRST_PDATE E_PDATE P_PDATE UPDATE_DATE CREATION_DATE FIRST_IDATE DOI EXT_ID "
    "PMCID PMID SRC OPEN_ACCESS IN_EPMC IN_PMC HAS_ABSTRACT HAS_PDF HAS_FT HAS_TEXT HAS_TM HAS_DATA "
    "HAS_SUPPL KW KEYWORD MESH DISEASE CHEM GENE_PROTEIN ORGANISM GRANT_ID GRANT_AGENCY LANG PUB_TYPE"
    " LICENSE CITED CITES METHODS RESULTS INTRO DISCUSS CONCL ACK_FUND TABLE FIG REF BODY VOLUME "
    "ISSUE PAGE_INFO ISBN PUBLISHER ACCESSION_ID ACCESSION_TYPE sort_date sort_cited"
)
PUBMED = (
    "ti,title,tiab,title/abstract,au,author,1au,author - first,lastau,author - "
    "last,fau,auid,ad,affiliation,ta,journal,mh,mesh,mesh terms,mh:noexp,majr,majr:noexp,mesh major "
    "topic,sh,mesh subheading,nm,supplementary concept,pt,publication type,la,language,dp,pdat,date -"
    " publication,publication date,edat,crdt,mhda,lr,sb,filter,tw,text word,all,all "
    "fields,pmid,uid,doi,aid,lid,pmc,ot,other term,gr,si,is,vi,ip,pg,rn,ps,cois,tiab:~3,title:~0"
)
NEW = {"cois"}
"""Names that we do not know; the test would not notice if it knew all."""


@pytest.mark.parametrize("name", [*EUROPE_PMC.split(), *PUBMED.split(",")])
def test_every_usual_name_is_known(name):
    assert (find_habit(name) is None) == (name in NEW)


@pytest.mark.parametrize(
    "text",
    [
        "nodule AND SRC:CTX",
        "SRC:CTX AND nodule",
        "nodule AND NOT IN_EPMC:y",
        "nodule NOT HAS_PDF:y",
        "(HAS_PDF:y OR HAS_FT:y) AND nodule",
        "nodule AND (IN_EPMC:y)",
        "nodule AND CITED:[10 TO 100]",
        "nodule sort_date:y",
        "nodule AND SRC:(CTX OR PAT)",
        "nodule AND medline[sb]",
        'nodule AND "pubmed pmc"[filter]',
        "nodule AND humans[filter] AND cancer[sb]",
        "AUTHORID_TYPE:ORCID nodule",
        "-HAS_PDF:y nodule",
    ],
)
def test_a_condition_that_we_do_not_have_is_left_out_and_said(text):
    reading = parse_query(text)
    assert reading.node == Word("nodule")
    assert "left out" in " ".join(reading.notes)
    assert not any("join" in note or "follows" in note for note in reading.notes)


def test_a_left_out_condition_alone_is_everything():
    assert parse_query("IN_EPMC:y").node is None
    assert parse_query("medline[sb]").node is None


def test_conditions_that_we_happen_to_have():
    assert parse_query("SRC:PPR").node == Word("preprint", "kind")
    assert parse_query("(SRC:MED OR SRC:PPR)").node == Or((Word("article", "kind"), Word("preprint", "kind")))
    for text in ("free full text[sb]", '"free full text"[filter]', "OPEN_ACCESS:y", "OPEN_ACCESS:Y"):
        assert parse_query(text).node == Word("yes", "open_access")
    assert parse_query("systematic[sb]").node == Word("systematic-review", "study_type")
    for text in ("hasabstract", "hasabstract[text]", "HAS_ABSTRACT:y"):
        assert parse_query(text).node == Word("yes", "has_abstract")


def test_a_name_close_to_ours_is_read_as_ours_and_said():
    assert parse_query("Smith J[1au]").node == Phrase("Smith J", "authors")
    assert "all authors" in parse_query("Smith J[1au]").notes[0]
    assert parse_query("2020[edat]").node == Range("date", 20200000, 20209999)
    assert parse_query("METHODS:zebrafish").node == Word("zebrafish")
    assert parse_query("METHODS:zebrafish").notes


def test_coded_fields_know_names():
    for text in ("english[la]", "LANG:eng", "LANG:en", "language:English"):
        assert parse_query(text).node == Word("en", "language")
    for text in ("country:Brazil", "country:BR", "Brasil[country]", "country:br"):
        assert parse_query(text).node == Word("BR", "country")
    assert parse_query('country:"United Kingdom"').node == Word("GB", "country")
    assert parse_query("United Kingdom[country]").node == Word("GB", "country")
    assert parse_query('cancer_type:"bowel cancer"').node == Word("colorectal", "cancer_type")
    assert parse_query('study_type:"case report"').notes == ()
    assert parse_query("Clinical Trial[pt]").node == Phrase("Clinical Trial", "publication_type")
    assert parse_query("1234-567X[is]").node == Word("1234-567X", "issn")


def test_a_value_that_is_none_is_searched_as_a_word_and_said():
    reading = parse_query("country:Atlantis")
    assert reading.node == Word("Atlantis")
    assert "not a country" in reading.notes[0]
    assert "not a language" in parse_query("klingon[la]").notes[0]
    assert parse_query("country:unknown").notes == ()


def test_a_subheading_is_asked_beside_its_heading():
    assert parse_query('"Breast Neoplasms/therapy"[mh]').node == And(
        (Phrase("Breast Neoplasms", "mesh"), Phrase("therapy", "mesh"))
    )


def test_dates_that_count_from_today():
    node = parse_query('"last 5 years"[dp] NOT mice').node.parts[0]
    first = datetime.datetime.now(datetime.UTC).date() - datetime.timedelta(days=5 * 365.25)
    assert node == Range("date", int(first.strftime("%Y%m%d")), None)
    assert parse_query('"last 9999 years"[dp]').node == Range("date", 10101, None)
    assert isinstance(parse_query('year:"last 2 years"').node, Range)


def test_a_real_europe_pmc_query():
    text = '(TITLE:"nodule" OR ABSTRACT:growth) AND '
    text += "(FIRST_PDATE:[2020-01-01 TO 2021-12-31]) AND (OPEN_ACCESS:y) NOT SRC:PPR"
    assert parse_query(text).node == And(
        (
            Or((Phrase("nodule", "title"), Word("growth", "abstract"))),
            Range("date", 20200101, 20211231),
            Word("yes", "open_access"),
            Not(Word("preprint", "kind")),
        )
    )
    assert parse_query(text).notes == ()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("nodule.ti,ab.", "nodule[tiab]"),
        ("nodule.ti. AND 2020", "nodule[ti] AND 2020"),
        ("'nodule':ti,ab,kw", "nodule[ti_ab_kw]"),
        ("TITLE-ABS-KEY(nodule AND growth)", "(nodule AND growth)"),
        ("TS=(nodule) AND PY=2020", "(nodule) AND year:2020"),
        ('"nodule growth"/exp', '"nodule growth"'),
        ('"nodule growth"~5', '"nodule growth"'),
        ("nodule adj3 growth", "nodule AND growth"),
        ("nodule NEAR/3 growth", "nodule AND growth"),
        ("nodule[tiab:~3]", "nodule[tiab]"),
        ("nodul?s AND growth", "nodul* AND growth"),
        ("nodul$ AND growth", "nodul* AND growth"),
        ('"nodule" and growth not registry', '"nodule" AND growth NOT registry'),
        ("nodule AND #1 AND #2", "nodule"),
    ],
)
def test_what_other_services_write_is_read_as_we_would_write_it(text, same):
    assert parse_query(text).node == parse_query(same).node


@pytest.mark.parametrize(
    "text", ["#1 AND #2", '"a nodule"~5', "nodule adj3 x", "nodul?s", '"gene" and x', "gene[mh]"]
)
def test_what_we_cannot_do_is_said(text):
    assert parse_query(text).notes


def test_small_operators_in_prose_are_words():
    assert parse_query("nodules (nausea and vomiting) not growth").notes == ()


def test_narrower_headings_are_told_apart_only_where_asked_for():
    assert any("narrower" in note for note in parse_query('"Nodules"[Mesh]').notes)
    assert parse_query('"Nodules"[Mesh:noexp]').notes == ()


@pytest.mark.parametrize("text", ['"the"', "title:the"])
def test_small_words_alone_are_told(text):
    assert "all papers" in parse_query(text).notes[0]


def test_short_numbers_are_part_of_the_meaning_and_ids_are_not():
    assert parse_query("exon 20 stage 4").meaning == "exon 20 stage IV"
    assert parse_query("nodule 9000003").meaning == "nodule"


def test_many_brackets_after_a_doi_are_read_in_no_time():
    start = time.process_time()
    parse_query("10.1234/x" + "()" * 15_000 + ")" * 30_000)
    assert time.process_time() - start < 0.3


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("cancer type: leukemia", Word("leukaemia", "cancer_type")),
        ("tumour type: melanoma", Word("melanoma", "cancer_type")),
        ("(cancer type: bowel cancer)", Word("colorectal", "cancer_type")),
        ("cancer type: bowel cancer nodule", And((Word("colorectal", "cancer_type"), Word("nodule")))),
        ("study type: rct", Word("randomised-trial", "study_type")),
        ("publication type: review", Word("review", "publication_type")),
        (
            "publication type: review AND nodule",
            And((Word("review", "publication_type"), Word("nodule"))),
        ),
        ("country: United Kingdom", Word("GB", "country")),
        ("type: review", Word("review", "publication_type")),
        ("type:review nodule", And((Word("review", "publication_type"), Word("nodule")))),
        ("type: clinical trial", Phrase("clinical trial", "publication_type")),
        (
            "type:(review OR editorial)",
            Or((Word("review", "publication_type"), Word("editorial", "publication_type"))),
        ),
    ],
)
def test_a_space_may_stand_behind_the_colon_of_a_field(text, node):
    assert parse_query(text).node == node


@pytest.mark.parametrize(
    ("text", "same"),
    [
        *(("type: nodule growth", "type nodule growth"), ("type:nodule", "type nodule")),
        *(("link: nodule and growth", "link nodule and growth"), ("info: nodule", "info nodule")),
        *(("site: nodule", "site nodule"), ("limit: nodule", "limit nodule"), ("book: x", "book x")),
        *(("related: diet", "related diet"), ("issue: nodule", "issue nodule")),
        *(("limit:nodule", "limit nodule"), ("book:x", "book x"), ("growth series:x", "growth series x")),
        *(("issue:nodule", "issue nodule"), ("format:x", "format x"), ("sort:nodule", "sort nodule")),
        *(("source:nodule", "source nodule"), ("Filter:nodule", "Filter nodule")),
        *(("growth site:nodule", "growth site nodule"), ("link:nodule", "link nodule")),
        *(("nodule cancer: a growth", "nodule cancer a growth"), ("study type: x", "study type x")),
    ],
)
def test_a_word_with_a_colon_that_is_no_field_there_loses_nothing(text, same):
    reading = parse_query(text)
    assert reading.node == parse_query(same).node
    assert not reading.strict


@pytest.mark.parametrize(
    "text", ["site:example.org", "site:.gov", "link:https://example.org/x", "url:a.org/b"]
)
def test_a_page_of_the_web_is_left_out(text):
    assert parse_query(f"nodule {text}").node == Word("nodule")


@pytest.mark.parametrize(
    "text",
    [
        *("sort:date", "format:json", "synonym:true", "volume:12", "issue:3", "version:2", "cited:[1 TO 5]"),
        *("source:MED", "BOOK:x", "SERIES:x", "SORT:x", "cited:>5", "filter:x[filter]"),
    ],
)
def test_what_can_only_be_a_condition_of_another_service_is_left_out(text):
    assert "nodule" not in repr(parse_query(text).node)
    reading = parse_query(f"nodule {text}")
    assert reading.strict or text.startswith("filter")


def test_a_year_asked_of_words_is_a_word():
    assert parse_query("(nodule AND 2016)[ti]").node == And((Word("nodule", "title"), Word("2016", "title")))
    assert parse_query("(2016)[ti]").node == Word("2016", "title")
    assert parse_query("(Smith 2016)[au]").node == And((Word("Smith", "authors"), Word("2016", "authors")))
    assert parse_query("(2016)[edat]").node == Range("date", 20160000, 20169999)


@pytest.mark.parametrize("text", ["growth NOT 2016", "growth -2016", "growth NOT (2016)"])
def test_a_year_that_is_left_out_is_a_word(text):
    assert parse_query(text).node == And((Word("growth"), Not(Word("2016"))))
    inside = parse_query("growth NOT (nodule AND 2016)").node
    assert inside == And((Word("growth"), Not(And((Word("nodule"), Word("2016"))))))


def test_a_small_word_is_the_number_of_a_journal_only_before_one():
    assert parse_query("is:1234-5678").node == Word("1234-5678", "issn")
    assert parse_query("is:retracted nodule").node == parse_query("is retracted nodule").node


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("breast cancer,melanoma;nodules", "breast cancer melanoma nodules"),
        ("HER2,KRAS", "HER2 KRAS"),
        ("PD-1,PD-L1,CTLA-4", "PD-1 PD-L1 CTLA-4"),
        ("「肺がん」", "肺がん"),
        ("nodules — growths—knots", "nodules growths knots"),
    ],
)
def test_signs_between_words_part_them(text, same):
    assert parse_query(text).node == parse_query(same).node


@pytest.mark.parametrize(
    "word",
    [
        '"knots,lumps"',
        "1,25-dihydroxyvitamin",
        "N,N-dimethylglycine",
        "10^9",
        "mg/m^2",
        "1,000",
        "A,B",
        "2015—2020",
    ],
)
def test_signs_in_a_name_or_a_number_stay(word):
    assert word.strip('"') in str(parse_query(f"nodule {word} growth").node)


@pytest.mark.parametrize(
    ("title", "same"),
    [
        (
            "Irradiation for prostate cancer: prostate and bone",
            "Irradiation for prostate cancer prostate and bone",
        ),
        ("Congenital skin disease: a nodule", "Congenital skin disease a nodule"),
        ("A study: case report", "A study case report"),
        ("KRAS-dependent and -independent nodules", "KRAS-dependent and independent nodules"),
        ("Knoten und -systeme der Haut", "Knoten systeme der Haut und"),
    ],
)
def test_a_title_with_a_colon_or_a_hyphen_left_alone_is_words(title, same):
    reading = parse_query(title)
    assert not reading.strict
    assert str(reading.node) == str(parse_query(same).node)


def test_small_operators_in_a_title_with_quotes_are_words():
    title = "Stable nodules of the skin, not “knots”, in people with growths"
    assert not any(denials for _, denials in leaves(parse_query(title).node))
    assert any(denials for _, denials in leaves(parse_query('nodules not "knots"').node))


def test_such_fields_are_asked_where_a_text_begins_with_them():
    assert parse_query("cancer: melanoma").node == Word("melanoma", "cancer_type")
    assert parse_query("nodule AND cancer: melanoma").node.parts[1] == Word("melanoma", "cancer_type")
    assert parse_query("nodule cancer:melanoma").node.parts[1] == Word("melanoma", "cancer_type")
