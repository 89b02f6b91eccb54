"""Prepared queries: compiled once, bound anew each time."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.ids import new_id
from accounts.models import User
from rehab.selectors.prepared import Prepared, columns_of, instance_of
from tests.conftest import make_user


def test_each_call_binds_its_own_value(db: None) -> None:
    compiled = []

    def queryset() -> Any:
        compiled.append(1)
        return User.objects.filter(pk=new_id()).values_list(*columns_of(User))

    prepared = Prepared(queryset, User._meta.pk)
    users = [make_user(f"{name}@x.example", name) for name in ("a", "b")]
    with CaptureQueriesContext(connection) as queries:
        for user in users:
            row = prepared.first(user.pk)
            assert row is not None
            found = instance_of(User, row)
            assert (found, found.email, found.joined_at) == (user, user.email, user.joined_at)
        assert prepared.first(new_id()) is None
    assert (len(queries), len(compiled)) == (3, 1)


def test_a_query_whose_parameters_are_not_those_named_is_refused(db: None) -> None:
    prepared = Prepared(lambda: User.objects.filter(pk=new_id(), name="a").values_list("pk"), User._meta.pk)
    with pytest.raises(TypeError, match="2 parameters"):
        prepared.first(new_id())


def test_it_answers_the_same_however_often_it_is_asked_and_within_a_transaction(db: None) -> None:
    prepared = Prepared(lambda: User.objects.filter(pk=new_id()).values_list("email"), User._meta.pk)
    users = [make_user(f"{number}@x.example", str(number)) for number in range(6)]
    for _round in range(2):
        found = [prepared.first(user.pk) for user in users]
        assert [next(row) for row in found if row is not None] == [user.email for user in users]
