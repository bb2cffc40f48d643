"""Whatever somebody types, by whichever door and transport: it is answered and harms nobody.

That no call was refused, no delivery left unanswered, nothing logged as wrong and nothing alive
in what was posted is asserted by the watch over each scene.
"""

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox import RefusedError
from tests.fixtures.scene import Scene, scene_of

_PIECES = st.sampled_from(
    [
        "commit ",
        "@Bo ",
        "@Common Ground ",
        " by friday",
        " by 30 Feb",
        " by 03/04",
        " for mentoring",
        "done ",
        "#1 ",
        "stuck: ",
        "yes if ",
        "checkin schedule ",
        "every second Tuesday at 25:00",
        "with ",
        "setup ",
        "<!channel>",
        "@channel",
        "<@U0NOBODY9>",
        "<#C0MENTORIN|x>",
        "<http://evil.example|bank>",
        "&lt;!here&gt;",
        "<!subteam^S1|@all>",
        "```",
        "*_~`>",
        "\n",
        "\r\n",
        "\x00",
        "\ud800",
        "\udc00\ud83d",
        "\u202e",
        "\u2066",
        "\u200b",
        "\u2028",
        "e" + "\u0301" * 40,
        "👩🏽‍🤝‍👨🏿",
        "🇺🇸🇺",
        "１２",
        "9" * 40,
        "ﷺ" * 30,
    ]
)
_TEXTS = st.lists(
    st.one_of(_PIECES, st.text(max_size=30), st.characters(codec=None)), min_size=1, max_size=8
).map("".join)
"""What people type, and what they never would; lone surrogates included."""

_SOME = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
"""Each example goes through six doors of the whole bot."""


@pytest.fixture(params=["socket", "http"])
async def any_scene(
    request: pytest.FixtureRequest, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Scene]:
    """A scene by each transport, with a commitment and a check-in to write about."""
    async with scene_of(sqlite_url, caplog, by_http=request.param == "http") as scene:
        await scene.begins()
        await scene.slash(scene.dana, "commit @Bo call the press by 20 Nov")
        await scene.mentions(scene.bo, "checkin now")
        await scene.mentions(scene.hui, "list")
        scene.expected_refusals |= {("users.info", "user_not_found")}
        yield scene


@_SOME
@given(text=_TEXTS)
async def test_any_text_by_any_door(any_scene: Scene, text: str) -> None:
    scene = any_scene
    card, prompt = scene.card(), scene.post("Check-in for")
    for act in (
        scene.dana.slash(f"/partner {text}", channel=scene.channel),
        scene.bo.says(f"@Common Ground {text}", channel=scene.channel),
        scene.bo.says(text, channel=scene.channel, thread=card),
        scene.hui.says(text, channel=scene.channel, thread=prompt),
        scene.hui.tells_app(text),
    ):
        with suppress(RefusedError):  # Slack's own client does not send it
            await act
    await scene.settled()
    await _write_into_a_form(scene, text)


async def _write_into_a_form(scene: Scene, text: str) -> None:
    hui = scene.hui
    if hui.has_modal():
        await hui.closes(everything=True)
    (listed,) = [each for each in hui.dm() if "New commitment" in hui.button_labels(each)][:1]
    await hui.clicks("New commitment", message=listed)
    await hui.submits({"What?": text, "By when?": "2026-12-04", "For which program?": text[:300]})
    await scene.settled()


@pytest.mark.parametrize("length", [2_999, 4_001, 12_001, 39_000])
async def test_any_length_by_any_door(any_scene: Scene, length: int) -> None:
    scene = any_scene
    card, prompt = scene.card(), scene.post("Check-in for")
    for letter in ("a", "&", "👩🏽‍🤝‍👨🏿", "e\u0301", "\u202e", "<"):
        text = letter * (length // len(letter))
        await scene.slash(scene.dana, f"commit {text} by 4 Dec")
        await scene.mentions(scene.bo, f"commit {text} by 4 Dec for {text[:80]}")
        await scene.replies(scene.bo, f"stuck: {text}", card)
        await scene.replies(scene.hui, text, prompt)
        await scene.tells(scene.hui, text)
    await scene.mentions(scene.bo, "list")
    await scene.mentions(scene.bo, "show 2")
    await scene.mentions(scene.bo, "digest preview")
    await scene.presses(scene.bo, "Another date", scene.card(2))
