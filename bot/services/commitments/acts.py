"""What changes a commitment: asked for, answered, handed over, done, at risk, dropped."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain import commitments as rules
from bot.domain.commitments import (
    Act,
    Audience,
    Commitment,
    Event,
    Place,
    Side,
    State,
    Terms,
)
from bot.domain.errors import NotAllowed, Unclear
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.undo import Receipt
from bot.services import due_days, partnerships
from bot.services.commitments import undo
from bot.services.commitments.requests import Propose, Proposed, Turn, Wish
from bot.services.commitments.turns import asked, or_none, turn

if TYPE_CHECKING:
    from storage.store import Store


def propose(store: "Store", request: Propose, now: datetime) -> Commitment:
    """Write a commitment down: a promise of one's own, or a proposal to somebody else.

    Raises ``Unclear`` without words to read, ``NotAllowed`` if the owner cannot own anything here,
    and what ``partnerships.acting`` raises.
    """
    return proposed(store, request, now).commitment


def proposed(store: "Store", request: Propose, now: datetime) -> Proposed:
    """As ``propose``, with what is to be said of it: at most commands it is all that is said, and
    what is known here need not be looked up again.
    """
    receipt = store.deliveries.receipt(request.key)
    if receipt is not None:
        known = store.commitments.by_id(receipt["commitment"])
        return Proposed(known, None, due_days.pointed_out(store, known, now))
    what = rules.check_words(request.what)
    _check_owner(request.owner)
    acting = partnerships.acting(store, request.installation_id, request.by, request.channel, now)
    partnership, by = acting.partnership, acting.member
    own = (request.owner.team, request.owner.user) == (request.by.team, request.by.user)
    owner = by if own else asked(store, partnership, request.owner, now)
    new = Commitment(
        id=0,
        place=Place(
            request.installation_id,
            partnership.id,
            partnership.name,
            partnership.zone,
            partnership.channel,
        ),
        number=store.commitments.next_number(partnership.id),
        state=State.ACCEPTED if own else State.PROPOSED,
        owner=owner,
        proposer=by,
        terms=Terms(1, what, request.due, or_none(request.condition), or_none(request.label)),
        created_at=now,
    )
    commitment_id = store.commitments.add(new, own, now)
    entry = store.commitments.add_entry(
        commitment_id, Event.PROMISED if own else Event.ASKED, by, now, version=1
    )
    card = store.messages.post(
        request.installation_id, request.channel, Kind.CARD, commitment_id, now=now
    )
    store.commitments.set_card(commitment_id, card)
    made = replace(new, id=commitment_id, card_id=card, history_id=entry)
    deed = undo.remember(store, made, by, request.key, now, None)
    store.deliveries.handled(request.key, now, {"commitment": commitment_id})
    edit = Act.CHANGE if rules.may(made, by, Act.CHANGE) else None
    return Proposed(made, Receipt(deed, made, edit), due_days.pointed_out(store, made, now))


def accept(store: "Store", request: Turn, now: datetime) -> Commitment:
    """Yes to the terms that wait for an answer."""
    return turn(store, request, Act.ACCEPT, now)


def accept_if(store: "Store", request: Turn, condition: str, now: datetime) -> Commitment:
    """Yes, if …: the same terms with a condition, for the asking side to agree to."""
    words = rules.check_words(condition)
    return turn(store, request, Act.CONDITION, now, wish=Wish(condition=words))


def change(store: "Store", request: Turn, wish: Wish, now: datetime) -> Commitment:
    """Another date or other words. What was agreed holds until the other side has answered."""
    if wish.what is not None:
        wish = replace(wish, what=rules.check_words(wish.what))
    return turn(store, request, Act.CHANGE, now, wish=wish)


def decline(store: "Store", request: Turn, now: datetime) -> Commitment:
    """No; where a change was asked for: keep it as it was."""
    return turn(store, request, Act.DECLINE, now)


def keep(store: "Store", request: Turn, now: datetime) -> Commitment:
    """Keep it as it was: no to the terms that wait, or one's own suggestion taken back."""
    return turn(store, request, Act.KEEP, now)


def hand_over(store: "Store", request: Turn, to: Person, now: datetime) -> Commitment:
    """Somebody else is asked to own it, and it stays where it is until they say yes.

    ``to`` is known to be in the channel. Whoever names themselves takes it over at once.
    """
    _check_owner(to)
    return turn(store, request, Act.HAND_OVER, now, to=to)


def drop(store: "Store", request: Turn, now: datetime) -> Commitment:
    """It will not be done, or is not needed any more.

    Whoever does not own it says why: raises ``Unclear`` otherwise.
    """
    return turn(store, request, Act.DROP, now, check=_why_it_is_dropped)


def _why_it_is_dropped(commitment: Commitment, side: Side, why: str | None) -> None:
    if side not in {Side.OWNER, Side.PROMISER} and why is None:
        raise Unclear(
            f"Why? {commitment.owner.mention} will want to know. "
            f"Write it like this: drop {commitment.number} because …",
            suggestion=f"drop {commitment.number} because ",
        )


def reopen(store: "Store", request: Turn, now: datetime) -> Commitment:
    """It is not done after all. The asking side says what is missing; raises ``Unclear`` else."""
    return turn(store, request, Act.REOPEN, now, check=_what_is_missing)


def _what_is_missing(commitment: Commitment, side: Side, why: str | None) -> None:
    if side is Side.ASKING and why is None:
        raise Unclear(
            f"What is missing? Write it like this: reopen {commitment.number}: the list of names",
            suggestion=f"reopen {commitment.number}: ",
        )


def report_done(store: "Store", request: Turn, now: datetime) -> Commitment:
    """The owner says that it is done."""
    return turn(store, request, Act.DONE, now)


def report_stuck(
    store: "Store",
    request: Turn,
    audience: Audience,
    now: datetime,
    *,
    here: frozenset[str] = frozenset(),
    keeps_why: bool = False,
) -> Commitment:
    """The owner is stuck. ``here`` are the user ids of the channel, needed to tell colleagues.

    Said again, it changes the reason or who may know. A reason that is left out stays for those
    who knew it; with ``keeps_why``, as the answer to *Who may know?*, it goes to the new ones too.
    """
    return turn(store, request, Act.STUCK, now, audience=audience, here=here, keeps_why=keeps_why)


def report_on_track(store: "Store", request: Turn, now: datetime) -> Commitment:
    """The owner is not stuck any more."""
    return turn(store, request, Act.ON_TRACK, now)


def _check_owner(owner: Person) -> None:
    if owner.kind is PersonKind.BOT:
        raise NotAllowed("A bot cannot promise anything. Please name a person.")
    if owner.kind is PersonKind.GONE:
        raise NotAllowed("This account is switched off in Slack. Please name somebody else.")
