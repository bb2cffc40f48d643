"""Interactive elements: where each may stand, its fields, its limits."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.block_kit.findings import ID, TEXT, Findings, text_object
from bot.sandbox.block_kit.media import image
from bot.sandbox.block_kit.reading import options_of
from bot.sandbox.errors import Json

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
IN_CONTEXT_ACTIONS: Final = frozenset({"feedback_buttons", "icon_button"})
IN_INPUT: Final = _SELECTS | _MULTI_SELECTS | _PICKERS | _CHOICES | _FIELDS

MOST_FILES: Final = 10
"""In one ``file_input``, unless it says fewer."""

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
    "file_input": frozenset({"filetypes", "max_files"}),
}


def check_element(findings: Findings, element: object, at: str, allowed: frozenset[str]) -> None:
    """An interactive element (or an image) in a block that allows these types."""
    kind = element.get("type") if isinstance(element, dict) else None
    if not isinstance(element, dict) or not isinstance(kind, str) or kind not in allowed:
        findings.add(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind == "image":
        image(findings, element, at)
        return
    keys = _ELEMENT_KEYS.get(str(kind))
    if keys is not None:
        findings.only(element, keys | _COMMON, at)
    if element.get("action_id") is not None:
        findings.text(element["action_id"], f"{at}/action_id", ID)
    if element.get("confirm") is not None:
        _confirm(findings, element["confirm"], f"{at}/confirm")
    if element.get("placeholder") is not None:
        text_object(findings, element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if kind == "button":
        _button(findings, element, at)
    elif kind == "overflow":
        _options(findings, element.get("options"), f"{at}/options", 5)
    elif kind in _CHOICES:
        _options(findings, element.get("options"), f"{at}/options", 10, mrkdwn=True)
    elif kind in ("static_select", "multi_static_select"):
        _static(findings, element, at)
    elif kind in ("plain_text_input", "number_input"):
        _field(findings, element, at)
    elif kind == "file_input":
        _files(findings, element, at)


def _button(findings: Findings, element: Json, at: str) -> None:
    text_object(findings, element.get("text"), f"{at}/text", 75, plain=True)
    if element.get("value") is not None:
        findings.text(element["value"], f"{at}/value", 2000, least=0)
    if element.get("url") is not None:
        findings.text(element["url"], f"{at}/url", 3000)
    if element.get("accessibility_label") is not None:
        findings.text(element["accessibility_label"], f"{at}/accessibility_label", 75)
    if element.get("style") not in (None, "primary", "danger"):
        findings.add("must be one of primary, danger", f"{at}/style")


def _options(
    findings: Findings, options: object, at: str, most: int, *, mrkdwn: bool = False
) -> None:
    if not findings.count(options, at, most) or not isinstance(options, list):
        return
    for index, option in enumerate(options):
        here = f"{at}/{index}"
        if not isinstance(option, dict):
            findings.add("must be an object", here)
            continue
        text_object(findings, option.get("text"), f"{here}/text", 75, plain=not mrkdwn)
        findings.text(option.get("value"), f"{here}/value", 150)
        if option.get("description") is not None:
            text_object(
                findings, option["description"], f"{here}/description", 75, plain=not mrkdwn
            )


def _static(findings: Findings, element: Json, at: str) -> None:
    groups, options = element.get("option_groups"), element.get("options")
    if groups is not None and options is not None:
        findings.add("options and option_groups exclude each other", at)
    if groups is None:
        _options(findings, options, f"{at}/options", 100)
    elif findings.count(groups, f"{at}/option_groups", 100) and isinstance(groups, list):
        for index, group in enumerate(groups):
            here = f"{at}/option_groups/{index}"
            if not isinstance(group, dict):
                findings.add("must be an object", here)
                continue
            text_object(findings, group.get("label"), f"{here}/label", 75, plain=True)
            _options(findings, group.get("options"), f"{here}/options", 100)
    known = [option.get("value") for option in options_of(element)]
    initial = [element.get("initial_option"), *(element.get("initial_options") or [])]
    for option in initial:
        if isinstance(option, dict) and option.get("value") not in known:
            findings.add("initial_option must be one of the options", at)


def _field(findings: Findings, element: Json, at: str) -> None:
    if element.get("initial_value") is not None:
        findings.text(element["initial_value"], f"{at}/initial_value", TEXT, least=0)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and not (isinstance(value, int) and least <= value <= TEXT):
            findings.add(f"must be between {least} and {TEXT}", f"{at}/{name}")
    if element.get("type") == "number_input" and element.get("is_decimal_allowed") is None:
        findings.add("missing required field: is_decimal_allowed", at)


def _files(findings: Findings, element: Json, at: str) -> None:
    most = element.get("max_files")
    if most is not None and not (isinstance(most, int) and 1 <= most <= MOST_FILES):
        findings.add(f"must be between 1 and {MOST_FILES}", f"{at}/max_files")
    types = element.get("filetypes")
    if types is not None and findings.count(types, f"{at}/filetypes", 100):
        for index, each in enumerate(types):
            findings.text(each, f"{at}/filetypes/{index}", 50)


def _confirm(findings: Findings, confirm: object, at: str) -> None:
    if not isinstance(confirm, dict):
        findings.add("must be an object", at)
        return
    text_object(findings, confirm.get("title"), f"{at}/title", 100, plain=True)
    text_object(findings, confirm.get("text"), f"{at}/text", 300)
    text_object(findings, confirm.get("confirm"), f"{at}/confirm", 30, plain=True)
    text_object(findings, confirm.get("deny"), f"{at}/deny", 30, plain=True)
