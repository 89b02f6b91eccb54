"""Late records: one that falls into a period which was summed up already has that summary computed anew, once.

Workers follow the audit trail (``sealed_events``) and mark the rows of the periods that an event touches, before and
after a change. A marked row is computed anew when nothing more came for ``QUIET``, at the latest ``LONGEST`` after it
was marked: an offline phone that sends two hundred sessions makes one new version, not two hundred.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import TypeAlias

from django.db.models import QuerySet

from accounts.models import Event
from rehab.analytics.periods import PeriodName, span_of
from rehab.models import AlertWatermark, Summary
from rehab.selectors import summary_work
from rehab.services import sealed_events, summary_schedule, week_totals
from rehab.services.kinds import KINDS

EVENTS_AT_ONCE = 200
QUIET = timedelta(minutes=2)
LONGEST = timedelta(minutes=10)
RECENT = timedelta(days=14)
_WRITES = (".created", ".amended", ".entered_in_error")
_CHANGES = (".amended", ".entered_in_error")

Audience = Summary.Audience
#: A day of a patient that something happened on.
Day: TypeAlias = tuple[uuid.UUID, date]
#: What names a summary: audience, its subject (of a therapist with the clinic), period, first day.
Key: TypeAlias = tuple[str, uuid.UUID, uuid.UUID | None, str, date]


def mark(*, now: datetime) -> int:
    """Mark the summaries that the sealed events not read yet make stale; return how many events were read."""

    def prepare(events: list[Event]) -> Callable[[], None]:
        days = set(_days_of(events))
        found = _summaries_of(days)

        def write() -> None:
            _sum_up_weeks(days, now=now)
            _mark(found, now=now)

        return write

    return sealed_events.follow(AlertWatermark.Name.SUMMARY, prepare, at_once=EVENTS_AT_ONCE, now=now)


def _days_of(events: Iterable[Event]) -> Iterator[Day]:
    """Return the days that events touch. More than they touch does no harm: what says the same makes no version."""
    events = [event for event in events if event.patient_id is not None]
    for kind in KINDS.values():
        written = {event.target_id for event in events if event.action in {kind.name + end for end in _WRITES}}
        changed = {event.target_id for event in events if event.action in {kind.name + end for end in _CHANGES}}
        if written:
            yield from summary_work.performed_on(kind.model, written)
        if changed:
            patients = {event.target_id: event.patient_id for event in events if event.patient_id is not None}
            for version in summary_work.versions_of(kind.name, changed):
                moment = datetime.fromisoformat(version.document["performed_at"])
                yield from ((patients[version.record_id], on) for on in _dates_anywhere(moment))
    for event in events:
        if event.patient_id is not None:
            yield from ((event.patient_id, on) for on in _dates_named(event))


def _dates_anywhere(moment: datetime) -> set[date]:
    """Return the local dates of a moment on earth: the patient may have lived in another zone then."""
    return {(moment + timedelta(hours=hours)).date() for hours in (-12, 0, 14)}


def _dates_named(event: Event) -> Iterator[date]:
    """Return the days that excusing days, or discharging a patient, is about."""
    changes = event.changes
    if event.action in {"excusal.created", "excusal.withdrawn"} and changes.get("first_on"):
        first, last = (date.fromisoformat(changes[name]) for name in ("first_on", "last_on"))
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))
    if event.action == "patient.amended":
        yield from (date.fromisoformat(on) for on in changes.get("discharged_on", ()) if on)


def _summaries_of(days: Collection[Day]) -> list[uuid.UUID]:
    """Return the summaries of the periods that hold some days of patients: theirs, their therapists', the clinic's."""
    if not days:
        return []
    patient_ids = {patient_id for patient_id, _on in days}
    keys: set[Key] = {
        (Audience.PATIENT, patient_id, None, period, first)
        for patient_id, on in days
        for period, first in _periods_of(Audience.PATIENT, on)
    }
    dates: dict[uuid.UUID, list[date]] = {}
    for patient_id, on in days:
        dates.setdefault(patient_id, []).append(on)
    for place in summary_work.treated_by(patient_ids).select_related("patient"):
        clinic_id = place.patient.clinic_id
        for on in dates[place.patient_id]:
            keys |= {
                (Audience.THERAPIST, place.user_id, clinic_id, *named) for named in _periods_of(Audience.THERAPIST, on)
            }
            keys |= {(Audience.CLINIC, clinic_id, None, *named) for named in _periods_of(Audience.CLINIC, on)}
    return [pk for pk, key in _stored(keys) if key in keys]


def _periods_of(audience: str, on: date) -> Iterator[tuple[PeriodName, date]]:
    return ((period, span_of(period, on).starts_on) for period in summary_schedule.PERIODS[audience])


def _stored(keys: Collection[Key]) -> Iterator[tuple[uuid.UUID, Key]]:
    """Return the summaries, and their keys, among which those that are asked for are; a statement for each audience."""
    subjects = {Audience.PATIENT: "patient_id", Audience.THERAPIST: "therapist_id", Audience.CLINIC: "clinic_id"}
    for audience, subject in subjects.items():
        wanted = [key for key in keys if key[0] == audience]
        found: QuerySet[Summary] = Summary.objects.filter(
            audience=audience,
            starts_on__in={first for *_, first in wanted},
            **{f"{subject}__in": {subject_id for _, subject_id, *_ in wanted}},
        )
        for row in found.only("id", "clinic_id", "period", "starts_on", subject) if wanted else ():
            clinic_id = row.clinic_id if audience == Audience.THERAPIST else None
            yield row.pk, (audience, getattr(row, subject), clinic_id, row.period, row.starts_on)


def _sum_up_weeks(days: Collection[Day], *, now: datetime) -> None:
    """Keep the totals of weeks, late or not: of everybody's last days together, and of everybody's older ones."""
    recent_from = now.date() - RECENT
    for together in ([day for day in days if day[1] >= recent_from], [day for day in days if day[1] < recent_from]):
        if together:
            dates = [on for _patient_id, on in together]
            patient_ids = {patient_id for patient_id, _on in together}
            week_totals.refresh(patient_ids, first_on=min(dates), last_on=max(dates), now=now)


def _mark(summary_ids: Collection[uuid.UUID], *, now: datetime) -> None:
    """Mark summaries as stale, and break the claim of those being computed at this moment: their worker may have read
    the records before this one came, so what it writes must not count.

    The rows are locked first, in the order in which whoever computes them locks them.
    """
    if not summary_ids:
        return
    needed = Summary.objects.only("id", "status", "stale_since", "claim").order_by("id")
    rows = list(needed.select_for_update().filter(pk__in=summary_ids))
    claimed = [row.pk for row in rows if row.claim is not None]
    computed = [row.pk for row in rows if row.status == Summary.Status.COMPUTED]
    pushed = [row.pk for row in rows if row.stale_since is not None and now - row.stale_since <= LONGEST - QUIET]
    if claimed:
        Summary.objects.filter(pk__in=claimed).update(claim=None, claimed_until=None)
    if computed:
        Summary.objects.filter(pk__in=computed).update(
            status=Summary.Status.STALE, stale_since=now, stale_until_quiet=now + QUIET
        )
    if pushed:
        Summary.objects.filter(pk__in=pushed).update(stale_until_quiet=now + QUIET)
