"""Which article of the library goes with a summary: one that fits what happened, else the patient's condition.

A convention of this project, and no advice: an article explains, the care team decides. It changes from period to
period among those that fit, so that nobody is sent the same one every week.
"""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

BY_NOTE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "only_skipped": ("low-mood-and-motivation", "staying-active-and-protected", "your-care-team"),
        "no_records": ("low-mood-and-motivation", "measuring-strength-at-home", "your-care-team"),
        "first_period": ("what-your-charts-mean", "measuring-strength-at-home", "measuring-girth-at-home"),
    }
)
WHEN_DECLINED = ("within-measurement-error", "what-your-charts-mean", "warning-signs")
BY_MODALITY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "resistance_band": ("logging-a-band-session", "resistance-bands"),
        "aquatic": ("logging-a-pool-session", "exercise-in-water"),
        "fes": ("logging-an-fes-session", "electrical-stimulation"),
        "weight_bearing": ("weight-bearing-step-by-step",),
        "rom_stretch": ("range-of-motion-training", "measuring-range-of-motion-at-home"),
        "weights": ("strength-training",),
    }
)
BY_CONDITION: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cauda_equina": ("cauda-equina-injury", "nerve-damage-and-muscle"),
        "stroke": ("stroke-and-muscle", "when-the-command-is-lost"),
        "disuse_after_fracture": ("disuse-and-bed-rest", "eating-for-muscle"),
        "disuse_bed_rest": ("disuse-and-bed-rest", "eating-for-muscle"),
        "myasthenia_gravis": ("exercise-when-muscles-tire-easily", "myasthenia-symptoms"),
        "motor_neuron_disease": ("motor-neuron-disease-or-muscle-atrophy",),
        "sarcopenia": ("ageing-and-sarcopenia", "eating-for-muscle", "strength-training"),
        "diabetic_neuropathy": ("diabetes-and-muscle", "nerve-damage-and-muscle"),
        "guillain_barre": ("nerve-damage-and-muscle",),
        "duchenne": ("steroids-in-duchenne", "inherited-causes"),
        "peripheral_nerve_injury": ("nerve-damage-and-muscle", "what-nerves-give-to-muscles"),
        "brachial_plexus_injury": ("nerve-damage-and-muscle", "what-nerves-give-to-muscles"),
        "multiple_sclerosis": ("multiple-sclerosis-and-muscle", "exercise-when-muscles-tire-easily"),
        "myositis": ("diseases-of-muscle",),
        "charcot_marie_tooth": ("inherited-causes", "hands-and-feet-first"),
        "spinal_muscular_atrophy": ("inherited-causes",),
        "icu_acquired_weakness": ("disuse-and-bed-rest", "eating-for-muscle"),
        "acl_reconstruction": ("disuse-and-bed-rest", "strength-training"),
    }
)


def choose(
    *,
    conditions: Collection[str],
    modalities: Collection[str],
    declined: bool,
    notes: Sequence[str],
    day: int,
    known: Sequence[str],
) -> str | None:
    """Return the slug of one article of ``known``, or None if none fits. ``day``: first day of the period (ordinal).

    What happened comes first, then the condition, then what was trained.

    >>> choose(conditions={"stroke"}, modalities=(), declined=True, notes=(), day=1,
    ...        known=("stroke-and-muscle", "within-measurement-error"))
    'within-measurement-error'
    """
    there = frozenset(known)
    for wanted in (
        [slug for note in notes for slug in BY_NOTE.get(note, ())],
        list(WHEN_DECLINED) if declined else [],
        [slug for code in sorted(conditions) for slug in BY_CONDITION.get(code, ())]
        + [slug for code in sorted(modalities) for slug in BY_MODALITY.get(code, ())],
    ):
        fitting = [slug for slug in dict.fromkeys(wanted) if slug in there]
        if fitting:
            return fitting[day // 7 % len(fitting)]
    return None
