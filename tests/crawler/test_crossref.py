"""Crossref: what is asked, how works are read, and what they say of each other."""

import base64
import gzip
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.fetching.page import Asked, RequestRefused
from crawler.sources import crossref
from crawler.sources._crossref_licence import licence
from domain.errors import ConfigError, FindingsError, RecordRejected, SourceChanged
from domain.paper import AbstractKind, Link, LinkKind, NoticeKind, TrialRole, Version, VersionKind
from tests.crawler.damage import damaged
from tests.crawler.replay_crossref import work

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EXAMPLE = Path(__file__).parents[1] / "examples" / "crossref.json"
BASE = "https://api.crossref.org/v1"


def asked(**values: Any) -> Asked:
    given = {
        "source": "crossref",
        "base_url": BASE,
        "query": crossref.window("cancer", None, None),
        "size": 2,
    }
    return Asked(**{**given, **values})


def parameters(url: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def readings(*works: dict[str, Any]) -> dict[str, Version | str]:
    """Native id → what is read there, or why nothing is."""
    found: dict[str, Version | str] = {}
    for record in crossref.parse_records(io.BytesIO(json.dumps(list(works)).encode()), NOW):
        try:
            found[record.native_id] = crossref.to_version(record)
        except RecordRejected as rejected:
            found[record.native_id] = f"{rejected.reason}: {rejected.detail}"
    return found


def read(**fields: Any) -> Version:
    version = next(iter(readings(work(1, **fields)).values()))
    assert isinstance(version, Version), version
    return version


@pytest.mark.parametrize(
    ("source", "year", "fell"),
    [("publisher", 2021, False), ("retraction-watch", 2021, True), ("publisher", 2019, True)],
)
def test_a_reinstatement_takes_back_an_earlier_retraction_of_its_own_source(
    source: str, year: int, fell: bool
) -> None:
    def update(kind: str, source: str, year: int) -> dict[str, Any]:
        return {"DOI": f"10.5555/{kind}", "type": kind, "source": source, "updated": {"date-parts": [[year]]}}

    updates = [update("reinstatement", source, year), update("retraction", "publisher", 2020)]
    assert bool(read(**{"updated-by": updates}).notices) is fell


@pytest.mark.parametrize(
    ("page", "printed"),
    [
        ("993-993", "993"),
        ("e12-e12", "e12"),
        ("1-10", "1-10"),
        ("n/a-n/a", "105"),
        ("no-no", "105"),
        ("&NA;", "105"),
        ("NP-NP", "105"),
        ("ahead-of-print", "105"),
        ("xii-xiv", "xii-xiv"),
        ("１２-１５", "１２-１５"),
        ("NP1-NP12", "NP1-NP12"),
        ("12–12", "12"),
        ("no-1", "no-1"),
    ],
)
def test_one_page_is_not_printed_twice_nor_what_is_none(page: str, printed: str) -> None:
    journal = read(page=page, **{"article-number": "105", "container-title": ["Invented"]}).journal
    assert journal
    assert journal.pages == printed


def answer(items: list[dict[str, Any]], **message: Any) -> bytes:
    held = {"items": items, **message}
    return json.dumps({"status": "ok", "message-type": "work-list", "message": held}).encode()


def day(*parts: int) -> dict[str, Any]:
    return {"date-parts": [list(parts)]}


def update(doi: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"DOI": doi, "type": kind, "label": kind, "updated": day(2024, 2, 3), **fields}


def test_words_are_searched_where_a_citation_has_them() -> None:
    url = crossref.page_url(asked(contact="mailto:node@findings.example", size=5000))
    assert url.startswith(f"{BASE}/works?")
    assert parameters(url) == {
        "query.bibliographic": "cancer",
        "rows": "1000",
        "cursor": "*",
        "mailto": "node@findings.example",
    }


def test_a_web_address_is_no_mail_address() -> None:
    assert "mailto" not in parameters(crossref.page_url(asked(contact="https://findings.example")))


def test_a_window_is_of_indexing_and_keeps_other_filters() -> None:
    query = crossref.window("filter=type:journal-article&query.title=glioma", "2024-01-02", "2024-01-31")
    given = parameters(crossref.page_url(asked(query=query)))
    dates = "from-index-date:2024-01-02,until-index-date:2024-01-31"
    assert given["filter"] == f"type:journal-article,{dates}"
    assert given["query.title"] == "glioma"
    with pytest.raises(ConfigError, match="--since"):
        crossref.window("cancer", "yesterday", None)


def test_the_servers_cursor_is_sent_back_unharmed() -> None:
    page = crossref.parse_page(
        answer([work(1), work(2)], **{"total-results": 9, "next-cursor": "AoJ/+=& x"}), NOW, asked()
    )
    given = parameters(crossref.page_url(asked(cursor=page.next_cursor)))
    assert given["cursor"] == "AoJ/+=& x"
    assert page.total == 9


def test_a_title_has_its_subtitle_and_no_markup() -> None:
    given = read(title=["An <i>invented</i> title"], subtitle=["&lt;b&gt;Part&lt;/b&gt; two."])
    assert given.title == "An invented title: Part two."
    assert read(title=["A title: Part two"], subtitle=["Part two"]).title == "A title: Part two"


def test_tex_between_two_dollar_signs_is_shown_as_letters() -> None:
    found = read(title=["Dose of $$^{177}$$Lu"], abstract="<p>Of $$\\beta$$-cells none was real.</p>")
    assert found.title == "Dose of ¹⁷⁷Lu"
    main = found.abstract()
    assert main is not None
    assert main.text == "Of β-cells none was real."


def test_a_simple_summary_is_in_plain_language() -> None:
    parts = (("Simple Summary", "Plain."), ("Abstract", "Main."))
    given = "".join(f"<jats:title>{label}</jats:title><jats:p>{words}</jats:p>" for label, words in parts)
    found = read(abstract=given)
    assert {one.kind: one.text for one in found.abstracts} == {
        AbstractKind.MAIN: "Main.",
        AbstractKind.PLAIN: "Plain.",
    }


def test_an_abstract_has_its_sections_and_powers() -> None:
    given = read(
        abstract="<jats:title>ABSTRACT</jats:title><jats:p>BACKGROUND: None. METHODS: 10"
        "<jats:sup>4</jats:sup> invented cells.</jats:p>"
    )
    main = given.abstract()
    assert main is not None
    assert [(s.label, s.text) for s in main.sections] == [
        ("BACKGROUND", "None."),
        ("METHODS", "10⁴ invented cells."),
    ]


def test_the_language_of_an_abstract_is_not_guessed_wrong() -> None:
    english = read(abstract="<jats:p>The aim of this was to test the reader of an abstract.</jats:p>")
    other = read(abstract="<jats:p>O objetivo deste resumo inventado foi testar um leitor.</jats:p>")
    stated = read(language="pt", abstract="<jats:p>The aim of the test.</jats:p>")
    assert [v.abstracts[0].language for v in (english, other, stated)] == ["en", "und", "pt"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"published-online": day(2024, 3, 6), "published-print": day(2024, 5)}, "2024-03-06"),
        ({"published-print": day(2015), "issued": day(2015, 1, 9)}, "2015-01-09"),
        ({"issued": {"date-parts": [[None]]}}, None),
        ({"issued": {"date-parts": []}}, None),
        ({"issued": day(2015, 13, 40)}, "2015"),
        ({"issued": "2015"}, None),
    ],
)
def test_dates_are_as_precise_as_given(given: dict[str, Any], expected: str | None) -> None:
    assert read(**{"issued": None, **given}).published == expected


def test_authors_stand_in_the_order_of_the_byline() -> None:
    given = read(
        author=[
            {"name": "Invented Group", "sequence": "additional"},
            {"family": "Last", "given": "Zoe", "sequence": "additional", "suffix": "III"},
            {"family": "First", "given": "Ann", "sequence": "first", "affiliation": [{"name": "Lagos"}]},
            {"sequence": "additional"},
            "not an author",
        ]
    )
    assert [(a.name, a.family) for a in given.authors] == [
        ("Ann First", "First"),
        ("Invented Group", ""),
        ("Zoe Last III", "Last"),
    ]
    assert given.authors[0].affiliations[0].text == "Lagos"


CC_BY = "https://creativecommons.org/licenses/by/4.0/"
CC_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
TDM = "https://www.elsevier.com/tdm/userlicense/1.0/"
TERMS = "http://onlinelibrary.wiley.com/termsAndConditions#vor"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([("tdm", TDM, 2020)], None),
        ([("tdm", CC_BY, 2020)], None),
        ([("vor", "http://www.springer.com/tdm", 2020)], None),
        ([("stm-asf", "https://doi.org/10.15223/policy-017", 2020)], None),
        ([("am", CC_BY, 2020), ("vor", TERMS, 2019)], "other"),
        ([("tdm", TDM, 2020), ("vor", CC_BY, 2020)], "cc-by"),
        ([("vor", CC_BY, 2099)], None),
        ([("vor", TERMS, 2020), ("vor", CC_BY, 2099)], "other"),
        ([("vor", TERMS, 2020), ("unspecified", CC_BY, 2020)], "cc-by"),
        ([("vor", CC_BY, 2020), ("vor", CC_NC, 2022)], "cc-by-nc"),
        ([("vor", CC_NC, 2022), ("unspecified", CC_BY, 2023)], "cc-by-nc"),
        ([("vor", CC_BY, 2020), ("vor", CC_NC, 2020)], "cc-by-nc"),
        ([("", CC_BY, None)], "cc-by"),
        ([("vor", "", 2020)], None),
    ],
)
def test_the_licence_is_that_of_the_text_and_in_force(
    given: list[tuple[str, str, int | None]], code: str | None
) -> None:
    deposited = [
        {"content-version": version, "URL": url, **({"start": day(year)} if year else {})}
        for version, url, year in given
    ]
    for order in (deposited, deposited[::-1]):
        found = licence({"license": order}, date(2026, 1, 1))
        assert (found.code if found else None) == code


def test_only_a_recognised_licence_makes_a_work_open_access() -> None:
    assert read(license=[{"content-version": "vor", "URL": CC_BY}]).open_access is True
    assert read(license=[{"content-version": "vor", "URL": TERMS}]).open_access is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("retraction", NoticeKind.RETRACTED),
        ("withdrawal", NoticeKind.WITHDRAWN),
        ("removal", NoticeKind.WITHDRAWN),
        ("expression_of_concern", NoticeKind.CONCERN),
        ("Expression of Concern", NoticeKind.CONCERN),
        ("correction", NoticeKind.CORRECTED),
        ("corrigendum", NoticeKind.CORRECTED),
        ("erratum", NoticeKind.CORRECTED),
        ("partial_retraction", NoticeKind.CORRECTED),
        ("addendum", None),
        ("clarification", None),
        ("new_version", None),
        ("something else", None),
    ],
)
def test_each_kind_of_update_is_told_apart(kind: str, expected: NoticeKind | None) -> None:
    kinds = {notice.kind for notice in read(**{"updated-by": [update("10.5555/n", kind)]}).notices}
    assert kinds == ({expected} if expected else set())
    notice = work(2, title=["Short notice"], **{"update-to": [update("10.5555/target", kind)]})
    told = readings(notice).get("10.5555/invented.2#10.5555/target")
    assert (told.notices[0].kind if isinstance(told, Version) else None) == expected


def test_a_notice_is_no_paper_and_tells_of_each_that_it_names() -> None:
    found = readings(
        work(
            1,
            title=["Retraction: An invented paper on cancer"],
            **{
                "update-to": [
                    update("https://doi.org/10.5555/A", "retraction", source="publisher"),
                    update("10.5555/a", "retraction", source="retraction-watch"),
                    update("10.5555/b", "correction"),
                    update("no doi", "retraction"),
                    "nonsense",
                ]
            },
        )
    )
    assert found.pop("10.5555/invented.1") == "not-a-paper: a notice about another paper"
    assert set(found) == {"10.5555/invented.1#10.5555/a", "10.5555/invented.1#10.5555/b"}
    told = found["10.5555/invented.1#10.5555/a"]
    assert isinstance(told, Version)
    assert (told.companion, told.title, told.identifiers.doi) == (True, "", "10.5555/a")
    assert [(n.kind, n.identifier, n.date) for n in told.notices] == 2 * [
        (NoticeKind.RETRACTED, "doi:10.5555/invented.1", "2024-02-03")
    ]
    assert "Retraction Watch" in told.notices[1].text


def test_a_paper_that_is_changed_in_its_own_place_stays_one() -> None:
    given = read(**{"update-to": [update("10.5555/INVENTED.1", "retraction")]})
    assert [(n.kind, n.identifier) for n in given.notices] == [(NoticeKind.RETRACTED, None)]


def test_a_new_version_is_a_version_of_the_same_work() -> None:
    given = read(**{"update-to": [update("10.5555/older", "new_version")]})
    assert (given.notices, [link.key for link in given.links]) == ((), ["doi:10.5555/older"])


@pytest.mark.parametrize(
    "other",
    [
        {"id-type": "doi", "id": "10.5555/PRE"},
        [
            {"id-type": "uri", "id": "https://doi.org/10.5555/pre"},
            {"id-type": "uri", "id": "https://x.org/1"},
        ],
    ],
)
def test_a_preprint_may_be_named_alone_or_by_its_address(other: object) -> None:
    given = read(relation={"has-preprint": other})
    assert given.links == (Link(LinkKind.PREPRINT, "doi:10.5555/pre"),)


def test_a_paper_corrected_and_published_again_is_a_paper() -> None:
    long = "<jats:p>" + "This abstract was invented for a test of the reader. " * 20 + "</jats:p>"
    found = readings(work(1, abstract=long, **{"update-to": [update("10.5555/a", "correction")]}))
    assert isinstance(found["10.5555/invented.1"], Version)
    assert isinstance(found["10.5555/invented.1#10.5555/a"], Version)
    again = readings(work(1, abstract=long, **{"update-to": [update("10.5555/a", "retraction")]}))
    assert isinstance(again["10.5555/invented.1"], str)


def test_an_article_that_stands_for_a_retracted_one_is_a_paper_and_its_notice_is_none() -> None:
    given = {"update-to": [update("10.5555/a", "retraction_and_replacement")]}
    found = readings(work(1, **given))
    assert isinstance(found["10.5555/invented.1"], Version)
    told = found["10.5555/invented.1#10.5555/a"]
    assert isinstance(told, Version)
    assert [notice.kind for notice in told.notices] == [NoticeKind.RETRACTED]
    titled = readings(work(1, title=["Notice of Retraction and Replacement: An invented paper"], **given))
    assert isinstance(titled["10.5555/invented.1"], str)


@pytest.mark.parametrize(("references", "paper"), [(None, True), (30, True), (0, False)])
def test_a_short_article_printed_again_is_told_by_its_references(references: int | None, paper: bool) -> None:
    counted = {} if references is None else {"references-count": references}
    given = work(1, **{"update-to": [update("10.5555/a", "correction")]}, **counted)
    assert isinstance(readings(given)["10.5555/invented.1"], Version) is paper


@pytest.mark.parametrize(
    ("title", "paper"),
    [
        ("Statement of Retraction: An invented paper", False),
        ("An invented paper – CORRIGENDUM", False),
        ("Correction to normal of anaemia in invented patients", True),
        ("Retracted articles: what happens to citations?", True),
        ("Erratum", False),
        ("Corrigendum to “An invented paper”", False),
        ("Publisher Correction: An invented paper", False),
        ("Expression of concern: An invented paper", False),
        ("Correction for Invented et al., An invented paper", False),
        ("Correction of anaemia in invented patients", True),
        ("Retraction of the nipple in invented patients", True),
        ("Correction for multiple testing, revisited", True),
        ("Withdrawal of hormones and invented cancers", True),
        ("Retracted: An invented paper", False),
    ],
)
def test_titles_tell_notices_from_papers(title: str, paper: bool) -> None:
    assert isinstance(readings(work(1, title=[title]))["10.5555/invented.1"], Version) is paper


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: An invented paper", NoticeKind.RETRACTED),
        ("RETRACTED ARTICLE: An invented paper", NoticeKind.RETRACTED),
        ("WITHDRAWN: An invented paper", NoticeKind.WITHDRAWN),
        ("Retracted: An invented paper", NoticeKind.RETRACTED),
        ("RETRACTED papers on cancer", None),
    ],
)
def test_a_title_may_say_that_its_paper_fell(title: str, kind: NoticeKind | None) -> None:
    version = read(title=[title], abstract="<jats:p>" + "This was invented for a test. " * 20 + "</jats:p>")
    assert [notice.kind for notice in version.notices] == ([kind] if kind else [])


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("journal", "not-a-paper: of type journal"),
        ("book-series", "not-a-paper: of type book-series"),
        ("component", "not-a-paper: of type component"),
        ("grant", "not-a-paper: of type grant"),
        ("dissertation", "not-a-paper: of type dissertation"),
        ("peer-review", "not-a-paper: of type peer-review"),
        ("proceedings", "not-a-paper: of type proceedings"),
    ],
)
def test_what_is_no_paper_is_refused_with_its_type(kind: str, reason: str) -> None:
    assert readings(work(1, type=kind)) == {"10.5555/invented.1": reason}


@pytest.mark.parametrize(
    ("fields", "abstract"),
    [
        ({"title": ["Abstract 1234: Invented"], "page": "1234-1234"}, True),
        ({"title": ["Abstract LB-12: Invented"]}, True),
        ({"container-title": ["Abstracts of the Invented Meeting"]}, True),
        ({"container-title": ["Poster Presentations"]}, True),
        ({"issue": "15_suppl", "page": "4068-4068", "abstract": "<p> 4068 </p><p>Background: x</p>"}, True),
        ({"issue": "suppl_5", "page": "v123", "title": ["1234P Invented survival"]}, True),
        ({"page": "S94", "title": ["PNS71 INVENTED DATA SOURCES"]}, True),
        ({"issue": "Supplement 1", "page": "S94", "title": ["Invented survival in a supplement"]}, False),
        ({"issue": "1_suppl", "page": "S70-S76", "title": ["P53 Invented"]}, False),
        ({"container-title": ["Abstract and Applied Analysis"]}, False),
        ({"container-title": ["Abstracts in Invented Sciences"]}, False),
        ({"title": ["Abstract thinking in invented patients"]}, False),
        ({"page": "70-76", "title": ["P53 Invented"]}, False),
        ({"type": "proceedings-article", "event": {"name": "Invented Meeting 2020"}}, False),
    ],
)
def test_only_what_is_certain_is_an_abstract(fields: dict[str, Any], abstract: bool) -> None:
    assert read(**fields).kind is (VersionKind.ABSTRACT if abstract else VersionKind.ARTICLE)


@pytest.mark.parametrize(
    ("title", "paper"),
    [
        ("Issue Information", False),
        ("Issue Information \u2010 TOC", False),
        ("Cover Image, Volume 12, Issue 3", False),
        ("Front Matter", False),
        ("Table of Contents", False),
        ("Contents of metals in invented tumours", True),
        ("Cover issues of invented insurers", True),
        ("Contents Vol. 5", False),
        ("Cover crops and invented cancers", True),
        ("Editorial boards of invented journals", True),
    ],
)
def test_what_nobody_signs_beside_the_papers_of_an_issue_is_none(title: str, paper: bool) -> None:
    refused = next(iter(readings(work(1, title=[title], author=[])).values()))
    assert (refused == "not-a-paper: a part of an issue") is not paper
    assert next(iter(readings(work(1, title=[title])).values())) != "not-a-paper: a part of an issue"


def test_a_title_in_the_works_own_language_is_kept_and_a_repeated_one_is_not() -> None:
    assert read(title=["A trial"], **{"original-title": ["Un essai"]}).original_title == "Un essai"
    assert read(title=["A trial"], **{"original-title": ["A Trial"]}).original_title == ""


@pytest.mark.parametrize(
    "abstract",
    [
        "<jats:p><jats:italic>Aim</jats:italic>. To see.<jats:italic>Methods</jats:italic>. We looked. "
        "<jats:italic>Results</jats:italic>. It was.</jats:p>",
        "<ns4:p><ns4:bold>Aim:</ns4:bold> To see. <ns4:bold>Methods:</ns4:bold> We looked. "
        "<ns4:bold>Results:</ns4:bold> It was.</ns4:p>",
    ],
)
def test_labels_that_are_only_set_apart_are_labels(abstract: str) -> None:
    parts = read(abstract=abstract).abstracts[0].sections
    assert [(part.label, part.text) for part in parts] == [
        ("Aim", "To see."),
        ("Methods", "We looked."),
        ("Results", "It was."),
    ]


def test_a_suffix_is_no_part_of_the_family_name() -> None:
    place = {"name": "Invented Hospital, Lima;"}
    author = read(author=[{"given": "Ivo", "family": "Raimundo, Jr.", "affiliation": [place]}]).authors[0]
    assert (author.name, author.family) == ("Ivo Raimundo Jr.", "Raimundo")
    assert author.affiliations[0].text == "Invented Hospital, Lima"


def test_a_citation_that_crossref_made_is_read_and_a_blog_is_not() -> None:
    assert read(type="article-journal", title="Invented").title == "Invented"
    (refused,) = readings(work(1, type="posted-content", subtype="blog")).values()
    assert refused == "not-a-paper: posted-content of type blog"


def test_a_meeting_is_as_the_work_names_it() -> None:
    event = {"name": "1st Invented Congress", "location": "Quito, Ecuador", "start": day(2019, 5)}
    found = read(type="proceedings-article", event=event).meeting
    assert found is not None
    assert (found.name, found.place, found.date, found.year) == (
        "1st Invented Congress",
        "Quito, Ecuador",
        "2019-05",
        2019,
    )
    assert read(event={"name": ""}).meeting is None


def test_relations_lead_to_the_other_versions() -> None:
    def other(doi: str, kind: str = "doi") -> list[dict[str, str]]:
        return [{"id-type": kind, "id": doi, "asserted-by": "subject"}]

    article = read(relation={"has-preprint": other("10.1101/A"), "is-supplemented-by": other("10.5555/s")})
    preprint = read(
        type="posted-content",
        relation={"is-preprint-of": other("10.5555/b"), "is-version-of": other("10.5555/c"), "cites": []},
    )
    assert [(link.kind, link.key) for link in article.links] == [(LinkKind.PREPRINT, "doi:10.1101/a")]
    assert {(link.kind, link.key) for link in preprint.links} == {
        (LinkKind.ARTICLE, "doi:10.5555/b"),
        (LinkKind.PREPRINT, "doi:10.5555/c"),
    }
    assert preprint.kind is VersionKind.PREPRINT
    assert read(relation={"has-preprint": other("2309.17332v2", "arxiv")}).links[0].key == "arxiv:2309.17332"


def test_trials_have_the_role_that_was_deposited() -> None:
    def number(value: str, registry: str, kind: str = "") -> dict[str, str]:
        given = {"clinical-trial-number": value, "registry": f"10.18810/{registry}"}
        return given | ({"type": kind} if kind else {})

    given = read(
        **{
            "clinical-trial-number": [
                number("nct00000123", "clinical-trials-gov", "postResults"),
                number("isrctn12345678", "isrctn", "preResults"),
                number("no number", "isrctn"),
            ]
        }
    )
    assert [(t.id, t.role) for t in given.trials] == [
        ("NCT00000123", TrialRole.REPORTS),
        ("ISRCTN12345678", TrialRole.MENTIONS),
    ]


def test_a_short_total_or_missing_list_is_no_page() -> None:
    refusal = json.dumps(
        {
            "status": "failed",
            "message-type": "validation-failure",
            "message": [{"type": "parameter-not-allowed", "value": "x", "message": "No such x"}],
        }
    ).encode()
    with pytest.raises(RequestRefused, match="No such x"):
        crossref.parse_page(refusal, NOW, asked())
    for body in (b"[]", b"{}", b'{"message": 1}', b'{"status":"ok","message":{}}', answer([])[:-4]):
        with pytest.raises(SourceChanged):
            crossref.parse_page(body, NOW, asked())


def test_saved_answers_lists_and_lines_hold_the_same_works() -> None:
    works = [work(1), work(2)]
    files = [
        answer(works),
        json.dumps(works).encode(),
        json.dumps({"items": works}).encode(),
        "\n".join(map(json.dumps, works)).encode(),
    ]
    for file in files:
        assert crossref.recognises(file[:600])
        records = list(crossref.parse_records(io.BytesIO(file), NOW))
        assert [record.native_id for record in records] == ["10.5555/invented.1", "10.5555/invented.2"]
        assert json.loads(records[0].payload) == works[0]
        assert records[0].revised == "2015-01-02"
    one = json.dumps({"status": "ok", "message-type": "work", "message": works[0]}).encode()
    assert [r.native_id for r in crossref.parse_records(io.BytesIO(one), NOW)] == ["10.5555/invented.1"]


@settings(max_examples=300, deadline=None)
@given(damaged(EXAMPLE.read_bytes(), [b"[]", b"{}", b"null", b'"', b"1e400", b"\xff", b"[[[["]))
def test_damage_costs_no_more_than_an_error_of_ours(body: bytes) -> None:
    try:
        for record in crossref.parse_records(io.BytesIO(body), NOW):
            crossref.to_version(record)
    except FindingsError:
        pass


@settings(max_examples=200, deadline=None)
@given(
    damaged(EXAMPLE.read_bytes(), [b"[]", b"{}", b"null", b"-1", b'"total-results":9', b'"next-cursor":""']),
    st.none() | st.sampled_from(["cursor=x&seen=5&of=9", "cursor=x&low=2020-01-01&high=2020-02-01&rest=,"]),
)
def test_a_damaged_page_is_whole_or_an_error_of_ours(body: bytes, cursor: str | None) -> None:
    try:
        page = crossref.parse_page(body, NOW, asked(cursor=cursor))
    except (SourceChanged, RequestRefused):
        return
    assert page.next_cursor is None or page.next_cursor != cursor
    assert page.records or page.next_cursor is None or page.step


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.text(max_size=8)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "title",
    "subtitle",
    "abstract",
    "author",
    "container-title",
    "issn-type",
    "ISSN",
    "publisher",
    "page",
    "issue",
    "language",
    "issued",
    "published-online",
    "license",
    "relation",
    "funder",
    "clinical-trial-number",
    "update-to",
    "updated-by",
    "assertion",
    "link",
    "reference",
    "event",
    "institution",
    "type",
    "DOI",
    "indexed",
]
INNER = ["DOI", "type", "URL", "start", "value", "id", "name", "label", "group", "given", "family", "updated"]


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        VALUES
        | st.lists(
            st.dictionaries(
                st.sampled_from(
                    [
                        "DOI",
                        "type",
                        "URL",
                        "start",
                        "value",
                        "id",
                        "name",
                        "label",
                        "group",
                        "given",
                        "family",
                        "updated",
                    ]
                ),
                VALUES,
            )
        ),
        max_size=6,
    )
)
def test_whatever_stands_in_a_field_a_work_is_read_or_refused(fields: dict[str, Any]) -> None:
    body = json.dumps(work(1, **fields)).encode()
    for record in crossref.parse_records(io.BytesIO(body), NOW):
        try:
            crossref.to_version(record)
        except RecordRejected as rejected:
            assert rejected.reason in {"malformed", "no-title", "not-a-paper"}  # noqa: PT017


def test_every_recorded_work_is_read_or_refused_for_a_reason(shared_data: Path) -> None:
    kinds: dict[str, int] = {}
    with (shared_data / "api-crossref" / "crossref_works_extracted.jsonl").open("rb") as file:
        for record in crossref.parse_records(file, NOW):
            try:
                version = crossref.to_version(record)
                kind = "companion" if version.companion else str(version.kind)
            except RecordRejected as rejected:
                kind = rejected.reason
            kinds[kind] = kinds.get(kind, 0) + 1
    assert set(kinds) == {"article", "preprint", "abstract", "companion", "not-a-paper", "no-title"}
    assert kinds["companion"] == 18
    assert kinds["abstract"] == 3
    assert kinds["no-title"] == 6


def bodies(cassette: Path) -> Iterator[bytes]:
    """The answers in a recording."""
    text = cassette.read_text("utf-8")
    for block in re.findall(r"string: !!binary \|\n((?: +[A-Za-z0-9+/=]+\n)+)", text):
        body = base64.b64decode("".join(block.split()))
        yield gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
    for line in re.findall(r"string: '(\{.*?\})'\n", text, re.DOTALL):
        yield re.sub(r"\n *", " ", line).replace("''", "'").encode()


def test_recorded_answers_of_works_are_pages_and_refusals_are_refusals(shared_data: Path) -> None:
    pages = refusals = 0
    for cassette in sorted((shared_data / "api-crossref" / "habanero-cassettes").rglob("*.yaml")):
        for body in bodies(cassette):
            try:
                pages += bool(crossref.parse_page(body, NOW).records)
            except RequestRefused:
                refusals += 1
            except SourceChanged:
                assert b'"message-type":"work' not in body[:60], cassette
    assert pages > 20
    assert refusals > 10


def test_other_saved_forms_are_read(shared_data: Path) -> None:
    folder = shared_data / "api-crossref" / "fatcat"
    for name in (
        "crossref-works.2018-01-21.badsample.json",
        "crossref-works.single.json",
        "crossref_api_works.json",
    ):
        body = (folder / name).read_bytes()
        assert crossref.recognises(body[: 1 << 16]), name
        records = list(crossref.parse_records(io.BytesIO(body), NOW))
        assert records
        assert any(isinstance(crossref.to_version(record), Version) for record in records)


def test_supplements_in_repositories_of_data_are_data() -> None:
    held = [{"id-type": "doi", "id": "10.6084/M9.figshare.7"}, {"id-type": "doi", "id": "10.5555/file.pdf"}]
    version = read(relation={"is-supplemented-by": held})
    assert [(one.repository, one.accession) for one in version.data] == [
        ("figshare", "10.6084/m9.figshare.7")
    ]


def test_a_paper_with_its_retraction_is_no_notice_for_its_mark() -> None:
    short = {"title": ["Retracted: Invented cells"], "abstract": ""}
    assert list(readings(work(1, **short)).values()) == ["not-a-paper: a notice about another paper"]
    fallen = read(**short, **{"updated-by": [update("10.5555/n", "retraction")]})
    assert [notice.kind for notice in fallen.notices] == [NoticeKind.RETRACTED]
