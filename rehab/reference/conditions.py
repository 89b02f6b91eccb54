"""Conditions a patient record may name, with the tags that change what the product asks or shows.

The tags are a convention of this project: a coarse description of the usual course, never a diagnosis.
``no_one_rm_prompt`` marks neuromuscular disease, acute denervation, and the time after fracture or after
tendon or muscle repair: a true one-repetition maximum is never asked for. ``upper_motor_neuron`` and
``lower_motor_neuron`` name the lesion that is typical; a spinal cord injury may have both, so whether a
muscle is innervated is always a field of the record. ``progressive`` and ``fluctuating`` are set only where
the course is so by definition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rehab.reference import _tables

NEUROMUSCULAR = "neuromuscular"
LOWER_MOTOR_NEURON = "lower_motor_neuron"
UPPER_MOTOR_NEURON = "upper_motor_neuron"
NO_ONE_RM_PROMPT = "no_one_rm_prompt"
FLUCTUATING = "fluctuating"
PROGRESSIVE = "progressive"

CONDITION_TAGS: frozenset[str] = frozenset(
    {NEUROMUSCULAR, LOWER_MOTOR_NEURON, UPPER_MOTOR_NEURON, NO_ONE_RM_PROMPT, FLUCTUATING, PROGRESSIVE}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition and its tags (each one of ``CONDITION_TAGS``)."""

    code: str
    name_en: str
    name_zh: str
    tags: frozenset[str]

    def name(self, language: str) -> str:
        """Display name for a language code such as ``en`` or ``zh-hans``."""
        return _tables.localized(en=self.name_en, zh=self.name_zh, language=language)


def _condition(code: str, name_en: str, name_zh: str, *tags: str) -> Condition:
    return Condition(code=code, name_en=name_en, name_zh=name_zh, tags=frozenset(tags))


def _neuromuscular(code: str, name_en: str, name_zh: str, *tags: str) -> Condition:
    return _condition(code, name_en, name_zh, NEUROMUSCULAR, NO_ONE_RM_PROMPT, *tags)


_CONDITIONS = (
    _condition("cauda_equina", "Cauda equina syndrome", "马尾综合征", LOWER_MOTOR_NEURON, NO_ONE_RM_PROMPT),
    _condition("stroke", "Stroke", "脑卒中", UPPER_MOTOR_NEURON),
    _condition("disuse_after_fracture", "Disuse after fracture", "骨折后废用性萎缩", NO_ONE_RM_PROMPT),
    _condition("disuse_bed_rest", "Disuse after bed rest", "卧床后废用性萎缩"),
    _neuromuscular("myasthenia_gravis", "Myasthenia gravis", "重症肌无力", FLUCTUATING),
    _neuromuscular(
        "motor_neuron_disease",
        "Motor neuron disease (ALS)",
        "运动神经元病（肌萎缩侧索硬化）",
        UPPER_MOTOR_NEURON,
        LOWER_MOTOR_NEURON,
        PROGRESSIVE,
    ),
    _condition("sarcopenia", "Sarcopenia", "肌少症"),
    _neuromuscular("diabetic_neuropathy", "Diabetic neuropathy", "糖尿病周围神经病变", LOWER_MOTOR_NEURON),
    _condition(
        "incomplete_spinal_cord_injury",
        "Incomplete spinal cord injury",
        "不完全性脊髓损伤",
        UPPER_MOTOR_NEURON,
    ),
    _condition("complete_spinal_cord_injury", "Complete spinal cord injury", "完全性脊髓损伤", UPPER_MOTOR_NEURON),
    _neuromuscular("guillain_barre", "Guillain-Barré syndrome", "吉兰-巴雷综合征", LOWER_MOTOR_NEURON),
    _neuromuscular("duchenne", "Duchenne muscular dystrophy", "杜氏肌营养不良", PROGRESSIVE),
    _condition(
        "peripheral_nerve_injury",
        "Peripheral nerve injury",
        "周围神经损伤",
        LOWER_MOTOR_NEURON,
        NO_ONE_RM_PROMPT,
    ),
    _condition(
        "brachial_plexus_injury",
        "Brachial plexus injury",
        "臂丛神经损伤",
        LOWER_MOTOR_NEURON,
        NO_ONE_RM_PROMPT,
    ),
    _condition("multiple_sclerosis", "Multiple sclerosis", "多发性硬化", UPPER_MOTOR_NEURON, FLUCTUATING),
    _neuromuscular("myositis", "Myositis", "炎性肌病（肌炎）"),
    _neuromuscular("polio", "Polio and post-polio syndrome", "脊髓灰质炎及其后遗综合征", LOWER_MOTOR_NEURON),
    _neuromuscular(
        "charcot_marie_tooth", "Charcot-Marie-Tooth disease", "腓骨肌萎缩症", LOWER_MOTOR_NEURON, PROGRESSIVE
    ),
    _neuromuscular(
        "spinal_muscular_atrophy",
        "Spinal muscular atrophy",
        "脊髓性肌萎缩症",
        LOWER_MOTOR_NEURON,
        PROGRESSIVE,
    ),
    _neuromuscular("icu_acquired_weakness", "ICU-acquired weakness", "重症监护病房获得性衰弱"),
    _condition("acl_reconstruction", "After ACL reconstruction", "前交叉韧带重建术后", NO_ONE_RM_PROMPT),
    _condition("other", "Other", "其他"),
)

CONDITIONS: Mapping[str, Condition] = MappingProxyType({condition.code: condition for condition in _CONDITIONS})
