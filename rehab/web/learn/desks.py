"""How whoever asks for a page reads in the library, and what fits beside what they do."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from accounts.roles import CareRole
from content.documents import LANGUAGES
from content.library import Listed
from rehab.models import Patient
from rehab.selectors import library, reading
from rehab.selectors.library import Desk
from rehab.selectors.patients import Seen
from rehab.web.errors import reader
from rehab.web.learn import care, presenters
from rehab.web.learn.presenters import Line
from rehab.web.records.presenters import zone_of

#: Articles beside the form of a record, by its kind and variant.
_PLACES = {
    "strength": ["log_strength"],
    "rom": ["log_rom"],
    "girth": ["log_girth"],
    "check-ins": ["log_check_in", "spasm"],
    "resistance_band": ["log_resistance_band"],
    "aquatic": ["log_aquatic"],
    "fes": ["log_fes"],
}


def desk_of(request: HttpRequest) -> Desk:
    """Return how whoever asks reads, for the patient whom the address or the form names if there is one."""
    patient_id = _id_of(request.POST.get("patient") or request.GET.get("patient"))
    return library.desk_of(reader(request), language=presenters.language(), now=timezone.now(), patient_id=patient_id)


def _id_of(named: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(named or "")
    except ValueError:
        return None


def language_asked(request: HttpRequest) -> str | None:
    """Return the language that the form or the address names, if it is one of ours."""
    asked = request.POST.get("language") or request.GET.get("language")
    return asked if asked in LANGUAGES else None


def about(desk: Desk, named: str | None) -> Patient | None:
    """Return the patient for whom somebody reads: the one named, else their own record, else the first by name."""
    patient_id = _id_of(named)
    found = next((patient for patient in desk.patients if patient.pk == patient_id), None)
    return found or next(iter(desk.patients), None)


def beside(request: HttpRequest, seen: Seen, *places: str) -> list[Line]:
    """Return what to read beside a page about one patient: what fits the first place first."""
    found = library.beside(
        seen, viewer=reader(request), language=presenters.language(), now=timezone.now(), places=places
    )
    return presenters.lines(found, patient=library.named_for(seen, viewer=reader(request)))


def beside_form(request: HttpRequest, seen: Seen, kind: str, variant: str) -> list[Line]:
    """Return what to read beside the form of a record; nothing where no article was written for it."""
    places = _PLACES.get(variant) or _PLACES.get(kind)
    return beside(request, seen, *places) if places else []


def home_context(request: HttpRequest, seen: Seen, *, session_types: Iterable[str] = ()) -> dict[str, Any]:
    """Return what a patient's home shows of the library: given to read, answered lately, fitting their conditions."""
    user, now = reader(request), timezone.now()
    every = library.readable(seen, viewer=user, language=presenters.language(), now=now)
    shelf = reading.shelf(seen.patient.pk, viewer=user)
    answered = reading.newly_answered(seen, viewer=user, now=now)
    patient = library.named_for(seen, viewer=user)
    links = presenters.links(every, patient=patient)
    named = {row.article_id for row in shelf.unread} | {row.article_id for row in answered}
    if elsewhere := named - set(links):
        links |= links_for(seen, elsewhere, request)
    zone = zone_of(seen.patient)
    found = library.recommended(seen, every, known=shelf.known, session_types=list(session_types))
    return {
        # What has been gated for the patient since it was given is not shown any more.
        "to_read": [care.given(row, [], links, zone=zone) for row in shelf.unread if row.article_id in links],
        "answered": [care.question(row, links, zone=zone) for row in answered],
        "recommended": presenters.lines(found, patient=patient),
    }


def links_for(seen: Seen, slugs: Collection[str], request: HttpRequest) -> dict[str, tuple[str, str]]:
    """Return address and title by slug: for a therapist of all, for patient and caregivers of what they may read."""
    if seen.role == CareRole.THERAPIST:
        return all_links(slugs)
    patient = library.named_for(seen, viewer=reader(request))
    return presenters.links(_released(seen, slugs, request).values(), patient=patient)


def all_links(slugs: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return address and title by slug for a therapist, who reads everything."""
    titles = library.titles(slugs, language=presenters.language())
    return {slug: (presenters.address(slug), title) for slug, title in titles.items()}


def hidden(seen: Seen, slugs: Collection[str], request: HttpRequest) -> set[str]:
    """Return those of some articles that the patient may not read now."""
    return set(slugs) - set(_released(seen, slugs, request))


def _released(seen: Seen, slugs: Collection[str], request: HttpRequest) -> dict[str, Listed]:
    user, now = reader(request), timezone.now()
    return library.released(slugs, seen, viewer=user, language=presenters.language(), now=now)
