"""Partnerships as people begin them, on both databases."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate, Unclear
from bot.domain.partnerships import (
    Asked,
    Joining,
    NotInChannel,
    Partnership,
    Setting,
    State,
    Step,
    WithoutOrganization,
)
from bot.domain.people import Kind, Person
from bot.domain.posts import Kind as Post
from bot.domain.rhythm import Frequency, Rhythm
from bot.domain.welcome import Arranged, Noted, Welcome
from bot.services import (
    beginning,
    changes,
    comings,
    commitments,
    organizations,
    partnerships,
    setup,
    waiting,
    welcome,
)
from bot.services.beginning import Begin, Press, Question
from bot.services.comings import Came, Disconnected, Happened, Moved, Went
from bot.services.commitments import Propose
from bot.services.organizations import Confirm, Stated, With
from bot.services.setup import SetUp
from storage.database import Database
from storage.store import Store
from storage.tables import closed_day, message

NOW = datetime(2026, 11, 16, 15, tzinfo=UTC)  # a Monday, 10:00 in New York
CHANNEL = "C0MENTORS"

DANA = Person("TACME", "UDANA", "Dana", zone="America/New_York", team_name="Acme")
PRIYA = Person("TACME", "UPRIYA", "Priya", team_name="Acme")
BO = Person("TNORTH", "UBO", "Bo", team_name="Northside Youth")
AMINA = Person("TNORTH", "UAMINA", "Amina", team_name="Northside Youth")
HUI = Person("TACME", "UHUI", "Hui", Kind.GUEST)
MARA = Person("TACME", "UMARA", "Mara", Kind.GUEST)
ROBOT = Person("TACME", "UROBOT", "Robot", Kind.BOT)


@dataclass
class World:
    """A database in which Acme has installed the app, and short ways to do things."""

    database: Database
    installation: int
    now: datetime = NOW
    keys: int = 0

    def key(self) -> str:
        self.keys += 1
        return f"test:{self.keys}"

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        return await self.database.run(function, *args)

    async def read(self, function: Callable[..., Any], *args: Any) -> Any:
        return await self.database.read(function, *args)

    async def begin(self, *present: Person, by: Person | None = DANA) -> Partnership:
        request = Begin(
            self.key(), self.installation, CHANNEL, "mentors", "America/New_York", by, present
        )
        made: Partnership = await self.run(beginning.begin, request, self.now)
        return made

    def press(self, person: Person) -> Press:
        return Press(self.key(), self.installation, CHANNEL, person)

    async def agree(self, *people: Person) -> Partnership:
        for person in people:
            await self.run(beginning.agree, self.press(person), self.now)
        return await self.partnership()

    async def started(self) -> Partnership:
        await self.begin(DANA, BO)
        return await self.agree(DANA, BO)

    async def partnership(self) -> Partnership:
        found: Partnership = await self.read(
            lambda store: store.partnerships.last_in_channel(self.installation, CHANNEL)
        )
        return found

    async def card(self) -> Welcome:
        partnership = await self.partnership()
        shown: Welcome = await self.read(welcome.welcomed, partnership.id, self.now)
        return shown

    async def say_with(self, person: Person, name: str = "", **given: Any) -> Stated:
        partnership = await self.partnership()
        request = With(self.key(), self.installation, partnership.id, person, name, **given)
        stated: Stated = await self.run(organizations.say_with, request, self.now)
        return stated

    async def confirm(self, person: Person, asked: Asked | None, yes: bool = True) -> Asked:
        assert asked is not None
        request = Confirm(self.key(), self.installation, CHANNEL, person, asked.id, yes)
        settled: Asked = await self.run(organizations.confirm, request, self.now)
        return settled

    async def set_up(self, person: Person, **given: Any) -> Arranged:
        partnership = await self.partnership()
        request = SetUp(self.key(), self.installation, partnership.id, person, **given)
        arranged: Arranged = await self.run(setup.set_up, request, self.now)
        return arranged

    async def object_to(self, person: Person, change: int) -> None:
        request = changes.Answer(self.key(), self.installation, CHANNEL, person, change)
        await self.run(changes.object_to, request, self.now)

    async def steps(self) -> list[Step]:
        partnership = await self.partnership()
        entries = await self.read(lambda store: store.partnerships.history(partnership.id))
        return [entry.step for entry in entries]

    async def noted(self) -> list[Noted]:
        """What the thread of the welcome says."""
        rows = await self.outgoing(Post.WELCOME_NOTE)
        return [await self.read(welcome.noted, row.subject, self.now) for row in rows]

    async def outgoing(self, kind: Post) -> list[Any]:
        def look(store: Store) -> list[Any]:
            query = select(message).where(message.c.kind == kind).order_by(message.c.id)
            return list(store.connection.execute(query))

        return list(await self.read(look))

    async def tick(self, days: float = 0) -> None:
        self.now += timedelta(days=days)
        for part in (waiting.ask_who_is_silent, changes.apply_due):
            while await self.run(part, self.now, 200):
                pass


@pytest.fixture
async def world(database: Database) -> World:
    def install(store: Store) -> int:
        return store.installations.remember(
            team="TACME",
            enterprise=None,
            app="A1",
            bot="B1",
            bot_user="UBOT",
            name="Acme",
            now=NOW,
        ).id

    return World(database, await database.run(install))


def names(card: Welcome) -> list[str]:
    return [line.organization.name for line in card.lines]


# Beginning


async def test_an_invitation_begins_a_partnership_of_everybody_in_the_channel(
    world: World,
) -> None:
    made = await world.begin(BO, DANA, PRIYA, ROBOT)
    assert made.state is State.BEGINNING
    assert (made.name, made.zone) == ("mentors", "America/New_York")
    card = await world.card()
    assert names(card) == ["Acme", "Northside Youth"]
    assert not any(line.agreed for line in card.lines)
    assert card.host == "Acme"
    posts = await world.outgoing(Post.WELCOME)
    assert [(post.channel, post.subject) for post in posts] == [(CHANNEL, made.id)]


async def test_an_invitation_delivered_twice_begins_once(world: World) -> None:
    request = Begin("event:1", world.installation, CHANNEL, "m", "UTC", DANA, (DANA, BO))
    first = await world.run(beginning.begin, request, NOW)
    second = await world.run(beginning.begin, request, NOW)
    assert first.id == second.id
    assert len(await world.outgoing(Post.WELCOME)) == 1


async def test_inviting_it_where_it_is_already_goes_on_and_asks_nobody_again(
    world: World,
) -> None:
    first = await world.started()
    before = await world.steps()
    assert (await world.begin(DANA, BO, AMINA)).id == first.id
    assert await world.steps() == before  # that was the first invitation, told twice
    world.now += timedelta(hours=1)
    again = await world.begin(DANA, BO, AMINA)
    assert (await world.steps())[-1] is Step.RETURNED
    assert again.id == first.id
    assert again.state is State.STARTED
    assert len(await world.outgoing(Post.WELCOME)) == 1
    assert all(line.agreed for line in (await world.card()).lines)


async def test_it_begins_where_only_one_organization_is_too(world: World) -> None:
    await world.begin(DANA)
    assert names(await world.card()) == ["Acme"]


# Saying OK


async def test_it_starts_when_the_last_organization_has_said_ok(world: World) -> None:
    await world.begin(DANA, BO)
    assert (await world.agree(DANA)).state is State.BEGINNING
    assert (await world.agree(AMINA)).state is State.STARTED
    assert (await world.noted())[-1].entry.step is Step.STARTED


async def test_the_schedules_begin_only_with_the_start(world: World) -> None:
    await world.begin(DANA, BO)

    def due(store: Store) -> int:
        return len(store.schedules.due(NOW + timedelta(days=60), 200))

    await world.agree(DANA)
    assert await world.run(due) == 0
    await world.agree(BO)
    assert await world.run(due) == 2


async def test_who_says_ok_first_becomes_the_lead_of_their_organization(world: World) -> None:
    await world.begin(DANA, PRIYA, BO)
    await world.agree(PRIYA)
    line = (await world.card()).lines[0]
    assert line.lead is not None
    assert line.lead.name == "Priya"
    assert line.ok_by == line.lead


async def test_saying_ok_twice_changes_nothing_and_says_so(world: World) -> None:
    await world.begin(DANA, PRIYA, BO)
    await world.agree(DANA)
    with pytest.raises(NotPossible, match="You have said OK"):
        await world.agree(DANA)
    with pytest.raises(NotPossible, match="<@UDANA> has said OK for your organization"):
        await world.agree(PRIYA)
    assert (await world.partnership()).state is State.BEGINNING


async def test_the_same_press_delivered_twice_counts_once(world: World) -> None:
    await world.begin(DANA, BO)
    press = world.press(DANA)
    first = await world.run(beginning.agree, press, NOW)
    second = await world.run(beginning.agree, press, NOW)
    assert first.participation == second.participation


async def test_not_now_is_noted_and_ok_can_follow(world: World) -> None:
    await world.begin(DANA, BO)
    await world.run(beginning.not_now, world.press(BO), NOW)
    assert [line.not_now for line in (await world.card()).lines] == [False, True]
    await world.agree(BO)
    assert [line.not_now for line in (await world.card()).lines] == [False, False]


async def test_not_now_after_ok_is_answered_and_takes_nothing_back(world: World) -> None:
    await world.begin(DANA, BO)
    await world.agree(BO)
    with pytest.raises(NotPossible, match="already"):
        await world.run(beginning.not_now, world.press(BO), NOW)
    assert (await world.card()).lines[1].agreed


async def test_a_bot_can_say_nothing(world: World) -> None:
    await world.begin(DANA, BO)
    with pytest.raises(NotAllowed, match="Only people"):
        await world.agree(ROBOT)


async def test_a_question_goes_into_the_thread_for_who_can_answer_it(world: World) -> None:
    made = await world.begin(DANA, BO, HUI)
    for person in (BO, HUI):
        request = Question(world.key(), world.installation, made.id, person, "Who reads this?")
        await world.run(beginning.ask, request, NOW)
    asked = [each for each in await world.noted() if each.entry.step is Step.QUESTION]
    assert [each.entry.detail["text"] for each in asked] == ["Who reads this?"] * 2
    assert asked[0].member is not None
    assert asked[0].member.name == "Bo"
    assert asked[0].answers is not None
    assert asked[0].answers.name == "Dana"


@pytest.mark.parametrize(
    "text", ["", "   ", "\u202e\u200b", "\n\t"], ids=lambda text: f"7-{text!r}"
)
async def test_a_question_of_nothing_is_asked_for(world: World, text: str) -> None:
    made = await world.begin(DANA, BO)
    request = Question(world.key(), world.installation, made.id, BO, text)
    with pytest.raises(Unclear, match="write your question"):
        await world.run(beginning.ask, request, NOW)
    assert Step.QUESTION not in await world.steps()


# Where and who


async def test_15_without_an_invitation_it_says_how_to_invite_it(world: World) -> None:
    with pytest.raises(NotInChannel, match="Invite me to this channel first"):
        await world.read(partnerships.here, world.installation, "C0OTHER")


@pytest.mark.parametrize("place", ["D0DIRECT", None], ids=["16-direct-message", "16-home"])
async def test_a_direct_message_is_no_channel(world: World, place: str | None) -> None:
    with pytest.raises(NotInChannel, match="belongs to a channel"):
        await world.read(partnerships.here, world.installation, place)


async def test_19_a_modal_sent_after_the_end_keeps_nothing(world: World) -> None:
    made = await world.begin(DANA, BO)
    await world.run(comings.removed, Happened("e", world.installation, CHANNEL), NOW)
    request = Question(world.key(), world.installation, made.id, BO, "Hello?")
    with pytest.raises(NotInChannel, match="has ended"):
        await world.run(beginning.ask, request, NOW)
    with pytest.raises(NotInChannel, match="has ended"):
        await world.read(partnerships.here, world.installation, CHANNEL)
    ended = await world.partnership()
    with pytest.raises(NotInChannel, match="has ended"):
        await world.run(partnerships.acting_in, ended, BO, NOW)


async def test_before_the_start_everybody_may_act_and_afterwards_only_who_agreed(
    world: World,
) -> None:
    await world.begin(DANA, BO)
    await world.run(partnerships.acting, world.installation, BO, CHANNEL, NOW)
    await world.agree(DANA, BO)
    newcomer = Person("TLATE", "ULATE", "Lee", team_name="Late Org")
    with pytest.raises(NotAllowed, match="has not said OK yet"):
        await world.run(partnerships.acting, world.installation, newcomer, CHANNEL, NOW)


async def test_whoever_has_not_agreed_is_not_asked_after_the_start(world: World) -> None:
    await world.started()
    newcomer = Person("TLATE", "ULATE", "Lee", team_name="Late Org")
    await world.run(comings.came, Came("j", world.installation, CHANNEL, newcomer), NOW)
    ask = Propose("ask", world.installation, CHANNEL, BO, newcomer, "bring chairs", None)
    with pytest.raises(NotAllowed, match="has not said OK yet, so I ask nothing of its people"):
        await world.run(commitments.propose, ask, NOW)
    await world.agree(newcomer)
    asked = await world.run(commitments.propose, ask, NOW)
    assert asked.owner.user == newcomer.user


async def test_of_another_installation_nothing_can_be_opened(world: World) -> None:
    made = await world.begin(DANA, BO)
    with pytest.raises(NotInChannel):
        await world.read(partnerships.live, world.installation + 1, made.id)


# Guests


async def test_a_guest_without_an_organization_holds_the_start_back(world: World) -> None:
    await world.begin(DANA, BO, HUI)
    await world.agree(DANA, BO)
    assert (await world.partnership()).state is State.BEGINNING
    assert [guest.name for guest in (await world.card()).guests] == ["Hui"]
    with pytest.raises(WithoutOrganization, match="which organization you are with"):
        await world.agree(HUI)
    stated = await world.say_with(HUI, "Harbor Women in Media")
    assert stated.organization is not None
    assert stated.joining is None
    assert names(await world.card()) == ["Acme", "Northside Youth", "Harbor Women in Media"]
    assert (await world.agree(HUI)).state is State.STARTED


async def test_a_guest_of_an_organization_that_is_here_needs_a_yes_of_it(world: World) -> None:
    await world.begin(DANA, BO, HUI, MARA)
    await world.say_with(HUI, "Harbor Women in Media")
    await world.agree(DANA, BO, HUI)
    stated = await world.say_with(MARA, "harbor  women in MEDIA")
    assert stated.joining is not None
    assert (await world.partnership()).state is State.BEGINNING
    with pytest.raises(NotAllowed, match="I am waiting for somebody"):
        await world.agree(MARA)
    with pytest.raises(NotAllowed, match="Only somebody of that organization"):
        await world.confirm(BO, stated.joining)
    with pytest.raises(NotAllowed, match="Only somebody of that organization"):
        await world.confirm(MARA, stated.joining)
    assert (await world.confirm(HUI, stated.joining)).state is Joining.YES
    assert (await world.partnership()).state is State.STARTED
    with pytest.raises(OutOfDate, match="answered already"):
        await world.confirm(HUI, stated.joining)


async def test_a_no_leaves_the_guest_without_an_organization(world: World) -> None:
    await world.begin(DANA, BO, HUI)
    stated = await world.say_with(HUI, "Acme")
    assert (await world.confirm(DANA, stated.joining, yes=False)).state is Joining.NO
    assert [guest.name for guest in (await world.card()).guests] == ["Hui"]
    with pytest.raises(WithoutOrganization):
        await world.agree(HUI)


async def test_a_similar_name_is_asked_about_and_can_still_be_new(world: World) -> None:
    await world.begin(DANA, HUI, MARA)
    await world.say_with(HUI, "Harbor Women in Media")
    stated = await world.say_with(MARA, "Harbour Women in Media")
    assert [each.name for each in stated.similar] == ["Harbor Women in Media"]
    assert stated.organization is None
    assert len((await world.card()).lines) == 2
    stated = await world.say_with(MARA, "Harbour Women in Media", is_new=True)
    assert stated.organization is not None
    assert len((await world.card()).lines) == 3


async def test_an_expected_organization_is_joined_by_its_first_guest_at_once(
    world: World,
) -> None:
    await world.begin(DANA, HUI)
    await world.set_up(DANA, expected=("Harbor Women in Media",))
    stated = await world.say_with(HUI, "Harbor Women in Media")
    assert stated.joining is None
    assert [(line.organization.name, line.expected) for line in (await world.card()).lines] == [
        ("Acme", False),
        ("Harbor Women in Media", False),
    ]


async def test_a_guest_who_typed_a_wrong_name_can_mend_it(world: World) -> None:
    await world.begin(DANA, HUI)
    await world.say_with(HUI, "Habor")
    await world.say_with(HUI, "Harbor Women in Media")
    assert names(await world.card()) == ["Acme", "Harbor Women in Media"]
    with pytest.raises(NotPossible, match="already"):
        await world.say_with(HUI, "Harbor Women in Media")


async def test_only_guests_are_asked_for_their_organization(world: World) -> None:
    await world.begin(DANA, BO)
    with pytest.raises(NotPossible, match="Slack says which organization"):
        await world.say_with(BO, "Acme")


@pytest.mark.parametrize(
    "name", ["", " \u200b ", "x" * 81, "…!?"], ids=["7-empty", "7-blank", "6-long", "7-marks"]
)
async def test_a_name_that_is_none_changes_nothing(world: World, name: str) -> None:
    await world.begin(DANA, HUI)
    with pytest.raises(BotError, match="Please write"):
        await world.say_with(HUI, name)
    assert names(await world.card()) == ["Acme"]


# Comings and goings


async def test_an_organization_that_joins_later_is_asked_for_its_ok(world: World) -> None:
    await world.started()
    newcomer = Person("TLATE", "ULATE", "Lee", team_name="Late Org")
    for _ in range(2):
        await world.run(comings.came, Came("j1", world.installation, CHANNEL, newcomer), NOW)
    card = await world.card()
    assert [(line.organization.name, line.agreed) for line in card.lines] == [
        ("Acme", True),
        ("Northside Youth", True),
        ("Late Org", False),
    ]
    assert (await world.steps()).count(Step.JOINED) == 1
    assert card.partnership.state is State.STARTED


async def test_a_colleague_who_joins_is_no_news(world: World) -> None:
    await world.started()
    before = await world.steps()
    await world.run(comings.came, Came("j1", world.installation, CHANNEL, AMINA), NOW)
    assert await world.steps() == before


async def test_an_organization_without_ok_is_not_waited_for_when_its_last_person_leaves(
    world: World,
) -> None:
    await world.begin(DANA, BO, AMINA)
    await world.agree(DANA)
    await world.run(comings.went, Went("l1", world.installation, CHANNEL, "UBO"), NOW)
    assert (await world.partnership()).state is State.BEGINNING
    await world.run(comings.went, Went("l2", world.installation, CHANNEL, "UAMINA"), NOW)
    assert (await world.partnership()).state is State.STARTED
    assert names(await world.card()) == ["Acme"]


async def test_what_an_organization_agreed_to_stays_when_its_last_person_leaves(
    world: World,
) -> None:
    await world.started()
    await world.run(comings.went, Went("l1", world.installation, CHANNEL, "UBO"), NOW)
    assert (await world.steps())[-1] is Step.NOBODY_LEFT
    assert (await world.card()).lines[1].agreed


async def test_a_guest_who_leaves_holds_nothing_back(world: World) -> None:
    await world.begin(DANA, BO, HUI)
    await world.agree(DANA, BO)
    await world.run(comings.went, Went("l1", world.installation, CHANNEL, "UHUI"), NOW)
    assert (await world.partnership()).state is State.STARTED


async def test_a_disconnected_organization_has_left_and_returns_with_a_new_ok(
    world: World,
) -> None:
    await world.started()
    gone = Disconnected("d1", world.installation, CHANNEL, "TNORTH")
    await world.run(comings.disconnected, gone, NOW)
    assert names(await world.card()) == ["Acme"]
    assert (await world.steps())[-1] is Step.LEFT
    await world.run(comings.came, Came("j1", world.installation, CHANNEL, BO), NOW)
    card = await world.card()
    assert [line.agreed for line in card.lines] == [True, False]


async def test_the_host_is_not_taken_for_disconnected(world: World) -> None:
    await world.started()
    gone = Disconnected("d1", world.installation, CHANNEL, "TACME")
    await world.run(comings.disconnected, gone, NOW)
    assert names(await world.card()) == ["Acme", "Northside Youth"]


async def test_it_follows_a_channel_to_its_new_id(world: World) -> None:
    made = await world.begin(DANA, BO)
    moved = Moved("m1", world.installation, CHANNEL, "C0NEW")
    await world.run(comings.moved, moved, NOW)
    found = await world.read(partnerships.here, world.installation, "C0NEW")
    assert found.id == made.id
    posts = await world.outgoing(Post.WELCOME)
    assert [post.channel for post in posts] == ["C0NEW"]


async def test_where_slack_refused_the_old_id_before_it_told_of_the_new_one_all_goes_on(
    world: World,
) -> None:
    made = await world.started()
    gone = (world.installation, CHANNEL, "channel_not_found", NOW)
    assert (await world.run(comings.lost, *gone)).state is State.ENDED
    await world.run(comings.moved, Moved("m1", world.installation, CHANNEL, "C0NEW"), NOW)
    found = await world.read(partnerships.here, world.installation, "C0NEW")
    assert (found.id, found.state) == (made.id, State.STARTED)
    assert [post.channel for post in await world.outgoing(Post.WELCOME)] == ["C0NEW"]
    assert await world.read(lambda store: store.messages.next_due()) <= timedelta(seconds=1)


@pytest.mark.parametrize("how", [comings.removed, comings.archived])
async def test_it_does_not_follow_a_channel_from_which_it_was_taken(
    world: World, how: Callable[..., Any]
) -> None:
    await world.started()
    await world.run(how, Happened("r1", world.installation, CHANNEL), NOW)
    await world.run(comings.moved, Moved("m1", world.installation, CHANNEL, "C0NEW"), NOW)
    assert (await world.partnership()).state is State.ENDED


async def test_an_archived_channel_that_moved_goes_on_under_its_new_id(world: World) -> None:
    made = await world.started()
    await world.run(comings.archived, Happened("a1", world.installation, CHANNEL), NOW)
    await world.run(comings.moved, Moved("m1", world.installation, CHANNEL, "C0NEW"), NOW)
    assert (await world.partnership()).state is State.ENDED
    await world.run(comings.unarchived, Happened("u1", world.installation, "C0NEW"), NOW)
    found = await world.read(partnerships.here, world.installation, "C0NEW")
    assert (found.id, found.state) == (made.id, State.STARTED)
    assert [post.channel for post in await world.outgoing(Post.WELCOME)] == ["C0NEW"]


async def test_an_old_move_that_is_told_again_moves_nothing_back(world: World) -> None:
    made = await world.begin(DANA, BO)
    for number, (old, new) in enumerate([(CHANNEL, "C1"), ("C1", "C2"), (CHANNEL, "C1")]):
        await world.run(comings.moved, Moved(f"m{number}", world.installation, old, new), NOW)
    assert (await world.read(partnerships.here, world.installation, "C2")).id == made.id


async def test_removed_and_invited_again_it_keeps_all_and_asks_each_for_ok_anew(
    world: World,
) -> None:
    first = await world.started()
    await world.run(comings.removed, Happened("r1", world.installation, CHANNEL), NOW)
    assert (await world.partnership()).state is State.ENDED
    again = await world.begin(DANA, BO)
    assert again.id == first.id
    assert again.state is State.BEGINNING
    assert not any(line.agreed for line in (await world.card()).lines)
    assert len(await world.outgoing(Post.WELCOME)) == 2
    assert (await world.agree(DANA, BO)).state is State.STARTED


async def test_an_archived_channel_that_is_opened_again_goes_on(world: World) -> None:
    await world.started()
    await world.run(comings.archived, Happened("a1", world.installation, CHANNEL), NOW)
    assert (await world.partnership()).state is State.ENDED
    await world.run(comings.unarchived, Happened("u1", world.installation, CHANNEL), NOW)
    again = await world.partnership()
    assert again.state is State.STARTED
    assert again.channel == CHANNEL
    assert all(line.agreed for line in (await world.card()).lines)


async def test_unarchiving_brings_nothing_back_that_was_removed(world: World) -> None:
    await world.started()
    await world.run(comings.removed, Happened("r1", world.installation, CHANNEL), NOW)
    await world.run(comings.unarchived, Happened("u1", world.installation, CHANNEL), NOW)
    assert (await world.partnership()).state is State.ENDED


async def test_uninstalling_stops_everything(world: World) -> None:
    await world.started()
    assert await world.run(comings.uninstalled, world.installation, NOW) == 1
    assert (await world.partnership()).state is State.ENDED
    assert await world.read(lambda store: store.installations.all()) == ()


# Setup


async def test_before_the_start_a_setting_holds_at_once(world: World) -> None:
    await world.begin(DANA, BO)
    weekly = Rhythm(Frequency.WEEKLY, 2, time(9, 30))
    arranged = await world.set_up(BO, purpose="  Mentoring  ", checkin=weekly, zone="Europe/Berlin")
    assert arranged.partnership.purpose == "Mentoring"
    assert arranged.partnership.zone == "Europe/Berlin"
    assert arranged.checkin == weekly
    assert arranged.changed == {Setting.PURPOSE, Setting.CHECKIN, Setting.ZONE}
    assert arranged.announced == ()


async def test_the_schedules_begin_as_they_were_set_up(world: World) -> None:
    made = await world.begin(DANA, BO)
    weekly = Rhythm(Frequency.WEEKLY, 2, time(9, 30))
    await world.set_up(BO, checkin=weekly)
    await world.agree(DANA, BO)

    def checkins(store: Store) -> set[Rhythm]:
        return {each.schedule.rhythm for each in store.schedules.due(NOW + timedelta(days=60), 200)}

    assert weekly in await world.run(checkins)
    assert made.state is State.BEGINNING


async def test_after_the_start_a_change_is_announced_and_begins_after_five_open_days(
    world: World,
) -> None:
    await world.started()
    arranged = await world.set_up(BO, purpose="Mentoring")
    assert arranged.partnership.purpose == ""
    (change,) = arranged.announced
    assert change.begins_at == datetime(2026, 11, 24, 5, tzinfo=UTC)  # Tuesday in New York
    assert (await world.noted())[-1].entry.step is Step.ANNOUNCED
    await world.tick(days=7)
    assert (await world.partnership()).purpose == ""
    await world.tick(days=1)
    assert (await world.partnership()).purpose == "Mentoring"


async def test_one_objection_cancels_an_announced_change(world: World) -> None:
    await world.started()
    (change,) = (await world.set_up(BO, purpose="Mentoring")).announced
    await world.object_to(DANA, change.id)
    with pytest.raises(OutOfDate, match="objected"):
        await world.object_to(BO, change.id)
    await world.tick(days=20)
    assert (await world.partnership()).purpose == ""
    assert (await world.noted())[-1].entry.step is Step.OBJECTED


async def test_an_objection_after_it_took_effect_says_so(world: World) -> None:
    await world.started()
    (change,) = (await world.set_up(BO, purpose="Mentoring")).announced
    await world.tick(days=10)
    with pytest.raises(NotPossible, match="taken effect"):
        await world.object_to(DANA, change.id)


async def test_a_newer_announcement_takes_the_place_of_the_older(world: World) -> None:
    await world.started()
    await world.set_up(BO, purpose="Mentoring")
    arranged = await world.set_up(DANA, purpose="Mentoring in media")
    assert [change.value for change in arranged.announced] == ["Mentoring in media"]
    await world.tick(days=10)
    assert (await world.partnership()).purpose == "Mentoring in media"


async def test_expected_organizations_hold_the_start_back_until_they_are_taken_off(
    world: World,
) -> None:
    await world.begin(DANA)
    arranged = await world.set_up(DANA, expected=("Northside Youth", "Harbor", "harbor"))
    assert arranged.expected == ("Northside Youth", "Harbor")
    assert (await world.agree(DANA)).state is State.BEGINNING
    await world.run(comings.came, Came("j1", world.installation, CHANNEL, BO), NOW)
    assert names(await world.card()) == ["Acme", "Northside Youth", "Harbor"]
    assert [line.expected for line in (await world.card()).lines] == [False, False, True]
    await world.agree(BO)
    assert (await world.set_up(DANA, expected=())).partnership.state is State.STARTED


async def test_an_organization_that_is_here_cannot_be_taken_off(world: World) -> None:
    await world.begin(DANA, BO)
    await world.set_up(DANA, expected=())
    assert names(await world.card()) == ["Acme", "Northside Youth"]


async def test_a_zone_that_does_not_exist_is_refused(world: World) -> None:
    await world.begin(DANA, BO)
    with pytest.raises(BotError, match="time zone"):
        await world.set_up(DANA, zone="Mars/Olympus")
    with pytest.raises(BotError, match="time zone"):
        await world.set_up(DANA, zone="../etc/passwd")


# Waiting


async def test_the_one_who_invited_hears_once_in_private_who_is_silent(world: World) -> None:
    await world.begin(DANA, BO)
    await world.agree(DANA)
    await world.tick(days=7)  # four open days after the first, and a weekend
    assert await world.outgoing(Post.SILENCE) == []
    await world.tick(days=1)
    (told,) = await world.outgoing(Post.SILENCE)
    value = await world.read(welcome.silence, told.subject, world.now)
    assert value.organization.name == "Northside Youth"
    await world.tick(days=1)
    assert len(await world.outgoing(Post.SILENCE)) == 1
    await world.agree(BO)
    assert await world.read(welcome.silence, told.subject, world.now) is None


async def test_closed_days_do_not_count_as_waiting(world: World) -> None:
    await world.begin(DANA, BO)

    def close(store: Store) -> None:
        north = store.people.organization_of_team(world.installation, "TNORTH")
        assert north is not None
        store.connection.execute(
            insert(closed_day).values(
                organization_id=north.id, day=(NOW + timedelta(1)).date(), label="Retreat"
            )
        )

    await world.run(close)
    await world.agree(DANA)
    await world.tick(days=8)
    assert await world.outgoing(Post.SILENCE) == []
    await world.tick(days=1)
    assert len(await world.outgoing(Post.SILENCE)) == 1


async def test_after_ten_open_days_the_others_may_start(world: World) -> None:
    await world.begin(DANA, BO)
    await world.agree(DANA)
    with pytest.raises(NotPossible, match="10 working days"):
        await world.run(beginning.start_without, world.press(DANA), world.now)
    await world.tick(days=14)
    assert not (await world.card()).may_start_without
    await world.tick(days=1)
    assert (await world.card()).may_start_without
    assert (await world.steps())[-1] is Step.MAY_START
    with pytest.raises(NotAllowed, match="Say OK for your own"):
        await world.run(beginning.start_without, world.press(BO), world.now)
    started = await world.run(beginning.start_without, world.press(DANA), world.now)
    assert started.state is State.STARTED
    with pytest.raises(NotPossible, match="started already"):
        await world.run(beginning.start_without, world.press(DANA), world.now)
    with pytest.raises(NotAllowed, match="has not said OK yet"):
        await world.run(partnerships.acting, world.installation, BO, CHANNEL, world.now)


async def test_nobody_can_start_where_nobody_agreed(world: World) -> None:
    await world.begin(DANA, BO)
    await world.tick(days=30)
    assert not (await world.card()).may_start_without
    assert Step.MAY_START not in await world.steps()


async def test_after_ten_open_days_guests_who_say_nothing_hold_nothing_back(world: World) -> None:
    await world.begin(DANA, BO, HUI)
    await world.agree(DANA, BO)
    await world.tick(days=14)
    assert not (await world.card()).may_start_without
    await world.tick(days=1)
    assert (await world.card()).may_start_without
    started = await world.run(beginning.start_without, world.press(BO), world.now)
    assert started.state is State.STARTED


async def test_invited_again_it_waits_anew(world: World) -> None:
    await world.begin(DANA, BO)
    await world.tick(days=30)
    await world.run(comings.removed, Happened("r1", world.installation, CHANNEL), world.now)
    await world.begin(DANA, BO)
    await world.agree(DANA)
    await world.tick(days=2)
    assert not (await world.card()).may_start_without
    assert len(await world.outgoing(Post.SILENCE)) == 2  # of both organizations, the first time
    await world.tick(days=13)
    assert (await world.card()).may_start_without
    assert len(await world.outgoing(Post.SILENCE)) == 3


async def test_the_clock_looks_only_when_a_wait_is_over(world: World) -> None:
    await world.begin(DANA, BO)
    await world.tick()
    next_look = await world.read(lambda store: store.partnerships.next_look())
    assert next_look == datetime(2026, 11, 24, 5, tzinfo=UTC)  # after five open days
    await world.agree(DANA, BO)
    assert await world.read(lambda store: store.partnerships.next_look()) is None
