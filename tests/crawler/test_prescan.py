"""No record that is given a cancer type is passed over unread, however its words are written."""

import io
import unicodedata
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config import load_table
from crawler.records.archives import open_members
from crawler.records.importing import import_paths
from crawler.sources import pubmed
from crawler.sources._pubmed_records import may_be_on_cancer as may_be_read
from crawler.telling.enrich import enrich
from crawler.telling.prescan import may_be_on_cancer
from domain.paper import Version
from domain.ports import Catalog

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TABLE = load_table("cancer_types")
WORDS = sorted(
    {
        word.replace("*", "")
        for row in TABLE.values()
        for name in ("words", "other_scripts")
        for word in row.get(name, ())
    }
    | {f"{organ.replace('*', '')} cancer" for row in TABLE.values() for organ in row.get("organs", ())}
    | {f"{organ.replace('*', '')} neoplasia" for row in TABLE.values() for organ in row.get("organs", ())}
    | {
        "tumour of the breast",
        "Krebs der Lunge",
        "malignant disease",
        "carcinosarcoma",
        "nets of the pancreas",
    }
    | {"leucémie aiguë", "tumör", "Żołądka rak", "rak żołądka", "cáncer de mama", "białaczka", "ｃａｎｃｅｒ"}
)


def shouted(text: str) -> str:
    return text.upper()


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def inline(text: str) -> str:
    return f"{escape(text[:2])}<i>{escape(text[2:4])}</i><sub>{escape(text[4:])}</sub>"


def loud_inline(text: str) -> str:
    return inline(text).replace("<i>", "<I>").replace("</i>", "</I>").replace("sub>", "SUB >")


def references(text: str) -> str:
    return "".join(f"&#{ord(c)};" for c in text)


def escaped_twice(text: str) -> str:
    return references(text).replace("&", "&amp;")


def escaped_markup(text: str) -> str:
    return escape(f"{escape(text[:3])}<b>{escape(text[3:])}</b>")


def soft(text: str) -> str:
    return f"{escape(text[:3])}\u00ad{escape(text[3:5])}\u200b{escape(text[5:])}"


def spaced(text: str) -> str:
    return escape(text).replace(" ", "\u00a0\u2009")


def hyphened(text: str) -> str:
    return escape(text).replace(" ", "-\n")


def framed(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def broken_line(text: str) -> str:
    return escape(text).replace(" ", "<br/>")


FORMS = [
    *(escape, shouted, str.title, decomposed, inline, loud_inline, references, escaped_twice),
    *(escaped_markup, soft, spaced, hyphened, framed, broken_line),
]


def citation(
    title: str = "An invented title", abstract: str = "", keyword: str = "", headings: str = ""
) -> bytes:
    return (
        "<PubmedArticle><MedlineCitation><PMID>7</PMID><Article>"
        f"<ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>{abstract}</AbstractText></Abstract></Article>"
        f"<KeywordList><Keyword>{keyword}</Keyword><Keyword>mice</Keyword></KeywordList>"
        f"<MeshHeadingList>{headings}</MeshHeadingList></MedlineCitation></PubmedArticle>"
    ).encode()


def is_on_cancer(payload: bytes) -> bool:
    """By the real reading."""
    (outcome,) = (outcome for _, outcome in pubmed.parse_versions(io.BytesIO(payload), NOW))
    return isinstance(outcome, Version) and bool(enrich(outcome).cancer_types)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_every_word_that_names_a_type_is_seen_in_every_writing(form) -> None:
    told = 0
    for word in WORDS:
        text = form(word)
        for payload in (
            citation(title=text),
            citation(abstract=f"{text} or {text}."),
            citation(keyword=text),
        ):
            if is_on_cancer(payload):
                told += 1
                assert may_be_read(payload), f"{word!r} is passed over as {text!r}"
    assert told > 2 * len(WORDS) / 3, "most of these name a type, else this test shows little"


def test_every_heading_that_names_a_type_is_seen_by_name_and_by_id() -> None:
    for row in TABLE.values():
        pairs = [*row.get("mesh", {}).items(), *(("", name) for name in row.get("mesh_names", ()))]
        for ui, name in pairs:
            for tag in (
                f' UI="{ui}">Renamed',
                f" UI = '{ui}'>x",
                f' UI="">{escape(name)}',
                f">{name.upper()}",
            ):
                payload = citation(
                    headings=f"<MeshHeading><DescriptorName{tag}</DescriptorName></MeshHeading>"
                )
                assert may_be_read(payload) or not is_on_cancer(payload), tag


@pytest.mark.parametrize(
    "payload",
    [
        citation().replace(b"<ArticleTitle>", b"<ArticleTtle>"),
        citation().replace(b"</ArticleTitle>", b""),
        citation().replace(b"</Abstract>", b""),
        b"<PubmedBookArticle/>",
        b"<DeleteCitation><PMID>1</PMID></DeleteCitation>",
        citation(title="A \xff title").replace(b"\xc3\xbf", b"\xff"),
    ],
)
def test_what_is_no_whole_citation_is_read(payload: bytes) -> None:
    assert may_be_read(payload)


def test_what_is_about_something_else_is_not_read() -> None:
    assert not may_be_read(citation("The weather in Bergen: P &lt; 0.05 &amp; more", "Rain – mostly, 3 µm."))
    assert not may_be_read(
        citation(headings='<MeshHeading><DescriptorName UI="D1">Rain</DescriptorName></MeshHeading>')
    )


RAIN = '<MeshHeading><DescriptorName UI="D1">Rain</DescriptorName></MeshHeading>'


def test_headings_of_something_else_outweigh_an_abstract_but_no_acronym_that_it_explains() -> None:
    abstract = "Breast cancer, and breast cancer again."
    assert may_be_read(citation(abstract=abstract))
    assert not may_be_read(citation(abstract=abstract, headings=RAIN))
    assert not may_be_read(citation("Rain (ALL)", abstract, headings=RAIN))
    for explained in (
        "acute lymphoblastic leukaemia (ALL)",
        "acute lymphoblastic <i>leukaemia</i> (<b>ALL</b>)",
    ):
        payload = citation("Rain and ALL", explained, headings=RAIN)
        assert may_be_read(payload)
        assert is_on_cancer(payload)


@pytest.mark.parametrize("hidden", ["<!--{}-->", "<![CDATA[{}]]>", "<?x {}?>"])
def test_text_that_looks_like_headings_is_taken_for_none(hidden: str) -> None:
    headings = hidden.format(f"<MeshHeadingList>{RAIN}</MeshHeadingList>")
    payload = citation(abstract="Breast cancer is breast cancer.").replace(
        b"<MeshHeadingList>", headings.encode()
    )
    payload = payload.replace(b"</MeshHeadingList></M", b"</M")
    assert is_on_cancer(payload)
    assert may_be_read(payload)


@given(
    st.lists(
        st.sampled_from([*WORDS, "rain", "of", "the", "small", "cell", ",", "B", "-", "&lt;", "β"]),
        max_size=8,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_row_of_words_is_passed_over(words: list[str]) -> None:
    text = " ".join(words)
    for payload in (citation(text), citation("ALL", text), citation("ALL (ALL)", f"{text} (ALL)", "", RAIN)):
        assert may_be_read(payload) or not is_on_cancer(payload)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_judged(text: str) -> None:
    assert may_be_on_cancer(text.encode("utf-8", "replace")) in {True, False}


def test_the_vocabulary_is_written_in_plain_letters() -> None:
    words = [w for row in TABLE.values() for name in ("words", "organs") for w in row.get(name, ())]
    assert all(word.isascii() for word in words), "others would be passed over"


def test_nothing_of_the_real_records_is_lost(shared_data: Path) -> None:
    on_cancer = read = 0
    for path in sorted((shared_data / "api-pubmed").rglob("*.xml*")):
        for member in open_members(path, lambda line: None):
            if not pubmed.recognises(member.head):
                continue
            for record, outcome in pubmed.parse_versions(member.stream, NOW):
                read += may_be_read(record.payload)
                if isinstance(outcome, Version) and enrich(outcome).cancer_types:
                    on_cancer += 1
                    assert may_be_read(record.payload), record.native_id
    assert on_cancer <= read


def test_an_import_of_papers_on_cancer_counts_the_others(catalog: Catalog, tmp_path: Path) -> None:
    told, other = citation("Breast cancer in mice"), citation("Rain in Bergen").replace(b">7<", b">8<")
    deletion = b"<DeleteCitation><PMID>9</PMID></DeleteCitation>"
    (tmp_path / "set.xml").write_bytes(
        b"<PubmedArticleSet>" + told + other + deletion + b"</PubmedArticleSet>"
    )
    report = import_paths([tmp_path / "set.xml"], catalog, cancer_only=True)
    assert (report.outcome, report.counts.new, report.counts.skipped) == ("complete", 1, 1)
