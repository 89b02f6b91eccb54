"""API tokens: whose one is, and which a person has."""

from datetime import datetime
from typing import Any

from knox.crypto import hash_token
from knox.models import AuthToken

from accounts.models import User
from rehab.selectors.prepared import Prepared, columns_of, instance_of

_BY_DIGEST = Prepared(
    lambda: AuthToken.objects.filter(digest="").values_list("expiry", *columns_of(User, "user__")),
    AuthToken._meta.get_field("digest"),
)


def user_of(token: str, *, now: datetime) -> User | None:
    """Return whose token this is; None if it is unknown, expired, or its person is not active."""
    row = _BY_DIGEST.first(hash_token(token))
    if row is None:
        return None
    expiry: Any = next(row)
    user: User = instance_of(User, row)
    return user if user.is_active and (expiry is None or now < expiry) else None
