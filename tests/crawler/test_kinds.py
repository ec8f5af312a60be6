"""What repositories call their papers, and what is none."""

import pytest

from crawler.records.kinds import is_thesis, kind_of, other_than_paper
from domain.paper import VersionKind


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("info:eu-repo/semantics/article",), VersionKind.ARTICLE),
        ((), None),
        (("text",), None),
        (("info:eu-repo/semantics/preprint",), VersionKind.PREPRINT),
        (("http://purl.org/coar/resource_type/c_816b",), VersionKind.PREPRINT),
        (("http://purl.org/coar/resource_type/c_6670",), VersionKind.ABSTRACT),
        (("http://purl.org/coar/resource_type/c_6501",), VersionKind.ARTICLE),
        (("info:eu-repo/semantics/conferenceObject",), VersionKind.ABSTRACT),
        (("Conference or Workshop Item", "NonPeerReviewed"), VersionKind.ABSTRACT),
        (("info:eu-repo/semantics/conferencePaper",), VersionKind.ARTICLE),
        (("Dataset", "Article"), VersionKind.ARTICLE),
        (("Evidence synthesis",), None),
        (("Hypothesis",), None),
    ],
)
def test_kinds(types: tuple[str, ...], kind: VersionKind | None) -> None:
    assert kind_of(types) is kind
    assert not other_than_paper(types, in_journal=False)


@pytest.mark.parametrize(
    "name",
    [
        *("Dataset", "Image", "info:eu-repo/semantics/doctoralThesis", "Tesis", "Book", "Software", "other"),
        *("Skripsi", "Thesis (PhD)", "Tesis de licenciatura", "tesisDoctoral", "Dissertação de Mestrado"),
        *("Trabajo de grado - Maestría", "Trabajo Fin de Máster", "Yüksek Lisans Tezi", "Masterarbeit"),
    ],
)
def test_what_is_no_paper(name: str) -> None:
    assert other_than_paper((name,), in_journal=False) == name


def test_what_is_only_called_other_is_a_paper_in_a_journal() -> None:
    assert not other_than_paper(("Other",), in_journal=True)


@pytest.mark.parametrize(("name", "is_one"), [("Thesis (PhD)", True), ("Photosynthesis", False)])
def test_theses(name: str, is_one: bool) -> None:
    assert is_thesis(name) is is_one
