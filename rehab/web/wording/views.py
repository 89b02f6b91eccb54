"""Every emergency text and rule in both languages, with who signed it off for the clinic."""

import uuid
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from rehab.analytics import emergency_wording
from rehab.analytics.emergency_wording import Part
from rehab.errors import Invalid, NotPermitted
from rehab.models import WordingSignOff
from rehab.reference.red_flags import FLAGS
from rehab.selectors import sign_offs as selectors
from rehab.services import sign_offs
from rehab.web.alerts.presenters import TONES, level_name
from rehab.web.auth.answers import form_page, sent, show_problems
from rehab.web.dashboard.clinic import page_of
from rehab.web.errors import form_view, reader
from rehab.web.records import words


class SignForm(forms.Form):
    version = forms.CharField(max_length=64, widget=forms.HiddenInput)
    is_read = forms.BooleanField(
        label=gettext_lazy("I have read these texts and rules in both languages, and sign them off for this clinic."),
        error_messages={"required": gettext_lazy("Read the texts and rules, then tick the box.")},
    )


@dataclass(frozen=True)
class Row:
    level: str  # in words; empty for none
    tone: str
    en: str
    zh: str


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Signature:
    version: str
    name: str
    at: str


@form_view
def wording(request: HttpRequest, clinic_id: uuid.UUID) -> HttpResponse:
    user, version = reader(request), emergency_wording.version()
    found = selectors.of_clinic(viewer=user, clinic_id=clinic_id, version=version)
    if request.method == "POST" and not found.may_sign:
        raise NotPermitted
    form = SignForm(sent(request), initial={"version": version})
    if form.is_valid():
        try:
            sign_offs.sign(clinic_id=clinic_id, version=form.cleaned_data["version"], by=user, now=timezone.now())
        except Invalid as error:
            typed = request.POST.copy()
            typed["version"] = version
            show_problems(form, error.problems)
            form.data = typed
        else:
            messages.success(request, _("The texts and rules are signed off."))
            return redirect("clinic-wording", clinic_id)
    zone = ZoneInfo(found.clinic.time_zone)
    context: dict[str, Any] = {
        "found": found,
        "version": version,
        "current": _signature(found.current, zone) if found.current else None,
        "earlier": [_signature(row, zone) for row in found.earlier],
        "texts": _sections(emergency_wording.wording()),
        "rules": _sections(emergency_wording.rules()),
        "back": page_of(clinic_id) if found.administers else reverse("alerts"),
    }
    return form_page(request, form, "wording/wording.html", **context)


def _signature(row: WordingSignOff, zone: ZoneInfo) -> Signature:
    return Signature(row.version, row.signed_name, words.moment(row.signed_at, zone))


def _sections(parts: tuple[Part, ...]) -> list[Section]:
    return [
        Section(
            part.code,
            _title(part.code),
            [
                Row(level_name(row.level) if row.level else "", TONES.get(row.level, ""), row.en, row.zh)
                for row in part.rows
            ],
        )
        for part in parts
    ]


def _title(code: str) -> str:
    if code in FLAGS:
        return FLAGS[code].name(get_language() or "en")
    return {
        "messages": _("What is shown by level, and around it"),
        "first_aid": _("Signs of autonomic dysreflexia: what to do, step by step"),
        "crisis": _("After item 9, and before a questionnaire that asks it"),
        "questions": _("The questions, and the answers beneath them"),
        "EVERY": _("For every red flag"),
    }[code]
