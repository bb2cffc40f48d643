"""Refusals, as the person sees them."""

from bot.domain.errors import BotError
from bot.domain.partnerships import WithoutOrganization
from bot.views.blocks import Message, Modal, message, modal, section
from bot.views.organizations import ask_which
from bot.views.words import escape

_NO_FORM = "no_form"
"""What a modal is called that nobody can send."""


def refusal(error: BotError) -> Message:
    """What happened and what to do; what was typed comes back, ready to copy and mend."""
    if isinstance(error, WithoutOrganization):
        said = ask_which(error.partnership_id, error.sentence)
    else:
        said = message(error.sentence, section(error.sentence))
    if error.suggestion is None:
        return said
    line = escape(error.suggestion, 1500).replace("`", "'")
    first, *others = said["blocks"]
    return message(
        f"{error.sentence} To copy and mend: {line}", first, section(f"```{line}```"), *others
    )


def trouble(reference: str) -> Message:
    """Something broke on our side; the reference is in the log."""
    said = (
        "Something went wrong on my side. Please try again in a minute. "
        f"If it happens again, tell whoever runs me this reference: {reference}"
    )
    return message(said, section(said))


def waiting(
    said: str = "I am asking Slack for what belongs in this form. It opens by itself.",
) -> Modal:
    """A form for which Slack is still being asked, or the words that say what is under way."""
    return modal("One moment", _NO_FORM, section(said), submit=None, close="Close")


def finished() -> Modal:
    """In the place of a form whose answer took long, and stands elsewhere."""
    said = "Done. My answer stands where you opened this form, or in our direct messages."
    return modal("Done", _NO_FORM, section(said), submit=None, close="Close")


def instead(said: Message) -> Modal:
    """A sentence in the place of a form that cannot be opened."""
    return modal("Not possible", _NO_FORM, *said["blocks"], submit=None, close="Close")


def not_opened() -> Message:
    """The trigger of a button lives three seconds, and Slack took longer."""
    said = "Slack did not let me open the form in time. Please press the button again."
    return message(said, section(said))
