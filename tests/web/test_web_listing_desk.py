"""The listings' desk and readers' reports: who gets in, what is decided, letters. All invented."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import lxml.html
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalog import open_catalog
from catalog.sqlcatalog import SqlCatalog
from domain.account import Permission, Person
from domain.errors import MailError
from domain.listing import Deadline, DeadlineKind, Edition, Kind, Moment, Series, State, Venue
from domain.listing_ports import Listed, Listing, Wanted
from tests.web.strict import StrictPage
from web import Site, create_app
from web.forms import LIMITS

HOST = "https://findings.example"
DESK = "/moderate"


@dataclass
class Post:
    """Keeps letters; a broken one takes none."""

    letters: list[tuple[str, str, str]] = field(default_factory=list)
    broken: bool = False

    def send(self, to: str, subject: str, text: str) -> None:
        if self.broken:
            raise MailError("invented: the server does not answer")
        self.letters.append((to, subject, text))


@dataclass
class Browser:
    """Somebody who is signed in, or nobody."""

    client: FlaskClient
    name: str = ""

    def get(self, address: str) -> TestResponse:
        return self.client.get(address, base_url=HOST)

    def send(self, address: str, data: dict[str, object], origin: str = HOST) -> TestResponse:
        return self.client.post(address, data=data, base_url=HOST, headers={"Origin": origin})

    def form(self, address: str, button: str) -> dict[str, object]:
        """What the form with that button holds, the button included."""
        page = lxml.html.fromstring(self.get(address).text)
        form = next(f for f in page.forms if f.xpath(f".//button[@value='{button}']"))
        return dict(form.form_values()) | {"decision": button}

    def decide(self, listed_id: str, button: str, /, **values: object) -> TestResponse:
        address = f"{DESK}/listings/{listed_id}"
        return self.send(address, self.form(address, button) | values)


@dataclass
class World:
    """A site with an organizer, two reviewers and a reader."""

    site: Site
    catalog: SqlCatalog
    post: Post
    owner: Person
    reviewer: Person

    def person(self, email: str, name: str, *permissions: Permission) -> Person:
        made = self.catalog.accounts.create(email, name)
        made = replace(made, name=name, proven=True, permissions=frozenset(permissions))
        self.catalog.accounts.update(made)
        for permission in permissions:
            self.catalog.accounts.grant(made.id, permission, "invented")
        return self.catalog.accounts.person(made.id)

    def browser(self, person: Person | None = None) -> Browser:
        client = create_app(self.site).test_client()
        if person is None:
            return Browser(client)
        page = client.get("/account", base_url=HOST)
        form = next(f for f in lxml.html.fromstring(page.text).forms if (f.action or "").endswith("/link"))
        client.post(form.action, data=dict(form.form_values()) | {"email": person.email}, base_url=HOST)
        (link,) = re.findall(rf"{HOST}(\S+)", self.post.letters.pop()[2])
        page = client.get(link, base_url=HOST)
        form = next(f for f in lxml.html.fromstring(page.text).forms if (f.action or "").endswith("/sign-in"))
        assert client.post(form.action, data=dict(form.form_values()), base_url=HOST).status_code == 303
        return Browser(client, person.name)

    def hand_in(self, listing: Listing, state: State = State.IN_REVIEW) -> Listed:
        return self.catalog.listings.save(listing, state, self.owner.id, "handed-in")

    def listed(self, listed_id: str) -> Listed:
        return self.catalog.listings.listed(listed_id)

    def series(self, title: str = "Invented Lake Meeting", state: State = State.PUBLIC) -> Listed:
        return self.hand_in(Series("", "", title, organizers=("Invented Lake Society",)), state)

    def edition(self, series: str, year: int = 2031, **values: object) -> Edition:
        made = Edition(
            id="",
            series=series,
            slug=str(year),
            title=f"Invented Lake Meeting {year}",
            starts=Moment(f"{year}-03-08", "Africa/Nairobi"),
            ends=Moment(f"{year}-03-10", "Africa/Nairobi"),
            summary="Two days beside the lake.",
            url="https://lake-society.example/meeting",
            venue=Venue("KE", "Kisumu"),
            contact="lake.society.invented@gmail.com",
            deadlines=(Deadline(DeadlineKind.ABSTRACT, Moment(f"{year}-01-15")),),
        )
        return replace(made, **values)  # type: ignore[arg-type]


@pytest.fixture
def world(tmp_path: Path, empty_database: Path) -> Iterator[World]:
    shutil.copy(empty_database, tmp_path / "findings.db")
    catalog = open_catalog(f"sqlite:///{tmp_path}/findings.db")
    post = Post()
    site = Site(
        catalog,
        None,  # type: ignore[arg-type]
        url=HOST,
        secret="s" * 32,
        listings=catalog.listings,
        accounts=catalog.accounts,
        mailer=post,
    )
    nobody = Person("", "", "")
    made = World(site, catalog, post, nobody, nobody)
    made.owner = made.person("owner@lake.example", "Olu Invented")
    made.reviewer = made.person("reviewer@desk.example", "Rea Invented", Permission.MODERATE)
    yield made
    catalog.close()


@pytest.fixture
def waiting(world: World) -> Listed:
    return world.hand_in(world.edition(world.series().id, _year()))


def _year() -> int:
    from datetime import UTC, datetime

    return datetime.now(UTC).year + 2


def words(answer: TestResponse) -> str:
    page = StrictPage(answer.text)
    assert page.complaints == []
    return " ".join(page.text.split())


@pytest.mark.parametrize("address", [DESK, f"{DESK}/blocked", f"{DESK}/listings/{{id}}"])
def test_only_reviewers_get_in(world: World, waiting: Listed, address: str) -> None:
    address = address.format(id=waiting.id)
    assert world.browser().get(address).status_code == 303
    assert world.browser(world.owner).get(address).status_code == 404
    answer = world.browser(world.reviewer).get(address)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert len(answer.data) < 50_000
    words(answer)


@pytest.mark.parametrize("address", [f"{DESK}/several", f"{DESK}/listings/{{id}}"])
def test_forms_of_others_change_nothing(world: World, waiting: Listed, address: str) -> None:
    address = address.format(id=waiting.id)
    reviewer = world.browser(world.reviewer)
    form = reviewer.form(f"{DESK}/listings/{waiting.id}", "approve") | {
        "pick": f"{waiting.id} {waiting.changed_at}"
    }
    form |= {"confirmed": "yes"}
    assert world.browser().send(address, form).status_code == 403
    owner = world.browser(world.owner)
    assert owner.send(address, form).status_code == 400
    forms = lxml.html.fromstring(owner.get("/account").text).forms
    own = next(f.inputs["csrf"].value for f in forms if "csrf" in f.inputs)
    assert owner.send(address, form | {"csrf": own}).status_code == 404
    assert reviewer.send(address, form | {"csrf": "0" * 32}).status_code == 400
    assert reviewer.send(address, form, origin="https://evil.example").status_code == 403
    assert world.listed(waiting.id).state is State.IN_REVIEW


def test_what_waits_is_approved_and_its_owner_is_told(world: World, waiting: Listed) -> None:
    reviewer = world.browser(world.reviewer)
    assert "Invented Lake Meeting" in words(reviewer.get(DESK))
    answer = reviewer.decide(waiting.id, "approve", ready="welcome")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"{DESK}/listings/{waiting.id}?done=told",
    )
    after = world.listed(waiting.id)
    assert (after.state, after.public is not None, after.proposed) == (State.PUBLIC, True, None)
    ((to, subject, text),) = world.post.letters
    assert (to, subject) == ("owner@lake.example", "Your listing is public at Findings")
    assert "Thank you. Your listing is public now." in text
    assert "score" not in text.lower()
    page = words(reviewer.get(answer.headers["Location"]))
    assert "approved by Rea Invented" in page
    assert "The owners were told" in page
    assert "Nothing waits for a reviewer" in words(reviewer.get(DESK))


@pytest.mark.parametrize(
    ("button", "state", "act"),
    [("changes", State.DRAFT, "sent-back"), ("decline", State.DECLINED, "declined")],
)
def test_a_no_needs_a_reason_and_gives_it(
    world: World, waiting: Listed, button: str, state: State, act: str
) -> None:
    reviewer = world.browser(world.reviewer)
    assert reviewer.decide(waiting.id, button).status_code == 400
    assert world.listed(waiting.id).state is State.IN_REVIEW
    values = {"ready": "own-words", "rule-unfit-site": "yes", "answer": "Write\nto us."}
    assert reviewer.decide(waiting.id, button, **values).status_code == 303
    after = world.listed(waiting.id)
    assert (after.state, after.public) == (state, None)
    assert after.answer.splitlines()[0].startswith("Please describe your meeting in words of your own")
    assert "does not resemble" in after.answer
    assert after.answer.endswith("Write\nto us.")
    assert world.post.letters[-1][2].count("Write\nto us.") == 1
    assert world.catalog.listings.audit(waiting.id)[-1].act == act


def test_a_change_is_seen_field_by_field_and_the_public_sees_the_old_one_until_then(world: World) -> None:
    series = world.series()
    public = world.hand_in(world.edition(series.id, _year()), State.PUBLIC)
    assert isinstance(public.public, Edition)
    changed = replace(public.public, summary="Three days.", venue=Venue("KE", "Nakuru"))
    listed = world.hand_in(changed)
    reviewer = world.browser(world.reviewer)
    page = lxml.html.fromstring(reviewer.get(f"{DESK}/listings/{listed.id}").text)
    differing = {
        row.findtext("dt"): (row.findtext(".//del"), row.findtext(".//ins"))
        for row in page.xpath("//div[@class='changed']")
    }
    assert differing == {
        "Summary": ("Two days beside the lake.", "Three days."),
        "Venue city": ("Kisumu", "Nakuru"),
    }
    now = world.listed(listed.id).public
    assert isinstance(now, Edition)
    assert now.venue.city == "Kisumu"
    assert reviewer.decide(listed.id, "decline", answer="No.").status_code == 303
    assert world.listed(listed.id).public == now


def test_who_comes_second_decides_nothing(world: World, waiting: Listed) -> None:
    other = world.browser(world.person("other@desk.example", "Odd Invented", Permission.MODERATE))
    reviewer, address = world.browser(world.reviewer), f"{DESK}/listings/{waiting.id}"
    stale = other.form(address, "approve")
    assert reviewer.decide(waiting.id, "decline", answer="It is not about cancer.").status_code == 303
    answer = other.send(address, stale)
    assert answer.status_code == 409
    assert "changed or decided" in words(answer)
    assert world.listed(waiting.id).state is State.DECLINED


def test_a_change_by_the_owner_meanwhile_is_not_approved_unseen(world: World, waiting: Listed) -> None:
    reviewer, address = world.browser(world.reviewer), f"{DESK}/listings/{waiting.id}"
    seen = reviewer.form(address, "approve")
    assert isinstance(waiting.latest, Edition)
    world.hand_in(replace(waiting.latest, url="https://elsewhere.example"))
    assert reviewer.send(address, seen).status_code == 409
    assert world.listed(waiting.id).public is None


def test_what_breaks_a_rule_cannot_be_approved(world: World) -> None:
    bad = Deadline(DeadlineKind.ABSTRACT, Moment(f"{_year()}-12-01"))
    listed = world.hand_in(world.edition(world.series().id, _year(), deadlines=(bad,)))
    reviewer, address = world.browser(world.reviewer), f"{DESK}/listings/{listed.id}"
    page = words(reviewer.get(address))
    assert "deadline-after-start" in page
    assert "allows no exception" in page
    form = reviewer.form(address, "decline") | {"decision": "approve", "sure": "yes"}
    answer = reviewer.send(address, form)
    assert answer.status_code == 409
    assert "A deadline falls after the meeting has begun" in words(answer)
    assert world.listed(listed.id).public is None


def test_what_is_held_needs_a_second_look_and_is_approved_by_itself(world: World) -> None:
    listed = world.hand_in(world.edition(world.series().id, _year(), url="https://bit.ly/invented"))
    reviewer = world.browser(world.reviewer)
    assert reviewer.decide(listed.id, "approve").status_code == 409
    form = reviewer.form(f"{DESK}/listings/{listed.id}", "approve")
    several = {**form, "pick": f"{listed.id} {listed.changed_at}", "confirmed": "yes", "sure": "yes"}
    assert "by itself alone" in words(reviewer.send(f"{DESK}/several", several))
    assert world.listed(listed.id).public is None
    assert reviewer.decide(listed.id, "approve", sure="yes").status_code == 303
    assert world.listed(listed.id).public is not None


def test_nobody_decides_about_their_own(world: World) -> None:
    world.owner = world.reviewer
    listed = world.hand_in(world.edition(world.series("Invented Own Meeting").id, _year()))
    reviewer = world.browser(world.reviewer)
    assert "somebody else decides" in words(reviewer.get(f"{DESK}/listings/{listed.id}"))
    assert reviewer.decide(listed.id, "approve").status_code == 403
    chief = world.person("chief@desk.example", "Chi Invented", Permission.ADMINISTER)
    assert world.browser(chief).decide(listed.id, "approve").status_code == 303


def test_a_decision_stands_where_the_letter_does_not_get_out(world: World, waiting: Listed) -> None:
    reviewer = world.browser(world.reviewer)
    world.post.broken = True
    answer = reviewer.decide(waiting.id, "approve")
    assert answer.headers["Location"].endswith("done=untold")
    assert "No letter to the owners got out" in words(reviewer.get(answer.headers["Location"]))
    assert world.listed(waiting.id).state is State.PUBLIC


def test_several_are_decided_after_a_page_that_says_which(world: World, waiting: Listed) -> None:
    series = world.series("Invented Hill Meeting", State.IN_REVIEW)
    hill = world.hand_in(world.edition(series.id, _year(), title="Invented Hill Meeting", summary="A day."))
    reviewer = world.browser(world.reviewer)
    form = reviewer.form(DESK, "approve")
    picks = [f"{one.id} {one.changed_at}" for one in (hill, series, waiting)]
    asked = reviewer.send(f"{DESK}/several", form | {"pick": picks})
    assert "3 of 3 would be decided" in words(asked)
    assert not world.listed(waiting.id).public
    confirm = next(f for f in lxml.html.fromstring(asked.text).forms if f.inputs["confirmed"].value)
    data: dict[str, list[str]] = {}
    for name, value in confirm.form_values():
        data.setdefault(name, []).append(value)
    world.hand_in(replace(waiting.latest, title="Changed meanwhile"))  # type: ignore[type-var]
    done = words(reviewer.send(f"{DESK}/several", data | {"decision": ["approve"]}))
    assert "2 of 3 were decided" in done
    assert "changed or decided" in done
    assert world.listed(waiting.id).public is None
    assert world.catalog.listings.public(Wanted(Kind.EDITION))[0] == 1


@pytest.mark.parametrize(
    "data", [{"decision": "approve"}, {"pick": "x y"}, {"decision": "burn", "pick": "x y"}]
)
def test_a_form_about_nothing_is_refused(world: World, waiting: Listed, data: dict[str, str]) -> None:
    reviewer = world.browser(world.reviewer)
    csrf = reviewer.form(DESK, "approve")["csrf"]
    assert reviewer.send(f"{DESK}/several", {"csrf": csrf, **data}).status_code == 400


def _report(browser: Browser, listed_id: str, address: str, /, **values: str) -> TestResponse:
    where = f"/listings/{listed_id}/report"
    form = next(f for f in lxml.html.fromstring(browser.get(where).text).forms if "token" in f.inputs)
    data = dict(form.form_values()) | {"reason": "misleading"} | values
    return browser.client.post(where, data=data, base_url=HOST, environ_base={"REMOTE_ADDR": address})


def test_three_readers_bring_a_public_listing_back_and_its_draft_is_kept(world: World) -> None:
    public = world.hand_in(world.edition(world.series().id, _year()), State.PUBLIC)
    draft = world.hand_in(replace(public.latest, title="A draft"), State.DRAFT)  # type: ignore[type-var]
    reader = world.browser()
    words(reader.get(f"/listings/{public.id}/report"))
    for _ in range(3):
        assert _report(reader, public.id, "192.0.2.1", note="Paid, no answer").status_code == 200
    assert world.catalog.listings.queue()[0] == 0
    for number in (2, 3):
        words(_report(reader, public.id, f"192.0.2.{number}"))
    reviewer = world.browser(world.reviewer)
    assert "takes money for nothing" in words(reviewer.get(DESK))
    assert reviewer.decide(public.id, "approve", sure="yes").status_code == 303
    after = world.listed(public.id)
    assert world.catalog.listings.queue()[0] == 0
    assert after.public == public.public
    assert after.proposed == draft.proposed
    assert reviewer.decide(public.id, "withdraw", ready="not-trusted").status_code == 303
    assert world.listed(public.id).public is None


@pytest.mark.parametrize(
    ("values", "status"), [({"token": "0"}, 400), ({"reason": "envy"}, 400), ({"website": "spam"}, 200)]
)
def test_reports_that_are_not_taken(world: World, values: dict[str, str], status: int) -> None:
    public = world.hand_in(world.edition(world.series().id, _year()), State.PUBLIC)
    reader = world.browser()
    for number in range(1, 5):
        assert _report(reader, public.id, f"192.0.2.{number}", **values).status_code == status
    assert world.catalog.listings.queue()[0] == 0


def test_reports_are_limited_and_only_of_what_is_public(world: World, waiting: Listed) -> None:
    reader = world.browser()
    assert reader.get(f"/listings/{waiting.id}/report").status_code == 404
    public = world.hand_in(world.edition(world.series().id, _year()), State.PUBLIC)
    for _ in range(LIMITS["report"].most):
        assert _report(reader, public.id, "192.0.2.9").status_code == 200
    assert _report(reader, public.id, "192.0.2.9").status_code == 429


def test_hostile_words_stay_words(world: World) -> None:
    nasty = "<script>alert(1)</script>\u202e{{ 7*7 }}"
    listed = world.hand_in(
        world.edition(world.series().id, _year(), title=nasty, url="javascript:0", summary=nasty)
    )
    page = world.browser(world.reviewer).get(f"{DESK}/listings/{listed.id}")
    words(page)
    assert "<script" not in page.text
    assert 'href="javascript' not in page.text
    assert "odd-address" in page.text


def test_a_listing_is_judged_beside_what_is_here(world: World) -> None:
    """Handed in with no doubt, but by now another is public that it stands in doubt beside."""
    text = " ".join(f"word{n}" for n in range(40))
    days = {"starts": Moment(f"{_year()}-03-09", "UTC"), "ends": Moment(f"{_year()}-03-09", "UTC")}
    there = world.edition(
        world.series("Invented Sea Meeting").id,
        _year(),
        title="Invented Sea Meeting",
        organizers=("Invented Lake Society",),
        venue=Venue("FR", "Brest"),
        summary=text,
        **days,
    )
    world.hand_in(there, State.PUBLIC)
    mine = world.edition(
        world.series("Invented Pond Meeting").id, _year(), title="Invented Pond Meeting", summary=text
    )
    listed = world.hand_in(mine)
    assert listed.doubts == ()
    page = words(world.browser(world.reviewer).get(f"{DESK}/listings/{listed.id}"))
    assert "two-cities (hold, 6): Invented Sea Meeting: Brest FR" in page
    assert "repeated-text" in page


def test_what_is_asked_of_listings_is_public_and_the_weights_are_not(world: World) -> None:
    answer = world.browser().get("/listings/rules")
    page = words(answer)
    assert "A deadline falls after the meeting has begun" in page
    assert "weight" not in page.lower()
    assert not re.search(r"\(\w+, \d+\)", page)


def test_owners_see_the_answer_and_neither_score_nor_doubts(world: World) -> None:
    listed = world.hand_in(world.edition(world.series().id, _year(), url="https://bit.ly/invented"))
    world.browser(world.reviewer).decide(listed.id, "changes", answer="Please give the page itself.")
    owner = world.browser(world.owner)
    page = words(owner.get(f"/organize/{listed.id}"))
    assert "Please give the page itself." in page
    assert world.listed(listed.id).doubts
    for told in (page, owner.get("/account/export.json").text):
        assert "link-shortener" not in told


def test_a_copy_is_found_whenever_the_other_meets(world: World) -> None:
    text = "Physiotherapists beside lymphoedema clinics: " + " ".join(f"word{n}" for n in range(40))
    there = world.edition(
        world.series("Invented Sea Meeting").id,
        _year() + 1,
        title="Invented Sea Meeting",
        organizers=("Another Society",),
        summary=text,
    )
    world.hand_in(there, State.PUBLIC)
    world.owner = world.person("copier@lake.example", "Cop Invented")
    mine = world.edition(world.series("Invented Pond Meeting").id, _year(), summary=text)
    listed = world.hand_in(mine)
    page = words(world.browser(world.reviewer).get(f"{DESK}/listings/{listed.id}"))
    assert "copied-text (hold, 6): Invented Sea Meeting" in page


def test_pages_of_what_is_public_lead_to_the_report(world: World) -> None:
    series = world.series()
    page = world.browser().get("/conferences/invented-lake-meeting")
    assert f'href="/listings/{series.id}/report"' in page.text


def test_a_reviewer_who_forgot_something_types_nothing_twice(world: World, waiting: Listed) -> None:
    reviewer = world.browser(world.reviewer)
    held = world.hand_in(world.edition(world.series().id, _year(), url="https://bit.ly/invented"))
    refused = reviewer.decide(held.id, "approve", answer="Thank you, Ada.")
    assert "tick that you have looked into them" in words(refused)
    page = lxml.html.fromstring(refused.text)
    assert page.xpath("//textarea[@id='answer-approve']")[0].text.strip() == "Thank you, Ada."
    assert not (page.xpath("//textarea[@id='answer-no']")[0].text or "").strip()
    assert page.xpath("//h1")[0].text == held.latest.title

    form = reviewer.form(DESK, "decline")
    pick = f"{waiting.id} {waiting.changed_at}"
    queue = reviewer.send(f"{DESK}/several", form | {"pick": pick, "decision": "decline"})
    assert (queue.status_code, "Tell the owners why" in words(queue)) == (400, True)
    assert lxml.html.fromstring(queue.text).xpath("//input[@name='pick'][@checked]/@value") == [pick]
    assert "Kisumu, Kenya · bit.ly" in words(queue), "what a reviewer looks at first"
