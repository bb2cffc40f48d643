"""Commands, buttons, forms and shortcuts: the payloads that go to the app, and what comes back.

Where a person of another workspace acts, ``team`` is the installing workspace for actions and
shortcuts, but the submitter's own for ``view_submission`` and ``view_closed`` (bolt-js issue 1614);
``user.team_id`` is always their own.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox import posting, views
from bot.sandbox.block_kit import elements_of, faults_of_blocks, flat, with_ids
from bot.sandbox.config import Command
from bot.sandbox.delivery import Ack, Deliveries
from bot.sandbox.elements import action_of, initial_state
from bot.sandbox.errors import Json, NotShownError, SlackError
from bot.sandbox.events import VERIFICATION, bot_profile
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.views import View
from bot.sandbox.world import Channel, User, Workspace

NO_ANSWER = "This app did not answer in time. Try again, or tell the people who run it."
NOT_CONFIGURED = "This app is not configured to handle interactive responses."
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a person got back at once for a command, a click or a form."""

    ok: bool
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    body: Json | None = None
    notice: str | None = None
    """What Slack itself told the person instead, if anything."""


class Interactions:
    """Sends what people do with commands, buttons and forms to the app and shows its answer."""

    def __init__(self, slack: Slack, deliveries: Deliveries) -> None:
        self._slack = slack
        self._deliveries = deliveries
        self.base_url = ""

    # --- commands ---------------------------------------------------------------------------------

    async def command(self, user: User, channel: Channel, command: Command, text: str) -> Reply:
        """Run a slash command and show what the acknowledgement says."""
        slack = self._slack
        team = slack.world.workspaces[user.team_id]
        payload: Json = {
            "token": VERIFICATION,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": channel.id,
            "channel_name": "directmessage" if channel.is_im else channel.name,
            "user_id": user.id,
            "user_name": user.username,
            "command": command.command,
            "text": text,
            "api_app_id": slack.app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel),
            "trigger_id": slack.tickets.trigger(user.id),
        }
        ack = await self._deliveries.ask("slash_commands", payload)
        if not ack.ok:
            reason = "operation_timeout" if "timeout" in ack.reason else "dispatch_failed"
            return self._failed(user, f'{command.command} failed with the error "{reason}"')
        try:
            return self.show(user, channel, ack.body)
        except SlackError:
            text = f'{command.command} failed with the error "invalid_command_response"'
            return self._failed(user, text)

    def show(self, user: User, channel: Channel, body: Json | None, **more: Any) -> Reply:
        """Post what a command's acknowledgement or a ``response_url`` carries."""
        if not body or not (body.get("text") or body.get("blocks") or body.get("attachments")):
            return Reply(True, body=body)
        text, blocks = message_content(self._slack, body)
        if body.get("response_type") == "in_channel":
            posting.post(self._slack, channel, text, blocks, **more)
        else:
            posting.post(self._slack, channel, text, blocks, ephemeral_to=user.id, **more)
        return Reply(True, text, blocks, body)

    def _failed(self, user: User, sentence: str) -> Reply:
        self._slack.notice(user, sentence)
        return Reply(False, notice=sentence)

    # --- elements of messages and views -----------------------------------------------------------

    async def act_on_message(
        self,
        user: User,
        channel: Channel,
        message: Message,
        block: Json,
        element: Json,
        state: Json,
    ) -> Reply:
        """A button, a menu or a picker in a message was used."""
        slack = self._slack
        key = (user.id, channel.id, message.ts)
        if state and "type" in state and initial_state(element) is not None:
            entered = slack.entered.setdefault(key, {})
            entered.setdefault(block["block_id"], {})[element["action_id"]] = state
        ephemeral = message.ephemeral_to is not None
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        payload = self._base("block_actions", user, slack.home_team)
        payload |= {
            "container": container,
            "trigger_id": slack.tickets.trigger(user.id),
            "channel": {
                "id": channel.id,
                "name": "directmessage" if channel.is_im else channel.name,
            },
            "state": {"values": self._values(message.blocks, slack.entered.get(key, {}))},
            "response_url": self._response_url(
                user,
                channel,
                message_ts=message.ts,
                thread_ts=message.thread_ts,
                ephemeral=ephemeral,
            ),
            "actions": [action_of(block, element, state, slack.timestamps.next())],
        }
        if not ephemeral:
            payload["message"] = _message_of(slack, message)
        ack = await self._ask(payload)
        if not ack.ok:
            return self._unanswered(user, ack)
        return Reply(True, body=ack.body)

    async def act_on_view(
        self, user: User, view: View, block: Json, element: Json, state: Json
    ) -> Reply:
        """A button, a menu or a dispatching field in a modal or in App Home was used."""
        slack = self._slack
        if initial_state(element) is not None:
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = state
            slack.changed()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Reply(True)
        team = slack.home_team
        payload = self._base("block_actions", user, team)
        payload |= {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": slack.tickets.trigger(user.id, view.id),
            "view": self._view(view, user),
            "actions": [action_of(block, element, state, slack.timestamps.next())],
        }
        ack = await self._ask(payload)
        if not ack.ok:
            return self._unanswered(user, ack)
        return Reply(True, body=ack.body)

    async def suggest(
        self,
        user: User,
        block: Json,
        element: Json,
        text: str,
        *,
        view: View | None,
        message: Message | None = None,
    ) -> list[Json]:
        """Ask the app for the options of an external select; empty if it does not answer."""
        slack = self._slack
        payload = self._base("block_suggestion", user, slack.home_team)
        payload |= {
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": text,
        }
        if view:
            payload |= {
                "container": {"type": "view", "view_id": view.id},
                "view": self._view(view, user),
            }
        elif message:
            channel = slack.world.channels[message.channel]
            payload |= {
                "container": {
                    "type": "message",
                    "message_ts": message.ts,
                    "channel_id": channel.id,
                    "is_ephemeral": message.ephemeral_to is not None,
                },
                "channel": {"id": channel.id, "name": channel.name},
                "message": _message_of(slack, message),
            }
        ack = await self._ask(payload)
        body = ack.body or {}
        if not ack.ok:
            slack.notice(user, "Options could not be loaded.")
        options = list(body.get("options") or [])
        for group in body.get("option_groups") or []:
            options += group.get("options") or []
        return [option for option in options if isinstance(option, dict)][:100]

    # --- views ------------------------------------------------------------------------------------

    async def submit(self, user: User, view: View) -> Reply:
        """Send a modal's form; the app closes it, shows errors, or goes on to another view."""
        slack = self._slack
        payload = self._base("view_submission", user, slack.world.workspaces[user.team_id])
        payload |= {
            "trigger_id": slack.tickets.trigger(user.id, view.id),
            "view": self._view(view, user),
            "response_urls": self._response_urls(user, view),
        }
        ack = await self._ask(payload)
        if not ack.ok:
            return self._failed(user, TROUBLE)
        try:
            self._after_submit(user, view, ack)
        except (SlackError, TypeError, AttributeError):
            return self._failed(user, TROUBLE)
        return Reply(True, body=ack.body)

    def _after_submit(self, user: User, view: View, ack: Ack) -> None:
        store, body = self._slack.views, ack.body or {}
        action = body.get("response_action")
        if action == "errors":
            errors = body.get("errors") or {}
            blocks = {b["block_id"] for b in view.blocks if b["type"] == "input"}
            if not errors or not set(errors) <= blocks:
                raise SlackError("invalid_response_action")
            view.errors = {str(block_id): str(text) for block_id, text in errors.items()}
        elif action == "update":
            store.change(view, body.get("view"))
        elif action == "push":
            store.push(store.make(user, body.get("view"), "modal"))
        elif action == "clear":
            store.clear(user.id)
        elif action is None and not body:
            store.close(view)
        else:
            raise SlackError("invalid_response_action")
        self._slack.changed()

    async def close(self, user: User, view: View, *, everything: bool = False) -> None:
        """Close a modal (or the whole stack); the app hears of it where it asked to."""
        store = self._slack.views
        clear = everything or bool(view.body.get("clear_on_close"))
        gone = store.clear(user.id) if clear else [view]
        if not clear:
            store.close(view)
        self._slack.changed()
        for one in gone:
            if one.body.get("notify_on_close"):
                team = self._slack.world.workspaces[user.team_id]
                payload = self._base("view_closed", user, team)
                payload |= {"view": self._view(one, user), "is_cleared": clear}
                await self._ask(payload)

    # --- shortcuts --------------------------------------------------------------------------------

    async def message_shortcut(
        self, user: User, channel: Channel, message: Message, callback_id: str
    ) -> Reply:
        """A message shortcut was chosen from a message's menu."""
        slack = self._slack
        payload = self._base("message_action", user, slack.home_team)
        payload |= {
            "callback_id": callback_id,
            "trigger_id": slack.tickets.trigger(user.id),
            "response_url": self._response_url(user, channel),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name},
            "message": _message_of(slack, message),
            "action_ts": slack.timestamps.next(),
        }
        ack = await self._ask(payload)
        return Reply(True, body=ack.body) if ack.ok else self._unanswered(user, ack)

    async def global_shortcut(self, user: User, callback_id: str) -> Reply:
        """A global shortcut was chosen."""
        slack = self._slack
        payload = self._base("shortcut", user, slack.home_team)
        payload |= {
            "callback_id": callback_id,
            "trigger_id": slack.tickets.trigger(user.id),
            "action_ts": slack.timestamps.next(),
        }
        ack = await self._ask(payload)
        return Reply(True, body=ack.body) if ack.ok else self._unanswered(user, ack)

    async def _ask(self, payload: Json) -> Ack:
        if not self._slack.config.interactivity:
            return Ack(False, reason=NOT_CONFIGURED)
        return await self._deliveries.ask("interactive", payload)

    def _unanswered(self, user: User, ack: Ack) -> Reply:
        return self._failed(user, ack.reason if ack.reason == NOT_CONFIGURED else NO_ANSWER)

    # --- parts of payloads ------------------------------------------------------------------------

    def _base(self, kind: str, user: User, team: Workspace) -> Json:
        return {
            "type": kind,
            "user": {
                "id": user.id,
                "username": user.username,
                "name": user.username,
                "team_id": user.team_id,
            },
            "api_app_id": self._slack.app.id,
            "token": VERIFICATION,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _view(self, view: View, user: User) -> Json:
        return copy.deepcopy(views.as_slack(view, user, self._slack.app))

    def _response_url(self, user: User, channel: Channel, **more: Any) -> str:
        return (
            f"{self.base_url}/response/{self._slack.tickets.reply_to(user.id, channel.id, **more)}"
        )

    def _response_urls(self, user: User, view: View) -> list[Json]:
        urls: list[Json] = []
        for block in flat(view.blocks):
            for element in elements_of(block):
                if not element.get("response_url_enabled"):
                    continue
                state = view.values.get(block["block_id"], {}).get(element["action_id"], {})
                chosen = state.get("selected_conversation") or state.get("selected_channel")
                channel = self._slack.world.channels.get(str(chosen))
                if channel:
                    urls.append(
                        {
                            "block_id": block["block_id"],
                            "action_id": element["action_id"],
                            "channel_id": channel.id,
                            "response_url": self._response_url(user, channel),
                        }
                    )
        return urls

    @staticmethod
    def _values(
        blocks: list[Json], entered: Mapping[str, Mapping[str, Json]]
    ) -> dict[str, dict[str, Json]]:
        values: dict[str, dict[str, Json]] = {}
        for block in flat(blocks):
            for element in elements_of(block):
                state = entered.get(block["block_id"], {}).get(
                    element["action_id"]
                ) or initial_state(element)
                if state is not None:
                    values.setdefault(block["block_id"], {})[element["action_id"]] = state
        return values


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """The block and the element with these ids; NotShownError if there is none."""
    for block in flat(blocks):
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return block, element
    raise NotShownError(f"There is nothing with block_id {block_id!r} and action_id {action_id!r}.")


def message_content(slack: Slack, body: Mapping[str, Any]) -> tuple[str, list[Json]]:
    """Text and blocks of an answer, checked like those of ``chat.postMessage``."""
    raw = body.get("blocks") or []
    found = faults_of_blocks(raw, "message")
    if found:
        raise SlackError("invalid_blocks", messages=found)
    text = body.get("text") or ""
    if not isinstance(text, str):
        raise SlackError("no_text")
    return text[: slack.limits.text_kept], with_ids(raw)


def _message_of(slack: Slack, message: Message) -> Json:
    body = copy.deepcopy(message.as_slack(metadata=True))
    if message.bot_id:
        body["bot_profile"] = bot_profile(slack)
    return body
