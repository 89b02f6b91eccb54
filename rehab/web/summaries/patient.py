"""A patient's day, week or four weeks in words: to the patient, to a caregiver, to a therapist."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import CareRole
from rehab.analytics.summaries import AdherenceOf, Dose, DueNext, PatientSummary
from rehab.selectors import library
from rehab.selectors.patients import Seen
from rehab.selectors.summaries import SeenSummary
from rehab.web import bars
from rehab.web.goals import presenters as goal_words
from rehab.web.learn import presenters as learn_presenters
from rehab.web.records import words
from rehab.web.records.choices import words_for
from rehab.web.series.words import short_day
from rehab.web.summaries import clinicians, lead, measured, phrases
from rehab.web.summaries.sheet import Bars, Item, Part, Sheet, Table


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads: the patient is spoken to, clinicians get the figures."""

    user: User
    own: bool
    clinician: bool


def sheet(seen: SeenSummary, payload: PatientSummary, place: Seen, *, user: User) -> Sheet:
    """Return a patient's summary as one reader gets it; the payload holds only what they may see."""
    reader = _Reader(user, own=place.role == CareRole.PATIENT, clinician=seen.for_clinician)
    patient = place.patient
    parts = _day(payload, reader) if payload.period == "day" else _longer(payload, reader, place)
    titles = phrases.OWN_TITLES if reader.own else phrases.TITLES
    days = phrases.span(payload.starts_on, payload.ends_on)
    return Sheet(
        title=phrases.said(titles, payload.period),
        subtitle=days if reader.own else f"{patient.name} · {days}",
        lead=tuple(lead.lines(payload, own=reader.own, clinician=reader.clinician)),
        parts=tuple(part for part in parts if part.lines or part.items or part.table),
        contact=() if reader.clinician else tuple(_contact(seen)),
        emergency=emergency(seen),
        made=phrases.made(seen.version, seen.computed_at, seen.summary.time_zone),
        url=reverse("summary", args=[seen.summary.pk]),
        one_page=True,
        name=patient.name if reader.own else "",
    )


def emergency(seen: SeenSummary) -> str:
    return _("In an emergency call %(number)s.") % {"number": seen.summary.clinic.emergency_number}


def _contact(seen: SeenSummary) -> Iterator[str]:
    clinic = seen.summary.clinic.name
    if seen.therapists:
        names = _(", ").join(seen.therapists)
        yield _("Questions, or did something get worse? Talk to %(names)s at %(clinic)s.") % {
            "names": names,
            "clinic": clinic,
        }
    else:
        yield _("Questions, or did something get worse? Talk to %(clinic)s.") % {"clinic": clinic}
    yield _("This app does not monitor you in real time.")


def _day(payload: PatientSummary, reader: _Reader) -> list[Part]:
    """Return the parts of a day: what is due, and for clinicians what is open."""
    return [_next(payload, reader), *(clinicians.parts(payload) if reader.clinician else ())]


def _longer(payload: PatientSummary, reader: _Reader, place: Seen) -> list[Part]:
    return [
        _plan(payload, reader),
        _series(payload, reader, str(place.patient.pk)),
        _symptoms(payload, reader),
        _goals(payload),
        _next(payload, reader),
        _to_read(payload, place, reader),
        *(clinicians.parts(payload) if reader.clinician else ()),
    ]


def _to_read(payload: PatientSummary, place: Seen, reader: _Reader) -> Part:
    """Return the article that fits, if the reader may read it today."""
    language = get_language() or "en"
    found = library.of_summary(place, payload.article, viewer=reader.user, language=language, now=timezone.now())
    items: tuple[Item, ...] = ()
    if found is not None:
        patient = library.named_for(place, viewer=reader.user)
        url, title = learn_presenters.links([found], patient=patient)[found.slug]
        items = (Item(title, lines=(found.answer,), url=url),)
    return Part(key="read", heading=_("Something to read"), items=items)


def _plan(payload: PatientSummary, reader: _Reader) -> Part:
    lines = []
    found = payload.adherence
    if found is not None:
        lines = list(_adherence(found, reader))
    rows = tuple(_dose(one) for one in payload.doses)
    return Part(
        key="plan",
        heading=_("Did I do what was planned?") if reader.own else _("Was it done as planned?"),
        lines=tuple(lines),
        table=Table(_("What was done"), (_("Kind"), _("Sessions"), _("How much")), rows) if rows else None,
        bars=weeks(payload),
    )


def _adherence(found: AdherenceOf, reader: _Reader) -> Iterator[str]:
    if found.due:
        counts = lead.planned(found, own=reader.own)
        if not found.session_pct:
            yield counts
        else:
            yield _("%(counts)s That is %(pct)s.") % {"counts": counts, "pct": phrases.percent(found.session_pct)}
    else:
        yield _("No session was planned.")
    if reader.clinician and found.dose_pct is not None:
        yield _("Dose done of prescribed: %(pct)s.") % {"pct": phrases.percent(found.dose_pct)}
    if found.extra:
        yield (
            ngettext("%(n)s session more than planned.", "%(n)s sessions more than planned.", found.extra)
            % {"n": found.extra}
        )
    if found.excused:
        yield (
            ngettext(
                "%(n)s session was excused and does not count.", "%(n)s sessions were excused and do not count.",
                found.excused,
            ) % {"n": found.excused}
        )  # fmt: skip
    if found.recalled and reader.clinician:
        yield (
            ngettext(
                "%(n)s session was logged more than 48 hours later.",
                "%(n)s sessions were logged more than 48 hours later.",
                found.recalled,
            ) % {"n": found.recalled}
        )  # fmt: skip
    if found.streak > 1:
        yield _("%(n)s due days in a row with everything done.") % {"n": found.streak}


def _dose(one: Dose) -> tuple[str, str, str]:
    parts = []
    if one.minutes is not None:
        parts.append(_("%(n)s min") % {"n": words.rounded(one.minutes)})
    if one.fes_on_minutes is not None:
        parts.append(_("%(n)s min of stimulation") % {"n": words.rounded(one.fes_on_minutes)})
    return words_for("modality", one.modality), str(one.sessions), " · ".join(parts) or "–"


def weeks(payload: PatientSummary) -> Bars | None:
    """Return the sessions of the latest weeks as bars; None below two weeks, or without any session."""
    if len(payload.weeks) < 2 or not any(week.sessions for week in payload.weeks):
        return None
    values = tuple(float(week.sessions) for week in payload.weeks)
    texts = tuple(str(week.sessions) for week in payload.weeks)
    labels = tuple(short_day(week.starts_on) for week in payload.weeks)
    minutes = [
        _("%(n)s min") % {"n": words.rounded(w.minutes)} if w.minutes is not None else "–" for w in payload.weeks
    ]
    rows = zip((words.day(week.starts_on) for week in payload.weeks), texts, minutes, strict=True)
    return Bars(
        drawings=bars.columns(values, labels=labels, texts=texts),
        labels=labels,
        values=values,
        texts=texts,
        text=_("Sessions in each week"),
        table=Table(
            _("Sessions in each week"),
            (_("Week from"), _("Sessions"), _("Minutes")),
            tuple(reversed(list(rows))),
        ),
    )


def _series(payload: PatientSummary, reader: _Reader, patient: str) -> Part:
    items = measured.items(
        payload.series, user=reader.user, patient=patient, period=payload.period, plain=not reader.clinician
    )
    return Part(
        key="series",
        heading=_("Am I really changing?") if reader.own else _("Is it really changing?"),
        lines=(
            _(
                "Every measurement differs a little from one time to the next, even if nothing has changed. "
                "That is measurement error."
            ),
        )
        if items and not reader.clinician
        else (),
        items=items,
    )


def _symptoms(payload: PatientSummary, reader: _Reader) -> Part:
    rows = tuple(
        (
            phrases.said(phrases.SYMPTOMS, one.code),
            phrases.number(one.median),
            phrases.number(one.maximum),
            "–" if one.previous_median is None else phrases.number(one.previous_median),
        )
        for one in payload.symptoms
    )
    before = phrases.said(phrases.BEFORE, payload.period)
    head = (_("Symptom"), _("Usually"), _("At most"), _("%(before)s, usually") % {"before": before})
    return Part(
        key="symptoms",
        heading=_("How did I feel?") if reader.own else _("Pain and tiredness"),
        table=Table(_("0 is none, 10 is the worst there can be."), head, rows) if rows else None,
    )


def _goals(payload: PatientSummary) -> Part:
    items = []
    for goal in payload.goals:
        lines = [
            goal_words.name_of(goal.level) + (f" ({words.day(goal.rated_on)})" if goal.rated_on else "")
            if goal.level is not None
            else _("It was not looked at yet.")
        ]
        if goal.review_on is not None:
            lines.append(_("Next look: %(day)s") % {"day": words.day(goal.review_on)})
        items.append(Item(title=goal.title, lines=tuple(lines)))
    return Part(key="goals", heading=_("Goals"), items=tuple(items))


def _next(payload: PatientSummary, reader: _Reader) -> Part:
    """Return what comes next, each item once with its days."""
    grouped: dict[str, list[DueNext]] = {}
    for due in payload.due_next:
        grouped.setdefault(due.item, []).append(due)
    items = []
    for dues in grouped.values():
        kind = words_for("modality", dues[0].modality)
        lines = []
        if days := [due.on for due in dues if due.on is not None]:
            lines.append(
                _(", ").join(phrases.weekday(on) if len(days) == 1 else phrases.short_weekday(on) for on in days)
            )
        lines += [
            ngettext("%(n)s time in the week", "%(n)s times in the week", due.times) % {"n": due.times}
            for due in dues
            if due.times
        ]
        name = dues[0].name or kind
        items.append(Item(title=name, lines=tuple(lines), more=kind if name != kind else ""))
    return Part(key="next", heading=_("What comes next"), items=tuple(items))
