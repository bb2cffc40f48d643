from datetime import datetime

import pytest

from bot.language.reading import as_json
from tests.language.said import NOW, ZONE

WALL = datetime.fromisoformat("2026-11-25T10:00")


def test_a_line_is_told_as_json() -> None:
    assert as_json("commit @bo invite 12 mentees by friday", WALL, ZONE) == {
        "verb": "commit",
        "owner": "@bo",
        "what": "invite 12 mentees",
        "due": "2026-11-27",
        "for": None,
    }


def test_the_speaker_and_a_missing_date_are_null() -> None:
    assert as_json("commit call no date yet for mentoring", NOW, ZONE) == {
        "verb": "commit",
        "owner": None,
        "what": "call",
        "due": None,
        "for": "mentoring",
    }


@pytest.mark.parametrize("line", ["", "commit x", "commit x by 31 Nov", "nonsense", "done"])
def test_a_question_stands_alone(line: str) -> None:
    told = as_json(line, WALL, ZONE)
    assert list(told) == ["question"]
    assert told["question"]


def test_a_time_without_a_zone_is_the_wall_clock_of_that_zone() -> None:
    late = datetime.fromisoformat("2026-11-25T23:30")
    assert as_json("commit x by tomorrow", late, "Asia/Tokyo")["due"] == "2026-11-26"


def test_an_unknown_zone_is_a_question() -> None:
    for now in (WALL, NOW):
        told = as_json("commit x by tomorrow", now, "Nowhere")
        assert "time zone" in (told["question"] or "")
