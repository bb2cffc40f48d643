"""What Slack's answers mean for a message."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.courier.outcomes import Fate, judge


def refusal(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> SlackApiError:
    """An error as the SDK raises it."""
    response = AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    error: Callable[..., SlackApiError] = SlackApiError  # which has no types
    return error("no", response)


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("ratelimited", Fate.PACED),
        ("rate_limited", Fate.PACED),
        ("msg_blocks_too_long", Fate.FORM),
        ("invalid_blocks", Fate.FORM),
        ("thread_not_found", Fate.THREAD),
        ("message_not_found", Fate.DELETED),
        ("channel_not_found", Fate.REFUSED),
        ("is_archived", Fate.REFUSED),
        ("restricted_action_read_only_channel", Fate.REFUSED),
        ("token_revoked", Fate.REFUSED),
        ("missing_scope", Fate.REFUSED),
        ("team_added_to_org", Fate.LATER),
        ("message_limit_exceeded", Fate.LATER),
        ("fatal_error", Fate.UNKNOWN),
        ("internal_error", Fate.UNKNOWN),
        ("service_unavailable", Fate.UNKNOWN),
        ("request_timeout", Fate.UNKNOWN),
        ("a_name_that_slack_invents_tomorrow", Fate.UNKNOWN),
    ],
)
def test_a_name_of_slacks(name: str, fate: Fate) -> None:
    outcome = judge(refusal({"ok": False, "error": name}))
    assert outcome.fate is fate
    assert outcome.problem in {name, "ratelimited"}


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_after_a_server_error_nothing_is_certain(status: int) -> None:
    assert judge(refusal({"ok": False, "error": "is_archived"}, status)).fate is Fate.UNKNOWN
    assert judge(refusal({}, status)).fate is Fate.UNKNOWN


@pytest.mark.parametrize("data", [None, {}, [], "ok", {"error": 7}])
def test_an_answer_that_is_not_slacks_says_nothing(data: object) -> None:
    assert judge(refusal(data)).fate is Fate.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [TimeoutError(), aiohttp.ServerDisconnectedError(), ConnectionResetError(), ValueError()],
    ids=lambda error: type(error).__name__,
)
def test_a_broken_connection_says_nothing(error: Exception) -> None:
    outcome = judge(error)
    assert (outcome.fate, outcome.problem) == (Fate.UNKNOWN, type(error).__name__)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"retry-after": "7"}, 7.0),
        ({"Retry-After": "0"}, 1.0),
        ({"Retry-After": "999999"}, 3600.0),
        ({"Retry-After": "soon"}, 30.0),
        ({}, 30.0),
    ],
)
def test_slack_says_how_long_to_wait(headers: dict[str, str], wait: float) -> None:
    outcome = judge(refusal({"ok": False, "error": "ratelimited"}, 429, headers))
    assert (outcome.fate, outcome.wait) == (Fate.PACED, wait)


def test_a_429_without_slacks_words_was_not_done_either() -> None:
    assert judge(refusal({}, 429)).fate is Fate.PACED
