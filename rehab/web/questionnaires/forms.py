"""The form of a questionnaire: official wording, four answers for each item, nothing chosen beforehand."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from rehab.models import ClinicQuestionnaires, Patient
from rehab.reference.questionnaires import SELF_HARM_ITEM, Item, Questionnaire


class AnswerForm(forms.Form):
    """``carried`` are the answers that a shorter form brought along: they are shown, and not asked again.

    An unanswered item is asked for once; whoever wants to leave it open says so, and then it may be missing. Nothing is
    asked for once more if item 9 was answered with 1 or more: that answer must not wait for the others.
    """

    use_required_attribute = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    follows = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, questionnaire: Questionnaire, *, carried: Mapping[str, int], follows: Any, data: QueryDict | None = None
    ) -> None:
        self.questionnaire = questionnaire
        super().__init__(data, initial={"id": str(new_id()), "follows": follows})
        self.asked = [item for item in questionnaire.items if item.loinc not in carried]
        sent: Mapping[str, Any] = data or {}
        may_miss = "leave_open" in sent or sent.get(SELF_HARM_ITEM) in {"1", "2", "3"}
        for item in self.asked:
            self.fields[item.loinc] = _choice(item, required=not may_miss)
        if questionnaire.difficulty is not None:
            self.fields[questionnaire.difficulty.loinc] = _choice(questionnaire.difficulty, required=False)
        self.fields["leave_open"] = forms.BooleanField(
            label=_("Leave the questions that I have not answered open"), required=False
        )

    def items(self) -> list[forms.BoundField]:
        """Return the questions in the order of the form, the one about difficulty last."""
        asked = [*self.asked, *([self.questionnaire.difficulty] if self.questionnaire.difficulty else [])]
        return [self[item.loinc] for item in asked]

    def offers_to_leave_open(self) -> bool:
        return any(item.loinc in self.errors for item in self.asked) or bool(self["leave_open"].value())

    def answers(self) -> dict[str, int]:
        """Return what was chosen, whatever else is wrong with the form."""
        typed = {item.loinc: self.data.get(item.loinc, "") for item in self.asked}
        return {code: int(value) for code, value in typed.items() if value in {"0", "1", "2", "3"}}

    def document(self, patient: Patient, *, now: datetime) -> dict[str, Any]:
        """Return what was typed in the shape that the API takes."""
        difficulty = self.questionnaire.difficulty
        chosen = self.cleaned_data.get(difficulty.loinc, "") if difficulty else ""
        follows = self.cleaned_data["follows"]
        return {
            "id": str(self.cleaned_data["id"]),
            "patient": str(patient.pk),
            "performed_at": now.isoformat(),
            "instrument": self.questionnaire.code,
            "answers": self.answers(),
            "difficulty": int(chosen) if chosen else None,
            "follows": str(follows) if follows else None,
        }

    def add_problems(self, problems: Sequence[Any]) -> None:
        """Show what the domain refused, above the form."""
        for problem in problems:
            self.add_error(None, str(problem.message))

    def renew_id(self) -> None:
        self.data = {**self.data.dict(), "id": str(new_id())} if isinstance(self.data, QueryDict) else self.data


def _choice(item: Item, *, required: bool) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=item.text_en,
        required=required,
        choices=[(str(option.value), option.text_en) for option in item.options],
        # The style sheet shows the crisis message as soon as such an answer is chosen, without a script.
        widget=forms.RadioSelect(attrs={"class": "item-9"} if item.loinc == SELF_HARM_ITEM else {}),
        error_messages={"required": _("Choose one of the answers."), "invalid_choice": _("Choose one of the answers.")},
    )


class ErrorForm(forms.Form):
    use_required_attribute = False

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: somebody else answered. The reason is kept."),
    )


class OfferForm(forms.Form):
    mode = forms.ChoiceField(
        label=_("Which questionnaires may your patients answer?"),
        choices=ClinicQuestionnaires.Mode.choices,
        widget=forms.RadioSelect,
    )


class AddResponderForm(forms.Form):
    user = forms.TypedChoiceField(label=_("Therapist"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, candidates: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(str(user.pk), f"{user.name} ({user.email})") for user in candidates]
