"""Commitments: what one person will do by a date, and how it comes to count.

Only the owner's own word counts: what anybody else writes down for a person is a proposal until
that person agrees. Another date, other words, a condition: each is a proposal of *terms*, and
what was agreed holds until it is answered. ``LIFE`` is the whole of these rules: what is not in
it cannot be done.
"""

from bot.domain.commitments.life import (
    AGREED,
    CLOSED,
    LIFE,
    OPEN,
    UNANSWERED,
    Act,
    Event,
    Move,
    Side,
    State,
    Step,
    TermsState,
)
from bot.domain.commitments.rules import (
    acts_of,
    check_due,
    check_words,
    may_know,
    overdue,
    seen_by,
    side_of,
    standing,
    step,
    waits_for,
)
from bot.domain.commitments.values import (
    Audience,
    Card,
    Commitment,
    Entry,
    Facts,
    Note,
    Offer,
    Page,
    Place,
    Risk,
    Terms,
)

__all__ = [
    "AGREED",
    "CLOSED",
    "LIFE",
    "OPEN",
    "UNANSWERED",
    "Act",
    "Audience",
    "Card",
    "Commitment",
    "Entry",
    "Event",
    "Facts",
    "Move",
    "Note",
    "Offer",
    "Page",
    "Place",
    "Risk",
    "Side",
    "State",
    "Step",
    "Terms",
    "TermsState",
    "acts_of",
    "check_due",
    "check_words",
    "may_know",
    "overdue",
    "seen_by",
    "side_of",
    "standing",
    "step",
    "waits_for",
]
