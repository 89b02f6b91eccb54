"""Forms of goals. They hold what was typed; the domain decides whether it can be."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from rehab.errors import Problem
from rehab.models import Goal
from rehab.services.goals import FROZEN
from rehab.services.inputs.goals import LEVEL_NAMES
from rehab.web.goals import presenters

WEEKS = 12
REVIEWS = 3


def _day(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d"], **options)


def _level(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **options)


def _weight(label: Any, help_text: Any) -> forms.TypedChoiceField:
    choices = [(1, _("1 – usual")), (2, _("2 – higher")), (3, _("3 – highest"))]
    return forms.TypedChoiceField(label=label, help_text=help_text, coerce=int, choices=choices, initial=1)


def at_fields(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems whose pointers name the fields of the form: each level and each day has one of its own."""
    found = []
    for problem in problems:
        pointer = re.sub(r"^(/changes)?/levels/", "/", problem.pointer)
        pointer = re.sub(r"^(/changes)?/review_dates/(\d+)", lambda m: f"/review_{int(m[2]) + 1}", pointer)
        found.append(replace(problem, pointer=pointer))
    return found


class GoalFields(forms.Form):
    title = forms.CharField(
        label=_("Goal"),
        max_length=200,
        help_text=_("In the patient's own words."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    much_more = _level(_("Much more than expected (+2)"))
    more = _level(_("More than expected (+1)"))
    expected = _level(_("As expected (0)"), help_text=_("What can be reached in the period, and how one would see it."))
    less = _level(_("Less than expected (−1)"))
    much_less = _level(_("Much less than expected (−2)"))
    baseline_level = forms.TypedChoiceField(
        label=_("Level at the start"),
        coerce=int,
        choices=[
            (-1, _("Less than expected (−1): the usual start")),
            (-2, _("Much less than expected (−2): no worse state is possible")),
            (0, _("As expected (0): the goal is to keep what is there")),
        ],
        initial=-1,
        widget=forms.RadioSelect,
    )
    importance = _weight(_("Importance"), _("To the patient, beside their other goals."))
    difficulty = _weight(_("Difficulty"), _("As the team sees it."))
    period_start = _day(_("First day"), help_text=_("From this day on the levels stand still."))
    period_end = _day(_("Last day"))
    review_1 = _day(_("First look at it"), required=False)
    review_2 = _day(_("Second look at it"), required=False)
    review_3 = _day(_("Third look at it"), required=False)

    def document(self) -> dict[str, Any]:
        """Return what was typed in the shape that the API takes; fields that the form does not show are left out."""
        typed = self.cleaned_data
        found: dict[str, Any] = {
            name: typed[name] for name in ("title", "baseline_level", "importance", "difficulty") if name in typed
        }
        found |= {name: typed[name].isoformat() for name in ("period_start", "period_end") if name in typed}
        found["review_dates"] = self.review_dates()
        if "expected" in typed:
            found["levels"] = {name: typed[name] for name in LEVEL_NAMES}
        return found

    def review_dates(self) -> list[str]:
        days = (self.cleaned_data.get(f"review_{number}") for number in range(1, REVIEWS + 1))
        return [day.isoformat() for day in days if day]


class NewGoalForm(GoalFields):
    """The hidden id is chosen when the page is made, so that sending it twice writes one goal."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id
        self.fields["period_start"].initial = today
        self.fields["period_end"].initial = today + timedelta(weeks=WEEKS)
        self.fields["review_1"].initial = today + timedelta(weeks=WEEKS // 2)

    def document(self) -> dict[str, Any]:
        return {**super().document(), "id": str(self.cleaned_data["id"])}


class EditGoalForm(GoalFields):
    """Once the period began, only what does not move the goalposts is asked for."""

    reason = forms.CharField(
        label=_("Why is it changed?"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, goal: Goal, has_begun: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {
            **{name: getattr(goal, name, None) for name in self.base_fields if name != "reason"},
            **goal.levels,
            **{f"review_{number}": day for number, day in enumerate(goal.review_dates[:REVIEWS], start=1)},
        }
        super().__init__(*args, **kwargs)
        self._more_reviews = goal.review_dates[REVIEWS:]
        if has_begun:
            for name in {*FROZEN, *LEVEL_NAMES} & self.fields.keys():
                del self.fields[name]

    def changes(self) -> dict[str, Any]:
        """Return what differs from what the page showed."""
        document = self.document()
        changed = set(self.changed_data)
        if changed & set(LEVEL_NAMES):
            changed.add("levels")
        if any(name.startswith("review_") for name in changed):
            changed.add("review_dates")
            document["review_dates"] = sorted({*document["review_dates"], *self._more_reviews})
        return {name: value for name, value in document.items() if name in changed}


class ReviewForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(label=_("Level reached"), coerce=int, widget=forms.RadioSelect)
    rated_on = _day(_("Rated on"))
    note = forms.CharField(label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500)

    def __init__(self, *args: Any, goal: Goal, today: date, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id
        self.fields["rated_on"].initial = today
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField):
            level.choices = [
                (number, format_lazy("{} – {}", presenters.name_of(number), presenters.text_of(goal, number)))
                for number in (2, 1, 0, -1, -2)
            ]
        if not corrects:
            del self.fields["reason"]

    def document(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "id": str(typed["id"]),
            "level": typed["level"],
            "rated_on": typed["rated_on"].isoformat(),
            "note": typed["note"],
            "reason": typed.get("reason", ""),
        }


class CloseForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    status = forms.ChoiceField(
        label=_("What happens to it?"),
        choices=[
            ("stopped", _("It is not pursued any more. Its ratings go on counting.")),
            ("entered_in_error", _("It was entered in error. It counts for nothing.")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Why?"), max_length=500, widget=forms.TextInput(attrs={"autocomplete": "off"}))
