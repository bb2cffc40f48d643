"""Buttons that were used become a line of text: how, for every button that a message can hold.

A new button fails until it has its row. Stories press one of each kind.
"""

from collections.abc import Mapping
from enum import StrEnum

import pytest

from bot.views import ids
from handlers import tables

CARD = "its message is rendered anew from what is stored"
LINE = "a direct message or an answer in a thread gets a line in its place; a card is rendered anew"
REPLACED = "the answer takes its message's place"
AGAIN = "it shows something or opens a form, and can be pressed again"
RUNS = "it stands under what goes on; pressed again, it says how it stands"

SETTLED: Mapping[str, str] = {
    "help.all": AGAIN,
    "organization.show": AGAIN,
    "organization.change": AGAIN,
    "shares.post": CARD,
    "shares.keep": CARD,
    "shares.paid": AGAIN,
    "shares.unpaid": AGAIN,
    "partnership.history_newer": AGAIN,
    "preference.resume_all": REPLACED,
    "partnership.ok": CARD,
    "partnership.not_now": CARD,
    "partnership.ask": AGAIN,
    "partnership.set_up": AGAIN,
    "partnership.start_without": CARD,
    "partnership.object": CARD,
    "partnership.change_ok": CARD,
    "partnership.withdraw": CARD,
    "partnership.history": AGAIN,
    "partnership.with": AGAIN,
    "partnership.with_this": REPLACED,
    "partnership.with_new": REPLACED,
    "partnership.joining_yes": CARD,
    "partnership.joining_no": CARD,
    "commitment.yes": LINE,
    "commitment.agree": LINE,
    "commitment.take_over": LINE,
    "commitment.keep": LINE,
    "commitment.take_back": LINE,
    "commitment.hand_over": AGAIN,
    "commitment.missing": AGAIN,
    "commitment.done": LINE,
    "commitment.on_track": LINE,
    "commitment.yes_if": AGAIN,
    "commitment.another_date": AGAIN,
    "commitment.change": AGAIN,
    "commitment.no": AGAIN,
    "commitment.drop": AGAIN,
    "commitment.stuck": AGAIN,
    "commitment.tell_colleague": REPLACED,
    "commitment.tell_everyone": REPLACED,
    "commitment.tell_nobody": REPLACED,
    "commitment.show": AGAIN,
    "commitment.new": AGAIN,
    "commitment.list": AGAIN,
    "commitment.mine": AGAIN,
    "commitment.waiting": AGAIN,
    "commitment.earlier": REPLACED,
    "commitment.later": REPLACED,
    "checkin.done": CARD,
    "checkin.on_track": CARD,
    "checkin.yes": CARD,
    "checkin.not_yet": CARD,
    "schedule.ask_now": RUNS,
    "schedule.skip": REPLACED,
    "schedule.unskip": REPLACED,
    "schedule.pause": RUNS,
    "schedule.pause_two": REPLACED,
    "schedule.pause_four": REPLACED,
    "schedule.pause_eight": REPLACED,
    "schedule.pause_open": REPLACED,
    "schedule.resume": REPLACED,
    "schedule.questions": AGAIN,
    "digest.preview": AGAIN,
    "digest.all": AGAIN,
    "digest.internal": AGAIN,
    "days.away": AGAIN,
    "days.away_add": AGAIN,
    "days.away_back": REPLACED,
    "days.away_edit": REPLACED,
    "days.closed": AGAIN,
    "days.closed_add": AGAIN,
    "days.closed_holidays": AGAIN,
    "days.closed_file": AGAIN,
    "days.closed_remove": REPLACED,
    "days.closed_edit": REPLACED,
    "days.suggest": AGAIN,
    "recording.where": REPLACED,
    "recording.yes": REPLACED,
    "recording.not_now": REPLACED,
    "undo.take_back": REPLACED,
    "undo.edit": REPLACED,
    "undo.edit_stuck": REPLACED,
    "preference.show": AGAIN,
    "preference.change": AGAIN,
    "preference.pause": AGAIN,
    "preference.pause_edit": REPLACED,
    "preference.resume": REPLACED,
    "reminder.later": AGAIN,
    "reminder.later_edit": REPLACED,
}


def buttons() -> dict[str, type[StrEnum]]:
    """Every ``action_id``, from the classes that name them."""
    return {
        str(member): found
        for name, found in vars(ids).items()
        if name.endswith("Button") and isinstance(found, type) and issubclass(found, StrEnum)
        for member in found
    }


def test_every_button_is_settled_in_one_of_these_ways() -> None:
    assert set(SETTLED) == set(buttons())


def test_every_button_has_its_handler() -> None:
    assert set(buttons()) <= {str(each) for each in tables.BUTTONS}


@pytest.mark.parametrize("way", [CARD, LINE, REPLACED, AGAIN, RUNS])
def test_no_way_is_listed_for_nothing(way: str) -> None:
    assert way in SETTLED.values()
