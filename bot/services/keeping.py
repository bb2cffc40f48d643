"""Texts of replies live as long as the partners have said; agreements live on."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.partnerships import Setting
from bot.services import changes

if TYPE_CHECKING:
    from storage.store import Store

LOOKED_THROUGH = timedelta(days=7)
"""How often each partnership's replies are looked through."""

_AT_ONCE = 10
"""Partnerships in one transaction, so that it stays short."""


def forget_old_texts(store: "Store", now: datetime, limit: int) -> int:
    """Forget the words of replies that are older than the partners keep them; returns how many
    partnerships it looked through. A tick.
    """
    due = store.keeping.to_look_through(now, min(limit, _AT_ONCE))
    for partnership in due:
        days = changes.held(store, partnership, Setting.KEEP)
        gone = store.keeping.forget_texts(partnership, now - timedelta(days=days), now, limit)
        if gone < limit:
            store.keeping.look_again(partnership, now + LOOKED_THROUGH)
    return len(due)
