"""How the work is shared: the leads see it first, and it is posted when each of them says yes."""

from bot.sandbox import Message, Person
from tests.fixtures.scene import Scene


def charts(scene: Scene, words: str) -> list[dict[str, object]]:
    """The charts of the newest post with these words."""
    return [each for each in scene.post(words).blocks if each["type"] == "data_visualization"]


def shown_to(lead: Person) -> Message:
    """What a lead was shown in private, as it is now."""
    return next(each for each in lead.dm() if "asks how the work is shared in" in lead.words(each))


async def test_amina_asks_the_leads_see_it_first_and_each_of_them_agrees(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    await started.mentions(started.hui, "commit book a room by 27 Nov")
    await started.mentions(started.hui, "done 2")
    assert "#1 bring the venue list is unpaid work" in await started.mentions(
        started.bo, "unpaid 1"
    )
    told = await started.mentions(started.amina, "shares")
    assert "I have sent it to the leads: Dana (Acme), Bo (Northside Youth) and Hui" in told
    assert "How the work is shared" not in started.said()
    for lead in (started.dana, started.bo, started.hui):
        direct = shown_to(lead)
        words = lead.words(direct)
        assert "Amina (Northside Youth) asks how the work is shared in mentoring-partners" in words
        assert "Northside Youth: 1 open, 0 done. Of these 1 unpaid." in words
        assert "Harbor Women in Media: 0 open, 1 done." in words
        assert any(each["type"] == "data_visualization" for each in direct.blocks)
        assert "How the work is shared since" not in started.said()
        await lead.clicks("Post it in the channel", message=direct)
        await started.settled()
    said = started.reads(started.post("How the work is shared since Thu, Oct 1"))
    assert "Acme: 0 open, 0 done." in said
    assert "It names no person and ranks nobody." in said
    assert len(charts(started, "How the work is shared since")) == 1
    assert "It stands in the channel." in started.bo.words(shown_to(started.bo))
    happened = await started.mentions(started.hui, "history")
    assert "@Amina (Northside Youth) asked how the work is shared." in happened
    assert "A lead of each organization had me post how the work is shared." in happened


async def test_an_owner_says_by_a_button_that_it_is_unpaid_work(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    told = await started.mentions(started.bo, "show 1")
    assert "Unpaid work" in told
    said = await started.presses(started.bo, "Unpaid work", started.bo.dm()[-1])
    assert "#1 bring the venue list is unpaid work" in said
    assert "Paid work" not in await started.mentions(started.hui, "show 1")


async def test_one_lead_keeps_it_to_the_leads_and_is_not_named(started: Scene) -> None:
    await started.mentions(started.bo, "commit bring the venue list by 27 Nov")
    await started.slash(started.dana, "shares")
    for lead, label in (
        (started.bo, "Keep it to the leads"),
        (started.dana, "Post it in the channel"),
        (started.hui, "Post it in the channel"),
    ):
        await lead.clicks(label, message=shown_to(lead))
        await started.settled()
    assert "How the work is shared since" not in started.said()
    words = started.dana.words(shown_to(started.dana))
    assert "Yes so far: Acme and Harbor Women in Media." in words


async def test_priya_is_not_asked_and_cannot_decide(started: Scene) -> None:
    before = len(started.priya.dm())
    await started.mentions(started.bo, "shares")
    assert len(started.priya.dm()) == before
    assert "had this within the last week" in await started.mentions(started.hui, "shares")
