"""Three organizations in one channel, on either database, for tests of what they do together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event, insert, select, update

from bot.domain.checkins import Occurrence
from bot.domain.commitments import Commitment
from bot.domain.partnerships import Partnership
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Kind, Outgoing, State
from bot.domain.schedules import ScheduleKind
from bot.services import beginning, commitments, schedules
from bot.services.beginning import Begin
from bot.services.commitments import Propose, Turn, Which
from storage.database import Database
from storage.store import Store
from storage.tables import closed_day, message, occurrence, organization

NEW_YORK = "America/New_York"
CHANNEL = "C0MENTORS"

DANA = Person("TACME", "UDANA", "Dana", zone=NEW_YORK, team_name="Acme")
PRIYA = Person("TACME", "UPRIYA", "Priya", zone=NEW_YORK, team_name="Acme")
BO = Person("TNORTH", "UBO", "Bo", zone=NEW_YORK, team_name="Northside Youth")
AMINA = Person("TNORTH", "UAMINA", "Amina", zone=NEW_YORK, team_name="Northside Youth")
HUI = Person("TACME", "UHUI", "Hui", PersonKind.GUEST)
HARBOR = "Harbor Women in Media"


def at(text: str, zone: str = NEW_YORK) -> datetime:
    """``2026-11-24 10:00`` on the wall clock of the partnership, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


BEGINNING = at("2026-11-21 09:00")
"""When they began, a Saturday; the first check-in is on Tuesday, the first digest on Friday."""

MONDAY = at("2026-11-23 09:00")


@dataclass
class Together:
    """The database with its one partnership, and short ways to act in it."""

    database: Database
    installation: int = 0
    partnership: int = 0
    keys: Iterator[int] = field(default_factory=lambda: count(1))
    stamps: Iterator[int] = field(default_factory=lambda: count(1))

    async def run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.run(function, *args, **kwargs)

    async def read(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return await self.database.read(function, *args, **kwargs)

    def key(self) -> str:
        return f"test:{next(self.keys)}"

    def ts(self) -> str:
        """Of a message that somebody writes."""
        return f"17{next(self.stamps):08}.000100"

    async def begin(self, *people: Person, start: bool = True, now: datetime = BEGINNING) -> None:
        """Invite the bot; Harbor's guest says so; each organization says OK."""
        self.installation, self.partnership = await self.run(_begin, people, now)
        if start:
            for person in (DANA, BO, HUI):
                if person in people:
                    await self.agree(person, now)

    async def agree(self, person: Person, now: datetime = BEGINNING) -> None:
        """Press OK."""
        press = beginning.Press(self.key(), self.installation, CHANNEL, person)
        await self.run(beginning.agree, press, now)

    async def close_days(self, name: str, *days: date, label: str = "a holiday") -> None:
        """An organization is closed on these days."""

        def write(store: Store) -> None:
            found = store.connection.execute(
                select(organization.c.id).where(organization.c.name == name)
            ).scalar_one()
            for day in days:
                store.connection.execute(
                    insert(closed_day).values(organization_id=found, day=day, label=label)
                )

        await self.run(write)

    async def works_on(self, name: str, days: str) -> None:
        """An organization's working weekdays, 0 is Monday."""
        await self.run(
            lambda store: (
                store.connection.execute(
                    update(organization)
                    .where(organization.c.name == name)
                    .values(working_days=days)
                )
                and None
            )
        )

    async def promise(
        self,
        owner: Person = BO,
        what: str = "invite 12 mentees",
        due: date | None = date(2026, 11, 30),
        *,
        by: Person | None = None,
        accepted: bool = True,
        now: datetime = MONDAY,
    ) -> Commitment:
        """What somebody promised or, with ``by``, was asked for."""
        request = Propose(
            key=self.key(),
            installation_id=self.installation,
            channel=CHANNEL,
            by=by or owner,
            owner=owner,
            what=what,
            due=due,
        )
        made: Commitment = await self.run(commitments.propose, request, now)
        if by is not None and accepted:
            which = Which(self.installation, commitment_id=made.id)
            made = await self.run(commitments.accept, Turn(self.key(), owner, which), now)
        return made

    async def commitment(self, number: int) -> Commitment:
        """``#12`` as it is stored."""
        found: Commitment = await self.read(
            lambda store: store.commitments.by_number(self.partnership, number)
        )
        return found

    async def occurrences(self, kind: ScheduleKind = ScheduleKind.CHECKIN) -> list[Occurrence]:
        """All that came of a schedule, in the order of their dates."""

        def look(store: Store) -> list[Occurrence]:
            rows = store.connection.execute(
                select(occurrence.c.id)
                .where(occurrence.c.kind == kind)
                .order_by(occurrence.c.nominal, occurrence.c.slot)
            ).scalars()
            return [store.schedules.occurrence(each) for each in rows]

        return list(await self.read(look))

    async def outgoing(self, *kinds: Kind) -> list[Outgoing]:
        """The messages of these kinds, in the order in which they were recorded."""

        def look(store: Store) -> list[Outgoing]:
            rows = store.connection.execute(
                select(message.c.id)
                .where(message.c.kind.in_([kind.value for kind in kinds]))
                .order_by(message.c.id)
            ).scalars()
            return [store.messages.by_id(each) for each in rows]

        return list(await self.read(look))

    async def pass_until(self, moment: datetime) -> None:
        """Let the time go by: the clock looks at each moment at which something is due."""
        while (due := await self.read(lambda store: store.schedules.next_due())) is not None:
            if due > moment:
                break
            await self.run(schedules.post_due, due, 200)

    async def deliver(self) -> None:
        """As if the courier had sent everything that waits."""

        def send(store: Store) -> None:
            rows = store.connection.execute(
                select(message.c.id).where(message.c.state == State.WAITING)
            ).scalars()
            for each in rows.all():
                store.connection.execute(
                    update(message)
                    .where(message.c.id == each)
                    .values(state=State.SENT, ts=f"18{each:08}.000100", channel=CHANNEL)
                )

        await self.run(send)

    async def expected(self, kind: ScheduleKind = ScheduleKind.CHECKIN) -> datetime | None:
        """When a schedule is due next."""

        def look(store: Store) -> datetime | None:
            schedule = store.schedules.of(self.partnership, kind)
            known = None if schedule is None else store.schedules.next(schedule.id)
            return None if known is None else known[0]

        found: datetime | None = await self.read(look)
        return found

    async def now(self) -> Partnership:
        """The partnership as it is stored."""
        found: Partnership = await self.read(
            lambda store: store.partnerships.by_id(self.partnership)
        )
        return found

    async def queries(self, function: Callable[..., Any], *args: Any, writes: bool = False) -> int:
        """How many statements a read takes, or a write."""
        seen: list[str] = []

        def counted(store: Store) -> None:
            def note(*given: Any) -> None:
                seen.append(given[2])

            engine = store.connection.engine
            event.listen(engine, "before_cursor_execute", note)
            try:
                function(store, *args)
            finally:
                event.remove(engine, "before_cursor_execute", note)

        await (self.run if writes else self.read)(counted)
        return len(seen)


def _begin(store: Store, people: tuple[Person, ...], now: datetime) -> tuple[int, int]:
    installation = store.installations.remember(
        team="TACME", enterprise=None, app="A1", bot="B1", bot_user="UBOT", name="Acme", now=now
    )
    if HUI in people:
        hui = store.people.met(installation.id, HUI, now)
        store.people.join(hui.id, store.people.create_organization(installation.id, HARBOR).id)
    begin = Begin(
        key="begin",
        installation_id=installation.id,
        channel=CHANNEL,
        name="mentoring-partners",
        zone=NEW_YORK,
        inviter=people[0],
        present=people,
    )
    return installation.id, beginning.begin(store, begin, now).id


WEEK = timedelta(weeks=1)
EVERYBODY = (DANA, PRIYA, BO, AMINA, HUI)
