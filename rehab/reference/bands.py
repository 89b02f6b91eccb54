"""Resistance-band products and the force their maker states.

Colour is not a unit: brands reuse colours at other forces, and an older chart of the same maker gives other
values (red 3.9 lbf at 100 %), so every row names its source and version. Makers' values are approximate, show
them as "about": flat bands measured below them (Uchida et al. 2016, J Phys Ther Sci 28:1266,
doi:10.1589/jpts.28.1266), CLX 2.3-33.1 % above (Martín-San Agustín 2023, J Sport Rehabil 32:220-226,
doi:10.1123/jsr.2022-0115). Take them as ± 30 %.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from types import MappingProxyType

from rehab.reference import _tables


@dataclass(frozen=True, slots=True)
class BandForcePoint:
    """Force of a single band at one elongation (100 % is twice the resting length)."""

    elongation_pct: float
    force_newtons: float
    force_lbf: float | None = None
    """As printed by the maker, where it was given in pounds-force."""


@dataclass(frozen=True, slots=True)
class BandProduct:
    """One level of one product line, in one version of its chart."""

    code: str
    brand: str
    line: str
    level_code: str
    colour: str
    source: str
    valid_from: dt.date | None
    """Date of the chart, if the source states one."""
    force_points: tuple[BandForcePoint, ...]
    """Ascending by elongation; empty where no force table was verified."""


def _products(rows: list[dict[str, str]]) -> dict[str, BandProduct]:
    identity = ("brand", "line", "level_code", "colour", "source", "valid_from")
    products: dict[str, BandProduct] = {}
    for (brand, line, level_code, colour, source, valid_from), group in groupby(
        rows, key=lambda row: tuple(row[column] for column in identity)
    ):
        if level_code in products:
            raise ValueError(f"bands.csv: {level_code} appears twice")
        points = (
            BandForcePoint(
                elongation_pct=float(row["elongation_pct"]),
                force_newtons=float(row["force_newtons"]),
                force_lbf=_tables.number_or_none(text=row["force_lbf"]),
            )
            for row in group
            if row["elongation_pct"]
        )
        products[level_code] = BandProduct(
            code=level_code,
            brand=brand,
            line=line,
            level_code=level_code,
            colour=colour,
            source=source,
            valid_from=dt.date.fromisoformat(valid_from) if valid_from else None,
            force_points=tuple(sorted(points, key=lambda point: point.elongation_pct)),
        )
    return products


BAND_PRODUCTS: Mapping[str, BandProduct] = MappingProxyType(_products(_tables.rows(name="bands")))
"""By product code, weakest first within a line."""


def force_newtons(*, product_code: str, elongation_pct: float) -> float | None:
    """Force of one band of a listed product, linear between its points at 100 and 200 %.

    ``None`` outside that range or where the product has no force table. A doubled band gives twice the force.
    Unknown product: ``ValueError``.

    >>> force_newtons(product_code="theraband_red", elongation_pct=150)
    20.5
    >>> force_newtons(product_code="theraband_red", elongation_pct=201) is None
    True
    """
    if product_code not in BAND_PRODUCTS:
        raise ValueError(f"unknown band product {product_code!r}")
    return interpolated_force_newtons(
        force_points=BAND_PRODUCTS[product_code].force_points, elongation_pct=elongation_pct
    )


def interpolated_force_newtons(*, force_points: Sequence[BandForcePoint], elongation_pct: float) -> float | None:
    """Force between the neighbouring points of a force table (points a clinic measured itself, for example).

    Never extrapolates: ``None`` outside the points given.

    >>> own = [BandForcePoint(50, 8.0), BandForcePoint(100, 12.0)]
    >>> interpolated_force_newtons(force_points=own, elongation_pct=75)
    10.0
    """
    ordered = sorted(force_points, key=lambda point: point.elongation_pct)
    for point in ordered:
        if point.elongation_pct == elongation_pct:
            return point.force_newtons
    for low, high in pairwise(ordered):
        if low.elongation_pct < elongation_pct < high.elongation_pct:
            share = (elongation_pct - low.elongation_pct) / (high.elongation_pct - low.elongation_pct)
            return low.force_newtons + share * (high.force_newtons - low.force_newtons)
    return None
