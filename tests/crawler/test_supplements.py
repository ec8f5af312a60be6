"""Titles of files that go with papers, in the words of those who lay them down, and of papers like them."""

import pytest

from crawler.records.supplements import is_supplement


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Additional file 1: Table S1. of Invented cells", True),
        ("MOESM3 of Invented cells", True),
        ("sj-docx-1-abc-10.1177_0000 – Supplemental material for Invented cells", True),
        ("ABC734063_Lay_Abstract – Supplemental material for Invented cells", True),
        ("Supplemental Material, abc-17-File005 - Invented cells", True),
        ("Table_1_Invented cells.xlsx", True),
        ("DataSheet_2_Invented cells.pdf", True),
        ("Supplementary Data from Invented cells", True),
        ("Supplemental Figures S1-S4", True),
        ("Supplementary Materials", True),
        ("Supplementary Data from miR-0: an invented cell", True),
        ("Supplementary Material for: Invented cells", True),
        ("Supplementary data of the article: invented cells", True),
        ("Supplementary data for paper 5 on invented cells", True),
        ("Supplementary methods for staging invented tumours", False),
        ("Supplemental data from the registries of invented tumours", False),
        ("Supplementary videos for teaching breast-cancer surgery", False),
        ("Table 2 from scratch: risk-adapted scores", False),
        ("Supplementary information: invented cells", True),
        ("Figure S2 from Invented cells", True),
        ("Table 1 from Invented cells", True),
        ("Replication Data for: Invented cells", True),
        ("Replication data for invented yeast", False),
        ("Supplementary vitamin D and invented tumours", False),
        ("Supplementary motor area tumours", False),
        ("Supplemental data-driven models of invented growth", False),
        ("Supplementary information for patients with cancer: a trial", False),
        ("Table salt and gastric cancer", False),
        ("Additional filed claims for invented drugs", False),
        ("Data from 40 registries: invented survival", False),
        ("Figure skating after mastectomy", False),
    ],
)
def test_supplements_are_told_by_title(title: str, *, expected: bool) -> None:
    assert is_supplement(title) is expected
