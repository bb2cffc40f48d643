"""What Slack delivers of a thread: replies, their edits and deletions, each a signed request."""

import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from random import Random
from typing import Any

from tests.faults.slack import Address
from tests.faults.town import BO


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, and is delivered."""

    id: str
    kind: str
    """``written``, ``edited``, ``deleted``."""
    channel: str
    thread: str
    ts: str
    """Of the reply."""
    text: str
    again: bool = False
    """Whether it is delivered a second time for no reason."""


class Mail:
    """Writes what Slack would send."""

    def __init__(self, slack: Address) -> None:
        self._slack = slack
        self._numbers = count(1)

    def event(self, kind: str, channel: str, thread: str, ts: str, text: str) -> Event:
        """A new one."""
        return Event(f"Ev0FAULT{next(self._numbers):06}", kind, channel, thread, ts, text)

    def signed(self, event: Event, retry: int) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an attempt; ``retry`` is 0 for the first."""
        body = json.dumps(
            {
                "token": "unused",
                "team_id": self._slack.team,
                "api_app_id": self._slack.app,
                "type": "event_callback",
                "event_id": event.id,
                "event_time": int(float(event.ts)),
                "event": self._inner(event),
                "authorizations": [
                    {"team_id": self._slack.team, "user_id": self._slack.bot_user, "is_bot": True}
                ],
                "is_ext_shared_channel": True,
            }
        ).encode()
        moment = str(int(time.time()))
        signing = self._slack.signing_secret.encode()
        signature = hmac.new(signing, f"v0:{moment}:".encode() + body, sha256).hexdigest()
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": moment,
            "X-Slack-Signature": f"v0={signature}",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        return body, headers

    def _inner(self, event: Event) -> Mapping[str, Any]:
        reply = {
            "type": "message",
            "user": BO.user,
            "ts": event.ts,
            "text": event.text,
            "team": BO.team,
            "user_team": BO.team,
            "source_team": BO.team,
            "thread_ts": event.thread,
            "parent_user_id": self._slack.bot_user,
        }
        around = {"channel": event.channel, "event_ts": event.ts, "channel_type": "channel"}
        if event.kind == "written":
            return reply | around
        hidden = {"type": "message", "hidden": True, "ts": event.ts} | around
        if event.kind == "edited":
            edited = {"user": BO.user, "ts": f"{int(float(event.ts)) + 60}.000000"}
            return hidden | {
                "subtype": "message_changed",
                "message": reply | {"edited": edited},
                "previous_message": reply,
            }
        return hidden | {
            "subtype": "message_deleted",
            "deleted_ts": event.ts,
            "previous_message": reply,
        }


def stories(mail: Mail, prompts: Mapping[str, str], least: int, rng: Random) -> list[Event]:
    """At least so many events: replies, of which some are edited, and some deleted.

    ``prompts``: the ``ts`` of each channel's check-in.
    """
    events: list[Event] = []
    channels = list(prompts)
    start = time.time()
    for number in count():
        if len(events) >= least:
            return events
        channel = rng.choice(channels)
        ts = f"{start + number:.6f}"
        kinds = ["written", *(kind for kind in ("edited", "deleted") if rng.random() < 0.2)]
        events += [
            mail.event(kind, channel, prompts[channel], ts, f"We met the school, {kind} {number}.")
            for kind in kinds
        ]
    return events
