"""``files.*``: what somebody put into a form, as far as the app may know of it."""

from typing import Final

from bot.sandbox import files
from bot.sandbox.errors import Json, SlackError
from bot.sandbox.web_api.call import Call, Method


def info(call: Call) -> Json:
    file = call.slack.files.get(call.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": files.as_slack(call.slack, file), "comments": [], "response_metadata": {}}


METHODS: Final = (Method("files.info", info, (files.READ,), ("file",), takes_json=False),)
