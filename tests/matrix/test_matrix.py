"""Each state, each part, each act, each door: what the rules allow is done, all else is refused."""

from collections import Counter

import pytest
from sqlalchemy import select

from bot.domain.commitments import AGREED, LIFE, Act, Audience, Commitment, Entry, State, Step
from bot.domain.posts import Kind
from handlers.commitments.thread import _REPLIES
from handlers.visit import Door
from storage.store import Store
from storage.tables import message
from tests.fixtures.scene import OK, Scene
from tests.matrix.cells import (
    DOORS,
    PARTS,
    REPLIES,
    THROUGH,
    WITHOUT_BUTTON,
    Cell,
    Who,
    cells,
    comes_of,
    gaps,
    impossible,
)
from tests.matrix.trying import Cast, Trial, cast

ALLOWED = {cell for cell in cells() if impossible(cell) is None and comes_of(cell) is not None}
REFUSED = {cell for cell in cells() if impossible(cell) is None and comes_of(cell) is None}


def test_every_verb_button_side_and_act_has_its_place_in_the_matrix() -> None:
    assert gaps() == []
    for act, (_, meaning) in REPLIES.items():
        assert _REPLIES[meaning] is act


def test_no_cell_is_left_empty() -> None:
    counts = Counter(
        "impossible" if impossible(cell) else "done" if comes_of(cell) else "refused"
        for cell in cells()
    )
    assert counts == {"done": 524, "refused": 1676, "impossible": 572}
    assert counts.total() == len(State) * len(PARTS) * len(Act) * len(DOORS)
    assert {(cell.state, cell.part.side, cell.act) for cell in ALLOWED} == set(LIFE)
    for cell in cells():
        assert impossible(cell) or cell in ALLOWED or cell in REFUSED


@pytest.fixture
async def trial(scene: Scene) -> Trial:
    """All have come, and said with whom they are; Mara is here for those who act for her."""
    await scene.dana.invites_app(scene.channel)
    await scene.settled()
    for guest in (scene.hui, scene.mara):
        await scene.mentions(guest, "with Harbor Women in Media")
    await scene.presses(scene.hui, "Yes")
    for lead in (scene.dana, scene.bo, scene.hui):
        await scene.presses(lead, OK)
    directory = scene.bot.house.directory
    installation = directory.installation(scene.dana.user.team_id, None)
    names = ("dana", "priya", "bo", "amina", "hui", "mara")
    people = {name: await directory.person(installation, scene.person(name).id) for name in names}
    return Trial(scene, people, scene.sandbox.world.find_channel(scene.channel).id)


@pytest.mark.parametrize("state", list(State))
async def test_what_the_rules_allow_is_done_by_every_door(trial: Trial, state: State) -> None:
    wrong: list[str] = []
    tried = 0
    of_state = sorted((cell for cell in ALLOWED if cell.state is state), key=str)
    for number, cell in enumerate(of_state):
        players = cast(cell.part, in_turn(cell, number))
        commitment = await trial.prepare(cell, players)
        _, before = await trial.now(commitment)
        done = await trial.does(cell, players, commitment)
        if done:
            tried += 1
            found = await problems(trial, cell, players, commitment, before)
            wrong += [f"{cell} by {players.actor}: {problem}" for problem in found]
        await trial.comes_back(cell, commitment)
    assert wrong == []
    assert trial.hidden == {each for each in WITHOUT_BUTTON if each[0] is state}
    assert tried + len(trial.hidden) == len(of_state)


def in_turn(cell: Cell, number: int) -> Who:
    """Of those who have the door, each in their turn: host, partner, guest."""
    who = THROUGH[cell.door]
    return who[number // len(DOORS) % len(who)]


async def problems(
    trial: Trial, cell: Cell, who: Cast, commitment: Commitment, before: tuple[Entry, ...]
) -> list[str]:
    """What did not come of it."""
    step = comes_of(cell)
    assert step is not None
    after, entries = await trial.now(commitment)
    new = entries[len(before) :]
    if [entry.event for entry in new] != [step.event]:
        return [f"history {[entry.event.value for entry in new]}"]
    found = []
    if after.state is not step.to:
        found.append(f"it is {after.state}")
    if new[0].by is None or new[0].by.user != trial.people[who.actor].user:
        found.append("somebody else did it")
    told = new[0].audience is Audience.EVERYONE
    if await trial.scene.bot.house.db.read(_noted, new[0].id) != told:
        found.append("its thread does not tell it" if told else "its thread tells it")
    card = trial.scene.dana.words(await trial.card(commitment))
    if not _shows(card, cell, step, after):
        found.append(f"its card says: {card}")
    return found


def _noted(store: Store, entry: int) -> bool:
    notes = select(message.c.id).where(
        message.c.kind == Kind.COMMITMENT_NOTE, message.c.subject == entry
    )
    return store.connection.execute(notes).first() is not None


def _shows(card: str, cell: Cell, step: Step, after: Commitment) -> bool:
    if after.state in AGREED:
        return "promised" in card if after.own else "agreed" in card
    if after.state is State.PROPOSED:
        return "Nothing counts until you agree" in card
    if after.state is State.COUNTERED:
        return "Nothing counts until" in card
    if after.state is State.DROPPED and cell.state not in AGREED:  # it never counted
        return card.startswith("Taken back by those who asked: ")
    return card.startswith(step.to.value.capitalize())


@pytest.mark.parametrize("state", list(State))
async def test_what_the_rules_do_not_allow_changes_nothing_and_says_why(
    trial: Trial, state: State
) -> None:
    wrong: list[str] = []
    for number, cell in enumerate(sorted((one for one in REFUSED if one.state is state), key=str)):
        players = cast(cell.part, in_turn(cell, number))
        commitment = await trial.prepare(cell, players)
        _, before = await trial.now(commitment)
        answer = await trial.asks(cell, players, commitment)
        after, entries = await trial.now(commitment)
        await trial.comes_back(cell, commitment)
        if len(entries) != len(before) or after != commitment:
            wrong.append(f"{cell}: it is {after.state} now")
        said = "" if answer.message is None else answer.message["text"]
        again = bool(before) and _again(cell, before[-1], trial.people[players.actor].user)
        asked = "I am not sure what that means" in said
        if cell.door is Door.REPLY and (answer.message is None or asked):
            continue  # there it is a conversation among people, or asked about with buttons
        if answer.modal is not None or not (again or answer.refusal):
            wrong.append(f"{cell}: no refusal, but {said!r}")
        elif not said.partition("To copy and mend")[0].rstrip().endswith((".", "…", ")", "?")):
            wrong.append(f"{cell}: {said!r} is no sentence")
    assert wrong == []


def _again(cell: Cell, last: Entry, user: str) -> bool:
    """Whether this person just did this: a second press has the first receipt."""
    done = {step.event for (_, _, act), step in LIFE.items() if act is cell.act}
    return last.event in done and last.by is not None and last.by.user == user
