"""Texts longer than Slack lets anybody send: each is answered, and at once.

A pattern that backtracks would keep these tests from ending; nothing here looks at a clock.
"""

import pytest

from bot.domain.errors import Unclear
from bot.language import read, read_date, read_reply
from tests.language.said import NOW, ZONE

LONG = 60_000
BEGINNINGS = (
    *("", "commit ", "commit @bo ", "yes 12 ", "yes 12 if ", "no 12 because ", "another 12 "),
    *("done 12 ", "list ", "checkin pause ", "checkin schedule ", "with ", "setup ", "#12 done, "),
)
REPEATED = (
    *("a", "é", "1", " ", "\n", "\u00a0", "\u0301", "\u202e", "!", ".", ":", "-", "#", "“", "😀"),
    *("by ", "by friday ", "by 1 ", "for ", "12, ", "#12 done, ", "done ", "stuck: ", "not "),
    *("yes ", "ok, ", "if ", "but ", "no. ", "the ", "a 1 ", ":+1:", "in 2 weeks ", "<@U1> "),
)
ENDINGS = ("", " by friday")


@pytest.mark.parametrize("piece", REPEATED)
def test_a_very_long_text_is_a_value_or_a_question(piece: str) -> None:
    for beginning in BEGINNINGS:
        for ending in ENDINGS:
            line = beginning + piece * (LONG // len(piece)) + ending
            try:
                answer = read(line, now=NOW, zone=ZONE).verb
            except Unclear as question:
                answer = str(question)
            assert 0 < len(answer) < 500
            for text in (line, line[:5_000] + ending):
                assert read_reply(text, now=NOW, zone=ZONE)
            with pytest.raises(Unclear):
                read_date(line, now=NOW, zone=ZONE)


def test_a_date_is_found_at_the_end_of_a_very_long_line() -> None:
    words = "call somebody " * 7_000
    meant = read(f"commit {words} by friday for mentoring", now=NOW, zone=ZONE)
    assert meant.what == words.strip()
    assert meant.due is not None
    assert meant.label == "mentoring"
