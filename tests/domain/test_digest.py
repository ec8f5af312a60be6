from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import Evidence


def digest(*told):
    sentences = tuple(DigestSentence(text, role, Evidence("v", 0, 1, text)) for role, text in told)
    return Digest("p", Audience.PUBLIC, "e/1", "h", "2026-01-01", DigestStatus.PUBLISHED, sentences)


METHOD = (Role.METHOD, "The researchers followed 40 people.")
NUMBERS = (Role.RESULT, "Survival was 71% and 66%.")
CONCLUSION = (Role.MEANING, "Close follow-up found smaller cancers but did not lengthen lives.")


def test_a_summary_is_what_the_study_concludes_rather_than_bare_numbers():
    assert digest(METHOD, NUMBERS, CONCLUSION).summary == CONCLUSION[1]


def test_a_summary_is_what_the_researchers_say_they_found_where_they_do():
    found = (Role.RESULT, "The researchers found that loss of FIX1 slows tumours.")
    assert digest(METHOD, NUMBERS, found, CONCLUSION).summary == found[1]


def test_a_bright_sentence_does_not_hide_that_the_study_failed():
    bright = (Role.MEANING, "Survival was excellent in both groups.")
    missed = (Role.MEANING, "The researchers could not show that less treatment is as good.")
    numbers = (Role.RESULT, "Survival was 91% and 94%; the margin was not met.")
    found = (Role.RESULT, "The researchers found that people felt better.")
    assert digest(METHOD, found, numbers, bright, missed).summary == missed[1]
    assert digest(METHOD, found, numbers, bright).summary == numbers[1]


def test_a_success_is_not_taken_for_a_failure():
    success = (Role.MEANING, "A four-week course was not inferior and more patients completed it.")
    assert digest(METHOD, NUMBERS, success).summary == success[1]


def test_a_summary_stands_alone_and_gives_no_advice():
    pointing = (Role.MEANING, "This may help patients.")
    advice = (Role.MEANING, "Larger trials are needed.")
    hope = (Role.MEANING, "Close follow-up may help patients.")
    assert digest(METHOD, pointing, advice, hope, NUMBERS).summary == NUMBERS[1]


def test_a_digest_with_nothing_better_is_summed_up_by_its_first_sentence():
    assert digest(METHOD).summary == METHOD[1]
    assert digest().summary == ""
