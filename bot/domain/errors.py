"""What can go wrong for a person. Every message is a sentence that says what to do."""


class BotError(Exception):
    """A refusal: ``str(error)`` is the sentence that the person reads.

    It is caught in one place (``handlers/errors.py``) and always seen by that person only.
    """

    def __init__(self, sentence: str, *, suggestion: str | None = None) -> None:
        super().__init__(sentence)
        self.suggestion = suggestion
        """What the person typed, or a mended form of it, ready to copy; None: there is none."""

    @property
    def sentence(self) -> str:
        """The sentence for the person."""
        return str(self)


class Unclear(BotError):
    """The words could mean several things, or none: the message is a question to the person."""


class NotFound(BotError):
    """There is no such thing here. It never tells whether the thing exists elsewhere."""


class NotAllowed(BotError):
    """Somebody else may do this, not this person."""


class OutOfDate(BotError):
    """The thing has changed since the person saw it."""


class NotPossible(BotError):
    """The rules of the thing do not allow it in its present state."""
