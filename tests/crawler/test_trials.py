"""Trial ids in text. Texts and ids are invented; the forms are the registers' own."""

import tomllib
from pathlib import Path

import pytest

from crawler.telling.trials import find_trials, to_trial
from domain.paper import TrialRole


@pytest.mark.parametrize(
    ("text", "registry", "number"),
    [
        ("NCT01234567", "clinicaltrials-gov", "NCT01234567"),
        ("nct 01234567", "clinicaltrials-gov", "NCT01234567"),
        ("ISRCTN 12345678", "isrctn", "ISRCTN12345678"),
        ("EudraCT number 2009-012345-12", "eu-ctr", "2009-012345-12"),
        ("EU CT registration 2023-501234-56-00", "eu-ctis", "2023-501234-56"),
        ("EU Clinical Trials Information System: 2023-501234-56-00", "eu-ctis", "2023-501234-56"),
        ("CTIS2023-501234-56-00", "eu-ctis", "2023-501234-56"),
        ("EUCTR2009-012345-12-NL", "eu-ctr", "2009-012345-12"),
        ("JPRN-UMIN000012345", "umin", "UMIN000012345"),
        ("UMIN-CTR (identification number: 000012345)", "umin", "UMIN000012345"),
        ("the ISRCTN registry, number 12345678", "isrctn", "ISRCTN12345678"),
        ("Medical Research in the Netherlands (NL-OMON54321)", "ntr", "NL-OMON54321"),
        ("ITMCTR2100001234", "itmctr", "ITMCTR2100001234"),
        ("HKUCTR-2345", "hkuctr", "HKUCTR-2345"),
        ("Trial registration, NTR: 3343", "ntr", "NTR3343"),
        ("ACTRN12605000123456", "anzctr", "ACTRN12605000123456"),
        ("ANZCTR number 12605000123456", "anzctr", "ACTRN12605000123456"),
        ("ACTRN12605000123456p", "anzctr", "ACTRN12605000123456"),
        ("CTRI/2017/08/009234", "ctri", "CTRI/2017/08/009234"),
        ("ChiCTR-TRC-10001234", "chictr", "ChiCTR-TRC-10001234"),
        ("ChiCTR1900012345", "chictr", "ChiCTR1900012345"),
        ("jRCTs031180001", "jrct", "jRCTs031180001"),
        ("UMIN-CTR 000012345", "umin", "UMIN000012345"),
        ("PACTR201501000123456", "pactr", "PACTR201501000123456"),
        ("DRKS00012345", "drks", "DRKS00012345"),
        ("IRCT20080901001165N1", "irct", "IRCT20080901001165N1"),
        ("Netherlands Trial Register NTR2345", "ntr", "NTR2345"),
        ("RBR-5zx9bk", "rebec", "RBR-5zx9bk"),
        ("KCT0001234", "cris", "KCT0001234"),
        ("SLCTR/2015/012", "slctr", "SLCTR/2015/012"),
        ("TCTR20150313001", "tctr", "TCTR20150313001"),
    ],
)
def test_each_register_has_its_form(text, registry, number):
    (trial,) = find_trials(f"The study is here ({text}).")
    assert (trial.registry, trial.id) == (registry, number)


_LABELS = Path(__file__).parents[2] / "benchmarks" / "labels" / "invented.toml"


@pytest.mark.parametrize(
    "row", tomllib.loads(_LABELS.read_text("utf-8"))["trial"], ids=lambda r: r["text"][:40]
)
def test_each_invented_sentence_is_read_as_labelled(row):
    found = find_trials(row["text"], report=row.get("report", False))
    reports = {trial.id for trial in found if trial.role is TrialRole.REPORTS}
    assert reports == set(row.get("reports", ()))
    assert {trial.id for trial in found} - reports == set(row.get("mentions", ()))


def test_evidence_keeps_the_dashes_that_are_printed():
    (trial,) = find_trials("Registered: EudraCT\u00a02012\u2013001234\u201356.")
    assert trial.id == "2012-001234-56"
    assert trial.evidence == "Registered: EudraCT 2012\u2013001234\u201356."


def test_a_source_may_give_the_number_alone():
    for given in ("NCT01234567", "01234567"):
        trial = to_trial("ClinicalTrials.gov", given)
        assert trial is not None
        assert trial.id == "NCT01234567"


@pytest.mark.parametrize(
    "text",
    [
        "NCT00000000", "XNCT012345678", "NCT0123456", "Grant 2009-012345-12", "NTR2345 receptor",
        "RBR-proteins", "TCTR20159913001", "Funding CTRI/17/8/9", "Grant 2023-501234-56", "NL 54321",
        "Patients registered (BE: 250; NL: 1345)",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_id(text):
    assert find_trials(text) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "This trial is registered with ISRCTN, number ISRCTN12345678.",
        "(ClinicalTrials.gov number, NCT01234567.)",
        "Trial registration: jRCTs031180001.",
        "The protocol was registered at ClinicalTrials.gov under no. NCT01234567.",
    ],
)
def test_own_registration_reports(sentence):
    (trial,) = find_trials(f"We gave A or B. {sentence} Nothing else.")
    assert trial.role is TrialRole.REPORTS
    assert trial.evidence == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "An ongoing trial (ClinicalTrials.gov NCT01234567) will answer this.",
        "A previous trial registered as NCT01234567 failed.",
        "Data from NCT01234567 were used.",
        "We planned a trial registered as ISRCTN12345678.",
        "Drug A is in trials such as NCT01234567 (registered).",
    ],
)
def test_other_trials_are_only_mentioned(sentence):
    (trial,) = find_trials(sentence)
    assert trial.role is TrialRole.MENTIONS


@pytest.mark.parametrize(
    "sentence",
    [
        "In this randomised trial (NCT01234567), adults were allocated to A or B.",
        "EXAMPLE-1 was an open-label, randomised phase 3 trial (ISRCTN12345678) at 27 centres.",
        "Adults were randomly assigned to A with or without B (NCT01234567).",
        "Patients with previously untreated disease received A (ClinicalTrials.gov NCT01234567).",
        "(NCT01234567.)",
        "Adults were recruited at 12 centres in Japan (NCT01234567).",
        "Adults were recruited from 12 centres of a trial group (NCT01234567).",
        "In this second interim analysis of EXAMPLE-1 (NCT01234567), A was better than B.",
    ],
)
def test_a_report_names_its_own_trial_in_passing(sentence):
    (named,) = find_trials(f"A text. {sentence} More.", report=True)
    (elsewhere,) = find_trials(f"A text. {sentence} More.")
    assert (named.role, elsewhere.role) == (TrialRole.REPORTS, TrialRole.MENTIONS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Unlike the EXAMPLE-2 trial (NCT01234567), this trial had no upper age limit.",
        "As in EXAMPLE-2 (NCT01234567), patients were randomised to A or B.",
        "In the earlier phase 3 trial (NCT01234567) patients were randomly assigned to A.",
        "A was previously shown to help in this setting in the EXAMPLE-2 trial (NCT01234567).",
        "Women who had taken part in NCT01234567 could enter this study.",
        "Survival was longer than in the EXAMPLE-2 study (ClinicalTrials.gov NCT01234567).",
        "The ongoing EXAMPLE-3 trial (NCT01234567) will tell.",
        "EXAMPLE-2 (NCT01234567) did not meet its endpoint.",
        "Blood of women who were enrolled at 12 centres (NCT01234567) was kept.",
        "This was a secondary analysis of a randomised trial registered as NCT01234567.",
        "An updated analysis of EXAMPLE-2 (NCT01234567) came out meanwhile.",
        "Women were recruited from the control arm of the EXAMPLE-2 trial (NCT01234567).",
    ],
)
def test_a_report_does_not_take_other_trials_for_its_own(sentence):
    (trial,) = find_trials(f"We gave A. {sentence}", report=True)
    assert trial.role is TrialRole.MENTIONS


def test_a_stated_registration_outweighs_one_in_passing():
    text = "In EXAMPLE-2 (NCT01234567) patients were randomised to A. This trial is registered, NCT01234568."
    roles = {trial.id: trial.role for trial in find_trials(text, report=True)}
    assert roles == {"NCT01234567": TrialRole.MENTIONS, "NCT01234568": TrialRole.REPORTS}


def test_evidence_is_one_line():
    (trial,) = find_trials("Registered with\nISRCTN12345678.")
    assert trial.evidence == "Registered with ISRCTN12345678."


def test_one_trial_once_with_the_stronger_role():
    text = "An ongoing arm (NCT01234567) goes on. This study is registered, NCT 01234567."
    (trial,) = find_trials(text)
    assert trial.role is TrialRole.REPORTS


def test_databank_entries():
    trial = to_trial("ClinicalTrials.gov", " nct01234567 ", TrialRole.REPORTS)
    assert trial is not None
    assert (trial.registry, trial.id, trial.role) == ("clinicaltrials-gov", "NCT01234567", TrialRole.REPORTS)
    assert to_trial("GENBANK", "AF123456") is None
    assert to_trial("ClinicalTrials.gov", "pending") is None
    number = to_trial("ISRCTN", "12345678")
    assert number is not None
    assert number.id == "ISRCTN12345678"


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("We report the primary analysis of the EXAMPLE-1 trial (NCT01234567).", TrialRole.REPORTS),
        ("Results from EXAMPLE-1 (NCT01234567) are reported here.", TrialRole.REPORTS),
        ("Here we present final results of EXAMPLE-1 (NCT01234567).", TrialRole.REPORTS),
        ("The final analysis of EXAMPLE-1 (NCT01234567) is reported here.", TrialRole.REPORTS),
        ("We report that results of EXAMPLE-1 (NCT01234567) changed practice.", TrialRole.MENTIONS),
        ("We report the outcome of patients treated in EXAMPLE-1 (NCT01234567).", TrialRole.MENTIONS),
        ("We report a pooled analysis of EXAMPLE-1 (NCT01234567) and others.", TrialRole.MENTIONS),
        ("Results of the primary analysis of EXAMPLE-1 (NCT01234567) are reported here.", TrialRole.REPORTS),
        (
            "Results of EXAMPLE-1 (NCT01234567) were published before and the results of our survey of nurses"
            " are presented here.",
            TrialRole.MENTIONS,
        ),
        (
            "We report a case with long survival from lung cancer in a woman treated in the EXAMPLE-1 trial"
            " (NCT01234567).",
            TrialRole.MENTIONS,
        ),
    ],
)
def test_a_report_may_say_outright_whose_results_it_tells(sentence, role):
    assert [trial.role for trial in find_trials(sentence)] == [role]
