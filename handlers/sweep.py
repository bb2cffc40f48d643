"""The sweep: before a check-in is summed up, its thread is read once more.

Slack may have delivered a reply while nobody listened, and repeats that for an hour at most. What
the thread shows and we do not know is kept as if it had been delivered, edits and deletions
too; what comes later after all changes nothing. Slack is never asked within a transaction, and
not for ever: after a few vain attempts the check-in is summed up with what is known.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.courier.doubles import LOOK_UP
from bot.courier.lookup import key_of
from bot.courier.outcomes import Fate, Outcome, judge
from bot.directory import Directory, NotInstalled
from bot.domain.errors import BotError, NotFound
from bot.domain.people import Installation
from bot.language import says_undo
from bot.language.clean import clean
from handlers import checkins
from handlers.errors import curable, guarded
from handlers.events import without_mention, written_by_a_person
from handlers.house import House
from handlers.visit import Door, Visit
from storage.store import Store
from storage.sweeps import Sweep

log = structlog.get_logger(__name__)

SECONDS = 20.0
"""So long one tick may spend on it; what is left is for the next."""

AT_ONCE = 4
"""So many threads are read side by side: Slack allows some fifty questions a minute
(https://docs.slack.dev/apis/web-api/rate-limits, tier 3)."""

RESTS = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5))
"""After each attempt that failed. After the last, the check-in is summed up without."""

PATIENCE = timedelta(minutes=30)
"""So long a check-in waits for its sweep at the most, whatever Slack says."""

SETTLED = timedelta(minutes=10)
"""A reply that is younger is not taken for deleted because the thread does not show it yet."""

_LEASE = timedelta(seconds=60)
_CALL = 10.0
_PAGE = 200

_Message = Mapping[str, Any]


async def sweep(house: House, now: datetime) -> int:
    """Read the threads of the check-ins that are to be closed; returns how many need not wait."""
    until = asyncio.get_running_loop().time() + SECONDS
    ready = 0
    while asyncio.get_running_loop().time() < until:
        taken = await house.db.run(_take)
        if not taken:
            break
        ready += sum(await asyncio.gather(*(_sweep(house, each, now) for each in taken)))
    return ready


def hold(store: Store, now: datetime, limit: int) -> int:
    """Let the check-ins whose time is over wait for their sweep. A tick."""
    return store.sweeps.hold(now, limit)


def _take(store: Store) -> tuple[Sweep, ...]:
    return store.sweeps.take(AT_ONCE, _LEASE)


async def _sweep(house: House, swept: Sweep, now: datetime) -> bool:
    """Read one thread. Returns whether its check-in need not wait any more."""
    try:
        installation = house.directory.by_id(swept.installation_id)
        async with asyncio.timeout(_LEASE.total_seconds() / 2):
            await _read(house, installation, swept, now)
    except NotInstalled:
        outcome = Outcome(Fate.REFUSED, "not_installed")
        problem, rest = outcome.problem, None
    except Exception as error:
        outcome = judge(error)
        problem = outcome.problem
        rest = RESTS[min(swept.attempts, len(RESTS)) - 1]
        if outcome.fate is Fate.PACED:
            rest = timedelta(seconds=outcome.wait)
        elif outcome.fate is not Fate.UNKNOWN or swept.attempts > len(RESTS):
            rest = None
        if not _foreseen(error):
            log.exception("sweep_failed", occurrence=swept.occurrence_id)
    else:
        house.noted["swept"] += 1
        await house.db.run(lambda store: store.sweeps.done(swept.occurrence_id))
        return True
    if rest is None or swept.age + rest > PATIENCE:
        house.counted["sweep_given_up"] += 1
        log.warning("sweep_given_up", occurrence=swept.occurrence_id, problem=problem)
        await house.db.run(lambda store: store.sweeps.done(swept.occurrence_id, problem))
        return True
    wait, counts = rest, outcome.fate is not Fate.PACED
    await house.db.run(
        lambda store: store.sweeps.later(swept.occurrence_id, wait, problem, counts=counts)
    )
    return False


def _foreseen(error: Exception) -> bool:
    """Whether Slack, the network or the storage is behind it, and not our own code."""
    if judge(error).fate is not Fate.UNKNOWN or curable(error):
        return True
    return isinstance(error, (SlackClientError, aiohttp.ClientError, OSError))


async def _read(house: House, installation: Installation, swept: Sweep, now: datetime) -> None:
    known = await house.db.read(_known, swept.occurrence_id)  # before Slack is asked
    shown: set[str] = set()
    async for message in _thread(house.directory, installation, swept):
        ts = str(message["ts"])
        shown.add(ts)
        if (ours := key_of(message, installation)) is not None:
            await _ours(house, ours, ts, now)
        elif ts != swept.thread and written_by_a_person(message, installation):
            if ts not in known:
                await _missed(house, installation, swept, message, now)
            elif (message.get("edited") or {}).get("ts"):
                await _edited(house, installation, swept, message)
    for ts in known - shown:
        if checkins.instant(ts) < now - SETTLED:
            await _deleted(house, installation, swept, ts)


async def _thread(
    directory: Directory, installation: Installation, swept: Sweep
) -> AsyncIterator[_Message]:
    """Every message of a thread, the first one on each page again.

    Slack counts the calls of a whole workspace: those of the courier's look-ups as well.
    """
    client = directory.client(installation)
    cursor: str | None = None
    while True:
        with directory.paced(installation, LOOK_UP):
            async with asyncio.timeout(_CALL):
                said = await client.conversations_replies(
                    channel=swept.channel,
                    ts=swept.thread,
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
        for message in said["messages"]:
            yield message
        cursor = (said.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return


async def _missed(
    house: House, installation: Installation, swept: Sweep, message: _Message, now: datetime
) -> None:
    """A reply that nobody delivered. Words to us count only as far as they answer the check-in:
    whether another thing that was asked for was done cannot be told from here.
    """
    to_us = without_mention(message, installation)
    text = clean(message.get("text") or "" if to_us is None else to_us)
    if says_undo(text):
        return
    try:
        person = await house.directory.person(installation, message["user"])
    except NotFound:
        return
    if person.is_bot:
        return
    ts = str(message["ts"])
    visit = Visit(
        house=house,
        door=Door.REPLY if to_us is None else Door.MENTION,
        installation=installation,
        person=person,
        channel=swept.channel,
        key=f"sweep:{swept.channel}:{ts}",
        now=now,
        zone=person.zone or house.directory.home_zone(installation),
        body={},
        text=text,
        ts=ts,
        thread=swept.thread,
    )
    if to_us is None:
        await guarded(visit, checkins.replied(visit, 0, swept.occurrence_id))
    else:
        try:
            await checkins.mentioned(visit)
        except BotError as error:
            if curable(error):
                raise
    house.noted["swept_reply"] += 1


async def _edited(
    house: House, installation: Installation, swept: Sweep, message: _Message
) -> None:
    edited = message["edited"]["ts"]
    event = {"channel": swept.channel, "message": {**message, "thread_ts": swept.thread}}
    await checkins.changed(
        house, installation, {"event_id": f"sweep:{message['ts']}:{edited}", "event": event}
    )


async def _deleted(house: House, installation: Installation, swept: Sweep, ts: str) -> None:
    event = {
        "channel": swept.channel,
        "deleted_ts": ts,
        "previous_message": {"ts": ts, "thread_ts": swept.thread},
    }
    await checkins.deleted(house, installation, {"event_id": f"sweep:{ts}:gone", "event": event})


async def _ours(house: House, key: str, ts: str, now: datetime) -> None:
    """A message of ours: does it stand there twice?"""

    def look(store: Store) -> bool:
        return store.doubles.seen(key, ts, now)

    if await house.db.read(_is_double, key, ts) and await house.db.run(look):
        house.courier.counted["double"] += 1
        log.warning("posted_twice", ts=ts)


def _is_double(store: Store, key: str, ts: str) -> bool:
    return store.doubles.is_one(key, ts)


def _known(store: Store, occurrence_id: int) -> frozenset[str]:
    """Where the replies stand that are kept of a check-in, deleted ones left out."""
    return store.checkins.places(occurrence_id)
