"""Taking back, cell by cell of what can be done with a commitment, on both databases."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.commitments import LIFE, Act, Audience, Commitment, Side, State, TermsState
from bot.domain.errors import BotError, NotAllowed, NotFound, NotPossible, OutOfDate
from bot.domain.partnerships import NotInvited
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.posts import State as Sending
from bot.domain.undo import WINDOW
from bot.services import commitments, undo
from bot.services.commitments import Turn, Which, Wish
from bot.services.undo import TakeBack
from storage.database import Database
from storage.store import Store
from storage.tables import commitment_history, terms, undoable
from tests.services.together import (
    AMINA,
    BEGINNING,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HUI,
    MONDAY,
    PRIYA,
    Together,
)

ANOTHER = Wish(due=date(2026, 12, 4))
WHO = {Side.OWNER: BO, Side.PROMISER: BO, Side.ASKING: PRIYA, Side.NEXT: HUI, Side.LEAD: AMINA}


@pytest.fixture
async def together(database: Database) -> Together:
    made = Together(database)
    await made.begin(*EVERYBODY)
    return made


def which(together: Together, about: Commitment) -> Which:
    return Which(together.installation, commitment_id=about.id)


async def does(
    together: Together,
    person: Person,
    about: Commitment,
    act: Act,
    *,
    key: str | None = None,
    **more: Any,
) -> Commitment:
    """One act, as its service takes it."""
    here = frozenset(each.user for each in EVERYBODY)
    wishes: dict[Act, tuple[Callable[..., Any], tuple[Any, ...]]] = {
        Act.ACCEPT: (commitments.accept, ()),
        Act.CONDITION: (commitments.accept_if, ("travel is paid",)),
        Act.CHANGE: (commitments.change, (Wish(due=date(2026, 12, 11)),)),
        Act.DECLINE: (commitments.decline, ()),
        Act.KEEP: (commitments.keep, ()),
        Act.HAND_OVER: (commitments.hand_over, (PRIYA,)),
        Act.DONE: (commitments.report_done, ()),
        Act.REOPEN: (commitments.reopen, ()),
        Act.DROP: (commitments.drop, ()),
        Act.STUCK: (commitments.report_stuck, (Audience.EVERYONE,)),
        Act.ON_TRACK: (commitments.report_on_track, ()),
    }
    service, wish = wishes[act]
    if act is Act.STUCK:
        more["here"] = here
        wish = (more.pop("audience", Audience.EVERYONE),)
    turn = Turn(key or together.key(), person, which(together, about), "because of the rain")
    made: Commitment = await together.run(service, turn, *more.pop("wish", wish), MONDAY, **more)
    return made


async def standing(together: Together, state: State, *, own: bool) -> Commitment:
    """A commitment of Bo's in this state."""
    if own:
        made = await together.promise(BO)
    else:
        waits = state in {State.PROPOSED, State.COUNTERED}
        made = await together.promise(BO, by=DANA, accepted=not waits)
    steps: dict[State, tuple[Person, Act, tuple[Any, ...]]] = {
        State.COUNTERED: (BO, Act.CHANGE, (ANOTHER,)),
        State.CHANGE_OFFERED: (BO, Act.CHANGE, (ANOTHER,)),
        State.CHANGE_ASKED: (DANA, Act.CHANGE, (ANOTHER,)),
        State.HANDING_OVER: (BO, Act.HAND_OVER, (HUI,)),
        State.DONE: (BO, Act.DONE, ()),
    }
    if state in steps:
        person, act, wish = steps[state]
        made = await does(together, person, made, act, wish=wish)
    assert made.state is state
    return made


async def of_terms(together: Together, about: Commitment) -> dict[int, TermsState]:
    def look(store: Store) -> dict[int, TermsState]:
        rows = store.connection.execute(
            select(terms.c.version, terms.c.state).where(terms.c.commitment_id == about.id)
        )
        return {row.version: row.state for row in rows}

    found: dict[int, TermsState] = await together.read(look)
    return found


async def undoes(
    together: Together, person: Person, key: str, *, later: timedelta = timedelta()
) -> Any:
    """Take back what a delivery did."""
    deed = await together.read(lambda store: store.undo.of_delivery(key))
    assert deed is not None
    request = TakeBack(together.key(), together.installation, person, deed.id)
    return await together.run(undo.take_back, request, MONDAY + later)


CELLS = [cell for cell in LIFE if cell[1] is not Side.LEAD]
"""The lead of an organization acts only where the owner is away; a story tells of that."""


@pytest.mark.parametrize(("state", "side", "act"), CELLS, ids=lambda each: str(each))
async def test_whatever_was_done_it_stands_as_before(
    together: Together, state: State, side: Side, act: Act
) -> None:
    own = side is Side.PROMISER
    about = await standing(together, state, own=own)
    away = side is Side.ASKING and (
        (act is Act.HAND_OVER and state not in {State.PROPOSED, State.COUNTERED})
        or (state is State.HANDING_OVER and act in {Act.DECLINE, Act.KEEP})
    )
    if away:
        await together.run(_leaves, together, BO)
    if act is Act.ON_TRACK:
        await does(together, BO, about, Act.STUCK)
    before = await together.commitment(about.number)
    versions = await of_terms(together, about)
    key = together.key()
    done = await does(together, WHO[side], about, act, key=key)
    assert done != before
    undone = await undoes(together, WHO[side], key)
    after = await together.commitment(about.number)
    assert replace(after, last_version=before.last_version) == before
    assert replace(undone.value, last_version=before.last_version) == before
    now = await of_terms(together, about)
    assert {version: now[version] for version in versions} == versions
    assert set(now.values()) - set(versions.values()) <= {TermsState.WITHDRAWN}
    if act is not Act.STUCK:  # and it can be done again
        again = await does(together, WHO[side], about, act)
        assert again.state is done.state


def _leaves(store: Store, together: Together, person: Person) -> None:
    """Somebody is not in the channel any more."""
    member = store.people.by_key(together.installation, person.team, person.user)
    assert member is not None
    store.partnerships.unseen(together.partnership, member.id, MONDAY)


async def test_what_was_made_is_dropped_and_its_terms_lapse(together: Together) -> None:
    about = await together.promise(BO, by=DANA, accepted=False)
    await together.deliver()
    deed = await together.read(
        lambda store: store.undo.latest(about.proposer.id, MONDAY, partnership_id=None, number=None)
    )
    assert deed is not None
    request = TakeBack(together.key(), together.installation, DANA, deed.id)
    await together.run(undo.take_back, request, MONDAY)
    after = await together.commitment(1)
    assert after.state is State.DROPPED
    assert after.closed_at == MONDAY


async def test_a_card_that_nobody_has_seen_is_never_posted(together: Together) -> None:
    await together.promise(BO)
    (card,) = await together.outgoing(Kind.CARD)
    assert card.state is Sending.WAITING
    deed = await together.read(_newest)
    await together.run(
        undo.take_back, TakeBack(together.key(), together.installation, BO, deed), MONDAY
    )
    (card,) = await together.outgoing(Kind.CARD)
    assert card.state is Sending.WITHDRAWN
    assert not await together.outgoing(Kind.COMMITMENT_NOTE)
    assert (await together.commitment(1)).card_id is None


def _newest(store: Store) -> int:
    return int(store.connection.execute(select(func.max(undoable.c.id))).scalar_one())


async def test_a_note_that_has_not_left_is_not_sent_and_nobody_hears_of_either(
    together: Together,
) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    await together.deliver()
    key = together.key()
    await does(together, BO, about, Act.ACCEPT, key=key)
    await undoes(together, BO, key)
    (note,) = await together.outgoing(Kind.COMMITMENT_NOTE)
    assert note.state is Sending.WITHDRAWN


async def test_a_note_that_has_left_is_followed_by_one_that_takes_it_back(
    together: Together,
) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    key = together.key()
    await does(together, BO, about, Act.ACCEPT, key=key)
    await together.deliver()
    await undoes(together, BO, key)
    said, back = await together.outgoing(Kind.COMMITMENT_NOTE)
    assert (said.state, back.state) == (Sending.SENT, Sending.WAITING)


async def test_a_colleague_who_was_told_hears_it_and_one_who_was_not_yet_hears_nothing(
    together: Together,
) -> None:
    about = await standing(together, State.ACCEPTED, own=False)
    for sent in (True, False):
        key = together.key()
        await does(together, BO, about, Act.STUCK, key=key, audience=Audience.ORGANIZATION)
        before = len(await together.outgoing(Kind.COMMITMENT_TOLD))
        if sent:
            await together.deliver()
        await undoes(together, BO, key)
        told = await together.outgoing(Kind.COMMITMENT_TOLD)
        assert len(told) == before + sent
        assert told[before - 1].state is (Sending.SENT if sent else Sending.WITHDRAWN)
    notes = await together.outgoing(Kind.COMMITMENT_NOTE)
    assert len(notes) == 1  # of the yes; nobody else hears of what was private


async def test_both_stand_in_the_history(together: Together) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    key = together.key()
    await does(together, BO, about, Act.ACCEPT, key=key)
    await undoes(together, BO, key)

    def kinds(store: Store) -> list[str]:
        return [
            str(each)
            for each in store.connection.execute(
                select(commitment_history.c.kind).order_by(commitment_history.c.id)
            ).scalars()
        ]

    assert await together.read(kinds) == ["asked", "accepted", "taken_back"]


async def refusal(of: Awaitable[Any]) -> BotError:
    with pytest.raises(BotError) as refused:
        await of
    return refused.value


async def test_the_limits_of_taking_back(together: Together) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    key = together.key()
    await does(together, BO, about, Act.ACCEPT, key=key)
    for person in (DANA, AMINA, HUI):
        refused = await refusal(undoes(together, person, key))
        assert isinstance(refused, NotAllowed)
        assert refused.sentence == "Only <@UBO> can take this back. Nothing has changed."
    late = await refusal(undoes(together, BO, key, later=WINDOW + timedelta(seconds=1)))
    assert isinstance(late, OutOfDate)
    assert "Use the buttons on the card of #1 instead." in late.sentence
    await undoes(together, BO, key, later=WINDOW)
    assert isinstance(await refusal(undoes(together, BO, key)), NotPossible)
    assert (await together.commitment(1)).state is State.PROPOSED


async def test_after_somebody_elses_answer_it_stays(together: Together) -> None:
    about = await standing(together, State.ACCEPTED, own=False)
    key = together.key()
    await does(together, BO, about, Act.DONE, key=key)
    await does(together, DANA, about, Act.REOPEN)
    refused = await refusal(undoes(together, BO, key))
    assert refused.sentence.startswith("<@UDANA> has done something with it since, so it stays.")
    assert (await together.commitment(1)).state is State.ACCEPTED


async def test_what_was_taken_back_does_not_count_as_built_on_it(together: Together) -> None:
    about = await standing(together, State.ACCEPTED, own=False)
    first, second = together.key(), together.key()
    await does(together, BO, about, Act.STUCK, key=first)
    await does(together, DANA, about, Act.CHANGE, key=second)
    await undoes(together, DANA, second)
    await undoes(together, BO, first)
    assert (await together.commitment(1)).risk is None


async def test_the_same_delivery_again_takes_back_once(together: Together) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    key = together.key()
    await does(together, BO, about, Act.ACCEPT, key=key)
    deed = await together.read(lambda store: store.undo.of_delivery(key))
    request = TakeBack("press:1", together.installation, BO, deed.id)
    first = await together.run(undo.take_back, request, MONDAY)
    again = await together.run(undo.take_back, request, MONDAY)
    assert first.value == again.value
    history = await together.read(
        lambda store: store.connection.execute(
            select(func.count()).select_from(commitment_history)
        ).scalar_one()
    )
    assert history == 3


async def test_a_number_means_that_commitment_wherever_it_is_said(together: Together) -> None:
    first = await together.promise(BO, "first")
    second = await together.promise(BO, "second")

    async def meant(channel: str | None, number: int | None) -> int:
        deed: int = await together.read(
            undo.latest, together.installation, BO, channel, number, MONDAY
        )
        subject: int = (await together.read(lambda store: store.undo.by_id(deed))).subject
        return subject

    for channel in (None, CHANNEL):
        assert await meant(channel, 1) == first.id
        assert await meant(channel, 2) == second.id
        assert await meant(channel, None) == second.id
        assert isinstance(await refusal(meant(channel, 3)), NotFound)
    for number in (1, None):
        assert isinstance(await refusal(meant("CELSEWHERE", number)), NotInvited)


async def test_what_can_be_taken_back_no_more_is_forgotten_after_an_hour(
    together: Together,
) -> None:
    await together.promise(BO)
    deed = await together.read(_newest)
    assert await together.run(undo.forget, BEGINNING + timedelta(minutes=60), 200) == 0
    await together.run(undo.forget, MONDAY + timedelta(minutes=61), 200)
    with pytest.raises(NotFound, match="too long ago"):
        await together.run(
            undo.take_back, TakeBack(together.key(), together.installation, BO, deed), MONDAY
        )


async def test_taking_back_and_anothers_step_at_once_end_as_if_one_came_first(
    together: Together,
) -> None:
    for _ in range(8):
        about = await together.promise(BO, by=DANA, accepted=False)
        key = together.key()
        await does(together, BO, about, Act.ACCEPT, key=key)
        both: tuple[Any, Any] = await asyncio.gather(
            undoes(together, BO, key),
            does(together, DANA, about, Act.DROP),
            return_exceptions=True,
        )
        back, dropped = both
        assert not isinstance(dropped, BaseException)  # she may drop what is agreed, and what waits
        after = await together.commitment(about.number)
        assert after.state is State.DROPPED
        versions = await of_terms(together, about)
        if isinstance(back, BaseException):
            assert isinstance(back, OutOfDate)
            assert versions == {1: TermsState.AGREED}
        else:
            assert versions == {1: TermsState.WAITING}


async def test_words_and_owner_change_together_or_not_at_all(together: Together) -> None:
    about = await standing(together, State.PROPOSED, own=False)
    words = Wish(what="invite 20 mentees")
    turn = Turn(together.key(), DANA, which(together, about))
    refused = await refusal(together.run(commitments.edit, turn, words, BO, MONDAY))
    assert "theirs already" in refused.sentence
    assert await together.commitment(about.number) == about
    key = together.key()
    turn = replace(turn, key=key)
    for _ in range(2):  # the same delivery again does nothing more
        edited = await together.run(commitments.edit, turn, words, HUI, MONDAY)
        assert (edited.terms.what, edited.owner.user) == ("invite 20 mentees", HUI.user)
    undone = await undoes(together, DANA, key)
    assert (undone.value.terms.what, undone.value.owner.user) == (about.terms.what, BO.user)
    refused = await refusal(undoes(together, DANA, key))
    assert isinstance(refused, NotPossible)
    assert refused.sentence.startswith("You have taken this back already.")
