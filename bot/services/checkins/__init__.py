"""Check-ins at work: what people answer, what is understood of it, and the summary."""

from bot.services.checkins.answers import press, settle
from bot.services.checkins.reading import note_shown, quotes, shown
from bot.services.checkins.replies import deleted, reply
from bot.services.checkins.requests import Deleted, Kept, Press, Reply, Settle
from bot.services.checkins.summary import close, summed_up

__all__ = [
    "Deleted",
    "Kept",
    "Press",
    "Reply",
    "Settle",
    "close",
    "deleted",
    "note_shown",
    "press",
    "quotes",
    "reply",
    "settle",
    "shown",
    "summed_up",
]
