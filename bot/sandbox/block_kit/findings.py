"""What is wrong with blocks, each with the place where, in Slack's words."""

from collections.abc import Iterable
from typing import Final

from bot.sandbox.errors import Json

TEXT: Final = 3000
"""Characters in most texts."""
ID: Final = 255
"""Characters in a ``block_id`` or an ``action_id``."""


class Findings:
    """Collects what is wrong, each with the place where."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, what: str, at: str) -> None:
        self.found.append(f"{what} [json-pointer:{at}]")

    def text(self, value: object, at: str, most: int, least: int = 1) -> bool:
        """A string of a certain length."""
        if not isinstance(value, str):
            self.add("must be a string", at)
        elif len(value) > most:
            self.add(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            self.add(f"must be more than {least - 1} characters", at)
        else:
            return True
        return False

    def count(self, value: object, at: str, most: int, least: int = 1) -> bool:
        """A list of a certain length."""
        if not isinstance(value, list):
            self.add("must be an array", at)
        elif len(value) > most:
            self.add(f"no more than {most} items allowed", at)
        elif len(value) < least:
            self.add(f"no fewer than {least} items required", at)
        else:
            return True
        return False

    def has(self, value: Json, names: Iterable[str], at: str) -> bool:
        missing = [name for name in names if value.get(name) is None]
        for name in missing:
            self.add(f"missing required field: {name}", at)
        return not missing

    def only(self, value: Json, names: Iterable[str], at: str) -> None:
        known = set(names)
        for name in value:
            if name not in known:
                self.add(f"invalid additional property: {name}", at)

    def number(self, value: object, at: str) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.add("must be a number", at)
            return False
        return True


def text_object(
    findings: Findings, value: object, at: str, most: int = TEXT, *, plain: bool = False
) -> None:
    """A ``plain_text`` or ``mrkdwn`` object."""
    if not isinstance(value, dict):
        findings.add("must be an object", at)
        return
    kind = value.get("type")
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if kind not in kinds:
        findings.add(f"must be one of {', '.join(kinds)}", f"{at}/type")
        return
    extra = {"emoji"} if kind == "plain_text" else {"verbatim"}
    findings.only(value, {"type", "text"} | extra, at)
    findings.text(value.get("text"), f"{at}/text", most)
