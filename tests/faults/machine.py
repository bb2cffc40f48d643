"""A machine of rules: whatever people, clocks, crashes and Slack do in whatever order, the promise
holds. Hypothesis looks for an order in which it does not.

It is run by the row ``anyorder``, and a little by the suite; what must hold is in ``watched``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from bot.domain.schedules import ScheduleKind
from bot.services import beginning, checkins, comings, schedules, standing
from tests.faults.imagined import Answer
from tests.faults.watched import HOSTS, PEOPLE, PROCESSES, Watched

channels = st.sampled_from(list(HOSTS))
teams = st.sampled_from(list(PEOPLE))
kinds = st.sampled_from(list(ScheduleKind))
processes = st.integers(0, PROCESSES - 1)
rarely = st.sampled_from([False, False, True])
lates = st.sampled_from([0, 0, 0, 1, 60, 7 * 60, 26 * 60, 20 * 24 * 60])
LATEST = 6 * 60
"""After so many minutes even a check-in is missed."""

answers = st.sampled_from([Answer.GOOD] * 4 + list(Answer))

_STEERS = (
    standing.ask_now,
    standing.pause,
    standing.resume,
    standing.skip,
    standing.unskip,
)


class Machine(Watched):
    """Invariants are checked after each rule; at the end everything is let come to rest."""

    @initialize(stages=st.tuples(*[st.integers(0, 3)] * len(HOSTS)))
    def begin(self, stages: tuple[int, ...]) -> None:
        """In each channel the bot is not invited yet, or invited, or began already."""
        self._set_up()
        for channel, stage in zip(HOSTS, stages, strict=True):
            if stage < 3:  # which Hypothesis likes best
                self.invites(channel)
            if stage < 2:
                self.agrees(channel, HOSTS[channel])
                self.agrees(channel, "TNORTH")

    # What people do

    @rule(channel=channels, all_agree=st.booleans())
    def invites(self, channel: str, all_agree: bool = False) -> None:
        if self._install_of(channel) is None or channel in self.unheard:
            return
        host = PEOPLE[HOSTS[channel]]
        request = beginning.Begin(
            self._key(),
            self.installed[HOSTS[channel]],
            self.ids[channel],
            "mentoring",
            "America/New_York",
            host,
            (host, PEOPLE["TNORTH"]),
        )
        self.world.slack.archived.discard(channel)
        self.world.slack.closed.discard(channel)
        self._do(beginning.begin, request)
        self._check_started(channel)
        if all_agree:
            for team in PEOPLE:
                self.agrees(channel, team)

    @rule(channel=channels, team=teams)
    def agrees(self, channel: str, team: str) -> None:
        id_ = self.ids[channel]
        request = beginning.Press(self._key(), self._id(channel), id_, PEOPLE[team])
        if self._do(beginning.agree, request):
            self.pressed[channel].add(team)
        self._check_started(channel)

    @rule(channel=channels, team=teams, how=st.sampled_from(["comes", "comes", "goes", "unshared"]))
    def comes_or_goes(self, channel: str, team: str, how: str) -> None:
        key, installation, person = self._key(), self._id(channel), PEOPLE[team]
        id_ = self.ids[channel]
        if how == "comes":
            self._do(comings.came, comings.Came(key, installation, id_, person))
        elif how == "goes":
            self._do(comings.went, comings.Went(key, installation, id_, person.user))
        else:
            self._do(comings.disconnected, comings.Disconnected(key, installation, id_, team))
        self._check_started(channel)

    @rule(channel=channels, sure=rarely)
    def is_archived_or_opened(self, channel: str, sure: bool) -> None:
        if channel in self.world.slack.archived:
            self.world.slack.archived.discard(channel)
            self.world.slack.closed.discard(channel)
            self._happens(comings.unarchived, channel)
            self._check_started(channel)
        elif sure and self._happens(comings.archived, channel):
            self.world.slack.archived.add(channel)
            self.resting |= {channel} & self.started
            self._ends(channel)
        # Else the app is not there: somebody else's channel is archived.

    @rule(channel=channels, sure=rarely)
    def is_removed(self, channel: str, sure: bool) -> None:
        if sure and self._happens(comings.removed, channel):
            self.pressed[channel].clear()  # coming back needs everybody's OK anew
            self._ends(channel)

    @rule(team=st.sampled_from(sorted(set(HOSTS.values()))), sure=rarely)
    def is_uninstalled_or_installed(self, team: str, sure: bool) -> None:
        if team not in self.installed:
            self._install(team)
            return
        if not sure:
            return
        now = self.world.people.now()
        self.world.memory.now(comings.uninstalled, self.installed.pop(team), now)
        for channel, host in HOSTS.items():
            if host == team:
                if channel not in self.world.slack.archived:
                    self.pressed[channel].clear()
                self._ends(channel)

    @rule(
        channel=channels,
        sure=rarely,
        old_id=st.sampled_from(["works", "is refused"]),
        calling=st.booleans(),
        told=st.booleans(),
    )
    def moves(self, channel: str, sure: bool, old_id: str, calling: bool, told: bool) -> None:
        """The channel has another id from now on; a call under way still names the old one.

        The bot may be ``told`` only later.
        """
        if not sure or channel in self.world.slack.closed or channel in self.unheard:
            return
        if calling:
            self.world.claim(0, 3)
            for work in list(self.world.works):
                self._until_it_calls(work)
            self._look_at_slack()
        old, self.ids[channel] = self.ids[channel], f"{channel}-{self._key()}"
        if old_id != "works":
            self.world.slack.former.add(old)
        self.unheard[channel] = old
        if told:
            self._hears_of_a_move(channel)

    @precondition(lambda self: bool(self.unheard))
    @rule()
    def hears_of_moves(self) -> None:
        for channel in list(self.unheard):
            self._hears_of_a_move(channel)

    @rule(channel=channels, kind=kinds, what=st.sampled_from(_STEERS))
    def steers(self, channel: str, kind: ScheduleKind, what: Callable[..., Any]) -> None:
        person = PEOPLE[HOSTS[channel]]
        id_ = self.ids[channel]
        self._do(what, standing.Steer(self._key(), self._id(channel), id_, person, kind))
        self._interrupted(channel)

    @precondition(lambda self: self.last is not None)
    @rule()
    def is_delivered_again(self) -> None:
        """Slack repeats what it delivered last: nothing changes."""
        if self.last is not None:
            before = self._counts()
            self.injected["repeated"] += 1
            self.hit["repeated"] += self._call(*self.last)
            assert self._counts() == before

    # What clocks do

    @rule(late=lates, limit=st.integers(1, 3))
    def is_due(self, late: int, limit: int) -> None:
        """The calendar goes on to what is due next, so many minutes beyond it, and ticks."""
        due = self.world.memory.now(lambda store: store.schedules.next_due())
        if due is not None:
            self.injected["missed"] += late > LATEST
            moment = due + timedelta(minutes=late)
            self.world.people.moment = max(self.world.people.moment, moment)
        self.ticks(limit)

    @rule(limit=st.integers(1, 3))
    def ticks(self, limit: int) -> None:
        now = self.world.people.now()
        if self.world.memory.now(schedules.post_due, now, limit):
            self.hit["ticked"] += 1
        self.world.memory.now(checkins.close, now, limit)
        self._look_at_what_is_new()

    @rule(seconds=st.sampled_from([1, 4, 9, 49, 59, 119, 121, 3600]), answer=answers)
    def time_passes(self, seconds: int, answer: Answer) -> None:
        self.world.pass_time(seconds, answer)
        self._look_at_slack()

    # What couriers do

    @rule(
        process=processes,
        after=st.sampled_from([0, 1, 121]),
        steps=st.integers(0, 9),
        answer=answers,
        ends=st.sampled_from(["well", "killed", "killed, but it arrives"]),
    )
    def claims(self, process: int, after: int, steps: int, answer: Answer, ends: str) -> None:
        """A process takes up to three lanes, goes so far with each, and may be killed then."""
        world = self.world
        self.time_passes(after, answer)
        before = list(world.works)
        self.injected["taken over"] += sum(
            each.holds and each.until <= world.clock.seconds for each in before
        )
        for work in world.claim(process, 3):
            now = world.clock.seconds
            others = [w for w in before if w.claim.lane == work.claim.lane and w.holds]
            assert not [w for w in others if w.until > now], "two hold one lease"
            self.hit["taken over"] += bool(others)
            self.hit["claimed"] += 1
            self._steps(work, answer, steps)
        if ends != "well":
            self.crashes(process, ends != "killed")
        self._look_at_slack()

    @precondition(lambda self: bool(self.world.works))
    @rule(which=st.integers(0, 7), answer=answers, steps=st.integers(1, 6))
    def goes_on(self, which: int, answer: Answer, steps: int) -> None:
        self._steps(self.world.works[which % len(self.world.works)], answer, steps)
        self._look_at_slack()

    @rule(process=processes, arrives=st.booleans())
    def crashes(self, process: int, arrives: bool) -> None:
        busy = [each for each in self.world.works if each.process == process]
        self.injected.update(["crashed", "crashed while calling"])
        self.hit["crashed"] += bool(busy)
        self.hit["crashed while calling"] += any(w.stop and w.stop.method for w in busy)
        self.world.crash(process, arrives=arrives)

    @rule(lag=st.sampled_from([0, 30, 59]))
    def history_lags(self, lag: int) -> None:
        self.world.slack.lag = lag
