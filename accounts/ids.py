"""Identifiers: UUIDv7, which a client may choose itself (RFC 9562 §5.7)."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a new UUIDv7: time-ordered, so that it is kind to an index."""
    return uuid7()


__all__ = ["new_id"]
