"""The readings of a series as a table: a row for each day, the latest first."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from rehab.analytics.readings import Day
from rehab.selectors.readings import Series
from rehab.web.records import words as record_words
from rehab.web.series import words

#: Days that the table lists; a chart shows all.
TABLE_DAYS = 100


@dataclass(frozen=True)
class TableRow:
    on: str
    value: str
    note: str
    urls: list[str]


def rows(series: Series, days: tuple[Day, ...], user: User) -> tuple[list[TableRow], int]:
    """Return the rows of the latest days, and how many are left out; ``days`` are those that are compared.

    A reading of a swollen limb has a row of its own that says so.
    """
    swollen = {str(one.id) for one in series.measured if one.swelling}
    compared = [day for day in days if not swollen.intersection(day.ids)]
    made: list[tuple[date, TableRow]] = [
        (day.on, _row(series, day.on, day.value, day.ids, "", user)) for day in compared
    ]
    for one in series.measured:
        if one.swelling:
            note = _("Swelling recorded, not compared")
            made.append((one.on, _row(series, one.on, one.value, (str(one.id),), note, user)))
    made.sort(key=lambda pair: pair[0], reverse=True)
    return [row for _on, row in made[:TABLE_DAYS]], max(0, len(made) - TABLE_DAYS)


def _row(series: Series, on: date, value: float, ids: tuple[str, ...], note: str, user: User) -> TableRow:
    description = series.description
    return TableRow(
        record_words.day(on),
        words.value(description, value, user),
        note,
        [reverse("record", args=[description.kind, one]) for one in ids],
    )
