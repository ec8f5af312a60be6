"""Each rule of trust by itself: what breaks it, and what comes near and does not. Everything is invented."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from conferences.trust import (
    Context,
    Neighbour,
    Severity,
    Verdict,
    doubts,
    may_publish_at_once,
    reason,
    refusals,
    score,
    severity,
    verdict,
)
from conferences.trust.case import to_domain, to_words
from conferences.trust.judging import RULES
from config import load_table
from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    Fee,
    Moment,
    Opportunity,
    OpportunityKind,
    Resource,
    ResourceKind,
    Series,
    Venue,
)
from domain.listing_ports import Doubt, Listing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAIN = Edition(
    id="plain",
    series="lake",
    slug="2027",
    title="Invented Lake Meeting",
    starts=Moment("2027-03-08", "Africa/Nairobi"),
    ends=Moment("2027-03-10", "Africa/Nairobi"),
    summary="Two days beside the lake.",
    url="https://lake.example/2027",
    venue=Venue("KE", "Kisumu"),
    organizers=("Invented Lake Society",),
    contact="office@lake.example",
)


def rules(listing: Listing, context: Context | None = None) -> set[str]:
    found = doubts(listing, context or Context(NOW))
    return {doubt.rule for doubt in found} - {"unknown-domain"}


def said(text: str) -> set[str]:
    return rules(replace(PLAIN, summary=text))


def called(title: str, url: str = "https://lake.example") -> set[str]:
    return rules(replace(PLAIN, title=title, url=url))


def beside(listing: Listing, *others: Edition, **more: object) -> set[str]:
    context = Context(NOW, neighbours=tuple(map(Neighbour, others)))
    return rules(listing, replace(context, **more))  # type: ignore[arg-type]


def test_a_plain_meeting_is_in_no_doubt_whatever_its_kind() -> None:
    assert rules(PLAIN) == set()
    assert rules(Series("s", "s", "Invented Lake Meeting", organizers=("Invented Lake Society",))) == set()
    offer = Opportunity("o", OpportunityKind.TRAINING, "A course", "Lake Society", "https://lake.example/c")
    assert rules(offer) == set()
    assert (
        rules(Resource("r", ResourceKind.TOOL, "A tool", "https://lake.example/t", "Lake Society")) == set()
    )


def test_every_rule_has_its_row_and_every_row_its_rule() -> None:
    rows = load_table("trust")["rules"]
    assert set(rows) == set(RULES) | {"reported"}
    for key, row in rows.items():
        assert reason(key).endswith(".")
        assert row["weight"] >= 0
        if severity(key) is Severity.HOLD:
            assert row["weight"] >= load_table("trust")["held"]


def _deadline(kind: DeadlineKind, at: str) -> Edition:
    return replace(PLAIN, deadlines=(Deadline(kind, Moment(at)),))


@pytest.mark.parametrize(
    ("listing", "rule", "broken"),
    [
        (replace(PLAIN, starts=Moment("2027-02-30", "UTC")), "no-such-date", True),
        (replace(PLAIN, starts=Moment("2027-03-08", "Mars/Base")), "no-such-date", True),
        (replace(PLAIN, starts=Moment("2028-02-29"), ends=Moment("2028-02-29")), "no-such-date", False),
        (replace(PLAIN, ends=Moment("2027-03-07", "Africa/Nairobi")), "ends-before-start", True),
        (replace(PLAIN, ends=PLAIN.starts), "ends-before-start", False),
        (
            replace(PLAIN, starts=Moment("2027-03-08T10:00", "UTC"), ends=Moment("2027-03-08T09:59", "UTC")),
            "ends-before-start",
            True,
        ),
        (
            replace(PLAIN, starts=Moment("2027-03-08T10:00", "UTC"), ends=Moment("2027-03-08T10:01", "UTC")),
            "ends-before-start",
            False,
        ),
        (_deadline(DeadlineKind.ABSTRACT, "2027-03-09"), "deadline-after-start", True),
        (_deadline(DeadlineKind.ABSTRACT, "2027-03-08"), "deadline-after-start", False),
        (_deadline(DeadlineKind.TRAVEL_GRANT, "2027-03-09"), "deadline-after-start", True),
        (_deadline(DeadlineKind.REGISTRATION, "2027-03-10"), "deadline-after-start", False),
        (_deadline(DeadlineKind.REGISTRATION, "2027-03-11"), "deadline-after-start", True),
        (_deadline(DeadlineKind.PAPER, "2027-09-30"), "deadline-after-start", False),
        (replace(PLAIN, starts=Moment("2026-11-16"), ends=Moment("2026-11-19")), "over", True),
        (replace(PLAIN, starts=Moment("2026-11-16"), ends=Moment("2026-11-21")), "over", False),
        (replace(PLAIN, starts=Moment("2030-11-22"), ends=Moment("2030-11-23")), "far-ahead", True),
        (replace(PLAIN, starts=Moment("2030-11-21"), ends=Moment("2030-11-22")), "far-ahead", False),
        (replace(PLAIN, ends=Moment("2027-04-08", "Africa/Nairobi")), "too-long", True),
        (replace(PLAIN, ends=Moment("2027-04-07", "Africa/Nairobi")), "too-long", False),
    ],
)
def test_dates(listing: Edition, rule: str, broken: bool) -> None:
    assert (rule in rules(listing)) is broken


def test_past_editions_are_welcome_once_the_series_is_known() -> None:
    past = replace(PLAIN, starts=Moment("2024-03-08"), ends=Moment("2024-03-09"))
    assert "over" in rules(past)
    assert rules(past, Context(NOW, known=True)) == set()


@pytest.mark.parametrize(
    ("values", "rule", "broken"),
    [
        ({"contact": "a@mailinator.com"}, "throw-away-mail", True),
        ({"contact": "a@sub.mailinator.com"}, "throw-away-mail", True),
        ({"contact": "a@notmailinator.com"}, "throw-away-mail", False),
        ({"contact": "lake.invented@gmail.com"}, "throw-away-mail", False),
        ({"url": "https://bit.ly/x"}, "link-shortener", True),
        ({"url": "https://rabbit.ly/x"}, "link-shortener", False),
        ({"url": "http://203.0.113.7/x"}, "odd-address", True),
        ({"url": "http://0x7f000001/x"}, "odd-address", True),
        ({"url": "http://3405803783/"}, "odd-address", True),
        ({"url": "https://lake.example@evil.example/"}, "odd-address", True),
        ({"url": "javascript:alert(1)"}, "odd-address", True),
        ({"url": "https://[::1"}, "odd-address", True),
        ({"url": "https://l\u0430ke.example/"}, "odd-address", True),
        ({"url": "https://xn--lke-5cd.example/"}, "odd-address", True),
        ({"url": "https://m\u00fcnchen-lake.example/"}, "odd-address", False),
        ({"url": "https://\u043e\u0437\u0435\u0440\u043e.example/"}, "odd-address", False),
        ({"url": "https://2027.lake.example/"}, "odd-address", False),
        ({"url": "", "contact": ""}, "no-way-to-check", True),
        ({"url": ""}, "no-way-to-check", False),
        ({"contact": ""}, "no-way-to-check", False),
        ({"url": "https://lake.top"}, "cheap-domain", True),
        ({"url": "https://top.example"}, "cheap-domain", False),
        ({"url": "https://somewhere-else.example"}, "unfit-site", True),
        ({"url": "https://ils2027.example"}, "unfit-site", False),
        ({"url": "https://lake.wordpress.com"}, "unfit-site", False),
        ({"url": "https://lake.wordpress.com"}, "free-site", True),
        ({"contact": "x@other.example"}, "unfit-contact", True),
        ({"contact": "x@mail.lake.example"}, "unfit-contact", False),
        ({"contact": "lake.invented@yahoo.fr"}, "unfit-contact", False),
        ({"contact": "a@blocked-meetings.example"}, "blocked", True),
        ({"contact": "a@unblocked-meetings.example"}, "blocked", False),
        ({"contact": "SENDER@blocked-address.example"}, "blocked", True),
        ({"contact": "other@blocked-address.example"}, "blocked", False),
        ({"organizers": ("Blocked  INVENTED conference-company",)}, "blocked", True),
        ({"organizers": ("An unblocked invented conference company",)}, "blocked", False),
    ],
)
def test_addresses(values: dict[str, object], rule: str, broken: bool) -> None:
    assert (rule in rules(replace(PLAIN, **values))) is broken  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "contact", "broken"),
    [
        ("https://vaccine-events.example", "x.invented@gmail.com", True),
        ("https://vaccine-events.example", "x@med.lakeside.edu", False),
        ("https://med.lakeside.ac.ke", "x.invented@gmail.com", False),
        ("https://lakeside.example/med", "x.invented@gmail.com", False),
        ("https://vaccine-events.example", "", False),
    ],
)
def test_a_university_by_free_mail_is_a_hint_alone(url: str, contact: str, broken: bool) -> None:
    listing = replace(PLAIN, organizers=("Lakeside University",), url=url, contact=contact)
    assert ("university-free-mail" in rules(listing)) is broken
    assert verdict(doubts(listing, Context(NOW))) is Verdict.CLEAR


@pytest.mark.parametrize(
    ("text", "rule", "broken"),
    [
        ("100% acceptance!", "promised-acceptance", True),
        ("We promise 100 per cent abstract acceptance", "promised-acceptance", True),
        ("Acceptance within 3 days", "promised-acceptance", True),
        ("You get your acceptance letter in 48 hours.", "promised-acceptance", True),
        ("Peer review in 24 hours", "fast-review", True),
        ("Review within 30 days", "fast-review", False),
        ("All submissions are accepted.", "all-accepted", True),
        ("All abstracts are accepted in English or French.", "all-accepted", False),
        ("A visa letter for everybody upon payment", "visa-trade", True),
        ("Visa letters are sent within a week", "visa-trade", False),
        ("Aceptación garantizada", "promised-acceptance", True),
        ("录用率100%", "promised-acceptance", True),
        ("Immediate acceptance", "promised-acceptance", True),
        ("Guaranteed publication", "promised-indexing", True),
        ("Abstracts are published in a PubMed-indexed journal after review", "promised-indexing", False),
        ("A visit to ETH and a talk on tethering", "crypto", False),
        ("Pay the fee to the treasurer", "pay-a-person", False),
        ("Send abstracts to Dr Invented", "pay-a-person", False),
        ("Send the fee by wire to Mr Invented", "pay-a-person", True),
        ("Acceptance in 2-3 working days", "promised-acceptance", True),
        ("Posters accepted in two days of sessions", "promised-acceptance", False),
        ("Acceptance is guaranteed", "promised-acceptance", True),
        ("Why wait? No delay, 100% acceptance", "promised-acceptance", True),
        ("We do not offer 100% acceptance", "promised-acceptance", False),
        ("Letters of acceptance are sent within 30 days", "promised-acceptance", False),
        ("Acceptance within 14 days of review", "promised-acceptance", False),
        ("About 60% of abstracts were accepted last year", "promised-acceptance", False),
        ("100% online; acceptance by review", "promised-acceptance", False),
        ("All papers will be indexed", "promised-indexing", True),
        ("Scopus-indexed proceedings", "promised-indexing", True),
        ("Guaranteed indexing", "promised-indexing", True),
        ("in the society's journal, which is indexed in Scopus", "promised-indexing", False),
        ("The journal was indexed in Medline in 1999", "promised-indexing", False),
        ("A talk on how indexing works", "promised-indexing", False),
        ("Eminent speakers at a world-class event", "flattery", True),
        ("World-renowned speakers", "flattery", False),
        ("cancer, tourism and petroleum", "far-fields", True),
        ("cancer, health economics and health law", "far-fields", False),
        ("Law, ethics, finance and data mining in cancer care", "far-fields", False),
        ("We accept every abstract, no peer review needed", "all-accepted", True),
        ("Peer review by two members", "all-accepted", False),
        ("Authorship is available for purchase", "prizes-for-all", True),
        ("Certificates of attendance are given to all", "prizes-for-all", False),
        ("Hurry up", "haste", True),
        ("Places are limited to thirty", "haste", False),
        ("Each registered author receives an award", "prizes-for-all", True),
        ("Awards for the three best posters", "prizes-for-all", False),
        ("in our supporting journals", "own-journals", True),
        ("in our journal", "own-journals", False),
        ("Pay in Bitcoin", "crypto", True),
        ("We never ask for bitcoin", "crypto", False),
        ("The cryptococcal session", "crypto", False),
        ("to the account of Dr Invented", "pay-a-person", True),
        ("to the account of the society", "pay-a-person", False),
        ("Visa letter for a small fee.", "visa-trade", True),
        ("We write visa letters free of charge.", "visa-trade", False),
        ("Peer review (48 h).", "fast-review", True),
        ("Abstracts undergo peer review. 48 posters are shown.", "fast-review", False),
        ("A workshop on rapid reviews.", "fast-review", False),
        ("Your abstract will be accepted.", "all-accepted", True),
        ("If your abstract is accepted, we write to you.", "all-accepted", False),
        ("Tous les résumés sont acceptés.", "all-accepted", True),
        ("A best paper award for every presenter.", "prizes-for-all", True),
        ("Pay by Western Union to Mr Invented.", "pay-a-person", True),
    ],
)
def test_words(text: str, rule: str, broken: bool) -> None:
    assert (rule in said(text)) is broken


def test_many_topics() -> None:
    assert "too-many-topics" in said(", ".join(f"topic {n}" for n in range(46)))
    assert "too-many-topics" not in said(", ".join(f"topic {n}" for n in range(45)))
    assert "too-many-topics" in rules(replace(PLAIN, cancer_types=tuple(f"C{n}" for n in range(46))))


@pytest.mark.parametrize(
    ("amount", "label", "broken"),
    [
        ("499", "Listener", True),
        ("699", "Speaker registration", True),
        ("0", "Speakers", False),
        ("100", "Members", False),
        ("50", "Students and residents", False),
        ("80", "Guests of speakers from abroad", False),
    ],
)
def test_fees_by_part(amount: str, label: str, broken: bool) -> None:
    listing = replace(PLAIN, fees=(Fee(amount, "USD", label),))
    assert ("speakers-pay" in rules(listing)) is broken


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("THE INVENTED LAKE MEETING", True),
        ("Lake Meeting 🔥", True),
        ("Lake Meeting!!!", True),
        ("ASCO GI", False),
        ("Lake Meeting!", False),
        ("珠江肝癌多学科诊疗论坛第七届", False),
        ("المؤتمر السنوي لجمعية أورام", False),
    ],
)
def test_shouting_is_a_hint_alone(title: str, broken: bool) -> None:
    assert ("shouting" in called(title)) is broken
    assert severity("shouting") is Severity.NOTE


@pytest.mark.parametrize(
    ("title", "url", "rule"),
    [
        ("World Congress on Cancer 2028", "https://lake.example", "imitated-name"),
        ("Global Cancer Summit", "https://lake.example", "imitated-name"),
        ("The 5th Annual World Cancers Conference", "https://lake.example", "imitated-name"),
        ("San Antonia Breast Cancer Symposium", "https://lake.example", "imitated-name"),
        ("ASCO Annual Meeting 2027", "https://lake.example", "imitated-name"),
        ("ASCO Annual Meeting 2027", "https://asco.org.evil.example", "imitated-name"),
        ("ASCO Annual Meeting 2027", "https://www.asco.org/meeting", ""),
        ("World Cancer Congress", "https://lake.example", "known-name"),
        ("Best of the ASCO Annual Meeting in Kenya", "https://lake.example", "known-name"),
        ("International World Congress of Cancer", "https://lake.example", "imitated-name"),
        ("ESMO World Congress", "https://lake.example", "known-name"),
        ("Genitourinary Cancer Conference", "https://lake.example", ""),
        ("Kenyan Cancer Congress", "https://lake.example", ""),
        ("Caribbean Lung Cancer Congress", "https://lake.example", ""),
        ("East African Breast Cancer Conference", "https://lake.example", ""),
        ("World Congress of Cancer Nurses", "https://lake.example", ""),
    ],
)
def test_names(title: str, url: str, rule: str) -> None:
    found = called(title, url) & {"imitated-name", "known-name"}
    assert (rule in found) if rule else not found


def _other(number: int = 1, **values: object) -> Edition:
    made = replace(
        PLAIN, id=f"other-{number}", series=f"other-{number}", title=f"Invented Hill Meeting {number}"
    )
    return replace(made, **values)  # type: ignore[arg-type]


def test_two_cities_on_one_day() -> None:
    paris = Venue("FR", "Paris")
    assert "two-cities" in beside(PLAIN, _other(venue=paris))
    assert "two-cities" in beside(PLAIN, _other(venue=paris, starts=PLAIN.ends, ends=PLAIN.ends))
    day_after = Moment("2027-03-11", "Europe/Paris")
    near = (
        _other(venue=paris, starts=day_after, ends=day_after),
        _other(venue=paris, organizers=("Another Society",)),
        _other(venue=paris, attendance=Attendance.ONLINE),
        _other(venue=paris, cancelled=True),
        _other(venue=paris, series=PLAIN.series),
    )
    for other in near:
        assert "two-cities" not in beside(PLAIN, other), other
    assert beside(PLAIN, _other(venue=Venue("KE", "Mombasa"))) >= {"two-places"}
    assert "two-cities" not in beside(PLAIN, _other(venue=Venue("KE", "Mombasa")))


def _months(days: list[int]) -> list[Edition]:
    start = datetime(2027, 3, 8)
    moments = [Moment((start + timedelta(days=day)).date().isoformat()) for day in days]
    return [_other(n, starts=m, ends=m, summary="") for n, m in enumerate(moments)]


def test_many_in_a_month() -> None:
    assert "many-in-a-month" in beside(PLAIN, *_months([3, 10, 20]))
    assert "many-in-a-month" in beside(PLAIN, *_months([-10, 10, 20]))
    assert "many-in-a-month" not in beside(PLAIN, *_months([3, 10]))
    assert "many-in-a-month" not in beside(PLAIN, *_months([3, 10, 31]))
    assert "many-in-a-month" not in beside(PLAIN, *_months([-20, 20, 25]))


def test_many_at_once() -> None:
    def handed_in(count: int, hours: int, account: str = "me", approved: int = 0) -> set[str]:
        at = (NOW - timedelta(hours=hours)).isoformat()
        far = [_other(n, organizers=("Some Society",), summary="") for n in range(count)]
        neighbours = tuple(Neighbour(one, account, at) for one in far)
        return rules(PLAIN, Context(NOW, "me", neighbours, approved=approved))

    assert "many-at-once" in handed_in(5, 1)
    assert "many-at-once" not in handed_in(4, 1)
    assert "many-at-once" not in handed_in(5, 25)
    assert "many-at-once" not in handed_in(5, 1, "somebody else")
    assert "many-at-once" not in handed_in(5, 1, approved=3)
    assert "many-at-once" in handed_in(20, 1, approved=3)


TEXT = (
    "We meet each spring beside the lake to talk about care for people who live far from any hospital, about "
    "nurses who travel by boat, and about screening that works without electricity or running water."
)


def test_copied_text() -> None:
    mine = replace(PLAIN, summary=TEXT)
    theirs = _other(summary=f"Welcome! {TEXT} Register now.", organizers=("Another Society",))
    assert "copied-text" in beside(mine, theirs)
    assert "copied-text" not in beside(mine, replace(theirs, series=PLAIN.series))
    assert "copied-text" not in beside(
        mine, replace(theirs, summary=TEXT[:60] + " something else altogether")
    )
    assert "copied-text" not in beside(
        replace(PLAIN, summary="Talks and posters."), replace(theirs, summary="Talks and posters.")
    )
    own = replace(theirs, organizers=PLAIN.organizers)
    assert beside(mine, own) >= {"repeated-text"}
    assert "copied-text" not in beside(mine, own)


def test_who_was_here_first_did_not_copy() -> None:
    mine = replace(PLAIN, summary=TEXT)
    theirs = Neighbour(_other(summary=TEXT, organizers=("Another Society",)), "", "2026-11-20T00:00:00Z")
    assert "copied-text" not in rules(mine, Context(NOW, neighbours=(theirs,), at="2026-11-19T00:00:00Z"))
    assert "copied-text" in rules(mine, Context(NOW, neighbours=(theirs,), at="2026-11-21T00:00:00Z"))


def test_hints_add_up() -> None:
    hint, other, grave = Doubt("flattery"), Doubt("speakers-pay"), Doubt("blocked", "x")
    assert verdict([]) is Verdict.CLEAR
    assert verdict([hint]) is Verdict.CLEAR
    assert (verdict([hint, other]), score([hint, other])) == (Verdict.HELD, 6)
    assert verdict([hint, grave]) is Verdict.REFUSED
    assert refusals([hint, grave]) == (grave,)


PUBLIC = replace(PLAIN, deadlines=(Deadline(DeadlineKind.ABSTRACT, Moment("2027-01-15")),))


def _put_off(at: str) -> Edition:
    return replace(PUBLIC, deadlines=(Deadline(DeadlineKind.ABSTRACT, Moment(at)),))


@pytest.mark.parametrize(
    ("proposed", "approved", "may"),
    [
        (_put_off("2027-01-31"), 3, True),
        (_put_off("2027-01-31"), 2, False),
        (_put_off("2027-01-14"), 3, False),
        (_put_off("2027-03-09"), 3, False),
        (replace(PUBLIC, cancelled=True), 3, True),
        (replace(PUBLIC, deadlines=()), 3, False),
        (replace(PUBLIC, title="Another name"), 3, False),
        (replace(_put_off("2027-01-31"), url="https://evil.example"), 3, False),
        (PUBLIC, 3, False),
    ],
)
def test_what_a_trusted_account_may_change_at_once(proposed: Edition, approved: int, may: bool) -> None:
    assert may_publish_at_once(PUBLIC, proposed, Context(NOW, known=True, approved=approved)) is may


def test_a_cancelled_meeting_is_not_held_again_at_once() -> None:
    cancelled = replace(PUBLIC, cancelled=True)
    assert not may_publish_at_once(cancelled, PUBLIC, Context(NOW, known=True, approved=9))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.lake.example", "lake.example"),
        ("www.lake.or.ke", "lake.or.ke"),
        ("lake.com", "lake.com"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_registered_names(host: str, domain: str) -> None:
    assert to_domain(host) == domain


def test_words_of_any_script() -> None:
    assert to_words("Élan, ÇA va") == ["elan", "ca", "va"]
    assert to_words("肝癌") == ["肝", "癌"]


@pytest.mark.parametrize(
    "text", ["a " * 60_000, "," * 60_000, "accepted in " * 9_000, "!" * 60_000, "1 " * 60_000]
)
def test_long_texts_are_judged_in_time(text: str) -> None:
    from time import process_time

    began = process_time()
    doubts(replace(PLAIN, title=text[:5_000], summary=text, contact=text[:5_000]), Context(NOW))
    assert process_time() - began < 3
