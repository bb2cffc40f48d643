"""What must hold after each rule of the machine, and when everything has come to rest."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, ClassVar
from unittest.mock import patch

from hypothesis.stateful import RuleBasedStateMachine, invariant

from bot.domain.errors import BotError
from bot.domain.people import Person
from bot.services import comings, schedules
from tests.faults.imagined import BOT, Answer, Imagined, Shown, Stop, Work, place

HOSTS = {"C0ONE": "TACME", "C0TWO": "TACME", "C0THREE": "TBORO"}
"""The channels, and which workspace installed the app there."""

ACME = Person("TACME", "UACME", "Dana", zone="America/New_York", team_name="Acme")
BORO = Person("TBORO", "UBORO", "Olga", zone="Europe/Berlin", team_name="Boro")
NORTH = Person("TNORTH", "UNORTH", "Bo", zone="America/New_York", team_name="Northside Youth")
PEOPLE = {"TACME": ACME, "TBORO": BORO, "TNORTH": NORTH}

PROCESSES = 2

STEP, DOUBLE, LOST = "a step", "a double", "a loss"
"""What is counted although it is no fault that was met."""

MOVED, MOVED_CALLING = "channel moved with work", "channel moved while calling"

_STEPS = {"checkin": timedelta(days=14), "digest": timedelta(days=7)}


class Watched(RuleBasedStateMachine):
    """A world, what is known of it from outside the bot, and what the bot makes of it."""

    injected: ClassVar[Counter[str]] = Counter()
    """What was meant to go wrong in all runs, whether or not there was anything to go wrong."""
    hit: ClassVar[Counter[str]] = Counter()
    """What happened in all runs: a run that meets no trouble proves nothing."""

    def _set_up(self) -> None:
        self.world = world = Imagined(PROCESSES)
        self.patches = ExitStack()
        for clock in ("bot.courier.patience.boot_time", "bot.courier.courier.boot_time"):
            self.patches.enter_context(patch(clock, world.boot_time))
        self.keys = 0
        self.last: tuple[Callable[..., Any], Any] | None = None
        self.installed: dict[str, int] = {}
        self.ids = {channel: channel for channel in HOSTS}
        """Which id each channel has now, by the first."""
        self.unheard: dict[str, str] = {}
        """Channels that have another id of which the bot has not heard yet: the old one."""
        self.posted: dict[int, Shown] = {}
        self.newest: dict[str, int] = {}
        self.looked_at = 0
        self.pressed: dict[str, set[str]] = {channel: set() for channel in HOSTS}
        self.started: set[str] = set()
        self.resting: set[str] = set()
        """Which had started when they were archived."""
        self.epoch = Counter[str]()
        self.epochs: dict[int, int] = {}
        self.seen = 0
        self.claimed_while: dict[Work, bool] = {}
        for team in sorted(set(HOSTS.values())):
            self._install(team)

    # What must hold

    @invariant()
    def each_occurrence_is_there_once(self) -> None:
        if "world" in self.__dict__:
            twice = self.world.memory.rows(
                "SELECT schedule_id, nominal, slot FROM occurrence "
                "GROUP BY schedule_id, nominal, slot HAVING count(*) > 1"
            )
            assert not twice
            self.hit[STEP] += 1

    def teardown(self) -> None:
        if "world" not in self.__dict__:
            return
        try:
            self._come_to_rest()
            self._nothing_is_lost()
            self._no_date_is_left_out()
        finally:
            self.injected.update(self.world.slack.injected)
            self.hit.update(self.world.slack.hit)
            self.world.close()
            self.patches.close()

    def _steps(self, work: Work, answer: Answer, steps: int) -> None:
        for _ in range(steps):
            if work in self.world.works:
                self._go_on(work, answer)

    def _until_it_calls(self, work: Work) -> None:
        """Let a delivery go on until it waits for Slack, if it ever does."""
        while work in self.world.works and not (work.stop and work.stop.method):
            self._go_on(work, Answer.GOOD)

    def _go_on(self, work: Work, answer: Answer) -> None:
        stop = work.stop
        if stop is not None and stop.method and stop.came_of_it is None:
            self._called(work, stop)
            self.world.slack.decide(stop, answer)
            if "history" in stop.method or "replies" in stop.method:
                self._note_refused_look_up(work, stop)
        self.world.go_on(work)

    def _called(self, work: Work, stop: Stop) -> None:
        """Something is being asked of Slack: nobody else may be asking in that channel."""
        if stop.method.startswith("chat."):
            busy = [
                each
                for each in self.world.works
                if each is not work
                and each.stop is not None
                and each.stop.method.startswith("chat.")
                and each.stop.came_of_it is None
                and place(each.stop.args["channel"]) == place(stop.args["channel"])
            ]
            assert not busy, "two send in one channel"

    def _note_refused_look_up(self, work: Work, stop: Stop) -> None:
        called, slack = str(stop.args["channel"]), self.world.slack
        refused = called in slack.former or place(called) in slack.closed
        if isinstance(stop.came_of_it, Exception) and refused:
            for (key,) in self.world.memory.rows(
                "SELECT key FROM message WHERE lane_id = ? AND state IN ('sending', 'unknown')",
                work.claim.lane,
            ):
                self.world.slack.unseen.add(key)

    def _look_at_slack(self) -> None:
        """What it accepted since the last look: nothing twice, and in order."""
        shown = self.world.slack.shown
        for each in shown[self.looked_at :]:
            ((number, kind),) = self.world.memory.rows(
                "SELECT id, kind FROM message WHERE key = ?", each.key
            )
            self.hit[DOUBLE] += number in self.posted
            assert number not in self.posted, f"message {number} ({kind}) was posted twice"
            self.posted[number] = each
            if kind not in {"welcome", "card"}:  # those come back when they have news
                assert number > self.newest.get(each.channel, 0), "out of order"
                self.newest[each.channel] = number
            self.hit["posted"] += 1
        self.looked_at = len(shown)

    def _look_at_what_is_new(self) -> None:
        """What the clock wrote since the last look."""
        rows = self.world.memory.rows(
            "SELECT occurrence.id, place.channel, message.channel, message.id FROM occurrence "
            "LEFT JOIN message ON message.id = occurrence.message_id "
            "LEFT JOIN place ON place.partnership_id = occurrence.partnership_id "
            "AND place.until IS NULL WHERE occurrence.id > ? AND asked_by IS NULL "
            "ORDER BY occurrence.id",
            self.seen,
        )
        for number, channel, posted_in, message in rows:
            self.seen = number
            self.epochs[number] = self.epoch[place(channel or "")]
            if message is not None:
                assert place(posted_in) in self.started, (
                    "posted before all said OK, or after the end"
                )
                self.hit["recorded"] += 1

    def _check_started(self, channel: str) -> None:
        """If the partnership has started now, each organization must have pressed OK."""
        rows = self.world.memory.rows(
            "SELECT partnership.state, organization.team FROM partnership JOIN place "
            "ON place.partnership_id = partnership.id AND place.until IS NULL "
            "JOIN participation ON participation.partnership_id = partnership.id "
            "AND left_at IS NULL JOIN organization ON organization.id = organization_id "
            "WHERE place.channel = ?",
            self._known_as(channel),
        )
        present = {team for _, team in rows}
        if rows:
            self.pressed[channel] &= present  # who left has to say OK anew
        if ("started" in {state for state, _ in rows}) and channel not in self.started:
            if channel not in self.resting:  # who came after the start does not hold it back
                assert present <= self.pressed[channel], "started without everybody's OK"
            self.resting.discard(channel)
            self.started.add(channel)
            self._interrupted(channel)
            self.hit["started"] += 1

    def _come_to_rest(self) -> None:
        """All processes are killed, and a new one works everything off without any trouble."""
        world = self.world
        for process in range(PROCESSES):
            world.crash(process, arrives=True)
        for channel in list(self.unheard):
            self._hears_of_a_move(channel)
        self._tick_off()
        for _ in range(2000):
            world.pass_time(1, Answer.GOOD)
            wait = world.memory.now(lambda store: store.messages.next_due())
            if not (self._waiting() or world.floating):
                break
            world.pass_time(600 if wait is None else int(wait.total_seconds()) + 1, Answer.GOOD)
            for work in world.claim(0, 8):
                while work in world.works:
                    self._go_on(work, Answer.GOOD)
            self._look_at_slack()
        else:
            raise AssertionError(f"it never comes to rest: {self._waiting()}")
        failed = sum(courier.counted["failed"] for courier in world.couriers)
        assert not failed, "the courier met an error of its own"

    def _waiting(self) -> list[tuple[Any, ...]]:
        """What is still to be delivered, and could be."""
        rows = self.world.memory.rows(
            "SELECT message.id, message.channel, kind, state, message.problem "
            "FROM message JOIN lane ON lane.id = lane_id "
            "JOIN installation ON installation.id = installation_id "
            "WHERE pending AND gone_at IS NULL"
        )
        closed = self.world.slack.closed
        return [row for row in rows if row[1] is None or place(row[1]) not in closed]

    def _tick_off(self) -> None:
        now = self.world.people.now()
        while self.world.memory.now(schedules.post_due, now, 200):
            pass
        self._look_at_what_is_new()

    def _nothing_is_lost(self) -> None:
        """Each message is settled, and what is noted as sent is where Slack says it is."""
        rows = self.world.memory.rows(
            "SELECT message.id, key, state, message.channel, pending, ts, message.problem, "
            "grace_until FROM message "
            "JOIN lane ON lane.id = lane_id JOIN installation ON installation.id = installation_id "
            "WHERE gone_at IS NULL"
        )
        for number, key, state, channel, pending, ts, problem, grace in rows:
            if channel is not None and place(channel) in self.world.slack.closed:
                continue  # it waits until somebody opens it
            shown = self.posted.get(number)
            if state == "sent" and channel in self.world.slack.former:
                raise AssertionError(f"message {number} is said to be where nothing is any more")
            self.hit[LOST] += bool(pending) or (state == "sent" and shown is None)
            assert not pending, f"message {number} still waits"
            if state == "sent":
                assert shown is not None, f"message {number} is said to be there"
                assert (shown.key, shown.ts) == (key, ts)
            else:
                assert state in {"refused", "missed", "withdrawn"}, state
                assert problem or (state == "missed" and grace), f"nobody knows why: {number}"
                assert shown is None or state == "missed" or shown.key in self.world.slack.unseen
                self.hit[state] += 1

    def _no_date_is_left_out(self) -> None:
        """Between two dates of a schedule that was left alone there is none without a row."""
        rows = self.world.memory.rows(
            "SELECT id, schedule_id, kind, nominal, message_id, state FROM occurrence "
            "WHERE asked_by IS NULL ORDER BY schedule_id, nominal, id"
        )
        for (id_, one, kind, day, *_), (id_2, two, _, next_day, *_) in pairwise(rows):
            if one == two and self.epochs.get(id_, -1) == self.epochs.get(id_2, -2):
                step = date.fromisoformat(next_day) - date.fromisoformat(day)
                assert step == _STEPS[kind], f"after {day} comes {next_day}"
                self.hit["dates"] += 1
        for _, _, _, _, message, state in rows:
            assert (message is not None) or state in {"missed", "skipped"}

    def _hears_of_a_move(self, channel: str) -> None:
        """Slack tells of the new id."""
        old = self.unheard.pop(channel)
        waiting = self.world.memory.rows(
            "SELECT id FROM message WHERE channel = ? AND pending LIMIT 1", old
        )
        stops = [work.stop for work in self.world.works]
        calls = [stop for stop in stops if stop and stop.method and stop.came_of_it is None]
        request = comings.Moved(self._key(), self._id(channel), old, self.ids[channel])
        if not self.world.memory.rows(
            "SELECT id FROM place WHERE channel = ? AND until IS NULL", old
        ):
            self._interrupted(channel)  # it ended since the old id was refused, and begins again
        self._do(comings.moved, request)
        self.injected.update([MOVED, MOVED_CALLING])
        self.hit[MOVED] += bool(waiting)
        self.hit[MOVED_CALLING] += any(stop.args["channel"] == old for stop in calls)

    # Small things

    def _install(self, team: str) -> None:
        made = self.world.memory.now(
            lambda store: store.installations.remember(
                team=team,
                enterprise=None,
                app="A0APP",
                bot=BOT,
                bot_user="UBOT",
                name=team.title(),
                now=self.world.people.now(),
            )
        )
        self.installed[team] = made.id
        self.world.known.installations[made.id] = made

    def _install_of(self, channel: str) -> int | None:
        return self.installed.get(HOSTS[channel])

    def _id(self, channel: str) -> int:
        return self.installed.get(HOSTS[channel], 0)

    def _known_as(self, channel: str) -> str:
        """Under which id the bot has it."""
        return self.unheard.get(channel, self.ids[channel])

    def _key(self) -> str:
        self.keys += 1
        return f"machine:{self.keys}"

    def _happens(self, what: Callable[..., Any], channel: str) -> bool:
        id_ = self._known_as(channel)
        return self._do(what, comings.Happened(self._key(), self._id(channel), id_))

    def _do(self, what: Callable[..., Any], request: Any) -> bool:
        """Do what somebody asks for; whether it was done."""
        done = self._call(what, request)
        if done:
            self.last = (what, request)
        return done

    def _call(self, what: Callable[..., Any], request: Any) -> bool:
        if not request.installation_id:
            return False
        try:
            found = self.world.memory.now(what, request, self.world.people.now())
        except BotError:
            return False
        return found is not None

    def _ends(self, channel: str) -> None:
        self.world.slack.closed.add(channel)
        self.started.discard(channel)
        self._interrupted(channel)

    def _interrupted(self, channel: str) -> None:
        self.epoch[channel] += 1

    def _counts(self) -> list[tuple[Any, ...]]:
        return self.world.memory.rows(
            "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM occurrence), "
            "(SELECT count(*) FROM partnership_history), (SELECT count(*) FROM schedule_history)"
        )
