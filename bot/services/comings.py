"""Comings and goings: people, organizations, the bot itself, and the channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.partnerships import Entry, Partnership, State, Step
from bot.domain.people import Person
from bot.domain.posts import Kind as Post
from bot.domain.trouble import OLDEST
from bot.services import beginning, commitments, held, organizations, partnerships, schedules

if TYPE_CHECKING:
    from storage.store import Store


_REST = timedelta(days=1)
"""After this a channel that rests is tried again, in case nobody tells us that it is open."""


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody joined a channel."""

    key: str
    installation_id: int
    channel: str
    person: Person


@dataclass(frozen=True, slots=True)
class Went:
    """Somebody left a channel."""

    key: str
    installation_id: int
    channel: str
    user: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something happened to a whole channel: archived, or the bot was removed from it."""

    key: str
    installation_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A channel has a new id, for instance since it became shared."""

    key: str
    installation_id: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Slack disconnected a workspace from a shared channel."""

    key: str
    installation_id: int
    channel: str
    team: str
    """Its workspace (``T…``) or enterprise (``E…``)."""


def came(store: "Store", request: Came, now: datetime) -> Partnership | None:
    """Note who joined. A new organization is asked for its OK; a guest, which one they are with."""
    partnership = store.partnerships.in_channel(request.installation_id, request.channel)
    if partnership is None or store.deliveries.receipt(request.key) is not None:
        return partnership
    member = store.people.met(request.installation_id, request.person, now)
    partnerships.see(store, partnership, member, now)
    commitments.owner_came(store, member, partnership.id)
    store.deliveries.handled(request.key, now)
    return partnership


def went(store: "Store", request: Went, now: datetime) -> Partnership | None:
    """Note who left, and whether anybody of their organization remains."""
    partnership = store.partnerships.in_channel(request.installation_id, request.channel)
    if partnership is None or store.deliveries.receipt(request.key) is not None:
        return partnership
    member = store.people.by_user(request.installation_id, request.user)
    if member is not None and store.partnerships.unseen(partnership.id, member.id, now):
        commitments.owner_went(store, member, now, partnership.id)
        if member.organization is not None:
            organizations.leave_if_empty(store, partnership, member.organization.id, now)
        partnership = beginning.start_if_ready(store, partnership, now)
        partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now)
    return partnership


def removed(store: "Store", request: Happened, now: datetime) -> Partnership | None:
    """The bot was removed from the channel: nothing is posted or kept any more."""
    return _end(store, request, Step.REMOVED, now)


def archived(store: "Store", request: Happened, now: datetime) -> Partnership | None:
    """The channel was archived: nothing is posted until it is opened again."""
    return _end(store, request, Step.ARCHIVED, now)


def unarchived(store: "Store", request: Happened, now: datetime) -> Partnership | None:
    """The channel is open again and the bot is still in it: everything goes on."""
    known = store.partnerships.last_in_channel(request.installation_id, request.channel)
    if known is None or store.deliveries.receipt(request.key) is not None:
        return known
    store.messages.resume_channel(request.installation_id, request.channel)
    if not known.live and beginning.was_archived(store, known):
        known = beginning.resume(store, known, request.channel, now)
        partnerships.note(store, known, Step.RETURNED, now)
        partnerships.refresh(store, known)
    store.deliveries.handled(request.key, now)
    return known


def moved(store: "Store", request: Moved, now: datetime) -> Partnership | None:
    """Follow the channel to its new id.

    Slack may have refused the old id before it told of the new one. What ended only because of
    that goes on: nobody can invite us to a channel in which we are. What ended otherwise stays so,
    to be found under the new id when the channel is opened again or we are invited again.
    """
    known = store.partnerships.last_in_channel(request.installation_id, request.old)
    if known is None or store.deliveries.receipt(request.key) is not None:
        return known
    follows = store.partnerships.last_channel(known.id) == request.old
    if follows and store.partnerships.in_channel(request.installation_id, request.new) is None:
        goes_on = not known.live and _was_refused(store, known)
        if goes_on:
            store.messages.resume_channel(request.installation_id, request.old)
        store.messages.moved(request.installation_id, request.old, request.new)
        store.partnerships.settle(known.id, request.new, now)
        store.partnerships.record(
            known.id, Step.MOVED, now, detail={"old": request.old, "new": request.new}
        )
        if goes_on:
            known = beginning.resume(store, known, request.new, now)
            partnerships.note(store, known, Step.RETURNED, now)
            partnerships.refresh(store, known)
        elif not known.live:
            store.partnerships.unsettle(known.id, now)
    store.deliveries.handled(request.key, now)
    return store.partnerships.by_id(known.id)


def _was_refused(store: "Store", ended: Partnership) -> bool:
    """Whether it ended only because Slack did not know its channel any more by that id."""
    ends = store.partnerships.history(ended.id, Step.ARCHIVED, Step.REMOVED)
    return bool(ends) and ends[-1].detail.get("problem") == "channel_not_found"


def renamed(store: "Store", installation_id: int, channel: str, name: str) -> Partnership | None:
    """The channel has another name, and so does the partnership."""
    partnership = store.partnerships.in_channel(installation_id, channel)
    if partnership is None or not name:
        return partnership
    return store.partnerships.change(partnership.id, name=name)


def disconnected(store: "Store", request: Disconnected, now: datetime) -> Partnership | None:
    """An organization left the channel: its part ends, and its open commitments with it.

    Coming back needs its OK anew.
    """
    partnership = store.partnerships.in_channel(request.installation_id, request.channel)
    if partnership is None or store.deliveries.receipt(request.key) is not None:
        return partnership
    organization = store.people.organization_of_team(request.installation_id, request.team)
    part = (
        None
        if organization is None
        else store.partnerships.participation(partnership.id, organization.id)
    )
    if organization is not None and part is not None and not organization.host:
        store.partnerships.change_participation(part.id, left_at=now)
        for member in store.partnerships.members(partnership.id):
            if member.organization is not None and member.organization.id == organization.id:
                store.partnerships.unseen(partnership.id, member.id, now)
        commitments.end_with_organization(store, organization.id, partnership.id, now)
        partnerships.note(store, partnership, Step.LEFT, now, organization=organization.id)
        partnership = beginning.start_if_ready(store, partnership, now)
        partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now)
    return partnership


def uninstalled(store: "Store", installation_id: int, now: datetime) -> int:
    """The app was removed from the workspace: everything stops. Returns how many partnerships."""
    live = store.partnerships.live(installation_id)
    for partnership in live:
        _stop(store, partnership, Step.REMOVED, now)
    store.installations.end(installation_id, now)
    return len(live)


# What a post finds out that no event told


def lost(
    store: "Store", installation_id: int, channel: str, problem: str, now: datetime
) -> Partnership | None:
    """Slack refuses what is said in a channel, for a reason that a person has to mend.

    ``problem`` is Slack's word. Where the channel is archived or we are not in it, this has the
    same consequences as the event; a policy leaves the partnership as it is. Who can mend it is
    told once.
    """
    partnership = store.partnerships.in_channel(installation_id, channel)
    if partnership is None:
        return None
    step = _STEPS.get(problem, Step.BLOCKED)
    if step is not Step.BLOCKED:
        return _stop(store, partnership, step, now, channel, problem)
    last = store.partnerships.history(partnership.id, Step.BLOCKED, Step.MENDED)
    if not last or last[-1].step is Step.MENDED:
        entry = store.partnerships.record(
            partnership.id, step, now, detail={"problem": problem, "channel": channel}
        )
        _tell(store, partnership, entry, now)
    return partnership


def mended(store: "Store", installation_id: int, channel: str, now: datetime) -> None:
    """Something could be said in a channel where nothing could be.

    What waited goes on, and the partners read it in the thread of the first message.
    """
    known = store.partnerships.last_in_channel(installation_id, channel)
    if known is None:
        return
    if known.live:
        last = store.partnerships.history(known.id, Step.BLOCKED, Step.MENDED)
        if last and last[-1].step is Step.BLOCKED:
            partnerships.note(store, known, Step.MENDED, now)
    elif beginning.was_archived(store, known):
        known = beginning.resume(store, known, channel, now)
        partnerships.note(store, known, Step.RETURNED, now)
        partnerships.refresh(store, known)


_STEPS = {
    "is_archived": Step.ARCHIVED,
    "is_inactive": Step.ARCHIVED,
    "channel_not_found": Step.REMOVED,
    "not_in_channel": Step.REMOVED,
}
_PROBLEMS = {Step.ARCHIVED: "is_archived", Step.REMOVED: "not_in_channel"}


def _tell(store: "Store", partnership: Partnership, entry: Entry, now: datetime) -> None:
    """Tell the one who invited us, else (or where Slack takes nothing for them) the leads."""
    refusing = store.trouble.refusing(partnership.installation_id, now - OLDEST, now)
    leads = {part.lead for part in store.partnerships.organizations(partnership.id)}
    found = {partnership.invited_by} - {None} - refusing or leads - refusing
    held.tell(
        store,
        partnership.installation_id,
        sorted(each for each in found if each is not None),
        Post.CHANNEL_LOST,
        entry.id,
        now=now,
        once=f"partnership_history:{entry.id}",
    )


def _end(store: "Store", request: Happened, step: Step, now: datetime) -> Partnership | None:
    partnership = store.partnerships.in_channel(request.installation_id, request.channel)
    if partnership is None or store.deliveries.receipt(request.key) is not None:
        return partnership
    ended = _stop(store, partnership, step, now, request.channel)
    store.messages.rest_channel(request.installation_id, request.channel, _PROBLEMS[step], _REST)
    store.deliveries.handled(request.key, now)
    return ended


def _stop(
    store: "Store",
    partnership: Partnership,
    step: Step,
    now: datetime,
    channel: str | None = None,
    problem: str | None = None,
) -> Partnership:
    """End a partnership; with a ``channel``, those who can mend it are told.

    ``problem`` is Slack's word, where it refused the channel before it told of anything.
    """
    said = {"channel": channel, "problem": problem}
    detail = {name: value for name, value in said.items() if value is not None}
    entry = store.partnerships.record(partnership.id, step, now, detail=detail or None)
    if channel is not None:
        _tell(store, partnership, entry, now)
    store.partnerships.unsettle(partnership.id, now)
    schedules.end(store, partnership)
    return store.partnerships.change(partnership.id, state=State.ENDED, ended_at=now, look_at=None)
