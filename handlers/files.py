"""Files that people put into a form, read from Slack: only from there, only so long and so much.

The app's token opens a file's address and goes to Slack alone, in the ``Authorization`` header.
Where it does not open it, Slack answers with a redirection or with a page to sign in, which looks
like success.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.directory import Unreachable, held_back
from bot.domain.errors import BotError
from handlers.answer import may_be_told
from handlers.visit import Visit

SCOPE = "files:read"
"""What a field for files needs (https://docs.slack.dev/reference/block-kit/block-elements), and
``files.info``.
"""

MOST_BYTES = 1024 * 1024
"""What is read of a file; what is larger is refused unread."""

HOSTS = frozenset({"files.slack.com", "files.slack-gov.com"})
"""Where Slack keeps files; the token goes nowhere else."""

_SECONDS = 5.0
"""For all that has to be asked until a file is there."""

_INFO = "files.info"
_CHUNK = 64 * 1024
_PAGES = (b"<!doctype html", b"<html")
_GONE = frozenset({"file_not_found", "file_deleted"})

_NOT_ALLOWED = (
    "I am not allowed to read files here yet: whoever runs me has to install me anew. "
    "Paste the text of this one instead."
)
_NOT_THERE = (
    "I cannot find this file in Slack any more. Choose it again, or paste its text instead."
)
_CLOSED = "Slack does not let me open this file. Paste its text instead."
_TOO_LARGE = (
    "This file has more than 1 MB. Export only the days off, or paste a part of its text instead."
)
_LATER = (
    "Slack is not giving me this file just now. Send it again in a minute, or paste its text "
    "instead."
)

log = structlog.get_logger(__name__)


class NotRead(BotError):
    """Slack did not give us a file; the sentence says what to do instead."""


async def contents(visit: Visit, file: Mapping[str, Any]) -> bytes:
    """What is in a file of a form that was sent, ``MOST_BYTES`` at most. Raises NotRead."""
    try:
        async with asyncio.timeout(_SECONDS):
            return await _read(visit, await _known(visit, file))
    except NotRead:
        raise
    except (Unreachable, aiohttp.ClientError, TimeoutError, ValueError, AttributeError) as error:
        log.info("file_not_read", error=type(error).__name__)
        raise NotRead(_LATER) from error


async def _known(visit: Visit, file: Mapping[str, Any]) -> Mapping[str, Any]:
    """All of it: of somebody's of another workspace a form tells only the id."""
    if _address(file):
        return file
    directory, installation = visit.house.directory, visit.installation
    directory.wait_for(installation, _INFO)
    try:
        said = await directory.client(installation).files_info(file=str(file.get("id") or ""))
    except SlackApiError as error:
        if (wait := held_back(error)) is not None:
            directory.hold(installation, _INFO, wait)
            raise NotRead(_LATER) from error
        response: Any = error.response
        name = response.get("error")
        log.info("file_not_told", error=name)
        if name == "missing_scope":
            raise NotRead(_NOT_ALLOWED) from error
        raise NotRead(_NOT_THERE if name in _GONE else _CLOSED) from error
    found = said.get("file")
    return found if isinstance(found, Mapping) else {}


async def _read(visit: Visit, file: Mapping[str, Any]) -> bytes:
    if file.get("mode") == "tombstone":
        raise NotRead(_NOT_THERE)
    size = file.get("size")
    if isinstance(size, int) and size > MOST_BYTES:
        raise NotRead(_TOO_LARGE)
    address, house = _address(file), visit.house
    if not _of_slack(address, house.settings.slack_api_url):
        log.info("file_elsewhere")
        raise NotRead(_CLOSED)
    client = house.directory.client(visit.installation)
    headers = {"Authorization": f"Bearer {client.token}", "Accept-Encoding": "identity"}
    async with house.directory.session.get(
        address, headers=headers, allow_redirects=False, proxy=client.proxy
    ) as response:
        if response.status != 200:
            log.info("file_not_given", status=response.status)
            raise NotRead(_refused(response.status))
        if response.content_type == "text/html":
            raise NotRead(_CLOSED)
        data = await _bounded(response)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:20].lower().startswith(_PAGES):
        raise NotRead(_CLOSED)
    return data


def _of_slack(address: str, api_url: str) -> bool:
    try:
        return may_be_told(address, api_url, HOSTS)
    except ValueError:  # it is no address at all
        return False


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > MOST_BYTES:
            response.close()
            raise NotRead(_TOO_LARGE)
    return bytes(data)


def _address(file: Mapping[str, Any]) -> str:
    return str(file.get("url_private_download") or file.get("url_private") or "")


def _refused(status: int) -> str:
    if status == 429 or status >= 500:
        return _LATER
    return _NOT_THERE if status in (404, 410) else _CLOSED
