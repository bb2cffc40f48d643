"""Whether Slack would take these blocks: types, surfaces, required fields, every documented limit.

Limits come from the Block Kit reference (docs.slack.dev/reference/block-kit) and slack_sdk's
validators; where two copies of the reference disagree, the smaller figure holds, since what fits it
fits both. Findings are worded and located as Slack does:
``must be less than 3001 characters [json-pointer:/blocks/0/text/text]``.
"""

from bot.sandbox.block_kit.blocks import faults_of_blocks
from bot.sandbox.block_kit.reading import elements_of, flat, options_of, text_in, with_ids
from bot.sandbox.block_kit.views import faults_of_view

__all__ = [
    "elements_of",
    "faults_of_blocks",
    "faults_of_view",
    "flat",
    "options_of",
    "text_in",
    "with_ids",
]
