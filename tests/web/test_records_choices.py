"""Every value that can be chosen has words; every computed value too."""

from collections.abc import Iterator

from django.utils import translation
from pydantic import BaseModel

from rehab.reference.bands import BAND_PRODUCTS
from rehab.reference.girth import GIRTH_SITES
from rehab.reference.motions import MOTIONS
from rehab.reference.muscles import MUSCLES
from rehab.services.kinds import KINDS
from rehab.web.records.choices import LABELS_OF
from rehab.web.records.fields import muscle_options
from rehab.web.records.labels import LABELS
from rehab.web.records.shapes import shapes_of, units_of
from rehab.web.records.table_words import BAND_LINES, COLOURS, REGIONS


def _values(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for shape in shapes_of(model):
        if shape.is_quantity:
            yield from (("unit", unit) for unit in units_of(shape))
        elif shape.is_model:
            yield from _values(shape.core)
        for value in shape.values:
            yield shape.name, value


def test_every_value_of_every_document_has_words() -> None:
    values = {pair for kind in KINDS.values() for model in kind.variants.values() for pair in _values(model)}
    values |= {
        (kind.discriminator, variant) for kind in KINDS.values() if kind.discriminator for variant in kind.variants
    }
    assert len(values) > 150
    assert [pair for pair in sorted(values) if pair not in LABELS_OF and pair[1] not in LABELS] == []


def test_every_group_of_the_tables_has_words() -> None:
    regions = {muscle.body_region for muscle in MUSCLES.values()} | {motion.joint for motion in MOTIONS.values()}
    assert (regions | {site.family for site in GIRTH_SITES.values()}) - REGIONS.keys() == set()
    assert {product.line for product in BAND_PRODUCTS.values()} - BAND_LINES.keys() == set()
    assert {product.colour for product in BAND_PRODUCTS.values()} - COLOURS.keys() == set()


def test_only_muscles_that_fit_the_method_are_offered_and_a_stored_one_stays() -> None:
    with translation.override("zh-hans"):
        offered = {code: name for _group, options in muscle_options("hhd", None) for code, name in options}
        assert offered["KNE_EXT"] == "伸膝肌群（股四头肌）"
        assert all("hhd" in MUSCLES[code].methods for code in offered)
        kept = {code for _group, options in muscle_options("hhd", "FACIAL") for code, _name in options}
    assert kept == {*offered, "FACIAL"}
