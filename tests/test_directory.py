"""What Slack knows of people and channels, asked seldom and never guessed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot import manifest
from bot.directory import Channel, Directory, NotInChannel, NotInstalled, Unreachable
from bot.domain.errors import NotFound
from bot.domain.people import Installation, Kind, Person
from bot.sandbox import Faults, Sandbox

CHANNEL = "C0MENTORIN"
PRIVATE = "C0ACMEDEI0"
HOME = Installation(1, "T0ACME0000", None, "A0COMMONGR", "B0COMMONGR", "U0COMMONGR", "Acme")


@dataclass
class Slow(Faults):
    """Slack waits before it answers, or does not answer at all."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    answers: list[web.Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.go_on.set()

    async def before_call(self, method: str, args: Any) -> web.Response | None:
        await self.go_on.wait()
        return self.answers.pop(0) if self.answers else None


@pytest.fixture
def slack() -> Slow:
    return Slow()


@pytest.fixture
async def sandbox(slack: Slow) -> AsyncIterator[Sandbox]:
    async with Sandbox.from_manifest(manifest.load(), faults=slack) as running:
        running.world.channels[CHANNEL].members.append("U0COMMONGR")
        yield running


@pytest.fixture
async def directory(sandbox: Sandbox) -> AsyncIterator[Directory]:
    async with aiohttp.ClientSession() as session:
        made = Directory(session, sandbox.api_url)
        made.add(HOME, sandbox.bot_token)
        yield made


def asked(sandbox: Sandbox, method: str) -> int:
    return sum(call.method == method for call in sandbox.calls)


async def test_a_colleague(directory: Directory) -> None:
    assert await directory.person(HOME, "U0DANA0000") == Person(
        "T0ACME0000", "U0DANA0000", "Dana", Kind.FULL, "America/New_York", "Acme"
    )


@pytest.mark.parametrize("named", ["Mars/Olympus_Mons", "../etc/passwd", "", None])
async def test_a_zone_that_this_machine_does_not_know_is_none(
    directory: Directory, slack: Slow, named: str | None
) -> None:
    dana = {"id": "U0DANA0000", "team_id": "T0ACME0000", "name": "dana", "tz": named}
    slack.answers.append(web.json_response({"ok": True, "user": dana}))
    assert (await directory.person(HOME, "U0DANA0000")).zone is None


async def test_a_partner_belongs_to_their_own_workspace(directory: Directory) -> None:
    assert await directory.person(HOME, "U0BO000000") == Person(
        "T0NORTHSID", "U0BO000000", "Bo", Kind.FULL, "America/Chicago", "Northside Youth"
    )


async def test_guests_of_both_kinds_are_guests(directory: Directory) -> None:
    for user in ("U0HUI00000", "U0MARA0000"):
        person = await directory.person(HOME, user)
        assert (person.kind, person.team) == (Kind.GUEST, "T0ACME0000")


async def test_a_bot_is_a_bot(directory: Directory) -> None:
    assert (await directory.person(HOME, "U0COMMONGR")).is_bot


async def test_who_was_deactivated_is_gone(directory: Directory, sandbox: Sandbox) -> None:
    sandbox.world.users["U0PRIYA000"].deleted = True
    assert (await directory.person(HOME, "U0PRIYA000")).kind is Kind.GONE


GRID: dict[str, tuple[dict[str, Any], Person]] = {
    "of an enterprise": (
        {
            "id": "U1",
            "team_id": "T7",
            "real_name": "Kim",
            "enterprise_user": {"enterprise_id": "E7"},
        },
        Person("E7", "U1", "Kim"),
    ),
    "with a name that no database takes": (
        {"id": "U1", "team_id": "T7", "profile": {"display_name": "K\x00im \ud800"}},
        Person("T7", "U1", "Kim ?"),
    ),
    "without any name": ({"id": "U1", "team_id": "T7"}, Person("T7", "U1", "U1")),
    "Slackbot": (
        {"id": "USLACKBOT", "team_id": "T0ACME0000", "name": "slackbot", "is_bot": False},
        Person("T0ACME0000", "U1", "slackbot", Kind.BOT, None, "Acme"),
    ),
}


@pytest.mark.parametrize(("user", "person"), GRID.values(), ids=GRID)
async def test_somebody(
    directory: Directory, slack: Slow, user: dict[str, Any], person: Person
) -> None:
    slack.answers = [web.json_response({"ok": True, "user": user})]
    assert await directory.person(HOME, "U1") == person


async def test_the_same_question_is_asked_once(directory: Directory, sandbox: Sandbox) -> None:
    found = await asyncio.gather(*(directory.person(HOME, "U0BO000000") for _ in range(20)))
    assert len(set(found)) == 1
    await directory.person(HOME, "U0AMINA000")
    assert (asked(sandbox, "users.info"), asked(sandbox, "team.info")) == (2, 1)


async def test_what_is_forgotten_is_asked_again(directory: Directory, sandbox: Sandbox) -> None:
    await directory.person(HOME, "U0DANA0000")
    await directory.members(HOME, CHANNEL)
    directory.forget_person(HOME, "U0DANA0000")
    directory.forget_channel(HOME, CHANNEL)
    await directory.person(HOME, "U0DANA0000")
    await directory.members(HOME, CHANNEL)
    assert (asked(sandbox, "users.info"), asked(sandbox, "conversations.members")) == (2, 2)


async def test_an_answer_under_way_when_things_changed_is_not_kept(
    directory: Directory, sandbox: Sandbox, slack: Slow
) -> None:
    slack.go_on.clear()
    asking = asyncio.create_task(directory.members(HOME, CHANNEL))
    await asyncio.sleep(0)
    directory.forget_channel(HOME, CHANNEL)
    slack.go_on.set()
    await asking
    await directory.members(HOME, CHANNEL)
    assert asked(sandbox, "conversations.members") == 2


async def test_answers_grow_old(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as session:
        brief = Directory(session, sandbox.api_url, keep_channels=timedelta())
        brief.add(HOME, sandbox.bot_token)
        await brief.members(HOME, CHANNEL)
        await brief.members(HOME, CHANNEL)
    assert asked(sandbox, "conversations.members") == 2


async def test_members_of_every_page_count(directory: Directory, slack: Slow) -> None:
    slack.answers = [
        web.json_response(
            {"ok": True, "members": ["U1"], "response_metadata": {"next_cursor": "more"}}
        ),
        web.json_response({"ok": True, "members": ["U2"]}),
    ]
    assert await directory.members(HOME, CHANNEL) == {"U1", "U2"}


async def test_a_channel(directory: Directory) -> None:
    assert await directory.channel(HOME, CHANNEL) == Channel(
        CHANNEL, "mentoring-partners", False, False, True, False, True
    )


async def test_a_channel_without_us_cannot_be_seen(directory: Directory) -> None:
    with pytest.raises(NotInChannel):
        await directory.members(HOME, PRIVATE)


async def test_nobody_is_invented(directory: Directory) -> None:
    with pytest.raises(NotFound):
        await directory.person(HOME, "U0NOBODY00")
    assert await directory.people(HOME, ["U0NOBODY00", "U0BO000000"]) == {
        "U0BO000000": await directory.person(HOME, "U0BO000000")
    }


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=500),
        lambda: web.Response(text="<html>", content_type="text/html"),
        lambda: web.Response(text="ok"),
        lambda: web.json_response({"ok": False, "error": "internal_error"}),
        lambda: web.json_response({"ok": False, "error": "missing_scope"}),
    ],
)
async def test_without_an_answer_nobody_is_a_member(
    directory: Directory, slack: Slow, answer: Any
) -> None:
    slack.answers = [answer()]
    with pytest.raises(Unreachable):
        await directory.members(HOME, CHANNEL)
    assert "U0BO000000" in await directory.members(HOME, CHANNEL)  # the failure is not kept


def too_fast(body: dict[str, Any] | None, seconds: int) -> web.Response:
    headers = {"Retry-After": str(seconds)}
    if body is None:
        return web.Response(status=429, headers=headers, text="<html>", content_type="text/html")
    return web.json_response(body, status=429, headers=headers)


@pytest.mark.parametrize("body", [{"ok": False, "error": "ratelimited"}, None])
async def test_whoever_asks_too_often_hears_when_to_come_again_and_nobody_asks_sooner(
    sandbox: Sandbox, slack: Slow, body: dict[str, Any] | None
) -> None:
    async with aiohttp.ClientSession() as session:
        made = Directory(session, sandbox.api_url, keep_channels=timedelta())
        made.add(HOME, sandbox.bot_token)
        slack.answers = [too_fast(body, 4000), too_fast(body, 5000)]
        waits = []
        for _ in range(3):
            with pytest.raises(Unreachable) as refused:  # at once: nothing is slept out
                await made.members(HOME, CHANNEL)
            waits.append(refused.value.wait or 0.0)
            assert "again in 67 minutes" in refused.value.sentence
        assert len(slack.answers) == 1
        slack.answers.clear()
        assert 4000.0 == waits[0] > waits[1] > waits[2] > 3990.0
        assert (
            await made.channel(HOME, CHANNEL)
        ).joined  # each of Slack's methods counts by itself


async def test_who_was_held_back_may_ask_again_afterwards(
    directory: Directory, sandbox: Sandbox, slack: Slow
) -> None:
    slack.answers = [too_fast({"ok": False, "error": "ratelimited"}, 1)]
    with pytest.raises(Unreachable) as refused:
        await directory.members(HOME, CHANNEL)
    assert "again in a minute" in refused.value.sentence
    loop = asyncio.get_running_loop()
    until = loop.time() + 1.1
    await sandbox.until(lambda: loop.time() > until)
    assert "U0BO000000" in await directory.members(HOME, CHANNEL)


async def test_nobody_waits_longer_than_slack_waits_for_us(sandbox: Sandbox, slack: Slow) -> None:
    async with aiohttp.ClientSession() as session:
        hasty = Directory(session, sandbox.api_url, patience=0.01)
        hasty.add(HOME, sandbox.bot_token)
        slack.go_on.clear()
        with pytest.raises(Unreachable):
            await hasty.members(HOME, CHANNEL)
        slack.go_on.set()
        await sandbox.until(lambda: asked(sandbox, "conversations.members") == 1)
        patient = Directory(session, sandbox.api_url)
        patient.add(HOME, sandbox.bot_token)
        assert await patient.members(HOME, CHANNEL)


async def test_an_unknown_installation_is_a_sentence(directory: Directory) -> None:
    assert directory.installation("T0ACME0000", "E9") == HOME
    for team, enterprise in (("T9", None), (None, "E9"), (None, None), ("T9", "T0ACME0000")):
        with pytest.raises(NotInstalled):
            directory.installation(team, enterprise)


async def test_the_usual_zone_is_that_of_who_runs_it(directory: Directory) -> None:
    assert directory.home_zone(HOME) == "UTC"
    await directory.person(HOME, "U0BO000000")
    await directory.person(HOME, "U0HUI00000")
    assert directory.home_zone(HOME) == "UTC"
    await directory.person(HOME, "U0DANA0000")
    assert directory.home_zone(HOME) == "America/New_York"


async def test_no_proxy_stands_between_us_and_this_machine(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    async with aiohttp.ClientSession() as session:
        made = Directory(session, sandbox.api_url)
        made.add(HOME, sandbox.bot_token)
        assert (await made.person(HOME, "U0DANA0000")).name == "Dana"
