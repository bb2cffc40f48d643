"""Every receipt that the program can give, and how what it tells of is taken back.

A receipt is what somebody is told after an act of their own: by a word, a button, a form, a
shortcut. Each way in stands here once, with *Undo* or the reason why it has none; a new one fails
until it has its line. Stories and ``tests/services/test_undo.py`` press the buttons.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from bot.domain.undo import What
from handlers import tables
from tests.fixtures.scene import OK, Scene

UNDO = "Undo"
SHOWS = "it shows something and changes nothing"
OPENS = "it opens a form; the form's own receipt has it"
OWN = "it is one's own alone, and the receipt has the way back beside it"
BACK = "it takes something back itself"
TOLD = "everybody has heard it by then; the sentence says what to do"

WORDS: Mapping[str, str] = {
    "help": SHOWS,
    "history": SHOWS,
    "organization": SHOWS,
    "shares": "it asks the leads; each of them decides for themselves",
    "paid": "the word “unpaid” does it, for the same people",
    "unpaid": "the word “paid” does it, for the same people",
    "join": UNDO,
    "with": "saying it again names another organization",
    "setup": UNDO,
    "commit": UNDO,
    "list": SHOWS,
    "mine": SHOWS,
    "waiting": SHOWS,
    "show": SHOWS,
    "accept": UNDO,
    "counter": UNDO,
    "decline": UNDO,
    "done": UNDO,
    "stuck": UNDO,
    "unstuck": UNDO,
    "keep": UNDO,
    "hand": UNDO,
    "reopen": UNDO,
    "drop": UNDO,
    "checkin": UNDO,
    "digest": UNDO,
    "away": UNDO,
    "back": UNDO,
    "closed": "the list that follows has Take out beside each entry",
    "open": "closing the day again does it; the list has Take out beside each entry",
    "undo": BACK,
    "settings": SHOWS,
    "remind": OWN,
    "pause": OWN,
    "resume": BACK,
}

BUTTONS: Mapping[str, str] = {
    "help.all": SHOWS,
    "organization.show": SHOWS,
    "organization.change": OPENS,
    "shares.post": TOLD,
    "shares.keep": "it changes nothing that others see; the leads can be asked again",
    "partnership.history_newer": SHOWS,
    "preference.resume_all": BACK,
    "partnership.ok": UNDO,
    "partnership.not_now": UNDO,
    "partnership.ask": OPENS,
    "partnership.set_up": OPENS,
    "partnership.start_without": TOLD,
    "partnership.object": "an objection ends the change; anybody can suggest it again",
    "partnership.change_ok": "an OK may be what lets the change begin; Set up suggests another",
    "partnership.withdraw": BACK,
    "partnership.history": SHOWS,
    "partnership.with": OPENS,
    "partnership.with_this": "saying it again names another organization",
    "partnership.with_new": "saying it again names another organization",
    "partnership.joining_yes": TOLD,
    "partnership.joining_no": "the guest can say it again, and is asked about again",
    "commitment.yes": UNDO,
    "commitment.agree": UNDO,
    "commitment.take_over": UNDO,
    "commitment.keep": UNDO,
    "commitment.take_back": UNDO,
    "commitment.hand_over": OPENS,
    "commitment.missing": OPENS,
    "commitment.done": UNDO,
    "commitment.on_track": UNDO,
    "commitment.yes_if": OPENS,
    "commitment.another_date": OPENS,
    "commitment.change": OPENS,
    "commitment.no": OPENS,
    "commitment.drop": OPENS,
    "commitment.stuck": OPENS,
    "commitment.tell_colleague": UNDO,
    "commitment.tell_everyone": UNDO,
    "commitment.tell_nobody": UNDO,
    "commitment.show": SHOWS,
    "commitment.new": OPENS,
    "commitment.list": SHOWS,
    "commitment.mine": SHOWS,
    "commitment.waiting": SHOWS,
    "commitment.earlier": SHOWS,
    "commitment.later": SHOWS,
    "checkin.done": UNDO,
    "checkin.on_track": UNDO,
    "checkin.yes": UNDO,
    "checkin.not_yet": "nothing was changed by it, and the reply can be said again",
    "schedule.ask_now": TOLD,
    "schedule.skip": UNDO,
    "schedule.unskip": BACK,
    "schedule.pause": SHOWS,
    "schedule.pause_two": UNDO,
    "schedule.pause_four": UNDO,
    "schedule.pause_eight": UNDO,
    "schedule.pause_open": UNDO,
    "schedule.resume": UNDO,
    "schedule.questions": OPENS,
    "digest.preview": SHOWS,
    "digest.all": SHOWS,
    "digest.internal": SHOWS,
    "days.away": SHOWS,
    "days.away_add": OPENS,
    "days.away_back": UNDO,
    "days.closed": SHOWS,
    "days.closed_add": OPENS,
    "days.closed_holidays": OPENS,
    "days.closed_file": OPENS,
    "days.closed_remove": BACK,
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
    "preference.resume": BACK,
    "reminder.later": OPENS,
}

FORMS: Mapping[str, str] = {
    "organization.change": "the answer shows it with Change beside it; only its own people see it",
    "partnership.ask": "the question stands in the thread, where it can be corrected in words",
    "partnership.with": "saying it again names another organization",
    "partnership.with_which": "saying it again names another organization",
    "partnership.set_up": UNDO,
    "commitment.yes_if": UNDO,
    "commitment.change": UNDO,
    "commitment.no": UNDO,
    "commitment.drop": UNDO,
    "commitment.stuck": UNDO,
    "commitment.hand_over": UNDO,
    "commitment.missing": UNDO,
    "commitment.new": UNDO,
    "schedule.questions": UNDO,
    "days.away": UNDO,
    "days.closed": "the list that follows has Take out beside each entry",
    "days.country": "it asks on; nothing is noted yet",
    "days.holidays": "the list that follows has Take out beside each entry",
    "days.file": "the list that follows has Take out beside each entry",
    "days.suggest": UNDO,
    "recording.record": UNDO,
    "undo.edit": UNDO,
    "preference.change": OWN,
    "preference.pause": OWN,
    "reminder.later": OWN,
}

SHORTCUTS: Mapping[str, str] = {"recording.record": OPENS}

THREADS: Mapping[str, str] = {
    "card": "the note that follows in the thread is the receipt; the reply “undo” takes it back",
    "prompt": "what was understood counts only once it is confirmed, and that has Undo",
}

WAYS_IN: Mapping[str, tuple[Mapping[str, str], Mapping[Any, Any]]] = {
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
        assert way == UNDO or len(way.split()) > 3, name


def undos(scene: Scene) -> Iterator[str]:
    """The ways back that stand in all messages of the bot, as a screen reader says them."""
    for message in scene.written():
        for block in message.blocks:
            for element in block.get("elements", []):
                if element.get("action_id") == "undo.take_back":
                    yield str(element.get("accessibility_label", ""))


async def test_each_kind_of_thing_gives_a_receipt_with_undo(begun: Scene) -> None:
    """One act on each kind of thing that can be taken back, by people of all three."""
    acts = {
        What.OK: begun.presses(begun.bo, OK),
        What.SETUP: begun.slash(begun.dana, "setup mentoring for all"),
        What.SCHEDULE: begun.mentions(begun.bo, "digest pause"),
        What.AWAY: begun.tells(begun.bo, "away 22 Dec to 2 Jan"),
        What.COMMITMENT: begun.mentions(begun.hui, "commit book a room by 4 Dec"),
    }
    assert set(acts) == set(What)
    for found, act in enumerate(acts.values(), 1):
        await act
        labels = list(undos(begun))
        assert len(labels) == found
        assert re.fullmatch(r"Undo \(.+\)", labels[-1])
