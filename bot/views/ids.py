"""The ids of buttons, modals and fields, in one place: what Slack sends back names its handler.

An id is ``noun.action``. A button's value is the id of its thing and, where an old button could
mislead, the version it showed: ``"17:2"`` (see ``value`` and ``parts``).
"""

from enum import StrEnum


class Button(StrEnum):
    """``action_id`` of buttons and selects."""


class Form(StrEnum):
    """``callback_id`` of modals."""


class CommitmentButton(StrEnum):
    """Of commitments; the value is ``value(commitment, version of its terms)``."""

    YES = "commitment.yes"
    YES_IF = "commitment.yes_if"
    ANOTHER_DATE = "commitment.another_date"
    NO = "commitment.no"
    AGREE = "commitment.agree"
    KEEP = "commitment.keep"
    DONE = "commitment.done"
    STUCK = "commitment.stuck"
    ON_TRACK = "commitment.on_track"
    DROP = "commitment.drop"
    CHANGE = "commitment.change"
    TELL_COLLEAGUE = "commitment.tell_colleague"
    TELL_EVERYONE = "commitment.tell_everyone"
    TELL_NOBODY = "commitment.tell_nobody"
    SHOW = "commitment.show"
    NEW = "commitment.new"  # value: empty, or the channel
    LIST = "commitment.list"  # value: the channel
    MINE = "commitment.mine"  # value: empty
    WAITING = "commitment.waiting"  # value: empty
    EARLIER = "commitment.earlier"  # value: list, its channel, where the page begins
    LATER = "commitment.later"


class CommitmentForm(StrEnum):
    """Modals of commitments."""

    YES_IF = "commitment.yes_if"
    CHANGE = "commitment.change"
    NO = "commitment.no"
    DROP = "commitment.drop"
    STUCK = "commitment.stuck"
    NEW = "commitment.new"


class CommitmentField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    OWNER = "commitment.owner"
    WHAT = "commitment.what"
    DUE = "commitment.due"
    NO_DATE = "commitment.no_date"
    LABEL = "commitment.label"
    CONDITION = "commitment.condition"
    WHY = "commitment.why"
    AUDIENCE = "commitment.audience"


def value(*parts: int | str) -> str:
    """A button's value."""
    return ":".join(str(part) for part in parts)


def parts(value: str) -> tuple[str, ...]:
    """What a button's value holds."""
    return tuple(value.split(":"))
