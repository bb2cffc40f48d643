"""The history of a partnership, page by page, on both databases."""

import pytest

from bot.domain.history import PAGE, Page
from bot.domain.partnerships import Setting, Step
from bot.services import history
from storage.database import Database
from storage.store import Store
from tests.services.together import CHANNEL, EVERYBODY, MONDAY, Together


@pytest.fixture
async def world(database: Database) -> Together:
    """Three organizations that have said OK."""
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


async def more(world: Together, count: int) -> None:
    """As many changes of the purpose, each with its row."""

    def write(store: Store) -> None:
        for number in range(count):
            change = store.settings.set(
                world.partnership,
                Setting.PURPOSE,
                f"purpose {number}",
                set_by=None,
                begins_at=MONDAY,
                now=MONDAY,
            )
            detail = {"setting": change.id}
            store.partnerships.record(world.partnership, Step.SET, MONDAY, detail=detail)

    await world.run(write)


async def test_a_long_history_takes_as_many_queries_as_a_short_one(world: Together) -> None:
    async def cost() -> int:
        return await world.queries(history.of_channel, world.installation, CHANNEL)

    await more(world, 2)
    few = await cost()
    await more(world, 200)
    assert await cost() <= few


async def test_its_pages_hold_every_row_once_the_newest_first(world: Together) -> None:
    await more(world, 2 * PAGE)
    seen: list[int] = []
    offset = 0
    while True:
        page: Page = await world.read(
            history.of_partnership, world.installation, world.partnership, offset
        )
        seen += [each.entry.id for each in page.events if each.entry is not None]
        assert all(each.change is not None for each in page.events[:1] if offset == 0)
        offset += PAGE
        if offset >= page.total:
            break
    assert len(seen) == len(set(seen)) > 2 * PAGE
    assert seen[: 2 * PAGE] == sorted(seen[: 2 * PAGE], reverse=True)


async def test_what_one_person_alone_was_told_is_in_no_page(world: Together) -> None:
    before: Page = await world.read(history.of_channel, world.installation, CHANNEL)
    await world.run(lambda store: store.partnerships.record(world.partnership, Step.SILENT, MONDAY))
    after: Page = await world.read(history.of_channel, world.installation, CHANNEL)
    assert after.total == before.total
