"""What goes out: messages recorded with the change that they tell of, and the courier's lanes."""

from storage.messages.found import Found
from storage.messages.outbox import Outbox
from storage.messages.sending import Sending

__all__ = ["Messages"]


class Messages(Outbox, Sending, Found):
    """Queries on messages: to record, to send, to find."""
