"""What people put into interactive elements, in the shapes of ``state.values`` and ``actions``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.sandbox.block_kit import options_of
from bot.sandbox.errors import Json, NotShownError, RefusedError

TEXT_FIELDS: Final = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
)
# Element type -> the field that holds one choice, and the field that gives its first value.
_ONE: Final[Mapping[str, tuple[str, str]]] = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY: Final[Mapping[str, tuple[str, str]]] = {
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}


def initial_state(element: Json) -> Json | None:
    """The state of an untouched element; None for buttons and overflow menus, which have none."""
    kind = element["type"]
    if kind in TEXT_FIELDS:
        return {"type": kind, "value": element.get("initial_value")}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": element.get("initial_value")}
    if kind == "file_input":
        return {"type": kind, "files": []}
    if kind in _ONE:
        selected, initial = _ONE[kind]
        return {"type": kind, selected: element.get(initial)}
    if kind in _MANY:
        selected, initial = _MANY[kind]
        return {"type": kind, selected: list(element.get(initial) or [])}
    return None


def chosen(element: Json, selected: object, suggested: Sequence[Json] = ()) -> Json:
    """The state of an element after somebody chose or typed ``selected``.

    Options are given by value or by their text; ``suggested`` are those that the app has offered
    for an external select. Raises NotShownError for an option that is not there.
    """
    kind = element["type"]
    if kind in TEXT_FIELDS:
        return {"type": kind, "value": None if selected in (None, "") else str(selected)}
    if kind == "rich_text_input":
        return {"type": kind, "rich_text_value": selected}
    if kind in _ONE:
        field = _ONE[kind][0]
        if selected is None:
            return {"type": kind, field: None}
        if field == "selected_option":
            return {"type": kind, field: _option(element, selected, suggested)}
        if field == "selected_date_time":
            return {"type": kind, field: int(str(selected))}
        return {"type": kind, field: str(selected)}
    if kind in _MANY:
        field = _MANY[kind][0]
        several = selected if isinstance(selected, list) else [] if selected is None else [selected]
        if field == "selected_options":
            return {"type": kind, field: [_option(element, one, suggested) for one in several]}
        return {"type": kind, field: [str(one) for one in several]}
    raise NotShownError(f"Nothing can be chosen in a {kind}.")


def _option(element: Json, selected: object, suggested: Sequence[Json] = ()) -> Json:
    value = selected.get("value") if isinstance(selected, dict) else selected
    initial = [element.get("initial_option"), *(element.get("initial_options") or [])]
    known: list[Json] = [*suggested, *options_of(element), *(one for one in initial if one)]
    for option in known:
        if value in (option["value"], option["text"]["text"]):
            return option
    if element["type"].endswith("external_select"):
        raise NotShownError(f"Ask for suggestions first; {value!r} was never offered.")
    raise NotShownError(f"There is no option {value!r}.")


def action_of(block: Json, element: Json, state: Json | None, action_ts: str) -> Json:
    """One entry of ``actions`` in a ``block_actions`` payload."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] == "button":
        action["text"] = element["text"]
        for name in ("value", "style", "url"):
            if element.get(name) is not None:
                action[name] = element[name]
    if element.get("placeholder") is not None:
        action["placeholder"] = element["placeholder"]
    if state:
        action |= state
    return action


def overflow_choice(element: Json, value: object) -> Json:
    """The state that an overflow menu sends along."""
    return {"type": "overflow", "selected_option": _option(element, value)}


def fault_of_entry(block: Json, state: Mapping[str, Any] | None) -> str | None:
    """What Slack's client says before it sends a form: required fields, lengths, numbers."""
    element = block["element"]
    kind = element["type"]
    value: Any = None
    if state:
        value = next((held for name, held in state.items() if name != "type"), None)
    if value in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(value) < least:
            return f"Must be at least {least} characters."
        if len(value) > most:
            return f"Must be less than {most + 1} characters."
    if kind == "number_input":
        return _fault_of_number(element, value)
    if kind == "email_text_input" and "@" not in value:
        return "Please enter a valid email address."
    if kind == "url_text_input" and "://" not in value:
        return "Please enter a valid URL."
    return None


def _fault_of_number(element: Json, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and not number.is_integer():
        return "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < float(low):
        return f"Must be at least {low}."
    if high is not None and number > float(high):
        return f"Must be at most {high}."
    return None


def may_press(element: Json, user_id: str) -> bool:
    """Whether a button shows for this person (``visible_to_user_ids``)."""
    visible = element.get("visible_to_user_ids")
    return not visible or user_id in visible


def refuse_unless_visible(element: Json, user_id: str) -> None:
    if not may_press(element, user_id):
        raise RefusedError("That button is not shown to you.")
