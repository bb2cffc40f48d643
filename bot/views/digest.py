"""The digest as people see it: ten lines at most, each of which can be read alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.domain import commitments as rules
from bot.domain.commitments import Audience, Commitment, Side
from bot.domain.digest import LINES, Digest, Internal, allot
from bot.domain.schedules import ScheduleKind, local_day
from bot.views import filling, ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.checkins import quoted
from bot.views.ids import DigestButton as Button
from bot.views.ids import ScheduleButton
from bot.views.partnerships import zone_in_words
from bot.views.schedules import NAME
from bot.views.words import called, count, day, due, escape, listed, moment, one_line

_WHAT = 120
_QUOTED = 140
_FIXED = 3
"""Lines besides the parts: the title, what is next, the small print."""

_WHOLE_PART = 20
"""Lines of each part of what one organization should know."""

_WHOLE = 200
"""Lines shown of everything; nobody reads more in a message."""

_NUMBER = re.compile(r"#(?P<digits>[0-9]+)")

Links = Mapping[int, str]
"""Links to the cards of commitments, by number."""

_NO_LINKS: Links = {}
_NONE: Mapping[int, Links] = {}

_ACROSS = 20
"""Partnerships of one person that are shown in one message."""

_EACH = 5
"""Lines of each of them."""


def digest(value: Digest) -> Message:
    """The week in one message."""
    title, following, small = _title(value), _next(value), _small(value)
    if value.empty:
        return _sign_of_life(value, following, small)
    parts = _parts(value)
    given = _given([len(lines) for _, lines in parts], LINES - _FIXED)
    shown: list[str] = []
    spoken: list[str] = []
    cut = False
    for (label, lines), room in zip(parts, given, strict=True):
        told = list(lines[:room])
        rest = len(lines) - len(told)
        cut = cut or rest > 0
        if not told:
            continue
        if rest:
            told[-1] += f" (and {rest} more)"
        spoken.append(f"{label}: {'; '.join(told)}.")
        if len(told) == 1:
            shown.append(f"*{label}:* {told[0]}")
        else:
            shown.extend([f"*{label}:*", *(f"• {line}" for line in told)])
    blocks: list[Block] = [section(f"*{title}*"), section("\n".join([*shown, following]))]
    buttons = []
    if cut:
        about = ids.value(value.partnership_id, value.occurrence_id)
        buttons.append(button("Show all", Button.ALL, about, speaks="Show all (of the digest)"))
    own = str(value.partnership_id)
    spoken_own = "For my organization (a digest that only you see)"
    buttons.append(button("For my organization", Button.INTERNAL, own, speaks=spoken_own))
    if value.occurrence_id:
        about = ids.value(ScheduleKind.DIGEST, value.partnership_id)
        buttons.append(button("Pause", ScheduleButton.PAUSE, about, speaks="Pause (the digest)"))
    blocks.append(actions(*buttons))
    blocks.append(context(small))
    return message(" ".join([f"{title}.", *spoken, following, small]), *blocks)


def _given(sizes: Sequence[int], room: int) -> Sequence[int]:
    """How much of each part is told: more than one thing stands under the part's heading, which is
    a line too.
    """
    for lines in range(room, 0, -1):
        given = allot(sizes, lines)
        if sum(each + (each > 1) for each in given) <= room:
            return given
    return allot(sizes, 0)


def preview(value: Digest) -> Message:
    """What it would say now, to the person who asked."""
    if value.empty:
        said = f"There is nothing to tell right now, so no digest would be posted. {_next(value)}"
        return message(said, section(said))
    made = digest(value)
    made["text"] = f"Only you see this preview. {made['text']}"
    made["blocks"].insert(0, context("Only you see this preview."))
    return made


def whole(value: Digest, links: Links = _NO_LINKS) -> Message:
    """Everything that the digest counts, to the person who asked. ``links`` are those to cards,
    by number; so they are in what follows.
    """
    blocks: list[Block] = [section(f"*{_title(value)}*")]
    spoken = [_title(value)]
    parts = [(label, [_linked(line, links) for line in lines]) for label, lines in _parts(value)]
    given = filling.fitting(parts, _WHOLE)
    for (label, lines), (_, linked), shown in zip(_parts(value), parts, given, strict=True):
        if lines:
            blocks.extend(filling.sections(label, linked, shown))
            spoken.append(f"{label}: {'; '.join(lines)}")
    blocks.append(section(_next(value)))
    return message(". ".join([*spoken, _next(value)]), *blocks)


def internal(value: Internal, links: Links = _NO_LINKS) -> Message:
    """What one organization should know, to the one of its people who asked."""
    name = escape(value.organization.name, 80)
    title = f"For {name} only: {escape(value.name, 80)}, {day(value.today)}"
    blocks: list[Block] = [section(f"*{title}*")]
    spoken = [f"{title}."]
    told = _internal_parts(value)
    parts = [(label, [_linked(line, links) for line in lines]) for label, lines in told]
    given = filling.fitting(parts, _WHOLE, _WHOLE_PART)
    for (label, lines), (_, linked), shown in zip(told, parts, given, strict=True):
        if lines:
            blocks.extend(filling.sections(label, linked, shown))
            spoken.append(f"{label}: {'; '.join(filling.told(lines, shown))}.")
    if value.empty:
        nothing = "Nothing waits, is due this week or needs help."
        blocks.append(section(nothing))
        spoken.append(nothing)
    if value.next_checkin is not None:
        following = f"Next check-in: {moment(value.next_checkin, value.zone)}."
        blocks.append(section(following))
        spoken.append(following)
    small = f"Only you see this. It may speak of what only {name} knows."
    blocks.append(context(small))
    return message(" ".join([*spoken, small]), *blocks)


def across(
    values: Sequence[Internal], links: Mapping[int, Links] = _NONE, *, internal: bool = False
) -> Message:
    """All partnerships of one person, to that person alone; links by partnership. ``internal``:
    they asked for what is for their organization, and read that this is it.
    """
    if not values:
        said = (
            "You take part in no partnership yet. Once your organization has said OK in a channel "
            "that you share, its partnership stands here."
        )
        return message(said, section(said))
    telling = [each for each in values if not each.empty]
    title = f"All your partnerships, {day(values[0].today)}"
    if internal:
        name = escape(values[0].organization.name, 80)
        title = f"For {name} only: all your partnerships, {day(values[0].today)}"
    blocks: list[Block] = [section(f"*{title}*")]
    spoken = [f"{title}."]
    told = telling[:_ACROSS]
    parts = [
        (f"<#{each.channel}>", _in_one(each, links.get(each.partnership_id, _NO_LINKS)))
        for each in told
    ]
    given = filling.fitting(parts, _ACROSS * _EACH, _EACH)
    for each, (head, linked), shown in zip(told, parts, given, strict=True):
        about = str(each.partnership_id)
        more = button("Show all", Button.INTERNAL, about, speaks=f"Show all (of {each.name})")
        blocks.extend(filling.sections(head, linked, shown, accessory=more))
        lines = filling.told(_in_one(each, _NO_LINKS), shown)
        spoken.append(f"{escape(each.name, 80)}: {'; '.join(lines)}.")
    rest = len(telling) - _ACROSS
    quiet = len(values) - len(telling)
    small = []
    if rest > 0:
        small.append(f"And {count(rest, 'more partnership')} with something to tell.")
    if not telling:
        nothing = "Nothing waits, is due this week or needs help in any of them."
        blocks.append(section(nothing))
        spoken.append(nothing)
    elif quiet:
        small.append(f"Nothing waits in {count(quiet, 'other partnership')}.")
    small.append("Only you see this. It may speak of what only your organization knows.")
    blocks.append(context(" ".join(small)))
    return message(" ".join([*spoken, *small]), *blocks)


def _in_one(value: Internal, links: Links) -> list[str]:
    """What one organization should know, each line with its part's name."""
    return [
        f"{label}: {_linked(line, links)}"
        for label, found in _internal_parts(value)
        for line in found
    ]


def _linked(line: str, links: Links) -> str:
    """A line whose number leads to its card, where there is a link."""
    number = _NUMBER.match(line)
    link = None if number is None else links.get(int(number["digits"]))
    return line if link is None or number is None else f"<{link}|{number[0]}>{line[number.end() :]}"


def _internal_parts(value: Internal) -> Sequence[tuple[str, Sequence[str]]]:
    today = value.today
    return (
        ("Waits for us", [_awaited(each, today) for each in value.answer]),
        ("We wait for", [_awaited(each, today) for each in value.awaited]),
        ("Needs help", [_confided(each, today) for each in value.stuck]),
        ("Ours, still open", [_due(each, today) for each in value.late]),
        ("Ours, due this week", [_due(each, today) for each in value.due]),
        ("Asked of others", [_due(each, today) for each in value.asked]),
    )


def _confided(commitment: Commitment, today: date) -> str:
    """What needs help, and who may know."""
    said, risk = _stuck(commitment, today), commitment.risk
    if risk is None or risk.audience is Audience.EVERYONE:
        return said
    if risk.audience is Audience.ORGANIZATION:
        return f"{said} (only your organization knows)"
    return f"{said} (only you know)"


def _sign_of_life(value: Digest, following: str, small: str) -> Message:
    said = f"All quiet in {escape(value.name, 80)}: nothing is due and nothing waits. {following}"
    if value.renewed_at is not None:
        said = f"{_title(value)}. Nothing of what stood here is left to tell. {following}"
    about = ids.value(ScheduleKind.DIGEST, value.partnership_id)
    pause = button("Pause", ScheduleButton.PAUSE, about, speaks="Pause (the digest)")
    return message(f"{said} {small}", section(said), actions(pause), context(small))


def _title(value: Digest) -> str:
    return f"Digest for {escape(value.name, 80)}, {day(value.today)}"


def _parts(value: Digest) -> Sequence[tuple[str, Sequence[str]]]:
    """What is told, in its order, which is the same every week."""
    today = value.today
    late = tuple(each for each in value.due if _is_late(each, today))
    soon = value.due[len(late) :]
    known = tuple(each for each in late if _was_told(each, value.told_on))
    fresh = tuple(each for each in late if each not in known)

    def lines(say: Callable[[Commitment, date], str], found: tuple[Commitment, ...]) -> list[str]:
        return [say(each, today) for each in found]

    return (
        ("Needs a decision", lines(_undecided, value.decide)),
        ("Needs help", lines(_stuck, value.stuck)),
        ("Still open", [*lines(_due, fresh), *_still_open(known)]),
        ("Due this week", lines(_due, soon)),
        ("Done, with thanks", lines(_done, value.done)),
        ("What we heard", _heard(value)),
        (
            "Not posted",
            [
                f"the {NAME[each.kind]} of {day(local_day(each.at, value.zone), today)}, "
                "since I was away at the time"
                for each in value.missed
            ],
        ),
    )


def _heard(value: Digest) -> list[str]:
    if value.heard_there:
        return ["it stands in the threads of the check-ins, and is quoted in the digest itself"]
    return [quoted(each, _QUOTED) for each in value.heard]


def _was_told(commitment: Commitment, told_on: date | None) -> bool:
    """Whether the digest before told already that it was overdue."""
    due = commitment.terms.due
    return told_on is not None and due is not None and due < told_on


def _still_open(known: Sequence[Commitment]) -> list[str]:
    """What was told before as overdue, by number alone: whose it is was said, and nobody is named
    for it week after week.
    """
    if not known:
        return []
    return [f"{listed(f'#{each.number}' for each in known)}, as told before"]


def _undecided(commitment: Commitment, today: date) -> str:
    taking = _taking_over(commitment)
    waits = f"{taking} waits for" if taking else "waits for"
    return f"{_at_issue(commitment, today)}, {waits} {_who_answers(commitment)}"


def _awaited(commitment: Commitment, today: date) -> str:
    """The same under a heading that says already that it waits."""
    taking = _taking_over(commitment)
    who = _who_answers(commitment)
    return f"{_at_issue(commitment, today)}, {f'{taking}: {who}' if taking else who}"


def _at_issue(commitment: Commitment, today: date) -> str:
    terms = commitment.at_issue
    return f"#{commitment.number} {one_line(terms.what, _WHAT)} {due(terms.due, today)}"


def _taking_over(commitment: Commitment) -> str:
    """What waits where only another owner does: the commitment itself holds meanwhile."""
    if rules.waits_for(commitment) is not Side.NEXT:
        return ""
    return f"taking over from {escape(called(commitment.owner), 170)}"


def _who_answers(commitment: Commitment) -> str:
    offer, asking = commitment.offer, commitment.asking
    side = rules.waits_for(commitment)
    if side is Side.NEXT and offer is not None and offer.owner is not None:
        return escape(called(offer.owner), 170)
    if side is Side.ASKING:
        if asking is not None:
            return escape(asking.name, 80)
        return escape(called(commitment.proposer), 170)
    return escape(called(commitment.owner), 170)


def _stuck(commitment: Commitment, today: date) -> str:
    risk = commitment.risk
    why = "" if risk is None or not risk.why else f": {one_line(risk.why, _WHAT).rstrip(' .')}"
    return f"{_due(commitment, today)}{why}"


def _due(commitment: Commitment, today: date) -> str:
    terms = commitment.terms
    return (
        f"#{commitment.number} {one_line(terms.what, _WHAT)} {due(terms.due, today)}, "
        f"{escape(called(commitment.owner), 170)}"
    )


def _is_late(commitment: Commitment, today: date) -> bool:
    return commitment.terms.due is not None and commitment.terms.due < today


def _done(commitment: Commitment, today: date) -> str:
    what = one_line(commitment.terms.what, _WHAT)
    return f"#{commitment.number} {what}, {escape(called(commitment.owner), 170)}"


def _next(value: Digest) -> str:
    known = [("check-in", value.next_checkin), ("digest", value.next_digest)]
    coming = sorted((at, what) for what, at in known if at is not None)
    if not coming:
        return "Nothing is on schedule."
    said = ", ".join(f"{what} {moment(at, value.zone)}" for at, what in coming)
    return f"Next: {said} ({zone_in_words(value.zone)})."


def _small(value: Digest) -> str:
    by = "" if value.set_by is None else f", set up by {escape(called(value.set_by), 170)}"
    said = (
        f"I post this {value.rhythm} if there is something to tell{by}. "
        "What led to each stands in the thread of the card with its number."
    )
    if value.renewed_at is None:
        return said
    at = moment(value.renewed_at, value.zone)
    return (
        f"{said} Brought up to date on {at}, since a reply was changed or taken back. "
        "What is settled meanwhile is left out."
    )
