"""A patient in words: who they are, and who looks after them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.roles import CareRole
from rehab.models import CareTeamMember, Patient
from rehab.reference.conditions import CONDITIONS
from rehab.reference.red_flags import BASELINE_DEFICITS
from rehab.selectors.check_ins import NewSite
from rehab.web.records import words
from rehab.web.records.choices import words_for


@dataclass(frozen=True)
class About:
    identity: list[str]
    conditions: list[str]
    known_before: list[str]
    #: The last day of care, if there is one.
    care: str


@dataclass(frozen=True)
class Member:
    name: str
    role: str


def all_kinds() -> str:
    return _("Everything")


def about(patient: Patient, *, today: date) -> About:
    """Return the lines that tell one patient from another."""
    identity = []
    if patient.birth_date is not None:
        years = age(patient.birth_date, today=today)
        born = _("born %(date)s") % {"date": words.day(patient.birth_date)}
        old = ngettext("%(n)s year", "%(n)s years", years) % {"n": years}
        identity.append(f"{born} ({old})")
    if patient.sex != Patient.Sex.UNKNOWN:
        identity.append(str(Patient.Sex(patient.sex).label))
    if patient.dominant_hand != Patient.Hand.UNKNOWN:
        identity.append(_("dominant hand: %(hand)s") % {"hand": Patient.Hand(patient.dominant_hand).label})
    if patient.involved_side:
        identity.append(_("involved side: %(side)s") % {"side": Patient.Involved(patient.involved_side).label})
    language = get_language() or "en"
    return About(
        identity,
        [CONDITIONS[code].name(language) if code in CONDITIONS else code for code in patient.conditions],
        [BASELINE_DEFICITS[code].text(language) for code in patient.baseline_deficits or ()],
        last_day_of_care(patient),
    )


def last_day_of_care(patient: Patient) -> str:
    """Return when care ended or will end; empty while nothing is agreed."""
    if patient.discharged_on is None:
        return ""
    return _("Last day of care: %(date)s") % {"date": words.day(patient.discharged_on)}


@dataclass(frozen=True)
class SiteLine:
    url: str
    text: str
    on: str


def new_sites(found: Iterable[NewSite]) -> list[SiteLine]:
    """Return where symptoms were reported for the first time, in words."""
    return [
        SiteLine(
            reverse("record", args=["check-ins", one.check_in_id]),
            _(", ").join(filter(None, [words_for("symptom", one.symptom), words_for("site", one.site),
                                       words_for("side", one.side) if one.side else ""])),
            words.day(one.on),
        )
        for one in found
    ]  # fmt: skip


def age(birth_date: date, *, today: date) -> int:
    """Return full years.

    >>> age(date(1970, 5, 1), today=date(2026, 4, 30))
    55
    """
    return today.year - birth_date.year - ((today.month, today.day) < (birth_date.month, birth_date.day))


def team(members: Iterable[CareTeamMember]) -> list[Member]:
    """Return the team, the patient first."""
    ordered = sorted(members, key=lambda member: member.role != CareRole.PATIENT)
    return [Member(member.user.name, str(CareRole(member.role).label)) for member in ordered]
