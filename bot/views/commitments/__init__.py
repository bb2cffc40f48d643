"""Commitments as people see them: the card, the notes in its thread, lists and forms."""

from bot.views.commitments.card import card, described, headline, status
from bot.views.commitments.forms import (
    LABEL_LIMIT,
    NO_DATE,
    change_form,
    drop_form,
    hand_over_form,
    missing_form,
    new_form,
    no_form,
    stuck_form,
    yes_if_form,
)
from bot.views.commitments.lists import PAGE, here, mine, shown, waiting, which_of_these
from bot.views.commitments.notes import (
    happened,
    note,
    on_track_again,
    opened_again,
    receipt,
    risk_noted,
    told,
    who_may_know,
)

__all__ = [
    "LABEL_LIMIT",
    "NO_DATE",
    "PAGE",
    "card",
    "change_form",
    "described",
    "drop_form",
    "hand_over_form",
    "happened",
    "headline",
    "here",
    "mine",
    "missing_form",
    "new_form",
    "no_form",
    "note",
    "on_track_again",
    "opened_again",
    "receipt",
    "risk_noted",
    "shown",
    "status",
    "stuck_form",
    "told",
    "waiting",
    "which_of_these",
    "who_may_know",
    "yes_if_form",
]
