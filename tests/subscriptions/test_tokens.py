"""Signed links: nothing but what we wrote is read, for that purpose, in that time."""

import random
import string
from datetime import timedelta

import pytest

from subscriptions.tokens import CONFIRM_WITHIN, Purpose, Tokens, _Signer

SECRET = "invented secret of the tests"
SUBJECTS = ["k3Jx-9_aZ", "k3Jx-9_aZ/p0_Q-r7", "0"]
NOW = 1_795_000_000.0
DAY = 86_400


def tokens(now: float = NOW, secret: str = SECRET) -> Tokens:
    return Tokens(secret, lambda: now)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_was_signed_is_read_as_often_as_it_is_shown(purpose: Purpose, subject: str) -> None:
    token = tokens().sign(purpose, subject)
    assert [tokens().read(purpose, token, None) for _ in range(3)] == [subject] * 3
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")
    assert token[-1].isalnum()


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_token_with_any_bit_flipped_is_refused(purpose: Purpose, subject: str) -> None:
    token = tokens().sign(purpose, subject).encode()
    for place in range(len(token)):
        for bit in range(8):
            changed = bytearray(token)
            changed[place] ^= 1 << bit
            assert tokens().read(purpose, changed.decode("latin-1"), None) is None, (place, bit)


def test_a_token_with_any_letter_changed_added_or_lost_is_refused() -> None:
    token = tokens().sign(Purpose.UNSUBSCRIBE, SUBJECTS[1])
    letters = string.ascii_letters + string.digits + "-_.=/+ \n%~é"
    changed = {token[:at] + letter + token[at + 1 :] for at in range(len(token)) for letter in letters}
    longer = {token[:at] + letter + token[at:] for at in range(len(token) + 1) for letter in letters}
    shorter = {token[:at] + token[at + 1 :] for at in range(len(token))}
    for wrong in (changed | longer | shorter) - {token}:
        assert tokens().read(Purpose.UNSUBSCRIBE, wrong, None) is None, wrong


def test_a_token_for_one_thing_is_good_for_no_other() -> None:
    for purpose in Purpose:
        token = tokens().sign(purpose, SUBJECTS[0])
        for other in set(Purpose) - {purpose}:
            assert tokens().read(other, token, None) is None


def test_the_signature_of_one_subject_does_not_serve_another() -> None:
    one, two = (tokens().sign(Purpose.PREFERENCES, name) for name in ("reader-1", "reader-2"))
    swapped = two.split(".")[0] + "." + one.split(".", 1)[1]
    assert tokens().read(Purpose.PREFERENCES, swapped, None) is None
    whole = tokens().sign(Purpose.UNSUBSCRIBE, "reader-1/sub-1")
    assert tokens().read(Purpose.UNSUBSCRIBE, whole.replace(".sub-1", ""), None) is None


def test_a_token_of_another_secret_is_refused() -> None:
    assert tokens().read(Purpose.CONFIRM, tokens(secret="another").sign(Purpose.CONFIRM, "x"), None) is None


def test_what_a_former_secret_signed_is_read_and_nothing_is_signed_by_it() -> None:
    before, now = tokens(), Tokens("another", lambda: NOW, former=SECRET)
    for purpose in Purpose:
        old, new = before.sign(purpose, SUBJECTS[1]), now.sign(purpose, SUBJECTS[1])
        assert now.read(purpose, old, None) == now.read(purpose, new, None) == SUBJECTS[1]
        assert before.read(purpose, new, None) is None
        assert now.read(purpose, old[:-1] + ("a" if old[-1] != "a" else "b"), None) is None
    late = Tokens("another", lambda: NOW + 8 * DAY, former=SECRET)
    old = before.sign(Purpose.CONFIRM, "s1")
    assert late.read(Purpose.CONFIRM, old, CONFIRM_WITHIN) is None, "it ends when it would have"
    assert late.read(Purpose.UNSUBSCRIBE, old, None) is None


def test_no_former_secret_is_no_secret() -> None:
    signer = _Signer("", Purpose.UNSUBSCRIBE, lambda: NOW)
    assert tokens().read(Purpose.UNSUBSCRIBE, signer.sign("sub-1").decode(), None) is None


def test_a_token_ends_after_the_longest_time_and_not_before() -> None:
    token = tokens().sign(Purpose.CONFIRM, "s1")
    assert tokens(NOW + 7 * DAY).read(Purpose.CONFIRM, token, CONFIRM_WITHIN) == "s1"
    assert tokens(NOW + 7 * DAY + 1).read(Purpose.CONFIRM, token, CONFIRM_WITHIN) is None
    assert tokens(NOW + 400 * DAY).read(Purpose.CONFIRM, token, None) == "s1"


def test_a_clock_set_back_does_not_make_our_links_void() -> None:
    token = tokens().sign(Purpose.CONFIRM, "s1")
    assert tokens(NOW - DAY).read(Purpose.CONFIRM, token, timedelta(days=1)) == "s1"


def test_thousands_of_invented_tokens_are_refused() -> None:
    dice = random.Random(8)
    real = tokens().sign(Purpose.CONFIRM, "s1")
    for _ in range(500):
        noise = "".join(dice.choices(string.printable, k=dice.randrange(0, 300)))
        parts = real.split(".")
        parts[dice.randrange(3)] = noise
        for wrong in (noise, ".".join(parts), real[: dice.randrange(len(real))]):
            assert tokens().read(Purpose.CONFIRM, wrong, None) is None


@pytest.mark.parametrize("subject", ["", "a.b", "a/b/c", "a b", "é", "x" * 65, "/a", "a\n"])
def test_what_cannot_be_a_subject_is_not_signed(subject: str) -> None:
    with pytest.raises(ValueError, match="subject"):
        tokens().sign(Purpose.CONFIRM, subject)


def test_no_tokens_without_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        Tokens("")
