"""Weekly dose of electrical stimulation, per channel and muscle.

Adds up what ``rehab.analytics.fes`` derives for each session. Doses are never summed over muscles.
"""

import datetime as dt
import itertools
from collections.abc import Iterable
from dataclasses import dataclass

from rehab.analytics import _checks
from rehab.analytics.fes import FesDose

METHOD = "fes_weekly/1"
DAYS = 7


@dataclass(frozen=True, slots=True)
class ChannelSession:
    """What one channel delivered to one muscle in one session."""

    id: str
    on: dt.date
    channel: str
    muscle: str
    side: str
    dose: FesDose


@dataclass(frozen=True, slots=True)
class WeeklyDose:
    """Sums of one week for one channel and muscle; ``None`` if any of its sessions lacks the figure."""

    channel: str
    muscle: str
    side: str
    pulses: float | None
    on_time_minutes: float | None
    delivered_phase_charge_millicoulombs: float | None
    n: int
    """Sessions."""
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD


def week(*, sessions: Iterable[ChannelSession], monday: dt.date) -> tuple[WeeklyDose, ...]:
    """Σ pulses, Σ on-time in min and Σ delivered phase charge in mC of the week that starts on ``monday``.

    One row per channel, muscle and side that was stimulated, in that order. A session without a figure (no
    ramps, no amplitude, a carrier in kHz) makes that sum ``None``, not smaller: unknown is not 0. A day that
    is no Monday or a figure below 0: ``ValueError``. Definition.

    >>> from rehab.analytics import fes
    >>> dose = fes.compute(waveform="symmetric_biphasic", frequency_hertz=35, on_seconds=12, off_seconds=20,
    ...                    duration_minutes=20)
    >>> (row,) = week(sessions=[ChannelSession(str(n), dt.date(2026, 3, n), "1", "ANK_DF", "left", dose)
    ...                         for n in (2, 4)], monday=dt.date(2026, 3, 2))
    >>> row.pulses, row.on_time_minutes, row.delivered_phase_charge_millicoulombs
    (31920, 15.2, None)
    """
    if monday.weekday() != 0:
        raise ValueError(f"{monday} is no Monday")
    inside = [session for session in sessions if 0 <= (session.on - monday).days < DAYS]
    inside.sort(key=lambda session: (*_key(session), session.on, session.id))
    return tuple(
        _weekly(key=key, sessions=tuple(same_muscle)) for key, same_muscle in itertools.groupby(inside, key=_key)
    )


def _key(session: ChannelSession) -> tuple[str, str, str]:
    return session.channel, session.muscle, session.side


def _weekly(*, key: tuple[str, str, str], sessions: tuple[ChannelSession, ...]) -> WeeklyDose:
    seconds = _total([session.dose.on_time_seconds for session in sessions])
    return WeeklyDose(
        channel=key[0],
        muscle=key[1],
        side=key[2],
        pulses=_total([session.dose.pulses for session in sessions]),
        on_time_minutes=None if seconds is None else seconds / 60,
        delivered_phase_charge_millicoulombs=_total(
            [session.dose.delivered_phase_charge_millicoulombs for session in sessions]
        ),
        n=len(sessions),
        first_on=sessions[0].on,
        last_on=sessions[-1].on,
        ids=tuple(session.id for session in sessions),
    )


def _total(figures: list[float | None]) -> float | None:
    known = [figure for figure in figures if figure is not None]
    for figure in known:
        _checks.not_negative(figure=figure)
    return sum(known) if len(known) == len(figures) else None
