"""What changes a commitment: asked for, answered, done, at risk, dropped."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

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
    Place,
    Risk,
    State,
    Step,
    Terms,
    TermsState,
)
from bot.domain.errors import BotError, NotAllowed, NotPossible
from bot.domain.partnerships import Partnership, takes_part
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.services import partnerships

if TYPE_CHECKING:
    from storage.store import Store
from bot.services.commitments import undo
from bot.services.commitments.reading import colleagues, find
from bot.services.commitments.requests import Propose, Turn, Wish

_ASKED_ABOUT = frozenset({Act.DONE, Act.DROP, Act.STUCK, Act.ON_TRACK})
"""What a check-in asks about, and shows."""


_FINISHED_EVENTS = {act: {s.event for (_, _, a), s in LIFE.items() if a is act} for act in Act}


def propose(store: "Store", request: Propose, now: datetime) -> Commitment:
    """Write a commitment down: a promise of one's own, or a proposal to somebody else.

    Raises ``Unclear`` without words to read, ``NotAllowed`` if the owner cannot own anything here,
    and what ``partnerships.acting`` raises.
    """
    receipt = store.deliveries.receipt(request.key)
    if receipt is not None:
        return store.commitments.by_id(receipt["commitment"])
    what = rules.check_words(request.what)
    _check_owner(request.owner)
    acting = partnerships.acting(store, request.installation_id, request.by, request.channel, now)
    partnership, by = acting.partnership, acting.member
    own = (request.owner.team, request.owner.user) == (request.by.team, request.by.user)
    owner = by if own else _asked(store, partnership, request.owner, now)
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
        terms=Terms(1, what, request.due, _or_none(request.condition), _or_none(request.label)),
        created_at=now,
    )
    commitment_id = store.commitments.add(new, own, now)
    store.commitments.add_entry(
        commitment_id, Event.PROMISED if own else Event.ASKED, by, now, version=1
    )
    card = store.messages.post(
        request.installation_id, request.channel, Kind.CARD, commitment_id, now=now
    )
    store.commitments.set_card(commitment_id, card)
    made = replace(new, id=commitment_id, card_id=card)
    undo.remember(store, made, by, request.key, now, None)
    store.deliveries.handled(request.key, now, {"commitment": commitment_id})
    return made


def accept(store: "Store", request: Turn, now: datetime) -> Commitment:
    """Yes to the terms that wait for an answer."""
    return _turn(store, request, Act.ACCEPT, now)


def accept_if(store: "Store", request: Turn, condition: str, now: datetime) -> Commitment:
    """Yes, if …: the same terms with a condition, for the asking side to agree to."""
    words = rules.check_words(condition)
    return _turn(store, request, Act.CONDITION, now, wish=Wish(condition=words))


def change(store: "Store", request: Turn, wish: Wish, now: datetime) -> Commitment:
    """Another date or other words. What was agreed holds until the other side has answered."""
    if wish.what is not None:
        wish = replace(wish, what=rules.check_words(wish.what))
    return _turn(store, request, Act.CHANGE, now, wish=wish)


def decline(store: "Store", request: Turn, now: datetime) -> Commitment:
    """No; where a change was asked for: keep it as it was."""
    return _turn(store, request, Act.DECLINE, now)


def drop(store: "Store", request: Turn, now: datetime) -> Commitment:
    """It will not be done, or is not needed any more."""
    return _turn(store, request, Act.DROP, now)


def report_done(store: "Store", request: Turn, now: datetime) -> Commitment:
    """The owner says that it is done."""
    return _turn(store, request, Act.DONE, now)


def report_stuck(
    store: "Store",
    request: Turn,
    audience: Audience,
    now: datetime,
    *,
    here: frozenset[str] = frozenset(),
) -> Commitment:
    """The owner is stuck. ``here`` are the user ids of the channel, needed to tell colleagues.

    Said again, it changes the reason or who may know; a reason that is left out stays.
    """
    return _turn(store, request, Act.STUCK, now, audience=audience, here=here)


def report_on_track(store: "Store", request: Turn, now: datetime) -> Commitment:
    """The owner is not stuck any more."""
    return _turn(store, request, Act.ON_TRACK, now)


def end_with_organization(
    store: "Store", organization_id: int, partnership_id: int, now: datetime
) -> int:
    """An organization has left a partnership: what is open with it ends. Returns how many."""
    ending = store.commitments.open_with(partnership_id, organization_id)
    for commitment in ending:
        _settle_offer(store, commitment, TermsState.WITHDRAWN, None, now)
        store.commitments.save(
            replace(commitment, state=State.DROPPED, offer=None, risk=None, closed_at=now)
        )
        store.commitments.add_entry(
            commitment.id, Event.ENDED, None, now, version=commitment.terms.version
        )
        if commitment.card_id is not None:
            store.messages.refresh(commitment.card_id)
    return len(ending)


def _turn(
    store: "Store",
    request: Turn,
    act: Act,
    now: datetime,
    *,
    wish: Wish | None = None,
    audience: Audience = Audience.EVERYONE,
    here: frozenset[str] = frozenset(),
) -> Commitment:
    receipt = store.deliveries.receipt(request.key)
    if receipt is not None:
        return store.commitments.by_id(receipt["commitment"])
    commitment = find(store, request.which)
    by = _by(store, commitment, request.by, now)
    try:
        step = rules.step(commitment, by, act, version=request.which.version)
    except BotError:
        if not _said_already(store, commitment, by, act):
            raise
        changed: Commitment | None = None
    else:
        before = store.undo.commitment(commitment.id)
        if act is Act.STUCK:
            changed = _stuck(store, commitment, by, request, step, audience, here, now)
        else:
            changed = _changed(store, commitment, by, request, step, wish, now)
        if changed is not None:
            undo.remember(store, changed, by, request.key, now, before)
        if act in _ASKED_ABOUT:  # an open check-in may show it
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


def _asked(store: "Store", partnership: Partnership, person: Person, now: datetime) -> Member:
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
    if act not in {Act.ACCEPT, Act.DECLINE, Act.DONE, Act.DROP}:
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
) -> Commitment | None:
    """Do the step; None if it would change nothing."""
    changed = replace(commitment, state=step.to)
    about = commitment.terms
    if step.terms in {Move.HOLD, Move.OFFER}:
        about = _new_terms(commitment, wish or Wish())
        if _only_repeats(commitment, by, about):
            return None
        changed = _put_forward(store, changed, by, about, step, now)
    elif step.terms is Move.ADOPT and commitment.offer is not None:
        about = commitment.offer.terms
        _settle_offer(store, commitment, TermsState.AGREED, by, now)
        changed = replace(changed, terms=about, offer=None, risk=None)
    elif step.terms is Move.REJECT and commitment.offer is not None:
        about = commitment.offer.terms
        _settle_offer(store, commitment, TermsState.REFUSED, by, now)
        changed = replace(changed, offer=None)
    elif step.terms is Move.WITHDRAW:
        if commitment.offer is not None and step.event is Event.CHANGE_WITHDRAWN:
            about = commitment.offer.terms
        _settle_offer(store, commitment, TermsState.WITHDRAWN, by, now)
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
    store.commitments.save(changed)
    entry = store.commitments.add_entry(
        commitment.id,
        step.event,
        by,
        now,
        version=about.version,
        why=_or_none(request.why),
        audience=audience,
    )
    if audience is Audience.EVERYONE:
        _show(store, changed, entry, now)
    return changed


def _put_forward(
    store: "Store", changed: Commitment, by: Member, terms: Terms, step: Step, now: datetime
) -> Commitment:
    """Write new terms: in force at once, or waiting for the other side."""
    _settle_offer(store, changed, TermsState.WITHDRAWN, by, now)
    agreed = step.to is State.ACCEPTED  # one's own promise
    if step.terms is Move.HOLD and not agreed:
        store.commitments.answer_terms(
            changed.id, changed.terms.version, TermsState.WITHDRAWN, by, now
        )
    store.commitments.add_terms(
        changed.id,
        terms,
        changed.owner,
        by,
        now,
        TermsState.AGREED if agreed else TermsState.WAITING,
    )
    changed = replace(changed, last_version=terms.version)
    if step.terms is Move.HOLD:
        return replace(changed, terms=terms, offer=None, risk=None)
    return replace(changed, offer=Offer(terms, by))


def _new_terms(commitment: Commitment, wish: Wish) -> Terms:
    base = commitment.at_issue
    return Terms(
        version=commitment.last_version + 1,
        what=base.what if wish.what is None else wish.what,
        due=wish.due if wish.due is not None or wish.no_date else base.due,
        condition=base.condition if wish.condition is None else _or_none(wish.condition),
        label=base.label if wish.label is None else _or_none(wish.label),
    )


def _only_repeats(commitment: Commitment, by: Member, new: Terms) -> bool:
    """Whether this person has put forward just these terms already, and they wait.

    Raises ``NotPossible`` where the same terms hold, so that nothing is left to agree on.
    """
    at_issue = commitment.at_issue
    if replace(new, version=at_issue.version) != at_issue:
        return False
    if commitment.offer is not None and commitment.offer.by.id == by.id:
        return True
    raise NotPossible(
        f"That is how #{commitment.number} stands already. Name another date or other words."
    )


def _settle_offer(
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


def _stuck(
    store: "Store",
    commitment: Commitment,
    by: Member,
    request: Turn,
    step: Step,
    audience: Audience,
    here: frozenset[str],
    now: datetime,
) -> Commitment | None:
    known = commitment.risk
    why = _or_none(request.why) or (None if known is None else known.why)
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
    for member in told:
        store.messages.direct(
            commitment.place.installation_id,
            member.id,
            Kind.COMMITMENT_TOLD,
            entry,
            now=now,
            about=commitment.place.channel,
        )
    was_public = known is not None and known.audience is Audience.EVERYONE
    if audience is Audience.EVERYONE:
        _show(store, changed, entry, now)
    elif was_public and commitment.card_id is not None:
        store.messages.refresh(commitment.card_id)
    return changed


def _show(store: "Store", changed: Commitment, entry: int, now: datetime) -> None:
    """Bring the card up to date and say in its thread what happened.

    A card that somebody deleted is posted anew by the courier, since it lasts.
    """
    if changed.card_id is not None:
        store.messages.refresh(changed.card_id)
        store.messages.note(changed.card_id, Kind.COMMITMENT_NOTE, entry, now=now)


def _check_owner(owner: Person) -> None:
    if owner.kind is PersonKind.BOT:
        raise NotAllowed("A bot cannot promise anything. Please name a person.")
    if owner.kind is PersonKind.GONE:
        raise NotAllowed("This account is switched off in Slack. Please name somebody else.")


def _or_none(text: str | None) -> str | None:
    return (text or "").strip() or None
