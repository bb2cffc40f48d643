"""Commitments as people make them, on both databases: what holds, what waits, who may know."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.domain.commitments import Act, Audience, Commitment, Event, State, Terms
from bot.domain.errors import BotError, NotAllowed, NotFound, NotPossible, OutOfDate, Unclear
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Form, Kind
from bot.services import beginning
from bot.services import commitments as services
from bot.services.beginning import Begin
from bot.services.commitments import Propose, Turn, Which, Wish
from storage.database import Database
from storage.store import Store
from storage.tables import message, terms

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
TODAY = date(2026, 11, 24)
BY = date(2026, 11, 30)
LATER = date(2026, 12, 4)
CHANNEL = "C0MENTORS"
OTHER_CHANNEL = "C0OTHER"

DANA = Person("TACME", "UDANA", "Dana", zone="America/New_York", team_name="Acme")
PRIYA = Person("TACME", "UPRIYA", "Priya", team_name="Acme")
BO = Person("TNORTH", "UBO", "Bo", team_name="Northside Youth")
AMINA = Person("TNORTH", "UAMINA", "Amina", team_name="Northside Youth")
HUI = Person("TACME", "UHUI", "Hui", PersonKind.GUEST)
HERE = frozenset({"UDANA", "UPRIYA", "UBO", "UAMINA", "UHUI"})


@dataclass
class World:
    """A database in which Acme's app is in two channels, and short ways to do things."""

    database: Database
    installation: int
    keys: int = 0

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.run(function, *args, **kwargs)

    async def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.read(function, *args, **kwargs)

    def key(self) -> str:
        self.keys += 1
        return f"test:{self.keys}"

    def proposal(self, by: Person = DANA, owner: Person = BO, **given: Any) -> Propose:
        values: dict[str, Any] = {
            "key": self.key(),
            "installation_id": self.installation,
            "channel": CHANNEL,
            "what": "invite 12 mentees",
            "due": BY,
        }
        return Propose(by=by, owner=owner, **(values | given))

    async def propose(self, by: Person = DANA, owner: Person = BO, **given: Any) -> Commitment:
        made: Commitment = await self.run(services.propose, self.proposal(by, owner, **given), NOW)
        return made

    def turn(
        self, by: Person, commitment: Commitment, why: str | None = None, version: int | None = None
    ) -> Turn:
        which = Which(self.installation, commitment_id=commitment.id, version=version)
        return Turn(self.key(), by, which, why)

    async def do(
        self,
        function: Callable[..., Commitment],
        by: Person,
        commitment: Commitment,
        *args: Any,
        why: str | None = None,
        version: int | None = None,
    ) -> Commitment:
        done: Commitment = await self.run(
            function, self.turn(by, commitment, why, version), *args, NOW
        )
        return done

    async def now(self, commitment: Commitment) -> Commitment:
        """As it is stored."""
        found: Commitment = await self.read(by_id, commitment.id)
        return found

    async def events(self, commitment: Commitment) -> list[Event]:
        entries = await self.read(lambda store: store.commitments.entries(commitment.id))
        return [entry.event for entry in entries]

    async def outgoing(self, *kinds: Kind) -> list[Any]:
        def look(store: Store) -> list[Any]:
            rows = store.connection.execute(select(message).order_by(message.c.id))
            return [row for row in rows if Kind(row.kind) in kinds]

        return list(await self.read(look))


def by_id(store: Store, commitment_id: int) -> Commitment:
    return store.commitments.by_id(commitment_id)


def _begin(store: Store) -> int:
    installation = store.installations.remember(
        team="TACME", enterprise=None, app="A1", bot="B1", bot_user="UBOT", name="Acme", now=NOW
    )
    hui = store.people.met(installation.id, HUI, NOW)
    harbor = store.people.create_organization(installation.id, "Harbor Women in Media")
    store.people.join(hui.id, harbor.id)
    for channel, name in ((CHANNEL, "mentoring-partners"), (OTHER_CHANNEL, "other")):
        begin = Begin(
            key=f"begin:{channel}",
            installation_id=installation.id,
            channel=channel,
            name=name,
            zone="America/New_York",
            inviter=DANA,
            present=(DANA, PRIYA, BO, AMINA, HUI),
        )
        beginning.begin(store, begin, NOW)
    return installation.id


@pytest.fixture
async def world(database: Database) -> World:
    """The two channels, and everybody met."""
    return World(database, await database.run(_begin))


async def test_nothing_counts_until_the_owner_agrees(world: World) -> None:
    asked = await world.propose(label="mentoring")
    assert asked.state is State.PROPOSED
    assert await world.now(asked) == asked
    assert await world.read(services.near, asked.place.partnership_id, TODAY) == ()

    agreed = await world.do(services.accept, BO, asked, version=1)
    assert agreed.state is State.ACCEPTED
    assert await world.now(asked) == agreed
    near = await world.read(services.near, asked.place.partnership_id, TODAY)
    assert [one.number for one in near] == [1]


async def test_ones_own_promise_counts_at_once_and_has_no_asking_side(world: World) -> None:
    own = await world.propose(HUI, HUI, what="bring the venue list")
    assert own.state is State.ACCEPTED
    assert own.own
    assert own.asking is None
    assert own.owner.organization is not None
    assert own.owner.organization.name == "Harbor Women in Media"
    assert await world.events(own) == [Event.PROMISED]


async def test_a_colleague_has_to_agree_too(world: World) -> None:
    asked = await world.propose(AMINA, BO)
    assert asked.state is State.PROPOSED
    with pytest.raises(NotAllowed, match="<@UBO>"):
        await world.do(services.accept, AMINA, asked)


async def test_numbers_count_within_each_channel_without_a_gap(world: World) -> None:
    made = await asyncio.gather(*(world.propose(what=f"thing {n}") for n in range(8)))
    assert sorted(one.number for one in made) == list(range(1, 9))
    elsewhere = await world.propose(channel=OTHER_CHANNEL)
    assert elsewhere.number == 1
    with pytest.raises(Unclear):
        await world.propose(what=" ")
    assert (await world.propose()).number == 9


async def test_a_card_is_recorded_with_the_proposal_and_notes_with_changes(world: World) -> None:
    asked = await world.propose()
    (card,) = await world.outgoing(Kind.CARD)
    assert (card.id, card.subject, card.channel) == (asked.card_id, asked.id, CHANNEL)
    assert await world.outgoing(Kind.COMMITMENT_NOTE) == []

    await world.do(services.accept, BO, asked)
    (card,) = await world.outgoing(Kind.CARD)
    assert card.wanted == 2
    (note,) = await world.outgoing(Kind.COMMITMENT_NOTE)
    assert note.parent_id == card.id


async def test_the_same_delivery_twice_makes_one_commitment_18(world: World) -> None:
    proposal = world.proposal()
    first = await world.run(services.propose, proposal, NOW)
    second = await world.run(services.propose, proposal, NOW)
    assert second.id == first.id
    assert len(await world.outgoing(Kind.CARD)) == 1

    turn = world.turn(BO, first)
    once = await world.run(services.accept, turn, NOW)
    again = await world.run(services.accept, turn, NOW)
    assert once == again
    assert await world.events(first) == [Event.ASKED, Event.ACCEPTED]


@pytest.mark.parametrize(
    "act",
    [services.accept, services.decline, services.report_done, services.drop],
)
async def test_a_button_pressed_twice_has_one_effect_12(
    world: World, act: Callable[..., Commitment]
) -> None:
    asked = await world.propose()
    if act in (services.report_done, services.drop):
        await world.do(services.accept, BO, asked)
    first = await world.do(act, BO, asked, version=1)
    before = await world.events(asked)
    second = await world.do(act, BO, asked, version=1)
    assert second == first
    assert await world.events(asked) == before


async def test_a_second_press_by_somebody_else_is_refused_all_the_same(world: World) -> None:
    asked = await world.propose()
    await world.do(services.accept, BO, asked)
    await world.do(services.report_done, BO, asked)
    with pytest.raises(NotPossible, match="#1 is done"):
        await world.do(services.report_done, AMINA, asked)


async def test_accept_and_decline_race_and_exactly_one_wins(world: World) -> None:
    for _ in range(5):
        asked = await world.propose()
        results = await asyncio.gather(
            world.do(services.accept, BO, asked, version=1),
            world.do(services.decline, BO, asked, version=1),
            return_exceptions=True,
        )
        refused = [one for one in results if isinstance(one, BaseException)]
        assert len(refused) == 1
        assert isinstance(refused[0], BotError)
        stored = await world.now(asked)
        (won,) = [one for one in results if isinstance(one, Commitment)]
        assert stored == won
        assert len(await world.events(asked)) == 2


async def test_two_sides_race_over_an_offer_and_one_answer_counts(world: World) -> None:
    asked = await world.propose()
    await world.do(services.change, BO, asked, Wish(due=LATER))
    results = await asyncio.gather(
        world.do(services.accept, DANA, asked, version=2),
        world.do(services.decline, PRIYA, asked, version=2),
        return_exceptions=True,
    )
    assert sum(isinstance(one, BotError) for one in results) == 1
    assert (await world.now(asked)).state in {State.ACCEPTED, State.PROPOSED}


async def test_a_condition_waits_for_the_asking_side(world: World) -> None:
    asked = await world.propose()
    offered = await world.do(services.accept_if, BO, asked, "travel is paid")
    assert offered.state is State.COUNTERED
    assert offered.terms.condition is None
    assert offered.offer is not None
    assert offered.offer.terms == Terms(2, "invite 12 mentees", BY, "travel is paid")
    assert await world.now(asked) == offered
    with pytest.raises(NotAllowed, match="<@UBO>, or <@UDANA> and their colleagues"):
        await world.do(services.accept, HUI, asked)

    agreed = await world.do(services.accept, PRIYA, asked, version=2)
    assert agreed.state is State.ACCEPTED
    assert agreed.terms.condition == "travel is paid"
    assert agreed.offer is None


async def test_refusing_a_condition_returns_to_proposed(world: World) -> None:
    asked = await world.propose()
    await world.do(services.accept_if, BO, asked, "travel is paid")
    kept = await world.do(services.decline, DANA, asked)
    assert (kept.state, kept.offer) == (State.PROPOSED, None)
    assert kept.terms == asked.terms
    assert (await world.do(services.accept, BO, asked, version=1)).state is State.ACCEPTED


async def test_the_agreed_terms_hold_until_a_new_date_is_answered(world: World) -> None:
    asked = await world.propose()
    await world.do(services.accept, BO, asked)
    moved = await world.do(services.change, BO, asked, Wish(due=LATER))
    assert moved.state is State.CHANGE_OFFERED
    assert moved.terms.due == BY
    near = await world.read(services.near, asked.place.partnership_id, TODAY, timedelta(days=6))
    assert [one.terms.due for one in near] == [BY]

    agreed = await world.do(services.accept, DANA, asked)
    assert (agreed.terms.due, agreed.terms.version) == (LATER, 2)
    kept = await world.do(services.change, DANA, asked, Wish(what="invite 20 mentees"))
    assert kept.state is State.CHANGE_ASKED
    refused = await world.do(services.decline, BO, asked)
    assert refused.state is State.ACCEPTED
    assert (refused.terms.what, refused.terms.due) == ("invite 12 mentees", LATER)


async def test_the_asking_side_may_change_what_it_asked_for_and_the_owner_answers_that(
    world: World,
) -> None:
    asked = await world.propose()
    anew = await world.do(services.change, DANA, asked, Wish(due=LATER))
    assert (anew.state, anew.terms.version, anew.offer) == (State.PROPOSED, 2, None)
    with pytest.raises(OutOfDate, match="waits for the answer of <@UBO>"):
        await world.do(services.accept, BO, asked, version=1)
    assert (await world.do(services.accept, BO, asked, version=2)).terms.due == LATER


async def test_the_owner_may_still_say_yes_to_what_was_asked_first(world: World) -> None:
    asked = await world.propose()
    await world.do(services.change, BO, asked, Wish(due=LATER))
    agreed = await world.do(services.accept, BO, asked)
    assert (agreed.state, agreed.terms, agreed.offer) == (State.ACCEPTED, asked.terms, None)


async def test_ones_own_promise_changes_at_once_and_nobody_else_changes_it(world: World) -> None:
    own = await world.propose(BO, BO)
    changed = await world.do(services.change, BO, own, Wish(due=LATER))
    assert (changed.state, changed.terms.due, changed.offer) == (State.ACCEPTED, LATER, None)
    with pytest.raises(NotAllowed, match="<@UBO>"):
        await world.do(services.change, AMINA, own, Wish(due=BY))
    assert await world.events(own) == [Event.PROMISED, Event.CHANGED]


async def test_what_is_left_out_of_a_change_stays_and_no_date_is_said_in_words(
    world: World,
) -> None:
    own = await world.propose(BO, BO, label="mentoring", condition="the van is free")
    words = await world.do(services.change, BO, own, Wish(what="invite 10"))
    assert words.terms == Terms(2, "invite 10", BY, "the van is free", "mentoring")
    without = await world.do(services.change, BO, own, Wish(no_date=True, condition="", label=""))
    assert without.terms == Terms(3, "invite 10", None)


async def test_a_change_that_changes_nothing_is_said_so_and_an_offer_twice_is_one(
    world: World,
) -> None:
    asked = await world.propose()
    with pytest.raises(NotPossible, match="stands already"):
        await world.do(services.change, BO, asked, Wish(due=BY))
    first = await world.do(services.change, BO, asked, Wish(due=LATER))
    second = await world.do(services.change, BO, asked, Wish(due=LATER))
    assert first == second
    assert await world.events(asked) == [Event.ASKED, Event.CHANGE_OFFERED]


async def test_every_version_of_the_terms_keeps_what_became_of_it(world: World) -> None:
    asked = await world.propose()
    await world.do(services.change, BO, asked, Wish(due=LATER))
    await world.do(services.accept_if, BO, asked, "travel is paid")
    await world.do(services.accept, DANA, asked)
    await world.do(services.change, DANA, asked, Wish(what="invite 20"))
    await world.do(services.report_done, BO, asked)

    def look(store: Store) -> list[tuple[int, str]]:
        rows = store.connection.execute(
            select(terms.c.version, terms.c.state)
            .where(terms.c.commitment_id == asked.id)
            .order_by(terms.c.version)
        )
        return [(row.version, str(row.state)) for row in rows]

    assert await world.read(look) == [
        (1, "waiting"),
        (2, "withdrawn"),
        (3, "agreed"),
        (4, "withdrawn"),
    ]


async def test_done_is_done_when_the_owner_says_so(world: World) -> None:
    asked = await world.propose()
    with pytest.raises(NotPossible, match="counts once it is agreed"):
        await world.do(services.report_done, BO, asked)
    await world.do(services.accept, BO, asked)
    for somebody in (DANA, AMINA, HUI):
        with pytest.raises(NotAllowed, match="<@UBO>"):
            await world.do(services.report_done, somebody, asked)
    done = await world.do(services.report_done, BO, asked, why="14 came")
    assert (done.state, done.closed_at) == (State.DONE, NOW)
    entries = await world.read(lambda store: store.commitments.entries(asked.id))
    assert entries[-1].why == "14 came"


async def test_history_keeps_the_organization_as_it_was_then(world: World) -> None:
    asked = await world.propose(HUI, BO)

    def move(store: Store) -> None:
        hui = store.people.by_key(world.installation, "TACME", "UHUI")
        assert hui is not None
        other = store.people.create_organization(world.installation, "Somewhere Else")
        store.people.join(hui.id, other.id)

    await world.run(move)
    (entry,) = await world.read(lambda store: store.commitments.entries(asked.id))
    assert entry.by.organization.name == "Harbor Women in Media"
    stored = await world.now(asked)
    assert stored.asking is not None
    assert stored.asking.name == "Harbor Women in Media"


@pytest.mark.parametrize("kind", [PersonKind.BOT, PersonKind.GONE])
async def test_a_bot_owns_nothing_4(world: World, kind: PersonKind) -> None:
    with pytest.raises(NotAllowed):
        await world.propose(DANA, replace(BO, user="UROBOT", kind=kind))
    assert await world.outgoing(Kind.CARD) == []


async def test_a_channel_without_the_bot_keeps_nothing_15(world: World) -> None:
    with pytest.raises(BotError, match="Invite me"):
        await world.propose(channel="C0NOWHERE")


async def test_a_number_of_another_channel_is_not_found_here_11(world: World) -> None:
    await world.propose(channel=OTHER_CHANNEL)
    here = Which(world.installation, channel=CHANNEL, number=1)
    with pytest.raises(NotFound, match="no #1 in this channel"):
        await world.read(services.find, here)
    with pytest.raises(NotFound):
        await world.read(services.find, Which(world.installation, commitment_id=999))


async def test_the_buttons_of_another_installation_find_nothing_here(world: World) -> None:
    asked = await world.propose()
    with pytest.raises(NotFound):
        await world.read(services.find, Which(world.installation + 1, commitment_id=asked.id))


async def test_labels_are_the_same_in_any_case_of_any_alphabet(world: World) -> None:
    await world.propose(label="Förderung ΜΈΝΤΟΡΕΣ")
    await world.propose(label="outreach")
    for asked in ("FÖRDERUNG μέντορες", "förderung Μέντορες"):
        page = await world.read(services.here, world.installation, CHANNEL, DANA, label=asked)
        assert (page.total, len(page.commitments)) == (1, 1)


async def test_a_list_for_one_program_holds_only_that(world: World) -> None:
    await world.propose(label="Mentoring")
    await world.propose(label="outreach")
    page = await world.read(services.here, world.installation, CHANNEL, DANA, label="mentoring")
    assert (page.total, [one.number for one in page.commitments]) == (1, [1])


async def test_a_guest_first_says_which_organization_they_are_with(world: World) -> None:
    guest = Person("TACME", "UMARA", "Mara", PersonKind.GUEST)
    with pytest.raises(NotAllowed, match="which organization"):
        await world.propose(guest, guest)
    with pytest.raises(NotAllowed, match="<@UMARA> has not told me"):
        await world.propose(DANA, guest)


async def test_nothing_is_asked_of_an_organization_without_its_ok_after_the_start(
    world: World,
) -> None:
    asked = await world.propose()

    def start(store: Store) -> None:
        place = asked.place.partnership_id
        store.partnerships.change(place, state="started", started_at=NOW)
        for part in store.partnerships.organizations(place):
            if part.organization.name != "Northside Youth":
                store.partnerships.change_participation(part.id, ok_at=NOW)

    await world.run(start)
    with pytest.raises(NotAllowed, match="has not said OK"):
        await world.propose()
    with pytest.raises(NotAllowed, match="has not said OK"):
        await world.do(services.accept, BO, asked)
    assert (await world.propose(DANA, HUI)).state is State.PROPOSED


async def test_who_can_be_asked_are_the_people_of_the_channel(world: World) -> None:
    found = await world.read(
        services.present, world.installation, CHANNEL, {"UDANA", "UBO", "UHUI", "UBOT"}
    )
    assert {member.user for member in found} == {"UDANA", "UBO", "UHUI"}


async def test_texts_are_kept_whole_6_8_9(world: World) -> None:
    what = "é" * 39_000 + "🏳️‍🌈 \u202e" + "a" + "\u0301" * 10_000
    asked = await world.propose(what=what)
    assert (await world.now(asked)).terms.what == what


async def stuck(
    world: World,
    by: Person,
    commitment: Commitment,
    audience: Audience,
    why: str | None = None,
    *,
    keeps_why: bool = False,
) -> Commitment:
    done: Commitment = await world.run(
        services.report_stuck,
        world.turn(by, commitment, why),
        audience,
        NOW,
        here=HERE,
        keeps_why=keeps_why,
    )
    return done


async def agreed(world: World) -> Commitment:
    asked = await world.propose()
    return await world.do(services.accept, BO, asked)


@pytest.mark.parametrize(
    ("audience", "see"),
    [
        (Audience.OWNER, {"UBO"}),
        (Audience.ORGANIZATION, {"UBO", "UAMINA"}),
        (Audience.EVERYONE, {"UBO", "UAMINA", "UDANA", "UHUI"}),
    ],
)
async def test_only_who_may_know_sees_that_somebody_is_stuck(
    world: World, audience: Audience, see: set[str]
) -> None:
    commitment = await agreed(world)
    await stuck(world, BO, commitment, audience, "no venue")
    partnership = commitment.place.partnership_id
    for viewer in (BO, AMINA, DANA, HUI):
        page = await world.read(services.here, world.installation, CHANNEL, viewer)
        assert (page.commitments[0].risk is not None) == (viewer.user in see)
        which = Which(world.installation, commitment_id=commitment.id)
        card, _, notes = await world.read(services.history, which, viewer, NOW)
        assert (card.commitment.risk is not None) == (viewer.user in see)
        assert (notes[-1].entry.event is Event.STUCK) == (viewer.user in see)
    everybody = audience is Audience.EVERYONE
    card = await world.read(services.shown, commitment.id, NOW)
    (near,) = await world.read(services.near, partnership, TODAY)
    facts = await world.read(
        services.facts, partnership, today=TODAY, until=BY, since=NOW - timedelta(days=7)
    )
    for seen in (card.commitment, near, facts.due_soon[0]):
        assert (seen.risk is not None) == everybody
    notes = await world.outgoing(Kind.COMMITMENT_NOTE)
    assert len(notes) == (2 if everybody else 1)
    mine = await world.read(services.mine, world.installation, BO)
    assert mine.commitments[0].risk is not None


async def test_only_my_colleague_tells_the_colleagues_who_are_here(world: World) -> None:
    commitment = await agreed(world)
    await stuck(world, BO, commitment, Audience.ORGANIZATION, "no venue")
    (told,) = await world.outgoing(Kind.COMMITMENT_TOLD)
    assert told.form == Form.DIRECT
    amina = await world.read(
        lambda store: store.people.by_key(world.installation, "TNORTH", "UAMINA")
    )
    assert told.member_id == amina.id
    note = await world.read(services.told, told.subject, NOW)
    assert note.entry.why == "no venue"
    assert await world.read(services.note_shown, told.subject, NOW) is None


async def test_who_is_alone_here_cannot_tell_only_a_colleague(world: World) -> None:
    own = await world.propose(HUI, HUI)
    with pytest.raises(NotPossible, match="Nobody else of your organization"):
        await stuck(world, HUI, own, Audience.ORGANIZATION)
    assert (await world.now(own)).risk is None


async def test_being_stuck_may_be_told_to_more_people_later(world: World) -> None:
    commitment = await agreed(world)
    await stuck(world, BO, commitment, Audience.OWNER, "no venue")
    wider = await stuck(world, BO, commitment, Audience.EVERYONE, keeps_why=True)
    assert wider.risk is not None
    assert wider.risk.why == "no venue"
    again = await stuck(world, BO, commitment, Audience.EVERYONE)
    assert again == wider
    assert (await world.events(commitment)).count(Event.STUCK) == 2


async def test_back_on_track_is_told_to_those_who_knew(world: World) -> None:
    commitment = await agreed(world)
    await stuck(world, BO, commitment, Audience.OWNER)
    fine = await world.do(services.report_on_track, BO, commitment)
    assert fine.risk is None
    assert len(await world.outgoing(Kind.COMMITMENT_NOTE)) == 1  # that of the yes
    entries = await world.read(lambda store: store.commitments.entries(commitment.id))
    assert entries[-1].audience is Audience.OWNER


async def test_a_new_date_that_is_agreed_ends_being_stuck(world: World) -> None:
    commitment = await agreed(world)
    await stuck(world, BO, commitment, Audience.EVERYONE)
    await world.do(services.change, BO, commitment, Wish(due=LATER))
    assert (await world.now(commitment)).risk is not None
    await world.do(services.accept, DANA, commitment)
    assert (await world.now(commitment)).risk is None


async def test_lists_show_the_soonest_first_in_pages(world: World) -> None:
    for n in range(25):
        await world.propose(what=f"thing {n}", due=None if n == 0 else BY + timedelta(days=25 - n))
    page = await world.read(services.here, world.installation, CHANNEL, HUI)
    assert (len(page.commitments), page.total) == (20, 25)
    rest = await world.read(services.here, world.installation, CHANNEL, HUI, offset=20)
    found = [*page.commitments, *rest.commitments]
    assert [one.number for one in found] == [*range(25, 1, -1), 1]


async def test_mine_and_waiting_tell_each_person_their_own(world: World) -> None:
    first = await world.propose(DANA, BO)
    await world.propose(DANA, BO, channel=OTHER_CHANNEL, due=LATER)
    await world.propose(BO, HUI)

    async def numbers(service: Callable[..., Any], person: Person) -> list[int]:
        page = await world.read(service, world.installation, person)
        return [one.id for one in page.commitments]

    assert await numbers(services.mine, BO) == [first.id, first.id + 1]
    assert await numbers(services.waiting, BO) == [first.id, first.id + 1]
    assert await numbers(services.waiting, PRIYA) == []
    await world.do(services.change, BO, first, Wish(due=LATER))
    assert await numbers(services.waiting, BO) == [first.id + 1]
    assert await numbers(services.waiting, PRIYA) == [first.id]
    assert await numbers(services.waiting, HUI) == [first.id + 2]
    stranger = Person("TX", "UX", "Somebody")
    assert await numbers(services.mine, stranger) == []


async def test_a_number_in_a_direct_message_means_what_concerns_the_person(world: World) -> None:
    first = await world.propose(DANA, BO)
    second = await world.propose(DANA, HUI, channel=OTHER_CHANNEL)

    async def meant(person: Person) -> list[int]:
        found = await world.read(services.numbered, world.installation, person, 1)
        return [one.id for one in found]

    assert await meant(BO) == [first.id]
    assert await meant(HUI) == [second.id]
    assert await meant(PRIYA) == [first.id, second.id]


async def test_what_is_open_with_an_organization_ends_when_it_leaves(world: World) -> None:
    asked = await world.propose(DANA, BO)
    await world.do(services.accept_if, BO, asked, "travel is paid")
    own = await world.propose(BO, BO)
    other = await world.propose(DANA, HUI)
    assert asked.owner.organization is not None

    ended = await world.run(
        services.end_with_organization,
        asked.owner.organization.id,
        asked.place.partnership_id,
        NOW,
    )
    assert ended == 2
    for commitment in (asked, own):
        stored = await world.now(commitment)
        assert (stored.state, stored.offer) == (State.DROPPED, None)
        assert (await world.events(commitment))[-1] is Event.ENDED
    assert (await world.now(other)).state is State.PROPOSED


async def test_nothing_changes_after_the_partnership_has_ended_19(world: World) -> None:
    asked = await world.propose()
    await world.run(
        lambda store: store.partnerships.change(asked.place.partnership_id, state="ended")
    )
    with pytest.raises(NotPossible, match="ended"):
        await world.do(services.accept, BO, asked)
    with pytest.raises(BotError, match="ended"):
        await world.propose()
    assert (await world.read(services.mine, world.installation, BO)).commitments == ()


async def test_a_digest_hears_all_in_one_query(world: World) -> None:
    asked = await world.propose()
    overdue = await world.propose(BO, BO, due=TODAY - timedelta(days=1))
    soon = await world.propose(BO, BO, due=TODAY)
    done = await world.propose(BO, BO)
    await world.do(services.report_done, BO, done)
    await world.propose(BO, BO, due=LATER + timedelta(days=30))

    def look(store: Store) -> tuple[Any, int]:
        asked_for: list[str] = []

        def note(*args: Any) -> None:
            asked_for.append(args[2])

        event.listen(store.connection, "before_cursor_execute", note)
        try:
            found = services.facts(
                store,
                asked.place.partnership_id,
                today=TODAY,
                until=TODAY + timedelta(days=6),
                since=NOW - timedelta(days=7),
            )
        finally:
            event.remove(store.connection, "before_cursor_execute", note)
        return found, len(asked_for)

    facts, queries = await world.read(look)
    assert queries == 1
    assert [one.id for one in facts.needs_decision] == [asked.id]
    assert [one.id for one in facts.overdue] == [overdue.id]
    assert [one.id for one in facts.due_soon] == [soon.id]
    assert [one.id for one in facts.done] == [done.id]


async def test_a_form_is_refused_before_it_is_opened(world: World) -> None:
    asked = await world.propose()
    which = Which(world.installation, commitment_id=asked.id, version=1)
    seen, member = await world.read(services.looked_at, which, BO, Act.CONDITION)
    assert (seen, member.user) == (asked, "UBO")
    for wrong in (HUI, Person("TX", "UX", "Somebody")):
        with pytest.raises(NotAllowed, match="<@UBO>"):
            await world.read(services.looked_at, which, wrong, Act.CONDITION)
