"""The few sentences that letters tell of a digest. All of them are invented."""

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.evidence import Evidence


def digest(*told: tuple[Role, str, int]) -> Digest:
    """A digest of sentences: role, text, and which sentence of the paper each rests on."""
    sentences = tuple(DigestSentence(text, role, Evidence("h", n, n + 1, "x")) for role, text, n in told)
    return Digest("p", Audience.PUBLIC, "e", "h", "2026-11-21", DigestStatus.PUBLISHED, sentences)


def gist(*told: tuple[Role, str, int]) -> list[str]:
    return [sentence.text for sentence in digest(*told).gist]


def test_the_key_messages_and_the_kind_in_the_order_of_telling() -> None:
    assert gist(
        (Role.KIND, "A study in mice.", 0),
        (Role.KIND, "Mice are not people.", 0),
        (Role.KEY, "Tumours shrank.", 1),
        (Role.BACKGROUND, "Tumours grow.", 2),
        (Role.KEY, "Nine of twelve lived.", 3),
        (Role.KEY, "Some fell ill.", 4),
    ) == ["A study in mice.", "Tumours shrank.", "Nine of twelve lived."]


def test_a_but_stays_with_what_it_qualifies() -> None:
    told = gist((Role.KEY, "Screening found cancers.", 1), (Role.KEY, "But many were harmless.", 1))
    assert told == ["Screening found cancers.", "But many were harmless."]


def test_without_key_messages_a_limit_is_told() -> None:
    assert gist(
        (Role.RESULT, "Pain eased.", 1),
        (Role.RESULT, "Sleep improved.", 2),
        (Role.LIMIT, "The study was small.", 3),
    ) == ["Pain eased.", "The study was small."]


def test_a_sentence_that_points_back_is_not_told_alone() -> None:
    assert gist((Role.KEY, "Pain eased.", 1), (Role.KEY, "They slept better.", 2)) == ["Pain eased."]


def test_an_empty_digest_has_none() -> None:
    assert gist() == []
    assert digest().summary == ""
