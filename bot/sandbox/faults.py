"""The seam for fault injection: asked before and after each call, and before each delivery.

The default does nothing. A harness passes its own subclass to the sandbox.
"""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.errors import Json


class Faults:
    """Never interferes. Override what should go wrong; each hook may also wait."""

    async def before_call(self, method: str, args: Mapping[str, Any]) -> web.Response | None:
        """Answer a call instead of the sandbox, before it had any effect; None lets it through."""
        return None

    async def after_call(
        self, method: str, args: Mapping[str, Any], result: Json
    ) -> web.Response | None:
        """Replace the answer of a call that has had its effect; None leaves it."""
        return None

    async def before_delivery(self, kind: str, payload: Json) -> bool:
        """False loses this attempt to deliver on the way to the app (Slack will see no answer)."""
        return True
