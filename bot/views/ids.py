"""The ids of buttons, modals and fields, in one place: what Slack sends back names its handler.

An id is ``noun.action``. A button's value is the id of its thing and, where an old button could
mislead, the version it showed: ``"17:2"`` (see ``value`` and ``parts``).
"""

from enum import StrEnum


class Button(StrEnum):
    """``action_id`` of buttons and selects."""


class Form(StrEnum):
    """``callback_id`` of modals."""


class PartnershipButton(StrEnum):
    """Of the welcome and its thread; the value is the partnership, or what is named."""

    OK = "partnership.ok"
    NOT_NOW = "partnership.not_now"
    ASK = "partnership.ask"
    SET_UP = "partnership.set_up"
    START_WITHOUT = "partnership.start_without"
    OBJECT = "partnership.object"  # value: the announced change
    CHANGE_OK = "partnership.change_ok"  # value: the same
    WITHDRAW = "partnership.withdraw"  # value: the same
    HISTORY = "partnership.history"  # value: partnership, where the page begins
    HISTORY_NEWER = "partnership.history_newer"  # value: the same
    WITH = "partnership.with"
    WITH_THIS = "partnership.with_this"  # value: partnership, organization
    WITH_NEW = "partnership.with_new"  # value: partnership, the name as typed
    JOINING_YES = "partnership.joining_yes"  # value: the guest's word
    JOINING_NO = "partnership.joining_no"


class PartnershipForm(StrEnum):
    """Modals of partnerships; their private part is the partnership."""

    ASK = "partnership.ask"
    SET_UP = "partnership.set_up"
    WITH = "partnership.with"
    WITH_WHICH = "partnership.with_which"


class PartnershipField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    QUESTION = "partnership.question"
    ORGANIZATION = "partnership.organization"
    NAME = "partnership.name"
    PURPOSE = "partnership.purpose"
    EXPECTED = "partnership.expected"
    CHECKIN_OFTEN = "partnership.checkin_often"
    CHECKIN_DAY = "partnership.checkin_day"
    CHECKIN_AT = "partnership.checkin_at"
    DIGEST_OFTEN = "partnership.digest_often"
    DIGEST_DAY = "partnership.digest_day"
    DIGEST_AT = "partnership.digest_at"
    ZONE = "partnership.zone"
    KEEP = "partnership.keep"
    REACTION = "partnership.reaction"


class HelpButton(StrEnum):
    """The likeliest next things; those of other nouns have their own ids."""

    HELP = "help.all"


class UndoButton(StrEnum):
    """Of receipts; the value is what can be taken back."""

    TAKE_BACK = "undo.take_back"
    EDIT = "undo.edit"  # value: a commitment, the version of its terms
    EDIT_STUCK = "undo.edit_stuck"


class UndoForm(StrEnum):
    """Modals that a receipt opens; their private part is as of commitments."""

    EDIT = "undo.edit"


class RecordingButton(StrEnum):
    """Of offers to record what somebody wrote."""

    WHERE = "recording.where"  # value: a channel, the message in the direct message
    YES = "recording.yes"  # value: the channel and the message
    NOT_NOW = "recording.not_now"


class RecordingForm(StrEnum):
    """Its modal, whose private part is the channel and the message; and the message shortcut."""

    RECORD = "recording.record"


class CommitmentButton(StrEnum):
    """Of commitments; the value is ``value(commitment, version of its terms)``."""

    YES = "commitment.yes"
    YES_IF = "commitment.yes_if"
    ANOTHER_DATE = "commitment.another_date"
    NO = "commitment.no"
    AGREE = "commitment.agree"
    KEEP = "commitment.keep"
    TAKE_BACK = "commitment.take_back"  # one's own suggestion
    TAKE_OVER = "commitment.take_over"
    HAND_OVER = "commitment.hand_over"
    DONE = "commitment.done"
    MISSING = "commitment.missing"  # opens what is done again
    STUCK = "commitment.stuck"
    ON_TRACK = "commitment.on_track"
    DROP = "commitment.drop"
    CHANGE = "commitment.change"
    TELL_COLLEAGUE = "commitment.tell_colleague"
    TELL_EVERYONE = "commitment.tell_everyone"
    TELL_NOBODY = "commitment.tell_nobody"
    SHOW = "commitment.show"
    NEW = "commitment.new"  # value: empty, or the channel
    LIST = "commitment.list"  # value: the channel
    MINE = "commitment.mine"  # value: empty
    WAITING = "commitment.waiting"  # value: empty
    EARLIER = "commitment.earlier"  # value: list, its channel, where the page begins
    LATER = "commitment.later"


class CommitmentForm(StrEnum):
    """Modals of commitments."""

    YES_IF = "commitment.yes_if"
    CHANGE = "commitment.change"
    NO = "commitment.no"
    DROP = "commitment.drop"
    STUCK = "commitment.stuck"
    HAND_OVER = "commitment.hand_over"
    MISSING = "commitment.missing"
    NEW = "commitment.new"


class ScheduleButton(StrEnum):
    """Of what recurs; the value is its kind and the partnership."""

    ASK_NOW = "schedule.ask_now"
    SKIP = "schedule.skip"
    UNSKIP = "schedule.unskip"
    PAUSE = "schedule.pause"  # offers the two that follow
    PAUSE_TWO = "schedule.pause_two"  # value: also how many weeks
    PAUSE_FOUR = "schedule.pause_four"
    PAUSE_EIGHT = "schedule.pause_eight"
    PAUSE_OPEN = "schedule.pause_open"  # until somebody resumes
    RESUME = "schedule.resume"
    QUESTIONS = "schedule.questions"  # value: the partnership


class ScheduleForm(StrEnum):
    """Modals of what recurs; their private part is the partnership and the setup's version."""

    QUESTIONS = "schedule.questions"


class ScheduleField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    QUESTIONS = "schedule.questions"


class CheckinButton(StrEnum):
    """Of a check-in."""

    DONE = "checkin.done"  # value: occurrence, commitment
    ON_TRACK = "checkin.on_track"  # value: occurrence, commitment
    YES = "checkin.yes"  # value: statement, commitment
    NOT_YET = "checkin.not_yet"  # value: statement


class DigestButton(StrEnum):
    """Of the digest."""

    ALL = "digest.all"  # value: partnership, occurrence (0: as of now)
    PREVIEW = "digest.preview"  # value: partnership
    INTERNAL = "digest.internal"  # value: partnership


class DaysButton(StrEnum):
    """Of days off: one's own, and those of one's organization."""

    AWAY = "days.away"  # value: empty
    AWAY_ADD = "days.away_add"  # value: empty
    AWAY_BACK = "days.away_back"  # value: the time away
    AWAY_EDIT = "days.away_edit"  # value: the same
    CLOSED = "days.closed"  # value: empty
    CLOSED_ADD = "days.closed_add"  # value: empty
    CLOSED_HOLIDAYS = "days.closed_holidays"  # value: empty
    CLOSED_FILE = "days.closed_file"  # value: empty
    CLOSED_REMOVE = "days.closed_remove"  # value: the entry
    CLOSED_EDIT = "days.closed_edit"  # value: the same
    SUGGEST = "days.suggest"  # value: commitment, version of its terms, the day


class DaysForm(StrEnum):
    """Modals of days off."""

    AWAY = "days.away"  # private part: empty, or the time away that is edited
    CLOSED = "days.closed"  # private part: empty, or the entry that is edited
    COUNTRY = "days.country"
    HOLIDAYS = "days.holidays"  # private part: the country
    FILE = "days.file"
    SUGGEST = "days.suggest"  # private part: commitment, version of its terms


class DaysField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    FIRST = "days.first"
    LAST = "days.last"
    LABEL = "days.label"
    COUNTRY = "days.country"
    SUBDIVISION = "days.subdivision"
    CATEGORIES = "days.categories"
    FILE = "days.file"
    TEXT = "days.text"
    DAY = "days.day"


class OrganizationButton(StrEnum):
    """Of one's own organization in a partnership; the value is the partnership."""

    SHOW = "organization.show"
    CHANGE = "organization.change"


class OrganizationForm(StrEnum):
    """Modals of one's own organization; their private part is the partnership."""

    CHANGE = "organization.change"


class OrganizationField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    LEAD = "organization.lead"
    SPONSOR = "organization.sponsor"
    ZONE = "organization.zone"
    WEEKDAYS = "organization.weekdays"


class SharesButton(StrEnum):
    """Of how the work is shared; the value is what the leads were shown, or a commitment."""

    POST = "shares.post"
    KEEP = "shares.keep"
    PAID = "shares.paid"
    UNPAID = "shares.unpaid"


class CommitmentField(StrEnum):
    """Fields of those modals: ``block_id`` and ``action_id`` in one."""

    OWNER = "commitment.owner"
    WHAT = "commitment.what"
    DUE = "commitment.due"
    NO_DATE = "commitment.no_date"
    LABEL = "commitment.label"
    CONDITION = "commitment.condition"
    WHY = "commitment.why"
    AUDIENCE = "commitment.audience"


class ReminderButton(StrEnum):
    """Of reminders, besides those of commitments."""

    LATER = "reminder.later"  # value: the commitment
    LATER_EDIT = "reminder.later_edit"  # value: the same


class ReminderForm(StrEnum):
    """Modals of reminders; the private part is the commitment."""

    LATER = "reminder.later"


class PreferenceButton(StrEnum):
    """Of a person's settings."""

    SHOW = "preference.show"
    CHANGE = "preference.change"
    PAUSE = "preference.pause"
    PAUSE_EDIT = "preference.pause_edit"  # value: the partnership, or empty for all
    RESUME = "preference.resume"  # value: the partnership
    RESUME_ALL = "preference.resume_all"


class PreferenceForm(StrEnum):
    """Modals of a person's settings."""

    CHANGE = "preference.change"
    PAUSE = "preference.pause"


class PreferenceField(StrEnum):
    """Fields of those modals and of the reminders': ``block_id`` and ``action_id`` in one."""

    ZONE = "preference.zone"
    START = "preference.start"
    END = "preference.end"
    NOTICES = "preference.notices"
    SPOT = "preference.spot"
    UNTIL = "preference.until"


def value(*parts: int | str) -> str:
    """A button's value."""
    return ":".join(str(part) for part in parts)


def parts(value: str) -> tuple[str, ...]:
    """What a button's value holds."""
    return tuple(value.split(":"))
