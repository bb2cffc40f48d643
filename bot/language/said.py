"""What somebody said, as values: which verb, and its parts. Nothing is looked up yet."""

from dataclasses import dataclass
from datetime import date

from bot.domain.preferences import Hours
from bot.domain.rhythm import Rhythm


@dataclass(frozen=True, slots=True)
class Said:
    """One line that somebody typed, understood. Parts that the verb does not have stay empty."""

    verb: str
    """The table's name of the verb, whatever alias was typed."""
    number: int | None = None
    """The commitment's number (``#12``)."""
    owner: str | None = None
    """As typed (``<@U012|bo>``, ``@bo``); None means the speaker."""
    what: str = ""
    """The words: of the commitment, the purpose, the name, the remark."""
    due: date | None = None
    no_date: bool = False
    """Whether it was said in so many words that there is no date yet."""
    label: str | None = None
    """``for mentoring``: the program's name where one is known by it, else as typed."""
    condition: str | None = None
    """``yes 12, if travel is paid``: the words after "if"."""
    because: str | None = None
    """The reason given, or what is stuck."""
    rhythm: Rhythm | None = None
    sub: str | None = None
    """What to do with a check-in or digest: ``now``, ``pause``, ``preview``, …; the verb that
    ``help`` was asked about."""
    until: date | None = None
    """``pause until 4 Jan``."""
    spot: str | None = None
    """A channel: its id, its name as typed, or ``here``."""
    hours: Hours | None = None
    """``remind me from 18:00 to 21:00``."""
    zone: str | None = None
    """As typed."""
