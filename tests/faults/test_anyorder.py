"""The machine of rules holds, and finds out a courier that lacks a safeguard."""

import pytest

from bot.courier.delivery import Delivery
from tests.faults.anyorder import search
from tests.faults.machine import Machine
from tests.faults.watched import DOUBLE, LOST, STEP


def test_the_promise_holds_in_whatever_order_things_happen() -> None:
    Machine.hit.clear()
    search(1, examples=200, steps=50)
    assert Machine.hit["posted"] > 200
    assert Machine.hit["crashed"] > 0
    assert Machine.hit[STEP] > 1000
    assert Machine.hit[DOUBLE] == Machine.hit[LOST] == 0


async def blind(self: Delivery) -> None:
    """Post again without having looked."""
    await self._send()


def test_a_courier_that_does_not_look_first_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    Machine.hit.clear()
    monkeypatch.setattr(Delivery, "_reconcile", blind)
    with pytest.raises(AssertionError, match=r"posted twice|two send|out of order"):
        search(1, examples=300, steps=50, shrink=False)
