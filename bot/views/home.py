"""App Home: one person's overview."""

from collections.abc import Iterable
from datetime import date

from bot.domain.commitments import Commitment
from bot.domain.home import Home, Standing
from bot.views import blocks
from bot.views.blocks import Block, actions, button, context, header, section
from bot.views.ids import CommitmentButton, HelpButton, PartnershipButton
from bot.views.words import day, listed, one_line

SHOWN = 15
"""Rows of each list; the rest is behind a button."""


def home(value: Home) -> blocks.Home:
    """The Home tab."""
    made: list[Block] = [header("Waiting for you")]
    made.extend(
        _rows(
            value.waiting, value.today, "Nothing waits for your answer.", CommitmentButton.WAITING
        )
    )
    made.append(header("Your commitments"))
    made.extend(
        _rows(value.mine, value.today, "You have no open commitments.", CommitmentButton.MINE)
    )
    made.append(header("Your partnerships"))
    made.extend(_partnership(each) for each in value.partnerships[:SHOWN])
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


def _rows(
    found: tuple[Commitment, ...], today: date, nothing: str, more: CommitmentButton
) -> Iterable[Block]:
    if not found:
        yield section(nothing)
        return
    yield section("\n".join(_row(each, today) for each in found[:SHOWN]))
    label = "Show with buttons"
    if len(found) > SHOWN:
        label = f"Show all {len(found)}"
    yield actions(button(label, more, ""))


def _row(commitment: Commitment, today: date) -> str:
    terms = commitment.at_issue
    when = "no date yet" if terms.due is None else f"by {day(terms.due, today)}"
    if terms.due is not None and terms.due < today:
        when += ", late"
    where = one_line(commitment.place.name, 60)
    return f"• #{commitment.number} {one_line(terms.what, 120)}, {when} (in {where})"


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
