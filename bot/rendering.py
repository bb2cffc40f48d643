"""How each kind of durable message is made from what is stored, at the moment it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.posts import Kind
from bot.services import (
    checkins,
    commitments,
    digest,
    nudges,
    recording,
    reminders,
    shares,
    standing,
    trouble,
    welcome,
)
from bot.views import checkins as checkin_views
from bot.views import commitments as commitment_views
from bot.views import digest as digest_views
from bot.views import nudges as nudge_views
from bot.views import partnerships as partnership_views
from bot.views import recording as recording_views
from bot.views import reminders as reminder_views
from bot.views import schedules as schedule_views
from bot.views import shares as share_views
from bot.views import trouble as trouble_views
from bot.views.blocks import Message


@dataclass(frozen=True, slots=True)
class Seen:
    """What one message tells of several channels, for a reader who may not be in all of them."""

    channels: Callable[[Any], frozenset[str]]
    """The channels that a value speaks of."""
    within: Callable[[Any, frozenset[str]], Any]
    """The value of these channels alone; None where nothing is left to say."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """What a kind of message needs."""

    read: Callable[[Any, int, datetime], Any]
    """``(store, subject, now)`` to the value to show; None where there is nothing to say any more
    (the message is then withdrawn). Runs as a read."""
    view: Callable[[Any], Message]
    """The value as Slack's blocks."""
    lasting: bool = False
    """Whether it is posted anew when it is to be brought up to date but is not there: somebody
    deleted it, or Slack refused it. For cards whose buttons people need; a prompt or a digest that
    somebody deleted stays away."""
    seen: Seen | None = None
    """Of direct messages that tell of several channels: just before each is sent, what its reader
    is not in any more is left out."""


RENDERERS: dict[Kind, Renderer] = {
    Kind.WELCOME: Renderer(welcome.welcomed, partnership_views.welcome, lasting=True),
    Kind.WELCOME_NOTE: Renderer(welcome.noted, partnership_views.note),
    Kind.SILENCE: Renderer(welcome.silence, partnership_views.silence),
    Kind.NO_COMMON_DAY: Renderer(welcome.noted, partnership_views.no_common_day),
    Kind.CHANNEL_LOST: Renderer(trouble.lost, trouble_views.lost),
    Kind.NOT_THROUGH: Renderer(trouble.not_through, trouble_views.not_through),
    Kind.CARD: Renderer(commitments.shown, commitment_views.card, lasting=True),
    Kind.SOURCE: Renderer(recording.source_shown, recording_views.source),
    Kind.COMMITMENT_NOTE: Renderer(commitments.note_shown, commitment_views.note),
    Kind.COMMITMENT_TOLD: Renderer(commitments.told, commitment_views.told),
    Kind.PROMPT: Renderer(checkins.shown, checkin_views.prompt),
    Kind.CHECKIN_NOTE: Renderer(checkins.note_shown, checkin_views.note),
    Kind.SUMMARY: Renderer(checkins.summed_up, checkin_views.summary),
    Kind.NUDGE: Renderer(
        nudges.shown, nudge_views.nudge, seen=Seen(nudges.channels, nudges.within)
    ),
    Kind.SCHEDULE_NOTE: Renderer(standing.told, schedule_views.told),
    Kind.REMINDER: Renderer(
        reminders.shown,
        reminder_views.reminder,
        seen=Seen(reminders.channels, reminders.within),
    ),
    Kind.DIGEST: Renderer(digest.shown, digest_views.digest),
    Kind.SHARES_TOLD: Renderer(shares.shown, share_views.told),
    Kind.SHARES: Renderer(shares.shown, share_views.posted),
}
"""By kind; ``Kind.ANSWER`` needs none, since its words were ready when it was recorded."""
