"""Identifiers in the forms that people and sources write them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import (
    Identifiers,
    is_work_id,
    local_key,
    normalise_arxiv,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
    parse_key,
    work_id,
)


@pytest.mark.parametrize(
    ("written", "doi"),
    [
        ("10.5555/Example.1", "10.5555/example.1"),
        ("https://doi.org/10.5555/a(b)c;2-d", "10.5555/a(b)c;2-d"),
        ("http://dx.doi.org/10.5555/x", "10.5555/x"),
        ("https://www.doi.org/10.5555/x", "10.5555/x"),
        ("doi.org/10.5555/x", "10.5555/x"),
        ("DOI 10.5555/x", "10.5555/x"),
        ("doi:https://doi.org/10.5555/x", "10.5555/x"),
        ("https://doi.org/doi:10.5555/x", "10.5555/x"),
        ("https://doi.org/10.5555%2Fx%2Fy", "10.5555/x/y"),
        ("10.5555%2Fx%2Fy", "10.5555/x/y"),
        (
            "https://doi.org/10.5555/%28sici%291%3C1::aid-x%3E3.0.CO%3B2-A",
            "10.5555/(sici)1<1::aid-x>3.0.co;2-a",
        ),
        ("https://doi.org/10.5555.10%2Fx%2E", "10.5555.10/x"),
        ("https://doi.org/10.5555/x%00", "10.5555/x%00"),
        ("https://doi.org/10.5555/x?utm_source=a&utm_medium=b", "10.5555/x"),
        ("https://doi.org/10.5555/x%3Fa=b?nosfx=y", "10.5555/x?a=b"),
        ("https://doi.org/10.5555/x?y", "10.5555/x?y"),
        ("10.5555/x?a=b", "10.5555/x?a=b"),
        ("10.5555/x%2fy", "10.5555/x%2fy"),
        ("urn:doi:10.5555/x", "10.5555/x"),
        ("<https://doi.org/10.5555/x>", "10.5555/x"),
        ("10.5555/x\u200b", "10.5555/x"),
        ("10.5555/(sici)1<1::aid-x>", "10.5555/(sici)1<1::aid-x>"),
        ("10.5555/(sici)1&lt;1::aid-x&gt;3.0.co;2-a", "10.5555/(sici)1<1::aid-x>3.0.co;2-a"),
        ("10.5555/a&amp;lt;b&gt;", "10.5555/a<b>"),
        ("10.5555/a&copy=b", "10.5555/a&copy=b"),
        ("https://doi.org/10.1101/2024.01.02.573901v2", "10.1101/2024.01.02.573901"),
        ("10.1101/2024.01.02.24300001v1.full-text", "10.1101/2024.01.02.24300001"),
        ("10.1101/123456v2", "10.1101/123456"),
        ("10.1101/19000001v1.full", "10.1101/19000001"),
        ("10.48550/arXiv.2401.00001v3", "10.48550/arxiv.2401.00001"),
        ("10.21203/rs.3.rs-1/v1", "10.21203/rs.3.rs-1/v1"),
        ("10.1101/gr.123456v1", "10.1101/gr.123456v1"),
        ("see doi:10.5555/x", None),
        ("doi.org/abc", None),
        ("https://doi.example/10.5555/x", None),
        ("DOI: 10.5555/x.", "10.5555/x"),
        ("10.1002/(SICI)1097-0142(19990101)85:1<3::AID-X>3.0.CO;2-O", None),
        ("10.5/x", None),
        ("see 10.5555/x", None),
        ("", None),
    ],
)
def test_doi(written: str, doi: str | None) -> None:
    expected = written.lower() if "(SICI)" in written else doi
    assert normalise_doi(written) == expected


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("PMC0099000001", "pmcid:PMC99000001"),
        ("pmid: 99000001", "pmid:99000001"),
        ("99000001", "pmid:99000001"),
        ("arXiv:2309.17332v2", "arxiv:2309.17332"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
        ("https://doi.org/10.5555/X", "doi:10.5555/x"),
        ("breast cancer", None),
        ("2024-01", None),
    ],
)
def test_a_key_is_told_by_its_form(written: str, key: str | None) -> None:
    assert parse_key(written) == key


def test_zero_is_no_pubmed_id() -> None:
    assert normalise_pmid("0") is None
    assert normalise_pmcid("PMC0") is None
    assert normalise_arxiv("2309.1") is None


@given(st.text())
def test_normalising_never_fails_and_is_stable(text: str) -> None:
    for normalise in (normalise_doi, normalise_pmid, normalise_pmcid, normalise_arxiv):
        once = normalise(text)
        assert once is None or normalise(once) == once


def test_keys_come_strongest_first() -> None:
    ids = Identifiers(doi="10.5555/x", pmid="1", other=("ppr:PPR1",))
    assert list(ids.keys()) == ["doi:10.5555/x", "pmid:1", "ppr:PPR1"]


def test_a_record_without_identifier_is_known_by_its_words() -> None:
    assert local_key("Étude d’un cancer", "Ngo A", 2020) == local_key("  ETUDE D'UN CANCER. ", "ngo a", 2020)
    assert local_key("Étude d’un cancer", "Ngo A", 2020) != local_key("Étude d’un cancer", "Ngo A", 2021)


@given(st.text())
def test_work_ids_fit_into_a_url(key: str) -> None:
    assert is_work_id(work_id(key))
    assert work_id(key) == work_id(key)
