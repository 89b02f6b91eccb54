"""Records of the cast's patient on given days, written by the service that everybody uses."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from rehab.models import Record
from rehab.services import records
from rehab.services.kinds import KINDS
from tests.conftest import Cast
from tests.documents import document

#: A Wednesday, noon in Shanghai, where the cast's patient lives.
NOW = datetime(2026, 6, 10, 4, tzinfo=UTC)
TODAY = date(2026, 6, 10)
ZONE = ZoneInfo("Asia/Shanghai")


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def local(on: date, hour: float) -> datetime:
    """Return the patient's own hour of a day as a moment."""
    return datetime.combine(on, time(), tzinfo=ZONE) + timedelta(hours=hour)


def log(
    cast: Cast, kind: str, variant: str, on: date, *, hour: float = 9, by: User | None = None, **fields: Any
) -> Record:
    made = document(
        kind,
        variant,
        cast.patient.pk,
        performed_at=local(on, hour).isoformat(),
        confirm=True,
        **fields,
    )
    author = by or cast.therapist
    return records.create(KINDS[kind], made, by=author, source="api", now=NOW).record


def grade(cast: Cast, muscle: str, side: str, grade: str, on: date, **fields: Any) -> Record:
    return log(cast, "strength", "mrc", on, scale="MRC11", muscle=muscle, side=side, grade=grade, **fields)


def force(cast: Cast, muscle: str, side: str, newtons: float, on: date, **fields: Any) -> Record:
    trials = fields.pop("trials", [{"value": newtons, "unit": "N"}])
    return log(cast, "strength", "hhd", on, muscle=muscle, side=side, trials=trials, **fields)


def grip(cast: Cast, side: str, newtons: float, on: date, **fields: Any) -> Record:
    trials = [{"value": newtons, "unit": "N"}] * 3
    return log(cast, "strength", "grip", on, side=side, trials=trials, **fields)


def girth(cast: Cast, site: str, side: str, cm: float, on: date) -> Record:
    return log(cast, "girth", "girth", on, site=site, side=side, readings=[{"value": cm, "unit": "cm"}])


def angle(cast: Cast, motion: str, side: str, degrees: float, on: date, **fields: Any) -> Record:
    return log(
        cast, "rom", "rom", on, motion=motion, side=side, value_deg=degrees, **{"rom_type": "PROM", **fields}
    )  # fmt: skip


def session(cast: Cast, on: date, *, minutes: float | None = 20, rpe: int | None = 5, **fields: Any) -> Record:
    return log(cast, "sessions", "aerobic", on, duration_min=minutes, session_rpe=rpe, **fields)


def check_in(cast: Cast, on: date, *, hour: float = 9, **fields: Any) -> Record:
    """Record a check-in that says nothing but ``fields``."""
    said: dict[str, Any] = {"pain": [], "fatigue": None, "spasm_frequency": None, "spasm_severity": None,
                            "symptoms": [], "mood": None, "sleep_hours": None, **fields}  # fmt: skip
    return log(cast, "check-ins", "check-ins", on, hour=hour, **said)
