"""Lists of commitments: one query each, however many there are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    func,
    or_,
    select,
    union_all,
)

from bot.domain.commitments import (
    AGREED,
    OPEN,
    Commitment,
    State,
)
from bot.domain.partnerships import State as PartnershipState
from bot.domain.people import Member
from storage.commitments.rows import ALL, NEXT, NEXT_ORGANIZATION, commitment_value
from storage.tables import LATER_TERMS, partnership, presence, terms
from storage.tables import commitment as table

_SOON_FIRST = (table.c.due.asc().nulls_last(), table.c.partnership_id, table.c.number)


class Lists:
    """Queries for several commitments: the soonest first, those without a date last."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

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
            ALL.where(*self._open_for(partnership_id, label))
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
            ALL.where(
                table.c.partnership_id == partnership_id,
                table.c.state.in_(AGREED),
                table.c.due <= until,
            ).order_by(*_SOON_FIRST)
        )

    def mine(self, member_id: int) -> tuple[Commitment, ...]:
        """What this member owns and is not closed, in all live partnerships."""
        return self._list(
            ALL.where(
                table.c.owner_id == member_id,
                table.c.state.in_(OPEN),
                partnership.c.state != PartnershipState.ENDED,
            ).order_by(*_SOON_FIRST)
        )

    def waiting(self, asked: Member) -> tuple[Commitment, ...]:
        """What waits for this member's answer, in all live partnerships.

        What was asked of them, what they might take over, and what owners offered to the
        organization that asked.
        """
        found = [  # each by an index of its own; a condition of all reads every row
            select(table.c.id).where(
                table.c.owner_id == asked.id,
                table.c.state.in_([State.PROPOSED, State.CHANGE_ASKED]),
            ),
            select(terms.c.commitment_id)
            .join(table, (table.c.id == terms.c.commitment_id) & (table.c.offer == terms.c.version))
            .where(
                terms.c.owner_id == asked.id,
                LATER_TERMS,
                table.c.owner_id != asked.id,
                table.c.state == State.HANDING_OVER,
            ),
        ]
        if asked.organization is not None:
            found.append(
                select(table.c.id).where(
                    table.c.asking_id == asked.organization.id,
                    table.c.owner_id != asked.id,
                    table.c.state.in_([State.COUNTERED, State.CHANGE_OFFERED]),
                )
            )
        return self._list(
            ALL.where(
                partnership.c.state != PartnershipState.ENDED,
                table.c.id.in_(union_all(*found)),
            ).order_by(*_SOON_FIRST)
        )

    def numbered_for(self, viewer: Member, number: int) -> tuple[Commitment, ...]:
        """``#12`` of each live partnership, where it has this member's side in it."""
        concerns = [
            table.c.owner_id == viewer.id,
            table.c.proposer_id == viewer.id,
            NEXT.c.id == viewer.id,
        ]
        if viewer.organization is not None:
            concerns.append(table.c.asking_id == viewer.organization.id)
            concerns.append(table.c.owner_organization_id == viewer.organization.id)
        theirs = select(presence.c.partnership_id).where(
            presence.c.member_id == viewer.id, presence.c.until.is_(None)
        )
        return self._list(
            ALL.where(
                table.c.partnership_id.in_(theirs),
                table.c.number == number,
                or_(*concerns),
                partnership.c.state != PartnershipState.ENDED,
            ).order_by(table.c.partnership_id)
        )

    def open_or_closed_since(
        self, partnership_id: int, since: datetime, owner: int | None = None
    ) -> tuple[Commitment, ...]:
        """All that a digest speaks of, in one query; with an owner, what is theirs."""
        where = [
            table.c.partnership_id == partnership_id,
            or_(table.c.state.in_(OPEN), table.c.closed_at >= since),
        ]
        if owner is not None:
            where.append(table.c.owner_id == owner)
        return self._list(ALL.where(*where).order_by(*_SOON_FIRST))

    def open_with(self, partnership_id: int, organization_id: int) -> tuple[Commitment, ...]:
        """What is open in a partnership and has this organization on one of its sides."""
        return self._list(
            ALL.where(
                table.c.partnership_id == partnership_id,
                table.c.state.in_(OPEN),
                or_(
                    table.c.owner_organization_id == organization_id,
                    table.c.asking_id == organization_id,
                ),
            ).order_by(table.c.number)
        )

    def open_owned(
        self, member_id: int, partnership_id: int | None = None
    ) -> tuple[Commitment, ...]:
        """What a member owns and is open, in one partnership or in all live ones."""
        where = [table.c.owner_id == member_id, table.c.state.in_(OPEN)]
        if partnership_id is not None:
            where.append(table.c.partnership_id == partnership_id)
        return self._list(
            ALL.where(*where, partnership.c.state != PartnershipState.ENDED).order_by(
                table.c.partnership_id, table.c.number
            )
        )

    def handed_to(self, partnership_id: int, organization_id: int) -> tuple[Commitment, ...]:
        """What somebody of this organization is asked to take over."""
        return self._list(
            ALL.where(
                table.c.partnership_id == partnership_id,
                table.c.state == State.HANDING_OVER,
                NEXT_ORGANIZATION.c.id == organization_id,
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
        return tuple(commitment_value(row) for row in self.connection.execute(query))
