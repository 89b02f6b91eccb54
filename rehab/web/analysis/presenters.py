"""The page of analyses in words and in the reader's units: figures, what they rest on, and why there is none."""

from typing import Any

from accounts.models import User
from rehab.selectors.analyses.overview import Overview
from rehab.web.analysis import comparisons, courses, hint_cards


def context(found: Overview, user: User) -> dict[str, Any]:
    """Return what the template takes."""
    hints, sides = hint_cards.HintCards(found, user), comparisons.SideLines(found.found, user)
    cards = [hints.card(hint) for hint in found.hints]
    return {
        "hints": [card for card in cards if not card.dismissed],
        "dismissed": [card for card in cards if card.dismissed],
        "involved": found.involved_side,
        "sides": [sides.line(row) for row in found.sides if row.comparison is not None],
        "one_sided": sum(row.comparison is None for row in found.sides),
        "one_sided_reasons": sorted({str(comparisons.NOT_COMPARED[row.reason]) for row in found.sides if row.reason}),
        "limbs": [comparisons.limb_line(limb) for limb in found.limbs if limb.mrc.n or limb.force.n],
        "pattern": found.pattern,
        "fatigability": [courses.fatigability_card(found.found, row, user) for row in found.fatigability],
        "loads": [courses.load_line(week) for week in reversed(found.load)],
        "load_chart": courses.load_chart(found.load) if any(week.load.n for week in found.load) else (),
        "doses": courses.dose_lines(found.doses),
        "weeks": len(found.load),
    }
