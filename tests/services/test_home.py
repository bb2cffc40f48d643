"""One person's overview where there is very much of it, on both databases."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.commitments import Event, State, TermsState
from bot.domain.home import Home
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Member
from bot.services import home as services
from bot.services import preferences, reminders
from bot.views import home as views
from bot.views import preferences as preference_views
from bot.views import reminders as reminder_views
from storage.database import Database
from storage.store import Store
from storage.tables import (
    commitment,
    commitment_history,
    participation,
    partnership,
    place,
    presence,
    reminder_turn,
    terms,
)
from tests.services.together import BO, DANA, EVERYBODY, MONDAY, Together, at

PARTNERSHIPS, COMMITMENTS = 60, 1000
NOW = at("2026-11-30 09:00")


@pytest.fixture
async def crowded(database: Database) -> Together:
    """Bo is in 60 partnerships and has promised 1,000 things in them."""
    opened = Together(database)
    await opened.begin(*EVERYBODY)
    await opened.run(_fill, opened.installation)
    return opened


def _bo(store: Store, installation_id: int) -> Member:
    found = store.people.by_key(installation_id, BO.team, BO.user)
    assert found is not None
    assert found.organization is not None
    return found


def _fill(store: Store, installation_id: int) -> None:
    bo = _bo(store, installation_id)
    organization = bo.organization.id if bo.organization else 0
    run = store.connection.execute
    ids = list(range(100, 100 + PARTNERSHIPS))

    def rows(**same: Any) -> list[dict[str, Any]]:
        return [{"partnership_id": each, **same} for each in ids]

    run(
        insert(partnership),
        [
            {
                "id": each,
                "installation_id": installation_id,
                "name": f"partners-{each}",
                "zone": "America/New_York",
                "state": PartnershipState.STARTED,
                "created_at": MONDAY,
                "started_at": MONDAY,
            }
            for each in ids
        ],
    )
    run(
        insert(place),
        [
            {**row, "channel": f"C{row['partnership_id']}"}
            for row in rows(installation_id=installation_id, since=MONDAY)
        ],
    )
    run(insert(presence), rows(member_id=bo.id, since=MONDAY))
    run(
        insert(participation),
        rows(organization_id=organization, joined_at=MONDAY, ok_at=MONDAY, ok_by=bo.id),
    )
    made = [
        {
            "id": 1000 + number,
            "partnership_id": ids[number % PARTNERSHIPS],
            "number": number // PARTNERSHIPS + 1,
            "state": State.ACCEPTED,
            "proposer_id": bo.id,
            "owner_id": bo.id,
            "owner_organization_id": organization,
            "version": 1,
            "last_version": 1,
            "what": f"call school number {number} and ask for three pupils",
            "due": date(2026, 11, 25) + timedelta(days=number % 40),
            "created_at": MONDAY,
        }
        for number in range(COMMITMENTS)
    ]
    run(insert(commitment), made)
    run(
        insert(terms),
        [
            {
                "commitment_id": each["id"],
                "version": 1,
                "what": each["what"],
                "due": each["due"],
                "owner_id": bo.id,
                "proposed_by": bo.id,
                "proposed_at": MONDAY,
                "state": TermsState.AGREED,
            }
            for each in made
        ],
    )
    run(
        insert(commitment_history),
        [
            {
                "commitment_id": each["id"],
                "kind": Event.PROMISED,
                "member_id": bo.id,
                "at": MONDAY,
                "audience": "everyone",
            }
            for each in made
        ],
    )
    run(insert(reminder_turn).values(member_id=bo.id, at=NOW, day=date(2026, 11, 27)))


async def test_home_of_somebody_in_60_partnerships_fits_into_slacks_blocks(
    crowded: Together,
) -> None:
    value: Home = await crowded.read(services.overview, crowded.installation, BO, NOW)
    assert len(value.mine) == COMMITMENTS
    assert len(value.partnerships) == PARTNERSHIPS + 1
    shown = views.home(value)["blocks"]
    assert "under *Messages*" not in str(shown)
    assert "under *Messages*" in str(views.home(value, partner=True)["blocks"][0])
    assert len(shown) <= 100
    assert all(len(each.get("text", {}).get("text", "")) <= 3000 for each in shown)
    said = str(shown)
    assert f"Show all {COMMITMENTS}" in said
    assert "And 46 more, in their channels." in said
    assert said.index("Past its date") < said.index("Your settings")


async def test_home_asks_no_more_for_a_thousand_commitments_than_for_one(
    crowded: Together,
) -> None:
    asked = (crowded.installation, BO, NOW)
    many = await crowded.queries(services.overview, *asked)
    few = await crowded.queries(services.overview, crowded.installation, DANA, NOW)
    assert many <= few + 2 * PARTNERSHIPS  # two for each partnership, none for a commitment


async def test_a_thousand_commitments_make_one_reminder_of_ten(crowded: Together) -> None:
    assert await crowded.run(reminders.remind, NOW, 200) >= 1

    def newest(store: Store) -> Any:
        bo = _bo(store, crowded.installation)
        kept = store.reminders.of_day(bo.id, date(2026, 11, 30))
        assert kept is not None
        return reminders.shown(store, kept.id, NOW)

    value = await crowded.read(newest)
    assert len(value.lines) == reminders.LINES
    quiet = {25, 26, 1, 2, 3}  # days of November and December that have had, or will have, theirs
    told = COMMITMENTS - len(quiet) * COMMITMENTS // 40
    assert value.more == told - reminders.LINES
    made = reminder_views.reminder(value)
    assert len(made["blocks"]) <= 50
    assert len(made["text"]) <= 4000
    assert await crowded.run(reminders.remind, NOW, 200) == 0


async def test_what_may_be_reminded_of_is_one_query(crowded: Together) -> None:
    bo = await crowded.read(_bo, crowded.installation)
    assert await crowded.queries(lambda store: store.reminders.candidates(bo)) == 1


async def test_the_form_of_a_pause_offers_as_many_channels_as_slack_takes(
    crowded: Together,
) -> None:
    chosen = await crowded.read(preferences.shown, crowded.installation, BO, NOW)
    form = preference_views.pause_form(chosen)
    options = form["blocks"][1]["element"]["options"]
    assert len(options) == PARTNERSHIPS + 2
    assert {len(each["text"]["text"]) <= 75 for each in options} == {True}


async def test_as_many_pauses_as_partnerships_are_told_in_a_few_lines(crowded: Together) -> None:
    for number in range(100, 100 + PARTNERSHIPS):
        await crowded.run(
            preferences.pause, crowded.installation, BO, str(number), date(2026, 12, 7), NOW
        )
    chosen = await crowded.read(preferences.shown, crowded.installation, BO, NOW)
    made = preference_views.settings(chosen)
    assert "And 56 more pauses." in made["text"]
    assert sum(len(each.get("elements", ())) for each in made["blocks"]) <= 10
    moments: list[datetime] = list(
        await crowded.read(
            lambda store: store.connection.execute(select(reminder_turn.c.at)).scalars().all()
        )
    )
    assert moments  # they are looked at anew
