"""Every state, everybody's side and every act: what may be done, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    CLOSED,
    LIFE,
    OPEN,
    UNANSWERED,
    Act,
    Audience,
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
_OWNER_AGREED = {
    Act.CONDITION: State.CHANGE_OFFERED,
    Act.CHANGE: State.CHANGE_OFFERED,
    Act.DONE: State.DONE,
    Act.DROP: State.DROPPED,
}

# The whole of it, written out once more by hand: state, side -> {act: state afterwards}.
EXPECTED: dict[tuple[State, Side], dict[Act, State]] = {
    (State.PROPOSED, Side.OWNER): _OWNER_OPEN,
    (State.PROPOSED, Side.ASKING): {Act.CHANGE: State.PROPOSED, Act.DROP: State.DROPPED},
    (State.COUNTERED, Side.OWNER): _OWNER_OPEN,
    (State.COUNTERED, Side.ASKING): {
        Act.ACCEPT: State.ACCEPTED,
        Act.DECLINE: State.PROPOSED,
        Act.CHANGE: State.PROPOSED,
        Act.DROP: State.DROPPED,
    },
    (State.ACCEPTED, Side.OWNER): {
        **_OWNER_AGREED,
        Act.STUCK: State.ACCEPTED,
        Act.ON_TRACK: State.ACCEPTED,
    },
    (State.ACCEPTED, Side.ASKING): {Act.CHANGE: State.CHANGE_ASKED, Act.DROP: State.DROPPED},
    (State.ACCEPTED, Side.PROMISER): {
        Act.CONDITION: State.ACCEPTED,
        Act.CHANGE: State.ACCEPTED,
        Act.DONE: State.DONE,
        Act.DROP: State.DROPPED,
        Act.STUCK: State.ACCEPTED,
        Act.ON_TRACK: State.ACCEPTED,
    },
    (State.CHANGE_OFFERED, Side.OWNER): {
        **_OWNER_AGREED,
        Act.DECLINE: State.ACCEPTED,
        Act.STUCK: State.CHANGE_OFFERED,
        Act.ON_TRACK: State.CHANGE_OFFERED,
    },
    (State.CHANGE_OFFERED, Side.ASKING): {
        Act.ACCEPT: State.ACCEPTED,
        Act.DECLINE: State.ACCEPTED,
        Act.CHANGE: State.CHANGE_ASKED,
        Act.DROP: State.DROPPED,
    },
    (State.CHANGE_ASKED, Side.OWNER): {
        **_OWNER_AGREED,
        Act.ACCEPT: State.ACCEPTED,
        Act.DECLINE: State.ACCEPTED,
        Act.STUCK: State.CHANGE_ASKED,
        Act.ON_TRACK: State.CHANGE_ASKED,
    },
    (State.CHANGE_ASKED, Side.ASKING): {
        Act.CHANGE: State.CHANGE_ASKED,
        Act.DECLINE: State.ACCEPTED,
        Act.DROP: State.DROPPED,
    },
}
CELLS = [(state, side, act) for state in State for side in Side for act in Act]


def as_seen(state: State, side: Side) -> tuple[Commitment, Member]:
    """A commitment in this state, stuck, with an offer where there is one; and who acts."""
    start = OWN if side is Side.PROMISER else ASKED
    who = {Side.OWNER: BO, Side.PROMISER: BO, Side.ASKING: PRIYA, Side.OTHER: HUI}[side]
    offer = None
    if state in {State.COUNTERED, State.CHANGE_OFFERED, State.CHANGE_ASKED}:
        by = DANA if state is State.CHANGE_ASKED else BO
        offer = Offer(Terms(2, "invite 12 mentees", date(2026, 12, 4)), by)
    risk = Risk(NOW, Audience.EVERYONE) if state in AGREED else None
    return replace(start, state=state, offer=offer, risk=risk), who


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
    waiting = {State.COUNTERED, State.CHANGE_OFFERED, State.CHANGE_ASKED}
    before, after = key[0] in waiting, step.to in waiting
    if after:
        assert before or step.terms is Move.OFFER
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
