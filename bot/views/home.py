"""App Home: one person's overview."""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.domain.commitments import Commitment
from bot.domain.home import Home, Standing
from bot.views import blocks, preferences
from bot.views.blocks import Block, actions, button, context, header, section
from bot.views.commitments.card import offer_said
from bot.views.ids import CommitmentButton, HelpButton, PartnershipButton
from bot.views.words import day, listed, named, one_line

SHOWN = 15
"""Rows of each list; the rest is behind a button."""

_WHAT = 120
_OFFERED = 120
"""Letters of what is asked instead."""

_PER_BLOCK = 5
"""Rows with what is asked that fit into one section."""

_MESSAGES = (
    "If a button here does nothing, write to me under *Messages* instead: mine, waiting, settings, "
    "away, or help. There everything works for you."
)


def home(value: Home, *, partner: bool = False) -> blocks.Home:
    """The Home tab. A ``partner`` is of another workspace than the one that runs me: whether Slack
    lets their buttons work here is not known, so they are told where all of it works.
    """
    made: list[Block] = [section(_MESSAGES)] if partner else []
    made.append(header("Waiting for you"))
    made.extend(_waiting(value))
    made.append(header("Your commitments"))
    made.extend(_mine(value))
    made.append(header("Your settings"))
    made.append(section("\n".join(preferences.lines(value.chosen))))
    made.extend(preferences.rows(value.chosen))
    made.append(header("Your partnerships"))
    made.extend(_partnership(each) for each in value.partnerships[:SHOWN])
    more = len(value.partnerships) - SHOWN
    if more > 0:
        made.append(context(f"And {more} more, in their channels."))
    if not value.partnerships:
        made.append(
            section(
                "I am in no channel with you yet. Go to a channel that you share with your "
                "partners and mention me there; Slack offers to add me."
            )
        )
    made.append(actions(button("Help", HelpButton.HELP, "")))
    made.append(context("This shows how things stood when you opened it."))
    return {"type": "home", "blocks": made[:100]}


def _waiting(value: Home) -> Iterable[Block]:
    if not value.waiting:
        yield section("Nothing waits for your answer.")
        return
    rows = [_row(each, value.today, _wanted(each, value.today)) for each in value.waiting[:SHOWN]]
    for start in range(0, len(rows), _PER_BLOCK):
        yield section("\n".join(rows[start : start + _PER_BLOCK]))
    yield _more(len(value.waiting), CommitmentButton.WAITING)


def _mine(value: Home) -> Iterable[Block]:
    """By date: what is past it, this week's, what comes later."""
    if not value.mine:
        yield section("You have no open commitments.")
        return
    for title, found in _by_date(value.mine[:SHOWN], value.today).items():
        rows = "\n".join(_row(each, value.today) for each in found)
        yield section(f"*{title}*\n{rows}")
    yield _more(len(value.mine), CommitmentButton.MINE)


def _by_date(found: Iterable[Commitment], today: date) -> dict[str, list[Commitment]]:
    sunday = today + timedelta(days=6 - today.weekday())
    parts: dict[str, list[Commitment]] = {}
    for each in found:
        due = each.terms.due
        if due is None:
            title = "No date yet"
        elif due < today:
            title = "Past its date"
        else:
            title = "This week" if due <= sunday else "Later"
        parts.setdefault(title, []).append(each)
    return parts


def _more(count: int, more: CommitmentButton) -> Block:
    label = "Show with buttons" if count <= SHOWN else f"Show all {count}"
    return actions(button(label, more, ""))


def _wanted(commitment: Commitment, today: date) -> str:
    """What an answer is wanted to."""
    if commitment.offer is None:
        return f"Asked by {named(commitment.proposer)}."
    return offer_said(commitment, today, _OFFERED)


def _row(commitment: Commitment, today: date, wanted: str = "") -> str:
    terms = commitment.terms if wanted else commitment.at_issue
    when = "no date yet" if terms.due is None else f"by {day(terms.due, today)}"
    if terms.due is not None and terms.due < today:
        when += ", late"
    where = one_line(commitment.place.name, 60)
    said = f"• #{commitment.number} {one_line(terms.what, _WHAT)}, {when} (in {where})"
    return f"{said}. {wanted}" if wanted else said


def _partnership(value: Standing) -> Block:
    partnership = value.partnership
    where = (
        one_line(partnership.name, 80)
        if partnership.channel is None
        else f"<#{partnership.channel}>"
    )
    lines = [where]
    if partnership.purpose:
        lines.append(one_line(partnership.purpose, 200))
    if partnership.started:
        lines.append("Started.")
    elif value.waiting:
        names = listed(one_line(name, 80) for name in value.waiting[:10])
        lines.append(f"Not started: waiting for the OK of {names}.")
    if value.agreed or partnership.channel is None:
        return section("\n".join(lines))
    return section(
        "\n".join(lines),
        accessory=button(
            "OK for our organization", PartnershipButton.OK, str(partnership.id), style="primary"
        ),
    )
