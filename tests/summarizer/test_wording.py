import pytest

from domain.digest import Role
from summarizer.plain.telling import _full_stop, _is_broken
from summarizer.plain.terms import load_glossary, to_glossary
from summarizer.plain.wording import (
    Telling,
    complete,
    drop_opener,
    drop_statistics,
    in_plain_words,
    plain_signs,
    strip_citations,
    third_person,
)
from summarizer.text.abbreviations import Speller, find_abbreviations

# A small glossary of our own, in the form of config/glossary.toml.
GLOSSARY = to_glossary(
    [
        {
            "word": "metastasis",
            "forms": ["metastases", "metastatic"],
            "meaning": "Cancer that has spread from where it began.",
            "plain": "cancer that has spread",
            "plain_forms": {"metastatic": "that has spread"},
        },
        {"word": "renal", "meaning": "Of the kidneys.", "plain": "kidney"},
        {"word": "PET", "meaning": "A scan that shows where the body uses sugar."},
        {"word": "placebo", "meaning": "A treatment without any drug.", "plain": "dummy treatment"},
    ]
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It grows fast [12, 13].", "It grows fast."),
        ("It grows fast (Jones et al., 2010; Smith, 2011).", "It grows fast."),
        ("It grows fast (see Figure 2A).", "It grows fast."),
        ("It grows fast (ref. 8), or not (see refs 3–5).", "It grows fast, or not."),
        ("It grows fast. DOI: http://dx.doi.org/10.5555/12", "It grows fast."),
        ("It was given to 12 (30%) of them in 2010.", "It was given to 12 (30%) of them in 2010."),
        ("It turns (Figure 1A and Figure 1—figure supplement 1B).", "It turns."),
        ("It turns ( Figure 2 ) twice.", "It turns twice."),
        ("It was done (video-assisted) twice.",) * 2,
        ("They eat salt (table salt) daily.",) * 2,
        ("It grew (Tables S1 and II; supplementary figure EV3, p. 4).", "It grew."),
        ("It turns (Figure) twice.", "It turns twice."),
        ("It turns (figures of speech are turned as well, and more often) twice.",) * 2,
    ],
)
def test_citations_go(before, after):
    assert strip_citations(before) == after


@pytest.mark.parametrize("piece", ["Fig. 1, ", "Lee 2002; "])
def test_a_bracket_full_of_works_that_never_closes_is_no_burden(piece):
    text = "It turns (" + piece * 2_000
    assert strip_citations(text) == text.strip()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Survival was longer (18.2 vs 12.1 months; HR 0.73, 95% CI 0.65-0.81, p<0.001).",
            "Survival was longer (18.2 vs 12.1 months).",
        ),
        ("It was more common (P = .03) in men.", "It was more common in men."),
        ("It did no worse (p for non-inferiority=0.004).", "It did no worse."),
        ("It fell (odds ratio, 1.14; 95% confidence interval [CI], 1.00 to 1.30; P=0.046).", "It fell."),
        (
            "It was lower [34.6% vs. 64.0%; hazard ratio 0.40 (95% CI: 0.16-0.98)].",
            "It was lower (34.6% vs. 64.0%).",
        ),
        ("Most (95%) were women (n = 30).", "Most (95%) were women (n = 30)."),
        ("It rose (p = 0.01 and p = 0.03, respectively).", "It rose."),
        ("Overall survival (OS) was good.", "Overall survival (OS) was good."),
        (
            "It fell (odds ratios: men 0.74 (0.51 to 1.09); women 0.43 (0.20 to 0.95)).",
            "It fell (odds ratios: men 0.74 (0.51 to 1.09); women 0.43 (0.20 to 0.95)).",
        ),
        ("Given once (2 mg, or 4 mg in men).", "Given once (2 mg, or 4 mg in men)."),
    ],
)
def test_bracketed_statistics_go_and_findings_stay(before, after):
    assert drop_statistics(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("∼20% of ~300 people", "about 20% of about 300 people"),
        ("those aged ≥65 years (>50%)", "those aged at least 65 years (more than 50%)"),
        ("18.2 vs 12.1 months", "18.2 compared with 12.1 months"),
        ("p<0.05 was significant", "p<0.05 was significant"),
        ("drug A vs drug B", "drug A vs drug B"),
        ("some (~5) and x~5, in <5 and x<5", "some (about 5) and x~5, in less than 5 and x<5"),
    ],
)
def test_signs_become_words(before, after):
    assert plain_signs(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("We found that it grew.", "The researchers found that it grew."),
        ("When we looked, we saw it.", "When the researchers looked, they saw it."),
        ("Our results suggest so.", "The results suggest so."),
        ("It advances our understanding of cancer.", "It advances our understanding of cancer."),
        ("We used our own method.", "The researchers used their own method."),
        ("It allowed us to see.", "It allowed the researchers to see."),
        ("We know little about it.", "We know little about it."),
        ("The weekly dose was low.", "The weekly dose was low."),
        ("Our previous work showed it.", "The researchers’ previous work showed it."),
        ("Our surroundings shape us.", "Our surroundings shape us."),
        ("It grew with our antibody.", "It grew with the antibody."),
        ("It lives on in our closest living relatives.", "It lives on in our closest living relatives."),
    ],
)
def test_we_becomes_the_researchers(before, after):
    assert third_person(before) == after


def test_openers_go_and_links_stay_where_they_link():
    assert drop_opener("Here, we show it.", follows=True) == "We show it."
    assert drop_opener("Here we show it.", follows=True) == "We show it."
    assert drop_opener("In conclusion, it works.", follows=True) == "It works."
    assert drop_opener("However, it failed.", follows=True) == "However, it failed."
    assert drop_opener("However, it failed.", follows=False) == "It failed."
    assert drop_opener("Moreover, p53 fell.", follows=False) == "p53 fell."
    assert drop_opener("In addition to A, B rose.", follows=False) == "In addition to A, B rose."
    assert drop_opener("Thus far, nothing helps.", follows=False) == "Thus far, nothing helps."


def test_fragments_of_structured_abstracts_become_sentences():
    whole = "The aim was to see whether it works."
    assert complete("To see whether it works.", "AIM", Role.QUESTION) == whole
    same = "To see whether it works, we measured it."
    assert complete(same, "AIM", Role.QUESTION) == same
    assert (
        complete("Retrospective cohort study.", "DESIGN", Role.METHOD)
        == "This was a retrospective cohort study."
    )
    assert complete("To see is to know.", "", Role.BACKGROUND) == "To see is to know."


def test_plain_words_keep_their_capital():
    before = "Prior to surgery, a novel drug was utilised."
    assert load_glossary().simplify(before) == "Before surgery, a new drug was used."


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("Overall survival (OS) was long.", "OS", "overall survival"),
        ("The drug acts on double-strand breaks (DSBs) only.", "DSBs", "double-strand breaks"),
        ("cancer-causing APC (adenomatous polyposis coli) mutants", "APC", "adenomatous polyposis coli"),
        ("Kaposi sarcoma (KS) is rare.", "KS", "Kaposi sarcoma"),
        ("a 95% confidence interval [CI] of 2", "CI", "confidence interval"),
    ],
)
def test_abbreviations_are_found(text, short, long):
    assert find_abbreviations(text)[short].long == long


def test_brackets_that_define_nothing_are_left():
    assert not find_abbreviations("Patients (USA) and mice (n = 30) took it (AB12).")


def spell(text, *rest, source="Overall survival (OS) and double-strand breaks (DSBs) count."):
    return Speller(find_abbreviations(source)).spell(text, " ".join(rest))


def test_abbreviations_are_spelt_out_at_first_use():
    assert spell("An OS of 5 years.")[0] == "An overall survival of 5 years."
    assert spell("OS rose.", "OS fell.")[0] == "Overall survival (OS) rose."
    assert spell("A DSB forms.")[0] == "A double-strand break forms."
    assert spell("Overall survival (OS) rose.")[0] == "Overall survival rose."
    assert spell("DSB-bound proteins")[0] == "Double-strand break (DSB)-bound proteins"


def test_short_forms_that_everybody_knows_stay_short():
    source = "Human immunodeficiency virus (HIV) and magnetic resonance imaging (MRI)."
    assert spell(source, source=source)[0] == source
    assert spell("An MRI scan.", source=source)[0] == "An MRI scan."


def test_abbreviations_in_brackets_are_explained_instead():
    assert spell("It lived (OS 5 years).") == ("It lived (OS 5 years).", {"OS": "overall survival"})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It leads to metastasis in mice.", "It leads to cancer that has spread in mice."),
        ("It leads to liver metastasis in mice.", "It leads to liver metastasis in mice."),
        ("Metastasis formation was seen.", "Metastasis formation was seen."),
        ("They had metastatic disease.", "They had metastatic disease."),
        ("They had metastases.", "They had metastases."),
        ("Renal function was low.", "Kidney function was low."),
        ("A renal-sparing drug.", "A renal-sparing drug."),
    ],
)
def test_plain_words_stand_only_where_grammar_allows(before, after):
    assert GLOSSARY.simplify(before) == after


def test_terms_are_explained_once_and_only_where_meant():
    explained = set()
    assert [term.word for term in GLOSSARY.terms("Metastases on PET, in a pet.", explained)] == [
        "Metastases",
        "PET",
    ]
    assert GLOSSARY.terms("Metastatic disease.", explained) == ()


def test_one_thing_keeps_one_name():
    texts = ["They took placebo for a year.", "The placebo group fell."]
    kept = GLOSSARY.misfits(texts)
    assert [GLOSSARY.simplify(text, kept) for text in texts] == texts


def test_a_sentence_is_told_whole():
    telling = Telling(Speller(find_abbreviations("Overall survival (OS).")), GLOSSARY)
    source = "Furthermore, we found that OS may be longer (18 vs 12 months; P=0.01) without metastasis."
    text, terms = in_plain_words(source, Role.RESULT, telling, follows=False, later="")
    assert text == (
        "The researchers found that overall survival may be longer (18 compared with 12 months) "
        "without cancer that has spread."
    )
    assert terms == ()
    second, _ = in_plain_words("We also found more.", Role.RESULT, telling, follows=False, later="")
    assert second == "They also found more."


@pytest.mark.parametrize(
    ("word", "meant", "not_meant"),
    [
        ("drug resistance", "Resistance to the drug arose in a year.", "They did resistance exercise."),
        (
            "crossover",
            "This crossover trial had two periods.",
            "Crossovers form between homologous chromosomes.",
        ),
        (
            "screening",
            "Screening lowered deaths from bowel cancer.",
            "A genome-wide screening found ten genes.",
        ),
        ("regression", "A logistic regression was used.", "The drug led to tumour regression in mice."),
        ("randomised", "Patients were randomised to a drug.", "Mutants showed randomised spindles."),
        ("morphology", "The morphology of cells changed.", "The morphogenesis of limbs changed."),
        (
            "hormone therapy",
            "Hormone therapy slowed prostate cancer.",
            "Menopausal hormone therapy eased sleep.",
        ),
        (
            "hormone therapy",
            "Endocrine therapy helped postmenopausal women.",
            "Thyroid hormone therapy helped.",
        ),
        ("hormone therapy", "They had hormone therapy.", "Hormone therapy after menopause raised the risk."),
        ("hormone therapy", "Hormonal therapy was given.", "Gender-affirming hormone therapy was begun."),
        ("grade", "The tumour was of a low grade.", "Adverse events of a high grade were rare."),
        ("response rate", "The response rate was 30%.", "The response rate to the survey was 30%."),
        ("luminal", "The luminal side of the duct grew.", "Luminal A breast cancer grew slowly."),
        ("progression", "The drug slowed progression.", "The gene slowed cell cycle progression."),
        ("resection", "Resection of the tumour was complete.", "DNA end resection was slower."),
    ],
)
def test_a_word_is_explained_only_in_the_sense_that_is_explained(word, meant, not_meant):
    glossary = load_glossary()
    meaning = glossary.terms(meant, set())
    assert word in {glossary.entry(term.word).word for term in meaning}
    assert word not in {glossary.entry(term.word).word for term in glossary.terms(not_meant, set())}


def test_everyday_words_are_replaced_but_never_explained():
    glossary = load_glossary()
    text = "Cancer was frequently found at surgery via novel tests."
    assert glossary.terms(text, set()) == ()
    assert "often" in glossary.simplify(text)


def test_a_sentence_opens_with_a_capital_even_where_its_source_has_none():
    telling = Telling(Speller({}), GLOSSARY)
    text, _ = in_plain_words("children fared better.", Role.RESULT, telling, follows=False, later="")
    assert text == "Children fared better."
    text, _ = in_plain_words("anti-PD-1 drugs failed.", Role.RESULT, telling, follows=False, later="")
    assert text == "Anti-PD-1 drugs failed."
    for named in ("p53 is lost.", "unc-13 is lost.", "mTOR is lost."):
        text, _ = in_plain_words(named, Role.RESULT, telling, follows=False, later="")
        assert text == named


def test_statistics_go_from_nested_brackets_and_the_rest_stays():
    text = "It improved sensitivity [92% (95% CI, 82-97)] and survival (moderate heterogeneity, I² = 41%)."
    assert drop_statistics(text) == "It improved sensitivity [92%] and survival."
    text = "Song was longer (survival 70% [95% CI 50-83] vs 44% [in 23 of 52])."
    assert drop_statistics(text) == "Song was longer (survival 70% vs 44% [in 23 of 52])."


def test_the_researchers_keep_their_name_where_they_speak_of_others():
    text = "We suggest they also help, since we saw them there."
    assert third_person(text) == (
        "The researchers suggest they also help, since the researchers saw them there."
    )


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "a 20-y-old woman lived 43.1 y (range 2 yrs)",
            "a 20-year-old woman lived 43.1 years (range 2 years)",
        ),
        ("1 y later, and after 6 mo.", "1 year later, and after 6 months."),
        ("group 3 may differ", "group 3 may differ"),
    ],
)
def test_short_units_of_time_are_written_out(text: str, plain: str) -> None:
    assert plain_signs(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Pain fell, with a ∼60% drop in doses.", "Pain fell, with about a 60% drop in doses."),
        ("An approximately 80% rise was seen.", "About an 80% rise was seen."),
        ("It rose in similarly treated mice.", "It rose in similarly treated mice."),
        (
            "Regarding the high number of falls, rest is best.",
            "Regarding the high number of falls, rest is best.",
        ),
    ],
)
def test_what_takes_a_words_place_fits_those_beside_it(text: str, plain: str) -> None:
    telling = Telling(Speller({}), load_glossary())
    assert in_plain_words(text, Role.RESULT, telling, follows=False, later="")[0] == plain


@pytest.mark.parametrize(
    ("told", "source"),
    [
        ("A survey survey was sent.", "A questionnaire survey was sent."),
        ("It hit not only A.", "It hit not only A but also B."),
        ("It was found in (long name diseases.", "It was found in LN diseases."),
    ],
)
def test_a_telling_that_came_apart_is_told_another_way(told: str, source: str) -> None:
    assert _is_broken([told], source)
    assert not _is_broken([source], source)


def test_a_full_stop_within_quotes_is_one() -> None:
    assert _full_stop("They call it ‘a bleb.’") == "They call it ‘a bleb.’"
    assert _full_stop("They call it ‘a bleb’") == "They call it ‘a bleb’."


def test_what_spreads_around_a_mean_is_left_out_and_other_brackets_stay():
    assert (
        drop_statistics("Mean (SD) counts were 13.4 (6.2) and 9.1 (5).") == "Mean counts were 13.4 and 9.1."
    )
    assert drop_statistics("Deaths were 13 (6) in all.") == "Deaths were 13 (6) in all."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("To our knowledge, it is new.", "To the researchers’ knowledge, it is new."),
        ("It is, to the best of our knowledge, new.", "It is, to the researchers’ knowledge, new."),
    ],
)
def test_what_we_know_is_what_the_researchers_know(before, after):
    assert third_person(before) == after


def test_an_aside_is_left_out_unless_it_matters():
    def told(text):
        telling = Telling(Speller({}), load_glossary())
        return in_plain_words(text, Role.RESULT, telling, follows=False, later="")[0]

    assert told("Cells eat (that is, engulf) germs.") == "Cells eat germs."
    assert told("Cells ate (but not always) germs.") == "Cells ate (but not always) germs."
    assert told("Cells ate (in 12 of 40) germs.") == "Cells ate (in 12 of 40) germs."
    assert told("It kills germs (i.e., microbes) and worms (such as flukes).") == "It kills germs and worms."


@pytest.mark.parametrize(
    "aside",
    ["in vitro", "in zebrafish", "among heavy smokers", "in men", "at high doses", "shorter survival",
     "in people with the mutation", "girls", "that is, in men", "such as heavy smokers"],
)  # fmt: skip
def test_a_condition_in_brackets_is_never_left_out(aside):
    text = f"The drug slowed growth ({aside})."
    told, _ = in_plain_words(text, Role.RESULT, Telling(Speller({}), GLOSSARY), follows=False, later="")
    assert told == text


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ("An angiomyolipoma (AML) is rare. An AML may grow.", False),
        ("Mass spectrometry imaging (MSI) was used. MSI-based maps were made.", False),
        ("Acute myeloid leukemia (AML) is rare. AML grows.", True),
        ("AML grows.", True),
    ],
)
def test_only_the_row_of_its_own_long_form_explains_a_short_form(text, explained):
    telling = Telling(Speller(find_abbreviations(text)), load_glossary())
    telling.speller.spell(text, "")
    *_, last = text.split(". ")
    _, terms = in_plain_words(last, Role.RESULT, telling, follows=False, later="")
    assert any(load_glossary().entry("AML").brief == term.meaning for term in terms) is explained
    assert not any("unmended" in term.meaning for term in terms)


def test_a_row_explains_whatever_spelling_its_long_form_has():
    assert load_glossary().terms("A lncRNA grew.", set(), {"lncRNA": "long noncoding RNA"})
    long = {"RCT": "randomized-controlled trial"}
    assert load_glossary().terms("An RCT was run.", set(), long)
    assert not load_glossary().terms("An RCT was run.", set(), {"RCT": "root canal treatment"})


def test_a_fragment_under_no_heading_is_an_aim():
    fragment = "To study how common headache is among pupils."
    assert (
        complete("To examine headache among pupils.", "", Role.QUESTION)
        == "The aim was to examine headache among pupils."
    )
    assert complete(fragment, "", Role.QUESTION) == fragment, "a clause may stand in it"
    assert complete("To live, cells must eat.", "", Role.QUESTION) == "To live, cells must eat."


def test_greek_letters_stay_small() -> None:
    assert drop_opener("However, β-blockers help.", False) == "β-blockers help."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It was linked with (P = 0.20).", "It was linked with (P = 0.20)."),
        ("Age (mean, 14.4 years; SD, 1.7 years; 65 girls).", "Age (mean, 14.4 years, 65 girls)."),
    ],
)
def test_no_half_of_a_statistic_is_left(before, after):
    assert drop_statistics(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "In total, 166 persons were enrolled in the study.",
        "All women who had one dose of it were included in the analysis.",
        "We did a survey.",
        "All patients underwent a review.",
    ],
)
def test_sentences_that_end_in_a_design_are_no_fragments(text):
    assert complete(text, "METHODS", Role.METHOD) == text


def test_fragments_may_hold_words_of_all_kinds():
    told = complete("Secondary analysis of a nationwide randomised trial.", "DESIGN", Role.METHOD)
    assert told == "This was a secondary analysis of a nationwide randomised trial."


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Pain lasted 5.5 [3] vs 9 [4] days.", "Pain lasted 5.5 [3] vs 9 [4] days."),
        ("The mean [SD] age was 56 [12] years [7].", "The mean [SD] age was 56 [12] years."),
        ("Half lived on, 50% [3] vs others.", "Half lived on, 50% vs others."),
        ("It rose in 2015 [3] and 2016 [4].", "It rose in 2015 and 2016."),
    ],
)
def test_how_far_values_are_spread_is_no_work_cited(text, kept):
    assert strip_citations(text) == kept


def test_spread_in_square_brackets_goes_where_it_is_named():
    assert drop_statistics("The mean [SD] age was 56 [12] years.") == "The mean age was 56 years."
    assert drop_statistics("Pain lasted 5.5 [3] vs 9 [4] days.") == "Pain lasted 5.5 [3] vs 9 [4] days."


def test_no_end_of_an_interval_stays_when_it_was_rounded():
    assert drop_statistics("It held about 19% (95%CI: 14.4%, about 23%).") == "It held about 19%."
    told = "It held about 19% (boys, about 23%)."
    assert drop_statistics(told) == told


def test_what_harms_germs_is_not_called_their_weakness():
    told = load_glossary().simplify("The germ was susceptible to all drugs.")
    assert told == "The germ was easily affected by all drugs."


def test_a_citation_leaves_no_second_stop():
    assert strip_citations("It was found by Smith et al. [1].") == "It was found by Smith et al."
    assert strip_citations("They sang... and slept [1].") == "They sang... and slept."
