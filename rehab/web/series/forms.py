"""The form that sets a baseline. It holds what was typed; the domain decides whether it can be."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from rehab.models import SeriesBaseline


class BaselineForm(forms.Form):
    """``value`` is typed in the reader's unit, or chosen if grades are measured; ``rank_names`` name them in order."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("Reason"), choices=SeriesBaseline.Reason.choices, widget=forms.RadioSelect)
    starts_on = forms.DateField(
        label=_("From this day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Readings before it are kept, but not compared any more."),
    )
    value = forms.FloatField(
        label=_("Baseline value"),
        required=False,
        help_text=_("Left empty, the first readings from that day on are the baseline."),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, rank_names: list[tuple[int, str]], unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id
        self.unit = unit
        if rank_names:
            choices = [("", _("First readings from that day on")), *((str(rank), name) for rank, name in rank_names)]
            self.fields["value"] = forms.TypedChoiceField(
                label=_("Baseline value"), choices=choices, coerce=float, empty_value=None, required=False
            )


class EndBaselineForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
