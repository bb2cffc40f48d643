"""What a reply in a thread of ours means: "#12 done, #13 stuck: no venue", "yes, if it is paid".

A reply is first of all a text for people. Only what can hardly mean anything else becomes an
action, and the caller has it confirmed with a button; "we are not done", "done with lunch?" and
"yes, I saw that" stay texts. A question is never an action, except a date that is proposed
("could we do 4 Dec?") and a reason for being stuck. Quoted lines are somebody else's words.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.errors import Unclear
from bot.language.clean import clean, unescaped
from bot.language.dates import attempt, today_in

LONGEST = 8_000
"""Characters beyond which a reply is not looked into; Slack's own limit is 40,000."""


class Meaning(StrEnum):
    """What somebody says about a commitment."""

    DONE = "done"
    STUCK = "stuck"
    YES = "yes"
    YES_IF = "yes_if"
    NO = "no"
    ANOTHER_DATE = "another_date"
    CHANGE = "change"  # other words; in the thread of a card, as the following
    KEEP = "keep"
    HAND_OVER = "hand_over"
    DROP = "drop"
    REOPEN = "reopen"
    ON_TRACK = "on_track"
    THANKS = "thanks"
    UNSURE = "unsure"  # in the thread of a card: it begins like an answer; which is to be asked
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reply:
    """One statement of a reply."""

    kind: Meaning
    number: int | None = None
    """The commitment it names (``#12``); None leaves it to the thread."""
    text: str = ""
    """The rest: the remark, condition or reason, the date as typed; all of it for OTHER."""
    due: date | None = None
    """For ANOTHER_DATE. None where the date must be asked about: ``read_date(text)`` tells how."""
    owner: str | None = None
    """For HAND_OVER, as typed (``<@U012>``)."""
    like: Meaning | None = None
    """For UNSURE: what it begins like (DONE, STUCK, YES, NO, CHANGE for another date, or DROP for
    "I cannot make it")."""


def read_reply(text: str, *, now: datetime, zone: str) -> tuple[Reply, ...]:
    """The statements of a reply, at least one. Never raises ``Unclear``: what is not understood
    is OTHER."""
    whole = clean(text)
    words = "" if len(whole) > LONGEST else tidy(whole)
    if not words:
        return (Reply(Meaning.OTHER, text=unescaped(whole)),)
    try:
        today = today_in(now, zone)
    except Unclear:
        today = now.date()
    statements = [part for part in _BETWEEN.split(_LISTED.sub("", words)) if part.strip()]
    sure = len(statements) == 1 or all(map(_BEGINS_WITH_A_NUMBER.match, statements))
    replies = tuple(_statement(part, today, bare=sure) for part in statements)
    if all(reply.kind is Meaning.OTHER for reply in replies):
        return (Reply(Meaning.OTHER, _numbers(replies), unescaped(whole)),)
    return replies


def tidy(text: str) -> str:
    """Lines of single spaces, without empty lines and quoted ones: patterns stay linear on it."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith((">", "&gt;")))


def _numbers(replies: tuple[Reply, ...]) -> int | None:
    named = {reply.number for reply in replies} - {None}
    return named.pop() if len(named) == 1 else None


_MARKED = r"#\s?[0-9]{1,9}(?![\w.]*[0-9])"
_NUMBER = rf"(?:{_MARKED}|(?:no\.|№)\s?[0-9]{{1,9}}|[0-9]{{1,9}})(?![\w%:/-]*[0-9]|[\w%])"
_TICK = r"✅|☑️?|✔️?|:white_check_mark:|:heavy_check_mark:|:ballot_box_with_check:"
DONE_WORDS = (
    r"(?:done|finished|completed?|hech[oa]|list[oa]|terminad[oa]|faite?|termin[ée]e?)\b"
    rf"|{_TICK}"
)
STUCK_WORDS = r"(?:stuck|blocked|atascad[oa]s?|bloquead[oa]s?|bloqu[ée]e?s?|coinc[ée]e?s?)\b"
_SKIN = "[\U0001f3fb-\U0001f3ff]?(?::skin-tone-[2-6]:)?"
YES_WORDS = (
    r"(?:yes|yep|yeah|yup|sure|ok|okay|agreed?|accepted|deal|(?:i|we) (?:agree|accept)|sounds good"
    r"|will do|of course"
    r"|s[ií]|oui|d['’ ]accord|de acuerdo|vale|bien s[uû]r|claro)\b"
    rf"|(?:👍|:\+1:|:thumbsup:){_SKIN}"
)
_KEY = rf"(?:{DONE_WORDS}|{STUCK_WORDS}|{YES_WORDS}|no\b)"

_BETWEEN = re.compile(
    r"(?:\s*[,;]\s*|(?<!\bno)\.\s+|\s*\n\s*|\s+(?:and|y|et|&amp;|&)\s+)"
    rf"(?=(?:[-*•]\s*)?(?:{_MARKED}|[0-9]{{1,9}}\s*:?\s*{_KEY}|(?:{DONE_WORDS}|{STUCK_WORDS})\s+#[0-9]))",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^[ \t]*[0-9]{1,2}[.)][ \t]+(?=#)", re.MULTILINE)
_BULLET = re.compile(r"^[-*•–]\s+")
_BEGINS_WITH_A_NUMBER = re.compile(r"\s*(?:[-*•]\s*)?#?\s?[0-9]")

END = r"(?:[\s!.…]|:[a-z0-9_+-]+:|[^\w\s!.…<>@#?,;:/%$()&=~+*\"'“”‘’–—•-])*+"
"""Nothing more but exclamation marks and emoji."""
COLON = r"\s*(?::|\s[-–—]+\s|[–—]|\s-(?=\w))\s*"
FIRST = rf"(?:(?P<first>{_NUMBER})\s*[:,.–—-]?\s*)?"
AFTER = rf"(?:\s+(?:(?:with|to|for|on)\s+)?(?P<after>{_NUMBER}))?"

_IS_DONE = re.compile(
    rf"{FIRST}(?:(?:(?:it|that|this)(?:['’]s|\s+is)|is|now|already|all|ya(?:\s+est[áa])?|est[áa]"
    rf"|c['’]est|es)\s+)*+(?:{DONE_WORDS}){AFTER}"
    r"(?:\s+(?:now|already|today|yesterday|ya|hoy))?"
    rf"(?:{END}|{END}(?P<sep>{COLON}|,\s*|[.!]\s+|\n)(?P<text>\S.*))",
    re.IGNORECASE | re.DOTALL,
)
TAKES_IT_BACK = re.compile(
    r"(?:but|except|not|almost|nearly|however|only|apart|by|until|when|if|pero|mais|sauf|casi"
    r"|presque|though|without|half|partly)\b",
    re.IGNORECASE,
)
_IS_STUCK = re.compile(
    rf"{FIRST}(?:(?:i['’]?m|i\s+am|we['’]?re|we\s+are|is|it['’]s|still|estoy|estamos|je\s+suis"
    rf"|on\s+est|nous\s+sommes|sorry,?|help,?)\s+)*+(?:{STUCK_WORDS}){AFTER}"
    rf"(?:{END}|(?:{COLON}|,\s*|\.\s+|\n|\s+(?:because(?:\s+of)?|since|porque|parce\s+que|on|by"
    r"|waiting\s+for)\s+)(?P<text>\S.*))",
    re.IGNORECASE | re.DOTALL,
)
_IF = (
    r"(?:but\s+)?(?:only\s+)?(?:if|provided(?:\s+that)?|(?:as|so)\s+long\s+as"
    r"|on\s+(?:the\s+)?condition\s+that|si|siempre\s+que|[àa]\s+condition\s+que)"
)
_IS_YES_IF = re.compile(
    rf"{FIRST}(?:(?:{YES_WORDS}){AFTER}[\s,;:.–—-]*(?:{_IF})|only\s+if)\s+(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_IF_IS_YES = re.compile(
    rf"{FIRST}if\s+(?P<text>\S[^,]*),\s*(?:then\s+)?(?:{YES_WORDS}){AFTER}{END}",
    re.IGNORECASE | re.DOTALL,
)
_GLADLY = (
    r"(?:please|thanks|thank you|of course|gladly|(?:i|we) (?:can|will|agree)(?: do (?:it|that))?"
    r"|(?:i|we)['’]ll do (?:it|that)|will do|happy to|sure|agreed|ok|that works|works for (?:me|us)"
    r"|sounds good|gracias|claro|merci|bien s[uû]r|avec plaisir|con gusto)"
)
_IS_YES = re.compile(
    rf"{FIRST}(?:{YES_WORDS}){AFTER}(?:{END},?\s*{_GLADLY}\b)*+{END}", re.IGNORECASE
)
_NO = (
    r"(?:(?:sorry[,.]?\s+)?(?:no|nope|nah|non)(?:[,.]?\s+(?:thanks|thank you|sorry|gracias|merci"
    r"|lo siento|d[ée]sol[ée]e?))?|(?:sorry[,.]?\s+)?(?:(?:i|we)\s+)?(?:can(?:['’]t|not))"
    r"(?:\s+do\s+(?:it|that|this))?|no puedo|no podemos|je ne peux pas)"
)
_IS_NO = re.compile(
    rf"{FIRST}{_NO}{AFTER}"
    r"(?:\s*,?\s*(?:sorry|thanks)\b)?"
    rf"(?:{END}|(?:\s*[,;:–—-]?\s*(?:because(?:\s+of)?|since|porque|parce\s+que|car)\s+|\s*:\s+)"
    r"(?P<text>\S.*))",
    re.IGNORECASE | re.DOTALL,
)
_IS_A_DATE = tuple(
    re.compile(pattern + r"[\s!.?]*", re.IGNORECASE)
    for pattern in (
        (
            rf"{FIRST}(?:another|new|other|a\s+new|otra|nueva|autre|nouvelle)\s+(?:date|fecha){AFTER}"
            r"\s*[:,–—-]?\s*(?:(?:is|would\s+be|to|by|on)\s+)?(?P<sure>[^\n]{3,60}?)"
        ),
        (
            rf"(?:please\s+)?(?:move|change|push|postpone)(?:\s+(?:it|this))?{AFTER}(?:\s+back)?"
            r"\s+(?:to|until|till)\s+(?P<sure>[^\n]{3,60}?)"
        ),
        (
            rf"{FIRST}(?:(?:{YES_WORDS})\s*,?\s*)?(?:but\s+)?(?:(?:can|could|may)\s+(?:i|we)|(?:i|we)\s+can"
            r"|(?:i|we)\s+could|how\s+about|what\s+about|rather|better|mejor|plut[ôo]t)"
            r"(?:\s+(?:do|make|say|move|change|finish))?(?:\s+(?:it|this|that))?"
            r"\s+(?:(?:to|by|on|for|until|para|pour)\s+)?(?P<date>[^\n]{3,60}?)(?:\s+instead)?"
        ),
        (
            rf"{FIRST}(?:(?:{YES_WORDS})\s*,?\s+but\s+)?by\s+(?P<date>[^\n]{{3,60}}?)"
            r"(?:\s+(?:instead|is\s+better|works(?:\s+better)?(?:\s+for\s+(?:me|us))?))?"
        ),
        (
            rf"(?:(?P<first>{_MARKED})\s*:?\s+)?(?P<date>[^\n]{{3,60}}?)\s+(?:instead|is\s+better|works\s+better"
            r"(?:\s+for\s+(?:me|us))?)"
        ),
        rf"(?P<first>{_MARKED})\s*:?\s+(?:to\s+|on\s+)?(?P<date>[^\n]{{3,60}}?)",
    )
)
_IS_THANKS = re.compile(
    r"(?:(?:many|so many|muchas|mille)\s+)?(?:thanks|thank\s+(?:you|u)|thx|ty|cheers|gracias|merci"
    r"|🙏|:pray:)"
    r"(?:\s+(?:so\s+much|very\s+much|a\s+lot|again|all|everyone|everybody|both|mucho|beaucoup"
    r"|[àa]\s+tous|a\s+todos))*+"
    rf"(?:,?\s+(?:<@[UW][A-Z0-9]+(?:\|[^>]*)?>|@?(?!but\b|for\b|to\b|not?\b|if\b|and\b)[^\W\d_]{{2,20}}"
    rf"\b))?{END}",
    re.IGNORECASE,
)


def _statement(words: str, today: date, *, bare: bool) -> Reply:
    words = _BULLET.sub("", words.strip()).strip(" \t\n_*`,;")
    asks = words.rstrip(" !.").endswith("?")
    if match := _IS_STUCK.fullmatch(words):
        reason = match["text"]
        if not asks or reason:
            return _unless_it_is_a_date(match, words, today)
    if not asks:
        if (match := _IS_DONE.fullmatch(words)) and _is_really_done(match, bare=bare):
            return _reply(Meaning.DONE, match, match["text"])
        if match := _IS_YES_IF.fullmatch(words) or _IF_IS_YES.fullmatch(words):
            return _reply(Meaning.YES_IF, match, match["text"])
        if match := _IS_YES.fullmatch(words):
            return _reply(Meaning.YES, match, None)
        if match := _IS_NO.fullmatch(words):
            return _reply(Meaning.NO, match, match["text"])
        if _IS_THANKS.fullmatch(words):
            return Reply(Meaning.THANKS)
    if len(words) <= 200:
        for pattern in _IS_A_DATE:
            if (match := pattern.fullmatch(words)) and (reply := _dated(match, today)):
                return reply
    named = re.match(_MARKED, words)
    return Reply(Meaning.OTHER, digits(named.group()) if named else None, unescaped(words))


def _is_really_done(match: re.Match[str], *, bare: bool) -> bool:
    remark, first = match["text"], match["first"]
    if first is not None and match["after"] is not None:
        return False
    if remark is None:
        # "12 done" may count mentees: beside words of another kind only "#12 done" is taken.
        return bare or first is None or first.startswith("#") or match["after"] is not None
    if "?" in remark or TAKES_IT_BACK.match(remark):
        return False
    if first is not None and not first.startswith("#"):
        return False
    # "done, thanks to Amina" is a remark; without a number "done, …" may go on in any way.
    return (
        match["sep"].strip() != ","
        or first is not None
        or match["after"] is not None
        or remark.lower().startswith("thank")
    )


def _unless_it_is_a_date(match: re.Match[str], words: str, today: date) -> Reply:
    """ "blocked on friday" is about a calendar."""
    try:
        dated = match["text"] is not None and attempt(match["text"], today, vague=False) is not None
    except Unclear:
        dated = True
    if dated:
        return Reply(Meaning.OTHER, text=unescaped(words))
    return _reply(Meaning.STUCK, match, match["text"])


def _dated(match: re.Match[str], today: date) -> Reply | None:
    parts = match.groupdict()
    sure = parts.get("sure")
    words: str = sure or parts.get("date") or ""
    try:
        due = attempt(words, today, vague=sure is not None)
    except Unclear:
        return _reply(Meaning.ANOTHER_DATE, match, words)
    if due is None:
        return None
    return _reply(Meaning.ANOTHER_DATE, match, words, due)


def _reply(kind: Meaning, match: re.Match[str], text: str | None, due: date | None = None) -> Reply:
    parts = match.groupdict()
    named = parts.get("after") or parts.get("first")
    return Reply(kind, digits(named) if named else None, unescaped((text or "").strip()), due)


def digits(named: str) -> int:
    return int("".join(letter for letter in named if letter in "0123456789"))
