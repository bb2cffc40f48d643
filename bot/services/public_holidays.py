"""Public holidays, as the library ``holidays`` knows them.

The library is imported when somebody needs it, and of its countries only theirs: it takes 0.2 s and
17 MB, which nobody pays who writes down no holidays.
"""

from collections.abc import Iterable
from datetime import date
from importlib import import_module
from typing import Any

from bot.domain.closed_days import Holidays
from bot.domain.errors import Unclear

_SMALL = frozenset({"and", "of", "the", "da", "e"})

_WORDS = {"uk": "GB", "england": "GB", "usa": "US", "u.s.": "US", "america": "US"}
"""What people call a country besides its name and its codes."""

_FIRST = "public"
_NOT_CLOSED = frozenset({"workday"})
"""Kinds of the library that are no holidays: weekends on which people work."""


def countries() -> tuple[tuple[str, str], ...]:
    """Every country that is known: (code, name), by name."""
    registry: Any = import_module("holidays.registry")
    found = [(each[1], _title(module)) for module, each in registry.COUNTRIES.items()]
    return tuple(sorted(found, key=lambda each: each[1]))


def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """The parts of a country that have holidays of their own: (code, name), by name."""
    known = _country(country)
    names = {code: name for name, code in known.subdivisions_aliases.items()}
    found = [(code, names.get(code, code)) for code in known.subdivisions]
    return tuple(sorted(found, key=lambda each: each[1]))


def categories(country: str) -> tuple[str, ...]:
    """The kinds of holidays that a country has, ``public`` first; the library's own names."""
    found = {str(each) for each in _country(country).supported_categories} - _NOT_CLOSED
    return tuple(sorted(found, key=lambda each: (each != _FIRST, each)))


def name_of(which: Holidays) -> str:
    """``United States (New York)``."""
    name = next((name for code, name in countries() if code == which.country), which.country)
    if which.subdivision is None:
        return name
    parts = dict(subdivisions(which.country))
    return f"{name} ({parts.get(which.subdivision, which.subdivision)})"


def meant(words: str) -> Holidays:
    """``Germany``, ``US, New York`` or ``DE Berlin`` as codes; raises ``Unclear``."""
    country, _, part = (each.strip() for each in words.strip(" .!").partition(","))
    code = _code(country)
    if code is None and not part and " " in country:  # "US New York", "New York" is no country
        for cut in range(country.count(" "), 0, -1):
            pieces = country.split(" ")
            code, rest = _code(" ".join(pieces[:cut])), " ".join(pieces[cut:])
            if code is not None:
                part = rest
                break
    if code is None:
        raise Unclear(
            f"I don't know holidays of “{country[:40]}”. Write the country's name or its code "
            "with two letters, like: closed holidays of Germany, Berlin."
        )
    if not part:
        return Holidays(code)
    wanted = part.casefold()
    for known, name in subdivisions(code):
        if wanted in {known.casefold(), name.casefold()}:
            return Holidays(code, known)
    raise Unclear(
        f"I don't know a part of that country called “{part[:40]}”. Leave it out, or "
        "write it as its own people do."
    )


def checked(which: Holidays) -> Holidays:
    """The same if the library knows it; raises ``Unclear`` for what only a mended form sends."""
    if which.country not in dict(countries()):
        raise Unclear("I don't know that country. Please choose one.")
    parts, kinds = dict(subdivisions(which.country)), categories(which.country)
    if which.subdivision is not None and which.subdivision not in parts:
        raise Unclear("I don't know that part of the country. Please choose one.")
    if not which.categories or not set(which.categories) <= set(kinds):
        raise Unclear("Please choose at least one kind of holidays.")
    return which


def days(which: Holidays, since: date, until: date) -> dict[date, str]:
    """The holidays in that time with their names, in English where the library has them."""
    found = _country(
        which.country,
        subdiv=which.subdivision,
        categories=tuple(which.categories),
        years=range(since.year, until.year + 1),
        language=_language(which.country),
    )
    return {day: str(name) for day, name in sorted(found.items()) if since <= day <= until}


def _language(country: str) -> str | None:
    known = _country(country).supported_languages
    return next((each for each in ("en_US", "en_GB") if each in known), None)


def _country(country: str, **options: Any) -> Any:
    return import_module("holidays").country_holidays(country, **options)


def _code(words: str) -> str | None:
    wanted = " ".join(words.casefold().removeprefix("the ").split())
    if wanted in _WORDS:
        return _WORDS[wanted]
    registry: Any = import_module("holidays.registry")
    for module, (_, two, three, *_) in registry.COUNTRIES.items():
        if wanted in {two.casefold(), three.casefold(), _title(module).casefold()}:
            return str(two)
    return None


def _title(module: str) -> str:
    words: Iterable[str] = module.split("_")
    return " ".join(
        word if place and word in _SMALL else word.capitalize() for place, word in enumerate(words)
    )
