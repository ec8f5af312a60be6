"""Ways of single publishers to write JATS. All articles are invented."""

import io
import time
from datetime import UTC, datetime

import pytest

from crawler.sources import jats
from domain.errors import RecordRejected
from domain.paper import Abstract, AbstractKind, Section, Version, VersionKind


def read(meta: str = "", journal: str = "", kind: str = "research-article") -> Version:
    data = (
        f'<article article-type="{kind}"><front><journal-meta>{journal}</journal-meta><article-meta>'
        '<article-id pub-id-type="doi">10.5555/way.1</article-id>'
        "<title-group><article-title>An invented title</article-title></title-group>"
        f"{meta}</article-meta></front></article>"
    )
    return jats.parse_article(data.encode()).version


def named(name: str) -> str:
    return f"<journal-title-group><journal-title>{name}</journal-title></journal-title-group>"


@pytest.mark.parametrize("form", ["standard", "main"])
def test_an_abstract_called_the_standard_one_is_the_main_one(form):
    version = read(f'<abstract abstract-type="{form}"><title>Abstract</title><p>Words.</p></abstract>')
    assert version.abstracts == (Abstract((Section("Words."),), AbstractKind.MAIN, "en"),)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        (" Text with <i>x</i>. ", [("", "Text with x.")]),
        ("<title>Abstract</title>Text <italic>here</italic>, and there.", [("", "Text here, and there.")]),
        (
            "<sec><title>Aims:</title>Bare aims.</sec><sec><title>Results</title><p>In a <b>p</b>.</p></sec>",
            [("Aims", "Bare aims."), ("Results", "In a p.")],
        ),
        ("Before <p>within</p> and after.", [("", "Before within and after.")]),
        ("First.<fig><caption><p>A picture</p></caption></fig>", [("", "First.")]),
        ("Rose 10<sup>6</sup> &lt; all", [("", "Rose 10⁶ < all")]),
        ("<p>Only here.</p>.<p>And here.</p>\n", [("", "Only here. And here.")]),
        ("https://doi.org/10.5555/way.1", []),
        ("<fig><caption><p>A picture</p></caption></fig>", []),
    ],
)
def test_words_that_stand_bare_in_an_abstract_are_read(inside, expected):
    found = [
        (s.label, s.text) for one in read(f"<abstract>{inside}</abstract>").abstracts for s in one.sections
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("journal", "kind"),
    [
        (
            f'<journal-id journal-id-type="publisher-id">BIORXIV</journal-id>{named("bioRxiv")}'
            "<publisher><publisher-name>Cold Spring Harbor Laboratory</publisher-name></publisher>",
            VersionKind.PREPRINT,
        ),
        ('<journal-id journal-id-type="publisher-id">MEDRXIV</journal-id>', VersionKind.PREPRINT),
        (named("medRxiv : the preprint server for health sciences"), VersionKind.PREPRINT),
        (named("Research Square"), VersionKind.PREPRINT),
        (named("Preprints.org"), VersionKind.PREPRINT),
        (named("Preprints in Invented Medicine"), VersionKind.ARTICLE),
        (named("Journal of Invented Medicine"), VersionKind.ARTICLE),
    ],
)
def test_what_a_preprint_server_calls_an_article_is_a_preprint(journal, kind):
    assert read(journal=journal, kind="article").kind is kind


def test_an_addendum_is_no_paper():
    with pytest.raises(RecordRejected) as raised:
        read(kind="addendum")
    assert (raised.value.reason, raised.value.detail) == ("not-a-paper", "a notice about another article")


def test_a_stop_after_the_label_of_an_affiliation_is_no_part_of_it():
    people = (
        "<contrib-group><contrib contrib-type='author'><name><surname>Silva</surname></name>"
        "<xref ref-type='aff' rid='a1'/></contrib></contrib-group>"
        "<aff id='a1'><label>1</label><institution content-type='original'>. Universidade Inventada"
        "</institution></aff>"
    )
    (author,) = read(people).authors
    assert [one.text for one in author.affiliations] == ["Universidade Inventada"]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("for the Invented Collaboration", "Invented Collaboration"),
        ("(The Invented Collaboration)", "The Invented Collaboration"),
        ("on behalf of the Invented Trialists", "Invented Trialists"),
        ("(for the Invented Group)", "Invented Group"),
        ("Invented Group (Europe)", "Invented Group (Europe)"),
        ("(North) Invented Group (South)", "(North) Invented Group (South)"),
        ("For Women Group", "For Women Group"),
    ],
)
def test_a_group_is_named_without_the_words_that_lead_to_it(printed, name):
    contrib = f"<contrib contrib-type='author'><collab>{printed}</collab></contrib>"
    assert [a.name for a in read(f"<contrib-group>{contrib}</contrib-group>").authors] == [name]


MEMBERS = (
    "<contrib contrib-type='collab'><collab>Big Group<contrib-group>"
    "<contrib><name><surname>Ash</surname></name><xref ref-type='aff' rid='a1'/></contrib>"
    "<contrib><name><surname>Oak</surname></name><xref ref-type='aff' rid='a1 a2'/></contrib>"
    "</contrib-group></collab></contrib>"
)
PLACES = "<aff id='a1'>Institute A, Chile</aff><aff id='a2'>Institute B, Kenya</aff>"


def test_a_group_is_where_its_members_are_where_that_is_all_that_is_given():
    (group,) = read(f"<contrib-group>{MEMBERS}{PLACES}</contrib-group>").authors
    assert group.name == "Big Group"
    assert [one.text for one in group.affiliations] == ["Institute A, Chile", "Institute B, Kenya"]


def test_members_of_a_group_lend_nothing_where_the_authors_say_where_they_are():
    author = (
        "<contrib contrib-type='author'><name><surname>Elm</surname></name><aff>Institute C</aff></contrib>"
    )
    elm, group = read(f"<contrib-group>{author}{MEMBERS}{PLACES}</contrib-group>").authors
    assert [one.text for one in elm.affiliations] == ["Institute C"]
    assert group.affiliations == ()


def dated(kind: str, date: str) -> str:
    year, *rest = date.split("-")
    parts = "".join(f"<{name}>{value}</{name}>" for name, value in zip(("month", "day"), rest, strict=False))
    return f"<pub-date {kind}><year>{year}</year>{parts}</pub-date>"


@pytest.mark.parametrize("printed", ["pub-type='ppub'", "date-type='pub' publication-format='print'"])
@pytest.mark.parametrize(
    ("print_date", "online_date", "expected"),
    [
        ("2025-02-01", "2025-02-06", "2025-02-06"),
        ("2025-02-03", "2025-02-06", "2025-02-03"),
        ("2025-02-01", "2025-03-06", "2025-02-01"),
        ("2025-02-01", "2025-01-20", "2025-01-20"),
        ("2025-02-01", "2025", "2025-02-01"),
    ],
)
def test_the_first_of_a_month_in_print_is_no_day_before_the_one_on_line(
    printed, print_date, online_date, expected
):
    meta = dated(printed, print_date) + dated("pub-type='epub'", online_date)
    assert read(meta).published == expected


def people(version: Version) -> list[tuple[str, str, list[str]]]:
    return [(one.name, one.family, [place.text for place in one.affiliations]) for one in version.authors]


def author(inside: str) -> str:
    return f'<contrib contrib-type="author">{inside}</contrib>'


OKAFOR = "<name><surname>Okafor</surname><given-names>Ada</given-names></name>"
LIND = "<name><surname>Lind</surname><given-names>Bea</given-names></name>"


@pytest.mark.parametrize(
    ("inside", "name", "family"),
    [
        ("<surname>Okafor</surname>, <given-names>Ada B.</given-names>", "Ada B. Okafor", "Okafor"),
        ("<given-names>Ada</given-names> <surname>Okafor</surname>", "Ada Okafor", "Okafor"),
        ("Chen Wei", "Chen Wei", ""),
    ],
)
def test_a_name_that_is_printed_with_its_marks_reads_as_it_is_spoken(inside, name, family):
    group = f"<contrib-group>{author(f'<string-name>{inside}</string-name>')}</contrib-group>"
    assert people(read(group)) == [(name, family, [])]


def test_names_with_degrees_and_generations_in_their_parts():
    smith = "<name><surname>Smith, Jr.</surname><given-names>John</given-names></name>"
    doctor = "<name><surname>Okafor</surname><given-names>Ada</given-names><suffix>MD, PhD</suffix></name>"
    son = "<name><surname>Silva</surname><given-names>João</given-names><suffix>Filho</suffix></name>"
    found = people(read(f"<contrib-group>{author(smith)}{author(doctor)}{author(son)}</contrib-group>"))
    assert [(name, family) for name, family, _ in found] == [
        ("John Smith Jr.", "Smith"),
        ("Ada Okafor", "Okafor"),
        ("João Silva Filho", "Silva"),
    ]


@pytest.mark.parametrize(
    ("kind", "count"), [("corresp-author", 1), ("authors", 1), ("reviewer", 0), ("author non-byline", 0)]
)
def test_a_corresponding_author_is_one_and_a_reviewer_is_none(kind, count):
    group = f'<contrib-group><contrib contrib-type="{kind}">{OKAFOR}</contrib></contrib-group>'
    assert len(people(read(group))) == count


@pytest.mark.parametrize(
    ("country", "code"),
    [
        ("<country country='CO'/>", "CO"),
        ("<country>CO</country>", "CO"),
        ("<country country='CO'>Colombia</country>", None),
        ("<country country='XX'/>", None),
        ("", None),
    ],
)
def test_a_country_may_be_given_by_its_code_alone(country, code):
    place = f"<aff><institution>Instituto Inventado</institution>{country}</aff>"
    (one,) = read(f"<contrib-group>{author(OKAFOR)}</contrib-group>{place}").authors
    assert [found.country for found in one.affiliations] == [code]


def test_the_language_may_stand_at_the_title_alone():
    data = (
        '<jats:article xmlns:jats="urn:x"><jats:front><jats:article-meta><jats:title-group>'
        '<jats:article-title xml:lang="es">Tumores</jats:article-title></jats:title-group>'
        "</jats:article-meta></jats:front></jats:article>"
    )
    ((_, version),) = jats.parse_versions(io.BytesIO(data.encode()), datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(version, Version)
    assert (version.title, version.language) == ("Tumores", "es")


def test_affiliations_that_nobody_refers_to_are_everyones():
    group = f"<contrib-group>{author(OKAFOR)}{author(LIND)}</contrib-group>"
    place = '<aff id="a1">Example Hospital, Uppsala, Sweden</aff>'
    everyone = ["Example Hospital, Uppsala, Sweden"]
    assert [places for _, _, places in people(read(group + place))] == [everyone, everyone]


def test_an_affiliation_that_somebody_refers_to_is_not_everyones():
    mine = f'{OKAFOR}<xref ref-type="aff" rid="a1">1</xref>'
    editor = '<contrib contrib-type="editor"><name><surname>Ed</surname></name><xref rid="b1"/></contrib>'
    places = '<aff id="a1">Example, Oslo, Norway</aff><aff id="b1">Example, Lund, Sweden</aff>'
    group = f"<contrib-group>{author(mine)}{author(LIND)}</contrib-group>{places}"
    assert [p for _, _, p in people(read(group))] == [["Example, Oslo, Norway"], []]
    group = f"<contrib-group>{author(LIND)}{editor}</contrib-group>{places}"
    assert [p for _, _, p in people(read(group))] == [["Example, Oslo, Norway"]]


@pytest.mark.parametrize("place", ["<aff>Example {}</aff>", '<aff id="a{}">Example {}</aff>'])
def test_affiliations_of_thousands_of_groups_are_read_once(place):
    groups = f"<contrib-group>{author(LIND)}</contrib-group>" * 1_500
    places = "".join(place.format(number, number) for number in range(1_500))
    started = time.process_time()
    (one,) = read(groups + places).authors
    assert len(one.affiliations) == 1_500
    assert time.process_time() - started < 3


def test_authors_are_tied_to_affiliations_by_their_labels_alone():
    both = f'{LIND}<xref ref-type="aff"><sup>1,2</sup></xref>'
    one = f'{OKAFOR}<xref ref-type="aff"><sup>1</sup></xref>'
    places = "<aff><label>1</label>Example, Oslo, Norway</aff><aff><sup>2</sup>Example, Lund, Sweden</aff>"
    found = people(read(f"<contrib-group>{author(one)}{author(both)}{places}</contrib-group>"))
    assert [p for _, _, p in found] == [
        ["Example, Oslo, Norway"],
        ["Example, Oslo, Norway", "Example, Lund, Sweden"],
    ]


@pytest.mark.parametrize("country", ["", "<country country='BR'>Brasil</country>"])
@pytest.mark.parametrize("ending", [", Brasil", ""])
def test_an_affiliation_that_is_given_whole_is_not_given_again_in_parts(country, ending):
    place = (
        '<aff id="a1"><label>I</label><institution content-type="original">Universidade Inventada, Campinas'
        f'{ending}</institution><institution content-type="orgname">Universidade Inventada</institution>'
        f"<addr-line><city>Campinas</city></addr-line>{country}</aff>"
    )
    mine = f'{OKAFOR}<xref ref-type="aff" rid="a1"/>'
    printed = "Universidade Inventada, Campinas" + (", Brasil" if ending or country else "")
    assert people(read(f"<contrib-group>{author(mine)}</contrib-group>{place}"))[0][2] == [printed]


@pytest.mark.parametrize(
    ("inside", "printed"),
    [
        (
            "<institution>Example</institution> <city>Oslo</city> <country>Norway</country>",
            "Example, Oslo, Norway",
        ),
        (
            "<label>1</label>Example, Oslo, Norway; <email>a@x.org</email> (A.O.); "
            "<email>b@x.org</email> (B.-L.K.)",
            "Example, Oslo, Norway",
        ),
        ("Example (EX), Oslo, Norway. E-mail: <email>a@x.org</email>", "Example (EX), Oslo, Norway"),
        ("Example Group, Oslo (A.O.)", "Example Group, Oslo (A.O.)"),
        ("Example, Boston (U.S.A.) <email>a@x.org</email>", "Example, Boston (U.S.A.)"),
        ("Unit of <italic>E. coli</italic> <bold>research</bold>", "Unit of E. coli research"),
    ],
)
def test_affiliations_in_parts_and_with_addresses_of_e_mail(inside, printed):
    group = f"<contrib-group>{author(OKAFOR)}</contrib-group><aff>{inside}</aff>"
    assert people(read(group)) == [("Ada Okafor", "Okafor", [printed])]


def test_a_journal_may_be_named_by_its_abbreviation_alone():
    version = read(journal='<journal-id journal-id-type="iso-abbrev">Inv. J.</journal-id>')
    assert version.journal is not None
    assert version.journal.title == "Inv. J."


def test_one_abstract_under_an_unknown_name_is_the_abstract_and_a_teaser_is_none():
    own = '<abstract abstract-type="normal"><p>Forty tumours were invented.</p></abstract>'
    teaser = '<abstract abstract-type="{}"><p>Tumours!</p></abstract>'
    known = "<abstract><p>All of it.</p></abstract>"
    assert [a.text for a in read(own).abstracts] == ["Forty tumours were invented."]
    assert [a.text for a in read(own + teaser.format("graphical")).abstracts] == [
        "Forty tumours were invented."
    ]
    assert [a.text for a in read(own + known).abstracts] == ["All of it."]
    for kind in ("graphical", "web-teaser", "key-points", "toc", "Highlights"):
        assert not read(teaser.format(kind)).abstracts


def test_abbreviations_are_no_keywords():
    groups = (
        "<kwd-group><title>Keywords</title><kwd>colon cancer</kwd></kwd-group>"
        '<kwd-group kwd-group-type="abbreviations"><kwd>CRC, colorectal cancer</kwd></kwd-group>'
        "<kwd-group><title>Abbreviations</title><kwd>OS</kwd></kwd-group>"
    )
    assert read(groups).keywords == ("colon cancer",)


@pytest.mark.parametrize(
    ("printed", "keywords"),
    [
        ("colon cancer; mice; cells, other", ("colon cancer", "mice", "cells, other")),
        ("colon cancer, mice, cells", ("colon cancer", "mice", "cells")),
        ("cancer, colon", ("cancer, colon",)),
    ],
)
def test_one_keyword_may_be_all_of_them(printed, keywords):
    assert read(f"<kwd-group><kwd>{printed}</kwd></kwd-group>").keywords == keywords


@pytest.mark.parametrize(
    ("printed", "title"),
    [
        ("Invented cells [version 2; peer review: 1 approved, 1 not approved]", "Invented cells"),
        ("Invented cells [version of the mice]", "Invented cells [version of the mice]"),
    ],
)
def test_what_a_platform_says_of_reviews_is_no_part_of_the_title(printed, title):
    data = (
        f"<article><front><article-meta><title-group><article-title>{printed}</article-title></title-group>"
        '<article-id pub-id-type="doi">10.5555/way.1</article-id></article-meta></front></article>'
    )
    assert jats.parse_article(data.encode()).version.title == title


def test_a_name_in_one_string_may_be_turned_round():
    group = "<contrib-group>{}</contrib-group>".format(
        '<contrib contrib-type="author"><string-name>Okafor, Ada</string-name></contrib>'
    )
    assert people(read(group)) == [("Ada Okafor", "Okafor", [])]


def test_marks_between_keywords_are_no_part_of_them():
    assert read("<kwd-group><kwd>colon cancer;</kwd><kwd>CD8+ T cells.</kwd></kwd-group>").keywords == (
        *("colon cancer", "CD8+ T cells"),
    )


def test_terms_and_dates_of_older_forms():
    licence = '<license xlink:href="http://creativecommons.org/licenses/by/2.0/"/>'.replace(
        "<license", '<license xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    version = read(f"<pub-date><string-date>12 May 2016</string-date></pub-date>{licence}")
    assert version.published == "2016-05-12"
    assert version.licence is not None
    assert version.licence.code == "cc-by"


def test_marks_of_notes_are_no_part_of_a_title_and_powers_are():
    data = (
        b"<article><front><article-meta><article-id pub-id-type='DOI'>10.5555/WAY.2</article-id><title-group>"
        b"<article-title>Ca<sup>2+</sup> and HLA-A<sup>*</sup>02 in tumours<sup>*</sup></article-title>"
        b"</title-group></article-meta></front></article>"
    )
    version = jats.parse_article(data).version
    assert (version.title, version.identifiers.doi) == ("Ca2+ and HLA-A*02 in tumours", "10.5555/way.2")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("[This corrects the article DOI: 10.5555/way.9.]", ["doi:10.5555/way.9 corrected"]),
        ("[This retracts the article DOI: 10.5555/way.9.]", ["doi:10.5555/way.9 retracted"]),
        ("See also 10.5555/way.9.", []),
    ],
)
def test_a_notice_may_name_its_article_in_its_text_alone(words, told):
    data = (
        '<article article-type="correction"><front><article-meta><article-id pub-id-type="doi">10.5555/n.1'
        "</article-id><title-group><article-title>Correction: Invented</article-title></title-group>"
        f"</article-meta></front><body><p>{words}</p></body></article>"
    )
    records = list(jats.parse_versions(io.BytesIO(data.encode()), datetime(2026, 1, 1, tzinfo=UTC)))
    found = [version for _, version in records if isinstance(version, Version)]
    assert [f"{next(one.identifiers.keys())} {one.notices[0].kind}" for one in found] == told


def test_a_notice_may_name_its_article_by_a_document_id():
    related = '<related-object link-type="object-of-concern" document-id="31234599" document-id-type="pmid"/>'
    data = (
        '<article article-type="expression-of-concern"><front><article-meta><title-group><article-title>'
        f"Expression of concern: Invented</article-title></title-group>{related}</article-meta>"
        "</front></article>"
    )
    ((_, version),) = jats.parse_versions(io.BytesIO(data.encode()), datetime(2026, 1, 1, tzinfo=UTC))
    assert isinstance(version, Version)
    assert version.identifiers.pmid == "31234599"


def test_references_in_which_nothing_is_marked():
    entries = (
        "<mixed-citation>Kim B. Title. J 2002. doi:10.5555/r.2.</mixed-citation>",
        '<mixed-citation>A. <ext-link xlink:href="https://example.org/x"/> '
        '<ext-link xlink:href="https://doi.org/10.5555/r.3"/></mixed-citation>',
        "<mixed-citation>A book of 10.5 pages, 10.1234 of them.</mixed-citation>",
    )
    data = (
        '<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><article-meta><title-group><article-title>T'
        "</article-title></title-group></article-meta></front><back><ref-list>"
        f"{''.join(f'<ref>{one}</ref>' for one in entries)}</ref-list></back></article>"
    )
    assert jats.parse_article(data.encode()).version.cites == ("doi:10.5555/r.2", "doi:10.5555/r.3")


@pytest.mark.parametrize(
    "heading", ["Artigo Original", "Artículo original", "ORIGINAL RESEARCH", "Review", "Case Report"]
)
def test_a_heading_for_the_kind_of_article_is_no_keyword(heading):
    groups = "".join(
        f"<subj-group subj-group-type='heading'><subject>{subject}</subject></subj-group>"
        for subject in (heading, "Cell biology")
    )
    assert read(f"<article-categories>{groups}</article-categories>").keywords == ("Cell biology",)
