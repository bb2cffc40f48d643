"""Ways in to the commitments: words, buttons, forms and replies in a card's thread."""

from collections.abc import Awaitable, Callable, Mapping

from bot.domain.posts import Kind
from bot.language import Said
from bot.views.ids import CommitmentButton as Button
from bot.views.ids import CommitmentForm as Form
from handlers.answer import Answer
from handlers.commitments.buttons import (
    press_change,
    press_done,
    press_drop,
    press_hand_over,
    press_keep,
    press_list,
    press_mine,
    press_missing,
    press_new,
    press_no,
    press_on_track,
    press_page,
    press_show,
    press_stuck,
    press_tell_colleague,
    press_tell_everyone,
    press_tell_nobody,
    press_waiting,
    press_yes,
    press_yes_if,
)
from handlers.commitments.forms import (
    send_change,
    send_drop,
    send_hand_over,
    send_missing,
    send_new,
    send_no,
    send_stuck,
    send_yes_if,
)
from handlers.commitments.thread import reply
from handlers.commitments.words import (
    accept,
    commit,
    counter,
    decline,
    done,
    drop,
    hand,
    keep,
    listing,
    mine,
    reopen,
    show,
    stuck,
    unstuck,
    waiting,
)
from handlers.visit import Visit

Press = Callable[[Visit], Awaitable[Answer]]


VERBS: Mapping[str, Callable[[Visit, Said], Awaitable[Answer]]] = {
    "commit": commit,
    "list": listing,
    "mine": mine,
    "waiting": waiting,
    "show": show,
    "accept": accept,
    "counter": counter,
    "decline": decline,
    "done": done,
    "stuck": stuck,
    "unstuck": unstuck,
    "keep": keep,
    "hand": hand,
    "reopen": reopen,
    "drop": drop,
}


BUTTONS: Mapping[str, Press] = {
    Button.YES: press_yes,
    Button.AGREE: press_yes,
    Button.TAKE_OVER: press_yes,
    Button.KEEP: press_keep,
    Button.TAKE_BACK: press_keep,
    Button.HAND_OVER: press_hand_over,
    Button.MISSING: press_missing,
    Button.DONE: press_done,
    Button.ON_TRACK: press_on_track,
    Button.YES_IF: press_yes_if,
    Button.ANOTHER_DATE: press_change,
    Button.CHANGE: press_change,
    Button.NO: press_no,
    Button.DROP: press_drop,
    Button.STUCK: press_stuck,
    Button.TELL_COLLEAGUE: press_tell_colleague,
    Button.TELL_EVERYONE: press_tell_everyone,
    Button.TELL_NOBODY: press_tell_nobody,
    Button.SHOW: press_show,
    Button.NEW: press_new,
    Button.LIST: press_list,
    Button.MINE: press_mine,
    Button.WAITING: press_waiting,
    Button.EARLIER: press_page,
    Button.LATER: press_page,
}


MODALS: Mapping[str, Press] = {
    Form.YES_IF: send_yes_if,
    Form.CHANGE: send_change,
    Form.NO: send_no,
    Form.DROP: send_drop,
    Form.STUCK: send_stuck,
    Form.HAND_OVER: send_hand_over,
    Form.MISSING: send_missing,
    Form.NEW: send_new,
}


THREADS: Mapping[Kind, Callable[[Visit, int, int], Awaitable[Answer]]] = {
    Kind.CARD: reply,
}
