"""Commitments, the versions of their terms, and their history.

What stands in the way of each command and each button is prepared; lists (``lists.py``)
are one query each, however many commitments there are.
"""

from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    bindparam,
    insert,
    or_,
    select,
    update,
)

from bot.domain.commitments import (
    Audience,
    Commitment,
    Entry,
    Event,
    Terms,
    TermsState,
)
from bot.domain.errors import NotFound
from bot.domain.people import Member
from storage.commitments.lists import Lists
from storage.commitments.rows import (
    ALL,
    BY,
    BY_ORGANIZATION,
    MEMBER,
    NEXT,
    NEXT_ORGANIZATION,
    OFFERED,
    ORGANIZATION,
    TERMS,
    columns_of,
    commitment_value,
    id_of,
    labeled,
    may_change,
    member_by,
    member_next,
    terms_offered,
)
from storage.reminders import Reminders
from storage.statements import Prepared
from storage.tables import commitment as table
from storage.tables import commitment_history as history
from storage.tables import partnership, place, terms

_by_id = Prepared(ALL.where(table.c.id == bindparam("commitment")))
_in_channel = Prepared(
    ALL.where(
        place.c.installation_id == bindparam("installation"),
        place.c.channel == bindparam("channel"),
        table.c.number == bindparam("number"),
    )
)
_by_number = Prepared(
    ALL.where(
        table.c.partnership_id == bindparam("partnership"),
        table.c.number == bindparam("number"),
    )
)

_next = Prepared(
    update(partnership)
    .where(partnership.c.id == bindparam("partnership"))
    .values(last_number=partnership.c.last_number + 1)
    .returning(partnership.c.last_number)
)
_add = Prepared(insert(table).returning(table.c.id))
_add_terms = Prepared(insert(terms))
_add_entry = Prepared(insert(history).returning(history.c.id))
_set_card = Prepared(
    update(table).where(table.c.id == bindparam("commitment")).values(card_id=bindparam("card"))
)
_answer_terms = Prepared(
    update(terms)
    .where(
        terms.c.commitment_id == bindparam("commitment"),
        terms.c.version == bindparam("of_version"),
    )
    .values(
        state=bindparam("became"),
        answered_by=bindparam("member"),
        answered_by_organization_id=bindparam("organization"),
        answered_at=bindparam("at"),
    )
)
_COUNTS = frozenset({Event.ACCEPTED, Event.CHANGE_AGREED, Event.TAKEN_OVER, Event.PROMISED})
"""After each of these somebody's word is given."""

_ENDS = frozenset({Event.DROPPED, Event.ENDED})

_last_entry = Prepared(
    select(history.c.kind, history.c.member_id, history.c.version, history.c.at)
    .where(history.c.commitment_id == bindparam("commitment"))
    .order_by(history.c.id.desc())
    .limit(1)
)
_missing = Prepared(
    select(history.c.why)
    .where(
        history.c.commitment_id == bindparam("commitment"),
        or_(history.c.kind == Event.MISSING, history.c.kind == Event.REOPENED),
    )
    .order_by(history.c.id.desc())
    .limit(1)
)
_counted = Prepared(
    select(history.c.kind)
    .where(
        history.c.commitment_id == bindparam("commitment"),
        or_(*(history.c.kind == each for each in Event if each in _COUNTS | _ENDS)),
    )
    .order_by(history.c.id.desc())
    .limit(2)
)


class Commitments(Lists):
    """Queries on commitments."""

    # One of them

    def find(self, commitment_id: int) -> Commitment | None:
        """The commitment with this id."""
        row = _by_id.first(self.connection, commitment=commitment_id)
        return None if row is None else commitment_value(row)

    def by_id(self, commitment_id: int) -> Commitment:
        """The commitment with this id; raises NotFound where there is none."""
        found = self.find(commitment_id)
        if found is None:
            raise NotFound("I cannot find this commitment any more.")
        return found

    def by_number(self, partnership_id: int, number: int) -> Commitment | None:
        """``#12`` of a partnership."""
        row = _by_number.first(self.connection, partnership=partnership_id, number=number)
        return None if row is None else commitment_value(row)

    def in_channel(self, installation_id: int, channel: str, number: int) -> Commitment | None:
        """``#12`` of the partnership that is in this channel now, or was there last."""
        rows = _in_channel.all(
            self.connection, installation=installation_id, channel=channel, number=number
        )
        return next((commitment_value(row) for row in rows), None)

    # Changes

    def next_number(self, partnership_id: int) -> int:
        """Count one up in a partnership."""
        return int(_next.scalar(self.connection, partnership=partnership_id))

    def add(self, new: Commitment, agreed: bool, now: datetime) -> int:
        """Write a new commitment with its first terms; returns its id. The value's id is unused."""
        owner_organization = id_of(new.owner.organization)
        held = columns_of(new.terms)
        commitment_id: int = _add.scalar(
            self.connection,
            partnership_id=new.place.partnership_id,
            number=new.number,
            state=new.state,
            proposer_id=new.proposer.id,
            asking_id=id_of(new.asking),
            version=new.terms.version,
            last_version=new.last_version,
            owner_id=new.owner.id,
            owner_organization_id=owner_organization,
            created_at=now,
            **held,
        )
        self.add_terms(
            commitment_id,
            new.terms,
            new.owner,
            new.proposer,
            now,
            TermsState.AGREED if agreed else TermsState.WAITING,
        )
        Reminders(self.connection).bring_forward(new.owner.id)
        return commitment_id

    def add_terms(
        self,
        commitment_id: int,
        new: Terms,
        owner: Member,
        by: Member,
        now: datetime,
        state: TermsState,
    ) -> None:
        """Write one version of the terms."""
        _add_terms.run(
            self.connection,
            commitment_id=commitment_id,
            version=new.version,
            owner_id=owner.id,
            owner_organization_id=id_of(owner.organization),
            proposed_by=by.id,
            proposed_by_organization_id=id_of(by.organization),
            proposed_at=now,
            state=state,
            **columns_of(new),
        )

    def answer_terms(
        self, commitment_id: int, version: int, became: TermsState, by: Member | None, now: datetime
    ) -> None:
        """Note what became of one version of the terms, and who said so."""
        _answer_terms.run(
            self.connection,
            commitment=commitment_id,
            of_version=version,
            became=became,
            member=None if by is None else by.id,
            organization=None if by is None else id_of(by.organization),
            at=now,
        )

    def save(self, changed: Commitment) -> None:
        """Write what may change of a commitment: state, owner, terms in force, offer, risk, end."""
        self.connection.execute(
            update(table).where(table.c.id == changed.id).values(**may_change(changed))
        )
        Reminders(self.connection).changed(changed)

    def set_card(self, commitment_id: int, card: int | None) -> None:
        """Which message shows it; None once somebody deleted that."""
        _set_card.run(self.connection, commitment=commitment_id, card=card)

    # History

    def add_entry(
        self,
        commitment_id: int,
        event: Event,
        by: Member | None,
        now: datetime,
        *,
        version: int | None = None,
        why: str | None = None,
        audience: Audience = Audience.EVERYONE,
    ) -> int:
        """Write down what happened; returns the id of the row."""
        entry_id: int = _add_entry.scalar(
            self.connection,
            commitment_id=commitment_id,
            kind=event,
            member_id=None if by is None else by.id,
            organization_id=None if by is None else id_of(by.organization),
            at=now,
            version=version,
            why=why,
            audience=audience,
        )
        return entry_id

    def last_entry(self, commitment_id: int) -> tuple[Event, int | None, int | None] | None:
        """What happened last: (event, member, version)."""
        row = _last_entry.first(self.connection, commitment=commitment_id)
        return None if row is None else (row.kind, row.member_id, row.version)

    def missing(self, commitment_id: int) -> str | None:
        """What was said to be missing when it was opened again last, if anything was."""
        row = _missing.first(self.connection, commitment=commitment_id)
        return None if row is None else row.why

    def withdrawn(self, commitment_id: int) -> bool:
        """Whether one that was dropped was dropped, or undone, before anybody's word was given."""
        kinds = [row.kind for row in _counted.all(self.connection, commitment=commitment_id)]
        if _ENDS & set(kinds):
            return not _COUNTS & set(kinds)
        return True  # it ended by taking back that it was written down

    def entry(self, entry_id: int) -> Entry | None:
        """One row of the history."""
        rows = self._entries(history.c.id == entry_id)
        return rows[0] if rows else None

    def entries(self, commitment_id: int) -> tuple[Entry, ...]:
        """The history, oldest first. Each row has its audience."""
        return self._entries(history.c.commitment_id == commitment_id)

    def _entries(self, *where: ColumnElement[bool]) -> tuple[Entry, ...]:
        rows = self.connection.execute(
            select(
                history,
                *labeled("by", BY, *MEMBER),
                *labeled("by_organization", BY_ORGANIZATION, *ORGANIZATION),
                *labeled("offered", OFFERED, *TERMS),
                *labeled("next", NEXT, *MEMBER),
                *labeled("next_organization", NEXT_ORGANIZATION, *ORGANIZATION),
            )
            .select_from(history)
            .outerjoin(BY, BY.c.id == history.c.member_id)
            .outerjoin(BY_ORGANIZATION, BY_ORGANIZATION.c.id == history.c.organization_id)
            .outerjoin(
                OFFERED,
                (OFFERED.c.commitment_id == history.c.commitment_id)
                & (OFFERED.c.version == history.c.version),
            )
            .outerjoin(NEXT, NEXT.c.id == OFFERED.c.owner_id)
            .outerjoin(NEXT_ORGANIZATION, NEXT_ORGANIZATION.c.id == OFFERED.c.owner_organization_id)
            .where(*where)
            .order_by(history.c.id)
        )
        return tuple(
            Entry(
                id=row.id,
                commitment_id=row.commitment_id,
                event=row.kind,
                by=None if row.by_id is None else member_by(row),
                at=row.at,
                terms=None if row.offered_version is None else terms_offered(row),
                owner=member_next(row),
                why=row.why,
                audience=row.audience,
            )
            for row in rows
        )
