"""Words that cannot be taken as they are. The numbers are those of the list of bad input."""

import pytest

from bot.sandbox import Message
from tests.bad_input.refusals import by, refused, stored_replies, stored_what
from tests.fixtures.scene import Scene

ALL = ("command", "mention", "direct")
HERE = ("command", "mention")


SLIPS = {
    "comit bring the list by friday": ("commit", "commit bring the list by friday"),
    "mime": ("mine", "mine"),
    "wating": ("waiting", "waiting"),
    "digset preview": ("digest", "digest preview"),
}


@pytest.mark.parametrize("door", ALL)
async def test_01_an_unknown_verb_gets_the_closest_one(begun: Scene, door: str) -> None:
    before = {"command": "/partner ", "mention": "@Common Ground "}.get(door, "")
    for typed, (closest, mended) in SLIPS.items():
        told = await refused(begun, by(begun, door, typed))
        assert f"Did you mean “{closest}”?" in told
        assert f"```{before}{mended}```" in told
    told = await refused(begun, by(begun, door, "xylophone quartet at noon"))
    assert "Say “help”" in told
    assert f"```{before}xylophone quartet at noon```" in told


MISSING = {
    "commit": "What is to be done?",
    "commit @Bo": "What is to be done?",
    "commit @Bo by friday": "What is to be done?",
    "commit call the press": "By when?",
    "done": "I need its number",
    "yes": "I need its number",
    "no because of the rain": "I need its number",
    "another 1": "Another date, or other words?",
    "show": "I need its number",
    "checkin schedule": "How often?",
    "checkin perhaps": "What shall I do?",
    "digest pause until": "Until when?",
    "with": "Which organization are you with?",
}


@pytest.mark.parametrize("door", ALL)
async def test_02_missing_words_are_asked_for(begun: Scene, door: str) -> None:
    for typed, asked in MISSING.items():
        told = await refused(begun, by(begun, door, typed))
        assert asked in told
        assert typed.split()[0] in told.partition("```")[2]


async def test_02_a_form_asks_beside_the_field_that_is_missing(begun: Scene) -> None:
    await begun.mentions(begun.hui, "list")
    await begun.presses(begun.hui, "New commitment", begun.hui.dm()[-1])
    told = await refused(begun, begun.sends(begun.hui, **{"What?": "lend us the projector"}))
    assert "Please choose a day, or tick “No date yet”." in told
    assert begun.hui.modal is not None
    assert "lend us the projector" in str(begun.hui.modal.values)


@pytest.mark.parametrize("door", HERE)
async def test_03_an_owner_outside_the_channel_is_to_be_invited_first(
    begun: Scene, door: str
) -> None:
    words = "commit @Omar call the press by 4 Dec"
    told = await refused(begun, by(begun, door, words, begun.dana))
    assert "@Omar is not in this channel. Invite them here first" in told
    assert "call the press by 4 Dec" in told


@pytest.mark.parametrize("door", HERE)
async def test_03_a_name_that_nobody_here_has_is_asked_about(begun: Scene, door: str) -> None:
    told = await refused(begun, by(begun, door, "commit @zoe call the press by 4 Dec"))
    assert "I do not know this person here." in told
    assert "commit @zoe call the press by 4 Dec" in told


async def test_03_who_left_while_the_form_was_open_is_not_asked(begun: Scene) -> None:
    await begun.mentions(begun.hui, "list")
    await begun.presses(begun.hui, "New commitment", begun.hui.dm()[-1])
    await begun.hui.picks("Who?", "Amina")
    await begun.hui.picks("By when?", "2026-12-04")
    await begun.amina.leaves(begun.channel)
    await begun.settled()
    told = await refused(begun, begun.sends(begun.hui, **{"What?": "call the press"}))
    assert "@Amina is not in this channel" in told
    assert "call the press" in str(begun.hui.modal.values if begun.hui.modal else "")


@pytest.mark.parametrize("door", HERE)
@pytest.mark.parametrize("name", ["Common Ground", "Ticker"])
async def test_04_a_bot_cannot_promise_anything(begun: Scene, door: str, name: str) -> None:
    told = await refused(begun, by(begun, door, f"commit @{name} call the press by 4 Dec"))
    assert "cannot promise anything" in told
    assert "call the press by 4 Dec" in told


async def test_04_the_form_does_not_offer_bots(begun: Scene) -> None:
    await begun.mentions(begun.hui, "list")
    await begun.presses(begun.hui, "New commitment", begun.hui.dm()[-1])
    assert "Ticker" not in begun.hui.reads()
    assert "Priya" in str(begun.hui.modal.blocks if begun.hui.modal else "")


DATES = ("yesterday", "2 Nov", "30 Feb", "03/04", "31/31/2027")


@pytest.mark.parametrize("door", HERE)
async def test_05_a_past_impossible_or_ambiguous_date_is_asked_about(
    begun: Scene, door: str
) -> None:
    for date in DATES:
        told = await refused(begun, by(begun, door, f"commit call the press by {date}"))
        assert "call the press" in told.partition("```")[2]


@pytest.mark.parametrize("door", ALL)
async def test_05_so_is_one_for_a_change_of_date_or_a_pause(begun: Scene, door: str) -> None:
    who = begun.dana if door == "command" else begun.bo
    await by(begun, door if door == "command" else "mention", "commit call by 4 Dec", who)
    for date in DATES:
        told = await refused(begun, by(begun, door, f"another 1 by {date}"))
        assert "another 1" in told.partition("```")[2]
        if door != "direct":
            told = await refused(begun, by(begun, door, f"checkin pause until {date}"))
            assert "pause" in told.partition("```")[2]
    assert "by Fri, Dec 4" in begun.reads(begun.card())


async def test_05_in_a_reply_it_is_asked_about_privately(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit @Bo call the press by 4 Dec")
    for date in ("30 Feb", "03/04", "yesterday"):
        await refused(begun, begun.replies(begun.bo, f"could we do {date}?", begun.card()))


async def test_05_a_form_asks_beside_the_day_and_keeps_what_was_typed(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit @Bo call the press by 4 Dec")
    await begun.presses(begun.bo, "Another date", begun.card())
    told = await refused(
        begun, begun.sends(begun.bo, **{"By_when?": "2026-11-02", "Why?": "exams until then"})
    )
    assert "That day is past." in told
    assert "exams until then" in str(begun.bo.modal.values if begun.bo.modal else "")
    taken = await begun.sends(begun.bo, **{"By_when?": "2026-12-08"})
    assert "asks for another date: by Tue, Dec 8" in taken
    assert "“exams until then”" in begun.thread(begun.card())[-1]


FAMILY = "👩🏽‍🤝‍👨🏿"
"""One grapheme of five code points and nine UTF-16 units."""


@pytest.mark.parametrize("door", HERE)
async def test_06_a_long_text_is_kept_whole_and_cut_between_graphemes(
    begun: Scene, door: str
) -> None:
    what = "bring " + FAMILY * 400
    await by(begun, door, f"commit {what} by 4 Dec")
    assert await stored_what(begun) == what
    shown = begun.card()
    assert _whole(shown.text)
    assert _whole(begun.reads(shown))
    assert "…" in begun.reads(shown)
    assert _whole(await by(begun, door, "show 1"))


def _whole(text: str) -> bool:
    """Whether no grapheme was cut through: each family is there from its first to its last."""
    rest = text.replace(FAMILY, "")
    return not any(piece in rest for piece in ("👩", "👨", "🤝", "\u200d", "🏽", "🏿"))


async def test_06_a_long_reply_to_a_check_in_is_kept_whole(begun: Scene) -> None:
    prompt = await _asked(begun)
    words = "we " + "really " * 1500 + "need a van"
    await begun.replies(begun.bo, words, prompt)
    assert await stored_replies(begun) == [words]


async def test_06_long_labels_reasons_conditions_purposes_and_questions_are_cut_in_blocks(
    begun: Scene,
) -> None:
    long = f"{FAMILY * 180} end"
    await begun.mentions(begun.bo, f"setup {long}")
    await begun.mentions(begun.bo, "commit @Hui call the press by 4 Dec")
    await begun.presses(begun.hui, "Yes, if…", begun.card())
    await begun.sends(begun.hui, **{"If_what?": long})
    await begun.presses(begun.bo, "Agree", begun.card())
    await begun.presses(begun.hui, "Drop", begun.card())
    await begun.sends(begun.hui, Because=long)
    await begun.presses(begun.bo, "Ask a question", begun.posts()[0])
    await begun.sends(begun.bo, **{"What_would_you_like_to_know?": long})
    for each in begun.written():
        assert _whole(each.text)


async def test_06_too_long_a_name_of_an_organization_is_refused(scene: Scene) -> None:
    await scene.dana.invites_app(scene.channel)
    await scene.settled()
    for words in ("with " + "Harbor " * 300, "with " + FAMILY * 100):
        await refused(scene, by(scene, "mention", words, scene.hui))


@pytest.mark.parametrize("door", HERE)
async def test_07_empty_words_are_asked_for(begun: Scene, door: str) -> None:
    for nothing in ("   ", "\u00a0\u2003\u3000", "\u200b\u200d\ufeff", "“ ”"):
        told = await refused(begun, by(begun, door, f"commit {nothing} by friday"))
        assert "What is to be done?" in told


@pytest.mark.parametrize("door", HERE)
async def test_07_only_its_name_gets_the_likeliest_next_things(begun: Scene, door: str) -> None:
    assert "What would you like to do?" in await refused(begun, by(begun, door, "  "))


async def test_07_an_empty_field_is_asked_for_and_the_form_stays(begun: Scene) -> None:
    empty = ("   ", "\u00a0", "\u200b\u2060", "\u202e", "\x00")
    await begun.slash(begun.dana, "commit @Bo call the press by 4 Dec")
    await begun.presses(begun.bo, "Yes, if…", begun.card())
    await begun.mentions(begun.hui, "list")
    await begun.presses(begun.hui, "New commitment", begun.hui.dm()[-1])
    await begun.hui.picks("By when?", "2026-12-04")
    for nothing in empty:
        await refused(begun, begun.sends(begun.bo, **{"If_what?": nothing}))
        assert begun.bo.has_modal()
        await refused(begun, begun.sends(begun.hui, **{"What?": nothing}))
        assert begun.hui.has_modal()


async def test_07_an_empty_reply_is_not_answered(begun: Scene) -> None:
    prompt = await _asked(begun)
    for nothing in ("\u200b\u2060", "\u202e", "…", "\x00"):
        assert await begun.replies(begun.bo, nothing, prompt) == ""
    assert begun.thread(prompt) == []


HOSTILE = {
    "08-nul-and-surrogates": "call\x00 \ud83d and \udc00\ud800 the press",
    "09-overrides-and-marks": "call \u202e\u2066mal" + "\u0301" * 10_000 + "l the press",
    "10-broadcasts": "call @channel <!here> <!subteam^S1|all> <!date^0^{date}|today> the press",
    "10-mentions-and-links": "call <@U0NOBODY9> @Amina <http://evil.example|your bank> "
    "http://evil.example/?a=1&b=2 #mentoring-partners the press",
    "10-markup": "call *the* _press_ ~now~ `x` ```y``` > &lt;!channel&gt; &amp;lt; the press",
}
"""What must neither break anything nor come alive again. That nothing does, the watch says."""


LOOKED_UP = {("users.info", "user_not_found")}
"""What Slack says where a name is asked for that nobody has."""


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_are_kept_as_words_in_everything_that_a_promise_can_hold(
    begun: Scene, words: str
) -> None:
    begun.expected_refusals |= LOOKED_UP
    await begun.slash(begun.dana, f"commit {words} by 4 Dec for <!here> & co")
    await begun.mentions(begun.bo, f"commit @Hui {words} by 4 Dec")
    await begun.mentions(begun.hui, f"yes 2 if {words}")
    await begun.replies(begun.bo, "yes", begun.card(2))
    await begun.mentions(begun.hui, f"stuck 2: {words}")
    assert "At risk" in begun.reads(begun.card(2))
    await begun.presses(begun.hui, "Drop", begun.card(2))
    await begun.sends(begun.hui, Because=words[:2900])
    assert (await stored_what(begun, 1)).endswith(" press")
    assert begun.reads(begun.card(2)).startswith("Dropped: ")
    for door in ("command", "mention"):
        assert "#1" in await by(begun, door, "list")
        assert "#2" in await by(begun, door, "show 2")


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_words_in_check_in_digest_purpose_and_question(
    begun: Scene, words: str
) -> None:
    begun.expected_refusals |= LOOKED_UP
    await begun.mentions(begun.hui, f"commit {words} by 18 Nov")
    prompt = await _asked(begun)
    await begun.replies(begun.bo, words, prompt)
    await begun.replies(begun.hui, f"stuck: {words}", prompt)
    await begun.mentions(begun.bo, f"setup {words}")
    await begun.presses(begun.bo, "Ask a question", begun.posts()[0])
    await begun.sends(begun.bo, **{"What_would_you_like_to_know?": words[:2900]})
    await begun.slash(begun.dana, "setup")
    await begun.sends(begun.dana, Organizations_that_are_still_to_come=words[:70])
    assert "#1 call " in await begun.mentions(begun.bo, "digest preview")
    await refused(begun, begun.slash(begun.dana, words))
    await refused(begun, begun.mentions(begun.bo, words))
    await refused(begun, begun.tells(begun.bo, words))


async def test_08_what_no_database_can_hold_goes_and_the_rest_stays(begun: Scene) -> None:
    await begun.mentions(begun.bo, "commit call\x00 \ud83d the press by 4 Dec")
    assert await stored_what(begun) == "call \ufffd the press"


async def test_09_what_disturbs_the_words_around_it_is_stored_and_not_shown(
    begun: Scene,
) -> None:
    what = "call \u202e" + "e" + "\u0301" * 50 + " the press"
    await begun.mentions(begun.bo, f"commit {what} by 4 Dec")
    assert await stored_what(begun) == what
    shown = begun.card().text
    assert "\u202e" not in shown
    assert "\u0301" * 5 not in shown
    assert "e\u0301" in shown


@pytest.mark.parametrize(
    "name", ["<!channel>", "<@U0DANA0000>", "<http://evil.example|Bo>", "B\u202eo", "Bo*_~`"]
)
async def test_10_names_of_people_and_organizations_call_nobody(scene: Scene, name: str) -> None:
    scene.sandbox.world.find_user("bo").name = name
    scene.sandbox.world.find_channel(scene.channel).name = "x-<!here>-&"
    scene.channel = "x-<!here>-&"
    await scene.begins()
    await scene.mentions(scene.bo, "commit call the press by 18 Nov")
    await scene.mentions(scene.bo, "checkin now")
    await scene.replies(scene.bo, "all is well", scene.posts()[-1])
    await scene.mentions(scene.hui, f"with {name}")
    await scene.mentions(scene.hui, "digest preview")
    await scene.mentions(scene.hui, "list")
    await scene.tells(scene.hui, "waiting")


async def test_10_an_organization_may_be_called_anything(scene: Scene) -> None:
    await scene.mara.leaves(scene.channel)
    await scene.dana.invites_app(scene.channel)
    await scene.settled()
    name = "<!channel> & <@U0DANA0000>"
    await scene.mentions(scene.hui, f"with {name}")
    await scene.mentions(scene.hui, "commit call the press by 18 Nov")
    assert name in scene.said()


@pytest.mark.parametrize("door", ALL)
async def test_11_a_number_that_is_not_of_this_channel_is_said_to_be_unknown(
    begun: Scene, door: str
) -> None:
    await _elsewhere(begun)
    for number in ("99", "2", "0", "999999999", "123456789012345678901234567890"):
        for words in ("done {n}", "yes {n}", "drop {n}", "another {n} by 4 Dec"):
            told = await refused(begun, by(begun, door, words.format(n=number)))
            assert "There is no" in told
            assert "secret" not in told


async def _elsewhere(scene: Scene) -> None:
    """#1 is here, #1 and #2 are in a channel of Acme's own."""
    await scene.dana.invites_app("acme-dei")
    await scene.settled()
    await scene.mentions(scene.bo, "commit call the press by 4 Dec")
    for number in (1, 2):
        await scene.slash(scene.priya, f"commit secret {number} by 4 Dec", channel="acme-dei")


async def test_11_in_a_reply_to_a_check_in_the_words_are_kept_all_the_same(
    begun: Scene,
) -> None:
    await _elsewhere(begun)
    await begun.mentions(begun.bo, "checkin now")
    prompt = begun.post("Check-in for")
    told = await begun.replies(begun.bo, "#2 done", prompt)
    assert "There is no #2 in this channel. Your reply is kept as you wrote it." in told
    assert await stored_replies(begun) == ["#2 done"]
    assert begun.thread(prompt) == []


async def test_11_in_a_cards_thread_it_is_told_privately(begun: Scene) -> None:
    await _elsewhere(begun)
    told = await refused(begun, begun.replies(begun.bo, "#2 done", begun.card()))
    assert "There is no #2 in this channel" in told


async def _asked(scene: Scene) -> Message:
    await scene.mentions(scene.bo, "checkin now")
    return scene.post("Check-in for")


async def test_06_all_of_a_very_long_text_can_be_read_piece_by_piece(begun: Scene) -> None:
    words = " ".join(f"word{number}" for number in range(3_000))
    await begun.mentions(begun.bo, f"commit {words} by 4 Dec")
    read = await begun.mentions(begun.hui, "show 1")
    for _ in range(9):
        if "Read on" not in begun.hui.button_labels(begun.hui.dm()[-1]):
            break
        read += await begun.presses(begun.hui, "Read on", begun.hui.dm()[-1])
    assert "word0 " in read
    assert "word1500 " in read
    assert "word2999" in read
