"""Compares what Slack saw with what the database says. It uses nothing of the bot: no query, no
table, no rule of its code.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.journal import Entry

PACE = 1.0
"""Slack's limit for posts in one channel, in seconds."""

_MEASURED = 0.015
"""Two processes' clocks are read some milliseconds apart, and SQLite's counts milliseconds."""

_MESSAGES = """
SELECT id, lane_id, form, kind, subject, key, state, pending, channel, ts, attempts, problem
FROM message ORDER BY id
"""
_OCCURRENCES = """
SELECT o.schedule_id, o.nominal, o.slot, o.state, o.message_id, m.id AS found
FROM occurrence AS o LEFT JOIN message AS m ON m.id = o.message_id
"""
_BELONGING = """
SELECT m.id, m.kind,
 (SELECT count(*) FROM occurrence AS o WHERE o.message_id = m.id) AS first,
 (SELECT count(*) FROM occurrence AS o WHERE o.summary_id = m.id) AS last
FROM message AS m WHERE m.kind IN ('prompt', 'digest', 'summary') ORDER BY m.id
"""
_CARDS = """
SELECT m.id, m.channel, m.ts, m.wanted, m.sent, c.what
FROM message AS m JOIN commitment AS c ON c.id = m.subject
WHERE m.kind = 'card' AND m.state = 'sent' ORDER BY m.id
"""
_GIVEN_UP = frozenset({"refused", "missed", "withdrawn"})


_PROMISES = (
    "doubles",
    "lost",
    "untrue",
    "occurrences",
    "stale",
    "early",
    "fast",
    "disorder",
)


@dataclass(slots=True)
class Findings:
    """What was found: sentences by promise. All empty is good."""

    doubles: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    untrue: list[str] = field(default_factory=list)
    """The database says something that did not happen, or the reverse."""
    occurrences: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    """Slack shows words of a card that are not the newest."""
    early: list[str] = field(default_factory=list)
    """Called before ``Retry-After`` had passed."""
    fast: list[str] = field(default_factory=list)
    """Posted in one channel faster than Slack allows."""
    disorder: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)
    """``posts`` (messages that Slack has), ``accepted``; ``retried`` (looked up, since nobody knew
    what had become of them), ``sent again`` (of those and of what was refused); and the states."""

    def broken(self) -> list[str]:
        """Every promise that was broken, in sentences."""
        return [f"{name}: {sentence}" for name in _PROMISES for sentence in getattr(self, name)]


def rows(url: str, query: str) -> list[dict[str, Any]]:
    """What a query of one's own finds; ``url`` as the bot is given it."""
    if url.startswith("sqlite:///"):
        with sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True) as held:
            held.row_factory = sqlite3.Row
            found = [dict(row) for row in held.execute(query).fetchall()]
        held.close()
        return found
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql"), autocommit=True) as open_:
        cursor = open_.execute(query)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def check(
    journal: Sequence[Entry],
    database_url: str,
    *,
    occurrences: int | None = None,
    posts: int | None = None,
    may_give_up: Collection[str] = (),
    pace: float = PACE,
) -> Findings:
    """Compare, once nothing is under way any more.

    ``occurrences`` is how many must have been recorded and ``posts`` how many messages Slack must
    have, where that is known. ``may_give_up``: states without a post (``refused``, ``missed``,
    ``withdrawn``) that are no loss here, since what goes wrong is such that they are right.
    """
    found = Findings()
    messages = rows(database_url, _MESSAGES)
    there = _posts(journal)
    _count(found, journal, there, messages)
    _compare(found, there, messages, may_give_up)
    _check_sayings(found, there, messages)
    if posts is not None and found.counted["posts"] != posts:
        found.untrue.append(f"{posts} were to be posted, Slack has {found.counted['posts']}")
    _check_occurrences(found, rows(database_url, _OCCURRENCES), occurrences)
    _check_belonging(found, rows(database_url, _BELONGING))
    _check_words(found, journal, rows(database_url, _CARDS))
    _check_waits(found, journal)
    _check_pace(found, there, pace)
    _check_order(found, there, messages)
    return found


def _posts(journal: Iterable[Entry]) -> list[Entry]:
    return [e for e in journal if e.what == "accepted" and e.method == "chat.postMessage"]


def _count(
    found: Findings,
    journal: Sequence[Entry],
    posts: Sequence[Entry],
    messages: Sequence[Mapping[str, Any]],
) -> None:
    found.counted["accepted"] = len(posts)
    found.counted["posts"] = len({each.key for each in posts})
    looked = {
        (each.channel, each.more.get("oldest"))
        for each in journal
        if each.what == "received"
        and each.method in {"conversations.history", "conversations.replies"}
    }
    # All look-ups of one message begin at the last message before it.
    found.counted["retried"] = len(looked)
    calls = Counter(e.key for e in journal if e.what == "received" and e.key is not None)
    found.counted["sent again"] = sum(count > 1 for count in calls.values())
    for each in messages:
        found.counted[each["state"]] += 1


def _compare(
    found: Findings,
    posts: Sequence[Entry],
    messages: Sequence[Mapping[str, Any]],
    may_give_up: Collection[str],
) -> None:
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for post in posts:
        if post.key is None:
            found.untrue.append(f"a post without a key stands in {post.channel} at {post.ts}")
        else:
            by_key[post.key].append(post)
    for key, several in by_key.items():
        if len(several) > 1:
            found.doubles.append(f"{key} was posted {len(several)} times, {_when(several)}")
    known = {message["key"] for message in messages}
    for key in by_key.keys() - known:
        found.untrue.append(f"Slack has {key}, of which the database knows nothing")
    for message in messages:
        name = f"message {message['id']} ({message['kind']}, {message['state']})"
        there = by_key.get(message["key"], [])
        if message["state"] == "sent":
            if not there:
                found.lost.append(f"{name} was never accepted by Slack")
            elif message["ts"] not in {each.ts for each in there}:
                found.untrue.append(f"{name} does not stand at {message['ts']}")
        elif message["state"] not in _GIVEN_UP:
            found.lost.append(f"{name} was never settled: {message['problem']}")
        elif there:
            found.untrue.append(f"{name} is in Slack all the same")
        elif message["state"] not in may_give_up:
            found.lost.append(f"{name} was given up: {message['problem']}")


def _check_sayings(
    found: Findings, posts: Sequence[Entry], messages: Sequence[Mapping[str, Any]]
) -> None:
    """The same is said once in a place, whatever keys it has; notes and answers may be many."""
    said = {
        each["key"]: (each["kind"], each["subject"], each["lane_id"])
        for each in messages
        if each["form"] != "note" and each["kind"] != "answer"
    }
    keys: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for post in posts:
        if post.key is not None and post.key in said:
            keys[said[post.key]].add(post.key)
    for (kind, subject, where), several in keys.items():
        if len(several) > 1:
            found.doubles.append(
                f"{kind} {subject} was posted in lane {where} as {len(several)} messages"
            )


def _when(several: Sequence[Entry]) -> str:
    first = several[0]
    shown = first.more.get("visible", first.at) - first.at
    again = ", ".join(f"{each.at - first.at:.2f} s" for each in several[1:])
    why = f" ({first.fault})" if first.fault else ""
    return f"in {first.channel}: after the first{why}, shown after {shown:.2f} s, again at {again}"


def _check_occurrences(
    found: Findings, occurrences: Sequence[Mapping[str, Any]], expected: int | None
) -> None:
    times = Counter((o["schedule_id"], str(o["nominal"]), o["slot"]) for o in occurrences)
    for which, count in times.items():
        if count > 1:
            found.occurrences.append(f"{which} was recorded {count} times")
    for each in occurrences:
        if each["state"] in {"open", "posted", "closed"} and each["found"] is None:
            which = (each["schedule_id"], str(each["nominal"]), each["slot"])
            found.occurrences.append(f"{which} has no message")
    messages = Counter(o["message_id"] for o in occurrences if o["message_id"] is not None)
    for message, count in messages.items():
        if count > 1:
            found.occurrences.append(f"message {message} belongs to {count} occurrences")
    if expected is not None and len(times) != expected:
        found.occurrences.append(f"{expected} were due, {len(times)} were recorded")


def _check_belonging(found: Findings, messages: Sequence[Mapping[str, Any]]) -> None:
    """What is said of a date belongs to one date, as its first message or as its summary."""
    for each in messages:
        mine, other = each["first"], each["last"]
        if each["kind"] == "summary":
            mine, other = other, mine
        if (mine, other) != (1, 0):
            found.occurrences.append(
                f"message {each['id']} ({each['kind']}) belongs to {mine + other} occurrences"
            )


def _check_words(
    found: Findings, journal: Sequence[Entry], cards: Sequence[Mapping[str, Any]]
) -> None:
    """The last words that Slack has of a card are those that the database wants."""
    words = {(e.channel, e.ts): e.more.get("words", "") for e in journal if e.what == "accepted"}
    found.counted["updates"] = sum(
        e.what == "accepted" and e.method == "chat.update" for e in journal
    )
    for card in cards:
        shown = words.get((card["channel"], card["ts"]))
        if shown is not None and card["what"] not in shown:
            found.stale.append(f"message {card['id']} does not say {card['what']!r}")
        elif card["sent"] < card["wanted"]:
            found.stale.append(f"message {card['id']} was never brought up to date")


def _check_waits(found: Findings, journal: Sequence[Entry]) -> None:
    until: dict[tuple[str, str | None], tuple[float, float]] = {}
    for each in journal:
        if each.what != "received":
            continue
        where = (each.method, each.channel)
        if where in until:
            asked_at, wait = until[where]
            if each.at < asked_at + wait - _MEASURED:
                after = each.at - asked_at
                found.early.append(
                    f"{each.method} in {each.channel} after {after:.3f} s of {wait:g}"
                )
        if each.retry_after is not None:
            until[where] = (each.at, each.retry_after)


def _check_pace(found: Findings, posts: Sequence[Entry], pace: float) -> None:
    last: dict[str | None, float] = {}
    for each in posts:
        since = each.at - last.get(each.channel, 0.0)
        if since < pace - _MEASURED:
            found.fast.append(f"{each.channel}: two posts within {since:.3f} s")
        last[each.channel] = each.at


def _check_order(
    found: Findings, posts: Sequence[Entry], messages: Sequence[Mapping[str, Any]]
) -> None:
    """In one lane, what was recorded first is posted first."""
    lanes = {message["key"]: (message["lane_id"], message["id"]) for message in messages}
    last: dict[int, int] = {}
    seen: set[str] = set()
    for post in posts:
        if post.key is None or post.key not in lanes or post.key in seen:
            continue
        seen.add(post.key)
        where, number = lanes[post.key]
        if number < last.get(where, 0):
            found.disorder.append(f"message {number} came after {last[where]} in {post.channel}")
        last[where] = max(number, last.get(where, 0))
