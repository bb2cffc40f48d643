"""What a reply in the thread of a commitment's card means, beyond what it means in any thread.

There it is known what is spoken of, so that "drop it because the venue closed" and "hand it over
to @Amina" are clear. Only a whole reply of that form counts: everything else is a conversation.
"""

import re
from dataclasses import replace
from datetime import datetime

from bot.language.clean import unescaped
from bot.language.replies import (
    AFTER,
    COLON,
    DONE_WORDS,
    END,
    FIRST,
    LONGEST,
    STUCK_WORDS,
    TAKES_IT_BACK,
    YES_WORDS,
    Meaning,
    Reply,
    digits,
    read_reply,
    tidy,
)

_IT = r"(?:\s+(?:it|this|that))?"
_WHY = (
    rf"(?:{END}|(?:\s*[,;:–—-]?\s*(?:because(?:\s+of)?|since|porque|parce\s+que|car)\s+|\s*:\s+)"
    r"(?P<text>\S.*))"
)
_REMARK = rf"(?:{END}|(?:{COLON}|,\s*|\.\s+)(?P<text>\S.*))"

_FORMS: tuple[tuple[Meaning, re.Pattern[str]], ...] = tuple(
    (meaning, re.compile(form, re.IGNORECASE | re.DOTALL))
    for meaning, form in (
        (
            Meaning.DROP,
            rf"{FIRST}(?:(?:please|sorry,?|i|we)\s+)*(?:drop|cancel){_IT}{AFTER}{_WHY}",
        ),
        (
            Meaning.ON_TRACK,
            (
                rf"{FIRST}(?:(?:i['’]?m|i\s+am|we['’]?re|we\s+are|it['’]?s|it\s+is)\s+)?"
                r"(?:back\s+on\s+track|on\s+track(?:\s+again)?|unstuck|unblocked"
                rf"|not\s+stuck(?:\s+any\s?more)?|no\s+longer\s+stuck){AFTER}{_REMARK}"
            ),
        ),
        (
            Meaning.KEEP,
            (
                rf"{FIRST}(?:please\s+)?(?:(?:keep|leave){_IT}{AFTER}\s+(?:as|how)\s+it\s+(?:was|is)"
                rf"|keep\s+the\s+(?:old|first)\s+date){END}"
            ),
        ),
        (
            Meaning.REOPEN,
            (
                rf"{FIRST}(?:re-?open{_IT}|open{_IT}\s+again|(?:(?:it|this)(?:['’]s|\s+is)\s+)?not\s+done"
                r"(?:\s+yet)?|(?:something\s+is\s+|still\s+)?missing)"
                rf"{AFTER}{_REMARK}"
            ),
        ),
        (
            Meaning.HAND_OVER,
            (
                rf"{FIRST}(?:(?:please|i|we)\s+)*(?:hand|pass|give){_IT}{AFTER}(?:\s+(?:over|on))?{_IT}"
                r"\s+to\s+(?P<owner><@[UW][A-Z0-9]+(?:\|[^>]*)?>)"
                rf"{_WHY}"
            ),
        ),
        (
            Meaning.CHANGE,
            rf"{FIRST}(?:please\s+)?change{_IT}{AFTER}(?:\s+to|\s*:)\s+(?P<text>\S.*)",
        ),
    )
)

_IS = (
    r"(?:(?:(?:i['’]?m|i\s+am|we['’]?re|we\s+are|it|that|this|all)(?:['’]s|\s+is)?|is|now|already"
    r"|ya|c['’]est|es|est[áa])\s+)*+"
)
_DONE_AND = re.compile(
    rf"{FIRST}{_IS}(?:{DONE_WORDS}){AFTER}(?:\s*[,;:.!–—]+\s*|\s+[-–—]\s+)(?P<text>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Here it is known what is done, so that "done, sent the list" is as clear as "#12 done, …"."""

_NOT_QUITE = re.compile(
    rf"\b(?:{TAKES_IT_BACK.pattern}|(?:i\s+(?:think|hope|guess)|maybe|perhaps|soon|tomorrow|missing"
    r"|still|would|could|should|will)\b)",
    re.IGNORECASE,
)

_BEGINS_LIKE_AN_ANSWER = re.compile(
    rf"{FIRST}(?:{_IS}(?:(?P<done>(?:done|finished)\b|(?:{DONE_WORDS})\s*[,;:.!–—])"
    rf"|(?P<stuck>{STUCK_WORDS}))|(?P<yes>{YES_WORDS})"
    r"|(?P<no>no\b(?!\s+(?:problem|worries|need|rush|hurry|idea|one)\b))"
    r"|(?:(?:i['’]?m\s+)?(?:so\s+|very\s+)?sorry\b[\s,.!:–—-]*(?:but\s+)?)?(?:i|we)\s+(?:"
    r"(?P<drop>(?:can\s?not|can['’]?t|could\s?not|couldn['’]?t|won['’]?t\s+be\s+able\s+to"
    r"|(?:a?m|are)\s+not\s+able\s+to|(?:a?m|are)\s+unable\s+to)\s+"
    r"(?:make|do|take|manage|finish)\s+(?:it|this|that)\b(?!\s+to\b))"
    r"|(?P<change>(?:can|could|will)\s+(?:only\s+)?(?:make|do|finish|manage)\s+(?:it|this|that)"
    r"\s+(?:by|on|until|next|tomorrow|in)\b)))",
    re.IGNORECASE,
)
_LIKE = ("done", "stuck", "yes", "no", "drop", "change")
_OPENS_IT_AGAIN = re.compile(rf"{FIRST}re-?open{_IT}{AFTER}{COLON}", re.IGNORECASE)
"""What is missing may be a question: "reopen: who has the keys?"."""

_LONGEST_ANSWER = 300
"""Characters up to which a reply that begins like an answer is asked about."""


def read_card_reply(text: str, *, now: datetime, zone: str) -> tuple[Reply, ...]:
    """The statements of a reply in the thread of a card. Never raises ``Unclear``."""
    replies = read_reply(text, now=now, zone=zone)
    if len(replies) != 1 or replies[0].kind is not Meaning.OTHER or len(text) > LONGEST:
        return replies
    words = tidy(text).strip(" \t\n_*`,;")
    if words.rstrip(" !.").endswith("?") and not _OPENS_IT_AGAIN.match(words):
        return replies
    for meaning, form in _FORMS:
        if match := form.fullmatch(words):
            return (_said(meaning, match),)
    if match := _DONE_AND.fullmatch(words):
        remark = match["text"]
        if "?" not in remark and not _NOT_QUITE.search(remark):
            return (_said(Meaning.DONE, match),)
    if len(words) <= _LONGEST_ANSWER and (match := _BEGINS_LIKE_AN_ANSWER.match(words)):
        like = next(name for name in _LIKE if match[name])
        return (replace(replies[0], kind=Meaning.UNSURE, like=Meaning(like)),)
    return replies


def _said(meaning: Meaning, match: re.Match[str]) -> Reply:
    parts = match.groupdict()
    named = parts.get("after") or parts.get("first")
    return Reply(
        meaning,
        digits(named) if named else None,
        unescaped((parts.get("text") or "").strip()),
        owner=parts.get("owner"),
    )
