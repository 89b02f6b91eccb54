"""Builders of what each modality adds to a session. Each returns a function of the week."""

from collections.abc import Sequence
from random import Random
from typing import Any, TypeVar

from rehab.management.demo.shapes import WEEKS, Details, Document

Rung = TypeVar("Rung")


def step(ladder: Sequence[Rung], week: int) -> Rung:
    """Return the rung of a ladder that a week stands on; the rungs are spread evenly."""
    return ladder[min(week * len(ladder) // WEEKS, len(ladder) - 1)]


def bands(*exercises: tuple[str, str, str], products: Sequence[str], sets: int = 3, stretch: int = 120) -> Details:
    """Exercises (name, muscle, side) with one product at a time; repetitions rise, then the next band comes."""

    def details(week: int, rng: Random) -> Document:
        rung = max(1, WEEKS // len(products))
        goal = 8 + min(4, 4 * (week % rung) // rung + 1)
        return {
            "exercises": [
                {
                    "exercise": name,
                    "muscle": muscle,
                    "side": side,
                    "reps": [max(5, goal - index - (rng.random() < 0.3)) for index in range(sets)],
                    "product": step(products, week),
                    "peak_elongation_pct": stretch + rng.choice((-10, 0, 0, 10)),
                    "tempo": "3-1-2-0",
                    "rest_s": 90,
                }
                for name, muscle, side in exercises
            ]
        }

    return details


def weights(*exercises: tuple[str, str, str, str, float, float], sets: int = 3, rir: int = 3) -> Details:
    """Exercises (name, muscle, side, equipment, kg at the start, kg a week), always short of failure."""

    def details(week: int, rng: Random) -> Document:
        return {
            "exercises": [
                {
                    "exercise": name,
                    "muscle": muscle,
                    "side": side,
                    "reps": [10 - (rng.random() < 0.3) for _ in range(sets)],
                    "rest_s": 120,
                    "rir": rir,
                    "equipment": equipment,
                    "load": {"value": round((start + weekly * week) * 2) / 2, "unit": "kg"},
                }
                for name, muscle, side, equipment, start, weekly in exercises
            ]
        }

    return details


def fes(muscle: str, side: str, *, milliamps: float, weekly: float = 0.5, **fields: Any) -> Details:
    """Stimulation through the nerve, unless ``fields`` say otherwise."""
    usual: Document = {
        "innervation": "intact",
        "waveform": "symmetric_biphasic",
        "frequency_hz": 35,
        "phase_duration_us": 300,
        "on_s": 10,
        "off_s": 20,
        "ramp_up_s": 2,
        "ramp_down_s": 1,
        "electrode_area_cm2": 25,
        "contraction_grade": "visible",
    }

    def details(week: int, rng: Random) -> Document:
        return {
            **usual,
            **fields,
            "channels": [{"muscle": muscle, "side": side}],
            "amplitude": {"value": round(milliamps + weekly * week + rng.choice((-1, 0, 0, 1))), "unit": "mA"},
            "skin_before": "normal",
            "skin_after": rng.choice(("normal", "normal", "red_fading")),
        }

    return details


def pool(*activities: str, levels: Sequence[str], celsius: float = 33.5, **fields: Any) -> Details:
    def details(week: int, rng: Random) -> Document:
        return {
            "activity": activities[rng.randrange(len(activities))],
            "immersion_level": step(levels, week),
            "water_temp": {"value": round(celsius + rng.choice((-0.5, 0, 0, 0.5)), 1), "unit": "Cel"},
            "entry": "steps",
            **fields,
        }

    return details


def loading(side: str, *targets: tuple[str, int | None], body_mass: float, method: str = "scale") -> Details:
    """Weight bearing along a ladder of (prescribed status, target in % of body weight)."""

    def details(week: int, rng: Random) -> Document:
        status, target = step(targets, week)
        reached = (target or 70 + 1.5 * week) * rng.uniform(0.88, 1.04)
        return {
            "wb_status": status,
            "side": side,
            "measured_max": {"value": round(min(reached, 100) * body_mass / 100, 1), "unit": "kg"},
            "body_mass": {"value": body_mass, "unit": "kg"},
            "method": method,
            **({"target_pct_bw": target} if target is not None else {}),
        }

    return details


def stretch(motion: str, side: str, *, reps: int = 4, hold_s: int = 30, kind: str = "static") -> Details:
    return lambda week, rng: {"type": kind, "motion": motion, "side": side, "reps": reps, "hold_s": hold_s}


def gait(task: str, *, metres: float, speed: float, weekly: float = 0.0, aids: Sequence[str] = ()) -> Details:
    """A walk over a distance at a speed in m/s that changes by ``weekly``."""

    def details(week: int, rng: Random) -> Document:
        seconds = metres / (speed + weekly * week) * rng.uniform(0.97, 1.03)
        found: Document = {
            "task": task,
            "distance_m": metres,
            "time_s": round(seconds, 1),
            "loss_of_balance_n": int(rng.random() < 0.15),
            "falls_n": 0,
            "surface": "floor",
        }
        return {**found, "aid": step(aids, week)} if aids else found

    return details


def balance(task: str, *, assistance: str = "supervision") -> Details:
    return lambda week, rng: {
        "task": task,
        "loss_of_balance_n": rng.choice((0, 0, 1, 2)),
        "falls_n": 0,
        "assistance": assistance,
    }


def aerobic(activity: str, *, heart_rate: int, metres: int | None = None) -> Details:
    def details(week: int, rng: Random) -> Document:
        beats = heart_rate + rng.randrange(-4, 5)
        found = {"activity": activity, "heart_rate_mean": beats, "heart_rate_max": beats + rng.randrange(8, 18)}
        return found if metres is None else {**found, "distance_m": round(metres * (1 + week / 40))}

    return details


def breathing(exercise: str, *, sets: int = 3, reps: int = 8, load: float | None = None) -> Details:
    found: Document = {"exercise": exercise, "sets": sets, "reps": reps}
    return lambda week, rng: found if load is None else {**found, "load_cmh2o": load}


def other(description: str) -> Details:
    return lambda week, rng: {"description": description}
