"""Checks of blocks, each just over its limit; test_blocks.py tries what fits."""

from ..shapes import actions, button, cell, chart, line, menu, plain, text_block
from .trying import CHECKS, Check, Json, Try, check

BAD_BLOCKS: dict[str, list[Json]] = {
    "51_blocks": [{"type": "divider"}] * 51,
    "unknown_block": [{"type": "banner"}],
    "unknown_field": [{**text_block("Hello"), "color": "red"}],
    "section_text": [text_block("x" * 3001)],
    "empty_text": [text_block("")],
    "fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "field_text": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "header": [{"type": "header", "text": plain("x" * 151)}],
    "header_mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "context": [{"type": "context", "elements": [plain("x")] * 11}],
    "actions": [actions(*[button() for _ in range(26)])],
    "button_text": [actions(button("x" * 76))],
    "button_value": [actions(button(value="x" * 2001))],
    "button_style": [actions(button(style="loud"))],
    "action_id": [actions(button(action_id="x" * 256))],
    "block_id": [{"type": "divider", "block_id": "x" * 256}],
    "block_id_twice": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    "action_id_twice": [actions(button(action_id="a"), button(action_id="a"))],
    "options": [menu(options=[{"text": plain("x"), "value": str(n)} for n in range(101)])],
    "no_options": [menu(options=[])],
    "option_text": [menu(options=[{"text": plain("x" * 76), "value": "1"}])],
    "option_value": [menu(options=[{"text": plain("x"), "value": "1" * 151}])],
    "overflow": [
        actions({"type": "overflow", "options": [{"text": plain("x"), "value": "1"}] * 6})
    ],
    "checkboxes": [
        actions({"type": "checkboxes", "options": [{"text": plain("x"), "value": "1"}] * 11})
    ],
    "placeholder": [menu(placeholder=plain("x" * 151))],
    "confirm": [
        actions(
            button(
                confirm={
                    "title": plain("Sure?"),
                    "text": plain("x" * 301),
                    "confirm": plain("Yes"),
                    "deny": plain("No"),
                }
            )
        )
    ],
    "markdown": [{"type": "markdown", "text": "x" * 12_001}],
    "two_tables": [{"type": "table", "rows": [[cell("x")]]}] * 2,
    "table_rows": [{"type": "table", "rows": [[cell("x")]] * 101}],
    "data_table_rows": [{"type": "data_table", "caption": "All", "rows": [[cell("x")]]}],
    "data_table_caption": [{"type": "data_table", "rows": [[cell("x")]] * 2}],
    "data_table_header": [
        {
            "type": "data_table",
            "caption": "All",
            "rows": [
                [
                    {
                        "type": "rich_text",
                        "elements": [{"type": "rich_text_section", "elements": []}],
                    }
                ],
                [cell("x")],
            ],
        }
    ],
    "data_table_ragged": [
        {"type": "data_table", "caption": "All", "rows": [[cell("x")], [cell("x"), cell("y")]]}
    ],
    "chart_title": [chart(title="x" * 51)],
    "chart_segments": [chart(chart={"type": "pie", "segments": [{"label": "x", "value": 1}] * 7})],
    "chart_series": [line(series=7)],
    "chart_points": [line(points=21)],
    "chart_label": [line(label="x" * 20 + "{}")],
    "chart_categories": [
        chart(
            chart={
                "type": "bar",
                "series": [{"name": "Hours", "data": [{"label": "Nov", "value": 1}]}],
                "axis_config": {"categories": ["Oct"]},
            }
        )
    ],
    "three_charts": [chart()] * 3,
}


def _bad_blocks(blocks: list[Json]) -> Check:
    async def try_it(t: Try) -> str:
        await t.begin()
        error = await t.post(*blocks)
        assert "[json-pointer:/blocks" in error
        return error

    return try_it


CHECKS |= {key: _bad_blocks(blocks) for key, blocks in BAD_BLOCKS.items()}


@check("wrong_surface")
async def _(t: Try) -> str:
    return await (await t.begin()).view(blocks=[chart()])
