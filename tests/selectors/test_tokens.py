"""Whose a token is."""

from datetime import datetime, timedelta

from knox.models import AuthToken

from rehab.selectors import tokens
from rehab.services import tokens as token_services
from tests.conftest import Cast


def test_a_token_is_its_makers_until_it_is_revoked(cast: Cast, now: datetime) -> None:
    token = token_services.create(by=cast.patient_user, now=now)
    assert tokens.user_of(token, now=now) == cast.patient_user
    assert tokens.user_of(token[:-1] + ("0" if token[-1] != "0" else "1"), now=now) is None
    key = AuthToken.objects.get(user=cast.patient_user).token_key
    token_services.revoke(token_key=key, by=cast.patient_user, now=now)
    assert tokens.user_of(token, now=now) is None


def test_a_token_expires_at_its_moment(cast: Cast, now: datetime) -> None:
    row, token = AuthToken.objects.create(cast.patient_user)
    AuthToken.objects.filter(pk=row.pk).update(expiry=now)
    assert tokens.user_of(token, now=now - timedelta(microseconds=1)) == cast.patient_user
    assert tokens.user_of(token, now=now) is None
    AuthToken.objects.filter(pk=row.pk).update(expiry=None)
    assert tokens.user_of(token, now=now + timedelta(days=9999)) == cast.patient_user


def test_a_person_who_is_not_active_has_no_token(cast: Cast, now: datetime) -> None:
    token = token_services.create(by=cast.patient_user, now=now)
    cast.patient_user.is_active = False
    cast.patient_user.save()
    assert tokens.user_of(token, now=now) is None
