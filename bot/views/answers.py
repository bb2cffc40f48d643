"""Where an answer is, for whoever asked in a channel and reads it elsewhere."""

from bot.views.blocks import Message, message, section


def directly() -> Message:
    """Beside a mention whose answer is private; only its writer sees it."""
    said = "I answered you in a direct message."
    return message(said, section(said))
