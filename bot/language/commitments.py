"""What can be said about commitments."""

import re
from dataclasses import replace

from bot.domain.errors import Unclear
from bot.language.clean import unescaped
from bot.language.date_rules import day, typed
from bot.language.dates import attempt
from bot.language.endings import bare_date_at_the_end, known_label, split
from bot.language.line import Line, numbered, says_something, unquoted
from bot.language.said import Said

_OWNER = re.compile(
    r"(?:(?P<known><@[UW][A-Z0-9]+(?:\|[^>]*)?>)|(?P<called>@[^\s@<>,;:]+?)(?=[.,:;]?(?:\s|$)))[.,:;]?"
)
_ANOTHER = re.compile(r"\s*(?:(?:and|y|et|&|\+|,)\s*)?(?:<@[UW]|@[^\s@])")
_GROUP = re.compile(r"<!(?:subteam\^|channel|here|everyone)[^>]*>|@(?:channel|here|everyone)\b")
_TO = re.compile(r"\s*to\s+", re.IGNORECASE)


def commit(line: Line) -> Said:
    """``commit [@someone] WHAT by DATE [for PROGRAM]``; without an owner it is the speaker."""
    words = line.rest
    if _GROUP.match(words):
        raise line.unclear("A commitment belongs to one person.")
    owner = None
    if match := _OWNER.match(words):
        owner, words = match["known"] or match["called"], words[match.end() :]
        if _ANOTHER.match(words):
            raise line.unclear("A commitment belongs to one person: one line for each, please.")
        to = _TO.match(words)
        words = words[to.end() :] if to else words.lstrip()
    head = line.typed[: len(line.typed) - len(words)]
    try:
        ending = split(words, line.today, line.labels)
    except Unclear as question:
        if question.suggestion is None:
            raise Unclear(str(question), suggestion=line.typed) from None
        raise Unclear(str(question), suggestion=head + question.suggestion.lstrip()) from None
    what = unquoted(ending.what)
    if not says_something(what):
        raise line.unclear("What is to be done?")
    if ending.due is None and not ending.no_date:
        raise _by_when(line, head, words)
    return Said(
        line.verb.name,
        owner=owner,
        what=unescaped(what),
        due=ending.due,
        no_date=ending.no_date,
        label=_words(ending.label),
    )


def _by_when(line: Line, head: str, words: str) -> Unclear:
    if found := bare_date_at_the_end(words, line.today):
        before, due = found
        return Unclear(
            f"By when? Do you mean by {day(due, line.today)}?",
            suggestion=f"{head}{before.strip()} by {typed(due, line.today)}",
        )
    return Unclear(
        "By when? Add “by” and a date at the end, like “by friday” or “by 30 Nov”, "
        "or say “no date yet”.",
        suggestion=f"{_DANGLING.sub('', line.typed.rstrip(' .!'))} by friday",
    )


_DANGLING = re.compile(
    r"(?:\s+(?:by|on|until|till|before|due|some\s?day|some\s?time|soon|eventually|asap|later"
    r"|one\s+day))+$",
    re.IGNORECASE,
)
"""What is no date and would stand oddly before one: "someday by friday"."""


def _words(said: str | None) -> str | None:
    return unescaped(said) if said else None


_NOISE = re.compile(
    r"(?:\W|\b(?:all|everything|commitments?|promises|open|please|it|them|things|i|owe|have|do"
    r"|what|s|is|on|the|me|we|us|now|here)\b)*",
    re.IGNORECASE,
)
_LISTING = re.compile(
    r"(?P<noise>[\w\s'’]{0,60}?)(?:(?:(?<=\s)|^)for (?:the )?(?P<label>\S.{0,79}))?[\s.!?]*",
    re.IGNORECASE,
)


def listing(line: Line) -> Said:
    """``list [for PROGRAM]``, ``mine``, ``waiting``."""
    match = _LISTING.fullmatch(line.rest[:200])
    if match is None or not _NOISE.fullmatch(match["noise"]):
        raise line.unclear(f"I did not understand what follows “{line.verb.name}”.", line.verb.name)
    return Said(line.verb.name, label=_words(known_label(match["label"], line.labels)))


def show(line: Line) -> Said:
    """``show 12``."""
    number, rest = numbered(line)
    _nothing_more(line, number, rest)
    return Said(line.verb.name, number=number)


_CONDITION = re.compile(
    r"(?:but\s+)?(?:only\s+)?(?:if|provided(?:\s+that)?|(?:as|so)\s+long\s+as|assuming(?:\s+that)?"
    r"|on\s+(?:the\s+)?condition\s+that|si|siempre\s+que|[àa]\s+condition\s+que)\s+(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_GLADLY = re.compile(
    r"(?:[\W_]|\b(?:yes|ok|okay|please|thanks?|you|thank|gladly|sure|of course|happy to|will do"
    r"|i|we|can|do|it|agree|accept|gracias|merci|to|that|this)\b)*",
    re.IGNORECASE,
)


def accept(line: Line) -> Said:
    """``yes 12``, ``yes 12 if travel is paid``. Other words might be a condition: they are asked
    about, since a yes must not swallow them."""
    number, rest = numbered(line)
    if match := _CONDITION.fullmatch(rest):
        condition = match["words"].strip()
        if not says_something(condition):
            raise line.unclear("If what?")
        return Said(line.verb.name, number=number, condition=unescaped(condition))
    if _GLADLY.fullmatch(rest[:200]) and len(rest) <= 200:
        return Said(line.verb.name, number=number)
    words = re.sub(r"^but\s+", "", rest, flags=re.IGNORECASE)
    try:
        ending = split(words, line.today)
    except Unclear:
        ending = None
    if ending is not None and ending.due is not None and not ending.what:
        raise Unclear(
            "Another date is a proposal of your own, which the others then agree to.",
            suggestion=f"another {number} by {typed(ending.due, line.today)}",
        )
    raise Unclear(
        "Is that a condition? Then put “if” before it; without a condition say only yes and "
        "the number.",
        suggestion=f"yes {number} if {words}",
    )


_TO_OR_BY = re.compile(r"(?:date\s+)?(?:to|by|on|until|for|para|al?|pour|au?)\s+", re.IGNORECASE)


def counter(line: Line) -> Said:
    """``another 12 by 4 Dec``, ``change 12 invite 10 mentees by 4 Dec``, ``move 12 to friday``."""
    number, rest = numbered(line)
    if _TO_SOMEBODY.fullmatch(rest):
        return hand_over(line)
    if (label := _FOR.fullmatch(rest)) and not _is_a_date(label["label"], line):
        return Said(line.verb.name, number=number, label=_label(label["label"], line))
    head = f"{line.typed[: len(line.typed) - len(line.rest)]}{number} "
    words = rest
    if match := _TO_OR_BY.match(rest):
        words = rest[match.end() :]
    try:
        due = attempt(words.rstrip(" .!?"), line.today, vague=match is not None)
        ending = None if due else split(words if match else rest, line.today, line.labels)
    except Unclear as question:
        mended = question.suggestion
        if mended and not re.search(r"\bby\s", mended):
            mended = f"by {mended}"
        raise Unclear(
            str(question), suggestion=f"{head}{mended.strip()}" if mended else line.typed
        ) from None
    if due is not None or ending is None:
        return Said(line.verb.name, number=number, due=due)
    what = unquoted(ending.what)
    if not says_something(what):
        what = ""
    if not what and ending.due is None and not ending.no_date:
        raise line.unclear("Another date, or other words?")
    return Said(
        line.verb.name,
        number=number,
        what=unescaped(what),
        due=ending.due,
        no_date=ending.no_date,
        label=_words(ending.label),
    )


_FOR = re.compile(r"for\s+(?:the\s+)?(?P<label>\S.{0,79})", re.IGNORECASE)
_TO_SOMEBODY = re.compile(
    rf"(?:the\s+)?(?:owner\s+)?(?:to\s+)?(?:{_OWNER.pattern})\s*(?:because\b.*)?",
    re.IGNORECASE | re.DOTALL,
)


def _is_a_date(words: str, line: Line) -> bool:
    try:
        return attempt(words.rstrip(" .!?"), line.today, vague=True) is not None
    except Unclear:
        return True


def _label(words: str, line: Line) -> str | None:
    return _words(known_label(words, line.labels))


_NAMED = re.compile(rf"(?:(?<=\s)|^)(?:{_OWNER.pattern})", re.IGNORECASE)
_TO_AT_AN_EDGE = re.compile(r"^(?:over\s+)?(?:to|with)\b\s*|\s*\b(?:owner\s+)?to$", re.IGNORECASE)


def hand_over(line: Line) -> Said:
    """``hand over 12 to @SOMEONE [because WHY]``."""
    if _GROUP.search(line.rest):
        raise line.unclear("A commitment belongs to one person.")
    match = _NAMED.search(line.rest)
    if match is None:
        raise line.unclear("To whom?")
    before = _TO_AT_AN_EDGE.sub("", line.rest[: match.start()].strip())
    without = replace(line, rest=f"{before} {line.rest[match.end() :].strip()}".strip())
    number, rest = numbered(without)
    rest = _BECAUSE.sub("", _TO_AT_AN_EDGE.sub("", rest), count=1).strip()
    return Said(
        "hand",
        number=number,
        owner=match["known"] or match["called"],
        because=unescaped(rest) if says_something(rest) else None,
    )


_AS_IT_WAS = re.compile(
    r"(?:[^\w#]|\b(?:it|this|that|as|was|is|the|way|please|my|suggestion|date)\b)*", re.IGNORECASE
)


def keep(line: Line) -> Said:
    """``keep 12``: no to a change, or one's own suggestion taken back."""
    words = _AS_IT_WAS.match(line.rest[:200])
    number, rest = numbered(replace(line, rest=line.rest[words.end() if words else 0 :]))
    _one_only(line, number, rest)
    if not _AS_IT_WAS.fullmatch(rest[:200]) or len(rest) > 200:
        raise line.unclear("I did not understand what follows the number.", f"keep {number}")
    return Said(line.verb.name, number=number)


_BECAUSE = re.compile(
    r"(?:sorry[\s,;:.!–—-]+)?(?:because(?:\s+of)?|since|as|due\s+to|porque|parce\s+que|car)\s+",
    re.IGNORECASE,
)


def because(line: Line) -> Said:
    """``no 12 because WHY``, ``drop 12 because WHY``, ``stuck 12: WHAT``: the reason may follow
    in any form, or be left out."""
    number, rest = numbered(line)
    _one_only(line, number, rest)
    rest = _BECAUSE.sub("", rest, count=1).strip()
    reason = unescaped(rest) if says_something(rest) else None
    return Said(line.verb.name, number=number, because=reason)


def done(line: Line) -> Said:
    """``done 12``, with a remark if there is one: ``done 12: 14 came``."""
    number, rest = numbered(line)
    _one_only(line, number, rest)
    if rest.endswith("?"):
        raise line.unclear("Is it done?", f"done {number}")
    return Said(line.verb.name, number=number, what=unescaped(rest) if says_something(rest) else "")


_MORE_NUMBERS = re.compile(r"(?:[\s,&+]|and|y|et|#|[0-9])*[0-9][\s.!]*", re.IGNORECASE)


def _one_only(line: Line, number: int, rest: str) -> None:
    if len(rest) < 100 and _MORE_NUMBERS.fullmatch(rest):
        verb = line.typed[: len(line.typed) - len(line.rest)].strip()
        raise Unclear("One commitment in each line, please.", suggestion=f"{verb} {number}")


def _nothing_more(line: Line, number: int, rest: str) -> None:
    if says_something(rest) and rest.lower().rstrip(" .!?") not in {"please", "again"}:
        raise line.unclear("I did not understand what follows the number.", f"show {number}")


def on_track(line: Line) -> Said:
    """``unstuck 12``, with a remark if there is one."""
    number, rest = numbered(line)
    _one_only(line, number, rest)
    return Said(line.verb.name, number=number, what=unescaped(rest) if says_something(rest) else "")
