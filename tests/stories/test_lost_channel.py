"""A channel in which nothing can be said any more: who can mend it is told, and it comes back."""

from datetime import timedelta

from sqlalchemy import literal, update

from bot.sandbox import Person
from bot.sandbox.errors import SlackError
from storage.store import Store
from storage.tables import lane
from storage.types import Duration
from tests.courier.conftest import Trouble, answer
from tests.fixtures.scene import OK, Scene
from tests.stories.test_checkins import FIRST

KEPT = "What you agreed there is kept."


def told(scene: Scene, person: Person) -> list[str]:
    """What the bot has said to somebody in private about the channel."""
    said = [scene.dana.words(each) for each in person.dm() if each.bot_id]
    return [words for words in said if scene.channel in words]


def slips_out(scene: Scene) -> None:
    """The bot is taken out of the channel, and no event tells of it."""
    app = scene.sandbox.world.app
    assert app is not None
    scene.sandbox.world.find_channel(scene.channel).members.remove(app.bot_user_id)


async def a_day_passes(scene: Scene) -> None:
    """Until the channel is tried again. The database's clock cannot be moved, so the rest is."""

    def sooner(store: Store) -> None:
        day = literal(timedelta(days=1), Duration())
        for column in (lane.c.due_at, lane.c.not_before):
            store.connection.execute(update(lane).values({column: column - day}))

    await scene.bot.house.db.run(sooner)
    await scene.settled()


async def test_who_invited_hears_once_that_the_channel_was_archived(started: Scene) -> None:
    await started.priya.archives(started.channel)
    await started.waits(timedelta(days=40))
    (words,) = told(started, started.dana)
    assert words.startswith(f"The channel #{started.channel} was archived, so I rest there")
    assert KEPT in words
    assert "invite me again" in words
    assert told(started, started.bo) == told(started, started.priya) == []


async def test_who_invited_hears_that_the_bot_was_removed(started: Scene) -> None:
    await started.priya.removes_app(started.channel)
    await started.settled()
    (words,) = told(started, started.dana)
    assert words.startswith(f"I am not in the channel #{started.channel} any more")


async def test_a_post_finds_out_that_the_bot_is_gone_although_no_event_told(
    started: Scene,
) -> None:
    started.expected_refusals = {
        (method, "channel_not_found")
        for method in ("chat.postMessage", "chat.update", "conversations.info")
    } | {(method, "not_in_channel") for method in ("chat.postMessage", "chat.update")}
    started.expected_logs = {"not_posted", "not_refreshed", "channel_paused"}
    slips_out(started)
    posts = len(started.posts())
    await started.waits_until(FIRST)
    (words,) = told(started, started.dana)
    assert words.startswith(f"I am not in the channel #{started.channel} any more")
    await started.waits(timedelta(days=30))
    assert len(told(started, started.dana)) == 1
    assert len(started.posts()) == posts
    await started.dana.invites_app(started.channel)
    await started.settled()
    assert OK in started.dana.button_labels(started.posts()[-1])  # each OK is asked anew


async def test_where_a_policy_forbids_to_post_it_waits_and_coming_back_is_said(
    started: Scene,
) -> None:
    started.expected_logs = {"not_posted", "channel_paused"}
    started.sandbox.api.faults = Trouble(
        before={"chat.postMessage": [answer(SlackError("restricted_action"))]}
    )
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    assert "venue list" not in started.said()
    (words,) = told(started, started.dana)
    assert "Slack does not let me post in" in words
    assert "restricted_action" in words
    await a_day_passes(started)
    assert "venue list" in started.said()
    welcome = started.post("Hi. I help you")
    assert any("Now it does again" in words for words in started.thread(welcome))
    assert len(told(started, started.dana)) == 1


async def test_where_nobody_is_known_to_have_invited_the_leads_are_told(started: Scene) -> None:
    await started.bot.house.db.run(lambda store: store.partnerships.change(1, invited_by=None))
    await started.priya.archives(started.channel)
    await started.settled()
    (words,) = told(started, started.dana)  # Acme's; partners share no channel with us any more
    assert KEPT in words
