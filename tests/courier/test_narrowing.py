"""What tells of several channels is told of those alone that its reader is in when it is sent."""

from datetime import datetime, timedelta

import pytest

from bot.courier import Courier, Patience
from bot.domain.posts import Kind, State
from bot.rendering import Renderer, Seen
from bot.sandbox.errors import SlackError
from bot.views.blocks import Message, message, section
from storage.store import Store
from tests.courier.conftest import CHANNEL, OTHER, Office, answer

Places = frozenset[str]


def _read(store: Store, subject: int, now: datetime) -> Places:
    return frozenset({CHANNEL, OTHER})


def _view(places: Places) -> Message:
    said = f"Of {', '.join(sorted(places))}."
    return message(said, section(said))


def _within(places: Places, readable: Places) -> Places | None:
    return (places & readable) or None


def courier(office: Office) -> Courier:
    """A courier whose reminders tell of two channels."""
    made = Courier(
        office.database,
        office.directory,
        office.calendar,
        {Kind.REMINDER: Renderer(_read, _view, seen=Seen(lambda places: places, _within))},
        patience=Patience(pace=0.0),
    )
    office.couriers.append(made)
    made.start()
    return made


async def told(office: Office, user: str) -> int:
    """Record a reminder of somebody."""
    found = office.sandbox.person(user)
    who = await office.directory.person(office.installation, found.id)
    about = CHANNEL if user == "bo" else None  # a stranger without one would not be written to

    def record(store: Store) -> int:
        now = office.calendar.now()
        member = store.people.met(office.installation.id, who, now)
        return store.messages.direct(
            office.installation.id, member.id, Kind.REMINDER, 1, now=now, about=about
        )

    return await office.database.run(record)


def heard(office: Office, user: str) -> list[str]:
    return [each.text for each in office.sandbox.person(user).dm() if each.bot_id]


async def test_each_reader_is_told_of_the_channels_that_they_are_in(office: Office) -> None:
    for user in ("dana", "bo"):
        await told(office, user)
    await courier(office).drain()
    assert heard(office, "dana") == [f"Of {OTHER}, {CHANNEL}."]
    assert heard(office, "bo") == [f"Of {CHANNEL}."]


async def test_whoever_is_in_none_of_them_is_told_nothing(office: Office) -> None:
    for channel in (CHANNEL, OTHER):
        office.sandbox.world.channels[channel].members.remove(office.sandbox.person("dana").id)
    sent = await told(office, "dana")
    await courier(office).drain()
    assert (await office.at(sent)).state is State.WITHDRAWN
    assert heard(office, "dana") == []


@pytest.mark.parametrize("later", [False, True])
async def test_while_slack_does_not_tell_who_is_where_nothing_is_told(
    office: Office, later: bool
) -> None:
    """Neither at first nor when it is to be brought up to date."""
    sent = await told(office, "bo")
    working = courier(office)
    if later:
        await working.drain()
        for channel in (CHANNEL, OTHER):
            office.directory.forget_channel(office.installation, channel)
        await office.refresh(sent)
    office.trouble.before["conversations.members"] = [answer(SlackError("internal_error"))]
    await working.drain()
    asked = "chat.update" if later else "chat.postMessage"
    assert office.calls(asked) == 0
    await office.time_passes(timedelta(hours=6))
    await working.drain()
    assert office.calls(asked) == 1
    assert heard(office, "bo") == [f"Of {CHANNEL}."]
