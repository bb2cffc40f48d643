"""The app's manifest, ``manifest.yml``, for either way of meeting Slack."""

import copy
import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

FILE = Path(__file__).parent.parent / "manifest.yml"
PATH = "/slack/events"
"""Where deliveries by HTTP arrive: events, commands and interactions alike."""


def load() -> dict[str, Any]:
    """The manifest as plain values."""
    from ruamel.yaml import YAML

    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(FILE.read_text("utf-8"))
    return loaded


def scopes(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The bot scopes that it asks for."""
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


def events(manifest: dict[str, Any]) -> tuple[str, ...]:
    """The events that it subscribes to."""
    return tuple(manifest["settings"]["event_subscriptions"]["bot_events"])


def commands(manifest: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """The slash commands that it registers."""
    return tuple(manifest["features"]["slash_commands"])


def text(*, command: str, url: str | None = None) -> str:
    """The manifest as YAML with its comments, for Socket Mode or for deliveries to ``url``.

    ``command`` is the slash command's name; ``url`` the public address without a path. Raises
    ValueError with a sentence for an address that Slack would refuse.
    """
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 100
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(FILE.read_text("utf-8"))
    _fit(document, command, url)
    if url is not None:
        document.yaml_set_start_comment("The app as Slack should know it, for deliveries by HTTP.")
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def link(*, command: str, url: str | None = None) -> str:
    """The address that creates the app with one click, with the manifest in it as JSON."""
    document = copy.deepcopy(load())
    _fit(document, command, url)
    packed = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return f"https://api.slack.com/apps?new_app=1&manifest_json={quote(packed, safe='')}"


def _fit(document: Any, command: str, url: str | None) -> None:
    (slash,) = document["features"]["slash_commands"]
    slash["command"] = command
    if url is None:
        return
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("The address must begin with https:// and name a host, without ? or #.")
    address = url.rstrip("/")
    if not address.endswith(PATH):
        address += PATH
    settings = document["settings"]
    settings["socket_mode_enabled"] = False
    settings["interactivity"]["request_url"] = address
    settings["event_subscriptions"]["request_url"] = address
    slash["url"] = address
