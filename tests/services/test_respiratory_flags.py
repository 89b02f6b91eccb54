"""Measures of breathing and blood pressure raise red flags in the transaction of the record itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.ids import new_id
from rehab.models import Alert, AlertCause, Assessment, Record
from rehab.services import alerts as alert_services
from rehab.services import batch, records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

Recorder = Callable[..., Record]
ASSESSMENTS = KINDS["assessments"]
KG_70 = {"value": 70, "unit": "kg"}
NOTHING: dict[str, Any] = dict.fromkeys(
    ("vital_capacity_ml", "body_mass", "mip_cmh2o", "mep_cmh2o", "single_breath_count")
)


@pytest.fixture
def measure(cast: Cast, now: datetime) -> Recorder:
    """Return a recorder of measures, so many days ago."""

    def make(days_ago: float = 1, **measures: Any) -> Record:
        sent = document(
            "assessments", "respiratory", cast.patient.pk, performed_at=(now - timedelta(days=days_ago)).isoformat(),
            **{**NOTHING, **measures},
        )  # fmt: skip
        return records.create(ASSESSMENTS, sent, by=cast.therapist, source="api", now=now).record

    return make


def conditions(cast: Cast, *codes: str) -> None:
    type(cast.patient).objects.filter(pk=cast.patient.pk).update(conditions=list(codes))


def alerts() -> list[tuple[str, str, str]]:
    return list(Alert.objects.order_by("raised_at", "id").values_list("rule", "level", "status"))


@pytest.mark.parametrize(
    ("measures", "raised"),
    [
        ({"vital_capacity_ml": 1399, "body_mass": KG_70}, True),
        ({"vital_capacity_ml": 1400, "body_mass": KG_70}, False),
        ({"mip_cmh2o": 29}, True),
        ({"mip_cmh2o": 30}, False),
        ({"mep_cmh2o": 39}, True),
        ({"mep_cmh2o": 40}, False),
        ({"mip_cmh2o": 0}, True),
        ({"single_breath_count": 19}, True),
        ({"single_breath_count": 20}, False),
        ({"systolic_mmhg": 180}, False),
    ],
)
def test_the_20_30_40_rule_and_the_breath_count(
    cast: Cast, measure: Recorder, measures: dict[str, Any], raised: bool
) -> None:
    conditions(cast, "guillain_barre")
    record = measure(**measures)
    assert alerts() == [("RESP_NM", "emergency", "open")] * raised
    for cause in AlertCause.objects.all():
        assert (cause.source_kind, cause.source_id, cause.occurred_at) == (
            "assessments", record.pk, record.performed_at,
        )  # fmt: skip
        assert len(cause.evidence["measures"]) == 1


@pytest.mark.parametrize(("later", "raised"), [(70, False), (69, True)])
def test_a_fall_of_more_than_30_percent_from_the_first_measurement(
    measure: Recorder, later: float, raised: bool
) -> None:
    measure(days_ago=9, mip_cmh2o=100)
    measure(days_ago=5, mip_cmh2o=90)
    measure(days_ago=1, mip_cmh2o=later)
    assert alerts() == [("RESP_NM", "emergency", "open")] * raised
    for cause in AlertCause.objects.all():
        assert cause.evidence == {
            "rule": "resp_nm.fall_from_baseline", "measures": {"mip_cmh2o": later}, "baseline": {"mip_cmh2o": 100},
        }  # fmt: skip


def test_a_chosen_baseline_takes_the_place_of_the_first_and_each_measure_has_its_own(measure: Recorder) -> None:
    measure(days_ago=9, mip_cmh2o=100, mep_cmh2o=100)
    measure(days_ago=8, mip_cmh2o=75, baseline=True)
    measure(days_ago=1, mip_cmh2o=60)  # 40 % below the first, 20 % below the chosen one
    assert alerts() == []
    measure(days_ago=0.5, mep_cmh2o=60)
    assert alerts() == [("RESP_NM", "emergency", "open")]


def test_a_late_or_amended_baseline_is_held_against_the_latest_measurement(
    cast: Cast, now: datetime, measure: Recorder
) -> None:
    first = measure(days_ago=9, mip_cmh2o=80)
    latest = measure(days_ago=1, mip_cmh2o=60)
    assert alerts() == []
    records.amend(
        ASSESSMENTS, first.pk, {"mip_cmh2o": 90}, reason="misread the gauge", expected_version=1, confirm=False,
        by=cast.therapist, now=now,
    )  # fmt: skip
    assert AlertCause.objects.get().source_id == latest.pk
    measure(days_ago=20, mep_cmh2o=200)
    assert AlertCause.objects.count() == 1


def test_systolic_pressure_of_spinal_cord_injury_against_its_own_baseline(cast: Cast, measure: Recorder) -> None:
    conditions(cast, "complete_spinal_cord_injury")
    measure(days_ago=9, systolic_mmhg=100)
    measure(days_ago=2, systolic_mmhg=119)
    assert alerts() == []
    measure(days_ago=1, systolic_mmhg=120)
    assert alerts() == [("AD", "emergency", "open")]


def test_what_is_amended_away_or_entered_in_error_is_withdrawn(cast: Cast, now: datetime, measure: Recorder) -> None:
    record = measure(mip_cmh2o=25, mep_cmh2o=60)

    def amend(version: int, **changes: Any) -> None:
        records.amend(
            ASSESSMENTS, record.pk, changes, reason="typed wrongly", expected_version=version, confirm=False,
            by=cast.therapist, now=now,
        )  # fmt: skip

    amend(1, mip_cmh2o=26)
    assert alerts() == [("RESP_NM", "emergency", "open")]
    amend(2, mip_cmh2o=62)
    assert AlertCause.objects.get().withdrawn_at == now
    amend(3, mip_cmh2o=20)
    assert AlertCause.objects.get().withdrawn_at is None
    records.enter_in_error(
        ASSESSMENTS, record.pk, reason="another patient", expected_version=4, by=cast.therapist, now=now
    )
    assert AlertCause.objects.get().withdrawn_at == now
    measure(mip_cmh2o=60)  # the one in error is no baseline
    # A clinician closes it, with a reason.
    assert (AlertCause.objects.count(), alerts()) == (1, [("RESP_NM", "emergency", "open")])


def test_a_baseline_entered_in_error_lets_the_latest_be_judged_again(
    cast: Cast, now: datetime, measure: Recorder
) -> None:
    measure(days_ago=30, mip_cmh2o=90)
    wrong = measure(days_ago=20, mip_cmh2o=64, baseline=True)
    latest = measure(days_ago=1, mip_cmh2o=60)
    assert AlertCause.objects.count() == 0
    records.enter_in_error(
        ASSESSMENTS, wrong.pk, reason="another patient", expected_version=1, by=cast.therapist, now=now
    )
    assert AlertCause.objects.get().source_id == latest.pk


@pytest.mark.parametrize(
    ("mass", "capacity", "fires"),
    [(75, 2050, True), (60, 2050, True), (75, 2100, False), (90, 2900, False)],
)
def test_a_change_of_body_mass_neither_hides_nor_feigns_a_fall(
    measure: Recorder, mass: float, capacity: float, fires: bool
) -> None:
    measure(days_ago=30, vital_capacity_ml=3000, body_mass={"value": 75, "unit": "kg"})
    measure(days_ago=1, vital_capacity_ml=capacity, body_mass={"value": mass, "unit": "kg"})
    assert AlertCause.objects.exists() == fires


def test_a_batch_raises_once_however_often_it_is_sent(cast: Cast, now: datetime) -> None:
    items = [
        {
            "kind": "assessments",
            **document("assessments", "respiratory", cast.patient.pk, id=str(new_id()), **{**NOTHING, "mip_cmh2o": mip},
                       performed_at=(now - timedelta(days=days)).isoformat()),
        }
        for days, mip in ((9, 100), (5, 69), (1, 65))
    ]  # fmt: skip
    for _ in range(2):
        batch.record_all(items, by=cast.therapist, source="batch", now=now)
    assert alerts() == [("RESP_NM", "emergency", "open")]
    assert AlertCause.objects.count() == 2


def test_other_assessments_raise_nothing(cast: Cast, now: datetime) -> None:
    sent = document("assessments", "mas", cast.patient.pk, ashworth="4")
    records.create(ASSESSMENTS, sent, by=cast.therapist, source="api", now=now)
    assert alerts() == []


def test_a_record_and_its_alert_are_written_together_or_not_at_all(
    cast: Cast, measure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise IntegrityError("the alert could not be written")

    monkeypatch.setattr(alert_services, "raise_all", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        measure(mip_cmh2o=10)
    assert Assessment.objects.count() == 0
