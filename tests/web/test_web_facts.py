"""What all versions of a paper say of data, companies, meetings and their standing, each once."""

from dataclasses import replace

import pytest

from domain.identity import merge
from domain.paper import Author, DataLink, Notice, NoticeKind, Paper, Provenance, Version, VersionKind
from domain.statements import Availability, Industry, IndustryRole, Meeting, SampleSize, Shared, Sharing
from tests.web.invented import KENYA, article
from web.papers.facts import corresponding_authors, to_facts
from web.papers.links import data_place, place_of
from web.papers.notices import standings

R, C, E, W = NoticeKind.RETRACTED, NoticeKind.CORRECTED, NoticeKind.CONCERN, NoticeKind.WITHDRAWN


def told(*versions: Version) -> Paper:
    return Paper("f0000000000", versions, "", "")


def noted(*notices: tuple[str, Notice]) -> Paper:
    """A paper with notices, each from the source named."""
    origins = {
        f"notices/{number}": Provenance(source, "1", "2026-11-20T08:15:30Z")
        for number, (source, _) in enumerate(notices)
    }
    given = tuple(notice for _, notice in notices)
    return told(article(1, "Invented", notices=given, provenance=origins))


def test_one_retraction_that_four_sources_tell_of_is_shown_once() -> None:
    paper = noted(
        ("pubmed", Notice(R, "pmid:90000999", "Invented J. 2025;12(1):9", "2025-02-01")),
        ("crossref", Notice(R, "doi:10.5555/notice.1", "Retraction, says the publisher", "2025-01-30")),
        (
            "retractionwatch",
            Notice(R, "doi:10.5555/notice.1", "Retraction Watch: Copied Images", "2025-01-31"),
        ),
        ("openalex", Notice(R, None, "OpenAlex marks it as retracted and does not name the notice")),
    )
    (one,) = standings(paper)
    assert (one.kind, one.date) == (R, "2025-01-30")
    assert one.sources == (
        "PubMed",
        "Crossref (from the publisher)",
        "Retraction Watch",
        "OpenAlex",
    )
    assert [value for _, value, _ in one.links] == ["90000999", "10.5555/notice.1"]
    assert one.words == (
        "Invented J. 2025;12(1):9.",
        "Reasons, as Retraction Watch files them: Copied Images.",
    ), "what sources were read by is told only where nothing else is"


def test_kinds_are_never_one_and_the_gravest_is_first() -> None:
    same = "doi:10.5555/notice.1"
    paper = noted(*(("crossref", Notice(kind, same, "", "2024-01-01")) for kind in (C, E, W, R)))
    assert [one.kind for one in standings(paper)] == [R, W, E, C]


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        (Notice(C, "doi:10.5555/a"), Notice(C, "doi:10.5555/b"), 2),
        (Notice(C, "doi:10.5555/a"), Notice(C, "doi:10.5555/a", "Erratum"), 1),
        (Notice(C, "doi:10.5555/a"), Notice(C, None, "Erratum"), 1),
        (Notice(C, "doi:10.5555/a", "", "2024-03-06"), Notice(C, "pmid:1", "", "2024-04"), 1),
        (Notice(C, "doi:10.5555/a", "", "2024-03-06"), Notice(C, "pmid:1", "", "2025-03"), 2),
        (Notice(C, "doi:10.5555/a"), Notice(C, "pmid:1"), 2),
    ],
)
def test_corrections_are_one_only_where_that_is_sure(one: Notice, other: Notice, count: int) -> None:
    for pair in ((one, other), (other, one)):
        assert len(standings(noted(("crossref", pair[0]), ("pubmed", pair[1])))) == count
    if one.identifier != other.identifier and other.identifier:
        assert len(standings(noted(("crossref", one), ("crossref", other)))) == 2, "one source counts its own"


def test_a_notice_about_the_preprint_says_so() -> None:
    preprint = article(2, "Invented", kind=VersionKind.PREPRINT, notices=(Notice(W),))
    assert standings(told(article(1, "Invented"), preprint))[0].version == "preprint"
    assert standings(told(preprint))[0].version == ""


def test_a_lone_record_has_one_source() -> None:
    origin = {"*": Provenance("pubmed", "1", "2026-11-20T08:15:30Z")}
    (one,) = standings(told(article(1, "Invented", notices=(Notice(R),), provenance=origin)))
    assert one.sources == ("PubMed",)


def test_facts_come_from_all_versions_each_once() -> None:
    asked = Sharing(Shared.DATA, Availability.ON_REQUEST, "Ask us.")
    opened = Sharing(Shared.DATA, Availability.OPEN, "See Zenodo.", ("doi:10.5281/zenodo.1",))
    paid = Industry("Made-up Pharma", IndustryRole.FUNDED, "Made-up Pharma paid.")
    works = Industry("Made-Up Pharma", IndustryRole.EMPLOYED, "Made-Up Pharma, Nakuru.")
    main = article(1, "Invented", sharing=(opened,), industry=(paid,), data=(DataLink("GEO", "GSE99999"),))
    preprint = article(
        2,
        "Invented",
        kind=VersionKind.PREPRINT,
        sharing=(opened, asked),
        industry=(paid, works),
        data=(DataLink("Zenodo", "10.5281/zenodo.1"), DataLink("geo", "GSE99999")),
        sample_size=SampleSize(1204, "women", "We asked 1,204 women."),
        competing_interests="None.",
    )
    abstract = replace(preprint, kind=VersionKind.ABSTRACT, meeting=Meeting("Invented Congress", year=2023))
    facts = to_facts(told(main, abstract, preprint))
    assert [(one.title, one.version) for one in facts.sharing] == [
        ("Data: open", ""),
        ("Data: on request", "conference abstract"),
    ]
    assert [place.name for place in facts.places] == ["GSE99999"]
    assert [(one.name, len(one.parts)) for one in facts.companies] == [("Made-up Pharma", 2)]
    assert facts.sample == "1204 women"
    assert facts.interests == (("None.", "conference abstract"),)
    assert [one.meeting.name for one in facts.meetings] == ["Invented Congress"]


def test_who_corresponds_is_told_by_any_version() -> None:
    plain, marked = (
        Author("Wanjiru A", "Wanjiru", "A"),
        Author("WANJIRU A", "Wanjiru", "A", corresponding=True),
    )
    main = article(1, "Invented", authors=(Author("Silva B"), plain))
    preprint = article(
        2, "Invented", kind=VersionKind.PREPRINT, authors=(replace(marked, affiliations=(KENYA,)),)
    )
    assert [a.corresponding for a in corresponding_authors(told(main, preprint))] == [False, True]
    assert to_facts(told(main, preprint)).corresponding_countries == ("KE",)


@pytest.mark.parametrize(
    ("link", "repository", "url"),
    [
        ("doi:10.5281/zenodo.1", "Zenodo", "https://doi.org/10.5281/zenodo.1"),
        ("https://doi.org/10.5061/dryad.x", "Dryad", "https://doi.org/10.5061/dryad.x"),
        ("doi:javascript:alert(1)", "", ""),
        ("geo:GSE12345", "Gene Expression Omnibus", "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc=GSE12345"),
        ("geo:GSE1&x=<b>", "Gene Expression Omnibus", ""),
        ("bioproject:PRJCA001234", "BioProject", "https://ngdc.cncb.ac.cn/bioproject/browse/PRJCA001234"),
        ("ega:EGAD00001000001", "European Genome-phenome Archive", "https://ega-archive.org/datasets/EGAD00001000001"),
        ("pdb:1ABC", "Protein Data Bank", "https://www.rcsb.org/structure/1ABC"),
        ("https://github.com/invented/code", "GitHub", "https://github.com/invented/code"),
        ("javascript:alert(1)", "", ""),
        ("data:text/html,x", "", ""),
        ("unheard-of:X1", "", ""),
        ("", "", ""),
    ],
)  # fmt: skip
def test_links_of_statements_lead_to_a_page_or_nowhere(link: str, repository: str, url: str) -> None:
    place = place_of(link)
    assert (place.repository, place.url) == (repository, url)


def test_every_page_of_a_repository_is_made_from_its_accession() -> None:
    from web.labels import table

    for code, row in table("repositories").items():
        for url in (row.get("url"), *row.get("urls", {}).values()):
            assert url is None or (url.startswith("https://") and "{id}" in url and row["pattern"]), code


def test_data_links_are_known_by_name_and_accession() -> None:
    for name in ("GEO", "geo", "Gene Expression Omnibus"):
        assert data_place(DataLink(name, "GSE1234")).url.endswith("acc=GSE1234")
    assert (
        data_place(DataLink("figshare", "10.6084/m9.figshare.1")).url
        == "https://doi.org/10.6084/m9.figshare.1"
    )
    assert data_place(DataLink("GEO", "GSE<b>", "javascript:alert(3)")).url == ""


def test_who_told_of_each_notice_outlives_merging() -> None:
    same = Notice(R, "doi:10.5555/notice.1", "Copied images.", "2025-01-31")
    other = Notice(R, None, "OpenAlex marks it as retracted and does not name the notice")
    readings = [
        (article(1, "Invented", notices=given), Provenance(source, "1", "2026-11-20T08:15:30Z"))
        for source, given in (
            ("pubmed", (same,)),
            ("crossref", (same,)),
            ("openalex", (other,)),
            ("doaj", ()),
        )
    ]
    (version,) = merge(readings, ("pubmed", "crossref", "openalex"))
    (one,) = standings(told(version))
    assert one.sources == ("PubMed", "Crossref", "OpenAlex")
