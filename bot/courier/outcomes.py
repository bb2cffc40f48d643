"""What an answer of Slack's means for the message, and what is done: one table of error names.

Names and meanings: https://docs.slack.dev/reference/methods/chat.postMessage and
https://docs.slack.dev/reference/methods/chat.update. A name that is not in the table, and any
answer that is not Slack's own JSON, leaves the fate of a message *unknown*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.directory import Unreachable, held_back
from bot.domain.errors import BotError


class Fate(Enum):
    """What became of a call."""

    UNKNOWN = auto()
    """Slack may have done it."""
    PACED = auto()
    """Not done: too fast. To be repeated after ``wait``; it does not count as an attempt."""
    LATER = auto()
    """Not done, and it may go well later."""
    FORM = auto()
    """Not done: Slack does not like the blocks. Worth one more attempt as plain text."""
    METADATA = auto()
    """Not done: Slack does not take the metadata that holds our key. Worth one more attempt with
    the key in a block's id; without any key it is not posted, since it could not be looked up."""
    THREAD = auto()
    """Not done: nothing can be said in that thread. Worth one more attempt at top level."""
    DELETED = auto()
    """Not done: somebody deleted the message that was to be changed."""
    CHANNEL = auto()
    """Not done, and nothing else will be in this channel until a person mends it: it rests with
    what waits there, who can mend it is told, and it is tried again once a day."""
    SCOPE = auto()
    """Not done: the app lacks a permission. This channel rests; whoever runs the bot is told."""
    INSTALLATION = auto()
    """Not done, and nothing will be in the whole workspace until a person mends it: all of it
    rests, and it is tried again every hour."""
    REFUSED = auto()
    """Not done, and never will be: this message, or this person, is why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A call that did not go well."""

    fate: Fate
    problem: str
    """Slack's name for it, or the kind of the error. Never what somebody wrote."""
    wait: float = 0.0
    """Seconds, if Slack named a time."""


def _named(fate: Fate, names: str) -> dict[str, Fate]:
    return dict.fromkeys(names.split(), fate)


FATES: Mapping[str, Fate] = {
    **_named(Fate.PACED, "ratelimited rate_limited"),
    **_named(
        Fate.UNKNOWN,
        "fatal_error internal_error service_unavailable request_timeout",
    ),
    **_named(
        Fate.FORM,
        "invalid_blocks invalid_blocks_format msg_too_long msg_blocks_too_long no_text "
        "too_many_attachments attachment_payload_limit_exceeded",
    ),
    **_named(
        Fate.METADATA,
        "metadata_too_large invalid_metadata_format invalid_metadata_schema "
        "metadata_must_be_sent_from_app",
    ),
    **_named(
        Fate.THREAD,
        "thread_not_found cannot_reply_to_message thread_locked "
        "restricted_action_non_threadable_channel restricted_action_thread_locked",
    ),
    **_named(Fate.DELETED, "message_not_found"),
    **_named(
        Fate.CHANNEL,
        # it is gone, or we are
        "channel_not_found not_in_channel is_archived is_inactive "
        # a policy of its own
        "no_permission channel_type_not_supported method_not_supported_for_channel_type "
        "restricted_action restricted_action_read_only_channel "
        "restricted_action_thread_only_channel read_only_channel",
    ),
    **_named(Fate.SCOPE, "missing_scope not_allowed_token_type no_scopes"),
    **_named(
        Fate.INSTALLATION,
        # the token
        "account_inactive token_revoked token_expired invalid_auth not_authed "
        "team_access_not_granted enterprise_is_restricted "
        # the workspace
        "team_added_to_org org_login_required message_limit_exceeded accesslimited "
        "two_factor_setup_required ekm_access_denied",
    ),
    **_named(
        Fate.REFUSED,
        # the person
        "user_not_found user_disabled user_not_visible users_not_found cannot_dm_bot "
        "invalid_user_combination messages_tab_disabled not_allowed_in_im im_not_allowed "
        # what it holds
        "slack_connect_file_link_sharing_blocked slack_connect_canvas_sharing_blocked "
        "slack_connect_lists_sharing_blocked slack_connect_blocked_file_type "
        "as_user_not_supported access_denied "
        "cant_update_message edit_window_closed update_failed",
    ),
}
"""Each of Slack's names that means something to a sender, and its one reaction."""

GONE = frozenset({"channel_not_found", "not_in_channel", "is_archived", "is_inactive"})
"""Those of ``Fate.CHANNEL`` after which Slack is asked what became of the channel."""


_NO_ANSWERS = frozenset({Fate.PACED, Fate.SCOPE, Fate.INSTALLATION})
"""Of a question: it is not about what was asked."""


def judge(error: Exception) -> Outcome:
    """What an error of a call to Slack means."""
    if isinstance(error, Unreachable) and error.wait is not None:
        return Outcome(Fate.PACED, "ratelimited", error.wait)
    if isinstance(error, Unreachable) and error.problem is not None:
        return Outcome(FATES.get(error.problem, Fate.UNKNOWN), error.problem)
    if not isinstance(error, SlackApiError):
        return Outcome(Fate.UNKNOWN, type(error).__name__)
    if (wait := held_back(error)) is not None:
        return Outcome(Fate.PACED, "ratelimited", wait)
    response: Any = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 0)
    data = getattr(response, "data", None)
    name = data.get("error") if isinstance(data, Mapping) else None
    if status >= 500 or not isinstance(name, str):
        return Outcome(Fate.UNKNOWN, f"http_{status}" if name is None else str(name))
    return Outcome(FATES.get(name, Fate.UNKNOWN), name)


def not_told(error: BotError) -> Outcome:
    """What it means that Slack did not say who may read something: to ask again later.

    Where it says nothing at all to us, that is why.
    """
    said = judge(error)
    return said if said.fate in _NO_ANSWERS else Outcome(Fate.LATER, said.problem)
