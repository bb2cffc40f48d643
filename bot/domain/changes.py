"""Changes of what a partnership has set: announced first, and nobody is overruled.

Most take effect after five open days if nobody objects. What is *kept or shared* needs the OK of
every organization that takes part; without it the change lapses (product: *How it behaves*).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from bot.domain.errors import BotError, NotAllowed, NotPossible, OutOfDate
from bot.domain.partnerships import Change, Ended, Participation, Setting

EVERYONE = frozenset({Setting.KEEP, Setting.REACTION})
"""Settings of what is kept or shared."""

CONSENT_DAYS = 10
"""Open days after which a change lapses that not everybody has said OK to."""

KEEP_DAYS = 365
"""Days that texts of replies are kept, unless the partners say otherwise."""

LEAST_KEPT, MOST_KEPT = 30, 3650
"""Less would take away what the next check-ins and digests speak of."""

DEFAULT: dict[Setting, Any] = {Setting.KEEP: KEEP_DAYS, Setting.REACTION: False}
"""What holds while nobody has set it, of the settings that are kept nowhere else."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A change that is announced again, since what was said to it was taken back."""

    change: Change
    zone: str
    """The partnership's, which says what day it begins on."""


def checked(name: Setting, value: Any) -> Any:
    """The value as it is kept; raises ``BotError`` with what is wrong with it."""
    if name is Setting.KEEP and not (isinstance(value, int) and LEAST_KEPT <= value <= MOST_KEPT):
        raise BotError(
            f"Please choose between {LEAST_KEPT} and {MOST_KEPT:,} days for the texts of replies."
        )
    return value


def missing(
    said_ok: Collection[int], participations: Iterable[Participation]
) -> tuple[Participation, ...]:
    """Those whose OK to a change is waited for: by the organizations that take part *now*.

    One that joins meanwhile is asked as soon as it has said OK to taking part; one that left is
    not waited for.
    """
    return tuple(
        each for each in participations if each.agreed and each.organization.id not in said_ok
    )


def check_pending(change: Change) -> None:
    """Refuse to touch a change that is settled; raises with how it was."""
    if change.applied_at is not None:
        raise NotPossible(
            "This has taken effect already. Open the setup again to suggest something else."
        )
    if change.ended_as is Ended.OBJECTED:
        raise OutOfDate("Somebody objected to this already, so it does not take effect.")
    if change.ended_as is Ended.WITHDRAWN:
        raise OutOfDate("This was taken back already, so it does not take effect.")
    if change.ended_as is Ended.REPLACED:
        raise OutOfDate("Somebody has suggested something newer since. Look at that instead.")
    if change.ended_as is Ended.LAPSED:
        raise OutOfDate(
            "Not everybody said OK in time, so this does not take effect. "
            "Open the setup to suggest it again."
        )


def check_ok(change: Change, organization: int, said_ok: Collection[int]) -> None:
    """Whether an organization can say OK to a change; raises with why not."""
    check_pending(change)
    if not change.everyone:
        raise NotPossible(
            "This begins by itself if nobody objects, so there is nothing to say OK to."
        )
    if organization in said_ok:
        raise NotPossible("Your organization has said OK to this already.")


def check_withdraw(change: Change, organization: int, suggested_by: int | None) -> None:
    """Whether somebody can take a change back: only those who suggested it; others object."""
    check_pending(change)
    if organization != suggested_by:
        raise NotAllowed(
            "Only the organization that suggested this can take it back. You can object to it."
        )
