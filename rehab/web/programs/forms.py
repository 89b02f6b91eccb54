"""Forms of programmes. They hold what was typed; the domain decides whether it can be."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from rehab.errors import Problem
from rehab.models import Program, ProgramTemplate
from rehab.reference.checklists import CHECKLISTS
from rehab.services.inputs.programs import ItemInput
from rehab.web.records.building import Builder
from rehab.web.records.fields import OneOf, TextField
from rehab.web.records.forms import without_label
from rehab.web.records.items import Reading, read_all


def day_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Not a date. Write it as 2026-01-31.")},
    )


def note_field(label: Any, *, rows: int = 3, help_text: Any = "") -> forms.CharField:
    return TextField(label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows}))


def as_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


class WithReason(forms.Form):
    """A change with its reason, of the version that the page showed."""

    use_required_attribute = False
    reason = TextField(label=_("Why?"), help_text=_("For example: goes well, or knee swollen. It is kept."))
    version = forms.IntegerField(widget=forms.HiddenInput())


class NewProgramForm(forms.Form):
    """The hidden id is chosen when the page is made, so that sending it twice writes one programme."""

    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)
    title = TextField(label=_("Title"), required=False)
    template = forms.ChoiceField(
        label=_("Start from a template"), required=False, help_text=_("Its items are copied; you can change them then.")
    )
    start_on = day_field(_("First day"), required=True)
    end_on = day_field(_("Last day"))
    note = note_field(_("Note"))

    def __init__(self, *args: Any, templates: Sequence[ProgramTemplate], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start_on"].initial = today
        choice = self.fields["template"]
        if not templates:
            del self.fields["template"]
            self.fields["title"].required = True
        elif isinstance(choice, forms.ChoiceField):
            choice.choices = [("", "–"), *((str(row.pk), row.title) for row in templates)]
            self.fields["title"].help_text = _("Left empty, it is the template's.")

    def document(self, patient_id: Any) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "id": str(typed["id"]),
            "patient": str(patient_id),
            "title": typed["title"] or None,
            "note": typed["note"],
            "start_on": as_text(typed["start_on"]),
            "end_on": as_text(typed["end_on"]),
            "template": typed.get("template") or None,
        }


class EditProgramForm(WithReason):
    title = TextField(label=_("Title"))
    note = note_field(_("Note"))
    end_on = day_field(_("Last day"))
    field_order = ("title", "end_on", "note", "reason", "version")

    def __init__(self, *args: Any, program: Program, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(program, name) for name in ("title", "note", "end_on", "version")}
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        """Return only what differs from what the page showed."""
        typed = {**self.cleaned_data, "end_on": as_text(self.cleaned_data["end_on"])}
        return {name: typed[name] for name in ("title", "note", "end_on") if name in self.changed_data}


class ItemForm(forms.Form):
    """The inputs of an item's document; ``stored`` is the document when it is amended."""

    use_required_attribute = False
    #: First and last day, where an item has them.
    days: tuple[str, ...] = ("start_on", "end_on")
    #: Whether a new one has an id of its own, and so needs no version and no reason.
    has_id = True

    def __init__(
        self, *, user: User, start_on: date | None = None, stored: Mapping[str, Any] | None = None, version: int = 0,
        data: QueryDict | None = None,
    ) -> None:  # fmt: skip
        self.stored = stored
        builder = Builder(ItemInput, user=user, rows={})
        items = builder.build(ItemInput, stored or {})
        # What an item is stays: another kind of session is another item.
        self.items = [item for item in items if stored is None or item.shape.name != "modality"]
        self.defaults = builder.defaults
        days = {name: stored[name] for name in self.days} if stored else {"start_on": start_on}
        super().__init__(data, initial={**builder.initial, **days, "version": version, "id": new_id()})
        self.fields.update(builder.fields)
        if stored is not None:
            del self.fields["modality"]
        if self.days:
            self.fields["start_on"] = day_field(_("First day"), required=True)
            self.fields["end_on"] = day_field(_("Last day"))
        if stored is None and self.has_id:
            self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput())
        else:
            self.fields["reason"] = WithReason.base_fields["reason"]
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput())
        self._names: dict[str, str] = {}

    def document(self) -> dict[str, Any]:
        """Return the document to add. Call after ``is_valid``."""
        return self._read(whole=False) | ({"id": str(self.cleaned_data["id"])} if self.has_id else {})

    def changes(self) -> dict[str, Any]:
        """Return what differs from the stored document. Call after ``is_valid``."""
        stored = self.stored or {}
        return {name: value for name, value in self._read(whole=True).items() if value != stored.get(name)}

    def _read(self, *, whole: bool) -> dict[str, Any]:
        reading = Reading(self.cleaned_data, whole=whole)
        found = read_all(self.items, "", reading)
        self._names = reading.names
        return found | {name: as_text(self.cleaned_data[name]) for name in self.days}

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem at the input that its pointer means, or above the form."""
        for problem in problems:
            pointer = problem.pointer.removeprefix("/changes")
            name = self._names.get(pointer) or pointer.strip("/").split("/")[0]
            text = str(problem.message)
            if name in self.fields:
                self.add_error(name, without_label(text, str(self.fields[name].label)))
            else:
                self.add_error(None, text)


class TemplateItemForm(ItemForm):
    """An item of a template has no days and no id of its own: writing it changes the template."""

    days = ()
    has_id = False


class TitleForm(forms.Form):
    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)
    title = TextField(label=_("Title"), help_text=_("Your colleagues of the clinic see it, too."))


class TemplateForm(WithReason):
    title = TextField(label=_("Title"))
    note = note_field(_("Note"))
    field_order = ("title", "note", "reason", "version")

    def __init__(self, *args: Any, template: ProgramTemplate, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(template, name) for name in ("title", "note", "version")}
        super().__init__(*args, **kwargs)

    def changes(self) -> dict[str, Any]:
        """Return only what differs from what the page showed."""
        return {name: self.cleaned_data[name] for name in ("title", "note") if name in self.changed_data}


class ExcusalForm(forms.Form):
    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)
    first_on = day_field(_("First day"), required=True)
    last_on = day_field(_("Last day"), required=True)
    reason = TextField(label=_("Reason"), help_text=_("For example: unwell, clinic closed."))

    def document(self, patient_id: Any) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "id": str(typed["id"]),
            "patient": str(patient_id),
            "first_on": as_text(typed["first_on"]),
            "last_on": as_text(typed["last_on"]),
            "reason": typed["reason"],
        }


ANSWERS = [("no", pgettext_lazy("answer", "No")), ("yes", _("Yes")), ("unknown", _("Not known"))]


class ChecklistForm(forms.Form):
    """One question per item of a screening list. Nothing is chosen beforehand but what was answered before."""

    use_required_attribute = False
    id = forms.UUIDField(widget=forms.HiddenInput(), initial=new_id)

    def __init__(self, *args: Any, checklist: str, answers: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist, language = checklist, get_language() or "en"
        for code, item in CHECKLISTS[checklist].items():
            # An empty answer is allowed: it says that the item is not answered.
            self.fields[code] = OneOf(
                label=item.text(language),
                help_text=_("Contraindication") if item.kind == "contraindication" else _("Precaution"),
                choices=ANSWERS,
                initial=answers.get(code),
                widget=forms.RadioSelect(),
            )
        self.fields["note"] = note_field(_("Note"), rows=2)

    def document(self, patient_id: Any) -> dict[str, Any]:
        codes = CHECKLISTS[self.checklist]
        return {
            "id": str(self.cleaned_data["id"]),
            "patient": str(patient_id),
            "checklist": self.checklist,
            "answers": {code: self.cleaned_data[code] for code in codes if self.cleaned_data[code]},
            "note": self.cleaned_data["note"],
        }
