"""The word on a channel in which nothing can be said, to those who can mend it."""

from bot.domain.partnerships import Step
from bot.domain.trouble import Lost
from bot.views.blocks import Message, message, section
from bot.views.words import one_line

_KEPT = "What you agreed there is kept."


def lost(value: Lost) -> Message:
    """What happened, what that means, and what to do."""
    name = f"#{one_line(value.name, 80)}"
    if value.step is Step.ARCHIVED:
        said = (
            f"The channel {name} was archived, so I rest there: no check-ins and no digest. {_KEPT}"
        )
        todo = (
            "To go on, unarchive the channel and invite me again. "
            "If it was meant to end, there is nothing to do."
        )
    elif value.step is Step.REMOVED:
        said = (
            f"I am not in the channel {name} any more, so I rest there: no check-ins and no "
            f"digest. {_KEPT}"
        )
        todo = "To go on, invite me again. If that was meant, there is nothing to do."
    else:
        said = (
            f"Slack does not let me post in {name} (it says: {value.problem}). "
            "What I have to say there waits."
        )
        todo = (
            "Somebody who manages the channel can allow me to post, in the channel's settings "
            "under posting permissions. I try again once a day, and when I am invited anew."
        )
    return message(f"{said}\n{todo}", section(said), section(todo))
