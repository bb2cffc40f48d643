"""Commitments as people see them: the card, the notes in its thread, lists and forms."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import regex

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    CLOSED,
    Act,
    Audience,
    Card,
    Commitment,
    Event,
    Note,
    Page,
    Side,
    State,
    Terms,
)
from bot.domain.people import Member, Person
from bot.views import ids
from bot.views.blocks import (
    OPTION_LIMIT,
    OPTIONS_LIMIT,
    Block,
    Element,
    Message,
    Modal,
    actions,
    button,
    checkboxes,
    context,
    date_input,
    field,
    grouped_select,
    header,
    message,
    modal,
    option,
    radio,
    section,
    text_input,
)
from bot.views.ids import CommitmentButton as Button
from bot.views.ids import CommitmentField as Field
from bot.views.ids import CommitmentForm as Form
from bot.views.words import count, day, due, escape, named, one_line, plain, safe

_WHAT = 1500
_IN_LIST = 150
_SAID = 500
_PIECE = 2500
_PIECES = 24
_TYPED = 3000
"""What Slack lets a person type into a field."""

LABEL_LIMIT = 500
"""Of a label in a form. A longer one, typed in words, is kept whole."""

NO_DATE = "no_date"


# The card, and what follows it


def card(shown: Card) -> Message:
    """The one card of a commitment, for everybody in the channel."""
    commitment, today = shown.commitment, shown.today
    lines = _lines(commitment, today, _WHAT)
    blocks: list[Block] = [section(line) for line in lines]
    blocks.append(context(_small(commitment, today)))
    if commitment.state not in CLOSED and commitment.place.live:
        blocks.append(actions(*_card_buttons(commitment)))
    said = " ".join(_lines(commitment, today, 900))
    return message(f"{said} ({_known_as(commitment)})", *blocks)


def _known_as(commitment: Commitment) -> str:
    label = commitment.terms.label
    return f"#{commitment.number}" + (f", for {one_line(label, 100)}" if label else "")


def headline(commitment: Commitment, today: date, limit: int = _WHAT) -> str:
    """What it is and how it stands, in a sentence; escaped."""
    owner, proposer = named(commitment.owner), named(commitment.proposer)
    held = _terms(commitment.terms, today, limit)
    own = "promised" if commitment.own else "agreed"
    return {
        State.PROPOSED: f"{proposer} asks {owner}: {held}?",
        State.COUNTERED: f"{proposer} asked {owner}: {held}?",
        State.DONE: f"Done: {owner}, {held}.",
        State.DECLINED: f"Declined: {owner}, {held}.",
        State.DROPPED: f"Dropped: {owner}, {held}.",
    }.get(commitment.state, f"{owner} {own}: {held}.")


def _lines(commitment: Commitment, today: date, limit: int) -> list[str]:
    lines = [headline(commitment, today, limit)]
    if commitment.state is State.PROPOSED:
        lines[0] += " Nothing counts until you agree."
    if commitment.offer is not None:
        lines.append(_offered(commitment, today, limit))
    if commitment.risk is not None and commitment.state in AGREED:
        lines.append(_at_risk(commitment))
    return lines


def _offered(commitment: Commitment, today: date, limit: int) -> str:
    offer = commitment.offer
    if offer is None:
        return ""
    said = f"{named(offer.by)} {_wish(commitment.terms, offer.terms, today, limit)}."
    if commitment.state in AGREED:
        return f"{said} Until that is answered, what was agreed holds."
    return f"{said} Nothing counts until {_asking(commitment)} agrees."


def _wish(old: Terms, new: Terms, today: date, limit: int) -> str:
    """What somebody asks for instead, as the end of a sentence that begins with their name."""
    same_words, same_date = new.what == old.what, new.due == old.due
    condition = f"if {_said(new.condition)}" if new.condition else ""
    if same_words and same_date and new.condition != old.condition:
        return f"would say yes {condition}" if condition else "would leave the condition out"
    if same_words and not same_date:
        asked = f"asks for another date: {due(new.due, today)}"
        same_condition = new.condition == old.condition
        return asked if same_condition or not condition else f"{asked}, {condition}"
    return f"suggests instead: {_terms(new, today, limit)}"


def _asking(commitment: Commitment) -> str:
    asking = commitment.asking
    return commitment.proposer.mention if asking is None else escape(asking.name, 80)


def _at_risk(commitment: Commitment) -> str:
    risk = commitment.risk
    if risk is None:
        return ""
    return f"At risk: {_said(risk.why)}." if risk.why else "At risk: help is welcome."


def _small(commitment: Commitment, today: date) -> str:
    """The small line of a card: number, label, who asked, how it stands."""
    parts = [f"#{commitment.number}"]
    if commitment.terms.label:
        parts.append(f"for {one_line(commitment.terms.label, 100)}")
    if not commitment.own and commitment.state not in {State.PROPOSED, State.COUNTERED}:
        parts.append(f"asked by {named(commitment.proposer)}")
    parts.append(status(commitment, None, today))
    return " · ".join(parts)


def status(commitment: Commitment, viewer: Member | None, today: date) -> str:
    """How it stands, in a few words; escaped."""
    waits = rules.waits_for(commitment)
    if waits is not None and viewer is not None and rules.side_of(commitment, viewer) is waits:
        waiting = "waits for your answer"
    elif waits is Side.OWNER:
        waiting = f"waits for the answer of {commitment.owner.mention}"
    elif waits is Side.ASKING:
        waiting = f"waits for the answer of {_asking(commitment)}"
    else:
        waiting = ""
    if commitment.state in {State.PROPOSED, State.COUNTERED}:
        return f"not agreed yet, {waiting}"
    if commitment.state in CLOSED:
        ended = "" if commitment.closed_at is None else _closed_on(commitment, today)
        return f"{commitment.state.value}{ended}"
    parts = ["promised" if commitment.own else "agreed"]
    if waiting:
        parts.append(f"a change {waiting}")
    if commitment.risk is not None:
        parts.append("at risk" + _known_to(commitment))
    if rules.overdue(commitment, today):
        parts.append("overdue")
    return ", ".join(parts)


def _closed_on(commitment: Commitment, today: date) -> str:
    if commitment.closed_at is None:
        return ""
    return f" on {day(_local(commitment.closed_at, commitment), today)}"


def _local(at: datetime, commitment: Commitment) -> date:
    return at.astimezone(ZoneInfo(commitment.place.zone)).date()


def _known_to(commitment: Commitment) -> str:
    risk = commitment.risk
    if risk is None or risk.audience is Audience.EVERYONE:
        return ""
    if risk.audience is Audience.OWNER:
        return " (only you see this)"
    return " (only your organization sees this)"


def _terms(terms: Terms, today: date, limit: int) -> str:
    what = one_line(terms.what.rstrip(" .!?;,\n") or terms.what, limit)
    said = f"{what} {due(terms.due, today)}" if terms.due else f"{what} (no date yet)"
    return f"{said}, if {_said(terms.condition)}" if terms.condition else said


def _said(text: str | None) -> str:
    return one_line(text or "", _SAID).rstrip(" .")


def _card_buttons(commitment: Commitment) -> list[Element]:
    if commitment.state is State.PROPOSED:
        return _buttons(commitment, _ASKED)
    if commitment.state is State.COUNTERED:
        return _buttons(commitment, (*_ANSWERS, Button.ANOTHER_DATE))
    if commitment.state is State.ACCEPTED:
        return _buttons(commitment, _AT_WORK)
    return _buttons(commitment, (*_ANSWERS, Button.ANOTHER_DATE, Button.DONE))


_ASKED = (Button.YES, Button.YES_IF, Button.ANOTHER_DATE, Button.NO)
_ANSWERS = (Button.AGREE, Button.KEEP)
_AT_WORK = (Button.DONE, Button.STUCK, Button.ANOTHER_DATE, Button.DROP)

_LABELS: Mapping[Button, tuple[str, str]] = {
    Button.YES: ("Yes", "Yes to"),
    Button.YES_IF: ("Yes, if…", "Yes with a condition to"),
    Button.ANOTHER_DATE: ("Another date", "Another date or other words for"),
    Button.NO: ("No", "No to"),
    Button.AGREE: ("Agree", "Agree to the change of"),
    Button.KEEP: ("Keep as it was", "Keep as it was:"),
    Button.DONE: ("Done", "Done:"),
    Button.STUCK: ("I'm stuck", "I'm stuck with"),
    Button.ON_TRACK: ("On track again", "On track again:"),
    Button.DROP: ("Drop", "Drop"),
    Button.CHANGE: ("Change", "Change"),
    Button.SHOW: ("History", "History of"),
}


def _buttons(commitment: Commitment, which: Iterable[Button]) -> list[Element]:
    """Buttons that say to a screen reader what they are about."""
    stuck = commitment.risk is not None
    return [
        _button(commitment, Button.ON_TRACK if one is Button.STUCK and stuck else one)
        for one in which
    ]


def _button(commitment: Commitment, which: Button) -> Element:
    label, about = _LABELS[which]
    return button(
        label,
        which,
        ids.value(commitment.id, commitment.at_issue.version),
        style="primary" if which in {Button.YES, Button.AGREE} else None,
        speaks=f"{about} #{commitment.number}, {plain(commitment.at_issue.what, 40)}",
    )


# The thread


def note(shown: Note) -> Message:
    """One change, in the card's thread."""
    said = happened(shown, mention=True)
    return message(said, section(said))


def told(shown: Note) -> Message:
    """Somebody is stuck, privately to their colleagues."""
    entry, commitment = shown.entry, shown.commitment
    who = "Somebody" if entry.by is None else named(entry.by)
    why = f": {_said(entry.why)}." if entry.why else "."
    what = _terms(commitment.terms, shown.today, _IN_LIST)
    said = (
        f"{who} is stuck with #{commitment.number} ({what}){why} "
        "Only your organization knows this; perhaps you can help."
    )
    return message(said, section(said))


def happened(shown: Note, *, mention: bool = False) -> str:
    """What somebody did, in a sentence or two; escaped.

    With ``mention`` whoever has to answer is named, so that Slack tells them.
    """
    entry, commitment, today = shown.entry, shown.commitment, shown.today
    who = "Somebody" if entry.by is None else named(entry.by)
    terms = entry.terms or commitment.terms
    held = _terms(terms, today, _IN_LIST)
    said = {
        Event.ASKED: f"{who} asked {named(commitment.owner)}: {held}.",
        Event.PROMISED: f"{who} promised: {held}.",
        Event.ASKED_ANEW: f"{who} asks for something else now: {held}.",
        Event.ACCEPTED: f"{who} said yes: {held}.",
        Event.CONDITION_OFFERED: f"{who} would say yes, if {_said(terms.condition)}.",
        Event.CHANGE_OFFERED: f"{who} suggests: {held}.",
        Event.CHANGE_ASKED: f"{who} asks for a change: {held}.",
        Event.CHANGED: f"{who} changed it: {held}.",
        Event.CHANGE_AGREED: f"{who} agreed: {held}.",
        Event.CHANGE_REFUSED: f"{who} would rather keep it as it was.",
        Event.CHANGE_WITHDRAWN: f"{who} took the change back: it stays as it was.",
        Event.DECLINED: f"{who} said no.",
        Event.DONE: f"{who} says it is done. Thank you!",
        Event.DROPPED: f"{who} dropped it.",
        Event.STUCK: f"{who} is stuck.",
        Event.ON_TRACK: f"{who} is back on track.",
        Event.ENDED: "It ended, since an organization left the partnership.",
    }[entry.event]
    if entry.why:
        said += f" “{_said(entry.why)}”"
    asked = _answerer(commitment, entry.event) if mention else None
    return f"{said} {asked}" if asked else said


def _answerer(commitment: Commitment, what: Event) -> str | None:
    if what in {Event.CONDITION_OFFERED, Event.CHANGE_OFFERED}:
        return f"{commitment.proposer.mention}, do you agree?"
    if what in {Event.CHANGE_ASKED, Event.ASKED_ANEW}:
        return f"{commitment.owner.mention}, do you agree?"
    return None


# Private answers


def receipt(commitment: Commitment, today: date, *, change: bool = False) -> Message:
    """What was written down, or how it stands now.

    With ``change`` (the date was read from words) there is a button to mend it.
    """
    lines = [f"#{commitment.number}: {headline(commitment, today)}"]
    if commitment.state is State.PROPOSED:
        lines[0] += f" Nothing counts until {commitment.owner.mention} agrees."
    if commitment.offer is not None:
        lines.append(_offered(commitment, today, _IN_LIST))
    small = [f"for {one_line(commitment.terms.label, 100)}"] if commitment.terms.label else []
    blocks = [section(line) for line in lines]
    if small:
        blocks.append(context(" · ".join(small)))
    if change:
        blocks.append(actions(_button(commitment, Button.CHANGE)))
    return message(" ".join([*lines, *small]), *blocks)


def who_may_know(commitment: Commitment, *, alone: bool) -> Message:
    """Somebody is stuck: who may know is theirs to say. Until they do, nobody else does."""
    asked = "Thanks for saying so. Who may know?"
    value = ids.value(commitment.id, commitment.at_issue.version)
    buttons = [
        button("Everyone here", Button.TELL_EVERYONE, value),
        button("Nobody yet", Button.TELL_NOBODY, value),
    ]
    if not alone:
        buttons.insert(0, button("Only my colleague", Button.TELL_COLLEAGUE, value))
    return message(
        f"{asked} (#{commitment.number})",
        section(asked),
        context(f"#{commitment.number} · until you say so, only you see it"),
        actions(*buttons),
    )


_KNOWN: Mapping[Audience, str] = {
    Audience.OWNER: "only you see it. You find it in what is yours",
    Audience.ORGANIZATION: "I told your organization's people here, and nobody else",
    Audience.EVERYONE: "everyone here sees it",
}


def risk_noted(commitment: Commitment) -> Message:
    """What became of saying that one is stuck."""
    said = _risk_said(commitment)
    return message(said, section(said))


def risk_noted_form(commitment: Commitment) -> Modal:
    """The same, in place of the form."""
    return modal(
        "I'm stuck", Form.STUCK, section(_risk_said(commitment)), submit=None, close="Close"
    )


def _risk_said(commitment: Commitment) -> str:
    if commitment.risk is None:
        return f"#{commitment.number} is back on track."
    known = _KNOWN[commitment.risk.audience]
    return f"Thanks for saying so. #{commitment.number} is marked as at risk: {known}."


def shown(seen: Card, viewer: Member | None, notes: Sequence[Note]) -> Message:
    """One commitment for one person: all of its words, its history, and what they may do."""
    commitment, today = seen.commitment, seen.today
    lines = _lines(commitment, today, _WHAT)
    blocks = [section(line) for line in lines]
    blocks.append(context(_small_for(commitment, viewer, today)))
    pieces = _pieces(commitment.terms.what)
    if len(pieces) > 1 or len(commitment.terms.what) > _WHAT:
        blocks += [section(piece) for piece in pieces[:_PIECES]]
    steps = [
        f"{day(_local(one.entry.at, commitment), today)}: {happened(one)}" for one in notes[-20:]
    ]
    blocks += [context(step) for step in steps]
    may = _own_buttons(commitment, viewer)
    if may:
        blocks.append(actions(*may))
    return message(f"{' '.join(lines)} (#{commitment.number}) {' '.join(steps)}", *blocks)


def _small_for(commitment: Commitment, viewer: Member | None, today: date) -> str:
    parts = [f"#{commitment.number}"]
    if commitment.terms.label:
        parts.append(f"for {one_line(commitment.terms.label, 100)}")
    parts.append(status(commitment, viewer, today))
    if commitment.card_id is None:
        parts.append("its card was deleted; the next change posts a new one")
    return " · ".join(parts)


def _pieces(text: str) -> list[str]:
    """All of a text in escaped pieces that each fit a section, cut between graphemes."""
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for grapheme in regex.findall(r"\X", safe(text)):
        shown = escape(grapheme, _PIECE)
        units = len(shown.encode("utf-16-le")) // 2
        if size + units > _PIECE:
            pieces.append("".join(piece))
            piece, size = [], 0
        piece.append(shown)
        size += units
    return [*pieces, "".join(piece)]


# Lists


def here(page: Page, channel: str, today: date) -> Message:
    """What is open in a channel, of all organizations; 20 of them, the rest behind a button."""
    if not page.total:
        what = "" if page.label is None else f" for {one_line(page.label, 80)}"
        said = f"Nothing is open here{what} at the moment."
        new = button("New commitment", Button.NEW, channel, style="primary")
        return message(said, section(said), actions(new))
    first, last = page.offset + 1, page.offset + len(page.commitments)
    title = count(page.total, "open commitment")
    label = () if page.label is None else (page.label[:80],)
    if page.label is not None:
        title += f" for {plain(page.label, 80)}"
    if page.total > len(page.commitments):
        title += f": {first} to {last}"
    turn: list[Element] = []
    if page.offset:
        earlier = max(0, page.offset - PAGE)
        turn.append(button("Earlier", Button.EARLIER, ids.value(channel, earlier, *label)))
    if last < page.total:
        more = page.total - last
        turn.append(button(f"And {more} more", Button.LATER, ids.value(channel, last, *label)))
    turn.append(button("New commitment", Button.NEW, channel))
    return _listing(title, page, today, turn)


PAGE = 20
"""Commitments on one page: a section and a row of buttons each, within Slack's 50 blocks."""


def mine(page: Page, today: date) -> Message:
    """What a person owns, in all their channels."""
    if not page.commitments:
        return _empty("You have nothing open.", page)
    return _listing(f"Yours: {count(page.total, 'open commitment')}", page, today, [])


def waiting(page: Page, today: date) -> Message:
    """What waits for a person's answer, in all their channels."""
    if not page.commitments:
        return _empty("Nothing waits for your answer.", page)
    return _listing(f"Waiting for your answer: {page.total}", page, today, [])


def _empty(said: str, page: Page) -> Message:
    hidden = _hidden(page)
    if hidden:
        return message(f"{said} {hidden}", section(said), context(hidden))
    return message(said, section(said))


def _hidden(page: Page) -> str:
    if not page.hidden:
        return ""
    return (
        f"{count(page.hidden, 'more is', 'more are')} in channels that I could not look at "
        "just now, or that you have left."
    )


def _listing(title: str, page: Page, today: date, turn: Sequence[Element]) -> Message:
    blocks: list[Block] = [header(title)]
    lines: list[str] = [escape(title)]
    elsewhere = not turn
    for commitment in page.commitments[:PAGE]:
        row, small = _row(commitment, page.viewer, today, elsewhere=elsewhere)
        lines.append(f"{row} ({small})")
        blocks.append(section(f"{row}\n{small}"))
        may = _own_buttons(commitment, page.viewer)
        if may:
            blocks.append(actions(*may))
    over = len(page.commitments) - PAGE
    if over > 0:
        lines.append(f"And {over} more.")
        blocks.append(context(f"And {over} more, in the lists of their channels."))
    if hidden := _hidden(page):
        lines.append(hidden)
        blocks.append(context(hidden))
    if turn:
        blocks.append(actions(*turn))
    return message("\n".join(lines), *blocks)


def _row(
    commitment: Commitment, viewer: Member | None, today: date, *, elsewhere: bool
) -> tuple[str, str]:
    terms = _terms(commitment.at_issue, today, _IN_LIST)
    row = f"*#{commitment.number}* {named(commitment.owner)}: {terms}"
    parts = []
    if commitment.terms.label:
        parts.append(f"for {one_line(commitment.terms.label, 60)}")
    if elsewhere and commitment.place.channel is not None:
        parts.append(f"in <#{commitment.place.channel}>")
    if not commitment.own:
        parts.append(f"asked by {named(commitment.proposer)}")
    parts.append(status(commitment, viewer, today))
    return row, " · ".join(parts)


_BY_ACT: tuple[tuple[Act, Button], ...] = (
    (Act.ACCEPT, Button.YES),
    (Act.CONDITION, Button.YES_IF),
    (Act.DONE, Button.DONE),
    (Act.STUCK, Button.STUCK),
    (Act.CHANGE, Button.ANOTHER_DATE),
    (Act.DECLINE, Button.NO),
    (Act.DROP, Button.DROP),
)


def _own_buttons(commitment: Commitment, viewer: Member | None) -> list[Element]:
    """The buttons that this person may press, five at most."""
    if viewer is None or not commitment.place.live:
        return []
    may = rules.acts_of(commitment, viewer)
    offered = commitment.offer is not None
    asked = commitment.state not in AGREED
    chosen: list[Button] = []
    for act, which in _BY_ACT:
        if act not in may or (act is Act.CONDITION and not asked):
            continue
        if offered and act in {Act.ACCEPT, Act.DECLINE}:
            if act is Act.ACCEPT and rules.waits_for(commitment) is not rules.side_of(
                commitment, viewer
            ):
                continue
            chosen.append(Button.AGREE if act is Act.ACCEPT else Button.KEEP)
        else:
            chosen.append(which)
    return _buttons(commitment, chosen[:6])


# Forms


def yes_if_form(commitment: Commitment, today: date) -> Modal:
    """Yes, if …"""
    return modal(
        "Yes, if…",
        Form.YES_IF,
        section(headline(commitment, today)),
        field(
            "If what?",
            text_input(Field.CONDITION, placeholder="travel is paid", longest=_TYPED),
            block=Field.CONDITION,
            hint="Whoever asked agrees to it first. Nothing counts until then.",
        ),
        private=_private(commitment),
        submit="Send",
    )


def change_form(commitment: Commitment, today: date) -> Modal:
    """Another date, other words, another label."""
    terms = commitment.at_issue
    box = option("No date yet", NO_DATE)
    long = len(terms.what) > _TYPED
    return modal(
        "Another date",
        Form.CHANGE,
        section(headline(commitment, today)),
        field(
            "By when?",
            date_input(Field.DUE, initial=None if terms.due is None else terms.due.isoformat()),
            block=Field.DUE,
            optional=True,
        ),
        field(
            "Or",
            checkboxes(Field.NO_DATE, box, chosen=() if terms.due else (box,)),
            block=Field.NO_DATE,
            optional=True,
        ),
        field(
            "What?",
            text_input(
                Field.WHAT, initial="" if long else terms.what, multiline=True, longest=_TYPED
            ),
            block=Field.WHAT,
            hint="Leave it empty to keep the words as they are.",
            optional=True,
        ),
        field(
            "For which program?",
            text_input(Field.LABEL, initial=(terms.label or "")[:LABEL_LIMIT], longest=LABEL_LIMIT),
            block=Field.LABEL,
            optional=True,
        ),
        field(
            "Why?",
            text_input(Field.WHY, longest=_TYPED),
            block=Field.WHY,
            optional=True,
        ),
        private=_private(commitment),
        submit="Send",
    )


def no_form(commitment: Commitment, today: date) -> Modal:
    """No, because …"""
    return _because_form(commitment, today, "No", Form.NO)


def drop_form(commitment: Commitment, today: date) -> Modal:
    """Dropped, because …"""
    return _because_form(commitment, today, "Drop", Form.DROP)


def _because_form(commitment: Commitment, today: date, title: str, form: Form) -> Modal:
    return modal(
        title,
        form,
        section(headline(commitment, today)),
        field(
            "Because",
            text_input(Field.WHY, multiline=True, longest=_TYPED),
            block=Field.WHY,
            hint="Everyone here can read it. You may leave it empty.",
            optional=True,
        ),
        private=_private(commitment),
        submit=title,
    )


def stuck_form(commitment: Commitment, today: date, *, alone: bool) -> Modal:
    """I'm stuck: why, and who may know."""
    choices = [
        option("Everyone here", Audience.EVERYONE),
        option("Nobody yet", Audience.OWNER),
    ]
    if not alone:
        choices.insert(0, option("Only my colleague", Audience.ORGANIZATION))
    return modal(
        "I'm stuck",
        Form.STUCK,
        section(f"Thanks for saying so. {headline(commitment, today)}"),
        field(
            "What keeps you from it?",
            text_input(Field.WHY, multiline=True, longest=_TYPED),
            block=Field.WHY,
            optional=True,
        ),
        field("Who may know?", radio(Field.AUDIENCE, *choices), block=Field.AUDIENCE),
        private=_private(commitment),
        submit="Send",
    )


def new_form(channel: str, people: Mapping[str, Sequence[Member]], speaker: Person) -> Modal:
    """A new commitment. ``people`` are those in the channel, by their organization's name.

    Slack's own select of people may show the wrong ones in shared channels, so this is ours.
    """
    groups = {
        name: [option(plain(one.name, OPTION_LIMIT), one.user) for one in several[:OPTIONS_LIMIT]]
        for name, several in people.items()
    }
    initial = next(
        (
            choice
            for choices in groups.values()
            for choice in choices
            if choice["value"] == speaker.user
        ),
        None,
    )
    hint = "What you write down for somebody else counts once they agree."
    if any(len(several) > OPTIONS_LIMIT for several in people.values()):
        hint += " Somebody missing? Mention me with: commit @name what by when."
    return modal(
        "New commitment",
        Form.NEW,
        field(
            "Who?",
            grouped_select(Field.OWNER, "Choose a person", groups, initial=initial),
            block=Field.OWNER,
            hint=hint,
        ),
        field(
            "What?",
            text_input(Field.WHAT, multiline=True, longest=_TYPED, placeholder="invite 12 mentees"),
            block=Field.WHAT,
        ),
        field("By when?", date_input(Field.DUE), block=Field.DUE, optional=True),
        field(
            "Or",
            checkboxes(Field.NO_DATE, option("No date yet", NO_DATE)),
            block=Field.NO_DATE,
            optional=True,
        ),
        field(
            "For which program?",
            text_input(Field.LABEL, longest=LABEL_LIMIT),
            block=Field.LABEL,
            optional=True,
        ),
        private=ids.value(channel),
        submit="Write down",
    )


def _private(commitment: Commitment) -> str:
    return ids.value(commitment.id, commitment.at_issue.version)
