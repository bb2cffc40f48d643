"""A partnership begins: the bot arrives, is asked, is set up, and starts when all have said OK."""

from datetime import timedelta

from tests.fixtures.scene import CHANNEL, OK, WELCOME, Scene


async def test_invited_it_says_the_first_message_and_who_runs_it(scene: Scene) -> None:
    await scene.dana.invites_app(CHANNEL)
    await scene.settled()
    (welcome,) = scene.posts()
    assert scene.reads(welcome).startswith(
        "Hi. I help you keep track of what you agree. I post nothing on schedule until each "
        "organization says OK. I read only replies to me and messages that mention me. "
        "Acme runs me; its technical staff could read what I keep."
    )
    labels = scene.bo.button_labels(welcome)
    assert {OK, "Ask a question", "Not now"} <= set(labels)


async def test_each_organization_is_asked_the_inviting_one_too(begun: Scene) -> None:
    said = begun.said()
    for name in ("Acme", "Northside Youth", "Harbor Women in Media"):
        assert f"{name}: waiting…" in said


async def test_it_starts_when_the_last_organization_has_said_ok(begun: Scene) -> None:
    welcome = begun.post(WELCOME)
    assert "Thank you. Acme has said OK." in await begun.presses(begun.dana, OK)
    assert "Harbor Women in Media has said OK" in await begun.presses(begun.hui, OK)
    assert "We have started" not in begun.said()
    assert "Northside Youth has said OK" in await begun.presses(begun.bo, OK)
    assert "We have started" in begun.reads(welcome)
    assert "Everybody has said OK, so we start." in begun.thread(welcome)[-1]
    assert len(begun.posts()) == 1


async def test_nothing_is_posted_on_schedule_while_one_ok_is_missing(begun: Scene) -> None:
    await begun.presses(begun.dana, OK)
    await begun.presses(begun.bo, OK)
    await begun.mentions(begun.bo, "commit bring the venue list by Friday")
    await begun.waits(timedelta(days=35))
    assert len(begun.posts()) == 2  # the welcome, and the card that Bo asked for


async def test_a_guest_whose_organization_nobody_knows_holds_the_start_back(scene: Scene) -> None:
    await scene.mara.leaves(CHANNEL)
    await scene.dana.invites_app(CHANNEL)
    await scene.settled()
    assert "@Hui: which organization are you with?" in scene.said()
    await scene.presses(scene.dana, OK)
    await scene.presses(scene.bo, OK)
    assert "which organization you are with" in await scene.presses(scene.hui, OK)
    await scene.waits(timedelta(days=15))
    assert len(scene.posts()) == 1
    await scene.mentions(scene.hui, "with Harbor Women in Media")
    await scene.presses(scene.hui, OK)
    assert "We have started" in scene.said()


async def test_bo_says_not_now_and_it_waits_for_him(begun: Scene) -> None:
    assert "You can press OK later" in await begun.presses(begun.bo, "Not now")
    await begun.presses(begun.dana, OK)
    await begun.presses(begun.hui, OK)
    assert "Northside Youth: not now, and can say OK later" in begun.said()
    await begun.waits(timedelta(days=20))
    assert len(begun.posts()) == 1
    await begun.presses(begun.bo, OK)
    assert "We have started" in begun.said()


async def test_bo_asks_a_question_and_who_invited_is_asked_to_answer_it(begun: Scene) -> None:
    await begun.presses(begun.bo, "Ask a question")
    told = await begun.sends(begun.bo, **{"What_would_you_like_to_know?": "Who pays for this?"})
    assert "Your question is in the thread of my first message" in told
    asked = begun.thread(begun.post(WELCOME))[-1]
    assert "@Bo (Northside Youth) asks:" in asked
    assert "Who pays for this?" in asked
    assert "@Dana, can you answer this here?" in asked


async def test_setup_asks_for_the_purpose_and_shows_the_defaults_with_change(
    begun: Scene,
) -> None:
    await begun.mentions(begun.hui, "setup")
    shown = begun.dana.messages(CHANNEL)[-1]
    said = begun.dana.words(shown)
    assert "What this channel is for: nobody has said yet" in said.replace("*", "")
    assert "every second Tuesday at 10:00" in said
    assert "every Friday at 15:00" in said
    assert "New York time" in said
    await begun.presses(begun.hui, "Change", shown)
    await begun.sends(
        begun.hui,
        **{
            "What_is_this_channel_for?": "mentoring for women in creative roles",
            "Check-in:_how_often": "monthly:1",
            "Check-in:_weekday": "Wednesday",
            "Check-in:_time": "09:30",
        },
    )
    assert "mentoring for women in creative roles" in begun.said()
    assert "the first Wednesday of each month at 09:30" in begun.said()


async def test_dana_sets_it_up_by_command_in_a_form(begun: Scene) -> None:
    await begun.slash(begun.dana, "setup")
    await begun.sends(begun.dana, **{"What_is_this_channel_for?": "mentoring"})
    assert "mentoring" in begun.said()


async def test_what_people_ask_for_works_before_the_start(begun: Scene) -> None:
    await begun.slash(begun.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    await begun.presses(begun.bo, "Yes", begun.card())
    assert "agreed: invite 12 mentees by Mon, Nov 30." in begun.reads(begun.card())


async def test_slack_has_no_command_for_bo_and_nobody_tells_him_of_one(begun: Scene) -> None:
    told = await begun.slash(begun.bo, "commit bring the venue list by Friday")
    assert told == "/partner is not a valid command."
    assert len(begun.posts()) == 1
    await begun.mentions(begun.bo, "help")
    await begun.mentions(begun.bo, "commit bring the venue list by Friday")
    assert "#1 · promised" in begun.said()
    assert not any("/partner" in each.text for each in begun.bo.messages() if each.bot_id)
