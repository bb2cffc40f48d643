"""The manifest: valid for Slack, and neither more nor less than what the code uses."""

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML
from slack_sdk.web.async_client import AsyncWebClient

from bot import language, manifest
from handlers import tables

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.2.0.0.json"

ROOMS = {"channels", "groups"}
"""A shared channel may be public or private; both need their own scopes."""

METHODS: dict[str, set[str]] = {
    "auth_test": set(),
    "bots_info": {"users:read"},
    "apps_connections_open": set(),  # by the app token's own scope
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
    "chat_postMessage": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_getPermalink": set(),
    "conversations_open": {"im:write"},
    "conversations_info": {f"{room}:read" for room in ROOMS},
    "conversations_members": {f"{room}:read" for room in ROOMS},
    # The metadata is what a post is recognized by.
    "conversations_history": {f"{room}:history" for room in ROOMS}
    | {"im:history", "metadata.message:read"},
    "conversations_replies": {f"{room}:history" for room in ROOMS}
    | {"im:history", "metadata.message:read"},
    "files_info": {"files:read"},
    "users_info": {"users:read"},
    "team_info": {"team:read"},
}
"""What each method of the Web API needs (https://docs.slack.dev/reference/methods)."""

EVENTS: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "channel_archive": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_id_changed": set(),
    "channel_shared": {f"{room}:read" for room in ROOMS},
    "channel_unshared": {f"{room}:read" for room in ROOMS},
    "group_archive": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_rename": {"groups:read"},
    "member_joined_channel": {f"{room}:read" for room in ROOMS},
    "member_left_channel": {f"{room}:read" for room in ROOMS},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "user_change": {"users:read"},
}
"""What each event needs (https://docs.slack.dev/reference/events)."""


def used_methods() -> set[str]:
    """The methods that the bot calls, read from its source; the sandbox is no part of the bot."""
    known = {name for name in dir(AsyncWebClient) if "_" in name.strip("_")}
    found = set()
    for package in ("bot", "handlers"):
        for path in (ROOT / package).rglob("*.py"):
            if "sandbox" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in known:
                    found.add(node.attr)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= {node.value.replace(".", "_")} & (known & set(METHODS))
    return found - {"api_call"}


def heard_events() -> set[str]:
    """The subscriptions that something listens to."""
    subtypes = {"message_changed", "message_deleted"}
    messages = {"message.channels", "message.groups", "message.im"}
    return (set(tables.EVENTS) - subtypes) | messages | {"app_mention"}


@pytest.fixture
def loaded() -> dict[str, Any]:
    return manifest.load()


def test_the_scopes_are_those_that_methods_events_and_commands_need(loaded: dict[str, Any]) -> None:
    needed = {"commands"}
    for method in used_methods():
        needed |= METHODS[method]
    for event in manifest.events(loaded):
        needed |= EVENTS[event]
    assert set(manifest.scopes(loaded)) == needed


def test_the_events_are_those_that_something_listens_to(loaded: dict[str, Any]) -> None:
    assert set(manifest.events(loaded)) == heard_events()


def test_the_shortcuts_are_those_that_something_answers(loaded: dict[str, Any]) -> None:
    shortcuts = loaded["features"]["shortcuts"]
    assert {each["callback_id"] for each in shortcuts} == set(tables.SHORTCUTS)
    for each in shortcuts:
        assert each["type"] == "message"
        assert len(each["name"]) <= 24  # by Slack's schema


def test_each_scope_has_its_reason_beside_it() -> None:
    lines = (ROOT / "manifest.yml").read_text("utf-8").splitlines()
    begin = lines.index("    bot:") + 1
    reason = ""
    for line in lines[begin : lines.index("settings:")]:
        if line.strip().startswith("#"):
            reason = line
        else:
            assert reason, line


def test_nothing_is_named_twice(loaded: dict[str, Any]) -> None:
    for names in (manifest.scopes(loaded), manifest.events(loaded)):
        assert len(set(names)) == len(names)


def test_the_usage_hint_of_the_command_is_understood(loaded: dict[str, Any]) -> None:
    (command,) = manifest.commands(loaded)
    assert command["usage_hint"].split()[0] in language.VERBS
    assert command["should_escape"] is True


def both_ways() -> Iterator[str]:
    yield manifest.text(command="/partner")
    yield manifest.text(command="/together", url="https://bot.example.org")


@pytest.mark.parametrize("text", list(both_ways()), ids=["socket", "http"])
def test_it_is_valid_by_slacks_schema(text: str) -> None:
    """The schema is Slack's; where it does not lie beside the project its main limits count."""
    made = YAML(typ="safe", pure=True).load(text)
    if SCHEMA.is_file():
        jsonschema.Draft7Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(made)
    display = made["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4000


def test_for_http_each_address_is_the_same_and_socket_mode_is_off() -> None:
    made = YAML(typ="safe", pure=True).load(
        manifest.text(command="/together", url="https://bot.example.org/")
    )
    address = "https://bot.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert (
        made["features"]["slash_commands"][0] | {"url": address, "command": "/together"}
        == (made["features"]["slash_commands"][0])
    )


@pytest.mark.parametrize("url", ["http://bot.example.org", "bot.example.org", "https://", "x"])
def test_an_address_that_slack_would_refuse_is_said(url: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        manifest.text(command="/partner", url=url)


def test_the_command_prints_the_manifest_and_the_link() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "manifest", "--socket"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CG_COMMAND": "/together"},
        capture_output=True,
        text=True,
        check=True,
    )
    made = YAML(typ="safe", pure=True).load(done.stdout)
    assert made["features"]["slash_commands"][0]["command"] == "/together"
    assert "https://api.slack.com/apps?new_app=1&manifest_json=%7B" in done.stdout
