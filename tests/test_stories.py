"""What the bot does for three organizations, told as they live it; single facts in ``stories``.

Only Acme has installed the app. Bo and Amina are with Northside Youth, by Slack Connect; Hui and
Mara are guests. None of the four ever uses a slash command: the watch over each story says so.
"""

from datetime import datetime, timedelta

from bot.demo import CHANNEL, HINT, first_day, open_demo
from bot.settings import read
from tests.fixtures.scene import NEW_YORK, OK, WELCOME, Scene


def at(month: int, day: int, hour: int = 12, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=NEW_YORK)


async def test_three_organizations_begin_promise_check_in_and_read_the_digest(
    scene: Scene,
) -> None:
    dana, priya, bo = scene.dana, scene.priya, scene.bo
    amina, hui, mara = scene.amina, scene.hui, scene.mara

    # 1: the bot arrives, and each organization says OK
    await dana.invites_app(CHANNEL)
    await scene.settled()
    assert "Acme runs me; its technical staff could read what I keep." in scene.said()
    await scene.mentions(hui, "with Harbor Women in Media")
    await scene.mentions(mara, "with Harbor Women in Media")
    await scene.presses(hui, "Yes")  # Mara is with us
    for person in (dana, bo, hui):
        await scene.presses(person, OK)
    assert "We have started" in scene.said()

    # 5: who does what, by when; nothing counts until its owner agrees
    await scene.slash(dana, "commit find and train 6 mentors by 11 Dec for mentoring")
    await scene.mentions(mara, "commit match the first 6 mentees by 4 Dec for mentoring")
    await scene.slash(dana, "commit @Bo invite 12 mentees by Mon 30 Nov for mentoring")
    asked = scene.card(3)
    assert (
        "@Dana (Acme) asks @Bo (Northside Youth): could you invite 12 mentees by Mon, Nov 30? "
        "Nothing counts until you agree."
    ) in scene.reads(asked)
    await scene.presses(bo, "Yes, if…", asked)
    await scene.sends(bo, **{"If_what?": "travel is paid"})
    await scene.presses(priya, "Agree", asked)
    assert "agreed: invite 12 mentees by Mon, Nov 30, if travel is paid." in scene.reads(asked)

    # 7: the first Friday's digest
    await scene.waits_until(at(11, 20, 15))
    assert "Digest for" not in scene.said()  # nothing is due this week, and nobody waits

    # 6: the second Tuesday's check-in
    await scene.waits_until(at(11, 24, 10))
    prompt = scene.post("Check-in for")
    assert "invite 12 mentees" in scene.reads(prompt)
    await scene.waits(timedelta(hours=1))
    await scene.replies(amina, "two schools want to send people", prompt)
    await scene.replies(bo, "#3 done", prompt)
    await scene.presses(bo, "Yes, it is done")
    assert scene.reads(asked).startswith("Done: @Bo (Northside Youth)")
    await scene.replies(mara, "stuck: we have only four names", prompt)
    await scene.presses(mara, "Yes, everyone may know")
    await scene.waits_until(at(11, 26, 10))
    summary = scene.thread(prompt)[-1]
    assert "“two schools want to send people”" in summary
    assert "#3 invite 12 mentees: done" in summary
    assert "we have only four names" in summary

    # 7: the next digest
    await scene.waits_until(at(11, 27, 15))
    digest = scene.reads(scene.post("Digest for"))
    assert "Needs help:* #2 match the first 6 mentees by Fri, Dec 4" in digest
    assert "we have only four names" in digest
    assert "Done, with thanks:* #3 invite 12 mentees" in digest
    assert "two schools want to send people" in digest

    # everything above stands in six posts; the rest is in threads and between two people
    assert len(scene.posts()) == 6
    assert "/partner" not in "".join(each.text for each in bo.messages(CHANNEL) if each.bot_id)


async def test_the_first_day_of_the_demo_leads_up_to_where_bo_has_to_answer() -> None:
    async with open_demo(read({}, file=None), 0, pace=False) as demo:
        await first_day(demo)
        bo, dana = demo.sandbox.person("bo"), demo.sandbox.person("dana")
        asked = bo.messages(CHANNEL)[-1]
        assert "@Dana (Acme) asks @Bo (Northside Youth): could you" in bo.words(asked)
        assert bo.button_labels(asked)[::-1] == ["Yes", "Yes, if…", "Another date", "No"]
        assert demo.sandbox.hint == HINT
        await bo.clicks("Yes", message=asked)
        await demo.settled()
        await demo.days_pass(7)
        await demo.days_pass(7)
        for words in ("agreed: invite 12 mentees", "Digest for", "Check-in for"):
            assert dana.sees(words, channel=CHANNEL)
        assert all(call.result["ok"] for call in demo.sandbox.calls)
        assert not demo.sandbox.deliveries.undelivered


async def test_a_check_in_stays_at_ten_by_the_wall_clock_when_the_clocks_change(
    scene: Scene,
) -> None:
    scene.calendar.move_to(at(3, 1, 9, year=2027))
    await scene.begins()
    await scene.mentions(scene.bo, "checkin schedule every Tuesday at 10:00")
    for person in (scene.dana, scene.bo, scene.hui):
        await scene.presses(person, OK)
    await scene.waits_until(at(3, 24, year=2027))
    asked = [
        datetime.fromtimestamp(float(each.ts), NEW_YORK)
        for each in scene.posts()
        if "Check-in for" in scene.dana.words(each)
    ]
    assert [f"{each:%b %d %H:%M %Z}" for each in asked] == [
        "Mar 09 10:00 EST",
        "Mar 16 10:00 EDT",  # clocks went forward on March 14
        "Mar 23 10:00 EDT",
    ]


async def test_it_is_stopped_and_built_again_and_nothing_is_lost_or_doubled(
    started: Scene,
) -> None:
    scene = started
    await scene.slash(scene.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    card = scene.card()
    await scene.restarts()
    await scene.presses(scene.bo, "Yes", card)
    await scene.restarts()
    assert "agreed: invite 12 mentees" in scene.reads(card)
    await scene.waits_until(at(11, 24, 10))
    prompt = scene.post("Check-in for")
    await scene.replies(scene.hui, "the room is booked", prompt)
    await scene.restarts()
    await scene.replies(scene.bo, "done", prompt)
    await scene.restarts()
    await scene.presses(scene.bo, "Yes, it is done")
    await scene.waits_until(at(11, 26, 9))
    await scene.restarts()
    await scene.waits_until(at(11, 27, 15))
    await scene.restarts()
    await scene.ticks()
    said = scene.said()
    for words in (WELCOME, "#1 ·", "Check-in for", "Digest for"):
        assert said.count(words) == 1, words
    assert sum("What was said" in note for note in scene.thread(prompt)) == 1
    assert "“the room is booked”" in scene.thread(prompt)[-1]
    assert scene.thread(card) == [
        "@Bo (Northside Youth) said yes: invite 12 mentees by Mon, Nov 30.",
        "@Bo (Northside Youth) says it is done. Thank you!",
    ]


async def test_what_is_said_while_it_is_away_is_read_when_it_is_back(started: Scene) -> None:
    scene = started
    await scene.waits_until(at(11, 24, 10))
    prompt = scene.post("Check-in for")
    await scene.closes()
    scene.sandbox.holds = lambda event: True
    await scene.bo.says("we found a van", channel=CHANNEL, thread=prompt)
    await scene.hui.says("@Common Ground commit book a room by 4 Dec", channel=CHANNEL)
    await scene.sandbox.quiet(0.01)
    await scene.opens()
    await scene.sandbox.lets_through()
    await scene.settled()
    assert "promised: book a room by Fri, Dec 4." in scene.said()
    await scene.waits_until(at(11, 26, 10))
    assert "“we found a van”" in scene.thread(prompt)[-1]


async def test_an_event_that_comes_again_after_a_restart_changes_nothing(started: Scene) -> None:
    scene = started
    await scene.mentions(scene.bo, "commit bring the venue list by 27 Nov")
    (commit,) = [
        each
        for each in scene.sandbox.events("app_mention")
        if "venue list" in each["event"]["text"]
    ]
    before = scene.said()
    await scene.restarts()
    await scene.sandbox.deliver("events_api", commit, 1, "http_timeout")
    await scene.settled()
    assert scene.said() == before


async def test_a_check_in_comes_two_hours_late_after_an_outage_and_not_after_a_day(
    started: Scene,
) -> None:
    scene = started
    await scene.mentions(scene.hui, "commit book a room by 11 Dec")
    await scene.waits_until(at(11, 24, 9))
    await scene.closes()
    scene.calendar.move_to(at(11, 24, 12))
    await scene.opens()
    await scene.ticks()
    assert scene.said().count("Check-in for") == 1
    await scene.waits_until(at(12, 8, 9))
    await scene.closes()
    scene.calendar.move_to(at(12, 9, 9))
    await scene.opens()
    await scene.ticks()
    assert scene.said().count("Check-in for") == 1
    await scene.waits_until(at(12, 11, 15))
    assert "Not posted:* the check-in of Tue, Dec 8, since I was away" in scene.said()


async def test_everything_that_bo_and_hui_need_works_by_direct_message_too(
    started: Scene,
) -> None:
    scene = started
    await scene.slash(scene.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    assert "invite 12 mentees" in await scene.tells(scene.bo, "waiting")
    await scene.presses(scene.bo, "Yes", scene.bo.dm()[-1])
    assert "invite 12 mentees" in await scene.tells(scene.bo, "mine")
    assert "commit" in await scene.tells(scene.hui, "help")
    await scene.tells(scene.bo, "done 1")
    assert scene.reads(scene.card()).startswith("Done: @Bo")


async def test_in_two_months_nobody_is_called_and_a_day_has_one_unprompted_post_at_most(
    started: Scene,
) -> None:
    scene = started
    for number, person in enumerate((scene.bo, scene.hui, scene.dana, scene.bo, scene.hui)):
        await scene.mentions(person, f"commit bring part {number} by {4 + 7 * number} Dec")
    before = {each.ts for each in scene.posts()}
    await scene.waits(timedelta(days=60))
    days = [
        datetime.fromtimestamp(float(each.ts), NEW_YORK).date()
        for each in scene.posts()
        if each.ts not in before
    ]
    assert len(days) > 8
    assert len(set(days)) == len(days)
    assert not any(call in each.text for each in scene.written() for call in ("<!", "@channel>"))
