"""Who acted is read from the payload, in one place."""

from typing import Any

import pytest

from handlers import actor
from handlers.actor import Actor


def test_a_command_comes_from_the_installing_workspace() -> None:
    body = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "enterprise_id": "E1"}
    assert actor.of_command(body) == Actor("T1", "E1", "U1", "C1")


def test_a_partners_button_names_the_installing_workspace_as_team() -> None:
    body = {
        "team": {"id": "T1"},
        "user": {"id": "U2", "team_id": "T2"},
        "channel": {"id": "C1"},
        "enterprise": None,
    }
    assert actor.of_interaction(body) == Actor("T1", None, "U2", "C1")


def test_a_partners_modal_names_it_apart_from_the_partners_own_team() -> None:
    body = {
        "team": {"id": "T2"},
        "user": {"id": "U2", "team_id": "T2"},
        "view": {"id": "V1", "app_installed_team_id": "T1"},
    }
    assert actor.of_interaction(body) == Actor("T1", None, "U2", None)


def test_a_button_of_an_ephemeral_message_has_its_channel_in_the_container() -> None:
    body = {
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "container": {"type": "message", "channel_id": "C1", "is_ephemeral": True},
    }
    assert actor.of_interaction(body).channel == "C1"


EVENTS: dict[str, tuple[dict[str, Any], Actor]] = {
    "a partner's message": (
        {
            "team_id": "T2",
            "authorizations": [{"team_id": "T1", "enterprise_id": None}],
            "event": {"type": "message", "user": "U2", "user_team": "T2", "channel": "C1"},
        },
        Actor("T1", None, "U2", "C1"),
    ),
    "an enterprise's installation": (
        {
            "team_id": "T2",
            "authorizations": [{"team_id": None, "enterprise_id": "E1"}],
            "event": {"type": "app_mention", "user": "U2", "channel": "C1"},
        },
        Actor("T2", "E1", "U2", "C1"),
    ),
    "no authorization at all": (
        {"team_id": "T1", "event": {"type": "app_uninstalled"}},
        Actor("T1", None, "", None),
    ),
    "an edited message": (
        {
            "team_id": "T1",
            "event": {
                "type": "message",
                "subtype": "message_changed",
                "channel": "C1",
                "message": {"user": "U3", "ts": "1.1"},
            },
        },
        Actor("T1", None, "U3", "C1"),
    ),
    "a deleted message": (
        {
            "team_id": "T1",
            "event": {
                "type": "message",
                "subtype": "message_deleted",
                "channel": "C1",
                "previous_message": {"user": "U3"},
            },
        },
        Actor("T1", None, "U3", "C1"),
    ),
    "a renamed channel": (
        {"team_id": "T1", "event": {"type": "channel_rename", "channel": {"id": "C1"}}},
        Actor("T1", None, "", "C1"),
    ),
    "a reaction": (
        {
            "team_id": "T1",
            "event": {"type": "reaction_added", "user": "U1", "item": {"channel": "C1"}},
        },
        Actor("T1", None, "U1", "C1"),
    ),
    "somebody's new name": (
        {"team_id": "T1", "event": {"type": "user_change", "user": {"id": "U1"}}},
        Actor("T1", None, "U1", None),
    ),
}


@pytest.mark.parametrize(("body", "who"), EVENTS.values(), ids=EVENTS)
def test_an_event_tells_who_and_for_which_installation(body: dict[str, Any], who: Actor) -> None:
    assert actor.of_event(body) == who
