"""Records in words: a line of the timeline, a page, a list of versions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from rehab.models import Assessment, Patient, Record
from rehab.selectors.patients import Seen
from rehab.services.kinds import KINDS, Kind
from rehab.web.records import assessments, derived, words
from rehab.web.records.choices import words_for
from rehab.web.records.fields import motion_name, muscle_name, site_name
from rehab.web.records.shapes import shape_of
from rehab.web.records.words import Fact

#: What a line of the timeline needs, the same for every kind.
COLUMNS = [
    "id", "performed_at", "performed_on", "status", "version", "change_reason", "note", "details", "derived",
    "recorded_by_name", "source",
]  # fmt: skip

ICONS = {
    "strength": "strength", "rom": "rom", "girth": "girth", "sessions": "session", "resistance_band": "band",
    "weights": "weights", "aquatic": "water", "fes": "fes", "weight_bearing": "walk", "rom_stretch": "rom",
    "balance_gait": "walk", "aerobic": "timeline", "breathing": "breath", "other": "session", "check-ins": "check",
    "mas": "rom", "isncsci_motor": "strength", "mrc_sum": "strength", "function_scale": "walk", "respiratory": "breath",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One record of a timeline."""

    url: str
    icon: str
    title: str
    value: str
    time: str
    performed_at: datetime
    author: str
    note: str
    is_amended: bool
    is_in_error: bool
    reason: str


@dataclass(frozen=True)
class Day:
    on: date
    name: str
    lines: list[Line]


def zone_of(patient: Patient) -> ZoneInfo:
    return ZoneInfo(patient.time_zone)


def variant_of(kind: Kind, details: Mapping[str, Any]) -> str:
    """Return which of a kind's documents this is."""
    return str(details[kind.discriminator]) if kind.discriminator else kind.name


def variant_label(kind: Kind, variant: str) -> str:
    return words_for(kind.discriminator, variant) if kind.discriminator else str(kind.label)


def variant_icon(kind: Kind, variant: str) -> str:
    return ICONS.get(variant) or ICONS.get(kind.name, "session")


def title_of(kind: Kind, details: Mapping[str, Any]) -> str:
    """Return what was measured or done, where and how."""
    how = variant_label(kind, variant_of(kind, details))
    if kind.name == "strength":
        what = muscle_name(details["muscle"])
    elif kind.name == "rom":
        what, how = motion_name(details["motion"]), words_for("rom_type", details["rom_type"])
    elif kind.name == "girth":
        what = site_name(details["site"])
    elif details.get("assessment") == "mas":
        what = muscle_name(details["muscle"])
    elif details.get("assessment") == "function_scale":
        return words_for("scale", details["scale"])
    else:
        return how
    place = [what]
    if details.get("digit"):
        place.append(words_for("digit", details["digit"]))
    if details["side"] != "none":
        place.append(_side(details["side"]))
    return _("%(place)s – %(how)s") % {"place": _(", ").join(place), "how": how}


def _side(side: str) -> str:
    return {"left": _("left"), "right": _("right"), "both": _("both sides")}.get(side, side)


def value_of(kind: Kind, details: Mapping[str, Any], computed: Mapping[str, Any], user: User) -> str:
    """Return a record's main value, in the reader's units."""
    if kind.name == "check-ins":
        return _check_in(details, computed)
    if kind.name == "sessions":
        return " · ".join(filter(None, [_session(details), *_warning_signs(computed)]))
    if kind.name == "assessments":
        return assessments.short_value(details, computed)
    if kind.name == "girth":
        return _with_typed(kind, details, "readings", words.canonical_in("length", computed["girth_cm"], user), user)
    if details["status"] != "measured":
        status, why = words_for("status", details["status"]), details.get("not_testable_reason")
        return f"{status}: {words_for('not_testable_reason', why)}" if why else status
    if kind.name == "rom":
        return f"{words.plain(details['value_deg'])}°"
    if details.get("grade") is not None:
        return _("grade %(grade)s (%(scale)s)") % {"grade": details["grade"], "scale": details["scale"]}
    if "one_rm_epley_kg" in computed:
        load = _fact(kind, details, "load", user)
        return _("%(load)s × %(n)s, one-repetition maximum about %(max)s") % {
            "load": load,
            "n": details["repetitions"],
            "max": words.canonical_in("mass", computed["one_rm_epley_kg"], user),
        }
    if computed.get("force_newtons") is None:
        return ""
    return _with_typed(kind, details, "trials", words.canonical_in("force", computed["force_newtons"], user), user)


def _check_in(details: Mapping[str, Any], computed: Mapping[str, Any]) -> str:
    parts = []
    if details["pain"]:
        parts.append(_("pain %(n)s/10") % {"n": max(entry["nrs"] for entry in details["pain"])})
    if details.get("fatigue") is not None:
        parts.append(_("fatigue %(n)s/10") % {"n": details["fatigue"]})
    if details.get("mood") is not None:
        parts.append(_("mood %(n)s/10") % {"n": details["mood"]})
    return " · ".join([*parts, *_warning_signs(computed)])


def _warning_signs(computed: Mapping[str, Any]) -> list[str]:
    return [_("warning signs reported")] if computed.get("red_flags") else []


def _session(details: Mapping[str, Any]) -> str:
    parts = []
    if details["status"] != "completed":
        why = details.get("reason")
        status = words_for("status", details["status"])
        parts.append(f"{status}: {words_for('reason', why)}" if why else status)
    if details.get("duration_min") is not None:
        parts.append(_("%(n)s min") % {"n": words.plain(details["duration_min"])})
    if details.get("session_rpe") is not None:
        parts.append(_("effort %(n)s/10") % {"n": details["session_rpe"]})
    if details.get("pain_after") is not None:
        parts.append(_("pain after %(n)s/10") % {"n": details["pain_after"]})
    return " · ".join(parts)


def _with_typed(kind: Kind, details: Mapping[str, Any], name: str, text: str, user: User) -> str:
    values = details[name]
    wanted = user.force_unit if name == "trials" else user.length_unit
    if all(value["unit"] == wanted for value in values):
        return text
    typed = ", ".join(words.in_unit(value["value"], value["unit"]) for value in values)
    return _("%(value)s (typed: %(typed)s)") % {"value": text, "typed": typed}


def _fact(kind: Kind, details: Mapping[str, Any], name: str, user: User) -> str:
    shape = shape_of(kind.variants[variant_of(kind, details)], name)
    return words.in_words(shape, details[name], user) if shape and details.get(name) is not None else ""


def line(row: Mapping[str, Any], *, user: User, zone: ZoneInfo) -> Line:
    kind = KINDS[row["kind"]]
    details = row["details"]
    return Line(
        url=reverse("record", args=[kind.name, row["id"]]),
        icon=variant_icon(kind, variant_of(kind, details)),
        title=title_of(kind, details),
        value=value_of(kind, details, row["derived"], user),
        time=words.clock(row["performed_at"], zone),
        performed_at=row["performed_at"],
        author=row["recorded_by_name"],
        note=row["note"],
        is_amended=row["status"] == Record.Status.AMENDED,
        is_in_error=row["status"] == Record.Status.ENTERED_IN_ERROR,
        reason=row["change_reason"],
    )


def days(rows: Iterable[Mapping[str, Any]], *, user: User, patient: Patient) -> list[Day]:
    """Return the rows of a timeline by day in the patient's own time zone."""
    zone = zone_of(patient)
    return [
        Day(on, words.day(on), [line(row, user=user, zone=zone) for row in group])
        for on, group in groupby(rows, key=lambda row: row["performed_on"])
    ]


@dataclass(frozen=True)
class LogLink:
    url: str
    icon: str
    label: str


def log_links(seen: Seen) -> list[tuple[str, list[LogLink]]]:
    """Return a link to every form that the viewer may fill in: what is done daily first, then what is measured."""
    patient_id = seen.patient.pk
    today: list[LogLink] = []
    exercise: list[LogLink] = []
    measurements: list[LogLink] = []
    clinical: list[LogLink] = []
    for kind in KINDS.values():
        if not seen.may(kind.permission):
            continue
        group = clinical if kind.permission == Permission.ASSESS else measurements
        group = {"sessions": exercise, "check-ins": today}.get(kind.name, group)
        group += [
            LogLink(
                reverse("log-record", args=[patient_id, kind.name, variant]),
                variant_icon(kind, variant),
                variant_label(kind, variant),
            )
            for variant in kind.variants
        ]
    groups = [
        (_("How are you today?"), today),
        (_("Exercise and treatment"), exercise),
        (_("Measurements"), measurements),
        (_("Assessments by a clinician"), clinical),
    ]
    return [(label, links) for label, links in groups if links]


def unusual_labels(kind: Kind, variant: str, unusual: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the names of the fields whose values were unusual."""
    found: list[str] = []
    for entry in unusual:
        parts = [part for part in entry["pointer"].split("/") if part and not part.isdigit() and part != "value"]
        shape = None
        model: Any = kind.variants[variant]
        for part in parts:
            shape = shape_of(model, part) if hasattr(model, "model_fields") else None
            model = shape.core if shape else None
        label = str(shape.ui.label) if shape and shape.ui.label else _("Date and time")
        if label not in found:
            found.append(label)
    return found


def derived_facts(record: Record, user: User) -> list[Fact]:
    if isinstance(record, Assessment):
        return assessments.facts(record.details, record.derived)
    return derived.facts(record.derived, user)
