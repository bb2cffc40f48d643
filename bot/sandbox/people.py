"""The Python API of the people: what tests and stories say that somebody does and sees."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit import elements_of, flat, options_of, text_in
from bot.sandbox.elements import initial_state, may_press
from bot.sandbox.errors import Json, NotShownError
from bot.sandbox.interactions import Reply
from bot.sandbox.messages import Message
from bot.sandbox.text import unescape
from bot.sandbox.views import View
from bot.sandbox.world import Channel, User

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox


@dataclass(frozen=True, slots=True)
class Spot:
    """An element that a person can use, and where it stands."""

    block: Json
    element: Json
    message: Message | None = None
    view: View | None = None


class Person:
    """Somebody in the sandbox, to act as."""

    def __init__(self, sandbox: "Sandbox", user: User) -> None:
        self._sandbox = sandbox
        self._slack = sandbox.slack
        self._acts = sandbox.acts
        self.user = user

    def __repr__(self) -> str:
        return f"<{self.user.name} of {self.user.organization}>"

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def mention(self) -> str:
        """``<@U…>``, as messages write it."""
        return f"<@{self.user.id}>"

    # --- what they see ----------------------------------------------------------------------------

    def messages(
        self, channel: str | None = None, *, thread: "Message | str | None" = None
    ) -> list[Message]:
        """What the person sees, oldest first: a channel, one of its threads, or everything.

        Top-level messages, replies and the person's own ephemeral messages are all included, so
        that a story need not know where the app put something.
        """
        channels = [self._channel(channel)] if channel else self._slack.channels_of(self.user)
        found = [m for c in channels for m in self._slack.visible_messages(c, self.user)]
        if thread is not None:
            root = _ts(thread)
            found = [m for m in found if root in (m.thread_ts, m.ts)]
        return sorted(found, key=lambda message: message.ts)

    def dm(self) -> list[Message]:
        """The direct messages with the app, oldest first."""
        channel = self._slack.im_with(self.user)
        return self._slack.visible_messages(channel, self.user) if channel else []

    def ephemerals(self, channel: str | None = None) -> list[Message]:
        """What only this person sees in channels."""
        return [m for m in self.messages(channel) if m.ephemeral_to]

    @property
    def modal(self) -> View | None:
        """The modal that is open, if any."""
        return self._slack.views.top(self.user.id)

    def has_modal(self) -> bool:
        """Whether a modal is open."""
        return self.modal is not None

    @property
    def home(self) -> View | None:
        """What the app has published to this person's Home tab."""
        return self._slack.views.homes.get(self.user.id)

    @property
    def notices(self) -> list[str]:
        """What Slack itself has told the person since they last did something."""
        return list(self._slack.notices.get(self.user.id, []))

    def sees(self, text: str, *, channel: str | None = None) -> bool:
        """Whether a text can be read: in messages, the open modal, App Home, or a notice."""
        return any(text in shown for shown in self._texts(channel))

    def reads(self, *, channel: str | None = None) -> str:
        """Everything that the person can read, for messages of failed assertions."""
        return "\n".join(self._texts(channel))

    async def waits_to_see(
        self, text: str, *, channel: str | None = None, within: float = 5.0
    ) -> None:
        """Return as soon as the text can be read; NotShownError when that takes too long."""
        try:
            await self._sandbox.until(lambda: self.sees(text, channel=channel), within=within)
        except TimeoutError:
            raise NotShownError(
                f"{self.user.name} never saw {text!r}, but:\n{self.reads(channel=channel)}"
            ) from None

    def _texts(self, channel: str | None) -> Iterator[str]:
        for message in self.messages(channel):
            yield self.words(message)
        if channel is None:
            for view in (self.modal, self.home):
                if view:
                    yield self._named(text_in([view.body.get("title"), *view.blocks]))
                    yield from view.errors.values()
            yield from self.notices

    def words(self, message: Message) -> str:
        """A message as it reads: its blocks where it has any of its own, else its text."""
        own_blocks = [b for b in message.blocks if b.get("type") != "rich_text"]
        shown = text_in(own_blocks) if own_blocks else message.text
        return self._named(shown)

    def _named(self, text: str) -> str:
        users, channels = self._slack.world.users, self._slack.world.channels

        def user(match: re.Match[str]) -> str:
            known = users.get(match[1])
            return f"@{known.name}" if known else match[0]

        def channel(match: re.Match[str]) -> str:
            known = channels.get(match[1])
            return f"#{known.name}" if known else match[0]

        text = re.sub(r"<@([A-Z0-9]+)(?:\|[^>]*)?>", user, text)
        text = re.sub(r"<#([A-Z0-9]+)(?:\|[^>]*)?>", channel, text)
        return unescape(text)

    def button_labels(self, message: Message | None = None) -> list[str]:
        """The labels of all buttons that can be pressed, the newest message's last."""
        return [
            spot.element["text"]["text"]
            for spot in reversed(list(self._spots(message, None)))
            if spot.element["type"] == "button"
        ]

    # --- writing ----------------------------------------------------------------------------------

    async def says(
        self,
        text: str,
        *,
        channel: str | None = None,
        thread: "Message | str | None" = None,
        broadcast: bool = False,
    ) -> str:
        """Write a message (in a thread: a reply); returns its ``ts``."""
        self._begin()
        room = self._channel(channel, thread)
        ts = _ts(thread) if thread is not None else None
        return self._acts.say(self.user, room.id, text, ts, broadcast=broadcast).ts

    async def tells_app(self, text: str, *, thread: "Message | str | None" = None) -> str:
        """Write to the app directly."""
        self._begin()
        room = self._slack.im_with(self.user) or self._acts.open_dm(self.user)
        ts = _ts(thread) if thread is not None else None
        return self._acts.say(self.user, room.id, text, ts).ts

    async def edits(self, message: "Message | str", text: str, *, channel: str = "") -> None:
        """Change one's own message."""
        self._begin()
        self._acts.edit(self.user, self._channel(channel, message).id, _ts(message), text)

    async def deletes(self, message: "Message | str", *, channel: str = "") -> None:
        """Delete a message."""
        self._begin()
        self._acts.delete(self.user, self._channel(channel, message).id, _ts(message))

    async def reacts(self, message: "Message | str", name: str, *, channel: str = "") -> None:
        """Add a reaction, or take one's own back."""
        self._begin()
        self._acts.react(self.user, self._channel(channel, message).id, _ts(message), name)

    async def slash(
        self,
        line: str,
        *,
        channel: str | None = None,
        thread: "Message | str | None" = None,
    ) -> Reply:
        """Type a slash command (in the app's direct message if no channel is named)."""
        self._begin()
        if channel is None and thread is None:
            room = self._slack.im_with(self.user) or self._acts.open_dm(self.user)
        else:
            room = self._channel(channel, thread)
        ts = _ts(thread) if thread is not None else None
        return await self._acts.slash(self.user, room.id, line, thread_ts=ts)

    async def chooses_shortcut(self, callback_id: str, message: Message | None = None) -> Reply:
        """Choose a message shortcut, or a global one."""
        self._begin()
        channel = message.channel if message else None
        ts = message.ts if message else None
        return await self._acts.shortcut(self.user, callback_id, channel, ts)

    # --- pressing and choosing --------------------------------------------------------------------

    async def clicks(
        self,
        label: str,
        *,
        message: Message | None = None,
        channel: str | None = None,
        option: str | None = None,
    ) -> Reply:
        """Press the newest button with this label that the person can see.

        The open modal comes first, then messages of all kinds from the newest, then App Home. The
        label may also be an ``action_id``. With ``option`` it is an overflow menu's entry.
        """
        self._begin()
        kinds = {"overflow"} if option else {"button"}
        spot = self._spot(label, kinds, message, channel)
        return await self._use(spot, option)

    async def picks(
        self,
        label: str,
        value: object,
        *,
        message: Message | None = None,
        channel: str | None = None,
    ) -> Reply:
        """Choose in a menu, picker, or set of boxes, named by label, placeholder or ``action_id``.

        Options are named by their text or value. In a modal the choice stays there until
        ``submits``, unless the element sends at once.
        """
        self._begin()
        return await self._use(self._spot(label, None, message, channel), value)

    async def fills(self, label: str, text: str) -> None:
        """Type into a field of the open modal, without sending it."""
        self._begin()
        spot = self._spot(label, None, None, None)
        if spot.view is None:
            raise NotShownError(f"{self.user.name} has no open form with {label!r}.")
        values: dict[str, dict[str, object]] = {
            spot.block["block_id"]: {spot.element["action_id"]: text}
        }
        self._acts.fill(self.user, spot.view.id, values)

    async def attaches(self, label: str, name: str, data: bytes) -> None:
        """Choose a file of one's machine in a field of the open modal, without sending it."""
        self._begin()
        spot = self._spot(label, {"file_input"}, None, None)
        if spot.view is None:
            raise NotShownError(f"{self.user.name} has no open form with {label!r}.")
        where = (spot.block["block_id"], spot.element["action_id"])
        file = self._acts.upload(self.user, spot.view.id, *where, name, data)
        self._acts.fill(self.user, spot.view.id, {where[0]: {where[1]: [file.id]}})

    async def submits(self, values: Mapping[str, object] | None = None, **named: object) -> Reply:
        """Fill in the open modal and send it; keys are labels, ``block_id`` or ``action_id``."""
        self._begin()
        view = self._open_modal()
        form: dict[str, dict[str, object]] = {}
        for key, value in {**(values or {}), **named}.items():
            spot = self._pick(key, self._spots_in_view(view), None)
            if spot is None:
                raise NotShownError(
                    f"{self.user.name}'s form has no field {key!r}, but: {self._fields(view)}"
                )
            form.setdefault(spot.block["block_id"], {})[spot.element["action_id"]] = value
        return await self._acts.submit(self.user, view.id, form)

    async def closes(self, *, everything: bool = False) -> None:
        """Close the open modal, or the whole stack of them."""
        self._begin()
        await self._acts.close(self.user, self._open_modal().id, everything=everything)

    async def asks_options(
        self, label: str, text: str, *, message: Message | None = None
    ) -> list[str]:
        """Type into an external select; returns the texts of the options suggested."""
        self._begin()
        spot = self._spot(label, {"external_select", "multi_external_select"}, message, None)
        options = await self._acts.suggest(
            self.user,
            spot.block["block_id"],
            spot.element["action_id"],
            text,
            view_id=spot.view.id if spot.view else None,
            channel_id=spot.message.channel if spot.message else None,
            ts=spot.message.ts if spot.message else None,
        )
        return [option["text"]["text"] for option in options]

    async def opens_home(self) -> None:
        """Open the app's Home tab."""
        self._begin()
        self._acts.home(self.user)

    async def opens_dm(self) -> None:
        """Open the direct message with the app."""
        self._begin()
        self._acts.open_dm(self.user)

    # --- channels ---------------------------------------------------------------------------------

    async def invites_app(self, channel: str) -> None:
        self._begin()
        self._acts.invite_bot(self.user, self._channel(channel).id)

    async def removes_app(self, channel: str) -> None:
        self._begin()
        self._acts.remove_bot(self.user, self._channel(channel).id)

    async def joins(self, channel: str) -> None:
        self._begin()
        self._acts.join(self.user, self._slack.world.find_channel(channel).id)

    async def leaves(self, channel: str) -> None:
        self._begin()
        self._acts.leave(self.user, self._channel(channel).id)

    async def archives(self, channel: str) -> None:
        self._begin()
        self._acts.archive(self.user, self._channel(channel).id)

    async def unarchives(self, channel: str) -> None:
        self._begin()
        self._acts.unarchive(self.user, self._channel(channel).id)

    async def renames(self, channel: str, name: str) -> None:
        self._begin()
        self._acts.rename(self.user, self._channel(channel).id, name)

    async def deletes_channel(self, channel: str) -> None:
        self._begin()
        self._acts.remove_channel(self.user, self._channel(channel).id)

    async def stops_sharing(self, channel: str, workspace: str) -> None:
        """Disconnect another workspace (by key or name) from a shared channel."""
        self._begin()
        for team in self._slack.world.workspaces.values():
            if workspace in (team.key, team.name, team.id):
                self._acts.unshare(self.user, self._channel(channel).id, team.id)
                return
        raise KeyError(workspace)

    # --- finding things ---------------------------------------------------------------------------

    def _begin(self) -> None:
        self._slack.notices.pop(self.user.id, None)

    def _channel(self, name: str | None, message: "Message | str | None" = None) -> Channel:
        if isinstance(message, Message):
            return self._slack.world.channels[message.channel]
        if name:
            channel = self._slack.world.find_channel(name)
            if self.user.id not in channel.members:
                raise NotShownError(f"{self.user.name} is not in {name}.")
            return channel
        if isinstance(message, str):
            for channel in self._slack.channels_of(self.user):
                if self._slack.find_message(channel, message, self.user):
                    return channel
            raise NotShownError(f"{self.user.name} sees no message {message}.")
        mine = [c for c in self._slack.channels_of(self.user) if not c.is_im]
        if len(mine) == 1:
            return mine[0]
        raise ValueError(f"{self.user.name} is in {len(mine)} channels; name one.")

    def _open_modal(self) -> View:
        if self.modal is None:
            raise NotShownError(f"{self.user.name} has no modal open.")
        return self.modal

    def _fields(self, view: View) -> list[str]:
        return [_label(spot) for spot in self._spots_in_view(view)]

    def _spots(self, message: Message | None, channel: str | None) -> Iterator[Spot]:
        if message is not None:
            current = self._slack.find_message(
                self._slack.world.channels[message.channel], message.ts, self.user
            )
            if current:
                yield from self._spots_in_message(current)
            return
        if channel is None and self.modal:
            yield from self._spots_in_view(self.modal)
        for shown in reversed(self.messages(channel)):
            yield from self._spots_in_message(shown)
        if channel is None and self.home:
            yield from self._spots_in_view(self.home)

    def _spots_in_message(self, message: Message) -> Iterator[Spot]:
        for block in flat(message.blocks):
            for element in elements_of(block):
                if may_press(element, self.user.id):
                    yield Spot(block, element, message=message)

    def _spots_in_view(self, view: View) -> Iterator[Spot]:
        for block in flat(view.blocks):
            for element in elements_of(block):
                yield Spot(block, element, view=view)

    def _spot(
        self,
        label: str,
        kinds: set[str] | None,
        message: Message | None,
        channel: str | None,
    ) -> Spot:
        spot = self._pick(label, self._spots(message, channel), kinds)
        if spot is None:
            offered = [_label(one) for one in self._spots(message, channel)]
            raise NotShownError(
                f"{self.user.name} sees nothing called {label!r}, but: {offered}\n"
                f"{self.reads(channel=channel)}"
            )
        return spot

    @staticmethod
    def _pick(label: str, spots: Iterable[Spot], kinds: set[str] | None) -> Spot | None:
        for spot in spots:
            if kinds is not None and spot.element["type"] not in kinds:
                continue
            if kinds is None and initial_state(spot.element) is None:
                continue
            if label in _names(spot):
                return spot
        return None

    async def _use(self, spot: Spot, value: object) -> Reply:
        block_id, action_id = spot.block["block_id"], spot.element["action_id"]
        if spot.view is not None:
            return await self._acts.act_in_view(self.user, spot.view.id, block_id, action_id, value)
        if spot.message is None:
            raise NotShownError("That element stands nowhere.")
        where = (self.user, spot.message.channel, spot.message.ts, block_id, action_id)
        if spot.element["type"] in ("button", "overflow"):
            return await self._acts.click(*where, value)
        return await self._acts.choose(*where, value)


def _label(spot: Spot) -> str:
    names = _names(spot)
    return names[0] if names else str(spot.element.get("type"))


def _names(spot: Spot) -> list[str]:
    element, block = spot.element, spot.block
    candidates: list[Any] = [
        (element.get("text") or {}).get("text"),
        (block.get("label") or {}).get("text"),
        (element.get("placeholder") or {}).get("text"),
        element.get("action_id"),
        block.get("block_id"),
    ]
    if element["type"] in ("radio_buttons", "checkboxes", "overflow"):
        candidates += [option["text"]["text"] for option in options_of(element)]
    if block.get("type") == "section" and isinstance(block.get("text"), dict):
        candidates.append(block["text"]["text"])
    return [str(name) for name in candidates if name]


def _ts(message: "Message | str") -> str:
    return message if isinstance(message, str) else message.ts
