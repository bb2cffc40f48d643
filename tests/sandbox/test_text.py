"""What people type becomes what Slack's client would send."""

import pytest

from bot.sandbox import World, demo_world
from bot.sandbox.text import mentions, rich_text, typed


@pytest.fixture
def world() -> World:
    return demo_world()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("@Bo please", "<@U0BO000000> please"),
        ("@bo, @Common Ground: hi", "<@U0BO000000>, <@U0COMMONGR>: hi"),
        ("@Bobby is nobody", "@Bobby is nobody"),
        ("mail bo@Bo.example", "mail bo@Bo.example"),
        ("see #mentoring-partners", "see <#C0MENTORIN|mentoring-partners>"),
        ("<@U0BO000000> was picked from the list", "<@U0BO000000> was picked from the list"),
        ("<@U0NOBODY00>", "&lt;@U0NOBODY00&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@channel all", "<!channel> all"),
        ("https://x.example/a?b=1&c=2 ok", "<https://x.example/a?b=1&amp;c=2> ok"),
        ("<https://x.example|y>", "&lt;<https://x.example>|y&gt;"),
    ],
)
def test_typed_text_becomes_message_text(world: World, text: str, sent: str) -> None:
    assert typed(text, world.users.values(), world.channels.values()) == sent


def test_commands_carry_labels(world: World) -> None:
    text = typed(
        "commit @Bo in #acme-dei", world.users.values(), world.channels.values(), labels=True
    )
    assert text == "commit <@U0BO000000|bo> in <#C0ACMEDEI0|acme-dei>"


def test_rich_text_says_the_same_as_the_text() -> None:
    [block] = rich_text("Hi <@U0BO000000>, see <https://x.example|this> &amp; <!here>", "b")
    kinds = [part["type"] for part in block["elements"][0]["elements"]]
    assert kinds == ["text", "user", "text", "link", "text", "broadcast"]
    assert block["elements"][0]["elements"][4]["text"] == " & "


def test_a_mention_is_found_with_and_without_label() -> None:
    assert mentions("Hi <@U1>", "U1")
    assert mentions("Hi <@U1|bo>", "U1")
    assert not mentions("Hi <@U12>", "U1")
