"""What Slack's answers mean for a message."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.courier.outcomes import FATES, Fate, judge


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


REACTIONS = {
    Fate.PACED: "ratelimited rate_limited",
    Fate.UNKNOWN: "fatal_error internal_error service_unavailable request_timeout "
    "a_name_that_slack_invents_tomorrow",
    Fate.FORM: "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text "
    "too_many_attachments attachment_payload_limit_exceeded",
    Fate.METADATA: "metadata_too_large invalid_metadata_format invalid_metadata_schema "
    "metadata_must_be_sent_from_app",
    Fate.THREAD: "thread_not_found cannot_reply_to_message thread_locked "
    "restricted_action_non_threadable_channel restricted_action_thread_locked",
    Fate.DELETED: "message_not_found",
    Fate.CHANNEL: "channel_not_found not_in_channel is_archived is_inactive no_permission "
    "channel_type_not_supported method_not_supported_for_channel_type restricted_action "
    "restricted_action_read_only_channel restricted_action_thread_only_channel read_only_channel",
    Fate.SCOPE: "missing_scope not_allowed_token_type no_scopes",
    Fate.INSTALLATION: "account_inactive token_revoked token_expired invalid_auth not_authed "
    "team_access_not_granted enterprise_is_restricted team_added_to_org org_login_required "
    "message_limit_exceeded accesslimited two_factor_setup_required ekm_access_denied",
    Fate.REFUSED: "user_not_found user_disabled user_not_visible users_not_found cannot_dm_bot "
    "invalid_user_combination messages_tab_disabled not_allowed_in_im im_not_allowed "
    "slack_connect_file_link_sharing_blocked slack_connect_canvas_sharing_blocked "
    "slack_connect_lists_sharing_blocked slack_connect_blocked_file_type as_user_not_supported "
    "access_denied cant_update_message edit_window_closed update_failed",
}
NAMES = [(name, fate) for fate, names in REACTIONS.items() for name in names.split()]


@pytest.mark.parametrize(("name", "fate"), NAMES)
def test_a_name_of_slacks_has_one_reaction(name: str, fate: Fate) -> None:
    outcome = judge(refusal({"ok": False, "error": name}))
    assert outcome.fate is fate
    assert outcome.problem in {name, "ratelimited"}


def test_no_name_of_the_table_is_without_its_test() -> None:
    assert set(FATES) <= {name for name, _ in NAMES}
    assert len(NAMES) == len({name for name, _ in NAMES})


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
        ({"Retry-After": "40000"}, 40_000.0),
        ({"Retry-After": "1e300"}, 366 * 86_400.0),
        ({"Retry-After": "inf"}, 30.0),
        ({"Retry-After": "nan"}, 30.0),
        ({"Retry-After": "soon"}, 30.0),
        ({}, 30.0),
    ],
)
def test_slack_says_how_long_to_wait(headers: dict[str, str], wait: float) -> None:
    outcome = judge(refusal({"ok": False, "error": "ratelimited"}, 429, headers))
    assert (outcome.fate, outcome.wait) == (Fate.PACED, wait)


def test_a_429_without_slacks_words_was_not_done_either() -> None:
    assert judge(refusal({}, 429)).fate is Fate.PACED
