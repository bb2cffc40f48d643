"""What people see of commitments: it says it all, fits Slack's limits, and no text comes alive."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.commitments import (
    CLOSED,
    OFFERED,
    OPEN,
    Act,
    Audience,
    Away,
    Card,
    Commitment,
    Entry,
    Event,
    Note,
    Offer,
    Page,
    Place,
    Risk,
    State,
    Terms,
)
from bot.domain.people import Kind, Member, Organization, Person
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view, text_in
from bot.views import commitments as views
from bot.views.blocks import Message, Modal
from bot.views.commitments.lists import BUTTON_OF
from bot.views.ids import CommitmentButton as Button

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ACME = Organization(1, "Acme", "TACME", host=True)
NORTHSIDE = Organization(2, "Northside Youth", "TNORTH")
DANA = Member(1, "TACME", "UDANA", "Dana", Kind.FULL, ACME)
BO = Member(3, "TNORTH", "UBO", "Bo", Kind.FULL, NORTHSIDE)
AMINA = Member(4, "TNORTH", "UAMINA", "Amina", Kind.FULL, NORTHSIDE)
HUI = Member(5, "TACME", "UHUI", "Hui", Kind.GUEST, Organization(3, "Harbor", None))

ASKED = Commitment(
    id=17,
    place=Place(1, 1, "mentoring-partners", "America/New_York", "C0MENTORS"),
    number=12,
    state=State.PROPOSED,
    owner=BO,
    proposer=DANA,
    terms=Terms(1, "invite 12 mentees", date(2026, 11, 30), label="mentoring"),
    created_at=NOW,
    card_id=5,
)
AGREED = replace(ASKED, state=State.ACCEPTED)

SPEAKER = Person("TACME", "UDANA", "Dana")

HOSTILE = [
    pytest.param("a" * 40_000, id="6-long"),
    pytest.param("&<>" * 13_000, id="6-escapes"),
    pytest.param("🏳️‍🌈" * 9_000, id="6-graphemes"),
    pytest.param("a" + "\u0301" * 10_000, id="9-marks"),
    pytest.param("\u202egnihton\u2066", id="9-overrides"),
    pytest.param("<!channel> <@UEVIL> <http://evil.example|click> <!here>", id="10"),
    pytest.param("line\nline\n> quoted\n```code```", id="lines"),
    pytest.param("\u200b", id="7-nothing-to-see"),
]


def every(what: str) -> Iterator[Commitment]:
    """This text everywhere, in each state."""
    organization = replace(NORTHSIDE, name=what)
    owner = replace(BO, name=what, organization=organization)
    terms = Terms(1, what, date(2026, 11, 30), condition=what, label=what)
    start = replace(ASKED, owner=owner, terms=terms)
    for state in State:
        offer = None
        if state in OFFERED:
            following = replace(HUI, name=what, organization=organization)
            to = following if state is State.HANDING_OVER else None
            offer = Offer(replace(terms, version=2, what=what + "!", due=None), owner, to)
        risk = Risk(NOW, Audience.EVERYONE, what)
        closed = NOW if state in CLOSED else None
        yield replace(start, state=state, offer=offer, risk=risk, closed_at=closed)


def notes(commitment: Commitment, why: str) -> list[Note]:
    return [
        Note(
            Entry(1, 17, one, commitment.owner, NOW, commitment.terms, why, Audience.EVERYONE),
            commitment,
            TODAY,
        )
        for one in Event
    ]


def messages(what: str) -> Iterator[Message]:
    for commitment in every(what):
        yield views.card(Card(commitment, TODAY))
        yield views.receipt(commitment, TODAY, change=True)
        yield views.who_may_know(commitment, alone=False)
        yield views.risk_noted(commitment)
        history = notes(commitment, what)
        yield views.shown(Card(commitment, TODAY), commitment.owner, history)
    for note in history:
        yield views.note(note)
        yield views.told(note)
    many = tuple(every(what)) * 5
    for viewer in (BO, DANA, None):
        page = Page(many, 0, len(many), viewer, label=what)
        yield views.here(replace(page, commitments=many[:20], total=99), "C0MENTORS", TODAY)
        yield views.mine(page, TODAY)
        yield views.waiting(replace(page, hidden=3), TODAY)


def markup(message: Any) -> Iterator[str]:
    """The texts in which Slack looks for mentions and links."""
    if isinstance(message, dict):
        if "blocks" in message or message.get("type") == "mrkdwn":
            yield message["text"]
        for value in message.values():
            yield from markup(value)
    elif isinstance(message, list):
        for value in message:
            yield from markup(value)


def modals(what: str) -> Iterator[Modal]:
    for commitment in every(what):
        yield views.yes_if_form(commitment, TODAY)
        yield views.change_form(commitment, TODAY)
        yield views.no_form(commitment, TODAY)
        yield views.drop_form(commitment, TODAY)
        yield views.stuck_form(commitment, TODAY, alone=False)
    people = [replace(BO, id=n, user=f"U{n}", name=what) for n in range(150)]
    yield views.new_form("C0MENTORS", {what: people, "Acme": [DANA]}, SPEAKER)


@pytest.mark.parametrize("what", HOSTILE)
def test_every_message_fits_slack_whatever_people_write_6_9_10(what: str) -> None:
    for message in messages(what):
        assert faults_of_blocks(message["blocks"], "message") == []
        assert 0 < len(message["text"]) <= 4000
        for live in ("<!", "<http", "<@UEVIL"):
            assert live not in "".join(markup(message))
        for hidden in "\u202e\u2066":
            assert hidden not in str(message)


@pytest.mark.parametrize("what", HOSTILE)
def test_every_form_fits_slack_whatever_people_write_6_9_10(what: str) -> None:
    for modal in modals(what):
        assert faults_of_view(modal, "modal") == []


def labels(message: Message) -> list[str]:
    return [
        element["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def values(message: Message) -> set[str]:
    return {
        element["value"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


def test_the_question_says_who_asks_whom_for_what_by_when() -> None:
    message = views.card(Card(ASKED, TODAY))
    assert message["text"] == (
        "<@UDANA> (Acme) asks <@UBO> (Northside Youth): could you invite 12 mentees "
        "by Mon, Nov 30? Nothing counts until you agree. (#12, for mentoring)"
    )
    assert labels(message) == ["Yes", "Yes, if…", "Another date", "No"]


OFFER = Offer(replace(ASKED.terms, version=2, due=date(2026, 12, 4)), BO)
HANDED = replace(
    AGREED, state=State.HANDING_OVER, offer=Offer(replace(ASKED.terms, version=2), BO, HUI)
)
DONE = replace(AGREED, state=State.DONE, closed_at=NOW)


@pytest.mark.parametrize(
    ("commitment", "buttons"),
    [
        (replace(ASKED, state=State.COUNTERED, offer=OFFER), ["Agree", "Keep what was asked"]),
        (AGREED, ["Done", "I'm stuck", "Another date", "Hand over", "Drop"]),
        (HANDED, ["Take it over", "Leave it with Bo", "Done"]),
        (replace(HANDED, away=Away.LEFT), ["Take it over", "Leave it with Bo", "Drop"]),
        (replace(AGREED, away=Away.LEFT), ["Hand over", "Drop"]),
        (replace(AGREED, away=Away.MOVED), ["Done", "I'm stuck"]),
        (DONE, ["Something is missing"]),
        (replace(AGREED, risk=Risk(NOW, Audience.EVERYONE)), ["Done", "On track again"]),
        (
            replace(AGREED, state=State.CHANGE_OFFERED, offer=OFFER),
            ["Agree", "Keep what was agreed"],
        ),
    ],
)
def test_the_cards_buttons_follow_its_state(commitment: Commitment, buttons: list[str]) -> None:
    message = views.card(Card(commitment, TODAY))
    assert labels(message)[: len(buttons)] == buttons
    assert values(message) == {f"17:{commitment.at_issue.version}"}


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_the_buttons_of_what_is_closed_become_a_line_of_text(state: State) -> None:
    message = views.card(Card(replace(ASKED, state=state, closed_at=NOW), TODAY + timedelta(8)))
    assert labels(message) == []
    assert f"{state.value} on Tue, Nov 24" in str(message["blocks"][-1])


def test_for_seven_days_what_is_done_can_be_said_to_miss_something() -> None:
    assert labels(views.card(Card(DONE, TODAY + timedelta(7)))) == ["Something is missing"]
    for viewer, days, offered in (
        (DANA, 7, True),
        (DANA, 8, False),
        (BO, 8, True),
        (HUI, 1, False),
    ):
        shown = views.shown(Card(DONE, TODAY + timedelta(days)), viewer, ())
        assert ("Something is missing" in labels(shown)) == offered


def test_what_nobody_asked_for_is_opened_again_by_who_promised_it() -> None:
    promise = replace(DONE, proposer=BO)
    assert promise.own
    assert labels(views.card(Card(promise, TODAY))) == []
    assert "Something is missing" in labels(views.shown(Card(promise, TODAY), BO, ()))


def test_handing_over_says_with_whom_it_stays_until_the_next_person_has_answered() -> None:
    said = views.card(Card(HANDED, TODAY))["text"]
    assert "<@UBO> (Northside Youth) agreed: invite 12 mentees by Mon, Nov 30." in said
    assert "asks <@UHUI> (Harbor) to take it over." in said
    assert "Until they say yes, it stays with <@UBO>." in said


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (Away.LEFT, "<@UBO> is not in this channel any more."),
        (Away.OFF, "The account of <@UBO> is switched off."),
        (Away.MOVED, "<@UBO> is not with Northside Youth any more."),
    ],
)
def test_a_card_says_that_its_owner_is_away_and_who_can_act_instead(away: Away, said: str) -> None:
    led = replace(AGREED, away=away, lead_id=AMINA.id)
    asked = views.card(Card(led, TODAY))["text"]
    assert f"{said} Acme or the lead of Northside Youth can hand it over or drop it." in asked
    listed = views.here(Page((replace(AGREED, away=away),), 0, 1, DANA), "C0MENTORS", TODAY)["text"]
    assert ("its owner is not here any more" in listed) == (away is not Away.MOVED)
    own = replace(led, proposer=BO)
    assert "The lead of Northside Youth can" in views.card(Card(own, TODAY))["text"]


@pytest.mark.parametrize("lead", [None, BO.id])
def test_a_card_says_that_anybody_can_act_where_nobody_leads_beside_an_owner_who_is_away(
    lead: int | None,
) -> None:
    alone = replace(AGREED, away=Away.LEFT, lead_id=lead)
    said = "nybody of Northside Youth who is here can hand it over or drop it."
    assert f"Acme or a{said}" in views.card(Card(alone, TODAY))["text"]
    own = replace(alone, proposer=BO)
    assert f"channel any more. A{said}" in views.card(Card(own, TODAY))["text"]


def test_a_card_has_no_buttons_after_its_partnership_ended() -> None:
    ended = replace(AGREED, place=replace(AGREED.place, live=False))
    assert labels(views.card(Card(ended, TODAY))) == []


def test_the_condition_stands_on_the_card() -> None:
    offer = Offer(replace(ASKED.terms, version=2, condition="travel is paid"), BO)
    asked = views.card(Card(replace(ASKED, state=State.COUNTERED, offer=offer), TODAY))
    assert "would say yes if travel is paid. Nothing counts until Acme agrees." in asked["text"]
    agreed = views.card(Card(replace(AGREED, terms=offer.terms), TODAY))
    assert "by Mon, Nov 30, if travel is paid." in agreed["text"]


def test_what_a_button_speaks_begins_with_what_it_shows() -> None:
    for commitment in (ASKED, AGREED, replace(AGREED, state=State.CHANGE_OFFERED, offer=OFFER)):
        for block in views.card(Card(commitment, TODAY))["blocks"]:
            for each in block.get("elements", ()):
                if each["type"] == "button":
                    label = each["text"]["text"]
                    assert each["accessibility_label"] == f"{label} (#12, invite 12 mentees)"


def test_what_was_agreed_stands_beside_the_change_that_waits() -> None:
    message = views.card(Card(replace(AGREED, state=State.CHANGE_OFFERED, offer=OFFER), TODAY))
    assert "by Mon, Nov 30." in message["text"]
    assert "asks for another date: by Fri, Dec 4. Until that is answered" in message["text"]


def test_a_date_of_another_year_says_so_and_no_date_is_said_in_words() -> None:
    next_year = replace(ASKED.terms, due=date(2027, 1, 15))
    assert "Fri, Jan 15, 2027" in views.card(Card(replace(ASKED, terms=next_year), TODAY))["text"]
    open_end = replace(ASKED.terms, due=None)
    assert "(no date yet)" in views.card(Card(replace(ASKED, terms=open_end), TODAY))["text"]


def test_everybodys_organization_stands_after_their_name() -> None:
    (note,) = [one for one in notes(AGREED, "") if one.entry.event is Event.DONE]
    assert views.note(note)["text"].startswith("<@UBO> (Northside Youth) says it is done.")


@pytest.mark.parametrize(
    ("event", "asked"),
    [
        (Event.CONDITION_OFFERED, "<@UDANA>, do you agree?"),
        (Event.CHANGE_OFFERED, "<@UDANA>, do you agree?"),
        (Event.CHANGE_ASKED, "<@UBO>, do you agree?"),
        (Event.MISSING, "<@UBO>, can you look at it again?"),
        (Event.OWNER_AWAY, "<@UDANA>, you can hand it over to somebody else or drop it."),
    ],
)
def test_whoever_has_to_answer_is_named_in_the_thread(event: Event, asked: str) -> None:
    (note,) = [one for one in notes(AGREED, "") if one.entry.event is event]
    assert views.note(note)["text"].endswith(asked)


def test_who_agrees_to_a_change_is_not_taken_for_who_does_it() -> None:
    (note,) = [one for one in notes(AGREED, "") if one.entry.event is Event.CHANGE_AGREED]
    theirs = replace(note, entry=replace(note.entry, by=DANA))
    assert views.note(theirs)["text"] == (
        "<@UDANA> (Acme) agreed. Now it holds for <@UBO> (Northside Youth): "
        "invite 12 mentees by Mon, Nov 30."
    )
    own = replace(note, entry=replace(note.entry, by=BO))
    assert views.note(own)["text"].startswith("<@UBO> (Northside Youth) agreed: invite")


def test_the_owner_hears_that_a_change_was_refused_and_is_asked_again() -> None:
    (note,) = [one for one in notes(ASKED, "") if one.entry.event is Event.CHANGE_REFUSED]
    theirs = replace(note, entry=replace(note.entry, by=DANA))
    assert views.note(theirs)["text"].endswith("<@UBO>, can you say yes to it as it was?")


@pytest.mark.parametrize("event", list(Event))
def test_each_event_has_its_sentence(event: Event) -> None:
    (note,) = [one for one in notes(AGREED, "no van") if one.entry.event is event]
    assert "“no van”" in views.note(note)["text"]


@pytest.mark.parametrize(
    ("commitment", "viewer", "buttons"),
    [
        (ASKED, BO, ["Yes", "Yes, if…", "Another date", "No"]),
        (ASKED, DANA, ["Another date", "Hand over", "Drop"]),
        (ASKED, HUI, []),
        (AGREED, BO, ["Done", "I'm stuck", "Another date", "Hand over", "Drop"]),
        (AGREED, AMINA, []),
        (replace(AGREED, away=Away.LEFT, lead_id=AMINA.id), AMINA, ["Hand over", "Drop"]),
        (replace(AGREED, away=Away.LEFT), DANA, ["Another date", "Hand over", "Drop"]),
        (HANDED, HUI, ["Take it over", "Leave it with Bo"]),
        (
            HANDED,
            BO,
            ["Done", "I'm stuck", "Another date", "Take it back", "Hand over", "Drop"],
        ),
        (
            replace(ASKED, state=State.COUNTERED, offer=OFFER),
            BO,
            ["Yes, if…", "Another date", "Take it back", "No"],
        ),
        (replace(ASKED, proposer=BO, state=State.ACCEPTED), BO, ["Done", "I'm stuck"]),
        (
            replace(ASKED, state=State.COUNTERED, offer=OFFER),
            DANA,
            ["Agree", "Another date", "Keep what was asked", "Hand over", "Drop"],
        ),
        (replace(AGREED, state=State.CHANGE_ASKED, offer=OFFER), BO, ["Agree", "Done"]),
    ],
)
def test_a_list_offers_each_person_what_they_may_do(
    commitment: Commitment, viewer: Member, buttons: list[str]
) -> None:
    page = Page((commitment,), 0, 1, viewer)
    assert labels(views.mine(page, TODAY))[: len(buttons)] == buttons
    if not buttons:
        assert labels(views.mine(page, TODAY)) == []


def test_a_list_says_what_waits_for_whom_and_what_is_overdue() -> None:
    late = replace(AGREED, terms=replace(AGREED.terms, due=TODAY - timedelta(days=1)))
    page = Page((ASKED, late), 0, 2, BO)
    text = views.mine(page, TODAY)["text"]
    assert "not agreed yet, waits for your answer" in text
    assert "agreed, overdue" in text
    assert "in <#C0MENTORS>" in text


@pytest.mark.parametrize(
    ("audience", "said"),
    [
        (Audience.OWNER, "at risk (only you see this)"),
        (Audience.ORGANIZATION, "at risk (only your organization sees this)"),
        (Audience.EVERYONE, "at risk"),
    ],
)
def test_a_private_risk_says_who_sees_it(audience: Audience, said: str) -> None:
    page = Page((replace(AGREED, risk=Risk(NOW, audience)),), 0, 1, BO)
    assert views.mine(page, TODAY)["text"].rstrip(")").endswith(said.rstrip(")"))


def test_a_list_shows_twenty_and_the_way_to_the_others() -> None:
    page = Page((AGREED,) * 20, 20, 45, BO, label="mentoring")
    message = views.here(page, "C0MENTORS", TODAY)
    assert message["text"].startswith("45 open commitments for mentoring: 21 to 40")
    turns = {
        element["action_id"]: element["value"] for element in message["blocks"][-1]["elements"]
    }
    assert turns[Button.EARLIER] == "C0MENTORS:0:mentoring"
    assert turns[Button.LATER] == "C0MENTORS:40:mentoring"
    assert len(message["blocks"]) <= 50


def test_empty_lists_say_so() -> None:
    nothing = Page((), 0, 0, BO)
    assert labels(views.here(nothing, "C0MENTORS", TODAY)) == ["New commitment"]
    assert views.mine(nothing, TODAY)["text"] == "You have nothing open."
    hidden = views.waiting(replace(nothing, hidden=2), TODAY)["text"]
    assert "2 more are in channels" in hidden


def test_all_of_a_long_text_can_be_read() -> None:
    what = "".join(f"word{n} & " for n in range(3_000))
    long = replace(AGREED, terms=replace(AGREED.terms, what=what))
    shown, piece = "", 0
    while True:
        message = views.shown(Card(long, TODAY), BO, (), piece=piece)
        assert faults_of_blocks(message["blocks"], "message") == []
        assert len(text_in(message["blocks"])) < 13_000
        shown += "".join(
            block["text"]["text"] for block in message["blocks"] if block["type"] == "section"
        )
        more = [value for value in values(message) if value.count(":") == 2]
        if not more:
            break
        piece = int(more[0].rpartition(":")[2])
    assert all(f"word{n} &amp;" in shown for n in range(0, 3_000, 250))
    assert "word2999 &amp;" in shown


def fields(modal: Modal) -> dict[str, Any]:
    return {
        block["block_id"]: block["element"] for block in modal["blocks"] if block["type"] == "input"
    }


def test_the_form_for_another_date_begins_with_what_is_known() -> None:
    found = fields(views.change_form(AGREED, TODAY))
    assert found["commitment.due"]["initial_date"] == "2026-11-30"
    assert found["commitment.what"]["initial_value"] == "invite 12 mentees"
    assert "initial_options" not in found["commitment.no_date"]
    open_end = replace(AGREED, terms=replace(AGREED.terms, due=None))
    assert fields(views.change_form(open_end, TODAY))["commitment.no_date"]["initial_options"]


def test_words_too_long_for_a_field_are_not_cut_by_the_form_6() -> None:
    long = replace(AGREED, terms=replace(AGREED.terms, what="a" * 3_001))
    assert "initial_value" not in fields(views.change_form(long, TODAY))["commitment.what"]


@pytest.mark.parametrize(
    ("alone", "choices"),
    [
        (False, ["Only my colleague", "Everyone here", "Nobody yet"]),
        (True, ["Everyone here", "Nobody yet"]),
    ],
)
def test_who_is_alone_is_not_offered_only_my_colleague(alone: bool, choices: list[str]) -> None:
    asked = views.who_may_know(AGREED, alone=alone)
    assert asked["text"] == "Thanks for saying so. Who may know? (#12)"
    assert labels(asked) == choices
    radio = fields(views.stuck_form(AGREED, TODAY, alone=alone))["commitment.audience"]
    assert [one["text"]["text"] for one in radio["options"]] == choices


@pytest.mark.parametrize("view", [views.headline, views.receipt])
def test_no_text_of_a_shared_channel_shows_a_slash_command(view: Callable[..., Any]) -> None:
    for state in OPEN:
        offer = OFFER if state not in {State.PROPOSED, State.ACCEPTED} else None
        assert "/" not in str(view(replace(ASKED, state=state, offer=offer), TODAY))


def test_every_act_has_a_button_somewhere() -> None:
    assert {act for act, _ in BUTTON_OF} | {Act.ON_TRACK} == set(Act)


@pytest.mark.parametrize("many", [20, 1000])
def test_a_thousand_commitments_make_a_message_that_slack_takes(many: int) -> None:
    longest = replace(AGREED.terms, what="w" * 2000, label="l" * 80, condition="c" * 500)
    name = "\u05d0" * 80
    owner = replace(BO, name=name, organization=replace(NORTHSIDE, name=name))
    all_of_them = tuple(
        replace(AGREED, id=number, number=number, owner=owner, terms=longest)
        for number in range(1, many + 1)
    )
    for message in (
        views.mine(Page(all_of_them, 0, many, owner), TODAY),
        views.here(Page(all_of_them[:20], 0, many, owner), "C0MENTORS", TODAY),
    ):
        assert len(message["blocks"]) <= 50
        assert len(message["text"]) <= 4000
        assert labels(message).count("Done") == 20
        texts = sum(len(str(block.get("text", {}))) for block in message["blocks"])
        assert texts < 14_000


def test_a_long_text_is_folded_on_the_card_and_shown_in_full_to_who_asks() -> None:
    words = "call every school in town and ask who could host us, " * 20
    long = replace(ASKED, terms=replace(ASKED.terms, what=words))
    made = views.card(Card(long, TODAY))
    assert len(text_in(made["blocks"][0])) < 450
    (row,) = [block for block in made["blocks"] if block["type"] == "actions"]
    last = row["elements"][-1]
    assert (last["text"]["text"], last["action_id"]) == ("Show all", Button.SHOW)
    whole = views.shown(Card(long, TODAY), BO, [])
    assert words.strip(" ,") in str(whole["blocks"])


def test_a_short_text_stands_on_the_card_whole() -> None:
    assert "Show all" not in str(views.card(Card(ASKED, TODAY)))


def test_a_receipt_of_opening_again_tells_what_is_new_alone() -> None:
    assert views.opened_again(AGREED, "the list")["text"] == (
        "#12 is open again. Missing: “the list”"
    )
    assert views.on_track_again(AGREED)["text"] == "#12 is on track again."


def test_a_card_says_what_is_missing_until_it_is_done() -> None:
    made = views.card(Card(AGREED, TODAY, missing="the list of names"))
    assert "Open again. Missing: the list of names." in made["text"]
    assert "Missing" not in views.card(Card(AGREED, TODAY))["text"]


def test_what_never_counted_reads_as_taken_back_and_not_as_somebody_dropped() -> None:
    gone = replace(ASKED, state=State.DROPPED, closed_at=NOW)
    made = views.card(Card(gone, TODAY, withdrawn=True))
    assert made["text"].startswith(
        "Taken back by those who asked: invite 12 mentees by Mon, Nov 30, asked of <@UBO>"
    )
    assert "taken back on Tue, Nov 24" in str(made["blocks"])
    kept = views.card(Card(gone, TODAY))
    assert kept["text"].startswith("Dropped: invite 12 mentees by Mon, Nov 30, asked of <@UBO>")


def test_who_is_stuck_is_thanked_once_they_have_said_so() -> None:
    form = views.stuck_form(AGREED, TODAY, alone=False)
    assert "Thanks" not in str(form)
    assert "Only those whom you choose below read it." in str(form)


@pytest.mark.parametrize(
    ("state", "label"),
    [
        (State.COUNTERED, "Keep what was asked"),
        (State.CHANGE_OFFERED, "Keep what was agreed"),
        (State.HANDING_OVER, "Leave it with Bo"),
    ],
)
def test_the_button_that_refuses_a_change_says_what_stays(state: State, label: str) -> None:
    held = HANDED if state is State.HANDING_OVER else replace(ASKED, state=state, offer=OFFER)
    assert label in str(views.card(Card(held, TODAY))["blocks"])
