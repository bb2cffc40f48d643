"""Whether Slack would take these blocks: types, surfaces, required fields, every documented limit.

Limits come from the Block Kit reference (docs.slack.dev/reference/block-kit) and slack_sdk's
validators; where two copies of the reference disagree, the smaller figure holds, since what fits it
fits both. Faults are worded and located as Slack does:
``must be less than 3001 characters [json-pointer:/blocks/0/text/text]``.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

from bot.sandbox.errors import Json

Surface = Literal["message", "modal", "home"]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
TEXT: Final = 3000
ID: Final = 255

_SELECTS: Final = frozenset(
    f"{source}_select" for source in ("static", "external", "users", "conversations", "channels")
)
_MULTI_SELECTS: Final = frozenset(f"multi_{name}" for name in _SELECTS)
_PICKERS: Final = frozenset({"datepicker", "timepicker", "datetimepicker"})
_CHOICES: Final = frozenset({"checkboxes", "radio_buttons"})
_FIELDS: Final = frozenset(
    {
        "plain_text_input",
        "number_input",
        "email_text_input",
        "url_text_input",
        "rich_text_input",
        "file_input",
    }
)
IN_ACTIONS: Final = _SELECTS | _PICKERS | _CHOICES | {"button", "overflow", "workflow_button"}
IN_SECTION: Final = (
    _SELECTS
    | _MULTI_SELECTS
    | _CHOICES
    | {"button", "overflow", "image", "datepicker", "timepicker", "workflow_button"}
)
IN_INPUT: Final = _SELECTS | _MULTI_SELECTS | _PICKERS | _CHOICES | _FIELDS

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


class Faults:
    """Collects what is wrong, each with the place where."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, at: str) -> None:
        self.found.append(f"{what} [json-pointer:{at}]")

    def text(self, value: object, at: str, most: int, least: int = 1) -> bool:
        """A string of a certain length."""
        if not isinstance(value, str):
            self.add("must be a string", at)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", at)
        else:
            return True
        return False

    def count(self, value: object, at: str, most: int, least: int = 1) -> bool:
        """A list of a certain length."""
        if not isinstance(value, list):
            self.add("must be an array", at)
        elif len(value) > most:
            self.add(f"no more than {most} items allowed", at)
        elif len(value) < least:
            self.add(f"no fewer than {least} items required", at)
        else:
            return True
        return False

    def has(self, value: Json, names: Iterable[str], at: str) -> bool:
        missing = [name for name in names if value.get(name) is None]
        for name in missing:
            self.add(f"missing required field: {name}", at)
        return not missing

    def only(self, value: Json, names: Iterable[str], at: str) -> None:
        known = set(names)
        for name in value:
            if name not in known:
                self.add(f"invalid additional property: {name}", at)

    def number(self, value: object, at: str) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add("must be a number", at)
            return False
        return True


def faults_of_blocks(blocks: object, surface: Surface, at: str = "/blocks") -> list[str]:
    """Everything that Slack would refuse in these blocks; empty if they are fine."""
    faults = Faults()
    most = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if not faults.count(blocks, at, most, least=0) or not isinstance(blocks, list):
        return faults.found
    seen: set[str] = set()
    kinds: dict[str, int] = {}
    for index, block in enumerate(blocks):
        here = f"{at}/{index}"
        if not isinstance(block, dict):
            faults.add("must be an object", here)
            continue
        kind = block.get("type")
        kinds[str(kind)] = kinds.get(str(kind), 0) + 1
        _block(faults, block, surface, here)
        block_id = block.get("block_id")
        if block_id is not None and faults.text(block_id, f"{here}/block_id", ID):
            if block_id in seen:
                faults.add(f"block_id {block_id!r} is not unique", f"{here}/block_id")
            seen.add(block_id)
    if kinds.get("table", 0) > 1:
        faults.add("only_one_table_allowed", at)
    if kinds.get("data_visualization", 0) > 2:
        faults.add("no more than 2 data_visualization blocks allowed", at)
    return faults.found


def _block(faults: Faults, block: Json, surface: Surface, at: str) -> None:
    kind = block.get("type")
    allowed = SURFACES.get(kind) if isinstance(kind, str) else None
    if allowed is None:
        faults.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if surface not in allowed:
        faults.add(f"unsupported type: {kind} on this surface ({surface})", f"{at}/type")
        return
    keys = _BLOCK_KEYS.get(str(kind))
    if keys is not None:
        faults.only(block, keys | {"type", "block_id"}, at)
    check = _BLOCKS.get(str(kind))
    if check:
        check(faults, block, at)


def text_object(
    faults: Faults, value: object, at: str, most: int = TEXT, *, plain: bool = False
) -> None:
    """A ``plain_text`` or ``mrkdwn`` object."""
    if not isinstance(value, dict):
        faults.add("must be an object", at)
        return
    kind = value.get("type")
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if kind not in kinds:
        faults.add(f"must be one of {', '.join(kinds)}", f"{at}/type")
        return
    extra = {"emoji"} if kind == "plain_text" else {"verbatim"}
    faults.only(value, {"type", "text"} | extra, at)
    faults.text(value.get("text"), f"{at}/text", most)


def _section(faults: Faults, block: Json, at: str) -> None:
    if block.get("text") is None and block.get("fields") is None:
        faults.add("missing required field: text", at)
    if block.get("text") is not None:
        text_object(faults, block["text"], f"{at}/text", TEXT)
    fields = block.get("fields")
    if fields is not None and faults.count(fields, f"{at}/fields", 10):
        for index, value in enumerate(fields):
            text_object(faults, value, f"{at}/fields/{index}", 2000)
    if block.get("accessory") is not None:
        _element(faults, block["accessory"], f"{at}/accessory", IN_SECTION)


def _header(faults: Faults, block: Json, at: str) -> None:
    text_object(faults, block.get("text"), f"{at}/text", 150, plain=True)


def _context(faults: Faults, block: Json, at: str) -> None:
    elements = block.get("elements")
    if not faults.count(elements, f"{at}/elements", 10) or not isinstance(elements, list):
        return
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            _image(faults, element, here)
        else:
            text_object(faults, element, here, TEXT)


def _actions(faults: Faults, block: Json, at: str) -> None:
    elements = block.get("elements")
    if not faults.count(elements, f"{at}/elements", 25) or not isinstance(elements, list):
        return
    seen: set[str] = set()
    for index, element in enumerate(elements):
        here = f"{at}/elements/{index}"
        _element(faults, element, here, IN_ACTIONS)
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if action_id is not None:
            if action_id in seen:
                faults.add(f"action_id {action_id!r} already exists in this block", here)
            seen.add(action_id)


def _input(faults: Faults, block: Json, at: str) -> None:
    text_object(faults, block.get("label"), f"{at}/label", 2000, plain=True)
    if block.get("hint") is not None:
        text_object(faults, block["hint"], f"{at}/hint", 2000, plain=True)
    if faults.has(block, ("element",), at):
        _element(faults, block["element"], f"{at}/element", IN_INPUT)


def _image(faults: Faults, block: Json, at: str) -> None:
    if block.get("image_url") is None and block.get("slack_file") is None:
        faults.add("missing required field: image_url", at)
    if block.get("image_url") is not None:
        faults.text(block["image_url"], f"{at}/image_url", 3000)
    faults.text(block.get("alt_text"), f"{at}/alt_text", 2000, least=0)
    if block.get("title") is not None:
        text_object(faults, block["title"], f"{at}/title", 2000, plain=True)


def _markdown(faults: Faults, block: Json, at: str) -> None:
    faults.text(block.get("text"), f"{at}/text", 12_000)


def _rich_text(faults: Faults, block: Json, at: str) -> None:
    elements = block.get("elements")
    if faults.count(elements, f"{at}/elements", 1000) and isinstance(elements, list):
        kinds = ("section", "list", "preformatted", "quote")
        for index, element in enumerate(elements):
            kind = element.get("type") if isinstance(element, dict) else None
            if kind not in {f"rich_text_{name}" for name in kinds}:
                faults.add(f"unsupported type: {kind}", f"{at}/elements/{index}/type")


def _cells(faults: Faults, rows: object, at: str, most_rows: int, least_rows: int) -> None:
    if not faults.count(rows, at, most_rows, least_rows) or not isinstance(rows, list):
        return
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    for number, row in enumerate(rows):
        here = f"{at}/{number}"
        if not faults.count(row, here, 20) or not isinstance(row, list):
            continue
        if len(row) != width:
            faults.add("all rows must have the same number of cells", here)
        for column, cell in enumerate(row):
            _cell(faults, cell, f"{here}/{column}")


def _cell(faults: Faults, cell: object, at: str) -> None:
    kind = cell.get("type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in ("raw_text", "raw_number", "rich_text"):
        faults.add("must be one of raw_text, raw_number, rich_text", at)
    elif kind == "raw_text":
        faults.text(cell.get("text"), f"{at}/text", TEXT)
    elif kind == "raw_number":
        faults.number(cell.get("value"), f"{at}/value")
    else:
        _rich_text(faults, cell, at)


def _letters(rows: object) -> int:
    total = 0
    for row in rows if isinstance(rows, list) else []:
        for cell in row if isinstance(row, list) else []:
            total += len(text_in(cell))
    return total


def _table(faults: Faults, block: Json, at: str) -> None:
    _cells(faults, block.get("rows"), f"{at}/rows", 100, 1)
    settings = block.get("column_settings")
    if settings is not None:
        faults.count(settings, f"{at}/column_settings", 20, least=0)
    if _letters(block.get("rows")) > 10_000:
        faults.add("must be less than 10001 characters in all cells", f"{at}/rows")


def _data_table(faults: Faults, block: Json, at: str) -> None:
    rows = block.get("rows")
    _cells(faults, rows, f"{at}/rows", 101, 2)
    faults.text(block.get("caption"), f"{at}/caption", TEXT)
    size = block.get("page_size")
    if size is not None and not (isinstance(size, int) and 1 <= size <= 100):
        faults.add("must be between 1 and 100", f"{at}/page_size")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for column, cell in enumerate(rows[0]):
            if isinstance(cell, dict) and cell.get("type") == "rich_text":
                faults.add("rich_text cannot be a header cell", f"{at}/rows/0/{column}")
    if _letters(rows) > 10_000:
        faults.add("must be less than 10001 characters in all cells", f"{at}/rows")


def _points(faults: Faults, points: object, at: str, most: int) -> list[str]:
    labels: list[str] = []
    if not faults.count(points, at, most) or not isinstance(points, list):
        return labels
    for index, point in enumerate(points):
        here = f"{at}/{index}"
        if not isinstance(point, dict):
            faults.add("must be an object", here)
            continue
        if faults.text(point.get("label"), f"{here}/label", 20):
            labels.append(str(point["label"]))
        faults.number(point.get("value"), f"{here}/value")
    return labels


def _data_visualization(faults: Faults, block: Json, at: str) -> None:
    faults.text(block.get("title"), f"{at}/title", 50)
    chart, at = block.get("chart"), f"{at}/chart"
    if not isinstance(chart, dict):
        faults.add("must be an object", at)
        return
    kind = chart.get("type")
    if kind == "pie":
        _points(faults, chart.get("segments"), f"{at}/segments", 6)
        for index, segment in enumerate(chart.get("segments") or []):
            value = segment.get("value") if isinstance(segment, dict) else None
            if isinstance(value, int | float) and value <= 0:
                faults.add("must be more than 0", f"{at}/segments/{index}/value")
        return
    if kind not in ("bar", "area", "line"):
        faults.add("must be one of pie, bar, area, line", f"{at}/type")
        return
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        faults.add("missing required field: axis_config", at)
        return
    categories = axis.get("categories")
    if faults.count(categories, f"{at}/axis_config/categories", 20):
        for index, name in enumerate(categories or []):
            faults.text(name, f"{at}/axis_config/categories/{index}", 20)
    for name in ("x_label", "y_label"):
        if axis.get(name) is not None:
            faults.text(axis[name], f"{at}/axis_config/{name}", 50)
    series = chart.get("series")
    if not faults.count(series, f"{at}/series", 6) or not isinstance(series, list):
        return
    names: set[str] = set()
    for index, one in enumerate(series):
        here = f"{at}/series/{index}"
        if not isinstance(one, dict):
            faults.add("must be an object", here)
            continue
        if faults.text(one.get("name"), f"{here}/name", 20):
            if one["name"] in names:
                faults.add("series names must be unique", f"{here}/name")
            names.add(one["name"])
        labels = _points(faults, one.get("data"), f"{here}/data", 20)
        if isinstance(categories, list) and set(labels) != set(map(str, categories)):
            faults.add("labels must match the categories", f"{here}/data")


_BLOCKS: Final[Mapping[str, Callable[[Faults, Json, str], None]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _data_visualization,
}


# --- elements -------------------------------------------------------------------------------------

_COMMON: Final = frozenset({"type", "action_id", "confirm", "focus_on_load"})
_ELEMENT_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "button": frozenset(
        {"text", "url", "value", "style", "accessibility_label", "visible_to_user_ids"}
    ),
    "overflow": frozenset({"options"}),
    "static_select": frozenset({"placeholder", "options", "option_groups", "initial_option"}),
    "external_select": frozenset({"placeholder", "initial_option", "min_query_length"}),
    "users_select": frozenset({"placeholder", "initial_user"}),
    "conversations_select": frozenset(
        {
            "placeholder",
            "initial_conversation",
            "default_to_current_conversation",
            "filter",
            "response_url_enabled",
        }
    ),
    "channels_select": frozenset({"placeholder", "initial_channel", "response_url_enabled"}),
    "multi_static_select": frozenset(
        {"placeholder", "options", "option_groups", "initial_options", "max_selected_items"}
    ),
    "multi_external_select": frozenset(
        {"placeholder", "initial_options", "min_query_length", "max_selected_items"}
    ),
    "multi_users_select": frozenset({"placeholder", "initial_users", "max_selected_items"}),
    "multi_conversations_select": frozenset(
        {
            "placeholder",
            "initial_conversations",
            "default_to_current_conversation",
            "filter",
            "max_selected_items",
        }
    ),
    "multi_channels_select": frozenset({"placeholder", "initial_channels", "max_selected_items"}),
    "datepicker": frozenset({"initial_date", "placeholder"}),
    "timepicker": frozenset({"initial_time", "placeholder", "timezone"}),
    "datetimepicker": frozenset({"initial_date_time"}),
    "checkboxes": frozenset({"options", "initial_options"}),
    "radio_buttons": frozenset({"options", "initial_option"}),
    "plain_text_input": frozenset(
        {
            "initial_value",
            "multiline",
            "min_length",
            "max_length",
            "dispatch_action_config",
            "placeholder",
        }
    ),
    "number_input": frozenset(
        {
            "is_decimal_allowed",
            "initial_value",
            "min_value",
            "max_value",
            "dispatch_action_config",
            "placeholder",
        }
    ),
    "email_text_input": frozenset({"initial_value", "dispatch_action_config", "placeholder"}),
    "url_text_input": frozenset({"initial_value", "dispatch_action_config", "placeholder"}),
}


def _element(faults: Faults, element: object, at: str, allowed: frozenset[str]) -> None:
    kind = element.get("type") if isinstance(element, dict) else None
    if not isinstance(element, dict) or kind not in allowed:
        faults.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind == "image":
        _image(faults, element, at)
        return
    keys = _ELEMENT_KEYS.get(str(kind))
    if keys is not None:
        faults.only(element, keys | _COMMON, at)
    if element.get("action_id") is not None:
        faults.text(element["action_id"], f"{at}/action_id", ID)
    if element.get("confirm") is not None:
        _confirm(faults, element["confirm"], f"{at}/confirm")
    if element.get("placeholder") is not None:
        text_object(faults, element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if kind == "button":
        _button(faults, element, at)
    elif kind == "overflow":
        _options(faults, element.get("options"), f"{at}/options", 5)
    elif kind in _CHOICES:
        _options(faults, element.get("options"), f"{at}/options", 10, mrkdwn=True)
    elif kind in ("static_select", "multi_static_select"):
        _static(faults, element, at)
    elif kind in ("plain_text_input", "number_input"):
        _field(faults, element, at)


def _button(faults: Faults, element: Json, at: str) -> None:
    text_object(faults, element.get("text"), f"{at}/text", 75, plain=True)
    if element.get("value") is not None:
        faults.text(element["value"], f"{at}/value", 2000, least=0)
    if element.get("url") is not None:
        faults.text(element["url"], f"{at}/url", 3000)
    if element.get("accessibility_label") is not None:
        faults.text(element["accessibility_label"], f"{at}/accessibility_label", 75)
    if element.get("style") not in (None, "primary", "danger"):
        faults.add("must be one of primary, danger", f"{at}/style")


def _options(faults: Faults, options: object, at: str, most: int, *, mrkdwn: bool = False) -> None:
    if not faults.count(options, at, most) or not isinstance(options, list):
        return
    for index, option in enumerate(options):
        here = f"{at}/{index}"
        if not isinstance(option, dict):
            faults.add("must be an object", here)
            continue
        text_object(faults, option.get("text"), f"{here}/text", 75, plain=not mrkdwn)
        faults.text(option.get("value"), f"{here}/value", 150)
        if option.get("description") is not None:
            text_object(faults, option["description"], f"{here}/description", 75, plain=not mrkdwn)


def _static(faults: Faults, element: Json, at: str) -> None:
    groups, options = element.get("option_groups"), element.get("options")
    if groups is not None and options is not None:
        faults.add("options and option_groups exclude each other", at)
    if groups is None:
        _options(faults, options, f"{at}/options", 100)
    elif faults.count(groups, f"{at}/option_groups", 100) and isinstance(groups, list):
        for index, group in enumerate(groups):
            here = f"{at}/option_groups/{index}"
            if not isinstance(group, dict):
                faults.add("must be an object", here)
                continue
            text_object(faults, group.get("label"), f"{here}/label", 75, plain=True)
            _options(faults, group.get("options"), f"{here}/options", 100)
    known = [option.get("value") for option in options_of(element)]
    initial = [element.get("initial_option"), *(element.get("initial_options") or [])]
    for option in initial:
        if isinstance(option, dict) and option.get("value") not in known:
            faults.add("initial_option must be one of the options", at)


def _field(faults: Faults, element: Json, at: str) -> None:
    if element.get("initial_value") is not None:
        faults.text(element["initial_value"], f"{at}/initial_value", TEXT, least=0)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and not (isinstance(value, int) and least <= value <= TEXT):
            faults.add(f"must be between {least} and {TEXT}", f"{at}/{name}")
    if element.get("type") == "number_input" and element.get("is_decimal_allowed") is None:
        faults.add("missing required field: is_decimal_allowed", at)


def _confirm(faults: Faults, confirm: object, at: str) -> None:
    if not isinstance(confirm, dict):
        faults.add("must be an object", at)
        return
    text_object(faults, confirm.get("title"), f"{at}/title", 100, plain=True)
    text_object(faults, confirm.get("text"), f"{at}/text", 300)
    text_object(faults, confirm.get("confirm"), f"{at}/confirm", 30, plain=True)
    text_object(faults, confirm.get("deny"), f"{at}/deny", 30, plain=True)


# --- views ----------------------------------------------------------------------------------------

_VIEW_KEYS: Final = frozenset(
    {
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
        "submit_disabled",
    }
)


def faults_of_view(view: object, kind: Literal["modal", "home"]) -> list[str]:
    """Everything that Slack would refuse in this view; empty if it is fine."""
    faults = Faults()
    if not isinstance(view, dict):
        faults.add("must be an object", "/view")
        return faults.found
    if view.get("type") != kind:
        faults.add(f"must be {kind}", "/view/type")
        return faults.found
    faults.only(view, _VIEW_KEYS, "/view")
    if kind == "modal":
        if faults.has(view, ("title",), "/view"):
            text_object(faults, view["title"], "/view/title", 24, plain=True)
        for name in ("submit", "close"):
            if view.get(name) is not None:
                text_object(faults, view[name], f"/view/{name}", 24, plain=True)
    if faults.has(view, ("blocks",), "/view"):
        faults.found += faults_of_blocks(view["blocks"], kind, "/view/blocks")
        inputs = any(b.get("type") == "input" for b in view["blocks"] if isinstance(b, dict))
        if kind == "modal" and inputs and view.get("submit") is None:
            faults.add("missing required field: submit", "/view")
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(name) is not None:
            faults.text(view[name], f"/view/{name}", most, least=0)
    return faults.found


# --- helpers --------------------------------------------------------------------------------------


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
