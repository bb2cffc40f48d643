"""What people can do in Slack. The page and the Python API both act through these methods only.

Each method does what Slack's client would do for that person, or refuses with the client's words
(RefusedError).
"""

from bot.sandbox import events, files, membership, posting, views
from bot.sandbox.config import Command
from bot.sandbox.elements import (
    chosen,
    fault_of_entry,
    initial_state,
    overflow_choice,
    refuse_unless_visible,
)
from bot.sandbox.errors import Json, NotShownError, RefusedError
from bot.sandbox.interactions import Interactions, Reply, find_element
from bot.sandbox.messages import Message
from bot.sandbox.slack import Slack
from bot.sandbox.text import mentions, typed
from bot.sandbox.views import View
from bot.sandbox.world import Channel, File, User


class Acts:
    """The things that people do."""

    def __init__(self, slack: Slack, interactions: Interactions) -> None:
        self._slack = slack
        self._interactions = interactions
        self._offered: dict[tuple[str, str, str], dict[str, Json]] = {}
        """Options that the app suggested: (user, block_id, action_id) -> value -> option."""

    # --- looking up -------------------------------------------------------------------------------

    def channel(self, user: User, channel_id: str) -> Channel:
        """A conversation that the person is in."""
        channel = self._slack.world.channels.get(channel_id)
        if channel is None or user.id not in channel.members:
            raise RefusedError("You are not in that conversation.")
        return channel

    def _open(self, user: User, channel_id: str) -> Channel:
        channel = self.channel(user, channel_id)
        if channel.archived:
            raise RefusedError("You are viewing an archived channel.")
        return channel

    def _message(self, user: User, channel: Channel, ts: str) -> Message:
        message = self._slack.find_message(channel, ts, user)
        if message is None:
            raise NotShownError("That message is not there any more.")
        return message

    def _view(self, user: User, view_id: str) -> View:
        stack = self._slack.views.stacks.get(user.id, [])
        home = self._slack.views.homes.get(user.id)
        for view in [*stack, *([home] if home else [])]:
            if view.id == view_id:
                return view
        raise NotShownError("That view is not open any more.")

    def can_run_commands(self, user: User) -> bool:
        """Slash commands and shortcuts belong to the workspace that installed the app."""
        return not self._slack.is_external(user)

    # --- writing ----------------------------------------------------------------------------------

    def say(
        self,
        user: User,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        *,
        broadcast: bool = False,
    ) -> Message:
        """Write a message or a reply in a thread; ``broadcast`` sends the reply to both."""
        slack = self._slack
        channel = self._open(user, channel_id)
        if not text.strip():
            raise RefusedError("There is nothing to send.")
        if text.startswith("/") and not text.startswith("//"):
            raise RefusedError("A message that begins with / is a command.")
        if channel.is_im and not slack.config.messages_tab:
            raise RefusedError("Sending messages to this app has been turned off.")
        if thread_ts is not None:
            parent = self._message(user, channel, thread_ts)
            if parent.ephemeral_to:
                raise RefusedError("Nobody can reply to a message that only you can see.")
            thread_ts = parent.thread_ts or parent.ts
        written = self._typed(user, channel, text)
        message = posting.write(
            slack, channel, user, written, thread_ts=thread_ts, broadcast=broadcast
        )
        slack.read(channel, user)
        if not slack.bot_in(channel) and mentions(written, slack.app.bot_user_id):
            slack.notice(user, f"{slack.app.name} is not in this channel. Invite it to talk to it.")
        return message

    def edit(self, user: User, channel_id: str, ts: str, text: str) -> None:
        """Edit one's own message."""
        channel = self._open(user, channel_id)
        message = self._own(user, channel, ts)
        if not text.strip():
            raise RefusedError("There is nothing to send.")
        posting.edit(self._slack, channel, message, user, self._typed(user, channel, text), None)

    def delete(self, user: User, channel_id: str, ts: str) -> None:
        """Delete one's own message. Owners of the hosting workspace may delete any message."""
        channel = self._open(user, channel_id)
        message = self._message(user, channel, ts)
        if message.gone:
            raise NotShownError("That message is not there any more.")
        may = message.user == user.id or message.ephemeral_to == user.id
        host = self._slack.world.kind_of(user) == "member"
        if not may and not (host and message.bot_id):
            raise RefusedError("You can delete only your own messages.")
        posting.delete(self._slack, channel, message)

    def react(self, user: User, channel_id: str, ts: str, name: str) -> None:
        """Add a reaction, or take one's own back."""
        channel = self._open(user, channel_id)
        message = self._message(user, channel, ts)
        if message.ephemeral_to:
            raise RefusedError("You cannot react to a message that only you can see.")
        name = name.strip(":")
        if not posting.react(self._slack, channel, message, user, name):
            posting.unreact(self._slack, channel, message, user, name)

    def read(self, user: User, channel_id: str) -> None:
        """Look at a conversation: nothing in it is unread any more."""
        self._slack.read(self.channel(user, channel_id), user)

    def _own(self, user: User, channel: Channel, ts: str) -> Message:
        message = self._message(user, channel, ts)
        if message.user != user.id:
            raise RefusedError("You can edit only your own messages.")
        return message

    def _typed(self, user: User, channel: Channel, text: str, *, labels: bool = False) -> str:
        """As the client sends it; it completes names of one's own workspace and of the channel."""
        world = self._slack.world
        people = [
            each
            for each in world.users.values()
            if each.id in channel.members or each.team_id == user.team_id
        ]
        people.append(self._slack.bot)
        rooms = [room for room in world.channels.values() if not room.is_private]
        return typed(text, people, [*rooms, channel], labels=labels)

    # --- commands and shortcuts -------------------------------------------------------------------

    async def slash(
        self, user: User, channel_id: str, text: str, *, thread_ts: str | None = None
    ) -> Reply:
        """Type a slash command; ``text`` is the whole line, ``/partner commit …``."""
        name, _, rest = text.strip().partition(" ")
        command = next((c for c in self._slack.config.commands if c.command == name), None)
        allowed = "commands" in self._slack.config.scopes and self.can_run_commands(user)
        channel = self.channel(user, channel_id)
        if command is None or not allowed:
            return self._told(user, f"{name} is not a valid command.")
        if thread_ts is not None:
            return self._told(user, f"{name} is not supported in threads. Sorry!")
        if channel.archived:
            return self._told(user, "You are viewing an archived channel.")
        rest = rest.strip()
        if command.should_escape:
            rest = self._typed(user, channel, rest, labels=True)
        return await self._interactions.command(user, channel, command, rest)

    async def shortcut(
        self, user: User, callback_id: str, channel_id: str | None = None, ts: str | None = None
    ) -> Reply:
        """Choose a shortcut: of a message where one is given, else a global one."""
        kind = "message" if ts else "global"
        known = [(s.callback_id, s.type) for s in self._slack.config.shortcuts]
        if (callback_id, kind) not in known or not self.can_run_commands(user):
            raise NotShownError(f"There is no {kind} shortcut {callback_id!r} for {user.name}.")
        if ts is None or channel_id is None:
            return await self._interactions.global_shortcut(user, callback_id)
        channel = self._open(user, channel_id)
        message = self._message(user, channel, ts)
        if message.ephemeral_to:
            raise RefusedError("There are no shortcuts on messages that only you can see.")
        return await self._interactions.message_shortcut(user, channel, message, callback_id)

    def _told(self, user: User, sentence: str) -> Reply:
        self._slack.notice(user, sentence)
        return Reply(False, notice=sentence)

    # --- elements ---------------------------------------------------------------------------------

    async def click(
        self,
        user: User,
        channel_id: str,
        ts: str,
        block_id: str,
        action_id: str,
        value: object = None,
    ) -> Reply:
        """Press a button of a message, or choose ``value`` from its overflow menu."""
        channel = self._open(user, channel_id)
        message = self._message(user, channel, ts)
        block, element = find_element(message.blocks, block_id, action_id)
        refuse_unless_visible(element, user.id)
        state = overflow_choice(element, value) if element["type"] == "overflow" else {}
        return await self._interactions.act_on_message(
            user, channel, message, block, element, state
        )

    async def choose(
        self,
        user: User,
        channel_id: str,
        ts: str,
        block_id: str,
        action_id: str,
        selected: object,
    ) -> Reply:
        """Choose in a menu, a picker or checkboxes of a message, or fill in its text field."""
        channel = self._open(user, channel_id)
        message = self._message(user, channel, ts)
        block, element = find_element(message.blocks, block_id, action_id)
        state = self._chosen(user, block, element, selected)
        if block["type"] == "input" and not block.get("dispatch_action"):
            self.enter(user, channel_id, ts, {block_id: {action_id: selected}})
            return Reply(True)
        return await self._interactions.act_on_message(
            user, channel, message, block, element, state
        )

    async def act_in_view(
        self, user: User, view_id: str, block_id: str, action_id: str, selected: object = None
    ) -> Reply:
        """Use an element of a modal or of App Home."""
        view = self._view(user, view_id)
        block, element = find_element(view.blocks, block_id, action_id)
        if element["type"] == "button":
            state: Json = {}
        elif element["type"] == "overflow":
            state = overflow_choice(element, selected)
        else:
            state = self._chosen(user, block, element, selected)
        view.errors.pop(block_id, None)
        return await self._interactions.act_on_view(user, view, block, element, state)

    def enter(
        self, user: User, channel_id: str, ts: str, values: dict[str, dict[str, object]]
    ) -> None:
        """What a person has put into a message's elements, without anything being sent yet."""
        message = self._message(user, self._open(user, channel_id), ts)
        entered = self._slack.entered.setdefault((user.id, channel_id, ts), {})
        for block_id, actions in values.items():
            for action_id, selected in actions.items():
                block, element = find_element(message.blocks, block_id, action_id)
                state = self._chosen(user, block, element, selected)
                entered.setdefault(block_id, {})[action_id] = state

    def _chosen(self, user: User, block: Json, element: Json, selected: object) -> Json:
        if element["type"] == "file_input":
            return files.chosen(self._slack, user, element, selected)
        known = self._offered.get((user.id, block["block_id"], element["action_id"]), {})
        return chosen(element, selected, list(known.values()))

    async def suggest(
        self,
        user: User,
        block_id: str,
        action_id: str,
        text: str,
        *,
        view_id: str | None = None,
        channel_id: str | None = None,
        ts: str | None = None,
    ) -> list[Json]:
        """Type into an external select; returns the options that the app suggests."""
        view = self._view(user, view_id) if view_id else None
        message = None
        if view is None:
            message = self._message(user, self._open(user, channel_id or ""), ts or "")
        blocks = view.blocks if view else message.blocks if message else []
        block, element = find_element(blocks, block_id, action_id)
        options = await self._interactions.suggest(
            user, block, element, text, view=view, message=message
        )
        seen = self._offered.setdefault((user.id, block_id, action_id), {})
        seen.update({str(option["value"]): option for option in options})
        return options

    # --- modals and App Home ----------------------------------------------------------------------

    def fill(self, user: User, view_id: str, values: dict[str, dict[str, object]]) -> None:
        """Put values into a modal's fields without sending it: block_id -> action_id -> value."""
        view = self._view(user, view_id)
        for block_id, actions in values.items():
            for action_id, selected in actions.items():
                block, element = find_element(view.blocks, block_id, action_id)
                if initial_state(element) is None:
                    raise NotShownError(f"Nothing can be entered in a {element['type']}.")
                state = self._chosen(user, block, element, selected)
                view.values.setdefault(block["block_id"], {})[action_id] = state

    def upload(
        self, user: User, view_id: str, block_id: str, action_id: str, name: str, data: bytes
    ) -> File:
        """Choose a file of one's machine for a modal's field: it goes to Slack at once, and its id
        is what the field holds.
        """
        _, element = find_element(self._view(user, view_id).blocks, block_id, action_id)
        if element["type"] != "file_input":
            raise NotShownError(f"No file can be put into a {element['type']}.")
        return files.upload(self._slack, user, element, name, data)

    async def submit(
        self, user: User, view_id: str, values: dict[str, dict[str, object]] | None = None
    ) -> Reply:
        """Fill in a modal and send it. What the client itself refuses never reaches the app."""
        self.fill(user, view_id, values or {})
        view = self._view(user, view_id)
        if view.body.get("submit") is None:
            raise NotShownError("This view has no button to send it.")
        view.errors = {}
        for block in view.blocks:
            if block["type"] == "input":
                state = view.values.get(block["block_id"], {}).get(block["element"]["action_id"])
                fault = fault_of_entry(block, state)
                if fault:
                    view.errors[block["block_id"]] = fault
        if view.errors:
            self._slack.changed()
            return Reply(False, body={"errors": dict(view.errors)})
        return await self._interactions.submit(user, view)

    async def close(self, user: User, view_id: str, *, everything: bool = False) -> None:
        """Close a modal, or all of them."""
        await self._interactions.close(user, self._view(user, view_id), everything=everything)

    def home(self, user: User) -> None:
        """Open the app's Home tab; the app hears of it and may publish a view."""
        if not self.home_available(user):
            raise RefusedError("This app has no Home for you.")
        view = self._slack.views.homes.get(user.id)
        shown = views.as_slack(view, user, self._slack.app) if view else None
        events.home_opened(self._slack, user, "home", shown)

    def home_available(self, user: User) -> bool:
        """Nothing in Slack's documentation promises App Home to people of other workspaces."""
        return self._slack.config.home_tab and not self._slack.is_external(user)

    def open_dm(self, user: User) -> Channel:
        """Open the direct message with the app (its Messages tab)."""
        if not self._slack.may_dm(user):
            raise RefusedError("You share no channel with this app.")
        channel = self._slack.open_im(user)
        events.home_opened(self._slack, user, "messages", None)
        return channel

    # --- channels ---------------------------------------------------------------------------------

    def invite_bot(self, user: User, channel_id: str) -> None:
        """``/invite @app``: for people of the workspace that installed it."""
        channel = self._open(user, channel_id)
        if channel.is_im:
            raise RefusedError("Nobody can be added to a direct message.")
        if self._slack.world.kind_of(user) != "member":
            raise RefusedError("Only members of the workspace that installed the app can add it.")
        if not membership.join(self._slack, channel, self._slack.bot, user):
            raise RefusedError(f"{self._slack.app.name} is already in this channel.")

    def remove_bot(self, user: User, channel_id: str) -> None:
        """``/remove @app``."""
        channel = self._open(user, channel_id)
        if channel.is_im or self._slack.world.kind_of(user) != "member":
            raise RefusedError("You cannot remove the app from here.")
        if not membership.leave(self._slack, channel, self._slack.bot):
            raise RefusedError(f"{self._slack.app.name} is not in this channel.")

    def join(self, user: User, channel_id: str) -> None:
        """Come into a channel of one's own workspace."""
        channel = self._slack.world.channels.get(channel_id)
        if channel is None or user.team_id not in channel.teams or channel.is_im:
            raise RefusedError("There is no such channel for you.")
        membership.join(self._slack, channel, user)

    def leave(self, user: User, channel_id: str) -> None:
        """Leave a channel."""
        membership.leave(self._slack, self.channel(user, channel_id), user)

    def archive(self, user: User, channel_id: str) -> None:
        """Archive a channel."""
        membership.archive(self._slack, self._open_as_host(user, channel_id), user)

    def unarchive(self, user: User, channel_id: str) -> None:
        """Bring an archived channel back."""
        channel = self.channel(user, channel_id)
        if not channel.archived:
            raise RefusedError("This channel is not archived.")
        membership.unarchive(self._slack, channel, user)

    def rename(self, user: User, channel_id: str, name: str) -> None:
        """Give a channel another name."""
        membership.rename(self._slack, self._open_as_host(user, channel_id), name, user)

    def remove_channel(self, user: User, channel_id: str) -> None:
        """Delete a channel."""
        membership.remove(self._slack, self._open_as_host(user, channel_id), user)

    def unshare(self, user: User, channel_id: str, team_id: str) -> None:
        """End the sharing of a channel with another workspace."""
        channel = self._open_as_host(user, channel_id)
        if team_id not in channel.teams[1:]:
            raise RefusedError("This channel is not shared with that workspace.")
        membership.unshare(self._slack, channel, team_id)

    def _open_as_host(self, user: User, channel_id: str) -> Channel:
        channel = self._open(user, channel_id)
        if self._slack.world.kind_of(user) != "member":
            raise RefusedError("Only members of the hosting workspace can do that.")
        return channel

    def commands_for(self, user: User) -> list[Command]:
        """The app's commands as far as the person can run them."""
        if "commands" not in self._slack.config.scopes or not self.can_run_commands(user):
            return []
        return list(self._slack.config.commands)
