"""Slack's forms become what people saw when they wrote them."""

import re

import pytest

from bot.domain.people import Person
from handlers import wording


@pytest.mark.parametrize(
    ("delivered", "read"),
    [
        ("a < b > c", "a < b > c"),
        ("<@U012>", "@Hui"),
        ("<@U012|hui.w>", "@hui.w"),
        ("<@U099>", "<@U099>"),
        ("<#C01|mentoring>", "#mentoring"),
        ("<#C01>", "<#C01>"),
        ("<!channel> <!here>", "@channel @here"),
        ("<!subteam^S01|@team>", "@team"),
        ("<https://a.example/x?y=1>", "https://a.example/x?y=1"),
        ("<https://a.example|a.example>", "https://a.example"),
        ("<https://a.example|click>", "click (https://a.example)"),
        ("<mailto:bo@a.example|bo@a.example>", "bo@a.example"),
        ("<<http://evil.example>|click>", "<http://evil.example|click>"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_forms_are_read(delivered: str, read: str) -> None:
    people = {"U012": Person("T", "U012", "Hui")}
    shown = wording._FORM.sub(lambda form: wording._shown(form, people), delivered)
    assert shown == read


def test_many_open_brackets_take_no_time() -> None:
    assert re.search("x", wording._FORM.sub("", "<" * 40_000 + "x"))
