"""Choices that several forms offer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.zones import time_zones


def language_field(label: Any, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=User.Language.choices, **options)


def zone_choices(*wanted: str) -> list[tuple[str, list[tuple[str, str]]] | tuple[str, str]]:
    """Return the time zones by region; ``wanted`` are listed even if they are no places, as ``UTC`` is.

    >>> zone_choices("UTC")[0]
    ('UTC', 'UTC')
    """
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(time_zones()):
        region, slash, place = name.partition("/")
        if slash and region not in {"Etc", "SystemV", "US", "Brazil", "Canada", "Chile", "Mexico"}:
            regions.setdefault(region, []).append((name, place.replace("_", " ")))
    listed = {name for places in regions.values() for name, _place in places}
    alone = [(name, name) for name in dict.fromkeys((*wanted, "UTC")) if name and name not in listed]
    return [*alone, *regions.items()]


class ZoneField(forms.ChoiceField):
    """A select of IANA time zones, grouped by region."""

    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Time zone"), choices=zone_choices, **options)

    def offer(self, name: str) -> None:
        """Let ``name`` be chosen, and choose it."""
        self.choices = zone_choices(name)
        self.initial = name


class NewPassword(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Password"),
            help_text=_("At least 10 characters, not a common password. A few words in a row are easy to remember."),
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            strip=False,
            max_length=128,
            **options,
        )


class EmailField(forms.EmailField):
    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": options.pop("autocomplete", "off")}
        super().__init__(
            label=options.pop("label", _("E-mail address")),
            max_length=254,
            widget=forms.EmailInput(attrs=attrs),
            **options,
        )
