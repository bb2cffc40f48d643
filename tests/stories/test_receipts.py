"""Each way in whose receipt has buttons, gone by people of the three organizations: what it offers
to take the act back or to mend it is what ``tests/test_receipts.py`` lists.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.sandbox import Person
from tests.fixtures.scene import OK, WELCOME, Scene
from tests.stories.test_settings import KEEP, notes
from tests.test_receipts import WAYS_IN, Buttons

MENDS = {
    "undo.take_back",
    "undo.edit",
    "undo.edit_stuck",
    "partnership.set_up",
    "partnership.with",
    "schedule.questions",
    "organization.change",
    "days.away_edit",
    "days.closed_edit",
    "preference.change",
    "preference.pause_edit",
    "reminder.later_edit",
}
"""What takes an act back, or opens its form filled in."""

_WAY = re.compile(r'"((?:words|buttons|forms):[a-z_.]+)"')
"""A step of one of the walks below."""

_NAME = "Another organization: its name"
_LIKE_HARBOR = "Harbor Women in Medias"

_ELSEWHERE = {"buttons:recording.where"}
"""It takes two channels: see ``tests/bad_input/test_recording.py``."""

Step = tuple[str, Person, Callable[[], Awaitable[object]]]
"""A way in (``kind:name``; empty for what only leads there), who goes it, and how."""


async def buttons_of(scene: Scene, person: Person, act: Awaitable[object]) -> Buttons:
    """What the receipt of an act offers to take it back or to mend it, the newest message's."""
    before = {key: str(blocks) for key, blocks in _answers(scene, person)}
    await act
    await scene.settled()
    found: Buttons = ()
    for key, blocks in _answers(scene, person):
        if before.get(key) != str(blocks):
            labels = tuple(
                element["text"]["text"]
                for block in blocks
                if block["type"] == "actions"
                for element in block["elements"]
                if element.get("action_id") in MENDS
            )
            found = labels or found
    return tuple(sorted(found, key=lambda label: label != "Undo"))


def _answers(scene: Scene, person: Person) -> Iterator[tuple[tuple[str, str], list[Any]]]:
    """All that answers somebody: in private, or in a thread."""
    private = [*person.ephemerals(), *person.dm()]
    replies = [each for each in scene.written() if each.is_reply and not each.ephemeral_to]
    for each in (*replies, *private):
        yield (each.channel, each.ts), each.blocks


async def walked(scene: Scene, steps: list[Step]) -> dict[str, Buttons]:
    """By way in: the buttons of its receipt."""
    found = {}
    for way, person, how in steps:
        buttons = await buttons_of(scene, person, how())
        if way:
            found[way] = buttons
    return found


def _on_newest(
    person: Person, label: str, *, direct: bool = True
) -> Callable[[], Awaitable[object]]:
    """A press on the newest direct message, or the newest answer to a command."""
    return lambda: person.clicks(
        label, message=(person.dm() if direct else person.ephemerals())[-1]
    )


def listed(ways: Mapping[str, Buttons]) -> dict[str, str | Buttons]:
    """The same ways in, as they are listed."""
    return {way: WAYS_IN[kind][0][name] for way in ways for kind, _, name in [way.partition(":")]}


async def test_receipts_of_days_off_and_settings(begun: Scene) -> None:
    scene, bo, hui, dana = begun, begun.bo, begun.hui, begun.dana
    pasted = (
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y//EN\nBEGIN:VEVENT\nUID:r@harbor.example\n"
        "DTSTART;VALUE=DATE:20261210\nSUMMARY:Retreat\nEND:VEVENT\nEND:VCALENDAR"
    )

    def presses(person: Person, label: str) -> Callable[[], Awaitable[object]]:
        return lambda: person.clicks(label, message=person.dm()[-1])

    steps: list[Step] = [
        ("words:away", bo, lambda: scene.tells(bo, "away 22 Dec to 2 Jan")),
        ("", bo, presses(bo, "Edit")),
        ("forms:days.away", bo, lambda: bo.submits({"Last day": "2026-12-30"})),
        ("words:back", bo, lambda: scene.tells(bo, "back on 28 Dec")),
        ("buttons:days.away_back", bo, presses(bo, "Take back")),
        ("words:closed", hui, lambda: scene.tells(hui, "closed 1 Dec to 4 Dec moving house")),
        ("words:open", hui, lambda: scene.tells(hui, "open 3 Dec")),
        ("buttons:days.closed_remove", hui, presses(hui, "Take out")),
        ("", hui, presses(hui, "Add days")),
        ("forms:days.closed", hui, lambda: hui.submits({"First day": "2026-12-24"})),
        ("", hui, presses(hui, "Public holidays")),
        ("", hui, lambda: hui.submits({"Holidays of which country?": "Germany"})),
        ("forms:days.holidays", hui, lambda: hui.submits({"Which part of it?": "Berlin"})),
        ("", hui, presses(hui, "Import a calendar")),
        ("forms:days.file", hui, lambda: hui.submits({"Or its text": pasted})),
        ("words:remind", dana, lambda: scene.slash(dana, "remind me from 18:00 to 21:00")),
        ("words:pause", bo, lambda: scene.tells(bo, "pause for me until 5 Jan")),
        ("words:resume", bo, lambda: scene.tells(bo, "resume for me")),
        ("", bo, presses(bo, "Pause for me")),
        ("forms:preference.pause", bo, lambda: bo.submits({})),
        ("buttons:preference.resume_all", bo, presses(bo, "Resume")),
        ("", bo, lambda: scene.tells(bo, "pause for me in #mentoring-partners")),
        ("buttons:preference.resume", bo, presses(bo, "preference.resume")),
        ("", bo, presses(bo, "Change")),
        ("forms:preference.change", bo, lambda: bo.submits({"Remind me of": []})),
    ]
    found = await walked(scene, steps)
    assert found == listed(found)


async def test_receipts_of_the_beginning_and_of_changes(begun: Scene) -> None:
    scene, bo, hui, dana = begun, begun.bo, begun.hui, begun.dana
    mara = begun.mara

    def on_welcome(person: Person, label: str) -> Callable[[], Awaitable[object]]:
        return lambda: person.clicks(label, message=scene.post(WELCOME))

    def on_note(person: Person, label: str) -> Callable[[], Awaitable[object]]:
        return lambda: person.clicks(label, message=notes(scene)[-1])

    steps: list[Step] = [
        ("", mara, lambda: mara.joins(scene.channel)),
        ("", mara, lambda: scene.mentions(mara, f"with {_LIKE_HARBOR}")),
        ("buttons:partnership.with_this", mara, _on_newest(mara, "partnership.with_this")),
        ("words:with", mara, lambda: scene.mentions(mara, "with Lake House")),
        ("", mara, lambda: mara.clicks("partnership.with", message=mara.dm()[-1])),
        ("forms:partnership.with", mara, lambda: mara.submits({_NAME: "Pier Nine"})),
        ("", mara, lambda: mara.clicks("partnership.with", message=mara.dm()[-1])),
        ("", mara, lambda: mara.submits({_NAME: _LIKE_HARBOR})),
        ("forms:partnership.with_which", mara, lambda: mara.submits({})),
        ("", mara, lambda: scene.mentions(mara, f"with {_LIKE_HARBOR}")),
        ("buttons:partnership.with_new", mara, _on_newest(mara, "partnership.with_new")),
        ("", mara, lambda: mara.leaves(scene.channel)),
        ("buttons:partnership.not_now", bo, on_welcome(bo, "Not now")),
        ("buttons:partnership.ok", bo, on_welcome(bo, OK)),
        ("words:join", dana, lambda: scene.slash(dana, "count us in")),
        ("words:setup", dana, lambda: scene.slash(dana, "setup mentoring for some")),
        ("", hui, on_welcome(hui, OK)),
        ("", bo, on_welcome(bo, "Set up")),
        ("forms:partnership.set_up", bo, lambda: bo.submits({KEEP: "90"})),
        ("buttons:partnership.change_ok", dana, on_note(dana, OK)),
        ("buttons:partnership.object", hui, on_note(hui, "Object")),
        ("", dana, lambda: scene.slash(dana, "setup mentoring for all")),
        ("", dana, lambda: scene.slash(dana, "setup")),
        ("", dana, lambda: dana.closes()),
        ("", bo, lambda: scene.mentions(bo, "setup mentoring for most")),
        ("", bo, lambda: scene.mentions(bo, "setup")),
        (
            "buttons:partnership.withdraw",
            bo,
            lambda: bo.clicks("partnership.withdraw", channel=scene.channel),
        ),
        ("", bo, lambda: scene.mentions(bo, "our organization")),
        ("", bo, lambda: bo.clicks("organization.change", message=bo.dm()[-1])),
        (
            "forms:organization.change",
            bo,
            lambda: bo.submits({"Sponsor: who inside backs this?": "Rosa Lind"}),
        ),
        ("", hui, lambda: scene.mentions(hui, "checkin")),
        ("", hui, lambda: hui.clicks("schedule.questions", channel=scene.channel)),
        (
            "forms:schedule.questions",
            hui,
            lambda: hui.submits({"schedule.questions": "What went well?"}),
        ),
        ("words:digest", hui, lambda: scene.mentions(hui, "digest pause")),
        ("buttons:schedule.resume", hui, lambda: hui.clicks("Resume", message=hui.dm()[-1])),
        ("words:checkin", dana, lambda: scene.slash(dana, "checkin pause")),
        ("", dana, lambda: scene.slash(dana, "checkin resume")),
        *_pauses(scene, dana),
    ]
    found = await walked(scene, steps)
    assert found == listed(found)


def _pauses(scene: Scene, dana: Person) -> Iterator[Step]:
    for way in (
        "buttons:schedule.pause_two",
        "buttons:schedule.pause_four",
        "buttons:schedule.pause_eight",
        "buttons:schedule.pause_open",
    ):
        yield "", dana, lambda: scene.slash(dana, "checkin")
        yield "", dana, lambda: dana.clicks("schedule.pause", message=dana.ephemerals()[-1])
        yield way, dana, _on_newest(dana, way.partition(":")[2], direct=False)
        yield "", dana, lambda: scene.slash(dana, "checkin resume")


async def test_receipts_of_commitments(started: Scene) -> None:
    scene, bo, hui, dana = started, started.bo, started.hui, started.dana

    def on_card(person: Person, label: str, number: int = 1) -> Callable[[], Awaitable[object]]:
        return lambda: person.clicks(f"commitment.{label}", message=scene.card(number))

    def says(person: Person, words: str) -> Callable[[], Awaitable[object]]:
        return lambda: scene.mentions(person, words)

    def fills(person: Person, **fields: object) -> Callable[[], Awaitable[object]]:
        return lambda: scene.sends(person, **fields)

    due = {"By_when?": "2026-12-04"}
    steps: list[Step] = [
        ("words:commit", dana, lambda: scene.slash(dana, "commit @Bo invite 12 by 30 Nov")),
        ("buttons:commitment.yes", bo, on_card(bo, "yes")),
        ("", bo, on_card(bo, "stuck")),
        ("forms:commitment.stuck", bo, fills(bo, **{"Who_may_know?": "Everyone here"})),
        ("buttons:commitment.on_track", bo, on_card(bo, "on_track")),
        ("words:stuck", bo, says(bo, "stuck 1 everyone: no van")),
        ("words:unstuck", bo, says(bo, "unstuck 1")),
        ("", bo, on_card(bo, "another_date")),
        ("forms:commitment.change", bo, fills(bo, **due)),
        ("", bo, says(bo, "mine")),
        (
            "buttons:commitment.take_back",
            bo,
            lambda: bo.clicks("commitment.take_back", message=bo.dm()[-1]),
        ),
        ("words:counter", bo, says(bo, "counter 1 by 11 Dec")),
        ("buttons:commitment.agree", dana, on_card(dana, "agree")),
        ("", bo, says(bo, "counter 1 by 14 Dec")),
        ("buttons:commitment.keep", dana, on_card(dana, "keep")),
        ("", bo, says(bo, "counter 1 by 15 Dec")),
        ("words:keep", dana, lambda: scene.slash(dana, "keep 1")),
        ("words:hand", bo, says(bo, "hand 1 to @Hui")),
        ("buttons:commitment.take_over", hui, on_card(hui, "take_over")),
        ("", hui, on_card(hui, "hand_over")),
        ("forms:commitment.hand_over", hui, fills(hui, **{"To_whom?": "Bo"})),
        ("", bo, on_card(bo, "take_over")),
        ("buttons:commitment.done", bo, on_card(bo, "done")),
        ("", dana, on_card(dana, "missing")),
        ("forms:commitment.missing", dana, fills(dana, **{"What_is_missing?": "the list"})),
        ("words:done", bo, says(bo, "done 1")),
        ("words:reopen", bo, says(bo, "reopen 1")),
        ("words:paid", bo, says(bo, "paid 1")),
        ("words:unpaid", bo, says(bo, "unpaid 1")),
        ("", bo, says(bo, "show 1")),
        ("buttons:shares.paid", bo, _on_newest(bo, "shares.paid")),
        ("", bo, says(bo, "show 1")),
        ("buttons:shares.unpaid", bo, _on_newest(bo, "shares.unpaid")),
        ("", bo, lambda: scene.tells(bo, "remind me of 1 on 20 Nov")),
        ("", bo, lambda: bo.clicks("reminder.later_edit", message=bo.dm()[-1])),
        ("forms:reminder.later", bo, lambda: bo.submits({})),
        ("", bo, on_card(bo, "drop")),
        ("forms:commitment.drop", bo, fills(bo, Because="no mentees")),
        ("", dana, lambda: scene.slash(dana, "commit @Bo call the press by 4 Dec")),
        ("words:accept", bo, says(bo, "accept 2")),
        ("", dana, lambda: scene.slash(dana, "commit @Bo book a van by 4 Dec")),
        ("", bo, on_card(bo, "yes_if", 3)),
        ("forms:commitment.yes_if", bo, fills(bo, **{"If_what?": "travel is paid"})),
        ("words:drop", bo, says(bo, "drop 2 because it rains")),
        ("", dana, lambda: scene.slash(dana, "commit @Bo print posters by 4 Dec")),
        ("words:decline", bo, says(bo, "decline 4 because the van is gone")),
        ("", dana, lambda: scene.slash(dana, "commit @Bo print cards by 4 Dec")),
        ("", bo, on_card(bo, "no", 5)),
        ("forms:commitment.no", bo, fills(bo, Because="the van is gone")),
        ("", dana, lambda: scene.slash(dana, "commit call everybody by 4 Dec")),
        ("", dana, lambda: dana.clicks("undo.edit", message=dana.ephemerals()[-1])),
        ("forms:undo.edit", dana, fills(dana, **{"What?": "call them all"})),
        ("", dana, lambda: scene.slash(dana, "")),
        ("", dana, lambda: dana.clicks("commitment.new", channel=scene.channel)),
        (
            "forms:commitment.new",
            dana,
            fills(dana, **{"What?": "ask the mayor", "By_when?": "2026-12-04"}),
        ),
        ("", bo, says(bo, "closed 4 Dec")),
        ("", dana, lambda: scene.slash(dana, "commit @Bo sweep the hall by 4 Dec")),
        ("", bo, on_card(bo, "yes", 8)),
        ("", bo, lambda: bo.clicks("days.suggest", channel=scene.channel)),
        ("forms:days.suggest", bo, lambda: bo.submits({})),
    ]
    found = await walked(scene, steps)
    assert found == listed(found)


async def test_receipts_of_stuck_check_ins_and_recording(started: Scene) -> None:
    scene, bo, hui, dana = started, started.bo, started.hui, started.dana

    def on_prompt(person: Person, label: str) -> Callable[[], Awaitable[object]]:
        return lambda: person.clicks(label, message=scene.post("Check-in for"))

    steps: list[Step] = [
        ("", bo, lambda: scene.mentions(bo, "commit bring the list by 20 Nov")),
        ("", bo, lambda: scene.mentions(bo, "commit call the press by 20 Nov")),
    ]
    for way in (
        "buttons:commitment.tell_colleague",
        "buttons:commitment.tell_everyone",
    ):
        steps += [
            ("", bo, lambda: scene.tells(bo, "stuck 1: no van")),
            (way, bo, _on_newest(bo, way.partition(":")[2])),
        ]
    steps += [
        ("", hui, lambda: scene.mentions(hui, "checkin now")),
        ("buttons:checkin.on_track", bo, on_prompt(bo, "checkin.on_track")),
        ("buttons:checkin.done", bo, on_prompt(bo, "checkin.done")),
        ("", bo, lambda: scene.replies(bo, "#2 done", scene.post("Check-in for"))),
        ("buttons:checkin.yes", bo, lambda: bo.clicks("checkin.yes", channel=scene.channel)),
        ("", bo, lambda: bo.says("Somebody should ask for a room", channel=scene.channel)),
        (
            "",
            dana,
            lambda: dana.chooses_shortcut(
                "recording.record",
                next(
                    each
                    for each in reversed(dana.messages(scene.channel))
                    if "ask for a room" in each.text
                ),
            ),
        ),
        (
            "forms:recording.record",
            dana,
            lambda: scene.sends(dana, **{"By_when?": "2026-12-04", "What?": "ask for a room"}),
        ),
    ]
    found = await walked(scene, steps)
    assert found == listed(found)


def test_each_way_in_that_has_buttons_is_gone() -> None:
    has_buttons = {
        f"{kind}:{name}"
        for kind, (ways, _) in WAYS_IN.items()
        for name, buttons in ways.items()
        if isinstance(buttons, tuple)
    }
    named = set(_WAY.findall(Path(__file__).read_text(encoding="utf-8")))
    assert named >= _ELSEWHERE
    assert named == has_buttons
