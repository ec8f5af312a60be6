"""How many were studied. All sentences are invented."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.telling.samples import sample_size
from domain.body import Passage, Place


def read(*texts, place=Place.ABSTRACT, label=""):
    found = sample_size([Passage(text, place, label) for text in texts])
    return (found.number, found.unit) if found else None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We enrolled 1,234 patients; 600 were given A and 634 B.", (1234, "patients")),
        ("A total of 245 women with breast cancer were included.", (245, "women")),
        ("Sixty-two consecutive patients underwent surgery.", (62, "patients")),
        ("One hundred and twenty-three children were treated.", (123, "children")),
        ("Two thousand five hundred participants were recruited.", (2500, "participants")),
        ("Forty mice were randomized to four groups of ten.", (40, "mice")),
        ("Twelve randomised trials met the inclusion criteria.", (12, "studies")),
        ("A total of 24 cell lines were analysed.", (24, "cell lines")),
        ("In all, 57 older adults were interviewed.", (57, "participants")),
        ("Between 2001 and 2010, 88 men were enrolled.", (88, "men")),
        ("In 2012 patients had better outcomes.", None),
        ("Every year 14 million people are diagnosed.", None),
        ("Mice were given A (n = 10 per group).", None),
        ("Patients (n = 45) were enrolled at three centres.", (45, "patients")),
        ("Adult women (N=1,204) were recruited.", (1204, "women")),
        ("Patients (n = 45) and controls (n = 40) were enrolled.", None),
        ("Of the enrolled patients (n = 30), half were men.", None),
        ("In this single-arm trial, 43 patients were enrolled.", (43, "patients")),
        ("In the first arm, 43 patients were enrolled.", None),
        ("This three-arm randomised trial included 450 women with cancer.", (450, "women")),
        ("The remaining patients (n = 9) were treated.", None),
        ("Some patients (n = 15) were treated twice.", None),
        ("Three patients were excluded and the data of the others analysed.", None),
        ("Most women (n = 15) were treated twice.", None),
        ("Some 3,000 women were enrolled.", (3000, "women")),
        ("The other 22 patients were treated.", None),
        ("We enrolled 22 patients without other diseases.", (22, "patients")),
        ("Of 5000 patients screened, 320 patients were included.", (320, "patients")),
        ("A total of 5000 women were screened.", (5000, "women")),
        ("Of these, 23 patients died.", None),
        ("Of the 100 patients, 12 responded.", (100, "patients")),
        ("We treated 30 patients in each arm.", None),
        ("At least 500 patients will be enrolled.", None),
        ("Patients aged 60 years were included.", None),
        ("We investigated four cases in which an invented probe bound to the gene.", None),
        ("A total of 120 cases in whom surgery had failed were reviewed.", (120, "patients")),
        (
            "Data of 15 760 samples comprising of 8395 cases and 7365 controls were analysed.",
            (15760, "samples"),
        ),
        ("We enrolled 310 cases and 290 healthy controls.", None),
        ("We enrolled 310 cases, and controls were not sought.", (310, "patients")),
        ("A total of 600 people (310 cases and 290 controls) were enrolled.", (600, "participants")),
        ("A total of 15\u2009760 samples were analysed.", (15760, "samples")),
        ("And 8 reactions were reported by 6 patients, including a rash that was treated.", None),
        ("Fever occurred in 6 patients, who were treated.", None),
        ("We followed 1,204 patients for five years.", (1204, "patients")),
        ("The drug was followed by 20 patients with pain.", (20, "patients")),
        ("The final cohort comprised 7 891 survivors.", (7891, "participants")),
        ("Participants (N = 230) answered.", (230, "participants")),
        ("Participants (n = 23) answered.", (23, "participants")),
        ("Of 3,120 patients screened, 1,020 were enrolled.", (1020, "patients")),
        ("Of the 400 women approached, 12 (3%) were included.", (12, "women")),
        ("Of the 400 women treated, 12 were cured.", (400, "women")),
        ("Twenty-four C57BL/6 mice were randomised into three groups.", (24, "mice")),
        ("We enrolled patients, of whom 12/34 patients died.", None),
        ("By June 2020, 1999 patients were included.", (1999, "patients")),
        ("A total of 1999 patients were included.", (1999, "patients")),
        ("In January, 1999 patients were included.", None),
        ("The survey was completed by 612 general practitioners.", (612, "participants")),
        # those who were left of those looked at
        ("Of 940 screened, 212 were randomised.", (212, "participants")),
        ("Of the 512 women assessed for eligibility, 400 underwent randomization.", (400, "women")),
        (
            "Of 2,310 patients who were assessed, 1,998 met the criteria and were analysed.",
            (1998, "patients"),
        ),
        ("Of 150 eligible patients, 120 consented and were enrolled.", (120, "patients")),
        ("We screened 812 patients, of whom 540 were enrolled.", (540, "patients")),
        ("Of 940 screened, 212 were not randomised.", None),
        ("Of 940 screened, 212 were excluded.", None),
        ("Of 940 treated, 212 were randomised.", None),
        ("Of 3,400 women invited, 2,100 took part.", (2100, "women")),
        ("Out of 500 patients screened, 300 met inclusion criteria.", (300, "patients")),
        ("We assessed 640 patients for eligibility and randomly assigned 402.", (402, "patients")),
        ("A total of 1500 men were invited; 900 attended.", (900, "men")),
        ("A total of 1500 men were invited; 900 declined.", (1500, "men")),
        ("402 participants were randomised (201 per group).", (402, "participants")),
        ("The cohort included 45 patients from Fiji and 55 from Samoa.", None),
        ("Data of 12,345 patients were extracted from the registry.", (12345, "patients")),
        ("Four hundred and eleven nurses answered the questionnaire.", (411, "participants")),
        ("We enrolled 8814 men and women.", (8814, "participants")),
        ("Forty-seven genes altered in all cases were extracted.", None),
        ("They were divided into three groups: 30 patients with A, 30 with B and 30 with C.", None),
        # arms of a trial
        ("Patients were randomised 1:1 to drug (n=120) or placebo (n=122).", (242, "patients")),
        ("Women were assigned to A (n = 1,020), B (n = 1,010) or C (n = 1,000).", (3030, "women")),
        ("Patients given A (n=120) or placebo (n=122) were compared.", None),
        ("101 patients were randomly assigned to receive A and 99 to receive B.", (200, "patients")),
        ("We assigned 553 women to a supply of pills and 530 women to a visit.", (1083, "women")),
        ("We enrolled 60 women to learn and 20 to teach.", (60, "women")),
        ("Patients with A were included (n = 310).", (310, "patients")),
        ("Patients with A were treated (n = 310).", (310, "patients")),
        # what a study is of
        ("This was a retrospective analysis of 77 patients.", (77, "patients")),
        ("In a recent analysis of 77 patients A was better.", None),
        ("A cross-sectional study was performed on 1425 children.", (1425, "children")),
        ("Data from 385 women were used.", (385, "women")),
        ("Samples were obtained from 172 patients.", (172, "patients")),
        ("Samples were obtained from two patients.", None),
        ("The analysis of samples found in 172 patients goes on.", None),
        ("A validation set of 60 patients was studied.", None),
        ("It was reviewed by a committee consisting of three nurses.", None),
        ("It was reviewed by a panel consisting of 40 nurses.", (40, "participants")),
        ("150 participants (mean age, 14 years; 73 girls, 77 boys) were included.", (150, "participants")),
        ("We randomly assigned 1167 adults, 1136 (97%) of whom stayed.", (1167, "participants")),
        ("A total of 252 cases (90% answered) and 637 controls were enrolled.", None),
        ("80 patients were randomly assigned to A or B.", (80, "patients")),
        ("Étude portant sur 214 patients.", (214, "patients")),
        ("Se asignaron al azar 240 mujeres.", (240, "women")),
        ("Interviews were held with 15 fathers.", (15, "men")),
        ("The scale was administered to 522 outpatients.", (522, "patients")),
        ("The scale was sent to 522 outpatients.", None),
        ("Eight trials were pooled.", (8, "studies")),
        ("Of 12 papers, 3 were included.", (3, "studies")),
        ("We found 12 papers in the survey, of which 3 included women.", None),
        ("Questionnaires were sent to 500 women; 212 responded.", None),
        ("Questionnaires were sent to 500 women and 212 (42%) responded.", None),
        ("To the survey, 212 women in nine distant towns responded.", (212, "women")),
        ("Twelve nurses completed the course; the data are new.", (12, "participants")),
        ("Étude rétrospective de 75 patients.", (75, "patients")),
        ("Forty rats were assigned to four groups.", (40, "rats")),
        ("Retrospektive Analyse von 84 Patienten.", (84, "patients")),
        # those who open a sentence, where no more are told of
        ("Thirty patients with A received B.", (30, "patients")),
        ("Between 2001 and 2004, 30 patients were treated.", (30, "patients")),
        ("Thirty patients with A received oil. Of the 45 patients, nine were studied.", None),
        ("Six patients received B in the survey.", None),
        ("The test was performed in 165 patients in the study.", (165, "patients")),
        ("The test was performed in 65 of the 165 patients studied.", (165, "patients")),
        # studies of those found
        ("Of 640 citations, of which 21 were included, none was new.", (21, "studies")),
        ("534 articles screened, and 115 included.", (115, "studies")),
        ("Of 2,310 citations retrieved, 46 met the inclusion criteria.", (46, "studies")),
        # other words for taking part
        ("Among 53 455 individuals followed for 12 years, 1,204 fell ill.", (53455, "participants")),
        ("Responses were received from 289 oncologists.", (289, "participants")),
        ("1,112,000 women attended screening.", (1112000, "women")),
        ("Se incluyeron 245 pacientes con dolor.", (245, "patients")),
        ("Foram incluídas 130 mulheres.", (130, "women")),
        ("Twelve women died.", None),
        ("Data were provided for 9,153 patients with A from 32 observational studies.", (9153, "patients")),
        ("Data were provided for 153 patients with A.", (153, "patients")),
        ("THE COHORT INCLUDED 45 PATIENTS FROM FIJI AND 55 FROM SAMOA.", None),
        ("WE ENROLLED 45 PATIENTS.", (45, "patients")),
        # parts of a whole, side by side
        ("The sample consisted of 24 nurses and 12 physicians.", None),
        ("We enrolled 120 men and 140 women.", None),
        ("We enrolled 90 patients (58 men and 32 women).", (90, "patients")),
        ("We enrolled 90 patients and 40 carers.", None),
        ("A total of 36 donors who fell ill later and 436 recipients were included.", None),
        ("PARTICIPANTS: 19 patients with cramp and their 19 carers.", None),
        ("We enrolled 90 patients and 12 months later asked them again.", (90, "patients")),
        ("Nineteen patients were enrolled in the oil group and 16 patients in the other.", None),
        ("In total, 478 women were enrolled, and 435 women stayed.", (478, "women")),
        ("Tissue of nine lean and six heavy women was stained.", None),
        # those told of before may be the whole
        ("Of 33 cases, most were mild. Six cases with cramp were examined.", None),
        ("Of 33 cases, most were mild. Thirty cases met the inclusion criteria.", (30, "patients")),
        # the first whom no other number exceeds, where nothing is said of any
        ("Forty rats were fed oil (n = 20 each). A rash was seen in 12 rats.", (40, "rats")),
        ("Thirty patients with 41 lesions had oil.", (30, "patients")),
        ("Oil helped 12 women. Its makers told 30 women of it.", None),
        ("Nine women were fed oil.", None),
        ("Oil was found in 12 samples.", None),
        ("Oil may help 40 women.", None),
        ("Among 40 women with pain, ten slept.", None),
        ("The oil of 40 women was compared with that of 30 men.", None),
        ("Forty women had oil and 30 bread.", None),
        ("In a recent study of 400 women oil helped.", None),
        ("In all, 400 hypothetical women were studied.", None),
        # numbers and those whom they count
        ("We followed 1.25 million adults.", (1_250_000, "participants")),
        ("We followed 1·25 million adults.", (1_250_000, "participants")),
        ("We swabbed 161 healthy 2-4 y old children.", (161, "children")),
        ("We studied 56 severely obese (over 40), unrelated women.", (56, "women")),
        ("Sixty-one (42 male) patients were recruited.", (61, "patients")),
        ("We studied 71 (78.9%) men.", None),
        ("IL24 was studied in nude mice.", None),
        ("We bought 13 shelves and test cases.", None),
        ("We studied 120 black and white women.", (120, "women")),
        ("Women aged 20 to 30 (n = 702) slept.", (702, "women")),
        ("Women given oil (n = 42) slept.", None),
        ("The tests of 2008 (N=7,054 adults) were analyzed.", (7054, "participants")),
        ("We enrolled 156 new and 68 treated patients.", None),
        ("Eighty-nine adults came: 24 with pain, 65 without.", (89, "participants")),
        ("Seventeen women had at least one dose.", (17, "women")),
        ("Nurses (n = 240) had tended 12 phases of 60 cases.", (240, "participants")),
        ("Files of 612 men seen between 2011 and 2016 were read.", (612, "men")),
        ("Groups of three to six women had it. Thirty women slept.", (30, "women")),
        ("Data of 664 MM patients were used.", (664, "patients")),
        ("Data of 664 mm were used for patients.", None),
        ("We call for vaccination of 12 million girls.", None),
        ("We saw 101 men and 102 women, a total of 203 people.", (203, "participants")),
        ("Of 2514 women, a total of 54 women fell ill.", (2514, "women")),
        ("In all, 5,230 men were registered, of whom 4,110 were randomised.", (4110, "men")),
        ("Among the 469 patients with A, 361 met the criteria.", (361, "patients")),
        ("Among the 469 patients, 361 (77%) met the criteria.", (469, "patients")),
        ("The 40 women were seen by nurses and by two doctors.", (40, "women")),
        ("We genotyped 141 patients (78 women and 63 men) and 372 sex-matched normal adults.", None),
        ("Twenty eligible studies used oil.", (20, "studies")),
        ("A register helped to identify 132 patients. There were 20,848 patients.", (132, "patients")),
        ("We aimed to recruit 200 patients.", None),
        ("A sample size of 200 patients was required.", None),
        ("The registry recorded 1,234,567 new cases.", None),
        # headings within a text
        ("BACKGROUND We enrolled 40 men before. METHODS We enrolled 30 men.", (30, "men")),
        ("Methods: We enrolled 30 men. Conclusions: We enrolled 40 men in all.", (30, "men")),
        ("PARTICIPANTS 39 619 men of the town.", (39619, "men")),
        # studies, not those who took part in them
        ("Nine papers with in total 6225 women were included.", (9, "studies")),
        ("Data came from six old cohorts. We used 400 adults.", (400, "participants")),
        # no number of those studied
        ("Centres enrolled 18 to 2,174 patients.", None),
        ("We enrolled a further 20 patients.", None),
        ("The ministry tells that 422 million people suffer from it.", None),
        ("We screened 135 women, of whom 40 with cramp and 39 with pain were recruited.", None),
        ("We found the gene and replicated this in 6,200 subjects.", None),
        ("Study 1 involved 295 patients.", None),
        ("The survey was mailed to a random sample of 2,000 nurses.", None),
        ("Sixty took part with the potential to recruit 2,408 patients.", None),
        ("We studied kin from 5 families having many individuals with cramp.", None),
        ("The marker stood at 35 cM when affected persons were added.", None),
        ("Young women and men (n = 32) were recruited.", (32, "participants")),
        ("Three quarters of patients were treated.", None),
        ("", None),
    ],
)
def test_sample_size(text, found):
    assert read(text) == found


def test_a_background_counts_nobody():
    assert read("We studied 100 patients before.", label="BACKGROUND") is None
    assert read("We studied 100 patients before.", place=Place.INTRODUCTION) is None


def test_the_words_are_given():
    found = sample_size([Passage("It began. We enrolled 50 men with pain. It ended.", Place.ABSTRACT)])
    assert found is not None
    assert found.evidence == "We enrolled 50 men with pain."


@given(st.text(alphabet="0123456789 ,.ofpatients-tweny", max_size=400))
def test_any_text_is_read(text):
    read(f"A total {text} patients")


def test_long_lists_of_numbers_are_read_in_a_moment():
    began = time.process_time()
    read(
        "We enrolled " + "one hundred and two " * 3000 + "patients", "total of " + "12 - " * 5000 + "patients"
    )
    assert time.process_time() - began < 3


def test_a_number_that_opens_the_section_on_those_studied_is_the_whole():
    assert read("Six men whose mothers were tested.", label="Participants") == (6, "men")
    assert read("Six men whose mothers were tested.", label="Setting") is None
