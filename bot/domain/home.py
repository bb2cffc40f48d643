"""What one person sees of everything: App Home, and the likeliest next things."""

from dataclasses import dataclass
from datetime import date

from bot.domain.commitments import Commitment
from bot.domain.partnerships import Partnership
from bot.domain.people import Member
from bot.domain.preferences import Chosen


@dataclass(frozen=True, slots=True)
class Standing:
    """One partnership of somebody's, and where their own organization stands in it."""

    partnership: Partnership
    agreed: bool
    """Whether their organization has said OK."""
    waiting: tuple[str, ...]
    """Names of the organizations whose OK is missing."""


@dataclass(frozen=True, slots=True)
class Home:
    """One person's overview of all their partnerships."""

    member: Member | None
    """None: somebody whom we have not met in any channel yet."""
    today: date
    mine: tuple[Commitment, ...]
    waiting: tuple[Commitment, ...]
    """Those that wait for this person's answer."""
    partnerships: tuple[Standing, ...]
    chosen: Chosen
    """Their own settings."""


@dataclass(frozen=True, slots=True)
class Next:
    """What somebody most likely wants who said nothing but our name."""

    partnership: Partnership | None
    """None outside of a channel."""
    may_agree: bool
    """Whether their organization has not said OK here yet."""
    unknown_guest: bool
    """Whether they are a guest who has not said which organization they are with."""
    no_purpose: bool
    mine: int
    waiting: int
