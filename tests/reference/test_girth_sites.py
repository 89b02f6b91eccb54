import pytest

from rehab.reference.girth import GIRTH_SITES


def test_sites_and_distances():
    assert {code: site.default_distance_cm for code, site in GIRTH_SITES.items()} == {
        "THIGH_10": 10,
        "THIGH_20": 20,
        "CALF_MAX": None,
        "CALF_15": 15,
        "ARM_MID": None,
        "FOREARM_MAX": None,
        "FOREARM_10": 10,
    }


@pytest.mark.parametrize("site", GIRTH_SITES.values(), ids=lambda site: site.code)
def test_every_site_is_complete(site):
    assert 0 < site.hard_min_cm < site.hard_max_cm
    assert site.name("en") == site.name_en != site.name("zh-hans") == site.name_zh
    assert site.landmark("en") == site.landmark_en != site.landmark("zh-hans") == site.landmark_zh
