"""The words for the groups of the clinical tables: regions of the body, lines and colours of bands."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, str | Promise]

REGIONS: Words = {
    "face": _("Face"),
    "throat": _("Throat"),
    "neck": _("Neck"),
    "shoulder_girdle": _("Shoulder girdle"),
    "shoulder": _("Shoulder"),
    "elbow": _("Elbow"),
    "forearm": _("Forearm"),
    "wrist": _("Wrist"),
    "hand": _("Hand"),
    "trunk": _("Trunk"),
    "pelvis": _("Pelvis"),
    "hip": _("Hip"),
    "knee": _("Knee"),
    "ankle": _("Ankle"),
    "foot": _("Foot"),
    # joints, beside those above
    "cervical_spine": _("Neck"),
    "thoracolumbar_spine": _("Trunk"),
    "ankle_foot": _("Ankle"),
    "finger_mcp": _("Fingers"),
    "finger_pip": _("Fingers"),
    "finger_dip": _("Fingers"),
    "thumb_cmc": _("Thumb"),
    "thumb_mcp": _("Thumb"),
    "thumb_ip": _("Thumb"),
    "great_toe_mtp": _("Great toe"),
    # girth
    "thigh": _("Thigh"),
    "calf": _("Calf"),
    "arm": _("Upper arm"),
}

BAND_LINES: Words = {
    "professional_flat_band_tubing": _("flat band or tubing"),
    "clx": "CLX",
}
COLOURS: Words = {
    "tan": _("tan"),
    "yellow": _("yellow"),
    "red": _("red"),
    "green": _("green"),
    "blue": _("blue"),
    "black": _("black"),
    "silver": _("silver"),
    "gold": _("gold"),
}
