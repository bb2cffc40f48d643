"""What stands between the bot and a channel."""

from dataclasses import dataclass

from bot.domain.partnerships import Step


@dataclass(frozen=True, slots=True)
class Lost:
    """A channel in which nothing can be said, for those who can mend it."""

    name: str
    """The channel's, without ``#``."""
    step: Step
    """Archived, removed, or blocked by a policy."""
    problem: str
    """Slack's word; empty where the step says it all."""
