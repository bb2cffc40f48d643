"""What Slack would deliver by HTTP: signed commands, and replies in the thread of a check-in."""

import hmac
import json
import time
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from urllib.parse import urlencode

from handlers.http import PATH
from tests.bench.world import APP, BO, BOT_USER, CHANNELS, DANA, TEAM

SECRET = "a-signing-secret-of-the-bench"
BOT_TOKEN = "xoxb-bench"

_numbers = count(1)


def commands(text: str = f"commit <@{BO.user}|bo> invite 12 mentees by friday") -> Iterator[bytes]:
    """``/partner …`` by Dana, in one channel after the other, each a delivery of its own."""
    for number in _numbers:
        form = {
            "token": "unused",
            "team_id": TEAM,
            "team_domain": "acme",
            "channel_id": CHANNELS[number % len(CHANNELS)],
            "channel_name": "mentoring-partners",
            "user_id": DANA.user,
            "user_name": "dana",
            "command": "/partner",
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.com/commands/T1/2/3",
            "trigger_id": f"{number}.{time.time_ns()}",
        }
        yield _signed(urlencode(form).encode(), "application/x-www-form-urlencoded")


def replies(prompts: dict[str, str]) -> Iterator[bytes]:
    """Bo writes under the check-in of one channel after the other.

    ``prompts``: the check-in's ``ts`` by channel.
    """
    for number in _numbers:
        channel = CHANNELS[number % len(CHANNELS)]
        moment = f"{time.time_ns() / 1e9:.6f}"
        event = {
            "type": "message",
            "user": BO.user,
            "ts": moment,
            "text": "We met the school and they are glad to help us with the rooms.",
            "team": BO.team,
            "user_team": BO.team,
            "source_team": BO.team,
            "thread_ts": prompts[channel],
            "parent_user_id": BOT_USER,
            "channel": channel,
            "event_ts": moment,
            "channel_type": "channel",
        }
        body = {
            "token": "unused",
            "team_id": TEAM,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number}-{time.time_ns()}",
            "event_time": int(time.time()),
            "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
            "is_ext_shared_channel": True,
        }
        yield _signed(json.dumps(body).encode(), "application/json")


def _signed(body: bytes, kind: str) -> bytes:
    moment = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{moment}:".encode() + body, sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\n"
        "Host: localhost\r\n"
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)\r\n"
        "Accept: application/json,*/*\r\n"
        f"Content-Type: {kind}\r\n"
        f"X-Slack-Request-Timestamp: {moment}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
