"""Forms of coming in and of preferences. They hold what was typed; the domain decides whether it can be."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rehab.services import documents
from rehab.services.summary_preferences import SummaryPreferencesInput
from rehab.web.auth.fields import EmailField, NewPassword, ZoneField, language_field


class ClinicFields(forms.Form):
    clinic_name = forms.CharField(
        label=_("Clinic's name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    time_zone = ZoneField(help_text=_("The clinic's own. New patients start with it."))
    emergency_number = forms.CharField(
        label=_("Local emergency number"),
        max_length=20,
        help_text=_("Shown to your patients at the foot of every page, for example 112, 911 or 120."),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )


class PersonFields(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = NewPassword()


class RegisterClinicForm(ClinicFields, PersonFields):
    email = EmailField(label=_("Your e-mail address"), autocomplete="username")
    field_order = ("name", "email", "password", "clinic_name", "time_zone", "emergency_number")


class JoinForm(PersonFields):
    """An account for the address that was invited; the address itself is shown and cannot be changed."""

    email = EmailField(label=_("E-mail address"), autocomplete="username", disabled=True, required=False)
    field_order = ("email", "name", "password")


class OtherAccountForm(forms.Form):
    """Asked of somebody who is signed in with another address than the one that was invited."""

    confirm = forms.BooleanField(
        error_messages={"required": _("Tick the box if this is the right account, or sign out and use another.")}
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["confirm"].label = label


class PreferencesForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = language_field(_("Language"), widget=forms.RadioSelect)
    force_unit = forms.ChoiceField(
        label=_("Unit of force"),
        choices=[
            ("N", _("newton (N)")),
            ("kgf", _("kilogram-force (kgf)")),
            ("lbf", _("pound-force (lbf)")),
        ],
    )
    length_unit = forms.ChoiceField(
        label=_("Unit of length"), choices=[("cm", _("centimetre (cm)")), ("in", _("inch (in)"))]
    )
    mass_unit = forms.ChoiceField(
        label=_("Unit of mass"), choices=[("kg", _("kilogram (kg)")), ("lb", _("pound (lb)"))]
    )
    time_zone = ZoneField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(user, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        if isinstance(zone, ZoneField):
            zone.offer(user.time_zone)


class SummariesForm(forms.Form):
    """Which summaries are wanted by e-mail; ``choices`` are those that mean something to the person."""

    quiet_from = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "time"}))
    quiet_until = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "time"}))

    prefix = "summaries"

    def __init__(self, sent: Mapping[str, Any] | None, *, choices: Sequence[str], initial: dict[str, Any]) -> None:
        super().__init__(sent, initial=initial)
        for choice in choices:
            self.fields[choice] = forms.BooleanField(required=False)
        for name, field in self.fields.items():
            ui = documents.ui_of(SummaryPreferencesInput, name)
            field.label = str(ui.label) if ui else name
        self.order_fields([*choices, "quiet_from", "quiet_until"])

    def document(self) -> dict[str, Any]:
        """Return what was typed; times left empty stand for the usual ones."""
        return {name: None if value == "" else value for name, value in self.cleaned_data.items()}
