"""Signed HTTP deliveries to the app's request URL, as an app without Socket Mode gets them."""

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode, urlsplit

import aiohttp

from bot.sandbox.config import Limits
from bot.sandbox.delivery import Ack, Kind
from bot.sandbox.errors import Json
from bot.sandbox.events import VERIFICATION

_USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: str) -> str:
    """Slack's ``v0`` signature of a request body."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpMode:
    """Posts each payload to one URL. Only loopback addresses are accepted."""

    def __init__(self, url: str, signing_secret: str, limits: Limits) -> None:
        if urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("The sandbox delivers to this machine only; give a loopback URL.")
        self._url = url
        self._secret = signing_secret
        self._limits = limits
        self._session: aiohttp.ClientSession | None = None

    async def verify(self) -> bool:
        """Slack's check of a new request URL: does it give the challenge back?"""
        challenge = secrets.token_urlsafe(30)
        body: Json = {
            "type": "url_verification",
            "token": VERIFICATION,
            "challenge": challenge,
        }
        ack = await self.deliver("events_api", body)
        return ack.ok and (ack.body or {}).get("challenge", (ack.body or {}).get("text")) == (
            challenge
        )

    async def deliver(
        self, kind: Kind, payload: Json, retry: int = 0, retry_reason: str = ""
    ) -> Ack:
        """Post a payload; failed unless a 2xx answer comes in time."""
        if kind == "events_api":
            body, content_type = json.dumps(payload), "application/json"
        else:
            form = {"payload": json.dumps(payload)} if kind == "interactive" else payload
            body, content_type = (
                urlencode(form, errors="replace"),
                "application/x-www-form-urlencoded",
            )
        # Signatures are made in real time, whatever the sandbox's calendar says.
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": _USER_AGENT,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
        }
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry)
            headers["X-Slack-Retry-Reason"] = retry_reason
        return await self._post(body, headers)

    async def _post(self, body: str, headers: dict[str, str]) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._limits.ack)
            )
        try:
            async with self._session.post(
                self._url, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                text = await answer.text()
                if not 200 <= answer.status < 300:
                    stop = answer.headers.get("x-slack-no-retry") == "1"
                    return Ack(False, reason="http_error", no_retry=stop)
                return Ack(True, _parsed(text))
        except TimeoutError:
            return Ack(False, reason="http_timeout")
        except aiohttp.ClientError:
            return Ack(False, reason="connection_failed")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _parsed(text: str) -> Json | None:
    if not text.strip():
        return None
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text}
    return body if isinstance(body, dict) else {"text": text}
