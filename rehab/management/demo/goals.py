"""What clinicians assess in the stories, and the goals that patients and therapists agree on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from rehab.management.demo import central, disuse, generator, muscle, nerve, neuron
from rehab.management.demo.generator import Planned
from rehab.management.demo.shapes import Document, Story
from rehab.services import goals

HOUR = 11
#: Assessed at the first visit, then about once a month.
MONTHLY = (2, 30, 58, 86, 109)
ENDS = (2, 58, 109)
_UPPER = ("C5", "C6", "C7", "C8", "T1")
_LOWER = ("L2", "L3", "L4", "L5", "S1")
_GROUPS = ("SHO_ABD", "ELB_FLEX", "WRI_EXT", "HIP_FLEX", "KNE_EXT", "ANK_DF")


def _tone(muscle_group: str, side: str, grades: str) -> list[tuple[int, Document]]:
    return [
        (day, {"assessment": "mas", "muscle": muscle_group, "side": side, "ashworth": grade, "position": "supine"})
        for day, grade in zip(MONTHLY, grades.split(), strict=True)
    ]


def _key_muscles(right: str, left: str) -> list[tuple[int, Document]]:
    """One word of five grades, L2 to S1, for each examination; the arms are strong."""
    return [
        (
            day,
            {
                "assessment": "isncsci_motor",
                **{
                    side: {**dict.fromkeys(_UPPER, "5"), **dict(zip(_LOWER, grades, strict=True))}
                    for side, grades in (("right", one), ("left", other))
                },
            },
        )
        for day, one, other in zip(MONTHLY, right.split(), left.split(), strict=True)
    ]


def _sum_scores(*grades: str) -> list[tuple[int, Document]]:
    """One word of six grades for each examination, both sides alike; the first is in intensive care."""
    return [
        (
            day,
            {
                "assessment": "mrc_sum",
                "right": dict(zip(_GROUPS, word, strict=True)),
                "left": dict(zip(_GROUPS, word, strict=True)),
                "critical_illness": day == MONTHLY[0],
            },
        )
        for day, word in zip(MONTHLY, grades, strict=True)
    ]


def _totals(scale: str, days: tuple[int, ...], *values: float, **fields: Any) -> list[tuple[int, Document]]:
    return [
        (day, {"assessment": "function_scale", "scale": scale, "value": value, **fields})
        for day, value in zip(days, values, strict=True)
    ]


def _breathing(mass_kg: float, *readings: tuple[int, int, int, int, int]) -> list[tuple[int, Document]]:
    """Each reading: day, vital capacity in mL, MIP, MEP and single breath count."""
    return [
        (
            day,
            {
                "assessment": "respiratory",
                "vital_capacity_ml": capacity,
                "body_mass": {"value": mass_kg, "unit": "kg"},
                "mip_cmh2o": mip,
                "mep_cmh2o": mep,
                "single_breath_count": count,
                "position": "sitting",
            },
        )
        for day, capacity, mip, mep, count in readings
    ]


#: By story: the day and what was assessed on it.
ASSESSMENTS: Mapping[str, list[tuple[int, Document]]] = {
    central.STROKE.key: [
        *_tone("ELB_FLEX", "right", "2 2 1+ 1+ 1"),
        *_tone("ANK_PF", "right", "2 1+ 1+ 1+ 1+"),
        *_totals("ten_metre_walk", ENDS, 17.2, 13.1, 11.4, aid="stick"),
        *_totals("berg", ENDS, 38, 44, 49),
        *_totals("barthel", ENDS, 65, 80, 90),
    ],
    central.SPINAL_CORD.key: [
        *_key_muscles("33212 33222 43223 43323 44323", "22101 32111 33112 33112 33212"),
        *_totals("scim", ENDS, 46, 58, 67),
    ],
    nerve.GUILLAIN_BARRE.key: [
        *_sum_scores("343332", "343333", "443443", "554443", "554554"),
        *_breathing(58, (2, 1500, 38, 48, 22), (9, 1750, 44, 55, 25), (30, 2300, 58, 72, 31), (58, 2900, 74, 90, 38)),
    ],
    muscle.MYASTHENIA.key: [
        *_breathing(82, (2, 4150, 88, 112, 44), (58, 4080, 86, 108, 43), (109, 4120, 90, 110, 45)),
        *_totals("mg_adl", ENDS, 6, 5, 6),
    ],
    # The vital capacity falls by a little more than 30 %, so the last reading raises a red flag.
    neuron.MOTOR_NEURON.key: [
        *_breathing(61, (2, 2950, 62, 78, 36), (30, 2780, 58, 74, 34), (58, 2500, 52, 68, 31), (86, 2230, 47, 62, 29),
                    (109, 2040, 44, 58, 27)),
        *_totals("alsfrs_r", MONTHLY, 40, 39, 37, 35, 34),
    ],
    disuse.SARCOPENIA.key: [
        *_totals("five_sit_to_stand", ENDS, 19.4, 16.8, 15.1),
        *_totals("timed_up_and_go", ENDS, 15.2, 13.4, 12.6),
        *_totals("six_minute_walk", ENDS, 295, 328, 346),
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Agreed:
    """A goal from the first visit on, and the levels it was rated at on days."""

    title: str
    #: From much less to much more than expected.
    levels: tuple[str, str, str, str, str]
    ratings: tuple[tuple[int, int, str], ...]
    baseline: int = -1
    importance: int = 1
    difficulty: int = 1


GOALS: Mapping[str, tuple[Agreed, ...]] = {
    central.STROKE.key: (
        Agreed(
            "I want to walk to the corner shop by myself",
            (
                "Walks indoors only with somebody's hand",
                "Walks indoors with the four-point stick",
                "Walks the 200 m to the shop with a stick, with rests",
                "Walks to the shop and back with a stick, without a rest",
                "Walks to the shop and back without a stick",
            ),
            ((58, -1, "Outdoors to the gate."), (109, 0, "Two rests on the way.")),
            importance=3,
            difficulty=2,
        ),
        Agreed(
            "I want to hold my rice bowl with the right hand",
            (
                "Cannot close the right hand",
                "Holds an empty bowl on the table",
                "Holds a half-full bowl through a meal",
                "Holds a full bowl through a meal",
                "Holds the bowl and talks without thinking of it",
            ),
            ((58, 0, ""), (109, 1, "Full bowl at the visit.")),
            importance=2,
        ),
    ),
    central.SPINAL_CORD.key: (
        Agreed(
            "I want to stand at the kitchen counter and cook",
            (
                "Stands only in the frame",
                "Stands 2 minutes with both hands held",
                "Stands 10 minutes with one hand on the counter",
                "Cooks a simple meal standing, with a stool near",
                "Cooks a meal standing",
            ),
            ((58, -1, "Six minutes with both hands."), (109, 0, "")),
            importance=2,
            difficulty=2,
        ),
    ),
    nerve.CAUDA_EQUINA.key: (
        Agreed(
            "我想自己走去菜市场买菜",
            (
                "室内行走需人搀扶",
                "佩戴矫形器在室内独立行走",
                "佩戴矫形器独立走到菜市场（约 300 米），中途可休息",
                "走到菜市场并提菜返回，中途可休息",
                "走到菜市场并提菜返回，中途不休息",
            ),
            ((58, -1, "可独立走到小区门口。"), (109, 0, "中途休息一次。")),
            importance=3,
        ),
    ),
    neuron.MOTOR_NEURON.key: (
        Agreed(
            "I want to go on feeding myself at family meals",
            (
                "Is fed for the whole meal",
                "Needs help with half of the meal",
                "Eats by herself with thick handles and cut food",
                "Eats by herself with thick handles, and cuts soft food",
                "Eats and cuts with ordinary cutlery",
            ),
            ((58, 0, "Thick handles since week 5."), (109, -1, "Alan helps towards the end of the meal.")),
            baseline=0,
            importance=3,
        ),
    ),
}


def assessments(story: Story, *, seed: int | str, first: date) -> Iterator[Planned]:
    """Yield the assessments of a story; the same seed and day give the same documents."""
    rng = Random(f"{seed}/{story.key}/assessments")  # noqa: S311  # believable, not secret
    for order, (day, document) in enumerate(ASSESSMENTS.get(story.key, ())):
        moment = _moment(story, first, day) + timedelta(minutes=order % 10)
        common = {
            "kind": "assessments",
            "id": str(generator.record_id(moment, rng)),
            "patient": str(story.id),
            "performed_at": moment.isoformat(),
        }
        yield Planned({**common, **document}, "therapist")


def agree(story: Story, *, first: date, by: User) -> None:
    """Write the goals of a story at its first visit, and rate them when they were looked at."""
    for agreed in GOALS.get(story.key, ()):
        begun = _moment(story, first, MONTHLY[0])
        names = ("much_less", "less", "expected", "more", "much_more")
        document = {
            "patient": str(story.id),
            "title": agreed.title,
            "levels": dict(zip(names, agreed.levels, strict=True)),
            "baseline_level": agreed.baseline,
            "importance": agreed.importance,
            "difficulty": agreed.difficulty,
            "period_start": begun.date().isoformat(),
            "period_end": (begun.date() + timedelta(weeks=18)).isoformat(),
            "review_dates": [(begun.date() + timedelta(weeks=weeks)).isoformat() for weeks in (8, 15, 17)],
        }
        goal = goals.create(document, by=by, now=begun).goal
        for day, level, note in agreed.ratings:
            rated = _moment(story, first, day)
            rating = {"level": level, "rated_on": rated.date().isoformat(), "note": note}
            goals.review(goal.pk, rating, by=by, now=rated)


def _moment(story: Story, first: date, day: int) -> datetime:
    on = first + timedelta(days=day)
    on += timedelta(days={5: -1, 6: 1}.get(on.weekday(), 0))
    return datetime.combine(on, time(HOUR), tzinfo=ZoneInfo(story.time_zone))
