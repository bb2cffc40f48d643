"""The questions of a check-in: a list that the partners agree on, of which each posting takes one.

It is a setting of the partnership, kept as a list of objects, so that a question can later name
the program that it is for.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.domain.errors import BotError

MOST = 12
"""Questions of a list at most: every second week, they last for half a year."""

LONGEST = 300
"""Letters of a question, so that a prompt stays readable on a phone."""


def cleaned(typed: Iterable[str]) -> tuple[str, ...]:
    """The questions as they are kept: each on one line, none twice; none stands for the usual ones.

    Raises ``BotError`` with what is wrong with them.
    """
    found = tuple(dict.fromkeys(said for each in typed if (said := " ".join(each.split()))))
    if len(found) > MOST:
        raise BotError(f"Please write {MOST} questions at most. I ask one of them each time.")
    if any(len(each) > LONGEST for each in found):
        raise BotError(f"Please write each question in {LONGEST} letters at most.")
    if any(not any(letter.isalnum() for letter in each) for each in found):
        raise BotError("Please write each question in words.")
    return found


def to_json(questions: Iterable[str]) -> list[dict[str, Any]]:
    """Questions as the setting keeps them."""
    return [{"asks": each} for each in questions]


def from_json(value: Iterable[Mapping[str, Any]] | None) -> tuple[str, ...]:
    """Questions out of the setting; none where nothing was set."""
    return tuple(str(each["asks"]) for each in value or ())


def turn(questions: Sequence[str], last: Mapping[str, Any] | None) -> dict[str, Any]:
    """What the next posting keeps of its question, given what the last one kept.

    Each takes the one after the last that was asked. If that is not in the list any more, the
    list begins anew. Without a list nothing is kept, and the usual questions are asked.
    """
    if not questions:
        return {}
    before = list((last or {}).get("questions") or ())
    place = questions.index(before[0]) + 1 if before and before[0] in questions else 0
    return {"questions": [questions[place % len(questions)]]}
