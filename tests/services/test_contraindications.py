"""Logging is never blocked; a session against a contraindication tells the therapist once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert, ExerciseSession
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document
from tests.programs import MONDAY, cleared, moment, session

Api = Callable[[User | None], APIClient]


def answered(cast: Cast, checklist: str = "fes", *, days: int = 0, **answers: str) -> Any:
    now = moment(cast.patient, MONDAY + timedelta(days=days), 8)
    return cleared(cast.patient, checklist, by=cast.therapist, now=now, **answers)


def alerts(cast: Cast) -> list[Alert]:
    return list(Alert.objects.filter(patient=cast.patient).order_by("raised_at", "id"))


def test_a_session_against_a_contraindication_is_logged_and_told(cast: Cast) -> None:
    answered(cast, fes_skin="yes", fes_osteoporosis="yes")
    row = session(cast.patient, MONDAY, by=cast.patient_user, variant="fes")
    [alert] = alerts(cast)
    assert (alert.rule, alert.level, alert.subject, alert.status) == ("CONTRA", "review", "fes", "open")
    cause = alert.causes.get()
    assert (cause.source_kind, cause.source_id) == ("sessions", row.pk)
    assert cause.evidence["items"] == ["fes_skin"]
    session(cast.patient, MONDAY + timedelta(days=1), by=cast.patient_user, variant="fes")
    assert (len(alerts(cast)), alert.causes.count()) == (1, 2)


@pytest.mark.parametrize("answers", [None, {}, {"fes_osteoporosis": "yes"}, {"fes_skin": "unknown"}])
def test_precautions_unanswered_items_and_no_answers_tell_nothing(cast: Cast, answers: dict[str, str] | None) -> None:
    if answers is not None:
        answered(cast, **answers)
    session(cast.patient, MONDAY, by=cast.patient_user, variant="fes")
    assert alerts(cast) == []


def test_the_answers_of_the_moment_count(cast: Cast) -> None:
    answered(cast, fes_skin="yes")
    answered(cast, days=7)
    session(cast.patient, MONDAY + timedelta(days=8), by=cast.patient_user, variant="fes")
    session(cast.patient, MONDAY - timedelta(days=1), by=cast.patient_user, variant="fes")
    assert alerts(cast) == []
    # Of the week in which it held, though logged after it was answered otherwise.
    session(cast.patient, MONDAY + timedelta(days=3), by=cast.patient_user, variant="fes",
            logged_after=timedelta(days=9))  # fmt: skip
    assert len(alerts(cast)) == 1


def test_other_kinds_of_session_and_skipped_ones_tell_nothing(cast: Cast) -> None:
    answered(cast, fes_skin="yes")
    answered(cast, "aquatic")
    session(cast.patient, MONDAY, by=cast.patient_user, variant="aquatic")
    session(cast.patient, MONDAY, by=cast.patient_user, variant="weights")
    session(cast.patient, MONDAY, by=cast.patient_user, variant="fes", status="skipped", reason="unwell")
    assert alerts(cast) == []


def test_a_correction_takes_it_back_or_raises_it(cast: Cast) -> None:
    answered(cast, fes_skin="yes")
    row = session(cast.patient, MONDAY, by=cast.patient_user, variant="fes")
    now = moment(cast.patient, MONDAY + timedelta(days=1))
    amend: dict[str, Any] = {"reason": "another day", "confirm": True, "by": cast.patient_user, "now": now}
    before = {"performed_at": moment(cast.patient, MONDAY - timedelta(days=2)).isoformat()}
    records.amend(KINDS["sessions"], row.pk, before, expected_version=1, **amend)
    assert [alert.status for alert in alerts(cast)] == ["withdrawn"]
    back = {"performed_at": moment(cast.patient, MONDAY, 10).isoformat()}
    records.amend(KINDS["sessions"], row.pk, back, expected_version=2, **amend)
    assert [alert.status for alert in alerts(cast)].count("open") == 1
    records.enter_in_error(
        KINDS["sessions"], row.pk, reason="typed twice", expected_version=3, by=cast.patient_user, now=now
    )
    assert {alert.status for alert in alerts(cast)} == {"withdrawn"}


def test_a_batch_tells_once_too(cast: Cast, api: Api) -> None:
    answered(cast, fes_skin="yes")
    items = [{**document("sessions", "fes", cast.patient.pk, id=str(new_id())), "kind": "sessions"} for _ in range(3)]
    for _twice in range(2):
        assert api(cast.patient_user).post("/api/v1/batch/", {"records": items}, format="json").status_code == 200
    [alert] = alerts(cast)
    assert (ExerciseSession.objects.count(), alert.causes.count()) == (3, 3)


def test_if_the_alert_cannot_be_written_neither_is_the_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answered(cast, fes_skin="yes")

    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("no alert")

    monkeypatch.setattr("rehab.services.alerts.raise_all", fails)
    with pytest.raises(RuntimeError):
        session(cast.patient, MONDAY, by=cast.patient_user, variant="fes")
    assert ExerciseSession.objects.count() == 0
