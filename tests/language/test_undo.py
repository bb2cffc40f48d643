"""Taking back, in words."""

import pytest

from bot import language
from bot.domain.errors import Unclear
from bot.language import Said, says_undo
from bot.language.undo import SPELLINGS
from tests.language.said import NOW, ZONE


def said(line: str) -> Said:
    return language.read(line, now=NOW, zone=ZONE)


@pytest.mark.parametrize("line", ["undo", "Undo!", "undo.", "  UNDO  ", *SPELLINGS])
def test_alone_it_means_what_was_done_last(line: str) -> None:
    found = said(line)
    assert (found.verb, found.number) == ("undo", None)


@pytest.mark.parametrize("line", ["undo 12", "undo #12", "take back 12", "undo number 12"])
def test_with_a_number_it_means_what_was_done_last_with_that(line: str) -> None:
    assert said(line).number == 12


def test_what_else_is_to_be_taken_back_is_asked() -> None:
    with pytest.raises(Unclear, match="What shall I take back"):
        said("undo 12 and 13 too")


@pytest.mark.parametrize("reply", ["undo", "Undo.", "oops!", "take that back", "I take it back"])
def test_a_reply_says_it_alone(reply: str) -> None:
    assert says_undo(reply)


@pytest.mark.parametrize("reply", ["", "undo the poster colors", "oops, the van is gone", "done"])
def test_a_conversation_is_not_taken_for_it(reply: str) -> None:
    assert not says_undo(reply)
