"""Every address, every method, every role, own and others' objects; a stranger's answer is that of nothing at all."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any
from typing import cast as cast_to

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts import invitations
from accounts.ids import new_id
from accounts.models import Membership, User
from rehab.services import people
from rehab.services import records as record_services
from rehab.services.kinds import KINDS
from tests.conftest import Cast, api_client, make_cast, page_client
from tests.documents import document, recorder_of
from tests.role_matrix import API, PAGES, ROLES, SIGN_IN, THIRD_PARTY, VARIANT, Case, Target

Browser = Callable[[User | None], Client]
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: Each module of ``tests/matrix`` says for one area: ``API``, ``PAGES`` (as ``tests.role_matrix``), and
#: ``make(target, *, admin, now)``, which returns the parameters of its addresses.
AREAS = [import_module(f"tests.matrix.{found.name}") for found in iter_modules([str(Path(__file__).parent / "matrix")])]
API_ROUTES = {**API, **{name: cases for area in AREAS for name, cases in area.API.items()}}
PAGE_ROUTES = {**PAGES, **{name: cases for area in AREAS for name, cases in area.PAGES.items()}}
MATRIX = {**API_ROUTES, **PAGE_ROUTES}


def routes(patterns: list[Any] | None = None) -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield pattern


ROUTES = {str(route.name): route for route in routes()}


def test_every_address_has_a_name_and_an_expectation() -> None:
    assert [str(route.pattern) for route in routes() if not route.name] == []
    missing = [name for name in ROUTES if name not in MATRIX and name not in THIRD_PARTY]
    assert missing == [], "Say in tests/role_matrix.py who may do what there."
    gone = [name for name in (*MATRIX, *THIRD_PARTY) if name not in ROUTES]
    assert gone == [], "There is no such address any more."


@dataclass(frozen=True)
class Prepared:
    cast: Cast
    targets: tuple[Target, Target]
    #: Of the API and of the pages, by role, with the cookies that they begin with.
    api: Mapping[str, tuple[Client, Any]]
    pages: Mapping[str, tuple[Client, Any]]

    def clients(self, name: str) -> dict[str, Client]:
        """Return who sends requests to a route, by role, as if for the first time."""
        found = self.api if name in API_ROUTES else self.pages
        for client, cookies in found.values():
            client.cookies = deepcopy(cookies)
        return {role: client for role, (client, _cookies) in found.items()}


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, django_db_blocker: Any) -> Iterator[Prepared]:
    """Make people, targets and clients once for all cases: what a case writes is undone, and they stay as they are."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_cast(now=now)
        users = {role: None if role == "anonymous" else made.user(role) for role in ROLES}
        yield Prepared(
            cast=made,
            targets=(target_of(made, other=False, now=now), target_of(made, other=True, now=now)),
            api=_with_cookies({role: api_client(user) for role, user in users.items()}),
            pages=_with_cookies({role: page_client(user) for role, user in users.items()}),
        )
        transaction.set_rollback(True)


def _with_cookies(made: Mapping[str, Client]) -> dict[str, tuple[Client, Any]]:
    return {role: (client, deepcopy(client.cookies)) for role, client in made.items()}


@pytest.fixture
def cast(prepared: Prepared, db: None) -> Cast:
    return prepared.cast


def target_of(cast: Cast, *, other: bool, now: Any) -> Target:
    patient = cast.other_patient if other else cast.patient
    treating = cast.other_therapist if other else cast.therapist
    admin = cast.other_therapist if other else cast.admin
    clinic = cast.other_clinic if other else cast.clinic
    records = {
        kind: record_services.create(
            KINDS[kind], document(kind, variant, patient.pk), by=treating, source="api", now=now
        ).record.pk
        for kind, variant in VARIANT.items()
    }
    invitation = people.invite_staff(
        clinic_id=clinic.pk, email="new@clinic.example", role="therapist", language="en", by=admin, now=now
    )
    membership = Membership.objects.get(user=treating, clinic=clinic, role="therapist")
    token, _secret = AuthToken.objects.create(treating)
    target = Target(
        patient=patient,
        clinic=clinic,
        records=records,
        treating=treating,
        membership=membership,
        invitation=invitation,
        token_key=token.token_key,
        invitation_token=invitations.token_of(invitation),
    )
    for area in AREAS:
        target = replace(target, more={**target.more, **area.make(target, admin=admin, now=now)})
    return target


def kwargs_of(name: str, target: Target) -> dict[str, Any]:
    """Return what the address of a route takes, about a target."""
    kind = next((kind for kind in KINDS if kind in name), "strength")
    known = {
        "patient_id": target.patient.pk,
        "record_id": target.records[kind],
        "kind": kind,
        "variant": VARIANT[kind],
        "table": "muscles",
        "path": "v1/nothing/",
        "clinic_id": target.clinic.pk,
        "user_id": target.treating.pk,
        "membership_id": target.membership.pk,
        "invitation_id": target.invitation.pk,
        "token_key": target.token_key,
        "token": target.invitation_token,
        **target.more,
    }
    taken = ROUTES[name].pattern.regex.groupindex  # path() and re_path() alike
    return {key: known[key] for key in taken}


def random_of(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the address's parameters with ids that stand for nothing."""
    return {
        key: new_id() if key.endswith("_id") else "Nothing1" if key == "token_key" else value
        for key, value in kwargs.items()
    }


def send(client: Client, name: str, method: str, kwargs: Mapping[str, Any], case: Case, target: Target) -> HttpResponse:
    """Send one request and undo what it wrote."""
    sent: dict[str, Any] = {}
    if case.query is not None:
        sent["QUERY_STRING"] = "&".join(f"{key}={value}" for key, value in case.query(target).items())
    if case.body is not None:
        sent |= {"data": case.body(target)}
        sent |= {"format": "json"} if isinstance(client, APIClient) else {}
    with transaction.atomic():
        answer = getattr(client, method.lower())(reverse(name, kwargs=dict(kwargs)), **sent, **case.headers)
        transaction.set_rollback(True)
    client.cookies.pop("messages", None)  # what a page that was undone would have said on the next one
    return cast_to(HttpResponse, answer)


CASES = [
    pytest.param(name, method, case, id=f"{method} {name} {i}")
    for name, methods in MATRIX.items()
    for method, found in methods.items()
    for i, case in enumerate(found)
]


@pytest.mark.parametrize(("name", "method", "case"), CASES)
def test_who_may_what(prepared: Prepared, db: None, name: str, method: str, case: Case) -> None:
    wrong = []
    targets = prepared.targets
    for role, client in prepared.clients(name).items():
        for target, expected in zip(targets, (case.expected[role], case.other[role]), strict=True):
            kwargs = kwargs_of(name, target)
            answer = send(client, name, method, kwargs, case, target)
            whose = "other" if target is targets[1] else "own"
            if answer.status_code != expected:
                wrong.append(f"{role}, {whose}: {answer.status_code}, expected {expected}")
            elif role == "anonymous" and expected == SIGN_IN and name in PAGE_ROUTES:
                assert answer["Location"].startswith(reverse("account_login")), role
            elif expected == 404 and name != "api-not-found":
                nothing = send(client, name, method, random_of(kwargs), case, nobody(target))
                assert nothing.status_code == 404, role
                assert bare(nothing) == bare(answer), role
                assert (name in API_ROUTES) == (answer["Content-Type"] == "application/problem+json")
    assert wrong == []


def nobody(target: Target) -> Target:
    """Return a target whose patient does not exist, for what names the patient in its body or query."""
    patient = type(target.patient)(pk=new_id())
    return replace(target, patient=patient)


_CHANGING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"')


def bare(answer: HttpResponse) -> bytes:
    """Return a body without what changes with every answer, and the address that was asked for, which it may repeat."""
    body = _CHANGING.sub(b"", answer.content)
    path = answer.wsgi_request.get_full_path().encode()  # type: ignore[attr-defined]
    return body if b"<html" not in body else body.replace(path, b"")


@pytest.mark.parametrize("name", MATRIX)
def test_every_other_method_is_refused(prepared: Prepared, db: None, name: str) -> None:
    client, target = prepared.clients(name)["therapist"], prepared.targets[0]
    answered = {
        method: send(client, name, method, kwargs_of(name, target), Case({}, {}), target).status_code
        for method in METHODS
        if method not in MATRIX[name]
    }
    assert set(answered.values()) <= {405}, answered


def test_what_allauth_answers(cast: Cast, browser_of: Browser) -> None:
    answered = {}
    for name, route in ROUTES.items():
        if name.startswith(("account_", "mfa_")):
            kwargs = dict.fromkeys(route.pattern.regex.groupindex, "1a")
            answered[name] = tuple(
                browser_of(user).get(reverse(name, kwargs=kwargs)).status_code for user in (None, cast.therapist)
            )
    assert answered == THIRD_PARTY


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_an_item_of_a_batch_about_a_stranger_is_answered_like_one_about_nobody(
    cast: Cast, api: Callable[[User | None], APIClient], role: str
) -> None:
    client = api(cast.user(role))
    may_log = {
        "patient_user": [cast.patient],
        "caregiver": [cast.patient],
        "therapist": [cast.patient],
        "other_therapist": [cast.other_patient],
        "other_patient_user": [cast.other_patient],
    }.get(role, [])
    for kind, variant in VARIANT.items():
        for patient in (cast.patient, cast.other_patient):
            record_id = str(new_id())
            items = [
                {**document(kind, variant, patient_id, id=record_id), "kind": kind}
                for patient_id in (patient.pk, new_id())
            ]
            found, nothing = (client.post("/api/v1/batch/", {"records": [item]}, format="json") for item in items)
            assert nothing.json()["results"][0]["problem"]["status"] == 404
            if patient in may_log and recorder_of(kind) == "therapist" and "therapist" not in role:
                assert found.json()["results"][0]["problem"]["status"] == 403
            elif patient in may_log:
                assert found.json()["results"][0]["outcome"] == "created"
            else:
                assert found.content == nothing.content
