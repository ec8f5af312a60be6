import pytest

from domain.digest import Role
from domain.paper import Abstract, Section
from summarizer.choosing.headcounts import is_head_count
from summarizer.choosing.roles import _OWN_WORK, RoleReader, _no_finding, section_labels
from summarizer.choosing.selection import follows_on
from summarizer.text.sentences import read_sentences

# Invented.
UNLABELLED = (
    "Kidney cancer is one of the most common cancers in men. "
    "How its cells survive without oxygen is poorly understood. "
    "Here we show that the protein FIX1 keeps them alive. Loss of FIX1 reduced tumour growth by 40% in mice. "
    "These findings suggest that blocking FIX1 could slow the disease. "
    "A limitation of the study is that no human tumours were examined."
)


def roles_of(encoder, *sections):
    sentences = read_sentences(Abstract(tuple(Section(t, label) for label, t in sections)), section_labels())
    return RoleReader(encoder).roles(sentences, encoder.encode([s.text for s in sentences]))


def test_roles_without_labels_come_from_cues_and_order(encoder):
    assert roles_of(encoder, ("", UNLABELLED)) == [
        Role.BACKGROUND,
        Role.QUESTION,
        Role.RESULT,
        Role.RESULT,
        Role.MEANING,
        Role.LIMIT,
    ]


def test_labels_lead(encoder):
    sections = (
        ("AIM", "To look at A."),
        ("Methods:", "B was done."),
        ("Findings", "C it is."),
        ("Interpretation", "D."),
    )
    assert roles_of(encoder, *sections) == [Role.QUESTION, Role.METHOD, Role.RESULT, Role.MEANING]


def test_background_data_are_no_conclusion(encoder):
    text = (
        "OBJECTIVE To compare two drugs. BACKGROUND DATA Song is associated with sleep. Trials of it have "
        "proven inconclusive. METHODS We gave song to 40 patients. RESULTS Song eased cough."
    )
    told = roles_of(encoder, ("", text))
    assert told == [Role.QUESTION, Role.BACKGROUND, Role.BACKGROUND, Role.METHOD, Role.RESULT]


def test_labels_within_running_text_lead_too(encoder):
    text = "OBJECTIVE: To compare two drugs. METHODS: 40 patients took one. RESULTS: Both were alike."
    assert roles_of(encoder, ("", text)) == [Role.QUESTION, Role.METHOD, Role.RESULT]


def test_a_sentence_that_points_back_is_known():
    assert follows_on("This protein was lost.")
    assert follows_on("It is a disorder that causes the heart to beat fast.")
    assert not follows_on("It is a matter of debate whether song helps.")
    assert follows_on("However, they died earlier.")
    assert follows_on("Loss of FIX1 prevented this change.")
    assert follows_on("Prominent among these is a loss of iron.")
    assert follows_on("We then asked why.")
    assert follows_on("Furthermore, 58 of those patients slept.")
    assert follows_on("To do so, parents need help.")
    assert not follows_on("The Warburg effect is common.")
    assert follows_on("Up to that age, long sleep was linked with better marks.")
    assert not follows_on("This study shows that it works.")
    assert not follows_on("These findings suggest a new way.")
    assert not follows_on("It is unclear whether walking helps.")
    assert not follows_on("The idea that age matters is old.")
    assert not follows_on("Tumours need iron, and these tumours need more.")
    assert not follows_on("Although the drops were real, these may not matter, since they were small.")
    assert follows_on("Loss of FIX1 prevented these changes, and they died.")
    assert not follows_on("This shows that lessons change what surgeons prescribe.")
    assert follows_on("This shows up in mice.")
    assert not follows_on("This case shows how to treat such tumours.")
    assert follows_on("This patient was treated.")
    assert follows_on("To directly test that premise, fish were bred.")
    assert not follows_on("To directly test drugs that help, fish were bred.")
    assert follows_on("Of the former group, two died, and of the latter group, three.")
    assert not follows_on("Song or sleep helped, but the latter for longer.")
    assert follows_on("In Figure 9A, they weighed mice.")
    assert not follows_on("As mice grow old, they lose weight.")
    assert not follows_on("All-cause mortality fell by a third.")
    assert not follows_on("One-year survival was 81%.")
    assert not follows_on("One hundred and two women came.")
    assert not follows_on("One hundred thirty-two women came.")
    assert follows_on("One such song was heard.")
    assert follows_on("The consequent loss of iron slows growth.")
    assert follows_on("Hepsol is also a blocker of iron.")
    assert not follows_on("There was also a fall in deaths.")
    assert not follows_on("Survival after surgery was also longer.")
    assert follows_on("Like other polyps, they can be cut out.")
    assert not follows_on("Like other polyps, gastric polyps are cut out once they bleed.")


@pytest.mark.parametrize(
    "limit",
    [
        "The open design may have influenced reports of symptoms.",
        "Women treated in private hospitals were not included.",
        "The model did not include possible harms from wide use of antibiotics.",
        "Surgeons chose the operation by tumour size, so the comparison is open to bias.",
        "Few men in this cohort were of African ancestry, so the results may not apply to them.",
        "A single case cannot show how often such tumours are missed.",
        "People knew their group, and benefits beyond six months are unknown.",
        "Longer follow-up is needed to learn whether it prevents recurrence.",
        "All hospitals were expert centres, and accuracy may be lower elsewhere.",
        "Although the differences were real, these may not be clinically relevant, since they were small.",
    ],
)
def test_what_limits_a_conclusion_is_no_part_of_it(encoder, limit):
    sections = (
        ("Results", "Survival was longer with A than with B."),
        ("Conclusions", f"A lengthened survival. {limit}"),
    )
    assert roles_of(encoder, *sections) == [Role.RESULT, Role.MEANING, Role.LIMIT]


def test_how_many_took_part_is_no_finding(encoder):
    sections = (
        ("Results", "We assigned 824 patients, 412 to each course. Pain was less with B than with A."),
    )
    assert roles_of(encoder, *sections) == [Role.METHOD, Role.RESULT]
    assert is_head_count("There were 452 patients in the three-month group and 282 in the six-month group.")
    assert is_head_count("Of 438 patients, 219 were allocated to each treatment.")
    assert is_head_count(
        "Twenty-two cohort studies with 3,106 patients were included; there were no randomised trials."
    )
    assert not is_head_count("Overall survival was longer in the 219 patients who were assigned to the drug.")
    assert is_head_count("Of 7,480 women, 3,752 lived in home-visit clusters and 3,728 in clinic clusters.")
    assert not is_head_count("We identified 12 genes that control growth.")


def test_what_authors_say_of_themselves_in_a_background_is_their_question(encoder):
    sections = (
        ("Background", "Many women wait for months. We compared two ways to shorten the wait."),
        ("Results", "It fell."),
    )
    assert roles_of(encoder, *sections)[:2] == [Role.BACKGROUND, Role.QUESTION]


def test_labels_for_one_or_more_are_known(encoder):
    assert roles_of(encoder, ("RESULT(S)", "C it is."), ("CONCLUSION(S)", "D.")) == [
        Role.RESULT,
        Role.MEANING,
    ]


def test_an_abbreviation_spelt_like_we_is_no_work_of_the_authors():
    assert _OWN_WORK.search("In mice we saw it.")
    assert not _OWN_WORK.search("The Warburg Effect (WE) is characterized by the use of glucose.")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Further studies of cough are needed to advise on syrups.", Role.MEANING),
        ("In two years, total numbers of visits made to our clinic were 4694.", Role.METHOD),
        ("This study is based on a survey in two towns.", Role.METHOD),
        ("Cough was rarer than colds.", Role.RESULT),
    ],
)
def test_what_is_wanted_or_was_done_is_no_result(text, role):
    assert _no_finding(text) is role


@pytest.mark.parametrize(
    "text",
    [
        "Ninety-two males (82.8%) and 19 (17.2%) females with a cough score of 13.7 were assessed.",
        "Pupils with cough, aged 18 years or older, were included.",
        "Of the 150 pupils in the study, data from 137 were included in the analysis.",
        "Crude and adjusted odds ratios were obtained to examine the strength of the link.",
    ],
)
def test_who_was_looked_at_and_how_is_no_result(text):
    assert _no_finding(text) is Role.METHOD


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Strict criteria for entry were followed.", Role.RESULT),
        ("Strict entry criteria were followed.", Role.METHOD),
        ("All articles in English on cough and song were searched from three libraries.", Role.METHOD),
        ("Piglets were randomly divided into three groups.", Role.METHOD),
        ("To control for the light, the gene of the lamp was amplified.", Role.METHOD),
        ("To learn why, six genes were measured and two were higher than in healthy skin.", Role.RESULT),
        ("Stains of the skin and blood tests were performed.", Role.METHOD),
        ("In 17 pupils, two tests were performed.", Role.RESULT),
        ("This study is aimed at assessing the role of song in cough.", Role.QUESTION),
        ("We have investigated coughing pupils to see if they carry the germ.", Role.QUESTION),
        ("We tested whether song helps and found less cough.", Role.RESULT),
        ("We hypothesized that song prevents cough.", Role.QUESTION),
        ("To directly test that premise, we put the gene of the lamp into piglets.", Role.METHOD),
        ("To test that premise, we sang and found less cough.", Role.RESULT),
        ("Blood was tested for two germs.", Role.METHOD),
        ("We treated 48 mice with song, syrup, both or neither for four weeks.", Role.METHOD),
        ("We measured cough in pupils at rest and on a slope of 20%.", Role.METHOD),
        ("We treated 48 mice with song, and 12% of them coughed less.", Role.RESULT),
        ("We treated 48 mice with song; 30 responded.", Role.RESULT),
        ("We used blood of 30 pupils to identify two germs.", Role.RESULT),
        ("Blood was tested for two germs and showed one.", Role.RESULT),
    ],
)
def test_what_was_done_or_asked_is_no_result_unless_it_says_what_came_of_it(text, role):
    assert _no_finding(text) is role


def test_who_took_part_is_told_in_brackets_too():
    assert is_head_count(
        "A total of 69 pupils (52% girls) and 12 teachers (mean age 40 years) were enrolled."
    )
    assert is_head_count("In all, 2069 participants (52.6% female) were enrolled: 26.1% had a cough.")
    assert not is_head_count("Of 69 pupils (52% girls), 12 were enrolled and had a lower risk.")


def test_a_label_that_joins_labels_has_their_roles(encoder):
    text = "PATIENTS Forty sang. MEASUREMENTS AND MAIN RESULTS Coughs were counted. Singers coughed less."
    assert roles_of(encoder, ("", text))[-1] is Role.RESULT
    assert "measurements and main results" in section_labels()
    assert "conclusion and discussion" in section_labels()
    assert "Main outcome measure(s)" in section_labels()
    assert "songs and results" not in section_labels()
    assert "results of song" not in section_labels()


# Invented.
SUNG = (
    "Cough is common. We asked whether song eases cough. Forty pupils were divided into two choirs. "
    "Their voices were recorded each week. Cough fell by 20% in the singing choir and by 3% in the other. "
)


@pytest.mark.parametrize(
    "concluding",
    [
        "Song eases cough in pupils.",
        "Song is a cheap way to ease cough. It may be taught in schools.",
        "Song eased the cough of these pupils.",
    ],
)
def test_what_stands_last_without_figures_is_concluded(encoder, concluding):
    roles = roles_of(encoder, ("", SUNG + concluding))
    assert roles[2:5] == [Role.METHOD, Role.METHOD, Role.RESULT]
    assert set(roles[5:]) == {Role.MEANING}


@pytest.mark.parametrize(
    "last",
    [
        "Fever was seen in 2 pupils of the singing choir.",
        "Cough at night fell by 10% more in the singing choir.",
    ],
)
def test_figures_are_results_wherever_they_stand(encoder, last):
    assert roles_of(encoder, ("", SUNG + last))[-1] is Role.RESULT


def test_findings_in_the_present_tense_are_not_concluded(encoder):
    told = (
        "Cells of the throat divide. Here we show that SONG1 binds the lamp. SONG1 is required for light. "
        "The lamp is bright without SONG2. These findings suggest that song makes light."
    )
    assert roles_of(encoder, ("", told)) == [
        Role.BACKGROUND,
        Role.RESULT,
        Role.RESULT,
        Role.RESULT,
        Role.MEANING,
    ]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Outcomes assessed were cough and fever.", Role.METHOD),
        ("Outcome measures were cough, fever and song.", Role.METHOD),
        ("The primary outcome was met by song.", Role.RESULT),
        ("Outcomes were better with song.", Role.RESULT),
        ("The purpose of our pilot study was twofold.", Role.QUESTION),
        ("Moreover, studies of cough in choirs were reviewed.", Role.METHOD),
        ("The participants were (i) 1324 singers, recruited from the town.", Role.METHOD),
    ],
)
def test_what_was_looked_at_is_no_result(text, role):
    assert _no_finding(text) is role


def test_limits_of_what_others_did_are_no_limits_of_the_study(encoder):
    ours = "Limitations of this study were its few pupils."
    others = "We illustrate limitations of the old song and show that the new one is louder."
    for text, role in ((ours, Role.LIMIT), (others, Role.RESULT)):
        assert (
            roles_of(encoder, ("", f"Songs are sung. Here we made a new song for 40 pupils. {text}"))[-1]
            is role
        )


def test_a_limitation_that_is_named_so_is_one(encoder):
    before = "We asked 90 people with coughs. Coughs became rarer by 12%."
    named = "As a limitation our sample may only represent people with mild coughs."
    unnamed = "Our song had no such limitation as it had many verses in 12%."
    assert roles_of(encoder, ("", f"{before} {named} Coughs go away."))[2] is Role.LIMIT
    assert roles_of(encoder, ("", f"{before} {unnamed} Coughs go away."))[2] is not Role.LIMIT


PLAN = (
    ("Background", "Carers of people with brain tumours are often worn out."),
    ("Methods", "Sixty carers will be randomised to calls or a leaflet."),
    (
        "Results",
        "Recruitment began in May 2022, and 23 had been enrolled by June. Results are expected in 2024.",
    ),
    ("Conclusions", "This study will show whether calls help. They may support carers better."),
)


def test_a_plan_has_no_findings(encoder):
    assert set(roles_of(encoder, *PLAN)) == {Role.BACKGROUND, Role.METHOD}


def test_what_clinics_will_do_is_a_plan_too(encoder):
    methods = ("Methods", "Twelve clinics will switch from usual care to the app in random order.")
    assert set(roles_of(encoder, methods, ("Discussion", "If it helps, the app could be offered."))) == {
        Role.METHOD
    }


def test_what_was_known_before_the_question_is_background(encoder):
    purpose = ("Purpose", "CD47 is a switch on cells. We tested the safety of velorin in cough.")
    assert roles_of(encoder, purpose) == [Role.BACKGROUND, Role.QUESTION]
    purpose = ("Purpose", "Few trials of song are done. We surveyed singers about barriers to trials.")
    assert roles_of(encoder, purpose)[0] is Role.BACKGROUND


def test_what_will_come_is_found_where_it_was_calculated(encoder):
    found = ("Results", "Without treatment, deaths will rise from 2,100 to 3,400 in 2040.")
    meant = ("Conclusions", "Treatment could avert most deaths. Our study will help planners.")
    assert roles_of(encoder, found, meant) == [Role.RESULT, Role.MEANING, Role.MEANING]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Exclusion criteria included an age below 18 years and pregnancy.", Role.METHOD),
        ("A total of 3849 patients underwent randomization.", Role.METHOD),
        ("The studies used different questionnaires.", Role.RESULT),
        ("We sent a questionnaire to 800 doctors, and 412 replied.", Role.METHOD),
        ("We previously showed that FIX1 blocks FIX2.", Role.BACKGROUND),
        ("Further studies will be required to tell how FIX1 blocks FIX2.", Role.MEANING),
        ("We read with interest the study by Nolan, who found longer survival.", Role.BACKGROUND),
    ],
)
def test_what_is_no_finding_among_the_results(text, role):
    assert _no_finding(text) is role


@pytest.mark.parametrize(
    "text",
    [
        "This cross-sectional study was conducted in 90 patients.",
        "This diagnostic accuracy study enrolled adults.",
        "This prospective, double-blind trial was done in two towns.",
        "Most patients took part.",
    ],
)
def test_the_study_itself_points_to_nothing_before(text):
    assert not follows_on(text)


@pytest.mark.parametrize(
    "text",
    ["This protein was found in a study of mice.", "Most came from rich countries.", "All were treated."],
)
def test_what_points_back(text):
    assert follows_on(text)


def test_what_was_found_before_what_is_needed_is_no_mere_limit(encoder):
    text = "Velorin lowered the growth of tumours; randomised trials are needed."
    assert roles_of(encoder, ("Conclusions", text)) == [Role.MEANING]
    assert roles_of(encoder, ("Conclusions", "Larger randomised trials are needed.")) == [Role.LIMIT]


def test_what_a_guideline_says_is_its_finding(encoder):
    text = (
        "Screening saves lives. This guideline updates earlier ones. "
        "WHO recommends testing as the first step from the age of 30 years. "
        "For women living with HIV, screening should begin at 25 years."
    )
    assert roles_of(encoder, ("", text))[2] is Role.RESULT


def test_that_others_know_little_is_no_limit_of_the_study(encoder):
    text = (
        "Kidney cancer is common in men. Evidence on exercise in such men is limited. "
        "We asked 40 men to swim. They slept longer by 40%. These findings suggest that swimming helps sleep."
    )
    assert Role.LIMIT not in roles_of(encoder, ("", text))


def test_a_review_that_says_what_it_will_tell_is_no_plan(encoder):
    text = (
        "Glioma is a deadly tumour. New drugs block its growth in many ways. "
        "This review will first highlight how these drugs act in the brain. "
        "The drugs may improve survival when given early. Blocking two pathways could overcome resistance."
    )
    assert roles_of(encoder, ("", text))[-1] is Role.MEANING
