"""What replies and quick answers both need."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.checkins import Occurrence
from bot.domain.commitments import Audience, Commitment
from bot.domain.errors import NotFound
from bot.domain.partnerships import Partnership
from bot.domain.people import Person
from bot.services import commitments
from bot.services.commitments import Turn, Which

if TYPE_CHECKING:
    from storage.store import Store


def report_stuck(
    store: "Store", key: str, person: Person, commitment: Commitment, why: str, now: datetime
) -> None:
    """Confirmed by a button that says who will see it: everybody here."""
    which = Which(commitment.place.installation_id, commitment_id=commitment.id)
    commitments.report_stuck(store, Turn(key, person, which, why or None), Audience.EVERYONE, now)


def say_again(store: "Store", occurrence: Occurrence, written: datetime) -> None:
    """Bring what quotes a reply up to date, since it was changed or deleted: the summary of its
    check-in, and the digest that told it. ``written`` is when the reply was.
    """
    if occurrence.summary_id is not None:
        store.messages.refresh(occurrence.summary_id)
    told = store.digests.that_told(occurrence.partnership_id, written)
    if told is not None:
        store.messages.refresh(told)


def refresh(store: "Store", occurrence: Occurrence, member: int) -> None:
    """Bring the check-in up to date, and what reminded the one who has answered of it."""
    answered(store, occurrence, member)
    if occurrence.message_id is not None and occurrence.gone_at is None:
        store.messages.refresh(occurrence.message_id)


def answered(store: "Store", occurrence: Occurrence, member: int) -> None:
    """Somebody has answered: what reminded them of the check-in need not ask any more."""
    nudge = store.nudges.of(occurrence.id, member)
    if nudge is not None and nudge.message_id is not None:
        store.messages.refresh(nudge.message_id)


def commitment_of(store: "Store", partnership: Partnership, commitment_id: int) -> Commitment:
    commitment = store.commitments.find(commitment_id)
    if commitment is None or commitment.place.partnership_id != partnership.id:
        raise NotFound("I cannot find this commitment any more.")
    return commitment


def first_time(store: "Store", key: str, now: datetime) -> bool:
    if store.deliveries.receipt(key) is not None:
        return False
    store.deliveries.handled(key, now)
    return True


def tombstone(installation_id: int, channel: str | None, ts: str) -> str:
    return f"deleted:{installation_id}:{channel}:{ts}"
