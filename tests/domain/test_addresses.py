"""Addresses: what is taken, how two are told apart, and hashes that show nothing. All are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.addresses import address_hash, address_key, domain_of, fold_email, to_email


@pytest.mark.parametrize(
    ("text", "email"),
    [
        (" ada@example.org\n", "ada@example.org"),
        ("Ada.L@EXAMPLE.Org", "Ada.L@example.org"),
        ("o'neill+news=x@sub.example.co", "o'neill+news=x@sub.example.co"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("a@xn--p1ai.xn--p1ai", "a@xn--p1ai.xn--p1ai"),
    ],
)
def test_addresses_are_kept_as_given_but_for_the_domain(text, email):
    assert to_email(text) == email
    assert to_email(email) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example",
        "ada@example.",
        "ada@.example",
        "ada@exa mple.org",
        "ada@-example.org",
        "ada@example.123",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        ".ada@example.org",
        "ada..l@example.org",
        '"ada"@example.org',
        "adà@example.org",
        "ada@example.org\nBcc: bo@example.org",
        "ada@example.org,bo@example.org",
        "Ada <ada@example.org>",
        "ada@example.org\0",
        "a@b@example.org",
        f"{'a' * 65}@example.org",
        f"ada@{'a' * 64}.org",
        f"ada@{'a.' * 126}org",
        "ada@\ud800.org",
    ],
)
def test_what_is_no_address_is_refused(text):
    with pytest.raises(ValueError, match="address"):
        to_email(text)


@given(st.text(max_size=40))
def test_whatever_is_taken_is_one_line_of_ascii(text):
    for given_text in (text, f"{text}@example.org", f"ada@{text}"):
        try:
            email = to_email(given_text)
        except ValueError:
            continue
        assert email.isascii()
        assert email.isprintable()
        assert email.count("@") == 1
        assert " " not in email
        assert to_email(email) == email


def test_case_tells_nobody_apart():
    assert fold_email(" ADA@Example.org") == "ada@example.org"
    assert address_hash("Ada@Example.org") == address_hash("ada@example.org")
    assert address_hash("ada@example.org") != address_hash("bo@example.org")
    assert domain_of("Ada@Example.ORG") == "example.org"


def test_tags_and_idle_dots_count_as_one_mailbox():
    keys = {address_key("s", text) for text in ("a.da@gmail.com", "ada+x@googlemail.com", "ADA@gmail.com")}
    assert len(keys) == 1
    proton = {address_key("s", text) for text in ("a.d-a@proton.me", "A_da+x@protonmail.com", "ada@pm.me")}
    assert len(proton) == 1, "its mailboxes have three domains, and it skips dots, hyphens and underscores"
    assert address_key("s", "a.da@example.org") != address_key("s", "ada@example.org")
    assert address_key("s", "ada+1@example.org") == address_key("s", "ada+2@example.org")
    assert address_key("s", "ada@example.org") != address_key("t", "ada@example.org")


def test_hashes_are_of_one_length_whatever_was_hashed():
    assert {len(address_hash(text)) for text in ("", "a@b.example", "\ud800")} == {64}
    assert {len(address_key("s", text)) for text in ("", "a@b.example", "\ud800")} == {64}
