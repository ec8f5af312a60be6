"""What a source says now beside what is listed; all meetings are invented."""

from dataclasses import replace

from conferences.watching import compare, last_note, marks, to_note
from domain.account import AuditEntry
from domain.listing import Deadline, DeadlineKind, Edition, Moment, Opportunity, OpportunityKind, Venue

TOLD = Edition(
    id="",
    series="",
    slug="2027",
    title="Invented Society Meeting 2027",
    starts=Moment("2027-03-06", "Africa/Nairobi"),
    ends=Moment("2027-03-08", "Africa/Nairobi"),
    url="https://society.example/2027",
    venue=Venue("KE", "Nairobi", "Hall A"),
)
LISTED = replace(TOLD, id="e1", series="s1")
LATER = replace(
    TOLD, starts=Moment("2027-05-06", "Africa/Nairobi"), ends=Moment("2027-05-08", "Africa/Nairobi")
)


def test_no_news() -> None:
    difference = compare(LISTED, TOLD, marks(TOLD))
    assert (difference.changes, difference.kept, difference.proposed) == ((), (), LISTED)


def test_a_change_at_the_source_is_proposed() -> None:
    difference = compare(LISTED, LATER, marks(TOLD))
    assert [change.field for change in difference.changes] == ["days"]
    assert difference.proposed == replace(LISTED, starts=LATER.starts, ends=LATER.ends)


def test_what_somebody_has_typed_since_stays() -> None:
    typed = replace(LISTED, venue=Venue("KE", "Kisumu", "Hall B"), title="Ours")
    told = replace(LATER, venue=Venue("KE", "Mombasa"))
    difference = compare(typed, told, marks(TOLD))
    assert [change.field for change in difference.changes] == ["days"]
    assert [change.field for change in difference.kept] == ["venue"]
    assert (difference.proposed.title, difference.proposed.venue) == ("Ours", typed.venue)


def test_a_source_that_is_silent_takes_nothing_away() -> None:
    listed = replace(LISTED, summary="Ours", contact="a@society.example")
    told = replace(TOLD, venue=Venue(), url="")
    assert compare(listed, told, marks(TOLD)).changes == ()


def test_what_was_never_told_before_fills_gaps_and_no_more() -> None:
    told = replace(TOLD, summary="New words", contact="b@society.example")
    difference = compare(replace(LISTED, contact="a@society.example"), told, marks(TOLD))
    assert [change.field for change in difference.changes] == ["summary"]
    assert [change.field for change in difference.kept] == ["contact"]


def test_without_an_earlier_reading_nothing_is_typed_over() -> None:
    difference = compare(LISTED, LATER, {})
    assert difference.changes == ()
    assert [change.field for change in difference.kept] == ["days"]


def test_called_off_is_proposed_and_never_taken_back_by_silence() -> None:
    off = replace(TOLD, cancelled=True)
    assert compare(LISTED, off, marks(TOLD)).proposed.cancelled  # type: ignore[union-attr]
    assert compare(replace(LISTED, cancelled=True), TOLD, marks(off)).changes == ()


def test_a_deadline_can_be_extended_again_at_its_source() -> None:
    def until(day: str, *earlier: str) -> tuple[Deadline, ...]:
        return (Deadline(DeadlineKind.ABSTRACT, Moment(day), earlier=tuple(map(Moment, earlier))),)

    listed = replace(LISTED, deadlines=until("2027-01-20", "2027-01-10"))
    before = marks(replace(TOLD, deadlines=until("2027-01-20")))
    told = replace(TOLD, deadlines=until("2027-01-30"))
    assert [change.field for change in compare(listed, told, before).changes] == ["deadlines"]
    assert compare(listed, replace(TOLD, deadlines=until("2027-01-20")), before).changes == ()


def test_another_kind_is_not_compared() -> None:
    call = Opportunity("", OpportunityKind.GRANT, "Invented call", "Society", "https://society.example/call")
    assert compare(LISTED, call, {}).changes == ()


def test_the_audit_keeps_what_was_told() -> None:
    note = to_note(TOLD)
    entries = [
        AuditEntry(1, "", "calendar:x", "gathered", "e1", to_note(LATER)),
        AuditEntry(2, "", "calendar:x", "gathered", "e1", note),
        AuditEntry(3, "", "p1", "changed", "e1", "by hand, or so"),
    ]
    assert last_note(entries) == marks(TOLD)
    assert last_note(entries[2:]) == {}
    assert last_note(
        [AuditEntry(1, "", "", "", "", to_note(replace(TOLD, venue=Venue()), marks(TOLD)))]
    ) == marks(TOLD)
