"""What organizers do with their listings: forms, parts, drafts, facts that change at once. All invented."""

import lxml.html
import pytest

from catalog.sqlcatalog import SqlCatalog
from conferences.trust import reason
from domain.account import Part, Permission
from domain.errors import NotAllowed
from domain.listing import Edition, Kind, Moment, State
from domain.listing_ports import Listed, Wanted
from tests.web.organizers import HOST, Browser, words
from tests.web.strict import StrictPage
from web.organize.organizing import ACTS, Organizing

MEETING = {
    "title": "Invented Meeting on Cancer 2027",
    "starts": "2027-03-08",
    "ends": "2027-03-10",
    "attendance": "on-site",
    "venue.country": "KE",
    "venue.city": "Nairobi",
    "url": "https://invented.example/2027",
    "deadlines-0-kind": "abstract",
    "deadlines-0-moment": "2027-01-15",
}


@pytest.fixture
def ada(browser: Browser) -> Browser:
    return browser.sign_in("ada@society.example")


def list_meeting(browser: Browser, act: str = "hand-in", **values: str) -> str:
    answer = browser.send("/organize/new", "/new", **(MEETING | {"act": act} | values))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"].split("/")[-1].split("?")[0]


def approve(catalog: SqlCatalog, listing_id: str) -> Listed:
    listed = catalog.listings.listed(listing_id)
    if isinstance(listed.latest, Edition):
        series = catalog.listings.listed(listed.latest.series)
        if series.public is None:
            approve(catalog, series.id)
    return catalog.listings.save(listed.latest, State.PUBLIC, "reviewer", "approved")


def test_a_meeting_is_listed_in_one_short_form(ada: Browser, catalog: SqlCatalog) -> None:
    page = ada.get("/organize/new")
    assert "List a meeting" in words(page)
    listed = catalog.listings.listed(list_meeting(ada))
    assert (listed.state, listed.kind) == (State.IN_REVIEW, Kind.EDITION)
    meeting = listed.latest
    assert isinstance(meeting, Edition)
    assert (meeting.slug, meeting.venue.city, meeting.starts.at) == ("2027", "Nairobi", "2027-03-08")
    series = catalog.listings.listed(meeting.series)
    assert (series.state, series.latest.title) == (State.IN_REVIEW, "Invented Meeting on Cancer")
    assert "waits for a reviewer" in words(ada.get(f"/organize/{listed.id}?done=handed-in"))
    assert "Invented Meeting on Cancer 2027" in words(ada.get("/organize"))


@pytest.mark.parametrize(
    ("path", "headed"),
    [
        ("/organize/new", "List a meeting"),
        ("/organize/opportunities/new", "List an opportunity"),
        ("/organize/resources/new", "List a resource"),
    ],
)
def test_a_new_form_says_what_it_is_for(ada: Browser, path: str, headed: str) -> None:
    html = lxml.html.fromstring(ada.get(path).text)
    assert html.findtext(".//h1") == headed
    assert (html.findtext(".//title") or "").startswith(headed)


def test_a_form_speaks_of_what_is_public_only_where_something_is(ada: Browser, catalog: SqlCatalog) -> None:
    meeting = list_meeting(ada)
    assert "What is public now" not in words(ada.get("/organize/new"))
    assert "What is public now" not in words(ada.get(f"/organize/{meeting}/edit"))
    approve(catalog, meeting)
    assert "What is public now" in words(ada.get(f"/organize/{meeting}/edit"))


def test_mistakes_come_back_beside_their_fields_with_what_was_typed(
    ada: Browser, catalog: SqlCatalog
) -> None:
    wrong = MEETING | {
        "ends": "2027-03-07",
        "url": "not an address",
        "venue.city": "Kisumu",
        "act": "hand-in",
    }
    answer = ada.send("/organize/new", "/new", **wrong)
    assert answer.status_code == 422
    told = words(answer)
    assert "2 things to put right" in told
    html = lxml.html.fromstring(answer.text)
    for name in ("ends", "url"):
        (input_,) = html.xpath(f"//*[@id='{name}']")
        assert input_.get("aria-invalid") == "true"
        assert input_.get("aria-describedby").split()[0] == f"{name}-wrong"
        assert html.xpath(f"//a[@href='#{name}']")
        assert html.xpath(f"//*[@id='{name}-wrong']")
    assert html.xpath("//*[@id='venue.city']/@value") == ["Kisumu"]
    assert html.xpath("//*[@id='url']/@value") == ["not an address"]
    assert html.xpath("//select[@id='venue.country']/option[@selected]/@value") == ["KE"]
    assert catalog.listings.queue()[0] == 0
    assert (
        ada.fill(answer, "/new", ends="2027-03-09", url="invented.example", act="hand-in").status_code == 303
    )
    assert catalog.listings.queue()[0] == 2, "the meeting and its series"


def test_a_draft_is_kept_however_little_it_says(ada: Browser, catalog: SqlCatalog) -> None:
    listing_id = list_meeting(ada, "save", starts="", ends="", url="", **{"deadlines-0-moment": "2027-02-30"})
    listed = catalog.listings.listed(listing_id)
    assert listed.state is State.DRAFT
    assert "Draft" in words(ada.get(f"/organize/{listing_id}"))
    page = ada.get(f"/organize/{listing_id}/edit")
    assert lxml.html.fromstring(page.text).xpath("//*[@id='venue.city']/@value") == ["Nairobi"]
    refused = ada.send(f"/organize/{listing_id}", "/hand-in")
    assert refused.status_code == 422
    assert "First day: this is needed." in words(refused)
    assert ada.send("/organize/new", "/new", act="save").status_code == 422, "a draft has a title at least"


def test_a_draft_loses_no_row_that_was_begun(ada: Browser, catalog: SqlCatalog) -> None:
    half = MEETING | {"act": "save", "fees-0-label": "Students from invented countries"}
    answer = ada.send("/organize/new", "/new", **half)
    assert answer.status_code == 422
    assert "Amount: fill this in, too, or empty the rest of the row." in words(answer)
    assert "Students from invented countries" in answer.text
    assert ada.fill(answer, "/new", act="save", **{"fees-0-amount": "0"}).status_code == 303


def test_a_preview_saves_nothing(ada: Browser, catalog: SqlCatalog) -> None:
    answer = ada.send("/organize/new", "/new", **(MEETING | {"act": "preview"}))
    assert "Preview: nobody else sees this" in words(answer)
    assert "Kenya" in words(answer)
    assert catalog.listings.queue()[0] == 0
    assert "Nothing yet" in words(ada.get("/organize"))


def test_a_draft_is_shown_to_its_owner_as_the_public_will_see_it(ada: Browser, another: Browser) -> None:
    listing_id = list_meeting(ada, "save")
    page = ada.get(f"/organize/{listing_id}/preview")
    told = words(page)
    assert page.headers["Cache-Control"] == "no-store"
    for part in ("Preview: nobody else sees this", "Invented Meeting on Cancer 2027", "Nairobi"):
        assert part in told
    stranger = another.sign_in("eve@evil.example")
    assert stranger.get(f"/organize/{listing_id}/preview").status_code == 404


@pytest.mark.parametrize(
    ("kinds", "word"), [("opportunities", "Who may apply"), ("resources", "How to get at it")]
)
def test_an_offer_is_shown_to_its_owner_as_the_public_will_see_it(
    ada: Browser, another: Browser, catalog: SqlCatalog, kinds: str, word: str
) -> None:
    offer = {"title": "Invented offer", "url": "https://invented.example", "provider": "Invented Fund"}
    if kinds == "opportunities":
        offer |= {"kind": "fellowship", "closes": "2099-05-01", "eligibility-0-countries": "Kenya"}
        offer |= {"eligibility-0-source": "https://invented.example/rules", "eligibility-0-text": "Kenyans."}
    made = ada.send(f"/organize/{kinds}/new", "/new", act="save", **offer)
    listing_id = made.headers["Location"].split("/")[-1].split("?")[0]
    assert f"/organize/{listing_id}/preview" in ada.get(f"/organize/{listing_id}").text
    page = ada.get(f"/organize/{listing_id}/preview?country=KE")
    told = words(page)
    for part in ("Preview: nobody else sees this", "Invented offer", "Invented Fund", word):
        assert part in told
    if kinds == "opportunities":
        assert "You may apply, as somebody from Kenya" in told
    assert page.headers["Cache-Control"] == "no-store"
    assert "Report this listing" not in told
    assert another.get(f"/{kinds}/{listing_id}").status_code == 404, "the public sees nothing yet"
    assert another.sign_in("eve@evil.example").get(f"/organize/{listing_id}/preview").status_code == 404
    public = words(ada.get(f"/{kinds}/{approve(catalog, listing_id).id}"))
    assert "Preview" not in public
    assert "Report this listing" in public


def test_nothing_is_handed_in_before_the_address_is_proven(ada: Browser, catalog: SqlCatalog) -> None:
    listed = catalog.listings.listed(list_meeting(ada, "save"))
    own = Organizing(catalog.listings, catalog.accounts, ada.post, "Findings")
    with pytest.raises(NotAllowed):
        own.hand_in(catalog.accounts.create("new@society.example", ""), listed)
    assert catalog.listings.listed(listed.id).state is State.DRAFT


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("promised-acceptance", {"summary": "Guaranteed acceptance within 24 hours."}),
        ("throw-away-mail", {"contact": "office@mailinator.com"}),
        ("blocked", {"contact": "office@blocked-meetings.example"}),
        ("deadline-after-start", {"deadlines-0-moment": "2027-03-09"}),
    ],
)
def test_what_breaks_a_rule_is_not_handed_in_and_the_rule_is_named(
    ada: Browser, catalog: SqlCatalog, rule: str, values: dict[str, str]
) -> None:
    answer = ada.send("/organize/new", "/new", **(MEETING | {"act": "hand-in"} | values))
    assert answer.status_code == 422
    assert reason(rule) in words(answer)
    assert catalog.listings.queue()[0] == 0, "it waits for nobody"
    assert catalog.listings.public(Wanted(Kind.EDITION))[0] == 0


def test_two_who_write_at_once_both_keep_their_words(
    ada: Browser, another: Browser, catalog: SqlCatalog
) -> None:
    listing_id = list_meeting(ada)
    ada.send(f"/organize/{listing_id}", "/people", email="ben@society.example", part="editor")
    ben = another.sign_in("ben@society.example")
    page = ada.get(f"/organize/{listing_id}/edit")
    assert (
        ben.send(f"/organize/{listing_id}/edit", "/edit", venue__city="Mombasa", act="save").status_code
        == 303
    )
    stale = ada.fill(page, "/edit", venue__city="Kisumu", act="save")
    assert stale.status_code == 409
    told = words(stale)
    assert "Somebody else has changed this meanwhile" in told
    assert "Saved meanwhile: Mombasa" in told
    html = lxml.html.fromstring(stale.text)
    assert html.xpath("//*[@id='venue.city']/@value") == ["Kisumu"]
    assert catalog.listings.listed(listing_id).latest.venue.city == "Mombasa"  # type: ignore[union-attr]
    assert ada.fill(stale, "/edit", act="save").status_code == 303
    assert catalog.listings.listed(listing_id).latest.venue.city == "Kisumu"  # type: ignore[union-attr]


def test_a_year_in_the_life_of_a_meeting(ada: Browser, catalog: SqlCatalog) -> None:
    listing_id = list_meeting(ada)
    approve(catalog, listing_id)
    answer = ada.send(f"/organize/{listing_id}", "/extend", moment="2027-01-10")
    assert answer.status_code == 422
    assert "not later than the deadline" in words(answer)
    assert ada.send(f"/organize/{listing_id}", "/extend", moment="2027-01-29").status_code == 303
    extended = catalog.listings.listed(listing_id)
    assert extended.state is State.IN_REVIEW, "who is new here waits for a reviewer"
    meeting = approve(catalog, listing_id).public
    assert isinstance(meeting, Edition)
    (deadline,) = meeting.deadlines
    assert (deadline.moment.at, [m.at for m in deadline.earlier]) == ("2027-01-29", ["2027-01-15"])
    assert ada.send(f"/organize/{listing_id}", "/cancel").status_code == 422
    assert ada.send(f"/organize/{listing_id}", "/cancel", sure="yes").status_code == 303
    cancelled = catalog.listings.listed(listing_id)
    assert cancelled.state is State.PUBLIC
    assert isinstance(cancelled.public, Edition)
    assert cancelled.public.cancelled
    assert cancelled.public.sequence > meeting.sequence
    page = ada.get(f"/organize/{listing_id}/next")
    asked = lxml.html.fromstring(page.text).xpath(
        "//form[.//button[@value='hand-in']]//input[@required]/@name"
    )
    assert asked == ["starts", "ends"]
    assert "2028-03-06" in page.text, "the same days of the week, a year later"
    following = ada.fill(
        page, "/next", starts="2028-03-13", ends="2028-03-15", venue__city="Kampala", act="hand-in"
    )
    assert following.status_code == 303, words(following)
    new_id = following.headers["Location"].split("/")[-1].split("?")[0]
    new = catalog.listings.listed(new_id).latest
    assert isinstance(new, Edition)
    assert (new.series, new.slug, new.title) == (meeting.series, "2028", "Invented Meeting on Cancer 2028")
    assert (new.venue.city, new.cancelled, new.deadlines[0].moment.at) == ("Kampala", False, "2028-02-04")
    assert not new.deadlines[0].earlier
    assert ada.send(f"/organize/{listing_id}", "/withdraw", sure="yes").status_code == 303
    assert catalog.listings.listed(listing_id).public is None
    audit = words(ada.get(f"/organize/{listing_id}"))
    for act in ("created", "handed-in", "approved", "extended", "cancelled", "withdrawn"):
        assert act in audit, act


@pytest.mark.parametrize("kinds", ["opportunities", "resources"])
def test_one_form_serves_every_kind(ada: Browser, catalog: SqlCatalog, kinds: str) -> None:
    values = {"title": "Invented offer", "url": "https://invented.example", "provider": "Invented Fund"}
    unchosen = ada.send(f"/organize/{kinds}/new", "/new", act="hand-in", **values)
    assert (unchosen.status_code, "Kind: choose one of the list." in words(unchosen)) == (422, True)
    values["kind"] = "registry"
    if kinds == "opportunities":
        values |= {"kind": "fellowship", "closes": "2027-05-01", "eligibility-0-text": "Nurses in Kenya."}
        values |= {"eligibility-0-countries": "Kenya, Uganda", "eligibility-0-career_stages": "nurse"}
    answer = ada.send(f"/organize/{kinds}/new", "/new", act="hand-in", **values)
    assert answer.status_code == 303, words(answer)
    listed = catalog.listings.queue()[1][0]
    assert listed.latest.title == "Invented offer"
    told = words(ada.get(f"/organize/{listed.id}"))
    assert "Invented Fund" in told
    if kinds == "opportunities":
        assert "Kenya, Uganda" in told
    words(ada.get(f"/organize/{listed.id}/edit"))
    for act in ("extend", "cancel", "move"):
        assert ada.client.get(f"/organize/{listed.id}/{act}", base_url=HOST).status_code == 405


ROLES = [None, Part.VIEWER, Part.EDITOR, Part.OWNER]
_BODIES: dict[str, dict[str, str]] = {
    "extend": {"deadline": "0", "moment": "2027-02-01"},
    "cancel": {"sure": "yes"},
    "withdraw": {"sure": "yes"},
    "move": {"starts": "2027-03-15", "ends": "2027-03-17"},
    "people": {"email": "eve@evil.example", "part": "owner"},
    "parts": {"person": "p", "part": "owner"},
    "edit": MEETING | {"title": "Taken over", "act": "save"},
    "next": {"starts": "2028-03-13", "ends": "2028-03-15", "act": "save"},
    "hand-in": {},
    "unwatch": {},
}
_NEEDED = {"preview": "see", "edit": "change", "parts": "people"}
KIND_PAGES = {"resource": "/organize/resources/new", "opportunity": "/organize/opportunities/new"}
_VERBS = [
    ("GET", ""),
    ("GET", "edit"),
    ("GET", "next"),
    ("GET", "preview"),
    *(("POST", name) for name in _BODIES),
]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["edition", "series", "resource", "opportunity"])
def test_nobody_does_more_than_their_part(
    ada: Browser, another: Browser, catalog: SqlCatalog, role: Part | None, kind: str
) -> None:
    target, series = _listed(ada, catalog, kind)
    eve = another.sign_in("eve@evil.example")
    person = catalog.accounts.by_email("eve@evil.example")
    assert person
    if role:
        catalog.accounts.set_part(person.id, series, role, "test")
    own = lxml.html.fromstring(eve.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    for method, verb in _VERBS:
        if verb == "preview" and kind == "series":
            continue
        needed = ACTS[_NEEDED.get(verb, verb or "see")]
        enough = role is not None and ROLES.index(role) >= ROLES.index(needed)
        if enough and (method == "POST" or (verb == "next" and kind in KIND_PAGES)):
            continue  # what they may do is tried elsewhere, and would change what the others meet
        before = catalog.listings.listed(target)
        data = {"csrf": own, "expected": before.changed_at} | _BODIES.get(verb, {})
        address = f"/organize/{target}/{verb}".rstrip("/")
        sent = {"base_url": HOST, "headers": {"Origin": HOST}}
        answer = eve.client.open(address, method=method, data=data if method == "POST" else None, **sent)
        expected = {200} if enough else {404} if role is None else {403}
        assert answer.status_code in expected, (method, verb, role)
        assert catalog.listings.listed(target) == before, (verb, role)
    assert len(catalog.accounts.memberships(series)) == (2 if role else 1)


_LAST = ("withdraw",)
_EDITION_ONLY = ("extend", "cancel", "move")


@pytest.mark.parametrize("role", [Part.EDITOR, Part.OWNER])
@pytest.mark.parametrize("kind", ["edition", "series", "resource", "opportunity"])
def test_everybody_does_what_their_part_lets_them(
    ada: Browser, another: Browser, catalog: SqlCatalog, role: Part, kind: str
) -> None:
    target, key = _listed(ada, catalog, kind)
    ben = another.sign_in("ben@society.example")
    person = catalog.accounts.by_email("ben@society.example")
    assert person
    catalog.accounts.set_part(person.id, key, role, "test")
    own = lxml.html.fromstring(ben.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    for verb in sorted(_BODIES, key=lambda verb: verb in _LAST):
        if ROLES.index(role) < ROLES.index(ACTS[_NEEDED.get(verb, verb)]):
            continue
        data = {"csrf": own, "expected": catalog.listings.listed(target).changed_at} | _BODIES[verb]
        address = f"/organize/{target}/{verb}"
        answer = ben.client.post(address, data=data, base_url=HOST, headers={"Origin": HOST})
        is_there = kind == "edition" or (verb not in _EDITION_ONLY and (verb != "next" or kind == "series"))
        assert answer.status_code in ((200, 303, 400, 409, 422) if is_there else (404, 400)), (verb, role)
        assert "no longer valid" not in answer.text


@pytest.mark.parametrize("kind", ["edition", "series", "resource", "opportunity"])
def test_neither_reviewers_nor_the_public_reach_what_is_not_theirs(
    ada: Browser, another: Browser, catalog: SqlCatalog, kind: str
) -> None:
    target, _ = _listed(ada, catalog, kind)
    before = catalog.listings.listed(target)
    addresses = [(method, f"/organize/{target}/{verb}".rstrip("/")) for method, verb in _VERBS]
    sent = {"base_url": HOST, "headers": {"Origin": HOST}}
    for method, address in addresses:
        answer = another.client.open(address, method=method, data={}, **sent)
        assert answer.status_code == (303 if method == "GET" else 403), (method, address)
        assert "Invented" not in answer.text
    rea = another.sign_in("rea@desk.example")
    reviewer = catalog.accounts.by_email("rea@desk.example")
    assert reviewer
    catalog.accounts.grant(reviewer.id, Permission.MODERATE, "test")
    own = lxml.html.fromstring(rea.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    for method, address in addresses:
        data = {"csrf": own, "sure": "yes"} if method == "POST" else None
        assert rea.client.open(address, method=method, data=data, **sent).status_code == 404, (
            method,
            address,
        )
    assert catalog.listings.listed(target) == before


def test_every_route_about_a_listing_is_in_the_matrix(ada: Browser) -> None:
    routes = {
        (method, rule.rule.removeprefix("/organize/<listing_id>").strip("/"))
        for rule in ada.client.application.url_map.iter_rules()
        if rule.rule.startswith("/organize/<listing_id>")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == set(_VERBS)


def _listed(ada: Browser, catalog: SqlCatalog, kind: str) -> tuple[str, str]:
    """A listing of that kind, and the one whose owners own it."""
    if kind in KIND_PAGES:
        made = ada.send(KIND_PAGES[kind], "/new", title="Invented offer", act="save")
        target = made.headers["Location"].split("/")[-1].split("?")[0]
        return target, target
    listing_id = list_meeting(ada)
    approve(catalog, listing_id)
    series = catalog.listings.listed(listing_id).latest.series  # type: ignore[union-attr]
    return (listing_id if kind == "edition" else series), series


def test_no_form_is_taken_without_its_token_or_from_another_site(ada: Browser, catalog: SqlCatalog) -> None:
    listing_id = list_meeting(ada)
    own = lxml.html.fromstring(ada.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    app = ada.client.application
    posts = [
        str(rule.rule).replace("<listing_id>", listing_id).replace("<kinds>", "opportunities")
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and str(rule.rule).startswith(("/organize", "/account"))
    ]
    assert len(posts) > 15
    before = catalog.listings.listed(listing_id)
    tries: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {}),
        ({"csrf": "x" * 40}, {"Origin": HOST}),
        ({"csrf": own}, {"Origin": "https://evil.example"}),
        ({"csrf": own}, {"Origin": "null"}),
        ({"csrf": own}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": own}, {"Sec-Fetch-Site": "same-site"}),
    ]
    for path in posts:
        for values, headers in tries:
            data = {"sure": "yes", "email": "eve@evil.example", "part": "owner"} | values
            answer = ada.client.post(path, data=data, headers=headers, base_url=HOST)
            assert answer.status_code in (400, 403), (path, values, headers)
    assert catalog.listings.listed(listing_id) == before
    assert len(ada.post.letters) == 1
    assert ada.get("/organize").status_code == 200, "still signed in"


def test_who_is_not_signed_in_is_sent_to_the_door_and_back(browser: Browser) -> None:
    answer = browser.get("/organize/new")
    assert answer.headers["Location"] == "/account?next=%2Forganize%2Fnew"
    page = browser.get(answer.headers["Location"])
    browser.fill(page, "/link", email="ada@society.example")
    entered = browser.fill(browser.get(browser.post.link()), "/sign-in")
    assert entered.headers["Location"] == "/organize/new"


def test_a_listing_is_shared_and_handed_over(ada: Browser, another: Browser, catalog: SqlCatalog) -> None:
    listing_id = list_meeting(ada)
    page = f"/organize/{listing_id}"
    assert ada.send(page, "/people", email="nobody", part="editor").status_code == 422
    assert ada.send(page, "/people", email="ben@society.example", part="editor").status_code == 303
    to, subject, text = ada.post.letters[-1]
    assert to == "ben@society.example"
    assert "Invented" not in subject + text, "a first letter holds nothing that anybody typed"
    ben = another.sign_in("ben@society.example")
    assert "Invented Meeting" in words(ben.get("/organize"))
    assert "Who has a part in it" not in words(ben.get(page))
    assert ada.send(page, "/parts", part="hand-over").status_code == 303
    assert "Who has a part in it" in words(ben.get(page))
    assert "Who has a part in it" not in words(ada.get(page))
    assert "ada@society.example: editor" in words(ben.get(page))
    assert ben.send(page, "/parts", part="none").status_code == 303
    assert ada.get(page).status_code == 404
    series = catalog.listings.listed(listing_id).latest.series  # type: ignore[union-attr]
    person = catalog.accounts.by_email("ben@society.example")
    assert person
    own = lxml.html.fromstring(ben.get("/account").text).xpath("//input[@name='csrf']/@value")[0]
    last = {"csrf": own, "person": person.id, "part": "none"}
    assert ben.client.post(f"{page}/parts", data=last, base_url=HOST).status_code == 403, (
        "the last owner stays"
    )
    assert len(catalog.accounts.memberships(series)) == 1


def test_hostile_words_do_nothing_in_any_field(ada: Browser, catalog: SqlCatalog) -> None:
    nasty = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}'
    values = dict.fromkeys(
        ("title", "venue.city", "summary", "venue.name", "travel_grants", "contact"), nasty
    )
    listing_id = list_meeting(ada, "save", **values)
    for path in (
        f"/organize/{listing_id}",
        f"/organize/{listing_id}/edit",
        f"/organize/{listing_id}/preview",
        "/organize",
    ):
        page = StrictPage(ada.get(path).text)
        assert page.complaints == [], path
        tags = {tag for tag, _ in page.elements}
        assert "img" not in tags, path
        assert "onerror" not in {name for _, given in page.elements for name, _ in dict(given).items()}, path
        assert "7*7" in page.text or "49" not in page.text


def meeting_of(catalog: SqlCatalog, listing_id: str) -> Edition:
    found = catalog.listings.listed(listing_id).latest
    assert isinstance(found, Edition)
    return found


def test_who_moves_a_meeting_keeps_its_hours(ada: Browser, catalog: SqlCatalog) -> None:
    hours = {"starts-time": "09:00", "starts-zone": "eat", "ends-time": "17:00", "ends-zone": "kampala"}
    listing_id = list_meeting(ada, **hours)
    approve(catalog, listing_id)
    page = f"/organize/{listing_id}"
    assert ada.send(page, "/move", starts="2027-03-09", ends="2027-03-11").status_code == 303
    moved = meeting_of(catalog, listing_id)
    assert (moved.starts, moved.ends) == (
        Moment("2027-03-09T09:00", "Africa/Nairobi"),
        Moment("2027-03-11T17:00", "Africa/Kampala"),
    )
    early = ada.send(page, "/move", starts="2027-01-04", ends="2027-01-20")
    assert (early.status_code, reason("deadline-after-start") in words(early)) == (422, True)
    assert meeting_of(catalog, listing_id) == moved


def test_whole_days_are_those_of_the_place(ada: Browser, catalog: SqlCatalog) -> None:
    on_site = meeting_of(catalog, list_meeting(ada))
    assert {on_site.starts.zone, on_site.ends.zone} == {"Africa/Nairobi"}
    online = meeting_of(catalog, list_meeting(ada, attendance="online", title="Invented Webinar 2027"))
    assert {online.starts.zone, online.ends.zone} == {"UTC"}


def test_a_wrong_zone_is_told_where_it_stands(ada: Browser) -> None:
    answer = ada.send("/organize/new", "/new", **(MEETING | {"act": "hand-in", "starts-zone": "Mars"}))
    html = lxml.html.fromstring(answer.text)
    assert "we know no time zone “Mars”" in words(answer)
    (field,) = html.xpath("//details[@open]//input[@id='starts-zone']")
    assert (field.get("aria-invalid"), field.get("value")) == ("true", "Mars")


def test_next_edition_says_of_what_and_that_there_is_one(ada: Browser, catalog: SqlCatalog) -> None:
    listing_id = list_meeting(ada, act="save")
    assert ada.get(f"/organize/{meeting_of(catalog, listing_id).series}/next").status_code == 200
    page = f"/organize/{listing_id}/next"
    first = words(ada.get(page))
    assert "Next edition Invented Meeting on Cancer 2028" in first
    assert "Abstracts: 14 January 2028, 24:00 anywhere on Earth" in first
    assert "listed already" not in first
    assert ada.send(page, "/next", act="save").status_code == 303
    assert "An edition of that year is listed already" in words(ada.get(page))


def test_a_listing_is_not_handed_to_an_address_where_nobody_is(ada: Browser, catalog: SqlCatalog) -> None:
    page = f"/organize/{list_meeting(ada)}"
    assert ada.send(page, "/people", email="typo@society.example", part="editor").status_code == 303
    refused = ada.send(page, "/parts", part="hand-over")
    assert (refused.status_code, "They have not signed in yet" in words(refused)) == (400, True)
    assert "Who has a part in it" in words(ada.get(page)), "its owner stays"
    draft = f"/organize/{list_meeting(ada, act='save', title='Another Invented Meeting 2027')}"
    answer = ada.send(draft, "/cancel", sure="yes")
    assert "Nobody else sees it" in words(ada.get(answer.headers["Location"]))
