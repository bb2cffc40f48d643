"""One coming-in of one person, by whichever door, in the form that every handler takes."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.people import Installation, Person
from handlers.house import House


class Door(StrEnum):
    """How somebody came in."""

    COMMAND = "command"
    MENTION = "mention"
    DIRECT = "direct"
    REPLY = "reply"
    BUTTON = "button"
    MODAL = "modal"
    SHORTCUT = "shortcut"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is there, where, when, and what they brought."""

    house: House
    door: Door
    installation: Installation
    person: Person
    channel: str | None
    """Where it happened; None for App Home and for modals opened there."""
    key: str
    """Of this delivery: a repeat has the same."""
    now: datetime
    zone: str
    """The person's own, else the installing organization's."""
    body: Mapping[str, Any]
    text: str = ""
    """The words after the command or the mention, or of the reply; cleaned."""
    ts: str | None = None
    """Of the message that they wrote or whose button they pressed."""
    thread: str | None = None
    """Of the thread's first message, where it happened in one."""
    value: str = ""
    """Of the button or the choice; of a modal its private part."""
    address: str | None = None
    """Of a modal: where it is answered, which is beside what it was opened from, if that can be."""
    replaces: bool = False
    """Whether that answer takes the place of the message it was opened from."""
    until: float | None = None
    """On the monotonic clock, in seconds: when Slack has to have answered all that is asked of it
    meanwhile. None where nobody waits.
    """

    @property
    def private(self) -> bool:
        """Whether it happened in no channel: in a direct message, or App Home."""
        return not self.channel or self.channel.startswith("D")

    @property
    def overheard(self) -> bool:
        """Whether others may read what answers an act: in the thread of a mention, and where it
        takes the place of the message that a form was opened from, since a form does not tell
        where that stands.
        """
        if self.door is Door.MODAL:
            return self.replaces
        return self.door is Door.MENTION and not self.private

    @property
    def patience(self) -> float | None:
        """How many seconds a question to Slack may take still; None for as long as usual."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())

    @property
    def trigger(self) -> str | None:
        """What opens a modal; it lives for three seconds."""
        return self.body.get("trigger_id")

    @property
    def fields(self) -> dict[str, Any]:
        """What a modal (or a message's inputs) holds, by ``action_id``."""
        view = self.body.get("view") or {}
        state = view.get("state") or self.body.get("state") or {}
        return {
            action: _entered(element)
            for block in (state.get("values") or {}).values()
            for action, element in block.items()
        }


def _entered(element: Mapping[str, Any]) -> Any:
    for name in ("value", "selected_date", "selected_time", "selected_user"):
        if element.get(name) is not None:
            return element[name]
    if element.get("selected_option"):
        return element["selected_option"]["value"]
    if "files" in element:
        return list(element["files"] or ())
    if "selected_options" in element:
        return [chosen["value"] for chosen in element["selected_options"] or ()]
    return None
