"""What every page needs around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from rehab.selectors import alerts, people


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, the navigation and the emergency number; looked up only if a template asks.

    Not named ``site``: allauth's entrance pages put an object of their own there.
    """
    return {"rehab_site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": _("Rehab log"),
        "nav": [],
        "emergency_number": "",
        "registration_open": settings.CLINIC_REGISTRATION_OPEN,
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return found
    places = people.places_of(user)
    links = []
    if places.is_patient or places.is_caregiver:
        links.append((reverse("portal"), _("My record") if places.is_patient else _("Home")))
    if places.is_therapist:
        links.append((reverse("caseload"), _("Patients")))
        links.append((reverse("alerts"), alerts_label(alerts.unfinished_count(user))))
    links.append((reverse("learn"), _("Learn")))
    if places.administers:
        links.append((reverse("clinic"), _("Clinic")))
    # Of two that fit, the longer address: alerts stand beneath the dashboard.
    here = max((url for url, _label in links if request.path_info.startswith(url)), key=len, default="")
    found["nav"] = [{"url": url, "label": label, "current": url == here} for url, label in links]
    found["emergency_number"] = places.emergency_number
    return found


def alerts_label(count: int) -> str:
    """Return the link to the alerts, with how many are not closed.

    >>> alerts_label(0), alerts_label(3)
    ('Alerts', 'Alerts (3)')
    """
    return _("Alerts (%(n)d)") % {"n": count} if count else _("Alerts")
