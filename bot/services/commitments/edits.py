"""Other terms and another owner in one go, as one form has them: both, or neither."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.commitments import Commitment
from bot.domain.people import Person
from bot.domain.undo import part_of
from bot.services.commitments.acts import change, hand_over
from bot.services.commitments.requests import Turn, Wish

if TYPE_CHECKING:
    from storage.store import Store


def edit(store: "Store", request: Turn, wish: Wish, to: Person, now: datetime) -> Commitment:
    """Put the terms forward, then the owner. Two steps of its history, which are taken back as
    one; where either may not be done, neither is.

    ``to`` is known to be in the channel.
    """
    change(store, request, wish, now)
    rest = replace(request, key=part_of(request.key), which=replace(request.which, version=None))
    return hand_over(store, rest, to, now)
