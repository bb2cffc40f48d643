"""Receipts and what is recorded: they fit Slack's limits whatever people write."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.commitments import Act
from bot.domain.people import Member, Person
from bot.domain.recording import Room, Source
from bot.domain.undo import Receipt, Undoable, Undone, What
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view
from bot.views import commitments
from bot.views import receipts as views
from bot.views import recording as recording_views
from bot.views.blocks import Message, Modal
from bot.views.ids import UndoButton
from tests.views.test_commitments import (
    AGREED,
    ASKED,
    BO,
    DANA,
    HOSTILE,
    NOW,
    TODAY,
    every,
    markup,
)

DEED = Undoable(7, "command:1", What.COMMITMENT, 17, DANA.id, 1, 3, None, NOW)
DANA_SLACK = Person("TACME", "UDANA", "Dana")


def messages(what: str) -> Iterator[Message]:
    for commitment in every(what):
        for edit in (None, Act.CHANGE, Act.STUCK):
            receipt = Receipt(DEED, commitment, edit)
            for said in (None, commitments.receipt(commitment, TODAY, change=True)):
                made = views.completed(receipt, said, TODAY)
                assert made is not None
                yield made
        for public in (True, False):
            yield views.taken_back(Undone(DEED, BO, commitment), TODAY, public=public)
        shown = commitments.receipt(commitment, TODAY, change=True)
        blocks = [{**block, "block_id": str(at)} for at, block in enumerate(shown["blocks"])]
        for by in (None, BO.mention):
            yield views.used(shown["text"], blocks, str(len(blocks) - 1), what[:75], by=by)
    yield recording_views.where([Room(1, what[:80], "C0MENTORS")] * 150, "1794841200.000100")
    yield recording_views.offer("C0MENTORS", "1794841200.000100")
    yield recording_views.not_now()


def forms(what: str) -> Iterator[Modal]:
    people: dict[str, list[Member]] = {what: [replace(BO, name=what), DANA]}
    for commitment in every(what):
        yield views.edit_form(commitment, TODAY, people)
        yield views.edit_form(commitment, TODAY, None)
    room = Room(1, what, "C0MENTORS", (BO, DANA))
    for owner in ("UDANA", "UBO", "UNOBODY"):
        yield recording_views.form(room, people, DANA_SLACK, what, "1794841200.000100", owner=owner)


@pytest.mark.parametrize("what", HOSTILE)
def test_every_message_fits_slack_whatever_people_write(what: str) -> None:
    for message in messages(what):
        assert faults_of_blocks(message["blocks"], "message") == []
        assert 0 < len(message["text"]) <= 4000
        for live in ("<!", "<http", "<@UEVIL"):
            assert live not in "".join(markup(message))


@pytest.mark.parametrize("what", HOSTILE)
def test_every_form_fits_slack_whatever_people_write(what: str) -> None:
    for form in forms(what):
        assert faults_of_view(form, "modal") == []


def labels(message: Message | None) -> list[tuple[str, str]]:
    assert message is not None
    return [
        (element["text"]["text"], element["action_id"])
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_a_receipt_offers_each_way_once() -> None:
    receipt = Receipt(DEED, ASKED, Act.CHANGE)
    without = views.completed(receipt, commitments.receipt(ASKED, TODAY), TODAY)
    assert labels(without) == [("Undo", UndoButton.TAKE_BACK), ("Edit", UndoButton.EDIT)]
    with_date = views.completed(receipt, commitments.receipt(ASKED, TODAY, change=True), TODAY)
    assert labels(with_date) == [("Change", UndoButton.EDIT), ("Undo", UndoButton.TAKE_BACK)]
    closed = views.completed(Receipt(DEED, AGREED, None), None, TODAY)
    assert labels(closed) == [("Undo", UndoButton.TAKE_BACK)]
    stuck = views.completed(Receipt(DEED, AGREED, Act.STUCK), None, TODAY)
    assert labels(stuck)[1] == ("Edit", UndoButton.EDIT_STUCK)


def test_where_nothing_was_said_and_nothing_can_be_shown_there_is_no_receipt() -> None:
    assert views.completed(Receipt(DEED), None, TODAY) is None


def test_the_source_is_a_link_with_words_of_ours() -> None:
    link = "https://acme.slack.com/archives/C0MENTORS/p1794841200000100?thread_ts=1.2&cid=C0"
    made = recording_views.source(Source(17, "C0MENTORS", "1794841200.000100", link))
    assert made["text"] == (
        "This was written down from <https://acme.slack.com/archives/C0MENTORS/"
        "p1794841200000100?thread_ts=1.2&amp;cid=C0|a message here>."
    )
