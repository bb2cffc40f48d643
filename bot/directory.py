"""What Slack knows of people and channels: who somebody is, who is in a channel.

Answers are kept for a short while, in bounded memory, and one question is under way at a time
for the same thing. It fails closed: where Slack does not answer, nobody is taken to be a member
of anything; the person reads a sentence, and the event is left for Slack to deliver again. Nothing
is asked again before the time that Slack names when it is asked too often.
"""

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import BotError, NotFound
from bot.domain.people import Installation, Kind, Person

T = TypeVar("T")

PATIENCE = 2.0
"""Seconds that somebody waits for an answer; Slack's own patience with us is three.

It is also what all questions of one command or button may take together: what they open has to
be opened before their trigger expires.
"""

CALL_SECONDS = 10.0
"""How long one call to Slack may take at most. Leases and quiet times reckon with it."""

_WAIT = 30.0
_FOREVER = 366 * 24 * 3600.0  # for a number that no calendar could be counted forward by

_SLACKBOT = "USLACKBOT"
_ENTRIES = 5_000

_GONE = frozenset({"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"})
_NOBODY = frozenset({"user_not_found", "user_not_visible", "users_not_found"})


class Unreachable(BotError):
    """Slack did not answer, or not in time. Asking again later can help.

    ``wait``: the seconds that Slack has us wait, where it was asked too often. ``problem``: Slack's
    name for what is wrong; None where it did not say.
    """

    def __init__(self, wait: float | None = None, problem: str | None = None) -> None:
        minutes = math.ceil((wait or 0.0) / 60)
        again = "in a minute" if minutes <= 1 else f"in {minutes} minutes"
        super().__init__(f"Slack is not answering me just now. Please try again {again}.")
        self.wait = wait
        self.problem = problem


class NotInChannel(BotError):
    """The app cannot see the channel: it was not invited, was removed, or the channel is gone."""

    def __init__(self) -> None:
        super().__init__(
            "I can't see that channel. Invite me to it (write @Common Ground there and choose "
            "“Invite”), then try again."
        )


class NotInstalled(BotError):
    """The delivery is for a workspace that we have no token for."""

    def __init__(self) -> None:
        super().__init__(
            "I am not installed in this workspace any more. Ask whoever runs me to set me up again."
        )


def held_back(error: SlackApiError) -> float | None:
    """The seconds that Slack has us wait, however many, where it was asked too often; else None.

    Half a minute where it names none (https://docs.slack.dev/apis/web-api/rate-limits).
    """
    response: Any = error.response  # of aiohttp, where the answer is no JSON
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    if status != 429 and _error_name(error) not in {"ratelimited", "rate_limited"}:
        return None
    for name, value in getattr(response, "headers", {}).items():
        if name.lower() == "retry-after":
            try:
                wait = float(value)
            except ValueError:
                break
            if math.isfinite(wait):
                return min(max(wait, 1.0), _FOREVER)
    return _WAIT


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel."""

    id: str
    name: str
    """Without ``#``; empty for direct messages."""
    direct: bool
    """A direct message, of two or of several."""
    private: bool
    shared: bool
    """Shared with other organizations by Slack Connect."""
    archived: bool
    joined: bool
    """Whether the app is a member."""


@dataclass(slots=True)
class _Kept(Generic[T]):
    """Answers by key, each for a while; the one that was not used for longest goes first."""

    seconds: float
    entries: "OrderedDict[Any, tuple[float, T]]" = field(default_factory=OrderedDict)
    asking: "dict[Any, asyncio.Task[T]]" = field(default_factory=dict)

    async def get(self, key: Any, ask: Callable[[], Awaitable[T]], patience: float) -> T:
        if (kept := self.entries.get(key)) is not None:
            until, value = kept
            if time.monotonic() < until:
                self.entries.move_to_end(key)
                return value
        task = self.asking.get(key)
        if task is None:
            task = self.asking[key] = asyncio.ensure_future(self._ask(key, ask))
            task.add_done_callback(lambda done: self._asked(key, done))
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(task)  # it goes on for whoever asks next
        except TimeoutError:
            raise Unreachable from None

    async def _ask(self, key: Any, ask: Callable[[], Awaitable[T]]) -> T:
        value = await ask()
        if self.asking.get(key) is asyncio.current_task():  # else it was forgotten meanwhile
            self.entries[key] = (time.monotonic() + self.seconds, value)
            if len(self.entries) > _ENTRIES:
                self.entries.popitem(last=False)
        return value

    def _asked(self, key: Any, done: "asyncio.Task[T]") -> None:
        if self.asking.get(key) is done:
            del self.asking[key]
        if not done.cancelled():
            done.exception()  # nobody may be waiting any more

    def forget(self, key: Any) -> None:
        self.entries.pop(key, None)
        self.asking.pop(key, None)


class Directory:
    """Looks people and channels up, for every installation."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        *,
        patience: float = PATIENCE,
        keep_people: timedelta = timedelta(minutes=15),
        keep_channels: timedelta = timedelta(minutes=5),
    ) -> None:
        """``session`` is shared by all calls and must have a ``ClientTimeout`` of its own: the
        SDK's is ignored with a session that is shared.
        """
        self.session = session
        self._base_url = base_url
        self._patience = patience
        self._log = logging.getLogger("common_ground.slack")
        self._log.setLevel(logging.WARNING)  # below, the SDK composes (and logs) what is said
        self._installations: dict[str, Installation] = {}
        self._zones: dict[int, str] = {}
        self._clients: dict[int, AsyncWebClient] = {}
        self._held: dict[tuple[int, str], float] = {}  # when a method may be asked again
        self._people: _Kept[Person] = _Kept(keep_people.total_seconds())
        self._teams: _Kept[str | None] = _Kept(keep_people.total_seconds() * 4)
        self._members: _Kept[frozenset[str]] = _Kept(keep_channels.total_seconds())
        self._channels: _Kept[Channel] = _Kept(keep_channels.total_seconds())

    # Installations

    def add(self, installation: Installation, token: str, zone: str | None = None) -> None:
        """From now on this installation is known, with its token and its people's usual zone."""
        self._installations[installation.team] = installation
        if installation.enterprise is not None:
            self._installations.setdefault(installation.enterprise, installation)
        self._clients[installation.id] = self.connect(token)
        if zone is not None:
            self._zones[installation.id] = zone

    def installations(self) -> tuple[Installation, ...]:
        """Every installation that is known."""
        return tuple({each.id: each for each in self._installations.values()}.values())

    def installation(self, team: str | None, enterprise: str | None = None) -> Installation:
        """The installation that a delivery is for: by its team, by enterprise only without one.

        Raises NotInstalled.
        """
        key = team or enterprise
        found = None if key is None else self._installations.get(key)
        if found is None:
            raise NotInstalled
        return found

    def by_id(self, installation_id: int) -> Installation:
        """The installation with our own id; raises NotInstalled."""
        for installation in self._installations.values():
            if installation.id == installation_id:
                return installation
        raise NotInstalled

    def home_zone(self, installation: Installation) -> str:
        """The zone for people whose own is unknown: that of the organization which runs the app."""
        return self._zones.get(installation.id, "UTC")

    def client(self, installation: Installation) -> AsyncWebClient:
        """For all calls to Slack on behalf of an installation. The SDK repeats none of them."""
        client = self._clients.get(installation.id)
        if client is None:
            raise NotInstalled
        return client

    def connect(self, token: str | None) -> AsyncWebClient:
        """A client on the shared session. It repeats nothing: the SDK would post twice, and would
        sleep out what Slack has us wait (of which it reads the first digit alone).
        """
        client = AsyncWebClient(
            token=token,
            base_url=self._base_url,
            session=self.session,
            retry_handlers=[],
            logger=self._log,
        )
        if urlsplit(self._base_url).hostname in {"127.0.0.1", "localhost", "::1"}:
            client.proxy = None  # the SDK takes HTTP_PROXY for every host and knows no exception
        return client

    # People and channels

    async def person(
        self, installation: Installation, user: str, *, patience: float | None = None
    ) -> Person:
        """Who somebody is. ``patience`` (seconds) is for whoever can wait less than usual.

        Raises NotFound where the app cannot see such a person, and Unreachable.
        """
        person = await self._people.get(
            (installation.id, user),
            lambda: self._ask_person(installation, user),
            self._patient(patience),
        )
        if (
            person.zone is not None
            and person.kind is Kind.FULL
            and person.team in (installation.team, installation.enterprise)
        ):
            self._zones.setdefault(installation.id, person.zone)
        return person

    async def people(
        self, installation: Installation, users: Iterable[str]
    ) -> Mapping[str, Person]:
        """Several persons by their user ids, those left out whom the app cannot see.

        Raises Unreachable.
        """
        gate = asyncio.Semaphore(8)

        async def one(user: str) -> Person | None:
            async with gate:
                try:
                    return await self.person(installation, user)
                except NotFound:
                    return None

        wanted = list(dict.fromkeys(users))
        found = await asyncio.gather(*(one(user) for user in wanted))
        return {
            user: person for user, person in zip(wanted, found, strict=True) if person is not None
        }

    async def members(
        self, installation: Installation, channel: str, *, patience: float | None = None
    ) -> frozenset[str]:
        """The user ids of everybody in a channel, the app's own included.

        At most five minutes old. ``patience`` (seconds) is for whoever can wait less than usual.
        Raises NotInChannel where the app cannot see the channel, and Unreachable.
        """
        return await self._members.get(
            (installation.id, channel),
            lambda: self._ask_members(installation, channel),
            self._patient(patience),
        )

    async def channel(self, installation: Installation, channel: str) -> Channel:
        """What a channel is. Raises NotInChannel and Unreachable."""
        return await self._channels.get(
            (installation.id, channel),
            lambda: self._ask_channel(installation, channel),
            self._patience,
        )

    def forget_person(self, installation: Installation, user: str) -> None:
        """Something about somebody has changed."""
        self._people.forget((installation.id, user))

    def forget_channel(self, installation: Installation, channel: str) -> None:
        """Something about a channel, or who is in it, has changed."""
        self._members.forget((installation.id, channel))
        self._channels.forget((installation.id, channel))

    def _patient(self, patience: float | None) -> float:
        return self._patience if patience is None else min(patience, self._patience)

    # Asking Slack

    def hold(self, installation: Installation, method: str, wait: float) -> None:
        """Slack has us wait (seconds) with a method; it counts by method and workspace."""
        until = time.monotonic() + wait
        self._held[installation.id, method] = max(
            until, self._held.get((installation.id, method), 0)
        )

    def wait_for(self, installation: Installation, method: str) -> None:
        """Raises Unreachable while a method is held."""
        if (left := self._held.get((installation.id, method), 0.0) - time.monotonic()) > 0:
            raise Unreachable(left)

    @contextmanager
    def paced(self, installation: Installation, method: str) -> Iterator[None]:
        """Around one call of a method: not before Slack's time, which whoever calls next keeps too.

        Raises Unreachable while the method is held, and what the call raises.
        """
        self.wait_for(installation, method)
        try:
            yield
        except SlackApiError as error:
            if (wait := held_back(error)) is not None:
                self.hold(installation, method, wait)
            raise

    async def _ask_person(self, installation: Installation, user: str) -> Person:
        said = await self._call(installation, "users.info", user=user)
        found = said["user"]
        grid = found.get("enterprise_user") or {}
        home = found.get("team_id") or installation.team
        team = grid.get("enterprise_id") or home
        profile = found.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or found.get("real_name")
        own = home == installation.team
        return Person(
            team=_storable(team),
            user=user,
            name=_storable(name or found.get("name") or user),
            kind=_kind(found),
            zone=_zone(found.get("tz")),
            team_name=installation.name if own else await self._team_name(installation, home),
        )

    async def _team_name(self, installation: Installation, team: str) -> str | None:
        try:
            return await self._teams.get(
                (installation.id, team),
                lambda: self._ask_team(installation, team),
                self._patience,
            )
        except BotError:
            return None  # it can be learned later

    async def _ask_team(self, installation: Installation, team: str) -> str | None:
        said = await self._call(installation, "team.info", team=team)
        found = said["team"]
        name = found.get("enterprise_name") or found.get("name")
        return _storable(name) if name else None

    async def _ask_members(self, installation: Installation, channel: str) -> frozenset[str]:
        members: set[str] = set()
        cursor = ""
        while True:
            said = await self._call(
                installation, "conversations.members", channel=channel, limit=1000, cursor=cursor
            )
            members.update(said["members"])
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(members)

    async def _ask_channel(self, installation: Installation, channel: str) -> Channel:
        said = await self._call(installation, "conversations.info", channel=channel)
        found = said["channel"]
        return Channel(
            id=found["id"],
            name=_storable(found.get("name") or ""),
            direct=bool(found.get("is_im") or found.get("is_mpim")),
            private=bool(found.get("is_private") or found.get("is_group")),
            shared=bool(found.get("is_ext_shared")),
            archived=bool(found.get("is_archived")),
            joined=bool(found.get("is_member")),
        )

    async def _call(self, installation: Installation, method: str, **asked: Any) -> Any:
        client = self.client(installation)
        self.wait_for(installation, method)
        params = {name: value for name, value in asked.items() if value != ""}
        try:
            said = await client.api_call(method, http_verb="GET", params=params)
        except SlackApiError as error:
            name = _error_name(error)
            if (wait := held_back(error)) is not None:
                self.hold(installation, method, wait)
                raise Unreachable(wait) from error
            if name in _NOBODY:
                raise NotFound("I can't see this person in Slack.") from error
            if name in _GONE:
                raise NotInChannel from error
            raise Unreachable(problem=name or None) from error
        except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError) as error:
            raise Unreachable from error  # the SDK trips over answers that are not JSON objects
        return said.data


def _error_name(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""


def _kind(user: Mapping[str, Any]) -> Kind:
    if user.get("deleted"):
        return Kind.GONE
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == _SLACKBOT:
        return Kind.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Kind.GUEST
    return Kind.FULL


def _zone(name: Any) -> str | None:
    """The zone, if this machine knows it: Slack's list of them is not ours."""
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None


def _storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
