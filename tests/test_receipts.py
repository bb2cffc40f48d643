"""Every receipt that the program can give, and how what it tells of is taken back or mended.

A receipt is what somebody is told after an act of their own: by a word, a button, a form, a
shortcut. Each way in stands here once, with the buttons of its receipt or the reason why it has
none; a new one fails until it has its line. ``tests/stories/test_receipts.py`` goes each that has
buttons, and reads its receipt; ``tests/stories/test_undo*.py`` press them.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from handlers import tables

Buttons = tuple[str, ...]

UNDO: Buttons = ("Undo",)
BOTH: Buttons = ("Undo", "Edit")
CHANGE: Buttons = ("Undo", "Change")
"""Where *Change* stands in any case, and opens the form filled in."""
PAUSED: Buttons = ("Undo", "Change", "Edit")
"""*Change* is for one's settings, *Edit* for the pause."""
ASKED: Buttons = ("Undo", "Questions", "Change")
"""Both open forms filled in: of the check-ins' questions, and of their rhythm."""

SHOWS = "it shows something and changes nothing"
OPENS = "it opens a form; the form's own receipt has it"
BACK = "it takes something back itself"
NAMED = "it cannot be taken back; “undo” says so by its name and touches nothing else"

WORDS: Mapping[str, str | Buttons] = {
    "help": SHOWS,
    "history": SHOWS,
    "organization": SHOWS,
    "shares": NAMED,
    "paid": UNDO,
    "unpaid": UNDO,
    "join": UNDO,
    "with": BOTH,
    "setup": CHANGE,
    "commit": CHANGE,
    "list": SHOWS,
    "mine": SHOWS,
    "waiting": SHOWS,
    "show": SHOWS,
    "accept": BOTH,
    "counter": CHANGE,
    "decline": UNDO,
    "done": UNDO,
    "stuck": BOTH,
    "unstuck": BOTH,
    "keep": BOTH,
    "hand": BOTH,
    "reopen": BOTH,
    "drop": UNDO,
    "checkin": ASKED,
    "digest": CHANGE,
    "away": BOTH,
    "back": BOTH,
    "closed": BOTH,
    "open": UNDO,
    "undo": BACK,
    "settings": SHOWS,
    "remind": CHANGE,
    "pause": PAUSED,
    "resume": CHANGE,
}

BUTTONS: Mapping[str, str | Buttons] = {
    "help.all": SHOWS,
    "organization.show": SHOWS,
    "organization.change": OPENS,
    "shares.post": NAMED,
    "shares.keep": NAMED,
    "shares.paid": UNDO,
    "shares.unpaid": UNDO,
    "partnership.history_newer": SHOWS,
    "preference.resume_all": CHANGE,
    "partnership.ok": UNDO,
    "partnership.not_now": UNDO,
    "partnership.ask": OPENS,
    "partnership.set_up": OPENS,
    "partnership.start_without": NAMED,
    "partnership.object": UNDO,
    "partnership.change_ok": UNDO,
    "partnership.withdraw": UNDO,
    "partnership.history": SHOWS,
    "partnership.with": OPENS,
    "partnership.with_this": BOTH,
    "partnership.with_new": BOTH,
    "partnership.joining_yes": NAMED,
    "partnership.joining_no": NAMED,
    "commitment.yes": BOTH,
    "commitment.agree": BOTH,
    "commitment.take_over": BOTH,
    "commitment.keep": BOTH,
    "commitment.take_back": BOTH,
    "commitment.hand_over": OPENS,
    "commitment.missing": OPENS,
    "commitment.done": UNDO,
    "commitment.on_track": BOTH,
    "commitment.yes_if": OPENS,
    "commitment.another_date": OPENS,
    "commitment.change": OPENS,
    "commitment.no": OPENS,
    "commitment.drop": OPENS,
    "commitment.stuck": OPENS,
    "commitment.tell_colleague": BOTH,
    "commitment.tell_everyone": BOTH,
    "commitment.tell_nobody": "it is so already, and the receipt of “stuck” has Undo",
    "commitment.show": SHOWS,
    "commitment.new": OPENS,
    "commitment.list": SHOWS,
    "commitment.mine": SHOWS,
    "commitment.waiting": SHOWS,
    "commitment.earlier": SHOWS,
    "commitment.later": SHOWS,
    "checkin.done": UNDO,
    "checkin.on_track": BOTH,
    "checkin.yes": UNDO,
    "checkin.not_yet": "nothing was changed by it, and the reply can be said again",
    "schedule.ask_now": NAMED,
    "schedule.skip": "the receipt has Unskip, which holds until the day itself",
    "schedule.unskip": NAMED,
    "schedule.pause": SHOWS,
    "schedule.pause_two": ASKED,
    "schedule.pause_four": ASKED,
    "schedule.pause_eight": ASKED,
    "schedule.pause_open": ASKED,
    "schedule.resume": CHANGE,
    "schedule.questions": OPENS,
    "digest.preview": SHOWS,
    "digest.all": SHOWS,
    "digest.internal": SHOWS,
    "days.away": SHOWS,
    "days.away_add": OPENS,
    "days.away_back": UNDO,
    "days.away_edit": OPENS,
    "days.closed": SHOWS,
    "days.closed_add": OPENS,
    "days.closed_holidays": OPENS,
    "days.closed_file": OPENS,
    "days.closed_remove": UNDO,
    "days.closed_edit": OPENS,
    "days.suggest": OPENS,
    "recording.where": UNDO,
    "recording.yes": OPENS,
    "recording.not_now": "nothing was kept that could be taken back",
    "undo.take_back": BACK,
    "undo.edit": OPENS,
    "undo.edit_stuck": OPENS,
    "preference.show": SHOWS,
    "preference.change": OPENS,
    "preference.pause": OPENS,
    "preference.pause_edit": OPENS,
    "preference.resume": CHANGE,
    "reminder.later": OPENS,
    "reminder.later_edit": OPENS,
}

FORMS: Mapping[str, str | Buttons] = {
    "organization.change": CHANGE,
    "partnership.ask": NAMED,
    "partnership.with": BOTH,
    "partnership.with_which": BOTH,
    "partnership.set_up": BOTH,
    "commitment.yes_if": BOTH,
    "commitment.change": BOTH,
    "commitment.no": UNDO,
    "commitment.drop": UNDO,
    "commitment.stuck": BOTH,
    "commitment.hand_over": BOTH,
    "commitment.missing": BOTH,
    "commitment.new": BOTH,
    "schedule.questions": BOTH,
    "days.away": BOTH,
    "days.closed": BOTH,
    "days.country": "it asks on; nothing is noted yet",
    "days.holidays": BOTH,
    "days.file": UNDO,
    "days.suggest": CHANGE,
    "recording.record": BOTH,
    "undo.edit": BOTH,
    "preference.change": CHANGE,
    "preference.pause": PAUSED,
    "reminder.later": BOTH,
}

SHORTCUTS: Mapping[str, str | Buttons] = {"recording.record": OPENS}

THREADS: Mapping[str, str | Buttons] = {
    "card": "the note that follows in the thread is the receipt; the reply “undo” takes it back",
    "prompt": "what was understood counts only once it is confirmed, and that has Undo",
}

WAYS_IN: Mapping[str, tuple[Mapping[str, str | Buttons], Mapping[Any, Any]]] = {
    "words": (WORDS, tables.VERBS),
    "buttons": (BUTTONS, tables.BUTTONS),
    "forms": (FORMS, tables.MODALS),
    "shortcuts": (SHORTCUTS, tables.SHORTCUTS),
    "threads": (THREADS, tables.THREADS),
}


@pytest.mark.parametrize("kind", WAYS_IN)
def test_every_way_in_has_undo_on_its_receipt_or_the_reason_why_not(kind: str) -> None:
    listed, there = WAYS_IN[kind]
    assert set(listed) == {str(each) for each in there}
    for name, way in listed.items():
        assert isinstance(way, tuple) or len(way.split()) > 3, name
