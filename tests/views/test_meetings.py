"""Nudges, questions and digests for few eyes, as people see them: whole, safe, within limits."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.checkins import Line
from bot.domain.commitments import Audience, Commitment, Risk, Terms
from bot.domain.digest import Internal
from bot.domain.nudges import Asked, Nudged
from bot.domain.shares import Part, Share, Shown
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view
from bot.views import digest as digest_views
from bot.views import nudges as nudge_views
from bot.views import questions as question_views
from bot.views import shares as share_views
from bot.views.blocks import Message
from tests.views.test_checkins import (
    BO,
    DIGEST,
    HOSTILE,
    NORTHSIDE,
    NOW,
    OCCURRENCE,
    PROMISED,
    TODAY,
    ZONE,
    labels,
    shown,
)

STUCK = replace(PROMISED, risk=Risk(NOW, Audience.ORGANIZATION, "no venue"))
INTERNAL = Internal(
    partnership_id=1,
    name="mentoring-partners",
    channel="C0MENTORS",
    organization=NORTHSIDE,
    viewer=BO,
    today=TODAY,
    stuck=(STUCK,),
    due=(PROMISED,),
    next_checkin=NOW,
    zone=ZONE,
)
ASKED = Asked(OCCURRENCE, "mentoring-partners", "C0MENTORS", ZONE, TODAY, (Line(PROMISED),))
NUDGED = Nudged(BO, (ASKED,))


def safe(message: Message) -> None:
    assert faults_of_blocks(message["blocks"], "message") == []
    everything = message["text"] + shown(message)
    for alive in ("<!", "<@UDANA>", "<http", "\u202e", "\u0301" * 5, "/partner"):
        assert alive not in everything
    assert len(message["text"]) <= 4000


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_comes_alive_or_breaks_a_limit(text: str) -> None:
    organization = replace(NORTHSIDE, name=text)
    owner = replace(BO, name=text, organization=organization)
    hostile = replace(
        PROMISED,
        owner=owner,
        terms=Terms(1, text, date(2026, 11, 30)),
        risk=Risk(NOW, Audience.ORGANIZATION, text),
    )
    own = replace(
        INTERNAL, name=text, organization=organization, stuck=(hostile,) * 30, due=(hostile,) * 30
    )
    asked = replace(ASKED, name=text, lines=(Line(hostile),) * 30)
    share = Share(1, 1, owner, NOW, TODAY, tuple(Part(n, text, n) for n in range(9)))
    for message in (
        digest_views.internal(own),
        digest_views.across([own] * 60),
        nudge_views.nudge(Nudged(owner, (asked, asked))),
        share_views.told(Shown(share, text, ZONE)),
        share_views.posted(Shown(share, text, ZONE)),
        share_views.sent([owner] * 9, again=True),
        share_views.marked(hostile, True),
        question_views.shown(1, [text[:300]] * 12, text[:300]),
    ):
        safe(message)
    form = question_views.form(1, 0, [text[:300]] * 12, started=True)
    assert faults_of_view(form, "modal") == []


def test_a_nudge_says_what_where_until_when_and_that_nobody_else_sees_it() -> None:
    made = nudge_views.nudge(NUDGED)
    assert labels(made) == ["Done", "On track", "I'm stuck"]
    for said in (made["text"], shown(made)):
        assert "The check-in in <#C0MENTORS> asks about what is yours." in said
        assert "#12 Bo (Northside Youth): invite 12 mentees by Mon, Nov 30" in said
        assert "It is summed up on Thu, Nov 26 at 10:00." in said
        assert "Only you see this, and I ask only once." in said


def test_a_nudge_that_is_answered_asks_nothing_any_more() -> None:
    done = replace(ASKED, lines=(Line(PROMISED, on_track=True),), answered=True)
    assert "on track" in nudge_views.nudge(Nudged(BO, (done,)))["text"]


def test_what_only_the_organization_knows_is_marked_so() -> None:
    said = digest_views.internal(INTERNAL)["text"]
    assert "Bo (Northside Youth): no venue (only your organization knows)" in said
    assert "It may speak of what only Northside Youth knows." in said


LONG_WORDS = "water the plants in the hall and by the river and " * 4
LINKS = dict.fromkeys(range(99), "https://acme.slack.example/archives/C0MENTORS/p1764000000000100")


def long_ones(count: int) -> tuple[Commitment, ...]:
    """Commitments whose lines are as long as lines get."""
    owner = replace(BO, name="B" * 80, organization=replace(NORTHSIDE, name="N" * 80))
    terms = Terms(1, LONG_WORDS, date(2026, 11, 30))
    return tuple(
        replace(PROMISED, id=n, number=n, owner=owner, terms=terms, risk=STUCK.risk)
        for n in range(count)
    )


def whole_lines_and_how_many_more(made: Message) -> tuple[int, int]:
    """Bullets that end as they should, and those that the parts say are left out."""
    assert faults_of_blocks(made["blocks"], "message") == []
    bullets = [line for line in shown(made).splitlines() if line.startswith("• ")]
    more = [line.split()[2] for line in bullets if line.startswith("• and ")]
    whole = [line for line in bullets if line.endswith((f"({'N' * 80})", "organization knows)"))]
    assert len(whole) + len(more) == len(bullets)
    return len(whole), sum(int(each) for each in more)


def test_every_line_of_a_digest_is_whole_and_what_is_left_out_is_counted() -> None:
    few, many = long_ones(15), long_ones(60)
    assert whole_lines_and_how_many_more(
        digest_views.internal(replace(INTERNAL, stuck=(), due=few), LINKS)
    ) == (15, 0)
    for each in (many, few):
        own = replace(INTERNAL, stuck=each, late=each, due=each, asked=each)
        whole, more = whole_lines_and_how_many_more(digest_views.internal(own, LINKS))
        assert whole + more == 4 * len(each)
        assert "It may speak of what only" in shown(digest_views.internal(own, LINKS))
    week = replace(DIGEST, decide=(), done=(), heard=())
    told = digest_views.whole(replace(week, due=long_ones(20)), LINKS)
    assert whole_lines_and_how_many_more(told)[1] == 0
    told = digest_views.whole(replace(week, due=many), LINKS)
    whole, more = whole_lines_and_how_many_more(told)
    assert (whole > 20, whole + more) == (True, 60)
    assert shown(told).splitlines()[-1].startswith("Next:")


def test_all_partnerships_are_told_however_long_their_lines_are() -> None:
    full = replace(INTERNAL, stuck=(), late=long_ones(6))
    every = [replace(full, partnership_id=n, channel=f"C{n:04}") for n in range(1, 21)]
    made = digest_views.across(every, dict.fromkeys(range(21), LINKS))
    whole, more = whole_lines_and_how_many_more(made)
    assert (whole >= 20, whole + more) == (True, 20 * 7)
    for each in every:
        assert f"<#{each.channel}>" in shown(made)
    assert "Only you see this." in shown(made)


def test_sixty_partnerships_are_told_in_one_message_that_says_how_many_are_left() -> None:
    made = digest_views.across([replace(INTERNAL, partnership_id=n) for n in range(60)])
    assert faults_of_blocks(made["blocks"], "message") == []
    assert "And 40 more partnerships with something to tell." in shown(made)
    quiet = replace(INTERNAL, stuck=(), due=())
    assert (
        "Nothing waits in 2 other partnerships."
        in digest_views.across([INTERNAL, quiet, quiet])["text"]
    )


def test_links_lead_from_the_number_and_are_not_read_aloud() -> None:
    made = digest_views.internal(INTERNAL, {12: "https://acme.example/p1"})
    assert "<https://acme.example/p1|#12> invite 12 mentees" in shown(made)
    assert "https" not in made["text"]


def test_the_usual_questions_are_offered_where_none_are_set() -> None:
    form = question_views.form(1, 0, (), False)
    assert "How is your part going?" in str(form)
    assert "the usual questions" in question_views.shown(1, (), None)["text"]
