"""What one person sees of everything."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.home import Home, Next, Standing
from bot.domain.partnerships import missing
from bot.domain.people import Kind, Member, Person
from bot.services import commitments, partnerships, preferences

if TYPE_CHECKING:
    from storage.store import Store


def overview(store: "Store", installation_id: int, person: Person, now: datetime) -> Home:
    """What App Home shows. Only looks."""
    member = store.people.by_key(installation_id, person.team, person.user)
    found = () if member is None else store.partnerships.of_member(member.id)
    chosen = preferences.shown(store, installation_id, person, now)
    return Home(
        member=member,
        today=chosen.today,
        mine=commitments.mine(store, installation_id, person).commitments,
        waiting=commitments.waiting(store, installation_id, person).commitments,
        partnerships=tuple(_standing(store, each.id, member) for each in found),
        chosen=chosen,
    )


def channels(value: Home) -> frozenset[str]:
    """Every channel that an overview speaks of."""
    places = [each.place.channel for each in (*value.mine, *value.waiting)]
    places += [each.partnership.channel for each in value.partnerships]
    return frozenset(place for place in places if place is not None)


def within(value: Home, readable: frozenset[str]) -> Home:
    """An overview of these channels alone: only members of a channel see what belongs to it."""
    return replace(
        value,
        mine=tuple(each for each in value.mine if each.place.channel in readable),
        waiting=tuple(each for each in value.waiting if each.place.channel in readable),
        partnerships=tuple(
            each for each in value.partnerships if each.partnership.channel in readable
        ),
    )


def likeliest(store: "Store", installation_id: int, person: Person, channel: str | None) -> Next:
    """What somebody most likely wants, in a channel or (None) anywhere. Only looks.

    Raises NotInChannel for a channel without a live partnership.
    """
    partnership = None if channel is None else partnerships.here(store, installation_id, channel)
    member = store.people.by_key(installation_id, person.team, person.user)
    part = None
    if partnership is not None and member is not None and member.organization is not None:
        part = store.partnerships.participation(partnership.id, member.organization.id)
    without = person.kind is Kind.GUEST and (member is None or member.organization is None)
    return Next(
        partnership=partnership,
        may_agree=partnership is not None and not without and (part is None or not part.agreed),
        unknown_guest=partnership is not None and without,
        no_purpose=partnership is not None and not partnership.purpose,
        mine=commitments.mine(store, installation_id, person).total,
        waiting=commitments.waiting(store, installation_id, person).total,
    )


def _standing(store: "Store", partnership_id: int, member: Member | None) -> Standing:
    parts = store.partnerships.organizations(partnership_id)
    own = None
    if member is not None and member.organization is not None:
        own = next((each for each in parts if each.organization.id == member.organization.id), None)
    return Standing(
        partnership=store.partnerships.by_id(partnership_id),
        agreed=own is not None and own.agreed,
        waiting=tuple(each.organization.name for each in missing(parts)),
    )
