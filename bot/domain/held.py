"""What is held back: a private message that nobody waits for, until its reader's hours begin."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.posts import Kind


@dataclass(frozen=True, slots=True)
class Held:
    """A private message that has not been handed to the courier yet."""

    id: int
    installation_id: int
    member_id: int
    kind: Kind
    subject: int
    about: str | None
    """The channel whose members may read it; None where sharing any with us is enough."""
    once: str | None
    at: datetime
    """When its reader's hours begin, as far as was known."""
