"""Ways in to the commitments: words, buttons, forms and replies in a card's thread."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain import commitments as rules
from bot.domain.commitments import Act, Audience, Commitment, Page, Side, State
from bot.domain.errors import BotError, NotAllowed, NotFound, NotPossible, OutOfDate, Unclear
from bot.domain.people import Member, Person
from bot.domain.posts import Kind
from bot.language import Meaning, Reply, Said, read_date, read_reply
from bot.language.clean import clean
from bot.services import commitments as services
from bot.services.commitments import Propose, Turn, Which, Wish
from bot.views import commitments as views
from bot.views import ids
from bot.views.blocks import Modal
from bot.views.ids import CommitmentButton as Button
from bot.views.ids import CommitmentField as Field
from bot.views.ids import CommitmentForm as Form
from handlers.answer import Answer
from handlers.presence import members_seen
from handlers.visit import Door, Visit
from handlers.wording import readable
from storage.store import Store

Service = Callable[..., Commitment]

# Words


async def commit(visit: Visit, said: Said) -> Answer:
    """``commit [@someone] WHAT by DATE [for PROGRAM]``."""
    try:
        here = await _members_here(visit)
        owner = visit.person if said.owner is None else await _owner(visit, said.owner, here)
        made = await visit.house.db.run(
            services.propose,
            Propose(
                key=visit.key,
                installation_id=visit.installation.id,
                channel=visit.channel or "",
                by=visit.person,
                owner=owner,
                what=await readable(visit, said.what),
                due=said.due,
                label=said.label,
            ),
            visit.now,
        )
    except BotError as refused:
        refused.suggestion = refused.suggestion or visit.text
        raise
    return Answer(views.receipt(made, _today(visit), change=said.due is not None))


async def listing(visit: Visit, said: Said) -> Answer:
    """``list [for PROGRAM]``."""
    await _members_here(visit)
    return await _list(visit, visit.channel or "", said.label, 0)


async def mine(visit: Visit, said: Said) -> Answer:
    """``mine``."""
    return await press_mine(visit)


async def waiting(visit: Visit, said: Said) -> Answer:
    """``waiting``."""
    return await press_waiting(visit)


async def show(visit: Visit, said: Said) -> Answer:
    """``show 12``."""
    return await _show(visit, await _meant(visit, said))


async def accept(visit: Visit, said: Said) -> Answer:
    """``yes 12``, ``yes 12 if travel is paid``."""
    if said.condition is None:
        return await _said(visit, said, services.accept)
    return await _said(visit, said, services.accept_if, await readable(visit, said.condition))


async def counter(visit: Visit, said: Said) -> Answer:
    """``another 12 by 4 Dec``, ``change 12 WHAT by DATE``."""
    what = await readable(visit, said.what)
    wish = Wish(what=what or None, due=said.due, no_date=said.no_date, label=said.label)
    return await _said(visit, said, services.change, wish, change=said.due is not None)


async def decline(visit: Visit, said: Said) -> Answer:
    """``no 12 because …``."""
    return await _said(visit, said, services.decline)


async def done(visit: Visit, said: Said) -> Answer:
    """``done 12``."""
    return await _said(visit, replace(said, because=said.what or None), services.report_done)


async def drop(visit: Visit, said: Said) -> Answer:
    """``drop 12 because …``."""
    return await _said(visit, said, services.drop)


async def unstuck(visit: Visit, said: Said) -> Answer:
    """``unstuck 12``."""
    return await _said(visit, replace(said, because=said.what or None), services.report_on_track)


async def stuck(visit: Visit, said: Said) -> Answer:
    """``stuck 12: …``. Where everybody could read it, it is told; elsewhere it is asked who may."""
    which = await _meant(visit, said)
    public = visit.door is Door.MENTION
    commitment = await _do(
        visit,
        which,
        services.report_stuck,
        Audience.EVERYONE if public else Audience.OWNER,
        why=await readable(visit, said.because or ""),
    )
    if public:
        told = Answer(views.risk_noted(commitment))
        return Answer() if await _in_its_thread(visit, commitment) else told
    alone = await _is_alone(visit, commitment)
    return Answer(views.who_may_know(commitment, alone=alone))


async def _said(
    visit: Visit, said: Said, service: Service, *wishes: Any, change: bool = False
) -> Answer:
    """One act by words. In the card's own thread its note there is the answer."""
    which = await _meant(visit, said)
    why = await readable(visit, said.because or "")
    commitment = await _do(visit, which, service, *wishes, why=why)
    if await _in_its_thread(visit, commitment):
        return Answer()
    return Answer(views.receipt(commitment, _today(visit), change=change))


# Buttons


async def press_yes(visit: Visit) -> Answer:
    """*Yes*, *Agree*."""
    return await _pressed(visit, services.accept)


async def press_keep(visit: Visit) -> Answer:
    """*Keep as it was*."""
    return await _pressed(visit, services.decline)


async def press_done(visit: Visit) -> Answer:
    """*Done*."""
    return await _pressed(visit, services.report_done)


async def press_on_track(visit: Visit) -> Answer:
    """*On track again*."""
    return await _pressed(visit, services.report_on_track)


async def press_yes_if(visit: Visit) -> Answer:
    """*Yes, if…*"""
    return await _form(visit, Act.CONDITION, views.yes_if_form)


async def press_change(visit: Visit) -> Answer:
    """*Another date*, *Change*."""
    return await _form(visit, Act.CHANGE, views.change_form)


async def press_no(visit: Visit) -> Answer:
    """*No*."""
    return await _form(visit, Act.DECLINE, views.no_form)


async def press_drop(visit: Visit) -> Answer:
    """*Drop*."""
    return await _form(visit, Act.DROP, views.drop_form)


async def press_stuck(visit: Visit) -> Answer:
    """*I'm stuck*."""
    commitment, _ = await _looked_at(visit, _which(visit), Act.STUCK)
    alone = await _is_alone(visit, commitment)
    return Answer(modal=views.stuck_form(commitment, _today(visit), alone=alone))


async def press_tell_colleague(visit: Visit) -> Answer:
    """*Only my colleague*."""
    return await _tell(visit, Audience.ORGANIZATION)


async def press_tell_everyone(visit: Visit) -> Answer:
    """*Everyone here*."""
    return await _tell(visit, Audience.EVERYONE)


async def press_tell_nobody(visit: Visit) -> Answer:
    """*Nobody yet*."""
    return await _tell(visit, Audience.OWNER)


async def press_show(visit: Visit) -> Answer:
    """*History*, *Read on*."""
    _, _, *piece = (*ids.parts(visit.value), "")
    return await _show(visit, _which(visit), _whole(piece[0]) if piece and piece[0] else 0)


async def press_list(visit: Visit) -> Answer:
    """The open commitments of a channel."""
    return await _list(visit, visit.value or visit.channel or "", None, 0)


async def press_page(visit: Visit) -> Answer:
    """*Earlier*, *And 5 more*: the other page takes this one's place."""
    channel, _, page = visit.value.partition(":")
    offset, _, label = page.partition(":")
    answer = await _list(visit, channel, label or None, _whole(offset))
    return replace(answer, replaces=True)


async def press_mine(visit: Visit) -> Answer:
    """What is one's own, in all channels."""
    page = await visit.house.db.read(services.mine, visit.installation.id, visit.person)
    return Answer(views.mine(await _readable(visit, page), _today(visit)))


async def press_waiting(visit: Visit) -> Answer:
    """What waits for one's answer, in all channels."""
    page = await visit.house.db.read(services.waiting, visit.installation.id, visit.person)
    return Answer(views.waiting(await _readable(visit, page), _today(visit)))


async def press_new(visit: Visit) -> Answer:
    """*New commitment*: a form with the people of the channel."""
    channel = visit.value or visit.channel or ""
    here = await _members_of(visit, channel)
    present = await visit.house.db.read(services.present, visit.installation.id, channel, here)
    return Answer(modal=views.new_form(channel, _by_organization(present), visit.person))


async def _pressed(visit: Visit, service: Service) -> Answer:
    which = _which(visit)
    await _looked_at(visit, which)
    commitment = await _do(visit, which, service)
    return Answer(views.receipt(commitment, _today(visit)))


async def _form(visit: Visit, act: Act, form: Callable[[Commitment, date], Modal]) -> Answer:
    """Open a form, unless its act would be refused."""
    commitment, _ = await _looked_at(visit, _which(visit), act, opens=True)
    return Answer(modal=form(commitment, _today(visit)))


async def _tell(visit: Visit, audience: Audience) -> Answer:
    which = _which(visit)
    commitment, _ = await _looked_at(visit, which, Act.STUCK)
    here = await _members_of(visit, commitment.place.channel)
    told = await _do(visit, which, services.report_stuck, audience, here=here)
    return Answer(views.risk_noted(told), replaces=True)


# Forms


async def send_yes_if(visit: Visit) -> Answer:
    """Yes, if …"""
    return await _sent(visit, services.accept_if, _text(visit, Field.CONDITION))


async def send_change(visit: Visit) -> Answer:
    """Another date, other words, another label. What was not touched stays."""
    which = _which(visit)
    commitment, _ = await _looked_at(visit, which, Act.CHANGE)
    known = commitment.at_issue
    due = _date(visit, Field.DUE)
    wish = Wish(what=_text(visit, Field.WHAT) or None)
    if due is not None and due != known.due:
        try:
            wish = replace(wish, due=rules.check_due(due, _today(visit)))
        except Unclear as past:
            return Answer(errors={Field.DUE: past.sentence})
    elif _ticked(visit, Field.NO_DATE):
        wish = replace(wish, no_date=True)
    label = _text(visit, Field.LABEL)
    if label != (known.label or "")[: views.LABEL_LIMIT].strip():
        wish = replace(wish, label=label)
    await _do(visit, which, services.change, wish, why=_text(visit, Field.WHY))
    return Answer()


async def send_no(visit: Visit) -> Answer:
    """No, because …"""
    return await _sent(visit, services.decline, why=_text(visit, Field.WHY))


async def send_drop(visit: Visit) -> Answer:
    """Dropped, because …"""
    return await _sent(visit, services.drop, why=_text(visit, Field.WHY))


async def send_stuck(visit: Visit) -> Answer:
    """Stuck, and who may know. What is private is confirmed in the form's place."""
    which = _which(visit)
    try:
        audience = Audience(str(visit.fields.get(Field.AUDIENCE)))
    except ValueError:
        return Answer(errors={Field.AUDIENCE: "Please choose who may know."})
    commitment, _ = await _looked_at(visit, which, Act.STUCK)
    here = await _members_of(visit, commitment.place.channel)
    why = _text(visit, Field.WHY)
    told = await _do(visit, which, services.report_stuck, audience, why=why, here=here)
    if audience is Audience.EVERYONE:
        return Answer()
    return Answer(modal=views.risk_noted_form(told))


async def send_new(visit: Visit) -> Answer:
    """A new commitment."""
    (channel,) = ids.parts(visit.value)
    due, no_date = _date(visit, Field.DUE), _ticked(visit, Field.NO_DATE)
    wrong: dict[str, str] = {}
    try:
        rules.check_due(due, _today(visit))
    except Unclear as past:
        wrong[Field.DUE] = past.sentence
    if (due is None) != no_date:
        wrong[Field.DUE] = "Please choose a day, or tick “No date yet”."
    what = _text(visit, Field.WHAT)
    try:
        rules.check_words(what)
    except Unclear as empty:
        wrong[Field.WHAT] = empty.sentence
    if wrong:
        return Answer(errors=wrong)
    here = await _members_of(visit, channel)
    user = str(visit.fields.get(Field.OWNER) or "")
    await visit.house.db.run(
        services.propose,
        Propose(
            key=visit.key,
            installation_id=visit.installation.id,
            channel=channel,
            by=visit.person,
            owner=await _person_here(visit, user, here),
            what=what,
            due=due,
            label=_text(visit, Field.LABEL) or None,
        ),
        visit.now,
    )
    return Answer()


async def _sent(visit: Visit, service: Service, *wishes: Any, why: str | None = None) -> Answer:
    """A form of one act, sent: the card shows what came of it."""
    which = _which(visit)
    await _looked_at(visit, which)
    await _do(visit, which, service, *wishes, why=why)
    return Answer()


# Replies in a card's thread


async def reply(visit: Visit, message_id: int, subject: int) -> Answer:
    """What the owner or the asking side says there counts; everything else is a conversation.

    Free text is neither understood nor stored.
    """
    statements = [
        one
        for one in read_reply(visit.text, now=visit.now, zone=visit.zone)
        if one.kind in _REPLIES
    ]
    if not statements:
        return Answer()
    about, member = await visit.house.db.read(
        services.looked_at,
        Which(visit.installation.id, commitment_id=subject),
        visit.person,
    )
    if member is None:
        return Answer()
    for place, statement in enumerate(statements):
        which = Which(visit.installation.id, commitment_id=subject)
        if statement.number not in {None, about.number}:
            which = Which(visit.installation.id, channel=visit.channel, number=statement.number)
        await _replied(visit, which, member, statement, f"{visit.key}:{place}")
    return Answer()


async def _replied(visit: Visit, which: Which, member: Member, statement: Reply, key: str) -> None:
    act = _REPLIES[statement.kind]
    commitment, _ = await visit.house.db.read(services.looked_at, which, visit.person)
    if act not in rules.acts_of(commitment, member):
        owns = rules.side_of(commitment, member) is Side.OWNER
        waits = commitment.state in {State.PROPOSED, State.COUNTERED}
        if owns and waits and act in {Act.DONE, Act.STUCK}:
            raise NotPossible(
                f"{rules.standing(commitment)} It counts once it is agreed: press Yes on its "
                "card, or reply yes."
            )
        return
    text = await readable(visit, statement.text)
    why = text or None
    if act is Act.ACCEPT:
        await _do(visit, which, services.accept, key=key)
    elif act is Act.CONDITION:
        await _do(visit, which, services.accept_if, text, key=key)
    elif act is Act.DECLINE:
        await _do(visit, which, services.decline, why=why, key=key)
    elif act is Act.DONE:
        await _do(visit, which, services.report_done, why=why, key=key)
    elif act is Act.STUCK:
        await _do(visit, which, services.report_stuck, Audience.EVERYONE, why=why, key=key)
    else:
        due = statement.due or read_date(statement.text, now=visit.now, zone=visit.zone)
        await _do(visit, which, services.change, Wish(due=due), key=key)


_REPLIES: Mapping[Meaning, Act] = {
    Meaning.YES: Act.ACCEPT,
    Meaning.YES_IF: Act.CONDITION,
    Meaning.NO: Act.DECLINE,
    Meaning.DONE: Act.DONE,
    Meaning.STUCK: Act.STUCK,
    Meaning.ANOTHER_DATE: Act.CHANGE,
}


# What they share


async def _do(
    visit: Visit,
    which: Which,
    service: Service,
    *wishes: Any,
    why: str | None = None,
    key: str | None = None,
    **more: Any,
) -> Commitment:
    request = Turn(key or visit.key, visit.person, which, why)
    done: Commitment = await visit.house.db.run(service, request, *wishes, visit.now, **more)
    return done


async def _list(visit: Visit, channel: str, label: str | None, offset: int) -> Answer:
    if not _is_direct(channel):
        await _members_of(visit, channel)
    page = await visit.house.db.read(
        services.here,
        visit.installation.id,
        channel,
        visit.person,
        label=label,
        offset=offset,
        limit=views.PAGE,
    )
    return Answer(views.here(page, channel, _today(visit)))


async def _show(visit: Visit, which: Which, piece: int = 0) -> Answer:
    await _looked_at(visit, which)
    card, member, notes = await visit.house.db.read(
        services.history, which, visit.person, visit.now
    )
    return Answer(views.shown(card, member, notes, piece=piece))


async def _looked_at(
    visit: Visit, which: Which, act: Act | None = None, *, opens: bool = False
) -> tuple[Commitment, Member | None]:
    """The commitment, which is for members of its channel only.

    ``opens`` is for a form that shows no more than the message whose button was pressed: Slack
    allows three seconds for that, and is asked who is in the channel when the form is sent.
    """
    commitment, member = await visit.house.db.read(services.looked_at, which, visit.person, act)
    if commitment.place.channel is None:
        raise NotPossible("This partnership has ended here, so its commitments cannot change.")
    if not (opens and commitment.place.channel == visit.channel):
        await _members_of(visit, commitment.place.channel)
    return commitment, member


async def _meant(visit: Visit, said: Said) -> Which:
    """Which commitment a number means: here, or in a direct message among the person's own."""
    if visit.door is not Door.DIRECT:
        await _members_here(visit)
        return Which(visit.installation.id, channel=visit.channel, number=said.number)
    found = [
        one
        for one in await visit.house.db.read(
            services.numbered, visit.installation.id, visit.person, said.number or 0
        )
        if await _is_in(visit, one.place.channel)
    ]
    if not found:
        raise NotFound(f"There is no #{said.number} that concerns you. Say “mine” to see yours.")
    if len(found) > 1:
        places = " and in ".join(f"<#{one.place.channel}>" for one in found)
        raise Unclear(
            f"There is a #{said.number} in {places}. Say it in the channel that you mean, or say "
            "“mine” and press a button."
        )
    return Which(visit.installation.id, commitment_id=found[0].id)


def _which(visit: Visit) -> Which:
    """What a button or a form is about, and the version of the terms that it showed."""
    commitment, *version = ids.parts(visit.value)
    return Which(
        visit.installation.id,
        commitment_id=_whole(commitment),
        version=_whole(version[0]) if version else None,
    )


def _whole(digits: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", digits):
        raise OutOfDate("This button is from an older version of me. Say “list” for new ones.")
    return int(digits)


async def _owner(visit: Visit, typed: str, here: frozenset[str]) -> Person:
    """Who is meant by ``<@U012|bo>`` or ``@bo``: somebody in this channel."""
    mention = re.fullmatch(r"<@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>", typed)
    if mention is not None:
        return await _person_here(visit, mention["user"], here)
    present = await visit.house.db.read(
        services.present, visit.installation.id, visit.channel or "", here
    )
    name = typed.removeprefix("@").casefold()
    same = [one for one in present if one.name.casefold() == name]
    found = same or [one for one in present if name in one.name.casefold().split()]
    if len(found) == 1:
        return await _person_here(visit, found[0].user, here)
    if found:
        who = " or ".join(one.mention for one in found)
        raise Unclear(f"Do you mean {who}? Please choose the name from Slack's suggestions.")
    raise Unclear(
        "I do not know this person here. Write @ and choose the name from Slack's suggestions; "
        "whoever is not in this channel yet has to be invited to it first."
    )


async def _person_here(visit: Visit, user: str, here: frozenset[str]) -> Person:
    if user == visit.installation.bot_user:
        raise NotAllowed("I cannot promise anything myself. Please name a person.")
    if user not in here:
        raise NotAllowed(
            f"<@{user}> is not in this channel. Invite them here first, or name somebody who is."
        )
    return await visit.house.directory.person(visit.installation, user)


async def _members_here(visit: Visit) -> frozenset[str]:
    """The users of the channel where it happened. In a direct message the service refuses."""
    if visit.channel is None or _is_direct(visit.channel):
        return frozenset()
    return await _members_of(visit, visit.channel)


async def _members_of(visit: Visit, channel: str | None) -> frozenset[str]:
    """The users of a channel; refuses whoever is not one of them, as Slack says now."""
    if channel is None:
        raise NotFound("The channel of this commitment is gone.")
    return await members_seen(visit, channel)


async def _is_in(visit: Visit, channel: str | None) -> bool:
    """Whether the person is in a channel; no if Slack does not say so."""
    try:
        await _members_of(visit, channel)
    except BotError:
        return False
    return True


async def _readable(visit: Visit, page: Page) -> Page:
    """Only what belongs to channels that the person is in, as Slack says now."""
    channels = {one.place.channel for one in page.commitments}
    readable = {channel for channel in channels if await _is_in(visit, channel)}
    kept = tuple(one for one in page.commitments if one.place.channel in readable)
    hidden = len(page.commitments) - len(kept)
    return replace(page, commitments=kept, total=len(kept), hidden=hidden)


async def _is_alone(visit: Visit, commitment: Commitment) -> bool:
    """Whether nobody else of the owner's organization is in the channel."""
    here = await _members_of(visit, commitment.place.channel)
    others = await visit.house.db.read(services.colleagues, commitment.owner, here)
    return not others


async def _in_its_thread(visit: Visit, commitment: Commitment) -> bool:
    """Whether it was said in the thread of the commitment's own card."""
    if visit.door is not Door.MENTION or visit.thread is None or visit.channel is None:
        return False
    found = await visit.house.db.read(_thread, visit.installation.id, visit.channel, visit.thread)
    return found is not None and found[1:] == (Kind.CARD, commitment.id)


def _thread(
    store: Store, installation_id: int, channel: str, thread: str
) -> tuple[int, Kind, int] | None:
    return store.messages.thread_of(installation_id, channel, thread)


def _by_organization(present: tuple[Member, ...]) -> dict[str, list[Member]]:
    groups: dict[str, list[Member]] = {}
    for member in sorted(present, key=lambda one: one.name.casefold()):
        if member.organization is not None:
            groups.setdefault(member.organization.name, []).append(member)
    return dict(sorted(groups.items(), key=lambda group: group[0].casefold()))


def _is_direct(channel: str) -> bool:
    return not channel or channel.startswith("D")


def _today(visit: Visit) -> date:
    return visit.now.astimezone(ZoneInfo(visit.zone)).date()


def _text(visit: Visit, field: Field) -> str:
    return clean(str(visit.fields.get(field) or ""))


def _date(visit: Visit, field: Field) -> date | None:
    entered = visit.fields.get(field)
    return datetime.fromisoformat(str(entered)).date() if entered else None


def _ticked(visit: Visit, field: Field) -> bool:
    return bool(visit.fields.get(field))


Press = Callable[[Visit], Awaitable[Answer]]

VERBS: Mapping[str, Callable[[Visit, Said], Awaitable[Answer]]] = {
    "commit": commit,
    "list": listing,
    "mine": mine,
    "waiting": waiting,
    "show": show,
    "accept": accept,
    "counter": counter,
    "decline": decline,
    "done": done,
    "stuck": stuck,
    "unstuck": unstuck,
    "drop": drop,
}

BUTTONS: Mapping[str, Press] = {
    Button.YES: press_yes,
    Button.AGREE: press_yes,
    Button.KEEP: press_keep,
    Button.DONE: press_done,
    Button.ON_TRACK: press_on_track,
    Button.YES_IF: press_yes_if,
    Button.ANOTHER_DATE: press_change,
    Button.CHANGE: press_change,
    Button.NO: press_no,
    Button.DROP: press_drop,
    Button.STUCK: press_stuck,
    Button.TELL_COLLEAGUE: press_tell_colleague,
    Button.TELL_EVERYONE: press_tell_everyone,
    Button.TELL_NOBODY: press_tell_nobody,
    Button.SHOW: press_show,
    Button.NEW: press_new,
    Button.LIST: press_list,
    Button.MINE: press_mine,
    Button.WAITING: press_waiting,
    Button.EARLIER: press_page,
    Button.LATER: press_page,
}

MODALS: Mapping[str, Press] = {
    Form.YES_IF: send_yes_if,
    Form.CHANGE: send_change,
    Form.NO: send_no,
    Form.DROP: send_drop,
    Form.STUCK: send_stuck,
    Form.NEW: send_new,
}

THREADS: Mapping[Kind, Callable[[Visit, int, int], Awaitable[Answer]]] = {
    Kind.CARD: reply,
}
