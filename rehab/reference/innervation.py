"""Segments and main peripheral nerves of each muscle group, for reading patterns of weakness.

Derived from ``myotome`` and ``peripheral_nerve`` of ``rehab.reference.muscles`` (O'Brien 2010; Kendall 2005;
texts differ by one segment). Branches are counted with the nerve they come from: anterior interosseous with
median, posterior interosseous with radial, deep and superficial fibular with fibular.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from rehab.reference.muscles import MUSCLES

SEGMENTS: tuple[str, ...] = (
    *(f"C{number}" for number in range(1, 9)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 6)),
    *(f"S{number}" for number in range(1, 6)),
)
"""Spinal segments from above to below."""

MAIN_NERVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accessory": ("accessory",),
        "dorsal_scapular": ("dorsal scapular",),
        "long_thoracic": ("long thoracic",),
        "axillary": ("axillary",),
        "suprascapular": ("suprascapular",),
        "musculocutaneous": ("musculocutaneous",),
        "pectoral": ("pectoral",),
        "thoracodorsal": ("thoracodorsal",),
        "subscapular": ("lower subscapular", "upper and lower subscapular"),
        "radial": ("radial", "posterior interosseous"),
        "median": ("median", "anterior interosseous"),
        "ulnar": ("ulnar",),
        "femoral": ("femoral",),
        "obturator": ("obturator nerve",),
        "superior_gluteal": ("superior gluteal",),
        "inferior_gluteal": ("inferior gluteal",),
        "sciatic": ("sciatic",),
        "tibial": ("tibial",),
        "fibular": ("fibular",),
    }
)
"""Nerve code to the words that stand for it in ``peripheral_nerve``."""

_RANGE = re.compile(r"\b([CTLS]\d+)(?:-([CTLS]\d+))?")


def _segments(text: str) -> frozenset[str]:
    found: set[str] = set()
    for first, last in _RANGE.findall(text):
        start, end = SEGMENTS.index(first), SEGMENTS.index(last or first)
        found.update(SEGMENTS[start : end + 1])
    return frozenset(found)


def _nerves(text: str) -> frozenset[str]:
    return frozenset(
        code for code, words in MAIN_NERVES.items() if any(re.search(rf"\b{word}", text) for word in words)
    )


SEGMENTS_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {code: _segments(muscle.myotome) for code, muscle in MUSCLES.items()}
)
"""Muscle code to its spinal segments; empty for cranial groups."""

NERVES_OF: Mapping[str, frozenset[str]] = MappingProxyType(
    {code: _nerves(muscle.peripheral_nerve) for code, muscle in MUSCLES.items()}
)
"""Muscle code to its main nerves (codes of ``MAIN_NERVES``); empty for composites and most of the trunk."""
