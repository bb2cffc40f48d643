"""What follows when somebody's open days are others now: whose turn is looked at again.

Turns of reminders, and private messages that are held back, were planned for days that may be
closed by now, or later than need be. Both are due at once, and the tick finds the right moment
anew; nobody is told anything twice because of it, since the day of the last turn stays.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.store import Store


def of_person(store: "Store", member_id: int) -> None:
    """Somebody goes away, or is back."""
    store.reminders.look_again(member_id)
    store.held.look_again([member_id])


def of_organization(store: "Store", organization_id: int) -> None:
    """An organization closes, opens or works on other days."""
    store.reminders.look_at_organization(organization_id)
    store.held.look_at_organization(organization_id)
