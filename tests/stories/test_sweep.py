"""Replies that nobody delivered: the thread is read once more before a check-in is summed up."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import literal, update

from bot.courier.doubles import LOOK_UP
from bot.sandbox import Faults, Limits, Message
from bot.sandbox.errors import Json
from handlers.sweep import hold
from handlers.sweep import sweep as sweep_threads
from storage.store import Store
from storage.tables import sweep
from storage.types import Duration
from tests.fixtures.scene import Scene, scene_of
from tests.stories.test_checkins import FIRST, asked

SUMMED_UP = FIRST + timedelta(hours=48)
SAID = "We found a hall near the station"


@dataclass
class Deaf(Faults):
    """Slack does not say what stands in a thread, this many times."""

    times: int = 0
    refusal: Json = field(default_factory=lambda: {"ok": False, "error": "internal_error"})
    asked: int = 0

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        if method != "conversations.replies":
            return None
        self.asked += 1
        if self.asked > self.times:
            return None
        return web.json_response(self.refusal)


def is_message(payload: Json) -> bool:
    return str(payload["event"]["type"]) == "message"


async def time_passes(scene: Scene) -> None:
    """The rest after a failed attempt is over. The database's clock cannot be moved, so it is."""

    def sooner(store: Store) -> None:
        rest = literal(timedelta(minutes=6), Duration())
        store.connection.execute(update(sweep).values(due_at=sweep.c.due_at - rest))

    await scene.bot.house.db.run(sooner)
    scene.bot.house.directory._held.clear()  # what Slack has wait, by another clock


def summary(scene: Scene, prompt: Message) -> str:
    return scene.thread(prompt)[-1] if scene.thread(prompt) else ""


async def test_a_reply_that_was_never_delivered_is_in_the_summary(started: Scene) -> None:
    prompt = await asked(started)
    started.sandbox.holds = is_message
    await started.replies(started.hui, SAID, prompt)
    await started.replies(started.bo, "stuck: no venue", prompt)
    await started.waits_until(SUMMED_UP)
    assert SAID in summary(started, prompt)
    assert any("do you mean #1" in each for each in started.thread(prompt))


async def test_what_is_delivered_after_all_changes_nothing(started: Scene) -> None:
    prompt = await asked(started)
    started.sandbox.holds = is_message
    await started.replies(started.hui, SAID, prompt)
    await started.waits_until(SUMMED_UP)
    thread = started.thread(prompt)
    assert summary(started, prompt).count(SAID) == 1
    await started.sandbox.lets_through()
    await started.settled()
    assert started.thread(prompt) == thread
    assert started.dana.dm() == []


async def test_a_thread_of_many_pages_is_read_to_its_end(started: Scene) -> None:
    started.sandbox.slack.limits = Limits(history_page=2)
    prompt = await asked(started)
    started.sandbox.holds = is_message
    for number in range(5):
        await started.replies(started.hui, f"remark {number}", prompt)
    await started.waits_until(SUMMED_UP)
    for number in range(5):
        assert f"remark {number}" in summary(started, prompt)


async def test_an_edit_and_a_deletion_that_were_never_delivered_are_followed(
    started: Scene,
) -> None:
    prompt = await asked(started)
    await started.replies(started.hui, "We found a hal", prompt)
    await started.replies(started.bo, "Nobody likes the poster", prompt)
    first, second = [
        each for each in started.dana.messages(started.channel, thread=prompt) if not each.bot_id
    ]
    started.sandbox.holds = is_message
    await started.edits(started.hui, first.ts, SAID)
    await started.deletes(started.bo, second)
    await started.waits_until(SUMMED_UP)
    assert SAID in summary(started, prompt)
    assert "poster" not in summary(started, prompt)


async def test_a_reply_that_slack_does_not_show_yet_is_not_taken_for_deleted(
    started: Scene,
) -> None:
    prompt = await asked(started)
    await started.waits_until(SUMMED_UP - timedelta(minutes=1))
    await started.replies(started.hui, SAID, prompt)
    log = started.sandbox.slack.log(started.sandbox.world.find_channel(started.channel))
    hidden = next(each for each in log.all() if each.text == SAID)
    log.remove(hidden)  # no event tells of it, as when history is late
    await started.waits_until(SUMMED_UP)
    assert SAID in summary(started, prompt)


async def test_words_to_me_in_the_thread_count_only_as_far_as_they_answer_it(
    started: Scene,
) -> None:
    prompt = await asked(started)
    started.sandbox.holds = lambda payload: True
    await started.mentions(started.bo, "commit write to the press by 4 Dec", thread=prompt)
    await started.replies(started.bo, "undo", prompt)
    await started.mentions(started.bo, "done", thread=prompt)
    await started.waits_until(SUMMED_UP)
    assert "@Bo, shall I mark #1 as done" in "\n".join(started.thread(prompt))
    assert "press" not in started.said()
    assert "undo" not in summary(started, prompt)


async def test_a_thread_that_cannot_be_read_at_once_is_read_later(started: Scene) -> None:
    deaf = Deaf(times=2)
    started.sandbox.api.faults = deaf
    prompt = await asked(started)
    started.sandbox.holds = is_message
    await started.replies(started.hui, SAID, prompt)
    await started.waits_until(SUMMED_UP)
    assert summary(started, prompt) == ""  # it waits for the sweep
    for _ in range(2):
        await time_passes(started)
        await started.ticks()
    assert SAID in summary(started, prompt)
    assert deaf.asked == 3


async def test_a_thread_that_slack_puts_off_is_read_when_its_time_has_come(
    started: Scene,
) -> None:
    too_fast: Json = {"ok": False, "error": "ratelimited"}
    prompt = await asked(started)
    started.sandbox.holds = is_message
    await started.replies(started.hui, SAID, prompt)
    started.sandbox.api.faults = faults = Deaf(times=6, refusal=too_fast)
    await started.waits_until(SUMMED_UP)
    for _ in range(5):
        assert SAID not in summary(started, prompt)
        await time_passes(started)
        await started.bot.tick()
    faults.refusal = {"ok": False, "error": "internal_error"}
    faults.times = faults.asked + 1  # of the attempts that count it is the first
    await time_passes(started)
    await started.bot.tick()
    assert SAID not in summary(started, prompt)
    await time_passes(started)
    await started.bot.tick()
    await started.settled()
    assert SAID in summary(started, prompt)


async def test_a_thread_is_not_read_while_slack_has_the_look_ups_of_the_workspace_wait(
    started: Scene,
) -> None:
    deaf = Deaf()
    started.sandbox.api.faults = deaf
    prompt = await asked(started)
    started.sandbox.holds = is_message
    await started.replies(started.hui, SAID, prompt)
    directory = started.bot.house.directory
    (installation,) = directory.installations()
    directory.hold(installation, LOOK_UP, 300.0)
    await started.waits_until(SUMMED_UP)
    assert (deaf.asked, summary(started, prompt)) == (0, "")
    await time_passes(started)
    await started.ticks()
    assert SAID in summary(started, prompt)


async def test_a_thread_that_stays_unreadable_does_not_keep_the_summary(started: Scene) -> None:
    started.expected_logs = {"sweep_given_up"}
    started.sandbox.api.faults = Deaf(times=99)
    prompt = await asked(started)
    await started.replies(started.hui, SAID, prompt)
    await started.waits_until(SUMMED_UP)
    for _ in range(3):
        assert summary(started, prompt) == ""
        await time_passes(started)
        await started.ticks()
    assert SAID in summary(started, prompt)


async def test_a_channel_that_refuses_is_not_asked_twice(started: Scene) -> None:
    started.expected_logs = {"sweep_given_up"}
    deaf = Deaf(times=99, refusal={"ok": False, "error": "missing_scope"})
    started.sandbox.api.faults = deaf
    prompt = await asked(started)
    await started.replies(started.hui, SAID, prompt)
    await started.waits_until(SUMMED_UP)
    assert SAID in summary(started, prompt)
    assert deaf.asked == 1


async def test_a_sweep_on_postgresql_that_two_processes_take_is_read_once(
    postgresql_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene_of(postgresql_url, caplog) as scene:
        await scene.starts()
        prompt = await asked(scene)
        scene.sandbox.holds = is_message
        await scene.replies(scene.hui, SAID, prompt)
        scene.calendar.move_to(SUMMED_UP)
        house = scene.bot.house
        now = house.calendar.now()
        for held in (1, 0):  # the second finds it held already
            assert await house.db.run(hold, now, 200) == held
        ready = await asyncio.gather(sweep_threads(house, now), sweep_threads(house, now))
        assert sorted(ready) == [0, 1]
        await scene.ticks()
        assert summary(scene, prompt).count(SAID) == 1
