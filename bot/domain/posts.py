"""The kinds of durable outgoing messages, and how each is sent.

A service records *that* something is to be said (kind and subject) in the same transaction as
the change itself; the courier renders it from what is stored at the moment of sending.
"""

from enum import StrEnum


class Form(StrEnum):
    """The way a message leaves; each has its own rules for repeats (see ``bot/courier``)."""

    POST = "post"  # top level in a channel
    NOTE = "note"  # in a thread
    DIRECT = "direct"  # a direct message


class Kind(StrEnum):
    """What a message is about; names its row in ``bot/rendering.py``. The subject is the id given."""

    WELCOME = "welcome"  # partnership
    WELCOME_NOTE = "welcome_note"  # row of the partnership's history
    CARD = "card"  # commitment
    COMMITMENT_NOTE = "commitment_note"  # row of the commitment's history
    PROMPT = "prompt"  # occurrence
    CHECKIN_NOTE = "checkin_note"  # response that wants a confirmation
    SUMMARY = "summary"  # occurrence
    DIGEST = "digest"  # occurrence
    ANSWER = "answer"  # rendered when it was recorded: the answer to a mention or a reply


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENDING = "sending"
    UNKNOWN = "unknown"  # asked, no answer: looked up before it is sent again
    SENT = "sent"
    REFUSED = "refused"  # Slack said no for certain
    MISSED = "missed"  # older than its grace
