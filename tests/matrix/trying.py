"""Trying one cell of the matrix: a commitment is made to stand so, and somebody does it."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from sqlalchemy import update

from bot.domain.commitments import AGREED, Act, Audience, Commitment, Entry, Side, State
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.sandbox import Message
from bot.sandbox import Person as Actor
from bot.services import commitments as services
from bot.services.commitments import Propose, Turn, Which, Wish
from bot.views import ids
from handlers import tables
from handlers.answer import Answer
from handlers.errors import guarded
from handlers.interactions import heard
from handlers.visit import Door, Visit
from storage.store import Store
from storage.tables import presence
from tests.fixtures.scene import Scene
from tests.matrix.cells import BUTTONS, REPLIES, WORDS, Cell, Part, Who

ASKED_FOR = date(2026, 11, 30)
SUGGESTED = date(2026, 12, 7)

ACTORS: dict[tuple[Side, Who], tuple[str, str, str]] = {
    # owner, proposer, who acts
    (Side.OWNER, Who.HOST): ("dana", "bo", "dana"),
    (Side.OWNER, Who.PARTNER): ("bo", "dana", "bo"),
    (Side.OWNER, Who.GUEST): ("hui", "bo", "hui"),
    (Side.PROMISER, Who.HOST): ("dana", "dana", "dana"),
    (Side.PROMISER, Who.PARTNER): ("bo", "bo", "bo"),
    (Side.PROMISER, Who.GUEST): ("hui", "hui", "hui"),
    (Side.ASKING, Who.HOST): ("bo", "dana", "priya"),
    (Side.ASKING, Who.PARTNER): ("dana", "bo", "amina"),
    (Side.ASKING, Who.GUEST): ("bo", "hui", "hui"),
    (Side.NEXT, Who.HOST): ("bo", "hui", "priya"),
    (Side.NEXT, Who.PARTNER): ("dana", "hui", "amina"),
    (Side.NEXT, Who.GUEST): ("bo", "dana", "hui"),
    (Side.LEAD, Who.HOST): ("priya", "bo", "dana"),
    (Side.LEAD, Who.PARTNER): ("amina", "dana", "bo"),
    (Side.LEAD, Who.GUEST): ("mara", "bo", "hui"),
    (Side.OTHER, Who.HOST): ("bo", "hui", "priya"),
    (Side.OTHER, Who.PARTNER): ("dana", "hui", "amina"),
    (Side.OTHER, Who.GUEST): ("bo", "dana", "hui"),
}
PRESENT = ("amina", "priya", "hui", "dana", "bo")


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of one try, by their names in the sandbox."""

    owner: str
    proposer: str
    actor: str
    following: str
    """Who is asked to take it over, where somebody is."""
    to: str
    """Whom the act names, if it names somebody."""


def cast(part: Part, who: Who) -> Cast:
    owner, proposer, actor = ACTORS[part.side, who]
    free = [name for name in PRESENT if name not in {owner, proposer, actor}]
    following = actor if part.side is Side.NEXT else free[0]
    to = next(name for name in free if name != following)
    return Cast(owner, proposer, actor, following, to)


@dataclass
class Trial:
    """The channel, and what came of it so far."""

    scene: Scene
    people: dict[str, Person]
    channel: str
    hidden: set[tuple[State, Part, Act]] = field(default_factory=set)
    """What can be done where no button shows it."""
    keys: "count[int]" = field(default_factory=count)

    async def prepare(self, cell: Cell, who: Cast) -> Commitment:
        """A commitment in that state."""
        made: Commitment = await self.scene.bot.house.db.run(self._make, cell, who)
        return made

    def _make(self, store: Store, cell: Cell, who: Cast) -> Commitment:
        now = self.scene.calendar.now()
        owner, proposer = self.people[who.owner], self.people[who.proposer]
        installation = self.scene.bot.house.directory.installation(self.team, None).id
        request = Propose(
            f"make:{next(self.keys)}",
            installation,
            self.channel,
            proposer,
            owner,
            "invite 12 mentees",
            ASKED_FOR,
        )
        made = services.propose(store, request, now)

        def turn(by: Person, why: str | None = None) -> Turn:
            which = Which(installation, commitment_id=made.id)
            return Turn(f"make:{next(self.keys)}", by, which, why)

        suggestion = Wish(due=SUGGESTED)
        state = cell.state
        if state is State.COUNTERED:
            services.change(store, turn(owner), suggestion, now)
        elif state is State.DECLINED:
            services.decline(store, turn(owner), now)
        elif state is not State.PROPOSED:
            if who.owner != who.proposer:
                services.accept(store, turn(owner), now)
            if state is State.CHANGE_OFFERED:
                services.change(store, turn(owner), suggestion, now)
            elif state is State.CHANGE_ASKED:
                services.change(store, turn(proposer), suggestion, now)
            elif state is State.HANDING_OVER:
                services.hand_over(store, turn(owner), self.people[who.following], now)
            elif state is State.DONE:
                services.report_done(store, turn(owner), now)
            elif state is State.DROPPED:
                services.drop(store, turn(owner), now)
        if cell.act is Act.ON_TRACK and state in AGREED:
            services.report_stuck(store, turn(owner), Audience.EVERYONE, now)
        if cell.part.away:
            store.connection.execute(
                update(presence)
                .where(presence.c.member_id == made.owner.id, presence.c.until.is_(None))
                .values(until=now)
            )
        return store.commitments.by_id(made.id)

    async def comes_back(self, cell: Cell, commitment: Commitment) -> None:
        """Whoever was away for this try is there for the next."""
        if cell.part.away:
            await self.scene.bot.house.db.run(
                lambda store: (
                    store.connection.execute(
                        update(presence)
                        .where(presence.c.member_id == commitment.owner.id)
                        .values(until=None)
                    )
                    and None
                )
            )

    async def now(self, commitment: Commitment) -> tuple[Commitment, tuple[Entry, ...]]:
        """How it stands, and its history."""

        def look(store: Store) -> tuple[Commitment, tuple[Entry, ...]]:
            return store.commitments.by_id(commitment.id), store.commitments.entries(commitment.id)

        found: tuple[Commitment, tuple[Entry, ...]] = await self.scene.bot.house.db.read(look)
        return found

    async def card(self, commitment: Commitment) -> Message:
        """Its card, as it stands in the channel."""
        await self.scene.settled()

        sent = await self.scene.bot.house.db.read(
            lambda store: store.messages.ts_of(commitment.card_id or 0)
        )
        assert sent is not None
        found = self.scene.sandbox.slack.logs[self.channel].get(sent[1])
        assert found is not None
        return found

    # By the doors as people use them

    async def does(self, cell: Cell, who: Cast, commitment: Commitment) -> bool:
        """Do it over the wire; False if no button shows it, which is then said in words."""
        actor = self.scene.person(who.actor)
        to = self.scene.person(who.to)
        words = WORDS[cell.act].format(n=commitment.number, to=to.mention)
        channel = self.scene.channel
        if cell.door is Door.COMMAND:
            await actor.slash(f"/partner {words}", channel=channel)
        elif cell.door is Door.MENTION:
            await actor.says(f"@Common Ground {words}", channel=channel)
        elif cell.door is Door.REPLY:
            said, _ = REPLIES[cell.act]
            card = await self.card(commitment)
            await actor.says(said.format(to=to.mention), channel=channel, thread=card)
        elif not await self._presses(cell, who, commitment, actor):
            return False
        await self.scene.settled()
        return True

    async def _presses(self, cell: Cell, who: Cast, commitment: Commitment, actor: Actor) -> bool:
        press = BUTTONS[cell.act]
        on = await self.card(commitment)
        shown = self._shown(press.buttons, on)
        if shown is None:
            await actor.says(f"@Common Ground show {commitment.number}", channel=self.scene.channel)
            await self.scene.settled()
            on = actor.dm()[-1]
            shown = self._shown(press.buttons, on)
        if shown is None:
            self.hidden.add((cell.state, cell.part, cell.act))
            return False
        await actor.clicks(shown, message=on)
        await self.scene.settled()
        if press.typed is not None:
            assert actor.has_modal(), f"{cell}: no form"
            for label, value in (press.chosen or {}).items():
                await actor.picks(label, value.format(to=self.people[who.to].name))
            for label, value in press.typed.items():
                if label == "By when?":
                    await actor.picks(label, value)
            typed = {label: each for label, each in press.typed.items() if label != "By when?"}
            await actor.submits(typed)
            await self.scene.settled()
            assert not actor.has_modal(), f"{cell}: {actor.modal.errors if actor.modal else ''}"
        return True

    @staticmethod
    def _shown(buttons: tuple[str, ...], on: Message) -> str | None:
        there = {
            element.get("action_id")
            for block in on.blocks
            for element in block.get("elements", ())
            if element.get("type") == "button"
        }
        return next((str(button) for button in buttons if str(button) in there), None)

    # By the handlers themselves, where it has to be refused

    async def asks(self, cell: Cell, who: Cast, commitment: Commitment) -> Answer:
        """Try it where the door ends; returns what the person would be answered."""
        words = WORDS[cell.act].format(n=commitment.number, to=self.scene.person(who.to).mention)
        if cell.door is Door.BUTTON:
            visit = self._visit(
                cell, who, value=ids.value(commitment.id, commitment.at_issue.version)
            )
            return await guarded(visit, tables.BUTTONS[BUTTONS[cell.act].buttons[0]](visit))
        if cell.door is Door.REPLY:
            said, _ = REPLIES[cell.act]
            visit = self._visit(cell, who, text=said.format(to=self.scene.person(who.to).mention))
            reply = tables.THREADS[self.kind_of_card]
            return await guarded(visit, reply(visit, commitment.card_id or 0, commitment.id))
        visit = self._visit(cell, who, text=words)
        return await guarded(visit, heard(visit))

    def _visit(self, cell: Cell, who: Cast, **brought: Any) -> Visit:
        house = self.scene.bot.house
        person = self.people[who.actor]
        return Visit(
            house=house,
            door=cell.door,
            installation=house.directory.installation(self.team, None),
            person=person,
            channel=self.channel,
            key=f"try:{next(self.keys)}",
            now=house.calendar.now(),
            zone=person.zone or "America/New_York",
            body={},
            **brought,
        )

    @property
    def team(self) -> str:
        return self.scene.dana.user.team_id

    kind_of_card = Kind.CARD
