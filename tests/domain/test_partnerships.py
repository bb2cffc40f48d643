"""The rules of the beginning, as a table of what holds a start back."""

from dataclasses import replace
from datetime import UTC, datetime, time
from itertools import product

import pytest

from bot.domain.errors import BotError, NotPossible
from bot.domain.partnerships import (
    NAME_LIMIT,
    Participation,
    Partnership,
    State,
    alike,
    check_start_without,
    chosen_rhythm,
    from_json,
    organization_name,
    ready,
    same_name,
    takes_part,
    to_json,
)
from bot.domain.people import Organization
from bot.domain.rhythm import Frequency, Rhythm

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)
ACME = Organization(1, "Acme", "TACME", host=True)
NORTHSIDE = Organization(2, "Northside Youth", "TNORTH")
HARBOR = Organization(3, "Harbor Women in Media", None)


def part(organization: Organization, *, agreed: bool, left: bool = False) -> Participation:
    return Participation(
        organization.id,
        1,
        organization,
        NOW,
        ok_at=NOW if agreed else None,
        left_at=NOW if left else None,
    )


def partnership(state: State) -> Partnership:
    return Partnership(1, 1, "mentors", "", "UTC", state, "C1", NOW)


@pytest.mark.parametrize(
    ("acme", "north", "guests"), list(product((True, False), (True, False), (0, 1)))
)
def test_it_is_ready_when_nobodys_ok_and_no_guests_word_is_missing(
    acme: bool, north: bool, guests: int
) -> None:
    parts = [part(ACME, agreed=acme), part(NORTHSIDE, agreed=north)]
    assert ready(parts, guests) is (acme and north and guests == 0)


def test_it_is_not_ready_without_anybody() -> None:
    assert not ready([], 0)


@pytest.mark.parametrize(
    ("state", "agreed", "left", "may"),
    [
        (State.BEGINNING, False, False, True),
        (State.BEGINNING, True, False, True),
        (State.BEGINNING, True, True, False),
        (State.STARTED, True, False, True),
        (State.STARTED, False, False, False),
        (State.STARTED, True, True, False),
        (State.ENDED, False, False, False),
    ],
)
def test_who_is_asked_and_recorded(state: State, agreed: bool, left: bool, may: bool) -> None:
    assert takes_part(partnership(state), part(ACME, agreed=agreed, left=left)) is may
    assert not takes_part(partnership(state), None)


def test_starting_without_needs_an_ok_and_the_wait() -> None:
    agreed, silent = part(ACME, agreed=True), part(NORTHSIDE, agreed=False)
    check_start_without([agreed, silent], waited=True)
    with pytest.raises(NotPossible, match="10 working days"):
        check_start_without([agreed, silent], waited=False)
    with pytest.raises(NotPossible, match="Nobody has said OK"):
        check_start_without([silent], waited=True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Harbor Women in Media", "harbor  women in MEDIA", True),
        ("Café Olé", "cafe ole", True),
        ("Harbor, Inc.", "Harbor Inc", True),
        ("Harbor", "Harbour", False),
        ("…", "!", False),
        ("女性之港", "女性之港", True),
        ("女性之港", "女性之家", False),
    ],
)
def test_names_are_the_same_where_nobody_would_notice_a_difference(
    one: str, other: str, same: bool
) -> None:
    assert same_name(one, other) is same


def test_similar_names_are_offered_the_likest_first() -> None:
    close = Organization(4, "Harbour Women in Media", None)
    assert alike("Harbor Women in Media", [ACME, close, HARBOR]) == (HARBOR, close)
    assert alike("Eastside Elders", [ACME, NORTHSIDE, HARBOR]) == ()


def test_a_name_is_kept_on_one_line() -> None:
    assert organization_name("  Harbor\n Women  in Media ") == "Harbor Women in Media"
    assert organization_name("x" * NAME_LIMIT) == "x" * NAME_LIMIT


@pytest.mark.parametrize("typed", ["", "  ", "\u200b\u202e", "...", "x" * (NAME_LIMIT + 1)])
def test_what_is_no_name_is_asked_for_again(typed: str) -> None:
    with pytest.raises(BotError, match="Please write"):
        organization_name(typed)


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm(Frequency.BIWEEKLY, 1, time(10)),
        Rhythm(Frequency.MONTHLY, 4, time(15, 30), nth=-1),
    ],
)
def test_a_rhythm_survives_being_kept_as_a_setting(rhythm: Rhythm) -> None:
    assert from_json(to_json(rhythm)) == rhythm


def test_a_rhythm_is_chosen_in_three_parts() -> None:
    assert chosen_rhythm("quarterly:-1", "4", "15:30") == Rhythm(
        Frequency.QUARTERLY, 4, time(15, 30), nth=-1
    )


@pytest.mark.parametrize(
    "choice",
    [
        ("", "", ""),
        ("daily", "1", "10:00"),
        ("weekly:2", "1", "10:00"),
        ("monthly", "1", "10:00"),
        ("weekly", "7", "10:00"),
        ("weekly", "x", "10:00"),
        ("weekly", "1", "25:00"),
        ("weekly", "1", "10:00:30"),
        ("weekly", "1", "10:00+01:00"),
    ],
)
def test_a_mended_form_gets_a_sentence(choice: tuple[str, str, str]) -> None:
    with pytest.raises(BotError, match="Please choose"):
        chosen_rhythm(*choice)


def test_an_ended_partnership_is_not_live() -> None:
    assert partnership(State.STARTED).live
    assert not replace(partnership(State.STARTED), state=State.ENDED).live
