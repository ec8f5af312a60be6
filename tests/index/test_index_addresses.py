"""Addresses without a DOI in them, through proxies and redirects, and publishers' numbers."""

import time

import pytest

from domain.query import And, Word
from index.language.parsing import parse_query

PII, DOI = "S0000-0001(20)30001-4", "10.1016/s0000-0001(20)30001-4"
PLAIN = "S0000000120300014"


@pytest.mark.parametrize(
    "text",
    [
        f"https://www.thelancet.com/pdfs/journals/invented/PII{PII}.pdf".replace("(", "%28").replace(
            ")", "%29"
        ),
        f"https://www.sciencedirect.com/science/article/abs/pii/{PLAIN}?via%3Dihub",
        f"https://linkinghub.elsevier.com/retrieve/pii/{PLAIN}",
        f"https://www-sciencedirect-com.proxy.example.edu/science/article/pii/{PLAIN}",
        f"https://www.sciencedirect.com.ezproxy.example.edu/science/article/pii/{PLAIN}",
        *(PII, f"PII: {PLAIN}", f"({PII})", f"pii {PLAIN}"),
    ],
)
def test_a_publishers_number_is_the_doi_made_of_it(text):
    reading = parse_query(text)
    assert reading.node == Word(DOI, "doi")
    assert len(reading.notes) == 1
    assert "search for the title" in reading.notes[0]


@pytest.mark.parametrize(
    "text", ["S000000012030001", f"{PLAIN}0", f"X{PLAIN}", f"doi:10.5555/{PII}", "S0000-0001", "S100(20)3"]
)
def test_other_numbers_are_none_of_a_publisher(text):
    reading = parse_query(text)
    assert reading.node != Word(DOI, "doi")
    assert not reading.notes


@pytest.mark.parametrize(
    ("text", "value", "field"),
    [
        ("https://doi.org/10.5555/ABC.7?utm_source=x&fbclid=y", "10.5555/abc.7", "doi"),
        ("https://doi.org/10.5555/abc.7#section", "10.5555/abc.7", "doi"),
        ("https://doi.org/10.5555%2Fabc.7", "10.5555/abc.7", "doi"),
        ("https://doi.org/10.5555/rs.3.rs-1/v1", "10.5555/rs.3.rs-1/v1", "doi"),
        ("https://doi.org/10.5555/(sici)1-2:3<1::4>3.0.co;2-#", "10.5555/(sici)1-2:3<1::4>3.0.co;2-#", "doi"),
        ("https://doi-org.ezproxy.example.edu/10.5555/abc.7", "10.5555/abc.7", "doi"),
        ("https://login.proxy.example.edu/login?url=https://doi.org/10.5555/abc.7", "10.5555/abc.7", "doi"),
        (
            "https://safe.example.com/?url=https%3A%2F%2Fpubmed.ncbi.nlm.nih.gov%2F9000003%2F&data=05",
            "9000003",
            "pmid",
        ),
        ("https://journal.example/article?id=10.5555%2Fj.one.0012", "10.5555/j.one.0012", "doi"),
        ("https://pubmed-ncbi-nlm-nih-gov.proxy.example.org/9000003/", "9000003", "pmid"),
        ("https://pubmed.ncbi.nlm.nih.gov/?term=9000003", "9000003", "pmid"),
        ("https://pubmed.ncbi.nlm.nih.gov/9000003/?term=nodule", "9000003", "pmid"),
        ("https://pubmed.ncbi.nlm.nih.gov/?linkname=pubmed_pubmed&from_uid=9000003", "9000003", "pmid"),
        ("arXiv:2001.12345v2 [cs.CV]", "arxiv:2001.12345", "id"),
        ("10.5555/\u200bj.one.0012", "10.5555/j.one.0012", "doi"),
        ("https://www.bmj.com/content/372/bmj.n00", "10.1136/bmj.n00", "doi"),
        ("https://www.isrctn.com/ISRCTN00000001", "ISRCTN00000001", "trial"),
        (
            "https://www.clinicaltrialsregister.eu/ctr-search/trial/2015-001234-56/DE",
            "2015-001234-56",
            "trial",
        ),
    ],
)
def test_an_address_is_what_it_leads_to(text, value, field):
    reading = parse_query(text)
    assert reading.node == Word(value, field)
    assert not reading.notes


@pytest.mark.parametrize(
    "address",
    [
        "https://journal.example/x/81/13/3554/slow-growth-of-nodules",
        "https://news.example/2024/03/slow-growth_of-nodules-123.html",
    ],
)
def test_an_address_without_a_number_is_searched_by_its_words(address):
    reading = parse_query(address)
    assert reading.node == And((Word("slow"), Word("growth"), Word("nodules")))
    assert "the words in it" in reading.notes[0]


def test_an_address_with_nothing_in_it_is_told():
    reading = parse_query("https://journal.example/j/fullarticle/2779132")
    assert "title or DOI" in reading.notes[0]
    assert reading.node is not None


@pytest.mark.parametrize("text", ["www.example.org/a-page", "HER2/neu", "example.org/one-two-three-four"])
def test_what_is_no_whole_address_stays(text):
    assert not parse_query(text).notes


def test_a_search_of_trials_is_what_was_asked():
    address = "https://clinicaltrials.gov/search?cond=nodule&intr=growth&aggFilters=x"
    assert parse_query(address).node == And((Word("nodule"), Word("growth")))


@pytest.mark.parametrize(
    "piece", ["https://a.b/?url=https://", "S0000-0001(", "a-b-com.", "https://a.b/a-b-c-d-"]
)
def test_many_addresses_are_read_soon(piece):
    started = time.process_time()
    for text in (piece * (60_000 // len(piece)), f"{piece} " * (60_000 // len(piece))):
        parse_query(text)
    assert time.process_time() - started < 4


def test_old_addresses_of_pubmed_and_numbers_behind_a_title():
    assert parse_query("www.ncbi.nlm.nih.gov/entrez/query.fcgi?db=PubMed&list_uids=9000001").node == Word(
        "9000001", "pmid"
    )
    reading = parse_query("https://journal.example/full/nodules_after_stem_cell_transplant.3.aspx")
    assert "transplant" in reading.meaning


def test_filters_of_a_search_are_kept_as_far_as_we_have_them():
    address = "https://pubmed.ncbi.nlm.nih.gov/?term=nodule+growth&filter=years.2019-2024&filter=lang.english"
    assert parse_query(address).node == parse_query("(nodule growth) AND year:2019-2024 AND language:en").node
    reading = parse_query(f"{address}&filter=hum_ani.humans")
    assert reading.node == parse_query(address).node
    assert any("Limits" in note for note in reading.notes)


def test_an_address_that_leads_nowhere_is_left_out_beside_words():
    address = "https://social.example/someone/status/1234567890?s=20"
    reading = parse_query(f"{address} nodule growth")
    assert reading.node == parse_query("nodule growth").node
    assert any("cannot tell" in note for note in reading.notes)
    assert parse_query(f"({address}).").node == Word(address.partition("?")[0])
