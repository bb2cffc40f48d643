"""What people see of partnerships: it says it all, fits Slack's limits, and no text comes alive."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from bot.domain.home import Home, Next, Standing
from bot.domain.partnerships import (
    CHECKIN,
    DIGEST,
    Asked,
    Change,
    Ended,
    Entry,
    Joining,
    Participation,
    Partnership,
    Setting,
    State,
    Step,
    to_json,
)
from bot.domain.people import Kind, Member, Organization
from bot.domain.preferences import Chosen, Preferences, Times
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.welcome import Arranged, Line, Noted, Welcome
from bot.language import VERBS
from bot.sandbox.block_kit import faults_of_blocks, faults_of_view
from bot.views import help as help_views
from bot.views import home as home_views
from bot.views import organizations as organization_views
from bot.views import partnerships as views
from bot.views import setup as setup_views
from bot.views.blocks import Message
from bot.views.help import Voice
from bot.views.ids import OrganizationButton
from bot.views.ids import PartnershipButton as Button

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
ACME = Organization(1, "Acme", "TACME", zone="America/New_York", host=True)
NORTHSIDE = Organization(2, "Northside Youth", "TNORTH")
DANA = Member(1, "TACME", "UDANA", "Dana", Kind.FULL, ACME)
BO = Member(3, "TNORTH", "UBO", "Bo", Kind.FULL, NORTHSIDE)
HUI = Member(5, "TACME", "UHUI", "Hui", Kind.GUEST, None)
PARTNERSHIP = Partnership(
    7, 1, "mentors", "Mentoring", "America/New_York", State.BEGINNING, "C0MENTORS", NOW
)
AGREED = Line(ACME, True, DANA, DANA, not_now=False, expected=False)
SILENT = Line(NORTHSIDE, False, None, None, not_now=False, expected=False)
CARD = Welcome(PARTNERSHIP, "Acme", (AGREED, SILENT), (), CHECKIN, DIGEST, may_start_without=False)

CHOSEN = Chosen(None, Preferences(), Times("America/New_York"), TODAY, ())

HOSTILE = [
    pytest.param("a" * 40_000, id="6-long"),
    pytest.param("&<>" * 13_000, id="6-escapes"),
    pytest.param("🏳️‍🌈" * 9_000, id="6-graphemes"),
    pytest.param("\u202egnol\u202c" * 500, id="9-right-to-left"),
    pytest.param("e" + "\u0301" * 10_000, id="9-marks"),
    pytest.param("<!channel> <@U0EVIL> <http://evil.example|here> @here", id="10-markup"),
    pytest.param("one\ntwo\n```three``` *four*", id="lines"),
]

_ALIVE = re.compile(r"<!|<@U0EVIL|<http")


def noted(step: Step, **given: Any) -> Noted:
    detail = given.pop("detail", {})
    values: dict[str, Any] = {
        "entry": Entry(30, 7, step, NOW, 3, 2, detail),
        "partnership": PARTNERSHIP,
        "today": TODAY,
        "host": "Acme",
        "checkin": CHECKIN,
        "digest": DIGEST,
        "waiting": (NORTHSIDE,),
        "member": BO,
        "organization": NORTHSIDE,
        "answers": DANA,
    }
    return Noted(**(values | given))


def change(name: Setting, value: Any, **given: Any) -> Change:
    begins = datetime(2026, 12, 2, 5, tzinfo=UTC)
    return Change(9, 7, name, value, begins, set_by=3, set_at=NOW, **given)


def arranged(**given: Any) -> Arranged:
    values: dict[str, Any] = {
        "partnership": PARTNERSHIP,
        "checkin": CHECKIN,
        "digest": DIGEST,
        "participations": (Participation(1, 7, ACME, NOW), Participation(2, 7, NORTHSIDE, NOW)),
        "expected": (),
    }
    return Arranged(**(values | given))


def action_ids(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def shown(message: Message) -> str:
    """All that the blocks say."""
    return "\n".join(_texts(message["blocks"]))


def _marked_up(blocks: list[dict[str, Any]]) -> str:
    """All texts in which Slack reads markup; in ``plain_text`` it reads none."""
    return "\n".join(_texts(blocks, frozenset({"mrkdwn"})))


def _texts(
    value: Any, kinds: frozenset[str] = frozenset({"mrkdwn", "plain_text"})
) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") in kinds:
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner, kinds)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, kinds)


def check(message: Message) -> None:
    """Slack takes it, and nothing that a person typed comes alive in it."""
    assert faults_of_blocks(message["blocks"], "message") == []
    assert 0 < len(message["text"]) <= 4000
    assert not _ALIVE.search(message["text"])
    assert not _ALIVE.search(_marked_up(message["blocks"]))


# The welcome


def test_the_welcome_says_what_it_does_keeps_and_never_does_and_who_runs_it() -> None:
    message = views.welcome(CARD)
    for said in (message["text"], shown(message)):
        assert (
            "Hi. I help you keep track of what you agree. I post nothing on schedule until each "
            "organization says OK. I read only replies to me and messages that mention me. "
            "Acme runs me; its technical staff could read what I keep." in said
        )
        assert "a check-in every second Tuesday at 10:00" in said
        assert "a digest every Friday at 15:00" in said
        assert "Slack delivers all messages of this channel to me" in said
        assert "dropped at once" in said
        assert "Mentoring" in said
        assert "Acme: OK by <@UDANA>" in said
        assert "Northside Youth: waiting…" in said
    check(message)


def test_the_welcome_shows_no_slash_command() -> None:
    assert "/partner" not in shown(views.welcome(CARD))


def test_everybody_is_offered_the_same_buttons() -> None:
    assert action_ids(views.welcome(CARD)) == [
        Button.OK,
        Button.NOT_NOW,
        Button.ASK,
        Button.SET_UP,
        OrganizationButton.SHOW,
    ]


def test_guests_are_asked_for_their_organization() -> None:
    message = views.welcome(replace(CARD, guests=(HUI,)))
    assert "<@UHUI>: which organization are you with?" in message["text"]
    assert Button.WITH in action_ids(message)


def test_once_all_have_agreed_nobody_is_asked_again() -> None:
    started = replace(PARTNERSHIP, state=State.STARTED)
    message = views.welcome(replace(CARD, partnership=started, lines=(AGREED,) * 2))
    assert action_ids(message) == [Button.ASK, Button.SET_UP, OrganizationButton.SHOW]
    assert "We have started" in message["text"]


def test_with_only_one_organization_it_says_that_partners_can_be_invited() -> None:
    assert "Invite your partners" in views.welcome(replace(CARD, lines=(AGREED,)))["text"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (replace(SILENT, not_now=True), "not now, and can say OK later"),
        (replace(SILENT, expected=True), "not here yet"),
        (replace(AGREED, lead=BO), "lead <@UBO>"),
    ],
)
def test_where_each_organization_stands_is_said_in_words(line: Line, words: str) -> None:
    assert words in views.welcome(replace(CARD, lines=(AGREED, line)))["text"]


def test_after_ten_days_it_offers_to_start_without_the_one_that_is_silent() -> None:
    message = views.welcome(replace(CARD, may_start_without=True))
    assert Button.START_WITHOUT in action_ids(message)
    assert "Start without Northside Youth" in shown(message)
    check(message)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_welcome_takes_any_name_and_purpose(text: str) -> None:
    hostile = replace(NORTHSIDE, name=text)
    lines = (AGREED, *(replace(SILENT, organization=hostile) for _ in range(20)))
    partnership = replace(PARTNERSHIP, purpose=text)
    for may in (True, False):
        check(
            views.welcome(
                replace(
                    CARD, partnership=partnership, lines=lines, host=text, may_start_without=may
                )
            )
        )


# Its thread


@pytest.mark.parametrize("step", Step)
def test_every_step_can_be_told(step: Step) -> None:
    joining = Asked(4, 7, 5, NORTHSIDE, Joining.ASKED)
    told = noted(
        step,
        detail={"text": "Who reads this?"},
        joining=joining,
        change=change(Setting.PURPOSE, "Mentoring"),
    )
    check(views.note(told))
    check(views.note(replace(told, member=None, organization=None, answers=None, waiting=())))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("step", Step)
def test_any_text_is_safe_in_the_thread(step: Step, text: str) -> None:
    organization = replace(NORTHSIDE, name=text)
    told = noted(
        step,
        detail={"text": text},
        organization=organization,
        member=replace(BO, name=text, organization=organization),
        waiting=(organization,),
        joining=Asked(4, 7, 5, organization, Joining.ASKED),
        change=change(Setting.PURPOSE, text),
    )
    check(views.note(told))


def test_a_question_names_who_asked_and_calls_who_can_answer() -> None:
    message = views.note(noted(Step.QUESTION, detail={"text": "Who reads this?\nAnd why?"}))
    assert "<@UBO> (Northside Youth) asks:" in message["text"]
    assert "<@UDANA>, can you answer this here?" in message["text"]
    assert "> Who reads this?\n> And why?" in shown(message)


def test_the_start_says_what_is_scheduled() -> None:
    text = views.note(noted(Step.STARTED))["text"]
    assert "a check-in every second Tuesday at 10:00" in text
    assert "a digest every Friday at 15:00 (New York time)" in text


def test_a_question_to_colleagues_becomes_a_line_once_it_is_answered() -> None:
    asked = Asked(4, 7, 5, NORTHSIDE, Joining.ASKED)
    open_note = views.note(noted(Step.WITH_ASKED, member=HUI, joining=asked))
    assert action_ids(open_note) == [Button.JOINING_YES, Button.JOINING_NO]
    settled = replace(asked, state=Joining.YES)
    note = views.note(noted(Step.WITH_ASKED, member=HUI, joining=settled, by=BO))
    assert action_ids(note) == []
    assert "<@UBO> said yes" in note["text"]


@pytest.mark.parametrize(
    ("given", "buttons", "words"),
    [
        ({}, [Button.OBJECT], "It begins on Wed, Dec 2, unless somebody objects."),
        ({"ended_as": Ended.OBJECTED}, [], "It does not take effect."),
        ({"ended_as": Ended.REPLACED}, [], "A newer suggestion has taken its place."),
        ({"applied_at": NOW}, [], "it holds now"),
    ],
)
def test_an_announcement_says_when_it_begins_and_how_it_ended(
    given: dict[str, Any], buttons: list[str], words: str
) -> None:
    weekly = to_json(Rhythm(Frequency.WEEKLY, 2, time(9, 30)))
    message = views.note(noted(Step.ANNOUNCED, change=change(Setting.CHECKIN, weekly, **given)))
    assert "check-ins every Wednesday at 09:30" in message["text"]
    assert words in message["text"]
    assert action_ids(message) == buttons


def test_silence_comes_with_a_note_to_forward() -> None:
    message = views.silence(noted(Step.SILENT))
    assert "Northside Youth has not said OK in <#C0MENTORS>" in message["text"]
    assert "forward" in message["text"]
    check(message)


# Private answers and forms


@pytest.mark.parametrize("text", [pytest.param("Northside Youth", id="plain"), *HOSTILE])
def test_private_answers_and_forms_take_any_text(text: str) -> None:
    organization = replace(NORTHSIDE, name=text)
    member = replace(BO, organization=organization)
    for message in (
        views.thanks(member, True, PARTNERSHIP),
        organization_views.joined(organization),
        organization_views.waits(organization),
        organization_views.confirmed(organization, yes=False),
        organization_views.which(7, text[:80], [organization] * 6),
        setup_views.summary(
            arranged(
                partnership=replace(PARTNERSHIP, purpose=text),
                expected=(text,) * 20,
                announced=(change(Setting.PURPOSE, text),),
            )
        ),
    ):
        check(message)
    for modal in (
        organization_views.with_form(7, [organization] * 120),
        organization_views.which_form(7, text[:80], [organization] * 12),
        setup_views.form(
            arranged(partnership=replace(PARTNERSHIP, purpose=text), expected=(text[:80],) * 20)
        ),
    ):
        assert faults_of_view(modal, "modal") == []


def test_plain_answers_and_the_question_form_fit_too() -> None:
    for message in (views.not_now(), views.asked(), views.objected()):
        check(message)
    assert faults_of_view(views.question_form(7), "modal") == []
    assert faults_of_view(organization_views.with_form(7, []), "modal") == []


def test_the_setup_form_shows_what_holds() -> None:
    odd = Rhythm(Frequency.QUARTERLY, 6, time(5, 45), nth=-1)
    form = setup_views.form(
        arranged(checkin=odd, partnership=replace(PARTNERSHIP, zone="Pacific/Chatham"), version=12)
    )
    assert faults_of_view(form, "modal") == []
    initial = {
        block["block_id"]: block["element"].get("initial_option", {}).get("value")
        for block in form["blocks"]
        if block["type"] == "input"
    }
    assert initial["partnership.checkin_often"] == "quarterly:-1"
    assert initial["partnership.checkin_day"] == "6"
    assert initial["partnership.checkin_at"] == "05:45"
    assert initial["partnership.digest_often"] == "weekly"
    assert initial["partnership.zone"] == "Pacific/Chatham"
    assert form["private_metadata"] == "7:12"


def test_the_summary_says_how_it_is_set_up() -> None:
    text = setup_views.summary(arranged(expected=("Northside Youth",)))["text"]
    for words in (
        "Mentoring",
        "*Organizations:* Acme\n",
        "*Expected:* Northside Youth",
        "every second Tuesday at 10:00",
        "every Friday at 15:00",
        "New York time",
        "Nothing is posted on schedule before each organization has said OK.",
    ):
        assert words in text


# Help and Home


@pytest.mark.parametrize("voice", Voice)
def test_help_fits_and_names_every_verb(voice: Voice) -> None:
    message = help_views.everything(voice, "/partner")
    check(message)
    for verb in VERBS.values():
        told = f"`{verb.name}`" if voice is Voice.DIRECT else verb.about
        assert told in shown(message) or verb.about in shown(message)
        check(help_views.one(verb.name, voice, "/partner"))


def test_help_in_a_direct_message_is_short_and_says_what_works_there() -> None:
    message = help_views.everything(Voice.DIRECT, "/partner")
    assert len(message["text"]) < 2200
    here, there = shown(message).split("In your channel, after a mention of me")
    for name in ("commit @bo", "done 12", "yes 12", "mine", "away 22 Dec"):
        assert name in here
    for name in ("`shares`", "`setup`", "`checkin`"):
        assert name in there
    assert "needs a channel" not in shown(help_views.one("done", Voice.DIRECT, "/partner"))
    assert "needs a channel" in shown(help_views.one("setup", Voice.DIRECT, "/partner"))


def test_only_who_came_by_the_command_reads_of_it() -> None:
    assert "`/pact commit" in shown(help_views.everything(Voice.COMMAND, "/pact"))
    for voice in (Voice.MENTION, Voice.DIRECT):
        assert "/pact" not in shown(help_views.everything(voice, "/pact"))
        assert "/pact" not in shown(help_views.one("commit", voice, "/pact"))


def test_the_likeliest_next_things_are_buttons() -> None:
    everything = Next(PARTNERSHIP, True, True, True, 3, 2)
    message = help_views.likeliest(everything)
    check(message)
    assert action_ids(message) == [
        Button.WITH,
        Button.OK,
        Button.SET_UP,
        "commitment.waiting",
        "commitment.mine",
        "commitment.new",
        "commitment.list",
        "help.all",
    ]
    assert "What waits for me (2)" in message["text"]
    nothing = help_views.likeliest(Next(None, False, False, False, 0, 0))
    assert action_ids(nothing) == ["help.all"]
    check(nothing)


@pytest.mark.parametrize("text", [pytest.param("Mentoring", id="plain"), *HOSTILE])
def test_home_fits_whatever_is_in_it(text: str) -> None:
    from tests.views.test_commitments import ASKED

    commitment = replace(ASKED, terms=replace(ASKED.terms, what=text))
    partnership = replace(PARTNERSHIP, purpose=text, name=text)
    view = home_views.home(
        Home(
            DANA,
            TODAY,
            (commitment,) * 40,
            (commitment,),
            tuple(Standing(partnership, bool(n % 2), (text,) * 20) for n in range(40)),
            CHOSEN,
        )
    )
    assert faults_of_view(view, "home") == []
    assert not _ALIVE.search(_marked_up(view["blocks"]))


def test_home_says_so_where_there_is_nothing() -> None:
    view = home_views.home(Home(None, TODAY, (), (), (), CHOSEN))
    assert faults_of_view(view, "home") == []
    said = "\n".join(_texts(view["blocks"]))
    assert "Nothing waits for your answer." in said
    assert "I am in no channel with you yet." in said
