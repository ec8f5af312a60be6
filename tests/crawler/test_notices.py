"""Telling notices from papers by types and titles; all titles are invented."""

import pytest

from crawler.telling.notices import is_notice, is_notice_title, marked, own_mark, told_by_types, unmarked
from domain.paper import Notice, NoticeKind

LONG = "This abstract was invented for a test of the reader. " * 12


@pytest.mark.parametrize(
    "title",
    [
        "Retraction",
        "Retraction: Invented statins in breast cancer",
        "Retraction. Invented statins in breast cancer",
        "RETRACTION: INVENTED STATINS IN BREAST CANCER",
        "Retraction notice to “Invented statins” [Ann Invent 3 (2019) 4]",
        "Retraction Note: Invented statins",
        "Retraction of: Invented statins",
        "Retraction of “Invented statins”",
        "Retraction for Roe et al., Invented statins",
        "Statement of Retraction: Invented statins",
        "Notice of retraction: Invented statins",
        "Notice of Retraction and Replacement. Roe A, et al. Invented statins",
        "Withdrawal: Invented statins",
        "Withdrawal notice to: Invented statins",
        "Removal notice to 'Invented statins'",
        "Partial retraction: Invented statins",
        "Expression of Concern: Invented statins",
        "Expression of concern for Roe et al., Invented statins",
        "Retracted: Invented statins [Retraction notice]",
        "Invented statins—Correction",
        "[Corrigendum] Invented statins",
        "Editorial expression of concern",
        "Erratum",
        "Erratum to: Invented statins",
        "Corrigendum to “Invented statins”",
        "Corrigenda",
        "Author Correction: Invented statins",
        "Publisher’s correction to: Invented statins",
        "Correction: Invented statins",
        "Second Correction: Invented statins",
        "Correction & Addendum to: Invented statins",
        "Corrigendum and Addendum: Invented statins",
        "[Expression of Concern] Invented statins",
        "[Retraction] Invented statins",
        "Correction to: Invented statins",
        "Correction to Invented Statins in Breast Cancer",
        "Department of Error",
        "Invented statins in breast cancer – CORRIGENDUM",
        "Invented statins in breast cancer: Erratum",
        "Invented statins in breast cancer [Retraction]",
        "Retractación: Estatinas inventadas",
        "Nota de retractación",
        "Retracción de artículo: Estatinas inventadas",
        "Retratação: Estatinas inventadas",
        "Correção: Estatinas inventadas",
        "Corrección: Estatinas inventadas",
        "Errata al artículo Estatinas inventadas",
        "Erratum zu: Erfundene Statine",
        "Berichtigung zu: Erfundene Statine",
        "Correction à : Des statines inventées",
        "Rectificatif : Des statines inventées",
        "Errata corrige: Statine inventate",
        "Rectificatif à l’article « Des statines inventées »",
        "Fe de errores: Estatinas inventadas",
        "Corrección del artículo Estatinas inventadas",
        "Aviso de corrección al artículo: Estatinas inventadas",
        "Correção ao artigo Estatinas inventadas",
        "Korrektur zu: Erfundene Statine",
        "Korrigendum: Erfundene Statine",
        "Correzione: Statine inventate",
        "Publisher's Note: Invented statins",
        "Correction to 'Invented statins'",
        "Article retraction: Invented statins",
        "Retraction of Publication: Invented statins",
        "Retraction and republication: Invented statins",
        "Retraction letter: Invented statins",
        "Expression of Editorial Concern: Invented statins",
        "Statement of concern: Invented statins",
        "Corrections and Clarifications",
        "Erratum do artykułu: Wymyślone statyny",
        "Sprostowanie: Wymyślone statyny",
        "Düzeltme: Uydurma statinler",
        "Исправление: Выдуманные статины",
        "更正：虚构的药物",
    ],
)
def test_titles_that_only_notices_have(title: str) -> None:
    assert is_notice_title(title)
    assert own_mark(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "Retracted articles: what happens to citations?",
        "Retracted article: what happens to citations?",
        "Retracted papers in oncology",
        "Retraction notices in oncology: an invented survey",
        "Retraction of the nipple as a sign of cancer",
        "Retractions in cancer research, 2000 to 2020",
        "Withdrawn: patients who leave cancer trials",
        "Withdrawal of hormone therapy and breast cancer incidence",
        "Withdrawal from opioids in cancer pain",
        "Removal of the thyroid in invented cancer",
        "Correction of hyponatraemia in small-cell lung cancer",
        "Correction to normal of anaemia in cancer patients",
        "Correction to Normal of Anaemia in Cancer Patients",
        "Correction for multiple testing, revisited",
        "Second correction of scoliosis in invented children",
        "[Retraction of the nipple] as a sign",
        "Corrected and republished: invented statins",
        "Errata in the invented literature",
        "Expression of concern about cancer among invented women",
        "Concern for the children of parents with cancer",
        "Automatic tumour segmentation and motion correction",
        "Skin flaps after scar retraction",
        "Retracción del pezón en mujeres con cáncer",
        "Retracción palpebral: una serie de casos",
        "Corrección de la escoliosis en niños",
        "Correção cirúrgica de fístulas",
        "Berichtigung der Achse nach Osteotomie",
        "Rectificatif à l’article 5 de la loi sur le cancer",
        "Correção do artigo 5 da lei do câncer",
        "Corrección de artículos inventados por sus autores",
        "Korrektur der Skoliose bei Kindern",
        "Correzione chirurgica delle fistole",
        "Rettifica chirurgica di un'articolazione",
        "WITHDRAWN: PATIENTS WHO LEAVE CANCER TRIALS",
        "RETRACTED: Invented statins",
        "Statement of concern about invented tobacco",
        "Withdrawal: a neglected symptom",
        "Removal: when to take an invented drain out",
        "Publisher's note on open access",
    ],
)
def test_titles_that_papers_have(title: str) -> None:
    assert not is_notice_title(title)
    mark = own_mark(title)
    assert mark == ((NoticeKind.RETRACTED, "RETRACTED") if title.startswith("RETRACTED:") else None)


def test_a_mark_of_the_paper_itself_is_no_notice() -> None:
    assert not is_notice_title("TEMPORARY REMOVAL: Invented mice")
    assert not is_notice_title("Retracted Article: Invented mice")
    assert is_notice_title("Temporary removal: Invented mice")


def test_an_abstract_speaks_for_a_paper_unless_its_title_cannot_be_one() -> None:
    assert not is_notice_title("Retraction: an invented study of the nipple", LONG)
    assert is_notice_title("Corrigendum to: an invented study", LONG)


@pytest.mark.parametrize(
    ("title", "kind", "rest"),
    [
        ("RETRACTED: Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("RETRACTED ARTICLE: INVENTED MICE", NoticeKind.RETRACTED, "INVENTED MICE"),
        ("[RETRACTED] Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("RETRACTED CHAPTER – Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("WITHDRAWN: Invented mice", NoticeKind.WITHDRAWN, "Invented mice"),
        ("TEMPORARY REMOVAL: Invented mice", NoticeKind.WITHDRAWN, "Invented mice"),
        ("ARTIGO RETRATADO: Camundongos inventados", NoticeKind.RETRACTED, "Camundongos inventados"),
        ("ARTÍCULO RETRACTADO: Ratones inventados", NoticeKind.RETRACTED, "Ratones inventados"),
        ("Retracted: Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("[Retracted] Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("Retracted Article: Invented mice", NoticeKind.RETRACTED, "Invented mice"),
        ("Invented mice [RETRACTED]", NoticeKind.RETRACTED, "Invented mice"),
        ("Invented mice (Retracted)", NoticeKind.RETRACTED, "Invented mice"),
        ("Invented mice (Retracted Article)", NoticeKind.RETRACTED, "Invented mice"),
        ("Invented mice (retracted nipples)", None, "Invented mice (retracted nipples)"),
        ("Retracted articles: what follows", None, "Retracted articles: what follows"),
        ("Retracted: what follows", None, "Retracted: what follows"),
        ("Retracted: Who cares?", None, "Retracted: Who cares?"),
        ("RETRACTED papers on cancer", None, "RETRACTED papers on cancer"),
        ("RETRACTED ARTICLES: what follows", None, "RETRACTED ARTICLES: what follows"),
    ],
)
def test_capitals_mark_the_paper_itself(title: str, kind: NoticeKind | None, rest: str) -> None:
    assert [notice.kind for notice in marked(title)] == ([kind] if kind else [])
    assert unmarked(title) == rest
    assert not marked(title, [Notice(kind)] if kind else ())


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (("Retraction of Publication", "Letter"), NoticeKind.RETRACTED),
        (("Published Erratum",), NoticeKind.CORRECTED),
        (("Expression of Concern", "Editorial"), NoticeKind.CONCERN),
        (("retraction",), NoticeKind.RETRACTED),
        (("partial-retraction",), NoticeKind.CORRECTED),
        (("Retracted Publication", "Journal Article"), None),
        (("Corrected and Republished Article", "Published Erratum"), None),
        (("Journal Article", "preprint-withdrawal"), None),
        ((), None),
    ],
)
def test_types_tell_notices(types: tuple[str, ...], kind: NoticeKind | None) -> None:
    assert told_by_types(types) is kind


def test_what_indexes_add_to_the_title_of_a_fallen_paper():
    title = "Invented statins (Retracted article. See vol. 3, pg. 4, 2012)"
    assert own_mark(title) == (NoticeKind.RETRACTED, "Retracted article")
    assert unmarked(title) == "Invented statins"
    assert own_mark("Retracted article lists. See vol. 3 (of Invented statins)") is None
    assert own_mark("WITHDRAWN -- Invented statins") == (NoticeKind.WITHDRAWN, "WITHDRAWN")


@pytest.mark.parametrize("title", ["Retracted: Invented statins", "[Retracted] Invented statins"])
def test_a_fallen_title_is_a_notices_where_there_is_no_paper_behind_it(title: str) -> None:
    assert is_notice_title(title)
    assert is_notice_title(title, "Following the publication of this article, a reader wrote. " * 12)
    assert not is_notice_title(title, LONG)
    assert not is_notice(["Retracted Publication"], title)
