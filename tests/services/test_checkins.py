"""Replies, quick answers and the summary, on both databases."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.domain.checkins import (
    Note,
    Occurrence,
    Prompt,
    Settled,
    State,
    Summary,
    Understood,
    Word,
)
from bot.domain.commitments import Audience
from bot.domain.commitments import State as CommitmentState
from bot.domain.errors import NotAllowed, OutOfDate
from bot.domain.people import Kind as PersonKind
from bot.domain.people import Person
from bot.domain.posts import Kind
from bot.domain.schedules import ScheduleKind
from bot.services import beginning, checkins, comings, commitments, nudges, schedules
from bot.services.checkins import Deleted, Kept, Press, Reply, Settle
from bot.services.commitments import Turn, Which
from bot.views import checkins as views
from storage.database import Database
from storage.store import Store
from storage.tables import statement
from tests.services.together import (
    AMINA,
    BO,
    CHANNEL,
    DANA,
    EVERYBODY,
    HARBOR,
    HUI,
    Together,
    at,
)

TUESDAY = at("2026-11-24 10:00")
NOON = at("2026-11-24 12:00")
OVER = at("2026-11-26 10:00")
DONE, STUCK = Understood(Word.DONE), Understood(Word.STUCK, text="no venue")


class Asked(Together):
    """The three of them, with a check-in posted on Tuesday."""

    occurrence: Occurrence

    async def ask(self) -> None:
        await self.run(schedules.post_due, TUESDAY, 200)
        await self.deliver()
        (self.occurrence,) = await self.occurrences()

    def words(self, person: Person, text: str, *understood: Understood) -> Reply:
        return Reply(
            key=self.key(),
            installation_id=self.installation,
            person=person,
            occurrence_id=self.occurrence.id,
            ts=self.ts(),
            text=text,
            understood=understood,
            more=not understood,
        )

    async def say(
        self, person: Person, text: str, *understood: Understood, now: datetime = NOON
    ) -> Kept:
        kept: Kept = await self.run(checkins.reply, self.words(person, text, *understood), now)
        await self.deliver()
        return kept

    async def texts(self) -> list[str]:
        found = await self.read(lambda store: store.checkins.of(self.occurrence.id))
        return [each.text for each in found]

    def press(self, person: Person, commitment: int, word: Word) -> Press:
        return Press(self.key(), self.installation, person, self.occurrence.id, commitment, word)

    async def last_note(self) -> Note:
        """What the newest answer in the thread shows."""
        note = (await self.outgoing(Kind.CHECKIN_NOTE))[-1]
        found: Note = await self.read(checkins.note_shown, note.subject, NOON)
        return found

    def settle(self, person: Person, note: Note, commitment: int | None) -> Settle:
        return Settle(
            self.key(),
            self.installation,
            person,
            note.statement.id,
            commitment is not None,
            commitment,
        )

    async def shown(self, now: datetime = NOON) -> Prompt:
        found: Prompt = await self.read(checkins.shown, self.occurrence.id, now)
        return found

    async def summary(self) -> Summary | None:
        found: Summary | None = await self.read(checkins.summed_up, self.occurrence.id, OVER)
        return found


@pytest.fixture
async def world(database: Database) -> Asked:
    """Everybody has said OK; nothing is promised yet."""
    made = Asked(database)
    await made.begin(*EVERYBODY)
    return made


# The prompt


async def test_the_prompt_lists_what_is_agreed_and_near(world: Asked) -> None:
    await world.promise(BO, "invite 12 mentees", date(2026, 11, 30))
    await world.promise(HUI, "match mentees", date(2026, 12, 8))
    await world.promise(DANA, "far away", date(2026, 12, 20))
    await world.promise(DANA, "no date", None)
    await world.promise(AMINA, "not agreed", date(2026, 11, 27), by=DANA, accepted=False)
    await world.ask()
    prompt = await world.shown()
    assert [line.commitment.number for line in prompt.lines] == [1, 2]
    assert prompt.set_by is not None
    assert prompt.set_by.name == "Dana"


async def test_a_long_list_is_cut_and_says_how_much_is_left(world: Asked) -> None:
    for day in range(1, 12):
        await world.promise(BO, f"thing {day}", date(2026, 11, 23) + timedelta(day))
    await world.ask()
    prompt = await world.shown()
    assert (len(prompt.lines), prompt.more) == (8, 3)


async def test_who_is_stuck_in_confidence_is_not_told_in_the_prompt(world: Asked) -> None:
    promised = await world.promise()
    turn = Turn(world.key(), BO, Which(world.installation, commitment_id=promised.id), "ill")
    await world.run(commitments.report_stuck, turn, Audience.OWNER, NOON)
    await world.ask()
    assert (await world.shown()).lines[0].commitment.risk is None


async def test_commitments_of_who_has_not_agreed_are_not_asked_about(database: Database) -> None:
    world = Asked(database)
    await world.begin(*EVERYBODY, start=False)
    await world.promise(BO, "invite 12 mentees", date(2026, 12, 17))
    await world.promise(HUI, "match mentees", date(2026, 12, 18))
    await world.agree(DANA)
    await world.agree(HUI)
    later = at("2026-12-08 09:00")
    start = beginning.Press(world.key(), world.installation, CHANNEL, DANA)
    await world.run(beginning.start_without, start, later)
    await world.run(schedules.post_due, at("2026-12-15 10:00"), 200)
    (world.occurrence,) = await world.occurrences()
    prompt = await world.shown(at("2026-12-15 10:00"))
    assert [line.commitment.owner.name for line in prompt.lines] == ["Hui"]


# Replies


async def test_a_reply_is_kept_with_the_organization_as_it_was_then(world: Asked) -> None:
    await world.ask()
    assert await world.say(HUI, "We met two mentors.") == Kept()
    (kept,) = await world.read(lambda store: store.checkins.of(world.occurrence.id))
    assert (kept.text, kept.member.name, kept.typed, kept.late) == (
        "We met two mentors.",
        "Hui",
        True,
        False,
    )

    def move(store: Store) -> None:
        other = store.people.create_organization(world.installation, "Elsewhere")
        store.people.join(kept.member.id, other.id)

    await world.run(move)
    (again,) = await world.read(lambda store: store.checkins.of(world.occurrence.id))
    assert again.member.organization is not None
    assert again.member.organization.name == HARBOR
    assert await world.outgoing(Kind.CHECKIN_NOTE) == []


async def test_an_edit_is_followed_and_an_older_one_is_not(world: Asked) -> None:
    await world.ask()
    first = world.words(BO, "12 invitd")
    await world.run(checkins.reply, first, NOON)
    newest = replace(first, key="e2", text="12 invited", edited_at=NOON + timedelta(minutes=2))
    older = replace(first, key="e1", text="12 invite", edited_at=NOON + timedelta(minutes=1))
    await world.run(checkins.reply, newest, NOON)
    await world.run(checkins.reply, older, NOON)
    assert await world.texts() == ["12 invited"]


async def test_an_edit_that_arrives_before_its_original_holds(world: Asked) -> None:
    await world.promise()
    await world.ask()
    first = world.words(BO, "dne")
    edit = replace(
        first, key="e", text="done", understood=(DONE,), edited_at=NOON + timedelta(minutes=1)
    )
    await world.run(checkins.reply, edit, NOON)
    await world.run(checkins.reply, first, NOON)
    assert await world.texts() == ["done"]
    assert len(await world.outgoing(Kind.CHECKIN_NOTE)) == 1


async def test_what_an_edit_adds_to_a_word_is_told(world: Asked) -> None:
    await world.ask()
    said = world.words(HUI, "done", DONE)
    await world.run(checkins.reply, said, NOON)
    edit = replace(
        said,
        key="e",
        text="done, but we need chairs",
        understood=(),
        more=True,
        edited_at=NOON + timedelta(minutes=1),
    )
    await world.run(checkins.reply, edit, NOON)
    found = await world.summary()
    assert found is not None
    assert [each.text for each in found.said] == ["done, but we need chairs"]


async def test_an_edit_of_words_that_were_not_kept_begins_nothing(world: Asked) -> None:
    await world.ask()
    said = world.words(BO, "<@UBOT> commit call the press by friday")
    edit = replace(said, edited_at=NOON + timedelta(minutes=1), follows=True)
    assert await world.run(checkins.reply, edit, NOON) == Kept()
    assert await world.texts() == []


async def test_a_deletion_is_followed_whenever_it_arrives(world: Asked) -> None:
    await world.ask()
    thread = (await world.outgoing(Kind.PROMPT))[0].ts
    said = world.words(BO, "oops")
    await world.run(checkins.reply, said, NOON)
    gone = Deleted(world.installation, CHANNEL, said.ts, thread)
    await world.run(checkins.deleted, gone, NOON)
    assert await world.texts() == []
    kept = await world.read(lambda store: store.checkins.by_key(world.occurrence.id, said.ts))
    assert kept.text == ""

    early = world.words(BO, "also oops")
    await world.run(checkins.deleted, Deleted(world.installation, CHANNEL, early.ts, thread), NOON)
    await world.run(checkins.reply, early, NOON)
    assert await world.texts() == []


async def test_a_delivery_repeated_is_kept_once(world: Asked) -> None:
    await world.promise()
    await world.ask()
    said = world.words(BO, "done", DONE)
    await world.run(checkins.reply, said, NOON)
    await world.run(checkins.reply, said, NOON)
    assert await world.texts() == ["done"]
    assert len(await world.outgoing(Kind.CHECKIN_NOTE)) == 1


async def test_who_has_not_agreed_is_told_once_and_not_recorded(world: Asked) -> None:
    await world.ask()
    newcomer = Person("TLATE", "ULATE", "Lea", team_name="Latecomers")
    refused = await world.say(newcomer, "We are new here.")
    assert refused.refusal is not None
    assert "has not said OK" in refused.refusal.sentence
    assert await world.say(newcomer, "Hello?") == Kept()
    assert await world.texts() == []


async def test_a_guest_without_an_organization_is_asked_for_it_first(world: Asked) -> None:
    await world.ask()
    guest = Person("TACME", "UGUEST", "Gus", PersonKind.GUEST)
    refused = await world.say(guest, "Hello.")
    assert refused.refusal is not None
    assert "which organization" in refused.refusal.sentence
    assert await world.texts() == []


async def test_a_bots_reply_is_not_kept(world: Asked) -> None:
    await world.ask()
    bot = Person("TACME", "UROBOT", "Robot", PersonKind.BOT)
    assert await world.say(bot, "beep") == Kept()
    assert await world.texts() == []


# 17 a reply to a check-in that is closed or deleted


async def test_17_a_late_reply_is_kept_and_said_to_be_late_once(world: Asked) -> None:
    await world.ask()
    await world.run(checkins.close, OVER, 200)
    kept = await world.say(BO, "Sorry, we are late.", now=OVER)
    assert kept.sentences[0].startswith("This check-in is closed already. I kept your reply")
    assert await world.say(BO, "One more thing.", now=OVER) == Kept()
    late = await world.read(lambda store: store.checkins.of(world.occurrence.id))
    assert [each.late for each in late] == [True, True]


async def test_17_and_20_a_reply_under_a_deleted_prompt_is_kept(world: Asked) -> None:
    await world.ask()
    prompt = (await world.outgoing(Kind.PROMPT))[0]
    assert prompt.ts is not None
    await world.run(checkins.deleted, Deleted(world.installation, CHANNEL, prompt.ts, None), NOON)
    kept = await world.say(BO, "Where did it go?")
    assert "deleted the message" in kept.sentences[0]
    assert await world.texts() == ["Where did it go?"]
    assert await world.run(checkins.close, OVER, 200) == 1
    assert await world.outgoing(Kind.SUMMARY) == []


# "done"


async def test_a_done_counts_only_when_its_owner_confirms_it(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.say(BO, "done", DONE)
    assert (await world.commitment(1)).state is CommitmentState.ACCEPTED
    note = await world.last_note()
    assert note.commitment is not None
    assert note.commitment.id == promised.id
    for other in (AMINA, DANA):
        with pytest.raises(NotAllowed, match="<@UBO>"):
            await world.run(checkins.settle, world.settle(other, note, promised.id), NOON)
    await world.run(checkins.settle, world.settle(BO, note, promised.id), NOON)
    assert (await world.commitment(1)).state is CommitmentState.DONE
    assert (await world.last_note()).statement.settled is Settled.YES
    assert (await world.shown()).lines[0].done


async def test_not_yet_leaves_it_open(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.say(BO, "done", DONE)
    note = await world.last_note()
    await world.run(checkins.settle, world.settle(BO, note, None), NOON)
    assert (await world.commitment(1)).state is CommitmentState.ACCEPTED
    with pytest.raises(OutOfDate):
        await world.run(checkins.settle, world.settle(BO, note, promised.id), NOON)


async def test_12_the_same_answer_pressed_twice_counts_once(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.say(BO, "done", DONE)
    note = await world.last_note()
    for _ in range(2):
        await world.run(checkins.settle, world.settle(BO, note, promised.id), NOON)
    assert (await world.commitment(1)).state is CommitmentState.DONE


async def test_of_several_that_could_be_meant_it_asks_which(world: Asked) -> None:
    await world.promise(BO, "one", date(2026, 11, 30))
    second = await world.promise(BO, "two", date(2026, 12, 1))
    await world.promise(BO, "far", date(2027, 3, 1))
    await world.ask()
    await world.say(BO, "done", DONE)
    note = await world.last_note()
    assert [each.number for each in note.choices] == [1, 2]
    await world.run(checkins.settle, world.settle(BO, note, second.id), NOON)
    assert (await world.commitment(2)).state is CommitmentState.DONE
    assert (await world.commitment(1)).state is CommitmentState.ACCEPTED


async def test_a_done_of_somebody_who_promised_nothing_is_a_text_like_any_other(
    world: Asked,
) -> None:
    await world.ask()
    await world.say(AMINA, "done", DONE)
    assert await world.texts() == ["done"]
    assert await world.outgoing(Kind.CHECKIN_NOTE) == []


async def test_a_number_says_which(world: Asked) -> None:
    await world.promise(BO, "one", date(2026, 11, 30))
    far = await world.promise(BO, "far", date(2027, 3, 1))
    await world.ask()
    await world.say(BO, "#2 done", replace(DONE, number=2))
    note = await world.last_note()
    assert note.commitment is not None
    assert note.commitment.id == far.id


async def test_11_and_13_a_number_that_does_not_fit_is_told_and_the_reply_is_kept(
    world: Asked,
) -> None:
    await world.promise(BO)
    await world.ask()
    unknown = await world.say(BO, "#99 done", replace(DONE, number=99))
    assert unknown.sentences == (
        "There is no #99 in this channel. Your reply is kept as you wrote it.",
    )
    other = await world.say(AMINA, "#1 done", replace(DONE, number=1))
    assert other.sentences[0].startswith("That is for <@UBO> to say.")
    assert await world.texts() == ["#99 done", "#1 done"]
    assert await world.outgoing(Kind.CHECKIN_NOTE) == []


async def test_an_edit_after_the_question_changes_the_response_and_nothing_else(
    world: Asked,
) -> None:
    await world.promise()
    await world.ask()
    said = world.words(BO, "done", DONE)
    await world.run(checkins.reply, said, NOON)
    edit = replace(
        said, key="e", text="almost", understood=(), edited_at=NOON + timedelta(minutes=1)
    )
    await world.run(checkins.reply, edit, NOON)
    assert await world.texts() == ["almost"]
    assert (await world.last_note()).statement.settled is None


# "stuck"


async def test_stuck_changes_nothing_until_its_owner_says_that_everyone_may_know(
    world: Asked,
) -> None:
    promised = await world.promise()
    await world.ask()
    await world.say(BO, "stuck: no venue", STUCK)
    assert (await world.commitment(1)).risk is None
    asked = await world.last_note()
    assert (asked.statement.commitment_id, asked.statement.settled) == (promised.id, None)
    await world.run(checkins.settle, world.settle(BO, asked, promised.id), NOON)
    risk = (await world.commitment(1)).risk
    assert risk is not None
    assert (risk.audience, risk.why) == (Audience.EVERYONE, "no venue")
    note = await world.last_note()
    assert (note.statement.word, note.statement.settled) == (Word.STUCK, Settled.YES)
    assert (await world.shown()).lines[0].commitment.risk is not None


async def test_stuck_without_a_commitment_needs_help_all_the_same(world: Asked) -> None:
    await world.ask()
    await world.say(HUI, "stuck: no venue", STUCK)
    note = await world.last_note()
    assert note.commitment is None
    await world.run(checkins.close, OVER, 200)
    summary = await world.summary()
    assert summary is not None
    assert [(need.member.name, need.why, need.number) for need in summary.needs] == [
        ("Hui", "no venue", None)
    ]


async def test_what_needs_help_is_told_in_the_words_of_the_edit(world: Asked) -> None:
    await world.ask()
    said = world.words(HUI, "stuck: Dana never answers", STUCK)
    await world.run(checkins.reply, said, NOON)
    edit = replace(
        said, key="e", text="stuck: waiting for an answer", edited_at=NOON + timedelta(minutes=1)
    )
    await world.run(checkins.reply, edit, NOON)
    found = await world.summary()
    assert found is not None
    assert [each.why for each in found.needs] == ["stuck: waiting for an answer"]


async def test_of_a_deleted_reply_no_words_are_kept_at_all(world: Asked) -> None:
    await world.ask()
    said = world.words(HUI, "stuck: no venue", STUCK)
    await world.run(checkins.reply, said, NOON)
    gone = Deleted(world.installation, CHANNEL, said.ts, None)
    await world.deliver()
    await world.run(checkins.deleted, gone, NOON)

    def words(store: Store) -> list[str]:
        return list(store.connection.execute(select(statement.c.text)).scalars())

    assert await world.read(words) == [""]
    assert await world.summary() is None


async def test_stuck_with_one_of_several_asks_which(world: Asked) -> None:
    first = await world.promise(BO, "one", date(2026, 11, 30))
    await world.promise(BO, "two", date(2026, 12, 1))
    await world.ask()
    await world.say(BO, "stuck: no venue", STUCK)
    assert (await world.commitment(1)).risk is None
    note = await world.last_note()
    await world.run(checkins.settle, world.settle(BO, note, first.id), NOON)
    risk = (await world.commitment(1)).risk
    assert risk is not None
    assert risk.why == "no venue"


# Quick answers


async def test_done_by_its_owners_button_counts_at_once(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.run(checkins.press, world.press(BO, promised.id, Word.DONE), NOON)
    assert (await world.commitment(1)).state is CommitmentState.DONE
    prompt = await world.shown()
    assert prompt.lines[0].done
    assert not prompt.lines[0].answerable


async def test_13_somebody_elses_button_changes_nothing(world: Asked) -> None:
    promised = await world.promise(BO, by=DANA)
    await world.ask()
    for person in (DANA, AMINA):
        with pytest.raises(NotAllowed, match="Only <@UBO>"):
            await world.run(checkins.press, world.press(person, promised.id, Word.DONE), NOON)
    assert (await world.commitment(1)).state is CommitmentState.ACCEPTED


async def test_on_track_is_shown_and_takes_the_risk_away(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.say(BO, "stuck: no venue", STUCK)
    await world.run(checkins.settle, world.settle(BO, await world.last_note(), promised.id), NOON)
    assert (await world.commitment(1)).risk is not None
    await world.run(checkins.press, world.press(BO, promised.id, Word.ON_TRACK), NOON)
    (line,) = (await world.shown()).lines
    assert line.on_track
    assert line.commitment.risk is None


async def test_on_track_then_done_is_one_answer(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    await world.run(checkins.press, world.press(BO, promised.id, Word.ON_TRACK), NOON)
    await world.run(checkins.press, world.press(BO, promised.id, Word.DONE), NOON)
    (line,) = (await world.shown()).lines
    assert (line.done, line.on_track) == (True, False)


async def test_14_an_answer_to_what_is_closed_is_out_of_date(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    turn = Turn(world.key(), BO, Which(world.installation, commitment_id=promised.id))
    await world.run(commitments.drop, turn, NOON)
    with pytest.raises(OutOfDate, match="was dropped"):
        await world.run(checkins.press, world.press(BO, promised.id, Word.ON_TRACK), NOON)


# Closing


async def test_after_48_open_hours_one_message_sums_up(world: Asked) -> None:
    promised = await world.promise()
    hers = await world.promise(HUI, "match mentees", date(2026, 12, 8))
    await world.ask()
    await world.say(AMINA, "The flyers are <https://example.org|here>, <@UBO> made them.")
    await world.say(HUI, "stuck: no venue", STUCK)
    await world.run(checkins.settle, world.settle(HUI, await world.last_note(), hers.id), NOON)
    await world.run(checkins.press, world.press(BO, promised.id, Word.DONE), NOON)
    assert await world.run(checkins.close, OVER - timedelta(microseconds=1), 200) == 0
    assert await world.run(checkins.close, OVER, 200) == 1
    assert await world.run(checkins.close, OVER, 200) == 0
    (note,) = await world.outgoing(Kind.SUMMARY)
    assert note.parent == world.occurrence.message_id
    summary = await world.summary()
    assert summary is not None
    assert [(quote.member.name, quote.text) for quote in summary.said] == [
        ("Amina", "The flyers are here, @Bo made them.")
    ]
    assert [(each.number, each.word) for each in summary.changed] == [(1, "done")]
    assert [(need.number, need.why) for need in summary.needs] == [(2, "no venue")]
    assert not (await world.shown(OVER)).open


async def test_a_done_that_nobody_confirmed_stands_among_what_was_said(world: Asked) -> None:
    await world.promise()
    await world.ask()
    await world.say(BO, "done", DONE)
    await world.run(checkins.close, OVER, 200)
    summary = await world.summary()
    assert summary is not None
    assert [quote.text for quote in summary.said] == ["done"]
    assert summary.changed == ()


async def test_if_nothing_was_said_nothing_is_posted(world: Asked) -> None:
    await world.promise()
    await world.ask()
    assert await world.run(checkins.close, OVER, 200) == 1
    assert await world.outgoing(Kind.SUMMARY) == []
    (closed,) = await world.occurrences()
    assert closed.state is State.CLOSED


async def test_a_reply_deleted_after_the_summary_leaves_it(world: Asked) -> None:
    await world.ask()
    said = world.words(BO, "a secret")
    await world.run(checkins.reply, said, NOON)
    await world.run(checkins.reply, world.words(HUI, "no secret"), NOON)
    await world.run(checkins.close, OVER, 200)
    before = (await world.outgoing(Kind.SUMMARY))[0].wanted
    await world.run(checkins.deleted, Deleted(world.installation, CHANNEL, said.ts, None), OVER)
    summary = await world.summary()
    assert summary is not None
    assert [quote.text for quote in summary.said] == ["no secret"]
    assert (await world.outgoing(Kind.SUMMARY))[0].wanted == before + 1


async def test_closed_days_do_not_count_towards_the_48_hours(database: Database) -> None:
    world = Asked(database)
    await world.begin(*EVERYBODY)
    await world.close_days("Acme", date(2026, 11, 26), date(2026, 11, 27))
    await world.ask()
    assert world.occurrence.closes_at == at("2026-11-30 10:00")


async def test_a_setting_says_how_long_it_is_open(world: Asked) -> None:
    await world.run(schedules.post_due, TUESDAY, 200, open_for=timedelta(hours=6))
    (posted,) = await world.occurrences(ScheduleKind.CHECKIN)
    assert posted.closes_at == at("2026-11-24 16:00")


async def test_a_checkin_that_never_reached_the_channel_is_not_summed_up(world: Asked) -> None:
    await world.promise()
    await world.run(schedules.post_due, TUESDAY, 200)
    await world.promise(now=NOON)
    assert await world.run(checkins.close, OVER, 200) == 1
    assert await world.outgoing(Kind.SUMMARY) == []


# What a summary must not show


async def test_where_one_organization_is_silent_the_summary_does_not_show_it(world: Asked) -> None:
    for person in (BO, HUI, DANA):
        await world.promise(person, f"the part of {person.name}", date(2026, 11, 27))
    await world.ask()
    await world.say(BO, "all is well")
    await world.say(HUI, "here too")
    await world.run(checkins.close, OVER, 200)
    found = await world.summary()
    assert found is not None
    assert [each.member.name for each in found.said] == ["Bo", "Hui"]
    said = views.summary(found)["text"]
    for shows in ("Dana", "Acme", "Amina", "Priya", "2", "3", "5", "silent", "nobody", "only"):
        assert shows not in said


async def test_between_two_people_the_summary_counts_nothing(database: Database) -> None:
    world = Asked(database)
    await world.begin(DANA, BO)
    await world.ask()
    await world.say(BO, "all is well")
    await world.run(checkins.close, OVER, 200)
    found = await world.summary()
    assert found is not None
    said = views.summary(found)["text"]
    assert "Dana" not in said
    assert not any(letter.isdigit() for letter in said)


async def test_what_only_colleagues_may_know_is_not_in_the_summary(world: Asked) -> None:
    promised = await world.promise()
    await world.ask()
    here = frozenset(each.user for each in EVERYBODY)
    turn = Turn(world.key(), BO, Which(world.installation, commitment_id=promised.id), "ill")
    await world.run(commitments.report_stuck, turn, Audience.ORGANIZATION, NOON, here=here)
    await world.say(HUI, "here too")
    found = await world.summary()
    assert found is not None
    assert found.needs == ()
    assert "ill" not in views.summary(found)["text"].replace("still", "")


# Where the thread is


async def test_a_reply_is_kept_and_followed_after_the_channel_got_another_id(world: Asked) -> None:
    await world.ask()
    said = world.words(BO, "we need a van")
    await world.run(checkins.reply, said, NOON)
    moved = comings.Moved("moved", world.installation, CHANNEL, "C1ANOTHER")
    await world.run(comings.moved, moved, NOON)
    await world.say(HUI, "we have one")
    assert await world.texts() == ["we need a van", "we have one"]
    await world.run(checkins.deleted, Deleted(world.installation, "C1ANOTHER", said.ts, None), NOON)
    assert await world.texts() == ["we have one"]


async def test_a_check_in_whose_message_was_deleted_is_closed_without_a_summary(
    world: Asked,
) -> None:
    await world.promise()
    await world.ask()
    await world.say(HUI, "here too")
    prompt = (await world.outgoing(Kind.PROMPT))[0]
    gone = Deleted(world.installation, CHANNEL, prompt.ts or "", None)
    await world.run(checkins.deleted, gone, NOON)
    await world.run(nudges.plan_due, NOON, 200)
    await world.run(nudges.tell_due, OVER - timedelta(hours=1), 200)
    await world.run(checkins.close, OVER, 200)
    assert await world.outgoing(Kind.SUMMARY) == []
    assert await world.outgoing(Kind.NUDGE) == []
    assert (await world.occurrences())[0].state is State.CLOSED
