"""``team.info``: the installing workspace, or one that shares a channel with it."""

from typing import Final

from bot.sandbox.errors import Json, SlackError
from bot.sandbox.web_api.call import Call, Method


def info(call: Call) -> Json:
    slack = call.slack
    team_id = call.text("team") or slack.app.team_id
    known = {slack.app.team_id}
    for channel in slack.world.channels.values():
        if slack.bot_in(channel):
            known.update(channel.teams)
    team = slack.world.workspaces.get(team_id)
    if team is None or team.id not in known:
        raise SlackError("team_not_found")
    body: Json = {
        "id": team.id,
        "name": team.name,
        "url": f"https://{team.domain}.slack.example/",
        "domain": team.domain,
        "icon": {"image_default": True},
    }
    if team.id == slack.app.team_id:
        body["email_domain"] = ""
    return {"team": body}


METHODS: Final = (Method("team.info", info, ("team:read",), takes_json=False),)
