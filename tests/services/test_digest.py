"""What the digest tells, when it is silent, and what it costs, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from bot.domain.commitments import Audience
from bot.domain.digest import Digest, Internal
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.posts import State as MessageState
from bot.domain.schedules import ScheduleKind
from bot.services import beginning, checkins, commitments, digest, schedules
from bot.services.checkins import Reply
from bot.services.commitments import Turn, Which
from storage.database import Database
from storage.store import Store
from storage.tables import message
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    WEEK,
    Together,
    at,
)

TUESDAY = at("2026-11-24 10:00")
FRIDAY = at("2026-11-27 15:00")
DIGEST = ScheduleKind.DIGEST


@pytest.fixture
async def world(database: Database) -> Together:
    """Three organizations that have said OK."""
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def preview(world: Together) -> Digest:
    found: Digest = await world.read(digest.preview, world.installation, CHANNEL, FRIDAY)
    return found


async def posted(world: Together, number: int = -1) -> Digest | None:
    """What the newest digest shows when the courier comes to it."""
    post = (await world.outgoing(Kind.DIGEST))[number]
    found: Digest | None = await world.read(digest.shown, post.subject, FRIDAY)
    return found


async def settled(world: Together, state: MessageState) -> None:
    """As the courier would leave every waiting message."""
    await world.run(
        lambda store: (
            store.connection.execute(
                update(message).where(message.c.state == MessageState.WAITING).values(state=state)
            )
            and None
        )
    )


async def finish(world: Together, number: int, by: object = BO) -> None:
    which = Which(world.installation, channel=CHANNEL, number=number)
    assert by in EVERYBODY
    person = next(each for each in EVERYBODY if each == by)
    await world.run(commitments.report_done, Turn(world.key(), person, which), TUESDAY)


async def reply(world: Together, text: str) -> None:
    await world.run(schedules.post_due, TUESDAY, 200)
    (occurrence,) = await world.occurrences()
    said = Reply(world.key(), world.installation, AMINA, occurrence.id, world.ts(), text)
    await world.run(checkins.reply, said, TUESDAY)


async def test_it_tells_in_this_order_what_waits_is_due_is_done_and_was_heard(
    world: Together,
) -> None:
    await world.promise(BO, "asked", date(2026, 12, 20), by=DANA, accepted=False)
    await world.promise(BO, "overdue", date(2026, 11, 25))
    await world.promise(HUI, "soon", date(2026, 12, 4))
    await world.promise(HUI, "later", date(2026, 12, 5))
    await world.promise(BO, "finished", date(2026, 12, 1))
    await finish(world, 5)
    await reply(world, "We met <@UBO>.")
    found = await preview(world)
    assert [each.number for each in found.decide] == [1]
    assert [each.number for each in found.due] == [2, 3]
    assert [each.number for each in found.done] == [5]
    assert [(each.member.name, each.text) for each in found.heard] == [("Amina", "We met @Bo.")]
    assert found.next_checkin == at("2026-12-08 10:00")
    assert found.next_digest == FRIDAY
    assert found.missed == ()


async def test_with_nothing_pending_nothing_is_posted(world: Together) -> None:
    await world.promise(HUI, "far away", date(2027, 3, 1))
    await world.pass_until(FRIDAY)
    assert len(await world.outgoing(Kind.DIGEST)) == 1
    assert await posted(world) is None


async def test_after_a_month_of_silence_it_gives_a_sign_of_life(world: Together) -> None:
    for week in range(4):
        await world.pass_until(FRIDAY + week * WEEK)
        assert await posted(world) is None
        await settled(world, MessageState.WITHDRAWN)
    await world.pass_until(FRIDAY + 4 * WEEK)
    life = await posted(world)
    assert life is not None
    assert life.empty
    assert life.quiet_since is not None


async def test_what_was_told_is_not_told_again(world: Together) -> None:
    await world.promise(BO, "finished", date(2026, 12, 1))
    await finish(world, 1)
    await reply(world, "Good news.")
    await world.pass_until(FRIDAY)
    first = await posted(world)
    assert first is not None
    assert (len(first.done), len(first.heard)) == (1, 1)
    await world.deliver()
    await world.pass_until(FRIDAY + WEEK)
    assert await posted(world) is None


async def test_what_a_missed_digest_would_have_told_is_told_by_the_next(world: Together) -> None:
    await world.promise(BO, "finished", date(2026, 12, 1))
    await finish(world, 1)
    await world.pass_until(FRIDAY)
    await settled(world, MessageState.MISSED)
    await world.pass_until(FRIDAY + WEEK)
    found = await posted(world)
    assert found is not None
    assert len(found.done) == 1
    assert [each.kind for each in found.missed] == [ScheduleKind.CHECKIN, DIGEST]


async def test_missed_posts_are_told(world: Together) -> None:
    await world.run(schedules.post_due, TUESDAY + timedelta(hours=7), 200)
    await world.pass_until(FRIDAY)
    found = await posted(world)
    assert found is not None
    assert [(each.kind, each.nominal) for each in found.missed] == [
        (ScheduleKind.CHECKIN, date(2026, 11, 24))
    ]


async def test_who_is_stuck_is_told_only_if_everyone_may_know(world: Together) -> None:
    far = date(2027, 2, 1)
    said = ((1, Audience.OWNER, None), (2, Audience.EVERYONE, None), (3, Audience.EVERYONE, far))
    for number, audience, due in said:
        await world.promise(BO, f"thing {number}", due or date(2026, 11, 30))
        which = Which(world.installation, channel=CHANNEL, number=number)
        turn = Turn(world.key(), BO, which, "no venue")
        await world.run(commitments.report_stuck, turn, audience, MONDAY)
    found = await preview(world)
    assert [(each.number, each.risk) for each in found.due] == [(1, None)]
    assert [each.number for each in found.stuck] == [2, 3]


async def test_whoever_has_not_agreed_is_not_asked_by_the_digest(database: Database) -> None:
    world = Together(database)
    await world.begin(*EVERYBODY, start=False)
    await world.promise(BO, "invite 12 mentees", date(2026, 12, 10), by=DANA, accepted=False)
    await world.promise(HUI, "match mentees", date(2026, 12, 11))
    await world.agree(DANA)
    await world.agree(HUI)
    start = beginning.Press(world.key(), world.installation, CHANNEL, DANA)
    await world.run(beginning.start_without, start, at("2026-12-08 09:00"))
    found: Digest = await world.read(
        digest.preview, world.installation, CHANNEL, at("2026-12-11 15:00")
    )
    assert found.decide == ()
    assert [each.owner.name for each in found.due] == ["Hui"]


async def test_what_happened_after_its_moment_belongs_to_the_next(world: Together) -> None:
    await world.promise(BO, "one", date(2026, 12, 1))
    await world.pass_until(FRIDAY)
    which = Which(world.installation, channel=CHANNEL, number=1)
    turn = Turn(world.key(), BO, which)
    await world.run(commitments.report_done, turn, FRIDAY + timedelta(hours=1))
    assert await posted(world) is None


async def test_all_of_it_can_be_seen_by_the_same_partnership_only(world: Together) -> None:
    await world.promise(BO, "one", date(2026, 12, 1))
    await world.pass_until(FRIDAY)
    (post,) = await world.outgoing(Kind.DIGEST)
    found: Digest = await world.read(
        digest.whole, world.installation, world.partnership, post.subject, FRIDAY
    )
    assert [each.number for each in found.due] == [1]

    def elsewhere(store: Store) -> int:
        other = store.partnerships.add(world.installation, "C2", "two", "UTC", None, MONDAY)
        return other.id

    other = await world.run(elsewhere)
    with pytest.raises(NotFound):
        await world.read(digest.whole, world.installation, other, post.subject, FRIDAY)


async def test_a_thousand_commitments_take_as_many_queries_as_ten(world: Together) -> None:
    async def cost() -> int:
        return await world.queries(digest.preview, world.installation, CHANNEL, FRIDAY)

    async def more(count: int) -> None:
        def write(store: Store) -> None:
            for number in range(count):
                made = commitments.Propose(
                    key=f"many:{count}:{number}",
                    installation_id=world.installation,
                    channel=CHANNEL,
                    by=EVERYBODY[number % 5],
                    owner=EVERYBODY[number % 3],
                    what=f"thing {number}",
                    due=date(2026, 11, 27) + timedelta(number % 20),
                )
                commitments.propose(store, made, MONDAY)

        await world.run(write)

    await more(10)
    ten = await cost()
    await more(990)
    found = await preview(world)
    assert len(found.decide) + len(found.due) > 500
    assert await cost() == ten


async def of_their_own(world: Together, person: Person) -> Internal:
    found: Internal = await world.run(
        digest.internal, world.installation, world.partnership, person, FRIDAY
    )
    return found


async def test_what_only_an_organization_may_know_is_in_its_own_digest_alone(
    world: Together,
) -> None:
    here = frozenset(person.user for person in EVERYBODY)
    for number, audience in enumerate((Audience.OWNER, Audience.ORGANIZATION), start=1):
        await world.promise(BO, f"thing {number}", date(2026, 11, 30))
        which = Which(world.installation, channel=CHANNEL, number=number)
        turn = Turn(world.key(), BO, which, "no venue")
        await world.run(commitments.report_stuck, turn, audience, MONDAY, here=here)
    told = {
        person.name: [each.number for each in (await of_their_own(world, person)).stuck]
        for person in (BO, AMINA, DANA, HUI)
    }
    assert told == {"Bo": [1, 2], "Amina": [2], "Dana": [], "Hui": []}
    assert (await preview(world)).stuck == ()


async def test_an_organizations_own_digest_tells_what_it_has_to_do_and_waits_for(
    world: Together,
) -> None:
    await world.promise(BO, "asked of us", date(2026, 12, 20), by=DANA, accepted=False)
    await world.promise(DANA, "asked of them", date(2026, 12, 20), by=BO, accepted=False)
    await world.promise(AMINA, "ours, late", date(2026, 11, 25))
    await world.promise(BO, "ours, soon", date(2026, 12, 1))
    await world.promise(DANA, "theirs for us", date(2026, 12, 1), by=AMINA)
    await world.promise(HUI, "between others", date(2026, 12, 1), by=DANA)
    found = await of_their_own(world, BO)
    assert [each.number for each in found.answer] == [1]
    assert [each.number for each in found.awaited] == [2]
    assert [each.number for each in found.late] == [3]
    assert [each.number for each in found.due] == [4]
    assert [each.number for each in found.asked] == [5]
    assert not found.empty
    (across,) = await world.read(digest.across, world.installation, BO, FRIDAY)
    assert across == replace(found, next_checkin=None)


async def test_whoever_takes_part_in_nothing_has_an_empty_view_of_all(world: Together) -> None:
    stranger = Person("TELSE", "UZOE", "Zoe")
    assert await world.read(digest.across, world.installation, stranger, FRIDAY) == ()


async def test_a_digest_knows_what_the_one_before_it_told_as_overdue(world: Together) -> None:
    await world.promise(BO, "overdue", date(2026, 11, 25))
    await world.pass_until(FRIDAY)
    first = await posted(world)
    assert first is not None
    assert first.told_on is None
    await world.deliver()
    await world.pass_until(FRIDAY + WEEK)
    second = await world.read(digest.preview, world.installation, CHANNEL, FRIDAY + WEEK)
    assert second.told_on == date(2026, 11, 27)
