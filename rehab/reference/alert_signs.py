"""The signs that the evidence of a cause names: what makes a report that is repeated or corrected news.

Answers, measures that passed their limits, contraindications, groups that lost strength and series that declined are
signs. A number that changes beside the same sign is none.
"""

from collections.abc import Mapping
from typing import Any

_LISTS = ("answers", "measures", "items", "losses")


def signs_of(evidence: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return the signs of some evidence, each with the key it stands under.

    >>> sorted(signs_of({"answers": ["ces_pain"], "measures": {"mip_cmh2o": 28}, "rule": "two_of_three"}))
    [('answers', 'ces_pain'), ('measures', 'mip_cmh2o')]
    """
    found = {(key, str(code)) for key in _LISTS for code in evidence.get(key) or ()}
    if series := evidence.get("series_key"):
        found.add(("series_key", str(series)))
    return frozenset(found)
