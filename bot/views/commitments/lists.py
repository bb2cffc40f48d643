"""Several commitments, or one with its history."""

from collections.abc import Collection, Sequence
from datetime import date

import regex

from bot.domain import commitments as rules
from bot.domain.commitments import (
    AGREED,
    Act,
    Away,
    Card,
    Commitment,
    Note,
    Page,
)
from bot.domain.people import Member
from bot.views import ids
from bot.views.blocks import (
    Block,
    Element,
    Message,
    actions,
    button,
    context,
    header,
    message,
    section,
)
from bot.views.commitments.card import (
    LIST_LIMIT,
    WHAT_LIMIT,
    buttons_for,
    described,
    in_lines,
    local_day,
    missing_said,
    status,
    terms_said,
)
from bot.views.commitments.notes import happened
from bot.views.ids import CommitmentButton as Button
from bot.views.ids import SharesButton
from bot.views.words import count, day, escape, named, one_line, plain, safe

_PIECE = 2500

_FIRST_PIECES = 1
_MORE_PIECES = 4
"""Pieces of a long text in one message, so that all of it stays within ``BLOCKS_TEXT_LIMIT``."""

_STEPS_TEXT = 4000


def shown(seen: Card, viewer: Member | None, notes: Sequence[Note], *, piece: int = 0) -> Message:
    """One commitment for one person: all of its words, its history, and what they may do.

    Of very long words the first part; from ``piece`` on the next, in a message of their own.
    """
    commitment, today = seen.commitment, seen.today
    if piece:
        return _read_on(commitment, piece)
    lines = in_lines(commitment, today, WHAT_LIMIT)
    if seen.missing is not None:
        lines.insert(1, missing_said(seen.missing))
    blocks = [section(line) for line in lines]
    blocks.append(context(_small_for(commitment, viewer, today)))
    pieces = _pieces(commitment.terms.what)
    if len(pieces) > 1 or len(commitment.terms.what) > WHAT_LIMIT:
        blocks += [section(each) for each in pieces[:_FIRST_PIECES]]
        blocks += _rest(commitment, pieces, _FIRST_PIECES)
    steps = _steps(commitment, notes, today)
    blocks += [context(step) for step in steps]
    may = _own_buttons(commitment, viewer, today)
    may += _pay_buttons(commitment, viewer)
    if may:
        blocks.append(actions(*may))
    return message(f"{' '.join(lines)} (#{commitment.number}) {' '.join(steps)}", *blocks)


def _pay_buttons(commitment: Commitment, viewer: Member | None) -> list[Element]:
    """For its owner, whose word it is whether it is paid work."""
    if viewer is None or viewer.id != commitment.owner.id or not commitment.place.live:
        return []
    about, what = str(commitment.id), described(commitment)
    return [
        button("Paid work", SharesButton.PAID, about, speaks=f"Paid work ({what})"),
        button("Unpaid work", SharesButton.UNPAID, about, speaks=f"Unpaid work ({what})"),
    ]


def _steps(commitment: Commitment, notes: Sequence[Note], today: date) -> list[str]:
    """The newest lines of the history, as many as fit beside the rest; oldest first."""
    steps: list[str] = []
    room = _STEPS_TEXT
    for one in reversed(notes[-20:]):
        said = f"{day(local_day(one.entry.at, commitment), today)}: {happened(one)}"
        room -= len(said.encode("utf-16-le")) // 2
        if steps and room < 0:
            break
        steps.insert(0, said)
    return steps


def _read_on(commitment: Commitment, piece: int) -> Message:
    pieces = _pieces(commitment.terms.what)
    said = f"#{commitment.number}, the words go on:"
    some = pieces[piece : piece + _MORE_PIECES] or ["There are no more of them."]
    return message(
        f"{said} {some[0]}",
        section(said),
        *(section(each) for each in some),
        *_rest(commitment, pieces, piece + _MORE_PIECES),
    )


def _rest(commitment: Commitment, pieces: Sequence[str], piece: int) -> list[Block]:
    if piece >= len(pieces):
        return []
    about = ids.value(commitment.id, commitment.at_issue.version, piece)
    speaks = f"Read on in #{commitment.number}"
    return [actions(button("Read on", Button.SHOW, about, speaks=speaks))]


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
        may = _own_buttons(commitment, page.viewer, today)
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
    terms = terms_said(commitment.at_issue, today, LIST_LIMIT)
    row = f"*#{commitment.number}* {named(commitment.owner)}: {terms}"
    parts = []
    if commitment.terms.label:
        parts.append(f"for {one_line(commitment.terms.label, 60)}")
    if elsewhere and commitment.place.channel is not None:
        parts.append(f"in <#{commitment.place.channel}>")
    if not commitment.own:
        parts.append(f"asked by {named(commitment.proposer)}")
    parts.append(status(commitment, viewer, today))
    if commitment.away in {Away.LEFT, Away.OFF}:
        parts.append("its owner is not here any more")
    return row, " · ".join(parts)


BUTTON_OF: tuple[tuple[Act, Button], ...] = (
    (Act.ACCEPT, Button.YES),
    (Act.CONDITION, Button.YES_IF),
    (Act.DONE, Button.DONE),
    (Act.STUCK, Button.STUCK),
    (Act.CHANGE, Button.ANOTHER_DATE),
    (Act.KEEP, Button.KEEP),
    (Act.DECLINE, Button.NO),
    (Act.HAND_OVER, Button.HAND_OVER),
    (Act.REOPEN, Button.MISSING),
    (Act.DROP, Button.DROP),
)


_SAID_IN_A_REPLY = frozenset(
    {Act.ACCEPT, Act.CONDITION, Act.DONE, Act.STUCK, Act.CHANGE, Act.KEEP, Act.DECLINE}
)


def which_of_these(commitment: Commitment, viewer: Member, today: date) -> Message | None:
    """Whoever replied may have meant one of these, and is asked; None where they can do none."""
    may = _own_buttons(commitment, viewer, today, only=_SAID_IN_A_REPLY)
    if not may:
        return None
    said = (
        f"{viewer.mention}, I am not sure what that means for #{commitment.number}. "
        "Press what you mean. Otherwise it stays as it is."
    )
    return message(said, section(said), actions(*may))


def _own_buttons(
    commitment: Commitment,
    viewer: Member | None,
    today: date,
    *,
    only: Collection[Act] = frozenset(Act),
) -> list[Element]:
    """The buttons that this person may press; of 25 in a row Slack takes all (seven at most)."""
    if viewer is None or not commitment.place.live:
        return []
    may = rules.acts_of(commitment, viewer, today)
    answers = rules.waits_for(commitment) is rules.side_of(commitment, viewer)
    offer = commitment.offer
    chosen: list[Button] = []
    for act, which in BUTTON_OF:
        if act not in may or act not in only:
            continue
        if act is Act.CONDITION and commitment.state in AGREED:
            continue
        if offer is None:
            chosen.append(which)
        elif act is Act.ACCEPT:
            if answers:
                chosen.append(Button.AGREE if offer.owner is None else Button.TAKE_OVER)
        elif act is Act.KEEP:
            chosen.append(Button.TAKE_BACK if offer.by.id == viewer.id else Button.KEEP)
        elif act is not Act.DECLINE or (commitment.state not in AGREED and not answers):
            chosen.append(which)
    return buttons_for(commitment, chosen)
