"""Programmes in words: what is to be done, how often, and how it went. Nothing here judges."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.models import Program, ProgramItem, ProgramItemVersion
from rehab.selectors.today import Today, TodayItem
from rehab.services import program_items
from rehab.web.records import words
from rehab.web.records.choices import words_for
from rehab.web.records.fields import motion_name, muscle_name
from rehab.web.records.presenters import ICONS


@dataclass(frozen=True)
class ItemCard:
    """One item for people."""

    item: ProgramItem
    icon: str
    title: str
    what: str
    dose: str
    frequency: str
    days: str
    instructions: str
    precautions: str
    progression: str
    parameters: list[str]
    is_over: bool


@dataclass(frozen=True)
class ProgramCard:
    program: Program
    days: str
    items: list[ItemCard]
    is_over: bool
    why: str


@dataclass(frozen=True)
class TodayLine:
    """One item of today: ``log_url`` opens the right form, filled in with it."""

    card: ItemCard
    is_finished: bool
    is_left: bool
    is_excused: bool
    progress: str
    log_url: str


def title_of(details: Mapping[str, Any]) -> str:
    """Return what an item is called: its own name, else what it trains, else its kind."""
    return details["name"] or _trained(details) or words_for("modality", details["modality"])


def _trained(details: Mapping[str, Any]) -> str:
    found = muscle_name(details["muscle"]) if details["muscle"] else ""
    found = found or (motion_name(details["motion"]) if details["motion"] else "")
    side = details["side"]
    return _(", ").join([found, words_for("side", side)]) if found and side not in (None, "none") else found


def what_of(details: Mapping[str, Any]) -> str:
    """Return the kind, and what it trains where the title does not say it."""
    parts = [words_for("modality", details["modality"])]
    if details["name"]:
        parts.append(_trained(details))
    return " · ".join(part for part in parts if part and part != title_of(details))


def dose_of(details: Mapping[str, Any]) -> str:
    """Return how much: sets and repetitions, hold, minutes."""
    parts = []
    if details["sets"] is not None:
        parts.append(_("%(sets)s × %(reps)s repetitions") % {"sets": details["sets"], "reps": details["reps"]})
    if details["hold_s"]:
        parts.append(_("hold %(n)s s") % {"n": words.plain(details["hold_s"])})
    if details["minutes"] is not None:
        parts.append(_("%(n)s min") % {"n": words.plain(details["minutes"])})
    return " · ".join(parts)


def frequency_of(details: Mapping[str, Any]) -> str:
    """Return how often: the days, or the number of times a week."""
    times = details["times_per_week"]
    if times is not None:
        return ngettext("%(n)s time a week", "%(n)s times a week", times) % {"n": times}
    days = details["weekdays"]
    return _("every day") if len(days) == 7 else _(", ").join(words_for("weekdays", day) for day in _in_order(days))


def _in_order(days: Iterable[str]) -> list[str]:
    order = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return sorted(days, key=order.index)


def line_of(details: Mapping[str, Any]) -> str:
    """Return an item in one line."""
    parts = [title_of(details), what_of(details), dose_of(details), frequency_of(details)]
    return " · ".join(part for part in parts if part)


def span(first: date, last: date | None) -> str:
    """Return the days of something in words."""
    if last is None:
        return _("from %(first)s") % {"first": words.day(first)}
    return _("%(first)s to %(last)s") % {"first": words.day(first), "last": words.day(last)}


def item_card(item: ProgramItem, *, today: date) -> ItemCard:
    details = item.details
    return ItemCard(
        item=item,
        icon=ICONS.get(item.modality, "session"),
        title=title_of(details),
        what=what_of(details),
        dose=dose_of(details),
        frequency=frequency_of(details),
        days=span(item.start_on, item.end_on),
        instructions=details["instructions"],
        precautions=details["precautions"],
        progression=details["progression"],
        parameters=[words_for("parameters", name) for name in details["parameters"]],
        is_over=item.ended_on is not None or (item.end_on is not None and item.end_on < today),
    )


def program_cards(
    found: Iterable[Program], items: Mapping[uuid.UUID, list[ProgramItem]], *, today: date
) -> list[ProgramCard]:
    """Return programmes with their items, those that go on first."""
    cards = [
        ProgramCard(
            program=program,
            days=span(program.start_on, program.end_on),
            items=sorted(
                (item_card(item, today=today) for item in items.get(program.pk, [])), key=lambda card: card.is_over
            ),
            is_over=program_items.is_over(program, today=today),
            why=program.change_reason if program.ended_on else "",
        )
        for program in found
    ]
    return sorted(cards, key=lambda card: card.is_over)


def today_lines(found: Today) -> list[TodayLine]:
    """Return what is due today; what is left comes first."""
    lines = [
        TodayLine(
            card=item_card(one.item, today=found.on),
            is_finished=one.is_finished,
            is_left=one.is_left,
            is_excused=one.is_excused,
            progress=_progress(one),
            log_url=log_url(one.item),
        )
        for one in found.items
    ]
    return sorted(lines, key=lambda line: not line.is_left)


def log_url(item: ProgramItem) -> str:
    path = reverse("log-record", args=[item.program.patient_id, "sessions", item.modality])
    return f"{path}?item={item.pk}"


def _progress(one: TodayItem) -> str:
    if one.week_due is None or one.is_excused:
        return ""
    if one.week_due == 0:
        return frequency_of(one.item.details)
    words = _("%(done)s of %(due)s this week, %(left)s left") if one.week_left else _("%(done)s of %(due)s this week")
    return words % {"done": one.week_done, "due": one.week_due, "left": one.week_left}


@dataclass(frozen=True)
class ItemVersion:
    number: int
    days: str
    dose: str
    frequency: str
    instructions: str
    by: str
    at: str
    reason: str


def item_versions(item: ProgramItem, earlier: Iterable[ProgramItemVersion], *, zone: ZoneInfo) -> list[ItemVersion]:
    """Return every version of an item with the days on which it was due, the latest first."""
    found = [
        _version(row, row.changed_by.name, words.moment(row.recorded_at, zone), _held(row.valid_from, row.replaced_on))
        for row in earlier
    ]
    author = item.changed_by or item.created_by
    now = span(item.valid_from, None) if item.ended_on is None else _("ended")
    found.append(_version(item, author.name, words.moment(item.updated_at, zone), now))
    return found[::-1]


def _held(first: date, replaced_on: date) -> str:
    if replaced_on <= first:
        return _("on no day: changed again on the same day")
    return span(first, date.fromordinal(replaced_on.toordinal() - 1))


def _version(row: ProgramItem | ProgramItemVersion, by: str, at: str, days: str) -> ItemVersion:
    return ItemVersion(
        number=row.version,
        days=days,
        dose=dose_of(row.details),
        frequency=frequency_of(row.details),
        instructions=row.details["instructions"],
        by=by,
        at=at,
        reason=row.change_reason,
    )
