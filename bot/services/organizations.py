"""Guests say which organization they are with, and those who are with it already agree.

Slack says it for everybody else. A new name makes a new organization; an existing one has to
agree, since its word counts as much as every other's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import NotAllowed, NotPossible, OutOfDate
from bot.domain.partnerships import (
    Asked,
    Entry,
    Joining,
    Partnership,
    Step,
    alike,
    organization_name,
    same_name,
)
from bot.domain.people import Kind, Member, Organization, Person
from bot.domain.undo import Lasting, What
from bot.services import beginning, lasting, partnerships
from bot.services.commitments import absence

if TYPE_CHECKING:
    from storage.store import Store


@dataclass(frozen=True, slots=True)
class With:
    """A guest says which organization they are with: one that is here, or a name."""

    key: str
    installation_id: int
    partnership_id: int
    person: Person
    name: str = ""
    organization_id: int | None = None
    is_new: bool = False
    """Whether they have seen that similar names are here, and mean another organization."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What came of it."""

    partnership_id: int
    name: str
    organization: Organization | None = None
    """None while it is not clear which one is meant."""
    joining: Asked | None = None
    """The question to those who are with it already; None if it is settled."""
    similar: tuple[Organization, ...] = ()
    """Those that may be meant; nothing was changed then."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Somebody says whether a guest is with their organization."""

    key: str
    installation_id: int
    channel: str
    person: Person
    joining_id: int
    yes: bool


def choices(store: "Store", partnership: Partnership) -> tuple[Organization, ...]:
    """The organizations here that guests may be with: those without a Slack workspace of theirs."""
    return tuple(
        each.organization
        for each in store.partnerships.organizations(partnership.id)
        if each.organization.team is None
    )


def say_with(store: "Store", request: With, now: datetime) -> Stated:
    """Note which organization a guest is with, or ask those who have to agree."""
    partnership = partnerships.live(store, request.installation_id, request.partnership_id)
    if (receipt := store.deliveries.receipt(request.key)) is not None:
        return _stated(store, partnership, receipt)
    guest, _ = partnerships.visiting(store, partnership, request.person, now)
    if guest.kind is not Kind.GUEST:
        raise NotPossible(
            "Slack says which organization you are with, so there is nothing to do. "
            "Only guests of a workspace are asked."
        )
    present = tuple(each.organization for each in store.partnerships.organizations(partnership.id))
    chosen = next((each for each in present if each.id == request.organization_id), None)
    name = chosen.name if chosen is not None else organization_name(request.name)
    if chosen is None:
        chosen = next((each for each in present if same_name(each.name, name)), None)
    if chosen is None and not request.is_new and (similar := alike(name, present)):
        return Stated(partnership.id, name, similar=similar)
    if chosen is not None and guest.organization is not None and chosen.id == guest.organization.id:
        raise NotPossible("I have that already, so there is nothing more to do.")
    if chosen is None:
        chosen = store.people.create_organization(request.installation_id, name)
    before = guest.organization
    part = None if before is None else store.partnerships.participation(partnership.id, before.id)
    stated, said = _ask_or_join(store, partnership, guest, chosen, now)
    store.undo.remember(
        What.WITH,
        guest.id,
        key=request.key,
        member_id=guest.id,
        partnership_id=partnership.id,
        now=now,
        entry=said.id - 1,
        before={
            "organization": chosen.id,
            "joining": None if stated.joining is None else stated.joining.id,
            "was": None if before is None else before.id,
            "part": None if part is None else part.id,
            "started": partnership.started,
        },
    )
    store.deliveries.handled(
        request.key,
        now,
        {
            "organization": chosen.id,
            "joining": None if stated.joining is None else stated.joining.id,
        },
    )
    return stated


def confirm(store: "Store", request: Confirm, now: datetime) -> Asked:
    """Somebody of an organization says whether a guest is with them."""
    partnership = partnerships.here(store, request.installation_id, request.channel)
    asked = store.partnerships.joining(request.joining_id)
    if store.deliveries.receipt(request.key) is not None:
        return asked
    member, _ = partnerships.visiting(store, partnership, request.person, now)
    if asked.partnership_id != partnership.id:
        raise OutOfDate("This question belongs to another channel. Answer it there.")
    if member.organization is None or member.organization.id != asked.organization.id:
        raise NotAllowed("Only somebody of that organization can answer this.")
    if asked.state is not Joining.ASKED:
        raise OutOfDate("This was answered already. There is nothing more to do.")
    guest = store.people.by_id(asked.member)
    answer = Joining.YES if request.yes else Joining.NO
    store.partnerships.answer_joining(asked.id, answer, member.id, now)
    say_again(store, partnership, asked, now)
    if request.yes:
        _settle(store, partnership, guest, asked.organization, now, confirmed_by=member)
    else:
        partnerships.note(
            store,
            partnership,
            Step.WITH_REFUSED,
            now,
            member=guest.id,
            organization=asked.organization.id,
            detail={"by": member.id},
        )
    lasting.note(
        store,
        Lasting.JOINING,
        key=request.key,
        member_id=member.id,
        partnership_id=partnership.id,
        now=now,
    )
    store.deliveries.handled(request.key, now, {"joining": asked.id})
    return store.partnerships.joining(asked.id)


def _ask_or_join(
    store: "Store",
    partnership: Partnership,
    guest: Member,
    organization: Organization,
    now: datetime,
) -> tuple[Stated, Entry]:
    others = [
        each
        for each in store.people.of_organization(organization.id)
        if each.id != guest.id and each.kind is not Kind.GONE
    ]
    if not others:
        said = _settle(store, partnership, guest, organization, now)
        return Stated(partnership.id, organization.name, organization), said
    asked = store.partnerships.ask_joining(partnership.id, guest.id, organization.id, now)
    said = partnerships.note(
        store,
        partnership,
        Step.WITH_ASKED,
        now,
        member=guest.id,
        organization=organization.id,
        detail={"joining": asked.id},
    )
    return Stated(partnership.id, organization.name, organization, asked), said


def _settle(
    store: "Store",
    partnership: Partnership,
    guest: Member,
    organization: Organization,
    now: datetime,
    *,
    confirmed_by: Member | None = None,
) -> Entry:
    """The guest is with this organization from now on."""
    before = guest.organization
    guest = store.people.join(guest.id, organization.id)
    if before is not None and before.id != organization.id:
        absence.owner_went(store, guest, now)
    if store.partnerships.participation(partnership.id, organization.id) is None:
        partnerships.participate(store, partnership, organization, now)
    said = partnerships.note(
        store,
        partnership,
        Step.WITH,
        now,
        member=guest.id,
        organization=organization.id,
        detail={"by": None if confirmed_by is None else confirmed_by.id},
    )
    if before is not None:
        leave_if_empty(store, partnership, before.id, now)
    partnership = beginning.start_if_ready(store, partnership, now)
    partnerships.refresh(store, partnership)
    return said


def leave_if_empty(
    store: "Store", partnership: Partnership, organization_id: int, now: datetime
) -> None:
    """Look after an organization of which nobody may be left in the channel.

    One that never said OK is not waited for any more. What one agreed to stays, and it is said.
    """
    part = store.partnerships.participation(partnership.id, organization_id)
    if part is None or store.partnerships.people_left(partnership.id, organization_id):
        return
    if part.agreed:
        partnerships.note(store, partnership, Step.NOBODY_LEFT, now, organization=organization_id)
    else:
        store.partnerships.change_participation(part.id, left_at=now)
        store.partnerships.record(partnership.id, Step.LEFT, now, organization=organization_id)


def say_again(store: "Store", partnership: Partnership, asked: Asked, now: datetime) -> None:
    """Bring the question in the thread up to date: its buttons become a line."""
    for entry in store.partnerships.history(partnership.id, Step.WITH_ASKED):
        if entry.detail.get("joining") == asked.id:
            partnerships.say_again(store, partnership, entry, now)


def _stated(store: "Store", partnership: Partnership, receipt: dict[str, int | None]) -> Stated:
    organization = store.people.organization(receipt["organization"] or 0)
    joining = receipt["joining"]
    return Stated(
        partnership.id,
        organization.name,
        organization,
        None if joining is None else store.partnerships.joining(joining),
    )
