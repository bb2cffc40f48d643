from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import Unclear
from bot.domain.rhythm import ORDINALS, Frequency, Rhythm, in_words
from bot.language.rhythms import read_rhythm

WEEKLY, BIWEEKLY = Frequency.WEEKLY, Frequency.BIWEEKLY
MONTHLY, QUARTERLY = Frequency.MONTHLY, Frequency.QUARTERLY


@pytest.mark.parametrize(
    ("words", "rhythm"),
    [
        ("every Tuesday at 10:00", Rhythm(WEEKLY, 1, time(10))),
        ("weekly on tuesday at 10", Rhythm(WEEKLY, 1, time(10))),
        ("tue weekly 9:30am", Rhythm(WEEKLY, 1, time(9, 30))),
        ("every week on friday at noon", Rhythm(WEEKLY, 4, time(12))),
        ("every Tuesdays at 10h30", Rhythm(WEEKLY, 1, time(10, 30))),
        ("cada martes a las 10:00", Rhythm(WEEKLY, 1, time(10))),
        ("chaque mardi à 10h", Rhythm(WEEKLY, 1, time(10))),
        ("every second Tuesday at 10:00", Rhythm(BIWEEKLY, 1, time(10))),
        ("every other tuesday at 3pm", Rhythm(BIWEEKLY, 1, time(15))),
        ("every 2 weeks on Tuesday at 10:00", Rhythm(BIWEEKLY, 1, time(10))),
        ("biweekly on tuesday at 10:00", Rhythm(BIWEEKLY, 1, time(10))),
        ("fortnightly tuesday 10:00", Rhythm(BIWEEKLY, 1, time(10))),
        ("cada dos semanas el martes a las 10:00", Rhythm(BIWEEKLY, 1, time(10))),
        ("toutes les deux semaines le mardi à 10h", Rhythm(BIWEEKLY, 1, time(10))),
        ("monthly on the 2nd tuesday at 10:00", Rhythm(MONTHLY, 1, time(10), 2)),
        ("the second Tuesday of each month at 10:00", Rhythm(MONTHLY, 1, time(10), 2)),
        ("every second Tuesday of the month at 10:00", Rhythm(MONTHLY, 1, time(10), 2)),
        ("every month on the last friday at 15:30", Rhythm(MONTHLY, 4, time(15, 30), -1)),
        ("first monday of every quarter at 9:00", Rhythm(QUARTERLY, 0, time(9), 1)),
        ("quarterly on the last friday at 16:00", Rhythm(QUARTERLY, 4, time(16), -1)),
        ("every 3 months on the first monday at 9:00", Rhythm(QUARTERLY, 0, time(9), 1)),
    ],
)
def test_rhythms_are_read(words: str, rhythm: Rhythm) -> None:
    assert read_rhythm(words) == rhythm


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("every week at 10:00", "On which weekday?"),
        ("every tuesday and friday at 10:00", "On one weekday only"),
        ("every tuesday", "At what time?"),
        ("tuesday at 10:00", "How often?"),
        ("the second tuesday at 10:00", "How often?"),
        ("monthly on tuesday at 10:00", "Which of the month"),
        ("quarterly on tuesday at 10:00", "Which of the quarter"),
        ("the fifth tuesday of each month at 10:00", "Which of the month"),
        ("every three weeks on tuesday at 10:00", "I know every week"),
        ("every 2 months on the first tuesday at 10:00", "I know every week"),
        ("every day and tuesday at 10:00", "I know every week"),
        ("every tuesday at 3", "In the morning or in the evening?"),
        ("every tuesday at 3:15", "In the morning or in the evening?"),
        ("every tuesday at 25:00", "There is no such time of day"),
        ("every tuesday at 13pm", "There is no such time of day"),
        ("every tuesday at 10:00 and 14:00", "One time of day only"),
        ("every tuesday at 10:00 except holidays", "I did not understand all of that rhythm"),
        ("whenever", "I did not understand all of that rhythm"),
        ("", "On which weekday?"),
        ("every tuesday at 10:00 " * 9, "How often?"),
    ],
)
def test_what_is_missing_in_a_rhythm_is_asked_about(words: str, asked: str) -> None:
    with pytest.raises(Unclear, match=f"^{asked}"):
        read_rhythm(words)


def _rhythms() -> st.SearchStrategy[Rhythm]:
    clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
    return st.one_of(
        st.builds(Rhythm, st.sampled_from([WEEKLY, BIWEEKLY]), st.integers(0, 6), clock),
        st.builds(
            Rhythm,
            st.sampled_from([MONTHLY, QUARTERLY]),
            st.integers(0, 6),
            clock,
            st.sampled_from(list(ORDINALS)),
        ),
    )


@given(_rhythms())
def test_a_rhythm_told_in_words_can_be_typed_again(rhythm: Rhythm) -> None:
    assert read_rhythm(in_words(rhythm)) == rhythm


def test_rhythms_are_told_as_people_say_them() -> None:
    assert in_words(Rhythm(WEEKLY, 4, time(16))) == "every Friday at 16:00"
    assert in_words(Rhythm(BIWEEKLY, 1, time(10))) == "every second Tuesday at 10:00"
    last = Rhythm(MONTHLY, 4, time(9, 5), -1)
    assert in_words(last) == "the last Friday of each month at 09:05"
    assert in_words(Rhythm(QUARTERLY, 0, time(9), 1)) == "the first Monday of each quarter at 09:00"


@pytest.mark.parametrize(
    ("frequency", "weekday", "nth"),
    [(WEEKLY, 7, None), (WEEKLY, 1, 2), (MONTHLY, 1, None), (QUARTERLY, 1, 5)],
)
def test_a_rhythm_whose_parts_do_not_fit_cannot_be_made(
    frequency: Frequency, weekday: int, nth: int | None
) -> None:
    with pytest.raises(ValueError, match="weekday"):
        Rhythm(frequency, weekday, time(10), nth)
