"""Putting readings of several sources together, whatever order they came in."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import Identifiers
from domain.identity import Reading, linked_keys, merge, merge_trials, own_keys
from domain.licence import to_licence
from domain.paper import (
    Abstract,
    AbstractKind,
    Author,
    Journal,
    Link,
    LinkKind,
    Notice,
    NoticeKind,
    Provenance,
    Section,
    Trial,
    TrialRole,
    Version,
    VersionKind,
)

TRUST = ("jats", "pubmed", "europepmc")


def reading(source: str, native_id: str = "1", **fields: object) -> Reading:
    values = {"kind": VersionKind.ARTICLE, "identifiers": Identifiers(doi="10.5555/x"), "title": "Invented"}
    version = Version(**(values | fields))  # type: ignore[arg-type]
    return version, Provenance(source, native_id, "2026-01-01T00:00:00+00:00")


def test_the_trusted_source_wins_and_gaps_are_filled() -> None:
    (version,) = merge(
        [
            reading("europepmc", title="Worse", keywords=("k",), licence=to_licence("cc by", "license")),
            reading("jats", title="Better"),
        ],
        TRUST,
    )
    assert version.title == "Better"
    assert version.keywords == ("k",)
    assert version.provenance["title"].source == "jats"
    assert version.provenance["keywords"].source == version.provenance["licence"].source == "europepmc"


def test_one_source_needs_one_provenance() -> None:
    (version,) = merge([reading("pubmed")], TRUST)
    assert set(version.provenance) == {"*"}


def test_readings_are_joined_through_a_third() -> None:
    a = reading("europepmc", identifiers=Identifiers(pmid="1"))
    b = reading("jats", identifiers=Identifiers(doi="10.5555/y"))
    bridge = reading("pubmed", identifiers=Identifiers(doi="10.5555/y", pmid="1"))
    assert len(merge([a, b], TRUST)) == 2
    (version,) = merge([a, b, bridge], TRUST)
    assert version.identifiers == Identifiers(doi="10.5555/y", pmid="1")


def test_a_second_doi_stays_known() -> None:
    a = reading("jats", identifiers=Identifiers(doi="10.5555/new", pmid="1"))
    b = reading("pubmed", identifiers=Identifiers(doi="10.5555/old", pmid="1"))
    (version,) = merge([a, b], TRUST)
    assert list(version.identifiers.keys()) == ["doi:10.5555/new", "pmid:1", "doi:10.5555/old"]


def test_the_article_comes_before_its_preprint() -> None:
    preprint = reading("europepmc", kind=VersionKind.PREPRINT, identifiers=Identifiers(other=("ppr:PPR1",)))
    versions = merge([preprint, reading("pubmed")], TRUST)
    assert [v.kind for v in versions] == [VersionKind.ARTICLE, VersionKind.PREPRINT]


def test_notices_and_trials_complete_each_other() -> None:
    retraction = Notice(NoticeKind.RETRACTED, "pmid:2")
    (version,) = merge(
        [
            reading("pubmed", trials=(Trial("ClinicalTrials.gov", "NCT99000001"),)),
            reading(
                "europepmc",
                notices=(retraction,),
                trials=(Trial("ClinicalTrials.gov", "NCT99000001", TrialRole.REPORTS, "Registered as …"),),
            ),
        ],
        TRUST,
    )
    assert version.notices == (retraction,)
    assert [trial.role for trial in version.trials] == [TrialRole.REPORTS]


def test_an_abstract_is_taken_whole_from_one_source() -> None:
    def abstract(text: str, kind: AbstractKind = AbstractKind.MAIN) -> tuple[Abstract, ...]:
        return (Abstract((Section(text),), kind),)

    (version,) = merge(
        [
            reading("europepmc", abstracts=abstract("worse") + abstract("plain", AbstractKind.PLAIN)),
            reading("jats", abstracts=abstract("better")),
        ],
        TRUST,
    )
    assert [a.text for a in version.abstracts] == ["better", "plain"]


def test_keys_of_a_record_without_identifiers() -> None:
    version, _ = reading("jats", identifiers=Identifiers(), authors=(Author("Ngo A"),), published="2020-05")
    (key,) = own_keys(version)
    assert key.startswith("local:")


def test_links_name_other_versions() -> None:
    version, _ = reading("pubmed", links=(Link(LinkKind.PREPRINT, "ppr:PPR1"),) * 2)
    assert linked_keys(version) == ("ppr:PPR1",)


KEYS = [None, "1", "2", "3"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*TRUST, "other"]), st.sampled_from(KEYS), st.sampled_from(KEYS), st.text("ab")
        ),
        max_size=6,
        unique_by=lambda t: t,
    ),
    st.randoms(use_true_random=False),
)
def test_merging_does_not_depend_on_order(
    parts: list[tuple[str, str | None, str | None, str]], random_: random.Random
) -> None:
    readings = [
        reading(
            source, str(number), title=title, identifiers=Identifiers(pmid=pmid, doi=doi and f"10.5555/{doi}")
        )
        for number, (source, pmid, doi, title) in enumerate(parts)
    ]
    shuffled = random_.sample(readings, len(readings))
    assert merge(readings, TRUST) == merge(shuffled, TRUST)


@pytest.mark.parametrize("field", ["title", "licence", "notices"])
def test_what_a_digest_rests_on_changes_its_hash(field: str) -> None:
    plain, _ = reading("pubmed")
    changed = {
        "title": "Another",
        "licence": to_licence("cc0", "license"),
        "notices": (Notice(NoticeKind.CORRECTED),),
    }[field]
    other, _ = reading("pubmed", **{field: changed})
    assert plain.source_hash != other.source_hash
    again, _ = reading("pubmed", keywords=("new",))
    assert plain.source_hash == again.source_hash


def nameless(title: str = "Editorial", *authors: str, **fields: object) -> tuple[str, ...]:
    told = {"identifiers": Identifiers(), "published": "2020", "authors": tuple(map(Author, authors))}
    return own_keys(reading("jats", title=title, **(told | fields))[0])


LONG = "Invented outcomes of imaginarib in glioma"


def test_editorials_of_two_journals_are_two_works() -> None:
    here = Journal("Invented oncology", volume="7", pages="1-2")
    there = Journal("Invented surgery", volume="7", pages="1-2")
    assert nameless(journal=here) == nameless(journal=here, keywords=("new",))
    assert len({nameless(journal=one) for one in (here, there, replace(here, pages="3"))}) == 3


def test_with_nothing_to_go_on_the_content_tells_works_apart() -> None:
    one, other = ((Abstract((Section(text),)),) for text in ("One.", "Other."))
    assert nameless(abstracts=one) == nameless(abstracts=one, cancer_types=("breast",))
    assert nameless(abstracts=one) != nameless(abstracts=other)
    assert nameless("Reply", "Ngo A", abstracts=one) != nameless("Reply", "Ngo A", abstracts=other)
    assert nameless(LONG, abstracts=one) != nameless(LONG, abstracts=other)


def test_a_long_title_with_its_author_is_the_work_wherever_it_is_told() -> None:
    assert nameless(LONG, "Ngo A") == nameless(LONG, "Ngo A", journal=Journal("Invented oncology"))


def test_evidence_is_kept_and_the_stronger_role_wins() -> None:
    bare, shown = (Trial("ISRCTN", "ISRCTN99", TrialRole.REPORTS, e) for e in ("", "Registered as …"))
    mentioned = Trial("ISRCTN", "ISRCTN99", TrialRole.MENTIONS, "As in …")
    assert merge_trials([mentioned, bare, shown, mentioned]) == (shown,)
    assert merge([reading("jats", trials=(bare,)), reading("pubmed", trials=(shown,))], TRUST)[0].trials == (
        shown,
    )


def test_a_retraction_by_a_shared_doi_is_of_the_paper_that_most_name_by_it_and_joins_none() -> None:
    title = "Invented statins in ovarian cancer"
    paper = reading("pubmed", "1", title=title, identifiers=Identifiers("10.5555/x", "1"))
    reply = reading("pubmed", "2", title=f"{title}: reply", identifiers=Identifiers("10.5555/x", "2"))
    again = reading("crossref", title=title)
    notice = Notice(NoticeKind.RETRACTED)
    row = reading("gamma", title="", kind=VersionKind.PREPRINT, notices=(notice,), companion=True)
    for told in ([paper, reply, again, row], [row, reply, again, paper]):
        found = {version.identifiers.pmid: version.notices for version in merge(told, TRUST)}
        assert found == {"1": (notice,), "2": ()}
