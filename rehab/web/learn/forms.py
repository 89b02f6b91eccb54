"""Forms of the library. They hold what was typed; the domain decides whether it can be."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from rehab.services.inputs.library import LONGEST_ANSWER, LONGEST_NOTE, LONGEST_QUESTION

#: When a clinic usually looks at a text again.
REVIEW_AFTER = timedelta(days=365)


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Search the library"), required=False, max_length=200)


class CheckForm(forms.Form):
    """The three questions of an article."""

    prefix = "check"
    use_required_attribute = False

    def __init__(self, *args: Any, check: Sequence[Mapping[str, Any]], lang: str, **kwargs: Any) -> None:
        """``lang``: the tag of the language of the article, for reading aloud; messages are in that of the page."""
        super().__init__(*args, **kwargs)

        def marked(words: str) -> SafeString:
            return format_html('<span lang="{}">{}</span>', lang, words)

        for i, question in enumerate(check):
            self.fields[f"answers_{i}"] = forms.TypedChoiceField(
                label=marked(question["ask"]),
                coerce=int,
                choices=[(number, marked(option)) for number, option in enumerate(question["options"])],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose one of the answers.")},
            )

    def answers(self) -> list[int]:
        return [self.cleaned_data[name] for name in self.fields]


class AskForm(forms.Form):
    """The hidden id is chosen when the page is made, so that sending it twice asks once."""

    prefix = "ask"
    use_required_attribute = False

    id = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id


class GiveForm(forms.Form):
    """Which article, or to which patient: ``choices`` are those that fit each other."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    chosen = forms.ChoiceField()
    note = forms.CharField(
        label=_("Note to the patient"),
        help_text=_("For example: what to look at, and why. The patient and their caregivers see it."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, label: Any, choices: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = new_id
        field = self.fields["chosen"]
        field.label = label
        if isinstance(field, forms.ChoiceField):
            field.choices = choices


class AnswerForm(forms.Form):
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Your answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 6}))


class ReviewForm(forms.Form):
    """A step of the review; the hidden version tells which text was read."""

    text_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("State"),
        widget=forms.RadioSelect,
    )
    due_on = forms.DateField(
        label=_("Next review"),
        help_text=_("Of an approval: when you look at it again."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        input_formats=["%Y-%m-%d"],
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, today: date, requires_approval: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = today + REVIEW_AFTER
        state = self.fields["state"]
        if isinstance(state, forms.ChoiceField):
            hidden = _("In review: patients do not see it yet")
            shown = _("In review: patients read it as not yet reviewed")
            state.choices = [
                ("approved", _("Approved: patients read it as reviewed by your clinic")),
                ("in_review", hidden if requires_approval else shown),
                ("draft", _("Draft: patients do not see it")),
            ]

    def document(self, *, slug: str, language: str) -> dict[str, Any]:
        """Return the step as a document. The day stands in the form beforehand, so only an approval takes it."""
        typed = self.cleaned_data
        due_on = typed["due_on"].isoformat() if typed["due_on"] and typed["state"] == "approved" else None
        return {
            "article": slug,
            "language": language,
            "text_version": typed["text_version"],
            "state": typed["state"],
            "due_on": due_on,
            "note": typed["note"],
        }


class ApprovalForm(forms.Form):
    required = forms.BooleanField(
        label=_("Patients see only what this clinic has approved"),
        help_text=_("Otherwise they see everything that is no draft, marked as not yet reviewed by your clinic."),
        required=False,
    )


class ShelvesForm(forms.Form):
    """What the list of the review shows."""

    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
