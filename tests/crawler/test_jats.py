"""JATS, read from an invented set and from eLife's and PLOS's own files."""

import io
import json
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings

from crawler.sources import jats
from domain.errors import FindingsError, RecordRejected, SourceChanged
from domain.paper import AbstractKind, LinkKind, NoticeKind, Version, VersionKind
from tests.crawler.damage import damaged

EXAMPLES = Path(__file__).parents[1] / "examples"
EXAMPLE = (EXAMPLES / "jats.xml").read_bytes()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def read(data: bytes) -> list[tuple]:
    return list(jats.parse_versions(io.BytesIO(data), NOW))


def versions(data: bytes) -> list[Version]:
    return [outcome for _, outcome in read(data) if isinstance(outcome, Version)]


def one(meta: str = "", back: str = "", kind: str = "research-article", title: str = "A title") -> Version:
    data = (
        f'<article article-type="{kind}" {XLINK}><front><journal-meta/><article-meta>'
        f"<title-group><article-title>{title}</article-title></title-group>{meta}</article-meta></front>"
        f"<back>{back}</back></article>"
    )
    (version,) = versions(data.encode())
    return version


@pytest.mark.parametrize(
    ("forms", "name"),
    [
        (
            "<name name-style='eastern'><surname>架空</surname><given-names>花子</given-names></name>"
            "<name><surname>Kakuu</surname><given-names>Hanako</given-names></name>",
            "Hanako Kakuu",
        ),
        (
            "<name><surname>Exámple</surname><given-names>Ann’s</given-names></name>"
            "<name><surname>Example</surname><given-names>Ann</given-names></name>",
            "Ann’s Exámple",
        ),
        ("<name><surname>Пример</surname><given-names>Анна</given-names></name>", "Анна Пример"),
        ("<string-name>Przykład Łucja</string-name>", "Przykład Łucja"),
        ("<name><surname>Пример</surname></name><name><surname> </surname></name>", "Пример"),
    ],
)
def test_of_a_name_in_several_scripts_the_one_in_latin_letters_is_read(forms, name):
    group = f"<contrib><name-alternatives>{forms}</name-alternatives></contrib>"
    assert [author.name for author in one(f"<contrib-group>{group}</contrib-group>").authors] == [name]


def test_the_example_reads_as_recorded():
    expected = json.loads((EXAMPLES / "jats.versions.json").read_text("utf-8"))
    assert json.loads(msgspec.json.encode(versions(EXAMPLE))) == expected


def test_every_article_of_the_example_is_taken_or_rejected_with_a_reason():
    outcomes = [o.reason if isinstance(o, RecordRejected) else r.native_id for r, o in read(EXAMPLE)]
    assert outcomes == [
        "doi:10.5555/jats.1",
        "doi:10.5555/jats.2#doi:10.5555/jats.1",
        "publisher:invmeet/P-17",
        "not-a-paper",
        "doi:10.5555/jats.set.1",
        "publisher:doi:10.5555/jats.set/s2",
        "doi:10.5555/jats.4#doi:10.5555/jats.5",
        "doi:10.5555/jats.4#pmid:90000015",
        "no-title",
        "not-a-paper",
    ]


def test_reading_a_record_again_gives_the_same():
    for record, outcome in read(EXAMPLE):
        if isinstance(outcome, Version):
            assert jats.to_version(record) == outcome


def test_powers_survive_the_name_spaces_of_the_document():
    version = one(
        "<abstract><p>In 10<sup>6</sup> cells, <italic>p</italic> &lt; 10<sup>-3</sup>.</p></abstract>"
    )
    assert version.abstract().text == "In 10⁶ cells, p < 10⁻³."


@pytest.mark.parametrize(
    "form", ["executive-summary", "plain-language-summary", "author-summary", "lay-summary"]
)
def test_plain_language_summaries(form):
    version = one(f'<abstract abstract-type="{form}"><p>Plainly.</p></abstract>')
    assert [a.kind for a in version.abstracts] == [AbstractKind.PLAIN]


@pytest.mark.parametrize("form", ["graphical", "toc", "teaser", "key-points", "web-summary-image"])
def test_pictures_and_teasers_are_no_abstracts(form):
    assert one(f'<abstract abstract-type="{form}"><p>Look!</p></abstract>').abstracts == ()


@pytest.mark.parametrize("address", ["http://dx.doi.org/10.5555/x.1", "https://doi.org/10.5555/x.1"])
def test_a_paragraph_that_repeats_the_doi_of_the_abstract_goes(address):
    version = one(f"<abstract><p>Text.</p><p><bold>DOI:</bold> <ext-link>{address}</ext-link></p></abstract>")
    assert version.abstract().text == "Text."


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("retraction-forward", [NoticeKind.RETRACTED]),
        ("correction-forward", [NoticeKind.CORRECTED]),
        ("concern-forward", [NoticeKind.CONCERN]),
        ("retracted-article", []),
        ("corrected-article", []),
        ("object-of-concern", []),
        ("commentary", []),
    ],
)
def test_a_notice_names_the_article_it_is_about_and_is_not_marked_itself(relation, expected):
    related = (
        f'<related-article related-article-type="{relation}" ext-link-type="doi" xlink:href="10.5555/n"/>'
    )
    assert [notice.kind for notice in one(related).notices] == expected


def test_a_link_to_the_preprint_in_the_history():
    event = '<event event-type="preprint"><self-uri xlink:href="https://doi.org/10.5555/pre"/></event>'
    (link,) = one(f"<pub-history>{event}</pub-history>").links
    assert (link.kind, link.key) == (LinkKind.PREPRINT, "doi:10.5555/pre")


@pytest.mark.parametrize(
    ("permissions", "code", "field"),
    [
        (
            '<license xlink:href="http://creativecommons.org/licenses/by-nc-nd/4.0/"/>',
            "cc-by-nc-nd",
            "@xlink:href",
        ),
        (
            "<license><license-p>Under the Creative Commons Attribution License.</license-p></license>",
            "cc-by",
            "license-p",
        ),
        ("<license><p>Released into the public domain.</p></license>", "public-domain", "license/p"),
        ("<license><license-p>All rights reserved.</license-p></license>", "other", "license-p"),
    ],
)
def test_licences_keep_their_evidence(permissions, code, field):
    licence = one(f"<permissions>{permissions}</permissions>").licence
    assert licence.code == code
    assert licence.field.endswith(field)


def test_no_licence_is_not_made_up():
    version = one("<permissions><copyright-statement>© 2020 The authors</copyright-statement></permissions>")
    assert (version.licence, version.open_access) == (None, None)


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ('<pub-date pub-type="epub"><year>2020</year><month>2</month></pub-date>', "2020-02"),
        ('<pub-date date-type="pub" iso-8601-date="2020-02-03"/>', "2020-02-03"),
        ('<pub-date pub-type="collection"><year>2019</year></pub-date>', "2019"),
        (
            '<pub-date pub-type="collection"><year>2019</year></pub-date>'
            '<pub-date pub-type="epub"><year>2020</year></pub-date>',
            "2020",
        ),
        ('<pub-date pub-type="pmc-release"><year>2019</year></pub-date>', None),
        ("<pub-date><year>soon</year></pub-date>", None),
    ],
)
def test_dates(dates, expected):
    assert one(dates).published == expected


def test_a_meeting_report_is_an_article_and_an_abstract_is_not():
    assert one(kind="meeting-report").kind is VersionKind.ARTICLE
    assert one(kind="abstract").kind is VersionKind.ABSTRACT


def test_marks_of_notes_are_no_part_of_a_title():
    assert (
        one(
            title='A title<xref ref-type="fn" rid="f">*</xref> of <bold>note</bold><fn><p>Note</p></fn>'
        ).title
        == "A title of note"
    )


def test_the_form_of_oai_answers_with_a_name_space():
    data = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xlink="http://www.w3.org/1999/xlink"><GetRecord>'
        '<article xmlns="https://jats.nlm.nih.gov/ns/archiving/1.3/"><front><article-meta><title-group>'
        '<article-title>T</article-title></title-group><permissions><license xlink:href="'
        'http://creativecommons.org/licenses/by/4.0/"/></permissions></article-meta></front></article>'
        "</GetRecord></OAI-PMH>"
    )
    (version,) = versions(data.encode())
    assert (version.title, version.licence.code) == ("T", "cc-by")


def test_entities_of_a_document_type_are_refused():
    bomb = b'<!DOCTYPE article [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><article><front>&b;</front></article>'
    with pytest.raises(SourceChanged, match="declares entities"):
        read(bomb)


@pytest.mark.parametrize("at", ["http://127.0.0.1:9/invented.dtd", "invented.dtd", "{folder}/invented.dtd"])
def test_a_document_type_is_not_loaded_by_its_address(tmp_path, at):
    """Some options of libxml2 load it on the quiet, and then an article is refused or its file is read."""
    (tmp_path / "invented.dtd").write_text("<!ATTLIST article article-type CDATA 'retraction'>")
    at = at.format(folder=tmp_path.as_uri())
    found = jats.parse_article(
        f'<!DOCTYPE article PUBLIC "-//Invented//DTD//EN" "{at}"><article><front><article-meta><title-group>'
        "<article-title>T</article-title></title-group></article-meta></front></article>".encode()
    )
    assert (found.version.title, found.version.publication_types) == ("T", ())


def test_all_the_cancer_articles_of_elife(shared_data):
    """Each has a title, an abstract, a digest in plain words, authors with affiliations and a licence."""
    with tarfile.open(shared_data / "jats-plain-language" / "elife_cancer_xml.tar.gz") as archive:
        found = [v for info in archive for v in versions(archive.extractfile(info).read())]
    assert len(found) == 175
    for version in found:
        assert version.abstract()
        assert version.abstract(AbstractKind.PLAIN)
        assert version.licence.code in {"cc-by", "cc0"}
        assert version.identifiers.doi.startswith("10.7554/elife.")
        assert "dx.doi.org" not in version.abstract().text
        assert any(author.affiliations for author in version.authors)


@pytest.mark.parametrize(
    ("kind", "title", "paper"),
    [
        ("retraction", "An invented title", False),
        ("letter", "Statement of retraction: An invented trial", False),
        ("editorial", "Expression of concern: An invented trial", False),
        ("letter", "Correction of hyponatraemia in invented cancers", True),
        ("letter", "Retraction of the nipple as a sign of cancer", True),
        ("editorial", "Withdrawal of hormone therapy and invented cancers", True),
        ("editorial", "Retracted papers in oncology", True),
    ],
)
def test_letters_on_corrections_are_papers_and_an_editorial_retracts_nothing(kind, title, paper):
    related = (
        '<related-article related-article-type="retracted-article" ext-link-type="doi" '
        'xlink:href="10.5555/other"/>'
    )
    version = one(related, kind=kind, title=title)
    assert version.companion is not paper
    assert [notice.kind for notice in version.notices] == ([] if paper else [NoticeKind.RETRACTED])


@pytest.mark.parametrize(
    ("kind", "title", "expected"),
    [
        ("research-article", "RETRACTED ARTICLE: Invented mice", [NoticeKind.RETRACTED]),
        ("retracted-article", "Invented mice", [NoticeKind.RETRACTED]),
        ("withdrawn-article", "Invented mice", [NoticeKind.WITHDRAWN]),
        ("research-article", "Retracted article: what happens to citations?", []),
        ("research-article", "Withdrawn: invented patients who leave cancer trials", []),
    ],
)
def test_an_article_fell_in_its_place_by_its_type_or_by_capitals(kind, title, expected):
    assert [notice.kind for notice in one(kind=kind, title=title).notices] == expected


def test_the_licence_of_an_authors_manuscript_is_not_the_articles():
    terms = '<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/></permissions>'
    number = '<article-id pub-id-type="manuscript">NIHMS000000</article-id>'
    plain, manuscript = one(terms), one(number + terms)
    assert plain.licence is not None
    assert (manuscript.licence, manuscript.open_access) == (None, None)


def test_notices_of_plos_and_elife_are_no_papers_but_tell_of_the_article_they_are_about(shared_data):
    folder = shared_data / "jats-plain-language"
    told = []
    for path in [*(folder / "xml-plos").glob("*.xml"), *(folder / "xml-elife").glob("*.xml")]:
        data = path.read_bytes()
        found = versions(data)
        if b'article-type="retraction"' in data[:5000] or b'article-type="correction"' in data[:5000]:
            assert all(version.companion for version in found)
            told += [notice.kind for version in found for notice in version.notices]
        else:
            assert [(version.companion, version.notices) for version in found] == [(False, ())]
    assert set(told) == {NoticeKind.RETRACTED, NoticeKind.CORRECTED}


@settings(max_examples=120, deadline=None)
@given(damaged(EXAMPLE, [b"<", b"&x;", b"\x00", b"<article>", b"<!--"]))
def test_damaged_bytes_raise_nothing_of_their_own(body):
    try:
        for _, outcome in jats.parse_versions(io.BytesIO(body), NOW):
            assert isinstance(outcome, Version | RecordRejected)
    except FindingsError:
        pass


def cited(reference: str, after: str = "") -> jats.Reference:
    data = (
        f"<article {XLINK}><front><article-meta><title-group><article-title>T</article-title></title-group>"
        f"</article-meta></front><back><ref-list><ref id='r1'>{reference}</ref></ref-list>{after}</back>"
        "</article>"
    )
    (found,) = jats.parse_article(data.encode()).references
    return found


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("<name><surname>Silva</surname><given-names>M</given-names></name>", ("M Silva",)),
        ("<string-name><given-names>M</given-names> <surname>Silva</surname></string-name>", ("M Silva",)),
        ("<name><surname>Silva</surname><suffix>Jr</suffix></name>", ("Silva Jr",)),
        (
            "<name><surname>Silva</surname><given-names>M</given-names><suffix>Jr</suffix></name>",
            ("M Silva Jr",),
        ),
        ("<name><surname>Silva</surname></name><collab>A <bold>group</bold></collab>", ("Silva", "A group")),
        (
            "<name><surname>S<sup>x</sup></surname><given-names/></name><etal/>"
            "<string-name>I. Lima</string-name>",
            ("Sx", "I. Lima"),
        ),
    ],
)
@pytest.mark.parametrize("holder", ["{}", "<person-group person-group-type='author'>{}</person-group>"])
def test_names_of_a_reference(names, expected, holder):
    assert cited(f"<mixed-citation>{holder.format(names)}</mixed-citation>").authors == expected


def test_editors_wrote_no_reference():
    group = "<person-group person-group-type='editor'><name><surname>Ed</surname></name></person-group>"
    assert cited(f"<element-citation>{group}<source>Invented</source></element-citation>").authors == ()


def test_what_follows_the_list_is_no_part_of_its_last_reference():
    figure = "<p><ext-link xlink:href='https://doi.org/10.5555/figure'>Figure</ext-link></p>"
    assert cited("<element-citation><source>S</source></element-citation>", figure).doi is None


def test_the_address_in_a_comment_and_one_of_several_forms_of_a_citation():
    link = "<comment>At <ext-link xlink:href='https://doi.org/10.5555/c'>x</ext-link></comment>"
    first = f"<element-citation><source>S</source>{link}</element-citation>"
    both = (
        f"<citation-alternatives>{first}<mixed-citation>S. printed</mixed-citation></citation-alternatives>"
    )
    assert (cited(both).title, cited(both).doi) == ("S", "10.5555/c")


@pytest.mark.parametrize(
    ("licence", "code"),
    [
        ('<ali:license_ref start_date="2020-01-01">{by}</ali:license_ref>', "cc-by"),
        ('<ali:license_ref start_date="2999-01-01">{by}</ali:license_ref>', None),
        ("<license-p>{by} Creative Commons Attribution-NonCommercial 4.0</license-p>", "cc-by-nc"),
        ("<license-p>Under {by}, so non-commercial and commercial use are allowed.</license-p>", "cc-by"),
    ],
)
def test_a_licence_counts_from_its_day_on_and_no_wider_than_its_words(licence, code):
    by = "https://creativecommons.org/licenses/by/4.0/"
    space = 'xmlns:ali="http://www.niso.org/schemas/ali/1.0/"'
    address = "" if "ali:" in licence else f' xlink:href="{by}"'
    version = one(f"<permissions><license {space}{address}>{licence.format(by=by)}</license></permissions>")
    assert (version.licence.code if version.licence else None) == code


def test_an_article_is_published_in_the_languages_of_its_translations_too():
    data = (
        '<article xml:lang="en"><front><article-meta><title-group><article-title>A title</article-title>'
        '</title-group></article-meta></front><sub-article article-type="translation" xml:lang="pt">'
        "<front-stub/><body><p>Texto inventado.</p></body></sub-article></article>"
    )
    (version,) = versions(data.encode())
    assert (version.language, version.other_languages) == ("en", ("pt",))


def test_labels_that_are_only_set_in_bold_are_labels():
    parts = (
        "<p><bold>Background:</bold> An invented pill.</p>",
        "<p><bold>Methods:</bold> An invented trial.</p>",
    )
    abstract = "".join((*parts, "<p><bold>Results:</bold> It helped 30 of 60.</p>"))
    version = one(f"<abstract>{abstract}</abstract>")
    assert [(s.label, s.text) for s in version.abstract().sections] == [
        ("Background", "An invented pill."),
        ("Methods", "An invented trial."),
        ("Results", "It helped 30 of 60."),
    ]
    assert [s.label for s in one("<abstract><p>Aim: to see. We saw.</p></abstract>").abstract().sections] == [
        ""
    ]


def test_parts_of_an_affiliation_have_a_space_between_them():
    place = "<institution>Invented Centre</institution>,<city>Mumbai</city>,<country>India</country>"
    people = "<contrib><name><surname>Roe</surname></name></contrib>"
    version = one(f"<contrib-group>{people}<aff>{place}</aff></contrib-group>")
    assert version.authors[0].affiliations[0].text == "Invented Centre, Mumbai, India"
