"""``users.*``: who somebody is, as far as the installing workspace may know."""

from datetime import UTC
from typing import Final
from zoneinfo import ZoneInfo

from bot.sandbox.errors import Json, SlackError
from bot.sandbox.slack import Slack
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.world import User


def as_slack(slack: Slack, user: User, *, email: bool = False) -> Json:
    """A user object. People of other workspaces come with less, and with ``is_stranger``."""
    local = slack.calendar.now().astimezone(UTC).astimezone(ZoneInfo(user.zone))
    offset = local.utcoffset()
    external = slack.is_external(user)
    profile: Json = {
        "title": "",
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "status_text": "",
        "status_emoji": "",
        "team": user.team_id,
    }
    body: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.username,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.name,
        "tz": user.zone,
        "tz_label": local.tzname() or user.zone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": 1_760_000_000,
    }
    if external:
        body["is_stranger"] = not slack.shares_channel(user)
        return body
    body |= {
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.guest is not None,
        "is_ultra_restricted": user.guest == "single",
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": slack.app.id, "always_active": True}
    elif email and user.email:
        profile["email"] = user.email
    return body


def info(call: Call) -> Json:
    user = call.user()
    body = as_slack(call.slack, user, email="users:read.email" in call.slack.config.scopes)
    if call.flag("include_locale") and not call.slack.is_external(user):
        body["locale"] = "en-US"
    return {"user": body}


def list_(call: Call) -> Json:
    """Members and guests of the installing workspace; people of others are not listed."""
    email = "users:read.email" in call.slack.config.scopes
    found = [
        as_slack(call.slack, user, email=email)
        for user in call.slack.world.users.values()
        if not call.slack.is_external(user)
    ]
    page, cursor = call.page(found, 1000, 1000)
    return {"members": page, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


def lookup_by_email(call: Call) -> Json:
    email = call.need("email").lower()
    for user in call.slack.world.users.values():
        if not call.slack.is_external(user) and (user.email or "").lower() == email:
            return {"user": as_slack(call.slack, user, email=True)}
    raise SlackError("users_not_found")


METHODS: Final = (
    Method("users.info", info, ("users:read",), ("user",), takes_json=False),
    Method("users.list", list_, ("users:read",), takes_json=False),
    Method(
        "users.lookupByEmail",
        lookup_by_email,
        ("users:read.email",),
        ("email",),
        takes_json=False,
    ),
)
