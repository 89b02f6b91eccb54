"""Weakness of one side that follows one spinal segment or one peripheral nerve.

Rules are conventions of this project; segments and nerves: ``rehab.reference.innervation``.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rehab.analytics.findings import SideDifference
from rehab.reference.innervation import MAIN_NERVES, NERVES_OF, SEGMENTS, SEGMENTS_OF
from rehab.reference.muscles import MUSCLES

WEAK_GRADES = 1
MIN_GROUPS = 2


@dataclass(frozen=True, slots=True)
class FocalWeakness:
    """Weak groups of one side of one limb, and the spared groups that bound them."""

    names: tuple[str, ...]
    """Segments that fit equally well, or one nerve code."""
    side: Literal["left", "right"]
    weak: tuple[SideDifference, ...]
    spared: tuple[SideDifference, ...]


def myotomal(*, differences: Iterable[SideDifference]) -> tuple[FocalWeakness, ...]:
    """Segments shared by two or more weak groups of different nerves, with their neighbours spared.

    Weak: at least one MRC grade below the other side. Neighbours of a segment: tested groups of the limb that
    share the segment above or below but not the segment itself; at least one must have been tested and none
    be weak. Myotomes overlap: of the segments of a limb that qualify, those stay of whose tested groups the
    largest share is weak; segments with the same weak groups are named together. Convention of this project.
    """
    found: list[FocalWeakness] = []
    for side, tested, weak in _sides_of_limbs(differences):
        fitting: list[tuple[float, str, frozenset[str], set[str]]] = []
        for position, segment in enumerate(SEGMENTS):
            sharing = {code for code in tested if segment in SEGMENTS_OF[code]}
            beside = {*SEGMENTS[max(position - 1, 0) : position], *SEGMENTS[position + 1 : position + 2]}
            neighbours = {code for code in tested if SEGMENTS_OF[code] & beside} - sharing
            members = frozenset(sharing & weak)
            if _of_different_nerves(members) and neighbours and not neighbours & weak:
                fitting.append((len(members) / len(sharing), segment, members, neighbours))
        best: dict[frozenset[str], tuple[list[str], set[str]]] = {}
        for share, segment, members, neighbours in fitting:
            if share == max(row[0] for row in fitting):
                names, spared = best.setdefault(members, ([], set()))
                names.append(segment)
                spared |= neighbours
        found.extend(
            FocalWeakness(names=tuple(names), side=side, weak=_rows(tested, members), spared=_rows(tested, spared))
            for members, (names, spared) in best.items()
        )
    return tuple(found)


def single_nerve(*, differences: Iterable[SideDifference]) -> tuple[FocalWeakness, ...]:
    """Nerves with two or more weak groups while other groups of the same segments are spared.

    Weak: at least one MRC grade below the other side. Others: tested groups of the limb that share a segment
    with the weak ones but are not supplied by the nerve; at least one must have been tested and none be weak.
    Convention of this project.
    """
    found: list[FocalWeakness] = []
    for side, tested, weak in _sides_of_limbs(differences):
        for nerve in MAIN_NERVES:
            members = {code for code in weak if nerve in NERVES_OF[code]}
            segments = frozenset[str]().union(*(SEGMENTS_OF[code] for code in members))
            others = {code for code in tested if SEGMENTS_OF[code] & segments and nerve not in NERVES_OF[code]}
            if len(members) >= MIN_GROUPS and others and not others & weak:
                found.append(
                    FocalWeakness(names=(nerve,), side=side, weak=_rows(tested, members), spared=_rows(tested, others))
                )
    return tuple(found)


def _sides_of_limbs(
    differences: Iterable[SideDifference],
) -> list[tuple[Literal["left", "right"], Mapping[str, SideDifference], frozenset[str]]]:
    """Per limb and side: the last graded difference of each group, and the groups weak on that side."""
    graded = sorted((row for row in differences if row.grades is not None), key=lambda row: (row.on, row.ids))
    last = {row.muscle: row for row in graded if not MUSCLES[row.muscle].composite_of}
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("left", -1), ("right", 1))
    result: list[tuple[Literal["left", "right"], Mapping[str, SideDifference], frozenset[str]]] = []
    for limb, (side, sign) in itertools.product(("upper", "lower"), sides):
        tested = {code: row for code, row in last.items() if MUSCLES[code].limb == limb}
        weak = frozenset(code for code, row in tested.items() if round(sign * (row.grades or 0), 9) >= WEAK_GRADES)
        result.append((side, tested, weak))
    return result


def _of_different_nerves(codes: frozenset[str]) -> bool:
    return any(not NERVES_OF[one] & NERVES_OF[other] for one, other in itertools.combinations(sorted(codes), 2))


def _rows(tested: Mapping[str, SideDifference], codes: Iterable[str]) -> tuple[SideDifference, ...]:
    return tuple(tested[code] for code in sorted(codes))
