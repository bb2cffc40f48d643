"""A Slack with several workspaces on this machine, for the first five minutes, stories and tests.

It speaks what Slack speaks, on loopback only: the Web API over HTTP, Socket Mode over a websocket,
signed HTTP deliveries, ``response_url``, modals, App Home. It knows nothing of any bot; a bot is
configured for it by ``SLACK_API_URL`` and tokens alone. Where mocks are lax it is strict:
``strictness.py`` lists every refusal with Slack's error name.

One module, one subject: ``world`` (who exists), ``slack`` (what is remembered), ``posting`` and
``membership`` (what happens), ``events`` and ``interactions`` (what the app is told), ``delivery``,
``socket_mode``, ``http_mode`` (how), ``web_api`` (what the app may ask), ``acts`` (what people can
do), ``files`` (what they put into forms), ``people`` and ``page_api`` (who lets them), ``server``
(all of it together).
"""

from bot.sandbox.config import AppConfig, Command, Limits, Shortcut
from bot.sandbox.errors import NotShownError, RefusedError, SlackError
from bot.sandbox.faults import Faults
from bot.sandbox.interactions import Reply
from bot.sandbox.messages import Message
from bot.sandbox.people import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.views import View
from bot.sandbox.web_api.dispatch import ApiCall
from bot.sandbox.world import Channel, User, Workspace, World, demo_world

NotShown = NotShownError

__all__ = [
    "ApiCall",
    "AppConfig",
    "Channel",
    "Command",
    "Faults",
    "Limits",
    "Message",
    "NotShown",
    "NotShownError",
    "Person",
    "RefusedError",
    "Reply",
    "Sandbox",
    "Shortcut",
    "SlackError",
    "User",
    "View",
    "Workspace",
    "World",
    "demo_world",
]
