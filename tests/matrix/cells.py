"""The matrix of what can be done with a commitment: each state, each part in it, each act, each
door, generated from the rules' own tables. What cannot be is named here with its reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.commitments import LIFE, STANDING_IN, Act, Side, State, Step
from bot.language import VERBS, Meaning
from bot.views.ids import CommitmentButton as Button
from handlers import commitments as handlers
from handlers.visit import Door

DOORS = (Door.COMMAND, Door.MENTION, Door.BUTTON, Door.REPLY)
"""A direct message takes the same words as a mention; stories try it."""


class Who(StrEnum):
    """Where somebody comes from, since not all have all doors."""

    HOST = "host"  # of the workspace that installed the app
    PARTNER = "partner"  # by Slack Connect
    GUEST = "guest"  # in the host's workspace


THROUGH: Mapping[Door, tuple[Who, ...]] = {
    Door.COMMAND: (Who.HOST,),  # Slack offers it to nobody else
    Door.MENTION: (Who.PARTNER, Who.GUEST),
    Door.BUTTON: (Who.HOST, Who.PARTNER, Who.GUEST),
    Door.REPLY: (Who.PARTNER, Who.GUEST),
}
"""Who tries what can be done by which door."""


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is to a commitment, and whether its owner is away."""

    side: Side
    away: bool = False

    def __str__(self) -> str:
        return f"{self.side}{' (owner away)' if self.away else ''}"


PARTS = (
    Part(Side.OWNER),
    Part(Side.PROMISER),
    Part(Side.ASKING),
    Part(Side.ASKING, away=True),
    Part(Side.NEXT),
    Part(Side.LEAD, away=True),
    Part(Side.OTHER),
)

VERB_OF: Mapping[str, Act] = {
    "accept": Act.ACCEPT,
    "accept if": Act.CONDITION,
    "counter": Act.CHANGE,
    "decline": Act.DECLINE,
    "keep": Act.KEEP,
    "hand": Act.HAND_OVER,
    "done": Act.DONE,
    "reopen": Act.REOPEN,
    "drop": Act.DROP,
    "stuck": Act.STUCK,
    "unstuck": Act.ON_TRACK,
}
"""By name of the verb; *yes, if …* is said with the verb of *yes*."""

NO_ACT = {
    "commit": "it makes a commitment and changes none",
    "list": "it changes nothing",
    "mine": "it changes nothing",
    "waiting": "it changes nothing",
    "show": "it changes nothing",
}

WORDS: Mapping[Act, str] = {
    Act.ACCEPT: "yes {n}",
    Act.CONDITION: "yes {n} if travel is paid",
    Act.CHANGE: "another {n} by 4 Dec",
    Act.DECLINE: "no {n} because our van is gone",
    Act.KEEP: "keep {n}",
    Act.HAND_OVER: "hand over {n} to {to}",
    Act.DONE: "done {n}",
    Act.REOPEN: "reopen {n}: the list of names",
    Act.DROP: "drop {n} because the venue closed",
    Act.STUCK: "stuck {n}: no venue",
    Act.ON_TRACK: "unstuck {n}",
}
"""For the command and the mention."""

REPLIES: Mapping[Act, tuple[str, Meaning]] = {
    Act.ACCEPT: ("yes", Meaning.YES),
    Act.CONDITION: ("yes, if travel is paid", Meaning.YES_IF),
    Act.CHANGE: ("could we do 4 Dec?", Meaning.ANOTHER_DATE),
    Act.DECLINE: ("no, because our van is gone", Meaning.NO),
    Act.KEEP: ("keep it as it was", Meaning.KEEP),
    Act.HAND_OVER: ("hand it over to {to}", Meaning.HAND_OVER),
    Act.DONE: ("done", Meaning.DONE),
    Act.REOPEN: ("something is missing: the list of names", Meaning.REOPEN),
    Act.DROP: ("drop it because the venue closed", Meaning.DROP),
    Act.STUCK: ("stuck: no venue", Meaning.STUCK),
    Act.ON_TRACK: ("back on track", Meaning.ON_TRACK),
}
"""In the thread of the card."""


@dataclass(frozen=True, slots=True)
class Press:
    """How an act is done with buttons."""

    buttons: tuple[Button, ...]
    """One of these is there, whatever the state."""
    typed: Mapping[str, str] | None = None
    """Into the form that opens, by label."""
    chosen: Mapping[str, str] | None = None


BUTTONS: Mapping[Act, Press] = {
    Act.ACCEPT: Press((Button.YES, Button.AGREE, Button.TAKE_OVER)),
    Act.CONDITION: Press((Button.YES_IF,), {"If what?": "travel is paid"}),
    Act.CHANGE: Press((Button.ANOTHER_DATE,), {"By when?": "2026-12-04"}),
    Act.DECLINE: Press((Button.NO,), {"Because": "our van is gone"}),
    Act.KEEP: Press((Button.KEEP, Button.TAKE_BACK)),
    Act.HAND_OVER: Press((Button.HAND_OVER,), {}, {"To whom?": "{to}"}),
    Act.DONE: Press((Button.DONE,)),
    Act.REOPEN: Press((Button.MISSING,), {"What is missing?": "the list of names"}),
    Act.DROP: Press((Button.DROP,), {"Because": "the venue closed"}),
    Act.STUCK: Press(
        (Button.STUCK,), {"What keeps you from it?": "no venue"}, {"Who may know?": "Everyone here"}
    ),
    Act.ON_TRACK: Press((Button.ON_TRACK,)),
}

NO_OTHER_BUTTONS = {
    Button.CHANGE: "as Another date, on a receipt",
    Button.TELL_COLLEAGUE: "answers “Who may know?”, after being stuck was said in private",
    Button.TELL_EVERYONE: "as that",
    Button.TELL_NOBODY: "as that",
    Button.SHOW: "it changes nothing",
    Button.NEW: "it makes a commitment and changes none",
    Button.LIST: "it changes nothing",
    Button.MINE: "it changes nothing",
    Button.WAITING: "it changes nothing",
    Button.EARLIER: "it changes nothing",
    Button.LATER: "it changes nothing",
}

_KEEPS = "where only a change or a hand-over can be refused, “Keep what was agreed” says it"
_CHANGES = (
    "what is agreed already is changed with “Another date”, words and all; “yes, if” is for what "
    "one is asked"
)

WITHOUT_BUTTON: Mapping[tuple[State, Part, Act], str] = {
    **{
        (state, Part(side, away), Act.DECLINE): _KEEPS
        for state, side, away in (
            (State.COUNTERED, Side.ASKING, False),
            (State.COUNTERED, Side.ASKING, True),
            (State.CHANGE_OFFERED, Side.OWNER, False),
            (State.CHANGE_OFFERED, Side.ASKING, False),
            (State.CHANGE_OFFERED, Side.ASKING, True),
            (State.CHANGE_ASKED, Side.OWNER, False),
            (State.CHANGE_ASKED, Side.ASKING, False),
            (State.CHANGE_ASKED, Side.ASKING, True),
            (State.HANDING_OVER, Side.OWNER, False),
            (State.HANDING_OVER, Side.PROMISER, False),
            (State.HANDING_OVER, Side.NEXT, False),
            (State.HANDING_OVER, Side.ASKING, True),
            (State.HANDING_OVER, Side.LEAD, True),
        )
    },
    **{
        (state, Part(side), Act.CONDITION): _CHANGES
        for state, side in (
            (State.ACCEPTED, Side.OWNER),
            (State.ACCEPTED, Side.PROMISER),
            (State.CHANGE_OFFERED, Side.OWNER),
            (State.CHANGE_ASKED, Side.OWNER),
            (State.HANDING_OVER, Side.OWNER),
            (State.HANDING_OVER, Side.PROMISER),
        )
    },
}
"""What can be done where no button shows it, and why none has to. All else has its button."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing to try."""

    state: State
    part: Part
    act: Act
    door: Door

    def __str__(self) -> str:
        return f"{self.state} · {self.part} · {self.act} · {self.door}"


def comes_of(cell: Cell) -> Step | None:
    """What the rules say of it; None: it is refused."""
    if cell.part == Part(Side.ASKING) and (cell.state, cell.act) in STANDING_IN:
        return None
    return LIFE.get((cell.state, cell.part.side, cell.act))


def impossible(cell: Cell) -> str | None:
    """Why nobody can come to try it; None: somebody can."""
    state, side = cell.state, cell.part.side
    if side is Side.NEXT and state is not State.HANDING_OVER:
        return "nobody is asked to take it over in that state"
    if side is Side.PROMISER and state in {
        State.PROPOSED,
        State.COUNTERED,
        State.CHANGE_OFFERED,
        State.CHANGE_ASKED,
        State.DECLINED,
    }:
        return "a promise of one's own counts at once, and nobody has to agree to a change"
    if side is Side.OTHER and cell.part.away:
        return "an absent owner changes nothing for those who are no part of it"
    return None


def cells() -> Iterator[Cell]:
    """Every cell there is."""
    for state in State:
        for part in PARTS:
            for act in Act:
                for door in DOORS:
                    yield Cell(state, part, act, door)


def gaps() -> list[str]:
    """What the tables of the program have and this matrix does not know."""
    found = [f"verb {verb}" for verb in handlers.VERBS if verb not in {*VERB_OF, *NO_ACT}]
    found += [f"verb {verb} of the matrix" for verb in VERB_OF if verb.split()[0] not in VERBS]
    found += [f"act {act} by words" for act in Act if act not in VERB_OF.values()]
    found += [f"act {act} by words" for act in Act if act not in WORDS]
    found += [f"act {act} by reply" for act in Act if act not in REPLIES]
    found += [f"act {act} by button" for act in Act if act not in BUTTONS]
    pressed = {button for press in BUTTONS.values() for button in press.buttons}
    found += [
        f"button {button}"
        for button in handlers.BUTTONS
        if button not in pressed and button not in NO_OTHER_BUTTONS
    ]
    found += [f"side {side}" for side in Side if side not in {part.side for part in PARTS}]
    return found
