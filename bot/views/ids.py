"""The ids of buttons, modals and fields, in one place: what Slack sends back names its handler.

An id is ``noun.action``. A button's value is the id of its thing and, where an old button could
mislead, the version it showed: ``"17:2"`` (see ``value`` and ``parts``).
"""

from enum import StrEnum


class Button(StrEnum):
    """``action_id`` of buttons and selects."""


class Form(StrEnum):
    """``callback_id`` of modals."""


def value(*parts: int | str) -> str:
    """A button's value."""
    return ":".join(str(part) for part in parts)


def parts(value: str) -> tuple[str, ...]:
    """What a button's value holds."""
    return tuple(value.split(":"))
