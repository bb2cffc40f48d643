"""Files that people put into forms: kept in memory, told of and handed out as Slack does.

A file has two addresses, and both want the app's token in the ``Authorization`` header. Without one
Slack sends the caller away to sign in; with one that may not read files it answers 200 and a page
for browsers (reported in bolt-js issue 2585), so that a status alone tells nobody anything.
"""

import mimetypes
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import quote

from aiohttp import web

from bot.sandbox.block_kit.elements import MOST_FILES
from bot.sandbox.errors import Json, RefusedError
from bot.sandbox.faults import Faults
from bot.sandbox.slack import Slack
from bot.sandbox.world import File, User

READ = "files:read"
"""The scope that a ``file_input`` needs, and the file itself."""

PRIVATE = "files-pri"
"""What the asking for a file's contents is called towards ``Faults``."""

_SIGN_IN = """<!DOCTYPE html><html lang="en-US"><head><title>Sign in | Slack</title></head>
<body><h1>Sign in to your workspace</h1></body></html>"""


def upload(slack: Slack, user: User, element: Json, name: str, data: bytes) -> File:
    """Bring a file to Slack for a ``file_input``; the client refuses what does not fit there."""
    types = [str(each).lower() for each in element.get("filetypes") or ()]
    if types and _extension(name) not in types:
        raise RefusedError(f"This file type is not supported here. Choose {', '.join(types)}.")
    if len(data) > slack.limits.file_bytes:
        most = slack.limits.file_bytes // (1024 * 1024)
        raise RefusedError(f"This file is too large. A file may have {most} MB.")
    file = File(
        id="F0" + secrets.token_hex(5).upper(),
        name=name,
        user=user.id,
        team=user.team_id,
        data=data,
        created=int(slack.calendar.now().timestamp()),
    )
    slack.files[file.id] = file
    return file


def chosen(slack: Slack, user: User, element: Json, selected: object) -> Json:
    """The state of a ``file_input`` that holds these files (ids) of the person's own."""
    ids = selected if isinstance(selected, list) else [] if selected is None else [selected]
    if len(ids) > int(element.get("max_files") or MOST_FILES):
        raise RefusedError("There are too many files in this field.")
    files = [slack.files.get(str(each)) for each in ids]
    return {
        "type": "file_input",
        "files": [_told(slack, user, file) for file in files if file and file.user == user.id],
    }


def _told(slack: Slack, user: User, file: File) -> Json:
    """What a form says of a file. Of another workspace's it says only where to ask: by
    ``files.info`` (https://docs.slack.dev/apis/slack-connect).
    """
    if not slack.is_external(user):
        return as_slack(slack, file)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "mode": "file_access",
        "file_access": "check_file_info",
    }


def as_slack(slack: Slack, file: File) -> Json:
    """A file object (https://docs.slack.dev/reference/objects/file-object)."""
    where = f"{slack.base_url}/{PRIVATE}/{file.team}-{file.id}"
    name, kind = quote(file.name), _extension(file.name)
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.name,
        "mimetype": _mimetype(file.name),
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": file.user,
        "user_team": file.team,
        "editable": False,
        "size": len(file.data),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": False,
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{where}/{name}",
        "url_private_download": f"{where}/download/{name}",
        "media_display_type": "unknown",
        "has_rich_preview": False,
        "file_access": "visible",
    }


def _extension(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _mimetype(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


class PrivateFiles:
    """Answers a file's addresses. ``may`` says whether a token may use a scope."""

    def __init__(self, slack: Slack, may: Callable[[str, str], bool], faults: Faults) -> None:
        self._slack = slack
        self._may = may
        self.faults = faults
        self.asked: list[Mapping[str, str]] = []
        """The headers of every request, for tests."""

    async def serve(self, request: web.Request) -> web.StreamResponse:
        with self._slack.busy.during():
            self.asked.append(dict(request.headers))
            key = request.match_info["key"]
            early = await self.faults.before_call(PRIVATE, {"file": key.rpartition("-")[2]})
            return early or self._answer(request.headers.get("Authorization", ""), key)

    def _answer(self, header: str, key: str) -> web.StreamResponse:
        if not header.lower().startswith("bearer "):
            return web.Response(status=302, headers={"Location": f"{self._slack.base_url}/"})
        if not self._may(header[7:].strip(), READ):
            return web.Response(text=_SIGN_IN, content_type="text/html")
        team, _, which = key.partition("-")
        file = self._slack.files.get(which)
        if file is None or file.team != team:
            return web.Response(status=404, text="Not Found")
        return web.Response(body=file.data, content_type=_mimetype(file.name))
