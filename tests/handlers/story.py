"""The sandbox with the bot in it, and short ways for its people to act."""

from datetime import timedelta

from sqlalchemy import delete, update

from bot.app import Bot
from bot.demo import CHANNEL
from bot.sandbox import Message, Person, Sandbox
from storage.store import Store
from storage.tables import message, metadata, partnership
from tests.fixtures.wire import Settled, TestCalendar

WELCOME = "Hi. I help you keep track of what you agree."
OK = "OK for our organization"


class Story:
    """The sandbox with the bot in it, and the people by name."""

    def __init__(
        self, sandbox: Sandbox, bot: Bot, calendar: TestCalendar, settled: Settled
    ) -> None:
        self.sandbox = sandbox
        self.bot = bot
        self.calendar = calendar
        self.settled = settled
        self.dana, self.priya = self.person("dana"), self.person("priya")
        self.bo, self.amina = self.person("bo"), self.person("amina")
        self.hui, self.mara = self.person("hui"), self.person("mara")

    def person(self, name: str) -> Person:
        return self.sandbox.person(name)

    async def days_pass(self, days: int) -> None:
        """Step through each next due moment of the coming days: tick, post, deliver."""
        end = self.calendar.now() + timedelta(days=days)
        while (moment := await self.bot.next_moment()) is not None and moment <= end:
            self.calendar.move_to(max(moment, self.calendar.now()))
            await self._tick()
            if await self.bot.next_moment() == moment:
                break
        self.calendar.move_to(end)
        await self._tick()

    async def _tick(self) -> None:
        await self.bot.tick()
        await self.settled()

    async def begins(self) -> None:
        await self.dana.invites_app(CHANNEL)
        await self.settled()

    async def presses(self, person: Person, label: str = OK) -> str:
        """Press a button in the channel; returns what only this person is told."""
        before = len(person.ephemerals(CHANNEL))
        await person.clicks(label, channel=CHANNEL)
        await self.settled()
        return "\n".join(person.words(each) for each in person.ephemerals(CHANNEL)[before:])

    async def says(self, person: Person, text: str) -> str:
        """Mention the bot in the channel; returns what only this person is told, by DM."""
        before = len(person.dm())
        await person.says(f"@Common Ground {text}", channel=CHANNEL)
        await self.settled()
        return "\n".join(person.words(each) for each in person.dm()[before:])

    async def harbor_is_named(self) -> None:
        await self.says(self.hui, "with Harbor Women in Media")
        await self.says(self.mara, "with Harbor Women in Media")
        await self.presses(self.hui, "Yes")

    async def starts(self) -> None:
        await self.begins()
        await self.harbor_is_named()
        for person in (self.dana, self.bo, self.hui):
            await self.presses(person)

    def welcome(self) -> str:
        (card,) = self.cards()
        return self.bo.words(card)

    def cards(self) -> list[Message]:
        return [each for each in self.bo.messages(CHANNEL) if WELCOME in self.bo.words(each)]

    def thread(self) -> str:
        """What the thread of the welcome says."""
        card = self.cards()[-1]
        replies = self.bo.messages(CHANNEL, thread=card)
        return "\n".join(self.bo.words(each) for each in replies if each.ts != card.ts)

    def posts(self) -> list[Message]:
        """What the bot has posted top level in the channel."""
        return [
            each
            for each in self.bo.messages(CHANNEL)
            if each.bot_id and not each.thread_ts and not each.ephemeral_to
        ]

    async def forgets_everything(self) -> None:
        """As if the bot had a new database since it was invited."""

        def forget(store: Store) -> None:
            store.connection.execute(update(message).values(parent_id=None))
            store.connection.execute(update(partnership).values(welcome_id=None, invited_by=None))
            for table in reversed(metadata.sorted_tables):
                if table.name != "installation":
                    store.connection.execute(delete(table))

        await self.bot.house.db.run(forget)
