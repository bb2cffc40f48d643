"""Checks of what is delivered, how, and what is not."""

from slack_sdk.signature import SignatureVerifier

from bot.sandbox import Limits

from ..raw import HttpApp, Listener
from .trying import FAST, Try, check


@check("not_subscribed")
async def _(t: Try) -> str:
    await t.begin(events=["app_mention"])
    return await _only_mentions(t)


@check("event_scope")
async def _(t: Try) -> str:
    await t.begin(scopes=["app_mentions:read"])
    return await _only_mentions(t)


async def _only_mentions(t: Try) -> str:
    async with Listener(t.sandbox, t.session) as app:
        await t.bo.says("Nothing for you", channel="mentoring-partners")
        await t.bo.says("@Common Ground help", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        kinds = {payload["event"]["type"] for payload in app.payloads}
    return "no delivery" if kinds == {"app_mention"} else str(kinds)


@check("not_present")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.dana.says("@Common Ground are you there?", channel="acme-dei")
        await t.dana.says("Over here", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        texts = [payload["event"].get("text") for payload in app.payloads]
    return "no delivery" if texts == ["Over here"] else str(texts)


@check("ephemeral_event")
async def _(t: Try) -> str:
    await t.begin()
    async with Listener(t.sandbox, t.session) as app:
        await t.client.chat_postEphemeral(channel=t.room, user=t.bo.id, text="Psst")
        await t.posted(text="For all")
        await t.sandbox.until(lambda: len(app.payloads) > 0)
        await t.sandbox.quiet()
        texts = [payload["event"]["text"] for payload in app.payloads]
    return "no delivery" if texts == ["For all"] else str(texts)


@check("redelivered")
async def _(t: Try) -> str:
    await t.begin(limits=FAST, invited="silently")
    async with Listener(t.sandbox, t.session, acks=False) as app:
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.payloads) == 4)
        await t.sandbox.until(lambda: len(t.sandbox.deliveries.undelivered) == 1)
    assert [e["retry_attempt"] for e in app.envelopes] == [0, 1, 2, 3]
    assert [e["retry_reason"] for e in app.envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({payload["event_id"] for payload in app.payloads}) == 1
    return "x-slack-retry-num"


@check("no_retry")
async def _(t: Try) -> str:
    async with HttpApp(status=404, headers={"x-slack-no-retry": "1"}) as app:
        await t.begin(limits=FAST, request_url=app.url, invited="silently")
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.quiet(settle=0.3)
        assert len(app.requests) == 1
    return "x-slack-no-retry"


@check("signed")
async def _(t: Try) -> str:
    async with HttpApp() as app:
        await t.begin(request_url=app.url)
        await t.bo.says("Hello", channel="mentoring-partners")
        await t.sandbox.until(lambda: len(app.requests) > 0)
        body, headers = app.requests[-1]
        assert SignatureVerifier(t.sandbox.signing_secret).is_valid_request(body, headers)
        assert not SignatureVerifier("another secret").is_valid_request(body, headers)
    return "X-Slack-Signature"


@check("socket_ticket")
async def _(t: Try) -> str:
    await t.begin()
    async with t.session.get(f"{t.sandbox.url}/socket/forged") as answer:
        return await answer.text()


@check("socket_eleventh")
async def _(t: Try) -> str:
    await t.begin(limits=Limits(connections=1))
    async with Listener(t.sandbox, t.session), Listener(t.sandbox, t.session) as second:
        await second.ended.wait()
        return str(second.last)
