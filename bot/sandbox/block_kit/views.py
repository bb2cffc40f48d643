"""Modals and App Home: their fields and limits, and the blocks inside."""

from typing import Final, Literal

from bot.sandbox.block_kit.blocks import faults_of_blocks
from bot.sandbox.block_kit.findings import Findings, text_object

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
    findings = Findings()
    if not isinstance(view, dict):
        findings.add("must be an object", "/view")
        return findings.found
    if view.get("type") != kind:
        findings.add(f"must be {kind}", "/view/type")
        return findings.found
    findings.only(view, _VIEW_KEYS, "/view")
    if kind == "modal":
        if findings.has(view, ("title",), "/view"):
            text_object(findings, view["title"], "/view/title", 24, plain=True)
        for name in ("submit", "close"):
            if view.get(name) is not None:
                text_object(findings, view[name], f"/view/{name}", 24, plain=True)
    if findings.has(view, ("blocks",), "/view"):
        findings.found += faults_of_blocks(view["blocks"], kind, "/view/blocks")
        blocks = view["blocks"] if isinstance(view["blocks"], list) else []
        inputs = any(b.get("type") == "input" for b in blocks if isinstance(b, dict))
        if kind == "modal" and inputs and view.get("submit") is None:
            findings.add("missing required field: submit", "/view")
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if view.get(name) is not None:
            findings.text(view[name], f"/view/{name}", most, least=0)
    return findings.found
