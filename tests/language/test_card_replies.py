"""What a reply in the thread of a card means, beyond what it means in any thread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import Meaning, Reply, read_card_reply, read_reply
from tests.language.said import NOW, ZONE


def said(text: str) -> tuple[Reply, ...]:
    return read_card_reply(text, now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("drop it because the venue closed", Reply(Meaning.DROP, text="the venue closed")),
        ("please drop this: the venue closed", Reply(Meaning.DROP, text="the venue closed")),
        ("cancel", Reply(Meaning.DROP)),
        ("#12 drop because of rain", Reply(Meaning.DROP, 12, "rain")),
        ("keep it as it was", Reply(Meaning.KEEP)),
        ("Please leave it as it is.", Reply(Meaning.KEEP)),
        ("keep the old date", Reply(Meaning.KEEP)),
        ("back on track", Reply(Meaning.ON_TRACK)),
        ("I'm no longer stuck!", Reply(Meaning.ON_TRACK)),
        ("on track again: we found a venue", Reply(Meaning.ON_TRACK, text="we found a venue")),
        ("reopen", Reply(Meaning.REOPEN)),
        ("reopen 2: who has the keys?", Reply(Meaning.REOPEN, 2, "who has the keys?")),
        ("it's not done yet", Reply(Meaning.REOPEN)),
        ("something is missing: the list", Reply(Meaning.REOPEN, text="the list")),
        ("open it again, two names are wrong", Reply(Meaning.REOPEN, text="two names are wrong")),
        ("hand it over to <@U1|amina>", Reply(Meaning.HAND_OVER, owner="<@U1|amina>")),
        (
            "hand over to <@U1> because I am away",
            Reply(Meaning.HAND_OVER, text="I am away", owner="<@U1>"),
        ),
        ("pass it on to <@U1>", Reply(Meaning.HAND_OVER, owner="<@U1>")),
        ("change it to invite 10 by 4 Dec", Reply(Meaning.CHANGE, text="invite 10 by 4 Dec")),
        ("change: call the press", Reply(Meaning.CHANGE, text="call the press")),
    ],
)
def test_short_clear_words_are_understood_in_the_thread_of_a_card(text: str, meant: Reply) -> None:
    assert said(text) == (meant,)
    assert read_reply(text, now=NOW, zone=ZONE)[0].kind is Meaning.OTHER


@pytest.mark.parametrize(
    "text",
    [
        "drop me a line",
        "I'll drop by tomorrow",
        "should we drop it?",
        "we had to cancel the meeting room, but all is well",
        "is it on track?",
        "missing you all",
        "hand me the keys",
        "hand it over to Amina",
        "keep it up",
        "keep me posted",
        "we are not done with lunch",
        "change of plan",
        "> drop it",
        "drop it\nor maybe not, let us talk",
        "drop " + "x" * 9000,
    ],
)
def test_a_conversation_stays_one(text: str) -> None:
    assert {reply.kind for reply in said(text)} == {Meaning.OTHER}


@pytest.mark.parametrize("text", ["done", "yes, if it is paid", "stuck: no venue", "4 Dec instead"])
def test_what_counts_in_any_thread_counts_there_too(text: str) -> None:
    assert said(text) == read_reply(text, now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("done, sent the list", "sent the list"),
        ("Done! The list is with Hui", "The list is with Hui"),
        ("it's all done - see the folder", "see the folder"),
        ("#12 done; twelve came", "twelve came"),
        ("hecho, ya enviado", "ya enviado"),
    ],
)
def test_done_and_a_remark_is_done_where_it_is_known_what(text: str, remark: str) -> None:
    (reply,) = said(text)
    assert (reply.kind, reply.text) == (Meaning.DONE, remark)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("done except the list", Meaning.DONE),
        ("done, but the list is missing", Meaning.DONE),
        ("done sent the list", Meaning.DONE),
        ("stuck again with the venue", Meaning.STUCK),
        ("yes, I saw that", Meaning.YES),
        ("no, I think Friday suits us", Meaning.NO),
        ("I can do it by Tuesday, but only half of it", Meaning.CHANGE),
        ("Sorry, I can not make it", Meaning.DROP),
        ("I’m sorry, but I can’t do this after all", Meaning.DROP),
    ],
)
def test_what_only_begins_like_an_answer_is_to_be_asked_about(text: str, like: Meaning) -> None:
    assert said(text) == (Reply(Meaning.UNSURE, text=text, like=like),)


@pytest.mark.parametrize(
    "text",
    [
        "no problem",
        "complete list attached",
        "done with it?",
        "I can do it by Tuesday, shall I?",
        "I could not make it to the party",
        "sorry about yesterday",
        "we can meet on Friday",
    ],
)
def test_a_conversation_that_begins_alike_is_not_asked_about(text: str) -> None:
    assert said(text)[0].kind is Meaning.OTHER


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    assert said(text)
