"""``views.*``: modals by trigger, updates, App Home."""

from typing import Final

from bot.sandbox import views
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.files import READ
from bot.sandbox.views import View
from bot.sandbox.web_api.call import Call, Method


def open_(call: Call) -> Json:
    slack = call.slack
    raw = _raw(call)
    slack.views.checked(raw, "modal")
    trigger = slack.tickets.exchange(call.need("trigger_id"))
    view = slack.views.make(slack.world.users[trigger.user], raw, "modal")
    slack.views.open(view)
    return _shown(call, view)


def push(call: Call) -> Json:
    slack = call.slack
    raw = _raw(call)
    slack.views.checked(raw, "modal")
    trigger = slack.tickets.exchange(call.need("trigger_id"))
    top = slack.views.top(trigger.user)
    if trigger.view_id is None or top is None:
        raise SlackError("invalid_trigger_id")
    view = slack.views.make(slack.world.users[trigger.user], raw, "modal")
    slack.views.push(view)
    return _shown(call, view)


def update(call: Call) -> Json:
    if not call.text("view_id") and not call.text("external_id"):
        raise SlackError("invalid_arguments", messages=["missing required field: view_id"])
    view = call.slack.views.find(call.text("view_id"), call.text("external_id"))
    call.slack.views.change(view, _raw(call), call.text("hash"))
    return _shown(call, view)


def publish(call: Call) -> Json:
    slack = call.slack
    if not slack.config.home_tab:
        raise SlackError("not_enabled")
    user = slack.world.users.get(call.need("user_id"))
    # App Home belongs to people of the installing workspace as far as Slack's documentation goes.
    if user is None or user.is_bot or slack.is_external(user):
        raise SlackError("invalid_arguments", messages=["invalid `user_id`"])
    return _shown(call, slack.views.publish(user, _raw(call), call.text("hash")))


def _raw(call: Call) -> object:
    raw = call.json("view", "invalid_arguments")
    if raw is None:
        raise SlackError("invalid_arguments", messages=["missing required field: view"])
    if isinstance(raw, dict) and _asks_for_a_file(raw.get("blocks")):
        call.scope(READ)
    return raw


def _asks_for_a_file(blocks: object) -> bool:
    elements = (
        [each.get("element") for each in blocks if isinstance(each, dict)]
        if isinstance(blocks, list)
        else []
    )
    return any(isinstance(each, dict) and each.get("type") == "file_input" for each in elements)


def _shown(call: Call, view: View) -> Json:
    slack = call.slack
    slack.changed()
    return {"view": views.as_slack(view, slack.world.users[view.user], slack.app)}


METHODS: Final = (
    Method("views.open", open_, required=("trigger_id", "view")),
    Method("views.push", push, required=("trigger_id", "view")),
    Method("views.update", update, required=("view",)),
    Method("views.publish", publish, required=("user_id", "view")),
)
