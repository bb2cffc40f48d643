"""The rules that read a date from tokens (``vocabulary``), each a pattern and a function.

A rule answers with a date, past ones included, or raises ``Unclear`` with the question to ask.
The decisions behind them stand in ``dates``.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.errors import Unclear
from bot.domain.rhythm import WEEKDAYS

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
"""By number, less one; whatever the locale of the machine."""

_TOO_FAR = "That is too far away. Which date do you mean?"
_NO_SUCH = "There is no such date. Which date do you mean?"


def day(when: date, today: date) -> str:
    """``Mon, Nov 30``, with the year where it is not this one: for questions about dates."""
    said = f"{WEEKDAYS[when.weekday()][:3]}, {MONTHS[when.month - 1][:3]} {when.day}"
    return said if when.year == today.year else f"{said}, {when.year}"


def typed(when: date, today: date) -> str:
    """``30 Nov`` (with the year where it is not this one): a date as it can be typed again."""
    said = f"{when.day} {MONTHS[when.month - 1][:3]}"
    return said if when.year == today.year else f"{said} {when.year}"


def by_rule(said: str, today: date) -> date | None:
    """The date that the tokens mean, today or not; None where no rule knows them.

    ``said`` is tokens joined by spaces. Raises ``Unclear`` where a rule finds a question.
    """
    said = normal(said)
    for pattern, rule in _RULES:
        if match := pattern.fullmatch(said):
            return rule(match.groupdict(), today)
    return None


def normal(said: str) -> str:
    """The tokens without what adds nothing: articles, leading prepositions, "end of day"."""
    said = _ARTICLE.sub("", said)
    if "eo" in said:
        said = _INITIALS.sub(lambda match: f"end of {_UNITS_OF[match.group()]}", said)
    if "uday" in said and said != "end of uday":
        said = _END_OF_DAY.sub("", said)
    return _LEADING.sub("", said) or said


_ARTICLE = re.compile(r"\bthe (?!(?:the )*[on]\d)|(?: |^)the$")
_INITIALS = re.compile(r"\beo[dwmqy]\b")
_UNITS_OF = {"eod": "uday", "eow": "uweek", "eom": "umonth", "eoq": "uquarter", "eoy": "uyear"}
_END_OF_DAY = re.compile(r"^(?:at )?end of uday (?:of |at )?| (?:at )?end of uday$")
_LEADING = re.compile(r"^(?:(?:of|at|in|within) )+(?!n\d+ u|few)|^n1 (?=end )|(?<=^in )of ")

_Parts = dict[str, str | None]


def _weekday(said: _Parts, today: date) -> date:
    wanted = int(said["weekday"] or 0)
    monday = today - timedelta(days=today.weekday())
    week = said["week"] or said["week_before"] or said["week_behind"]
    if week == "this":
        return monday + timedelta(days=wanted)
    if week or "next" in (said["which"], said["behind"]):
        return monday + timedelta(days=7 + wanted)
    if said["which"] == "this" and wanted == today.weekday():
        raise Unclear(
            f"Today is {WEEKDAYS[wanted]}. Do you mean today, or next {WEEKDAYS[wanted]}?"
        )
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _day_of_month(said: _Parts, today: date) -> date:
    month, number = int(said["month"] or 0), int(said["day"] or 0)
    if said["year"]:
        found = _made(int(said["year"]), month, number)
    elif said["short"]:
        found = _made(2000 + int(said["short"]), month, number)
        if found.year - today.year > 1:  # "26 Nov 30" may have been meant the other way round
            raise Unclear("Please write the year in full. Which date do you mean?")
    elif said["yearly"]:
        found = _made(today.year + (said["yearly"] != "this"), month, number)
    else:
        found = _nearest(month, number, today)
    return _on_weekday(said, found, today)


def _nearest(month: int, number: int, today: date) -> date:
    """This year's, or next year's where this year's is long gone."""
    if (month, number) == (2, 29) and not calendar.isleap(today.year):
        leap = next(year for year in range(today.year, today.year + 9) if calendar.isleap(year))
        raise Unclear(f"The next Feb 29 is in {leap}. Which date do you mean?")
    found = _made(today.year, month, number)
    if found >= today:
        return found
    last = calendar.monthrange(today.year + 1, month)[1]
    later = date(today.year + 1, month, min(number, last))
    if later - today < today - found and later.day == number:
        return later
    raise Unclear(
        f"{day(found, today)} is past. Which date do you mean?", suggestion=typed(later, today)
    )


def _made(year: int, month: int, number: int) -> date:
    if not 1 <= year <= 9999 or not 1 <= month <= 12 or number < 1:
        raise Unclear(_NO_SUCH)
    last = calendar.monthrange(year, month)[1]
    if number > last:
        raise Unclear(
            f"{MONTHS[month - 1]} has {last} days. Which date do you mean?",
            suggestion=f"{last} {MONTHS[month - 1][:3]}",
        )
    return date(year, month, number)


def _on_weekday(said: _Parts, found: date, today: date) -> date:
    weekday = said["before"] or said.get("behind")
    if weekday is None or int(weekday) == found.weekday():
        return found
    raise Unclear(
        f"{day(found, today).partition(', ')[2]} is a {WEEKDAYS[found.weekday()]}, "
        f"not a {WEEKDAYS[int(weekday)]}. Which do you mean?",
        suggestion=typed(found, today),
    )


def _day_alone(said: _Parts, today: date) -> date:
    """ "the 12th": of this month, or of the next where it is gone."""
    number = int(said["day"] or 0)
    first = today.replace(day=1)
    which = said.get("which")
    if which in {"next", "proximo"} or (which is None and number < today.day):
        first = _months_later(first, 1)
    return _on_weekday(said, _made(first.year, first.month, number), today)


def _in(said: _Parts, today: date) -> date:
    return _durations(said["long"] or "", today)


def _durations(said: str, start: date) -> date:
    """So much later than the start: ``n1 umonth n2 uweek``."""
    try:
        for number, unit in re.findall(r"n(\d+) u(\w+)", said):
            if unit in _MONTHS_OF:
                start = _months_later(start, int(number) * _MONTHS_OF[unit])
            else:
                start += timedelta(days=int(number) * _DAYS_OF[unit])
    except (OverflowError, ValueError):
        raise Unclear(_TOO_FAR) from None
    return start


_DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}


def _months_later(start: date, number: int) -> date:
    """The same day so many months later; the month's last where it is shorter."""
    years, month = divmod(start.month - 1 + number, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _from(said: _Parts, today: date) -> date:
    start = by_rule(said["start"] or "", today)
    if start is None:
        raise Unclear("From which day? Which date do you mean?")
    return _durations(said["long"] or "", start)


def _end(said: _Parts, today: date) -> date:
    ahead = 0 if (said["which"] or said.get("behind")) in {None, "this"} else 1
    match said["unit"]:
        case "day":
            return today + timedelta(days=ahead)
        case "week":
            friday = today + timedelta(days=4 - today.weekday() + 7 * ahead)
            if friday < today:
                raise Unclear("Which day do you mean by the end of the week?")
            return friday
        case "month":
            return _last_of(_months_later(today.replace(day=1), ahead))
        case "quarter":
            first = today.replace(day=1, month=(today.month - 1) // 3 * 3 + 1)
            return _last_of(_months_later(first, 3 * ahead + 2))
        case _:
            return date(today.year + ahead, 12, 31)


def _last_of(when: date) -> date:
    return when.replace(day=calendar.monthrange(when.year, when.month)[1])


def _end_of_month(said: _Parts, today: date) -> date:
    month = int(said["month"] or 0)
    year = int(said["year"]) if said["year"] else today.year + (month < today.month)
    return _last_of(_made(year, month, 1))


def _end_of_year(said: _Parts, today: date) -> date:
    return _made(int(said["year"] or 0), 12, 31)


def _nth_weekday(said: _Parts, today: date) -> date:
    """ "second friday of december", "last monday of the month"."""
    wanted = int(said["weekday"] or 0)
    first = today.replace(day=1)
    if said["month"]:
        month = int(said["month"])
        first = date(today.year + (month < today.month), month, 1)
    elif said["which"] in {"next", "proximo"}:
        first = _months_later(first, 1)
    if said["nth"] is None:
        last = _last_of(first)
        return last - timedelta(days=(last.weekday() - wanted) % 7)
    return first + timedelta(days=(wanted - first.weekday()) % 7 + 7 * (int(said["nth"]) - 1))


def _ambiguous(said: _Parts, today: date) -> date:
    """03/04: both readings are offered."""

    def of(month: str | None, number: str | None) -> date:
        year = int(said["year"]) if said["year"] else today.year
        found = _made(year, int(month or 0), int(number or 0))
        return found if said["year"] or found >= today else found.replace(year=year + 1)

    one, other = sorted((of(said["a"], said["b"]), of(said["b"], said["a"])))
    raise Unclear(
        f"That could be {day(one, today)} or {day(other, today)}. Which do you mean?",
        suggestion=typed(one if one >= today else other, today),
    )


def _impossible(said: _Parts, today: date) -> date:
    raise Unclear(_NO_SUCH)


def _gone(said: _Parts, today: date) -> date:
    raise Unclear("That is past. Which date do you mean?")


_WHICH = r"(?:(?P<which>this|next|proximo) )?"
_NUMBER = r"(?:the )*[no](?P<day>\d+)"
_BEFORE = r"(?:(?:(?:this|next|proximo) )?w(?P<before>\d) |proximo )?"
_BEHIND = r"(?: w(?P<behind>\d))?"
_YEAR = (
    r"(?: (?:of )?(?:y(?P<year>\d+)|n(?P<short>\d\d)|(?P<yearly>this|next|proximo) uyear|proximo))?"
)
_LONG = (
    r"(?P<long>n\d+ u(?:day|week|fortnight|month|quarter|year)(?: (?:and )?n\d+ u(?:day|week))*)"
)
_IN_WEEK = r"(?:(?P<week_before>this|next|proximo) uweek )?"
_OF_WEEK = r"(?: (?:of )?(?:(?P<week>this|next|proximo) uweek|uweek (?P<week_behind>proximo)))?"
_OF_MONTH = rf"(?:m(?P<month>\d+)|{_WHICH}umonth)"

_RULES: tuple[tuple[re.Pattern[str], Callable[[_Parts, date], date]], ...] = tuple(
    (re.compile(pattern), rule)
    for pattern, rule in (
        (
            rf"{_IN_WEEK}{_WHICH}w(?P<weekday>\d)(?: (?P<behind>next|proximo))?{_OF_WEEK}",
            _weekday,
        ),
        (rf"{_BEFORE}{_NUMBER} (?:of )?m(?P<month>\d+){_YEAR}{_BEHIND}", _day_of_month),
        (rf"{_BEFORE}m(?P<month>\d+) (?:of )?{_NUMBER}{_YEAR}{_BEHIND}", _day_of_month),
        (r"today|end of uday", lambda said, today: today),
        (r"tomorrow", lambda said, today: today + timedelta(days=1)),
        (r"\+2", lambda said, today: today + timedelta(days=2)),
        (rf"(?:in|within) {_LONG}", _in),
        (rf"(?:(?:in|within) )?{_LONG} from (?:now|today)", _in),
        (rf"(?:(?:in|within) )?{_LONG} from (?P<start>.+)", _from),
        (
            rf"end (?:of )?{_WHICH}u(?P<unit>day|week|month|quarter|year)(?: (?P<behind>proximo))?",
            _end,
        ),
        (rf"{_WHICH}u(?P<unit>month|quarter|year) end", _end),
        (r"end (?:of )?m(?P<month>\d+)(?: (?:of )?y(?P<year>\d+))?", _end_of_month),
        (r"end (?:of )?y(?P<year>\d{4})", _end_of_year),
        (
            rf"{_BEFORE}(?:the )+[no](?P<day>\d+)(?: of {_WHICH}umonth)?{_BEHIND}",
            _day_alone,
        ),
        (r"w(?P<before>\d) n(?P<day>\d+)", _day_alone),
        (
            rf"(?:the )*(?:[no](?P<nth>[1-4])|last) w(?P<weekday>\d) (?:of|in) {_OF_MONTH}",
            _nth_weekday,
        ),
        (r"(?:w\d )?amb(?P<a>\d+)-(?P<b>\d+)(?: y(?P<year>\d+))?(?: w\d)?", _ambiguous),
        (r"(?:w\d )?imp(?: w\d)?", _impossible),
        (r"yesterday|n\d+ u\w+ ago|(?:last|past) [uw]\w+|[uw]\w+ (?:last|past)", _gone),
    )
)

_VAGUE = re.compile(
    r"(?:(?:start|mid|end|this|next|proximo|n1|of|few|in|at) )*"
    r"(?:m\d+|uweek|umonth|uquarter|uyear|uweekend|y20\d\d)"
    r"(?: (?:y\d+|proximo|end|start|mid))*"
)
_DURATION = re.compile(_LONG)


def asked_about(said: str, today: date, *, bare: bool) -> date | None:
    """A length of time alone ("2 weeks") as a date if ``bare``; raises ``Unclear`` otherwise, and
    for times that are no day ("next week", "december"). None for all else."""
    said = normal(said)
    if _DURATION.fullmatch(said):
        found = _durations(said, today)
        if bare:
            return found
        raise Unclear(f"Do you mean by {day(found, today)}?", suggestion=typed(found, today))
    if _VAGUE.fullmatch(said):
        raise Unclear("Which day do you mean? For example “friday”, “30 Nov” or “end of month”.")
    return None
