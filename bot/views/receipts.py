"""Receipts: what can be done about an act, and that it was taken back."""

from datetime import date

from bot.domain.commitments import Act, Commitment
from bot.domain.undo import Receipt, Undone
from bot.views import commitments, ids
from bot.views.blocks import Element, Message, actions, button, message, section
from bot.views.ids import CommitmentButton, UndoButton

_CHANGING = frozenset({CommitmentButton.CHANGE, CommitmentButton.ANOTHER_DATE})


def completed(receipt: Receipt, said: Message | None, today: date) -> Message | None:
    """A receipt with *Undo* and *Edit*; where nothing was said, how the thing stands now."""
    if said is None:
        if receipt.commitment is None:
            return None
        said = commitments.receipt(receipt.commitment, today)
    row = [_undo(receipt)]
    if receipt.edit is not None and receipt.commitment is not None and not _changes(said):
        row.append(_edit(receipt.commitment, receipt.edit))
    blocks = list(said["blocks"])
    last = blocks[-1] if blocks else None
    if last is not None and last["type"] == "actions" and len(last["elements"]) < 4:
        blocks[-1] = {**last, "elements": [*last["elements"], *row]}
    else:
        blocks.append(actions(*row))
    return {**said, "blocks": blocks}


def taken_back(undone: Undone, today: date, *, public: bool) -> Message:
    """A line in place of the receipt. ``public``: whether others read it too."""
    who = f"{undone.by.mention} took" if public else "You took"
    lines = [f"{who} that back."]
    if isinstance(undone.value, Commitment):
        lines.append(commitments.receipt(undone.value, today)["text"])
    said = " ".join(lines)
    return message(said, section(said))


def _undo(receipt: Receipt) -> Element:
    what = "what you just did"
    if receipt.commitment is not None:
        what = commitments.described(receipt.commitment)
    return button("Undo", UndoButton.TAKE_BACK, ids.value(receipt.deed.id), speaks=f"Undo ({what})")


def _edit(commitment: Commitment, act: Act) -> Element:
    opens = CommitmentButton.STUCK if act is Act.STUCK else CommitmentButton.CHANGE
    return button(
        "Edit",
        opens,
        ids.value(commitment.id, commitment.at_issue.version),
        speaks=f"Edit ({commitments.described(commitment)})",
    )


def _changes(said: Message) -> bool:
    """Whether a button of it opens the form for changes already."""
    return any(
        element.get("action_id") in _CHANGING
        for block in said["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    )
