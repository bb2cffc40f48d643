"""Errors become sentences in one place."""

import pytest

from bot.directory import NotInChannel, Unreachable
from bot.domain.errors import BotError, NotAllowed, Unclear
from handlers.answer import Answer
from handlers.errors import curable, refused
from handlers.visit import Door
from storage.errors import DatabaseClosed, OutcomeUnknown, StorageUnavailable


def test_a_refusal_says_what_to_do_and_gives_the_words_back() -> None:
    error = Unclear("By when?", suggestion="commit invite 12 mentees by <friday>")
    answer = refused(Door.COMMAND, {}, error)
    assert answer.message is not None
    assert answer.message["text"] == (
        "By when? To copy and mend: commit invite 12 mentees by &lt;friday&gt;"
    )
    assert "`" not in answer.message["blocks"][1]["text"]["text"].strip("`")


def test_a_refusal_goes_to_the_person() -> None:
    assert refused(Door.MENTION, {}, NotAllowed("Only the owner may.")).to is None


def test_a_refused_form_says_so_beside_its_first_field() -> None:
    body = {"view": {"blocks": [{"type": "section"}, {"type": "input", "block_id": "what"}]}}
    answer = refused(Door.MODAL, body, NotAllowed("Only the owner may."))
    assert answer == Answer(errors={"what": "Only the owner may."})


def test_a_form_without_fields_is_answered_otherwise() -> None:
    answer = refused(Door.MODAL, {"view": {"blocks": []}}, NotAllowed("Only the owner may."))
    assert answer.message is not None
    assert answer.message["text"] == "Only the owner may."


def test_what_nobody_foresaw_tells_nothing_of_itself() -> None:
    answer = refused(Door.COMMAND, {}, ValueError("postgresql://secret@host"))
    assert answer.message is not None
    assert "secret" not in str(answer.message)
    assert "reference" in answer.message["text"]


@pytest.mark.parametrize(
    ("error", "can"),
    [
        (StorageUnavailable(), True),
        (OutcomeUnknown(), True),
        (DatabaseClosed(), True),
        (Unreachable(), True),
        (TimeoutError(), True),
        (NotInChannel(), False),
        (BotError("No."), False),
        (ValueError(), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_some_errors_are_cured_by_a_repeat(error: Exception, can: bool) -> None:
    assert curable(error) is can
