"""Who reads in the library as what, what fits where they are, and what people of a patient did with articles.

Which articles anybody may read is decided in ``content.library`` alone; here a person or a patient becomes its reader.
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Clinic, User
from accounts.roles import CareRole, ClinicRole
from content import catalogue, library
from content.documents import LANGUAGES
from content.errors import NotHere
from content.library import Found, Listed, Reader, Text
from rehab.errors import NotFound
from rehab.models import Patient
from rehab.selectors import access, people
from rehab.selectors.patients import Seen

#: How many articles are offered beside what somebody does.
BESIDE = 2


@dataclass(frozen=True)
class Desk:
    """Somebody in the library: how they read, and whose patient or caregiver they are, their own record first.

    Whoever works for a clinic reads as a clinician, a patient or caregiver by the conditions of all of theirs.
    """

    reader: Reader
    clinic: Clinic | None
    patients: tuple[Patient, ...]
    may_give: bool = False
    """Whether they work as a therapist, and so may give articles to read."""

    @property
    def emergency_number(self) -> str:
        return self.clinic.emergency_number if self.clinic else ""

    def number_in(self, language: str) -> str:
        """Return what an article in a language says to call: who belongs to no clinic yet has no number here."""
        with translation.override(language):
            return self.emergency_number or _("your local emergency number")


def desk_of(user: User, *, language: str, now: datetime, patient_id: uuid.UUID | None = None) -> Desk:
    """Return how a person reads, in two statements; for one of their patients, what that patient's clinic releases."""
    cared_for = tuple(place.patient for place in people.cared_for_by(user))
    work = list(access.memberships(user).select_related("clinic").order_by("joined_at", "id"))
    if work:
        clinic: Clinic | None = work[0].clinic
        treats = any(place.role == ClinicRole.THERAPIST for place in work)
        return Desk(_reader(language, clinic, None, now), clinic, cared_for, may_give=treats)
    clinic = next((one.clinic for one in cared_for if one.pk == patient_id), cared_for[0].clinic if cared_for else None)
    return Desk(_reader(language, clinic, _conditions(cared_for), now), clinic, cared_for)


def desk_about(seen: Seen, *, viewer: User, language: str, now: datetime) -> Desk:
    """Return how a page about one patient is read: what is gated for the patient is not there, for therapists either.

    For a patient or caregiver what is gated for any of theirs is left out too.
    """
    patient = seen.patient
    if seen.role == CareRole.THERAPIST:
        clinic = Clinic.objects.filter(pk=patient.clinic_id).first()
        return Desk(_reader(language, clinic, _conditions((patient,)), now), clinic, (patient,))
    theirs = tuple(place.patient for place in people.cared_for_by(viewer))
    clinic = next((one.clinic for one in theirs if one.pk == patient.pk), None)
    return Desk(_reader(language, clinic, _conditions((patient, *theirs)), now), clinic, (patient,))


def named_for(seen: Seen, *, viewer: User) -> uuid.UUID | None:
    """Return the patient whom the address of an article must name to be read for them: none if they are read for
    anyway. Whoever cares for several reads for the first of them where none is named.
    """
    if seen.role != CareRole.CAREGIVER:
        return None
    first = people.cared_for_by(viewer).values_list("patient_id", flat=True).first()
    return seen.patient.pk if first != seen.patient.pk else None


def _reader(language: str, clinic: Clinic | None, conditions: frozenset[str] | None, now: datetime) -> Reader:
    today = now.astimezone(ZoneInfo(clinic.time_zone)).date() if clinic else now.date()
    return Reader(language=language, clinic_id=clinic.pk if clinic else None, conditions=conditions, today=today)


def _conditions(found: Collection[Patient]) -> frozenset[str]:
    return frozenset(code for patient in found for code in patient.conditions)


def text(slug: str, desk: Desk, *, language: str | None = None) -> Text:
    """Return an article, in another language than the reader's if one is named. ``NotFound`` if there is none."""
    reader = replace(desk.reader, language=language) if language else desk.reader
    try:
        return library.article(slug, reader)
    except NotHere:
        raise NotFound from None


def drawing(slug: str, name: str, desk: Desk) -> bytes:
    """Return a drawing of an article as SVG; ``NotFound`` unless the reader sees it there."""
    # A clinic may have released the other language alone; and the address of a drawing names no patient.
    clinics = dict.fromkeys([desk.reader.clinic_id, *(patient.clinic_id for patient in desk.patients)])
    for clinic_id, language in product(clinics, _languages(desk.reader.language)):
        try:
            return library.drawing(slug, name, replace(desk.reader, clinic_id=clinic_id, language=language))
        except NotHere:
            continue
    raise NotFound


def find(query: str, desk: Desk, *, limit: int) -> list[Found]:
    """Return what a query finds in the reader's language; in another one, if it finds nothing there."""
    for each in _languages(desk.reader.language):
        if found := library.find(query, replace(desk.reader, language=each), limit=limit):
            return found
    return []


def on_topic(topic: str, desk: Desk) -> list[Listed]:
    try:
        return library.on_topic(desk.reader, topic)
    except NotHere:
        raise NotFound from None


def readable(seen: Seen, *, viewer: User, language: str, now: datetime) -> list[Listed]:
    """Return every article that may be shown on a page about one patient."""
    return library.articles(desk_about(seen, viewer=viewer, language=language, now=now).reader)


def released(slugs: Collection[str], seen: Seen, *, viewer: User, language: str, now: datetime) -> dict[str, Listed]:
    """Return those of some articles that may be read on a page about one patient, by slug.

    Each in ``language``, or in another one if a clinic has released that alone.
    """
    reader = desk_about(seen, viewer=viewer, language=language, now=now).reader
    found: dict[str, Listed] = {}
    for each in _languages(language):
        if set(slugs) - set(found):
            every = library.articles(replace(reader, language=each))
            found = {one.slug: one for one in every if one.slug in slugs} | found
    return found


def readable_in_some_language(seen: Seen, *, viewer: User, language: str, now: datetime) -> list[Listed]:
    """Return every article that may be given to a patient: ``readable``, and what is released in another language."""
    reader = desk_about(seen, viewer=viewer, language=language, now=now).reader
    found: dict[str, Listed] = {}
    for each in _languages(language):
        found = {one.slug: one for one in library.articles(replace(reader, language=each))} | found
    return sorted(found.values(), key=lambda one: (one.position, one.slug))


def text_in_some_language(slug: str, desk: Desk) -> Text:
    """Return an article in the reader's language, or in another one if a clinic has released that alone."""
    for each in _languages(desk.reader.language):
        try:
            return text(slug, desk, language=each)
        except NotFound:
            continue
    raise NotFound


def _languages(first: str) -> list[str]:
    return sorted(LANGUAGES, key=lambda one: one != first)


def beside(
    seen: Seen, *, viewer: User, language: str, now: datetime, places: Collection[str], limit: int = BESIDE
) -> list[Listed]:
    """Return what fits a place of the product on a page about one patient, those of the first place first."""
    every = readable(seen, viewer=viewer, language=language, now=now)
    found: list[Listed] = []
    for place in places:
        taken = [one.slug for one in found]
        found += library.fitting(every, place=place, conditions=seen.patient.conditions, but=taken, limit=limit)
    return found[:limit]


def of_summary(seen: Seen, slug: str | None, *, viewer: User, language: str, now: datetime) -> Listed | None:
    """Return the article that goes with a patient's summary, if there is one that may be shown to who reads it."""
    if not slug:
        return None
    try:
        return library.article(slug, desk_about(seen, viewer=viewer, language=language, now=now).reader).listed
    except NotHere:
        return None


def recommended(
    seen: Seen, every: Iterable[Listed], *, known: Collection[str], session_types: Collection[str] = (), limit: int = 3
) -> list[Listed]:
    """Return what to read of ``readable`` by a patient's conditions and sessions; ``known`` slugs are left out."""
    conditions = seen.patient.conditions
    return library.fitting(every, conditions=conditions, session_types=session_types, but=known, limit=limit)


def titles(slugs: Collection[str], *, language: str) -> dict[str, str]:
    """Return the titles of some articles, whoever may read them: for therapists."""
    return catalogue.titles(slugs, language=language)
