"""Keys of the API: who makes and revokes them."""

from datetime import datetime

import pytest

from accounts.models import Event
from rehab.errors import NotFound
from rehab.selectors import people as people_selectors
from rehab.services import tokens
from tests.conftest import Cast


def test_a_key_is_told_of_in_the_trail_and_belongs_to_its_maker(cast: Cast, now: datetime) -> None:
    token = tokens.create(by=cast.patient_user, now=now)
    key = people_selectors.tokens_of(cast.patient_user).get().token_key
    with pytest.raises(NotFound):
        tokens.revoke(token_key=key, by=cast.therapist, now=now)
    tokens.revoke(token_key=key, by=cast.patient_user, now=now)
    events = Event.objects.filter(action__startswith="token.", actor_id=cast.patient_user.pk)
    assert {event.action for event in events} == {"token.created", "token.revoked"}
    assert all(token not in str(event.changes) and len(event.changes["key"]) == 8 for event in events)
