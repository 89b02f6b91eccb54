"""States of the series of many patients, fast: the database sends the days that decide, and nothing else.

The same rules as ``rehab.selectors.series`` by way of ``rehab.analytics.quick``; a test compares the two.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber

from rehab.analytics import quick
from rehab.analytics.change import STATED_IN
from rehab.analytics.quick import QuickState, Row
from rehab.analytics.series import Subject, assessed, kind_of, token_of
from rehab.analytics.series_descriptions import SeriesDescription, describe
from rehab.models import Measurement
from rehab.selectors import baselines, readings

#: Readings of the first and last two days of each series. It runs down the index (patient, series, day) without
#: sorting; who measured is read from the document of those rows alone.
_DECIDING = """
SELECT CAST(patient_id AS text) AS patient, series_key, performed_on, series_value, days,
       COALESCE(NULLIF(LOWER(details->>'tester'), ''), NULLIF(LOWER(details->>'rater'), ''),
                CAST(recorded_by_id AS text)) AS rater
FROM (
    SELECT numbered.*, MAX(nth) OVER (PARTITION BY patient_id, series_key) AS days
    FROM (
        SELECT patient_id, series_key, performed_on, series_value, details, recorded_by_id,
               DENSE_RANK() OVER (PARTITION BY patient_id, series_key ORDER BY performed_on) AS nth
        FROM {table}
        WHERE patient_id IN ({patients}) AND series_value IS NOT NULL AND status <> 'entered_in_error'
              AND NOT {swelling}
    ) AS numbered
) AS counted
WHERE nth <= 2 OR nth >= days - 1
"""


class Known(NamedTuple):
    """The state of one series of a patient."""

    key: str
    description: SeriesDescription
    state: QuickState

    @property
    def token(self) -> str:
        return token_of(self.key)

    @property
    def stated_in(self) -> str:
        """Return the unit of the state: grades where the series has MRC ranks."""
        return STATED_IN.get(self.description.unit, self.description.unit)


@dataclass(frozen=True, slots=True)
class States:
    """The states of one patient's series; ``insufficient`` counts those of which nothing can be said yet."""

    known: tuple[Known, ...]
    insufficient: int


NOTHING = States((), 0)


def statement(patient_count: int) -> str:
    """Return the SQL that sends the deciding days of some patients, whose ids it takes once per table."""
    marks = ", ".join(["%s"] * patient_count)
    return " UNION ALL ".join(
        _DECIDING.format(table=model._meta.db_table, patients=marks, swelling=readings.swelling(model.kind))
        for model in readings.models()
    )


def of_patients(subjects: Mapping[uuid.UUID, Subject]) -> dict[uuid.UUID, States]:
    """Return the states of patients, in three statements; more only where a clinician set a baseline or a key is new.

    A patient without readings is not in the answer, and a series of nothing but girths of a swollen limb counts
    nowhere.
    """
    if not subjects:
        return {}
    grouped = _deciding_days(list(subjects))
    described = described_by({key for each in grouped.values() for key in each}, patient_ids=subjects)
    current = baselines.current(subjects)
    coarse = readings.coarse_days(grouped)
    known: dict[uuid.UUID, list[Known]] = {patient_id: [] for patient_id in grouped}
    insufficient = dict.fromkeys(known, 0)
    for patient_id, each in grouped.items():
        subject, states = subjects[patient_id], known[patient_id]
        for key, (days, rows) in each.items():
            description = described.get(key)
            if description is None or (current and (patient_id, key) in current):
                continue
            state = quick.state_of(
                rows=rows,
                days=days,
                description=description,
                subject=subject,
                coarse_on=coarse.get(patient_id, frozenset()),
            )
            if state is None:
                insufficient[patient_id] += 1
            else:
                states.append(Known(key, description, state))
    for patient_id, found in _with_set_baselines(current, subjects):
        if found is None:
            insufficient[patient_id] += 1
        else:
            known[patient_id].append(found)
    return {patient_id: States(tuple(found), insufficient[patient_id]) for patient_id, found in known.items()}


def _deciding_days(ids: list[uuid.UUID]) -> dict[uuid.UUID, dict[str, tuple[int, list[Row]]]]:
    bound: list[Any] = ids if connection.vendor == "postgresql" else [one.hex for one in ids]
    with connection.cursor() as cursor:
        cursor.execute(statement(len(ids)), bound * len(readings.models()))
        rows = cursor.fetchall()
    # Ids stay text until here: to hash a UUID takes longer than all else that is done with a row.
    patient_of = {str(one): one for one in ids} | {one.hex: one for one in ids}
    grouped: dict[tuple[str, str], tuple[int, list[Row]]] = {}
    for patient, key, on, value, days, rater in rows:
        group = grouped.get((patient, key))
        if group is None:
            grouped[patient, key] = (days, [(on, value, rater)])
        else:
            group[1].append((on, value, rater))
    found: dict[uuid.UUID, dict[str, tuple[int, list[Row]]]] = {}
    for (patient, key), group in grouped.items():
        found.setdefault(patient_of[patient], {})[key] = group
    return found


def described_by(keys: set[str], *, patient_ids: Collection[uuid.UUID]) -> dict[str, SeriesDescription]:
    """Return what the series are; of a key that this process has not seen, from its first record."""
    unknown = [key for key in keys if not readings.is_described(key)]
    found: dict[str, SeriesDescription] = {}
    for model in readings.models() if unknown else ():
        found |= _first_described(model, unknown, patient_ids)
    return readings.remember(found, keys)


def _first_described(
    model: type[Measurement], keys: list[str], patient_ids: Collection[uuid.UUID]
) -> dict[str, SeriesDescription]:
    first = Window(RowNumber(), partition_by=[F("series_key")], order_by=F("id").asc())
    rows = readings.counted(model, patient_ids, keys=keys).annotate(nth=first).filter(nth=1)
    return {
        key: describe(kind=kind_of(key), details=details) for key, details in rows.values_list("series_key", "details")
    }


def _with_set_baselines(
    current: baselines.Current, subjects: Mapping[uuid.UUID, Subject]
) -> Iterable[tuple[uuid.UUID, Known | None]]:
    """Yield the states of the series whose baseline a clinician set, from all their readings."""
    if not current:
        return
    keys = {key for _patient, key in current}
    found = readings.of_patients({patient_id for patient_id, _key in current}, keys=keys)
    for patient_id, every in found.items():
        for series in every:
            baseline = current.get((patient_id, series.key))
            if baseline is None:
                continue
            change = assessed(
                description=series.description,
                readings=series.readings(),
                subject=subjects[patient_id],
                set_baseline=baselines.as_set(baseline),
            ).change
            state = QuickState.of(change)
            yield patient_id, None if state is None else Known(series.key, series.description, state)
