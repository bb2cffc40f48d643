"""Taking back what is one's own or one's organization's, on both databases."""

import asyncio
from collections.abc import Awaitable
from datetime import date, time
from typing import Any

import pytest

from bot.domain.closed_days import Holidays, Source
from bot.domain.errors import BotError, NotFound, NotPossible, OutOfDate
from bot.domain.people import Person
from bot.domain.preferences import Hours, Notice
from bot.domain.undo import Lasting, What, lasts
from bot.services import (
    away,
    closed_days,
    commitments,
    lasting,
    organizations,
    own_organization,
    preferences,
    public_holidays,
    reminders,
    shares,
    undo,
)
from bot.services.away import Back, Leave
from bot.services.closed_days import Close, Remove
from bot.services.commitments import Turn, Which
from bot.services.organizations import With
from bot.services.own_organization import Change
from bot.services.preferences import Wish
from bot.services.shares import Mark
from bot.services.undo import TakeBack
from storage.database import Database
from storage.store import Store
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    NEW_YORK,
    Together,
)

EVENING = Hours(time(18), time(21))


@pytest.fixture
async def world(database: Database) -> Together:
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def latest(world: Together, person: Person, channel: str | None = None) -> int:
    """What “undo” means."""
    found: int = await world.read(undo.latest, world.installation, person, channel, None, MONDAY)
    return found


async def undoes(world: Together, person: Person, deed: int | None = None) -> Any:
    """Take back one act, or the last."""
    which = deed or await latest(world, person)
    request = TakeBack(world.key(), world.installation, person, which, NEW_YORK)
    return (await world.run(undo.take_back, request, MONDAY)).value


async def refusal(of: Awaitable[Any]) -> BotError:
    with pytest.raises(BotError) as refused:
        await of
    return refused.value


async def closed(world: Together, person: Person, *days: date, **more: Any) -> str:
    """Own dates of somebody's organization; returns the key."""
    key = world.key()
    request = Close(
        key, world.installation, person, Source.OWN, NEW_YORK, first=days[0], last=days[-1], **more
    )
    await world.run(closed_days.close, request, MONDAY)
    return key


async def calendar(world: Together, person: Person) -> tuple[list[str], list[date]]:
    """The entries by name, and the closed days that follow."""
    found = await world.read(closed_days.shown, world.installation, person, NEW_YORK, MONDAY)
    return [each.label for each in found.entries], [each.first for each in found.days]


def test_every_kind_of_thing_has_its_way_back() -> None:
    assert set(undo.WAYS) == set(What)


async def test_settings_are_as_before_one_after_the_other(world: Together) -> None:
    first, second = world.key(), world.key()
    where = (world.installation, BO)
    await world.run(preferences.choose, Wish(*where, hours=EVENING, key=first), MONDAY)
    off = frozenset({Notice.LATER})
    for _ in range(2):  # a delivery that comes twice is one act
        wish = Wish(*where, zone="Europe/Lisbon", off=off, key=second)
        await world.run(preferences.choose, wish, MONDAY)
    earlier = await world.read(lambda store: store.undo.of_delivery(first).id)
    refused = await refusal(undoes(world, BO, earlier))
    assert refused.sentence == "You have done more with it since. Take that back first."
    chosen = await undoes(world, BO)
    assert (chosen.preferences.hours, chosen.preferences.zone) == (EVENING, None)
    assert chosen.preferences.off == frozenset()
    chosen = await undoes(world, BO)
    assert chosen.preferences.hours is None
    assert isinstance(await refusal(latest(world, BO)), NotFound)


async def test_a_choice_that_changes_nothing_is_nothing_to_take_back(world: Together) -> None:
    await world.run(preferences.choose, Wish(world.installation, BO, key=world.key()), MONDAY)
    await world.run(preferences.resume, world.installation, BO, None, MONDAY, key=world.key())
    assert isinstance(await refusal(latest(world, BO)), NotFound)


async def test_pauses_of_all_reaches_are_put_back(world: Together) -> None:
    where, until = (world.installation, BO), date(2027, 1, 5)
    spot = str(world.partnership)
    await world.run(preferences.pause, *where, None, until, MONDAY, key=world.key())
    await world.run(preferences.pause, *where, spot, None, MONDAY, key=world.key())
    await world.run(preferences.resume, *where, None, MONDAY, key=world.key())
    chosen = await undoes(world, BO)
    held = [(each.partnership_id, each.until) for each in chosen.preferences.pauses]
    assert held == [(None, until), (world.partnership, None)]
    chosen = await undoes(world, BO)
    assert [each.partnership_id for each in chosen.preferences.pauses] == [None]
    assert (await undoes(world, BO)).preferences.pauses == ()


async def test_a_pause_that_is_edited_gives_way_to_the_other(world: Together) -> None:
    where, spot = (world.installation, BO), str(world.partnership)
    await world.run(preferences.pause, *where, None, None, MONDAY, key=world.key())
    edited = await world.run(
        preferences.pause, *where, spot, None, MONDAY, key=world.key(), instead=""
    )
    assert [each.partnership_id for each in edited.preferences.pauses] == [world.partnership]


async def test_later_is_each_persons_own(world: Together) -> None:
    about = await world.promise(BO, by=DANA)
    which = Which(world.installation, commitment_id=about.id)
    for person, day in ((BO, 24), (DANA, 25), (BO, 26)):
        until = date(2026, 11, day)
        await world.run(reminders.snooze, which, person, until, MONDAY, key=world.key())
    assert (await undoes(world, BO)).until == date(2026, 11, 24)
    assert (await undoes(world, DANA)).until is None
    assert (await undoes(world, BO)).until is None

    def left(store: Store) -> list[dict[int, date]]:
        people = [store.people.by_key(world.installation, p.team, p.user) for p in (BO, DANA)]
        return [store.reminders.snoozed(each.id, [about.id]) for each in people if each]

    assert await world.read(left) == [{}, {}]


async def test_paid_work_is_marked_as_it_was(world: Together) -> None:
    await world.promise(BO)

    async def mark(paid: bool) -> None:
        which = Which(world.installation, channel=CHANNEL, number=1)
        await world.run(shares.mark, Mark(world.key(), world.installation, BO, which, paid), MONDAY)

    await mark(True)
    await mark(True)  # which is nothing new
    await mark(False)
    assert (await undoes(world, BO)).paid is True
    assert (await undoes(world, BO)).paid is None
    what = await world.read(undo.latest, world.installation, BO, CHANNEL, 1, MONDAY)
    assert (await world.read(lambda store: store.undo.by_id(what))).what is What.COMMITMENT


async def test_whether_it_is_paid_is_for_the_next_owner_to_say(world: Together) -> None:
    which = Which(world.installation, commitment_id=(await world.promise(BO, by=DANA)).id)
    key = world.key()
    await world.run(shares.mark, Mark(key, world.installation, BO, which, True), MONDAY)
    marked = await world.read(lambda store: store.undo.of_delivery(key).id)
    await world.run(commitments.hand_over, Turn(world.key(), BO, which), AMINA, MONDAY)
    await world.run(commitments.accept, Turn(world.key(), AMINA, which), MONDAY)
    refused = await refusal(undoes(world, BO, marked))
    assert refused.sentence == "Only <@UAMINA> can say whether #1 is paid work."
    assert await world.read(lambda store: store.shares.paid(which.commitment_id)) is True


async def test_a_calendar_is_left_alone_by_whoever_is_with_others_now(world: Together) -> None:
    key = await closed(world, HUI, date(2026, 12, 1), label="moving")
    own = await world.read(lambda store: store.undo.of_delivery(key))
    moves = With(
        world.key(), world.installation, world.partnership, HUI, "River Choir", is_new=True
    )
    await world.run(organizations.say_with, moves, MONDAY)
    refused = await refusal(undoes(world, HUI, own.id))
    assert refused.sentence == "You are with another organization by now, so it stays."
    entries = await world.read(lambda store: store.closed_days.entries(own.subject))
    assert [each.label for each in entries] == ["moving"]


async def test_closed_days_go_and_come_back_with_what_follows_from_them(world: Together) -> None:
    first, second = date(2026, 12, 1), date(2026, 12, 10)
    await closed(world, BO, first, label="moving")
    await closed(world, AMINA, second, label="retreat")
    await undoes(world, BO)  # what a colleague put in beside it stays
    assert await calendar(world, BO) == (["retreat"], [second])
    found = await world.read(closed_days.shown, world.installation, BO, NEW_YORK, MONDAY)
    out = Remove(world.key(), world.installation, BO, found.entries[0].id, NEW_YORK)
    await world.run(closed_days.remove, out, MONDAY)
    assert isinstance(await refusal(undoes(world, AMINA)), OutOfDate)
    await undoes(world, BO)
    assert await calendar(world, BO) == (["retreat"], [second])


async def test_an_edited_entry_takes_the_others_place_with_its_days(world: Together) -> None:
    await closed(world, BO, date(2026, 12, 1), label="moving")
    found = await world.read(closed_days.shown, world.installation, BO, NEW_YORK, MONDAY)
    ready = closed_days.work_out(found.entries, date(2026, 11, 23))
    entry = found.entries[0].id
    await closed(world, BO, date(2026, 12, 2), label="moving", instead=entry, ready=ready)
    assert await calendar(world, BO) == (["moving"], [date(2026, 12, 2)])
    kept = await world.read(closed_days.kept, world.installation, BO)
    ready = closed_days.work_out(kept, date(2026, 11, 23))
    deed = await latest(world, BO)
    gone = await world.read(undo.gone_days, deed)
    days = closed_days.work_out(gone, date(2026, 11, 23))[0]
    request = TakeBack(world.key(), world.installation, BO, deed, NEW_YORK, {**ready, -1: days})
    await world.run(undo.take_back, request, MONDAY)
    assert await calendar(world, BO) == (["moving"], [date(2026, 12, 1)])


async def test_what_was_edited_away_meanwhile_is_not_edited_again(world: Together) -> None:
    refused = await refusal(closed(world, BO, date(2026, 12, 1), instead=99))
    assert refused.sentence == "That is not in your calendar any more. Say “closed” to see what is."
    leave = Leave(
        world.key(), world.installation, BO, NEW_YORK, date(2026, 12, 1), date(2026, 12, 2), 99
    )
    assert isinstance(await refusal(world.run(away.leave, leave, MONDAY)), NotPossible)


async def test_holidays_chosen_anew_are_as_before(world: Together) -> None:
    for part in ("BE", None):
        which = Holidays("DE", part)
        days = public_holidays.days(which, date(2026, 11, 23), date(2027, 12, 31))
        request = Close(
            world.key(),
            world.installation,
            BO,
            Source.HOLIDAYS,
            NEW_YORK,
            label=f"Germany {part}",
            detail=closed_days.detail_of(which),
            days=days,
        )
        await world.run(closed_days.close, request, MONDAY)
    assert date(2027, 3, 8) not in (await calendar(world, BO))[1]
    await undoes(world, BO)
    names, found = await calendar(world, BO)
    assert names == ["Germany BE"]
    assert date(2027, 3, 8) in found  # a holiday of Berlin alone


async def test_days_away_that_were_shortened_can_be_edited(world: Together) -> None:
    first, last = date(2026, 11, 20), date(2026, 11, 30)
    leave = Leave(world.key(), world.installation, BO, NEW_YORK, first, last)
    await world.run(away.leave, leave, MONDAY)
    key = world.key()
    await world.run(away.back, Back(key, world.installation, BO, NEW_YORK), MONDAY)
    receipt = await world.read(undo.receipt_of, key, MONDAY)
    times = await world.read(away.shown, world.installation, BO, NEW_YORK, MONDAY)
    assert times.times == ()  # until yesterday
    assert receipt.thing is not None
    times = await undoes(world, BO)
    assert [(each.first, each.last) for each in times.times] == [(first, last)]


async def test_an_organization_is_as_before_unless_a_colleague_changed_it(world: Together) -> None:
    async def change(person: Person, **wishes: Any) -> None:
        request = Change(world.key(), world.installation, world.partnership, person, **wishes)
        await world.run(own_organization.change, request, MONDAY)

    await change(BO, sponsor="Rosa Lind", weekdays=("0", "1"), zone="America/Chicago")
    own = await undoes(world, BO)
    assert (own.sponsor, own.zone) == ("", NEW_YORK)
    assert own.weekdays == frozenset(range(5))
    await change(BO, sponsor="Rosa Lind")
    await change(AMINA, zone="America/Chicago")  # which is something else
    own = await undoes(world, BO)
    assert (own.sponsor, own.zone) == ("", "America/Chicago")
    await change(BO, sponsor="Rosa Lind")
    await change(AMINA, sponsor="Ben Ode")
    refused = await refusal(undoes(world, BO))
    assert refused.sentence.startswith("<@UAMINA> has done something with it since, so it stays.")


@pytest.mark.parametrize("what", Lasting)
async def test_what_lasts_is_named_and_what_was_done_before_stays(
    world: Together, what: Lasting
) -> None:
    about = await world.promise(HUI)

    def does(store: Store) -> None:
        member = store.people.by_key(world.installation, HUI.team, HUI.user)
        assert member is not None
        lasting.note(
            store,
            what,
            key="a delivery",
            member_id=member.id,
            partnership_id=world.partnership,
            now=MONDAY,
        )

    await world.run(does)
    assert await world.read(undo.receipt_of, "a delivery", MONDAY) is None
    for channel in (None, CHANNEL):
        deed = await latest(world, HUI, channel)
        refused = await refusal(undoes(world, HUI, deed))
        assert refused.sentence == lasts(what).sentence
        assert refused.sentence.startswith("The last thing you did was to ")
    assert await world.commitment(about.number) == about


async def test_ones_own_act_is_the_last_one_in_a_channel_too(world: Together) -> None:
    about = await world.promise(BO)
    wish = Wish(world.installation, BO, hours=EVENING, key=world.key())
    await world.run(preferences.choose, wish, MONDAY)
    deed = await latest(world, BO, CHANNEL)
    assert (await world.read(lambda store: store.undo.by_id(deed))).what is What.PREFERENCES
    of_number = await world.read(undo.latest, world.installation, BO, CHANNEL, 1, MONDAY)
    assert (await world.read(lambda store: store.undo.by_id(of_number))).subject == about.id


async def test_later_that_was_taken_back_stays_so_when_its_delivery_is_repeated(
    world: Together,
) -> None:
    about = await world.promise(BO, by=DANA)
    key = world.key()

    async def later() -> None:
        which = Which(world.installation, commitment_id=about.id)
        await world.run(reminders.snooze, which, BO, date(2026, 12, 4), MONDAY, key=key)

    def put_off(store: Store) -> Any:
        member = store.people.by_key(world.installation, BO.team, BO.user)
        return member and store.reminders.snoozed(member.id, [about.id])

    await later()
    assert await world.read(put_off)
    await undoes(world, BO)
    await later()
    assert not await world.read(put_off)


async def test_two_kinds_of_reminders_turned_off_at_the_same_time_are_both_off(
    world: Together,
) -> None:
    async def off(kind: Notice) -> None:
        wish = Wish(world.installation, BO, turn_off=frozenset({kind}), key=world.key())
        await world.run(preferences.choose, wish, MONDAY)

    await asyncio.gather(off(Notice.CHECKIN), off(Notice.ANSWER))
    on = Wish(world.installation, BO, turn_on=frozenset({Notice.LEAD}), key=world.key())
    chosen = await world.run(preferences.choose, on, MONDAY)
    assert chosen.preferences.off == {Notice.CHECKIN, Notice.ANSWER}
