"""The weekly digest: in order, short, and silent where there is nothing to tell."""

from datetime import datetime, timedelta

from bot.sandbox import Message
from tests.fixtures.scene import NEW_YORK, Scene

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=NEW_YORK)
PARTS = ("Needs a decision", "Due this week", "Done, with thanks", "What we heard", "Next:")


async def a_full_week(scene: Scene) -> Message:
    """Something for each part; returns the digest."""
    await scene.slash(scene.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    await scene.mentions(scene.hui, "commit book a room by 25 Nov")
    await scene.mentions(scene.bo, "commit bring the venue list by 19 Nov")
    await scene.mentions(scene.bo, "done 3")
    await scene.mentions(scene.hui, "checkin now")
    await scene.waits(timedelta(hours=1))
    await scene.replies(scene.bo, "two schools are keen", scene.post("Check-in for"))
    await scene.waits_until(FRIDAY)
    return scene.post("Digest for")


def lines(message: Message) -> list[str]:
    """The lines that people read, without buttons."""
    return [
        line
        for block in message.blocks
        if block["type"] in {"section", "context"}
        for text in [block.get("text") or block["elements"][0]]
        for line in text["text"].splitlines()
    ]


async def test_it_tells_what_to_decide_then_what_is_due_done_and_heard_then_what_is_next(
    started: Scene,
) -> None:
    digest = await a_full_week(started)
    said = started.reads(digest)
    places = [said.index(part) for part in PARTS]
    assert places == sorted(places)
    for line in (
        "#1 invite 12 mentees by Mon, Nov 30, waits for Bo (Northside Youth)",
        "#2 book a room by Wed, Nov 25, Hui (Harbor Women in Media)",
        "#3 bring the venue list, Bo (Northside Youth)",
        "Bo (Northside Youth): “two schools are keen”",
        "Next: check-in Tue, Nov 24 at 10:00, digest Fri, Nov 27 at 15:00 (New York time).",
    ):
        assert line in said


async def test_its_text_says_it_all_for_who_hears_it(started: Scene) -> None:
    digest = await a_full_week(started)
    for line in lines(digest):
        for piece in line.replace("*", "").split(": ", 1):
            assert piece in digest.text
    assert "*" not in digest.text


async def test_it_has_ten_lines_at_most_and_the_rest_behind_a_button(started: Scene) -> None:
    for number in range(9):
        await started.dana.slash(
            f"/partner commit thing {number} by 24 Nov", channel=started.channel
        )
        await started.dana.slash(
            f"/partner commit @Bo other {number} by 24 Nov", channel=started.channel
        )
    await started.settled()
    await started.waits_until(FRIDAY)
    digest = started.post("Digest for")
    assert len(lines(digest)) <= 10
    told = await started.presses(started.hui, "Show all", digest)
    assert all(f"thing {number}" in told for number in range(9))
    assert all(f"other {number}" in told for number in range(9))


async def test_with_nothing_to_tell_nothing_is_posted_but_a_sign_of_life_once_a_month(
    started: Scene,
) -> None:
    await started.mentions(started.hui, "checkin pause")
    before = len(started.posts())
    await started.waits_until(FRIDAY + timedelta(days=14))
    assert len(started.posts()) == before
    await started.waits_until(FRIDAY + timedelta(days=42))
    assert started.said().count("All quiet in mentoring-partners") == 1


async def test_bo_sees_a_preview_that_nobody_else_sees(started: Scene) -> None:
    assert "There is nothing to tell right now" in await started.mentions(
        started.bo, "digest preview"
    )
    await started.mentions(started.bo, "commit bring the venue list by 19 Nov")
    told = await started.mentions(started.bo, "digest preview")
    assert "Only you see this preview." in told
    assert "#1 bring the venue list by Thu, Nov 19" in told
    assert "Digest for" not in started.said()
    assert "#1 bring the venue list" in await started.slash(started.dana, "digest preview")


async def test_what_one_digest_told_as_done_or_heard_the_next_does_not_repeat(
    started: Scene,
) -> None:
    await a_full_week(started)
    await started.waits_until(FRIDAY + timedelta(days=7))
    said = started.reads(started.post("Digest for"))
    assert "Nov 27" in said
    assert "bring the venue list" not in said
    assert "two schools" not in said
    assert "waits for Bo" in said


async def test_what_is_overdue_stays_and_counts_no_days(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 18 Nov")
    await started.waits_until(FRIDAY)
    assert "#1 book a room by Wed, Nov 18, Hui (Harbor Women in Media)" in (started.said())


async def test_it_says_who_set_it_up_and_hui_pauses_it_by_its_button(started: Scene) -> None:
    digest = await a_full_week(started)
    assert "I post this every Friday at 15:00 if there is something to tell, set up by Dana" in (
        started.reads(digest)
    )
    await started.presses(started.hui, "Pause", digest)
    await started.presses(started.hui, "Until somebody resumes")
    await started.waits_until(FRIDAY + timedelta(days=15))
    assert started.said().count("Digest for") == 1


async def test_it_yields_the_day_to_a_check_in(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 25 Nov")
    await started.waits_until(FRIDAY - timedelta(hours=5))
    await started.mentions(started.hui, "digest schedule every Tuesday at 15:00")
    await started.waits_until(datetime(2026, 12, 16, tzinfo=NEW_YORK))
    days: dict[str, list[str]] = {}
    for each in started.posts():
        words = started.dana.words(each)
        if "Check-in for" in words or "Digest for" in words:
            day = datetime.fromtimestamp(float(each.ts), NEW_YORK).strftime("%d %b")
            days.setdefault(day, []).append(words[:10])
    assert all(len(posts) == 1 for posts in days.values()), days
    assert {"24 Nov", "08 Dec"} <= set(days)


async def test_a_reply_that_is_taken_back_does_not_stay_quoted(started: Scene) -> None:
    digest = await a_full_week(started)
    prompt = started.post("Check-in for")
    (said,) = (
        each for each in started.dana.messages(started.channel, thread=prompt) if not each.bot_id
    )
    assert "two schools are keen" in started.reads(digest)
    await started.edits(started.bo, said.ts, "three schools are keen")
    assert "three schools are keen" in started.reads(digest)
    await started.deletes(started.bo, said)
    renewed = started.reads(started.post("Digest for"))
    assert "schools" not in renewed
    assert "What we heard" not in renewed
    assert "Needs a decision" in renewed
    assert "Brought up to date on Fri, Nov 20 at 15:00" in renewed


async def test_a_digest_of_nothing_but_a_reply_says_so_when_that_is_taken_back(
    started: Scene,
) -> None:
    await started.mentions(started.hui, "checkin now")
    await started.waits(timedelta(hours=1))
    prompt = started.post("Check-in for")
    await started.replies(started.bo, "two schools are keen", prompt)
    (said,) = (
        each for each in started.dana.messages(started.channel, thread=prompt) if not each.bot_id
    )
    await started.waits_until(FRIDAY)
    digest = started.post("Digest for")
    await started.deletes(started.bo, said)
    assert "Nothing of what stood here is left to tell." in started.reads(digest)
    assert "two schools" not in started.said()


async def test_amina_sees_what_only_northside_knows_and_hui_does_not(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 24 Nov")
    await started.presses(started.bo, "I'm stuck", started.card())
    await started.bo.picks("Who may know?", "Only my colleague")
    await started.sends(started.bo, **{"What_keeps_you_from_it?": "no van"})
    secret = "#1 bring the venue list by Tue, Nov 24, Bo (Northside Youth): no van"
    told = await started.mentions(started.amina, "digest internal")
    assert told.startswith("*For Northside Youth only: mentoring-partners")
    assert f"{secret} (only your organization knows)" in told
    assert "no van" not in await started.mentions(started.hui, "digest internal")
    assert "no van" not in await started.slash(started.dana, "digest internal")
    await started.waits_until(FRIDAY)
    shared = started.post("Digest for")
    assert "no van" not in started.reads(shared)
    assert "no van" in await started.presses(started.amina, "For my organization", shared)
    assert "no van" not in await started.presses(started.hui, "For my organization", shared)
    assert "no van" not in started.said()


async def test_bo_sees_all_of_his_partnerships_in_a_direct_message(started: Scene) -> None:
    await started.slash(started.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    told = await started.tells(started.bo, "digest all")
    assert told.startswith("*All your partnerships, Mon, Nov 16*")
    assert "Waits for us: #1 invite 12 mentees by Mon, Nov 30, Bo (Northside Youth)" in told
    assert "Only you see this." in told
    whole = await started.presses(started.bo, "Show all", started.bo.dm()[-1])
    assert whole.startswith("*For Northside Youth only: mentoring-partners")
    await started.bo.leaves(started.channel)
    assert "invite 12 mentees" not in await started.tells(started.bo, "digest all")


async def test_the_digest_of_ones_organization_comes_in_a_direct_message_too(
    started: Scene,
) -> None:
    await started.slash(started.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    told = await started.tells(started.bo, "digest internal")
    assert told.startswith("*For Northside Youth only: mentoring-partners")
    assert "waits for Bo" not in told  # the heading says it
    assert "#1 invite 12 mentees by Mon, Nov 30, Bo (Northside Youth)" in told


async def test_of_a_hand_over_only_the_taking_over_waits(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 25 Nov")
    await started.mentions(started.bo, f"hand over 1 to {started.hui.mention}")
    shared = await started.mentions(started.dana, "digest preview")
    taking = "bring the venue list by Wed, Nov 25, taking over from Bo (Northside Youth)"
    assert f"#1 {taking} waits for Hui (Harbor Women in Media)" in shared
    own = await started.mentions(started.hui, "digest internal")
    assert f"{taking}: Hui (Harbor Women in Media)" in own
    assert "Asked of others" not in own  # Harbor asked nothing of Bo
    await started.hui.opens_home()
    await started.settled()
    home = started.hui.reads()
    assert "asks @Hui (Harbor Women in Media) to take it over" in home


async def test_what_is_overdue_is_not_told_in_the_same_words_twice(started: Scene) -> None:
    for what in ("book a room", "call the press"):
        await started.mentions(started.hui, f"commit {what} by 18 Nov")
    await started.waits_until(FRIDAY)
    first = started.reads(started.post("Digest for"))
    assert "#1 book a room by Wed, Nov 18, Hui (Harbor Women in Media)" in first
    await started.waits_until(FRIDAY + timedelta(days=7))
    second = started.reads(started.post("Digest for"))
    (told,) = (line for line in second.split("\n") if "as told before" in line)
    assert "Still open: #1 and #2, as told before" in told.replace("*", "")
    assert "Hui" not in told
    assert "book a room" not in second


async def test_who_is_of_the_installing_workspace_gets_links_to_the_cards(started: Scene) -> None:
    await started.slash(started.dana, "commit @Bo invite 12 mentees by Mon 30 Nov")
    card = started.card()
    link = f"/archives/{card.channel}/p{card.ts.replace('.', '')}|#1> invite 12 mentees"
    for person, linked in ((started.dana, True), (started.bo, False)):
        await started.tells(person, "digest all")
        told = person.dm()[-1]
        assert "#1 invite 12 mentees" in told.text
        assert "/archives/" not in told.text
        assert (link in str(told.blocks)) is linked
        assert ("/archives/" in str(told.blocks)) is linked
    await started.waits_until(FRIDAY)
    assert "/archives/" not in str(started.post("Digest for").blocks)


async def test_a_preview_that_stays_as_a_message_quotes_nobody(started: Scene) -> None:
    await started.mentions(started.hui, "checkin now")
    await started.waits(timedelta(hours=1))
    prompt = started.post("Check-in for")
    await started.replies(started.bo, "two schools are keen", prompt)
    told = await started.mentions(started.hui, "digest preview")
    assert "What we heard: it stands in the threads of the check-ins" in told.replace("*", "")
    assert "two schools" not in told
    assert "two schools are keen" in await started.slash(started.dana, "digest preview")
