"""Handing over, opening again, and owners who are away: what holds, on both databases."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain.commitments import Audience, Away, Commitment, Event, State
from bot.domain.errors import BotError, NotAllowed, NotPossible, Unclear
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.services import comings, organizations
from bot.services import commitments as services
from bot.services.comings import Came, Went
from bot.services.commitments import Propose, Turn, Which, Wish
from storage.database import Database
from storage.store import Store
from storage.tables import member, message
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    PRIYA,
    Together,
)

NOW = MONDAY
MARA = Person("TACME", "UMARA", "Mara", PersonKind.GUEST)


@pytest.fixture
async def world(database: Database) -> Together:
    """The three organizations, which have said OK: Dana, Bo and Hui lead theirs."""
    world = Together(database)
    await world.begin(*EVERYBODY)
    return world


async def do(
    world: Together, service: Any, by: Person, commitment: Commitment, *args: Any, **more: Any
) -> Commitment:
    which = Which(world.installation, commitment_id=commitment.id)
    turn = Turn(world.key(), by, which, more.pop("why", None))
    done: Commitment = await world.run(service, turn, *args, more.pop("now", NOW), **more)
    return done


async def events(world: Together, commitment: Commitment) -> list[Event]:
    entries = await world.read(lambda store: store.commitments.entries(commitment.id))
    return [entry.event for entry in entries]


async def test_a_hand_over_is_a_proposal_to_the_next_person_and_holds_until_they_answer(
    world: Together,
) -> None:
    asked = await world.promise(BO, by=DANA)
    handed = await do(world, services.hand_over, BO, asked, HUI, why="our van is gone")
    assert handed.state is State.HANDING_OVER
    assert handed.owner.user == "UBO"
    assert handed.offer is not None
    assert handed.offer.owner is not None
    assert handed.offer.owner.user == "UHUI"
    waits = await world.read(services.waiting, world.installation, HUI)
    assert [one.id for one in waits.commitments] == [asked.id]
    with pytest.raises(NotAllowed, match="<@UHUI>"):
        await do(world, services.accept, DANA, asked)

    taken = await do(world, services.accept, HUI, asked)
    assert taken.state is State.ACCEPTED
    assert await world.commitment(1) == taken
    assert taken.owner.organization is not None
    assert (taken.owner.user, taken.owner.organization.name) == ("UHUI", "Harbor Women in Media")
    assert taken.asking is not None
    assert taken.asking.name == "Acme"
    mine = await world.read(services.mine, world.installation, HUI)
    assert [one.id for one in mine.commitments] == [asked.id]
    with pytest.raises(NotAllowed):
        await do(world, services.report_done, BO, asked)
    assert (await do(world, services.report_done, HUI, asked)).state is State.DONE


async def test_a_hand_over_refused_or_taken_back_leaves_it_with_its_owner(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.hand_over, BO, asked, HUI)
    refused = await do(world, services.decline, HUI, asked)
    assert (refused.state, refused.owner.user, refused.offer) == (State.ACCEPTED, "UBO", None)
    await do(world, services.hand_over, BO, asked, AMINA)
    kept = await do(world, services.keep, BO, asked)
    assert (kept.state, kept.owner.user) == (State.ACCEPTED, "UBO")
    assert (await events(world, asked))[-4:] == [
        Event.HAND_OVER_OFFERED,
        Event.NOT_TAKEN_OVER,
        Event.HAND_OVER_OFFERED,
        Event.HAND_OVER_WITHDRAWN,
    ]


async def test_the_history_names_who_owned_it_at_the_time(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.hand_over, BO, asked, HUI)
    await do(world, services.accept, HUI, asked)
    entries = await world.read(lambda store: store.commitments.entries(asked.id))
    owners = [entry.owner.user for entry in entries if entry.owner is not None]
    assert owners == ["UBO", "UBO", "UHUI", "UHUI"]


async def test_a_promise_of_ones_own_that_is_handed_over_was_asked_for_by_who_gave_it(
    world: Together,
) -> None:
    own = await world.promise(BO)
    await do(world, services.hand_over, BO, own, HUI)
    taken = await do(world, services.accept, HUI, own)
    assert not taken.own
    assert taken.asking is not None
    assert taken.asking.name == "Northside Youth"
    moved = await do(world, services.change, HUI, own, Wish(due=NOW.date() + timedelta(30)))
    assert moved.state is State.CHANGE_OFFERED
    assert (await do(world, services.accept, AMINA, own)).terms.due == NOW.date() + timedelta(30)


async def test_what_comes_back_to_who_asked_is_their_own_promise(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.hand_over, BO, asked, DANA)
    taken = await do(world, services.accept, DANA, asked)
    assert taken.own
    assert (await world.commitment(1)).asking is None
    assert (await do(world, services.change, DANA, asked, Wish(label="x"))).state is State.ACCEPTED


async def test_who_asked_may_ask_somebody_else_before_the_owner_has_agreed(
    world: Together,
) -> None:
    asked = await world.promise(BO, by=DANA, accepted=False)
    other = await do(world, services.hand_over, PRIYA, asked, HUI)
    assert (other.state, other.owner.user) == (State.PROPOSED, "UHUI")
    with pytest.raises(NotAllowed):
        await do(world, services.accept, BO, asked)
    assert (await do(world, services.accept, HUI, asked)).state is State.ACCEPTED

    second = await world.promise(BO, by=DANA, accepted=False)
    own = await do(world, services.hand_over, DANA, second, DANA)
    assert (own.state, own.own) == (State.ACCEPTED, True)


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (BO, "yours already"),
        (Person("TACME", "UROBOT", "Robot", PersonKind.BOT), "bot"),
        (Person("TNORTH", "UGONE", "Gone", PersonKind.GONE), "switched off"),
        (MARA, "has not told me yet which organization"),
    ],
)
async def test_it_is_handed_to_nobody_who_cannot_own_it_4(
    world: Together, to: Person, said: str
) -> None:
    asked = await world.promise(BO, by=DANA)
    with pytest.raises(BotError, match=said):
        await do(world, services.hand_over, BO, asked, to)
    assert (await world.commitment(1)).state is State.ACCEPTED


async def test_handing_over_twice_asks_once(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    first = await do(world, services.hand_over, BO, asked, HUI)
    assert await do(world, services.hand_over, BO, asked, HUI) == first
    assert (await events(world, asked)).count(Event.HAND_OVER_OFFERED) == 1


async def test_two_people_answer_one_hand_over_at_once_and_one_answer_counts(
    world: Together,
) -> None:
    for number in range(1, 6):
        asked = await world.promise(BO, by=DANA)
        await do(world, services.hand_over, BO, asked, HUI)
        results = await asyncio.gather(
            do(world, services.accept, HUI, asked),
            do(world, services.keep, BO, asked),
            return_exceptions=True,
        )
        assert sum(isinstance(one, BotError) for one in results) == 1
        stored = await world.commitment(number)
        assert stored.state is State.ACCEPTED
        taken = Event.TAKEN_OVER in await events(world, asked)
        assert stored.owner.user == ("UHUI" if taken else "UBO")


async def test_done_and_what_is_missing_race_and_nothing_is_lost(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    results = await asyncio.gather(
        do(world, services.report_done, BO, asked),
        do(world, services.reopen, PRIYA, asked, why="the list"),
        return_exceptions=True,
    )
    refused = [one for one in results if isinstance(one, BotError)]
    stored = await world.commitment(1)
    assert stored.state is (State.DONE if refused else State.ACCEPTED)


async def test_who_asked_has_seven_days_to_say_what_is_missing(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    done = await do(world, services.report_done, BO, asked)
    assert done.closed_at == NOW
    with pytest.raises(Unclear, match="What is missing"):
        await do(world, services.reopen, DANA, asked)
    late = NOW + timedelta(days=8)
    with pytest.raises(NotPossible, match="more than 7 days ago"):
        await do(world, services.reopen, DANA, asked, why="the list", now=late)
    seventh = NOW + timedelta(days=7)
    reopened = await do(world, services.reopen, PRIYA, asked, why="the list", now=seventh)
    assert (reopened.state, reopened.closed_at) == (State.ACCEPTED, None)
    (note,) = (await world.outgoing(Kind.COMMITMENT_NOTE))[-1:]
    told = await world.read(services.note_shown, note.subject, seventh)
    assert told.entry.why == "the list"


async def test_an_owner_opens_again_what_was_said_to_be_done_too_early(world: Together) -> None:
    own = await world.promise(HUI)
    await do(world, services.report_done, HUI, own)
    reopened = await do(world, services.reopen, HUI, own, now=NOW + timedelta(days=30))
    assert reopened.state is State.ACCEPTED
    with pytest.raises(NotPossible, match="nothing to open again"):
        await do(world, services.reopen, HUI, own)


async def test_whoever_does_not_own_it_says_why_it_is_dropped(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    with pytest.raises(Unclear, match="Why\\?") as refused:
        await do(world, services.drop, PRIYA, asked)
    assert refused.value.suggestion == "drop 1 because "
    assert (await do(world, services.drop, BO, asked)).state is State.DROPPED


async def test_a_suggestion_of_ones_own_is_taken_back_without_saying_no(world: Together) -> None:
    asked = await world.promise(BO, by=DANA, accepted=False)
    await do(world, services.accept_if, BO, asked, "travel is paid")
    back = await do(world, services.keep, BO, asked)
    assert (back.state, back.offer) == (State.PROPOSED, None)
    assert (await events(world, asked))[-1] is Event.CHANGE_WITHDRAWN
    with pytest.raises(NotPossible, match="No change waits"):
        await do(world, services.keep, PRIYA, asked)


async def test_each_act_returns_the_row_of_the_history_that_it_wrote(world: Together) -> None:
    made = await world.promise(BO, by=DANA, accepted=False)
    assert made.history_id is not None
    agreed = await do(world, services.accept, BO, made)
    entry = await world.read(lambda store: store.commitments.entry(agreed.history_id))
    assert entry.event is Event.ACCEPTED
    again = await do(world, services.accept, BO, made)
    assert again.history_id is None


# Owners who are away


async def leaves(world: Together, person: Person) -> None:
    went = Went(world.key(), world.installation, CHANNEL, person.user)
    await world.run(comings.went, went, NOW)


async def test_an_owner_who_left_is_told_of_and_others_hand_over_or_drop(world: Together) -> None:
    asked = await world.promise(AMINA, by=DANA)
    own = await world.promise(AMINA, what="call the press")
    await leaves(world, AMINA)
    assert (await world.commitment(1)).away is Away.LEFT
    notes = await world.outgoing(Kind.COMMITMENT_NOTE)
    told = [await world.read(services.note_shown, note.subject, NOW) for note in notes[-2:]]
    assert [note.entry.event for note in told] == [Event.OWNER_AWAY] * 2

    for stranger in (HUI, PRIYA):
        with pytest.raises(NotAllowed):
            await do(world, services.drop, stranger, own, why="not needed")
    handed = await do(world, services.hand_over, PRIYA, asked, HUI)
    assert (handed.state, handed.owner.user) == (State.HANDING_OVER, "UAMINA")
    taken = await do(world, services.accept, HUI, asked)
    assert (taken.owner.user, taken.away) == ("UHUI", Away.LEFT)  # as it was read
    assert (await world.commitment(1)).away is None
    dropped = await do(world, services.drop, BO, own, why="Amina has left")
    assert dropped.state is State.DROPPED


async def test_a_lead_may_take_over_themselves_what_somebody_who_left_had_promised(
    world: Together,
) -> None:
    own = await world.promise(AMINA)
    await leaves(world, AMINA)
    taken = await do(world, services.hand_over, BO, own, BO)
    assert (taken.state, taken.owner.user) == (State.ACCEPTED, "UBO")
    assert (await events(world, own))[-1] is Event.TAKEN_OVER


@pytest.mark.parametrize("how", ["left", "switched off", "moved"])
async def test_a_colleague_acts_for_an_owner_who_left_where_the_lead_is_gone_too(
    world: Together, how: str
) -> None:
    cath = replace(AMINA, user="UCATH", name="Cath")
    await world.promise(cath)
    own = await world.promise(AMINA, what="call the press")
    await leaves(world, AMINA)
    assert (await world.commitment(own.number)).lead_id is not None
    with pytest.raises(NotAllowed):
        await do(world, services.drop, cath, own)

    if how == "left":
        await leaves(world, BO)
    else:
        gone = {"kind": PersonKind.GONE} if how == "switched off" else {"organization_id": None}
        await world.run(
            lambda store: (
                store.connection.execute(update(member).where(member.c.user == "UBO").values(gone))
                and None
            )
        )
    assert (await world.commitment(own.number)).lead_id is None
    with pytest.raises(NotAllowed):
        await do(world, services.drop, DANA, own)
    dropped = await do(world, services.drop, cath, own, why="the venue closed")
    assert dropped.state is State.DROPPED


async def test_the_card_of_an_owner_who_left_is_written_anew_when_the_lead_goes_and_comes(
    world: Together,
) -> None:
    own = await world.promise(AMINA)
    await leaves(world, AMINA)

    async def wanted() -> int:
        found: int = await world.read(
            lambda store: store.connection.execute(
                select(message.c.wanted).where(message.c.id == own.card_id)
            ).scalar_one()
        )
        return found

    before = await wanted()
    await leaves(world, BO)
    gone = await wanted()
    assert gone > before
    await world.run(comings.came, Came(world.key(), world.installation, CHANNEL, BO), NOW)
    assert await wanted() > gone


async def test_who_comes_back_is_not_away_any_more(world: Together) -> None:
    asked = await world.promise(AMINA, by=DANA)
    await leaves(world, AMINA)
    await world.run(comings.came, Came(world.key(), world.installation, CHANNEL, AMINA), NOW)
    assert (await world.commitment(1)).away is None
    with pytest.raises(NotAllowed):
        await do(world, services.hand_over, DANA, asked, HUI)


async def test_an_account_that_was_switched_off_is_away(world: Together) -> None:
    await world.promise(AMINA, by=DANA)

    def switch_off(store: Store) -> None:
        store.connection.execute(
            update(member).where(member.c.user == "UAMINA").values(kind=PersonKind.GONE)
        )

    await world.run(switch_off)
    assert (await world.commitment(1)).away is Away.OFF


async def test_an_owner_who_is_with_another_organization_now_can_be_stood_in_for(
    world: Together,
) -> None:
    mara = await _mara_is_with_harbor(world)
    asked = await world.promise(MARA, by=DANA)
    own = await world.promise(MARA, what="call the press")

    def moves(store: Store) -> None:
        partnership = store.partnerships.by_id(world.partnership)
        other = store.people.organization_of_team(world.installation, "TNORTH")
        assert other is not None
        guest = store.people.by_id(mara)
        organizations._settle(store, partnership, guest, other, NOW)

    await world.run(moves)
    stored = await world.commitment(1)
    assert stored.away is Away.MOVED
    assert stored.owner.organization is not None
    assert stored.owner.organization.name == "Harbor Women in Media"
    assert (await do(world, services.drop, HUI, own, why="Mara moved")).state is State.DROPPED
    assert (await do(world, services.report_done, MARA, asked)).state is State.DONE


async def _mara_is_with_harbor(world: Together) -> int:
    def joins(store: Store) -> int:
        hui = store.people.by_key(world.installation, "TACME", "UHUI")
        assert hui is not None
        assert hui.organization is not None
        mara = store.people.met(world.installation, MARA, NOW)
        store.people.join(mara.id, hui.organization.id)
        store.partnerships.seen(world.partnership, mara.id, NOW)
        return mara.id

    found: int = await world.run(joins)
    return found


async def test_a_hand_over_lapses_when_the_next_persons_organization_leaves(
    world: Together,
) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.hand_over, BO, asked, HUI)
    hui = await world.read(lambda store: store.people.by_key(world.installation, "TACME", "UHUI"))
    await world.run(
        services.end_with_organization, hui.organization.id, asked.place.partnership_id, NOW
    )
    stored = await world.commitment(1)
    assert (stored.state, stored.owner.user, stored.offer) == (State.ACCEPTED, "UBO", None)


@pytest.mark.parametrize(
    ("audience", "see"),
    [
        (Audience.OWNER, {"UBO"}),
        (Audience.ORGANIZATION, {"UBO", "UAMINA"}),
        (Audience.EVERYONE, {"UBO", "UAMINA", "UHUI", "UDANA"}),
    ],
)
async def test_who_may_take_it_over_hears_of_its_trouble_only_as_far_as_they_may(
    world: Together, audience: Audience, see: set[str]
) -> None:
    asked = await world.promise(BO, by=DANA)
    here = frozenset(person.user for person in EVERYBODY)
    which = Which(world.installation, commitment_id=asked.id)
    turn = Turn(world.key(), BO, which, "no venue")
    await world.run(services.report_stuck, turn, audience, NOW, here=here)
    await do(world, services.hand_over, BO, asked, HUI)
    for viewer in (BO, AMINA, HUI, DANA):
        seen, _ = await world.read(services.looked_at, which, viewer)
        assert (seen.risk is not None) == (viewer.user in see)
        page = await world.read(services.waiting, world.installation, viewer)
        for one in page.commitments:
            assert (one.risk is not None) == (viewer.user in see)
    taken = await do(world, services.accept, HUI, asked)
    assert taken.risk is None


async def test_a_thousand_open_commitments_make_one_page_and_one_query_each(
    world: Together,
) -> None:
    first = await world.promise(BO, by=DANA)

    def more(store: Store) -> None:
        for number in range(2, 1001):
            request = Propose(
                f"many:{number}", world.installation, CHANNEL, BO, BO, f"thing {number}", None
            )
            if number <= 60:
                services.propose(store, request, NOW)
            else:
                found = store.commitments.by_id(first.id)
                store.commitments.add(replace(found, number=number), True, NOW)

    await world.run(more)
    page = await world.read(services.here, world.installation, CHANNEL, HUI)
    assert (page.total, len(page.commitments)) == (1000, 20)
    mine = await world.read(services.mine, world.installation, BO)
    assert mine.total == 1000
    assert await world.queries(services.mine, world.installation, BO) <= 3
    assert await world.queries(services.here, world.installation, CHANNEL, BO) <= 6


async def test_who_takes_it_over_does_not_get_to_read_what_the_owner_before_kept_private(
    world: Together,
) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.report_stuck, BO, asked, Audience.OWNER, why="I am worn out")
    colleagues = frozenset({"UBO", "UAMINA"})
    await do(
        world,
        services.report_stuck,
        BO,
        asked,
        Audience.ORGANIZATION,
        why="our van is gone",
        here=colleagues,
    )
    await do(world, services.hand_over, BO, asked, HUI)
    await do(world, services.accept, HUI, asked)
    which = Which(world.installation, commitment_id=asked.id)
    read = {}
    for viewer in (BO, AMINA, DANA, HUI):
        _, _, notes = await world.read(services.history, which, viewer, NOW)
        read[viewer.user] = [note.entry.why for note in notes if note.entry.why]
    assert read == {
        "UBO": ["I am worn out", "our van is gone"],
        "UAMINA": ["our van is gone"],
        "UDANA": [],
        "UHUI": [],
    }


async def test_a_reason_that_nobody_was_to_know_is_not_told_by_a_later_stuck_without_one(
    world: Together,
) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.report_stuck, BO, asked, Audience.OWNER, why="I am worn out")
    stays = await do(world, services.report_stuck, BO, asked, Audience.OWNER)
    assert stays.risk is not None
    assert stays.risk.why == "I am worn out"

    told = await do(world, services.report_stuck, BO, asked, Audience.EVERYONE)
    assert told.risk is not None
    assert (told.risk.audience, told.risk.why) == (Audience.EVERYONE, None)
    entry = (await world.read(lambda store: store.commitments.entries(asked.id)))[-1]
    assert (entry.audience, entry.why) == (Audience.EVERYONE, None)


async def test_who_is_asked_who_may_know_tells_the_reason_with_the_answer(world: Together) -> None:
    asked = await world.promise(BO, by=DANA)
    await do(world, services.report_stuck, BO, asked, Audience.OWNER, why="our van is gone")
    told = await do(world, services.report_stuck, BO, asked, Audience.EVERYONE, keeps_why=True)
    assert told.risk is not None
    assert told.risk.why == "our van is gone"
