"""What records in Dublin Core and in arXiv's formats are read as. All values are invented."""

import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from crawler.records.tex import plain
from crawler.sources import arxiv, oai, pmc
from crawler.sources._oai_dc_journal import journal as read_journal
from crawler.sources._oai_record import spread
from domain.errors import RecordRejected
from domain.paper import AbstractKind, NoticeKind, Version, VersionKind
from domain.record import HarvestedRecord
from tests.crawler.replay_oai import DC
from tests.crawler.replay_pmc import JATS

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def record(metadata: str, native_id: str = "oai:a.example.org:1") -> HarvestedRecord:
    header = f"<header><identifier>{native_id}</identifier></header>"
    payload = f"<record>{header}<metadata>{metadata}</metadata></record>"
    return HarvestedRecord("oai", native_id, NOW, oai.MEDIA_TYPE, payload.encode())


def read(*elements: str) -> Version:
    return oai.to_version(record(DC.format("<dc:title>Invented</dc:title>" + "".join(elements))))


def dc(name: str, *values: str) -> str:
    return "".join(f"<dc:{name}>{value}</dc:{name}>" for value in values)


@pytest.mark.parametrize(
    ("creators", "names"),
    [
        (("Ada Lind; Bo Novak; Cy de Souza",), ["Ada Lind", "Bo Novak", "Cy de Souza"]),
        (("Lind A; Novak BC",), ["A Lind", "BC Novak"]),
        (("Ada Lind; Invented Oncology",), ["Ada Lind"]),
        (("Ada Lind; Addis Ababa",), ["Ada Lind"]),
        (("Ada Lind; Bo Novak; Cy Holland",), ["Ada Lind", "Bo Novak", "Cy Holland"]),
        (("Lind, Ada; New Nowhere",), ["Ada Lind"]),
        (("Silva, Maria",), ["Maria Silva"]),
        (("Silva, M.; Souza, J. P.; Lima, Ana",), ["M. Silva", "J. P. Souza", "Ana Lima"]),
        (("Silva, Maria; Universidade de Lugar Nenhum, Brasil",), ["Maria Silva"]),
        (("Invented Study Group",), ["Invented Study Group"]),
        (("World Health Organization, Regional Office",), ["World Health Organization, Regional Office"]),
        (("Universidade, Centro de Câncer",), ["Universidade, Centro de Câncer"]),
        (("王, 小明",), ["王 小明"]),
        (("Dijk, J.P. van (Jan)",), ["J.P. van Dijk"]),
        (("Doe, A.B. (Ada B.)", "Muster, H. (Hrsg.)"), ["A.B. Doe", "H. Muster"]),
        (
            ("Dijk, Jan [0000-0002-1825-0097]", "Doe, Ada (orcid: 0000-0002-1825-0097)"),
            ["Jan Dijk", "Ada Doe"],
        ),
        (("Invented Group (IG)",), ["Invented Group (IG)"]),
        (("Ada Novak, Bea Lind, Eva García",), ["Ada Novak", "Bea Lind", "Eva García"]),
        (("Novak A, Lind B, García E",), ["A Novak", "B Lind", "E García"]),
        (["Invented University, Faculty of Oncology, New Town"],) * 2,
        (["Ministry of Health, National Cancer Institute, New Town"],) * 2,
        (("Anna Nowak, Uniwersytet Wymyślony",), ["Anna Nowak"]),
        (("Ayşe Yılmaz, Ankara Üniversitesi Tıp Fakültesi",), ["Ayşe Yılmaz"]),
        (("Dra. Ana Gil", "Profa. Dra. Eva Mar"), ["Ana Gil", "Eva Mar"]),
        (["Cancer Registry, Ministry of Health, New Town"],) * 2,
        (["United Nations, Department of Invention"],) * 2,
        (["Invented Computer Systems, Inc"],) * 2,
        (["García Lind, Oncology Ward, Invented University"],) * 2,
        (("Ada Lind, Department of Oncology, Invented University",), ["Ada Lind"]),
        (("Lind, Ada, Invented Hospital, New Town",), ["Ada Lind"]),
        (("Ada Lind and Bo Novak",), ["Ada Lind", "Bo Novak"]),
        (("Okafor, Ada B., 1970-", "Smith, John, Jr."), ["Ada B. Okafor", "John Smith Jr."]),
        (("李明; 王芳",), ["李明", "王芳"]),
        (("李明；王芳、张伟",), ["李明", "王芳", "张伟"]),
        (("李明; 清华大学",), ["李明"]),
        (("김철수; 이영희",), ["김철수", "이영희"]),
        (("山田 太郎; 鈴木 花子",), ["山田 太郎", "鈴木 花子"]),
        (("山田, 太郎",), ["山田 太郎"]),
        (("محمد أحمد؛ فاطمة علي",), ["محمد أحمد", "فاطمة علي"]),
        (("محمد أحمد؛ جامعة القاهرة",), ["محمد أحمد"]),
        (("Lind, A. B., Novak, C.",), ["A. B. Lind", "C. Novak"]),
        (("Вымыслов И. И., Небылов П.П.",), ["ИИ Вымыслов", "ПП Небылов"]),
    ],
)
def test_authors(creators: tuple[str, ...], names: list[str]) -> None:
    assert [author.name for author in read(dc("creator", *creators)).authors] == names


def test_an_institution_behind_a_name_is_an_affiliation() -> None:
    (author,) = read(dc("creator", "Lind, Ada, Department of Oncology, Invented University")).authors
    assert [place.text for place in author.affiliations] == ["Department of Oncology, Invented University"]


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("Invented Journal; Vol. 5 No. 2 (2019): June; 10-20", ("Invented Journal", "5", "2", "10-20")),
        ("Revista Inventada; v. 3 n. 4 (2020); e1234", ("Revista Inventada", "3", "4", "e1234")),
        ("Invented Reports, 42(10), (2023-10-12)", ("Invented Reports", "42", "10", "")),
        ("Invented Journal, 5(2), 10-20, (2019-01-01)", ("Invented Journal", "5", "2", "10-20")),
        ("Онкология; Том 5, № 2 (2019); С. 10-20", ("Онкология", "5", "2", "10-20")),
        ("مجلة الأورام; مجلد 5 عدد 2 (2019); 10-20", ("مجلة الأورام", "5", "2", "10-20")),
        ("肿瘤学; 卷 5 期 2 (2019); 10-20", ("肿瘤学", "5", "2", "10-20")),
        ("肿瘤学; 第5卷第2期 (2019); 10-20", ("肿瘤学", "5", "2", "10-20")),
        ("종양학회지; 5권 2호 (2019); 10-20", ("종양학회지", "5", "2", "10-20")),
        ("Tạp chí; Tập 5 Số 2 (2019); 10-20", ("Tạp chí", "5", "2", "10-20")),
        ("Revista; v. 5 n. 2 (2019): Abril; e-12345", ("Revista", "5", "2", "e-12345")),
        ("Zeitschrift; Bd. 5 Nr. 2 (2019); S. 10-20", ("Zeitschrift", "5", "2", "10-20")),
        ("Invented Journal, 2019, 5 (2), pp.10-20. ⟨10.5555/hal⟩", ("Invented Journal", "5", "2", "10-20")),
        ("Revista, ISSN 1234-5679, Vol. 5, Nº. 2, 2019, pags. 10-20", ("Revista", "5", "2", "10-20")),
        ("Revista, Vol. 5, Nº. 2, 2019", ("Revista", "5", "2", "")),
        ("肿瘤学杂志,2019,5(2):10-20", ("肿瘤学杂志", "5", "2", "10-20")),
        ("Revista Inventada v.5 n.2 2019", ("Revista Inventada", "5", "2", "")),
        ("Invented Journal 14(5): e0217001", ("Invented Journal", "14", "5", "e0217001")),
        ("J Inv Oncol. 2019;5(2):10-20", ("J Inv Oncol", "5", "2", "10-20")),
        ("Invented Journal 2019; 5 (2): 10-20", ("Invented Journal", "5", "2", "10-20")),
        ("Volume: 5, Issue: 2 10-20", None),
        ("Revista Inventada (Colombia) Num.2 Vol.5", ("Revista Inventada (Colombia)", "5", "2", "")),
        ("Invented Journal, 2019, 10-20", ("Invented Journal", "2019", "", "10-20")),
        ("reponame:Repositório;instname:Inventado", None),
        ("1234-5679", None),
    ],
)
def test_journals(source: str, where: tuple[str, ...] | None) -> None:
    journal = read(dc("source", source)).journal
    assert (journal and (journal.title, journal.volume, journal.issue, journal.pages)) == where


@pytest.mark.parametrize(
    "citation",
    [
        "Okafor A, Lind B. Tumours of 3 villages. J Inv Oncol. 2019;5(2):10-20. doi:10.5555/v.1",
        "Okafor, A., &amp; Lind, B. (2019). Tumours of 3 villages. J Inv Oncol, 5(2), 10-20.",
        "Okafor, A. and Lind, B. (2019) Tumours of 3 Villages. J Inv Oncol, 5 (2). pp. 10-20. ISSN 1234-5679",
        "İpek İ, İnan İ, Weiß İ. Tumours of 3 Villages. J Inv Oncol. 2019;5(2):10-20",
        "Okafor , A 2019 , ' Tumours of 3 villages ' , J Inv Oncol , vol. 5 , no. 2 , pp. 10-20 . https://x.org",
    ],
)
@pytest.mark.parametrize("element", ["source", "identifier"])
def test_a_citation_names_the_journal_behind_the_title_of_the_paper(citation: str, element: str) -> None:
    title = "<dc:title>Tumours of 3 villages</dc:title>"
    journal = oai.to_version(record(DC.format(title + dc(element, citation)))).journal
    assert journal
    where = (journal.title, journal.volume, journal.issue, journal.pages)
    assert where == ("J Inv Oncol", "5", "2", "10-20")


def test_a_citation_may_have_the_title_in_the_language_of_the_paper() -> None:
    own = '<dc:title xml:lang="es">Tumores de 3 aldeas</dc:title>'
    titles = own + '<dc:title xml:lang="en">Of 3 villages</dc:title>' + dc("language", "spa")
    citation = dc("source", "Okafor A. Tumores de 3 aldeas. J Inv Oncol. 2019;5(2):10-20")
    version = oai.to_version(record(DC.format(titles + citation)))
    assert (version.title, version.original_title) == ("Of 3 villages", "Tumores de 3 aldeas")
    assert version.journal
    assert (version.journal.title, version.journal.pages) == ("J Inv Oncol", "10-20")


def test_a_paper_may_be_called_as_its_journal_is() -> None:
    source = "Invented Journal of Tumours; Vol. 3 No. 2 (2020); 1-2"
    title = "<dc:title>Invented Journal of Tumours</dc:title>"
    journal = oai.to_version(record(DC.format(title + dc("source", source)))).journal
    assert journal
    assert (journal.title, journal.volume) == ("Invented Journal of Tumours", "3")
    journal = oai.to_version(record(DC.format(title + dc("source", f"Seminars in the {source}")))).journal
    assert journal
    assert (journal.title, journal.volume) == ("Seminars in the Invented Journal of Tumours", "3")


def test_a_source_of_nothing_but_spaces_is_read_in_time_that_grows_with_it() -> None:
    start = time.process_time()
    assert read_journal(["Jo" + " " * 20_000], (), (), (), ())
    assert time.process_time() - start < 1


def test_of_several_sources_the_fullest_tells_of_the_journal() -> None:
    journal = read(dc("source", "Invented Journal", "Invented Journal, 2019, 5 (2), pp.10-20.")).journal
    assert journal
    assert (journal.title, journal.pages) == ("Invented Journal", "10-20")


@pytest.mark.parametrize(
    ("elements", "key"),
    [
        (dc("source", "Invented Journal, 2019, 5 (2), pp.10-20. ⟨10.5555/HAL.1⟩"), "doi:10.5555/hal.1"),
        (dc("identifier", "https://doi.org/10.5555/A.1"), "doi:10.5555/a.1"),
        (dc("identifier", "Invented J 2010;70:1. doi:10.5555/b.2."), "doi:10.5555/b.2"),
        (dc("relation", "info:eu-repo/semantics/altIdentifier/doi/10.5555/c.3"), "doi:10.5555/c.3"),
        (dc("relation", "info:eu-repo/semantics/altIdentifier/pmid/123456"), "pmid:123456"),
        (dc("identifier", "https://pubmed.ncbi.nlm.nih.gov/123456/"), "pmid:123456"),
        (dc("identifier", "Pubmed ID 123456"), "pmid:123456"),
        (dc("identifier", "info:pmid/123456"), "pmid:123456"),
        (dc("identifier", "PMC123456"), "pmcid:PMC123456"),
        (dc("identifier", "http://arxiv.org/abs/2401.00001v2"), "arxiv:2401.00001"),
        (dc("identifier", "http://hdl.handle.net/10665/77"), "hdl:10665/77"),
    ],
)
def test_identifiers(elements: str, key: str) -> None:
    keys = list(read(elements).identifiers.keys())
    assert key in keys
    assert "oai:a.example.org:1" in keys


@pytest.mark.parametrize("relation", ["https://doi.org/10.5555/data", "10.5555/data", "doi:10.5555/data"])
def test_a_relation_is_not_this_paper(relation: str) -> None:
    assert read(dc("relation", relation)).identifiers.doi is None


@pytest.mark.parametrize(
    ("identifier", "relations", "doi"),
    [
        (
            "http://www.scielo.br/x.php?script=sci_arttext&amp;pid=S1234-56782006000200001",
            ["10.5555/Own"],
            "10.5555/own",
        ),
        (
            "http://www.scielo.br/x.php?script=sci_arttext&amp;pid=S1234-56782006000200001",
            ["10.5555/a", "10.5555/b"],
            None,
        ),
        ("https://doi.org/10.5555/own", ["10.5555/a"], "10.5555/own"),
        ("http://www.scielo.br/", ["10.5555/a"], None),
        ("http://repository.example/x?pid=S1234-56782006000200001", ["10.5555/a"], None),
    ],
)
def test_scielo_gives_an_articles_own_doi_as_a_relation(
    identifier: str, relations: list[str], doi: str | None
) -> None:
    assert read(dc("identifier", identifier) + dc("relation", *relations)).identifiers.doi == doi


@pytest.mark.parametrize(
    ("elements", "where"),
    [
        (
            dc("source", "Acta Inventa", "ISSN 1234-5679 (Print)", "Volume 60", "Issue 1"),
            ("Acta Inventa", "60", "1", ""),
        ),
        (
            dc("source", "Volume: 5, Issue: 2 10-20", "1234-5679", "Uydurma Dergi"),
            ("Uydurma Dergi", "5", "2", "10-20"),
        ),
        (dc("source", "10-20", "5", "Invented Journal", "2"), ("Invented Journal", "", "", "10-20")),
        (dc("source", "Invented Journal", "Volume 5", "2020-01"), ("Invented Journal", "5", "", "")),
        (dc("source", "Вестник вымысла. 2019. Т. 5, № 2"), ("Вестник вымысла", "5", "2", "")),
        (
            dc("relation", "volume:5", "issue:2", "firstpage:10", "lastpage:20", "journal:INVENTA"),
            ("INVENTA", "5", "2", "10-20"),
        ),
        (dc("relation", "Inventa, 1234-5679, 2024, 5:2, s. 10-20"), ("Inventa", "5", "2", "10-20")),
        (dc("relation", "Cell, Inventa, 1234-5679, 2345-6789, 2024, 5"), ("Cell, Inventa", "5", "", "")),
        # Of a series a relation tells nothing of the kind.
        (dc("relation", "Invented Series, 1234-5679 ; 12", "volume: see below"), None),
    ],
)
def test_a_journal_may_be_told_part_by_part(elements: str, where: tuple[str, ...] | None) -> None:
    journal = read(elements).journal
    assert (journal and (journal.title, journal.volume, journal.issue, journal.pages)) == where


def test_what_no_type_calls_a_paper_is_data_in_a_repository_of_data() -> None:
    doi = dc("identifier", "https://doi.org/10.7910/dvn/invent")
    with pytest.raises(RecordRejected, match="not-a-paper"):
        read(doi, dc("type", "survey"))
    assert read(doi, dc("type", "article"))
    assert read(dc("identifier", "https://doi.org/10.5555/invented"), dc("type", "survey"))


def test_a_family_name_is_told_where_it_shows_that_it_comes_first() -> None:
    names = "Небылова Анна Ивановна", "山田 太郎", "Lind A.B.", "Ada Lind"
    assert [author.family for author in read(dc("creator", *names)).authors] == [
        *("Небылова", "山田", "Lind", "")
    ]


def test_creators_named_once_in_each_script_are_read_in_one() -> None:
    both = (
        '<dc:creator xml:lang="ja">架空, 花子</dc:creator>'  # wide letters
        '<dc:creator xml:lang="en">Kakuu, Hanako</dc:creator>'
    )
    assert [author.name for author in read(both).authors] == ["Hanako Kakuu"]
    one_more = both + '<dc:creator xml:lang="en">Doe, Ada</dc:creator>'
    assert len(read(one_more).authors) == 3
    assert len(read(both + dc("creator", "Doe, Ada")).authors) == 3


def test_creators_in_one_script_are_several_whatever_languages_they_have() -> None:
    both = '<dc:creator xml:lang="fr">Doe, Ada</dc:creator><dc:creator xml:lang="de">Roe, Bob</dc:creator>'
    assert [author.name for author in read(both).authors] == ["Ada Doe", "Bob Roe"]


def test_what_says_no_kind_is_taken_for_an_article() -> None:
    assert [read(dc("type", *types)).kind for types in ((), ("text",))] == [VersionKind.ARTICLE] * 2


def test_what_is_no_paper() -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        read(dc("type", "Dissertação de Mestrado"))


@pytest.mark.parametrize(
    "title", ["Retraction: invented", "Erratum", "Correction to: invented", "Retraction notice"]
)
def test_a_notice_is_no_paper(title: str) -> None:
    with pytest.raises(RecordRejected, match="not-a-paper"):
        oai.to_version(record(DC.format(dc("title", title))))


def test_correcting_vision_is_no_correction() -> None:
    assert oai.to_version(record(DC.format(dc("title", "Correction of anaemia in invented cancer")))).title


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (("2019-08-02T11:22:33Z", "2014-11"), "2014-11"),
        (("2019-08-02T11:22:33Z",), "2019-08-02"),
        (("2020", "2020-05-06"), "2020-05-06"),
        (("info:eu-repo/date/embargoEnd/2018-01-01", "2019"), "2019"),
        (("20190806",), "2019-08-06"),
        (("20082019",), None),
        (("20190800",), "2019-08"),
        (("20191306",), "2019"),
        (("12345678",), None),
        (("soon",), None),
    ],
)
def test_dates(dates: tuple[str, ...], day: str | None) -> None:
    assert read(dc("date", *dates)).published == day


@pytest.mark.parametrize(
    ("rights", "code", "open_access"),
    [
        (("https://creativecommons.org/licenses/by/4.0/",), "cc-by", True),
        (("info:eu-repo/semantics/openAccess",), None, True),
        (("info:eu-repo/semantics/closedAccess",), None, False),
        (("http://purl.org/coar/access_right/c_abf2", "All rights reserved"), "other", True),
        (("Acceso abierto",), None, True),
        (("Acesso Aberto", "https://creativecommons.org/licenses/by/4.0/"), "cc-by", True),
        (("CC BY 4.0", "For non-commercial use only"), "cc-by-nc", True),
        (("info:eu-repo/semantics/closedAccess", "CC BY 4.0"), None, False),
        (("http://purl.org/coar/access_right/c_14cb", "CC0 1.0"), None, False),
        (("restrictedAccess", "CC BY 4.0"), None, False),
        (
            ("info:eu-repo/semantics/openAccess", "info:eu-repo/semantics/closedAccess", "CC BY 4.0"),
            None,
            False,
        ),
        (("info:eu-repo/semantics/openAccess", "Open Access"), None, True),
        (("info:eu-repo/semantics/openAccess", "Data: info:eu-repo/semantics/restrictedAccess"), None, True),
        (("Metadata: info:eu-repo/semantics/openAccess", "info:eu-repo/semantics/closedAccess"), None, False),
        (("info:eu-repo/semantics/embargoedAccess", "CC BY 4.0"), None, False),
        ((), None, None),
    ],
)
def test_rights(rights: tuple[str, ...], code: str | None, *, open_access: bool | None) -> None:
    version = read(dc("rights", *rights))
    assert (version.licence and version.licence.code, version.open_access) == (code, open_access)


@pytest.mark.parametrize(
    ("end", "code", "open_access"),
    [
        ("2019-01-01", "cc-by", True),
        ("2019", "cc-by", True),
        ("2999-01-01", None, False),
        ("soon", None, False),
    ],
)
def test_a_licence_holds_when_the_embargo_is_over(
    end: str, code: str | None, *, open_access: bool | None
) -> None:
    rights = dc("rights", "info:eu-repo/semantics/embargoedAccess", "CC BY 4.0")
    version = read(rights + dc("date", f"info:eu-repo/date/embargoEnd/{end}"))
    assert (version.licence and version.licence.code, version.open_access) == (code, open_access)


@pytest.mark.parametrize(("end", "open_access"), [("2019-01-01", True), ("2999-01-01", False)])
def test_what_is_called_open_too_is_so_when_the_embargo_is_over(end: str, *, open_access: bool) -> None:
    rights = dc("rights", "info:eu-repo/semantics/embargoedAccess", "info:eu-repo/semantics/openAccess")
    assert read(rights + dc("date", f"info:eu-repo/date/embargoEnd/{end}")).open_access is open_access


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("type", "info:eu-repo/semantics/acceptedVersion", None),
        ("type", "info:eu-repo/semantics/submittedVersion", None),
        ("type", "info:eu-repo/semantics/draft", None),
        ("version", "http://purl.org/coar/version/c_ab4af688f83e57aa", None),
        ("rights", "Accepted Version", None),
        ("format", "Author accepted manuscript", None),
        ("type", "Postprint", None),
        ("type", "info:eu-repo/semantics/publishedVersion", "cc-by"),
        ("version", "http://purl.org/coar/version/c_970fb48d4fbd8a85", "cc-by"),
        ("type", "info:eu-repo/semantics/article", "cc-by"),
    ],
)
def test_a_manuscript_has_not_the_licence_of_the_article(name: str, said: str, code: str | None) -> None:
    rights = dc("rights", "https://creativecommons.org/licenses/by/4.0/")
    values = dc("title", "Invented mice") + dc("identifier", "https://doi.org/10.5555/x") + rights
    version = oai.to_version(record(DC.format(values + dc(name, said))))
    assert (version.licence.code if version.licence else None, version.open_access) == (
        (code, True) if code else (None, None)
    )


@pytest.mark.parametrize("doi", ["", "https://doi.org/10.5555/x"])
def test_a_preprint_under_no_articles_name_keeps_its_licence(doi: str) -> None:
    values = dc("title", "Invented mice") + dc("type", "Preprint", "info:eu-repo/semantics/submittedVersion")
    values += dc("rights", "https://creativecommons.org/licenses/by/4.0/") + (
        dc("identifier", doi) if doi else ""
    )
    version = oai.to_version(record(DC.format(values)))
    assert version.kind is VersionKind.PREPRINT
    assert (version.licence is None) == bool(doi)


@pytest.mark.parametrize(
    "title",
    ["Retracted articles: what happens to invented citations?", "Retraction of the nipple in invented mice"],
)
def test_papers_on_retractions_stay_papers(title: str) -> None:
    version = oai.to_version(record(DC.format(dc("title", title))))
    assert (version.title, version.notices) == (title, ())


def test_a_retracted_title_is_a_notice() -> None:
    version = oai.to_version(record(DC.format(dc("title", "RETRACTED ARTICLE: invented mice"))))
    assert (version.title, version.notices[0].kind) == ("invented mice", NoticeKind.RETRACTED)


def test_jats_in_a_repository_is_read_as_an_article() -> None:
    version = oai.to_version(record(JATS.format(number=5)))
    assert list(version.identifiers.keys()) == ["doi:10.5555/pmc.5", "pmcid:PMC5", "oai:a.example.org:1"]


@pytest.mark.parametrize("metadata", ["", "<marc/>", "<dc/>", "<dc><title/></dc>", "<article/>"])
def test_what_cannot_be_read_is_rejected(metadata: str) -> None:
    with pytest.raises(RecordRejected):
        oai.to_version(record(metadata))


def test_what_arxiv_holds_is_a_preprint_whatever_followed() -> None:
    elements = "<dc:title>Invented</dc:title>" + dc("type", "text")
    elements += dc("identifier", "http://arxiv.org/abs/2101.00001", "Invented J. 5 (2021) 7")
    elements += dc("identifier", "doi:10.5555/followed")
    version = oai.to_version(record(DC.format(elements), "oai:arXiv.org:2101.00001"))
    assert (version.kind, version.identifiers.doi) == (VersionKind.PREPRINT, "10.48550/arxiv.2101.00001")
    assert [link.key for link in version.links] == ["doi:10.5555/followed"]
    assert version.journal
    assert version.journal.title == "arXiv"


def test_arxiv_names_groups_among_people() -> None:
    def author(family: str, given: str = "") -> str:
        return f"<author><keyname>{family}</keyname><forenames>{given}</forenames></author>"

    people = author("Collaborations", "INVENTED") + author(":") + author("Other", "Ada")
    people += author("Collaboration", "Bo Person for the INVENTED")
    metadata = (
        '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2101.00001</id><title>Invented</title>'
        f"<authors>{people}</authors></arXiv>"
    )
    version = arxiv.to_version(record(metadata, "oai:arXiv.org:2101.00001"))
    assert [(author.name, author.family) for author in version.authors] == [
        ("INVENTED Collaborations", ""),
        ("Ada Other", "Other"),
        ("Bo Person", "Person"),
        ("INVENTED Collaboration", ""),
    ]


def arxiv_notices(**elements: str) -> list[NoticeKind]:
    held = "".join(f"<{name}>{text}</{name}>" for name, text in elements.items())
    metadata = (
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2101.00001</id><title>Invented</title>{held}</arXiv>'
    )
    return [notice.kind for notice in arxiv.to_version(record(metadata, "oai:arXiv.org:2101.00001")).notices]


@pytest.mark.parametrize(
    "comments",
    [
        "This paper has been withdrawn by the author because of an invented error",
        "This paper (arXiv:2101.00001) is being withdrawn",
        "Withdrawn: nothing was real",
        "Paper withdrawn",
        "12 pages, withdrawn by the authors",
        "The authors have withdrawn this paper",
        "We withdraw this submission",
        "v2: withdrawn",
        "This paper has been withdrawn from the arXiv",
        "This paper contains an invented error and has been withdrawn",
        "This paper, submitted elsewhere, has been voluntarily withdrawn",
        "This paper withdrawn by the author",
        "arXiv admin note: submission has been withdrawn by arXiv administrators",
    ],
)
def test_arxiv_says_in_comments_that_a_paper_was_withdrawn(comments: str) -> None:
    assert arxiv_notices(comments=comments) == [NoticeKind.WITHDRAWN]
    assert arxiv_notices(abstract=comments) == [NoticeKind.WITHDRAWN]


@pytest.mark.parametrize(
    "words",
    [
        "This paper supersedes arXiv:2001.00001, which was withdrawn",
        "Replaces an earlier article arXiv:2001.00001 that has been withdrawn by the authors",
        "This paper was withdrawn from an invented conference and sent to another",
        "An earlier version of this paper has been withdrawn",
        "Withdrawn drugs: an invented network",
        "This paper contains data on a drug that was sold and was withdrawn",
        "In this work we study a drug that was withdrawn from the market",
        "This paper models the growth of tumours once treatment is withdrawn",
    ],
)
def test_what_papers_say_of_other_withdrawals_is_none_of_theirs(words: str) -> None:
    assert not arxiv_notices(comments=words)
    assert not arxiv_notices(abstract=words)


def test_the_recorded_arxiv_record(shared_data: Path) -> None:
    with (shared_data / "oai-pmh" / "fatcat" / "arxivraw_1810.09584.xml").open("rb") as stream:
        [one] = arxiv.parse_records(stream, NOW)
    version: Any = arxiv.to_version(one)
    assert version.published == "2018-10-22"
    assert [author.name for author in version.authors] == [
        "Raphael Chetrite",
        "Shamik Gupta",
        "Izaak Neri",
        "Édgar Roldán",
    ]
    assert version.links[0].key == "doi:10.1209/0295-5075/124/60006"
    assert "$k_{\\rm B}T$" in version.abstracts[0].text


NOTICE = (
    '<article article-type="{kind}" xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta>'
    '<article-id pub-id-type="doi">10.5555/notice</article-id><title-group>'
    "<article-title>Retraction: two invented papers</article-title></title-group>"
    '<related-article related-article-type="retracted-article" ext-link-type="doi" xlink:href="10.5555/a"/>'
    '<related-article related-article-type="retracted-article" ext-link-type="doi" xlink:href="10.5555/b"/>'
    "</article-meta></front></article>"
)


def test_a_notice_about_several_articles_tells_of_each_and_lends_none_its_own_id() -> None:
    kept = record(NOTICE.format(kind="retraction"))
    told = list(spread(kept))
    assert [one.native_id for one in told] == ["oai:a.example.org:1", "oai:a.example.org:1#doi:10.5555/b"]
    for module in (oai, pmc):
        versions = [module.to_version(one) for one in told]
        assert [tuple(one.identifiers.keys()) for one in versions] == [("doi:10.5555/a",), ("doi:10.5555/b",)]
        assert all(one.companion and one.notices[0].kind is NoticeKind.RETRACTED for one in versions)
        assert {one.notices[0].identifier for one in versions} == {"doi:10.5555/notice"}


@pytest.mark.parametrize("metadata", [NOTICE.format(kind="research-article"), "<a related-article-type=''/>"])
def test_what_is_no_notice_about_several_is_one_record(metadata: str) -> None:
    kept = record(metadata.replace("Retraction: two", "Two"))
    assert list(spread(kept)) == [kept]


def test_a_saved_answer_gives_a_record_for_each_article_that_a_notice_is_about() -> None:
    saved = b"<ListRecords>" + record(NOTICE.format(kind="retraction")).payload + b"</ListRecords>"
    found = [one.native_id for one in pmc.parse_records(BytesIO(saved), NOW)]
    assert found == ["oai:a.example.org:1", "oai:a.example.org:1#doi:10.5555/b"]


def test_the_english_title_is_shown_and_the_papers_own_kept() -> None:
    titles = (
        '<dc:title xml:lang="es-ES">Supervivencia inventada</dc:title>'
        '<dc:title xml:lang="en-US">An invented survival</dc:title>'
    )
    version = read(titles, dc("language", "spa; eng"))
    assert (version.title, version.original_title) == ("An invented survival", "Supervivencia inventada")
    assert (version.language, version.other_languages) == ("es", ("en",))


def test_projects_that_paid_are_named_in_relations() -> None:
    relations = dc(
        "relation",
        "info:eu-repo/grantAgreement/EC/H2020/777777/",
        "info:eu-repo/grantAgreement/FCT/5876/UID%2FBIM%2F04773%2F2013/PT",
        "https://repository.example.org/7",
    )
    grants = read(dc("title", "Invented cancer"), relations).grants
    assert [(g.funder, g.award) for g in grants] == [
        ("European Commission", "777777"),
        ("FCT", "UID/BIM/04773/2013"),
    ]


def test_eprints_gives_the_papers_address_as_its_one_relation_elsewhere() -> None:
    record = (dc("title", "Invented cancer"), dc("rights", "cc_by_4"))
    official = dc("relation", "https://doi.org/10.5555/OFF.1", "10.5555/off.1")
    version = read(*record, dc("type", "Article", "PeerReviewed"), official)
    assert (version.identifiers.doi, version.licence) == ("10.5555/off.1", None)
    assert read(*record, dc("type", "Article"), official).identifiers.doi is None
    several = dc("relation", "https://doi.org/10.5555/off.1", "https://doi.org/10.5555/off.2")
    assert read(*record, dc("type", "Article", "PeerReviewed"), several).identifiers.doi is None


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Of 300 cells 95\% died", "Of 300 cells 95% died"),
        (r"$\beta$-mammograms of \emph{invented} women", "β-mammograms of invented women"),
        (r"$n=300$, $p \leq 10^{-3}$", "n=300, p ≤ 10⁻³"),
        (r"at $37^\circ$C", "at 37°C"),
        (r"the loss $\mathcal{L}_1$", r"the loss $\mathcal{L}_1$"),
        ("a price of $5 a test", "a price of $5 a test"),
        ("from $5 billion to $10 billion", "from $5 billion to $10 billion"),
        ("$100 per patient, $200 with care", "$100 per patient, $200 with care"),
        (r"\$5 or US\$10, $n=3$", "$5 or US$10, n=3"),
        ("US$5 or US$10", "US$5 or US$10"),
        (r"costs of $5 where $p<0.05$", "costs of $5 where p<0.05"),
        (r"$\alpha$1 and $ \beta $", "α1 and  β".replace("  ", " ")),
        (r"J\'er\^ome M\"uller", "Jérôme Müller"),
    ],
)
def test_tex_is_shown_as_letters_where_letters_can(tex: str, text: str) -> None:
    assert plain(tex) == text


@pytest.mark.parametrize("prefix", ["o:", "oai-pmh:", "ns12:", ""])
def test_a_saved_answer_may_call_its_name_space_what_it_likes(prefix: str) -> None:
    space = f"xmlns{':' if prefix else ''}{prefix.rstrip(':')}"
    metadata = DC.format(dc("title", "Invented cancer"))
    one = (
        "<{0}record><{0}header><{0}identifier>oai:a.example.org:{1}</{0}identifier>"
        "<{0}datestamp>2024-01-01</{0}datestamp></{0}header><{0}metadata>{2}</{0}metadata></{0}record>"
    )
    records = "".join(one.format(prefix, number, metadata) for number in (1, 2))
    answer = (
        f'<{prefix}OAI-PMH {space}="http://www.openarchives.org/OAI/2.0/"><{prefix}ListRecords>{records}'
        f"</{prefix}ListRecords></{prefix}OAI-PMH>"
    )
    found = list(oai.parse_records(BytesIO(answer.encode()), NOW))
    assert [one.native_id for one in found] == ["oai:a.example.org:1", "oai:a.example.org:2"]
    assert [oai.to_version(one).title for one in found] == ["Invented cancer"] * 2


def test_a_description_in_english_is_a_translation_where_the_paper_is_in_another_language() -> None:
    own = "De 120 mujeres inventadas, la mitad llegó tarde al hospital de una ciudad que no existe."
    english = "Of 120 invented women, half of them came late to the hospital of a town that was never there."
    elements = (dc("title", "Cáncer inventado"), dc("description", english, own))
    version = read(*elements, dc("language", "es"))
    assert [(a.kind, a.language, a.text) for a in version.abstracts] == [
        (AbstractKind.MAIN, "es", own),
        (AbstractKind.TRANSLATED, "en", english),
    ]
    notes = dc("description", "Includes bibliographical references (pages 30 to 35) and an index of names.")
    assert read(dc("title", "Cáncer inventado"), notes).abstracts == ()


def test_only_an_articles_official_address_names_it() -> None:
    def doi(kind: str, given: str) -> str | None:
        elements = dc("title", "Invented cancer") + dc("type", kind, "PeerReviewed")
        return read(elements, dc("relation", given)).identifiers.doi

    assert doi("Article", "10.5555/off.1") == "10.5555/off.1"
    for article in (
        "10.1101/gr.123456.119",
        "10.11922/csdata.180.2016.0110",
    ):  # beside deposits of its prefix
        assert doi("Article", article) == article
    assert doi("Conference or Workshop Item", "10.5555/off.1") is None
    deposits = ("10.5061/dryad.1", "10.5281/zenodo.1", "10.11922/sciencedb.00345", "10.24433/CO.1234567.v1")
    for elsewhere in (*deposits, "10.1101/2020.01.01.123456", "10.48550/arxiv.1"):
        assert doi("Article", elsewhere) is None


def test_a_programme_of_grants_may_have_spaces() -> None:
    given = "info:eu-repo/grantAgreement/FCT/6817 - DCRRNI ID/UIDB%2F50027%2F2020/PT"
    (grant,) = read(dc("title", "Invented cancer"), dc("relation", given)).grants
    assert (grant.funder, grant.award) == ("FCT", "UIDB/50027/2020")
