"""The stock of the summaries' benchmark: patients of three clinics with a year of records, written by SQL.

Each patient has ten records a week (four sessions, two check-ins, four readings of eight series in turn), a programme
of two items and a goal. The documents are real ones, stored once through the services and copied; rows are written in
the order of time, as they would arrive, so that one patient's lie far apart.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

PER_WEEK = 10
#: A Monday; the stock begins at it, and the weeks that are summed up lie at the end.
BEGINS = date(2025, 1, 6)
#: Clinics' shares of the patients: the first alone is a tenth, with the second three tenths, together all.
SHARES = (0.1, 0.2, 0.7)
CLINICS = "Summaries"
_AT = datetime(2025, 1, 1, tzinfo=UTC)

#: Kind, document, weekdays, and in which weeks: 0 even ones, 1 odd ones, None all.
_SCHEDULE: tuple[tuple[str, dict[str, Any], tuple[int, ...], int | None], ...] = (
    *(("strength", {"method": "hhd", "muscle": "KNE_EXT", "side": side, "test_type": "make", "stabilisation": "belt",
                    "trials": [{"value": 180, "unit": "N"}, {"value": 184, "unit": "N"}]}, (0,), 0)
      for side in ("left", "right")),
    ("strength", {"method": "grip", "side": "right", "trials": [{"value": 24, "unit": "kgf"}] * 3}, (0,), 0),
    ("strength", {"method": "mrc", "scale": "MRC8", "grade": "4-", "muscle": "ANK_DF", "side": "left"}, (0,), 0),
    ("rom", {"motion": "KNE_FLEX", "side": "left", "rom_type": "AROM", "value_deg": 101}, (3,), 1),
    ("rom", {"motion": "ANK_DF", "side": "left", "rom_type": "PROM", "value_deg": 11}, (3,), 1),
    *(("girth", {"site": "THIGH_10", "side": side, "readings": [{"value": 41.2, "unit": "cm"}] * 2}, (3,), 1)
      for side in ("left", "right")),
    ("check-ins", {"pain": [{"nrs": 4, "site": "lower_back", "context": "movement"}], "fatigue": 5,
                   "fatigue_period": "now", "sleep_hours": 7}, (1, 6), None),
    ("sessions", {"modality": "resistance_band", "duration_min": 20, "session_rpe": 4, "details": {"exercises": [
        {"reps": [10, 10, 10], "product": "theraband_red", "peak_elongation_pct": 150}]}}, (0, 2, 4), None),
    ("sessions", {"modality": "aerobic", "duration_min": 25, "session_rpe": 3,
                  "details": {"activity": "arm_ergometer", "heart_rate_mean": 105}}, (5,), None),
)  # fmt: skip
_NEW_ID = (
    "(lpad(to_hex((extract(epoch FROM {at}) * 1000)::bigint), 12, '0') || '7' || "
    "substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"
)
#: What differs from one copy to the next.
_VARIED = {
    "series_value": "CASE WHEN details->>'method' = 'mrc' THEN 6 + floor(random() * 3) ELSE "
    "round((series_value * (1 + slope * {week} + (random() - 0.5) * 0.06))::numeric, 1)::float8 END",
    "pain_max": "floor(random() * 8)",
    "fatigue": "floor(random() * 8)",
    "session_status": "(ARRAY['completed','completed','completed','partial','skipped','completed'])"
    "[1 + floor(random() * 6)::int]",
}


def fill(*, patients: int, weeks: int) -> list[Any]:
    """Write the stock; return the ids of the clinics. ``patients``: 3 or more."""
    from django.db import connection

    from rehab.models import Patient

    clinics, template, user = _template(weeks)
    whose = f"patient_id = '{template}'"
    bounds = [max(n + 1, round(patients * sum(SHARES[: n + 1]))) for n in range(len(SHARES))]
    clinic = " ".join(f"WHEN n <= {bound} THEN '{pk}'::uuid" for bound, pk in zip(bounds, clinics, strict=True))
    item = "(SELECT id FROM rehab_programitem item WHERE item.program_id = place.program_id AND position = {})"
    with connection.cursor() as cursor, _quickly(cursor):
        cursor.execute(
            "CREATE TEMP TABLE place AS SELECT n, gen_random_uuid() AS patient_id, gen_random_uuid() AS program_id, "
            "(ARRAY[-0.004, 0, 0, 0.003, 0.006])[1 + n %% 5] AS slope FROM generate_series(1, %s) AS n",
            [patients],
        )
        of_patient = {"id": "place.patient_id", "name": "'Patient ' || n", "clinic_id": f"CASE {clinic} END"}
        _copy(cursor, "rehab_patient", f"id = '{template}'", of_patient)
        _copy(cursor, "rehab_program", whose, {"id": "place.program_id", "patient_id": "place.patient_id"})
        in_program = f"program_id = (SELECT id FROM rehab_program WHERE {whose})"
        of_item = {"id": "gen_random_uuid()", "program_id": "place.program_id"}
        _copy(cursor, "rehab_programitem", in_program, of_item)
        _copy(cursor, "rehab_goal", whose, {"id": "gen_random_uuid()", "patient_id": "place.patient_id"})
        cursor.execute("ANALYZE rehab_programitem")
        cursor.execute("ALTER TABLE place ADD COLUMN band uuid, ADD COLUMN walk uuid")
        cursor.execute(f"UPDATE place SET band = {item.format(0)}, walk = {item.format(1)}")
        _records(cursor, template, user, weeks)
    Patient.objects.filter(pk=template).update(discharged_on=BEGINS)  # it has no records of its own
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return clinics


def _template(weeks: int) -> tuple[list[Any], Any, Any]:
    """Make the clinics, and one patient with a programme, a goal and a record of each kind to be copied."""
    from django.db import transaction

    from accounts.ids import new_id
    from rehab.models import Patient
    from rehab.services import clinics as clinic_services
    from rehab.services import goals, patients, people, programs

    with transaction.atomic():
        user = people.sign_up(email=f"{new_id().hex}@bench.example", name="Bench", password="x" * 16, language="en")
    clinics = [
        clinic_services.found(name=f"{CLINICS} {n}", time_zone="UTC", emergency_number="112", by=user, now=_AT).pk
        for n in range(len(SHARES))
    ]
    template = patients.enrol(
        {"name": "Template", "conditions": ["stroke"], "clinic": str(clinics[0])}, by=user, now=_AT
    ).patient
    Patient.objects.filter(pk=template.pk).update(created_at=_AT)
    items = [
        {"modality": "resistance_band", "name": "Knee band", "sets": 3, "reps": 10, "weekdays": ["mon", "wed", "fri"]},
        {"modality": "aerobic", "minutes": 25, "times_per_week": 1},
    ]
    programs.create(
        {"patient": str(template.pk), "title": "Bench", "start_on": BEGINS.isoformat(), "items": items},
        by=user,
        now=_AT,
    )
    names = ("much_less", "less", "expected", "more", "much_more")
    levels = {name: f"Walks {n}00 m" for n, name in enumerate(names, 1)}
    end = BEGINS + timedelta(weeks=weeks + 8)
    goals.create({"patient": str(template.pk), "title": "Walk", "levels": levels, "period_start": BEGINS.isoformat(),
                  "period_end": end.isoformat(), "review_dates": [end.isoformat()]}, by=user, now=_AT)  # fmt: skip
    return clinics, template.pk, user.pk


@contextmanager
def _quickly(cursor: Any) -> Iterator[None]:
    """Leave out what a bulk load does not need: foreign keys are right by construction, indexes are made at the end."""
    cursor.execute("SET session_replication_role = replica")
    cursor.execute(
        "SELECT indexdef, indexname FROM pg_indexes WHERE tablename = ANY(%s) AND indexname LIKE '%%\\_timeline' OR "
        "indexname LIKE '%%\\_updated' OR indexname LIKE '%%\\_series'",
        [list(_tables())],
    )
    indexes = cursor.fetchall()
    for _definition, name in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for definition, _name in indexes:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")
        cursor.execute("SET session_replication_role = origin")


def _tables() -> dict[str, list[tuple[int, dict[str, Any], tuple[int, ...], int | None]]]:
    from rehab.services.kinds import KINDS

    found: dict[str, list[Any]] = {}
    for n, (kind, sent, weekdays, parity) in enumerate(_SCHEDULE):
        found.setdefault(KINDS[kind].model._meta.db_table, []).append((n, sent, weekdays, parity))
    return found


def _copy(cursor: Any, table: str, which: str, changed: dict[str, str]) -> None:
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f"template.{name}") for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} "
        f"FROM (SELECT * FROM {table} WHERE {which}) AS template, place"
    )


def _records(cursor: Any, template: Any, user_id: Any, weeks: int) -> None:
    from accounts.models import User
    from rehab.models import Patient
    from rehab.services import documents, rows
    from rehab.services.kinds import KINDS

    patient, user = Patient.objects.get(pk=template), User.objects.get(pk=user_id)
    at = datetime.combine(BEGINS, datetime.min.time(), tzinfo=UTC)
    for n, (kind, sent, _weekdays, _parity) in enumerate(_SCHEDULE):
        document = {**sent, "patient": str(template), "performed_at": at.isoformat()}
        parsed = documents.parse(KINDS[kind], document)
        row = rows.build(KINDS[kind], parsed, patient, digest=str(n), oddities=[], by=user, source="batch", now=at)
        row.save(force_insert=True)
    for table in _tables():
        # The template's number stands in created_digest.
        cursor.execute(f"CREATE TEMP TABLE t_{table} AS SELECT * FROM {table} WHERE patient_id = %s", [template])
        cursor.execute(f"DELETE FROM {table} WHERE patient_id = %s", [template])
    for week in range(weeks):
        for table, planned in _tables().items():
            days = [
                (n, day) for n, _sent, weekdays, parity in planned if parity in (None, week % 2) for day in weekdays
            ]
            if days:
                _write_week(cursor, table, week, days)


def _write_week(cursor: Any, table: str, week: int, days: list[tuple[int, int]]) -> None:
    cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
    day = f"DATE '{BEGINS + timedelta(weeks=week)}' + day"
    at = f"({day} + TIME '09:00') AT TIME ZONE 'UTC'"
    changed = {
        "id": _NEW_ID.format(at=at),
        "patient_id": "place.patient_id",
        "performed_at": at,
        "performed_on": day,
        "created_at": at,
        "updated_at": at,
        "program_item_id": "CASE WHEN modality = 'aerobic' THEN walk ELSE band END",
        **{name: value.format(week=week) for name, value in _VARIED.items()},
    }
    columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changed.get(name, f"template.{name}") for name in columns)
    planned = ", ".join(f"('{n}', {on})" for n, on in days)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM (VALUES {planned}) AS planned(n, day) "
        f"JOIN t_{table} AS template ON template.created_digest = planned.n CROSS JOIN place "
        "ORDER BY day, md5(place.patient_id::text || day)"
    )
