"""Blocks: which surface each may stand on, its fields, its limits."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

from bot.sandbox.block_kit.data import data_table, data_visualization, table
from bot.sandbox.block_kit.elements import (
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
)
from bot.sandbox.block_kit.findings import ID, TEXT, Findings, text_object
from bot.sandbox.block_kit.media import image, rich_text
from bot.sandbox.errors import Json

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100

# Which surfaces a block may stand on (docs.slack.dev/reference/block-kit/blocks).
_EVERYWHERE: Final = frozenset({"message", "modal", "home"})
_MESSAGES: Final = frozenset({"message"})
SURFACES: Final[Mapping[str, frozenset[str]]] = {
    "actions": _EVERYWHERE,
    "alert": frozenset({"modal"}),
    "card": _EVERYWHERE,
    "carousel": frozenset({"message", "home"}),
    "container": _MESSAGES,
    "context": _EVERYWHERE,
    "context_actions": _MESSAGES,
    "data_table": frozenset({"message", "home"}),
    "data_visualization": _MESSAGES,
    "divider": _EVERYWHERE,
    "file": _MESSAGES,
    "header": _EVERYWHERE,
    "image": _EVERYWHERE,
    "input": _EVERYWHERE,
    "markdown": _MESSAGES,
    "plan": _MESSAGES,
    "rich_text": _EVERYWHERE,
    "section": _EVERYWHERE,
    "table": frozenset({"message", "home"}),
    "task_card": _MESSAGES,
    "video": _EVERYWHERE,
}

_BLOCK_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "actions": frozenset({"elements"}),
    "context": frozenset({"elements"}),
    "context_actions": frozenset({"elements"}),
    "data_table": frozenset({"rows", "caption", "page_size", "row_header_column_index"}),
    "data_visualization": frozenset({"title", "chart"}),
    "divider": frozenset(),
    "header": frozenset({"text", "level"}),
    "image": frozenset({"image_url", "slack_file", "alt_text", "title"}),
    "input": frozenset({"label", "element", "dispatch_action", "hint", "optional"}),
    "markdown": frozenset({"text"}),
    "rich_text": frozenset({"elements"}),
    "section": frozenset({"text", "fields", "accessory", "expand"}),
    "table": frozenset({"rows", "column_settings"}),
}


def faults_of_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[str]:
    """Everything that Slack would refuse in these blocks; empty if they are fine."""
    findings = Findings()
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if not findings.count(blocks, at, most, least=0) or not isinstance(blocks, list):
        return findings.found
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        if not isinstance(block, dict):
            findings.add("must be an object", here)
            continue
        kind = block.get("type")
        kinds[str(kind)] = kinds.get(str(kind), 0) + 1
        _block(findings, block, surface, here)
        block_id = block.get("block_id")
        if block_id is not None and findings.text(block_id, f"{here}/block_id", ID):
            if block_id in seen:
                findings.add(f"block_id {block_id!r} is not unique", f"{here}/block_id")
            seen.add(block_id)
    if kinds.get("table", 0) > 1:
        findings.add("only_one_table_allowed", at)
    if kinds.get("data_visualization", 0) > 2:
        findings.add("no more than 2 data_visualization blocks allowed", at)
    return findings.found


def _block(findings: Findings, block: Json, surface: Surface, at: str) -> None:
    kind = block.get("type")
    allowed = SURFACES.get(kind) if isinstance(kind, str) else None
    if allowed is None:
        findings.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if surface not in allowed:
        findings.add(f"unsupported type: {kind} on this surface ({surface})", f"{at}/type")
        return
    keys = _BLOCK_KEYS.get(str(kind))
    if keys is not None:
        findings.only(block, keys | {"type", "block_id"}, at)
    check = _BLOCKS.get(str(kind))
    if check:
        check(findings, block, at)
    element = block.get("element")
    if surface != "modal" and isinstance(element, dict) and element.get("type") == "file_input":
        findings.add(f"unsupported type: file_input on this surface ({surface})", f"{at}/element")


def _section(findings: Findings, block: Json, at: str) -> None:
    if block.get("text") is None and block.get("fields") is None:
        findings.add("missing required field: text", at)
    if block.get("text") is not None:
        text_object(findings, block["text"], f"{at}/text", TEXT)
    fields = block.get("fields")
    if fields is not None and findings.count(fields, f"{at}/fields", 10):
        for index, value in enumerate(fields):
            text_object(findings, value, f"{at}/fields/{index}", 2000)
    if block.get("accessory") is not None:
        check_element(findings, block["accessory"], f"{at}/accessory", IN_SECTION)


def _header(findings: Findings, block: Json, at: str) -> None:
    text_object(findings, block.get("text"), f"{at}/text", 150, plain=True)


def _context(findings: Findings, block: Json, at: str) -> None:
    elements = block.get("elements")
    if not findings.count(elements, f"{at}/elements", 10) or not isinstance(elements, list):
        return
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            image(findings, element, here)
        else:
            text_object(findings, element, here, TEXT)


def _actions(findings: Findings, block: Json, at: str) -> None:
    elements = block.get("elements")
    if not findings.count(elements, f"{at}/elements", 25) or not isinstance(elements, list):
        return
    seen: set[str] = set()
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        check_element(findings, element, here, IN_ACTIONS)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            if action_id in seen:
                findings.add(f"action_id {action_id!r} already exists in this block", here)
            seen.add(action_id)


def _context_actions(findings: Findings, block: Json, at: str) -> None:
    elements = block.get("elements")
    if findings.count(elements, f"{at}/elements", 5) and isinstance(elements, list):
        for index, element in enumerate(elements):
            check_element(findings, element, f"{at}/elements/{index}", IN_CONTEXT_ACTIONS)


def _card(findings: Findings, block: Json, at: str) -> None:
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        if block.get(name) is not None:
            text_object(findings, block[name], f"{at}/{name}", most)
    buttons = block.get("actions")
    if buttons is not None and findings.count(buttons, f"{at}/actions", 3, least=0):
        for index, element in enumerate(buttons):
            check_element(findings, element, f"{at}/actions/{index}", frozenset({"button"}))


def _container(findings: Findings, block: Json, at: str) -> None:
    children = block.get("child_blocks")
    if findings.count(children, f"{at}/child_blocks", 10):
        findings.found += faults_of_blocks(children, "message", f"{at}/child_blocks")


def _input(findings: Findings, block: Json, at: str) -> None:
    text_object(findings, block.get("label"), f"{at}/label", 2000, plain=True)
    if block.get("hint") is not None:
        text_object(findings, block["hint"], f"{at}/hint", 2000, plain=True)
    if findings.has(block, ("element",), at):
        check_element(findings, block["element"], f"{at}/element", IN_INPUT)


def _markdown(findings: Findings, block: Json, at: str) -> None:
    findings.text(block.get("text"), f"{at}/text", 12_000)


_BLOCKS: Final[Mapping[str, Callable[[Findings, Json, str], None]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "context_actions": _context_actions,
    "card": _card,
    "container": _container,
    "actions": _actions,
    "input": _input,
    "image": image,
    "markdown": _markdown,
    "rich_text": rich_text,
    "table": table,
    "data_table": data_table,
    "data_visualization": data_visualization,
}
