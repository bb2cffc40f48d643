from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import Meaning, Reply, read_reply
from tests.language.said import NOW, ZONE

DONE, STUCK, THANKS = Meaning.DONE, Meaning.STUCK, Meaning.THANKS
YES, YES_IF, NO, DATE, OTHER = (
    Meaning.YES,
    Meaning.YES_IF,
    Meaning.NO,
    Meaning.ANOTHER_DATE,
    Meaning.OTHER,
)
DEC_4, FRIDAY = date(2026, 12, 4), date(2026, 11, 27)


def said(text: str) -> tuple[Reply, ...]:
    return read_reply(text, now=NOW, zone=ZONE)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        *(
            (text, Reply(DONE))
            for text in (
                "done", "Done!", "DONE.", "done ✅", "✅", ":white_check_mark:", "✔️", "all done",
                "it's done", "It’s done 🎉", "that is done", "done now", "*done*", "finished",
                "completed", "hecho", "Ya está hecho", "listo", "lista", "terminado", "fait",
                "c'est fait", "terminé",
            )
        ),
        *(
            (text, Reply(DONE, 12))
            for text in (
                "#12 done", "#12 is done", "#12: done", "# 12 done", "12 done", "12: done",
                "no. 12 done", "done #12", "done 12", "done with #12", "finished 12!", "#12 ✅",
                "#12 hecho", "- #12 done", "1. #12 done", "#12 all done 🎉",
            )
        ),
        ("done: 14 came", Reply(DONE, text="14 came")),
        ("done, thanks to Amina", Reply(DONE, text="thanks to Amina")),
        ("#12 done: 14 came", Reply(DONE, 12, "14 came")),
        ("#12 done – 14 came", Reply(DONE, 12, "14 came")),
        ("#12 done, 14 came", Reply(DONE, 12, "14 came")),
        ("done 12: R&amp;D came", Reply(DONE, 12, "R&D came")),
        ("stuck", Reply(STUCK)),
        ("I'm stuck.", Reply(STUCK)),
        ("stuck: no venue", Reply(STUCK, text="no venue")),
        ("Stuck - no venue", Reply(STUCK, text="no venue")),
        ("I’m stuck, nobody answers", Reply(STUCK, text="nobody answers")),
        ("We are stuck because it rains", Reply(STUCK, text="it rains")),
        ("stuck: who has the key?", Reply(STUCK, text="who has the key?")),
        ("blocked by the school", Reply(STUCK, text="the school")),
        ("#12 stuck: no venue", Reply(STUCK, 12, "no venue")),
        ("stuck 12: no venue", Reply(STUCK, 12, "no venue")),
        ("I'm stuck on #12: no van", Reply(STUCK, 12, "no van")),
        ("bloqueada: falta el local", Reply(STUCK, text="falta el local")),
        ("je suis bloqué : pas de salle", Reply(STUCK, text="pas de salle")),
        *(
            (text, Reply(YES))
            for text in (
                "yes", "Yes!", "yes please", "Yes, happy to", "yes, I will", "yes we can", "yep",
                "ok", "OK 👍", "agree", "agreed", "deal", "I agree", "sure", "will do",
                "sounds good", "👍", "👍🏽", ":+1:", ":+1::skin-tone-3:", "sí", "si", "oui",
                "d'accord", "d’accord", "vale", "de acuerdo",
            )
        ),
        ("yes #12", Reply(YES, 12)),
        ("#12 yes", Reply(YES, 12)),
        ("yes to 12", Reply(YES, 12)),
        ("yes, if travel is paid", Reply(YES_IF, text="travel is paid")),
        ("Yes if travel is paid", Reply(YES_IF, text="travel is paid")),
        ("yes, but only if travel is paid", Reply(YES_IF, text="travel is paid")),
        ("only if travel is paid", Reply(YES_IF, text="travel is paid")),
        ("if travel is paid, yes", Reply(YES_IF, text="travel is paid")),
        ("ok as long as Bo comes", Reply(YES_IF, text="Bo comes")),
        ("#12 yes, if travel is paid", Reply(YES_IF, 12, "travel is paid")),
        ("yes #12 if travel is paid", Reply(YES_IF, 12, "travel is paid")),
        ("sí, si pagan el viaje", Reply(YES_IF, text="pagan el viaje")),
        ("oui, si le trajet est payé", Reply(YES_IF, text="le trajet est payé")),
        *(
            (text, Reply(NO))
            for text in (
                "no", "No.", "nope", "no thanks", "no, sorry", "sorry, no", "I can't", "we cannot",
                "can’t do it", "non", "non merci", "no gracias", "no puedo",
            )
        ),
        ("#12 no", Reply(NO, 12)),
        ("no because our van is gone", Reply(NO, text="our van is gone")),
        ("no, because our van is gone", Reply(NO, text="our van is gone")),
        ("no: our van is gone", Reply(NO, text="our van is gone")),
        ("by 4 Dec", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("by 4 Dec instead", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("another date: 4 Dec", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("another date for #12: 4 Dec", Reply(DATE, 12, "4 Dec", DEC_4)),
        ("can we do 4 Dec?", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("could we make it 4 Dec instead?", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("I can do it by 4 Dec", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("how about friday?", Reply(DATE, text="friday", due=FRIDAY)),
        ("friday instead", Reply(DATE, text="friday", due=FRIDAY)),
        ("friday works better for us", Reply(DATE, text="friday", due=FRIDAY)),
        ("yes, but by 4 Dec", Reply(DATE, text="4 Dec", due=DEC_4)),
        ("move it to friday", Reply(DATE, text="friday", due=FRIDAY)),
        ("move #12 to 4 Dec", Reply(DATE, 12, "4 Dec", DEC_4)),
        ("#12 by 4 Dec", Reply(DATE, 12, "4 Dec", DEC_4)),
        ("#12: 4 Dec", Reply(DATE, 12, "4 Dec", DEC_4)),
        ("mejor el viernes", Reply(DATE, text="el viernes", due=FRIDAY)),
        ("plutôt vendredi", Reply(DATE, text="vendredi", due=FRIDAY)),
        # a date that must be asked about keeps its words
        ("by 31 Nov", Reply(DATE, text="31 Nov")),
        ("#12 by 03/04", Reply(DATE, 12, "03/04")),
        ("another date: next week", Reply(DATE, text="next week")),
        *(
            (text, Reply(THANKS))
            for text in (
                "thanks", "Thank you!", "thanks so much 🙏", "thanks Bo", "thanks, <@U012|bo>!",
                "merci beaucoup", "muchas gracias", ":pray:",
            )
        ),
    ],
)  # fmt: skip
def test_a_reply_that_can_hardly_mean_anything_else_is_understood(text: str, meant: Reply) -> None:
    assert said(text) == (meant,)


@pytest.mark.parametrize(
    "text",
    [
        # not done
        "we are not done", "not done", "almost done", "done?", "is it done?", "#12 done?",
        "#12 not done", "#12 almost done", "is #12 done?", "we have #12 done", "done with lunch?",
        "done with lunch", "done with the flyers", "done by friday", "#12 done by friday",
        "done, but the flyers are missing", "#12 done, but the flyers are missing",
        "#12 done except the flyers", "done: not yet", "12 done, 3 to go", "the 12 done cards",
        "done deal", "well done", "Well done Bo!", "I'm done", "we're done here",
        "when it is done I will tell you", "we finished 12 interviews", "Finished the flyers",
        "completed survey", "12 mentees invited", "fait attention", "list", "pas fait", "no hecho",
        "todavía no está listo", "to be done", "should be done tomorrow", "#12: ✅ #13: stuck",
        "12% done", "half done", "done 50%", "done 2 of 3",
        # not stuck
        "not stuck", "are you stuck?", "stuck?", "nobody is stuck", "no longer stuck",
        "stuck in traffic", "blocked on friday", "blocked the calendar for friday", "unstuck",
        # not yes
        "yes, I saw that", "yes and no", "yes?", "yes, but who pays?", "yes if that is ok?",
        "yes we are still on track", "ok let me check", "ok?", "sure thing, what do you need?",
        "oui mais non", "si tu veux", "yes!! the news is out", "yesterday", "okra",
        # not no
        "no problem", "no idea", "no worries", "no news", "no blockers", "no, we are fine",
        "no updates from us", "nothing new", "I can't wait!", "no 5 mentees yet", "not yet",
        "cannot say", "No 12 done",
        # not a date
        "friday", "4 Dec", "see you friday", "see you by friday", "by the way, we moved",
        "by email", "by me", "how about lunch?", "can we talk?", "we met on friday",
        "the 4 Dec event went well", "by may", "we can help", "I can drive",
        # not thanks alone
        "thanks, but no", "thanks for the list", "thanks to Amina we have a venue",
        "no thanks to you",
        # nobody's own words
        "> #12 done", "&gt; done", "~done~", "“done” is a strong word",
        # nothing
        "", "   ", "?", "12", "!!!", "<@U012> done", "a" * 9_000,
    ],
)  # fmt: skip
def test_free_text_stays_free_text(text: str) -> None:
    (reply,) = said(text)
    assert reply.kind is OTHER
    assert reply.due is None
    assert reply.text == text.strip().replace("&gt;", ">")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("#12 done, #13 stuck: no venue", (Reply(DONE, 12), Reply(STUCK, 13, "no venue"))),
        ("12 done, 13 stuck: no venue", (Reply(DONE, 12), Reply(STUCK, 13, "no venue"))),
        ("#12 done and #13 done", (Reply(DONE, 12), Reply(DONE, 13))),
        ("#12 done. #13 done.", (Reply(DONE, 12), Reply(DONE, 13))),
        ("done #12; done #13", (Reply(DONE, 12), Reply(DONE, 13))),
        ("#12 hecho y #13 hecho", (Reply(DONE, 12), Reply(DONE, 13))),
        ("#13 stuck: no venue, no money", (Reply(STUCK, 13, "no venue, no money"),)),
        (
            "- #12 done\n- #13 stuck: no venue\n- #14 by 4 Dec",
            (Reply(DONE, 12), Reply(STUCK, 13, "no venue"), Reply(DATE, 14, "4 Dec", DEC_4)),
        ),
        ("> how is it?\n#12 done", (Reply(DONE, 12),)),
        ("Hi all, #12 done", (Reply(OTHER, text="Hi all"), Reply(DONE, 12))),
        ("#12 done, #14 going well", (Reply(DONE, 12), Reply(OTHER, 14, "#14 going well"))),
        ("#12 done, #13 not done", (Reply(DONE, 12), Reply(OTHER, 13, "#13 not done"))),
        ("#14 going well", (Reply(OTHER, 14, "#14 going well"),)),
        ("#12 done #13 stuck", (Reply(OTHER, 12, "#12 done #13 stuck"),)),
        (
            "If it is free, #12 done by friday",
            (Reply(OTHER, 12, "If it is free, #12 done by friday"),),
        ),
        ("we did half of it; 12 done", (Reply(OTHER, text="we did half of it; 12 done"),)),
    ],
)  # fmt: skip
def test_one_reply_may_speak_of_several_commitments(text: str, meant: tuple[Reply, ...]) -> None:
    assert said(text) == meant


_PIECES = st.sampled_from(
    ["#12", "12", "done", "stuck", "yes", "no", "if", "by", "4 Dec", "31 Nov", ":", ",", "\n", ".",
     "but", "not", "thanks", "✅", "👍", "?", "because", "and", "-", "no.", "another date"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    st.text(alphabet=st.characters(exclude_categories=()))
    | st.lists(_PIECES | st.text(max_size=5), max_size=12).map(" ".join)
)
def test_any_reply_is_understood_or_left_as_it_is(text: str) -> None:
    replies = said(text)
    assert replies
    for reply in replies:
        assert reply.due is None or reply.due >= NOW.date()
        assert reply.number is None or 0 <= reply.number < 10**9


def test_an_unknown_zone_does_not_lose_a_reply() -> None:
    assert read_reply("by friday", now=NOW, zone="Nowhere")[0].kind is DATE
