"""What an organization says of itself in a partnership: its lead, sponsor, time zone and week.

Only its own people change it, at once, since it concerns nobody else's rights; the welcome shows
it and the history tells it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.domain.closed_days import working_days
from bot.domain.errors import BotError, NotAllowed, NotPossible
from bot.domain.own_organization import SPONSOR_LIMIT, Own
from bot.domain.partnerships import Partnership, Step
from bot.domain.people import Kind, Member, Person
from bot.domain.schedules import local_day
from bot.domain.undo import Undoable, What, built_on
from bot.services import closed_days, partnerships, replanning
from bot.services.commitments.absence import lead_changed

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants for their own organization. None leaves a thing as it is."""

    key: str
    installation_id: int
    partnership_id: int
    person: Person
    lead: int | None = None
    """Member."""
    sponsor: str | None = None
    zone: str | None = None
    weekdays: tuple[str, ...] | None = None
    """By ``date.weekday()``, as digits."""


class WrongLead(NotAllowed):
    """Whoever was chosen cannot lead."""


class WrongSponsor(BotError):
    """What was written of the sponsor cannot stand."""


class WrongZone(BotError):
    """There is no such time zone."""


def shown(
    store: "Store", installation_id: int, partnership_id: int, person: Person, now: datetime
) -> Own:
    """One's own organization in a partnership. Only looks; raises NotAllowed for others."""
    partnership = partnerships.live(store, installation_id, partnership_id)
    return _own(store, partnership, closed_days.own(store, installation_id, person), now)


def change(store: "Store", request: Change, now: datetime) -> Own:
    """Set what is new, and write it down."""
    partnership = partnerships.live(store, request.installation_id, request.partnership_id)
    act = partnerships.acting_in(store, partnership, request.person, now)
    before = _own(store, partnership, act.member, now)
    if store.deliveries.receipt(request.key) is not None:
        return before
    organization = act.participation.organization
    what: dict[str, object] = {}
    if request.lead is not None and (before.lead is None or request.lead != before.lead.id):
        lead = next((each for each in before.people if each.id == request.lead), None)
        if lead is None:
            raise WrongLead("The lead has to be somebody of your organization in this channel.")
        store.partnerships.change_participation(act.participation.id, lead_id=lead.id)
        what["lead"] = lead.id
    if request.sponsor is not None and (sponsor := _sponsor(request.sponsor)) != before.sponsor:
        store.partnerships.change_participation(act.participation.id, sponsor=sponsor or None)
        what["sponsor"] = sponsor
    if request.zone is not None and request.zone != before.zone:
        store.people.set_zone(organization.id, _zone(request.zone))
        what["zone"] = request.zone
    if request.weekdays is not None:
        kept = working_days(request.weekdays)
        if frozenset(int(each) for each in kept) != before.weekdays:
            store.closed_days.set_weekdays(organization.id, kept)
            what["weekdays"] = kept
    _record(store, partnership, act.member, what, now)
    if what:
        _remember(store, before, act.member, request.key, what, now)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return _own(store, partnership, act.member, now, frozenset(what))


def _remember(
    store: "Store", before: Own, member: Member, key: str, what: dict[str, object], now: datetime
) -> None:
    """Note how it stood and what was set, so that it can be taken back."""
    stood = {
        "lead": None if before.lead is None else before.lead.id,
        "sponsor": before.sponsor,
        "zone": before.zone,
        "weekdays": "".join(str(each) for each in sorted(before.weekdays)),
    }
    store.undo.remember(
        What.ORGANIZATION,
        before.organization.id,
        key=key,
        member_id=member.id,
        partnership_id=before.partnership.id,
        now=now,
        before={"stood": {name: stood[name] for name in what}, "set": what},
    )


INSTEAD = "Say “our organization” in the channel and change it there."
"""What to do where it is too late to take a change back."""


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Own:
    """What was set is as it was before. Raises OutOfDate where a colleague has set it since,
    NotPossible where the lead of before is not in the channel any more.
    """
    partnership = store.partnerships.by_id(deed.partnership or 0)
    if not partnership.live:
        raise NotPossible("This partnership has ended here, so nothing in it can change.")
    own = _own(store, partnership, by, now)
    part = store.partnerships.participation(partnership.id, deed.subject)
    if part is None or own.organization.id != deed.subject:
        raise NotPossible("You are with another organization by now, so it stays.")
    before = deed.before or {}
    stands = {
        "lead": part.lead,
        "sponsor": part.sponsor or "",
        "zone": own.zone,
        "weekdays": "".join(str(each) for each in sorted(own.weekdays)),
    }
    if any(stands[name] != value for name, value in before["set"].items()):
        more = store.undo.did_more(deed)
        who = by if more == by.id else None if more is None else store.people.by_id(more)
        raise built_on(who, by, INSTEAD)
    stood = before["stood"]
    lead = stood.get("lead")
    if lead is not None and all(each.id != lead for each in own.people):
        gone = store.people.by_id(lead).mention
        raise NotPossible(f"{gone} is not in this channel any more, so it stays. {INSTEAD}")
    if "lead" in stood:
        store.partnerships.change_participation(part.id, lead_id=stood["lead"])
    if "sponsor" in stood:
        store.partnerships.change_participation(part.id, sponsor=stood["sponsor"] or None)
    if "zone" in stood:
        store.people.set_zone(deed.subject, stood["zone"])
    if "weekdays" in stood:
        store.closed_days.set_weekdays(deed.subject, stood["weekdays"])
    _record(store, partnership, by, stood, now)
    store.undo.taken_back(deed.id, now, own_entry=None, back_entry=None)
    return _own(store, partnership, by, now)


def _own(
    store: "Store",
    partnership: Partnership,
    member: Member,
    now: datetime,
    changed: frozenset[str] = frozenset(),
) -> Own:
    if member.organization is None:
        raise partnerships.without(store, partnership, member)
    organization = store.people.organization(member.organization.id)
    part = store.partnerships.participation(partnership.id, organization.id)
    if part is None:
        raise NotAllowed("Your organization does not take part here.")
    people = tuple(
        each
        for each in store.partnerships.members(partnership.id)
        if each.organization is not None
        and each.organization.id == organization.id
        and each.kind in {Kind.FULL, Kind.GUEST}
    )
    today = local_day(now, partnership.zone)
    return Own(
        partnership=partnership,
        organization=organization,
        lead=None if part.lead is None else store.people.by_id(part.lead),
        sponsor=part.sponsor or "",
        zone=organization.zone,
        weekdays=store.closed_days.weekdays(organization.id),
        people=people,
        days=closed_days.coming(store, organization.id, today),
        today=today,
        changed=changed,
    )


def _record(
    store: "Store", partnership: Partnership, member: Member, what: dict[str, object], now: datetime
) -> None:
    """Write down what is new: zone and week wherever the organization takes part; and have that
    looked at again which depended on it.
    """
    if not what or member.organization is None:
        return
    if "lead" in what:
        lead_changed(store, partnership.id, member.organization.id)
    if what.keys() & {"zone", "weekdays"}:
        replanning.of_organization(store, member.organization.id)
    here = {name: value for name, value in what.items() if name in {"lead", "sponsor"}}
    everywhere = {name: value for name, value in what.items() if name not in here}
    for each in store.partnerships.of_organization(member.organization.id):
        detail = (here | everywhere) if each.id == partnership.id else everywhere
        if detail:
            store.partnerships.record(
                each.id,
                Step.ORGANIZATION,
                now,
                member=member.id,
                organization=member.organization.id,
                detail=detail,
            )
            partnerships.refresh(store, each)


def _sponsor(typed: str) -> str:
    sponsor = " ".join(typed.split())
    if len(sponsor) > SPONSOR_LIMIT:
        raise WrongSponsor(f"Please write the sponsor in {SPONSOR_LIMIT} letters at most.")
    return sponsor


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise WrongZone("I don't know this time zone. Please choose one of the list.") from None
    return name
