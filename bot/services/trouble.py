"""What is told of trouble: a channel that is lost, and messages that did not get through."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.partnerships import Step
from bot.domain.posts import Kind as Post
from bot.domain.trouble import AGAIN, GATHER, OLDEST, Lost, NotThrough

if TYPE_CHECKING:
    from storage.store import Store

_SETTLING = timedelta(minutes=1)  # what was settled a moment ago may not be committed yet


def lost(store: "Store", entry_id: int, now: datetime) -> Lost | None:
    """For those who can mend it, by a row of the history; None once it is mended."""
    entry = store.partnerships.entry(entry_id)
    partnership = store.partnerships.by_id(entry.partnership_id)
    if entry.step is Step.BLOCKED:
        channel = partnership.channel
        if channel is None:
            return None
        if store.messages.channel_problem(partnership.installation_id, channel) is None:
            return None
    elif partnership.live:
        return None
    return Lost(partnership.name, entry.step, str(entry.detail.get("problem") or ""))


def tell(store: "Store", now: datetime, limit: int) -> int:
    """Tell who can mend it what did not get through; at most once a day in each workspace. A tick.

    That is who invited the bot to the channels that it was about, else the leads of the
    organization that installed it. Whoever Slack takes nothing for is left out.
    """
    told = 0
    for installation in store.installations.all():
        installation_id = installation.id
        moment = _moment(store, installation_id, now)
        if told >= limit or moment is None or moment > now:
            continue
        since, until = _since(store, installation_id, now), now - _SETTLING
        members = _who_can_mend(store, installation_id, since, until)
        if not members:
            continue
        report = store.trouble.add(installation_id, since, until, now)
        for member in members:
            store.messages.direct(
                installation_id,
                member,
                Post.NOT_THROUGH,
                report.id,
                now=now,
                once=f"report:{report.id}:{member}",
            )
        told += 1
    return told


def not_through(store: "Store", report_id: int, now: datetime) -> tuple[NotThrough, ...] | None:
    """What one report tells; None where all of it came after all."""
    report = store.trouble.by_id(report_id)
    return store.trouble.not_through(report.since, report.until, report.installation_id) or None


def _since(store: "Store", installation_id: int, now: datetime) -> datetime:
    last = store.trouble.last(installation_id)
    return now - OLDEST if last is None else max(last.until, now - OLDEST)


def _moment(store: "Store", installation_id: int, now: datetime) -> datetime | None:
    """When something is to be told; None while there is nothing."""
    since = _since(store, installation_id, now)
    first = store.trouble.first(installation_id, since, now - _SETTLING)
    last = store.trouble.last(installation_id)
    if first is None:
        return None
    return first + GATHER if last is None else max(first + GATHER, last.at + AGAIN)


def _who_can_mend(
    store: "Store", installation_id: int, since: datetime, until: datetime
) -> tuple[int, ...]:
    refusing = store.trouble.refusing(installation_id, until - OLDEST, until)
    about = store.trouble.partnerships(installation_id, since, until)
    invited = [store.partnerships.by_id(each).invited_by for each in about]
    found = sorted({each for each in invited if each is not None} - refusing)
    if found:
        return tuple(found)
    leads = {
        part.lead
        for partnership in store.partnerships.live(installation_id)
        for part in store.partnerships.organizations(partnership.id)
        if part.organization.host and part.lead is not None
    }
    return tuple(sorted(leads - refusing))
