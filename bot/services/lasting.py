"""Noting what somebody did that cannot be taken back, so that "undo" does not take back the act
before it instead.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.undo import Lasting, What

if TYPE_CHECKING:
    from storage.store import Store


def note(
    store: "Store",
    what: Lasting,
    *,
    key: str,
    member_id: int,
    partnership_id: int | None,
    now: datetime,
) -> None:
    """Note it, in the transaction that does it."""
    store.undo.remember(
        What.LASTING,
        member_id,
        key=key,
        member_id=member_id,
        partnership_id=partnership_id,
        now=now,
        before={"what": what.value},
    )
