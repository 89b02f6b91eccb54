"""What check-ins say over time: what pattern hints are read from, and sites where a symptom was never reported before.

One statement each. A check-in that was entered in error counts for nothing. Where no source is named, the rules are
conventions of this project.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rehab.analytics import symptoms
from rehab.analytics.findings import Period, SymptomDay
from rehab.analytics.symptoms import Numbness
from rehab.models import CheckIn, Record
from rehab.reference.symptoms import MG_ITEMS, SCALES

#: Two check-ins that both say "in bed or in a cast" are one period if no longer apart, and none between says no.
JOINED_WITHIN = timedelta(days=14)
#: How long a site stays new on the therapist's page.
NEW_FOR = timedelta(days=28)
_NOON = 12
_ITEMS = tuple(code.removeprefix("mg_") for code in MG_ITEMS)
_NUMBNESS = "numbness"
_SENSORY = ("paraesthesia", _NUMBNESS)
_SEVERITIES = tuple(grade.code for grade in SCALES[_NUMBNESS].grades)
_PROXIMAL_SIGNS = ("stairs", "rising", "arms_overhead", "winged_scapula", "waddling_gait")


@dataclass(frozen=True)
class _Row:
    id: uuid.UUID
    on: date
    local: datetime
    details: dict[str, Any]
    deficits: tuple[str, ...]  # of the patient, at enrolment


def symptom_days(patient_id: uuid.UUID, *, since: date) -> tuple[SymptomDay, ...]:
    """Return the myasthenia items of the days on which they were answered before noon and from noon on.

    The first answer of the morning stands against the last of the afternoon, in the patient's own time.
    """
    answered: dict[tuple[date, str], list[tuple[bool, int, uuid.UUID]]] = defaultdict(list)
    for row in _rows(patient_id, since):
        for item in _ITEMS:
            if (value := (row.details.get("myasthenia") or {}).get(item)) is not None:
                answered[row.on, item].append((row.local.hour < _NOON, value, row.id))
    found = []
    for (on, item), answers in sorted(answered.items(), key=lambda entry: (entry[0][0], _ITEMS.index(entry[0][1]))):
        mornings = [answer for answer in answers if answer[0]]
        afternoons = [answer for answer in answers if not answer[0]]
        if mornings and afternoons:
            (_am, morning, first), (_pm, afternoon, last) = mornings[0], afternoons[-1]
            found.append(
                SymptomDay(item=item, on=on, morning=morning, afternoon=afternoon, ids=(str(first), str(last)))
            )
    return tuple(found)


def sensory_change(patient_id: uuid.UUID, *, since: date) -> bool | None:
    """Return whether tingling or numbness was reported, beyond what was there at enrolment.

    False: asked each time, and absent or known and no worse; None: never asked.
    """
    rows = list(_rows(patient_id, date.min))
    known = _known_numbness(rows)
    said = [
        _is_change(entry, known)
        for row in rows
        if row.on >= since
        for entry in row.details.get("symptoms", ())
        if entry["symptom"] in _SENSORY
    ]
    return any(said) if said else None


def _is_change(entry: dict[str, Any], known: Collection[Numbness]) -> bool:
    if entry["symptom"] == _NUMBNESS:
        return not symptoms.is_known_numbness(known=known, told=_numbness(entry))
    return bool(entry["severity"] != "none")


def _known_numbness(rows: Iterable[_Row]) -> tuple[Numbness, ...]:
    every = list(rows)
    told = [
        [_numbness(entry) for entry in row.details.get("symptoms", ()) if entry["symptom"] == _NUMBNESS]
        for row in every
    ]
    return symptoms.known_numbness(told=told, deficits=every[0].deficits if every else ())


def _numbness(entry: dict[str, Any]) -> Numbness:
    return Numbness(entry.get("site"), entry.get("side"), _SEVERITIES.index(entry["severity"]))


def proximal_signs(patient_id: uuid.UUID, *, since: date) -> tuple[str, ...]:
    """Return which of the signs of weak hips and shoulders were reported, in the order of ``findings.Findings``."""
    said = {sign for row in _rows(patient_id, since) for sign in row.details.get("proximal_signs", ())}
    return tuple(sign for sign in _PROXIMAL_SIGNS if sign in said)


def immobilised(patient_id: uuid.UUID, *, since: date) -> tuple[Period, ...]:
    """Return the periods in bed or in a cast, each under the id of its first check-in."""
    found: list[Period] = []
    goes_on = False
    for row in _rows(patient_id, since):
        answer = row.details.get("immobilised")
        if answer and goes_on and row.on - found[-1].last_on <= JOINED_WITHIN:
            found[-1] = Period(first_on=found[-1].first_on, last_on=row.on, id=found[-1].id)
        elif answer:
            found.append(Period(first_on=row.on, last_on=row.on, id=str(row.id)))
        goes_on = goes_on if answer is None else answer
    return tuple(found)


@dataclass(frozen=True)
class NewSite:
    symptom: str
    site: str
    side: str  # empty if it was not stated
    on: date
    check_in_id: uuid.UUID


def new_sites(patient_id: uuid.UUID, *, today: date) -> list[NewSite]:
    """Return where a symptom was reported in the last 28 days, and neither before nor at enrolment, latest first."""
    rows = list(_rows(patient_id, date.min))
    known: dict[str, set[str]] = defaultdict(set)
    known[_NUMBNESS] = {
        _place(one.region, side)
        for one in _known_numbness(rows)
        for side in (("both", "left", "right") if one.side == "both" else (one.side,))
    }
    found: list[NewSite] = []
    for row in rows:
        sites: dict[str, set[str]] = defaultdict(set)
        for entry in row.details.get("symptoms", ()):
            sites[entry["symptom"]] |= _site_of(entry)
        for symptom, current in sites.items():
            if row.on > today - NEW_FOR:
                for key in symptoms.new_sites(earlier=known[symptom], current=current):
                    site, _space, side = key.partition(" ")
                    found.append(NewSite(symptom, site, side, row.on, row.id))
            known[symptom] |= current
    return found[::-1]


def _site_of(entry: dict[str, Any]) -> set[str]:
    if entry["severity"] == "none" or not entry.get("site"):
        return set()
    return {_place(entry["site"], entry.get("side"))}


def _place(site: str | None, side: str | None) -> str:
    return f"{site or ''} {side or ''}".strip()


def _rows(patient_id: uuid.UUID, since: date) -> Iterator[_Row]:
    """Yield the check-ins of a patient from a day on, in order of time."""
    found = (
        CheckIn.objects.filter(patient_id=patient_id, performed_on__gte=since)
        .exclude(status=Record.Status.ENTERED_IN_ERROR)
        .order_by("performed_at", "id")
        .values_list(
            "id", "performed_on", "performed_at", "details", "patient__time_zone", "patient__baseline_deficits"
        )
    )
    for row_id, on, at, details, zone, deficits in found:
        yield _Row(row_id, on, at.astimezone(ZoneInfo(zone)), details, tuple(deficits or ()))
