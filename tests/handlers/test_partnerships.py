"""A partnership begins, told over the wire: most of it by Bo and Hui, without a slash command."""

import pytest

from bot.demo import CHANNEL
from tests.handlers.story import Story


async def test_invited_it_says_what_it_does_and_asks_every_organization(story: Story) -> None:
    await story.begins()
    said = story.welcome()
    assert "Acme runs me; its technical staff could read what I keep." in said
    assert "Acme: waiting…" in said
    assert "Northside Youth: waiting…" in said
    assert "@Hui and @Mara: which organization are you with?" in said
    assert len(story.posts()) == 1


async def test_bo_and_hui_say_ok_without_a_slash_command_and_it_starts(story: Story) -> None:
    await story.begins()
    assert "Thank you. Acme has said OK. You are its lead here" in await story.presses(story.dana)
    assert "Northside Youth has said OK" in await story.presses(story.bo)
    assert "which organization you are with" in await story.presses(story.hui)
    await story.harbor_is_named()
    assert "Everybody has said OK" not in story.thread()
    await story.presses(story.hui)
    assert "Everybody has said OK, so we start." in story.thread()
    said = story.welcome()
    assert "We have started" in said
    assert "Harbor Women in Media: OK by @Hui" in said
    assert len(story.posts()) == 1


async def test_ok_can_be_said_in_words(story: Story) -> None:
    await story.begins()
    assert "Northside Youth has said OK" in await story.says(story.bo, "count us in")
    assert "Northside Youth: OK by @Bo" in story.welcome()


async def test_nothing_is_posted_on_schedule_before_all_have_said_ok(story: Story) -> None:
    await story.begins()
    await story.harbor_is_named()
    await story.presses(story.dana)
    await story.presses(story.bo)
    await story.days_pass(30)
    assert len(story.posts()) == 1


async def test_12_pressing_again_changes_nothing_and_says_so(story: Story) -> None:
    await story.begins()
    await story.presses(story.bo)
    assert "You have said OK for your organization already." in await story.presses(story.bo)
    assert "@Bo has said OK for your organization already" in await story.presses(story.amina)
    assert "Northside Youth: OK by @Bo" in story.welcome()


async def test_not_now_is_noted_kindly_and_ok_can_follow(story: Story) -> None:
    await story.begins()
    assert "You can press OK later" in await story.presses(story.bo, "Not now")
    assert "Northside Youth: not now, and can say OK later" in story.welcome()
    await story.presses(story.bo)
    assert "Northside Youth: OK by @Bo" in story.welcome()


async def test_a_partner_asks_a_question_and_the_thread_answers_it(story: Story) -> None:
    await story.begins()
    await story.bo.clicks("Ask a question", channel=CHANNEL)
    await story.settled()
    await story.bo.submits({"What would you like to know?": "Who reads <!channel> this?"})
    await story.settled()
    thread = story.thread()
    assert "@Bo (Northside Youth) asks:" in thread
    assert "Who reads <!channel> this?" in thread
    assert "@Dana, can you answer this here?" in thread


@pytest.mark.parametrize(
    "text", ["   ", "\u202e\u200b", "\x00"], ids=["7-blank", "9-bidi", "8-nul"]
)
async def test_a_question_of_nothing_stays_open(story: Story, text: str) -> None:
    await story.begins()
    await story.bo.clicks("Ask a question", channel=CHANNEL)
    await story.settled()
    await story.bo.submits({"What would you like to know?": text})
    await story.settled()
    assert story.bo.has_modal()
    assert "Please write your question" in story.bo.reads()
    assert "asks:" not in story.thread()


async def test_a_guest_says_their_organization_in_a_form(story: Story) -> None:
    await story.begins()
    await story.hui.clicks("Say which organization", channel=CHANNEL)
    await story.settled()
    await story.hui.submits({"Its name": "Harbor Women in Media"})
    await story.settled()
    assert "@Hui is with Harbor Women in Media." in story.thread()
    assert "Harbor Women in Media: waiting…" in story.welcome()
    await story.mara.clicks("Say which organization", channel=CHANNEL)
    await story.settled()
    await story.mara.submits({"Another organization: its name": "Harbour Women in Media"})
    await story.settled()
    assert "An organization with a similar name is here." in story.mara.reads()
    await story.mara.submits({"Which one do you mean?": "Harbor Women in Media"})
    await story.settled()
    assert "@Mara says: I am with Harbor Women in Media. Is that so?" in story.thread()
    assert "Only somebody of that organization" in await story.presses(story.bo, "Yes")
    await story.presses(story.hui, "Yes")
    assert "@Mara is with Harbor Women in Media. @Hui has confirmed it." in story.thread()


async def test_a_similar_name_in_words_is_asked_about(story: Story) -> None:
    await story.begins()
    await story.says(story.hui, "with Harbor Women in Media")
    asked = await story.says(story.mara, "with Harbour Women in Media")
    assert "Do you mean “Harbor Women in Media”?" in asked
    await story.mara.clicks("I am with Harbor Women in Media")
    await story.settled()
    assert "@Mara says: I am with Harbor Women in Media." in story.thread()


async def test_who_is_no_guest_is_not_asked(story: Story) -> None:
    await story.begins()
    assert "Slack says which organization you are with" in await story.presses(
        story.bo, "Say which organization"
    )


async def test_anybody_can_set_up_the_purpose_and_the_rhythm_before_the_start(
    story: Story,
) -> None:
    await story.begins()
    await story.bo.clicks("Set up", channel=CHANNEL)
    await story.settled()
    await story.bo.submits(
        {
            "What is this channel for?": "Mentoring for women & minorities",
            "Check-in: how often": "Every week",
            "Check-in: weekday": "Wednesday",
            "Check-in: time": "09:30",
        }
    )
    await story.settled()
    said = story.welcome()
    assert "Mentoring for women & minorities" in said
    assert "a check-in every Wednesday at 09:30" in said


async def test_the_purpose_can_be_said_in_words(story: Story) -> None:
    await story.begins()
    await story.says(story.hui, "with Harbor Women in Media")
    await story.says(story.hui, "setup mentoring for women in creative roles")
    assert "mentoring for women in creative roles" in story.welcome()


async def test_after_the_start_a_change_is_announced_and_one_objection_cancels_it(
    story: Story,
) -> None:
    await story.starts()
    await story.says(story.bo, "setup something else")
    assert "suggests a change: the purpose: “something else”" in story.thread()
    assert "It stays as it is" in await story.presses(story.hui, "Object")
    assert "It does not take effect." in story.thread()
    await story.days_pass(20)
    assert "something else" not in story.welcome()


async def test_the_one_who_invited_hears_of_silence_and_the_others_may_start(
    story: Story,
) -> None:
    await story.begins()
    await story.harbor_is_named()
    await story.presses(story.dana)
    await story.presses(story.hui)
    await story.days_pass(9)
    told = "\n".join(story.dana.words(each) for each in story.dana.dm())
    assert told.count("Northside Youth has not said OK") == 1
    assert not any("has not said OK in" in story.bo.words(each) for each in story.bo.dm())
    assert "Start without" not in "".join(story.dana.button_labels())
    await story.days_pass(8)
    await story.presses(story.dana, "Start without Northside Youth")
    assert "has started without Northside Youth" in story.thread()
    assert "has not said OK yet" in await story.says(story.bo, "setup ours")


async def test_an_organization_that_joins_later_is_asked_too(story: Story) -> None:
    await story.amina.leaves(CHANNEL)
    await story.bo.leaves(CHANNEL)
    await story.begins()
    assert "Northside Youth" not in story.dana.reads(channel=CHANNEL)
    await story.bo.joins(CHANNEL)
    await story.settled()
    assert "Northside Youth is in this channel now." in story.thread()
    assert "Northside Youth: waiting…" in story.welcome()


async def test_removed_and_invited_again_it_asks_each_organization_anew(story: Story) -> None:
    await story.starts()
    await story.dana.removes_app(CHANNEL)
    await story.settled()
    await story.begins()
    card = story.bo.words(story.cards()[-1])
    assert "Harbor Women in Media: waiting…" in card
    assert "Acme: waiting…" in card
    assert len(story.cards()) == 2


async def test_a_disconnected_organization_is_said_to_have_left(story: Story) -> None:
    await story.starts()
    await story.dana.stops_sharing(CHANNEL, "northside")
    await story.settled()
    assert "Northside Youth: OK" not in story.dana.reads(channel=CHANNEL)
    assert "Northside Youth is not in this channel any more." in story.dana.reads(channel=CHANNEL)


async def test_it_follows_a_channel_whose_id_changes(story: Story) -> None:
    await story.begins()
    story.sandbox.change_channel_id(CHANNEL, "C0CHANGED1")
    await story.settled()
    await story.presses(story.bo)
    assert "Northside Youth: OK by @Bo" in story.welcome()


async def test_15_in_a_channel_without_it_the_command_says_how_to_invite_it(story: Story) -> None:
    reply = await story.dana.slash("/partner setup", channel="acme-dei")
    assert "Invite me" in (reply.text or story.dana.reads())


async def test_15_invited_while_it_was_away_it_introduces_itself_late(story: Story) -> None:
    await story.dana.invites_app(CHANNEL)
    await story.settled()
    await story.forgets_everything()
    told = await story.says(story.bo, "setup mentoring")
    assert "had not noticed" in told
    assert len(story.cards()) == 2
    assert "Northside Youth: waiting…" in story.bo.words(story.cards()[-1])


async def test_13_who_left_the_channel_can_do_nothing_in_it(story: Story) -> None:
    await story.begins()
    await story.says(story.bo, "")
    await story.bo.leaves(CHANNEL)
    await story.settled()
    await story.bo.clicks("OK for our organization", message=story.bo.dm()[-1])
    await story.settled()
    assert "Only people who are in the channel can do this." in story.bo.words(story.bo.dm()[-1])
    assert "Northside Youth: waiting…" in story.dana.reads(channel=CHANNEL)


async def test_16_in_a_direct_message_it_says_where_to_go(story: Story) -> None:
    await story.begins()
    await story.bo.tells_app("setup mentoring")
    await story.settled()
    assert "This belongs to a channel" in story.bo.words(story.bo.dm()[-1])


async def test_19_a_form_sent_after_the_end_keeps_nothing_and_says_so(story: Story) -> None:
    await story.begins()
    await story.bo.clicks("Ask a question", channel=CHANNEL)
    await story.settled()
    await story.dana.removes_app(CHANNEL)
    await story.settled()
    await story.bo.submits({"What would you like to know?": "Hello?"})
    await story.settled()
    assert "has ended, so nothing was kept" in story.bo.reads()


async def test_20_a_welcome_that_somebody_deleted_comes_back_when_it_is_needed(
    story: Story,
) -> None:
    await story.begins()
    await story.dana.deletes(story.cards()[0], channel=CHANNEL)
    await story.settled()
    assert story.cards() == []
    await story.says(story.bo, "count us in")
    assert "Northside Youth: OK by @Bo" in story.welcome()


async def test_its_own_words_stay_in_the_thread_and_nobody_is_called(story: Story) -> None:
    await story.starts()
    said = "\n".join(each.text for each in story.bo.messages(CHANNEL) if each.bot_id)
    assert "<!" not in said
    assert "/partner" not in said
    assert len(story.posts()) == 1


async def test_the_command_opens_the_setup(story: Story) -> None:
    await story.begins()
    await story.dana.slash("/partner setup", channel=CHANNEL)
    await story.settled()
    await story.dana.submits({"Digest: weekday": "Thursday", "Time zone": "Europe/Berlin"})
    await story.settled()
    assert "a digest every Thursday at 15:00 (Berlin time)" in story.welcome()


@pytest.mark.parametrize(
    ("label", "text", "words"),
    [
        pytest.param("What is this channel for?", "\u202e\u200b", "in words", id="9-bidi"),
        pytest.param(
            "Organizations that are still to come", "Harbor\n\u202e", "write the", id="7-name"
        ),
        pytest.param("Organizations that are still to come", "x" * 81, "shorter name", id="6-name"),
    ],
)
async def test_a_setup_that_cannot_be_stays_open_and_changes_nothing(
    story: Story, label: str, text: str, words: str
) -> None:
    await story.begins()
    before = story.welcome()
    await story.bo.clicks("Set up", channel=CHANNEL)
    await story.settled()
    await story.bo.submits({label: text, "Check-in: weekday": "Friday"})
    await story.settled()
    assert story.bo.has_modal()
    assert words in story.bo.reads()
    assert story.welcome() == before


async def test_14_a_form_that_is_older_than_the_setup_overwrites_nothing(story: Story) -> None:
    await story.begins()
    await story.bo.clicks("Set up", channel=CHANNEL)
    await story.settled()
    await story.says(story.dana, "setup mentoring")
    await story.bo.submits({"Check-in: weekday": "Friday"})
    await story.settled()
    assert "Somebody has changed the setup since you opened this." in story.bo.reads()
    assert "every second Tuesday" in story.welcome()


async def test_6_a_purpose_too_long_comes_back_to_be_shortened(story: Story) -> None:
    await story.begins()
    told = await story.says(story.bo, "setup " + "mentoring " * 400)
    assert "3,000 letters at most" in told
    assert "nobody has said yet" in story.welcome()


async def test_10_names_and_purposes_call_nobody(story: Story) -> None:
    await story.begins()
    await story.says(story.hui, "with <!channel> & <http://evil.example|friends>")
    await story.says(story.hui, "setup reach <!here> and <@U0BO000000>")
    sent = [each for each in story.bo.messages(CHANNEL) if each.bot_id]
    for message in sent:
        everything = f"{message.text} {message.blocks}"
        assert "<!" not in everything.replace("&lt;!", "")
        assert "<http" not in everything


async def test_uninstalling_the_app_stops_everything(story: Story) -> None:
    await story.starts()
    story.sandbox.uninstall()
    await story.settled()
    partnerships = await story.bot.house.db.read(lambda store: store.partnerships.live())
    assert partnerships == ()


async def test_a_renamed_channel_gives_the_partnership_its_name(story: Story) -> None:
    await story.begins()
    await story.dana.renames(CHANNEL, "mentoring-2027")
    await story.settled()
    (partnership,) = await story.bot.house.db.read(lambda store: store.partnerships.live())
    assert partnership.name == "mentoring-2027"


async def test_an_archived_channel_goes_on_when_it_is_opened_and_the_bot_is_back(
    story: Story,
) -> None:
    await story.starts()
    await story.dana.archives(CHANNEL)
    await story.settled()
    await story.dana.unarchives(CHANNEL)
    await story.begins()
    assert "I am here again. What you agreed before is still here." in story.thread()
    assert "Northside Youth: OK by @Bo" in story.welcome()
