"""Private messages that answer nobody: they wait for their reader's hours.

Who pressed a button or wrote to us is answered at any time. What tells somebody of what others did
comes in the hours that they chose, else from 9 to 17 in their zone, and on no day on which their
organization is closed or they are away. It is rendered when it leaves, so that it tells how things
stand then; what was taken back or settled meanwhile is not told at all.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.posts import Kind, State
from bot.services import preferences

if TYPE_CHECKING:
    from storage.store import Store

AT_ONCE = 20
"""Messages in one transaction, which holds up all others for so long."""

_LOOK_AGAIN = timedelta(days=7)
"""At somebody whose calendar leaves no day within a year."""


def tell(
    store: "Store",
    installation_id: int,
    member_ids: Iterable[int],
    kind: Kind,
    subject: int,
    *,
    now: datetime,
    about: str | None = None,
    once: str | None = None,
) -> None:
    """Say something in private to each of these people, now or when their hours begin.

    ``about`` is the channel that it tells of, whose members alone may read it. ``once`` names what
    may be said once to each of them; the member is added to it.
    """
    people = [store.people.by_id(each) for each in dict.fromkeys(member_ids)]
    chosen = store.preferences.of_members(each.id for each in people)
    times = preferences.times_of_each(store, people, chosen, now)
    for each in people:
        name = None if once is None else f"{once}:{each.id}"
        at = times[each.id].good_moment(now) or now + _LOOK_AGAIN
        if at <= now:
            store.messages.direct(
                installation_id, each.id, kind, subject, now=now, once=name, about=about
            )
        elif name is None or store.held.said(name) is None:
            store.held.add(installation_id, each.id, kind, subject, at, about=about, once=name)


def tell_due(store: "Store", now: datetime, limit: int) -> int:
    """Hand to the courier what was held back until now. A tick."""
    found = store.held.due(now, min(limit, AT_ONCE))
    for each in found:
        member = store.people.by_id(each.member_id)
        times = preferences.times_of(store, member, store.preferences.of_member(member.id), now)
        at = times.good_moment(now) or now + _LOOK_AGAIN
        if at > now:  # they have chosen other hours or days since
            store.held.postpone(each.id, at)
            continue
        store.messages.direct(
            each.installation_id,
            each.member_id,
            each.kind,
            each.subject,
            now=now,
            once=each.once,
            about=each.about,
        )
        store.held.drop(each.id)
    return len(found)


def in_vain(store: "Store", message_id: int) -> bool:
    """Whether a private message has not reached its reader and will not any more."""
    message = store.messages.by_id(message_id)
    return message.ts is None and message.state in {State.WITHDRAWN, State.MISSED}
