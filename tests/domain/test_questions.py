"""The questions of check-ins: what is kept of them, and whose turn it is."""

import pytest

from bot.domain import questions
from bot.domain.errors import BotError

THREE = ("How is it going?", "What do you need?", "What surprised you?")


def test_questions_are_kept_on_one_line_and_once() -> None:
    typed = ["  How is\nit going? ", "", "How is it going?", "What do you need?"]
    assert questions.cleaned(typed) == ("How is it going?", "What do you need?")


@pytest.mark.parametrize("typed", [[f"Question {n}?" for n in range(13)], ["x" * 301], ["\u202e?"]])
def test_what_nobody_could_answer_is_refused(typed: list[str]) -> None:
    with pytest.raises(BotError):
        questions.cleaned(typed)


def test_they_come_in_turn_and_begin_again() -> None:
    asked, last = [], None
    for _ in range(4):
        last = questions.turn(THREE, last)
        asked.extend(last["questions"])
    assert asked == [*THREE, THREE[0]]


def test_a_list_without_the_last_question_begins_anew() -> None:
    assert questions.turn(THREE, {"questions": ["Gone?"]}) == {"questions": [THREE[0]]}


def test_without_a_list_nothing_is_kept() -> None:
    assert questions.turn((), {"questions": ["Gone?"]}) == {}


def test_the_setting_gives_back_what_it_was_given() -> None:
    assert questions.from_json(questions.to_json(THREE)) == THREE
    assert questions.from_json(None) == ()
