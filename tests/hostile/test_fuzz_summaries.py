"""Whatever is asked of summaries and of their e-mails: an answer, or a problem that names it; nothing breaks."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rehab.models import Patient, Summary, SummaryDelivery, SummaryPreference
from rehab.services.summary_preferences import SummaryPreferencesInput
from rehab.services.summary_requests import SummaryRequest
from tests.hostile.answers import JSON, NOBODY_CLIENT, check_problem, check_query_refused
from tests.hostile.conftest import Service, Undone, examples
from tests.hostile.strategies import mutated
from tests.hostile.values import body_of
from tests.summaries import of_patient

SUMMARIES, CHOICES = "/api/v1/summaries/", "/api/v1/me/summaries/"


def test_whatever_summary_is_asked_for_is_one_that_there_may_be_or_refused(service: Service, now: datetime) -> None:
    patient = service.cast.patient
    Patient.objects.filter(pk=patient.pk).update(created_at=now - timedelta(days=200))
    on = str(now.date() - timedelta(days=60))

    @examples(60)
    @given(sent=mutated(SummaryRequest, {"patient": str(patient.pk), "period": "week", "on": on}))
    def check(sent: Any) -> None:
        with Undone():
            response = service.patient.generic("POST", SUMMARIES, body_of(sent), content_type=JSON)
            if response.status_code != 201:
                check_problem(response, sent, {400, 404})
                assert not Summary.objects.exists()
                return
            row = Summary.objects.get()
            assert row.patient_id == patient.pk
            assert row.ends_on < now.date() + timedelta(days=1)
            assert service.patient.get(f"{SUMMARIES}{row.pk}/").json() == response.json()

    check()


def test_whatever_is_chosen_is_kept_whole_or_refused(service: Service, now: datetime) -> None:
    base = {"weekly": True, "monthly": False, "quiet_from": "20:00", "quiet_until": "08:00"}
    before = service.patient.get(CHOICES).json()

    @examples(80)
    @given(sent=mutated(SummaryPreferencesInput, base))
    def check(sent: Any) -> None:
        with Undone():
            response = service.patient.generic("PATCH", CHOICES, body_of(sent), content_type=JSON)
            if response.status_code != 200:
                check_problem(response, sent, {400})
                assert service.patient.get(CHOICES).json() == before
                assert not SummaryPreference.objects.exclude(weekly=None, quiet_from=None).exists()
                return
            found = response.json()
            assert found == service.patient.get(CHOICES).json()
            assert found["quiet_from"] != found["quiet_until"]

    check()


def test_whatever_is_sent_with_a_wish_to_have_it_again_sends_at_most_one(service: Service, now: datetime) -> None:
    summary = of_patient(service.cast.patient, now=now)
    url = f"{SUMMARIES}{summary.pk}/resend/"

    @examples(40)
    @given(body=st.one_of(st.binary(max_size=30), st.sampled_from([b"", b"{}", b"null", b"[]", b'{"to":"me"}'])))
    def check(body: bytes) -> None:
        with Undone():
            response = service.patient.generic("POST", url, body, content_type=JSON)
            if response.status_code != 202:
                check_problem(response, {}, {400})
            assert SummaryDelivery.objects.count() == (1 if response.status_code == 202 else 0)

    check()


def test_whatever_version_is_asked_for_is_one_or_none(service: Service, now: datetime) -> None:
    summary = of_patient(service.cast.patient, now=now, version=2)
    values = st.one_of(st.integers().map(str), st.text(max_size=8), st.sampled_from(["1", "2", "3", "١", "1.0", "+1"]))

    @examples(60)
    @given(version=values, tail=st.sampled_from(["", "pdf/"]))
    def check(version: str, tail: str) -> None:
        query = {"version": version.encode("utf-8", "replace").decode()}
        response = service.patient.get(f"{SUMMARIES}{summary.pk}/{tail}", query)
        if response.status_code != 200:
            check_query_refused(response)

    check()


def test_whatever_stands_in_a_link_to_unsubscribe_breaks_nothing(service: Service, now: datetime) -> None:
    user = service.cast.patient_user
    key = SummaryPreference.objects.create(user=user, weekly=True, daily=True, updated_at=now).unsubscribe_key

    @examples(60)
    @given(
        choice=st.one_of(st.sampled_from(["weekly", "WEEKLY", "quiet_from", "user_id", "pk"]), st.text(max_size=12)),
        fields=st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=3),
    )
    def check(choice: str, fields: dict[str, str]) -> None:
        with Undone():
            path = f"/unsubscribe/{key}/" + choice.encode("utf-8", "replace").decode().replace("/", "") + "/"
            body = "&".join(f"{name}={value}" for name, value in fields.items()).encode("utf-8", "replace")
            response = NOBODY_CLIENT.generic("POST", path, body, content_type="application/x-www-form-urlencoded")
            assert response.status_code in (200, 400, 404), response.content[:300]
            if response.status_code == 404:
                assert SummaryPreference.objects.filter(user=user, weekly=True, daily=True).exists()

    check()
