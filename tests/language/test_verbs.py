import re
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.errors import Unclear
from bot.domain.rhythm import Frequency, Rhythm
from bot.language import VERBS, Answers, Said, Where, read
from bot.language.verbs import SPELLINGS, found
from bot.language.vocabulary import fold
from tests.language.said import NOW, ZONE

DEC_4 = date(2026, 12, 4)
TUESDAYS = Rhythm(Frequency.BIWEEKLY, 1, time(10))


def said(line: str, number: int | None = None) -> Said:
    return read(line, now=NOW, zone=ZONE, labels=("Mentoring",), number=number)


def question(line: str, number: int | None = None) -> Unclear:
    with pytest.raises(Unclear) as caught:
        said(line, number)
    return caught.value


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("list", Said("list")),
        ("List all commitments", Said("list")),
        ("list for mentoring", Said("list", label="Mentoring")),
        ("list for the gala", Said("list", label="gala")),
        ("mine", Said("mine")),
        ("my commitments", Said("mine")),
        ("mine, please", Said("mine")),
        ("waiting", Said("waiting")),
        ("waiting for me", Said("waiting")),
        ("show 12", Said("show", number=12)),
        ("#12", Said("show", number=12)),
        ("12", Said("show", number=12)),
        ("yes 12", Said("accept", number=12)),
        ("Yes #12!", Said("accept", number=12)),
        ("yes to 12", Said("accept", number=12)),
        ("yes 12, happy to", Said("accept", number=12)),
        ("sí 12", Said("accept", number=12)),
        ("d’accord #12", Said("accept", number=12)),
        ("agree no. 12", Said("accept", number=12)),
        ("accept №12", Said("accept", number=12)),
        ("yes 12 if travel is paid", Said("accept", number=12, condition="travel is paid")),
        ("yes 12, if travel is paid", Said("accept", number=12, condition="travel is paid")),
        ("yes 12 but only if a &lt; b", Said("accept", number=12, condition="a < b")),
        ("yes 12 as long as Bo comes", Said("accept", number=12, condition="Bo comes")),
        ("sí 12 si pagan el viaje", Said("accept", number=12, condition="pagan el viaje")),
        ("another 12 by 4 Dec", Said("counter", number=12, due=DEC_4)),
        ("another 12 4 Dec", Said("counter", number=12, due=DEC_4)),
        ("another date for 12: 4 Dec", Said("counter", number=12, due=DEC_4)),
        ("move #12 to 4 Dec", Said("counter", number=12, due=DEC_4)),
        ("change 12 to 4 Dec", Said("counter", number=12, due=DEC_4)),
        ("change 12 invite 10 by 4 Dec", Said("counter", number=12, what="invite 10", due=DEC_4)),
        ("change 12 to invite 10", Said("counter", number=12, what="invite 10")),
        ("change 12: no date yet", Said("counter", number=12, no_date=True)),
        ("no 12", Said("decline", number=12)),
        ("no 12 because our van is gone", Said("decline", number=12, because="our van is gone")),
        ("no 12: our van is gone", Said("decline", number=12, because="our van is gone")),
        ("decline 12, our van is gone", Said("decline", number=12, because="our van is gone")),
        ("done 12", Said("done", number=12)),
        ("done with #12!", Said("done", number=12)),
        ("done 12: 14 came", Said("done", number=12, what="14 came")),
        ("#12 done", Said("done", number=12)),
        ("12 is done", None),
        ("hecho 12", Said("done", number=12)),
        ("stuck 12: no venue", Said("stuck", number=12, because="no venue")),
        ("I'm stuck on #12, no venue", Said("stuck", number=12, because="no venue")),
        ("I’m stuck on #12 because of rain", Said("stuck", number=12, because="rain")),
        ("#12 stuck: no venue", Said("stuck", number=12, because="no venue")),
        ("unstuck 12", Said("unstuck", number=12)),
        ("on track 12", Said("unstuck", number=12)),
        ("not stuck 12", Said("unstuck", number=12)),
        ("drop 12 because the venue closed", Said("drop", number=12, because="the venue closed")),
        ("cancel 12", Said("drop", number=12)),
        ("change 12 for mentoring", Said("counter", number=12, label="Mentoring")),
        ("change 12 for friday", Said("counter", number=12, due=date(2026, 11, 27))),
        ("change 12 to <@U1|amina>", Said("hand", number=12, owner="<@U1|amina>")),
        ("hand over 12 to @amina", Said("hand", number=12, owner="@amina")),
        ("hand over to <@U1> 12", Said("hand", number=12, owner="<@U1>")),
        ("reassign #12 to @amina", Said("hand", number=12, owner="@amina")),
        (
            "hand 12 to <@U1> because our van is gone",
            Said("hand", number=12, owner="<@U1>", because="our van is gone"),
        ),
        ("keep 12", Said("keep", number=12)),
        ("keep it as it was #12", Said("keep", number=12)),
        ("keep 12 as it was", Said("keep", number=12)),
        ("reopen 12: the list", Said("reopen", number=12, because="the list")),
        (
            "not done 12, the list is missing",
            Said("reopen", number=12, because="the list is missing"),
        ),
        ("checkin", Said("checkin")),
        ("checkin now", Said("checkin", sub="now")),
        ("check-in now", Said("checkin", sub="now")),
        ("Check in now!", Said("checkin", sub="now")),
        ("checkin skip", Said("checkin", sub="skip")),
        ("checkin skip the next one", Said("checkin", sub="skip")),
        ("checkin resume", Said("checkin", sub="resume")),
        ("checkin pause", Said("checkin", sub="pause")),
        ("checkin pause until 4 Dec", Said("checkin", sub="pause", until=DEC_4)),
        ("checkin pause for 9 days", Said("checkin", sub="pause", until=DEC_4)),
        ("checkin stop till 4 Dec", Said("checkin", sub="pause", until=DEC_4)),
        (
            "checkin schedule every second Tuesday at 10:00",
            Said("checkin", sub="schedule", rhythm=TUESDAYS),
        ),
        (
            "checkin every second Tuesday at 10:00",
            Said("checkin", sub="schedule", rhythm=TUESDAYS),
        ),
        ("digest", Said("digest", sub="preview")),
        ("digest preview", Said("digest", sub="preview")),
        ("digest pause until 4 Dec", Said("digest", sub="pause", until=DEC_4)),
        ("digest resume", Said("digest", sub="resume")),
        ("digest skip", Said("digest", sub="skip")),
        (
            "digest schedule weekly on friday at 4pm",
            Said("digest", sub="schedule", rhythm=Rhythm(Frequency.WEEKLY, 4, time(16))),
        ),
        ("setup", Said("setup")),
        ("set up", Said("setup")),
        ("setup mentoring for women", Said("setup", what="mentoring for women")),
        ("setup purpose: mentoring", Said("setup", what="mentoring")),
        ("with Harbor Women in Media", Said("with", what="Harbor Women in Media")),
        ("I am with Harbor Women in Media.", Said("with", what="Harbor Women in Media")),
        ("I’m with  “Harbor &amp; Co”", Said("with", what="Harbor & Co")),
        ("help", Said("help")),
        ("?", Said("help")),
        ("help commit", Said("help", sub="commit")),
        ("help /yes", Said("help", sub="accept")),
        ("help me", Said("help")),
    ],
)
def test_each_verb_is_understood_as_people_say_it(line: str, meant: Said | None) -> None:
    if meant is None:
        question(line)
    else:
        assert said(line) == meant


@pytest.mark.parametrize(
    ("line", "asked", "mended"),
    [
        ("", "What would you like to do?", None),
        (" \u00a0\n ", "What would you like to do?", None),
        ("\u202e\u200b", "What would you like to do?", None),
        (
            "comit @bo x by friday",
            "I do not know “comit”. Did you mean “commit”?",
            "commit @bo x by friday",
        ),
        ("dnoe 12", "I do not know “dnoe”. Did you mean “done”?", "done 12"),
        ("I will book a bus", "I do not know “I”. Say “help”", "I will book a bus"),
        ("can you help?", "I do not know “can”. Say “help”", "can you help?"),
        ("frobnicate", "I do not know “frobnicate”. Say “help”", "frobnicate"),
        ("!!!", "I did not understand that. Say “help”", "!!!"),
        ("list of mentors", "I did not understand what follows “list”.", "list"),
        ("show", "Which commitment? I need its number.", "show"),
        ("show 12 mentees", "I did not understand what follows the number.", "show 12"),
        ("done", "Which commitment? I need its number.", "done"),
        ("yes", "Which commitment? I need its number.", "yes"),
        ("yes, I saw that", "Which commitment? I need its number.", "yes, I saw that"),
        ("done 12th", "Which commitment? I need its number.", "done 12th"),
        ("done 30/11", "Which commitment? I need its number.", "done 30/11"),
        ("done 12?", "Is it done?", "done 12"),
        ("done 12 and 13", "One commitment in each line, please.", "done 12"),
        ("no 12, 13", "One commitment in each line, please.", "no 12"),
        (
            "done 99999999999999999999",
            "There is no commitment with so long a number.",
            "done 99999999999999999999",
        ),
        ("yes 12 travel is paid", "Is that a condition?", "yes 12 if travel is paid"),
        ("yes 12 but travel is paid", "Is that a condition?", "yes 12 if travel is paid"),
        ("yes 12 by 4 Dec", "Another date is a proposal of your own", "another 12 by 4 Dec"),
        ("yes 12 if !", "If what?", "yes 12 if !"),
        ("another 12", "Another date, or other words?", "another 12"),
        ("move 12 to 31 Nov", "November has 30 days.", "move 12 by 30 Nov"),
        ("another 12 by fryday", "Did you mean “friday”", "another 12 by 27 Nov"),
        ("change 12 call by 31 Nov", "November has 30 days.", "change 12 call by 30 Nov"),
        ("checkin pase", "Did you mean “checkin pause”?", "checkin pause"),
        ("checkin dance", "What shall I do?", "checkin dance"),
        ("checkin pause until 31 Nov", "November has 30 days.", "checkin pause until 30 Nov"),
        ("checkin pause until soon", "Until when?", "checkin pause"),
        ("checkin now or never", "I did not understand what follows “now”.", "checkin now"),
        ("checkin schedule", "How often?", "checkin schedule every second Tuesday at 10:00"),
        (
            "checkin schedule weekly tuesday",
            "At what time?",
            "checkin schedule weekly tuesday at 10:00",
        ),
        ("digest dance", "What shall I do?", "digest dance"),
        ("with", "Which organization are you with?", "with"),
        ("with " + "x" * 81, "A name of at most 80 characters", None),
    ],
)
def test_a_refused_line_comes_back_ready_to_mend(line: str, asked: str, mended: str | None) -> None:
    asking = question(line)
    assert str(asking).startswith(asked)
    if mended is not None:
        assert asking.suggestion == mended


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("done", Said("done", number=7)),
        ("done!", Said("done", number=7)),
        ("done 12", Said("done", number=12)),
        ("yes", Said("accept", number=7)),
        ("yes, if travel is paid", Said("accept", number=7, condition="travel is paid")),
        ("no, our van is gone", Said("decline", number=7, because="our van is gone")),
        ("stuck 3 mentors are missing", Said("stuck", number=7, because="3 mentors are missing")),
        (
            "stuck #12 3 mentors are missing",
            Said("stuck", number=12, because="3 mentors are missing"),
        ),
        (
            "stuck 12: 3 mentors are missing",
            Said("stuck", number=12, because="3 mentors are missing"),
        ),
        ("another by 4 Dec", Said("counter", number=7, due=DEC_4)),
        ("another date: 4 Dec", Said("counter", number=7, due=DEC_4)),
        ("move to 4 Dec", Said("counter", number=7, due=DEC_4)),
        ("show", Said("show", number=7)),
        ("hand over to <@U1>", Said("hand", number=7, owner="<@U1>")),
        ("keep as it was", Said("keep", number=7)),
        ("reopen: 3 names are missing", Said("reopen", number=7, because="3 names are missing")),
    ],
)
def test_in_the_thread_of_a_card_the_number_may_be_left_out(line: str, meant: Said) -> None:
    assert said(line, number=7) == meant


def test_every_row_of_the_table_is_whole_and_its_example_works() -> None:
    for name, verb in VERBS.items():
        assert name == verb.name
        assert said(verb.example).verb == name
        assert verb.about
        assert "<" not in verb.usage + verb.example  # shown as it is in Slack's markup
        assert not verb.usage.startswith("/")


def test_every_spelling_belongs_to_one_verb_and_is_found() -> None:
    assert len(SPELLINGS) == sum(1 + len(verb.aliases) for verb in VERBS.values())
    for spelling, verb in SPELLINGS.items():
        assert fold(spelling) == spelling
        assert SPELLINGS[spelling] is verb
        for line in (spelling, spelling.upper(), f"{spelling}: 12"):
            match = found(line)
            assert match is not None
            assert match[0] is verb


def test_what_is_private_is_answered_to_the_person() -> None:
    private = {name for name, verb in VERBS.items() if verb.answers is Answers.PERSON}
    assert private == {
        *("away", "back", "closed", "digest", "help", "history", "join", "list", "mine", "open"),
        *("organization", "paid", "pause", "remind", "resume", "settings", "shares", "show"),
        *("undo", "unpaid", "waiting", "with"),
    }
    anywhere = {name for name, verb in VERBS.items() if verb.where is Where.ANYWHERE}
    assert anywhere == {
        *("away", "back", "closed", "digest", "help", "mine", "open", "pause", "remind"),
        *("resume", "settings", "undo", "waiting"),
    }


_LINES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=())),
    st.lists(
        st.sampled_from(
            [*SPELLINGS, "#12", "12", "by", "friday", "31 Nov", "for", "if", "@bo", "<@U1>", ":"]
        )
        | st.text(max_size=5),
        max_size=9,
    ).map(" ".join),
)


@settings(max_examples=600, deadline=None)
@given(_LINES, st.none() | st.integers(1, 99))
def test_any_line_gives_a_value_or_a_question(line: str, number: int | None) -> None:
    today = datetime(2026, 11, 25, tzinfo=UTC)
    try:
        meant = read(line, now=today, zone="UTC", labels=("Mentoring",), number=number)
    except Unclear as asked:
        sentence = str(asked)
    else:
        sentence = meant.verb
        for when in (meant.due, meant.until):
            assert when is None or when >= today.date()
    assert sentence
    assert not re.search(r"[<>]", sentence)
