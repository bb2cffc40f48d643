"""Receipts where something is in the way."""

import pytest

from bot.services import undo as services
from tests.fixtures.scene import Scene


async def test_what_was_done_is_confirmed_although_nobody_can_say_how_to_take_it_back(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*asked: object, **more: object) -> None:
        raise TimeoutError

    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    monkeypatch.setattr(services, "receipt_of", busy)
    begun.expected_logs.add("receipt_without_undo")
    told = await begun.slash(begun.dana, "change 1 by 11 Dec")
    assert "call the press" in told
    assert "Fri, Dec 11" in told
    assert "Undo" not in told
    assert "Fri, Dec 11" in begun.reads(begun.card())


async def test_an_answer_that_changes_nothing_offers_nothing(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit call the press by 4 Dec")
    for words in ("list", "mine", "show 1", "help", "digest preview"):
        told = await begun.slash(begun.dana, words)
        assert "Undo" not in told, words
