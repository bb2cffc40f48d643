"""Commitments, the versions of their terms, and their history.

What stands in the way of each command and each button is prepared; lists are one query each,
however many commitments there are.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.domain.commitments import (
    AGREED,
    OPEN,
    Audience,
    Commitment,
    Entry,
    Event,
    Offer,
    Place,
    Risk,
    State,
    Terms,
    TermsState,
)
from bot.domain.errors import NotFound
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Kind, Member, Organization
from storage.statements import Prepared
from storage.tables import commitment as table
from storage.tables import commitment_history as history
from storage.tables import member, organization, partnership, place, presence, terms

_owner = member.alias("owner")
_owner_organization = organization.alias("owner_organization")
_proposer = member.alias("proposer")
_asking = organization.alias("asking")
_offer = terms.alias("offered")
_by = member.alias("by")
_by_organization = organization.alias("by_organization")


def _labeled(prefix: str, source: Any, *names: str) -> list[ColumnElement[Any]]:
    return [source.c[name].label(f"{prefix}_{name}") for name in names]


_MEMBER = ("id", "team", "user", "name", "kind", "zone")
_ORGANIZATION = ("id", "name", "team", "zone", "host")
_TERMS = ("version", "what", "due", "condition", "label")

_all = (
    select(
        table,
        partnership.c.installation_id,
        partnership.c.name,
        partnership.c.zone,
        partnership.c.state.label("partnership_state"),
        place.c.channel,
        *_labeled("owner", _owner, *_MEMBER[1:]),
        *_labeled("owner_organization", _owner_organization, *_ORGANIZATION[1:]),
        *_labeled("proposer", _proposer, *_MEMBER[1:]),
        *_labeled("asking", _asking, *_ORGANIZATION[1:]),
        *_labeled("offered", _offer, *_TERMS),
        *_labeled("by", _by, *_MEMBER),
        *_labeled("by_organization", _by_organization, *_ORGANIZATION),
    )
    .select_from(table)
    .join(partnership, partnership.c.id == table.c.partnership_id)
    .outerjoin(place, (place.c.partnership_id == partnership.c.id) & place.c.until.is_(None))
    .join(_owner, _owner.c.id == table.c.owner_id)
    .outerjoin(_owner_organization, _owner_organization.c.id == table.c.owner_organization_id)
    .join(_proposer, _proposer.c.id == table.c.proposer_id)
    .outerjoin(_asking, _asking.c.id == table.c.asking_id)
    .outerjoin(_offer, (_offer.c.commitment_id == table.c.id) & (_offer.c.version == table.c.offer))
    .outerjoin(_by, _by.c.id == _offer.c.proposed_by)
    .outerjoin(_by_organization, _by_organization.c.id == _offer.c.proposed_by_organization_id)
)

_by_id = Prepared(_all.where(table.c.id == bindparam("commitment")))
_in_channel = Prepared(
    _all.where(
        place.c.installation_id == bindparam("installation"),
        place.c.channel == bindparam("channel"),
        table.c.number == bindparam("number"),
    )
)
_by_number = Prepared(
    _all.where(
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
_last_entry = Prepared(
    select(history.c.kind, history.c.member_id, history.c.version, history.c.at)
    .where(history.c.commitment_id == bindparam("commitment"))
    .order_by(history.c.id.desc())
    .limit(1)
)

_SOON_FIRST = (table.c.due.asc().nulls_last(), table.c.partnership_id, table.c.number)


class Commitments:
    """Queries on commitments."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    # One of them

    def find(self, commitment_id: int) -> Commitment | None:
        """The commitment with this id."""
        row = _by_id.first(self.connection, commitment=commitment_id)
        return None if row is None else _value(row)

    def by_id(self, commitment_id: int) -> Commitment:
        """The commitment with this id; raises NotFound where there is none."""
        found = self.find(commitment_id)
        if found is None:
            raise NotFound("I cannot find this commitment any more.")
        return found

    def by_number(self, partnership_id: int, number: int) -> Commitment | None:
        """``#12`` of a partnership."""
        row = _by_number.first(self.connection, partnership=partnership_id, number=number)
        return None if row is None else _value(row)

    def in_channel(self, installation_id: int, channel: str, number: int) -> Commitment | None:
        """``#12`` of the partnership that is in this channel now, or was there last."""
        rows = _in_channel.all(
            self.connection, installation=installation_id, channel=channel, number=number
        )
        return next((_value(row) for row in rows), None)

    # Changes

    def next_number(self, partnership_id: int) -> int:
        """Count one up in a partnership."""
        return int(_next.scalar(self.connection, partnership=partnership_id))

    def add(self, new: Commitment, agreed: bool, now: datetime) -> int:
        """Write a new commitment with its first terms; returns its id. The value's id is unused."""
        owner_organization = _id_of(new.owner.organization)
        held = _held(new.terms)
        commitment_id: int = _add.scalar(
            self.connection,
            partnership_id=new.place.partnership_id,
            number=new.number,
            state=new.state,
            proposer_id=new.proposer.id,
            asking_id=_id_of(new.asking),
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
            owner_organization_id=_id_of(owner.organization),
            proposed_by=by.id,
            proposed_by_organization_id=_id_of(by.organization),
            proposed_at=now,
            state=state,
            **_held(new),
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
            organization=None if by is None else _id_of(by.organization),
            at=now,
        )

    def save(self, changed: Commitment) -> None:
        """Write what may change of a commitment: state, terms in force, offer, risk, end."""
        risk = changed.risk
        values: dict[str, Any] = {
            "state": changed.state,
            "version": changed.terms.version,
            "last_version": changed.last_version,
            "offer": None if changed.offer is None else changed.offer.terms.version,
            "stuck_at": None if risk is None else risk.since,
            "stuck_audience": None if risk is None else risk.audience,
            "stuck_why": None if risk is None else risk.why,
            "closed_at": changed.closed_at,
            **_held(changed.terms),
        }
        self.connection.execute(update(table).where(table.c.id == changed.id).values(**values))

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
            organization_id=None if by is None else _id_of(by.organization),
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
                *_labeled("by", _by, *_MEMBER),
                *_labeled("by_organization", _by_organization, *_ORGANIZATION),
                *_labeled("offered", _offer, *_TERMS),
            )
            .select_from(history)
            .outerjoin(_by, _by.c.id == history.c.member_id)
            .outerjoin(_by_organization, _by_organization.c.id == history.c.organization_id)
            .outerjoin(
                _offer,
                (_offer.c.commitment_id == history.c.commitment_id)
                & (_offer.c.version == history.c.version),
            )
            .where(*where)
            .order_by(history.c.id)
        )
        return tuple(
            Entry(
                id=row.id,
                commitment_id=row.commitment_id,
                event=row.kind,
                by=None if row.by_id is None else _member_by(row),
                at=row.at,
                terms=None if row.offered_version is None else _offered(row),
                why=row.why,
                audience=row.audience,
            )
            for row in rows
        )

    # Lists: the soonest first, those without a date last

    def open_of(
        self,
        partnership_id: int,
        *,
        label: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[Commitment, ...]:
        """What is not closed, of all organizations; with a label only what is for that."""
        return self._list(
            _all.where(*self._open_for(partnership_id, label))
            .order_by(*_SOON_FIRST)
            .limit(limit)
            .offset(offset)
        )

    def count_open(self, partnership_id: int, *, label: str | None = None) -> int:
        """How many are not closed."""
        return int(
            self.connection.execute(
                select(func.count())
                .select_from(table)
                .where(*self._open_for(partnership_id, label))
            ).scalar_one()
        )

    def near(self, partnership_id: int, until: date) -> tuple[Commitment, ...]:
        """What is agreed and due by that day, overdue ones too."""
        return self._list(
            _all.where(
                table.c.partnership_id == partnership_id,
                table.c.state.in_(AGREED),
                table.c.due <= until,
            ).order_by(*_SOON_FIRST)
        )

    def mine(self, member_id: int) -> tuple[Commitment, ...]:
        """What this member owns and is not closed, in all live partnerships."""
        return self._list(
            _all.where(
                table.c.owner_id == member_id,
                table.c.state.in_(OPEN),
                partnership.c.state != PartnershipState.ENDED,
            ).order_by(*_SOON_FIRST)
        )

    def waiting(self, asked: Member) -> tuple[Commitment, ...]:
        """What waits for this member's answer, in all live partnerships.

        What was asked of them, and what owners offered to the organization that asked.
        """
        mine = and_(
            table.c.owner_id == asked.id,
            table.c.state.in_([State.PROPOSED, State.CHANGE_ASKED]),
        )
        ours = and_(
            table.c.asking_id == _id_of(asked.organization),
            table.c.owner_id != asked.id,
            table.c.state.in_([State.COUNTERED, State.CHANGE_OFFERED]),
        )
        return self._list(
            _all.where(
                partnership.c.state != PartnershipState.ENDED,
                mine if asked.organization is None else or_(mine, ours),
            ).order_by(*_SOON_FIRST)
        )

    def numbered_for(self, viewer: Member, number: int) -> tuple[Commitment, ...]:
        """``#12`` of each live partnership, where it has this member's side in it."""
        concerns = [table.c.owner_id == viewer.id, table.c.proposer_id == viewer.id]
        if viewer.organization is not None:
            concerns.append(table.c.asking_id == viewer.organization.id)
            concerns.append(table.c.owner_organization_id == viewer.organization.id)
        theirs = select(presence.c.partnership_id).where(
            presence.c.member_id == viewer.id, presence.c.until.is_(None)
        )
        return self._list(
            _all.where(
                table.c.partnership_id.in_(theirs),
                table.c.number == number,
                or_(*concerns),
                partnership.c.state != PartnershipState.ENDED,
            ).order_by(table.c.partnership_id)
        )

    def open_or_closed_since(self, partnership_id: int, since: datetime) -> tuple[Commitment, ...]:
        """All that a digest speaks of, in one query."""
        return self._list(
            _all.where(
                table.c.partnership_id == partnership_id,
                or_(table.c.state.in_(OPEN), table.c.closed_at >= since),
            ).order_by(*_SOON_FIRST)
        )

    def open_with(self, partnership_id: int, organization_id: int) -> tuple[Commitment, ...]:
        """What is open in a partnership and has this organization on one of its sides."""
        return self._list(
            _all.where(
                table.c.partnership_id == partnership_id,
                table.c.state.in_(OPEN),
                or_(
                    table.c.owner_organization_id == organization_id,
                    table.c.asking_id == organization_id,
                ),
            ).order_by(table.c.number)
        )

    def _open_for(self, partnership_id: int, label: str | None) -> list[ColumnElement[bool]]:
        where = [table.c.partnership_id == partnership_id, table.c.state.in_(OPEN)]
        if label is not None:  # databases differ in what they take for the same letter
            labels = self.connection.execute(select(table.c.label).where(*where).distinct())
            wanted = label.casefold()
            same = [each for each in labels.scalars() if each and each.casefold() == wanted]
            where.append(table.c.label.in_(same))
        return where

    def _list(self, query: Select[Any]) -> tuple[Commitment, ...]:
        return tuple(_value(row) for row in self.connection.execute(query))


def _held(held: Terms) -> dict[str, Any]:
    return {
        "what": held.what,
        "due": held.due,
        "condition": held.condition,
        "label": held.label,
    }


def _id_of(of: Organization | None) -> int | None:
    return None if of is None else of.id


def _value(row: Row[Any]) -> Commitment:
    owner = Member(
        row.owner_id,
        row.owner_team,
        row.owner_user,
        row.owner_name,
        Kind(row.owner_kind),
        None
        if row.owner_organization_id is None
        else Organization(
            row.owner_organization_id,
            row.owner_organization_name,
            row.owner_organization_team,
            row.owner_organization_zone,
            row.owner_organization_host,
        ),
        row.owner_zone,
    )
    return Commitment(
        id=row.id,
        place=Place(
            installation_id=row.installation_id,
            partnership_id=row.partnership_id,
            name=row.name,
            zone=row.zone,
            channel=row.channel,
            live=row.partnership_state != PartnershipState.ENDED,
        ),
        number=row.number,
        state=row.state,
        owner=owner,
        proposer=owner if row.proposer_id == row.owner_id else _proposer_of(row),
        terms=Terms(row.version, row.what, row.due, row.condition, row.label),
        created_at=row.created_at,
        offer=None if row.offer is None else Offer(_offered(row), _member_by(row)),
        risk=None
        if row.stuck_at is None
        else Risk(row.stuck_at, row.stuck_audience or Audience.OWNER, row.stuck_why),
        closed_at=row.closed_at,
        card_id=row.card_id,
        last_version=row.last_version,
    )


def _proposer_of(row: Row[Any]) -> Member:
    return Member(
        row.proposer_id,
        row.proposer_team,
        row.proposer_user,
        row.proposer_name,
        Kind(row.proposer_kind),
        None
        if row.asking_id is None
        else Organization(
            row.asking_id,
            row.asking_name,
            row.asking_team,
            row.asking_zone,
            row.asking_host,
        ),
        row.proposer_zone,
    )


def _offered(row: Row[Any]) -> Terms:
    return Terms(
        row.offered_version,
        row.offered_what,
        row.offered_due,
        row.offered_condition,
        row.offered_label,
    )


def _member_by(row: Row[Any]) -> Member:
    return Member(
        row.by_id,
        row.by_team,
        row.by_user,
        row.by_name,
        Kind(row.by_kind),
        None
        if row.by_organization_id is None
        else Organization(
            row.by_organization_id,
            row.by_organization_name,
            row.by_organization_team,
            row.by_organization_zone,
            row.by_organization_host,
        ),
        row.by_zone,
    )
