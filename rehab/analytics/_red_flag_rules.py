"""The rules over a patient's answers; private to ``rehab.analytics.red_flags``.

A rule fires when one of ``any_of`` is ticked and, if it names ``with_any``, one of those too (or the patient has one of
``or_conditions``), and none of ``unless``.
"""

from collections.abc import Collection
from dataclasses import dataclass

from rehab.reference.red_flags import BREATHING_CONDITIONS, SPINAL_CONDITIONS, Level

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rule:
    """One row, or part of a row, of the table of red flags."""

    id: str
    flag: str
    level: Level
    any_of: frozenset[str]
    with_any: frozenset[str] = _NOTHING
    or_conditions: frozenset[str] = _NOTHING
    unless: frozenset[str] = _NOTHING

    def fired(self, *, ticked: Collection[str], conditions: Collection[str]) -> frozenset[str]:
        """The answers that made the rule fire; empty if it did not."""
        own, company = self.any_of & set(ticked), self.with_any & set(ticked)
        stood_in = not self.or_conditions.isdisjoint(conditions)
        needed = bool(self.with_any or self.or_conditions)
        if not own or not self.unless.isdisjoint(ticked) or (needed and not company and not stood_in):
            return _NOTHING
        return own | company


def _rule(
    flag: str,
    name: str,
    level: Level,
    any_of: str,
    *,
    with_any: str = "",
    or_conditions: frozenset[str] = _NOTHING,
    unless: str = "",
) -> Rule:
    return Rule(
        id=f"{flag.lower()}.{name}",
        flag=flag,
        level=level,
        any_of=frozenset(any_of.split()),
        with_any=frozenset(with_any.split()),
        or_conditions=or_conditions,
        unless=frozenset(unless.split()),
    )


_CES_SIGNS = "ces_saddle ces_bladder ces_bowel ces_sexual ces_weak_legs"
_RESP_SIGNS = "resp_breathless resp_count resp_cough resp_choking"
_WEAKNESS_SIGNS = f"ces_bladder stroke_face dvt_breathless {_RESP_SIGNS}"
_SKIN = "skin_burn skin_pressure skin_wound"
_FALLS = "fall_deformity fall_cannot_bear fall_sci_swelling fall_sci_warmth fall_sci_spasm stop_fall_injury"

RULES: tuple[Rule, ...] = (
    _rule("CES", "sign_with_pain_or_spine", "emergency", _CES_SIGNS, with_any="ces_pain ces_sciatica_both",
          or_conditions=SPINAL_CONDITIONS),
    _rule("CES", "sciatica_in_both_legs", "emergency", "ces_sciatica_both"),
    _rule("CES", "session", "emergency", "stop_bladder_bowel"),
    _rule("CES", "sign_alone", "same_day", _CES_SIGNS),
    _rule("CES", "pain_alone", "review", "ces_pain"),
    _rule("RESP_NM", "sign", "emergency", _RESP_SIGNS),
    _rule("RESP_NM", "head_drop", "emergency", "resp_head_drop", with_any=_RESP_SIGNS),
    _rule("RESP_NM", "session", "emergency", "stop_breathless", or_conditions=BREATHING_CONDITIONS),
    _rule("RESP_NM", "morning", "same_day", "resp_morning"),
    _rule("RESP_NM", "head_drop_alone", "review", "resp_head_drop"),
    _rule("RAPID_WEAK", "hours_to_days", "emergency", "weak_hours_days stop_weakness"),
    _rule("RAPID_WEAK", "with_signs", "emergency", "weak_with_signs"),
    _rule("RAPID_WEAK", "with_signs_elsewhere", "emergency", "weak_weeks weak_spreading_up", with_any=_WEAKNESS_SIGNS),
    _rule("RAPID_WEAK", "ascending_onset_unknown", "emergency", "weak_spreading_up", unless="weak_weeks"),
    _rule("RAPID_WEAK", "over_weeks", "same_day", "weak_weeks weak_spreading_up"),
    _rule("RAPID_WEAK", "session_numbness", "same_day", "stop_numbness"),
    _rule("STROKE", "sign", "emergency", "stroke_face stroke_arm stroke_speech"),
    _rule("AD", "sign", "emergency", "ad_headache ad_flushing ad_gooseflesh ad_vision stop_headache_sweating"),
    _rule("DVT_PE", "chest", "emergency",
          "cardiac_chest_pain dvt_breathless dvt_cough_blood stop_chest_pain stop_breathless"),
    _rule("DVT_PE", "leg", "same_day", "dvt_leg"),
    _rule("RHABDO", "muscle_and_urine", "emergency", "rhabdo_muscle", with_any="rhabdo_urine"),
    _rule("RHABDO", "one_of_two", "review", "rhabdo_muscle rhabdo_urine"),
    _rule("CARDIAC", "sign", "emergency",
          "cardiac_chest_pain cardiac_fainting cardiac_palpitations stop_chest_pain stop_faint"),
    _rule("FRACTURE_FALL", "injury", "same_day", _FALLS),
    _rule("FRACTURE_FALL", "session_fall", "review", "stop_fall"),
    _rule("SKIN", "infected", "same_day", "skin_infected"),
    _rule("SKIN", "injury", "review", f"{_SKIN} stop_skin_burn"),
    _rule("INFECTION", "fever", "same_day", "infection_back_pain infection_wound infection_urine"),
)  # fmt: skip
