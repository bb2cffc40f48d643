"""The three ways in which the sandbox says no: to an app, to a person, to a test."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A refusal of the Web API, carrying the error name that Slack gives.

    ``messages`` become ``response_metadata.messages`` (and ``errors``), the way Slack points at the
    fault inside blocks and views; ``extra`` adds fields such as ``needed`` and ``provided``.
    """

    def __init__(
        self,
        error: str,
        *,
        messages: Sequence[str] = (),
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **extra: object,
    ) -> None:
        super().__init__(error)
        self.error = error
        self.messages = tuple(messages)
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra

    def body(self) -> Json:
        """The JSON that is answered."""
        body: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["errors"] = list(self.messages)
            body["response_metadata"] = {"messages": [f"[ERROR] {m}" for m in self.messages]}
        return body


class RefusedError(Exception):
    """What Slack's own client tells a person instead of doing what they asked; one sentence."""


class NotShownError(AssertionError):
    """A story looked for a text, a button or a field that the person cannot see."""
