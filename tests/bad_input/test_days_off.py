"""Days off and settings that cannot be taken as they are. Numbers: the list of bad input."""

import asyncio
from datetime import datetime

import pytest

from tests.bad_input.refusals import by, refused
from tests.fixtures.scene import NEW_YORK, OK, Scene

ALL = ("command", "mention", "direct")
HERE = ("command", "mention")

SLIPS = {
    "awya 24 Dec": "away 24 Dec",
    "closd 24 Dec": "closed 24 Dec",
    "histroy": "history",
}

ASKED = {
    "away 31 Feb": "28 days",
    "away 24 Dec 2019": "past",
    "away 03/04": "Which do you mean?",
    "away whenever": "From when to when are you away?",
    "away 24 Dec to someday": "I could not read the last day",
    "closed whenever": "On which days are you closed?",
    "closed 24 Dec 2026 to 1 Feb 2028": "more than a year",
    "closed 24 Dec " + "x" * 200: "80 letters at most",
    "closed holidays of Atlantis": "I don't know holidays of “Atlantis”",
    "closed holidays of Germany, Texas": "a part of that country called “Texas”",
    "open": "On which days are you open after all?",
    "open 24 Dec": "You are not closed then",
    "back on 24 Dec": "You are not away then",
    "back when I can": "On which day are you back?",
}


@pytest.mark.parametrize("door", ALL)
async def test_01_a_slip_is_told_with_what_was_meant(begun: Scene, door: str) -> None:
    for typed, mended in SLIPS.items():
        assert mended in await refused(begun, by(begun, door, typed))


@pytest.mark.parametrize("door", ALL)
async def test_02_days_that_are_missing_or_make_no_sense_are_asked_about(
    begun: Scene, door: str
) -> None:
    for typed, question in ASKED.items():
        told = await refused(begun, by(begun, door, typed))
        assert question in told, typed
        assert typed.split()[0] in told.partition("```")[2]
    assert "No closed days are noted." in await by(begun, door, "closed")
    assert "You have no days away noted." in await by(begun, door, "away")


@pytest.mark.parametrize(
    "label",
    [
        "<!channel> <https://evil.example|us>",
        "\u202egnol\u202c",
        "e" + "\u0301" * 300,
        "*bold* `code` &amp; <tags>",
        "x" * 80,
    ],
    ids=["markup", "right-to-left", "marks", "signs", "80-letters"],
)
async def test_09_a_name_of_days_disturbs_no_prompt(started: Scene, label: str) -> None:
    name = label[:80]
    await started.tells(started.bo, f"closed 24 Nov {name}")
    await started.waits_until(datetime(2026, 11, 25, 10, 0, tzinfo=NEW_YORK))
    assert "Northside Youth is closed" in started.reads(started.post("Check-in for"))


async def test_13_the_history_belongs_to_the_channel(begun: Scene) -> None:
    for words in ("history", "our organization"):
        told = await refused(begun, begun.tells(begun.person("omar"), words))
        assert "go to" in told.lower()
        assert begun.channel not in told


async def test_14_outsiders_read_and_change_nothing(begun: Scene) -> None:
    omar = begun.person("omar")
    assert "Closed days of Acme" in await begun.tells(omar, "closed")  # his own organization's
    await begun.tells(begun.bo, "closed 24 Dec secret retreat")
    assert "secret" not in await begun.tells(omar, "closed")
    assert "secret" not in await begun.tells(begun.hui, "closed")


async def test_two_of_one_organization_say_ok_at_once_and_it_counts_once(started: Scene) -> None:
    await started.bo.clicks("Set up", channel=started.channel)
    await started.bo.submits({"Keep the texts of replies for how many days?": "90"})
    await started.settled()
    await asyncio.gather(
        started.dana.clicks(OK, channel=started.channel),
        started.priya.clicks(OK, channel=started.channel),
    )
    await started.settled()
    told = [
        person.words(each)
        for person in (started.dana, started.priya)
        for each in person.ephemerals()
    ]
    assert sum("It begins when the others have said OK too." in each for each in told) == 1
    assert sum("has said OK to this already" in each for each in told) == 1


async def test_a_button_of_an_entry_that_is_gone_says_so(begun: Scene) -> None:
    await begun.tells(begun.bo, "closed 24 Dec")
    first = begun.bo.dm()[-1]
    await begun.tells(begun.bo, "closed")
    await begun.bo.clicks("Take out", message=begun.bo.dm()[-1])
    await begun.settled()
    told = await begun.presses(begun.bo, "Take out", first)
    assert "not in the calendar any more" in told


async def test_more_entries_than_one_message_holds_are_refused(begun: Scene) -> None:
    for day in range(1, 41):
        month, number = ("Mar", day) if day <= 31 else ("Apr", day - 31)
        told = await begun.tells(begun.hui, f"closed {number} {month} 2027")
        assert "Noted" in told
    assert "40 entries at most" in await begun.tells(begun.hui, "closed 20 Apr 2027")
