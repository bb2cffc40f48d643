"""The calls by which a message reaches Slack, and their second tries in another form."""

from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier.lookup import in_a_block, metadata
from bot.courier.outcomes import Fate, Outcome, judge
from bot.courier.patience import Lease
from bot.courier.tools import Tools
from bot.directory import Unreachable
from bot.domain.people import Installation
from bot.domain.posts import Outgoing
from bot.views.blocks import Message

HELD = "held"
"""The problem of an update that was not tried: Slack has all those of the workspace wait."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Calls:
    """To Slack, for one message, for as long as its claim is fresh."""

    tools: Tools
    client: AsyncWebClient
    lease: Lease
    installation: Installation
    message: Outgoing

    def stale(self) -> bool:
        """Whether the claim is too old for one more call: those before may have taken a while."""
        if self.lease.fresh(self.tools.patience):
            return False
        self.tools.counted["stale"] += 1
        return True

    async def post(self, channel: str, words: Message) -> str | Outcome:
        """Post, and return the ``ts``. Where only the form, the thread or the metadata is wrong,
        once more without.
        """
        thread, text, blocks = self.message.thread, words["text"], words["blocks"]
        outcome = await self._post(channel, text, blocks, thread)
        if isinstance(outcome, Outcome) and outcome.fate is Fate.THREAD and thread is not None:
            if self.stale():
                return Outcome(Fate.LATER, outcome.problem)
            thread = None
            outcome = await self._post(channel, text, blocks, thread)
        if isinstance(outcome, Outcome) and outcome.fate is Fate.METADATA:
            if self.stale():
                return Outcome(Fate.LATER, outcome.problem)
            self._refused("metadata", outcome)
            keyed = in_a_block(self.message.key, text, blocks)
            return await self._post(channel, text, keyed, thread, plain=True)
        if isinstance(outcome, Outcome) and outcome.fate is Fate.FORM and blocks:
            if self.stale():
                return Outcome(Fate.LATER, outcome.problem)
            self._refused("form", outcome)
            outcome = await self._post(channel, text, [], thread)
        return outcome

    async def update(self, words: Message) -> Outcome | None:
        """Replace what stands there; None where that went well."""
        outcome = await self._update(words["text"], words["blocks"])
        if outcome is not None and outcome.fate is Fate.FORM:
            self._refused("form", outcome)
            if self.stale():
                return Outcome(Fate.LATER, outcome.problem)
            outcome = await self._update(words["text"], [])
        return outcome

    async def open(self, user: str) -> str | Outcome:
        """The channel of the direct messages with somebody."""
        try:
            with self.tools.directory.paced(self.installation, "conversations.open"):
                said = await self.client.conversations_open(users=user)
            return str(said["channel"]["id"])
        except Exception as error:
            outcome = judge(error)
            if outcome.fate is Fate.UNKNOWN:  # opening twice does no harm
                outcome = Outcome(Fate.LATER, outcome.problem)
            return outcome

    async def _post(
        self,
        channel: str,
        text: str,
        blocks: list[Any],
        thread: str | None,
        *,
        plain: bool = False,
    ) -> str | Outcome:
        """Post once. ``plain``: without metadata, since a block carries the key."""
        try:
            said = await self.client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=blocks or None,
                thread_ts=thread,
                metadata=None if plain else metadata(self.message.key),
                unfurl_links=False,
                unfurl_media=False,
            )
            return str(said["ts"])
        except Exception as error:  # whatever it is, the message may be there
            return judge(error)

    async def _update(self, text: str, blocks: list[Any]) -> Outcome | None:
        try:
            with self.tools.directory.paced(self.installation, "chat.update"):
                await self.client.chat_update(
                    channel=self.message.channel or "",
                    ts=self.message.ts or "",
                    text=text,
                    blocks=blocks,  # always given: left out, Slack would keep the old ones
                )
        except Unreachable as error:
            return Outcome(Fate.PACED, HELD, error.wait or 0.0)
        except Exception as error:
            return judge(error)
        return None

    def _refused(self, what: str, outcome: Outcome) -> None:
        self.tools.counted[what] += 1
        log.error(f"{what}_refused", message=self.message.id, problem=outcome.problem)
