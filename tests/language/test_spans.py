"""Days on end in words."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Unclear
from bot.language.spans import Span, span

TODAY = date(2026, 11, 22)  # a Sunday
BREAK = (date(2026, 12, 22), date(2027, 1, 2))
DAYS = (date(2026, 12, 24), date(2026, 12, 26))


@pytest.mark.parametrize(
    ("words", "days", "rest"),
    [
        ("22 Dec to 2 Jan", BREAK, ""),
        ("from 22 Dec until 2 Jan: winter break", BREAK, "winter break"),
        ("between December 22 and January 2 school closed", BREAK, "school closed"),
        ("2026-12-22 to 2027-01-02", BREAK, ""),
        ("del 22 dic al 2 ene", BREAK, ""),
        ("du 22 décembre au 2 janvier vacances", BREAK, "vacances"),
        ("Dec 24-26", DAYS, ""),
        ("24-26 Dec", DAYS, ""),
        ("24 to 26 Dec team trip", DAYS, "team trip"),
        ("Dec 24 to 26", DAYS, ""),
        ("24/12/2026 - 26/12/2026", DAYS, ""),
        ("24 Dec", (DAYS[0], DAYS[0]), ""),
        ("24 Dec, office party", (DAYS[0], DAYS[0]), "office party"),
        ("tomorrow", (date(2026, 11, 23), date(2026, 11, 23)), ""),
        ("Monday to Wednesday", (date(2026, 11, 23), date(2026, 11, 25)), ""),
        ("next week", (date(2026, 11, 23), date(2026, 11, 27)), ""),
        ("until Friday", (TODAY, date(2026, 11, 27)), ""),
        ("for 2 weeks", (TODAY, date(2026, 12, 5)), ""),
        ("from Monday for 3 days", (date(2026, 11, 23), date(2026, 11, 25)), ""),
    ],
)
def test_days_are_read_and_what_follows_is_kept(
    words: str, days: tuple[date, date], rest: str
) -> None:
    assert span(words, TODAY) == Span(*days, rest)


@pytest.mark.parametrize("words", ["", "winter break", "to", "soon", "because of 24 Dec"])
def test_words_without_days_are_none(words: str) -> None:
    assert span(words, TODAY) is None


@pytest.mark.parametrize("words", ["31 Feb", "1 Oct to 3 Oct", "03/04 to 05/04", "24 to 99 Dec"])
def test_days_that_cannot_be_are_asked_about_or_none(words: str) -> None:
    try:
        found = span(words, TODAY)
    except Unclear:
        return
    assert found is None


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            ["22", "Dec", "to", "2", "Jan", "from", "until", "-", "next", "week", "for", "Monday"]
        )
        | st.text(max_size=6),
        max_size=9,
    ).map(" ".join)
)
def test_any_words_give_days_in_order_none_or_a_question(words: str) -> None:
    try:
        found = span(words, TODAY)
    except Unclear:
        return
    assert found is None or found.last >= TODAY or found.last < found.first
