"""What the service computed from a record, in words; estimates say "about"."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from rehab.web.records.building import numbered
from rehab.web.records.choices import words_for
from rehab.web.records.words import Fact, canonical_in, rounded

#: Label and unit of what is a plain number.
NUMBERS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "torque_newton_metres": (_("Torque"), "N·m"),
    "force_newtons_per_kg": (_("Force per body mass"), "N/kg"),
    "torque_newton_metres_per_kg": (_("Torque per body mass"), "N·m/kg"),
    "within_session_decrement_pct": (
        _("Decrease over the repetitions (best of the first 3 to best of the last 3)"),
        "%",
    ),
    "session_load": (_("Session load (effort × minutes)"), _("units")),
    "sets": (_("Sets"), ""),
    "repetitions": (_("Repetitions"), ""),
    "time_under_tension_s": (_("Time under tension"), "s"),
    "measured_pct_bw": (_("Measured load"), _("% of body weight")),
    "total_hold_s": (_("Total stretch"), "s"),
    "gait_speed_metres_per_second": (_("Walking speed"), "m/s"),
    "phase_charge_microcoulombs": (_("Charge of a phase"), "µC"),
    "charge_density_microcoulombs_per_cm2": (_("Charge density"), "µC/cm²"),
    "duty_cycle_pct": (_("Duty cycle"), "%"),
    "on_time_seconds": (_("Stimulation time"), "s"),
    "pulses": (_("Pulses of a channel"), ""),
    "ramp_factor": (_("Ramp factor"), ""),
    "delivered_phase_charge_millicoulombs": (_("Charge delivered by a channel"), "mC"),
    "rms_current_milliamps": (_("Current while on (RMS)"), "mA"),
    "rms_density_milliamps_per_cm2": (_("Current density while on (RMS)"), "mA/cm²"),
    "pulse_energy_millijoules": (_("Energy of a pulse (into 500 Ω)"), "mJ"),
}
#: Label and quantity of what is shown in the reader's unit.
QUANTITIES: Mapping[str, tuple[str | Promise, str]] = {
    "force_newtons": (_("Force that counts"), "force"),
    "one_rm_epley_kg": (_("Estimated one-repetition maximum (Epley)"), "mass"),
    "one_rm_brzycki_kg": (_("Estimated one-repetition maximum (Brzycki)"), "mass"),
    "girth_cm": (_("Mean girth"), "length"),
}
ABOUT = frozenset({"one_rm_epley_kg", "one_rm_brzycki_kg"})
#: Shown with another line, or told by what was typed.
_SILENT = frozenset({"aggregate", "readings", "rank", "series_formula", "scale", "better", "force_tolerance_pct",
                     "pain_max", "red_flags", "unconfirmed"})  # fmt: skip


def facts(derived: Mapping[str, Any], user: User) -> list[Fact]:
    """Return a line for each computed value."""
    return list(_facts(derived, user, path="", prefix=""))


def _facts(derived: Mapping[str, Any], user: User, *, path: str, prefix: str) -> Iterator[Fact]:
    for name, value in derived.items():
        at = f"{path}/{name}"
        if value is None or name in _SILENT:
            continue
        if isinstance(value, list):
            for i, member in enumerate(value):
                yield from _facts(member, user, path=f"{at}/{i}", prefix=f"{prefix}{numbered(name, i + 1)} · ")
        elif name in NUMBERS:
            label, unit = NUMBERS[name]
            yield Fact(at, f"{prefix}{label}", f"{rounded(value)} {unit}".strip())
        elif name in QUANTITIES:
            label, quantity = QUANTITIES[name]
            text = canonical_in(quantity, value, user)
            if name == "force_newtons" and "aggregate" in derived:
                text = f"{text} ({words_for('aggregate', derived['aggregate'])})"
            yield Fact(at, f"{prefix}{label}", _about(text) if name in ABOUT else text)
        else:
            yield _special(name, value, derived, user, at, prefix)


def _special(name: str, value: Any, derived: Mapping[str, Any], user: User, at: str, prefix: str) -> Fact:
    if name == "force_newtons_about":
        text = gettext("about %(force)s (± %(tolerance)s %%, maker's figure)") % {
            "force": canonical_in("force", value, user),
            "tolerance": rounded(derived.get("force_tolerance_pct", 30)),
        }
        return Fact(at, prefix + gettext("Force of the band"), text)
    if name == "volume_load":
        return Fact(at, prefix + gettext("Volume load"), _about(f"{rounded(value)} N·rep"))
    if name == "isometric_impulse_newton_seconds":
        return Fact(at, prefix + gettext("Holding impulse"), _about(f"{rounded(value)} N·s"))
    if name == "carried_pct_about":
        return Fact(at, prefix + gettext("Body weight carried, standing still"), _about(f"{rounded(value)} %"))
    if name == "carried_load_kg_about":
        return Fact(at, prefix + gettext("Load carried, standing still"), _about(canonical_in("mass", value, user)))
    if name == "carried_population":
        return Fact(at, prefix + gettext("Measured in"), str(value))
    if name == "source":
        return Fact(at, prefix + gettext("Source"), str(value))
    return Fact(at, prefix + name.replace("_", " "), rounded(value) if isinstance(value, float) else str(value))


def _about(text: str) -> str:
    return gettext("about %(value)s") % {"value": text}
