"""The welcome, the notes in its thread, and the word on silence."""

from collections.abc import Callable, Iterable
from datetime import date
from zoneinfo import ZoneInfo

from bot.domain.partnerships import (
    Change,
    Ended,
    Joining,
    Partnership,
    Setting,
    State,
    Step,
    from_json,
)
from bot.domain.people import Member, Organization
from bot.domain.questions import from_json as questions_from
from bot.domain.rhythm import Rhythm, in_words
from bot.domain.welcome import Line, Noted, Welcome
from bot.views.blocks import (
    Block,
    Element,
    Message,
    Modal,
    actions,
    button,
    context,
    field,
    message,
    modal,
    section,
    text_input,
)
from bot.views.ids import (
    DaysButton,
    OrganizationButton,
    PartnershipButton,
    PartnershipField,
    PartnershipForm,
    value,
)
from bot.views.questions import in_words as questions_in_words
from bot.views.words import count, day, escape, listed, named, one_line

LONGEST_QUESTION = 3000
"""Letters that Slack lets somebody type into a modal."""


def zone_in_words(zone: str) -> str:
    """``New York time``."""
    return "UTC" if zone == "UTC" else f"{zone.rsplit('/', 1)[-1].replace('_', ' ')} time"


def scheduled(checkin: Rhythm, digest: Rhythm, zone: str) -> str:
    """``a check-in every second Tuesday at 10:00 and a digest every Friday …``."""
    return f"a check-in {in_words(checkin)} and a digest {in_words(digest)} ({zone_in_words(zone)})"


def welcome(value: Welcome) -> Message:
    """The first message, which is brought up to date as organizations say OK."""
    host = one_line(value.host, 80)
    plan = scheduled(value.checkin, value.digest, value.partnership.zone)
    arrival = (
        "Hi. I help you keep track of what you agree. I post nothing on schedule until each "
        "organization says OK. I read only replies to me and messages that mention me. "
        f"{host} runs me; its technical staff could read what I keep."
    )
    will = (
        f"*I will* post {plan}, and show what you ask of each other: "
        "nothing counts until the person who was asked agrees.\n"
        "*I keep* what you agree, answers to my check-ins (their texts for "
        f"{count(value.keep_days, 'day')}), and who said OK.\n"
        "*I never* keep your other messages. Slack delivers all messages of this channel to me; "
        "those outside my own threads that do not mention me are dropped at once. "
        "I never call everybody with @channel."
    )
    purpose = one_line(value.partnership.purpose, 600)
    what_for = (
        f"*What this channel is for:* {purpose}"
        if purpose
        else "*What this channel is for:* nobody has said yet. *Set up* asks for it."
    )
    stand = "\n".join(_stand(value))
    blocks = [section(arrival), section(will), section(what_for), section(stand)]
    blocks.extend(_welcome_buttons(value))
    if value.partnership.state is State.BEGINNING:
        blocks.append(context("What you ask me for works already. History is in this thread."))
    return message("\n".join((arrival, will, what_for, stand)), *blocks)


def _stand(value: Welcome) -> list[str]:
    started = value.partnership.started
    lines = ["*We have started*" if started else "*Who has said OK*"]
    lines.extend(f"• {_line(line, started)}" for line in value.lines)
    if value.guests:
        guests = listed(each.mention for each in value.guests)
        rest = "" if started else " I wait for the answer before I start."
        lines.append(f"• {guests}: which organization are you with?{rest}")
    if len(value.lines) == 1 and not value.guests:
        only = one_line(value.lines[0].organization.name, 80)
        lines.append(
            f"Only {only} is here so far. Invite your partners to this channel, "
            "and I ask them for their OK too."
        )
    return lines


def _line(line: Line, started: bool) -> str:
    name = one_line(line.organization.name, 80)
    if line.agreed:
        by = "" if line.ok_by is None else f" by {line.ok_by.mention}"
        lead = ""
        if line.lead is not None and line.lead != line.ok_by:
            lead = f", lead {line.lead.mention}"
        sponsor = f", backed by {one_line(line.sponsor, 120)}" if line.sponsor else ""
        return f"{name}: OK{by}{lead}{sponsor}"
    if line.expected:
        return f"{name}: not here yet"
    if line.not_now:
        return f"{name}: not now, and can say OK later"
    if started:
        return f"{name}: no answer, so I neither ask nor record its people"
    return f"{name}: waiting…"


def _welcome_buttons(value: Welcome) -> list[Block]:
    which = str(value.partnership.id)
    row: list[Element] = []
    open_lines = [line for line in value.lines if not line.agreed]
    if open_lines or value.guests:
        row.append(
            button(
                "OK for our organization",
                PartnershipButton.OK,
                which,
                style="primary",
            )
        )
        row.append(button("Not now", PartnershipButton.NOT_NOW, which))
    row.append(button("Ask a question", PartnershipButton.ASK, which))
    row.append(button("Set up", PartnershipButton.SET_UP, which))
    row.append(
        button(
            "Our organization",
            OrganizationButton.SHOW,
            which,
            speaks="Our organization (its lead, time zone and closed days)",
        )
    )
    if value.guests:
        row.append(button("Say which organization", PartnershipButton.WITH, which))
    if value.may_start_without:
        row.append(_start_without(value.partnership, (each.organization for each in open_lines)))
    return [actions(*row)]


def _start_without(partnership: Partnership, waiting: Iterable[Organization]) -> Element:
    missing = [each.name for each in waiting]
    who = missing[0] if len(missing) == 1 else "the others"
    return button(f"Start without {who}", PartnershipButton.START_WITHOUT, value(partnership.id))


def note(value: Noted) -> Message:
    """What happened, for the thread of the welcome."""
    return _NOTES[value.entry.step](value)


def silence(noted: Noted) -> Message:
    """To the one who invited: who has not answered, with a note to forward."""
    name = one_line(_name(noted.organization), 80)
    where = "" if noted.partnership.channel is None else f" in <#{noted.partnership.channel}>"
    said = (
        f"{name} has not said OK{where} for five working days. That may only be a busy week. "
        "Here is a note that you can forward:"
    )
    forward = (
        f"Hi. In the channel that we share, Common Ground asks for the OK of {name}. "
        "It helps us keep track of what we agree with each other, and posts nothing on schedule "
        "until each organization has said OK. On its first message in the channel you can press "
        "OK, say Not now, or ask a question. Thank you!"
    )
    return message(f"{said}\n{forward}", section(said), section(_quoted(forward)))


def thanks(member: Member, lead: bool, partnership: Partnership) -> Message:
    """To somebody who has just said OK."""
    name = one_line(_name(member.organization), 80)
    said = f"Thank you. {name} has said OK."
    if lead:
        said += " You are its lead here: I ask you where somebody has to speak for it."
    if not partnership.started:
        said += " I start when the others have said OK too."
    return message(said, section(said))


def not_now() -> Message:
    """To somebody whose organization does not agree for now."""
    said = (
        "All right, I have noted that. Nothing starts without your organization for now. "
        "You can press OK later, or ask a question first."
    )
    return message(said, section(said))


def asked() -> Message:
    """To somebody who asked a question."""
    said = "Your question is in the thread of my first message, where everybody here can answer it."
    return message(said, section(said))


def objected() -> Message:
    """To somebody who objected to a change."""
    said = "Thank you for saying so. It stays as it is; I have noted that in the thread."
    return message(said, section(said))


def agreed_to_change(value: Change) -> Message:
    """To somebody who said OK to a change for their organization."""
    said = "Thank you. Your organization has said OK to this."
    said += (
        " Everybody has, so it holds now."
        if value.applied_at is not None
        else " It begins when the others have said OK too."
    )
    return message(said, section(said))


def withdrawn() -> Message:
    """To somebody who took a change back."""
    said = "You have taken that back. It stays as it was; I have noted that in the thread."
    return message(said, section(said))


def question_form(partnership_id: int) -> Modal:
    """Where a question is written."""
    return modal(
        "Ask a question",
        PartnershipForm.ASK,
        field(
            "What would you like to know?",
            text_input(PartnershipField.QUESTION, multiline=True, longest=LONGEST_QUESTION),
            block=PartnershipField.QUESTION,
            hint="It is posted in the thread of my first message, with your name.",
        ),
        private=str(partnership_id),
        submit="Ask",
    )


def change_in_words(change: Change) -> str:
    """What a setting would become."""
    if change.name is Setting.PURPOSE:
        return f"the purpose: “{one_line(change.value, 600)}”" if change.value else "no purpose"
    if change.name is Setting.ZONE:
        return f"the time zone: {zone_in_words(change.value)}"
    if change.name is Setting.QUESTIONS:
        return questions_in_words(questions_from(change.value))
    if change.name is Setting.KEEP:
        return f"texts of replies are kept for {count(change.value, 'day')}"
    if change.name is Setting.REACTION:
        return (
            "a :memo: reaction on a message offers to record it as a commitment"
            if change.value
            else "a :memo: reaction on a message does nothing"
        )
    what = "check-ins" if change.name is Setting.CHECKIN else "the digest"
    return f"{what} {in_words(from_json(change.value))}"


def waits_again(change: Change, zone: str, today: date) -> str:
    """After somebody took back what they said to a change: it is announced as before."""
    what = change_in_words(change)
    until = day(change.begins_at.astimezone(ZoneInfo(zone)).date(), today)
    if change.everyone:
        return f"This waits for everybody's OK, until {until}: {what}."
    return f"This begins on {until} unless somebody objects: {what}."


def _said(text: str, *row: Element) -> Message:
    return message(text, section(text), *([actions(*row)] if row else []))


def _returned(value: Noted) -> Message:
    return _said("I am here again. What you agreed before is still here.")


def _joined(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    text = f"{name} is in this channel now. {name}, please say OK on my first message here."
    if value.partnership.started:
        text += " Until then I neither ask nor record your people."
    return _said(text)


def _left(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    return _said(
        f"{name} is not in this channel any more. Its open commitments ended with that; what was "
        "done stays. If it comes back, I ask for its OK again."
    )


def _nobody_left(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    return _said(f"Nobody of {name} is in this channel any more. What it agreed to stays as it is.")


def _ok(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    by = "" if value.member is None else f" ({value.member.mention})"
    return _said(f"{name} has said OK{by}, and takes part from now on.")


def _taken_back(value: Noted) -> Message:
    if "with" in value.entry.detail:
        return _said(f"{_mention(value.member)} took back which organization they are with.")
    if value.change is not None:
        again = waits_again(value.change, value.partnership.zone, value.today)
        return _said(f"{_mention(value.member)} took that back. {again}")
    name = one_line(_name(value.organization), 80)
    return _said(f"{_mention(value.member)} took that back: {name} has not said OK for now.")


def _question(value: Noted) -> Message:
    who = _who(value.member)
    text = str(value.entry.detail.get("text", ""))
    asks = f"{who} asks:"
    answer = ""
    if value.answers is not None and value.answers != value.member:
        answer = f"{value.answers.mention}, can you answer this here?"
    shown = escape(text, 2600)
    blocks = [section(f"{asks}\n{_quoted(shown)}")]
    if answer:
        blocks.append(section(answer))
    return message(f"{asks} {shown} {answer}".strip(), *blocks)


def _with(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    text = f"{_mention(value.member)} is with {name}."
    if value.by is not None:
        text += f" {value.by.mention} has confirmed it."
    waiting = {each.id for each in value.waiting}
    if value.organization is not None and value.organization.id in waiting:
        text += f" {name}, please say OK on my first message here."
    return _said(text)


def _with_asked(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    text = f"{_mention(value.member)} says: I am with {name}."
    joining = value.joining
    if joining is None or joining.state is Joining.ASKED:
        which = str(joining.id if joining is not None else 0)
        return _said(
            f"{text} Is that so? Somebody of {name} has to say it.",
            button("Yes", PartnershipButton.JOINING_YES, which, style="primary"),
            button("No", PartnershipButton.JOINING_NO, which),
        )
    if value.by is None:
        return _said(f"{text} This question is settled.")
    word = "yes" if joining.state is Joining.YES else "no"
    return _said(f"{text} {value.by.mention} said {word}.")


def _with_refused(value: Noted) -> Message:
    name = one_line(_name(value.organization), 80)
    return _said(
        f"{_mention(value.by)} says that {_mention(value.member)} is not with {name}. "
        f"{_mention(value.member)}, which organization are you with?",
        button("Say which organization", PartnershipButton.WITH, str(value.partnership.id)),
    )


def _announced(noted: Noted) -> Message:
    change = noted.change
    if change is None:
        return _said("A change was announced.")
    what = change_in_words(change)
    who = _who(noted.member)
    if change.applied_at is not None:
        how = "Everybody said OK" if change.everyone else "Nobody objected"
        return _said(f"{who} suggested a change: {what}. {how}, so it holds now.")
    if change.ended_as is not None:
        return _said(f"{who} suggested a change: {what}. {_ENDED[change.ended_as]}")
    until = day(change.begins_at.astimezone(ZoneInfo(noted.partnership.zone)).date(), noted.today)
    object_ = button(
        "Object",
        PartnershipButton.OBJECT,
        str(change.id),
        speaks="Object (so that this change does not begin)",
    )
    if not change.everyone or noted.consent is None:
        return _said(
            f"{who} suggests a change: {what}. It begins on {until}, unless somebody objects.",
            object_,
        )
    ok = listed(one_line(each.name, 80) for each in noted.consent.said_ok) or "nobody"
    names = listed(one_line(each.name, 80) for each in noted.consent.waiting)
    return _said(
        f"{who} suggests a change of what is kept or shared: {what}. It begins when every "
        f"organization has said OK. OK so far: {ok}. Waiting for: {names}. "
        f"Without everybody's OK before {until}, it stays as it is.",
        button(
            "OK for our organization",
            PartnershipButton.CHANGE_OK,
            str(change.id),
            style="primary",
            speaks="OK for our organization (to this change)",
        ),
        object_,
    )


_ENDED = {
    Ended.OBJECTED: "It does not take effect.",
    Ended.WITHDRAWN: "It was taken back, so it does not take effect.",
    Ended.REPLACED: "A newer suggestion has taken its place.",
    Ended.LAPSED: "Not everybody said OK in time, so it stays as it was.",
}


def _objected(value: Noted) -> Message:
    what = "the change" if value.change is None else change_in_words(value.change)
    return _said(
        f"{_who(value.member)} objects to {what}. It stays as it was. "
        "Talk about it here; anybody can suggest something again with Set up."
    )


def _withdrawn(value: Noted) -> Message:
    what = "the change" if value.change is None else change_in_words(value.change)
    return _said(f"{_who(value.member)} took back the suggestion: {what}. It stays as it was.")


def _applied(value: Noted) -> Message:
    what = "the change" if value.change is None else change_in_words(value.change)
    return _said(f"Everybody has said OK, so this holds from now on: {what}.")


def _no_common_day(value: Noted) -> Message:
    return _said(
        f"I leave out {_left_out(value)}: no day within a month from then "
        "suits every organization here. I say this once, and ask again as soon as a day suits "
        "everybody. What you ask me for works meanwhile.",
        button("Our organization", OrganizationButton.SHOW, str(value.partnership.id)),
    )


def _left_out(value: Noted) -> str:
    nominal = value.entry.detail.get("nominal")
    if nominal is None:
        return "a check-in"
    return f"the check-in of {day(date.fromisoformat(str(nominal)), value.today)}"


def no_common_day(value: Noted) -> Message:
    """To those who lead: that check-ins rest, and what they can do about it."""
    where = "" if value.partnership.channel is None else f" in <#{value.partnership.channel}>"
    said = (
        f"I leave out {_left_out(value)}{where}: on each day of the month "
        "from then on an organization is closed. Look at the closed days and working days of "
        "yours, and talk to the others about a day on which all of you work."
    )
    row = actions(
        button("Our organization", OrganizationButton.SHOW, str(value.partnership.id)),
        button("Closed days", DaysButton.CLOSED, ""),
    )
    return message(said, section(said), row)


def _may_start(value: Noted) -> Message:
    names = listed(one_line(each.name, 80) for each in value.waiting)
    if not names:
        text = "Not everybody has said which organization they are with, for ten working days."
    else:
        text = f"{names} did not say OK for ten working days."
    text += (
        " Those who have said OK may start without. Whoever has not said OK is neither asked nor "
        "recorded, and can still say OK later."
    )
    if value.partnership.started:
        return _said(text)
    return _said(text, _start_without(value.partnership, value.waiting))


def _started(value: Noted) -> Message:
    plan = scheduled(value.checkin, value.digest, value.partnership.zone)
    return _said(
        f"Everybody has said OK, so we start. From now on I post {plan}. "
        "Anybody here can change that with Set up on my first message. "
        "To write something down, mention me with: commit bring the venue list by Friday."
    )


def _started_without(value: Noted) -> Message:
    names = listed(one_line(each.name, 80) for each in value.waiting)
    without = f" without {names}" if names else ""
    plan = scheduled(value.checkin, value.digest, value.partnership.zone)
    rest = (
        f" {names} can say OK at any time; until then I neither ask nor record their people."
        if names
        else ""
    )
    return _said(f"{_who(value.member)} has started{without}. From now on I post {plan}.{rest}")


def _mended(value: Noted) -> Message:
    return _said(
        "For a while Slack did not let me post in this channel. Now it does again, and what waited "
        "comes now."
    )


def _plain(value: Noted) -> Message:
    return _said("Something about this partnership has changed. My first message shows it.")


_NOTES: dict[Step, Callable[[Noted], Message]] = dict.fromkeys(Step, _plain) | {
    Step.RETURNED: _returned,
    Step.JOINED: _joined,
    Step.LEFT: _left,
    Step.NOBODY_LEFT: _nobody_left,
    Step.OK: _ok,
    Step.TAKEN_BACK: _taken_back,
    Step.QUESTION: _question,
    Step.WITH: _with,
    Step.WITH_ASKED: _with_asked,
    Step.WITH_REFUSED: _with_refused,
    Step.ANNOUNCED: _announced,
    Step.OBJECTED: _objected,
    Step.WITHDRAWN: _withdrawn,
    Step.APPLIED: _applied,
    Step.MAY_START: _may_start,
    Step.NO_COMMON_DAY: _no_common_day,
    Step.STARTED: _started,
    Step.STARTED_WITHOUT: _started_without,
    Step.MENDED: _mended,
}


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def _name(organization: Organization | None) -> str:
    return "An organization" if organization is None else organization.name


def _who(member: Member | None) -> str:
    return "Somebody" if member is None else named(member)


def _mention(member: Member | None) -> str:
    return "somebody" if member is None else member.mention
