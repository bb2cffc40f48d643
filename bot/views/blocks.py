"""Slack's blocks as plain dicts, each within Slack's limits.

Plain dicts on purpose: the SDK's model classes turn blocks they do not know into null. Limits:
https://docs.slack.dev/reference/block-kit/blocks and the SDK's own validators.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from bot.views.words import cut, cut_markup, plain

Block = dict[str, Any]
Element = dict[str, Any]
Modal = dict[str, Any]
Home = dict[str, Any]

SECTION_LIMIT = 3000
HEADER_LIMIT = 150
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
OPTIONS_LIMIT = 100
"""Of a select, or under one of its headings."""
CONTEXT_LIMIT = 2000
TITLE_LIMIT = 24
BLOCKS_LIMIT = 50
BLOCKS_TEXT_LIMIT = 12_000
"""Of all texts of a message together. Slack refuses a little over 13,000 with
``msg_blocks_too_long``; it documents no figure."""


class Message(TypedDict):
    """What is sent: ``text`` says it all for notifications and screen readers."""

    text: str
    blocks: list[Block]
    metadata: NotRequired[dict[str, Any]]


def message(text: str, *blocks: Block) -> Message:
    """A message; with no blocks the text alone is shown.

    What is too much altogether is cut where it becomes so; buttons stay.
    """
    return {"text": cut_markup(text, 3900), "blocks": _within(list(blocks)[:BLOCKS_LIMIT])}


def _within(blocks: Sequence[Block]) -> list[Block]:
    """The blocks as far as all their texts together are within Slack's limit."""
    sizes = [_size(block) for block in blocks]
    if sum(sizes) <= BLOCKS_TEXT_LIMIT:
        return list(blocks)
    room = BLOCKS_TEXT_LIMIT - sum(
        size for block, size in zip(blocks, sizes, strict=True) if block["type"] == "actions"
    )
    kept: list[Block] = []
    for block, size in zip(blocks, sizes, strict=True):
        if block["type"] == "actions":
            kept.append(block)
            continue
        if size <= room:
            kept.append(block)
        elif room > 0 and block["type"] == "section" and "accessory" not in block:
            text = {**block["text"], "text": cut_markup(block["text"]["text"], room)}
            kept.append({**block, "text": text})
        room -= size
    return kept


def _size(value: object) -> int:
    """UTF-16 units of all texts in a block."""
    if isinstance(value, Mapping):
        own = value.get("text")
        size = len(own.encode("utf-16-le")) // 2 if isinstance(own, str) else 0
        return size + sum(_size(each) for each in value.values())
    if isinstance(value, list):
        return sum(_size(each) for each in value)
    return 0


def section(mrkdwn: str, *, accessory: Element | None = None, block: str | None = None) -> Block:
    """A paragraph. The text must be escaped already."""
    made: Block = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": cut_markup(mrkdwn, SECTION_LIMIT) or " "},
    }
    if accessory is not None:
        made["accessory"] = accessory
    if block is not None:
        made["block_id"] = block
    return made


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": _plain(text, HEADER_LIMIT)}


def context(mrkdwn: str) -> Block:
    """A small line. The text must be escaped already."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": cut_markup(mrkdwn, CONTEXT_LIMIT) or " "}],
    }


def actions(*elements: Element, block: str | None = None) -> Block:
    """A row of buttons."""
    made: Block = {"type": "actions", "elements": list(elements)}
    if block is not None:
        made["block_id"] = block
    return made


def button(
    label: str,
    action: str,
    value: str,
    *,
    style: Literal["primary", "danger"] | None = None,
    speaks: str | None = None,
) -> Element:
    """A button. ``speaks`` is what a screen reader says where the label alone is too short."""
    made: Element = {
        "type": "button",
        "text": _plain(label, BUTTON_LIMIT),
        "action_id": str(action),
        "value": value,
    }
    if style is not None:
        made["style"] = style
    if speaks is not None:
        made["accessibility_label"] = plain(speaks, BUTTON_LIMIT)
    return made


def option(label: str, value: str) -> Element:
    """One choice of a select."""
    return {"text": _plain(label, OPTION_LIMIT), "value": value}


def select(
    action: str,
    placeholder: str,
    options: Sequence[Element],
    *,
    initial: Element | None = None,
) -> Element:
    """A select of at most 100 options."""
    made: Element = {
        "type": "static_select",
        "action_id": str(action),
        "placeholder": _plain(placeholder, 150),
        "options": list(options)[:OPTIONS_LIMIT],
    }
    if initial is not None:
        made["initial_option"] = initial
    return made


def text_input(
    action: str,
    *,
    initial: str = "",
    placeholder: str = "",
    multiline: bool = False,
    longest: int | None = None,
) -> Element:
    """A field for words. ``longest`` is what Slack lets a person type, 3,000 at most."""
    made: Element = {"type": "plain_text_input", "action_id": str(action), "multiline": multiline}
    if initial:
        made["initial_value"] = cut(initial, longest or 3000)
    if placeholder:
        made["placeholder"] = _plain(placeholder, 150)
    if longest is not None:
        made["max_length"] = longest
    return made


def number_input(
    action: str, *, initial: int | None = None, least: int | None = None, most: int | None = None
) -> Element:
    """A field for a whole number."""
    made: Element = {
        "type": "number_input",
        "action_id": str(action),
        "is_decimal_allowed": False,
    }
    for name, number in (("initial_value", initial), ("min_value", least), ("max_value", most)):
        if number is not None:
            made[name] = str(number)
    return made


def date_input(action: str, *, initial: str | None = None) -> Element:
    """A date picker; ``initial`` as ``2026-11-30``."""
    made: Element = {"type": "datepicker", "action_id": str(action)}
    if initial is not None:
        made["initial_date"] = initial
    return made


def file_input(action: str, *types: str, most: int = 1) -> Element:
    """A field for files with these endings, ``most`` at most. The endings are checked by Slack's
    program alone: what comes is to be looked at.
    """
    return {
        "type": "file_input",
        "action_id": str(action),
        "filetypes": list(types),
        "max_files": most,
    }


def checkboxes(action: str, *options: Element, chosen: Sequence[Element] = ()) -> Element:
    """Boxes to tick, ten at most; those in ``chosen`` are ticked."""
    made: Element = {"type": "checkboxes", "action_id": str(action), "options": list(options)}
    if chosen:
        made["initial_options"] = list(chosen)
    return made


def radio(action: str, *options: Element, initial: Element | None = None) -> Element:
    """One choice of a few, all of them in sight; ten at most."""
    made: Element = {"type": "radio_buttons", "action_id": str(action), "options": list(options)}
    if initial is not None:
        made["initial_option"] = initial
    return made


def grouped_select(
    action: str,
    placeholder: str,
    groups: Mapping[str, Sequence[Element]],
    *,
    initial: Element | None = None,
) -> Element:
    """A select whose options stand under headings; at most 100 headings with 100 options each."""
    made: Element = {
        "type": "static_select",
        "action_id": str(action),
        "placeholder": _plain(placeholder, 150),
        "option_groups": [
            {"label": _plain(label, OPTION_LIMIT), "options": list(options)[:OPTIONS_LIMIT]}
            for label, options in list(groups.items())[:100]
        ],
    }
    if initial is not None:
        made["initial_option"] = initial
    return made


def field(
    label: str, element: Element, *, block: str, hint: str = "", optional: bool = False
) -> Block:
    """An input with its label, for modals."""
    made: Block = {
        "type": "input",
        "block_id": block,
        "label": _plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        made["hint"] = _plain(hint, 2000)
    return made


def modal(
    title: str,
    callback: str,
    *blocks: Block,
    private: str = "",
    submit: str | None = "Save",
    close: str = "Cancel",
) -> Modal:
    """A modal. ``private`` comes back with it; it is a hint, checked again when it does."""
    made: Modal = {
        "type": "modal",
        "callback_id": str(callback),
        "title": _plain(title, TITLE_LIMIT),
        "close": _plain(close, TITLE_LIMIT),
        "blocks": list(blocks),
        "private_metadata": private,
    }
    if submit is not None:
        made["submit"] = _plain(submit, TITLE_LIMIT)
    return made


def _plain(text: str, limit: int) -> Element:
    return {"type": "plain_text", "text": plain(text, limit) or " ", "emoji": True}
