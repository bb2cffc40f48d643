"""One step of a commitment: the rule, what it does to the terms, and who is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain import commitments as rules
from bot.domain.commitments import (
    CLOSED,
    LIFE,
    Act,
    Audience,
    Commitment,
    Event,
    Move,
    Offer,
    Risk,
    Side,
    State,
    Step,
    Terms,
    TermsState,
)
from bot.domain.errors import BotError, NotAllowed, NotPossible
from bot.domain.partnerships import Partnership, takes_part
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.services import held, partnerships
from bot.services.commitments import undo
from bot.services.commitments.reading import colleagues, find
from bot.services.commitments.requests import Turn, Wish

if TYPE_CHECKING:
    from storage.store import Store

Check = Callable[[Commitment, Side, str | None], None]
"""Looks at what was said of an act (the reason) and refuses where something is missing."""

_ASKED_ABOUT = frozenset({Act.DONE, Act.REOPEN, Act.DROP, Act.STUCK, Act.ON_TRACK})
"""What a check-in asks about, and shows."""

_FINISHED_EVENTS = {act: {s.event for (_, _, a), s in LIFE.items() if a is act} for act in Act}


def turn(
    store: "Store",
    request: Turn,
    act: Act,
    now: datetime,
    *,
    wish: Wish | None = None,
    audience: Audience = Audience.EVERYONE,
    here: frozenset[str] = frozenset(),
    keeps_why: bool = False,
    to: Person | None = None,
    check: Check | None = None,
) -> Commitment:
    """Do one act, once for each delivery: the same delivery again gets the first receipt."""
    receipt = store.deliveries.receipt(request.key)
    if receipt is not None:
        return store.commitments.by_id(receipt["commitment"])
    commitment = find(store, request.which)
    by = _by(store, commitment, request.by, now)
    try:
        step = rules.step(
            commitment, by, act, version=request.which.version, today=_today(commitment, now)
        )
    except BotError:
        if not _said_already(store, commitment, by, act):
            raise
        changed: Commitment | None = None
    else:
        before = store.undo.commitment(commitment.id)
        if check is not None:
            check(commitment, rules.side_of(commitment, by), or_none(request.why))
        if act is Act.STUCK:
            kept = _kept_why(commitment, audience, asked=keeps_why)
            changed = _stuck(store, commitment, by, request, step, audience, here, kept, now)
        else:
            following = None if to is None else _next(store, commitment, by, to, now)
            if following is not None and following.id == by.id:
                step = Step(State.ACCEPTED, Event.TAKEN_OVER, Move.HOLD)
            changed = _changed(store, commitment, by, request, step, wish, now, following)
        if changed is not None:
            undo.remember(store, changed, by, request.key, now, before)
        if act in _ASKED_ABOUT or step.event is Event.TAKEN_OVER:  # an open check-in may show it
            for message in store.checkins.open_messages(commitment.place.partnership_id):
                store.messages.refresh(message)
    store.deliveries.handled(request.key, now, {"commitment": commitment.id})
    return commitment if changed is None else changed


def _by(store: "Store", commitment: Commitment, person: Person, now: datetime) -> Member:
    """Who acts; of an organization that has not agreed to be here nothing is kept."""
    if not commitment.place.live:
        return store.people.met(commitment.place.installation_id, person, now)
    partnership = store.partnerships.by_id(commitment.place.partnership_id)
    return partnerships.acting_in(store, partnership, person, now).member


def _today(commitment: Commitment, now: datetime) -> date:
    return now.astimezone(ZoneInfo(commitment.place.zone)).date()


def _next(store: "Store", commitment: Commitment, by: Member, to: Person, now: datetime) -> Member:
    """Who is to own it next."""
    if (to.team, to.user) == (commitment.owner.team, commitment.owner.user):
        raise NotPossible(
            f"#{commitment.number} is theirs already, so there is nothing to hand over."
            if by.id != commitment.owner.id
            else f"#{commitment.number} is yours already. Name somebody else to hand it over."
        )
    if (to.team, to.user) == (by.team, by.user):
        return by
    return asked(store, store.partnerships.by_id(commitment.place.partnership_id), to, now)


def asked(store: "Store", partnership: Partnership, person: Person, now: datetime) -> Member:
    """The owner that somebody else named."""
    owner, participation = partnerships.visiting(store, partnership, person, now)
    if owner.organization is None:
        raise NotAllowed(
            f"{owner.mention} has not told me yet which organization they are with. Ask them to "
            "press the button on my first message in the channel, then try again."
        )
    if not takes_part(partnership, participation):
        raise NotAllowed(
            f"The organization of {owner.mention} has not said OK yet, so I ask nothing of its "
            "people."
        )
    return owner


def _said_already(store: "Store", commitment: Commitment, by: Member, act: Act) -> bool:
    """Whether the last thing that happened is this person doing just this: a second press."""
    if act not in {Act.ACCEPT, Act.DECLINE, Act.KEEP, Act.DONE, Act.DROP}:
        return False
    last = store.commitments.last_entry(commitment.id)
    return last is not None and last[0] in _FINISHED_EVENTS[act] and last[1] == by.id


def _changed(
    store: "Store",
    commitment: Commitment,
    by: Member,
    request: Turn,
    step: Step,
    wish: Wish | None,
    now: datetime,
    following: Member | None = None,
) -> Commitment | None:
    """Do the step; None if it would change nothing. ``following`` is to own it by new terms."""
    changed = replace(commitment, state=step.to)
    about = commitment.terms
    if step.terms in {Move.HOLD, Move.OFFER}:
        if following is None:
            about = _new_terms(commitment, wish or Wish())
        else:
            about = replace(commitment.terms, version=commitment.last_version + 1)
        if _only_repeats(commitment, by, about, following):
            return None
        changed = _put_forward(store, changed, by, about, step, now, following)
    elif step.terms is Move.ADOPT and commitment.offer is not None:
        about = commitment.offer.terms
        settle_offer(store, commitment, TermsState.AGREED, by, now)
        owner = commitment.offer.owner or commitment.owner
        changed = replace(changed, terms=about, owner=owner, offer=None, risk=None)
    elif step.terms is Move.REJECT and commitment.offer is not None:
        about = commitment.offer.terms
        settle_offer(store, commitment, TermsState.REFUSED, by, now)
        changed = replace(changed, offer=None)
    elif step.terms is Move.WITHDRAW:
        if commitment.offer is not None and step.event in _WITHDRAWN:
            about = commitment.offer.terms
        settle_offer(store, commitment, TermsState.WITHDRAWN, by, now)
        changed = replace(changed, offer=None)
    if step.event is Event.ACCEPTED:
        store.commitments.answer_terms(
            commitment.id, commitment.terms.version, TermsState.AGREED, by, now
        )
    elif step.event is Event.DECLINED:
        store.commitments.answer_terms(
            commitment.id, commitment.terms.version, TermsState.REFUSED, by, now
        )
    audience = Audience.EVERYONE
    if step.event is Event.ON_TRACK and commitment.risk is not None:
        audience = commitment.risk.audience
        changed = replace(changed, risk=None)
    if step.to in CLOSED:
        changed = replace(changed, closed_at=now, risk=None)
    elif commitment.state in CLOSED:
        changed = replace(changed, closed_at=None)
    store.commitments.save(changed)
    entry = store.commitments.add_entry(
        commitment.id,
        step.event,
        by,
        now,
        version=about.version,
        why=or_none(request.why),
        audience=audience,
    )
    if audience is Audience.EVERYONE:
        show(store, changed, entry, now)
    return replace(changed, history_id=entry)


_WITHDRAWN = frozenset({Event.CHANGE_WITHDRAWN, Event.HAND_OVER_WITHDRAWN})


def _put_forward(
    store: "Store",
    changed: Commitment,
    by: Member,
    terms: Terms,
    step: Step,
    now: datetime,
    following: Member | None,
) -> Commitment:
    """Write new terms: in force at once, or waiting for the other side."""
    settle_offer(store, changed, TermsState.WITHDRAWN, by, now)
    agreed = step.to is State.ACCEPTED  # one's own promise, or taken over by who says so
    owner = following or changed.owner
    if step.terms is Move.HOLD and not agreed:
        store.commitments.answer_terms(
            changed.id, changed.terms.version, TermsState.WITHDRAWN, by, now
        )
    store.commitments.add_terms(
        changed.id,
        terms,
        owner,
        by,
        now,
        TermsState.AGREED if agreed else TermsState.WAITING,
    )
    changed = replace(changed, last_version=terms.version)
    if step.terms is Move.HOLD:
        return replace(changed, terms=terms, owner=owner, offer=None, risk=None)
    return replace(changed, offer=Offer(terms, by, following))


def _new_terms(commitment: Commitment, wish: Wish) -> Terms:
    base = commitment.at_issue
    return Terms(
        version=commitment.last_version + 1,
        what=base.what if wish.what is None else wish.what,
        due=wish.due if wish.due is not None or wish.no_date else base.due,
        condition=base.condition if wish.condition is None else or_none(wish.condition),
        label=base.label if wish.label is None else or_none(wish.label),
    )


def _only_repeats(commitment: Commitment, by: Member, new: Terms, following: Member | None) -> bool:
    """Whether this person has put forward just these terms already, and they wait.

    Raises ``NotPossible`` where the same terms hold, so that nothing is left to agree on.
    """
    offer, at_issue = commitment.offer, commitment.at_issue
    if following is not None:
        waits = None if offer is None or offer.owner is None else offer.owner.id
        return offer is not None and waits == following.id and offer.by.id == by.id
    if replace(new, version=at_issue.version) != at_issue:
        return False
    if offer is not None and offer.owner is None and offer.by.id == by.id:
        return True
    raise NotPossible(
        f"That is how #{commitment.number} stands already. Name another date or other words."
    )


def settle_offer(
    store: "Store",
    commitment: Commitment,
    became: TermsState,
    by: Member | None,
    now: datetime,
) -> None:
    if commitment.offer is not None:
        store.commitments.answer_terms(
            commitment.id, commitment.offer.terms.version, became, by, now
        )


def _kept_why(commitment: Commitment, audience: Audience, *, asked: bool) -> str | None:
    """The reason given before, for one who gives none now. It goes no further than it was meant
    to, unless they were asked just this: who may know.
    """
    known = commitment.risk
    if known is None or (not asked and rules.widens(known.audience, audience)):
        return None
    return known.why


def _stuck(
    store: "Store",
    commitment: Commitment,
    by: Member,
    request: Turn,
    step: Step,
    audience: Audience,
    here: frozenset[str],
    kept_why: str | None,
    now: datetime,
) -> Commitment | None:
    known = commitment.risk
    why = or_none(request.why) or kept_why
    risk = Risk(now if known is None else known.since, audience, why)
    if risk == known:
        return None
    told: tuple[Member, ...] = ()
    if audience is Audience.ORGANIZATION:
        told = colleagues(store, by, here)
        if not told:
            raise NotPossible(
                "Nobody else of your organization is here. "
                "You can tell everyone here, or nobody yet."
            )
    changed = replace(commitment, state=step.to, risk=risk)
    store.commitments.save(changed)
    entry = store.commitments.add_entry(
        commitment.id,
        step.event,
        by,
        now,
        version=commitment.terms.version,
        why=why,
        audience=audience,
    )
    held.tell(
        store,
        commitment.place.installation_id,
        [member.id for member in told],
        Kind.COMMITMENT_TOLD,
        entry,
        now=now,
        about=commitment.place.channel,
    )
    was_public = known is not None and known.audience is Audience.EVERYONE
    if audience is Audience.EVERYONE:
        show(store, changed, entry, now)
    elif was_public and commitment.card_id is not None:
        store.messages.refresh(commitment.card_id)
    return replace(changed, history_id=entry)


def show(store: "Store", changed: Commitment, entry: int, now: datetime) -> None:
    """Bring the card up to date and say in its thread what happened.

    A card that somebody deleted is posted anew by the courier, since it lasts.
    """
    if changed.card_id is not None:
        store.messages.refresh(changed.card_id)
        store.messages.note(changed.card_id, Kind.COMMITMENT_NOTE, entry, now=now)


def or_none(text: str | None) -> str | None:
    return (text or "").strip() or None
