"""What people ask of a commitment, as values."""

from dataclasses import dataclass
from datetime import date

from bot.domain.closed_days import Clash
from bot.domain.commitments import Commitment
from bot.domain.people import Person
from bot.domain.undo import Receipt


@dataclass(frozen=True, slots=True)
class Propose:
    """Somebody writes down what somebody will do."""

    key: str
    installation_id: int
    channel: str
    by: Person
    owner: Person
    """Known to be in the channel."""
    what: str
    due: date | None
    label: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was written down, and what whoever did so is to hear of it."""

    commitment: Commitment
    receipt: Receipt | None
    """None for a repeat, whose receipt is looked up."""
    clash: Clash | None
    """What is to be pointed out about its date."""


@dataclass(frozen=True, slots=True)
class Which:
    """A commitment as a door names it: a button by its id, words by a number in a channel."""

    installation_id: int
    commitment_id: int | None = None
    channel: str | None = None
    number: int | None = None
    version: int | None = None
    """Of the terms that the person saw; None where they named only the number."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Other terms. What is left out stays as it is."""

    what: str | None = None
    due: date | None = None
    no_date: bool = False
    condition: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody does something with a commitment."""

    key: str
    by: Person
    which: Which
    why: str | None = None
