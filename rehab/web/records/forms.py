"""The form of a record: its inputs, the document they stand for, and the problems put where they belong."""

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.ids import new_id
from accounts.models import User
from accounts.roles import Permission
from rehab.errors import Problem
from rehab.selectors.patients import Seen
from rehab.services.inputs.base import RecordInput
from rehab.services.inputs.force_test import RepeatedForceTest
from rehab.services.kinds import Kind
from rehab.web.records.building import Builder
from rehab.web.records.fields import TextField
from rehab.web.records.items import Reading, Rows, read_all


class RecordForm(forms.Form):
    """``stored`` is the record's document when it is amended, ``presets`` what a new one starts with."""

    use_required_attribute = False

    def __init__(
        self,
        kind: Kind,
        variant: str,
        *,
        user: User,
        seen: Seen,
        now: datetime,
        stored: Mapping[str, Any] | None = None,
        version: int = 0,
        presets: Mapping[str, Any] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.kind, self.variant = kind, variant
        self.model = kind.variants[variant]
        self.patient, self.stored = seen.patient, stored
        self.zone = zone = ZoneInfo(seen.patient.time_zone)
        self.adding = data.get("add", "") if data else ""
        left_out = _left_out(self.model, seen, stored or {})
        builder = Builder(self.model, user=user, rows=_rows_in(data, self.adding), left_out=left_out)
        self.items = builder.build(self.model, stored or presets or {})
        self.defaults = builder.defaults
        moment = now if stored is None else datetime.fromisoformat(stored["performed_at"])
        local = moment.astimezone(zone)
        initial = builder.initial | {
            "id": str(new_id()),
            "version": version,
            "performed_date": local.date().isoformat(),
            "performed_time": f"{local:%H:%M}",
            "note": stored["note"] if stored else "",
        }
        super().__init__(None if self.adding else data, initial=initial)
        self.fields.update(builder.fields)
        self._add_common()
        if self.adding and data is not None:
            for name, made in self.fields.items():
                self.initial[name] = made.widget.value_from_datadict(data, {}, name)
            self._focus_on_new_row()
        self._names: dict[str, str] = {}

    def _add_common(self) -> None:
        date = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        self.fields["performed_date"] = forms.DateField(
            label=_("Date"), widget=date, input_formats=["%Y-%m-%d"],
            error_messages={
                "required": _("When was it? Give the date."),
                "invalid": _("Not a date. Write it as 2026-01-31."),
            },
        )  # fmt: skip
        self.fields["performed_time"] = forms.TimeField(
            label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            error_messages={
                "required": _("When was it? Give the time."),
                "invalid": _("Not a time. Write it as 14:30."),
            },
        )  # fmt: skip
        note = forms.Textarea(attrs={"rows": 3})
        self.fields["note"] = TextField(label=_("Note"), required=False, widget=note)
        if self.stored is None:
            self.fields["id"] = forms.UUIDField(widget=forms.HiddenInput(), required=False)
        else:
            self.fields["change_reason"] = TextField(
                label=_("Why is it changed?"), help_text=_("For example: typed the wrong side."), required=True
            )
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput(), required=True)

    def _focus_on_new_row(self) -> None:
        for item in (part for top in self.items for part in top.parts()):
            if isinstance(item, Rows) and item.key == self.adding:
                first = item.rows[-1][0].inputs()[0]
                self.fields[first].widget.attrs["autofocus"] = True

    # --- What the form stands for ---

    def document(self, patient_id: uuid.UUID) -> dict[str, Any]:
        """Return the document to create. Call after ``is_valid``."""
        found = self._read(whole=False)
        found |= {"id": str(self.cleaned_data["id"] or new_id()), "patient": str(patient_id)}
        if self.kind.discriminator:
            found[self.kind.discriminator] = self.variant
        return found

    def changes(self) -> dict[str, Any]:
        """Return what differs from the stored document, as an amendment takes it. Call after ``is_valid``."""
        stored = self.stored or {}
        return {name: value for name, value in self.whole().items() if value != stored.get(name)}

    def whole(self) -> dict[str, Any]:
        """Return the stored document with everything that the form says, also what was emptied."""
        found = self._read(whole=True)
        stored_at = datetime.fromisoformat(self.stored["performed_at"]) if self.stored else None
        if stored_at is not None and self._moment() == stored_at.replace(second=0, microsecond=0):
            found["performed_at"] = self.stored["performed_at"]  # type: ignore[index]  # seconds are not asked for
        return found

    def _read(self, *, whole: bool) -> dict[str, Any]:
        reading = Reading(self.cleaned_data, whole=whole)
        found = read_all(self.items, "", reading)
        self._names = reading.names | {"/performed_at": "performed_date", "/note": "note"}
        for name in reading.missing:
            self.add_error(name, gettext("It is required."))
        return found | {"performed_at": self._moment().isoformat(), "note": self.cleaned_data["note"]}

    def _moment(self) -> datetime:
        day, time = self.cleaned_data["performed_date"], self.cleaned_data["performed_time"]
        return datetime.combine(day, time, tzinfo=self.zone).astimezone(UTC)

    # --- What is wrong with it ---

    def add_problems(self, problems: Iterable[Problem]) -> None:
        """Put each problem at the input that its pointer means, or above the form."""
        for problem in problems:
            text = str(problem.message)
            name = self._name_of(problem)
            if problem.pointer == "/changes":
                self.add_error(None, gettext("Nothing was changed yet."))
            elif name is None or name not in self.fields:
                self.add_error(None, text)
            else:
                self.add_error(name, without_label(text, str(self.fields[name].label)))

    def _name_of(self, problem: Problem) -> str | None:
        pointer = problem.pointer
        if pointer == "/reason" and problem.code not in ("missing", "not_allowed"):
            return "change_reason"  # a session has a reason of its own, which may be missing or not allowed
        while pointer:
            if pointer in self._names:
                return self._names[pointer]
            pointer = pointer.rpartition("/")[0]
        return None


class ErrorForm(forms.Form):
    """Why a record is marked entered in error."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput())
    change_reason = TextField(label=_("Why is it wrong?"), help_text=_("For example: measured on the other side."))


def _left_out(model: type[RecordInput], seen: Seen, stored: Mapping[str, Any]) -> frozenset[str]:
    """Return what is not asked of this patient, or by this person, unless it was answered already."""
    found: set[str] = set()
    if "myasthenia_gravis" not in seen.patient.conditions and not stored.get("myasthenia"):
        found.add("myasthenia")
    if issubclass(model, RepeatedForceTest) and not seen.may(Permission.ASSESS) and not stored.get("repetitions"):
        found.update(model.fatigue_fields)
    return frozenset(found)


def _rows_in(data: QueryDict | None, adding: str) -> dict[str, int]:
    """Return how many rows each list had, with the one that is to be added."""
    found: dict[str, int] = {}
    for name, value in (data or {}).items():
        if name.endswith("-rows") and str(value).isascii() and str(value).isdigit():
            found[name.removesuffix("-rows")] = int(str(value)[:3])
    if adding:
        found[adding] = found.get(adding, 1) + 1
    return found


def without_label(text: str, label: str) -> str:
    """Return a message without the label in front of it, since it is shown at the input.

    >>> without_label("Angle: 400 ° is not possible.", "Angle (°)")
    '400 ° is not possible.'
    """
    name = re.sub(r"\s*[(（].*$", "", label)
    stripped = re.sub(rf"^{re.escape(name)}\s*[:：]\s*", "", text, flags=re.IGNORECASE) if name else text
    return stripped[:1].upper() + stripped[1:]
