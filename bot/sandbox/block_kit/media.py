"""Images and rich text, which stand in several kinds of blocks."""

from bot.sandbox.block_kit.findings import Findings, text_object
from bot.sandbox.errors import Json


def image(findings: Findings, block: Json, at: str) -> None:
    """An image, as a block or beside text."""
    if block.get("image_url") is None and block.get("slack_file") is None:
        findings.add("missing required field: image_url", at)
    if block.get("image_url") is not None:
        findings.text(block["image_url"], f"{at}/image_url", 3000)
    findings.text(block.get("alt_text"), f"{at}/alt_text", 2000, least=0)
    if block.get("title") is not None:
        text_object(findings, block["title"], f"{at}/title", 2000, plain=True)


def rich_text(findings: Findings, block: Json, at: str) -> None:
    """Rich text: sections, lists, quotes."""
    elements = block.get("elements")
    if findings.count(elements, f"{at}/elements", 1000) and isinstance(elements, list):
        kinds = ("section", "list", "preformatted", "quote")
        for index, element in enumerate(elements):
            kind = element.get("type") if isinstance(element, dict) else None
            if kind not in {f"rich_text_{name}" for name in kinds}:
                findings.add(f"unsupported type: {kind}", f"{at}/elements/{index}/type")
