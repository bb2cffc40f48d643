"""How the work is shared, as people see it."""

from datetime import UTC, date, datetime
from typing import Any

from bot.domain.people import Kind, Member, Organization
from bot.domain.shares import Part, Said, Share, Shown
from bot.sandbox.block_kit import faults_of_blocks
from bot.views import shares as views
from bot.views.blocks import Message

ACME = Organization(1, "Acme", "T1")
DANA = Member(1, "T1", "U1", "Dana", Kind.FULL, ACME)


def shown(*parts: Part, said: tuple[Said, ...] = (), posted: bool = False) -> Shown:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    share = Share(7, 1, DANA, now, date(2026, 10, 1), parts, said, now if posted else None)
    return Shown(share, "mentoring-partners", "America/New_York")


def chart(message: Message) -> dict[str, Any] | None:
    found = [each for each in message["blocks"] if each["type"] == "data_visualization"]
    return found[0]["chart"] if found else None


THREE = (Part(1, "Acme", 2, 3, 4, 1), Part(2, "Harbor", 1, 0), Part(3, "Northside", 0, 2, 0, 1))


def test_the_words_tell_all_that_the_chart_shows() -> None:
    text = views.posted(shown(*THREE, posted=True))["text"]
    assert "Acme: 2 open, 3 done. Of these 4 paid and 1 unpaid." in text
    assert "Harbor: 1 open, 0 done." in text
    assert "Northside: 0 open, 2 done. Of these 1 unpaid and 1 not marked." in text
    assert "ranks nobody" in text


def test_slack_takes_the_chart_whatever_the_organizations_are_called() -> None:
    long = "A very long name of an organization indeed"
    parts = [Part(n, f"{long}{n}", n, 1) for n in range(20)]
    message = views.told(shown(*parts))
    made = chart(message)
    assert made is not None
    assert len(set(made["axis_config"]["categories"])) == 20
    assert faults_of_blocks(message["blocks"], "message") == []


def test_without_figures_or_with_too_many_there_are_only_words() -> None:
    assert chart(views.told(shown(Part(1, "Acme")))) is None
    assert chart(views.told(shown(*(Part(n, f"Org {n}", 1) for n in range(21))))) is None


def test_who_said_yes_is_told_and_who_did_not_is_not() -> None:
    said = (Said(1, 1, yes=True), Said(2, 2, yes=False))
    text = views.told(shown(*THREE, said=said))["text"]
    assert "Yes so far: Acme." in text
    assert text.count("Harbor") == 1  # in the figures alone
    assert "rather keep it to the leads for now" in text


def test_that_a_lead_would_rather_not_is_no_silence() -> None:
    text = views.told(shown(*THREE, said=(Said(2, 2, yes=False),)))["text"]
    assert "rather keep it to the leads for now" in text
    assert "Nobody has said yes yet." not in text
    assert "rather keep it" not in views.told(shown(*THREE))["text"]


def test_once_posted_there_is_nothing_left_to_press() -> None:
    message = views.told(shown(*THREE, posted=True))
    assert all(each["type"] != "actions" for each in message["blocks"])
