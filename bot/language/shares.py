"""What can be said about how the work is shared."""

from bot.language.line import Line, numbered, says_something
from bot.language.said import Said


def shares(line: Line) -> Said:
    """``shares``. It stands alone."""
    if says_something(line.rest):
        raise line.unclear("Do you want to know how the work is shared?", line.verb.name)
    return Said(line.verb.name)


def marking(line: Line) -> Said:
    """``paid 12``, ``unpaid 12``."""
    number, rest = numbered(line)
    if says_something(rest):
        raise line.unclear(
            f"I did not understand what follows #{number}.", f"{line.verb.name} {number}"
        )
    return Said(line.verb.name, number=number)
