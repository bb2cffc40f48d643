"""Finding things in blocks: elements, options, all text; and the ids that Slack makes up."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bot.sandbox.errors import Json


def options_of(element: Mapping[str, Any]) -> list[Json]:
    """All options of a select, a group of radio buttons or an overflow menu, groups flattened."""
    options = [option for option in element.get("options") or [] if isinstance(option, dict)]
    for group in element.get("option_groups") or []:
        if isinstance(group, dict):
            options += [option for option in group.get("options") or [] if isinstance(option, dict)]
    return options


def elements_of(block: Mapping[str, Any]) -> list[Json]:
    """The interactive elements of a block."""
    kind = block.get("type")
    if kind in ("actions", "context_actions"):
        return [element for element in block.get("elements") or [] if isinstance(element, dict)]
    if kind == "section" and isinstance(block.get("accessory"), dict):
        return [block["accessory"]] if block["accessory"].get("type") != "image" else []
    if kind == "input" and isinstance(block.get("element"), dict):
        return [block["element"]]
    if kind == "card":
        return [element for element in block.get("actions") or [] if isinstance(element, dict)]
    return []


def flat(blocks: Iterable[Json]) -> Iterator[Json]:
    """The blocks, and after each container those inside it."""
    for block in blocks:
        yield block
        if block.get("type") == "container":
            yield from flat(block.get("child_blocks") or [])


def with_ids(blocks: Iterable[Json]) -> list[Json]:
    """The blocks with the ids that Slack makes up where the app gave none."""
    made: list[Json] = []
    for original in blocks:
        block = dict(original)
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        if block["type"] in ("actions", "context_actions"):
            block["elements"] = [_with_action_id(element) for element in block["elements"]]
        elif block["type"] == "section" and "accessory" in block:
            if block["accessory"].get("type") != "image":
                block["accessory"] = _with_action_id(block["accessory"])
        elif block["type"] == "input":
            block["element"] = _with_action_id(block["element"])
        elif block["type"] == "card" and "actions" in block:
            block["actions"] = [_with_action_id(element) for element in block["actions"]]
        elif block["type"] == "container":
            block["child_blocks"] = with_ids(block["child_blocks"])
        made.append(block)
    return made


def _with_action_id(element: Json) -> Json:
    if element.get("action_id") is not None:
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)[:5]}


def text_in(value: object) -> str:
    """All readable text inside blocks or an object of them, one piece a line."""
    pieces: list[str] = []
    _collect(value, pieces)
    return "\n".join(pieces)


_READABLE: Final = frozenset({"text", "label", "caption", "title", "alt_text", "hint"})


def _collect(value: object, pieces: list[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _collect(item, pieces)
    elif isinstance(value, dict):
        for name, item in value.items():
            if isinstance(item, str):
                if name in _READABLE:
                    pieces.append(item)
            elif name == "value" and value.get("type") == "raw_number":
                pieces.append(str(value.get("text") or item))
            elif isinstance(item, list | dict):
                _collect(item, pieces)
