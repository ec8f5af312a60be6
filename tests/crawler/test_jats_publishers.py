"""Ways of single publishers to write JATS. All articles are invented."""

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
