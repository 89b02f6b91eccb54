"""How a person likes to read: language, units, time zone."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from rehab.errors import Invalid, Problem
from rehab.services import documents
from rehab.services.inputs.base import Document, PersonName, TimeZone, Ui


class PreferencesInput(Document):
    """Any of them; what is left out stays."""

    name: Annotated[PersonName, Ui(_("Name"))] = ""
    language: Annotated[Literal["en", "zh-hans"], Ui(_("Language"))] = "en"
    force_unit: Annotated[Literal["N", "kgf", "lbf"], Ui(_("Unit of force"))] = "N"
    length_unit: Annotated[Literal["cm", "in"], Ui(_("Unit of length"))] = "cm"
    mass_unit: Annotated[Literal["kg", "lb"], Ui(_("Unit of mass"))] = "kg"
    time_zone: Annotated[TimeZone, Ui(_("Time zone"))] = "UTC"


def change(document: Any, *, by: User, now: datetime) -> User:
    """Change what is given; the rest stays. ``Invalid`` if nothing is given."""
    parsed = documents.read(PreferencesInput, document)
    changes = parsed.model_dump(exclude_unset=True)
    if not changes:
        raise Invalid([Problem("", "nothing_changed", _("Changes: they change nothing."))])
    with transaction.atomic():
        for name, value in changes.items():
            setattr(by, name, value)
        by.save(update_fields=list(changes))
        audit.write(
            audit.event(
                action="user.preferences_changed",
                target_kind="user",
                target_id=by.pk,
                by=by,
                at=now,
                changes={"fields": sorted(changes)},
            )
        )
    return by
