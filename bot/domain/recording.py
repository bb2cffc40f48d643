"""Recording what somebody wrote as a commitment: which message, and where."""

from dataclasses import dataclass

from bot.domain.people import Member


@dataclass(frozen=True, slots=True)
class Source:
    """The message that a commitment was written down from. Of the message itself nothing is kept
    but where it is.
    """

    commitment_id: int
    channel: str
    ts: str
    link: str | None
    """Slack's own; None where Slack did not tell it."""


@dataclass(frozen=True, slots=True)
class Room:
    """A partnership in which something can be recorded."""

    partnership_id: int
    name: str
    channel: str
    people: tuple[Member, ...] = ()
    """Who can be asked there: those we have met."""
