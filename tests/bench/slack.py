"""A Slack that only answers: as fast as possible, in a process of its own.

``python -m tests.bench.slack``. The courier posts to it as it would to Slack; unlike the sandbox
it checks and remembers nothing, so that it takes little of the machine that is measured.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from aiohttp import web

from tests.bench.children import say
from tests.bench.world import APP, BOT, BOT_USER, CHANNELS, PEOPLE, TEAM

_USERS = {person.user: person for person in PEOPLE}
_posts = count(1)


def _who(_asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"team_id": TEAM, "team": "Acme", "bot_id": BOT, "user_id": BOT_USER}


def _bot(_asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"bot": {"id": BOT, "app_id": APP}}


def _user(asked: Mapping[str, Any]) -> dict[str, Any]:
    person = _USERS[asked["user"]]
    profile = {"display_name": person.name}
    return {
        "user": {
            "id": person.user,
            "team_id": person.team,
            "name": person.name,
            "tz": person.zone,
            "profile": profile,
        }
    }


def _team(asked: Mapping[str, Any]) -> dict[str, Any]:
    names = {person.team: person.team_name for person in PEOPLE}
    return {"team": {"id": asked["team"], "name": names[asked["team"]]}}


def _members(_asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"members": [*_USERS, BOT_USER]}


def _channel(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"channel": {"id": asked["channel"], "name": "mentoring-partners", "is_member": True}}


def _posted(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "channel": asked.get("channel", CHANNELS[0]),
        "ts": f"{int(time.time())}.{next(_posts):06}",
    }


METHODS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "auth.test": _who,
    "bots.info": _bot,
    "users.info": _user,
    "team.info": _team,
    "conversations.members": _members,
    "conversations.info": _channel,
    "chat.postMessage": _posted,
    "chat.update": _posted,
}


async def _answer(request: web.Request) -> web.Response:
    method = METHODS.get(request.match_info["method"])
    if method is None:
        return web.json_response({"ok": False, "error": "unknown_method"})
    asked: Mapping[str, Any] = request.query
    if not asked and request.can_read_body:
        is_json = request.content_type == "application/json"
        asked = await request.json() if is_json else dict(await request.post())
    return web.json_response({"ok": True, **method(asked)})


async def main() -> None:
    routes = web.Application()
    routes.router.add_route("*", "/api/{method}", _answer)
    runner = web.AppRunner(routes, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    say(f"http://127.0.0.1:{runner.addresses[0][1]}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
