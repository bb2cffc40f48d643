"""What nobody waits for comes in its reader's hours: on both databases."""

from datetime import date, datetime, time
from typing import Any

import pytest

from bot.domain.commitments import Audience, Commitment
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.preferences import Hours
from bot.services import commitments, held, preferences, undo
from bot.services.commitments import Turn, Which
from bot.services.preferences import Wish
from storage.database import Database
from tests.services.together import AMINA, BO, DANA, EVERYBODY, Together, at

NIGHT = at("2026-11-24 23:30")
NINE = at("2026-11-25 09:00")
HERE = frozenset(each.user for each in EVERYBODY)


@pytest.fixture
async def together(database: Database) -> Together:
    opened = Together(database)
    await opened.begin(*EVERYBODY)
    return opened


async def stuck(together: Together, now: datetime) -> Commitment:
    """Bo says that only his colleague may know."""
    made = await together.promise(BO, due=date(2026, 11, 30), by=DANA)
    which = Which(together.installation, commitment_id=made.id)
    turn = Turn(together.key(), BO, which, "no van")
    await together.run(commitments.report_stuck, turn, Audience.ORGANIZATION, now, here=HERE)
    return made


async def tick(together: Together, now: datetime) -> None:
    while await together.run(held.tell_due, now, 200):
        pass


async def told(together: Together) -> list[Any]:
    return await together.outgoing(Kind.COMMITMENT_TOLD)


async def id_of(together: Together, person: Person) -> int:
    found: int = await together.read(
        lambda store: store.people.by_key(together.installation, person.team, person.user).id
    )
    return found


async def due(together: Together) -> datetime | None:
    found: datetime | None = await together.read(lambda store: store.held.next_due())
    return found


async def test_a_colleague_is_told_at_night_of_nothing_and_at_nine_of_it(
    together: Together,
) -> None:
    await stuck(together, NIGHT)
    await tick(together, NIGHT)
    assert await told(together) == []
    assert await due(together) == NINE
    await tick(together, NINE)
    (message,) = await told(together)
    assert message.member == await id_of(together, AMINA)
    assert message.about == "C0MENTORS"
    assert await together.read(commitments.told, message.subject, NINE) is not None
    assert await due(together) is None


async def test_within_their_hours_they_are_told_at_once(together: Together) -> None:
    await stuck(together, at("2026-11-24 12:00"))
    assert len(await told(together)) == 1
    assert await due(together) is None


async def test_it_waits_for_the_hours_that_somebody_chose_and_for_an_open_day(
    together: Together,
) -> None:
    evening = Wish(together.installation, AMINA, hours=Hours(time(18), time(21)))
    await together.run(preferences.choose, evening, NIGHT)
    await together.close_days("Northside Youth", date(2026, 11, 25), date(2026, 11, 26))
    await stuck(together, NIGHT)
    assert await due(together) == at("2026-11-27 18:00")
    await tick(together, at("2026-11-27 18:00"))
    assert len(await told(together)) == 1


async def test_who_changes_their_hours_meanwhile_is_told_in_the_new_ones(
    together: Together,
) -> None:
    await stuck(together, NIGHT)
    for hours, expected in (((18, 21), "18:00"), ((6, 8), "06:00")):
        wish = Wish(together.installation, AMINA, hours=Hours(*(time(each) for each in hours)))
        await together.run(preferences.choose, wish, NIGHT)
        await tick(together, NIGHT)
        assert await due(together) == at(f"2026-11-25 {expected}")


async def test_what_is_not_stuck_any_more_in_the_morning_is_not_told(together: Together) -> None:
    made = await stuck(together, NIGHT)
    which = Which(together.installation, commitment_id=made.id)
    await together.run(commitments.report_on_track, Turn(together.key(), BO, which), NIGHT)
    await tick(together, NINE)
    (message,) = await told(together)
    assert await together.read(commitments.told, message.subject, NINE) is None


@pytest.mark.parametrize(
    ("audience", "why", "whys"),
    [
        (Audience.OWNER, None, []),
        (Audience.OWNER, "it is my back", []),
        (Audience.EVERYONE, None, []),
        (Audience.ORGANIZATION, "it is my back", ["it is my back"]),
    ],
)
async def test_in_the_morning_colleagues_are_told_what_they_may_know_by_then(
    together: Together, audience: Audience, why: str | None, whys: list[str]
) -> None:
    made = await stuck(together, NIGHT)
    which = Which(together.installation, commitment_id=made.id)
    again = Turn(together.key(), BO, which, why)
    await together.run(commitments.report_stuck, again, audience, NIGHT, here=HERE)
    await tick(together, NINE)
    notes = [
        await together.read(commitments.told, each.subject, NINE) for each in await told(together)
    ]
    assert [each.entry.why for each in notes if each is not None] == whys


async def test_colleagues_are_told_after_all_if_narrowing_it_was_taken_back(
    together: Together,
) -> None:
    made = await stuck(together, NIGHT)
    which = Which(together.installation, commitment_id=made.id)
    alone = Turn(together.key(), BO, which)
    await together.run(commitments.report_stuck, alone, Audience.OWNER, NIGHT, here=HERE)
    deed = await together.read(lambda store: store.undo.of_delivery(alone.key))
    request = undo.TakeBack(together.key(), together.installation, BO, deed.id)
    await together.run(undo.take_back, request, NIGHT)
    await tick(together, NINE)
    (message,) = await told(together)
    note = await together.read(commitments.told, message.subject, NINE)
    assert note.entry.why == "no van"


async def test_what_was_taken_back_at_night_is_not_told(together: Together) -> None:
    await stuck(together, NIGHT)
    asked = (together.installation, BO, None, None, NIGHT)
    latest = await together.read(undo.latest, *asked)
    request = undo.TakeBack(together.key(), together.installation, BO, latest)
    await together.run(undo.take_back, request, NIGHT)
    await tick(together, NINE)
    assert await told(together) == []


async def test_it_is_told_once_however_often_the_clock_ticks(together: Together) -> None:
    await stuck(together, NIGHT)
    for hour in range(9, 17):
        await tick(together, at(f"2026-11-25 {hour:02}:00"))
    assert len(await told(together)) == 1
