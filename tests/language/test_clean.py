import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.clean import clean, unescaped

ANYTHING = st.text(alphabet=st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  commit\u00a0", "commit"),
        ("\u00a0\t\n", ""),
        ("nul\x00 here", "nul here"),
        ("\x00 leading", "leading"),
        ("lone \ud83d surrogate", "lone \ufffd surrogate"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("tab\tand  two spaces", "tab\tand  two spaces"),
        ("right \u202eto left", "right \u202eto left"),
        ("e" + "\u0301" * 10_000, "e" + "\u0301" * 10_000),
        ("👩🏽‍🌾 family", "👩🏽‍🌾 family"),
    ],
)
def test_only_what_no_storage_can_hold_goes(typed: str, kept: str) -> None:
    assert clean(typed) == kept


@given(ANYTHING)
def test_a_clean_text_can_be_stored_anywhere_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert once.encode().decode() == once
    assert "\x00" not in once
    assert clean(once) == once


def test_the_entities_of_slack_become_letters_again_once() -> None:
    assert unescaped("R&amp;D &lt;now&gt;") == "R&D <now>"
    assert unescaped("&amp;lt;") == "&lt;"
    assert unescaped("&copy;") == "&copy;"
