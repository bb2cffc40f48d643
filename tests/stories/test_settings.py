"""What a partnership has set: nobody is overruled, and everybody can read what changed."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.sandbox import Message
from storage.tables import response
from tests.fixtures.scene import NEW_YORK, OK, WELCOME, Scene

KEEP = "Keep the texts of replies for how many days?"


async def keeps(scene: Scene, person: str, days: int) -> None:
    who = scene.person(person)
    await who.clicks("Set up", channel=scene.channel)
    await who.submits({KEEP: str(days)})
    await scene.settled()


def notes(scene: Scene) -> list[Message]:
    """What everybody reads in the thread of the welcome."""
    found = scene.dana.messages(scene.channel, thread=scene.post(WELCOME))
    return [each for each in found[1:] if each.bot_id and not each.ephemeral_to]


def thread(scene: Scene) -> list[str]:
    return [scene.dana.words(each) for each in notes(scene)]


async def setup_of(scene: Scene) -> str:
    """What Hui is answered in a thread when she asks how it is set up."""
    await scene.mentions(scene.hui, "setup")
    return scene.dana.words(scene.dana.messages(scene.channel)[-1]) + "".join(
        scene.dana.words(each)
        for top in scene.dana.messages(scene.channel)[-1:]
        for each in scene.dana.messages(scene.channel, thread=top)
    )


async def test_what_is_kept_needs_the_ok_of_each_organization(started: Scene) -> None:
    await keeps(started, "bo", 90)
    asked = thread(started)[-1]
    assert "texts of replies are kept for 90 days" in asked
    assert "OK so far: Northside Youth." in asked
    assert "Waiting for: Acme and Harbor Women in Media." in asked
    told = await started.presses(started.dana, OK)
    assert "It begins when the others have said OK too." in told
    assert "has said OK to this already" in await started.presses(started.priya, OK)
    assert "Waiting for: Harbor Women in Media." in thread(started)[-1]
    assert "Everybody has, so it holds now." in await started.presses(started.hui, OK)
    assert "this holds from now on: texts of replies are kept for 90 days" in thread(started)[-1]
    assert "kept for 90 days" in await setup_of(started)


async def test_without_everybodys_ok_it_stays_as_it_was(started: Scene) -> None:
    await keeps(started, "dana", 60)
    await started.presses(started.bo, OK)
    await started.waits_until(datetime(2026, 12, 3, tzinfo=NEW_YORK))
    assert any(
        "Not everybody said OK in time, so it stays as it was." in one for one in thread(started)
    )
    assert "kept for 365 days" in await setup_of(started)


async def test_one_objection_ends_it_and_a_second_is_told_so(started: Scene) -> None:
    await keeps(started, "dana", 60)
    note = notes(started)[-1]
    await started.presses(started.hui, "Object", note)
    assert "objects to" in thread(started)[-1]
    assert "It does not take effect." in started.reads(note)
    assert "Object" not in started.bo.button_labels(note)


async def test_only_those_who_suggested_it_take_it_back(started: Scene) -> None:
    await keeps(started, "dana", 60)
    await started.mentions(started.bo, "setup")
    assert "You can object to it." in await started.presses(started.bo, "Take back")
    await started.presses(started.priya, "Take back")
    assert "took back the suggestion" in thread(started)[-1]


async def test_a_newer_suggestion_takes_the_place_of_one_that_waits(started: Scene) -> None:
    await keeps(started, "dana", 60)
    first = notes(started)[-1]
    await keeps(started, "bo", 90)
    assert "A newer suggestion has taken its place." in started.reads(first)
    assert "90 days" in thread(started)[-1]


async def test_what_an_announced_change_took_the_place_of_is_announced_again(
    started: Scene,
) -> None:
    await started.mentions(started.bo, "setup mentoring for everybody")
    welcome = started.posts()[0]
    (announced,) = [each for each in started.thread(welcome) if "It begins on" in each]
    await started.mentions(started.hui, "setup mentoring of women")
    assert announced not in started.thread(welcome)
    await started.tells(started.hui, "undo")
    assert announced in started.thread(welcome)
    await started.waits(timedelta(days=12))
    assert "mentoring for everybody" in started.reads(welcome)


async def test_an_organization_that_comes_later_is_asked_too(begun: Scene) -> None:
    for person in (begun.dana, begun.bo):
        await begun.presses(person, OK)
    await begun.waits_until(datetime(2026, 12, 2, tzinfo=NEW_YORK))
    await begun.presses(begun.dana, "Start without Harbor Women in Media")
    await keeps(begun, "dana", 90)
    assert "Waiting for: Northside Youth." in thread(begun)[-1]
    await begun.presses(begun.hui, OK, begun.post(WELCOME))
    asked = next(one for one in notes(begun) if "kept for 90 days" in begun.dana.words(one))
    await begun.presses(begun.bo, OK, asked)
    assert "Waiting for: Harbor Women in Media." in begun.reads(asked)
    await begun.presses(begun.hui, OK, asked)
    assert "this holds from now on" in thread(begun)[-1]


async def test_too_few_days_are_refused_in_the_form(started: Scene) -> None:
    await started.bo.clicks("Set up", channel=started.channel)
    reply = await started.bo.submits({KEEP: "5"})
    assert started.bo.modal is not None, reply


async def test_an_organization_changes_its_own_lead_sponsor_zone_and_week(started: Scene) -> None:
    told = await started.mentions(started.amina, "our organization")
    assert "*Lead:* @Bo" in told
    await started.amina.clicks("Change")
    await started.amina.submits(
        {
            "Lead": "Amina (Northside Youth)",
            "Sponsor: who inside backs this?": "Rosa Lind, our director",
            "Time zone": "America/Chicago",
            "Working days": ["Monday", "Tuesday", "Wednesday", "Thursday"],
        }
    )
    await started.settled()
    words = started.amina.words(started.amina.dm()[-1])
    assert "*Lead:* @Amina" in words
    assert "Rosa Lind, our director" in words
    assert "Monday to Thursday" in words
    assert "lead @Amina, backed by Rosa Lind, our director" in started.reads(started.post(WELCOME))
    history = await started.mentions(started.hui, "history")
    assert "@Amina (Northside Youth) set for their organization" in history
    assert "the lead: @Amina" in history


async def test_what_is_wrong_in_the_form_stands_beside_the_field_it_is_about(
    started: Scene,
) -> None:
    await started.mentions(started.bo, "our organization")  # who is the lead
    await started.bo.clicks("Change")
    await started.amina.leaves(started.channel)
    await started.settled()
    await started.bo.submits({"Lead": "Amina (Northside Youth)"})
    await started.settled()
    assert started.bo.modal is not None
    assert list(started.bo.modal.errors) == ["organization.lead"]


async def test_by_buttons_alone_hui_sees_her_organization_and_its_closed_days(
    started: Scene,
) -> None:
    told = await started.presses(started.hui, "Our organization")
    assert "*Harbor Women in Media* in mentoring-partners" in told
    assert "Northside" not in told
    told = await started.presses(started.hui, "Closed days")
    assert "Closed days of Harbor Women in Media" in told
    told = await started.presses(started.hui, "History")
    assert "Everybody had said OK, so it started." in told


async def test_the_history_tells_in_words_who_did_what(started: Scene) -> None:
    await started.tells(started.bo, "closed 24 Dec winter")
    await started.mentions(started.hui, "checkin pause until 1 Dec")
    await keeps(started, "dana", 60)
    told = await started.mentions(started.bo, "history")
    assert "@Dana (Acme) suggested a change: texts of replies are kept for 60 days." in told
    assert "@Hui (Harbor Women in Media) paused the check-in until Tue, Dec 1." in told
    assert "@Bo (Northside Youth) changed the closed days of Northside Youth." in told
    assert "winter" not in told
    assert "Everybody had said OK, so it started." in told
    assert told.index("suggested a change") < told.index("so it started")


async def test_with_a_number_it_is_the_history_of_one_commitment(started: Scene) -> None:
    await started.mentions(started.hui, "commit book a room by 4 Dec")
    told = await started.mentions(started.bo, "history 1")
    assert "@Hui (Harbor Women in Media) promised: book a room by Fri, Dec 4." in told
    assert "History of" not in told


async def test_a_long_history_is_read_in_pages(started: Scene) -> None:
    for day in range(1, 21):
        await started.tells(started.bo, f"closed {day} Dec")
    await started.mentions(started.hui, "history")
    await started.hui.clicks("Older")
    await started.settled()
    words = started.hui.words(started.hui.dm()[-1])
    assert "invited me" in words or "Newer" in words


async def test_texts_of_replies_are_forgotten_after_as_long_as_was_agreed(started: Scene) -> None:
    await keeps(started, "bo", 30)
    await started.presses(started.dana, OK)
    await started.presses(started.hui, OK)
    await started.waits_until(datetime(2026, 11, 24, 10, 0, tzinfo=NEW_YORK))
    prompt = started.post("Check-in for")
    await started.replies(started.hui, "our landlord is difficult", prompt)

    async def kept() -> list[str]:
        return await started.bot.house.db.read(
            lambda store: list(store.connection.scalars(select(response.c.text)))
        )

    assert await kept() == ["our landlord is difficult"]
    await started.waits_until(datetime(2026, 12, 22, tzinfo=NEW_YORK))
    assert await kept() == ["our landlord is difficult"]
    await started.waits_until(datetime(2027, 1, 4, tzinfo=NEW_YORK))
    assert await kept() == [""]
