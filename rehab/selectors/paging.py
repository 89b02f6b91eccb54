"""Pages by keyset: stable while rows are added, and as fast at the end as at the start."""

import base64
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Position:
    """Where a page ends: the next one starts after it. ``at`` is what the list is ordered by, before id."""

    at: datetime
    id: uuid.UUID

    def encode(self) -> str:
        """Return the position as it stands in an address."""
        return base64.urlsafe_b64encode(f"{self.at.isoformat()}|{self.id}".encode()).decode()

    @classmethod
    def decode(cls, cursor: str) -> "Position":
        """Return the position of a cursor; ``ValueError`` or ``OverflowError`` for one that was never ours.

        >>> here = Position(datetime(2026, 3, 1, tzinfo=UTC), uuid.UUID(int=7))
        >>> Position.decode(here.encode()) == here
        True
        """
        moment, _sep, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None:
            raise ValueError("no offset")
        return cls(at.astimezone(UTC), uuid.UUID(row_id))


def latest_first(
    found: QuerySet[M], *, after: Position | None, limit: int, by: str = "created_at"
) -> tuple[list[M], Position | None]:
    """Return up to ``limit`` rows that follow ``after``, and where they end; None if nothing follows them."""
    if after is not None:
        found = found.filter(Q(**{f"{by}__lt": after.at}) | Q(**{by: after.at, "id__lt": after.id}))
    rows = list(found.order_by(f"-{by}", "-id")[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], Position(getattr(rows[limit - 1], by), rows[limit - 1].pk)


@dataclass(frozen=True)
class RankedPosition(Position):
    """Where a page of a list ends that is ordered by a rank before the moment."""

    rank: int

    def encode(self) -> str:
        return base64.urlsafe_b64encode(f"{self.rank}|{self.at.isoformat()}|{self.id}".encode()).decode()

    @classmethod
    def decode(cls, cursor: str) -> "RankedPosition":
        """Return the position of a cursor; ``ValueError`` or ``OverflowError`` for one that was never ours.

        >>> here = RankedPosition(datetime(2026, 3, 1, tzinfo=UTC), uuid.UUID(int=7), 2)
        >>> RankedPosition.decode(here.encode()) == here
        True
        """
        rank, _sep, rest = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        position = Position.decode(base64.urlsafe_b64encode(rest.encode()).decode())
        if not rank.isascii() or not rank.isdecimal() or len(rank) > 3:
            raise ValueError("no rank")
        return cls(position.at, position.id, int(rank))
