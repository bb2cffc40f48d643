"""The checker finds what is planted, and nothing where all is well."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.faults import journal, town
from tests.faults.checker import Findings, check
from tests.faults.journal import Entry
from tests.faults.plan import Fault
from tests.faults.slack import Address

SLACK = Address("", "", "", "T0ACME0000", "A0COMMONGR", "B0COMMONGR", "U0COMMONGR")
MORNING = town.MORNING.timestamp()


@dataclass
class Seen:
    """What a Slack saw that posted everything as it should, to be spoiled by a test."""

    url: str
    entries: list[Entry] = field(default_factory=list)

    def run(self, statement: str, *values: object) -> None:
        """Change the database."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as held, held:
            held.execute(statement, values)

    def posts(self) -> list[Entry]:
        return [each for each in self.entries if each.what == "accepted"]

    def kind_of(self, post: Entry) -> str:
        """What a post is about."""
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as held:
            (found,) = held.execute("SELECT kind FROM message WHERE key = ?", (post.key,))
        return str(found[0])

    def copy_message(self, key: str | None, new: str, ts: str | None) -> None:
        """Note that the same was recorded once more, as a message of its own."""
        self.run(
            "INSERT INTO message (lane_id, form, kind, subject, channel, key, state, pending, ts,"
            " sent, created_at)"
            " SELECT lane_id, form, kind, subject, channel, ?, 'sent', 0, ?, 1, created_at"
            " FROM message WHERE key = ?",
            new,
            ts,
            key,
        )

    def check(self, occurrences: int | None = None) -> Findings:
        """Only one kind of thing is ever planted, so only one kind may be found."""
        return check(self.entries, self.url, occurrences=occurrences)


@pytest.fixture
async def seen(sqlite_url: str) -> Seen:
    """Two channels with everything posted, one second apart in each."""
    where = town.channels(2)
    await town.build(sqlite_url, SLACK, where, town.Work(promises=1, checkin=False))
    made = Seen(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as held, held:
        rows = held.execute("SELECT id, key, channel FROM message ORDER BY id").fetchall()
        for number, (message, key, channel) in enumerate(rows):
            at = MORNING + 1.1 * number
            ts = f"{at:.6f}"
            call = Entry(at, "received", number, "chat.postMessage", channel, key=key)
            words = held.execute("SELECT group_concat(what) FROM commitment").fetchone()[0]
            call = replace(call, more={"words": words})
            made.entries += [call, replace(call, at=at + 0.1, what="accepted", ts=ts)]
            held.execute(
                "UPDATE message SET state = 'sent', pending = 0, sent = wanted, ts = ?"
                " WHERE id = ?",
                (ts, message),
            )
        held.execute(
            "INSERT INTO occurrence (schedule_id, partnership_id, kind, nominal, at, state,"
            " message_id, detail) SELECT id, partnership_id, kind, '2026-11-24', 0, 'open',"
            " (SELECT min(id) FROM message), '{}' FROM schedule ORDER BY id LIMIT 1"
        )
        held.execute("UPDATE message SET kind = 'prompt' WHERE id = (SELECT min(id) FROM message)")
    return made


def test_nothing_is_found_where_all_is_well(seen: Seen) -> None:
    found = seen.check(occurrences=1)
    assert found.broken() == []
    assert found.counted["posts"] == found.counted["sent"] == len(seen.posts()) > 4


def test_a_message_that_was_posted_twice_is_found(seen: Seen) -> None:
    first = seen.posts()[0]
    late = max(each.at for each in seen.entries) + 5
    seen.entries.append(replace(first, at=late, ts=f"{late:.6f}"))
    found = seen.check()
    assert len(found.doubles) == len(found.broken()) == 1


def test_a_message_that_slack_never_got_is_found(seen: Seen) -> None:
    lost = seen.posts()[-1]
    seen.entries = [each for each in seen.entries if each.key != lost.key]
    assert len(seen.check().lost) == 1


@pytest.mark.parametrize("state", ["waiting", "sending", "unknown"])
def test_a_message_that_was_never_settled_is_found(seen: Seen, state: str) -> None:
    lost = seen.posts()[-1]
    seen.entries = [each for each in seen.entries if each.key != lost.key]
    seen.run("UPDATE message SET state = ? WHERE key = ?", state, lost.key)
    assert len(seen.check().lost) == 1


@pytest.mark.parametrize("state", ["refused", "missed", "withdrawn"])
def test_what_was_given_up_is_lost_unless_that_is_expected(seen: Seen, state: str) -> None:
    given_up = seen.posts()[-1]
    seen.entries = [each for each in seen.entries if each.key != given_up.key]
    seen.run("UPDATE message SET state = ?, ts = NULL WHERE key = ?", state, given_up.key)
    assert len(seen.check().lost) == 1
    found = check(seen.entries, seen.url, may_give_up={state})
    assert found.broken() == []
    assert found.counted[state] == 1


def test_the_same_said_twice_as_two_messages_is_found(seen: Seen) -> None:
    first = next(each for each in seen.posts() if seen.kind_of(each) == "card")
    late = max(each.at for each in seen.entries) + 5
    again = replace(first, at=late, ts=f"{late:.6f}", key="another")
    seen.entries += [replace(again, what="received"), again]
    seen.copy_message(first.key, "another", again.ts)
    found = seen.check()
    assert len(found.doubles) == len(found.broken()) == 1


def test_a_note_and_the_next_are_no_doubles(seen: Seen) -> None:
    first = next(each for each in seen.posts() if seen.kind_of(each) == "welcome_note")
    late = max(each.at for each in seen.entries) + 5
    again = replace(first, at=late, ts=f"{late:.6f}", key="another")
    seen.entries += [replace(again, what="received"), again]
    seen.copy_message(first.key, "another", again.ts)
    assert seen.check().broken() == []


@pytest.mark.parametrize("off", [-1, 1])
def test_more_or_fewer_posts_than_there_must_be_are_found(seen: Seen, off: int) -> None:
    right = len(seen.posts())
    assert check(seen.entries, seen.url, posts=right).broken() == []
    assert len(check(seen.entries, seen.url, posts=right + off).untrue) == 1


SPOILED: dict[str, Callable[[Seen], None]] = {
    "a message given up that Slack has": lambda seen: seen.run(
        "UPDATE message SET state = 'missed' WHERE id = (SELECT max(id) FROM message)"
    ),
    "a message that stands elsewhere": lambda seen: seen.run(
        "UPDATE message SET ts = '1.0' WHERE id = (SELECT max(id) FROM message)"
    ),
    "a post of which nobody knows": lambda seen: seen.entries.append(
        Entry(MORNING + 900, "accepted", 99, "chat.postMessage", "C1", key="x", ts="9.0")
    ),
    "a post that cannot be looked up": lambda seen: seen.entries.append(
        Entry(MORNING + 900, "accepted", 99, "chat.postMessage", "C1", ts="9.0")
    ),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_what_the_database_says_untruly_is_found(seen: Seen, spoil: Callable[[Seen], None]) -> None:
    spoil(seen)
    assert len(seen.check().untrue) == 1


@pytest.mark.parametrize(("after", "found"), [(2.0, 1), (2.9, 1), (3.1, 0)])
def test_a_call_before_retry_after_is_found(seen: Seen, after: float, found: int) -> None:
    refused = Entry(
        MORNING + 900,
        "received",
        90,
        "chat.postMessage",
        "C0",
        fault=Fault.RATE_LIMITED,
        retry_after=3,
    )
    seen.entries += [
        refused,
        Entry(MORNING + 900 + after, "received", 91, "chat.postMessage", "C0"),
    ]
    assert len(seen.check().early) == found


def test_what_another_channel_may_do_meanwhile_is_not_early(seen: Seen) -> None:
    refused = Entry(MORNING + 900, "received", 90, "chat.postMessage", "C0", retry_after=3)
    seen.entries += [refused, Entry(MORNING + 901, "received", 91, "chat.postMessage", "C9")]
    assert seen.check().early == []


def test_two_posts_in_one_channel_within_a_second_are_found(seen: Seen) -> None:
    second = next(e for e in seen.posts()[1:] if e.channel == seen.posts()[0].channel)
    seen.entries[seen.entries.index(second)] = replace(second, at=seen.posts()[0].at + 0.5)
    seen.entries.sort(key=lambda each: each.at)
    assert len(seen.check().fast) == 1


def test_posts_of_a_channel_in_the_wrong_order_are_found(seen: Seen) -> None:
    first = seen.posts()[0]
    second = next(e for e in seen.posts()[1:] if e.channel == first.channel)
    here, there = seen.entries.index(first), seen.entries.index(second)
    seen.entries[here] = replace(first, key=second.key)
    seen.entries[there] = replace(second, key=first.key)
    assert seen.check().disorder != []


def test_a_date_that_was_recorded_twice_is_found(seen: Seen) -> None:
    seen.run("CREATE TABLE copied AS SELECT * FROM occurrence")
    seen.run("ALTER TABLE occurrence RENAME TO former")
    seen.run("ALTER TABLE copied RENAME TO occurrence")
    seen.run("INSERT INTO occurrence SELECT * FROM former")
    assert any("recorded 2 times" in each for each in seen.check().occurrences)


def test_a_date_that_was_not_recorded_is_found(seen: Seen) -> None:
    assert len(seen.check(occurrences=2).occurrences) == 1


def test_a_date_without_its_message_is_found(seen: Seen) -> None:
    seen.run("UPDATE occurrence SET message_id = NULL")
    assert [each for each in seen.check().occurrences if "has no message" in each] != []


@pytest.mark.parametrize("kind", ["prompt", "digest", "summary"])
def test_what_belongs_to_no_date_is_found(seen: Seen, kind: str) -> None:
    seen.run("UPDATE message SET kind = ? WHERE id = (SELECT max(id) FROM message)", kind)
    assert len(seen.check().occurrences) == 1


def test_a_summary_in_place_of_the_first_message_is_found(seen: Seen) -> None:
    seen.run("UPDATE occurrence SET summary_id = message_id, message_id = NULL, state = 'missed'")
    assert len(seen.check().occurrences) == 1


CHANGED = "UPDATE commitment SET what = 'bring it later'"


def test_a_card_that_slack_shows_with_old_words_is_found(seen: Seen) -> None:
    seen.run(CHANGED)
    seen.run("UPDATE message SET wanted = 2, sent = 2 WHERE kind = 'card'")
    assert len(seen.check().stale) == 2  # each channel has one
    cards = [each for each in seen.posts() if seen.kind_of(each) == "card"]
    for number, each in enumerate(cards, 500):
        at, words = MORNING + 900 + number, {"words": "bring it later"}
        seen.entries.append(
            replace(each, at=at, call=number, method="chat.update", key=None, more=words)
        )
    assert seen.check().broken() == []
    late = replace(seen.entries[-1], at=MORNING + 2000, more={"words": "bring list 0"})
    seen.entries.append(late)  # an older update that arrived late
    assert len(seen.check().stale) == 1


def test_a_card_that_waits_for_newer_words_is_found(seen: Seen) -> None:
    seen.run("UPDATE message SET wanted = wanted + 1 WHERE kind = 'card'")
    assert len(seen.check().stale) == 2


def test_the_journal_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    writer = journal.Writer(path)
    writer.write("received", call=1, method="chat.postMessage", fault=Fault.LATE, key=None)
    writer.write("accepted", call=1, ts="1.0", more={"visible": 2.5})
    writer.close()
    first, second = journal.read(path)
    assert (first.what, first.fault, first.key) == ("received", Fault.LATE, None)
    assert (second.ts, second.more) == ("1.0", {"visible": 2.5})
    assert first.at <= second.at


def test_what_is_half_written_is_read_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    writer = journal.Writer(path)
    writer.write("received", call=1, method="chat.postMessage")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:-5])
    assert len(journal.read(path)) == 1
    path.write_bytes(whole + whole)
    assert len(journal.read(path)) == 2
    writer.close()
