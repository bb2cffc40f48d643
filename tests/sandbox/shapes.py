"""Blocks and views for the tests, as short as they can be."""

from typing import Any

Json = dict[str, Any]


def text_block(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def modal(**changes: Any) -> Json:
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Title"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "words",
                "label": {"type": "plain_text", "text": "Words"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }
    return {name: value for name, value in {**view, **changes}.items() if value is not None}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str = "Yes", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def menu(**more: Any) -> Json:
    options = [{"text": plain("One"), "value": "1"}]
    return actions({"type": "static_select", "options": options, **more})


def file_field(**more: object) -> Json:
    """An input for one calendar file."""
    element = {"type": "file_input", "action_id": "file", "filetypes": ["ics"], "max_files": 1}
    return {
        "type": "input",
        "block_id": "file",
        "label": plain("Your file"),
        "element": {**element, **more},
    }


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def chart(**more: Any) -> Json:
    series = [{"name": "Hours", "data": [{"label": "Oct", "value": 3}]}]
    block = {
        "type": "data_visualization",
        "title": "Hours",
        "chart": {"type": "line", "series": series, "axis_config": {"categories": ["Oct"]}},
    }
    return {**block, **more}


def line(series: int = 1, points: int = 1, label: str = "{}") -> Json:
    names = [label.format(n) for n in range(points)]
    data = [{"label": name, "value": 1} for name in names]
    rows = [{"name": f"s{n}", "data": data} for n in range(series)]
    return chart(chart={"type": "line", "series": rows, "axis_config": {"categories": names}})
