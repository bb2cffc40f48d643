"""The tables. Private to ``storage``: outside it there are frozen values only.

Ids are integers of ours; what Slack calls things stands beside them. Instants are UTC
(``storage.types.Instant``), local dates are dates without a zone (``LocalDate``). One file per
subject; each table is named here too.
"""

from storage.tables.base import metadata
from storage.tables.checkins import (
    due,
    occurrence,
    response,
    schedule,
    schedule_history,
    statement,
    unprompted,
)
from storage.tables.commitments import LATER_TERMS, commitment, commitment_history, terms
from storage.tables.compatibility import compatibility
from storage.tables.days import away, closing
from storage.tables.doubles import double, recheck
from storage.tables.held import held
from storage.tables.messages import delivery, heartbeat, lane, message
from storage.tables.nudges import nudge
from storage.tables.partnerships import (
    joining,
    participation,
    partnership,
    partnership_history,
    place,
    presence,
    setting,
    setting_ok,
)
from storage.tables.people import closed_day, installation, member, organization
from storage.tables.reminders import (
    member_pause,
    preference,
    reminder,
    reminder_item,
    reminder_turn,
    snooze,
)
from storage.tables.shares import pay, share, share_answer
from storage.tables.sources import source
from storage.tables.sweeps import sweep
from storage.tables.trouble import report
from storage.tables.undo import undoable

__all__ = [
    "LATER_TERMS",
    "away",
    "closed_day",
    "closing",
    "commitment",
    "commitment_history",
    "compatibility",
    "delivery",
    "double",
    "due",
    "heartbeat",
    "held",
    "installation",
    "joining",
    "lane",
    "member",
    "member_pause",
    "message",
    "metadata",
    "nudge",
    "occurrence",
    "organization",
    "participation",
    "partnership",
    "partnership_history",
    "pay",
    "place",
    "preference",
    "presence",
    "recheck",
    "reminder",
    "reminder_item",
    "reminder_turn",
    "report",
    "response",
    "schedule",
    "schedule_history",
    "setting",
    "setting_ok",
    "share",
    "share_answer",
    "snooze",
    "source",
    "statement",
    "sweep",
    "terms",
    "undoable",
    "unprompted",
]
