"""Modals, one stack a person, and App Home, one view a person."""

import copy
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.block_kit import elements_of, faults_of_view, flat, with_ids
from bot.sandbox.config import Limits
from bot.sandbox.elements import initial_state
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.world import App, User

Kind = Literal["modal", "home"]


@dataclass(slots=True, eq=False)
class View:
    """One view as the sandbox keeps it, with what its person has entered so far."""

    id: str
    user: str
    kind: Kind
    body: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        return list(self.body["blocks"])

    @property
    def external_id(self) -> str:
        return str(self.body.get("external_id") or "")

    @property
    def callback_id(self) -> str:
        return str(self.body.get("callback_id") or "")


class Views:
    """Keeps every open view; errors are those of ``views.*``."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def checked(self, raw: object, kind: Kind) -> Json:
        """The view's JSON with ids filled in, or Slack's refusal of it."""
        found = faults_of_view(raw, kind)
        if found or not isinstance(raw, dict):
            raise SlackError("invalid_arguments", messages=found or ["must be an object"])
        size = len(json.dumps(raw))
        if size > self._limits.view_bytes:
            raise SlackError("view_too_large")
        body = copy.deepcopy(raw)
        body["blocks"] = with_ids(body["blocks"])
        return body

    def make(self, user: User, raw: object, kind: Kind) -> View:
        """A new view of that person, not yet shown."""
        body = self.checked(raw, kind)
        self._unused(body, None)
        view_id = _id("V")
        return View(view_id, user.id, kind, body, _hash(), view_id, values=_initial(body, {}))

    def open(self, view: View) -> None:
        """Show a modal; what was open before is gone."""
        self.stacks[view.user] = [view]

    def push(self, view: View) -> None:
        """Put a modal on top of the open ones."""
        stack = self.stacks.setdefault(view.user, [])
        if len(stack) >= self._limits.views_in_stack:
            raise SlackError("push_limit_reached")
        if stack:
            view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)

    def change(self, view: View, raw: object, hash_: str | None = None) -> None:
        """Put new contents into a view; entered values stay where block and action stay."""
        body = self.checked(raw, view.kind)
        if hash_ and hash_ != view.hash:
            raise SlackError("hash_conflict")
        self._unused(body, view)
        view.body = body
        view.hash = _hash()
        view.errors = {}
        view.values = _initial(body, view.values)

    def publish(self, user: User, raw: object, hash_: str | None) -> View:
        """Set a person's App Home."""
        current = self.homes.get(user.id)
        if current:
            self.change(current, raw, hash_)
            return current
        if hash_:
            raise SlackError("hash_conflict")
        self.homes[user.id] = self.make(user, raw, "home")
        return self.homes[user.id]

    def find(self, view_id: str | None, external_id: str | None = None) -> View:
        """An open view by id or external id; ``not_found`` otherwise."""
        for view in self._all():
            if (view_id and view.id == view_id) or (
                external_id and view.external_id == external_id
            ):
                return view
        raise SlackError("not_found")

    def top(self, user: str) -> View | None:
        """The modal that a person looks at."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def close(self, view: View) -> None:
        """Take one modal away; the one below shows again."""
        stack = self.stacks.get(view.user, [])
        if view in stack:
            stack.remove(view)
        if not stack:
            self.stacks.pop(view.user, None)

    def clear(self, user: str) -> list[View]:
        """Take all of a person's modals away; returns them, the topmost first."""
        return list(reversed(self.stacks.pop(user, [])))

    def _all(self) -> list[View]:
        return [*(v for stack in self.stacks.values() for v in stack), *self.homes.values()]

    def _unused(self, body: Mapping[str, Any], mine: View | None) -> None:
        external = body.get("external_id")
        if external and any(v.external_id == external for v in self._all() if v is not mine):
            raise SlackError("duplicate_external_id")


def as_slack(view: View, user: User, app: App) -> Json:
    """The view as Slack sends it in answers and payloads."""
    body = view.body
    return {
        "id": view.id,
        "team_id": user.team_id,
        "type": view.kind,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": view.callback_id,
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": bool(body.get("clear_on_close", False)),
        "notify_on_close": bool(body.get("notify_on_close", False)),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": app.id,
        "external_id": view.external_id,
        "app_installed_team_id": app.team_id,
        "bot_id": app.bot_id,
    }


def _initial(body: Json, before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    values: dict[str, dict[str, Json]] = {}
    for block in flat(body["blocks"]):
        for element in elements_of(block):
            state = initial_state(element)
            if state is None:
                continue
            block_id, action_id = block["block_id"], element["action_id"]
            old = before.get(block_id, {}).get(action_id)
            kept = old is not None and old.get("type") == element["type"]
            values.setdefault(block_id, {})[action_id] = old if kept and old else state
    return values


def _hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"


def _id(prefix: str) -> str:
    return prefix + "0" + secrets.token_hex(5).upper()
