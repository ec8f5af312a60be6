"""A paper's document has what the field table reads of it, whatever its versions leave out. All invented."""

import json
import re
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.digest import Audience
from domain.identifiers import Identifiers
from domain.licence import Licence
from domain.paper import (
    Abstract,
    AbstractKind,
    Affiliation,
    Author,
    DataLink,
    Grant,
    Journal,
    MeshHeading,
    Notice,
    NoticeKind,
    Paper,
    Section,
    Trial,
    Version,
    VersionKind,
)
from domain.ports import Indexable
from domain.statements import Availability, Industry, IndustryRole, Meeting, Shared, Sharing
from index.analysis import MARK, clean, spaced
from index.contents import Stated
from index.elastic.schema import to_lines
from index.embedded.analysers import Analysers
from index.embedded.documents import Documents, _to_keep, checked_key
from index.embedded.schema import exact_name
from index.embedded.telling import mentions
from index.fields import FIELD, FIELDS, Field, Kind
from index.language.mentions import versions as versions_told

STATED = {
    "language": "pt",
    "abstracts": (Abstract((Section("Ein Tumor wächst."), Section("Nothing else."))),),
    "authors": (
        Author("Ana Souza", "Souza", "Ana", "0000-0002-1825-0097", (Affiliation("Town Clinic", "BR"),), True),
        Author("The Group"),
    ),
    "journal": Journal("Annals of Nothing", "Ann Noth", ("1234-5678",)),
    "published": "2021-03",
    "publication_types": ("Journal Article", "Review"),
    "mesh": (MeshHeading("Glioma", qualifiers=("therapy",)),),
    "keywords": ("glioma", "glioma", "déjà vu"),
    "substances": ("acgt" * 500, "\xff\x01 squamous cell carcinoma of the", "lung"),
    "grants": (Grant("Fund", "A-1"), Grant("", "A-2")),
    "trials": (Trial("clinicaltrials", "NCT00000001"),),
    "data": (DataLink("GEO", "GSE1"),),
    "licence": Licence("cc-by", "CC BY", "license"),
    "open_access": True,
    "notices": (Notice(NoticeKind.RETRACTED),),
    "sharing": (Sharing(Shared.DATA, Availability.OPEN, "It is there.", ("doi:10.5281/zenodo.1",)),),
    "industry": (Industry("Invented Ltd", IndustryRole.FUNDED, "Paid."),),
    "meeting": Meeting("Yearly Meeting", "asco"),
    "cites": ("pmid:1",),
    "cancer_types": ("glioma",),
    "study_type": "cohort",
}
BARE = Version(VersionKind.ARTICLE, Identifiers(doi="10.5555/a", pmid="1"), "A title")
versions = st.sets(st.sampled_from(sorted(STATED))).map(
    lambda names: replace(BARE, **{name: STATED[name] for name in names})
)
items = st.builds(
    lambda stated, digests: Indexable(Paper("f0123456789", tuple(stated), "", ""), digests),
    st.lists(versions, min_size=1, max_size=2),
    st.sampled_from([(), (Audience.PUBLIC,)]),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(items, min_size=1, max_size=4))
def test_papers_read_together_state_what_each_does_by_itself(several: list[Indexable]) -> None:
    stated = [version for item in several for version in item.paper.versions]
    counts = [len(item.paper.versions) for item in several]
    for row in FIELDS:
        if isinstance(row.values, Stated):
            found = row.values.of_papers(stated, counts)
            assert [list(of_paper) for of_paper in found] == [list(row.values(item)) for item in several]


@pytest.mark.parametrize("row", [row for row in FIELDS if row.normal], ids=lambda row: row.name)
@given(data=st.data())
def test_what_looks_as_if_it_were_in_its_form_is(row: Field, data: st.DataObject) -> None:
    assert row.normal
    text = data.draw(st.from_regex(row.normal, fullmatch=True))
    assert row.kept(text) == text == clean(row.code(text))


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("cites", "doi:10.5555/a_med", "doi:10.5555/a"),
        ("cites", "doi:10.5555/A.", "doi:10.5555/a"),
        ("cites", "12345678_MED", "pmid:12345678"),
        ("cites", "pmid:012", "pmid:12"),
        ("doi", "10.5555/a;", "10.5555/a"),
        ("doi", "10.5555/a\0b", "10.5555/a b"),
        ("pmcid", "PMC012.2", "PMC12"),
        ("orcid", "UNKNOWN", "unknown"),
        ("id", " Doi:10.5555/A ", "doi:10.5555/a"),
    ],
)
def test_what_is_in_another_form_is_brought_into_it(name: str, text: str, kept: str) -> None:
    assert FIELD[name].kept(text) == kept


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("cites", "pmid:1\npmid:02", "pmid:1\npmid:02"),
        ("cites", "doi:10.5555/a\n", "doi:10.5555/a"),
        ("id", "A\nb", "a\nb"),
        ("pmid", "1\n2", "1\n2"),
        ("pmid", " 12\n", "12"),
    ],
)
def test_codes_of_several_lines_are_brought_into_their_form_beside_others(
    name: str, text: str, kept: str
) -> None:
    keep = _to_keep(FIELD[name], str)
    normal = {"cites": "pmid:3", "id": "pmid:3", "pmid": "3"}[name]
    assert FIELD[name].kept(text) == kept
    assert [*map(list, keep([(normal,), (), (normal, text)]))] == [[normal], [], [normal, kept]]
    assert keep([(normal,), (), (normal, normal)]) == [(normal,), (), (normal, normal)]


@given(st.text(st.one_of(st.characters(), st.sampled_from(f"e\u0301\0{MARK}\ud800\u0130治療\u2fff\u3000"))))
def test_text_is_cleaned_wherever_its_letters_are_from(text: str) -> None:
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\0", " ").replace(MARK, " ")
    assert clean(text) == unicodedata.normalize("NFC", whole)
    assert spaced("é" + text).replace(" ", "") == ("é" + text).replace(" ", "").replace("\u0130", "I")
    assert spaced("é治療") == "é 治  療 "


@pytest.mark.parametrize(
    ("stated", "expected"),
    [((True, None), ["yes"]), ((False, True), ["yes"]), ((False, None), ["no"]), ((None, None), [])],
)
def test_one_version_is_enough_to_be_open_access(
    stated: tuple[bool | None, ...], expected: list[str]
) -> None:
    several = tuple(replace(BARE, open_access=one) for one in stated)
    row = next(row for row in FIELDS if row.name == "open_access")
    assert list(row.values(Indexable(Paper("f0123456789", several, "", "")))) == expected


def _handed_over(documents: Documents, *items: Indexable) -> str:
    return "\n".join(documents.papers(items, [checked_key(item.paper.id) for item in items]))


@settings(max_examples=50, deadline=None)
@given(st.lists(items, min_size=2, max_size=4))
def test_papers_made_together_are_what_each_is_by_itself(several: list[Indexable]) -> None:
    documents = Documents(Analysers())
    documents.told = versions_told()
    alone = [_handed_over(documents, item) for item in several]
    assert _handed_over(documents, *several).splitlines() == alone


@settings(max_examples=50, deadline=None)
@given(st.lists(items, min_size=2, max_size=4))
def test_lines_made_together_are_what_each_is_by_itself(several: list[Indexable]) -> None:
    alone = [line for item in several for line in to_lines([item], versions_told())]
    assert list(to_lines(several, versions_told())) == alone


def test_nothing_is_made_to_look_for_mentions_where_none_are_told() -> None:
    mentions.cache_clear()
    assert _handed_over(Documents(Analysers()), Indexable(Paper("f0123456789", (BARE,), "", "")))
    assert not mentions.cache_info().currsize


@settings(max_examples=50, deadline=None)
@given(items)
def test_what_is_handed_over_is_the_document(item: Indexable) -> None:
    documents = Documents(Analysers())
    handed, values = json.loads(_handed_over(documents, item)), documents.values(item)
    assert handed.keys() == values.keys()
    for name, found in values.items():
        joined = (
            [between.join(found)] if (between := BETWEEN.get(name)) and isinstance(found, list) else found
        )
        assert handed[name] in (joined, *joined) if isinstance(joined, list) else handed[name] == joined


BETWEEN = {"subject": " a "} | {
    name: between
    for row in FIELDS
    if row.kind is Kind.TEXT
    for name, between in ((row.name, " a "), (exact_name(row), " "))
}


@given(st.lists(st.text(st.sampled_from("ab1é-, \u0301治")), min_size=2, max_size=4))
def test_texts_that_are_joined_have_their_own_words(texts: list[str]) -> None:
    analysers = Analysers()
    for kind, between in ((Kind.TEXT, " a "), (Kind.NAME, " ")):
        found = [word for text in texts for _, word in analysers.words(kind, text)]
        assert [word for _, word in analysers.words(kind, between.join(texts))] == found


def test_joined_texts_are_as_far_apart_as_by_themselves() -> None:
    assert Analysers().words(Kind.TEXT, "cell line a lung") == [(0, "cell"), (1, "line"), (3, "lung")]


def test_most_texts_are_handed_over_in_letters_of_ascii() -> None:
    assert _handed_over(Documents(Analysers()), Indexable(Paper("f0123456789", (BARE,), "", ""))).isascii()


def test_an_abstract_in_plain_words_is_a_summary_and_an_abstract() -> None:
    plain = Abstract((Section("In plain words."),), AbstractKind.PLAIN)
    item = Indexable(Paper("f0123456789", (replace(BARE, abstracts=(plain,)),), "", ""))
    values = Documents(Analysers()).values(item)
    assert values["plain"] == values["abstract"] == ["In plain words."]
