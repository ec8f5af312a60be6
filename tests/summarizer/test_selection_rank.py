"""Which sentences are told within the words of a plan."""

import time
from dataclasses import replace

import pytest

from domain.body import Place
from domain.digest import STORY, Audience, Role
from summarizer.choosing.plans import load_plan
from summarizer.choosing.salience import open_salience
from summarizer.choosing.selection import _cue, follows_on, rank
from summarizer.text.sentences import Sentence, words
from summarizer.text.trimming import trim

# Invented: no such study took place.
STORY_TOLD = [
    ("Bowel cancer is one of the most common causes of death in the world.", Role.BACKGROUND),
    ("We asked whether walking helps people to live longer after surgery for bowel cancer.", Role.QUESTION),
    ("Adherence was recorded by staff with a validated software package at all sites.", Role.METHOD),
    ("We randomly assigned 420 people to supervised walking or to usual care.", Role.METHOD),
    ("More people were alive after five years with walking than with usual care.", Role.RESULT),
    ("Falls did not differ between the two groups of people who took part.", Role.RESULT),
    ("Walking may help people to live longer after surgery for bowel cancer.", Role.MEANING),
    ("People who were older than 80 years were not studied, so that we cannot tell for them.", Role.LIMIT),
]


def to_sentences(texts):
    found, start = [], 0
    for text in texts:
        found.append(Sentence(start, start + len(text), text))
        start += len(text) + 1
    return found


def ranked(told, max_words, most=None, **options):
    sentences = to_sentences([text for text, _ in told])
    roles = [role for _, role in told]
    plan = replace(load_plan(Audience.PUBLIC), max_words=max_words)
    if most is not None:
        plan = replace(plan, most=most)
    places = [Place.ABSTRACT] * len(told)
    return rank(sentences, places, roles, plan, open_salience(), **options)


def test_the_whole_story_is_told():
    told = ranked(STORY_TOLD, 85)
    roles = {STORY_TOLD[i][1] for i in told}
    assert {Role.QUESTION, Role.RESULT, Role.MEANING, Role.LIMIT} <= roles


def test_a_finding_comes_before_all_else_where_there_is_little_room():
    assert STORY_TOLD[ranked(STORY_TOLD, 15)[0]][1] in (Role.RESULT, Role.MEANING)


@pytest.mark.parametrize("budget", [15, 40, 70])
def test_the_words_of_the_plan_are_kept_unless_asked_to_spill(budget):
    sizes = [len(trim(text).split()) for text, _ in STORY_TOLD]
    told = ranked(STORY_TOLD, budget)
    assert sum(sizes[i] for i in told) <= budget
    assert len(set(told)) == len(told)
    spilt = ranked(STORY_TOLD, budget, most=dict.fromkeys(STORY, 9), spill=True)
    assert sum(sizes[i] for i in spilt) >= budget


def test_no_more_of_a_role_than_the_plan_says():
    told = ranked(STORY_TOLD, 400, most={Role.RESULT: 1, Role.MEANING: 1})
    assert sorted(STORY_TOLD[i][1] for i in told) == [Role.MEANING, Role.RESULT]


def test_a_chore_is_told_after_the_design():
    told = ranked(STORY_TOLD, 400, most={Role.METHOD: 1, Role.RESULT: 1})
    assert 3 in told
    assert 2 not in told


def test_what_points_back_brings_what_it_points_to():
    told = ranked(
        [
            ("A protein called ABC1 sits on the surface of many cells in the body.", Role.BACKGROUND),
            ("This keeps cancer cells alive and lets them spread to other parts of the body.", Role.RESULT),
        ],
        60,
    )
    assert told == [0, 1]


def test_many_sentences_that_all_point_back_take_no_time():
    texts = [("This is what it does to them in the cells of the body.", Role.RESULT)] * 3000
    start = time.process_time()
    told = ranked(texts, 100)
    assert time.process_time() - start < 5
    assert len(told) <= 10
    assert not words("")


def test_the_same_sentence_is_not_told_twice_where_another_says_more():
    same = "Walking helped people to live longer after surgery for bowel cancer."
    other = "The women who walked also slept better and felt less pain at night."
    told = ranked([(same, Role.RESULT), (same, Role.RESULT), (other, Role.RESULT)], 25)
    assert 2 in told


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("One serious reaction to the pill was seen.", False),
        ("One man in the first group died.", False),
        ("One was ill.", True),
        ("One possibility is that it is warm.", True),
    ],
)
def test_one_thing_that_happened_points_to_nothing(text, leans):
    assert follows_on(text) is leans


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Surgery cures most people with this rare tumour.", False),
        ("Rest has helped with this widespread heart disorder.", False),
        ("Surgery cures most people with this rare variant.", True),
        ("This tumour grew.", True),
    ],
)
def test_the_illness_of_the_title_may_be_pointed_to(text, leans):
    assert follows_on(text) is leans


def test_a_limit_comes_before_a_call_for_more_work():
    limit = "As a limitation our sample may only hold people with mild coughs."
    called = "Further studies should look at coughs in the winter of other years."
    assert _cue(limit, Role.LIMIT)[0] > _cue(called, Role.LIMIT)[0]
    assert _cue(called, Role.MEANING)[0] == _cue(limit, Role.MEANING)[0]
