from datetime import date

import pytest

from bot.domain.errors import Unclear
from bot.language import Said, read
from tests.language.said import NOW, ZONE

FRIDAY = date(2026, 11, 27)
LABELS = ("Mentoring", "Open Studios program")


def said(line: str) -> Said:
    return read(line, now=NOW, zone=ZONE, labels=LABELS)


def question(line: str) -> Unclear:
    with pytest.raises(Unclear) as caught:
        said(line)
    return caught.value


@pytest.mark.parametrize(
    ("line", "owner", "what", "due", "label"),
    [
        ("commit @bo invite 12 mentees by friday", "@bo", "invite 12 mentees", FRIDAY, None),
        ("commit bring the venue list by Friday", None, "bring the venue list", FRIDAY, None),
        ("commit <@U012|bo> call by friday", "<@U012|bo>", "call", FRIDAY, None),
        ("commit <@W012> call by friday", "<@W012>", "call", FRIDAY, None),
        ("commit @bo: call by friday", "@bo", "call", FRIDAY, None),
        ("commit @bo to call by friday", "@bo", "call", FRIDAY, None),
        (
            "commit <@U1|bo> write to <@U2|hui> by friday",
            "<@U1|bo>",
            "write to <@U2|hui>",
            FRIDAY,
            None,
        ),
        ("commit @bo. call by friday", "@bo", "call", FRIDAY, None),
        ("commit @bo.diaz call by friday", "@bo.diaz", "call", FRIDAY, None),
        ("commit <@U012>call by friday", "<@U012>", "call", FRIDAY, None),
        # the last "by" whose tail reads as a date
        ("commit stand by me by friday", None, "stand by me", FRIDAY, None),
        ("commit send it by mail by friday", None, "send it by mail", FRIDAY, None),
        ("commit drive by 30 schools by friday", None, "drive by 30 schools", FRIDAY, None),
        (
            "commit grow by 12 percent by 30 Nov",
            None,
            "grow by 12 percent",
            date(2026, 11, 30),
            None,
        ),
        (
            "commit read the book by May Sarton by friday",
            None,
            "read the book by May Sarton",
            FRIDAY,
            None,
        ),
        (
            "commit finish by friday what we began by friday",
            None,
            "finish by friday what we began",
            FRIDAY,
            None,
        ),
        ("COMMIT call BY FRIDAY", None, "call", FRIDAY, None),
        ("commit call, by friday.", None, "call", FRIDAY, None),
        ("commit call by friday, please", None, "call", FRIDAY, None),
        ("commit call by friday at the latest!", None, "call", FRIDAY, None),
        ("commit call (by friday)", None, "call", FRIDAY, None),
        ("commit call by *friday* :tada:", None, "call", FRIDAY, None),
        ("commit call by “friday” 🎉", None, "call", FRIDAY, None),
        ("commit call no later than friday", None, "call", FRIDAY, None),
        ("commit llamar a la escuela para el viernes", None, "llamar a la escuela", FRIDAY, None),
        ("commit appeler l'école d'ici vendredi", None, "appeler l'école", FRIDAY, None),
        ("commit préparer 12 places pour vendredi", None, "préparer 12 places", FRIDAY, None),
        # labels
        ("commit call by friday for mentoring", None, "call", FRIDAY, "Mentoring"),
        ("commit call by friday for the Mentoring program", None, "call", FRIDAY, "Mentoring"),
        ("commit call by friday for open studios", None, "call", FRIDAY, "Open Studios program"),
        ("commit call by friday for the gala", None, "call", FRIDAY, "gala"),
        ("commit call for mentoring by friday", None, "call", FRIDAY, "Mentoring"),
        (
            "commit book a room for kick-off by friday",
            None,
            "book a room for kick-off",
            FRIDAY,
            None,
        ),
        (
            "commit food for mentoring for all by friday",
            None,
            "food for mentoring for all",
            FRIDAY,
            None,
        ),
        # as people paste it
        ("/partner commit call by friday", None, "call", FRIDAY, None),
        ("“commit call by friday”", None, "call", FRIDAY, None),
        ("`commit call by friday`", None, "call", FRIDAY, None),
        ("Please commit call by friday", None, "call", FRIDAY, None),
        ("\u200bcommit\u00a0call by\u00a0friday", None, "call", FRIDAY, None),
        ("commit: call by friday", None, "call", FRIDAY, None),
        ("commit “call” by friday", None, "call", FRIDAY, None),
        ("promise call by friday", None, "call", FRIDAY, None),
        ("commit call\nand write by friday", None, "call\nand write", FRIDAY, None),
        ("commit 🎉 by friday", None, "🎉", FRIDAY, None),
        ("commit tea &amp; cake by friday", None, "tea & cake", FRIDAY, None),
        ("commit call &lt;b&gt; by friday for R&amp;", None, "call <b>", FRIDAY, "R&"),
        ("commit warn <!channel> by friday", None, "warn <!channel>", FRIDAY, None),
    ],
)
def test_a_commitment_is_taken_apart(
    line: str, owner: str | None, what: str, due: date, label: str | None
) -> None:
    assert said(line) == Said("commit", owner=owner, what=what, due=due, label=label)


@pytest.mark.parametrize(
    ("line", "what", "label"),
    [
        ("commit host coffee no date yet", "host coffee", None),
        ("commit host coffee, no date yet.", "host coffee", None),
        ("commit host coffee (no date yet)", "host coffee", None),
        ("commit host coffee by no date yet", "host coffee", None),
        ("commit host coffee no date yet for mentoring", "host coffee", "Mentoring"),
        ("commit host coffee for mentoring no date yet", "host coffee", "Mentoring"),
        ("commit invitar a Ana sin fecha", "invitar a Ana", None),
    ],
)
def test_no_date_only_where_it_is_said(line: str, what: str, label: str | None) -> None:
    assert said(line) == Said("commit", what=what, no_date=True, label=label)


@pytest.mark.parametrize(
    ("line", "asked", "mended"),
    [
        ("commit", "What is to be done?", "commit"),
        ("commit @bo", "What is to be done?", "commit @bo"),
        ("commit by friday", "What is to be done?", "commit by friday"),
        ("commit @bo by friday", "What is to be done?", "commit @bo by friday"),
        ("commit \u202e by friday", "What is to be done?", "commit \u202e by friday"),
        ("commit call", "By when?", "commit call by friday"),
        (
            "commit book a room for kick-off",
            "By when?",
            "commit book a room for kick-off by friday",
        ),
        ("commit call by soon", "By when?", "commit call by friday"),
        ("commit call by 12", "By when?", "commit call by 12 by friday"),
        ("commit call friday", "By when? Do you mean by Fri, Nov 27?", "commit call by 27 Nov"),
        ("commit meet on 4 Dec", "By when? Do you mean by Fri, Dec 4?", "commit meet by 4 Dec"),
        ("commit call by 31 Nov", "November has 30 days.", "commit call by 30 Nov"),
        ("commit @bo call by fryday", "Did you mean “friday”", "commit @bo call by 27 Nov"),
        ("commit call by 20 Nov", "Fri, Nov 20 is past.", "commit call by 20 Nov 2027"),
        ("commit call by yesterday", "That is past.", "commit call by yesterday"),
        ("commit call by 03/04", "That could be", "commit call by 4 Mar 2027"),
        (
            "commit call by 03/04 for mentoring",
            "That could be",
            "commit call by 4 Mar 2027 for mentoring",
        ),
        ("commit call by next week", "Which day do you mean?", "commit call by next week"),
        ("commit call by may", "Which day do you mean?", "commit call by may"),
        ("commit call by friday 5pm", "I keep days, not times", "commit call (5pm) by 27 Nov"),
        (
            "commit shift the date by 3 days",
            "Do you mean by Sat, Nov 28?",
            "commit shift the date by 28 Nov",
        ),
        (
            "commit call by friday at the museum",
            "Do you mean by Fri, Nov 27? Please put the date last.",
            "commit call at the museum by 27 Nov",
        ),
        (
            "commit call by 31 Nov at the museum",
            "November has 30 days.",
            "commit call at the museum by 30 Nov",
        ),
        ("commit <!channel> call by friday", "A commitment belongs to one person.", None),
        ("commit <!subteam^S1|team> call by friday", "A commitment belongs to one person.", None),
        ("commit @here call by friday", "A commitment belongs to one person.", None),
        ("commit @bo and @hui call by friday", "A commitment belongs to one person: one", None),
        ("commit <@U1> <@U2> call by friday", "A commitment belongs to one person: one", None),
    ],
)
def test_what_is_missing_or_unclear_is_asked_with_the_line_ready_to_mend(
    line: str, asked: str, mended: str | None
) -> None:
    asking = question(line)
    assert str(asking).startswith(asked)
    assert asking.suggestion == (line if mended is None else mended)


def test_missing_words_come_with_how_to_write_it_and_an_example() -> None:
    sentence = str(question("commit"))
    assert "commit [@SOMEONE] WHAT by DATE [for PROGRAM]" in sentence
    assert "commit @bo invite 12 mentees by 30 Nov for mentoring" in sentence


def test_words_stay_whole_however_long_they_are() -> None:
    long = "é" * 9_000 + " " + "e" + "\u0301" * 10_000
    assert said(f"commit {long} by friday").what == long


def test_a_question_never_repeats_what_could_come_alive_in_slack() -> None:
    for line in ("commit <!channel>", "<!channel> by friday", "commit x by <!here> 31 Nov"):
        assert "<" not in str(question(line))


@pytest.mark.parametrize("end", ["by", "by.", "until", "due", "on"])
def test_a_word_that_waits_for_a_date_does_not_stand_twice_in_the_mended_line(end: str) -> None:
    assert question(f"commit call the press {end}").suggestion == "commit call the press by friday"
