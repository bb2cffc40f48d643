"""What comes in about a check-in, as values, and what its writer is told."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.checkins import Understood, Word
from bot.domain.errors import BotError
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class Reply:
    """Somebody wrote in the thread of a check-in, or edited what they had written."""

    key: str
    installation_id: int
    person: Person
    occurrence_id: int
    ts: str
    """Of the message."""
    text: str
    understood: tuple[Understood, ...] = ()
    more: bool = True
    """Whether it says more than what was understood of it."""
    edited_at: datetime | None = None
    """When Slack says it was edited; None for the message itself."""
    follows: bool = False
    """Whether it counts only as an edit of what is kept already: words that were said to me, not
    to the others."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a reply, for its writer alone."""

    sentences: tuple[str, ...] = ()
    refusal: BotError | None = None
    """Why nothing was kept; told once in each check-in."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was deleted in Slack."""

    installation_id: int
    channel: str
    ts: str
    thread: str | None
    """Of the thread's first message, where Slack tells."""


@dataclass(frozen=True, slots=True)
class Press:
    """A quick answer: a button beside a commitment in the prompt."""

    key: str
    installation_id: int
    person: Person
    occurrence_id: int
    commitment_id: int
    word: Word


@dataclass(frozen=True, slots=True)
class Settle:
    """The answer to our question about a reply."""

    key: str
    installation_id: int
    person: Person
    statement_id: int
    yes: bool
    commitment_id: int | None = None
    """Which one is meant; needed with ``yes``."""
