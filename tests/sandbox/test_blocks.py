"""Blocks at their limits are taken; ids that an app leaves out are made up."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.block_kit import faults_of_blocks, faults_of_view, text_in, with_ids
from bot.sandbox.block_kit.blocks import SURFACES
from bot.sandbox.block_kit.elements import IN_ACTIONS, IN_INPUT

from .checks.blocks import BAD_BLOCKS
from .shapes import actions, button, cell, chart, line, modal, plain

Json = dict[str, Any]
OPTION = {"text": plain("x" * 75), "value": "1" * 150}
FITTING: dict[str, list[Json]] = {
    "50 blocks": [{"type": "divider"}] * 50,
    "section": [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "x" * 3000},
            "fields": [plain("x" * 2000)] * 10,
            "accessory": button("x" * 75, value="x" * 2000, action_id="x" * 255),
        }
    ],
    "header": [{"type": "header", "text": plain("x" * 150), "block_id": "x" * 255}],
    "context": [{"type": "context", "elements": [plain("x")] * 10}],
    "actions": [actions(*[button(style="primary") for _ in range(25)])],
    "select": [actions({"type": "static_select", "options": [OPTION] * 100})],
    "overflow": [actions({"type": "overflow", "options": [OPTION] * 5})],
    "checkboxes": [actions({"type": "checkboxes", "options": [OPTION] * 10})],
    "same action in two blocks": [actions(button(action_id="a")), actions(button(action_id="a"))],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "table": [{"type": "table", "rows": [[cell("x")] * 20] * 100}],
    "data_table": [
        {
            "type": "data_table",
            "caption": "Hours",
            "page_size": 100,
            "rows": [[cell("x"), {"type": "raw_number", "value": 3}]] * 101,
        }
    ],
    "chart": [line(series=6, points=20)],
    "two charts": [chart(), chart()],
    "pie": [
        chart(chart={"type": "pie", "segments": [{"label": "x" * 20, "value": 0.5}] * 6}),
    ],
    "input in a message": [modal()["blocks"][0]],
}


@pytest.mark.parametrize("blocks", FITTING.values(), ids=FITTING.keys())
def test_what_fits_is_taken(blocks: list[Json]) -> None:
    assert faults_of_blocks(blocks, "message") == []


@pytest.mark.parametrize("blocks", BAD_BLOCKS.values(), ids=BAD_BLOCKS.keys())
def test_a_fault_is_located(blocks: list[Json]) -> None:
    found = faults_of_blocks(blocks, "message")
    assert found
    assert all("[json-pointer:/blocks" in fault for fault in found)


@pytest.mark.parametrize(
    "junk", [None, "text", 3, {}, ["text"], [None], [{}], [{"type": "actions", "elements": 3}]]
)
def test_junk_is_refused_without_an_exception(junk: object) -> None:
    assert faults_of_blocks(junk, "message")
    assert faults_of_view(junk, "modal")


def test_a_view_may_hold_a_hundred_blocks() -> None:
    assert faults_of_view(modal(blocks=[{"type": "divider"}] * 100), "modal") == []


def test_ids_are_made_up_where_the_app_gave_none() -> None:
    first, second = with_ids([actions(button(), button(action_id="mine")), {"type": "divider"}])
    assert first["block_id"] != second["block_id"]
    assert first["elements"][0]["action_id"]
    assert first["elements"][1]["action_id"] == "mine"


def test_all_readable_text_is_found() -> None:
    blocks = [
        {"type": "header", "text": plain("Heading")},
        actions(button("Press")),
        {"type": "table", "rows": [[cell("Cell")]]},
        chart(title="Hours"),
    ]
    text = text_in(blocks)
    assert all(word in text for word in ("Heading", "Press", "Cell", "Hours", "Oct"))


_NAMES = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "element",
        "label",
        "options",
        "option_groups",
        "value",
        "action_id",
        "block_id",
        "fields",
        "accessory",
        "rows",
        "caption",
        "chart",
        "series",
        "segments",
        "axis_config",
        "categories",
        "data",
        "placeholder",
        "confirm",
        "initial_option",
        "title",
        "style",
        "min_length",
        "name",
        "child_blocks",
        "actions",
    ]
)
_TYPES = st.sampled_from([*SURFACES, *IN_INPUT, *IN_ACTIONS, "plain_text", "mrkdwn", "raw_text"])
_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | _TYPES
_JUNK = st.recursive(
    _LEAVES,
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.builds(
            lambda kind, more: {**more, "type": kind},
            _TYPES,
            st.dictionaries(_NAMES, inside, max_size=6),
        )
    ),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_JUNK, max_size=4) | _JUNK)
def test_whatever_an_app_sends_is_taken_or_refused(junk: Any) -> None:
    if not faults_of_blocks(junk, "message"):
        assert len(with_ids(junk)) == len(junk)
        text_in(with_ids(junk))
    faults_of_view({"type": "modal", "title": plain("x"), "blocks": junk}, "modal")
