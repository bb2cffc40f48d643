"""The end of a line that promises something: when, and for which program.

The last "by" whose tail reads as a date starts the date, so that "stand by me by friday" keeps its
words. "for X" after the date, or naming a known program, is the label: "book a room for kick-off"
has none. What looks like a try at a date is asked about, never swallowed.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Unclear
from bot.language.date_rules import day, typed
from bot.language.dates import LONGEST, Timed, attempt
from bot.language.vocabulary import fold

_WINDOW = 300
"""Only so many characters at the end of a line can hold its date and label."""

_MOST_MARKS = 10
_LONGEST_LABEL = 80

_BY = re.compile(
    r"(?:(?<=[\s(,;])|^)"
    r"(?:(?P<by>by)|due(?: (?:by|on))?|no later than|para|pour|d['’]ici(?: [aà])?)\s+",
    re.IGNORECASE,
)
_FOR = re.compile(r"[\s,;]+(?:for|para|pour)(?: the)?\s+", re.IGNORECASE)
_POLITE = re.compile(
    r"(?:[\s,;]+(?:please|pls|thanks|thank you|thx|at the latest|latest|for sure|gracias"
    r"|por favor|merci|svp))?"
    r"(?:[\s,;.!?)]|:[a-z0-9_+-]+:|[\u2600-\u27bf\ufe0f\U0001f300-\U0001faff])*$",
    re.IGNORECASE,
)
_NO_DATE = re.compile(
    r"(?:^|[\s,;:(–—-]+)(?:by )?(?:no date(?: yet)?|without (?:a )?date|sin fecha|sans date)"
    r"(?: (?:todav[ií]a|a[uú]n|encore))?[\s).!]*"
    r"(?:(?<=[\s).])(?:for|para|pour) (?:the )?(?P<label>[^\n]{1,80}))?$",
    re.IGNORECASE,
)
_EDGES = " \t\n,;:–—-("
_CUT_ENTITY = re.compile(r"&(?:amp|lt|gt)$")


@dataclass(frozen=True, slots=True)
class Ending:
    """A line taken apart."""

    what: str
    due: date | None = None
    no_date: bool = False
    label: str | None = None


def split(words: str, today: date, labels: Collection[str] = ()) -> Ending:
    """The words, the date and the label of a line; without a date where none is said.

    Raises ``Unclear`` for a try at a date that must be asked about; its suggestion is then the
    mended line.
    """
    start = max(0, len(words) - _WINDOW)
    if match := _NO_DATE.search(words, start):
        what, label = _label_at_the_end(words[: match.start()], labels)
        return Ending(what, no_date=True, label=known_label(match["label"], labels) or label)
    marks = list(_BY.finditer(words, start))[-_MOST_MARKS:]
    for mark in reversed(marks):
        head, tail = words[: mark.start()], _POLITE.sub("", words[mark.end() :])
        try:
            due, rest = _date_and_label(tail, today, vague=mark["by"] is not None)
        except Unclear as question:
            raise _for_the_line(question, head, _label_of(tail)) from None
        if due is not None:
            what, label = _label_at_the_end(head, labels)
            return Ending(what, due=due, label=known_label(rest, labels) or label)
    for mark in reversed(marks):
        _ask_if_it_begins_with_a_date(words[: mark.start()], words[mark.end() :], today)
    what, label = _label_at_the_end(words, labels)
    return Ending(what, label=label)


def bare_date_at_the_end(words: str, today: date) -> tuple[str, date] | None:
    """The words before, and the date, where a line ends in one without "by"."""
    pieces = words[-_WINDOW:].rsplit(maxsplit=5)
    for number in range(min(5, len(pieces) - 1), 0, -1):
        tail = " ".join(pieces[-number:])
        try:
            due = attempt(_POLITE.sub("", tail), today, vague=False)
        except Unclear:
            due = None
        if due is not None:
            head = words.rstrip()
            for _ in range(number):
                head = head.rsplit(maxsplit=1)[0]
            return _ON.sub("", head), due
    return None


_ON = re.compile(r"[\s,;]+(?:until|till|before|antes|avant|on|for|due)$", re.IGNORECASE)


def _date_and_label(tail: str, today: date, *, vague: bool) -> tuple[date | None, str]:
    for match in _FOR.finditer(tail[: LONGEST + _LONGEST_LABEL]):
        rest = tail[match.end() :]
        if len(rest) > _LONGEST_LABEL or "\n" in rest:
            continue
        due = attempt(tail[: match.start()], today, vague=False)
        if due is None and vague:
            due = attempt(tail[: match.start()], today)
        if due is not None:
            return due, rest
    return attempt(tail, today, vague=vague), ""


def _label_of(tail: str) -> str:
    match = _FOR.search(tail)
    return tail[match.start() :].strip(" ,;") if match else ""


def _ask_if_it_begins_with_a_date(head: str, tail: str, today: date) -> None:
    """ "by friday at the museum": the date stands at the end of a line, so the order is asked."""
    pieces = tail[: LONGEST * 2].split()
    for number in range(min(5, len(pieces) - 1), 0, -1):
        words = " ".join(pieces[:number])
        rest = tail.split(maxsplit=number)[number]
        try:
            due = attempt(words, today, vague=False)
        except Unclear as question:
            raise _for_the_line(question, f"{head.rstrip()} {rest}", "") from None
        if due is not None:
            raise Unclear(
                f"Do you mean by {day(due, today)}? Please put the date last.",
                suggestion=f"{head.rstrip()} {rest} by {typed(due, today)}",
            )


def _for_the_line(question: Unclear, head: str, label: str) -> Unclear:
    """The same question, with the whole line mended where the date can be."""
    if question.suggestion is None:
        return question
    head = head.rstrip(_EDGES)
    if isinstance(question, Timed):
        head = f"{head} ({question.time})"
    line = f"{head} by {question.suggestion} {label}".strip()
    return Unclear(str(question), suggestion=line)


def known_label(said: str | None, labels: Collection[str]) -> str | None:
    """The label as the program is called where it is known, else as typed."""
    said = _trimmed(said or "", " \t\n.,;:!\"'“”‘’")
    if not said:
        return None
    return _known(said, labels) or said


def _known(said: str, labels: Collection[str]) -> str | None:
    wanted = _PROGRAM.sub("", fold(said))
    return next((label for label in labels if _PROGRAM.sub("", fold(label)) == wanted), None)


_PROGRAM = re.compile(r"^the | programm?e?$")


def _label_at_the_end(words: str, labels: Collection[str]) -> tuple[str, str | None]:
    """ "… for X" at the end of the words is a label only if X is a known program."""
    words = _trimmed(words, _EDGES)
    if labels:
        for match in _FOR.finditer(words, max(0, len(words) - 2 * _LONGEST_LABEL)):
            if known := _known(words[match.end() :].rstrip(" .!"), labels):
                return _trimmed(words[: match.start()], _EDGES), known
    return words, None


def _trimmed(words: str, edges: str) -> str:
    """The words without what ends no word; the semicolon of Slack's ``&amp;`` is a part of one."""
    trimmed = words.strip(edges)
    return f"{trimmed};" if _CUT_ENTITY.search(trimmed) else trimmed
