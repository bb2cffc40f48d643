"""What can go wrong with what is remembered.

Those made for people (``BotError``) are sentences; the others end in ``handlers/errors.py`` as
unknown errors with a reference.
"""

from bot.domain.errors import BotError


class DatabaseInUse(BotError):
    """Another process has this SQLite file open for writing."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"Another Common Ground is already running on {path}. Stop it first, or set "
            "DATABASE_URL to another file, or to PostgreSQL, which several may share."
        )


class DatabaseUnusable(BotError):
    """The database cannot be opened as it is configured; the sentence says why."""


class StorageUnavailable(BotError):
    """Nothing was stored, and trying again later can help (a full disk, a lost connection)."""

    def __init__(self) -> None:
        super().__init__("I could not save that just now. Nothing changed; please try again soon.")


class OutcomeUnknown(BotError):
    """The connection was lost while COMMIT was under way: it may have been stored, or not.

    Repeating a delivery is safe, since its key tells; repeating anything else is for whoever can
    look first.
    """

    def __init__(self) -> None:
        super().__init__(
            "I lost touch with my memory just as I saved that. Please look whether it is there "
            "before you try again."
        )


class DatabaseClosed(RuntimeError):
    """A transaction was asked for after ``Database.close``."""

    def __init__(self) -> None:
        super().__init__("the database is closed")


class WentOn(RuntimeError):
    """A function hid an error of the database and went on, although its transaction was over.

    Nothing of it was stored; the database's error is the cause.
    """

    def __init__(self) -> None:
        super().__init__("a transaction went on after the database had ended it")
