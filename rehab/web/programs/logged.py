"""What was logged this week, in plain words: for patients, without figures that only a clinician can read."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.analytics.fes_weekly import WeeklyDose
from rehab.selectors.analyses.week import Kind, Week
from rehab.web.records import words
from rehab.web.records.choices import words_for
from rehab.web.records.fields import muscle_name


@dataclass(frozen=True)
class Logged:
    """Pairs of a name and what was done of it; ``load`` is a sentence, empty where no effort was given."""

    kinds: list[tuple[str, str]]
    doses: list[tuple[str, str]]
    load: str


def logged(week: Week) -> Logged:
    places = Counter((dose.muscle, dose.side) for dose in week.doses)
    return Logged(
        kinds=[(words_for("modality", kind.modality), _kind(kind)) for kind in week.kinds],
        doses=[(_place(dose, with_channel=places[dose.muscle, dose.side] > 1), _dose(dose)) for dose in week.doses],
        load=_load(week) if week.rated else "",
    )


def _sessions(n: int) -> str:
    return ngettext("%(n)s session", "%(n)s sessions", n) % {"n": n}


def _kind(kind: Kind) -> str:
    parts = [_sessions(kind.sessions)]
    if kind.minutes is not None:
        parts.append(_("%(n)s min") % {"n": words.rounded(kind.minutes)})
    if kind.without_minutes:
        text = ngettext("%(n)s without its minutes", "%(n)s without their minutes", kind.without_minutes)
        parts.append(text % {"n": kind.without_minutes})
    return _(", ").join(parts)


def _place(dose: WeeklyDose, *, with_channel: bool) -> str:
    parts = [muscle_name(dose.muscle)]
    if dose.side != "none":
        parts.append(words_for("side", dose.side))
    if with_channel:
        parts.append(_("channel %(number)s") % {"number": dose.channel})
    return _(", ").join(parts)


def _dose(dose: WeeklyDose) -> str:
    if dose.on_time_minutes is None:
        return _(", ").join([_sessions(dose.n), _("minutes with current not known")])
    return _(", ").join([_sessions(dose.n), _("%(n)s min with current") % {"n": words.rounded(dose.on_time_minutes)}])


def _load(week: Week) -> str:
    if week.load is None:
        return _("Effort times minutes: not known, because a session lacks how hard it was or how long it took.")
    return _("Effort (0 to 10) times minutes, all sessions added up: %(load)s.") % {"load": f"{week.load:.0f}"}
