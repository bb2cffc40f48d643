"""What can be said about check-ins, and in the same way about the digest."""

import re
from collections.abc import Mapping

from bot.domain.errors import Unclear
from bot.language.dates import attempt
from bot.language.line import Line, says_something
from bot.language.rhythms import read_rhythm
from bot.language.said import Said
from bot.language.vocabulary import fold

_CHECKIN = {
    "now": "now",
    "start": "now",
    "ask": "now",
    "pause": "pause",
    "stop": "pause",
    "resume": "resume",
    "continue": "resume",
    "unpause": "resume",
    "skip": "skip",
    "schedule": "schedule",
    "set": "schedule",
}
_DIGEST = {word: sub for word, sub in _CHECKIN.items() if sub != "now"} | {
    "preview": "preview",
    "show": "preview",
    "now": "preview",
    "internal": "internal",
    "ours": "internal",
    "us": "internal",
    "all": "all",
    "everything": "all",
    "everywhere": "all",
}
_SUB = re.compile(r"\s*(?P<word>[^\W\d_]+)[\s,:]*")
_UNTIL = re.compile(
    r"(?:(?P<until>until|till?|to|through|hasta|jusqu['’](?:au|a|à)?)|for|pendant|durante)\s+",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:the )?(?:next|one|this)?(?: (?:one|check-?in|digest|time))?[\s.!]*", re.IGNORECASE
)


_QUESTIONS = re.compile(r"\s*(?:the\s+)?(?:questions?|asks?(?=\s*[:\n]))\s*:?\s*", re.IGNORECASE)
_ONE = re.compile(r"(?:<[^<>\n]*>|[^?\n])*(?:\?+|\n|$)")  # a link may have a question mark


def checkin(line: Line) -> Said:
    """``checkin [now | pause [until DATE] | resume | skip | schedule RHYTHM | questions …]``.

    Alone it asks how the check-ins stand.
    """
    if not says_something(line.rest):
        return Said(line.verb.name)
    if asked := _QUESTIONS.match(line.rest):
        return Said(line.verb.name, sub="questions", what=_one_a_line(line.rest[asked.end() :]))
    return _recurring(line, _CHECKIN)


def _one_a_line(words: str) -> str:
    """Questions, each on its line: they end with a question mark, or with the line."""
    found = (" ".join(each.split()) for each in _ONE.findall(words))
    return "\n".join(each for each in found if says_something(each))


def digest(line: Line) -> Said:
    """``digest [preview | internal | all | pause [until DATE] | resume | skip | schedule …]``."""
    if not says_something(line.rest):
        return Said(line.verb.name, sub="preview")
    return _recurring(line, _DIGEST)


def _recurring(line: Line, subs: Mapping[str, str]) -> Said:
    match = _SUB.match(line.rest)
    if match is None:
        raise line.unclear("What shall I do?")
    word, rest = fold(match["word"]), line.rest[match.end() :].strip()
    head = line.typed[: len(line.typed) - len(line.rest)]
    sub = subs.get(word)
    if sub is None:
        try:  # "checkin every second Tuesday at 10:00"
            return Said(line.verb.name, sub="schedule", rhythm=read_rhythm(line.rest))
        except Unclear:
            raise _closest(line, head, word, rest, subs) from None
    if sub == "schedule":
        if not rest:
            raise line.unclear(
                "How often?", f"{line.typed.rstrip(' .!')} every second Tuesday at 10:00"
            )
        try:
            return Said(line.verb.name, sub=sub, rhythm=read_rhythm(rest))
        except Unclear as question:
            mended = f"{head}{sub} {question.suggestion}" if question.suggestion else line.typed
            raise Unclear(str(question), suggestion=mended) from None
    if sub == "pause" and rest:
        return _paused(line, head, rest)
    if rest and not _NEXT.fullmatch(rest[:60]):
        raise line.unclear(f"I did not understand what follows “{sub}”.", f"{head}{sub}")
    return Said(line.verb.name, sub=sub)


def _paused(line: Line, head: str, rest: str) -> Said:
    match = _UNTIL.match(rest)
    words = (rest[match.end() :] if match else rest).rstrip(" .!?")
    try:
        until = attempt(words, line.today, bare=True)
    except Unclear as question:
        mended = f"{head}pause until {question.suggestion}" if question.suggestion else line.typed
        raise Unclear(str(question), suggestion=mended) from None
    if until is None:
        raise line.unclear("Until when?", f"{head}pause")
    return Said(line.verb.name, sub="pause", until=until)


def _closest(line: Line, head: str, word: str, rest: str, subs: Mapping[str, str]) -> Unclear:
    from difflib import get_close_matches  # for slips only

    if close := get_close_matches(word, subs, n=1, cutoff=0.6):
        return line.unclear(
            f"Did you mean “{head}{close[0]}”?", f"{head}{close[0]} {rest}".rstrip()
        )
    return line.unclear("What shall I do?")
