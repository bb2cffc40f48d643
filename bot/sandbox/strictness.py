"""Every strictness of the sandbox with the name that Slack gives it: the checklist of its tests.

``tests/sandbox/test_strictness.py`` has one check for each row, over the wire, and fails when a row
has none. ``source`` says where the behavior is known from: ``docs`` (docs.slack.dev), ``sdk``
(slack_sdk's or Bolt's source), ``reported`` (by users, in public issues), ``observed`` (measured by
others), ``assumed`` (the careful reading where Slack says nothing).
"""

from dataclasses import dataclass
from typing import Final, Literal

Source = Literal["docs", "sdk", "reported", "observed", "assumed"]


@dataclass(frozen=True, slots=True)
class Strictness:
    """One refusal: what is refused, and what Slack answers."""

    key: str
    refuses: str
    answer: str
    """The error name, or the sentence that the person reads, or the header or field that tells."""
    source: Source


def _rows(*rows: tuple[str, str, str, Source]) -> tuple[Strictness, ...]:
    return tuple(Strictness(*row) for row in rows)


CALLS: Final = _rows(
    ("unknown_method", "a method that does not exist", "unknown_method", "docs"),
    ("no_token", "a call without a token", "not_authed", "docs"),
    ("bad_token", "a token that nobody has", "invalid_auth", "docs"),
    ("wrong_token", "an app token where a bot token belongs", "not_allowed_token_type", "docs"),
    ("uninstalled", "the token of an app that was uninstalled", "account_inactive", "docs"),
    ("scope", "a scope that the manifest lacks", "missing_scope", "docs"),
    ("scope_of_kind", "a private channel with the scope of public ones", "missing_scope", "docs"),
    ("argument", "a required argument left out", "invalid_arguments", "docs"),
    ("json_for_reading", "a JSON body for a method that reads", "invalid_arguments", "docs"),
    ("bad_json", "a body that is not JSON", "invalid_json", "docs"),
    ("json_list", "a JSON body that is no object", "json_not_object", "docs"),
    ("post_type", "a body of an unknown content type", "invalid_post_type", "docs"),
    ("bad_cursor", "a cursor that was never given", "invalid_cursor", "docs"),
    ("bad_oldest", "a timestamp that is none", "invalid_ts_oldest", "docs"),
)

MESSAGES: Final = _rows(
    ("no_text", "a message without text and blocks", "no_text", "docs"),
    ("text_cut", "text over 40,000 characters is cut", "message_truncated", "reported"),
    ("long_update", "chat.update with over 4,000 characters", "msg_too_long", "reported"),
    ("blocks_text", "over 13,200 characters in all blocks", "msg_blocks_too_long", "observed"),
    ("blocks_json", "blocks that are not JSON", "invalid_blocks_format", "docs"),
    ("channel", "a channel that does not exist", "channel_not_found", "docs"),
    ("private_channel", "a private channel without the app", "channel_not_found", "docs"),
    ("not_in_channel", "posting where the app is not", "not_in_channel", "docs"),
    ("archived", "posting in an archived channel", "is_archived", "docs"),
    ("update_archived", "updating in an archived channel", "is_inactive", "docs"),
    ("ephemeral_stranger", "an ephemeral to somebody not there", "user_not_in_channel", "docs"),
    ("ephemeral_update", "chat.update of an ephemeral message", "message_not_found", "docs"),
    ("message", "updating a message that is not there", "message_not_found", "docs"),
    ("others_update", "updating somebody else's message", "cant_update_message", "docs"),
    ("others_delete", "deleting somebody else's message", "cant_delete_message", "docs"),
    ("thread", "the replies of a message that is not there", "thread_not_found", "docs"),
    ("bad_thread_ts", "a reply to what is no timestamp", "invalid_thread_ts", "reported"),
    ("gone_parent", "a reply to a deleted message", "no thread_ts in the answer", "reported"),
    ("metadata_shape", "metadata without event_type", "invalid_metadata_format", "docs"),
    ("metadata_size", "metadata that is too large", "metadata_too_large", "docs"),
    ("metadata_hidden", "metadata unless it is asked for", "include_all_metadata", "reported"),
    ("metadata_scope", "metadata without the scope to read it", "event_type only", "docs"),
    ("username", "a name of its own without the scope", "missing_scope", "docs"),
    ("rate", "more than one post a second in a channel", "ratelimited", "docs"),
    ("dm_stranger", "a direct message without a shared channel", "channel_not_found", "assumed"),
    ("open_stranger", "opening one", "invalid_user_combination", "docs"),
    ("open_bot", "a direct message to a bot", "cannot_dm_bot", "docs"),
    ("user", "a user who does not exist", "user_not_found", "docs"),
    ("email", "an address that nobody has", "users_not_found", "docs"),
    ("team", "a workspace that shares nothing", "team_not_found", "docs"),
    ("reaction_twice", "the same reaction twice", "already_reacted", "docs"),
)

BLOCKS: Final = _rows(
    ("51_blocks", "51 blocks in a message", "invalid_blocks", "docs"),
    ("unknown_block", "a block type that does not exist", "invalid_blocks", "docs"),
    ("unknown_field", "a field that a block does not have", "invalid_blocks", "reported"),
    ("wrong_surface", "a chart in a view", "invalid_arguments", "docs"),
    ("section_text", "section text of 3,001 characters", "invalid_blocks", "docs"),
    ("empty_text", "empty text", "invalid_blocks", "docs"),
    ("fields", "11 fields", "invalid_blocks", "docs"),
    ("field_text", "a field of 2,001 characters", "invalid_blocks", "docs"),
    ("header", "a header of 151 characters", "invalid_blocks", "docs"),
    ("header_mrkdwn", "a header in mrkdwn", "invalid_blocks", "docs"),
    ("context", "11 elements in a context", "invalid_blocks", "docs"),
    ("actions", "26 elements in actions", "invalid_blocks", "docs"),
    ("button_text", "a button of 76 characters", "invalid_blocks", "docs"),
    ("button_value", "a value of 2,001 characters", "invalid_blocks", "docs"),
    ("button_style", "a style that does not exist", "invalid_blocks", "docs"),
    ("action_id", "an action_id of 256 characters", "invalid_blocks", "docs"),
    ("block_id", "a block_id of 256 characters", "invalid_blocks", "docs"),
    ("block_id_twice", "a block_id twice in a message", "invalid_blocks", "docs"),
    ("action_id_twice", "an action_id twice in a block", "invalid_blocks", "docs"),
    ("options", "101 options", "invalid_blocks", "docs"),
    ("no_options", "a menu without options", "invalid_blocks", "docs"),
    ("option_text", "an option of 76 characters", "invalid_blocks", "docs"),
    ("option_value", "an option's value of 151 characters", "invalid_blocks", "docs"),
    ("overflow", "6 entries in an overflow menu", "invalid_blocks", "docs"),
    ("checkboxes", "11 checkboxes", "invalid_blocks", "docs"),
    ("placeholder", "a placeholder of 151 characters", "invalid_blocks", "docs"),
    ("confirm", "a confirmation of 301 characters", "invalid_blocks", "docs"),
    ("markdown", "markdown of 12,001 characters", "invalid_blocks", "docs"),
    ("two_tables", "two tables in a message", "invalid_blocks", "docs"),
    ("table_rows", "101 rows in a table", "invalid_blocks", "docs"),
    ("data_table_rows", "a data_table with its header only", "invalid_blocks", "docs"),
    ("data_table_caption", "a data_table without a caption", "invalid_blocks", "docs"),
    ("data_table_header", "rich text in a data_table's header", "invalid_blocks", "docs"),
    ("data_table_ragged", "rows of different lengths", "invalid_blocks", "docs"),
    ("chart_title", "a chart's title of 51 characters", "invalid_blocks", "docs"),
    ("chart_segments", "7 segments of a pie", "invalid_blocks", "docs"),
    ("chart_series", "7 series", "invalid_blocks", "docs"),
    ("chart_points", "21 points", "invalid_blocks", "docs"),
    ("chart_label", "a label of 21 characters", "invalid_blocks", "docs"),
    ("chart_categories", "labels that are no categories", "invalid_blocks", "docs"),
    ("three_charts", "three charts in a message", "invalid_blocks", "docs"),
)

VIEWS: Final = _rows(
    ("101_blocks", "101 blocks in a modal", "invalid_arguments", "docs"),
    ("view_title", "a title of 25 characters", "invalid_arguments", "docs"),
    ("view_submit", "a submit of 25 characters", "invalid_arguments", "docs"),
    ("no_submit", "a form that cannot be sent", "invalid_arguments", "docs"),
    ("private_metadata", "private_metadata of 3,001 characters", "invalid_arguments", "docs"),
    ("label", "an input's label of 2,001 characters", "invalid_arguments", "docs"),
    ("view_size", "a view over 250 kB", "view_too_large", "docs"),
    ("trigger_late", "a trigger_id after 3 seconds", "expired_trigger_id", "docs"),
    ("trigger_twice", "a trigger_id used twice", "exchanged_trigger_id", "docs"),
    ("trigger_unknown", "a trigger_id that was never given", "invalid_trigger_id", "docs"),
    ("fourth_view", "a fourth view on the stack", "push_limit_reached", "docs"),
    ("view_gone", "updating a view that is closed", "not_found", "docs"),
    ("hash", "updating with an old hash", "hash_conflict", "docs"),
    ("external_id", "an external_id twice", "duplicate_external_id", "docs"),
    ("home_off", "App Home without a Home tab", "not_enabled", "docs"),
    ("home_external", "App Home of another workspace's person", "invalid_arguments", "assumed"),
    ("errors_nowhere", "errors for a block that is not there", "We had some trouble", "docs"),
    ("required", "a form with a required field left empty", "required field", "docs"),
)

FILES: Final = _rows(
    ("file_in_message", "a field for files in a message", "invalid_blocks", "docs"),
    ("file_most", "a field for 11 files", "invalid_arguments", "docs"),
    ("file_scope", "a field for files without the scope", "missing_scope", "assumed"),
    ("file_type", "a file of a type that the field does not take", "not supported", "docs"),
    ("file_size", "a file over 10 MB", "too large", "docs"),
    ("file_too_many", "more files than the field takes", "too many files", "docs"),
    ("file_unknown", "files.info of a file that does not exist", "file_not_found", "docs"),
    ("file_info_scope", "files.info without the scope", "missing_scope", "docs"),
    ("file_no_token", "a file's contents without a token", "302", "reported"),
    ("file_bad_token", "a file's contents with another token", "text/html", "reported"),
    ("file_no_scope", "a file's contents without the scope", "text/html", "reported"),
    ("file_external", "another workspace's file, told in full", "check_file_info", "docs"),
)

RESPONSES: Final = _rows(
    ("response_sixth", "a response_url used a sixth time", "used_url", "assumed"),
    ("response_late", "a response_url after 30 minutes", "expired_url", "assumed"),
    ("response_blocks", "malformed blocks to a response_url", "invalid_blocks", "docs"),
)

PEOPLE: Final = _rows(
    ("command_external", "a command of another workspace's person", "not a valid command", "docs"),
    ("command_unknown", "a command that nobody declared", "not a valid command", "docs"),
    ("command_scope", "a command without the scope", "not a valid command", "docs"),
    ("command_thread", "a command in a thread", "is not supported in threads", "docs"),
    ("command_timeout", "a command not answered in 3 s", "operation_timeout", "docs"),
    ("command_nobody", "a command with no app connected", "dispatch_failed", "docs"),
    ("command_blocks", "a command answered with bad blocks", "invalid_command_response", "docs"),
    ("click_timeout", "a click not answered in 3 s", "did not answer in time", "docs"),
    ("interactivity", "a click where interactivity is off", "not configured", "docs"),
    ("home_of_external", "App Home for another workspace's person", "no Home", "assumed"),
    ("invite_external", "an invitation by another workspace's person", "Only members", "docs"),
    ("hidden_button", "a button that shows for others only", "not shown", "sdk"),
)

EVENTS: Final = _rows(
    ("not_subscribed", "an event that was not subscribed to", "no delivery", "docs"),
    ("event_scope", "an event without its scope", "no delivery", "docs"),
    ("not_present", "an event of a channel without the app", "no delivery", "docs"),
    ("ephemeral_event", "an event of an ephemeral message", "no delivery", "docs"),
    ("redelivered", "an event that is not acknowledged", "x-slack-retry-num", "docs"),
    ("no_retry", "an event that the app wants no more", "x-slack-no-retry", "docs"),
    ("signed", "a delivery that is not signed", "X-Slack-Signature", "docs"),
    ("socket_ticket", "a websocket without a ticket", "invalid_auth", "assumed"),
    ("socket_eleventh", "an eleventh websocket", "too_many_websockets", "docs"),
)

STRICTNESSES: Final = (
    *CALLS,
    *MESSAGES,
    *BLOCKS,
    *VIEWS,
    *FILES,
    *RESPONSES,
    *PEOPLE,
    *EVENTS,
)
