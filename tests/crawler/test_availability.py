"""Statements about data and code. All sentences are invented."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.telling.availability import sharing
from crawler.telling.repositories import places_in
from crawler.telling.sentences import sentences
from domain.body import Passage, Place
from domain.statements import Availability, Shared

_LABELS = Path(__file__).parents[2] / "benchmarks" / "labels" / "invented.toml"


def read(text, place=Place.AVAILABILITY, label=""):
    return {one.what.value: one.state.value for one in sharing((Passage(text, place, label),))}


@pytest.mark.parametrize(
    "row", tomllib.loads(_LABELS.read_text("utf-8"))["sharing"], ids=lambda r: r["text"][:40]
)
def test_each_invented_statement_is_read_as_labelled(row):
    wanted = {what: row[what] for what in ("data", "code") if what in row}
    assert read(row["text"], Place(row.get("place", "availability")), row.get("label", "")) == wanted


def test_the_sentence_and_the_links_are_given():
    text = (
        "Ethics were kept. Reads are in GEO (GSE12345) and code at https://github.com/x/y. More is not said."
    )
    data, code = sharing((Passage(text, Place.AVAILABILITY),))
    assert data.evidence == "Reads are in GEO (GSE12345) and code at https://github.com/x/y."
    assert data.links == ("geo:GSE12345",)
    assert (code.what, code.state, code.links) == (
        Shared.CODE,
        Availability.OPEN,
        ("https://github.com/x/y",),
    )


def test_a_list_of_what_others_published_goes_on_over_paragraphs():
    lists = (
        "The following dataset was generated:",
        "A B, 2013, title, EGAS00001000999, European Genome-phenome Archive.",
        "The following previously published dataset was used:",
        "C D, 2010, title, GSE1111, publicly available at GEO.",
    )
    (one,) = sharing([Passage(text, Place.AVAILABILITY, "Major datasets") for text in lists])
    assert (one.state, one.links) == (Availability.ON_REQUEST, ("ega:EGAS00001000999",))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The practice of open data seeks to make results transparent and names no participant.", {}),
        ("Open data aims to make what was found accessible to all.", {}),
        ("Data can be obtained from the invented registry after formal application.", {"data": "on-request"}),
        ("The authors are not allowed to share the data.", {"data": "none"}),
        (
            "The practice of open data seeks to make results transparent. The data are in GEO (GSE12345).",
            {"data": "open"},
        ),
        ("Following the practice of open data, the data are available at Zenodo.", {"data": "open"}),
        ("Open data are available at https://example.org/data.", {"data": "open"}),
    ],
)
def test_talk_of_open_data_at_large_says_nothing_of_the_papers_own(text, found):
    assert read(text) == found


def test_a_repository_outweighs_a_request_and_a_request_an_address_where_data_are_withheld():
    assert read("Reads are in GEO (GSE12345). The data cannot be shared otherwise.") == {"data": "open"}
    withheld = (
        "Summaries can be found at https://example.org/a. We cannot share the data. Apply to the registry."
    )
    assert read(withheld) == {"data": "on-request"}


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("(GSE12345).", ("geo:GSE12345",)),
        ("PDB ID 4ABC and 4ABD", ("pdb:4ABC", "pdb:4ABD")),
        ("in 4ABC units", ()),
        ("https://doi.org/10.5281/zenodo.123.", ("doi:10.5281/zenodo.123",)),
        ("see https://example.org/a_(b), or", ("https://example.org/a_(b)",)),
        ("at example.edu/~x/data/", ("https://example.edu/~x/data/",)),
        ("phs000123.v1.p1 and PXD012345", ("dbgap:phs000123.v1.p1", "pride:PXD012345")),
        ("XGSE12345 and someone@example.org", ()),
    ],
)  # fmt: skip
def test_links(text, links):
    assert {place.link for place in places_in(text)} - {""} == set(links)


def test_what_is_signed_for_is_asked_for_and_a_protocol_is_no_data():
    assert read("Data are at https://seer.cancer.gov after signing a data use agreement.") == {
        "data": "on-request"
    }
    assert read("Data are at https://seer.cancer.gov.") == {"data": "open"}
    assert read("Access to data can be requested at https://seer.cancer.gov.") == {"data": "on-request"}
    assert read("The protocol is available on request.") == {}
    assert read("Data are available through application at https://example.org.") == {"data": "on-request"}
    assert read("Data are available via an application programming interface.") == {"data": "open"}
    assert read("Data is available at the request of the author.") == {"data": "on-request"}


def test_what_is_kept_under_lock_is_asked_for():
    kept = "The data were deposited in Synapse (syn12345678)."
    assert read(kept) == {"data": "open"}
    assert read(f"{kept} Access requires a data use agreement.") == {"data": "on-request"}
    assert read(f"{kept[:-1]}; access to these data is subject to approval.") == {"data": "on-request"}
    assert read(f"{kept} Access to clinical data requires a data use agreement.") == {"data": "open"}
    assert read(f"{kept} Access to the clinical data can be requested.") == {"data": "open"}
    others = "Patient data are not public. Access is subject to approval."
    assert read(f"{kept} {others}") == {"data": "open"}
    both = "RNA-seq data are in GEO (GSE12345), genomes in the EGA (EGAS00001234567)."
    assert read(f"{both} Access is granted on application.") == {"data": "open"}


@pytest.mark.parametrize("way", ["under license from", "under licence by", "with a license for use at"])
def test_what_is_licensed_is_to_be_asked_for(way):
    assert read(f"The data are available {way} the invented registry.") == {"data": "on-request"}


def test_sentences_do_not_break_at_abbreviations():
    text = "We thank Example Inc. The data (cf. Fig. 2, Smith et al. 2012) are from A. B. Smith. None."
    assert sentences(text) == (
        "We thank Example Inc.",
        "The data (cf. Fig. 2, Smith et al. 2012) are from A. B. Smith.",
        "None.",
    )


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    for one in sharing((Passage(text, Place.AVAILABILITY), Passage(text, Place.METHODS))):
        assert one.evidence in " ".join(text.split())
