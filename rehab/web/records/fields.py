"""Form fields for people: numbers as they are written, and choices with the words of the clinical tables."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from rehab.reference.bands import BAND_PRODUCTS
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.reference.red_flags import ANSWERS, QUESTIONS
from rehab.reference.scales import MRC_DEFINITIONS
from rehab.reference.symptoms import SCALES
from rehab.web.records.choices import words_for
from rehab.web.records.table_words import BAND_LINES, COLOURS, REGIONS

_NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{1,10})?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", re.ASCII)
#: Muscles that are never trained or tested by themselves have none of these.
_TESTABLE = {"mrc", "hhd", "grip_dynamometer", "pinch_gauge", "spirometry", "clinician_exam"}

Options = list[tuple[Any, Any]]


class Quiet:
    """A field whose emptiness is judged by the service, which knows when it matters; ``required`` is for the label."""

    def validate(self, value: Any) -> None:
        return


class TextField(Quiet, forms.CharField):
    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class NumberField(Quiet, forms.CharField):
    """A number as people write it: comma or point, full-width digits, spaces around it."""

    def __init__(self, *, whole: bool, signed: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.whole = whole
        # The decimal keypad of phones has no minus sign.
        mode = "text" if signed else "numeric" if whole else "decimal"
        self.widget.attrs |= {"inputmode": mode, "autocomplete": "off"}

    def clean(self, value: Any) -> float | int | None:
        text = normalised(super().clean(value))
        if not text:
            return None
        if _GROUPED.fullmatch(text):
            raise forms.ValidationError(
                _("“%(value)s” could mean two numbers. Write it without a thousands separator."),
                code="ambiguous",
                params={"value": value},
            )
        text = text.replace(",", ".")
        if self.whole:
            if not _WHOLE.fullmatch(text):
                raise forms.ValidationError(
                    _("“%(value)s” is not a whole number, such as 8."), code="not_whole", params={"value": value}
                )
            return int(text)
        if not _NUMBER.fullmatch(text):
            raise forms.ValidationError(
                _("“%(value)s” is not a number, such as 12.5."), code="not_a_number", params={"value": value}
            )
        return float(text)


class NumbersField(Quiet, forms.CharField):
    """Many numbers in one input: spaces, line breaks, commas or semicolons between them, a point for decimals."""

    def clean(self, value: Any) -> list[float] | None:
        text = normalised(super().clean(value)).replace("、", ",").replace(";", " ")
        parts = [part.strip(",") for part in text.split()]
        parts = parts[0].split(",") if len(parts) == 1 else parts
        for part in parts:
            if "," in part:
                raise forms.ValidationError(
                    _("“%(value)s” could be one number or two. Write 12.5 for a decimal and a space between numbers."),
                    code="ambiguous",
                    params={"value": part},
                )
            if part and not _NUMBER.fullmatch(part):
                raise forms.ValidationError(
                    _("“%(value)s” is not a number, such as 12.5."), code="not_a_number", params={"value": part}
                )
        return [float(part) for part in parts if part] or None


def normalised(text: str) -> str:
    """Return a number's text with plain digits and signs, and nothing around it.

    >>> normalised(" １２，５ "), normalised("−5")
    ('12,5', '-5')
    """
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


class OneOf(forms.ChoiceField):
    """A choice; that none was made is judged by the service, as of every ``Quiet`` field. ``whole``: of numbers."""

    def __init__(self, *, whole: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.whole = whole

    def clean(self, value: Any) -> Any:
        chosen = super().clean(value)
        return int(chosen) if self.whole and chosen else chosen

    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class SomeOf(forms.MultipleChoiceField):
    def validate(self, value: Any) -> None:
        if value:
            super().validate(value)


class YesNo(Quiet, forms.TypedChoiceField):
    """Yes, no, or not stated."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not stated"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect(),
            **options,
        )


def grouped(found: Iterable[tuple[str, str, str]]) -> Options:
    """Return options under their region's name, in the order of the tables."""
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for region, code, name in found:
        groups[str(REGIONS.get(region, region))].append((code, name))
    return list(groups.items())


def _language() -> str:
    return get_language() or "en"


def muscle_options(method: str | None, keep: str | None, limbs: Collection[str] = ()) -> Options:
    """Return the muscle groups that a method tests, or all that can be trained; ``keep`` stays whatever it is.

    ``limbs``: only of these, if any are named.
    """
    wanted = {method} if method else _TESTABLE
    return grouped(
        (muscle.body_region, muscle.code, muscle.name(_language()))
        for muscle in MUSCLES.values()
        if (muscle.methods & wanted and (not limbs or muscle.limb in limbs)) or muscle.code == keep
    )


def motion_options() -> Options:
    return grouped((motion.joint, motion.code, motion.name(_language())) for motion in MOTIONS.values())


def site_options() -> Options:
    return grouped((site.family, site.code, site.name(_language())) for site in GIRTH_SITES.values())


def band_options() -> Options:
    return [(code, band_name(code)) for code in BAND_PRODUCTS]


def band_name(code: str) -> str:
    product = BAND_PRODUCTS.get(code)
    if product is None:
        return code
    line, colour = BAND_LINES.get(product.line, product.line), COLOURS.get(product.colour, product.colour)
    return f"{product.brand} {line}, {colour}"


def muscle_name(code: str) -> str:
    return MUSCLES[code].name(_language()) if code in MUSCLES else code


def motion_name(code: str) -> str:
    return MOTIONS[code].name(_language()) if code in MOTIONS else code


def site_name(code: str) -> str:
    """Return the name of a site of girth, or of a region of the body."""
    return GIRTH_SITES[code].name(_language()) if code in GIRTH_SITES else words_for("site", code)


def flag_answer_name(code: str) -> str:
    """Return the words of a red-flag answer, or of a question that was picked without one."""
    if code in ANSWERS:
        return ANSWERS[code].name(_language())
    return QUESTIONS[code].ask(_language()) if code in QUESTIONS else code


#: Fields whose values are codes of the clinical tables.
NAMES = {
    "muscle": muscle_name,
    "motion": motion_name,
    "site": site_name,
    "product": band_name,
    "new_or_worse": flag_answer_name,
    "unchanged": flag_answer_name,
}


def value_words(field: str, value: Any) -> str:
    """Return a chosen value in words, be it a code of a table or of a list."""
    return NAMES[field](value) if field in NAMES else words_for(field, value)


def option_words(field: str, value: str) -> str | Promise:
    """Return what stands beside a choice: an MRC grade is shown with its definition."""
    if field == "grade" and value in MRC_DEFINITIONS:
        return format_lazy("{} – {}", value, MRC_DEFINITIONS[value].text(_language()))
    if field == "ashworth":
        meaning = next(grade for grade in SCALES["mas"].grades if grade.code == value)
        return format_lazy("{} – {}", value, meaning.text(_language()))
    return words_for(field, value)
