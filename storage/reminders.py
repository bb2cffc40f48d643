"""Reminders: whose turn it is, what they may be reminded of, and what they were told.

A turn is a row of a narrow table with the moment at which somebody is to be looked at again. It
is brought forward whenever one of their commitments changes, so that the clock never has to look
at everybody.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import (
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from bot.domain.commitments import AGREED, Commitment, State
from bot.domain.errors import NotFound
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Kind, Member
from bot.domain.preferences import Notice
from bot.domain.reminders import LEAD_FROM, Candidate, Kept, Told, Turn
from storage.messages import Messages
from storage.statements import Prepared, insert_into
from storage.tables import (
    LATER_TERMS,
    commitment,
    commitment_history,
    installation,
    member,
    partnership,
    place,
    presence,
    snooze,
    terms,
)
from storage.tables import participation as part
from storage.tables import reminder as table
from storage.tables import reminder_item as item
from storage.tables import reminder_turn as turn

_AT_ONCE = datetime.fromtimestamp(0, UTC)
"""The moment of a turn that is due whatever the calendar says."""

_new_turn = insert_into(turn).values(member_id=bindparam("member"), at=bindparam("moment"))
_bring_forward = Prepared(
    _new_turn.on_conflict_do_update(
        index_elements=[turn.c.member_id],
        set_={"at": _new_turn.excluded.at},
        where=turn.c.at > _new_turn.excluded.at,
    )
)
_bring_in = Prepared(_new_turn.on_conflict_do_nothing(index_elements=[turn.c.member_id]))
_due = Prepared(
    select(turn.c.member_id, turn.c.day, member.c.installation_id)
    .join(member, member.c.id == turn.c.member_id)
    .join(installation, installation.c.id == member.c.installation_id)
    .where(turn.c.at <= bindparam("now"), installation.c.gone_at.is_(None))
    .order_by(turn.c.at, turn.c.member_id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=turn)
)
_shown_in = Prepared(
    select(table.c.message_id)
    .join(item, item.c.reminder_id == table.c.id)
    .where(item.c.commitment_id == bindparam("commitment"), table.c.message_id.is_not(None))
    .order_by(table.c.id.desc())
    .limit(2)
)

_here = and_(  # somebody's organization takes part, and they are in the channel
    partnership.c.state == PartnershipState.STARTED,
    select(place.c.id)
    .where(place.c.partnership_id == partnership.c.id, place.c.until.is_(None))
    .exists(),
    select(presence.c.id)
    .where(
        presence.c.partnership_id == partnership.c.id,
        presence.c.member_id == bindparam("member"),
        presence.c.until.is_(None),
    )
    .exists(),
    select(part.c.id)
    .where(
        part.c.partnership_id == partnership.c.id,
        part.c.organization_id == bindparam("organization"),
        part.c.left_at.is_(None),
        part.c.ok_at.is_not(None),
    )
    .exists(),
)
_touches = commitment_history.c.commitment_id == commitment.c.id
_own_touch = (
    select(func.max(commitment_history.c.at))
    .where(_touches, commitment_history.c.member_id == bindparam("member"))
    .scalar_subquery()
)
_any_touch = select(func.max(commitment_history.c.at)).where(_touches).scalar_subquery()

_asked = and_(
    commitment.c.owner_id == bindparam("member"),
    commitment.c.state.in_([State.PROPOSED, State.CHANGE_ASKED]),
)
_asking = and_(  # the one who asked, not all of their colleagues
    commitment.c.proposer_id == bindparam("member"),
    commitment.c.owner_id != bindparam("member"),
    commitment.c.state.in_([State.COUNTERED, State.CHANGE_OFFERED]),
)
_taking_over = and_(
    commitment.c.state == State.HANDING_OVER,
    select(terms.c.id)
    .where(
        terms.c.commitment_id == commitment.c.id,
        terms.c.version == commitment.c.offer,
        terms.c.owner_id == bindparam("member"),
    )
    .exists(),
)
_own = and_(
    commitment.c.owner_id == bindparam("member"),
    commitment.c.state.in_(AGREED),
    commitment.c.due.is_not(None),
)
_answers = or_(_asked, _asking, _taking_over)
_concerns = union_all(  # each by an index of its own; a condition of all four reads every row
    select(commitment.c.id).where(_own),
    select(commitment.c.id).where(_asked),
    select(commitment.c.id).where(_asking),
    select(terms.c.commitment_id)
    .join(
        commitment,
        (commitment.c.id == terms.c.commitment_id) & (commitment.c.offer == terms.c.version),
    )
    .where(
        terms.c.owner_id == bindparam("member"),
        LATER_TERMS,
        commitment.c.state == State.HANDING_OVER,
    ),
)
_of_member = (
    select(
        commitment.c.id,
        commitment.c.partnership_id,
        commitment.c.due,
        func.coalesce(commitment.c.offer, commitment.c.version).label("at_issue"),
        _answers.label("waits"),
        _here.label("here"),
        _any_touch.label("any_touch"),
        _own_touch.label("own_touch"),
        snooze.c.until,
    )
    .select_from(commitment)
    .join(partnership, partnership.c.id == commitment.c.partnership_id)
    .outerjoin(
        snooze,
        and_(snooze.c.commitment_id == commitment.c.id, snooze.c.member_id == bindparam("member")),
    )
    .where(partnership.c.state != PartnershipState.ENDED)
)


class Reminders:
    """Queries on reminders."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # Whose turn it is

    def bring_forward(self, member_id: int, at: datetime = _AT_ONCE) -> None:
        """Look at somebody no later than then."""
        _bring_forward.run(self.connection, member=member_id, moment=at)

    def bring_in(self, member_id: int, at: datetime) -> None:
        """Look at somebody then who is not looked at otherwise."""
        _bring_in.run(self.connection, member=member_id, moment=at)

    def changed(self, commitment: Commitment) -> None:
        """A commitment is new or not what it was: look at its people, and mend what they see."""
        people = {commitment.owner.id, commitment.proposer.id}
        if commitment.offer is not None:
            people.add(commitment.offer.by.id)
            if commitment.offer.owner is not None:
                people.add(commitment.offer.owner.id)
        for member_id in sorted(people):
            self.bring_forward(member_id)
        for row in _shown_in.all(self.connection, commitment=commitment.id):
            Messages(self.connection).refresh(row.message_id)

    def look_again(self, member_id: int) -> None:
        """Look at once at somebody who is looked at anyway."""
        self.connection.execute(
            update(turn).where(turn.c.member_id == member_id).values(at=_AT_ONCE)
        )

    def look_at_organization(self, organization_id: int) -> None:
        """The same for all people of an organization."""
        people = select(member.c.id).where(member.c.organization_id == organization_id)
        self.connection.execute(
            update(turn).where(turn.c.member_id.in_(people)).values(at=_AT_ONCE)
        )

    def due(self, now: datetime, limit: int) -> tuple[Turn, ...]:
        """Whose turn it is, the longest due first; on PostgreSQL nobody else gets the same."""
        rows = _due.all(self.connection, now=now, limit=limit)
        return tuple(Turn(row.member_id, row.installation_id, row.day) for row in rows)

    def next_turn(self) -> datetime | None:
        """When it is anybody's turn next."""
        found: datetime | None = self.connection.execute(select(func.min(turn.c.at))).scalar_one()
        return found

    def expect(self, member_id: int, at: datetime, day: date | None) -> None:
        """Look at somebody again then; they had their turn of that day."""
        self.connection.execute(
            update(turn).where(turn.c.member_id == member_id).values(at=at, day=day)
        )

    def rest(self, member_id: int) -> None:
        """There is nothing to remind somebody of."""
        self.connection.execute(delete(turn).where(turn.c.member_id == member_id))

    def begin_afresh(self, member_id: int, day: date) -> None:
        """Somebody has chosen anew: look at them, but for nothing that lies before tomorrow."""
        self.bring_forward(member_id)
        self.connection.execute(update(turn).where(turn.c.member_id == member_id).values(day=day))

    # What they may be reminded of

    def candidates(self, asked: Member) -> tuple[Candidate, ...]:
        """Everything of somebody's, as narrow as the rule needs it."""
        organization = None if asked.organization is None else asked.organization.id
        rows = self.connection.execute(
            _of_member.where(commitment.c.id.in_(_concerns)),
            {"member": asked.id, "organization": organization},
        )
        return tuple(
            Candidate(
                commitment_id=row.id,
                partnership_id=row.partnership_id,
                notice=Notice.ANSWER if row.waits else Notice.DUE,
                due=row.due,
                version=row.at_issue,
                touched=row.any_touch if row.waits else row.own_touch,
                snoozed=row.until,
                here=bool(row.here),
            )
            for row in rows
        )

    def led(self, lead: Member, before: date, limit: int) -> tuple[Candidate, ...]:
        """What was due before a day and belongs to others of the organization that somebody
        leads, where it has enough people in the channel.
        """
        if lead.organization is None:
            return ()
        seen = presence.alias("seen")
        colleague = member.alias("colleague")
        many = (
            select(func.count())
            .select_from(seen.join(colleague, colleague.c.id == seen.c.member_id))
            .where(
                seen.c.partnership_id == partnership.c.id,
                seen.c.until.is_(None),
                colleague.c.organization_id == lead.organization.id,
                colleague.c.kind.in_([Kind.FULL, Kind.GUEST]),
            )
            .scalar_subquery()
        )
        led = select(part.c.partnership_id).where(
            part.c.organization_id == lead.organization.id,
            part.c.left_at.is_(None),
            part.c.lead_id == lead.id,
        )
        rows = self.connection.execute(
            _of_member.where(
                commitment.c.owner_organization_id == lead.organization.id,
                commitment.c.owner_id != lead.id,
                commitment.c.state.in_(AGREED),
                commitment.c.due < before,
                commitment.c.partnership_id.in_(led),
                many >= LEAD_FROM,
            )
            .order_by(commitment.c.due, commitment.c.id)
            .limit(limit),
            {"member": lead.id, "organization": lead.organization.id},
        )
        return tuple(
            Candidate(
                commitment_id=row.id,
                partnership_id=row.partnership_id,
                notice=Notice.LEAD,
                due=row.due,
                version=row.at_issue,
                touched=None,
                snoozed=row.until,
                here=bool(row.here),
            )
            for row in rows
        )

    def leads_of(self, commitment_ids: Iterable[int]) -> tuple[int, ...]:
        """The leads of the organizations to whose people these commitments belong."""
        rows = self.connection.execute(
            select(part.c.lead_id)
            .join(
                commitment,
                and_(
                    commitment.c.partnership_id == part.c.partnership_id,
                    commitment.c.owner_organization_id == part.c.organization_id,
                ),
            )
            .where(
                commitment.c.id.in_(sorted(set(commitment_ids))),
                part.c.left_at.is_(None),
                part.c.lead_id.is_not(None),
                part.c.lead_id != commitment.c.owner_id,
            )
            .distinct()
        )
        return tuple(sorted(rows.scalars()))

    def snooze(self, member_id: int, commitment_id: int, until: date | None) -> None:
        """Somebody does not want to hear of this before a day; with None they do as ever."""
        if until is None:
            self.connection.execute(
                delete(snooze).where(
                    snooze.c.member_id == member_id, snooze.c.commitment_id == commitment_id
                )
            )
        else:
            self.connection.execute(
                insert_into(snooze)
                .values(member_id=member_id, commitment_id=commitment_id, until=until)
                .on_conflict_do_update(
                    index_elements=[snooze.c.member_id, snooze.c.commitment_id],
                    set_={"until": until},
                )
            )
        for row in _shown_in.all(self.connection, commitment=commitment_id):
            Messages(self.connection).refresh(row.message_id)

    def snoozed(self, member_id: int, commitment_ids: Sequence[int]) -> dict[int, date]:
        """By commitment: before which day somebody does not want to hear of it."""
        rows = self.connection.execute(
            select(snooze.c.commitment_id, snooze.c.until).where(
                snooze.c.member_id == member_id, snooze.c.commitment_id.in_(commitment_ids)
            )
        )
        return {row.commitment_id: row.until for row in rows}

    # What they were told

    def add(self, member_id: int, day: date, items: Sequence[Told], more: int) -> int | None:
        """A reminder of these commitments; None where that person had one on that day."""
        reminder_id: int | None = self.connection.execute(
            insert_into(table)
            .values(member_id=member_id, day=day, more=more)
            .on_conflict_do_nothing(index_elements=[table.c.member_id, table.c.day])
            .returning(table.c.id)
        ).scalar_one_or_none()
        if reminder_id is not None:
            self.connection.execute(
                insert(item),
                [
                    {
                        "reminder_id": reminder_id,
                        "commitment_id": each.commitment_id,
                        "position": position,
                        "notice": each.notice,
                        "version": each.version,
                    }
                    for position, each in enumerate(items)
                ],
            )
        return reminder_id

    def point(self, reminder_id: int, message_id: int) -> None:
        """Which message tells it."""
        self.connection.execute(
            update(table).where(table.c.id == reminder_id).values(message_id=message_id)
        )

    def by_id(self, reminder_id: int) -> Kept:
        """A reminder; raises NotFound where there is none."""
        row = self.connection.execute(select(table).where(table.c.id == reminder_id)).one_or_none()
        if row is None:
            raise NotFound("I don't know this reminder any more. Say “mine” to see what is yours.")
        items = self.connection.execute(
            select(item.c.commitment_id, item.c.notice, item.c.version)
            .where(item.c.reminder_id == reminder_id)
            .order_by(item.c.position)
        )
        return Kept(
            id=row.id,
            member_id=row.member_id,
            day=row.day,
            more=row.more,
            message_id=row.message_id,
            items=tuple(Told(each.commitment_id, each.notice, each.version) for each in items),
        )

    def of_day(self, member_id: int, day: date) -> Kept | None:
        """What somebody was told on a day of theirs."""
        found = self.connection.execute(
            select(table.c.id).where(table.c.member_id == member_id, table.c.day == day)
        ).scalar_one_or_none()
        return None if found is None else self.by_id(found)
