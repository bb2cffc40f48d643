"""What people see of check-ins, schedules and digests: short, whole, and safe."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.checkins import (
    Announced,
    Changed,
    Line,
    Need,
    Note,
    Occurrence,
    Prompt,
    Quote,
    Settled,
    Standing,
    State,
    Statement,
    Summary,
    Word,
)
from bot.domain.commitments import Audience, Commitment, Place, Risk, Terms
from bot.domain.commitments import State as CommitmentState
from bot.domain.digest import LINES, Digest, allot
from bot.domain.people import Kind, Member, Organization
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.schedules import Entry, Event, Schedule, ScheduleKind
from bot.sandbox.block_kit import faults_of_blocks
from bot.views import checkins as views
from bot.views import digest as digest_views
from bot.views import schedules as schedule_views
from bot.views.blocks import Message

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ZONE = "America/New_York"
ACME = Organization(1, "Acme", "TACME", host=True)
NORTHSIDE = Organization(2, "Northside Youth", "TNORTH")
DANA = Member(1, "TACME", "UDANA", "Dana", Kind.FULL, ACME)
BO = Member(3, "TNORTH", "UBO", "Bo", Kind.FULL, NORTHSIDE)
NASTY = "<!channel> <@UDANA> <https://evil.example|Acme> \u202egnp.exe " + "e" + "\u0301" * 10_000

PROMISED = Commitment(
    id=17,
    place=Place(1, 1, "mentoring-partners", ZONE, "C0MENTORS"),
    number=12,
    state=CommitmentState.ACCEPTED,
    owner=BO,
    proposer=BO,
    terms=Terms(1, "invite 12 mentees", date(2026, 11, 30)),
    created_at=NOW,
)
OCCURRENCE = Occurrence(
    id=4,
    schedule_id=1,
    partnership_id=1,
    kind=ScheduleKind.CHECKIN,
    nominal=TODAY,
    slot=0,
    at=NOW,
    state=State.OPEN,
    closes_at=NOW + timedelta(days=2),
)
PROMPT = Prompt(
    occurrence=OCCURRENCE,
    name="mentoring-partners",
    zone=ZONE,
    today=TODAY,
    asked_on=TODAY,
    lines=(Line(PROMISED),),
    set_by=DANA,
    rhythm="every second Tuesday at 10:00",
)
RHYTHM = Rhythm(Frequency.BIWEEKLY, weekday=1, at=time(10))
SCHEDULE = Schedule(1, 1, ScheduleKind.CHECKIN, RHYTHM, ZONE, TODAY, begun=True)
STANDING = Standing(SCHEDULE, "mentoring-partners", "C0MENTORS", (NOW, NOW + timedelta(14)), DANA)
STATEMENT = Statement(9, 5, Word.DONE, PROMISED.id)
DIGEST = Digest(
    partnership_id=1,
    name="mentoring-partners",
    channel="C0MENTORS",
    zone=ZONE,
    today=TODAY,
    rhythm="every Friday at 15:00",
    occurrence_id=8,
    decide=(replace(PROMISED, state=CommitmentState.PROPOSED, proposer=DANA),),
    due=(PROMISED,),
    done=(replace(PROMISED, state=CommitmentState.DONE),),
    heard=(Quote(BO, "We met two mentors."),),
    next_checkin=NOW,
    next_digest=NOW + timedelta(3),
    set_by=DANA,
)


def buttons(message: Message) -> list[dict[str, Any]]:
    found = []
    for block in message["blocks"]:
        found += [
            *block.get("elements", ()),
            *([block["accessory"]] if "accessory" in block else []),
        ]
    return [each for each in found if each["type"] == "button"]


def labels(message: Message) -> list[str]:
    return [each["text"]["text"] for each in buttons(message)]


def shown(message: Message) -> str:
    """All words of the blocks."""

    def words(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if value.get("type") in {"mrkdwn", "plain_text"}:
                yield value["text"]
            else:
                for each in value.values():
                    yield from words(each)
        elif isinstance(value, list):
            for each in value:
                yield from words(each)

    return "\n".join(words(message["blocks"]))


# The prompt


def test_the_prompt_asks_lists_what_is_near_and_says_who_set_it_up() -> None:
    made = views.prompt(PROMPT)
    assert labels(made) == ["Done", "On track", "I'm stuck", "Pause"]
    for text in (made["text"], shown(made)):
        assert "How is your part going?" in text
        assert "#12 Bo (Northside Youth): invite 12 mentees by Mon, Nov 30" in text
        assert "set up by Dana (Acme)" in text
        assert "I sum up on Thu, Nov 26 at 10:00." in text


def test_the_prompt_calls_nobody_by_a_mention() -> None:
    made = views.prompt(PROMPT)
    assert "<@" not in made["text"] + shown(made)


def test_a_closed_prompt_has_a_line_of_text_where_its_buttons_were() -> None:
    closed = replace(PROMPT, occurrence=replace(OCCURRENCE, state=State.CLOSED))
    made = views.prompt(closed)
    assert buttons(made) == []
    assert "closed. Late replies in the thread are still read." in made["text"]


def test_what_is_done_has_no_buttons_any_more() -> None:
    done = Line(replace(PROMISED, state=CommitmentState.DONE))
    made = views.prompt(replace(PROMPT, lines=(done,)))
    assert labels(made) == ["Pause"]
    assert "done, thank you" in shown(made)


def test_still_open_and_at_risk_are_said_in_words_and_no_days_are_counted() -> None:
    late = replace(
        PROMISED,
        terms=Terms(1, "invite 12 mentees", date(2026, 11, 22)),
        risk=Risk(NOW, Audience.EVERYONE, "no venue"),
    )
    made = views.prompt(replace(PROMPT, lines=(Line(late),)))
    assert "still open, at risk" in made["text"]
    assert labels(made) == ["Done", "On track", "Pause"]


@pytest.mark.parametrize(
    ("because", "asked_on", "said"),
    [
        (
            [["Harbor", "staff retreat"]],
            date(2026, 11, 25),
            "Moved from Tue, Nov 24: Harbor is closed.",
        ),
        ([["Harbor", None]], date(2026, 11, 25), "Harbor does not work on Tuesdays"),
        ([["Harbor", ""]], date(2026, 11, 25), "Harbor is closed."),
        ([], date(2026, 11, 25), "Moved from Tue, Nov 24, since another post had that day."),
    ],
)
def test_a_move_says_why(because: list[list[str | None]], asked_on: date, said: str) -> None:
    moved = replace(OCCURRENCE, detail={"because": because})
    made = views.prompt(replace(PROMPT, occurrence=moved, asked_on=asked_on))
    assert said in made["text"]
    assert "retreat" not in str(made)


def test_more_than_fits_is_behind_a_button() -> None:
    made = views.prompt(replace(PROMPT, more=3))
    assert "Show all" in labels(made)
    assert "3 more commitments" in shown(made)


def test_one_that_somebody_asked_for_says_who_and_cannot_be_paused() -> None:
    made = views.prompt(replace(PROMPT, asked_by=BO))
    assert "Bo (Northside Youth) asked for it now." in made["text"]
    assert "Pause" not in labels(made)


# Notes and the summary


def test_the_prompt_keeps_the_condition_that_was_agreed() -> None:
    terms = replace(PROMISED.terms, condition="travel is paid.")
    made = views.prompt(replace(PROMPT, lines=(Line(replace(PROMISED, terms=terms)),)))
    assert "invite 12 mentees by Mon, Nov 30, if travel is paid" in shown(made)


def test_a_done_is_asked_about_by_name() -> None:
    made = views.note(Note(STATEMENT, BO, PROMISED))
    assert made["text"] == "<@UBO>, shall I mark #12 as done: invite 12 mentees?"
    assert labels(made) == ["Yes, it is done", "Not yet"]


def test_a_stuck_is_asked_about_by_name_and_says_who_will_know() -> None:
    made = views.note(Note(replace(STATEMENT, word=Word.STUCK), BO, PROMISED))
    assert made["text"].startswith("<@UBO>, do you mean #12: invite 12 mentees?")
    assert "for everyone here to see?" in made["text"]
    assert labels(made) == ["Yes, everyone may know", "No, change nothing"]


def test_several_are_offered_one_by_one() -> None:
    other = replace(PROMISED, id=18, number=13)
    made = views.note(Note(replace(STATEMENT, commitment_id=None), BO, None, (PROMISED, other)))
    assert labels(made) == ["This one", "This one", "None of these"]
    assert len({button["accessibility_label"] for button in buttons(made)[:2]}) == 2


@pytest.mark.parametrize(
    ("word", "settled", "commitment", "said"),
    [
        (Word.DONE, Settled.YES, PROMISED, "Done: #12 invite 12 mentees. Thank you, <@UBO>!"),
        (Word.DONE, Settled.NO, PROMISED, "All right. Nothing has changed."),
        (Word.STUCK, Settled.YES, None, "I list it under what needs help."),
        (Word.STUCK, Settled.YES, PROMISED, "Thanks for saying so, <@UBO>. #12 is marked"),
    ],
)
def test_an_answered_question_becomes_a_line_of_text(
    word: Word, settled: Settled, commitment: Commitment | None, said: str
) -> None:
    statement = replace(STATEMENT, word=word, settled=settled)
    made = views.note(Note(statement, BO, commitment))
    assert said in made["text"]
    assert buttons(made) == []


def test_the_summary_tells_what_was_said_changed_and_needs_help_and_nothing_of_silence() -> None:
    made = views.summary(
        Summary(
            OCCURRENCE,
            (Quote(BO, "We met two mentors."),),
            (Changed(12, "invite 12 mentees", BO, "done"),),
            (Need(DANA, "no venue", 13, "book a room"), Need(BO, "a driver")),
        )
    )
    for text in (made["text"], shown(made)):
        assert "Bo (Northside Youth): “We met two mentors.”" in text
        assert "#12 invite 12 mentees: done, Bo (Northside Youth)" in text
        assert "Dana (Acme): #13 book a room: no venue" in text
        assert "Bo (Northside Youth): a driver" in text
        assert "silent" not in text
        assert "answered" not in text


# Schedules


def test_how_it_stands_says_when_it_comes_next() -> None:
    made = schedule_views.standing(STANDING, TODAY)
    assert "every second Tuesday at 10:00 (New York time), set up by Dana (Acme)." in made["text"]
    assert "Next: Tue, Nov 24 at 10:00, then Tue, Dec 8 at 10:00." in made["text"]
    assert labels(made) == ["Ask now", "Skip the next", "Pause", "Questions", "Change"]


def test_paused_can_be_resumed() -> None:
    paused = replace(STANDING, schedule=replace(SCHEDULE, paused=True), moments=())
    made = schedule_views.standing(paused, TODAY)
    assert "Paused." in made["text"]
    assert labels(made) == ["Ask now", "Resume", "Questions", "Change"]


def test_a_skip_can_be_undone() -> None:
    assert "Undo" in labels(schedule_views.skipped(STANDING, TODAY))


@pytest.mark.parametrize("event", [each for each in Event if each is not Event.TAKEN_BACK])
def test_what_somebody_did_is_told_with_their_name_and_what_follows(event: Event) -> None:
    entry = Entry(1, 1, event, BO.id, NORTHSIDE.id, NOW, None)
    made = schedule_views.told(Announced(entry, ScheduleKind.CHECKIN, 1, BO, NOW, ZONE))
    assert made["text"].startswith("<@UBO> (Northside Youth)")
    assert "check-in" in made["text"]


# The digest


def lines(message: Message) -> list[str]:
    """The lines that a reader sees, small print included."""
    found = []
    for block in message["blocks"]:
        if block["type"] == "section":
            found += block["text"]["text"].split("\n")
        elif block["type"] == "context":
            found += [each["text"] for each in block["elements"]]
    return found


def test_the_digest_has_its_parts_in_their_order() -> None:
    made = digest_views.digest(DIGEST)
    assert [line.split(":")[0] for line in lines(made)] == [
        "*Digest for mentoring-partners, Tue, Nov 24*",
        "*Needs a decision",
        "*Due this week",
        "*Done, with thanks",
        "*What we heard",
        "Next",
        "I post this every Friday at 15",
    ]
    assert labels(made) == ["For my organization", "Pause"]


def test_the_digest_has_ten_lines_at_most_and_says_what_is_left_out() -> None:
    many = tuple(replace(PROMISED, id=n, number=n) for n in range(1, 40))
    heard = tuple(Quote(BO, f"thing {n}") for n in range(9))
    full = replace(DIGEST, decide=many, due=many, done=many, heard=heard)
    made = digest_views.digest(full)
    assert LINES - 1 <= len(lines(made)) <= LINES
    assert "Show all" in labels(made)
    assert "(and 38 more)" in made["text"]
    assert "(and 8 more)" in made["text"]


def test_several_things_of_a_part_stand_under_its_heading() -> None:
    made = digest_views.digest(replace(DIGEST, heard=(), due=(PROMISED, PROMISED)))
    told = lines(made)
    place = told.index("*Due this week:*")
    assert [line[:5] for line in told[place + 1 : place + 3]] == ["• #12", "• #12"]


def test_what_somebody_called_done_and_did_not_confirm_is_quoted_with_a_word_on_it() -> None:
    heard = (Quote(BO, "#12 done, and lunch was good", unconfirmed=True),)
    made = digest_views.digest(replace(DIGEST, heard=heard))
    assert "“#12 done, and lunch was good” (not marked as done yet)" in made["text"]
    assert "not marked" not in digest_views.digest(DIGEST)["text"]


def test_the_digest_says_where_more_of_each_stands_to_people_of_all_organizations() -> None:
    assert "in the thread of the card with its number" in digest_views.digest(DIGEST)["text"]


def test_the_text_alone_says_all_of_the_digest() -> None:
    made = digest_views.digest(DIGEST)
    for line in lines(made):
        assert line.replace("*", "").rstrip(".") in made["text"]


def test_the_digest_says_who_needs_help_and_what_is_overdue_before_what_is_due() -> None:
    late = replace(PROMISED, number=13, terms=replace(PROMISED.terms, due=TODAY - timedelta(2)))
    stuck = replace(PROMISED, number=14, risk=Risk(NOW, Audience.EVERYONE, "no venue."))
    made = digest_views.digest(replace(DIGEST, stuck=(stuck,), due=(late, PROMISED, PROMISED)))
    told = lines(made)
    assert told[2] == (
        "*Needs help:* #14 invite 12 mentees by Mon, Nov 30, Bo (Northside Youth): no venue"
    )
    assert told[3].startswith("*Still open:* #13")
    assert told[3].endswith("Bo (Northside Youth)")
    assert told[4].startswith("*Due this week:* #12")
    assert told[4].endswith("(and 1 more)")
    assert made["text"].count("Due this week") == 1


def test_what_is_next_stands_in_the_order_of_time_with_its_time_zone() -> None:
    sooner = replace(DIGEST, next_checkin=NOW + timedelta(8), next_digest=NOW + timedelta(3))
    (told,) = (line for line in lines(digest_views.digest(sooner)) if line.startswith("Next"))
    assert told.index("digest") < told.index("check-in")
    assert told.endswith("(New York time).")


def test_all_of_it_is_shown_on_demand() -> None:
    many = tuple(replace(PROMISED, id=n, number=n) for n in range(1, 40))
    made = digest_views.whole(replace(DIGEST, due=many))
    for n in range(1, 40):
        assert f"#{n} invite 12 mentees" in shown(made)


def test_a_preview_says_who_sees_it_and_when_there_would_be_none() -> None:
    assert "Only you see this preview." in digest_views.preview(DIGEST)["text"]
    empty = replace(DIGEST, decide=(), due=(), done=(), heard=())
    assert "no digest would be posted" in digest_views.preview(empty)["text"]


def test_a_sign_of_life_is_short() -> None:
    empty = replace(DIGEST, decide=(), due=(), done=(), heard=(), quiet_since=NOW)
    made = digest_views.digest(empty)
    assert made["text"].startswith("All quiet in mentoring-partners")
    assert labels(made) == ["Pause"]


@pytest.mark.parametrize(
    ("sizes", "room", "given"),
    [
        ((3, 0, 5), 7, (3, 0, 4)),
        ((9, 9, 9, 9), 7, (2, 2, 2, 1)),
        ((1, 1), 7, (1, 1)),
        ((5, 5, 5), 2, (1, 1, 0)),
        ((), 7, ()),
    ],
)
def test_lines_are_given_in_turn(sizes: tuple[int, ...], room: int, given: tuple[int, ...]) -> None:
    assert allot(sizes, room) == given


@pytest.mark.parametrize(
    "message",
    [
        views.prompt(replace(PROMPT, more=2)),
        views.note(Note(replace(STATEMENT, commitment_id=None), BO, None, (PROMISED, PROMISED))),
        schedule_views.standing(STANDING, TODAY),
        schedule_views.skipped(STANDING, TODAY),
        digest_views.digest(DIGEST),
    ],
)
def test_what_a_button_speaks_begins_with_what_it_shows(message: Message) -> None:
    for each in buttons(message):
        spoken = each.get("accessibility_label", each["text"]["text"])
        assert spoken.startswith(each["text"]["text"])


# Bad input 6, 9 and 10: whatever somebody wrote, nothing of theirs comes alive

HOSTILE = [
    pytest.param(NASTY, id="9-and-10"),
    pytest.param("a" * 40_000, id="6-long"),
    pytest.param("&<>" * 13_000, id="6-escapes"),
    pytest.param("🏳️‍🌈" * 9_000, id="6-graphemes"),
    pytest.param("*~_`>\n" * 50, id="10-marks"),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_comes_alive_or_breaks_a_limit(text: str) -> None:
    owner = replace(BO, name=text, organization=replace(NORTHSIDE, name=text))
    hostile = replace(PROMISED, owner=owner, terms=Terms(1, text, date(2026, 11, 30)))
    many = tuple(Line(hostile) for _ in range(8))
    quotes = tuple(Quote(owner, text) for _ in range(30))
    needs = tuple(Need(owner, text, 3, text) for _ in range(30))
    told = Entry(1, 1, Event.PAUSED, 1, 1, NOW, TODAY)
    moved = replace(OCCURRENCE, detail={"because": [[text, text]]})
    made = [
        views.prompt(
            replace(PROMPT, occurrence=moved, name=text, lines=many, set_by=owner, more=9)
        ),
        views.note(Note(STATEMENT, owner, hostile)),
        views.note(Note(replace(STATEMENT, commitment_id=None), owner, None, (hostile,) * 8)),
        views.summary(Summary(OCCURRENCE, quotes, (Changed(1, text, owner, "done"),) * 30, needs)),
        schedule_views.standing(replace(STANDING, name=text, set_by=owner), TODAY),
        schedule_views.told(Announced(told, ScheduleKind.DIGEST, 1, owner, NOW, ZONE)),
        digest_views.digest(
            replace(
                DIGEST,
                name=text,
                decide=(hostile,) * 9,
                due=(hostile,) * 9,
                done=(hostile,) * 9,
                heard=quotes,
                set_by=owner,
            )
        ),
        digest_views.whole(replace(DIGEST, name=text, due=(hostile,) * 60, heard=quotes)),
    ]
    for message in made:
        assert faults_of_blocks(message["blocks"], "message") == []
        everything = message["text"] + shown(message)
        assert "<!" not in everything
        assert "<@UDANA>" not in everything
        assert "<http" not in everything
        assert "\u202e" not in everything
        assert "\u0301" * 5 not in everything
        assert len(message["text"]) <= 4000


@pytest.mark.parametrize(
    "message",
    [
        views.prompt(PROMPT),
        schedule_views.standing(STANDING, TODAY),
        schedule_views.choices(ScheduleKind.CHECKIN, 1),
        digest_views.digest(DIGEST),
        views.kept(["This check-in is closed already."]),
    ],
)
def test_no_slash_command_is_shown_and_every_message_is_valid(message: Message) -> None:
    assert faults_of_blocks(message["blocks"], "message") == []
    assert "/partner" not in message["text"] + shown(message)
