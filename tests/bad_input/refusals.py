"""What a refusal is: a sentence for one person, with what was typed, and nothing for the others."""

import re
from collections.abc import Awaitable

from sqlalchemy import func, select

from bot.sandbox import Person
from storage.store import Store
from storage.tables import commitment, commitment_history, response
from tests.fixtures.scene import Scene


def public(scene: Scene) -> list[str]:
    """All that the bot has said for everybody, in the channel and its threads."""
    return [
        scene.dana.words(each)
        for each in scene.dana.messages(scene.channel)
        if each.bot_id and not each.ephemeral_to
    ]


async def refused(scene: Scene, act: Awaitable[str]) -> str:
    """Do it; returns what the person was told. Nobody else heard of it, and nothing changed."""
    said, kept = public(scene), await written(scene)
    told = await act
    assert public(scene) == said
    assert await written(scene) == kept
    assert told.strip()
    assert re.search(r"[.?]", told.splitlines()[0]), told
    assert "went wrong" not in told, told
    return told


def by(scene: Scene, door: str, words: str, who: Person | None = None) -> Awaitable[str]:
    """Words by a door: a command is Dana's, everything else Bo's unless it is said whose."""
    if door == "command":
        return scene.slash(who or scene.dana, words)
    if door == "direct":
        return scene.tells(who or scene.bo, words)
    return scene.mentions(who or scene.bo, words)


async def written(scene: Scene) -> tuple[int, ...]:
    """How much is stored of what people do."""

    def count(store: Store) -> tuple[int, ...]:
        return tuple(
            store.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (commitment, commitment_history, response)
        )

    return await scene.bot.house.db.read(count)


async def stored_what(scene: Scene, number: int = 1) -> str:
    """The words of a commitment as they are stored."""

    def look(store: Store) -> str:
        found = store.connection.execute(
            select(commitment.c.id).where(commitment.c.number == number)
        ).scalar_one()
        return store.commitments.by_id(found).terms.what

    return await scene.bot.house.db.read(look)


async def stored_replies(scene: Scene) -> list[str]:
    """What was kept of the replies to check-ins."""

    def look(store: Store) -> list[str]:
        rows = store.connection.execute(select(response.c.text).order_by(response.c.id))
        return [row.text for row in rows]

    return await scene.bot.house.db.read(look)
