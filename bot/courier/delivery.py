"""One message of one lane: from what is stored to what Slack said, and noted."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.courier import doubles, pausing, readers
from bot.courier.calls import HELD, Calls
from bot.courier.narrowing import narrowed
from bot.courier.outcomes import Fate, Outcome, judge, not_told
from bot.courier.patience import Lease
from bot.courier.points import Point
from bot.courier.tools import SOON, Due, Tools
from bot.domain.errors import BotError
from bot.domain.people import Installation, Member
from bot.domain.posts import Claim, Outgoing, State
from bot.views.blocks import Message
from storage.store import Store

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Delivery:
    """One message under way. ``begun`` tells whether Slack may have it from this attempt."""

    tools: Tools
    claim: Claim
    lease: Lease
    due: Due
    installation: Installation
    begun: bool = False
    repeated: bool = False
    """Whether it is posted again, since a look-up did not find what was posted before."""

    @property
    def message(self) -> Outgoing:
        return self.due.message

    @property
    def client(self) -> AsyncWebClient:
        return self.tools.directory.client(self.installation)

    @property
    def _calls(self) -> Calls:
        return Calls(self.tools, self.client, self.lease, self.installation, self.message)

    async def go(self) -> None:
        """Do what its state asks for."""
        if self.message.state is State.SENT:
            await self._refresh()
        elif self.message.unresolved:
            await self._reconcile()
        elif self.message.state is State.WAITING:
            await self._send()
        else:
            await self._again()

    # Posting

    async def _send(self) -> None:
        """Post it, when it is certain that Slack does not have it."""
        message, tools = self.message, self.tools
        if message.grace_until is not None and tools.calendar.now() > message.grace_until:
            await self._settle(State.MISSED, message.problem)
            return
        if not await self._narrow():
            return
        words = self._words()
        if isinstance(words, Outcome):
            await self._settle(State.REFUSED, words.problem)
            return
        if words is None:
            await self._settle(State.WITHDRAWN, None)
            return
        await tools.probe(Point.RENDERED)
        channel = await self._channel()
        if channel is None:
            return
        if not await tools.db.quick(
            lambda store: store.messages.begin(self.claim, message, channel)
        ):
            tools.counted["lost"] += 1
            await self._release()
            return
        await tools.probe(Point.BEGUN)
        if self._calls.stale():
            await self._release()  # the next claim looks it up
            return
        self.begun = True
        await tools.probe(Point.SENDING)
        outcome = await self._calls.post(channel, words)
        await tools.probe(Point.ANSWERED)
        if isinstance(outcome, Outcome):
            await self._not_posted(outcome)
        else:
            tools.counted["posted"] += 1
            await self._posted(outcome, message.wanted)

    async def _posted(self, ts: str, version: int) -> None:
        tools, message = self.tools, self.message
        pace = timedelta(seconds=tools.patience.pace)

        def note(store: Store) -> bool:
            if self.repeated or (message.unresolved and message.attempts > 1):
                store.doubles.look_again(message.id, self._since, doubles.LOOKS[0])
            return store.messages.sent(
                self.claim, message, ts, version, now=tools.calendar.now(), pace=pace
            )

        if not await tools.db.quick(note):
            tools.counted["settled_by_another"] += 1
            log.warning("settled_by_another", message=message.id)
        await self._spoke()
        await tools.probe(Point.RECORDED)

    async def _not_posted(self, outcome: Outcome) -> None:
        message, tools = self.message, self.tools
        attempts = message.attempts + 1
        self._note("not_posted", outcome, attempts)
        left = await self._pause(outcome, self._waits_as())
        if left is None:
            return
        outcome = left
        if outcome.fate is Fate.PACED:
            await self._later(outcome, tools.patience.paced(outcome.wait), message.attempts)
        elif outcome.fate is Fate.LATER:
            await self._later(outcome, tools.patience.rest(attempts), attempts)
        elif outcome.fate is Fate.UNKNOWN:
            rest = tools.patience.unknown(attempts)
            await tools.db.quick(
                lambda store: store.messages.unknown(self.claim, message, rest, outcome.problem)
            )
        else:
            await self._settle(State.REFUSED, outcome.problem)

    async def _later(self, outcome: Outcome, rest: timedelta, attempts: int) -> None:
        if attempts >= self.tools.patience.attempts:
            await self._settle(State.MISSED, outcome.problem)
            return
        await self.tools.db.quick(
            lambda store: store.messages.later(
                self.claim,
                self.message,
                rest,
                outcome.problem,
                state=self._waits_as(),
                attempts=attempts,
                paced=outcome.fate is Fate.PACED,
            )
        )

    def _waits_as(self) -> State:
        """What an attempt that certainly failed leaves: an earlier one may have gone well."""
        return State.UNKNOWN if self.message.unresolved else State.WAITING

    # Looking up

    async def _reconcile(self) -> None:
        """Slack may have it: look, and post again only if it is certainly not there."""
        message, tools = self.message, self.tools
        await tools.probe(Point.LOOKING)
        tools.counted["looked_up"] += 1
        try:
            found = await self._find()
        except Exception as error:  # without having looked, nothing is posted
            await self._not_found_out(judge(error))
            return
        await tools.probe(Point.LOOKED)
        if found:
            tools.counted["adopted"] += 1
            # Which words stand there is not known if others were wanted since: they are sent again.
            await self._posted(found[0], max(1, message.wanted - 1))
            await doubles.note(tools, message, found[1:])
        elif message.attempts >= tools.patience.attempts:
            await self._settle(State.MISSED, message.problem)
        else:
            self.repeated = True
            await self._send()

    async def _find(self) -> tuple[str, ...]:
        return await doubles.find(self.tools, self.installation, self.message, self._since)

    @property
    def _since(self) -> str | None:
        """After which message it must stand: later ones may have followed one that was given up."""
        return None if self.message.given_up else self.claim.last_ts

    async def _not_found_out(self, outcome: Outcome) -> None:
        """Without having looked, nothing is posted. Each look that fails counts as an attempt and
        rests longer; after the last the message is missed, so that the lane goes on.
        """
        message, tools = self.message, self.tools
        attempts = message.attempts + 1
        self._note("look_up_failed", outcome, attempts)
        left = await self._pause(outcome, State.UNKNOWN)
        if left is None:
            return
        outcome = left
        if outcome.fate is Fate.REFUSED:
            await self._settle(State.REFUSED, outcome.problem)
        elif outcome.fate is Fate.PACED:
            await self._release(max(SOON, tools.patience.paced(outcome.wait)), paced=True)
        elif attempts >= tools.patience.attempts:
            await self._settle(State.MISSED, outcome.problem)
        else:
            rest = tools.patience.unknown(attempts)
            await tools.db.quick(
                lambda store: store.messages.later(
                    self.claim,
                    message,
                    rest,
                    outcome.problem,
                    state=State.UNKNOWN,
                    attempts=attempts,
                )
            )

    # Bringing up to date

    async def _refresh(self) -> None:
        """Replace what stands in Slack by what is true now."""
        message, tools = self.message, self.tools
        if not await self._narrow():
            return
        words = self._words()
        if words is None or isinstance(words, Outcome):
            if words is None:
                await self._give_up_refresh("withdrawn")
            else:
                await self._old_words_stay(words.problem)
            return
        await tools.probe(Point.RENDERED)
        if self._calls.stale():
            await self._release()
            return
        self.begun = True
        await tools.probe(Point.SENDING)
        outcome = await self._calls.update(words)
        await tools.probe(Point.ANSWERED)
        if outcome is not None:
            await self._not_refreshed(outcome)
            return
        tools.counted["refreshed"] += 1
        await tools.db.quick(
            lambda store: store.messages.refreshed(self.claim, message, message.wanted)
        )
        await self._spoke()
        await tools.probe(Point.RECORDED)

    async def _not_refreshed(self, outcome: Outcome) -> None:
        message, tools = self.message, self.tools
        attempts = message.attempts + 1
        self._note("not_refreshed", outcome, attempts)
        left = await self._pause(outcome, State.SENT)
        if left is None:
            return
        outcome = left
        if outcome.fate is Fate.DELETED:
            await self._again("deleted")
        elif outcome.problem == HELD:  # the lane's posts go on
            rest = tools.patience.paced(outcome.wait)
            await self._refresh_later(outcome, rest, counts=False)
        elif outcome.fate is Fate.PACED:
            rest = tools.patience.paced(outcome.wait)  # of the lane: its other cards are as fast
            await tools.db.quick(
                lambda store: store.messages.later(
                    self.claim,
                    message,
                    rest,
                    outcome.problem,
                    state=State.SENT,
                    attempts=message.attempts,
                    paced=True,
                )
            )
        elif outcome.fate is Fate.LATER and attempts < tools.patience.attempts:
            await self._refresh_later(outcome, tools.patience.rest(attempts))
        elif outcome.fate is Fate.UNKNOWN and attempts < tools.patience.attempts:
            # An update that arrives late must not leave old words standing: it is repeated, even
            # if it went well after all, once none can be under way any more.
            await self._refresh_later(outcome, tools.patience.unknown(attempts))
        else:
            await self._old_words_stay(outcome.problem)

    async def _refresh_later(
        self, outcome: Outcome, rest: timedelta, *, counts: bool = True
    ) -> None:
        await self.tools.db.quick(
            lambda store: store.messages.refresh_later(
                self.claim, self.message, rest, outcome.problem, counts=counts
            )
        )

    async def _old_words_stay(self, problem: str) -> None:
        self.tools.counted["old_words"] += 1
        log.warning("old_words_stay", message=self.message.id, problem=problem)
        await self._give_up_refresh(problem, at=self.tools.calendar.now())

    async def _give_up_refresh(self, problem: str, at: datetime | None = None) -> None:
        """``at``: when something went wrong, for what is to be told."""
        await self.tools.db.quick(
            lambda store: store.messages.not_refreshed(self.claim, self.message, problem, at)
        )

    async def _again(self, problem: str | None = None) -> None:
        """It should be up to date and is not there: post it anew, if its kind lasts.

        ``problem``: why it is not there, where Slack said so just now.
        """
        problem = problem or self.message.problem
        renderer = self.tools.renderers.get(self.message.kind)
        if renderer is not None and renderer.lasting and self._perhaps_there():
            await self.tools.db.quick(
                lambda store: store.messages.later(
                    self.claim,
                    self.message,
                    timedelta(),
                    problem or "unknown",
                    state=State.UNKNOWN,
                    attempts=0,
                )
            )
        elif renderer is not None and renderer.lasting:
            self.tools.counted["afresh"] += 1
            await self.tools.db.quick(lambda store: store.messages.afresh(self.claim, self.message))
        else:
            await self._give_up_refresh(problem or "deleted")

    def _perhaps_there(self) -> bool:
        """Whether it was given up without certainty: then it is looked for before it is posted."""
        return self.message.ts is None and self.message.attempts > 0

    # Who gets it

    async def _channel(self) -> str | None:
        """Where it goes. None where it goes nowhere now; that is noted then."""
        message = self.message
        if message.member is None:
            return message.channel
        reader = await self.tools.db.read(readers.read, message.member)
        try:
            readable = await readers.may_read(
                self.tools.directory, self.installation, message, reader
            )
        except BotError as error:
            await self._nobody_can_tell(error)
            return None
        if not readable:
            await self._settle(State.WITHDRAWN, "not_in_channel_any_more")
            return None
        return reader.channel or await self._open(reader.member)

    async def _narrow(self) -> bool:
        """Leave out what the reader may not see any more; False where Slack does not say now."""
        try:
            self.due = await narrowed(self.tools, self.installation, self.due)
        except BotError as error:
            if self.message.state is State.SENT:
                await self._not_refreshed(not_told(error))
            else:
                await self._nobody_can_tell(error)
            return False
        return True

    async def _nobody_can_tell(self, error: BotError) -> None:
        """Who may read it is not known, so nobody gets it now."""
        message, patience = self.message, self.tools.patience
        attempts = message.attempts + 1
        self._note("not_posted", not_told(error), attempts)
        outcome = await self._pause(not_told(error), self._waits_as())
        if outcome is None:
            return
        if outcome.fate is Fate.PACED:
            await self._later(outcome, patience.paced(outcome.wait), message.attempts)
        else:
            await self._later(outcome, patience.rest(attempts), attempts)

    async def _open(self, member: Member) -> str | None:
        channel = await self._calls.open(member.user)
        if isinstance(channel, Outcome):
            await self._not_posted(channel)
            return None
        await self.tools.db.quick(lambda store: store.people.set_direct_channel(member.id, channel))
        return channel

    # What all of them need

    def _words(self) -> Message | Outcome | None:
        """The message; None where there is nothing to say, a fault where our code fails."""
        body, due = self.message.body, self.due
        if body is not None:
            return {"text": str(body.get("text") or ""), "blocks": list(body.get("blocks") or ())}
        if due.fault is not None or due.value is None:
            return due.fault
        try:
            return self.tools.renderers[self.message.kind].view(due.value)
        except Exception as error:
            log.exception("message_not_rendered", message=self.message.id)
            return Outcome(Fate.REFUSED, f"view_{type(error).__name__}")

    async def _settle(self, state: State, problem: str | None) -> None:
        self.tools.counted[state] += 1
        log.info("message_settled", message=self.message.id, state=state, problem=problem)
        now = self.tools.calendar.now()
        await self.tools.db.quick(
            lambda store: store.messages.settled(self.claim, self.message, state, problem, now)
        )

    async def _release(self, rest: timedelta = timedelta(), *, paced: bool = False) -> None:
        await self.tools.db.quick(
            lambda store: store.messages.release(self.claim, rest, paced=paced)
        )

    async def _pause(self, outcome: Outcome, state: State) -> Outcome | None:
        """As ``pausing.pause``."""
        return await pausing.pause(
            self.tools, self.claim, self.message, self.installation, outcome, state
        )

    async def _spoke(self) -> None:
        """Slack took something: where the lane had rested, that is over."""
        if self.claim.problem is not None:
            await pausing.mended(self.tools, self.claim, self.message)

    def _note(self, event: str, outcome: Outcome, attempts: int) -> None:
        fate = outcome.fate.name.lower()
        self.tools.counted[f"{event}_{fate}"] += 1
        log.warning(
            event,
            message=self.message.id,
            kind=self.message.kind,
            fate=fate,
            problem=outcome.problem,
            attempts=attempts,
        )
