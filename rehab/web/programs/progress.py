"""How it went with a programme, in words. Nothing here judges; a week that is not over has no percentage."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rehab.analytics.adherence import Adherence, WeekSoFar
from rehab.analytics.tally import Tally, WeekTally
from rehab.selectors.adherence import Report


def summary(report: Report, *, own: bool) -> list[str]:
    """Return how it went, in plain sentences; ``own``: spoken to the patient."""
    rolling, week, last = report.rolling, report.week, report.last_week
    found = []
    if week.planned:
        words = (
            _("This week: %(done)s of %(due)s done, %(left)s left.")
            if week.left
            else _("This week: %(done)s of %(due)s done.")
        )
        found.append(words % {"done": week.completed, "due": week.planned, "left": week.left})
    if last.due:
        found.append(_("Last week: %(done)s of %(due)s done.") % {"done": last.completed, "due": last.due})
    if rolling.due:
        template = (
            ngettext(
                "You did %(done)s of %(due)s session in the last 4 weeks.",
                "You did %(done)s of %(due)s sessions in the last 4 weeks.",
                rolling.due,
            )
            if own
            else ngettext(
                "%(done)s of %(due)s session done in the last 4 weeks.",
                "%(done)s of %(due)s sessions done in the last 4 weeks.",
                rolling.due,
            )
        )
        found.append(template % {"done": rolling.completed, "due": rolling.due})
    if rolling.extra and (rolling.due or rolling.excused or week.planned):
        found.append(
            ngettext("%(n)s session more than planned.", "%(n)s sessions more than planned.", rolling.extra)
            % {"n": rolling.extra}
        )
    if report.streak.n > 1:
        found.append(_("%(n)s due days in a row with everything done.") % {"n": report.streak.n})
    return found


def numbers(report: Report) -> list[tuple[str, str]]:
    """Return the figures for a therapist; percentages from three due sessions on, none of a week that is not over."""
    rolling, last = report.rolling, report.last_week
    found = [
        (_("This ISO week, so far"), week_words(report.week)),
        (_("Last whole ISO week"), window_words(last) if last.due else _("Nothing due")),
        (_("28 days"), window_words(rolling) if rolling.due else _("Nothing due")),
    ]
    if rolling.dose_pct is not None:
        found.append((_("Dose done of prescribed, 28 days"), f"{rolling.dose_pct:.0f}\N{NO-BREAK SPACE}%"))
    found += [
        (_("Excused, 28 days"), str(rolling.excused)),
        (_("Extra sessions, 28 days"), str(rolling.extra)),
        (_("Logged more than 48 hours later, 28 days"), str(rolling.recalled)),
        (_("Due days in a row with everything done"), str(report.streak.n)),
    ]
    return found


def week_words(week: WeekSoFar | WeekTally) -> str:
    """Return how a week stands that is not over."""
    if not week.planned:
        return _("Nothing planned")
    parts = [_("%(done)s of %(due)s") % {"done": week.completed, "due": week.planned}, *_rest(week)]
    if week.left:
        parts.append(_("%(n)s left") % {"n": week.left})
    return _(", ").join(parts)


def window_words(found: Adherence | Tally) -> str:
    """Return how days went that are over."""
    counts = _("%(done)s of %(due)s") % {"done": found.completed, "due": found.due}
    if found.session_pct is not None:
        counts += f" ({found.session_pct:.0f}\N{NO-BREAK SPACE}%)"
    return _(", ").join([counts, *_rest(found)])


def _rest(found: Adherence | Tally | WeekSoFar | WeekTally) -> list[str]:
    parts = []
    if found.partial:
        parts.append(_("%(n)s in part") % {"n": found.partial})
    if found.missed:
        parts.append(_("%(n)s not done") % {"n": found.missed})
    return parts
