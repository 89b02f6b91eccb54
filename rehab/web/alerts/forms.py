"""Forms about alerts. They hold what was typed; the domain decides whether it can be."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from rehab.models import Alert
from rehab.services.alert_handling import LONGEST_REASON
from rehab.web.alerts import presenters


class FilterForm(forms.Form):
    """What the list shows; what cannot be read shows everything that is not closed."""

    level = forms.ChoiceField(label=_("Level"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    mine = forms.BooleanField(label=_("Only those assigned to me"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level, status = self.fields["level"], self.fields["status"]
        if isinstance(level, forms.ChoiceField) and isinstance(status, forms.ChoiceField):
            level.choices = [("", _("Every level")), *presenters.levels()]
            status.choices = [("", _("Not closed")), *Alert.Status.choices, ("all", _("All"))]


class StepForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = alert.version


class CloseForm(StepForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        help_text=_("What was found and done. It stays with the alert."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssignForm(StepForm):
    therapist = forms.TypedChoiceField(label=_("Therapist"), coerce=uuid.UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["therapist"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(user.pk), user.name) for user in candidates]


class MuteForm(forms.Form):
    """The hidden id is chosen when the page is made, so that sending it twice makes one mute."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    until_on = forms.DateField(
        label=_("Until the end of"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )
    reason = forms.CharField(label=_("Reason"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, first: date, last: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["until_on"].widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}

    def document(self, alert: Alert) -> dict[str, Any]:
        """Return what was typed in the shape that the API takes."""
        typed = self.cleaned_data
        return {
            "id": str(typed["id"]),
            "patient": str(alert.patient_id),
            "rule": alert.rule,
            "reason": typed["reason"],
            "until_on": typed["until_on"].isoformat(),
        }
