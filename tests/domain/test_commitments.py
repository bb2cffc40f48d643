"""Every state, everybody's side and every act: what may be done, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    CLOSED,
    LIFE,
    OFFERED,
    OPEN,
    STANDING_IN,
    UNANSWERED,
    Act,
    Audience,
    Away,
    Commitment,
    Event,
    Move,
    Offer,
    Place,
    Risk,
    Side,
    State,
    Terms,
)
from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.people import Kind, Member, Organization

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ACME = Organization(1, "Acme", "TACME", host=True)
NORTHSIDE = Organization(2, "Northside Youth", "TNORTH")
HARBOR = Organization(3, "Harbor Women in Media", None)


def member(id: int, user: str, organization: Organization | None) -> Member:  # noqa: A002
    return Member(id, "T", user, user.title(), Kind.FULL, organization)


DANA = member(1, "UDANA", ACME)
PRIYA = member(2, "UPRIYA", ACME)
BO = member(3, "UBO", NORTHSIDE)
AMINA = member(4, "UAMINA", NORTHSIDE)
HUI = member(5, "UHUI", HARBOR)
GUEST = member(6, "UGUEST", None)
CARLOS = member(8, "UCARLOS", NORTHSIDE)

ASKED = Commitment(
    id=17,
    place=Place(1, 1, "mentoring-partners", "America/New_York", "C1"),
    number=12,
    state=State.PROPOSED,
    owner=BO,
    proposer=DANA,
    terms=Terms(1, "invite 12 mentees", date(2026, 11, 30)),
    created_at=NOW,
)
OWN = replace(ASKED, proposer=BO, state=State.ACCEPTED)

_OWNER_OPEN = {
    Act.CONDITION: State.COUNTERED,
    Act.CHANGE: State.COUNTERED,
    Act.ACCEPT: State.ACCEPTED,
    Act.DECLINE: State.DECLINED,
}
_ASKING_OPEN = {
    Act.CHANGE: State.PROPOSED,
    Act.HAND_OVER: State.PROPOSED,
    Act.DROP: State.DROPPED,
}
_LEAD_OPEN = {Act.HAND_OVER: State.PROPOSED, Act.DECLINE: State.DECLINED}
_OWNER_AGREED = {
    Act.CONDITION: State.CHANGE_OFFERED,
    Act.CHANGE: State.CHANGE_OFFERED,
    Act.HAND_OVER: State.HANDING_OVER,
    Act.DONE: State.DONE,
    Act.DROP: State.DROPPED,
}
_PROMISER = {
    Act.CONDITION: State.ACCEPTED,
    Act.CHANGE: State.ACCEPTED,
    Act.HAND_OVER: State.HANDING_OVER,
    Act.DONE: State.DONE,
    Act.DROP: State.DROPPED,
}
_ASKING_AGREED = {
    Act.CHANGE: State.CHANGE_ASKED,
    Act.HAND_OVER: State.HANDING_OVER,  # only where the owner is away
    Act.DROP: State.DROPPED,
}
_LEAD_AGREED = {Act.HAND_OVER: State.HANDING_OVER, Act.DROP: State.DROPPED}
_KEPT = {Act.DECLINE: State.ACCEPTED, Act.KEEP: State.ACCEPTED}


def _stuck(state: State) -> dict[Act, State]:
    return {Act.STUCK: state, Act.ON_TRACK: state}


# The whole of it, written out once more by hand: state, side -> {act: state afterwards}.
EXPECTED: dict[tuple[State, Side], dict[Act, State]] = {
    (State.PROPOSED, Side.OWNER): _OWNER_OPEN,
    (State.PROPOSED, Side.ASKING): _ASKING_OPEN,
    (State.PROPOSED, Side.LEAD): _LEAD_OPEN,
    (State.COUNTERED, Side.OWNER): {**_OWNER_OPEN, Act.KEEP: State.PROPOSED},
    (State.COUNTERED, Side.ASKING): {
        **_ASKING_OPEN,
        Act.ACCEPT: State.ACCEPTED,
        Act.DECLINE: State.PROPOSED,
        Act.KEEP: State.PROPOSED,
    },
    (State.COUNTERED, Side.LEAD): _LEAD_OPEN,
    (State.ACCEPTED, Side.OWNER): {**_OWNER_AGREED, **_stuck(State.ACCEPTED)},
    (State.ACCEPTED, Side.ASKING): _ASKING_AGREED,
    (State.ACCEPTED, Side.LEAD): _LEAD_AGREED,
    (State.ACCEPTED, Side.PROMISER): {**_PROMISER, **_stuck(State.ACCEPTED)},
    (State.CHANGE_OFFERED, Side.OWNER): {
        **_OWNER_AGREED,
        **_KEPT,
        **_stuck(State.CHANGE_OFFERED),
    },
    (State.CHANGE_OFFERED, Side.ASKING): {
        **_ASKING_AGREED,
        **_KEPT,
        Act.ACCEPT: State.ACCEPTED,
    },
    (State.CHANGE_OFFERED, Side.LEAD): _LEAD_AGREED,
    (State.CHANGE_ASKED, Side.OWNER): {
        **_OWNER_AGREED,
        **_KEPT,
        **_stuck(State.CHANGE_ASKED),
        Act.ACCEPT: State.ACCEPTED,
    },
    (State.CHANGE_ASKED, Side.ASKING): {**_ASKING_AGREED, **_KEPT},
    (State.CHANGE_ASKED, Side.LEAD): _LEAD_AGREED,
    (State.HANDING_OVER, Side.OWNER): {
        **_OWNER_AGREED,
        **_KEPT,
        **_stuck(State.HANDING_OVER),
    },
    (State.HANDING_OVER, Side.PROMISER): {
        **_PROMISER,
        **_KEPT,
        **_stuck(State.HANDING_OVER),
    },
    (State.HANDING_OVER, Side.ASKING): {**_ASKING_AGREED, **_KEPT},  # see STANDING_IN
    (State.HANDING_OVER, Side.LEAD): {**_LEAD_AGREED, **_KEPT},
    (State.HANDING_OVER, Side.NEXT): {**_KEPT, Act.ACCEPT: State.ACCEPTED},
    (State.DONE, Side.OWNER): {Act.REOPEN: State.ACCEPTED},
    (State.DONE, Side.PROMISER): {Act.REOPEN: State.ACCEPTED},
    (State.DONE, Side.ASKING): {Act.REOPEN: State.ACCEPTED},
}
CELLS = [(state, side, act) for state in State for side in Side for act in Act]


def as_seen(state: State, side: Side) -> tuple[Commitment, Member]:
    """A commitment in this state, stuck, with an offer where there is one; and who acts.

    Its owner is away where that gives somebody a side.
    """
    start = OWN if side is Side.PROMISER else ASKED
    who = {
        Side.OWNER: BO,
        Side.PROMISER: BO,
        Side.ASKING: PRIYA,
        Side.NEXT: HUI,
        Side.LEAD: AMINA,
        Side.OTHER: GUEST,
    }[side]
    offer = None
    if state in OFFERED:
        by = DANA if state is State.CHANGE_ASKED else BO
        due = date(2026, 12, 4) if state is not State.HANDING_OVER else date(2026, 11, 30)
        following = HUI if state is State.HANDING_OVER else None
        offer = Offer(Terms(2, "invite 12 mentees", due), by, following)
    risk = Risk(NOW, Audience.EVERYONE) if state in AGREED else None
    closed = NOW if state in CLOSED else None
    away = Away.LEFT if side in {Side.LEAD, Side.ASKING} else None
    return replace(
        start,
        state=state,
        offer=offer,
        risk=risk,
        closed_at=closed,
        away=away,
        lead_id=AMINA.id,
    ), who


@pytest.mark.parametrize(("state", "side", "act"), CELLS)
def test_each_cell_of_the_table(state: State, side: Side, act: Act) -> None:
    commitment, who = as_seen(state, side)
    expected = EXPECTED.get((state, side), {}).get(act)
    if expected is None:
        with pytest.raises(BotError) as refused:
            rules.step(commitment, who, act)
        assert refused.value.sentence.endswith(".")
        assert act not in rules.acts_of(commitment, who)
    else:
        assert rules.step(commitment, who, act).to is expected
        assert act in rules.acts_of(commitment, who)


@pytest.mark.parametrize(("state", "act"), sorted(STANDING_IN))
def test_the_asking_side_stands_in_for_an_owner_only_while_they_are_away(
    state: State, act: Act
) -> None:
    away, who = as_seen(state, Side.ASKING)
    here = replace(away, away=None)
    assert act in rules.acts_of(away, who)
    assert act not in rules.acts_of(here, who)
    with pytest.raises(NotAllowed, match="<@U"):
        rules.step(here, who, act)


@pytest.mark.parametrize(
    ("away", "lead", "member", "may"),
    [
        (None, AMINA, AMINA, False),
        (Away.LEFT, AMINA, AMINA, True),
        (Away.OFF, AMINA, AMINA, True),
        (Away.MOVED, AMINA, AMINA, True),
        (Away.LEFT, BO, AMINA, True),
        (Away.LEFT, None, AMINA, True),
        (Away.LEFT, CARLOS, AMINA, False),
        (Away.LEFT, AMINA, HUI, False),
        (Away.LEFT, None, GUEST, False),
    ],
)
def test_who_leads_an_organization_stands_in_for_its_people_who_are_away(
    away: Away | None, lead: Member | None, member: Member, may: bool
) -> None:
    lead_id = None if lead is None else lead.id
    gone = replace(ASKED, state=State.ACCEPTED, away=away, lead_id=lead_id)
    assert (Act.HAND_OVER in rules.acts_of(gone, member)) == may
    assert (Act.DROP in rules.acts_of(gone, member)) == may


def test_what_is_missing_can_be_said_for_seven_days_and_the_owner_reopens_at_any_time() -> None:
    done, _ = as_seen(State.DONE, Side.OWNER)
    seventh, eighth = date(2026, 12, 1), date(2026, 12, 2)
    assert rules.step(done, PRIYA, Act.REOPEN, today=seventh).event is Event.MISSING
    with pytest.raises(NotPossible, match="more than 7 days ago"):
        rules.step(done, PRIYA, Act.REOPEN, today=eighth)
    assert Act.REOPEN not in rules.acts_of(done, PRIYA, eighth)
    assert rules.step(done, BO, Act.REOPEN, today=eighth).event is Event.REOPENED


def test_who_misses_something_in_anothers_own_promise_reads_what_to_do_instead() -> None:
    done = replace(OWN, state=State.DONE)
    with pytest.raises(NotAllowed, match="Ask them for it with a new commitment"):
        rules.step(done, DANA, Act.REOPEN)
    assert rules.step(done, BO, Act.REOPEN).event is Event.REOPENED


def test_the_table_has_no_cell_that_is_not_expected() -> None:
    expected = {(state, side, act) for (state, side), acts in EXPECTED.items() for act in acts}
    assert set(LIFE) == expected


def test_states_are_open_or_closed_and_waiting_states_wait_for_somebody() -> None:
    assert set(State) == OPEN | CLOSED
    assert not OPEN & CLOSED
    for state in State:
        waits = rules.waits_for(replace(ASKED, state=state))
        assert (waits is not None) == (state in UNANSWERED)
        if waits is not None:
            assert (state, waits, Act.ACCEPT) in LIFE
            assert (state, waits, Act.DECLINE) in LIFE


@pytest.mark.parametrize(("key", "step"), LIFE.items())
def test_offered_terms_wait_in_exactly_the_states_that_need_an_answer_to_them(
    key: tuple[State, Side, Act], step: rules.Step
) -> None:
    waiting = OFFERED
    before, after = key[0] in waiting, step.to in waiting
    if after:
        assert before or step.terms is Move.OFFER
        assert step.terms is not Move.ADOPT
    elif before:
        assert step.terms in {Move.ADOPT, Move.REJECT, Move.WITHDRAW, Move.HOLD}
    else:
        assert step.terms in {Move.NONE, Move.HOLD}


@pytest.mark.parametrize(
    ("who", "side"),
    [
        (BO, Side.OWNER),
        (DANA, Side.ASKING),
        (PRIYA, Side.ASKING),
        (AMINA, Side.OTHER),
        (HUI, Side.OTHER),
        (GUEST, Side.OTHER),
    ],
)
def test_the_asking_side_is_the_proposers_organization(who: Member, side: Side) -> None:
    assert rules.side_of(ASKED, who) is side


def test_a_promise_of_ones_own_has_no_asking_side() -> None:
    assert rules.side_of(OWN, BO) is Side.PROMISER
    assert rules.side_of(OWN, AMINA) is Side.OTHER
    assert OWN.asking is None


def test_an_owner_asked_by_a_colleague_does_not_answer_their_own_offer() -> None:
    among_us = replace(ASKED, proposer=AMINA, state=State.COUNTERED)
    assert rules.side_of(among_us, BO) is Side.OWNER
    assert rules.side_of(among_us, AMINA) is Side.ASKING


def test_a_guest_without_an_organization_asks_alone() -> None:
    asked = replace(ASKED, proposer=GUEST)
    other_guest = member(7, "UOTHER", None)
    assert rules.side_of(asked, GUEST) is Side.ASKING
    assert rules.side_of(asked, other_guest) is Side.OTHER


def test_the_wrong_person_hears_who_can_13() -> None:
    with pytest.raises(NotAllowed, match="<@UBO>"):
        rules.step(ASKED, DANA, Act.ACCEPT)
    countered, _ = as_seen(State.COUNTERED, Side.OWNER)
    with pytest.raises(NotAllowed, match="<@UBO>"):
        rules.step(countered, HUI, Act.ACCEPT)
    with pytest.raises(NotAllowed, match="<@UDANA> and their colleagues"):
        rules.step(replace(countered, state=State.CHANGE_OFFERED), BO, Act.ACCEPT)


def test_an_old_button_says_how_it_stands_now_14() -> None:
    countered, _ = as_seen(State.COUNTERED, Side.OWNER)
    assert rules.step(countered, DANA, Act.ACCEPT, version=2).to is State.ACCEPTED
    with pytest.raises(OutOfDate, match="#12 has new terms"):
        rules.step(countered, DANA, Act.ACCEPT, version=1)


def test_being_stuck_does_not_depend_on_the_terms_that_were_seen() -> None:
    agreed, _ = as_seen(State.ACCEPTED, Side.OWNER)
    assert rules.step(agreed, BO, Act.STUCK, version=99).to is State.ACCEPTED


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_what_is_closed_stays_closed(state: State) -> None:
    with pytest.raises(NotPossible, match="#12"):
        rules.step(replace(ASKED, state=state), BO, Act.DONE)


def test_nothing_changes_after_the_partnership_has_ended_19() -> None:
    ended = replace(ASKED, place=replace(ASKED.place, live=False))
    with pytest.raises(NotPossible, match="ended"):
        rules.step(ended, BO, Act.ACCEPT)


def test_only_who_is_stuck_can_be_back_on_track() -> None:
    fine = replace(ASKED, state=State.ACCEPTED)
    assert Act.ON_TRACK not in rules.acts_of(fine, BO)
    with pytest.raises(NotPossible):
        rules.step(fine, BO, Act.ON_TRACK)


@pytest.mark.parametrize(
    ("audience", "see"),
    [
        (Audience.OWNER, {BO}),
        (Audience.ORGANIZATION, {BO, AMINA}),
        (Audience.EVERYONE, {BO, AMINA, DANA, PRIYA, HUI, GUEST, None}),
    ],
)
def test_who_may_know_that_somebody_is_stuck(audience: Audience, see: set[Member | None]) -> None:
    stuck = replace(ASKED, state=State.ACCEPTED, risk=Risk(NOW, audience, "no venue"))
    for viewer in (BO, AMINA, DANA, PRIYA, HUI, GUEST, None):
        assert (rules.seen_by(stuck, viewer).risk is not None) == (viewer in see)


def test_an_unknown_organization_is_nobodys_colleague() -> None:
    stuck = replace(ASKED, owner=GUEST, state=State.ACCEPTED, risk=Risk(NOW, Audience.ORGANIZATION))
    assert rules.seen_by(stuck, member(7, "UOTHER", None)).risk is None


@pytest.mark.parametrize("words", ["", "   ", "\n\t", "\u202e\u200b", "\u0301" * 9])
def test_a_commitment_needs_words_to_read_7(words: str) -> None:
    with pytest.raises(Unclear):
        rules.check_words(words)


def test_words_are_kept_whole_6() -> None:
    assert rules.check_words(" " + "a" * 40_000 + " ") == "a" * 40_000


def test_a_date_that_is_past_is_asked_about_5() -> None:
    today = date(2026, 11, 24)
    assert rules.check_due(today, today) == today
    assert rules.check_due(None, today) is None
    with pytest.raises(Unclear, match="past"):
        rules.check_due(date(2026, 11, 23), today)


def test_only_what_is_agreed_can_be_overdue() -> None:
    today = date(2026, 12, 1)
    assert rules.overdue(replace(ASKED, state=State.ACCEPTED), today)
    assert not rules.overdue(ASKED, today)
    assert not rules.overdue(replace(ASKED, state=State.DONE), today)


def test_each_event_that_a_step_makes_has_one_meaning() -> None:
    assert {step.event for step in LIFE.values()} <= set(Event)
