"""Functional and neuromuscular electrical stimulation: what was given, never a proposal of parameters.

Pulses of 1 ms or less act through the nerve; a denervated muscle does not contract to them. Long pulses (10-300 ms) are
accepted only for a denervated muscle with a clinician's sign-off (burn risk). More than 300 mJ per pulse into 500 Ω is
refused for pulses under 100 ms; above 2 mA/cm² (RMS) asks to confirm (IEC 60601-2-10).
"""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from annotated_types import Interval, MaxLen, MinLen
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from rehab.analytics import fes as formulas
from rehab.errors import Problem, pointer_to
from rehab.reference.muscles import MUSCLES
from rehab.services.inputs.base import Document, Name, Side, Ui
from rehab.services.inputs.checks import invalid, odd, only, outside
from rehab.services.inputs.details import SessionDetails

SHORT_PULSE_US = (20.0, 1000.0)
LONG_PULSE_US = (10_000.0, 300_000.0)
AMPLITUDE_MA = {False: 150.0, True: 300.0}
AMPLITUDE_MAX_V = 500.0
ENERGY_MAX_MJ = 300.0
ENERGY_LIMIT_BELOW_US = 100_000.0
RMS_USUAL_MA_PER_CM2 = 2.0


class Amplitude(Document):
    """Current or voltage as the device shows it; charges are derived from mA only."""

    value: float
    unit: Literal["mA", "V"]


class FesChannel(Document):
    muscle: Annotated[str, Ui(_("Muscle group"))]
    side: Annotated[Side, Ui(_("Side"))]
    electrode_size: Annotated[Name | None, Ui(_("Electrode size"), more=True)] = None
    electrode_position: Annotated[Name | None, Ui(_("Electrode position"), more=True)] = None
    polarity: Annotated[
        Literal["cathode_proximal", "cathode_distal", "alternating"] | None, Ui(_("Polarity"), more=True)
    ] = None


class FesDetails(SessionDetails):
    innervation: Annotated[
        Literal["intact", "partial", "denervated", "unknown"],
        Ui(_("Innervation"), hint=_("From EMG or a strength-duration test.")),
    ]
    waveform: Annotated[
        Literal["symmetric_biphasic", "asymmetric_balanced", "monophasic", "burst_mfac", "triangular"],
        Ui(_("Waveform")),
    ]
    channels: Annotated[tuple[FesChannel, ...], MinLen(1), MaxLen(8), Ui(_("Channels"))]
    frequency_hz: Annotated[float | None, Interval(ge=0.1, le=150), Ui(_("Frequency"), unit="Hz")] = None
    phase_duration_us: Annotated[float | None, Ui(_("Phase duration"), unit="µs")] = None
    amplitude: Annotated[Amplitude | None, Ui(_("Amplitude"))] = None
    on_s: Annotated[float | None, Interval(ge=0.5, le=60), Ui(_("On"), unit="s")] = None
    off_s: Annotated[float | None, Interval(ge=0, le=180), Ui(_("Off"), unit="s")] = None
    ramp_up_s: Annotated[float | None, Interval(ge=0, le=10), Ui(_("Ramp up"), unit="s")] = None
    ramp_down_s: Annotated[float | None, Interval(ge=0, le=10), Ui(_("Ramp down"), unit="s")] = None
    on_includes_ramps: Annotated[bool, Ui(_("The on time includes the ramps"))] = True
    electrode_area_cm2: Annotated[
        float | None,
        Interval(ge=1, le=300),
        Ui(_("Electrode area"), unit="cm²", hint=_("Of the smaller electrode.")),
    ] = None
    contraction_grade: Annotated[
        Literal["none", "flicker", "visible", "strong"] | None, Ui(_("Contraction"), more=True)
    ] = None
    skin_before: Annotated[Literal["normal", "red", "broken"] | None, Ui(_("Skin before"), more=True)] = None
    skin_after: Annotated[
        Literal["normal", "red_fading", "red_lasting", "burn"] | None, Ui(_("Skin after"), more=True)
    ] = None
    movement_task: Annotated[Name | None, Ui(_("Movement or task"), more=True)] = None
    voluntary_effort: Annotated[bool | None, Ui(_("The patient joined in"), more=True)] = None
    signed_off_by: Annotated[
        Name | None, Ui(_("Clinician's sign-off"), hint=_("Needed for pulses longer than 1 ms."), more=True)
    ] = None

    def problems(self) -> list[Problem]:
        found = [
            invalid(
                pointer_to("details", "channels", i, "muscle"),
                "unknown_code",
                format_lazy(_("Muscle group: {value} is not a known code."), value=channel.muscle),
            )
            for i, channel in enumerate(self.channels)
            if channel.muscle not in MUSCLES
        ]
        found += self._pulse_problems() + self._amplitude_problems()
        ramps = (self.ramp_up_s or 0) + (self.ramp_down_s or 0)
        if self.on_s is not None and self.on_includes_ramps and ramps > self.on_s:
            found.append(
                invalid(
                    "/details/on_s",
                    "inconsistent",
                    _("On: the ramps are longer than the on time that includes them."),
                )
            )
        if not found and self._pulse_is_longer_than_period():
            found.append(
                invalid(
                    "/details/frequency_hz",
                    "inconsistent",
                    _("Frequency: the pulses do not fit into its period."),
                )
            )
        return found or self._energy_problems()

    def _pulse_problems(self) -> list[Problem]:
        width = self.phase_duration_us
        if width is None:
            return []
        if width <= SHORT_PULSE_US[1]:
            return only(outside("/details/phase_duration_us", _("Phase duration"), width, *SHORT_PULSE_US, "µs"))
        if self.innervation != "denervated":
            return [
                invalid(
                    "/details/phase_duration_us",
                    "out_of_range",
                    format_lazy(
                        _("Phase duration: {value} µs is for a denervated muscle only. Allowed: 20 to 1000 µs."),
                        value=f"{width:.12g}",
                    ),
                )
            ]
        found = only(outside("/details/phase_duration_us", _("Phase duration"), width, *LONG_PULSE_US, "µs"))
        if self.signed_off_by is None:
            found.append(
                invalid(
                    "/details/signed_off_by",
                    "missing",
                    _("Pulses longer than 1 ms need a clinician's sign-off."),
                )
            )
        return found

    def _amplitude_problems(self) -> list[Problem]:
        if self.amplitude is None:
            return []
        unit = self.amplitude.unit
        high = AMPLITUDE_MA[self.innervation == "denervated"] if unit == "mA" else AMPLITUDE_MAX_V
        return only(outside("/details/amplitude/value", _("Amplitude"), self.amplitude.value, 0, high, unit))

    def _pulse_is_longer_than_period(self) -> bool:
        try:
            self._dose(duration_min=None)
        except ValueError:
            return True
        return False

    def _energy_problems(self) -> list[Problem]:
        energy = self._dose(duration_min=None).pulse_energy_millijoules
        if energy is None or (self.phase_duration_us or 0) >= ENERGY_LIMIT_BELOW_US:
            return []
        return only(outside("/details/amplitude/value", _("Energy of a pulse"), energy, 0, ENERGY_MAX_MJ, "mJ"))

    def oddities(self) -> list[Problem]:
        density = self._dose(duration_min=None).rms_density_milliamps_per_cm2
        if density is None:
            return []
        return only(
            odd(
                "/details/amplitude/value",
                _("Current density (RMS)"),
                density,
                0,
                RMS_USUAL_MA_PER_CM2,
                "mA/cm²",
            )
        )

    def _dose(self, *, duration_min: float | None) -> formulas.FesDose:
        in_milliamps = self.amplitude is not None and self.amplitude.unit == "mA" and self.amplitude.value > 0
        return formulas.compute(
            waveform=self.waveform,
            amplitude_milliamps=self.amplitude.value if self.amplitude and in_milliamps else None,
            phase_duration_microseconds=self.phase_duration_us,
            frequency_hertz=self.frequency_hz,
            on_seconds=self.on_s,
            off_seconds=self.off_s,
            ramp_up_seconds=self.ramp_up_s,
            ramp_down_seconds=self.ramp_down_s,
            on_includes_ramps=self.on_includes_ramps,
            duration_minutes=duration_min,
            electrode_area_cm2=self.electrode_area_cm2,
        )

    def sums(self, *, duration_min: float | None) -> dict[str, float | None]:
        """Per channel; never summed over muscles."""
        dose = self._dose(duration_min=duration_min)
        return {"pulses": dose.pulses, "charge_millicoulombs": dose.delivered_phase_charge_millicoulombs}

    def derive(self, *, duration_min: float | None) -> dict[str, Any]:
        return asdict(self._dose(duration_min=duration_min))
