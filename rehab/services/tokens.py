"""Keys for other programs (API tokens): made, shown once, revoked."""

from datetime import datetime

from django.db import transaction
from knox.models import AuthToken

from accounts import audit
from accounts.models import User
from rehab.errors import NotFound

#: How much of a key an audit event names: enough to find it, too little to use it.
_NAMED_LENGTH = 8


@transaction.atomic
def create(*, by: User, now: datetime) -> str:
    """Make a key that acts as ``by`` and return it; only its digest is stored, so it is never shown again."""
    row, token = AuthToken.objects.create(by)
    _tell("token.created", row.token_key, by=by, now=now)
    return str(token)


@transaction.atomic
def revoke(*, token_key: str, by: User, now: datetime) -> None:
    """Make one of the person's own keys useless at once."""
    deleted, _rows = AuthToken.objects.filter(user=by, token_key=token_key).delete()
    if not deleted:
        raise NotFound
    _tell("token.revoked", token_key, by=by, now=now)


def _tell(action: str, token_key: str, *, by: User, now: datetime) -> None:
    changes = {"key": token_key[:_NAMED_LENGTH]}
    audit.write(audit.event(action=action, target_kind="user", target_id=by.pk, by=by, at=now, changes=changes))
