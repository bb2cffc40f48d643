"""Taking back which organization a guest has said they are with."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.errors import NotPossible
from bot.domain.partnerships import Joining, Partnership, Step
from bot.domain.people import Member
from bot.domain.posts import Kind
from bot.domain.undo import Undoable, built_on
from bot.services import organizations, partnerships
from bot.services.commitments import absence

if TYPE_CHECKING:
    from storage.store import Store

INSTEAD = "Name another organization in the same way instead."
"""What to do where it is too late."""


def take_back(store: "Store", deed: Undoable, by: Member, now: datetime) -> Member:
    """The guest is with nobody, or with whom they were with before; nobody is asked any more.

    Raises OutOfDate once somebody has answered, said OK or promised something for it, and
    NotPossible where everything has started because of it.
    """
    partnership = store.partnerships.by_id(deed.partnership or 0)
    if not partnership.live:
        raise NotPossible("This partnership has ended here, so nothing in it can change.")
    before = deed.before or {}
    if before["joining"] is not None:
        _ask_no_more(store, partnership, before["joining"], by, now)
    else:
        _part(store, partnership, deed, by, now)
    own = deed.entry + 1
    told = store.undo.withdraw({Kind.WELCOME_NOTE}, own, now)
    detail: dict[str, object] = {"with": before["organization"]}
    if told:
        back = partnerships.note(
            store, partnership, Step.TAKEN_BACK, now, member=by.id, detail=detail
        )
    else:
        back = store.partnerships.record(
            partnership.id, Step.TAKEN_BACK, now, member=by.id, detail=detail
        )
    store.undo.taken_back(deed.id, now, own_entry=own, back_entry=back.id)
    partnerships.look_again(store, partnership, now)
    partnerships.refresh(store, partnership)
    return store.people.by_id(by.id)


def _ask_no_more(
    store: "Store", partnership: Partnership, joining: int, by: Member, now: datetime
) -> None:
    asked = store.partnerships.joining(joining)
    if asked.state is not Joining.ASKED:
        answered = asked.answered_by
        raise built_on(None if answered is None else store.people.by_id(answered), by, INSTEAD)
    store.partnerships.answer_joining(asked.id, Joining.NO, None, now)
    organizations.say_again(store, partnership, asked, now)


def _part(
    store: "Store", partnership: Partnership, deed: Undoable, by: Member, now: datetime
) -> None:
    before = deed.before or {}
    organization: int = before["organization"]
    if partnership.started and not before["started"]:
        raise NotPossible("We have started because of it, so it stays. " + INSTEAD)
    if by.organization is None or by.organization.id != organization:
        raise built_on(None, by, INSTEAD)
    for each in store.people.of_organization(organization):
        if each.id != by.id:
            raise built_on(each, by, INSTEAD)
    part = store.partnerships.participation(partnership.id, organization)
    if part is not None and part.ok_at is not None and part.ok_at >= deed.at:
        raise built_on(None if part.ok_by is None else store.people.by_id(part.ok_by), by, INSTEAD)
    promised = store.commitments.open_with(partnership.id, organization)
    if any(each.created_at >= deed.at for each in promised):
        raise built_on(None, by, INSTEAD)
    store.people.join(by.id, before["was"])
    organizations.leave_if_empty(store, partnership, organization, now)
    if before["part"] is not None:
        store.partnerships.change_participation(before["part"], left_at=None)
        absence.owner_came(store, by, partnership.id)
