"""From the material of a clinic's patients to the counts of its month. Pure.

Nothing can be traced to a person: a number below 5 is not shown, nor one from which such a number follows by
subtraction. The limit of 5 is common in health statistics; how it is applied is a convention of this project.
"""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from rehab.analytics.summaries import ClinicSummary
from rehab.analytics.summary_build import METHODS, adherence_of, counts_of, in_period
from rehab.analytics.summary_material import Material, Window
from rehab.analytics.summary_series import states_of

SMALLEST = 5
BUCKETS = ((0, 20), (20, 40), (40, 60), (60, 80), (80, 100))


class Part(NamedTuple):
    """What one patient adds: numbers and states, and no name."""

    patient_id: str
    records: int
    sessions: int
    alerts: int
    session_pct: float | None
    conditions: tuple[str, ...]
    states: frozenset[str]
    digest: str


def part(material: Material, *, patient_id: str) -> Part:
    window = material.window
    counts = counts_of(material, in_period(material))
    adherence = adherence_of(material)
    return Part(
        patient_id=patient_id,
        records=counts["records"],
        sessions=counts["sessions"],
        alerts=sum(window.first <= alert.raised_on.toordinal() <= window.last for alert in material.alerts),
        session_pct=None if adherence is None else adherence["session_pct"],
        conditions=tuple(sorted(material.subject.conditions)),
        states=frozenset(states_of(material)) - {"insufficient_data"},
        digest=material.digest,
    )


def clinic_summary(parts: Iterable[Part], *, window: Window, time_zone: str) -> ClinicSummary:
    """Put the parts of all patients of a clinic together."""
    rows = sorted(parts)
    active = sum(row.records > 0 for row in rows)
    with_alerts = sum(row.alerts > 0 for row in rows)
    shown_active = shown(active, of=len(rows))
    records = sum(row.records for row in rows) if shown_active is not None else None
    return ClinicSummary.model_validate(
        {
            "period": "month",
            "starts_on": window.starts_on,
            "ends_on": window.ends_on,
            "time_zone": time_zone,
            "patients": shown(len(rows), of=len(rows)),
            "patients_active": shown_active,
            "records": records,
            "sessions": None if records is None else _sessions(rows),
            "alerts_raised": sum(row.alerts for row in rows) if with_alerts >= SMALLEST else None,
            "adherence": _buckets([row.session_pct for row in rows if row.session_pct is not None], of=len(rows)),
            "outcomes": _outcomes(rows),
            "inputs": {
                "records": records or 0,
                "digest": hashlib.sha256("".join(row.digest for row in rows).encode()).hexdigest(),
                "methods": METHODS,
            },
        }
    )


def shown(number: int, *, of: int) -> int | None:
    """Return a count if neither it nor the rest of the group is a small cell; a rest of nobody is none.

    >>> shown(12, of=20), shown(4, of=20), shown(17, of=20), shown(20, of=20)
    (12, None, None, 20)
    """
    return None if number < SMALLEST or 0 < of - number < SMALLEST else number


def _sessions(rows: Collection[Part]) -> int | None:
    """Return the sessions of all, unless they are those of a few people, or the other records are: these follow."""
    with_sessions = sum(row.sessions > 0 for row in rows)
    with_others = sum(row.records > row.sessions for row in rows)
    return None if any(0 < n < SMALLEST for n in (with_sessions, with_others)) else sum(row.sessions for row in rows)


def _buckets(percents: Collection[float], *, of: int) -> list[dict[str, Any]]:
    """Return the buckets. The smallest are left out until those in none that is shown are no small group either."""
    counts = [sum(low <= pct < high or pct == high == 100 for pct in percents) for low, high in BUCKETS]
    shown_ones = sorted((count, n) for n, count in enumerate(counts) if count >= SMALLEST)
    while shown_ones and shown(sum(count for count, _n in shown_ones), of=of) is None:
        del shown_ones[0]
    kept = {n for _count, n in shown_ones}
    return [
        {"low_pct": low, "high_pct": high, "patients": counts[n] if n in kept else None}
        for n, (low, high) in enumerate(BUCKETS)
    ]


def _outcomes(rows: Collection[Part]) -> list[dict[str, Any]]:
    by_condition: dict[str, list[Part]] = defaultdict(list)
    for row in rows:
        for condition in row.conditions if row.states else ():
            by_condition[condition].append(row)
    return [_outcome(condition, same, of=len(rows)) for condition, same in sorted(by_condition.items())]


def _outcome(condition: str, rows: Collection[Part], *, of: int) -> dict[str, Any]:
    """Return the states of the patients with a condition; ``of``: patients of the clinic, which are shown too."""
    n = len(rows)
    if shown(n, of=of) is None:
        hidden = dict.fromkeys(("patients", "with_improved", "with_declined", "stable"))
        return {"condition": condition, **hidden}
    improved = sum("improved" in row.states for row in rows)
    declined = sum("declined" in row.states for row in rows)
    both = sum({"improved", "declined"} <= row.states for row in rows)
    stable = n - improved - declined + both
    # With all three shown, those with both, or with one alone, follow by subtraction.
    follows = (both, improved - both, declined - both)
    small = any(0 < cell < SMALLEST for cell in follows)
    return {
        "condition": condition,
        "patients": n,
        "with_improved": shown(improved, of=n),
        "with_declined": shown(declined, of=n),
        "stable": None if small else shown(stable, of=n),
    }
