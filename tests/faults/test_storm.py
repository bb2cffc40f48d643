"""The row about a storm tells of the channel that waited longest."""

from tests.faults.journal import Entry
from tests.faults.storm import DELAYED, worst_gap


def posts(channel: str, *at: float) -> list[Entry]:
    return [Entry(each, "accepted", 0, "chat.postMessage", channel) for each in at]


def test_one_channel_that_waited_long_is_found_among_many_that_did_not() -> None:
    others = tuple(f"C{number}" for number in range(48))
    journal = [each for channel in others for each in posts(channel, 1.0, 2.0, 3.0, 4.0)]
    journal += posts("C99", 1.0, 2.0, 3.0, 4.0 + 2 * DELAYED)
    assert worst_gap(journal, others)[1] == 1.0
    assert worst_gap(journal, (*others, "C99")) == ("C99", 1.0 + 2 * DELAYED)


def test_what_the_hot_channel_waits_does_not_count() -> None:
    journal = posts("C0", 1.0, 90.0) + posts("C1", 1.0, 2.0)
    assert worst_gap(journal, ("C1",)) == ("C1", 1.0)
