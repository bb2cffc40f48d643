"""Channels and workspaces that Slack refuses: what waits there is kept, and somebody is told.

A channel that is gone is asked about first, since Slack's word for one post is not yet the end of
a partnership. What is found out here has the same consequences as the event that tells of it.
"""

from dataclasses import replace
from datetime import timedelta

import structlog

from bot.courier.outcomes import GONE, Fate, Outcome, not_told
from bot.courier.tools import Tools
from bot.directory import NotInChannel
from bot.domain.errors import BotError
from bot.domain.people import Installation
from bot.domain.posts import Claim, Outgoing, State
from bot.services import comings
from storage.store import Store

log = structlog.get_logger(__name__)


async def pause(
    tools: Tools,
    claim: Claim,
    message: Outgoing,
    installation: Installation,
    outcome: Outcome,
    state: State,
) -> Outcome | None:
    """React to a refusal that is not about this message alone.

    ``state`` is the one in which the message goes on waiting. Returns None once that is noted,
    else the outcome that the caller has to deal with.
    """
    if outcome.fate is Fate.INSTALLATION:
        await _pause_workspace(tools, claim, message, installation, outcome, state)
        return None
    if outcome.fate is Fate.SCOPE:
        log.error("scope_missing", lane=claim.lane, problem=outcome.problem)
        tools.counted["scope_missing"] += 1
        rest = timedelta(seconds=tools.patience.workspace_rest)
        await tools.db.run(
            lambda store: store.messages.rests(claim, message, rest, outcome.problem, state=state)
        )
        return None
    if outcome.fate is not Fate.CHANNEL:
        return outcome
    if message.member is not None or message.channel is None:
        return Outcome(Fate.REFUSED, outcome.problem)
    problem: str | None = outcome.problem
    if problem in GONE:
        try:
            problem = await _what_became_of(tools, installation, message.channel)
        except BotError as error:  # nobody can tell
            why = not_told(error)
            if why.fate in {Fate.INSTALLATION, Fate.SCOPE}:
                return await pause(tools, claim, message, installation, why, state)
            return replace(why, problem=outcome.problem)
    if problem is None:
        return Outcome(Fate.LATER, outcome.problem)
    if not await _pause_channel(tools, claim, message, problem, state):
        return Outcome(Fate.LATER, problem)
    return None


async def mended(tools: Tools, claim: Claim, message: Outgoing) -> None:
    """Something was said where nothing could be: go on, and say so."""

    def note(store: Store) -> bool:
        workspace = store.installations.mended(claim.installation)
        lane = store.messages.mended(claim.lane)
        if lane and message.member is None and message.channel is not None:
            comings.mended(store, claim.installation, message.channel, tools.calendar.now())
        return workspace or lane

    if await tools.db.run(note):
        log.info("speaks_again", lane=claim.lane, problem=claim.problem)
        tools.counted["mended"] += 1


async def _pause_workspace(
    tools: Tools,
    claim: Claim,
    message: Outgoing,
    installation: Installation,
    outcome: Outcome,
    state: State,
) -> None:
    rest = timedelta(seconds=tools.patience.workspace_rest)

    def note(store: Store) -> bool:
        store.messages.waits(claim, message, outcome.problem, state=state)
        return store.installations.pause(installation.id, outcome.problem, rest)

    if await tools.db.run(note):  # once, not for each channel
        log.error("workspace_paused", installation=installation.id, problem=outcome.problem)
        tools.counted["workspace_paused"] += 1


async def _pause_channel(
    tools: Tools, claim: Claim, message: Outgoing, problem: str, state: State
) -> bool:
    """False where somebody mended the channel while Slack was asked: what it said is old then."""
    rest = timedelta(seconds=tools.patience.channel_rest)
    channel = message.channel or ""

    def note(store: Store) -> bool:
        if claim.problem is not None and store.messages.problem_of(claim) is None:
            return False
        store.messages.rests(claim, message, rest, problem, state=state)
        comings.lost(store, claim.installation, channel, problem, tools.calendar.now())
        return True

    if not await tools.db.run(note):
        tools.counted["mended_meanwhile"] += 1
        return False
    log.warning("channel_paused", lane=claim.lane, problem=problem)
    tools.counted["channel_paused"] += 1
    return True


async def _what_became_of(tools: Tools, installation: Installation, channel: str) -> str | None:
    """Slack's word for what is wrong with a channel; None if nothing is.

    Raises BotError where nobody can tell.
    """
    tools.directory.forget_channel(installation, channel)
    try:
        found = await tools.directory.channel(installation, channel)
    except NotInChannel:
        return "channel_not_found"
    if found.archived:
        return "is_archived"
    return None if found.joined else "not_in_channel"
