"""What was acknowledged and is not stored, or twice, is found."""

import sqlite3
from pathlib import Path

import pytest

from tests.faults.inbound import compare
from tests.faults.mail import Event, Mail, stories
from tests.faults.plan import chance
from tests.faults.slack import Address

SLACK = Address("http://127.0.0.1/", "xoxb-1", "secret", "T1", "A1", "B1", "U1")


@pytest.fixture
def url(tmp_path: Path) -> str:
    path = tmp_path / "small.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE response (id INTEGER PRIMARY KEY, key, text, deleted_at)")
        made.execute("CREATE TABLE delivery (key)")
    made.close()
    return f"sqlite:///{path}"


def store(url: str, *kept: tuple[str, str, int | None]) -> None:
    with sqlite3.connect(url.removeprefix("sqlite:///")) as opened:
        opened.executemany("INSERT INTO response (key, text, deleted_at) VALUES (?, ?, ?)", kept)
    opened.close()


def event(kind: str, text: str = "first") -> Event:
    return Event(f"Ev{kind}", kind, "C1", "1.0", "2.0", text)


WRITTEN, EDITED, DELETED = event("written"), event("edited", "better"), event("deleted")


@pytest.mark.parametrize(
    ("acknowledged", "kept", "found"),
    [
        ([WRITTEN], [("2.0", "first", None)], (0, 0, 0)),
        ([WRITTEN], [], (1, 0, 0)),
        ([], [], (0, 0, 0)),
        ([WRITTEN], [("2.0", "first", None), ("2.0", "first", None)], (0, 1, 0)),
        ([WRITTEN], [("2.0", "somebody else's", None)], (0, 0, 1)),
        ([WRITTEN, EDITED], [("2.0", "better", None)], (0, 0, 0)),
        ([WRITTEN, EDITED], [("2.0", "first", None)], (1, 0, 0)),
        ([WRITTEN], [("2.0", "better", None)], (0, 0, 0)),  # stored, and the answer was lost
        ([WRITTEN, DELETED], [("2.0", "", 5)], (0, 0, 0)),
        ([WRITTEN, DELETED], [], (0, 0, 0)),
        ([WRITTEN, DELETED], [("2.0", "first", None)], (1, 0, 0)),
        ([WRITTEN, EDITED], [("2.0", "", 5)], (0, 0, 0)),  # deleted, and the answer was lost
    ],
)
def test_what_was_acknowledged_is_compared_with_what_is_stored(
    url: str,
    acknowledged: list[Event],
    kept: list[tuple[str, str, int | None]],
    found: tuple[int, int, int],
) -> None:
    store(url, *kept)
    said = compare(url, [WRITTEN, EDITED, DELETED], {each.id for each in acknowledged})
    assert tuple(len(each) for each in said) == found


def test_a_reply_that_came_after_its_deletion_is_not_missed(url: str) -> None:
    acknowledged = {WRITTEN.id}
    assert len(compare(url, [WRITTEN, DELETED], acknowledged)[0]) == 1
    with sqlite3.connect(url.removeprefix("sqlite:///")) as opened:
        opened.execute("INSERT INTO delivery VALUES ('deleted:1:C1:2.0')")
    opened.close()
    assert compare(url, [WRITTEN, DELETED], acknowledged) == ([], [], [])
    assert len(compare(url, [WRITTEN], acknowledged)[0]) == 1


def test_a_reply_that_is_marked_as_deleted_although_nobody_did_is_found(url: str) -> None:
    store(url, ("2.0", "first", 5))
    assert len(compare(url, [WRITTEN], {WRITTEN.id})[0]) == 1
    assert len(compare(url, [WRITTEN, EDITED], {WRITTEN.id, EDITED.id})[0]) == 1
    assert compare(url, [WRITTEN, DELETED], {WRITTEN.id}) == ([], [], [])


def test_stories_hold_replies_edits_and_deletions_each_with_an_id_of_its_own() -> None:
    events = stories(Mail(SLACK), {"C1": "1.0", "C2": "1.1"}, 200, chance(1))
    assert len(events) >= 200
    assert {each.kind for each in events} == {"written", "edited", "deleted"}
    assert len({each.id for each in events}) == len(events)
    assert {each.ts for each in events if each.kind != "written"} <= {
        each.ts for each in events if each.kind == "written"
    }
