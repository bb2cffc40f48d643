"""Dates that our own rules do not know, read by ``dateparser``.

It is imported when it is first needed, not before: 10 to 20 MB and a fifth of a second.

Its answer is believed only if every number and weekday that was said is found in it: it passes
over what it does not understand, and reads "me" as mercredi.
"""

import re
from datetime import date, datetime, time
from importlib import import_module


def asked(words: str, said: str, today: date) -> date | None:
    """The date that the words mean, or None. ``said``: their tokens (``vocabulary``)."""
    parser = import_module("dateparser.date").DateDataParser(
        languages=["en", "es", "fr"],  # guessing among all costs five times as much
        settings={
            "RELATIVE_BASE": datetime.combine(today, time(12)),
            "PREFER_DATES_FROM": "future",
            "RETURN_AS_TIMEZONE_AWARE": False,
            "REQUIRE_PARTS": ["day", "month"],
        },
    )
    try:
        read = parser.get_date_data(words)
    except (ValueError, OverflowError, TypeError):  # numbers no calendar has
        return None
    moment: datetime | None = read.date_obj
    if moment is None or read.period != "day":
        return None
    found = moment.date()
    numbers = {int(number) for number in re.findall("[0-9]+", words)}
    weekdays = {int(number) for number in re.findall(r"\bw(\d)", said)}
    if numbers <= {found.day, found.month, found.year, found.year % 100} and found.day in numbers:
        return found if weekdays <= {found.weekday()} else None
    return None
