"""How the work is shared, as a chart and always in words.

The chart is Slack's own block, which shows at most twenty names of twenty letters
(https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block/).
"""

from collections.abc import Sequence

from bot.domain.commitments import Commitment
from bot.domain.people import Member
from bot.domain.shares import Marked, Part, Shown
from bot.views import ids
from bot.views.blocks import Block, Message, actions, button, context, message, section
from bot.views.ids import SharesButton as Button
from bot.views.words import called, cut, day, escape, listed, one_line, plain

_BARS = 20
_LABEL = 20
_SMALL = "This counts commitments, not hours or effort. It names no person and ranks nobody."


def told(value: Shown) -> Message:
    """To a lead, who decides with the others whether it is posted."""
    share = value.share
    head = (
        f"{escape(called(share.asked_by), 170)} asks how the work is shared in "
        f"{escape(value.name, 80)}. The leads see it first. What is done counts since "
        f"{day(share.since)}."
    )
    if share.posted_at is not None:
        asked = "A lead of each organization wanted it posted. It stands in the channel."
    else:
        asked = (
            "Shall I post it in the channel? I do so once a lead of each organization says yes. "
            + _said_by(value)
        )
    blocks: list[Block] = [section(head), *_figures(value), section(asked)]
    if share.posted_at is None:
        spoken = "Post it in the channel (how the work is shared)"
        blocks.append(
            actions(
                button(
                    "Post it in the channel",
                    Button.POST,
                    ids.value(share.id),
                    style="primary",
                    speaks=spoken,
                ),
                button("Keep it to the leads", Button.KEEP, ids.value(share.id)),
            )
        )
    blocks.append(context(_SMALL))
    return message(" ".join([head, *_lines(value), asked, _SMALL]), *blocks)


def posted(value: Shown) -> Message:
    """In the channel, once the leads have said so."""
    share = value.share
    head = f"How the work is shared since {day(share.since)}"
    who = (
        f"{escape(called(share.asked_by), 170)} asked for it, and a lead of each organization "
        f"wanted it posted. {_SMALL}"
    )
    blocks = [section(f"*{head}*"), *_figures(value), context(who)]
    return message(" ".join([f"{head}.", *_lines(value), who]), *blocks)


def sent(leads: Sequence[Member], again: bool) -> Message:
    """To the one who asked."""
    names = listed(escape(called(each), 170) for each in leads)
    if again:
        said = (
            f"The leads had this within the last week: {names}. They decide whether I post it. "
            "Ask again next week, and I count anew."
        )
    else:
        said = (
            f"I have sent it to the leads: {names}. I post it in the channel once a lead of each "
            "organization says yes."
        )
    return message(said, section(said))


def answered(value: bool, complete: bool) -> Message:
    """To the lead who answered."""
    if complete:
        said = "All leads have said yes. I am posting it in the channel."
    elif value:
        said = "Thank you. I post it once a lead of each other organization says yes too."
    else:
        said = "All right. It stays among the leads. You can still say yes later."
    return message(said, section(said))


def marked(commitment: Commitment, paid: bool) -> Message:
    """After an owner said whether it is paid work."""
    what = f"#{commitment.number} {one_line(commitment.terms.what, 150)}"
    kind = "paid" if paid else "unpaid"
    said = (
        f"Noted: {what} is {kind} work. It counts as such when somebody asks how the work is "
        f"shared. To change it: {'unpaid' if paid else 'paid'} {commitment.number}."
    )
    return message(said, section(said))


def marked_as(value: Marked) -> str:
    """Whether it is marked as paid work, in a sentence."""
    what = f"#{value.commitment.number} {one_line(value.commitment.terms.what, 150)}"
    if value.paid is None:
        return f"{what}: nobody has said whether it is paid work."
    return f"{what} is {'paid' if value.paid else 'unpaid'} work."


def _said_by(value: Shown) -> str:
    """Who wants it posted so far; who does not, or has not said, is not named, but that somebody
    would rather not is said: else all wait in vain.
    """
    share = value.share
    answers = {each.name: share.answer_of(each.organization_id) for each in share.parts}
    yes = [name for name, said in answers.items() if said]
    told = f"Yes so far: {listed(escape(each, 80) for each in yes)}." if yes else ""
    if False in answers.values():
        return f"{told} It was also said: rather keep it to the leads for now.".strip()
    return told or "Nobody has said yes yet."


def _figures(value: Shown) -> list[Block]:
    parts = value.share.parts
    bullets = "\n".join(f"• {line}" for line in _lines(value))
    words = section(bullets or "Nobody takes part yet.")
    charted = _chart(value) if any(each.total for each in parts) else None
    return [words] if charted is None else [charted, words]


def _lines(value: Shown) -> list[str]:
    return [_line(each) for each in value.share.parts]


def _line(part: Part) -> str:
    said = f"{escape(part.name, 80)}: {part.open} open, {part.done} done"
    marks = []
    if part.paid:
        marks.append(f"{part.paid} paid")
    if part.unpaid:
        marks.append(f"{part.unpaid} unpaid")
    rest = part.total - part.paid - part.unpaid
    if not marks:
        return f"{said}."
    if rest:
        marks.append(f"{rest} not marked")
    return f"{said}. Of these {listed(marks)}."


def _chart(value: Shown) -> Block | None:
    """Open and done for each organization; None where there are too many for one chart."""
    parts = value.share.parts
    if len(parts) > _BARS:
        return None
    labels = _labels([each.name for each in parts])

    def series(name: str, figures: Sequence[int]) -> dict[str, object]:
        data = [
            {"label": label, "value": figure} for label, figure in zip(labels, figures, strict=True)
        ]
        return {"name": name, "data": data}

    return {
        "type": "data_visualization",
        "title": "Open and done, by organization",
        "chart": {
            "type": "bar",
            "series": [
                series("Open", [each.open for each in parts]),
                series("Done", [each.done for each in parts]),
            ],
            "axis_config": {"categories": labels, "y_label": "Commitments"},
        },
    }


def _labels(names: Sequence[str]) -> list[str]:
    """The names as short as a chart takes them, each once."""
    found: list[str] = []
    for number, name in enumerate(names, 1):
        label = cut(plain(name, 80), _LABEL)
        if label in found:
            label = f"{number}. {cut(plain(name, 80), _LABEL - 4)}"
        found.append(label)
    return found
