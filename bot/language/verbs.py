"""The one table of verbs: it feeds the dispatch, ``help``, the README and the manifest."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.domain.errors import Unclear
from bot.language import checkins, commitments, days, partnerships, preferences, shares, undo
from bot.language.line import Answers, Verb, Where, Who
from bot.language.vocabulary import fold

_IN_CHANNEL = (Where.CHANNEL, Answers.THREAD)
_PRIVATE = (Where.ANYWHERE, Answers.PERSON)

_ROWS = (
    Verb(
        "commit",
        ("promise", "pledge"),
        "record what you, or somebody you ask, will do by a date",
        "commit [@SOMEONE] WHAT by DATE [for PROGRAM]",
        "commit @bo invite 12 mentees by 30 Nov for mentoring",
        commitments.commit,
        Who.MEMBER,
        *_IN_CHANNEL,
    ),
    Verb(
        "list",
        ("commitments", "all"),
        "see what is agreed in this channel",
        "list [for PROGRAM]",
        "list for mentoring",
        commitments.listing,
        Who.MEMBER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "mine",
        ("my", "my commitments"),
        "see your own commitments",
        "mine",
        "mine",
        commitments.listing,
        Who.MEMBER,
        *_PRIVATE,
    ),
    Verb(
        "waiting",
        ("pending", "waiting for me"),
        "see what waits for an answer",
        "waiting",
        "waiting",
        commitments.listing,
        Who.MEMBER,
        *_PRIVATE,
    ),
    Verb(
        "show",
        ("view", "card"),
        "see one commitment and its history",
        "show NUMBER",
        "show 12",
        commitments.show,
        Who.MEMBER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "accept",
        ("yes", "agree", "agreed", "ok", "okay", "yep", "sure", "si", "oui", "d'accord", "acepto"),
        "say yes to what you were asked, if you like with a condition",
        "yes NUMBER [if CONDITION]",
        "yes 12 if travel is paid",
        commitments.accept,
        Who.OTHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "counter",
        ("another", "another date", "new date", "change", "move", "instead"),
        "propose another date or other words",
        "another NUMBER by DATE, or change NUMBER WHAT by DATE",
        "another 12 by 4 Dec",
        commitments.counter,
        Who.EITHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "decline",
        ("no", "nope", "reject", "non", "rechazo"),
        "say no to what you were asked",
        "no NUMBER [because REASON]",
        "no 12 because our van is gone",
        commitments.because,
        Who.OTHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "keep",
        ("keep as it was", "leave as it was", "retract"),
        "say no to a change, or take your own suggestion back",
        "keep NUMBER",
        "keep 12",
        commitments.keep,
        Who.EITHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "hand",
        ("hand over", "handover", "hand it over", "pass on", "reassign"),
        "ask somebody else to take your commitment over",
        "hand over NUMBER to @SOMEONE [because REASON]",
        "hand over 12 to @amina",
        commitments.hand_over,
        Who.OWNER,
        *_IN_CHANNEL,
    ),
    Verb(
        "done",
        ("finished", "finish", "complete", "completed", "hecho", "listo", "fait", "termine"),
        "say that your commitment is done",
        "done NUMBER [REMARK]",
        "done 12",
        commitments.done,
        Who.OWNER,
        *_IN_CHANNEL,
    ),
    Verb(
        "reopen",
        ("open again", "missing", "something is missing", "not done", "not done yet"),
        "say what is missing of what is done, so that it is open again",
        "reopen NUMBER: WHAT IS MISSING",
        "reopen 12: the list of names",
        commitments.because,
        Who.EITHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "stuck",
        ("i'm stuck", "i am stuck", "blocked", "at risk", "bloqueado", "bloqueada", "bloque"),
        "say what keeps you from it, and who may know",
        "stuck NUMBER [REASON]",
        "stuck 12: no venue",
        commitments.because,
        Who.OWNER,
        *_IN_CHANNEL,
    ),
    Verb(
        "unstuck",
        ("on track", "back on track", "not stuck", "unblocked"),
        "say that it is on track again",
        "unstuck NUMBER",
        "unstuck 12",
        commitments.on_track,
        Who.OWNER,
        *_IN_CHANNEL,
    ),
    Verb(
        "drop",
        ("cancel", "withdraw"),
        "end a commitment that will not be kept",
        "drop NUMBER [because REASON]",
        "drop 12 because the venue closed",
        commitments.because,
        Who.EITHER_SIDE,
        *_IN_CHANNEL,
    ),
    Verb(
        "undo",
        undo.SPELLINGS,
        "take back what you have just done, within ten minutes",
        "undo [NUMBER]",
        "undo",
        undo.taking_back,
        Who.MEMBER,
        *_PRIVATE,
    ),
    Verb(
        "checkin",
        ("check-in", "check in", "checkins", "check-ins"),
        "ask now, or change when I ask how things go",
        "checkin now, skip, pause [until DATE], resume, schedule RHYTHM, or questions [WHAT? …]",
        "checkin schedule every second Tuesday at 10:00",
        checkins.checkin,
        Who.MEMBER,
        *_IN_CHANNEL,
    ),
    Verb(
        "digest",
        ("weekly digest", "summary"),
        "see the weekly digest now, for your organization or everywhere, or change when I post it",
        "digest preview, internal, all, skip, pause [until DATE], resume, or schedule RHYTHM",
        "digest internal",
        checkins.digest,
        Who.MEMBER,
        Where.ANYWHERE,
        Answers.PERSON,
    ),
    Verb(
        "away",
        (
            *("i'm away", "i am away", "out of office", "ooo", "on leave", "on vacation"),
            *("on holiday", "absent", "ausente", "absente"),
        ),
        "say when you are away, so that I do not disturb you",
        "away FIRST DAY to LAST DAY",
        "away 22 Dec to 2 Jan",
        days.away,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "back",
        ("i'm back", "i am back", "back again", "de vuelta", "de retour"),
        "say that you are here again",
        "back [on DATE]",
        "back",
        days.back,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "closed",
        (
            *("closed days", "we are closed", "we're closed", "days off", "holidays"),
            *("cerrado", "ferme", "begin"),
        ),
        "say when your organization is closed, and see what is noted",
        "closed FIRST DAY to LAST DAY [NAME], closed holidays of COUNTRY, or closed and the text "
        "of a calendar file",
        "closed 24 Dec to 2 Jan winter break",
        days.closed,
        Who.MEMBER,
        *_PRIVATE,
    ),
    Verb(
        "open",
        ("we are open", "we're open", "abierto", "ouvert"),
        "say that your organization is open on a closed day after all",
        "open FIRST DAY [to LAST DAY]",
        "open 26 Dec",
        days.opened,
        Who.MEMBER,
        *_PRIVATE,
    ),
    Verb(
        "organization",
        ("our organization", "my organization", "our settings"),
        "see and change your organization's lead, sponsor, time zone and working days",
        "our organization",
        "our organization",
        days.alone,
        Who.MEMBER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "history",
        ("what happened", "what has changed", "what changed", "log of changes"),
        "see what was agreed and changed here, or with one commitment, and by whom",
        "history [NUMBER]",
        "history",
        days.history,
        Who.MEMBER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "shares",
        ("share", "shared work", "fair share"),
        "have the leads see how the work is shared",
        "shares",
        "shares",
        shares.shares,
        Who.MEMBER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "paid",
        (),
        "say that your commitment is paid work",
        "paid NUMBER",
        "paid 12",
        shares.marking,
        Who.OWNER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "unpaid",
        ("volunteer",),
        "say that your commitment is volunteer work",
        "unpaid NUMBER",
        "unpaid 12",
        shares.marking,
        Who.OWNER,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "setup",
        ("set up", "purpose"),
        "say what this channel is for, and see how I am set up",
        "setup [PURPOSE]",
        "setup mentoring for women in creative roles",
        partnerships.setup,
        Who.MEMBER,
        *_IN_CHANNEL,
    ),
    Verb(
        "settings",
        (
            "my settings",
            "preferences",
            "my preferences",
            "reminders",
            "my reminders",
            "no reminders",
            "nudges",
            "no nudges",
        ),
        "see and change your own settings: hours, time zone, reminders, days away",
        "settings, or reminders off [for KIND], reminders on [for KIND]",
        "reminders off for check-ins",
        preferences.settings,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "remind",
        ("remind me", "snooze", "later"),
        "choose at what hours I remind you, or when to come back to something",
        "remind me from HOUR to HOUR, remind me in ZONE, or remind me of NUMBER on DATE",
        "remind me from 18:00 to 21:00",
        preferences.remind,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "pause",
        ("pause for me", "pause reminders", "pause my reminders", "mute", "mute me"),
        "have me not remind you for a while",
        "pause for me [in #CHANNEL] [until DATE]",
        "pause for me until 5 Jan",
        preferences.pause,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "resume",
        ("resume for me", "resume reminders", "resume my reminders", "unmute", "unmute me"),
        "have me remind you again",
        "resume for me [in #CHANNEL]",
        "resume for me",
        preferences.resume,
        Who.ANYONE,
        *_PRIVATE,
    ),
    Verb(
        "join",
        ("count us in", "we are in", "we're in", "ok for us", "ok for our organization"),
        "say OK for your organization",
        "join",
        "join",
        partnerships.joining,
        Who.ANYONE,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "with",
        ("i am with", "i'm with", "we are with", "we're with", "i am from", "i'm from"),
        "say which organization you are with, if you are a guest here",
        "with ORGANIZATION",
        "with Harbor Women in Media",
        partnerships.organization,
        Who.ANYONE,
        Where.CHANNEL,
        Answers.PERSON,
    ),
    Verb(
        "help",
        ("usage", "commands", "how", "ayuda", "aide"),
        "see what I understand",
        "help [WORD]",
        "help commit",
        partnerships.helping,
        Who.ANYONE,
        *_PRIVATE,
    ),
)

VERBS: Mapping[str, Verb] = MappingProxyType({verb.name: verb for verb in _ROWS})
"""By name, in the order in which ``help`` tells them."""

SPELLINGS: Mapping[str, Verb] = MappingProxyType(
    {spelling: verb for verb in _ROWS for spelling in (verb.name, *verb.aliases)}
)
"""By each way to say it: lower case, no accents, plain quotes, single spaces."""

_WORDS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*(?:[ \t\xa0]+[^\W\d_]+(?:['’-][^\W\d_]+)*){0,3}")
_GAP = re.compile(r"\s+")
_LONGEST_HEAD = 60
_ALIKE = 0.7
"""How alike a slip and a verb must be, from 0 to 1: "hepl" is "help", but "can" is not "change"."""


def found(line: str) -> tuple[Verb, str, str] | None:
    """The verb that a line begins with, how it was said, and the rest of the line."""
    match = _WORDS.match(line[:_LONGEST_HEAD])
    if match is None:
        return None
    head = match.group()
    while head:
        if verb := SPELLINGS.get(_GAP.sub(" ", fold(head))):
            return verb, head, line[len(head) :].lstrip(" \t\n\xa0,;:.!–—-")
        head = head[: -len(re.split(r"\s+", head)[-1])].rstrip()
    return None


def named(words: str) -> Verb | None:
    """The verb that the words name, if they do."""
    match = found(words.strip(" /?.“”\"'`"))
    return match[0] if match else None


def unknown(line: str) -> Unclear:
    """The question for a line that begins with no verb: the closest one, and how to write it."""
    match = re.match(r"[^\W\d_]+", line[:_LONGEST_HEAD])
    if match is not None:
        from difflib import get_close_matches  # for slips only

        word = match.group()
        slip = fold(word)
        near = get_close_matches(slip, SPELLINGS, n=3, cutoff=_ALIKE)
        close = near if len(slip) > 2 else []
        if close:  # the first letter is rarely the wrong one
            meant = next((one for one in close if one[0] == slip[0]), close[0])
            return Unclear(
                f"I do not know “{word[:30]}”. Did you mean “{meant}”? "
                f"Write it like this: {SPELLINGS[meant].usage}",
                suggestion=f"{meant}{line[match.end() :]}",
            )
        return Unclear(
            f"I do not know “{word[:30]}”. Say “help” to see what I understand.", suggestion=line
        )
    return Unclear(
        "I did not understand that. Say “help” to see what I understand.", suggestion=line
    )
