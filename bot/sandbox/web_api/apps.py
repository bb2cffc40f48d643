"""``api.test``, ``auth.test``, ``apps.connections.open``, ``bots.info``."""

from typing import Final

from bot.sandbox.errors import Json, SlackError
from bot.sandbox.web_api.call import Call, Method


def api_test(call: Call) -> Json:
    if call.text("error"):
        raise SlackError(str(call.args["error"]), args=dict(call.args))
    return {"args": dict(call.args)} if call.args else {}


def auth_test(call: Call) -> Json:
    app, team = call.slack.app, call.slack.home_team
    if call.caller == "app":
        return {"app_id": app.id, "app_name": app.name}
    return {
        "url": f"https://{team.domain}.slack.example/",
        "team": team.name,
        "user": call.slack.bot.username,
        "team_id": team.id,
        "user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    ticket = call.slack.tickets.socket()
    return {"url": f"{call.base_url.replace('http', 'ws', 1)}/socket/{ticket}"}


def bots_info(call: Call) -> Json:
    app = call.slack.app
    if call.text("bot") not in (None, app.bot_id):
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": app.bot_id,
            "deleted": False,
            "name": app.name,
            "updated": 1_760_000_000,
            "app_id": app.id,
            "user_id": app.bot_user_id,
            "icons": {},
        }
    }


METHODS: Final = (
    Method("api.test", api_test, caller="none"),
    Method("auth.test", auth_test, caller="any"),
    Method("apps.connections.open", connections_open, caller="app"),
    Method("bots.info", bots_info, ("users:read",), takes_json=False),
)
