"""Looks after an installation without touching it: one sentence for each thing that can be wrong.

It only reads, so it may run beside the bot. Nothing it says holds a secret or anybody's words.
"""

import zoneinfo
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.domain.errors import BotError
from bot.domain.trouble import NotThrough, Why
from bot.settings import Mode, Settings
from storage import migrations
from storage.database import Database
from storage.health import DOOR, TICK, Figures, Health, Next, Place, Resting
from storage.store import Store

TIMEOUT = aiohttp.ClientTimeout(total=10)
LATE = timedelta(minutes=15)
"""What could be sent and has been due for so long is stuck."""
SKEW = timedelta(seconds=60)
"""Slack refuses nothing before five minutes, but a clock that is a minute off is not kept."""
FRESH = timedelta(days=7)
"""What did not get through is wrong for a week, since somebody may look once a week; afterwards it
is a number among the messages.
"""
TICKS_MISSED = 3
"""How many ticks may be missed before the bot counts as stopped."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is about, whether it is well, and the sentence."""

    about: str
    well: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok   ' if self.well else 'WRONG'}  {self.says}"

    def as_json(self) -> dict[str, Any]:
        """For ``doctor --json``."""
        return asdict(self)


async def examine(settings: Settings) -> list[Finding]:
    """Everything that can be looked at from here, in the order in which one would mend it."""
    findings = [_settings(settings), _zones()]
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        client = None
        if settings.mode is not Mode.SANDBOX:
            client = _client(settings, session)
            findings += [finding async for finding in _slack(settings, client)]
        findings += [finding async for finding in _database(settings, client)]
    return findings


def _settings(settings: Settings) -> Finding:
    says = {
        Mode.SANDBOX: "There are no Slack tokens: I would run in the sandbox.",
        Mode.SOCKET: "I would meet Slack by Socket Mode.",
        Mode.HTTP: f"I would take signed deliveries at {manifest.PATH} on port {settings.port}.",
    }
    return Finding("settings", True, says[settings.mode])


def _zones() -> Finding:
    try:
        zoneinfo.ZoneInfo("America/New_York")
    except zoneinfo.ZoneInfoNotFoundError:
        return Finding("zones", False, "There is no time zone data: install the package tzdata.")
    return Finding("zones", True, f"Time zone data is there ({_zone_source()}).")


def _zone_source() -> str:
    if any((Path(folder) / "America" / "New_York").is_file() for folder in zoneinfo.TZPATH):
        return "the system's"
    return f"tzdata {version('tzdata')}"


def _client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    token = settings.slack_bot_token
    return AsyncWebClient(
        token=token.get_secret_value() if token else None,
        base_url=settings.slack_api_url,
        session=session,
    )


async def _slack(settings: Settings, client: AsyncWebClient) -> AsyncIterator[Finding]:
    try:
        answer = await client.auth_test()
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        yield Finding("slack", False, _unreached(error, settings))
        return
    yield Finding("slack", True, f"Slack knows the bot token: {answer['team']}, @{answer['user']}.")
    yield _clock(answer.headers)
    yield _scopes(answer.headers)
    if settings.slack_app_token is not None:
        try:
            await client.apps_connections_open(
                app_token=settings.slack_app_token.get_secret_value()
            )
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            yield Finding(
                "socket",
                False,
                f"Slack refuses the app token ({_reason(error)}). It needs the scope "
                "connections:write, and Socket Mode turned on in the app's settings.",
            )
        else:
            yield Finding("socket", True, "Slack opens a socket for the app token.")


def _unreached(error: Exception, settings: Settings) -> str:
    reason = _reason(error)
    if isinstance(error, SlackApiError) and reason.isidentifier():
        return f"Slack refuses the bot token ({reason}). Copy it anew from the app's settings."
    return f"I cannot reach Slack at {settings.slack_api_url} ({reason})."


def _reason(error: Exception) -> str:
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or "an answer without a reason")
    return type(error).__name__


def _clock(headers: Mapping[str, str]) -> Finding:
    stamp = {name.lower(): value for name, value in headers.items()}.get("date")
    if stamp is None:
        return Finding("clock", True, "Slack did not say what time it is.")
    off = abs(datetime.now(UTC) - parsedate_to_datetime(stamp))
    if off > SKEW:
        return Finding(
            "clock", False, f"This machine's clock is {off.seconds} seconds off. Set it by NTP."
        )
    return Finding("clock", True, "This machine's clock agrees with Slack's.")


def _scopes(headers: Mapping[str, str]) -> Finding:
    granted_text = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    wanted = set(manifest.scopes(manifest.load()))
    if granted_text is None:
        return Finding("scopes", True, "Slack did not say which scopes the token has.")
    granted = {scope.strip() for scope in granted_text.split(",")}
    if missing := sorted(wanted - granted):
        return Finding(
            "scopes",
            False,
            f"The token lacks {', '.join(missing)}. Add what manifest.yml lists and reinstall "
            "the app.",
        )
    if more := sorted(granted - wanted):
        return Finding("scopes", True, f"The token may do more than I need: {', '.join(more)}.")
    return Finding("scopes", True, "The token has the scopes of manifest.yml, and no more.")


async def _database(settings: Settings, client: AsyncWebClient | None) -> AsyncIterator[Finding]:
    try:
        database = await Database.open(settings.database_url, read_only=True)
    except BotError as error:
        yield Finding("database", False, error.sentence)
        return
    try:
        tables = await database.read(migrations.current)
        if not await database.read(migrations.usable):
            yield Finding(
                "database",
                False,
                f"The tables are of version {tables or 'none'}, and I need {migrations.HEAD}. "
                "They are brought up to date when I start.",
            )
            return
        yield Finding("database", True, f"The tables are up to date (version {tables}).")
        seen = await database.read(_look)
    except BotError as error:
        yield Finding("database", False, error.sentence)
        return
    finally:
        await database.close()
    tick = _tick(seen.ticked, settings)
    yield tick
    if tick.well:  # else nobody runs who could hear anything
        yield _door(seen.heard, settings)
    yield _messages(seen.figures)
    yield _not_through(seen.not_through)
    yield _doubles(seen.figures)
    for resting in seen.workspaces:
        yield Finding("workspace", False, _resting_workspace(resting))
    for resting in seen.resting:
        yield Finding(f"channel {resting.name}", False, _resting_channel(resting))
    for place in seen.places:
        yield await _channel(place, client)
    yield _next(seen.next)


@dataclass(frozen=True, slots=True)
class _Seen:
    ticked: datetime | None
    heard: datetime | None
    figures: Figures
    not_through: tuple[NotThrough, ...]
    resting: tuple[Resting, ...]
    workspaces: tuple[Resting, ...]
    places: tuple[Place, ...]
    next: tuple[Next, ...]


def _look(store: Store) -> _Seen:
    health: Health = store.health
    now = datetime.now(UTC)
    return _Seen(
        health.heartbeat(TICK),
        health.heartbeat(DOOR),
        health.figures(),
        store.trouble.not_through(now - FRESH, now),
        health.resting(),
        health.resting_workspaces(),
        health.places(),
        health.next_posts(3),
    )


def _tick(ticked: datetime | None, settings: Settings) -> Finding:
    if ticked is None:
        return Finding("tick", False, "The bot has not run on this database yet.")
    age = datetime.now(UTC) - ticked
    seconds = int(age.total_seconds())
    if seconds > TICKS_MISSED * settings.tick_seconds:
        return Finding(
            "tick",
            False,
            f"The bot last looked for what is due {seconds} seconds ago. Is it running?",
        )
    return Finding("tick", True, f"The bot looked for what is due {max(seconds, 0)} seconds ago.")


def _door(heard: datetime | None, settings: Settings) -> Finding:
    seconds = None if heard is None else (datetime.now(UTC) - heard).total_seconds()
    if seconds is None or seconds > TICKS_MISSED * settings.tick_seconds:
        since = "" if seconds is None else f" for {int(seconds)} seconds"
        return Finding(
            "door",
            False,
            f"The bot runs, but nothing from Slack can reach it{since}. It opens its socket anew "
            "by itself; if this stays, look at the network between us, and restart it.",
        )
    return Finding("door", True, "What Slack delivers reaches the bot.")


def _messages(figures: Figures) -> Finding:
    states: Counter[str] = Counter()
    for (_, state), count in figures.messages.items():
        states[state] += count
    says = (
        f"Messages: {states['sent']} sent, {states['waiting']} waiting, "
        f"{states['unknown'] + states['sending']} being looked up, "
        f"{states['refused']} refused by Slack, {states['missed']} missed."
    )
    if figures.oldest_due > LATE.total_seconds():
        return Finding(
            "messages",
            False,
            f"{says} The oldest has been due for {int(figures.oldest_due)} seconds.",
        )
    return Finding("messages", True, says)


def _not_through(lost: Sequence[NotThrough]) -> Finding:
    """Wrong for as long as it is fresh: a miss that nobody can undo must not hide the next one."""
    if not lost:
        return Finding("not_through", True, f"For {FRESH.days} days every message got through.")
    said = "; ".join(
        f"{each.number} × {each.kind} {_WHY[each.why]}"
        + (f" ({each.problem})" if each.problem else "")
        for each in lost
    )
    return Finding(
        "not_through",
        False,
        f"Not all messages of the last {FRESH.days} days got through: {said}. Who invited me, or "
        "who leads your organization, is told once a day. The log has one line for each.",
    )


_WHY = {
    Why.REFUSED: "refused",
    Why.TOO_LATE: "too late",
    Why.GIVEN_UP: "given up after all attempts",
    Why.OLD_WORDS: "still shown with old words",
}


def _doubles(figures: Figures) -> Finding:
    if figures.doubles:
        return Finding(
            "doubles",
            False,
            f"{_stand(figures.doubles)} in Slack twice, since Slack showed the first later than "
            "I waited. Raise CG_LEASE_SECONDS, and delete the second by hand.",
        )
    looking = (
        f" Posted again, and still to be looked for: {figures.repeated}."
        if figures.repeated
        else ""
    )
    return Finding("doubles", True, f"No message is known to stand in Slack twice.{looking}")


def _stand(number: int) -> str:
    return "1 message stands" if number == 1 else f"{number} messages stand"


def _resting_workspace(resting: Resting) -> str:
    return (
        f"Slack refuses whatever I send to the workspace {resting.name} ({resting.problem}). "
        "Everything waits; I try again every hour. Reinstall the app, or copy its token anew and "
        "restart me."
    )


_SCOPE = {"missing_scope", "not_allowed_token_type", "no_scopes"}
"""What the courier tries again every hour, as it does in a workspace that refuses everything."""


def _resting_channel(resting: Resting) -> str:
    often = "an hour" if resting.problem in _SCOPE else "a day"
    return (
        f"Slack refuses what I say in {resting.name} ({resting.problem}). It waits there until "
        f"somebody mends that; I try again once {often}."
    )


async def _channel(place: Place, client: AsyncWebClient | None) -> Finding:
    about = f"channel {place.channel}"
    if client is None:
        return Finding(about, True, f"A partnership lives in {place.channel} ({place.state}).")
    try:
        answer = await client.conversations_info(channel=place.channel)
    except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
        return Finding(
            about,
            False,
            f"I cannot see the channel {place.channel} ({_reason(error)}). Invite me again.",
        )
    channel: dict[str, Any] = answer["channel"]
    name = f"#{channel.get('name', place.channel)}"
    if channel.get("is_archived"):
        return Finding(about, False, f"{name} is archived; its check-ins rest.")
    if not channel.get("is_member"):
        return Finding(about, False, f"I am not in {name} any more. Invite me again.")
    shared = "shared with other workspaces" if channel.get("is_ext_shared") else "not shared"
    return Finding(about, True, f"I am in {name}, which is {shared} ({place.state}).")


def _next(posts: tuple[Next, ...]) -> Finding:
    if not posts:
        return Finding("next", True, "Nothing is scheduled yet.")
    said = []
    for post in posts:
        local = post.at.astimezone(zoneinfo.ZoneInfo(post.zone))
        paused = ", paused" if post.paused else ""
        said.append(
            f"{post.kind} of {post.partnership} on {local:%a %Y-%m-%d at %H:%M} {post.zone}{paused}"
        )
    return Finding("next", True, f"Next: {'; '.join(said)}.")
