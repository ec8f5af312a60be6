"""Steering to a reading grade, with sentences that are told as they stand."""

from dataclasses import replace

import pytest

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role, Term
from domain.evidence import Evidence
from summarizer.choosing.choice import Choice
from summarizer.choosing.outline import is_empty
from summarizer.plain.steering import Load, _blocks, _lightened, fill, load_of, load_of_all, steer, sum_of
from summarizer.plain.telling import Told
from summarizer.text.readability import flesch_kincaid_grade

# Invented.
EASY = "The drug made the lumps shrink in most of the mice that had it."
HARD = (
    "Pharmacological immunomodulation demonstrated heterogeneous antiproliferative consequences "
    "notwithstanding multifactorial interindividual variability considerations."
)
ANIMALS = ("rats", "dogs", "cats")
LIMIT = "Generalisability considerations notwithstanding, interpretability limitations remain."


def choice(text: str, role: Role, index: int) -> Choice:
    return Choice(text, Evidence("v", 0, len(text), text), role, index=index)


def tell(choices):
    return [Told(c, (DigestSentence(c.text, c.role, c.evidence),)) for c in choices]


def texts(told):
    return [one.choice.text for one in told]


def test_a_hard_sentence_makes_room_for_an_easier_one_of_the_same_role():
    choices = [choice(HARD, Role.RESULT, 1), choice(EASY, Role.METHOD, 0)]
    told = steer(choices, [choice(EASY + " So did rats.", Role.RESULT, 5)], tell, Load(), 8.0)
    assert HARD not in texts(told)
    assert {one.choice.role for one in told} >= {Role.RESULT}


def test_what_is_easy_enough_is_left_alone():
    choices = [choice(f"{EASY} {n}", Role.RESULT, n) for n in range(1, 4)]
    assert steer(choices, [choice("It fell.", Role.RESULT, 5)], tell, Load(), 8.0) == tell(choices)


def test_a_digest_that_would_be_next_to_nothing_is_filled():
    spares = [choice(f"The {n} fell.", role, n) for n, role in enumerate((Role.RESULT, Role.METHOD), 2)]
    spares.append(choice("It is known.", Role.LIMIT, 9))
    told = texts(steer([choice(EASY, Role.RESULT, 1)], spares, tell, Load(), 8.0))
    assert sorted(told) == sorted([EASY, "The 2 fell.", "The 3 fell."])


def test_limits_and_the_last_finding_are_never_dropped():
    choices = [choice(HARD, Role.RESULT, 1), choice(LIMIT, Role.LIMIT, 2)]
    choices += [choice(f"{HARD} {n}.", Role.BACKGROUND, 3 + n) for n in range(6)]
    kept = {one.choice.role for one in steer(choices, [], tell, Load(), 8.0)}
    assert {Role.RESULT, Role.LIMIT} <= kept


def test_the_grade_is_that_of_the_whole():
    total = sum_of([load_of(EASY), load_of(HARD)])
    assert load_of(EASY).grade < total.grade < load_of(HARD).grade
    assert Load().grade == 0


def test_no_sentence_is_told_twice():
    choices = [choice(f"{HARD} {n}.", Role.RESULT, n) for n in range(3)]
    spares = [choice(EASY, Role.BACKGROUND, 5), choice("It fell. " + EASY, Role.RESULT, 6)]
    told = texts(steer(choices, spares, tell, Load(), 1.0))
    assert len(told) == len(set(told))


def test_a_question_keeps_its_answer_and_three_sentences_however_hard():
    hard = (
        " ".join(["The drug made the tumours of these elderly participants considerably smaller"] * 2) + "."
    )
    roles = (Role.QUESTION, Role.RESULT, Role.RESULT, Role.METHOD)
    choices = [choice(f"{number} {hard}", role, number) for number, role in enumerate(roles, 1)]
    told = steer(choices, [], tell, Load(), 1.0)
    assert len(told) >= 3 or load_of(hard).grade > 9.8
    assert any(one.choice.role is Role.RESULT for one in told)


def test_filling_tells_nothing_that_is_told():
    one, other = choice(EASY, Role.RESULT, 1), choice("It fell fast.", Role.RESULT, 2)
    told = fill(tell([one, other]), [other, choice("So it was.", Role.METHOD, 3)], tell)
    assert len(texts(told)) == len(set(texts(told))) == 3


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("Some limitations of the study also deserve consideration.", True),
        ("This study has several limitations.", True),
        ("Our study has some limitations, including few women from one town.", False),
        ("Some limitations are the few women and the short time.", False),
        ("A limitation of this study is that few women took part.", False),
    ],
)
def test_a_limit_that_names_none_is_not_told(text: str, empty: bool) -> None:
    evidence = Evidence("v", 0, len(text), text)
    assert is_empty(Choice(text, evidence, Role.LIMIT)) is empty


def test_the_load_of_a_digest_is_its_reading_grade():
    terms = (Term("p53", "A protein that stops damaged cells from dividing."),)
    sentences = tuple(
        DigestSentence(text, Role.RESULT, Evidence("v", 0, len(text), text), some)
        for text, some in ((EASY, terms), ("It fell to 3.5%. P. Smith saw it.", ()), (HARD, ()))
    )
    digest = Digest("p", Audience.PUBLIC, "e", "h", "", DigestStatus.PUBLISHED, sentences)
    grade = flesch_kincaid_grade(digest.prose)
    assert load_of_all(digest.sentences).grade == pytest.approx(grade)
    assert grade > 5


def test_few_sentences_are_joined_by_others_only_while_that_stays_easy():
    split = [
        Told(one.choice, (*one.sentences, *one.sentences)) for one in tell([choice(EASY, Role.RESULT, 1)])
    ]
    easy, hard = choice("It fell fast.", Role.METHOD, 2), choice(HARD, Role.METHOD, 3)

    def again(choices):
        return [split[0] if c.text == EASY else tell([c])[0] for c in choices]

    doubled = [replace(split[0], sentences=split[0].sentences * 2)]
    assert sorted(texts(fill(doubled, [easy], again))) == sorted([EASY, easy.text])
    assert texts(fill(doubled, [hard], again, lambda told: HARD not in texts(told))) == [EASY]


def test_what_made_room_comes_back_only_where_the_digest_stays_easy():
    hard, easy = choice(HARD, Role.METHOD, 1), choice("It fell fast.", Role.RESULT, 2)
    telling = tell([choice(EASY, Role.RESULT, 3)])
    assert texts(fill(telling, [hard], tell, lambda _: False, anyhow=False)) == [EASY]
    assert texts(fill(telling, [hard], tell, lambda _: False)) != [EASY]
    assert easy.text in texts(fill(telling, [easy], tell, lambda _: True, anyhow=False))


WORDY = "It could be that some of the pills that the people had in the home made the pain of the leg go away."


def test_the_conclusion_comes_back_where_the_digest_stays_readable():
    others = [choice(f"{EASY} {n}.", Role.RESULT, n) for n in range(1, 4)]
    for text, told_again in ((" ".join([WORDY[:-1], "and", WORDY.lower()]), True), (f"{HARD} {HARD}", False)):
        key = replace(choice(text, Role.KEY, 7), origin=Role.MEANING)
        first = replace(choice(EASY, Role.KEY, 0), origin=Role.RESULT)
        told = steer([key, first, *others], [], tell, Load(), 3.0)
        assert (text in texts(told)) is told_again
        assert len(set(texts(told))) == len(told)


PILLS = "The pills that the people had in the home made the pain of the leg go away"
LONG = f"{PILLS} and {PILLS.lower()}."


def hardened(times: int) -> str:
    return LONG.replace(".", " notwithstanding" * times + ".")


def test_what_was_found_comes_back_where_the_digest_stays_easy():
    others = [choice(EASY.replace("mice", animal), Role.RESULT, n) for n, animal in enumerate(ANIMALS, 1)]
    conclusion = replace(choice("The drug may help.", Role.KEY, 8), origin=Role.MEANING)
    for text, told_again in ((LONG, True), (hardened(11), True), (hardened(12), False)):
        found = replace(choice(text, Role.KEY, 7), origin=Role.RESULT)
        told = texts(steer([conclusion, found, *others], [], tell, Load(), 3.0))
        assert (text in told) is told_again
        assert not told_again or told[:2] == [conclusion.text, text]


def test_what_was_found_takes_the_place_of_what_was_known():
    hard = hardened(12)
    known = choice(f"{HARD} {HARD}", Role.BACKGROUND, 0)
    others = [choice(EASY.replace("mice", animal), Role.RESULT, n) for n, animal in enumerate(ANIMALS, 1)]
    conclusion = replace(choice("The drug may help.", Role.KEY, 8), origin=Role.MEANING)
    found = replace(choice(hard, Role.KEY, 7), origin=Role.RESULT)
    again = tell([conclusion, found, known, *others])
    blocks = _blocks(again)
    lighter = _lightened(blocks, Load(), 9.0)
    assert lighter is not None
    assert [block.choices[0].text for block in lighter if block.role is Role.BACKGROUND] == []
    assert [block for block in lighter if block.role is Role.KEY] == blocks[:2]
    assert _lightened(blocks, Load(), 1.0) is None


def test_the_only_finding_comes_back_as_a_conclusion_does():
    conclusion = replace(choice("The drug may help.", Role.KEY, 8), origin=Role.MEANING)
    others = [choice(EASY.replace("mice", animal), Role.METHOD, n) for n, animal in enumerate(ANIMALS, 1)]
    for role, told_again in ((Role.METHOD, True), (Role.RESULT, False)):
        found = replace(choice(hardened(12), Role.KEY, 7), origin=Role.RESULT)
        beside = [replace(one, role=role) for one in others]
        told = texts(steer([conclusion, found, *beside], [], tell, Load(), 3.0))
        assert (found.text in told) is told_again


def test_a_message_comes_back_beside_what_was_told_in_place_of_others():
    easier = choice("It fell fast.", Role.METHOD, 9)
    conclusion = replace(choice(LONG, Role.KEY, 7), origin=Role.MEANING)
    first = replace(choice(EASY, Role.KEY, 0), origin=Role.RESULT)
    others = [choice(EASY.replace("mice", animal), Role.RESULT, n) for n, animal in enumerate(ANIMALS, 1)]
    others.append(choice(HARD, Role.METHOD, 5))
    told = texts(steer([conclusion, first, *others], [easier], tell, Load(), 1.0))
    assert told[:2] == [conclusion.text, first.text]
    assert easier.text in told
    assert HARD not in told


def test_a_hard_sentence_that_only_leans_makes_room_and_what_it_leans_on_stays():
    easy = [choice(f"{EASY} {n}", Role.RESULT, n) for n in range(3)]
    leaning = choice(f"These effects came later. {HARD} {HARD}", Role.RESULT, 3)
    last = choice("This was also so in all of the rats that had it.", Role.RESULT, 4)
    assert texts(steer([*easy, leaning], [], tell, Load(), 8.0)) == texts(tell(easy))
    # What stands in the middle does not go alone: the sentence behind would lean on nothing.
    told = texts(steer([*easy, leaning, last], [], tell, Load(), 8.0))
    assert leaning.text in told or last.text not in told
    assert easy[0].text in told
