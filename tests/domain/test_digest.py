from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Evidence, Role


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


def test_a_summary_stands_alone_and_gives_no_advice():
    pointing = (Role.MEANING, "This may help patients.")
    advice = (Role.MEANING, "Larger trials are needed.")
    hope = (Role.MEANING, "Close follow-up may help patients.")
    assert digest(METHOD, pointing, advice, hope, NUMBERS).summary == NUMBERS[1]


def test_a_digest_with_nothing_better_is_summed_up_by_its_first_sentence():
    assert digest(METHOD).summary == METHOD[1]
    assert digest().summary == ""
