"""Forms about patients, care teams and clinics. They hold what was typed; the domain decides whether it can be."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import Clinic, User
from accounts.roles import ClinicRole, Permission
from rehab.models import Patient
from rehab.reference.conditions import CONDITIONS
from rehab.reference.red_flags import BASELINE_DEFICITS
from rehab.selectors.caseload import Wanted
from rehab.web.auth.fields import EmailField, ZoneField, language_field


class CaseloadForm(forms.Form):
    """How the caseload is narrowed and sorted. An address that somebody mangled narrows nothing."""

    q = forms.CharField(
        label=_("Search by name"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    level = forms.ChoiceField(
        label=_("Open alerts"),
        required=False,
        choices=[
            ("", _("Any, or none")),
            ("review", _("Any level")),
            ("same_day", _("Same day or emergency")),
            ("emergency", _("Emergency")),
        ],
    )
    declined = forms.ChoiceField(
        label=_("Measurements"),
        required=False,
        choices=[("", _("All")), ("true", _("With a confirmed decline")), ("false", _("Without a confirmed decline"))],
    )
    inactive = forms.ChoiceField(
        label=_("Nothing done"),
        required=False,
        choices=[("", _("Does not matter")), ("3", _("for 3 days")), ("7", _("for 7 days")), ("14", _("for 14 days"))],
    )
    sort = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[
            ("attention", _("Needs a look first")),
            ("declined", _("Most declines first")),
            ("adherence", _("Least of the programme done first")),
            ("inactive", _("Longest inactive first")),
            ("contact", _("Longest without contact first")),
            ("name", _("Name")),
        ],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=10_000, widget=forms.HiddenInput)

    def wanted(self) -> tuple[Wanted, int]:
        """Return what is wanted, and which page of it."""
        self.is_valid()
        given = self.cleaned_data
        declined, inactive = given.get("declined"), given.get("inactive")
        wanted = Wanted(
            search=self.data.get("q", "").replace("\0", "").strip()[:120],
            level=given.get("level") or None,
            declined={"true": True, "false": False}.get(declined or ""),
            inactive_days=int(inactive) if inactive else None,
            sort=given.get("sort") or "attention",
        )
        return wanted, given.get("page") or 1


def _condition_choices() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(code, condition.name(language)) for code, condition in CONDITIONS.items()]


#: Stands in the form for "asked, and there is none of these".
_NOTHING = "none"


def _deficit_choices() -> list[tuple[str, str]]:
    language = get_language() or "en"
    listed = [(code, phrase.text(language)) for code, phrase in BASELINE_DEFICITS.items()]
    return [*listed, (_NOTHING, gettext("None of these"))]


#: The fields of a patient whose stored codes have words of their own.
_CHOSEN = frozenset(
    {"sex", "dominant_hand", "conditions", "involved_side", "baseline_deficits", "injury_at_or_above_t6"}
)


class PatientFields(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN)
    dominant_hand = forms.ChoiceField(
        label=_("Dominant hand"), choices=Patient.Hand.choices, initial=Patient.Hand.UNKNOWN
    )
    conditions = forms.MultipleChoiceField(
        label=_("Conditions"), required=False, choices=_condition_choices, widget=forms.CheckboxSelectMultiple
    )
    involved_side = forms.TypedChoiceField(
        label=_("Involved side"),
        required=False,
        empty_value=None,
        choices=[("", _("Not stated")), *Patient.Involved.choices],
        help_text=_("The side that the condition is on. Comparisons of the sides need it."),
    )
    baseline_deficits = forms.MultipleChoiceField(
        label=_("What the patient has already"),
        required=False,
        help_text=_(
            "Ask at enrolment. Only what is new or worse than this raises a red flag. Nothing ticked: not asked."
        ),
        choices=_deficit_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    injury_at_or_above_t6 = forms.TypedChoiceField(
        label=_("Spinal cord injury at or above T6"),
        required=False,
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
    )
    time_zone = ZoneField(help_text=_("Where the patient lives: it decides which day a record belongs to."))

    def clean_baseline_deficits(self) -> list[str] | None:
        """Return what was ticked: an empty list if it was asked and there is nothing, None if it was not asked."""
        ticked = self.cleaned_data["baseline_deficits"]
        if _NOTHING in ticked and len(ticked) > 1:
            raise forms.ValidationError(_("Tick either what there is, or that there is none of these."))
        return [code for code in ticked if code != _NOTHING] if ticked else None

    def document(self) -> dict[str, Any]:
        """Return what was typed in the shape that the API takes."""
        typed = self.cleaned_data
        born = typed["birth_date"]
        fields = (
            "name",
            "sex",
            "dominant_hand",
            "conditions",
            "involved_side",
            "baseline_deficits",
            "injury_at_or_above_t6",
            "time_zone",
        )
        return {**{name: typed[name] for name in fields}, "birth_date": born and born.isoformat()}


class EnrolForm(PatientFields):
    """The hidden id is chosen when the page is made, so that sending it twice enrols one patient."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    clinic = forms.ChoiceField(label=_("Clinic"))
    email = EmailField(
        required=False,
        label=_("Patient's e-mail address"),
        help_text=_("If you give one, an invitation to the patient's own record is sent there."),
    )
    field_order = (
        "name", "birth_date", "sex", "dominant_hand", "conditions", "involved_side", "baseline_deficits",
        "injury_at_or_above_t6", "clinic", "time_zone", "email",
    )  # fmt: skip

    def __init__(self, *args: Any, clinics: Sequence[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id
        zone, clinic = self.fields["time_zone"], self.fields["clinic"]
        if isinstance(zone, ZoneField):
            zone.offer(clinics[0].time_zone)
        if len(clinics) == 1:
            del self.fields["clinic"]
        elif isinstance(clinic, forms.ChoiceField):
            clinic.choices = [(str(row.pk), row.name) for row in clinics]

    def document(self) -> dict[str, Any]:
        clinic = {"clinic": self.cleaned_data["clinic"]} if "clinic" in self.fields else {}
        return {**super().document(), **clinic, "id": str(self.cleaned_data["id"])}


class EditPatientForm(PatientFields):
    discharged_on = forms.DateField(
        label=_("Last day of care"),
        required=False,
        help_text=_(
            "Leave it empty while care goes on. After this day there are no more summaries; nothing is hidden."
        ),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, patient: Patient, **kwargs: Any) -> None:
        known, injury = patient.baseline_deficits, patient.injury_at_or_above_t6
        kwargs["initial"] = {name: getattr(patient, name) for name in self.base_fields} | {
            "baseline_deficits": [_NOTHING] if known == [] else known or [],
            "injury_at_or_above_t6": "" if injury is None else "yes" if injury else "no",
        }
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        if isinstance(zone, ZoneField):
            zone.offer(patient.time_zone)

    def document(self) -> dict[str, Any]:
        discharged = self.cleaned_data["discharged_on"]
        return {**super().document(), "discharged_on": discharged and discharged.isoformat()}

    def changes(self) -> dict[str, Any]:
        """Return only what differs from what the page showed, so that the trail names what was changed."""
        document = self.document()
        return {name: document[name] for name in self.changed_data if name in document}

    def stored_where_it_differs(self) -> list[tuple[str, str]]:
        """Return the label and the stored value of every field in which something else was typed."""
        return [
            (str(field.label), self._in_words(name, self.initial[name]))
            for name, field in self.fields.items()
            if name in self.changed_data and not field.widget.is_hidden
        ]

    def _in_words(self, name: str, value: Any) -> str:
        codes = [str(code) for code in (value if isinstance(value, list) else [value]) if code]
        words = (
            {str(choice.data["value"]): str(choice.choice_label) for choice in self[name]} if name in _CHOSEN else {}
        )
        return ", ".join(words.get(code, code) for code in codes) or "–"


class ClinicForm(forms.Form):
    clinic_name = forms.CharField(label=_("Clinic's name"), max_length=120)
    time_zone = ZoneField(help_text=_("New patients start with it; those enrolled already keep theirs."))
    emergency_number = forms.CharField(
        label=_("Local emergency number"),
        max_length=20,
        help_text=_("Shown to your patients at the foot of every page, for example 112, 911 or 120."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    crisis_line = forms.CharField(
        label=_("Crisis line"),
        required=False,
        max_length=120,
        help_text=_("Whom people in a mental crisis can talk to at once: name and number, as patients are to read it."),
    )

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "clinic_name": clinic.name,
            "time_zone": clinic.time_zone,
            "emergency_number": clinic.emergency_number,
            "crisis_line": clinic.crisis_line or "",
        }
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        if isinstance(zone, ZoneField):
            zone.offer(clinic.time_zone)


class InviteForm(forms.Form):
    email = EmailField()
    language = language_field(_("Language of the e-mail"), initial=get_language)


class InviteStaffForm(InviteForm):
    role = forms.ChoiceField(
        label=_("Role"), choices=ClinicRole.choices, initial=ClinicRole.THERAPIST, widget=forms.RadioSelect
    )
    field_order = ("email", "role", "language")


class InviteCaregiverForm(InviteForm):
    permissions = forms.MultipleChoiceField(
        label=_("What else may they do?"),
        required=False,
        help_text=_("They can always see your records. You can end their access at any time."),
        choices=[
            (Permission.LOG_RECORDS.value, _("Add records for me")),
            (Permission.AMEND_RECORDS.value, _("Correct records for me")),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("email", "permissions", "language")


class AddTherapistForm(forms.Form):
    therapist = forms.TypedChoiceField(label=_("Therapist"), coerce=uuid.UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["therapist"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(user.pk), f"{user.name} ({user.email})") for user in candidates]
