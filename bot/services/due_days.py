"""Due dates on which somebody whom they concern is not there: pointed out, never refused."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.closed_days import Clash, Owner, clash
from bot.domain.commitments import Commitment
from bot.domain.schedules import Office, local_day

if TYPE_CHECKING:
    from storage.store import Store

_AROUND = timedelta(days=60)
"""Days around the due date that are looked at for one that suits."""


def pointed_out(store: "Store", commitment: Commitment, now: datetime) -> Clash | None:
    """What is to be said about the date that is at issue; None if nothing is.

    A yes may come after the day that was asked for, and then that is said. Else it looks at the
    days of the owner, or of whoever is asked to take over, of their organization and of the one
    that asks.
    """
    due = commitment.at_issue.due
    if due is None:
        return None
    owner = commitment.owner
    if commitment.offer is not None and commitment.offer.owner is not None:
        owner = commitment.offer.owner
    today = local_day(now, commitment.place.zone)
    if due < today:
        return Clash(due, (), past=True)
    concerned = {
        each.id: each for each in (owner.organization, commitment.asking) if each is not None
    }
    if not store.closed_days.off(due, concerned, owner.id):
        return None  # as nearly always: the rest is for the one day in many
    weeks = store.partnerships.workdays(concerned)
    offices = tuple(
        Office(
            each.name,
            weeks[each.id],
            store.closed_days.days(each.id, due - _AROUND, due + _AROUND),
        )
        for each in concerned.values()
    )
    times = store.aways.of_member(owner.id, today)
    return clash(due, Owner(offices, tuple((each.first, each.last) for each in times)), today)
