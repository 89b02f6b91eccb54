"""Pattern hints for clinicians: never shown to patients, not diagnoses, never lowering a red flag.

The rules are conventions of this project. Each hint lists what fired it, what is missing and the exceptions to
keep in mind; several may hold at once.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from rehab.analytics import focal_weakness
from rehab.analytics.distribution import notable_limbs
from rehab.analytics.findings import Decline, Findings, SideDifference
from rehab.analytics.focal_weakness import FocalWeakness
from rehab.analytics.hint_texts import TEXTS_EN, Code
from rehab.reference.muscles import MUSCLES

METHOD = "hints/1"
EXPIRES_AFTER_DAYS = 28
RAPID_DAYS, ACUTE_DAYS, PROGRESSIVE_DAYS = 28, 7, 56
WORSE_DAYS = 5
DISTAL_MARKERS = frozenset({"INTEROSSEI_D", "THENAR", "FIN_ABD", "ANK_DF", "HALLUX_EXT"})
OCULOBULBAR_ITEMS = frozenset({"ptosis", "diplopia", "chewing", "swallowing", "speech"})
SYMMETRIC_GRADES, SYMMETRIC_PCT = 1, 20

EXCEPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "PROG_DISTAL": ("distal_myopathy", "myotonic_dystrophy", "als_asymmetric"),
        "PROG_PROXIMAL": ("proximal_sma", "cidp_proximal", "als_asymmetric"),
    }
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that made a hint hold."""

    what: str
    """Code of a muscle, girth site, limb or symptom item."""
    side: str
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """A pattern, with the data and dates behind it."""

    code: Code
    parameters: Mapping[str, int | str | tuple[str, ...]]
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    """sensory, reflexes, emg, ck, drug_history, proximal_signs."""
    symmetric: bool | None
    """``None`` if no side difference is known for what fired."""
    exceptions: tuple[str, ...]
    red_flag: str | None
    expires_on: dt.date
    """Last day on which the hint holds without new data."""
    n: int
    """Pieces of evidence."""
    first_on: dt.date
    last_on: dt.date
    ids: tuple[str, ...]
    method: str = METHOD

    @property
    def text_en(self) -> str:
        """English text with its parameters."""
        words = {
            name: ", ".join(value) if isinstance(value, tuple) else value for name, value in self.parameters.items()
        }
        return TEXTS_EN[self.code].format(**words)


def evaluate(*, findings: Findings, today: dt.date) -> tuple[Hint, ...]:
    """Every hint that holds on ``today`` and whose newest data are not older than 28 days.

    ACUTE_SUBACUTE: at least two groups confirmed ``declined``, or down by a full MRC grade, within 28 days
    (acute: two within 7), with red flag RAPID_WEAK. PROG_DISTAL: index negative in two limbs and two distal
    groups declined over 56 days or more. PROG_PROXIMAL: index positive in two limbs, or neck flexors and a
    girdle group declined, and two proximal groups declined over 56 days or more. FLUCTUATING: a consistent
    afternoon decrease, or eye or bulbar symptoms worse in the afternoon on 5 of the last 28 days. MYOTOMAL and
    SINGLE_NERVE: see ``rehab.analytics.focal_weakness``. DISUSE: a fall that overlaps logged immobilisation, no
    sensory change, then a rise with training. A group counts once per side. Conventions of this project.

    >>> evaluate(findings=Findings(), today=dt.date(2026, 3, 2))
    ()
    """
    rules: tuple[Callable[[Findings, dt.date], Iterable[Hint]], ...] = (
        _acute,
        _prog_distal,
        _prog_proximal,
        _fluctuating,
        _focal,
        _disuse,
    )
    return tuple(hint for rule in rules for hint in rule(findings, today) if today <= hint.expires_on)


def _acute(findings: Findings, today: dt.date) -> Iterable[Hint]:
    rapid = [row for row in findings.declines if (row.confirmed or row.full_grade) and row.last_on <= today]
    for last_on in sorted({row.last_on for row in rapid}, reverse=True):
        within = {days: _groups_within(rapid, last_on=last_on, days=days) for days in (RAPID_DAYS, ACUTE_DAYS)}
        rows = within[RAPID_DAYS]
        if len(_groups(rows)) >= 2:
            course = "acute" if len(_groups(within[ACUTE_DAYS])) >= 2 else "subacute"
            days = (last_on - min(row.first_on for row in rows)).days
            parameters: dict[str, int | str | tuple[str, ...]] = {
                "groups": len(_groups(rows)),
                "days": days,
                "course": course,
            }
            yield _hint("ACUTE_SUBACUTE", findings, parameters, _from_declines(rows), red_flag="RAPID_WEAK")
            return


def _groups_within(rows: Iterable[Decline], *, last_on: dt.date, days: int) -> list[Decline]:
    start = last_on - dt.timedelta(days=days)
    return [row for row in rows if row.first_on >= start and row.last_on <= last_on]


def _groups(rows: Iterable[Decline]) -> set[tuple[str, str]]:
    return {(row.muscle, row.side) for row in rows}


def _prog_distal(findings: Findings, today: dt.date) -> Iterable[Hint]:
    rows = [row for row in _slow(findings, today) if row.muscle in DISTAL_MARKERS]
    indices = _from_indices(findings, weaker="distal")
    if indices and len(_groups(rows)) >= 2:
        yield _hint("PROG_DISTAL", findings, {"muscles": _muscles(rows)}, [*_from_declines(rows), *indices])


def _prog_proximal(findings: Findings, today: dt.date) -> Iterable[Hint]:
    rows = [row for row in _slow(findings, today) if MUSCLES[row.muscle].prox_dist == "proximal"]
    confirmed = [row for row in findings.declines if row.confirmed and row.last_on <= today]
    neck = [row for row in confirmed if row.muscle == "NECK_FLEX"]
    girdle = any(MUSCLES[row.muscle].prox_dist == "proximal" for row in confirmed)
    indices = _from_indices(findings, weaker="proximal")
    if len(_groups(rows)) >= 2 and (indices or (neck and girdle)):
        evidence = [*_from_declines([*rows, *neck]), *indices]
        parameters = {"muscles": _muscles([*rows, *neck]), "signs": findings.proximal_signs}
        yield _hint("PROG_PROXIMAL", findings, parameters, evidence)


def _slow(findings: Findings, today: dt.date) -> list[Decline]:
    return [
        row
        for row in findings.declines
        if row.confirmed and row.last_on <= today and (row.last_on - row.first_on).days >= PROGRESSIVE_DAYS
    ]


def _fluctuating(findings: Findings, today: dt.date) -> Iterable[Hint]:
    evidence = [
        Evidence(row.muscle, row.side, row.result.first_on, row.result.last_on, row.result.ids)
        for row in findings.fatigability
        if row.result.state == "consistent_decrease" and row.result.first_on and row.result.last_on
    ]
    worse = [
        row
        for row in findings.symptom_days
        if row.item in OCULOBULBAR_ITEMS
        and row.afternoon > row.morning
        and 0 <= (today - row.on).days < EXPIRES_AFTER_DAYS
    ]
    if len({row.on for row in worse}) >= WORSE_DAYS:
        evidence += [Evidence(row.item, "none", row.on, row.on, row.ids) for row in worse]
    if evidence:
        groups = tuple(sorted({item.what for item in evidence}))
        yield _hint("FLUCTUATING", findings, {"what": groups}, evidence)


def _focal(findings: Findings, today: dt.date) -> Iterable[Hint]:
    known = [row for row in findings.side_differences if row.on <= today]
    kinds: tuple[tuple[Code, tuple[FocalWeakness, ...]], ...] = (
        ("MYOTOMAL", focal_weakness.myotomal(differences=known)),
        ("SINGLE_NERVE", focal_weakness.single_nerve(differences=known)),
    )
    for code, found in kinds:
        for focus in found:
            evidence = [Evidence(row.muscle, focus.side, row.on, row.on, row.ids) for row in focus.weak]
            parameters = {
                "names": focus.names,
                "side": focus.side,
                "muscles": tuple(row.muscle for row in focus.weak),
                "spared": tuple(row.muscle for row in focus.spared),
            }
            yield _hint(code, findings, parameters, evidence)


def _disuse(findings: Findings, today: dt.date) -> Iterable[Hint]:
    if findings.sensory_change:
        return
    evidence: list[Evidence] = []
    for fall in findings.falls:
        periods = [p for p in findings.immobilised if p.first_on <= fall.last_on and fall.first_on <= p.last_on]
        rises = [
            rise
            for rise in findings.rises
            if (rise.what, rise.side) == (fall.what, fall.side)
            and fall.last_on <= rise.first_on
            and rise.last_on <= today
            and any(rise.first_on <= day <= rise.last_on for day in findings.trained_on)
        ]
        if periods and rises:
            evidence += [Evidence("immobilised", "none", p.first_on, p.last_on, (p.id,)) for p in periods]
            evidence += [Evidence(row.what, row.side, row.first_on, row.last_on, row.ids) for row in (fall, *rises)]
    if evidence:
        yield _hint("DISUSE", findings, {}, evidence)


def _hint(
    code: Code,
    findings: Findings,
    parameters: Mapping[str, int | str | tuple[str, ...]],
    evidence: Iterable[Evidence],
    red_flag: str | None = None,
) -> Hint:
    items = tuple(sorted(set(evidence), key=lambda item: (item.first_on, item.what, item.side, item.ids)))
    last_on = max(item.last_on for item in items)
    focal = code in {"MYOTOMAL", "SINGLE_NERVE"}
    return Hint(
        code=code,
        parameters=MappingProxyType(dict(parameters)),
        evidence=items,
        missing=_missing(code, findings),
        symmetric=False if focal else _symmetric({item.what for item in items}, findings.side_differences),
        exceptions=EXCEPTIONS.get(code, ()),
        red_flag=red_flag,
        expires_on=last_on + dt.timedelta(days=EXPIRES_AFTER_DAYS),
        n=len(items),
        first_on=min(item.first_on for item in items),
        last_on=last_on,
        ids=tuple(dict.fromkeys(id_ for item in items for id_ in item.ids)),
    )


def _missing(code: Code, findings: Findings) -> tuple[str, ...]:
    sensory = () if findings.sensory_change is not None else ("sensory",)
    of_code: tuple[str, ...] = ()
    if code == "PROG_PROXIMAL":
        of_code = ("drug_history",) if findings.proximal_signs else ("drug_history", "proximal_signs")
    return (*sensory, "reflexes", "emg", "ck", *of_code)


def _symmetric(muscles: set[str], differences: Sequence[SideDifference]) -> bool | None:
    """Whether every known difference is at most 1 grade, or 20 % where no grades are known."""
    last = {row.muscle: row for row in sorted(differences, key=lambda row: (row.on, row.ids)) if row.muscle in muscles}
    known: list[bool] = []
    for row in last.values():
        if row.grades is not None:
            known.append(round(abs(row.grades), 9) <= SYMMETRIC_GRADES)
        elif row.asymmetry_pct is not None:
            known.append(round(abs(row.asymmetry_pct), 9) <= SYMMETRIC_PCT)
    return all(known) if known else None


def _muscles(rows: Iterable[Decline]) -> tuple[str, ...]:
    return tuple(sorted({row.muscle for row in rows}))


def _from_declines(rows: Iterable[Decline]) -> list[Evidence]:
    return [Evidence(row.muscle, row.side, row.first_on, row.last_on, row.ids) for row in rows]


def _from_indices(findings: Findings, *, weaker: Literal["distal", "proximal"]) -> list[Evidence]:
    return [
        Evidence(f"{index.limb}_limb", index.side, index.first_on, index.last_on, index.ids)
        for index in notable_limbs(indices=findings.indices, weaker=weaker)
        if index.first_on and index.last_on
    ]
