"""Every way in, thin: from Slack and from the clock.

Bolt gets one listener per kind of payload, since it tries its listeners in order
(8 microseconds each); the tables in ``handlers.tables`` decide by name.
"""

import re

from slack_bolt.async_app import AsyncApp

from handlers.events import Events
from handlers.house import House
from handlers.interactions import Interactions

__all__ = ["House", "register"]

_ANY = re.compile(".*", re.DOTALL)


def register(app: AsyncApp, house: House) -> None:
    """Give Bolt its listeners."""
    interactions = Interactions(house)
    events = Events(house)
    app.command(_ANY)(interactions.command)
    app.action(_ANY)(interactions.button)
    app.view_submission(_ANY)(interactions.modal)
    app.view_closed(_ANY)(interactions.closed)
    app.options(_ANY)(interactions.unknown)
    app.shortcut(_ANY)(interactions.shortcut)
    app.event(_ANY)(events.event)
