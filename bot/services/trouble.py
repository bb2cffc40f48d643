"""What the word on a channel that is lost is rendered from."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.partnerships import Step
from bot.domain.trouble import Lost

if TYPE_CHECKING:
    from storage.store import Store


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
