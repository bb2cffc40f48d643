"""Calendar files that cannot be taken, and a Slack that does not give them: one sentence each, with
a way out, beside the field; nothing is noted.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox import Faults
from bot.sandbox.files import PRIVATE
from handlers import files
from handlers.answer import may_be_told
from tests.fixtures.scene import Scene
from tests.stories.test_calendar_files import FILE, asks, brings, errors
from tests.stories.test_days_off import CALENDAR

NOT_A_CALENDAR = "This file is no calendar."
CLOSED = "Slack does not let me open this file. Paste its text instead."
GONE = "I cannot find this file in Slack any more. Choose it again, or paste its text instead."
TOO_LARGE = "This file has more than 1 MB."
LATER = "Slack is not giving me this file just now."
PAGE = "\n <!DOCTYPE html><html><body>BEGIN:VCALENDAR</body></html>"

BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "This file is empty."),
    "blank": (b" \r\n\t ", "This file is empty."),
    "a letter": (b"Dear all, we are closed in August.", NOT_A_CALENDAR),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, NOT_A_CALENDAR),
    "binary with the right beginning": (b"BEGIN:VCALENDAR\0" + bytes(500), NOT_A_CALENDAR),
    "a page": (PAGE.encode(), CLOSED),
    "no events": (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "There are no events"),
    "cut off": (CALENDAR.encode()[:120], "There are no events"),
    "meetings alone": (
        CALENDAR[: CALENDAR.index("BEGIN:VEVENT")].encode()
        + b"BEGIN:VEVENT\nDTSTART:20261201T150000Z\nEND:VEVENT\nEND:VCALENDAR",
        "I found no whole days from today on",
    ),
    "a date that is none": (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261340\nEND:VEVENT\nEND:VCALENDAR",
        "I could not read this calendar.",
    ),
    "every hour, for ever": (
        CALENDAR.replace("FREQ=YEARLY", "FREQ=HOURLY").encode(),
        "several times a day",
    ),
    "501 all-day events": (
        b"BEGIN:VCALENDAR\n"
        + b"BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nEND:VEVENT\n" * 501
        + b"END:VCALENDAR",
        "more than 500 all-day events",
    ),
    "too many exceptions": (
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\n"
        + b"EXDATE;VALUE=DATE:20261225\n" * 4000
        + b"END:VEVENT\nEND:VCALENDAR",
        "more in this calendar than I can keep",
    ),
    "over 1 MB": (CALENDAR.encode() + b"\n" * (1024 * 1024), TOO_LARGE),
}


@pytest.mark.parametrize("which", list(BAD))
async def test_what_is_no_calendar_is_refused_beside_its_field(begun: Scene, which: str) -> None:
    data, said = BAD[which]
    await brings(begun, begun.bo, data)
    assert said in errors(begun.bo)["days.file"]
    await begun.bo.closes()
    assert "No closed days are noted." in await begun.tells(begun.bo, "closed")


class Gives(Faults):
    """Answers instead of Slack: for the contents of a file, or for what is told of it."""

    def __init__(
        self,
        answer: Callable[[], web.Response] | None = None,
        changes: dict[str, Any] | None = None,
    ) -> None:
        self.answer = answer
        self.changes = changes

    async def before_call(self, method: str, args: Any) -> web.Response | None:
        return self.answer() if self.answer is not None and method == PRIVATE else None

    async def after_call(self, method: str, args: Any, result: Any) -> web.Response | None:
        if method == "files.info" and self.changes is not None:
            result["file"] |= self.changes
        return None


def given(status: int = 200, text: str = "", kind: str = "text/calendar", **headers: str) -> Any:
    return lambda: web.Response(status=status, text=text, content_type=kind, headers=headers)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(given(404), GONE, id="404"),
        pytest.param(given(410), GONE, id="410"),
        pytest.param(given(401), CLOSED, id="401"),
        pytest.param(given(403), CLOSED, id="403"),
        pytest.param(given(429), LATER, id="429"),
        pytest.param(given(503), LATER, id="503"),
        pytest.param(given(302, Location="/files-pri/elsewhere"), CLOSED, id="redirect"),
        pytest.param(given(text=CALENDAR, kind="text/html"), CLOSED, id="page-by-type"),
        pytest.param(given(text=PAGE), CLOSED, id="page-by-its-first-letters"),
        pytest.param(given(text="\ufeff<HTML>"), CLOSED, id="page-with-a-mark"),
        pytest.param(given(text=CALENDAR + " " * 1024 * 1024), TOO_LARGE, id="more-than-said"),
    ],
)
async def test_what_slack_gives_instead_of_a_file_is_told_in_a_sentence(
    begun: Scene, answer: Callable[[], web.Response], said: str
) -> None:
    begun.sandbox.files.faults = Gives(answer)
    await brings(begun, begun.hui)
    assert said in errors(begun.hui)["days.file"]
    assert len(begun.sandbox.files.asked) == 1  # nothing was followed, nothing asked twice


async def test_a_file_that_slack_says_is_too_large_is_not_even_asked_for(begun: Scene) -> None:
    await brings(begun, begun.bo, BAD["over 1 MB"][0])
    assert TOO_LARGE in errors(begun.bo)["days.file"]
    assert begun.sandbox.files.asked == []


async def test_a_file_that_does_not_come_in_time_is_given_up(
    begun: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Never(Faults):
        done = asyncio.Event()

        async def before_call(self, method: str, args: Any) -> web.Response | None:
            if method == PRIVATE:
                await self.done.wait()
            return None

    monkeypatch.setattr("handlers.files._SECONDS", 0.05)
    begun.sandbox.files.faults = Never()
    await asks(begun, begun.hui)
    await begun.hui.attaches(FILE, "days.ics", CALENDAR.encode())
    await begun.hui.submits()
    assert LATER in errors(begun.hui)["days.file"]
    Never.done.set()


@pytest.mark.parametrize(
    "address",
    [
        "https://files.evil.example/files-pri/T1-F1/download/days.ics",
        "http://files.slack.com/files-pri/T1-F1/download/days.ics",
        "https://files.slack.com.evil.example/days.ics",
        "https://files.slack.com@evil.example/days.ics",
        "https://[files.slack.com",
        "file:///etc/hostname",
        "",
    ],
)
async def test_the_token_goes_nowhere_but_to_slack(
    begun: Scene, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    asked: list[str] = []
    session = begun.bot.house.directory.session
    get = session.get

    def watched(url: str, **options: Any) -> Any:
        asked.append(url)
        return get(url, **options)

    monkeypatch.setattr(session, "get", watched)
    elsewhere = {"url_private_download": address, "url_private": address}
    begun.sandbox.api.faults = Gives(changes=elsewhere)
    await brings(begun, begun.bo)
    assert errors(begun.bo)["days.file"] == CLOSED
    assert asked == []


def test_files_come_from_slacks_hosts_or_the_stand_in_that_is_configured() -> None:
    slack, sandbox = "https://slack.com/api/", "http://127.0.0.1:4000/api/"
    for host in ("files.slack.com", "files.slack-gov.com"):
        assert may_be_told(f"https://{host}/files-pri/T1-F1/days.ics", slack, files.HOSTS)
    assert may_be_told("http://127.0.0.1:4000/files-pri/T1-F1/x", sandbox, files.HOSTS)
    assert not may_be_told("http://127.0.0.1:4001/files-pri/T1-F1/x", sandbox, files.HOSTS)
    assert not may_be_told("https://hooks.slack.com/x", slack, files.HOSTS)


@pytest.mark.parametrize("gone", ["deleted", "tombstone"])
async def test_a_file_that_is_gone_when_it_is_asked_for_is_said(begun: Scene, gone: str) -> None:
    begun.expected_refusals.add(("files.info", "file_not_found"))
    await asks(begun, begun.bo)
    await begun.bo.attaches(FILE, "days.ics", CALENDAR.encode())
    if gone == "deleted":
        begun.sandbox.slack.files.clear()
    else:
        begun.sandbox.api.faults = Gives(changes={"mode": "tombstone"})
    await begun.sends(begun.bo)
    assert errors(begun.bo)["days.file"] == GONE


async def test_a_file_of_another_workspace_that_is_not_shown_to_us_is_said(begun: Scene) -> None:
    """Slack tells of it, and answers with its page to sign in."""
    begun.sandbox.api.faults = Gives(changes={"user_team": "T0ELSEWHERE"})
    begun.sandbox.files.faults = Gives(given(text=PAGE, kind="text/html"))
    await brings(begun, begun.bo)
    assert errors(begun.bo)["days.file"] == CLOSED


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked through here is answered at once, however busy the machine is."""
    monkeypatch.setattr("handlers.answer.FORM_SECONDS", 60)
    monkeypatch.setattr("handlers.interactions.PATIENCE", 60)
