"""What a partnership is for, who is expected, and its rhythm.

Before the start anybody who takes part sets it at once. Afterwards a change is announced first
(``services.changes``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.domain import changes, questions
from bot.domain import partnerships as rules
from bot.domain.errors import BotError, OutOfDate
from bot.domain.partnerships import Change, Participation, Partnership, Setting, Step
from bot.domain.people import Member, Person
from bot.domain.rhythm import Rhythm
from bot.domain.undo import What, built_on
from bot.domain.welcome import Arranged, Consent
from bot.services import beginning, partnerships
from bot.services import changes as changing

if TYPE_CHECKING:
    from storage.store import Store

LONGEST_PURPOSE = 3000
"""Letters, so that a modal can show it again whole (a limit of Slack's text inputs)."""

MOST_EXPECTED = 20
"""Organizations that can be listed as expected at a time."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """What somebody wants to set. None leaves a thing as it is."""

    key: str
    installation_id: int
    partnership_id: int
    person: Person
    purpose: str | None = None
    expected: tuple[str, ...] | None = None
    """Names of organizations that are to come: all of them, so one left out is not expected."""
    checkin: Rhythm | None = None
    digest: Rhythm | None = None
    questions: tuple[str, ...] | None = None
    """Of the check-ins; none at all for the usual ones."""
    zone: str | None = None
    more: Mapping[Setting, Any] = field(default_factory=dict)
    """Settings of other nouns, whose values are checked already."""
    version: int | None = None
    """Of the setup that the person saw; None where they saw none."""


def rhythms(store: "Store", partnership_id: int) -> tuple[Rhythm, Rhythm]:
    """The rhythms of check-in and digest that hold: as set, else the defaults."""
    held = store.settings.of(partnership_id)
    return _rhythm(held, Setting.CHECKIN, rules.CHECKIN), _rhythm(
        held, Setting.DIGEST, rules.DIGEST
    )


def arranged(
    store: "Store", partnership: Partnership, changed: frozenset[Setting] = frozenset()
) -> Arranged:
    """How a partnership is set up."""
    checkin, digest = rhythms(store, partnership.id)
    participations = store.partnerships.organizations(partnership.id)
    announced = store.settings.announced(partnership.id)
    return Arranged(
        partnership=partnership,
        checkin=checkin,
        digest=digest,
        participations=participations,
        expected=tuple(each.organization.name for each in _empty(store, participations)),
        announced=announced,
        consents={
            change.id: made
            for change in announced
            if (made := consent(store, partnership, change)) is not None
        },
        keep_days=changing.held(store, partnership.id, Setting.KEEP),
        reaction=changing.held(store, partnership.id, Setting.REACTION),
        version=store.settings.version(partnership.id),
        changed=changed,
    )


def consent(store: "Store", partnership: Partnership, change: Change) -> Consent | None:
    """Who has said OK to a change that needs everyone's, and whose OK is waited for."""
    if not change.everyone:
        return None
    said_ok = store.settings.said_ok(change.id)
    parts = store.partnerships.organizations(partnership.id)
    return Consent(
        tuple(each.organization for each in parts if each.organization.id in said_ok),
        tuple(each.organization for each in changes.missing(said_ok, parts)),
    )


def shown(store: "Store", installation_id: int, channel: str | None) -> Arranged:
    """How the partnership of a channel is set up."""
    return arranged(store, partnerships.here(store, installation_id, channel))


def opened(store: "Store", installation_id: int, partnership_id: int) -> Arranged:
    """How a partnership is set up, for a form that a button opens."""
    return arranged(store, partnerships.live(store, installation_id, partnership_id))


def set_up(store: "Store", request: SetUp, now: datetime) -> Arranged:
    """Set what is new; after the start, announce it."""
    partnership = partnerships.live(store, request.installation_id, request.partnership_id)
    if store.deliveries.receipt(request.key) is not None:
        return arranged(store, partnership)
    act = partnerships.acting_in(store, partnership, request.person, now)
    if request.version not in {None, store.settings.version(partnership.id)}:
        raise OutOfDate(
            "Somebody has changed the setup since you opened this. Copy what you wrote, close "
            "this and open it again."
        )
    checkin, digest = rhythms(store, partnership.id)
    wanted: dict[Setting, Any] = {}
    if (
        request.purpose is not None
        and (purpose := _purpose(request.purpose)) != partnership.purpose
    ):
        wanted[Setting.PURPOSE] = purpose
    if request.zone is not None and request.zone != partnership.zone:
        wanted[Setting.ZONE] = _zone(request.zone)
    if request.checkin is not None and request.checkin != checkin:
        wanted[Setting.CHECKIN] = rules.to_json(request.checkin)
    if request.digest is not None and request.digest != digest:
        wanted[Setting.DIGEST] = rules.to_json(request.digest)
    if request.questions is not None:
        asked = questions.cleaned(request.questions)
        held = store.settings.of(partnership.id).get(Setting.QUESTIONS)
        if asked != questions.from_json(held):
            wanted[Setting.QUESTIONS] = questions.to_json(asked)
    wanted |= {
        name: value
        for name, value in request.more.items()
        if changes.checked(name, value) != changing.held(store, partnership.id, name)
    }
    _remember(store, act, request, wanted, now)
    partnership, at_once = changing.suggest(store, act, wanted, now)
    if request.expected is not None:
        partnership = expect(store, partnership, act.member.id, request.expected, now)
    partnerships.refresh(store, partnership)
    store.deliveries.handled(request.key, now, {"partnership": partnership.id})
    return arranged(store, partnership, at_once)


def _remember(
    store: "Store",
    act: partnerships.Acting,
    request: SetUp,
    wanted: Mapping[Setting, Any],
    now: datetime,
) -> None:
    """Note what is about to be set, so that it can be taken back."""
    partnership = act.partnership
    unlisted, listed = _relisted(store, partnership, request.expected)
    if not wanted and not unlisted and not listed:
        return
    checkin, digest = rhythms(store, partnership.id)
    elsewhere = {
        Setting.PURPOSE: partnership.purpose,
        Setting.ZONE: partnership.zone,
        Setting.CHECKIN: rules.to_json(checkin),
        Setting.DIGEST: rules.to_json(digest),
    }
    store.undo.remember(
        What.SETUP,
        partnership.id,
        key=request.key,
        member_id=act.member.id,
        partnership_id=partnership.id,
        now=now,
        before={
            "version": store.settings.version(partnership.id),
            "held": {
                name.value: elsewhere.get(name, changing.held(store, partnership.id, name))
                for name in wanted
            },
            "unlisted": unlisted,
            "listed": listed,
            "started": partnership.started,
        },
    )


def expect(
    store: "Store",
    partnership: Partnership,
    member: int,
    names: tuple[str, ...],
    now: datetime,
) -> Partnership:
    """Bring the list of organizations that are to come up to date."""
    cleaned = tuple(rules.organization_name(name) for name in names if name.strip())
    if len(cleaned) > MOST_EXPECTED:
        raise BotError(f"Please list {MOST_EXPECTED} organizations at most.")
    present = store.partnerships.organizations(partnership.id)
    empty = _empty(store, present)
    for part in empty:
        if not _among(part.organization.name, cleaned):
            store.partnerships.change_participation(part.id, left_at=now)
            store.partnerships.record(
                partnership.id, Step.LEFT, now, member=member, organization=part.organization.id
            )
    known = [each.organization.name for each in present]
    for name in cleaned:
        if _among(name, known):
            continue
        known.append(name)
        made = store.people.create_organization(partnership.installation_id, name)
        partnerships.participate(store, partnership, made, now)
        store.partnerships.record(
            partnership.id, Step.EXPECTED, now, member=member, organization=made.id
        )
    return beginning.start_if_ready(store, partnership, now)


def expect_again(
    store: "Store",
    partnership: Partnership,
    by: Member,
    *,
    unlisted: tuple[str, ...],
    listed: tuple[str, ...],
    now: datetime,
) -> None:
    """Bring back to the list what somebody took from it, and take from it what they put there.

    Raises OutOfDate where one of those has come, or is not expected for another reason.
    """
    expected = arranged(store, partnership).expected
    if not all(_among(name, expected) for name in listed):
        raise built_on(None, by, "Open the setup to see whom we wait for.")
    kept = tuple(name for name in expected if not _among(name, listed))
    expect(store, partnership, by.id, kept + unlisted, now)


def _relisted(
    store: "Store", partnership: Partnership, names: tuple[str, ...] | None
) -> tuple[list[str], list[str]]:
    """Which organizations would not be expected any more with this list, and which newly."""
    if names is None:
        return [], []
    present = store.partnerships.organizations(partnership.id)
    known = [each.organization.name for each in present]
    unlisted = [
        each.organization.name
        for each in _empty(store, present)
        if not _among(each.organization.name, names)
    ]
    listed: list[str] = []
    for name in names:
        if name.strip() and not _among(name, [*known, *listed]):
            listed.append(name)
    return unlisted, listed


def _among(name: str, names: Iterable[str]) -> bool:
    return any(rules.same_name(name, other) for other in names)


def _empty(store: "Store", participations: tuple[Participation, ...]) -> tuple[Participation, ...]:
    """Those of which we have met nobody, anywhere."""
    return tuple(
        each
        for each in participations
        if each.organization.team is None
        and not each.agreed
        and not store.people.of_organization(each.organization.id)
    )


def _purpose(typed: str) -> str:
    purpose = typed.strip()
    if purpose and not rules.readable(purpose):
        raise BotError("Please write the purpose in words, or leave it empty.")
    if len(purpose) > LONGEST_PURPOSE:
        raise BotError(
            f"Please say the purpose in {LONGEST_PURPOSE:,} letters at most.", suggestion=purpose
        )
    return purpose


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise BotError(
            "I don't know this time zone. Use a name like America/New_York or Europe/Berlin."
        ) from None
    return name


def _rhythm(held: dict[Setting, Any], name: Setting, default: Rhythm) -> Rhythm:
    value = held.get(name)
    return default if value is None else rules.from_json(value)
